"""Arrays per group and time → the rows of a `Curve`, limits on the scale its method names.

R's ``survfit`` calls these ``conf.type``; the scale decides how limits behave near 0 and 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from evalkit.options import check_option
from evalkit.results import Curve, CurveMeasure, EventTable
from evalkit.shape import as_from
from evalkit.statistics.shares.share_counts import normal_quantile


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
        values = getattr(block, name)[group, time]
        undefined = ~np.isfinite(values)
        columns[name] = pd.arrays.FloatingArray(np.where(undefined, 0.0, values), undefined)
    return pd.DataFrame(columns)


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


IntervalScale = Literal["log-log", "log", "plain", "logit", "arcsin"]


def pointwise_limits(
    share: np.ndarray, standard_error: np.ndarray, *, confidence_level: float, scale: IntervalScale
) -> tuple[np.ndarray, np.ndarray]:
    """Limits (low, high) of shares in 0–1; NaN where the scale leaves them undefined.

    Delta-method limits: share ± z·se on the transformed scale, transformed back, cut to 0–1
    (Kalbfleisch & Prentice 2002, §1.4; Borgan & Liestøl 1990 for arcsin). NaN marks, inside
    analysis only, a limit that does not exist: a log(−log) or logit limit where the share is
    exactly 0 or 1, any limit where the standard error is undefined.

    Raises:
        ValueError: For an unknown scale.
    """
    check_option("scale", scale, IntervalScale)
    z = normal_quantile(confidence_level)
    transform = {
        "plain": _plain,
        "log": _log,
        "log-log": _log_log,
        "logit": _logit,
        "arcsin": _arcsin,
    }[scale]
    with np.errstate(divide="ignore", invalid="ignore"):
        return transform(share, z * standard_error)


def _plain(share: np.ndarray, half: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return np.maximum(share - half, 0.0), np.minimum(share + half, 1.0)


def _log(share: np.ndarray, half: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    factor = np.where(share > 0, np.exp(half / share), np.nan)
    return share / factor, np.minimum(share * factor, 1.0)


def _log_log(share: np.ndarray, half: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    inside = np.where((share > 0) & (share < 1), share, np.nan)
    logarithm = np.log(inside)
    factor = np.exp(half / (inside * -logarithm))
    return np.exp(logarithm * factor), np.exp(logarithm / factor)


def _logit(share: np.ndarray, half: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    inside = np.where((share > 0) & (share < 1), share, np.nan)
    logit = np.log(inside / (1 - inside))
    distance = half / (inside * (1 - inside))
    return 1 / (1 + np.exp(distance - logit)), 1 / (1 + np.exp(-distance - logit))


def _arcsin(share: np.ndarray, half: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    angle = np.arcsin(np.sqrt(share))
    inside = np.where((share > 0) & (share < 1), share, np.nan)
    distance = half / (2 * np.sqrt(inside * (1 - inside)))
    low = np.sin(np.maximum(angle - distance, 0.0)) ** 2
    return low, np.sin(np.minimum(angle + distance, np.pi / 2)) ** 2
