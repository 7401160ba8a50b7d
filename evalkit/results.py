"""The shapes of a finding: what the stages hand to each other.

Plain frozen data. Analysis makes them, disclosure judges them by their ``cells``,
present turns them into words and pictures. Shares are 0–1 here; only present rounds.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Generic, Literal, TypeVar

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

Unit = Literal["share", "share_difference", "days", "persons", "ratio", "sek", "rate"]
Severity = Literal["error", "warning", "note"]
Grade = Literal["clearly_above", "above_uncertain", "below_uncertain", "clearly_below"]
CurveMeasure = Literal["survival", "share_exited", "cumulative_incidence", "cumulative_hazard"]


class CannotBeComputed(ValueError):
    """An estimate that does not exist for these data, with the reason as a text key.

    ``reason`` is a key of the text catalogues (``cannot.<reason>``); ``facts`` are the
    counts the sentence needs. Never holds a person's value.
    """

    def __init__(self, reason: str, **facts: int | float | str) -> None:
        self.reason = reason
        self.facts = facts
        details = ", ".join(f"{name}={value}" for name, value in facts.items())
        super().__init__(f"cannot be computed: {reason}" + (f" ({details})" if details else ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """One number with its interval, method and the person counts behind it.

    Attributes:
        measure: What is estimated, a text key (``share``, ``difference``, ``median_days``).
        value, low, high: The estimate and its confidence limits in ``unit``; ``inf``
            means "not reached", for example a median beyond the follow-up.
        unit: ``share`` and ``share_difference`` are on the 0–1 scale.
        method: The field's name of the interval method (``wilson``, ``newcombe``).
        confidence_level: 0.95 for a 95 % interval.
        n: Persons the estimate rests on.
        cells: Every person count a reader could deduce from the figures, the evidence
            disclosure control judges by.
        group: Printed level of the group, empty for everyone.

    Raises:
        ValueError: If the value lies outside its own interval, or anything is NaN.
    """

    measure: str
    value: float
    low: float
    high: float
    unit: Unit
    method: str
    confidence_level: float
    n: int
    cells: tuple[int, ...]
    group: str = ""

    def __post_init__(self) -> None:
        if not self.low <= self.value <= self.high:
            raise ValueError(f"{self.measure}: value outside its own interval, or not a number")
        if not 0 < self.confidence_level < 1:
            raise ValueError("confidence_level must lie strictly between 0 and 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class NotEstimable:
    """Stands in a list of estimates where one could not be computed; says why."""

    measure: str
    reason: str
    n: int
    group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """Stands where disclosure control took an estimate away; carries no number."""

    measure: str
    reason: str
    group: str = ""


EstimateRow = Estimate | NotEstimable | Withheld


@dataclass(frozen=True, slots=True, kw_only=True)
class TestResult:
    """A significance test: statistic, degrees of freedom and p-value."""

    __test__ = False  # keeps pytest from collecting the shape

    name: str
    statistic: float
    degrees_of_freedom: float
    p_value: float
    n: int
    cells: tuple[int, ...]

    def __post_init__(self) -> None:
        if not 0 <= self.p_value <= 1:
            raise ValueError(f"{self.name}: p_value outside 0–1, or not a number")


@dataclass(frozen=True, slots=True, kw_only=True)
class Coefficient:
    """One coefficient of a regression with its interval, on the model's own scale.

    Attributes:
        name: The column, ``sex=woman`` for a level set against the reference level.
        estimate, standard_error, low, high: On the linear scale (log hazard ratio …).
        p_value: Two-sided, against zero.
        exponentiated, exponentiated_low, exponentiated_high: The ratio, where the model
            has one (see `Regression.ratio`); ``inf`` where it is too large to be written.
        n: Persons (rows) the coefficient rests on.
        cells: Person counts a reader could deduce: for a level, the persons with and
            without it and the events among them; otherwise all persons and all events.

    Raises:
        ValueError: If the estimate lies outside its own interval, or anything is NaN.
    """

    name: str
    estimate: float
    standard_error: float
    low: float
    high: float
    p_value: float
    exponentiated: float
    exponentiated_low: float
    exponentiated_high: float
    n: int
    cells: tuple[int, ...]

    def __post_init__(self) -> None:
        if not self.low <= self.estimate <= self.high:
            raise ValueError(f"{self.name}: estimate outside its own interval, or not a number")
        if not 0 <= self.p_value <= 1:
            raise ValueError(f"{self.name}: p_value outside 0–1, or not a number")


@dataclass(frozen=True, slots=True, kw_only=True)
class Regression:
    """A fitted regression: coefficients in the order of the columns, tests and counts.

    Attributes:
        model: ``cox``, ``fine_gray``, ``weibull`` … ``logistic``, ``linear_probability``.
        coefficients: A coefficient that diverges (``separation``) or cannot be told from
            the other columns (``collinear``) is `NotEstimable`; the others still hold.
        ratio: What the exponentiated coefficients are (``hazard_ratio``,
            ``subdistribution_hazard_ratio``, ``time_ratio``, ``odds_ratio``), empty if nothing.
        method: How ties or the distribution were handled (``efron``, ``breslow`` …).
        standard_errors: ``model``, ``robust`` or ``cluster`` (sandwich summed by cluster),
            or the name of a heteroscedasticity-consistent form (``hc1``).
        n, events: Persons (rows) and events among them.
        residual_degrees_of_freedom: Persons less coefficients; the disclosure rule needs it.
        tests: Tests of all coefficients at once (``likelihood_ratio``, ``wald``, ``score`` …).
        scale: Spread of the log time in a parametric model, residual standard deviation
            in a linear one, 1 elsewhere.
    """

    model: str
    coefficients: tuple[Coefficient | NotEstimable | Withheld, ...]
    ratio: str
    method: str
    standard_errors: str
    confidence_level: float
    log_likelihood: float
    log_likelihood_null: float
    n: int
    events: int
    cells: tuple[int, ...]
    residual_degrees_of_freedom: int
    tests: tuple[TestResult, ...] = ()
    scale: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class EventTable:
    """Counts per group, time and cause: the ground of every nonparametric estimate.

    ``G`` groups, ``T`` distinct times (ascending), ``C`` causes.

    Attributes:
        times: ``(T,)`` distinct times, whole days in a register.
        groups: Printed levels of the groups.
        causes: Names of the ways to leave; the first is the outcome of interest.
        started: ``(G,)`` weight at risk from the outset (no delayed entry).
        entered: ``(G, T)`` weight with delayed entry *at* the time: at risk just after it.
        left: ``(G, T, C)`` weight leaving by each cause at the time.
        censored: ``(G, T)`` weight last seen, still waiting, at the time.
        persons: ``(G,)`` unweighted number of rows.
        protection: Name of the disclosure method applied to the counts, empty for exact.
    """

    times: np.ndarray
    groups: tuple[str, ...]
    causes: tuple[str, ...]
    started: np.ndarray
    entered: np.ndarray
    left: np.ndarray
    censored: np.ndarray
    persons: np.ndarray
    protection: str = ""

    def __post_init__(self) -> None:
        g, t, c = len(self.groups), len(self.times), len(self.causes)
        expected = {
            "started": (g,),
            "entered": (g, t),
            "left": (g, t, c),
            "censored": (g, t),
            "persons": (g,),
        }
        for name, shape in expected.items():
            if getattr(self, name).shape != shape:
                raise ValueError(f"EventTable.{name} must have shape {shape}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A step function over time with pointwise intervals, for one or more groups.

    Attributes:
        measure: ``share_exited`` is 1 − S, the default in reports.
        steps: One row per group, cause and time where something happened:
            ``group, cause, day, at_risk, events, censored, value, standard_error, low, high``.
            ``at_risk`` counts those at risk just before the day, as R does. The last three
            are ``pd.NA`` where they do not exist, for example once everyone has left.
        method: Name of the interval, for example ``log-log``.
        persons: Number of persons per group.
        follow_up_days: Longest observed time per group: the curve says nothing beyond it.
        delayed_entry: Whether some came under observation after the start of the clock, so
            that the counts are no plain shares of persons.
    """

    measure: CurveMeasure
    steps: pd.DataFrame
    method: str
    confidence_level: float
    persons: dict[str, int]
    follow_up_days: dict[str, float]
    protection: str = ""
    delayed_entry: bool = False

    @property
    def groups(self) -> tuple[str, ...]:
        return tuple(self.persons)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountTable:
    """Person counts by one or two dimensions, margins marked.

    Attributes:
        counts: One row per cell: one column per dimension (printed levels), ``n``
            (``pd.NA`` where withheld), ``is_margin`` and ``is_withheld``.
        dimensions: Names of the dimension columns, at most two.
        measure: Text key of what is counted.
    """

    counts: pd.DataFrame
    dimensions: tuple[str, ...]
    measure: str = "persons"


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetVerdict:
    """An estimate against a goal, graded by its interval.

    ``p_above`` is the exact one-sided p-value of "the true share is above the goal";
    ``smallest_clear_count`` the smallest count that would be clearly above at this n,
    ``None`` when not even n of n would be.
    """

    estimate: Estimate
    goal: float
    grade: Grade
    p_above: float
    smallest_clear_count: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeasibleCounts:
    """All (k, n) that round to a published percentage, n ascending.

    ``value`` is the published percentage as a share, ``decimals`` its decimals in per cent.
    """

    value: float
    decimals: int
    counts: tuple[tuple[int, int], ...]
    largest_n_searched: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FeasibleDifference:
    """A published before/after pair read honestly: the intervals over all possible n.

    ``pairs`` has one row per pair considered: ``k_before, n_before, k_after, n_after,
    value, low, high`` (shares).
    """

    before: FeasibleCounts
    after: FeasibleCounts
    pairs: pd.DataFrame
    method: str
    confidence_level: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BeforeAfter:
    """Two cohorts' shares and the difference after − before."""

    before: Estimate
    after: Estimate
    difference: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaSeries:
    """A published or synthetic series per area and period.

    ``observations`` has ``area, period, value``; ``period`` is ``2017`` or ``2017-01``.
    ``breaks`` are the first periods of a new definition: values on either side of one are
    not comparable.
    """

    observations: pd.DataFrame
    unit: str
    source: str
    is_synthetic: bool
    breaks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaChange:
    """How a series moved in one area between two periods; values in the series' unit."""

    area: str
    first_value: float
    last_value: float

    @property
    def change(self) -> float:
        return self.last_value - self.first_value


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaChanges:
    """An area's change beside those of others, the reference among them.

    ``others`` holds every other area with both periods; ``missing`` names those without;
    ``breaks`` are changes of definition after the first period and up to the last.
    """

    first: str
    last: str
    area: AreaChange
    reference: AreaChange
    others: tuple[AreaChange, ...]
    missing: tuple[str, ...] = ()
    breaks: tuple[str, ...] = ()

    @property
    def against_reference(self) -> float:
        """The area's change minus the reference's, in the series' unit."""
        return self.area.change - self.reference.change


