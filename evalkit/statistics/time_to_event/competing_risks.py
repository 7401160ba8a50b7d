"""Several ways to leave at once: how large a share has left by each of them, day by day.

The shares of all causes and of those still waiting add up to one. 1 − Kaplan–Meier with the
other ways out treated as censoring would overstate each of them.
"""

from __future__ import annotations

import numpy as np

from evalkit.options import check_option
from evalkit.results import Curve, EventTable
from evalkit.statistics.time_to_event.curve_steps import (
    IntervalScale,
    curve_from,
    share_steps,
)
from evalkit.statistics.time_to_event.event_table import at_risk
from evalkit.statistics.time_to_event.survival import survival_and_error

ROUNDING = 1e-12


def cumulative_incidence(
    table: EventTable,
    *,
    confidence_level: float = 0.95,
    interval: IntervalScale = "log-log",
) -> Curve:
    """The share that has left by each cause, day by day: Aalen–Johansen, one row per cause.

    Aalen & Johansen (1978): Fₖ(t) = Σ S(tⱼ₋₁) dₖⱼ/nⱼ, ties exact. The standard error is the
    multinomial delta-method form (Marubini & Valsecchi 1995, as in R's etm and prodlim; without
    delayed entry the same as the infinitesimal jackknife of ``survfit``).

    Args:
        table: Counts per group, day and cause.
        confidence_level: 0.95 for pointwise 95 % intervals.
        interval: Scale of the interval; ``log-log`` keeps it inside 0–1.

    Raises:
        ValueError: For an unknown interval or confidence level.

    Edge cases: before a cause's first event its share is 0 and a log-log limit does not
    exist (``pd.NA``); ``plain`` gives a zero-width interval there, as R does.

    >>> from evalkit.statistics.time_to_event.event_table import event_table
    >>> table = event_table([1, 2, 3, 4], [1, 2, 0, 1], cause_names=["work", "studies"])
    >>> cumulative_incidence(table).steps["value"].tolist()
    [0.25, 0.25, 0.25, 0.75, 0.0, 0.25, 0.25, 0.25]
    """
    check_option("interval", interval, IntervalScale)
    n, all_left = at_risk(table), table.left.sum(axis=2)
    blocks = []
    for i, name in enumerate(table.causes):
        d = table.left[:, :, i]
        share, error = incidence_and_error(n, all_left, d)
        blocks.append(
            share_steps(
                cause=name,
                at_risk=n,
                events=d,
                censored=table.censored,
                share=share,
                standard_error=error,
                confidence_level=confidence_level,
                scale=interval,
                complement=False,
            )
        )
    return curve_from(
        table,
        blocks,
        measure="cumulative_incidence",
        method=interval,
        confidence_level=confidence_level,
    )


def survival_before(n: np.ndarray, all_left: np.ndarray) -> np.ndarray:
    """S just before each time, along the last axis."""
    survival, _ = survival_and_error(n, all_left)
    return np.concatenate([np.ones_like(survival[..., :1]), survival[..., :-1]], axis=-1)


def incidence_and_error(
    n: np.ndarray, all_left: np.ndarray, d: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Fₖ(t) and its standard error for the cause with counts ``d``, along the last axis."""
    somebody = np.where(n > 0, n, 1)
    before = survival_before(n, all_left)
    share = np.cumsum(before * d / somebody, axis=-1)
    share = np.where(share > 1 - ROUNDING, 1.0, share)  # everyone, but for rounding of the sum
    variance = greenwood(somebody, all_left, d, before, share)
    everybody = (share == 1) & (survival_and_error(n, all_left)[0] == 0)
    return share, np.where((share == 0) | everybody, 0.0, np.sqrt(np.maximum(variance, 0.0)))


def greenwood(
    n: np.ndarray, all_left: np.ndarray, d: np.ndarray, before: np.ndarray, share: np.ndarray
) -> np.ndarray:
    """Var Fₖ(t) = Σⱼ [S²q(1−q) − 2S(Fₖ(t)−Fₖⱼ)q + (Fₖ(t)−Fₖⱼ)² Q/(1−Q)] / nⱼ.

    Here q = dₖⱼ/nⱼ and Q = dⱼ/nⱼ. Written out in powers of Fₖ(t), so that it is a few running
    sums. After the last person leaves Fₖ no longer moves, and the last term is 0.
    """
    q, hazard = d / n, all_left / n
    spread = np.where(hazard < 1, hazard / np.where(hazard < 1, 1 - hazard, 1) / n, 0.0)
    step = before * q / n
    constant = np.cumsum(before**2 * q * (1 - q) / n + 2 * step * share + share**2 * spread, -1)
    linear = np.cumsum(step + share * spread, axis=-1)
    variance: np.ndarray = constant - 2 * share * linear + share**2 * np.cumsum(spread, axis=-1)
    return variance
