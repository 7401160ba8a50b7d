"""Curves with robust standard errors, from one row per spell rather than from counts.

For weights that are not plain counts (inverse probability weights), for persons seen several
times (clusters), and for competing risks with delayed entry as R's ``survfit`` does it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from evalkit.options import check_option
from evalkit.results import CannotBeComputed, Curve, EventTable
from evalkit.statistics.time_to_event.competing_risks import incidence_and_error, survival_before
from evalkit.statistics.time_to_event.curve_limits import IntervalScale
from evalkit.statistics.time_to_event.curve_steps import curve_from, share_steps
from evalkit.statistics.time_to_event.event_input import checked_spells, labelled_codes
from evalkit.statistics.time_to_event.event_table import at_risk, table_of_spells
from evalkit.statistics.time_to_event.influence import Paths, paths_of, variance_along
from evalkit.statistics.time_to_event.influence_parts import (
    GroupCounts,
    incidence_part,
    log_survival_part,
)
from evalkit.statistics.time_to_event.survival import survival_and_error


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsAndTable:
    """The same spells as counts and, per group, as paths."""

    table: EventTable
    counts: tuple[GroupCounts, ...]
    paths: tuple[Paths, ...]


def rows_and_table(
    days: npt.ArrayLike,
    causes: npt.ArrayLike,
    *,
    cause_names: Sequence[str],
    groups: npt.ArrayLike | None = None,
    group_names: Sequence[str] | None = None,
    entry: npt.ArrayLike | None = None,
    weights: npt.ArrayLike | None = None,
    clusters: npt.ArrayLike | None = None,
) -> RowsAndTable:
    """Checked spells with their table; arguments and errors as `event_table`.

    Raises:
        CannotBeComputed: ``one_cluster`` when all rows of a group belong together: they say
            nothing of how much persons differ.
    """
    spells = checked_spells(
        days,
        causes,
        n_causes=len(cause_names),
        groups=groups,
        group_names=group_names,
        entry=entry,
        weights=weights,
    )
    table = table_of_spells(spells, cause_names)
    n = at_risk(table)
    where = None if clusters is None else labelled_codes(clusters, len(spells.days), "clusters")[0]
    paths = tuple(paths_of(spells, table.times, g, where) for g in range(len(n)))
    if any(path.cluster is not None and not path.cluster.any() for path in paths):
        raise CannotBeComputed("one_cluster")
    return RowsAndTable(
        table=table,
        counts=tuple(GroupCounts(n=n[g], d=table.left[g].T) for g in range(len(n))),
        paths=paths,
    )


def robust_kaplan_meier(
    days: npt.ArrayLike,
    causes: npt.ArrayLike,
    *,
    cause_names: Sequence[str] = ("event",),
    groups: npt.ArrayLike | None = None,
    group_names: Sequence[str] | None = None,
    entry: npt.ArrayLike | None = None,
    weights: npt.ArrayLike | None = None,
    clusters: npt.ArrayLike | None = None,
    confidence_level: float = 0.95,
    interval: IntervalScale = "log-log",
    measure: Literal["share_exited", "survival"] = "share_exited",
) -> Curve:
    """Kaplan–Meier whose standard error is the infinitesimal jackknife over persons.

    Σ (wᵢ ∂S/∂wᵢ)², summed within clusters first when they are given (Therneau & Grambsch
    2000, as ``survfit(robust = TRUE)``). Any way to leave is the event.

    Args:
        days: As `event_table`.
        causes: As `event_table`.
        cause_names: As `event_table`.
        groups: As `event_table`.
        group_names: As `event_table`.
        entry: As `event_table`.
        weights: As `event_table`.
        clusters: Label per spell of who or what the rows share; ``None``: every row alone.
        confidence_level: As `kaplan_meier`.
        interval: As `kaplan_meier`.
        measure: As `kaplan_meier`.

    Raises:
        ValueError, CannotBeComputed: As `event_table`.

    Edge cases: as `kaplan_meier`; the errors equal Greenwood's when all weights are 1.

    >>> curve = robust_kaplan_meier([3, 5, 5, 8], [1, 0, 1, 0], weights=[1, 2, 1, 1])
    >>> curve.steps["value"].round(2).tolist()
    [0.2, 0.4, 0.4]
    """
    check_option("interval", interval, IntervalScale)
    check_option("measure", measure, Literal["share_exited", "survival"])
    rows = rows_and_table(
        days,
        causes,
        cause_names=cause_names,
        groups=groups,
        group_names=group_names,
        entry=entry,
        weights=weights,
        clusters=clusters,
    )
    n, d = at_risk(rows.table), rows.table.left.sum(axis=2)
    survival, _ = survival_and_error(n, d)

    def error(g: int) -> np.ndarray:
        part = log_survival_part(rows.counts[g])
        found = np.sqrt(variance_along(rows.paths[g], [part], [survival[g]]))
        return np.where(survival[g] > 0, found, np.nan)

    steps = share_steps(
        cause="",
        at_risk=n,
        events=d,
        censored=rows.table.censored,
        share=survival,
        standard_error=_per_group(error, len(n)),
        confidence_level=confidence_level,
        scale=interval,
        complement=measure == "share_exited",
    )
    return curve_from(
        rows.table, [steps], measure=measure, method=interval, confidence_level=confidence_level
    )


def _per_group(error: Callable[[int], np.ndarray], n_groups: int) -> np.ndarray:
    return np.stack([error(g) for g in range(n_groups)])


def robust_cumulative_incidence(
    days: npt.ArrayLike,
    causes: npt.ArrayLike,
    *,
    cause_names: Sequence[str],
    groups: npt.ArrayLike | None = None,
    group_names: Sequence[str] | None = None,
    entry: npt.ArrayLike | None = None,
    weights: npt.ArrayLike | None = None,
    clusters: npt.ArrayLike | None = None,
    confidence_level: float = 0.95,
    interval: IntervalScale = "log-log",
) -> Curve:
    """Cumulative incidence whose standard error is the infinitesimal jackknife over persons.

    As R's ``survfit`` for several end points: Σ (wᵢ ∂Fₖ/∂wᵢ)², within clusters first.

    Args:
        days: As `event_table`.
        causes: As `event_table`.
        cause_names: As `event_table`.
        groups: As `event_table`.
        group_names: As `event_table`.
        entry: As `event_table`.
        weights: As `event_table`.
        clusters: As `robust_kaplan_meier`.
        confidence_level: As `cumulative_incidence`.
        interval: As `cumulative_incidence`.

    Raises:
        ValueError, CannotBeComputed: As `event_table`.

    Edge cases: as `cumulative_incidence`, whose Greenwood form it equals when all weights
    are 1 and nobody enters late.

    >>> curve = robust_cumulative_incidence([1, 2, 3], [1, 2, 0], cause_names=["work", "studies"])
    >>> curve.steps["value"].round(2).tolist()
    [0.33, 0.33, 0.33, 0.0, 0.33, 0.33]
    """
    check_option("interval", interval, IntervalScale)
    rows = rows_and_table(
        days,
        causes,
        cause_names=cause_names,
        groups=groups,
        group_names=group_names,
        entry=entry,
        weights=weights,
        clusters=clusters,
    )
    n, all_left = at_risk(rows.table), rows.table.left.sum(axis=2)
    before = survival_before(n, all_left)
    blocks = []
    for k, name in enumerate(rows.table.causes):
        d = rows.table.left[:, :, k]
        share, _ = incidence_and_error(n, all_left, d, form="greenwood")
        error = np.stack([_incidence_error(rows, g, k, before[g], share[g]) for g in range(len(n))])
        blocks.append(
            share_steps(
                cause=name,
                at_risk=n,
                events=d,
                censored=rows.table.censored,
                share=share,
                standard_error=error,
                confidence_level=confidence_level,
                scale=interval,
                complement=False,
            )
        )
    return curve_from(
        rows.table,
        blocks,
        measure="cumulative_incidence",
        method=interval,
        confidence_level=confidence_level,
    )


def _incidence_error(
    rows: RowsAndTable, group: int, cause: int, before: np.ndarray, share: np.ndarray
) -> np.ndarray:
    counts = rows.counts[group]
    parts = [incidence_part(counts, cause, before, share), log_survival_part(counts)]
    variance = variance_along(rows.paths[group], parts, [np.ones_like(share), -share])
    error: np.ndarray = np.sqrt(variance)
    return error
