"""Fitted regressions as plain data."""

from __future__ import annotations

from dataclasses import dataclass

from evalkit.results.estimates import NotEstimable, TestResult, Withheld
from evalkit.shape import Shape


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