@dataclass(frozen=True, slots=True, kw_only=True)
class EventStudy:
    """Differences between areas with a programme and others, period by period.

    ``differences`` are against ``reference_period``, one `Estimate` per other period, its
    ``group``; ``trends_before`` tests that all before ``first_treated_period`` are nought.
    """

    differences: tuple[Estimate, ...]
    reference_period: str
    first_treated_period: str
    trends_before: TestResult


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentedTrend:
    """A series read as a straight line with a break.

    Attributes:
        area, reference: What the series is of; with a reference it is the area less it.
        intervention: First period after the break.
        changes: ``level_change``, ``slope_change`` (per period) and ``change_at_end``, which
            is the sum at the last period.
        lines: ``period, observed, fitted, without_break``; the last continues the line before.
        tests: Of serial correlation.
        autocorrelation: Of each residual with the one before.
        lag: Periods over which the errors let values hang together.
        n_before, n_after: Periods on either side.
    """

    area: str
    reference: str
    intervention: str
    changes: tuple[Estimate, ...]
    lines: pd.DataFrame
    tests: tuple[TestResult, ...]
    autocorrelation: float
    lag: int
    n_before: int
    n_after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SyntheticControl:
    """An area beside a weighted mean of others that moved as it did before the start.

    Attributes:
        area, intervention: The area and the first period after the start.
        weights: Area of the pool → its weight; they sum to one.
        lines: ``period, observed, synthetic``.
        difference: Mean of observed less synthetic after the start, in the series' unit.
        error_before: Root mean squared difference before the start.
        placebos: ``area, ratio, difference``: every area treated as if it were the one, with
            the ratio of root mean squared differences after and before.
        test: Rank of the area's ratio among all, as a share: the smallest is 1 of all.
        leave_one_out: Area with weight → the difference without it.
    """

    area: str
    intervention: str
    weights: dict[str, float]
    lines: pd.DataFrame
    difference: float
    error_before: float
    placebos: pd.DataFrame
    test: TestResult
    leave_one_out: dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadOverReference:
    """A share from counts less a published share of a reference, in one period."""

    label: str
    reference_share: float
    share: Estimate
    lead: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadChange:
    """How the lead over a reference changed between two periods."""

    before: LeadOverReference
    after: LeadOverReference
    change: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something a check found in a file: where and how often, never whose or what value.

    ``check`` is a text key (``finding.<check>``); ``rows`` are row numbers as the
    spreadsheet shows them, counted from 1 with the header rows included. ``listing``
    holds category labels that are safe to print (unmapped exit reasons, header names).
    """

    severity: Severity
    check: str
    file: str
    column: str = ""
    rows: tuple[int, ...] = ()
    count: int = 0
    listing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowStep:
    """One step from rows read to persons analysed; ``step`` is a text key (``flow.<step>``)."""

    step: str
    count: int
    unit: Literal["rows", "persons", "spells"] = "rows"


T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Released(Generic[T_co]):
    """A result that has passed the disclosure door. Made only in ``disclosure.release``.

    ``notes`` are text keys (``disclosure.<note>``) of what a reader should know of how the
    figures were protected.
    """

    result: T_co
    withheld: int
    rule: str
    is_internal: bool = field(default=False, kw_only=True)
    notes: tuple[str, ...] = field(default=(), kw_only=True)


def to_frame(estimates: Iterable[Estimate]) -> pd.DataFrame:
    """Estimates as a frame whose columns are the field names of `Estimate`."""
    import pandas as pd

    names = [f.name for f in fields(Estimate)]
    return pd.DataFrame([[getattr(e, n) for n in names] for e in estimates], columns=names)


def estimates_only(rows: Sequence[EstimateRow]) -> list[Estimate]:
    """The rows that hold a number."""
    return [row for row in rows if isinstance(row, Estimate)]


def is_reached(value: float) -> bool:
    """Whether a quantile was reached within the follow-up."""
    return math.isfinite(value)
