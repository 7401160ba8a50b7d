"""Estimates and their covariance as a `Regression`: intervals, p-values, tests, counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from evalkit.results import Coefficient, NotEstimable, Regression, TestResult
from evalkit.statistics.regression.inputs import RegressionInputError
from evalkit.statistics.regression.maximise import COLLINEAR_REASON, quadratic_form

Row = Coefficient | NotEstimable
NO_VARIATION_REASON = "no_variation"
NO_PERSONS_REASON = "no_persons"
INTERCEPT = "intercept"


@dataclass(frozen=True, slots=True)
class Behind:
    """The persons behind one coefficient: how many, and the counts a reader could deduce."""

    n: int
    cells: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimated:
    """What every fitted model says: parameters in their own units and likelihoods.

    ``covariance`` is the one the intervals rest on; ``reasons`` are empty for an estimated
    parameter.
    """

    names: tuple[str, ...]
    estimates: np.ndarray
    covariance: np.ndarray
    reasons: tuple[str, ...]
    behind: tuple[Behind, ...]
    log_likelihood: float
    log_likelihood_null: float
    n: int
    events: int

    @property
    def is_column(self) -> np.ndarray:
        """Which parameters belong to covariates, not to the intercept."""
        return np.array([name != INTERCEPT for name in self.names], dtype=bool)

    @property
    def is_estimated(self) -> np.ndarray:
        return np.array([not reason for reason in self.reasons], dtype=bool)

    @property
    def has_information(self) -> np.ndarray:
        """Which covariates count in the degrees of freedom: also one that runs to infinity."""
        informative = [reason != COLLINEAR_REASON for reason in self.reasons]
        return np.asarray(self.is_column & np.array(informative, dtype=bool))


def as_regression(
    made: Estimated,
    *,
    model: str,
    ratio: str,
    method: str,
    standard_errors: str,
    confidence_level: float,
    tests: tuple[TestResult, ...],
    further_cells: tuple[int, ...] = (),
) -> Regression:
    """The plain-data answer of a fitted model."""
    return Regression(
        model=model,
        coefficients=coefficient_rows(
            made, confidence_level=confidence_level, has_ratio=bool(ratio)
        ),
        ratio=ratio,
        method=method,
        standard_errors=standard_errors,
        confidence_level=confidence_level,
        log_likelihood=made.log_likelihood,
        log_likelihood_null=made.log_likelihood_null,
        n=made.n,
        events=made.events,
        cells=(made.n, made.events, *further_cells),
        residual_degrees_of_freedom=made.n - int(made.is_estimated.sum()),
        tests=tests,
    )


def likelihood_ratio_test(made: Estimated, *, name: str = "likelihood_ratio") -> TestResult:
    """All covariates at once against none of them.

    A diverging coefficient counts: the likelihood it reaches is finite.
    """
    statistic = 2 * (made.log_likelihood - made.log_likelihood_null)
    return chi_square_test(name, statistic, int(made.has_information.sum()), made)


def wald_test(made: Estimated) -> TestResult:
    """All estimated covariates at once, by the covariance of the intervals."""
    tested = made.is_column & made.is_estimated
    statistic = quadratic_form(made.estimates, made.covariance, tested)
    return chi_square_test("wald", statistic, int(tested.sum()), made)


def behind_columns(
    columns: np.ndarray, is_level: tuple[bool, ...], event: np.ndarray
) -> list[Behind]:
    """Persons and events with and without a level; all of them behind a number."""
    n, events = columns.shape[1], int(event.sum())
    rows = []
    for values, is_yes_no in zip(columns, is_level, strict=True):
        if not is_yes_no:
            rows.append(Behind(n, (n, events)))
            continue
        has = values != 0
        with_level, events_with = int(has.sum()), int((has & event).sum())
        cells = (with_level, n - with_level, events_with, events - events_with)
        rows.append(Behind(with_level, cells))
    return rows


def coefficient_rows(
    made: Estimated, *, confidence_level: float, has_ratio: bool
) -> tuple[Row, ...]:
    """One row per parameter with a normal-theory (Wald) interval, or why there is none."""
    if not 0 < confidence_level < 1:
        raise RegressionInputError("confidence_level", "must lie strictly between 0 and 1")
    spread = np.sqrt(np.maximum(np.diag(made.covariance), 0.0))
    z = float(-special.ndtri((1 - confidence_level) / 2))
    rows: list[Row] = []
    for name, estimate, error, reason, persons in zip(
        made.names, made.estimates, spread, made.reasons, made.behind, strict=True
    ):
        if reason or not error > 0:
            why = _why(reason, persons)
            rows.append(NotEstimable(measure=name, reason=why, n=persons.n))
        else:
            rows.append(_row(name, float(estimate), float(error), z, persons, has_ratio))
    return tuple(rows)


def chi_square_test(
    name: str, statistic: float, degrees_of_freedom: int, made: Estimated
) -> TestResult:
    """A test whose statistic follows the chi-square distribution when there is nothing there."""
    statistic = max(statistic, 0.0)
    return TestResult(
        name=name,
        statistic=statistic,
        degrees_of_freedom=degrees_of_freedom,
        p_value=float(special.chdtrc(degrees_of_freedom, statistic)) if degrees_of_freedom else 1.0,
        n=made.n,
        cells=(made.n, made.events),
    )


def _why(reason: str, persons: Behind) -> str:
    """The plainest reason: a level nobody has, or that everybody has, before "collinear"."""
    is_level = len(persons.cells) > 2
    if is_level and persons.n == 0:
        return NO_PERSONS_REASON
    if not reason or (is_level and persons.cells[1] == 0):
        return NO_VARIATION_REASON
    return reason


def _row(
    name: str, estimate: float, error: float, z: float, persons: Behind, has_ratio: bool
) -> Coefficient:
    low, high = estimate - z * error, estimate + z * error
    with np.errstate(over="ignore"):  # a ratio too large to write is inf, "without bound"
        ratios = np.exp(np.array([estimate, low, high])) if has_ratio else (estimate, low, high)
    return Coefficient(
        name=name,
        estimate=estimate,
        standard_error=error,
        low=low,
        high=high,
        p_value=float(2 * special.ndtr(-abs(estimate / error))),
        exponentiated=float(ratios[0]),
        exponentiated_low=float(ratios[1]),
        exponentiated_high=float(ratios[2]),
        n=persons.n,
        cells=persons.cells,
    )
