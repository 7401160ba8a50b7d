"""Time until people leave, with those still waiting counted in: Kaplan–Meier and kin.

The curve counts up (share that has left) unless asked for survival. Numbers are read off a
curve with `share_at`, `quantile` and `median`, never by hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from evalkit.options import check_option
from evalkit.results import Curve, Estimate, EventTable
from evalkit.statistics.shares.proportions import estimates_apart
from evalkit.statistics.time_to_event.curve_readings import median, quantile, share_at
from evalkit.statistics.time_to_event.curve_steps import IntervalScale, curve_from, share_steps
from evalkit.statistics.time_to_event.event_table import at_risk, select_causes

__all__ = ["kaplan_meier", "median", "quantile", "share_at"]


def kaplan_meier(
    table: EventTable,
    *,
    causes: Sequence[str] | None = None,
    confidence_level: float = 0.95,
    interval: IntervalScale = "log-log",
    measure: Literal["share_exited", "survival"] = "share_exited",
) -> Curve:
    """The share that has left by each day, with those still waiting counted in.

    Kaplan & Meier (1958): S(t) = ∏ (1 − dⱼ/nⱼ) over days tⱼ ≤ t; variance by Greenwood
    (1926), S² Σ dⱼ/(nⱼ(nⱼ − dⱼ)); delayed entries join the risk set after their entry.

    Args:
        table: Counts per group and day.
        causes: Ways to leave that are the event; leaving by others counts as censoring.
            ``None``: any way to leave. With competing ways out use `cumulative_incidence`
            for the share leaving by one of them: this curve would overstate it.
        confidence_level: 0.95 for pointwise 95 % intervals.
        interval: Scale of the interval. R's ``survfit`` defaults to ``log``; here, as in
            most reporting guidelines, ``log-log``, which stays inside 0–1.
        measure: ``share_exited`` is 1 − S.

    Raises:
        ValueError: For an unknown cause, interval or confidence level.

    Edge cases: once S is 0 the standard error and the limits do not exist (``pd.NA``), nor
    do log-log limits before the first event. ``log`` and ``plain`` give a zero-width
    interval before the first event, as R does: a false certainty `share_at` never repeats.
    With delayed entry the risk set may empty early; S is then 0 from there on.

    >>> from evalkit.statistics.time_to_event.event_table import event_table
    >>> table = event_table([3, 5, 5, 8], [1, 0, 1, 0], cause_names=["work"])
    >>> kaplan_meier(table, measure="survival").steps["value"].tolist()
    [0.75, 0.5, 0.5]
    """
    check_option("interval", interval, IntervalScale)
    check_option("measure", measure, Literal["share_exited", "survival"])
    chosen = table if causes is None else select_causes(table, causes)
    n, d = at_risk(chosen), chosen.left.sum(axis=2)
    survival, standard_error = survival_and_error(n, d)
    steps = share_steps(
        cause="",
        at_risk=n,
        events=d,
        censored=chosen.censored,
        share=survival,
        standard_error=standard_error,
        confidence_level=confidence_level,
        scale=interval,
        complement=measure == "share_exited",
    )
    return curve_from(
        chosen, [steps], measure=measure, method=interval, confidence_level=confidence_level
    )


def survival_and_error(n: np.ndarray, d: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """S(t) and its Greenwood standard error along the last axis; NaN error where S is 0.

    (n − d)/n is one division: 1 − d/n would round twice, and a half would miss 0.5.
    """
    stay = np.maximum(n - d, 0)  # counts rounded for publication may exceed those at risk
    survival = np.cumprod(np.where(d > 0, stay / np.where(n > 0, n, 1), 1.0), axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        hazard_variance = np.cumsum(np.where(d > 0, d / (n * stay), 0.0), axis=-1)
        error = np.where(survival > 0, survival * np.sqrt(hazard_variance), np.nan)
    return survival, error


def share_difference_at(
    curve: Curve, day: float, *, groups: tuple[str, str], cause: str = ""
) -> Estimate:
    """The first group's share on a day less the second's, with its interval.

    The interval is put together from the two groups' own intervals (Zou & Donner 2008, Stat
    Med 27:1693, "MOVER"; Newcombe's interval for shares is the same idea): it is asymmetric
    where they are, stays within −1…1 and exists wherever they do.

    Args:
        curve: From `kaplan_meier` or `cumulative_incidence`.
        day: Days from the start of the clock, fixed before the data are seen.
        groups: First and second group; the second is the reference.
        cause: Way to leave, for a cumulative incidence.

    Raises:
        ValueError, CannotBeComputed: As `share_at`, for either group.

    >>> from evalkit.statistics.time_to_event.event_table import event_table
    >>> from evalkit.statistics.time_to_event.survival import kaplan_meier
    >>> table = event_table(
    ...     [1, 2, 3, 9, 4, 8, 9, 9], [1, 1, 1, 0, 1, 0, 0, 0], cause_names=["work"],
    ...     groups=["a"] * 4 + ["b"] * 4,
    ... )
    >>> share_difference_at(kaplan_meier(table), 7, groups=("a", "b")).value
    0.5
    """
    first, second = (share_at(curve, day, group=group, cause=cause) for group in groups)
    return estimates_apart(
        first, second, measure="share_difference", group=f"{groups[0]} – {groups[1]}"
    )
