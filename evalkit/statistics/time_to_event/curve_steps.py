"""Arrays per group and time → the rows of a `Curve`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from evalkit.options import check_option
from evalkit.results import Curve, CurveMeasure, EventTable
from evalkit.shape import as_from
from evalkit.statistics.time_to_event.curve_limits import IntervalScale, pointwise_limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """One cause's estimate on the table's grid, each array ``(G, T)``."""

    cause: str
    at_risk: np.ndarray
    events: np.ndarray
    censored: np.ndarray
    value: np.ndarray
    standard_error: np.ndarray
    low: np.ndarray
    high: np.ndarray


def steps_frame(table: EventTable, blocks: list[Steps]) -> pd.DataFrame:
    """Rows per group, cause and time where someone in the group left or was last seen.

    ``standard_error``, ``low`` and ``high`` are nullable: ``pd.NA`` where undefined.
    """
    group, time = np.nonzero((table.left.sum(axis=2) + table.censored) > 0)
    frames = [_rows(table, block, group, time) for block in blocks]
    if len(frames) == 1:
        return frames[0]
    cause = np.repeat(np.arange(len(blocks)), len(time))
    order = np.lexsort((np.tile(time, len(blocks)), cause, np.tile(group, len(blocks))))
    return pd.concat(frames, ignore_index=True).iloc[order].reset_index(drop=True)


def _rows(table: EventTable, block: Steps, group: np.ndarray, time: np.ndarray) -> pd.DataFrame:
    columns: dict[str, object] = {
        "group": pd.array(table.groups, dtype="str").take(group),
        "cause": pd.array([block.cause], dtype="str").take(np.zeros(len(group), dtype=int)),
        "day": table.times[time],
    }
    for name in ("at_risk", "events", "censored", "value"):
        columns[name] = getattr(block, name)[group, time]
    for name in ("standard_error", "low", "high"):
        columns[name] = _nullable(getattr(block, name)[group, time])
    return pd.DataFrame(columns)


def _nullable(values: np.ndarray) -> pd.arrays.FloatingArray:
    """Floats with ``pd.NA``, never NaN, where undefined."""
    undefined = ~np.isfinite(values)
    return pd.arrays.FloatingArray(np.where(undefined, 0.0, values), undefined)


def curve_from(
    table: EventTable,
    blocks: list[Steps],
    *,
    measure: CurveMeasure,
    method: str,
    confidence_level: float,
) -> Curve:
    """The curve of the blocks, with persons and length of follow-up per group."""
    check_option("measure", measure, CurveMeasure)
    happens = (table.left.sum(axis=2) + table.censored) > 0
    last = [table.times[row].max() if row.any() else 0 for row in happens]
    curve = Curve(
        measure=measure,
        steps=steps_frame(table, blocks),
        method=method,
        confidence_level=confidence_level,
        persons={g: int(n) for g, n in zip(table.groups, table.persons, strict=True)},
        follow_up_days={g: float(t) for g, t in zip(table.groups, last, strict=True)},
        delayed_entry=bool(table.entered.any()),
    )
    return as_from(table, curve)


def share_steps(
    *,
    cause: str,
    at_risk: np.ndarray,
    events: np.ndarray,
    censored: np.ndarray,
    share: np.ndarray,
    standard_error: np.ndarray,
    confidence_level: float,
    scale: IntervalScale,
    complement: bool,
) -> Steps:
    """Steps of a share with limits on the named scale; ``complement`` turns S into 1 − S.

    The limits belong to the share handed in (log-log of S is not log-log of 1 − S), the
    complement only turns them over.
    """
    check_option("scale", scale, IntervalScale)
    low, high = pointwise_limits(
        share, standard_error, confidence_level=confidence_level, scale=scale
    )
    if complement:
        share, low, high = 1 - share, 1 - high, 1 - low
    return Steps(
        cause=cause,
        at_risk=at_risk,
        events=events,
        censored=censored,
        value=share,
        standard_error=standard_error,
        low=low,
        high=high,
    )
