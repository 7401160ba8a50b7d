"""Series of areas, the designs that read them, and areas compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from evalkit.results.estimates import Estimate, NotEstimable, TestResult
from evalkit.shape import Shape

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaSeries(Shape):
    """A published or synthetic series per area and period.

    ``observations`` has ``area, period, value``; ``period`` is ``2017`` or ``2017-01``. Shares
    whose numbers of persons are published have ``n`` as well.
    ``breaks`` are the first periods of a new definition: values on either side of one are
    not comparable. ``repeated`` names areas and periods that the source gave two values for;
    neither is among the observations.
    """

    observations: pd.DataFrame
    unit: str
    source: str
    is_synthetic: bool
    breaks: tuple[str, ...] = ()
    repeated: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaChange(Shape):
    """How a series moved in one area between two periods; values in the series' unit."""

    area: str
    first_value: float
    last_value: float

    @property
    def change(self) -> float:
        return self.last_value - self.first_value


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaChanges(Shape):
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
class EventStudy(Shape):
    """Differences between areas with a programme and others, period by period.

    ``differences`` are against ``reference_period``, one `Estimate` per other period, its
    ``group``; ``trends_before`` tests that all before ``first_treated_period`` are zero,
    where there are areas enough to test them all at once. ``before`` is what may be said of the
    years before with few treated areas.
    """

    differences: tuple[Estimate, ...]
    reference_period: str
    first_treated_period: str
    trends_before: TestResult | NotEstimable
    before: YearsBefore | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentedTrend(Shape):
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
class SyntheticControl(Shape):
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
        gaps: ``period`` and every area, itself first: observed less synthetic, each area
            treated as if it were the one.
        lines_without: ``period`` and every area with weight: the synthetic area without it.
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
    gaps: pd.DataFrame
    lines_without: pd.DataFrame


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadOverReference(Shape):
    """A share from counts less a published share of a reference, in one period."""

    label: str
    reference_share: float
    share: Estimate
    lead: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadChange(Shape):
    """How the lead over a reference changed between two periods."""

    before: LeadOverReference
    after: LeadOverReference
    change: Estimate


BeforeAnswer = Literal["differed", "alike", "cannot_tell"]
ChosenFor = Literal["worst_year", "random", "result", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AreasCompared(Shape):
    """How much more the areas with a programme changed than others, judged by chance.

    Attributes:
        difference: Mean change of the treated less that of the others, with the pooled t's
            interval, the one to print.
        low, high: All differences that randomisation does not refuse; infinite where no result
            could be told from chance.
        p_value: Share of all ways to choose as many areas with a difference as large.
        smallest_p: The smallest that could have been found.
        assignments: Ways to choose them, C(N, G), also where only some were tried.
        studentised: By Welch's t in place of the difference, from three treated areas on.
    """

    difference: Estimate
    low: float
    high: float
    p_value: float
    smallest_p: float
    assignments: int
    n_treated: int
    n_others: int
    studentised: TestResult | None


@dataclass(frozen=True, slots=True, kw_only=True)
class YearsBefore(Shape):
    """Whether the areas moved alike before the start: three answers, the third the usual one.

    ``margin`` is what the project states as alike, ``None`` when it says nothing; ``widest`` is
    the limit furthest from zero of the differences before, all held at once (Bonferroni).
    """

    answer: BeforeAnswer
    p_value: float
    smallest_p: float
    widest: float
    margin: float | None
    n_treated: int
    n_others: int


YEARS_TO_WEIGHT = 6
"""Years before from which the areas' own variability can be told and is weighted by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadAfterBadYear(Shape):
    """An area's lead after its start, unadjusted and adjusted for how low it stood before.

    Attributes:
        area: The area.
        adjusted: Its change less what others as low changed; the interval to print.
        unadjusted: Its change less the others' mean.
        change: How much it changed itself, and ``expected``, what others as low did.
        dip: Its last value before the start less the mean of its earlier ones.
        plain: The adjusted lead with every area taken as alike in variability; ``adjusted`` is
            weighted where there are six years before or more.
        is_judged: Whether a word of verdict may be said; ``guard`` says why not, a text key.
        n_others, years_before: What it rests on.
        share_of_dip: How much of the dip is chance, where the numbers behind shares are known.
        smallest_found: The lead that would be found in four of five such comparisons.
    """

    area: str
    adjusted: Estimate
    unadjusted: Estimate
    plain: Estimate
    change: float
    expected: float
    dip: float
    is_judged: bool
    guard: str
    n_others: int
    years_before: int
    smallest_found: float
    share_of_dip: float | None = None

    @property
    def is_rough(self) -> bool:
        """Whether areas' own variability is not accounted for: too few years, and no n."""
        return self.share_of_dip is None and self.years_before < YEARS_TO_WEIGHT
