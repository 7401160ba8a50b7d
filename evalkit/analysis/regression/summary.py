"""Estimates and their covariance as a `Regression`: intervals, p-values, tests, counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from evalkit.results import Coefficient, NotEstimable, TestResult

Row = Coefficient | NotEstimable
NO_VARIATION_REASON = "no_variation"


@dataclass(frozen=True, slots=True)
class Behind:
    """The persons behind one coefficient: how many, and the counts a reader could deduce."""

    n: int
    cells: tuple[int, ...]


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
    names: tuple[str, ...],
    estimates: np.ndarray,
    covariance: np.ndarray,
    reasons: tuple[str, ...],
    behind: list[Behind],
    *,
    confidence_level: float,
    has_ratio: bool = True,
) -> tuple[Row, ...]:
    """One row per coefficient with a normal-theory (Wald) interval, or why there is none."""
    spread = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    z = float(stats.norm.isf((1 - confidence_level) / 2))
    rows: list[Row] = []
    for name, estimate, error, reason, persons in zip(
        names, estimates, spread, reasons, behind, strict=True
    ):
        if reason or not error > 0:
            rows.append(
                NotEstimable(measure=name, reason=reason or NO_VARIATION_REASON, n=persons.n)
            )
        else:
            rows.append(_row(name, float(estimate), float(error), z, persons, has_ratio))
    return tuple(rows)


def chi_square_test(
    name: str, statistic: float, degrees_of_freedom: int, n: int, cells: tuple[int, ...]
) -> TestResult:
    """A test whose statistic follows the chi-square distribution when there is nothing there."""
    statistic = max(statistic, 0.0)
    return TestResult(
        name=name,
        statistic=statistic,
        degrees_of_freedom=degrees_of_freedom,
        p_value=float(stats.chi2.sf(statistic, degrees_of_freedom)) if degrees_of_freedom else 1.0,
        n=n,
        cells=cells,
    )


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
        p_value=float(2 * stats.norm.sf(abs(estimate / error))),
        exponentiated=float(ratios[0]),
        exponentiated_low=float(ratios[1]),
        exponentiated_high=float(ratios[2]),
        n=persons.n,
        cells=persons.cells,
    )
