"""Two groups' mean days up to a horizon, adjusted for what differed at entry.

Not a causal claim: the groups are made alike only in the columns given.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import erfc

from evalkit.results import CannotBeComputed, Estimate, TestResult
from evalkit.statistics.shares.share_counts import normal_quantile
from evalkit.statistics.time_to_event.event_input import checked_spells

AdjustedContrast = Literal["difference", "ratio", "lost_time_ratio"]
LARGEST_STEPS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustedMean:
    """The fitted equation, ``terms`` in order, and what it says of the second group's mean.

    ``coefficients`` are in days for a difference, on the log scale for a ratio; ``effect``
    and ``test`` belong to the term ``group``.
    """

    terms: tuple[str, ...]
    coefficients: np.ndarray
    standard_errors: np.ndarray
    effect: Estimate
    test: TestResult


def adjusted_restricted_mean(
    days: npt.ArrayLike,
    events: npt.ArrayLike,
    *,
    in_second_group: npt.ArrayLike,
    covariates: pd.DataFrame,
    horizon: float,
    contrast: AdjustedContrast = "difference",
    confidence_level: float = 0.95,
) -> AdjustedMean:
    """Mean days waiting in a group against the other, adjusted for covariates at entry.

    Tian, Zhao & Wei (2014, Biostatistics 15:222): days up to the horizon regressed on group
    and covariates, persons followed to exit or horizon weighted by the inverse probability
    of still being observed (Kaplan–Meier of the censoring, per group), sandwich errors that
    account for those weights. Identity link for a difference, log link for the ratios.

    Args:
        days: Days to exit or last sight, one per person.
        events: 1 where the person left, 0 where still waiting.
        in_second_group: Whether the person belongs to the group compared with the first.
        covariates: Numeric columns known at entry, one row per person.
        horizon: Days up to which time is counted.
        contrast: Difference of means, ratio of means, or ratio of days after leaving.
        confidence_level: 0.95 for a 95 % interval.

    Raises:
        ValueError: For bad days or events (as `event_table`), missing or text covariates, or
            a horizon not above 0.
        CannotBeComputed: ``one_group``; ``beyond_follow_up`` when a group's last person is
            lost before the horizon; ``collinear`` columns; ``no_convergence``.

    >>> table = pd.DataFrame({"age": [20, 30, 40, 50]})
    >>> fit = adjusted_restricted_mean(
    ...     [2, 4, 5, 9], [1, 1, 1, 1], in_second_group=[0, 1, 0, 1], covariates=table, horizon=8
    ... )
    >>> round(fit.effect.value, 3)
    0.75
    """
    spells = checked_spells(
        days, events, n_causes=1, groups=None, group_names=None, entry=None, weights=None
    )
    arm = np.asarray(in_second_group).astype(bool)
    design, terms = _design(arm, covariates, len(spells.days))
    time = np.minimum(spells.days.astype(float), horizon)
    _check_horizon(spells.days, spells.causes > 0, arm, horizon)
    is_known = (spells.causes > 0) | (time >= horizon)
    weights = _observed_weights(time, is_known, arm)
    outcome = horizon - time if contrast == "lost_time_ratio" else time
    is_log = contrast != "difference"
    beta = _solve(design, outcome, weights, is_log=is_log)
    errors = _sandwich(design, outcome, weights, beta, time, is_known, arm, is_log=is_log)
    effect = _effect(beta[1], errors[1], contrast, confidence_level, spells.causes, arm)
    return AdjustedMean(
        terms=terms,
        coefficients=beta,
        standard_errors=errors,
        effect=effect,
        test=_test(beta[1], errors[1], contrast, effect),
    )


def _design(
    arm: np.ndarray, covariates: pd.DataFrame, n: int
) -> tuple[np.ndarray, tuple[str, ...]]:
    if len(arm) != n or len(covariates) != n:
        raise ValueError(f"in_second_group, covariates: expected {n} rows as in days")
    columns = [np.ones(n), arm.astype(float)]
    for name in covariates:
        values = covariates[name].to_numpy()
        if values.dtype.kind not in "iufb" or not np.isfinite(values.astype(float)).all():
            raise ValueError(f"covariates: column {name!r} is not numbers without gaps")
        columns.append(values.astype(float))
    design = np.column_stack(columns)
    if np.linalg.matrix_rank(design / np.abs(design).max(axis=0, initial=1e-300)) < design.shape[1]:
        raise CannotBeComputed("one_group" if arm.all() or not arm.any() else "collinear")
    return design, ("intercept", "group", *map(str, covariates))


def _check_horizon(days: np.ndarray, has_left: np.ndarray, arm: np.ndarray, horizon: float) -> None:
    if not (np.isfinite(horizon) and horizon > 0):
        raise ValueError("horizon: expected a number of days above 0")
    for group in (False, True):
        last = days[arm == group].max()
        lost_last = (~has_left & (days == last))[arm == group].any()
        if last < horizon and lost_last:
            raise CannotBeComputed(
                "beyond_follow_up", day=float(horizon), follow_up_days=float(last)
            )


def _observed_weights(time: np.ndarray, is_known: np.ndarray, arm: np.ndarray) -> np.ndarray:
    """1 / P(still observed at the time) where the outcome is known, 0 elsewhere.

    Censorings on the very day count, as in survRM2: the published figures rest on it.
    """
    weights = np.zeros(len(time))
    for group in (False, True):
        rows = arm == group
        times, place = np.unique(time[rows], return_inverse=True)
        lost = np.bincount(place, ~is_known[rows], minlength=len(times))
        at_risk = np.bincount(place, minlength=len(times))[::-1].cumsum()[::-1]
        observed = np.cumprod(1 - lost / at_risk)[place]
        known = is_known[rows]
        weights[rows] = known / np.where(known, observed, 1.0)
    return weights


def _solve(
    design: np.ndarray, outcome: np.ndarray, weights: np.ndarray, *, is_log: bool
) -> np.ndarray:
    """β with Σ w x (y − μ(xβ)) = 0: one least-squares step, or Newton steps for the log link."""
    weighted = design * weights[:, None]
    if not is_log:
        identity: np.ndarray = np.linalg.solve(weighted.T @ design, weighted.T @ outcome)
        return identity
    average = (weights * outcome).sum() / weights.sum()
    if average <= 0:
        raise CannotBeComputed("zero_mean")
    beta = np.zeros(design.shape[1])
    beta[0] = np.log(average)
    for _ in range(LARGEST_STEPS):
        mean = np.exp(design @ beta)
        step = np.linalg.solve((weighted * mean[:, None]).T @ design, weighted.T @ (outcome - mean))
        beta = beta + step
        if np.abs(step).max() < 1e-10 * (1 + np.abs(beta).max()):
            return beta
    raise CannotBeComputed("no_convergence")


def _sandwich(
    design: np.ndarray,
    outcome: np.ndarray,
    weights: np.ndarray,
    beta: np.ndarray,
    time: np.ndarray,
    is_known: np.ndarray,
    arm: np.ndarray,
    *,
    is_log: bool,
) -> np.ndarray:
    """Errors from each person's score plus the person's part in estimating the weights."""
    mean = np.exp(design @ beta) if is_log else design @ beta
    scores = design * (weights * (outcome - mean))[:, None]
    for group in (False, True):
        rows = np.flatnonzero(arm == group)
        scores[rows] += _from_weights(scores[rows], time[rows], is_known[rows])
    slope = mean if is_log else np.ones(len(mean))
    bread = np.linalg.inv((design * slope[:, None]).T @ design)
    errors: np.ndarray = np.sqrt(np.diag(bread @ (scores.T @ scores) @ bread))
    return errors


def _from_weights(scores: np.ndarray, time: np.ndarray, is_known: np.ndarray) -> np.ndarray:
    """Censoring martingale of each person times the score still to come, averaged at risk."""
    times, place = np.unique(time, return_inverse=True)
    at_risk = np.bincount(place, minlength=len(times))[::-1].cumsum()[::-1]
    lost = np.bincount(place, ~is_known, minlength=len(times))
    sums = np.zeros((len(times), scores.shape[1]))
    np.add.at(sums, place, scores)
    ahead = sums[::-1].cumsum(axis=0)[::-1] / at_risk[:, None]
    compensator = np.cumsum(ahead * (lost / at_risk)[:, None], axis=0)
    part: np.ndarray = ahead[place] * ~is_known[:, None] - compensator[place]
    return part


def _effect(
    beta: float,
    error: float,
    contrast: AdjustedContrast,
    confidence_level: float,
    causes: np.ndarray,
    arm: np.ndarray,
) -> Estimate:
    half = normal_quantile(confidence_level) * error
    limits = [beta, beta - half, beta + half]
    if contrast != "difference":
        limits = [float(np.exp(limit)) for limit in limits]
    cells = [
        int(((causes > 0) == left)[arm == group].sum())
        for group in (True, False)
        for left in (True, False)
    ]
    return Estimate(
        measure=f"adjusted_restricted_mean_{contrast}",
        value=float(limits[0]),
        low=float(limits[1]),
        high=float(limits[2]),
        unit="days" if contrast == "difference" else "ratio",
        method="sandwich",
        confidence_level=confidence_level,
        n=len(arm),
        cells=tuple(cells),
    )


def _test(beta: float, error: float, contrast: str, effect: Estimate) -> TestResult:
    if error == 0:
        raise CannotBeComputed("no_variation")
    z = float(beta / error)
    return TestResult(
        name=f"adjusted_restricted_mean_{contrast}",
        statistic=z,
        degrees_of_freedom=1,
        p_value=float(erfc(abs(z) / np.sqrt(2))),
        n=effect.n,
        cells=effect.cells,
    )
