"""Participants beside persons who did not take part, and the models behind the differences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from evalkit.results.estimates import Estimate, EstimateRow, NotEstimable, TestResult, Withheld
from evalkit.shape import Shape

ComparedTarget = Literal["everyone", "treated", "overlap"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustedComparison(Shape):
    """One difference by several methods.

    Attributes:
        shares: The participants' share and the comparison group's, as counted.
        differences: Participants less comparison group: ``unadjusted_difference`` first, then
            each method's; a method without an answer is `NotEstimable`.
        main: Measure of the row that the text speaks of.
        ratio: The main method's ratio of shares, `NotEstimable` where there is none.
        n_pairs: Participants who found a partner when matched.
        target: For whom the differences are meant.
        n_treated, n_control: Persons compared.
        cells: With and without the outcome, participants first.
    """

    shares: tuple[Estimate, Estimate]
    differences: tuple[EstimateRow, ...]
    main: str
    ratio: EstimateRow
    n_pairs: int
    target: ComparedTarget
    n_treated: int
    n_control: int
    cells: tuple[int, ...]

    @property
    def main_difference(self) -> EstimateRow:
        return next(row for row in self.differences if row.measure == self.main)


@dataclass(frozen=True, slots=True, kw_only=True)
class EValue(Shape):
    """How strongly something unknown must hang together with both group and outcome.

    Attributes:
        ratio: The ratio of shares that is judged.
        point: As a ratio, for the whole of it to be explained away.
        limit: The same for the limit of the interval nearest to 1; 1 where it is beyond.
    """

    ratio: Estimate
    point: float
    limit: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceRow(Shape):
    """One confounder, or one level of it, in both groups before and after weighting.

    Attributes:
        column: The confounder. ``level``: empty for a number.
        mean_treated, mean_control: Mean, or share with the level.
        weighted_treated, weighted_control: The same after weighting.
        spread: Standard deviation of the unweighted persons, mean variance of both groups.
        cells: Persons with and without the level, participants first; for a number the
            persons of each group.
    """

    column: str
    level: str
    mean_treated: float
    mean_control: float
    weighted_treated: float
    weighted_control: float
    spread: float
    cells: tuple[int, ...]

    @property
    def before(self) -> float:
        """Difference in standard deviations."""
        return (self.mean_treated - self.mean_control) / self.spread

    @property
    def after(self) -> float:
        """Difference in standard deviations once weighted."""
        return (self.weighted_treated - self.weighted_control) / self.spread


@dataclass(frozen=True, slots=True, kw_only=True)
class WithheldBalance(Shape):
    """Stands where disclosure control took a row of the balance away."""

    column: str
    level: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance(Shape):
    """How alike the groups are in each confounder."""

    rows: tuple[BalanceRow | WithheldBalance, ...]
    target: ComparedTarget
    n_treated: int
    n_control: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap(Shape):
    """Whether there are persons to compare with everywhere.

    Attributes:
        edges: Limits of the classes of the propensity, one more than the classes.
        treated, control: Persons per class; ``None`` where withheld.
        outside: Participants whose propensity no comparison person comes up to or down to;
            ``None`` where withheld.
        effective_treated, effective_control: Kish's effective number once weighted.
        heaviest: The comparison persons (or others) with the largest weights that are counted
            together, and ``heaviest_share``, their share of all weight in their group.
        largest_weight: Of one person, over the group's mean weight; ``None`` where withheld.
    """

    edges: tuple[float, ...]
    treated: tuple[int | None, ...]
    control: tuple[int | None, ...]
    outside: int | None
    effective_treated: float
    effective_control: float
    heaviest: int
    heaviest_share: float
    largest_weight: float | None
    n_treated: int
    n_control: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupStep(Shape):
    """A step from everyone in both groups to those compared; ``None`` where withheld."""

    step: str
    treated: int | None
    control: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupFlow(Shape):
    """From the persons of both groups to those compared: first, left out, last."""

    steps: tuple[GroupStep, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightedDifference(Shape):
    """A weighted difference with what one must know of its weights.

    Attributes:
        difference: Mean with the programme less mean without, both weighted.
        mean_treated, mean_control: The weighted means.
        standard_error: With the propensity as estimated; the interval's.
        standard_error_weights_known: As if the weights had been given (HC0).
        effective_treated, effective_control: Kish's effective number of persons: how many
            equally weighted ones would say as much.
        largest_weight: One person's weight far above the others' means a fragile estimate.
    """

    difference: Estimate
    mean_treated: float
    mean_control: float
    standard_error: float
    standard_error_weights_known: float
    effective_treated: float
    effective_control: float
    largest_weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelledDifference(Shape):
    """A difference that rests on outcome models.

    ``standard_error`` counts every model as estimated; ``standard_error_models_known`` is
    the usual one of AIPW, right when both models are.
    """

    difference: Estimate
    standard_error: float
    standard_error_models_known: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Coefficient(Shape):
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
class Regression(Shape):
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
        n, events: Persons (rows) and events among them; 0 where withheld.
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
