"""Curves from released counts alone: blocks of persons between points, and nothing else.

Within a block nobody knows on which day a person left. Everyone's blocks are spread over
30-day bins in proportion to persons at risk times days; each group's bins start as its part of
everyone's and are raked to every block that is released. Numbers stand only at a curve's own
points, where the blocks carry them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from scipy.special import gammaincc

from evalkit.results import (
    Between,
    CannotBeComputed,
    Curve,
    Estimate,
    NotEstimable,
    TestResult,
)
from evalkit.results.curves import (
    BLOCKS,
    LAST_SEEN,
    OTHER,
    OUTCOME,
    REST,
    EventBlock,
    GroupedEvents,
)
from evalkit.statistics.shares.share_counts import normal_quantile
from evalkit.statistics.time_to_event.restricted_mean import incidence_area

BIN_DAYS = 30
_TAIL_DAYS = 180.0
_SPREADINGS, _RAKINGS = 8, 80
_KINDS = (OUTCOME, OTHER, LAST_SEEN)
MEASURE = "cumulative_incidence"
WITHOUT_INTERVAL = "known"
# Between points that lie further apart than this, bounds say too little.
WIDEST_BOUNDS = 0.20


@dataclass(frozen=True, slots=True, eq=False)
class _Bins:
    """Persons per group (everyone first), kind and bin of days, as released counts have them."""

    edges: np.ndarray
    names: tuple[str, ...]
    counts: np.ndarray

    def of(self, group: str) -> np.ndarray:
        found: np.ndarray = self.counts[self.names.index(group)]
        return found


def incidence(events: GroupedEvents, *, cause: str = "", confidence_level: float = 0.95) -> Curve:
    """Cumulative incidence at each curve's own points, constant hazards within bins.

    With n at risk at the start of a bin, d exits (d_k by the cause) and c last seen in it,
    S falls by the factor ((n − d − c)/n)^(d/(d + c)) (Chiang 1968), of which the cause has
    d_k/d. Without anybody last seen this is the exact Aalen–Johansen estimate. Standard
    errors are Aalen's from the same bins, limits log(−log).

    Raises:
        CannotBeComputed: ``few_exits`` where no group has a point.
    """
    outcome = cause or events.causes[0]
    rows = []
    for group in events.groups:
        points = events.points.get((group, outcome), ())
        if not points:
            continue
        value, error = _incidence(events, group, outcome)
        edges = _bins(events, outcome).edges
        steps = np.searchsorted(edges, points)
        low, high = _limits(value[steps], error[steps], confidence_level)
        frame = pd.DataFrame(
            {"group": group, "cause": outcome, "day": np.array(points, dtype=float),
             "at_risk": pd.NA, "events": _between(events, group, outcome, points),
             "censored": pd.NA, "value": value[steps], "standard_error": error[steps],
             "low": low, "high": high}
        )  # fmt: skip
        rows.append(frame)
    if not rows:
        raise CannotBeComputed("few_exits")
    steps_of_all = pd.concat(rows, ignore_index=True)
    last = steps_of_all.groupby("group")["day"].max()
    return Curve(
        measure="cumulative_incidence",
        steps=steps_of_all,
        method="log-log",
        confidence_level=confidence_level,
        persons={group: events.persons[group] for group in last.index},
        follow_up_days={str(group): float(day) for group, day in last.items()},
        protection=BLOCKS,
    )


def share_by(
    events: GroupedEvents, day: float, *, group: str = "", confidence_level: float = 0.95
) -> Estimate | Between | NotEstimable:
    """The share with the outcome by a day: its number at a point, else bounds, else too few.

    Between two own points the share lies between theirs; bounds more than 20 percentage
    points apart, and days after the last point, are ``few_at_day``.
    """
    outcome = events.causes[0]
    points = events.points.get((group, outcome), ())
    n = events.persons.get(group, events.persons[""])
    few = NotEstimable(measure=MEASURE, reason="few_at_day", n=n, group=group)
    if not points or day > points[-1]:
        return few
    value, error = _incidence(events, group, outcome)
    edges = _bins(events, outcome).edges
    if day in points:
        at = int(np.searchsorted(edges, day))
        low, high = _limits(value[[at]], error[[at]], confidence_level)
        so_far = _between(events, group, outcome, [p for p in points if p <= day]).sum()
        return Estimate(
            measure=MEASURE,
            value=float(value[at]),
            low=float(min(low[0], value[at])),
            high=float(max(high[0], value[at])),
            unit="share",
            method="log-log",
            confidence_level=confidence_level,
            n=n,
            cells=(int(so_far), int(n - so_far)),
            group=group,
        )
    before = [point for point in points if point < day]
    after = min(point for point in points if point > day)
    lowest = float(value[np.searchsorted(edges, before[-1])]) if before else 0.0
    highest = float(value[np.searchsorted(edges, after)])
    if highest - lowest > WIDEST_BOUNDS:
        return few
    return Between(measure=MEASURE, low=lowest, high=highest, unit="share", n=n, group=group)


def share_and_error(events: GroupedEvents, day: float, *, group: str = "") -> tuple[float, float]:
    """The share with the outcome by a day that is an own point, and its standard error.

    Raises:
        CannotBeComputed: ``few_at_day`` where the day is no point.
    """
    outcome = events.causes[0]
    if day not in events.points.get((group, outcome), ()):
        raise CannotBeComputed("few_at_day")
    value, error = _incidence(events, group, outcome)
    at = int(np.searchsorted(_bins(events, outcome).edges, day))
    return float(value[at]), float(error[at])


@dataclass(frozen=True, slots=True)
class MeanDays:
    """Mean days after the outcome within a time, and what they are at least and at most."""

    value: float
    error: float
    least: float
    most: float


def mean_days_after(events: GroupedEvents, day: int, *, group: str) -> MeanDays:
    """The area under the incidence up to a day that is an own point.

    Between two points nobody knows on which day a person left: ``least`` has all of them leave
    at its end, ``most`` at its start. The error is as if everyone left at the end of a bin.

    Raises:
        CannotBeComputed: ``few_exits`` where the day is no point, or points lie so far apart
            that least and most differ by more than 20 of 100 days.
    """
    outcome = events.causes[0]
    points = [point for point in events.points.get((group, outcome), ()) if point <= day]
    if day not in points:
        raise CannotBeComputed("few_exits")
    bins = _bins(events, outcome)
    own, other, seen = bins.of(group)
    share, _ = _incidence(events, group, outcome)
    until = int(np.searchsorted(bins.edges, day)) + 1
    known = share[np.searchsorted(bins.edges, points)]
    widths = np.diff([0, *points])
    least, most = float(widths @ np.array([0.0, *known[:-1]])), float(widths @ known)
    if most - least > WIDEST_BOUNDS * day:
        raise CannotBeComputed("few_exits")
    gone = own + other + seen
    n = np.maximum(gone.sum() - (gone.cumsum() - gone) - seen / 2, own + other)
    edges, exits = bins.edges[:until], own + other
    _, variance = incidence_area(edges, n[:until], exits[:until], own[:until], day)
    value = np.trapezoid([0.0, *share[:until]], [0.0, *edges])
    return MeanDays(min(max(float(value), least), most), math.sqrt(variance), least, most)


def exited(events: GroupedEvents) -> tuple[tuple[int, ...], np.ndarray]:
    """Days at which it is known how many of everyone had left in any way, and their shares."""
    ends = [
        {int(b.end) for b in events.blocks
         if not b.groups and b.kind == kind and math.isfinite(b.end)}
        for kind in (OUTCOME, OTHER)
    ]  # fmt: skip
    points = tuple(sorted(ends[0] & ends[1])) if events.groups else ()
    if not points:
        return (), np.zeros(0)
    bins = _bins(events, events.causes[0])
    own, other, seen = bins.of("")
    n, survival, left = own.sum() + other.sum() + seen.sum(), 1.0, []
    for exits, censored in zip(own + other, seen, strict=True):
        if n > 1e-9 and exits > 1e-9:
            staying = max(n - exits - censored, 0.0)
            survival *= (staying / n) ** (exits / (exits + censored))
        left.append(1.0 - survival)
        n -= exits + censored
    return points, np.array(left)[np.searchsorted(bins.edges, points)]


def days_until(events: GroupedEvents, share: float) -> Between:
    """Points between which a share of everyone had left in any way; beyond the last: ``inf``.

    Raises:
        CannotBeComputed: ``few_exits`` where no day is a point.
    """
    points, left = exited(events)
    if not points:
        raise CannotBeComputed("few_exits")
    reached = np.flatnonzero(left >= share)
    first = int(reached[0]) if len(reached) else len(points)
    return Between(
        measure="median_days",
        low=float(points[first - 1]) if first else 0.0,
        high=float(points[first]) if len(reached) else math.inf,
        unit="days",
        n=events.persons[""],
    )


def restricted_mean_days(events: GroupedEvents) -> Estimate:
    """Whole days until everyone leaves in any way, counted to the longest horizon at most.

    The area above the line through the points.

    Raises:
        CannotBeComputed: ``few_exits`` where some horizon is no point.
    """
    points, left = exited(events)
    if not events.horizons or not set(events.horizons) <= set(points):
        raise CannotBeComputed("few_exits")
    longest = max(events.horizons)
    days = [0, *(point for point in points if point <= longest)]
    at = np.array([0.0, *left[: len(days) - 1]])
    area = round(float(np.trapezoid(1.0 - at, np.array(days, dtype=float))))
    return Estimate(
        measure="restricted_mean_days",
        value=area,
        low=area,
        high=area,
        unit="days",
        method=WITHOUT_INTERVAL,
        confidence_level=0.95,
        n=events.persons[""],
        cells=(),
    )


def gray_like_test(events: GroupedEvents) -> TestResult:
    """Whether the shares with the outcome differ, of the released counts; p with two decimals.

    Gray (1988) with raked counts per bin, half of those last seen before the exits. Raking
    lends every group the timing of all, so the p-value errs towards 1.

    Raises:
        CannotBeComputed: ``one_group`` where fewer than two groups have a curve, or some
            group has none.
    """
    if events.hidden or len(events.groups) < 2:
        raise CannotBeComputed("one_group")
    bins = _bins(events, events.causes[0])
    counts = np.array([bins.of(group) for group in events.groups])
    own, other, seen = counts[:, 0], counts[:, 1], counts[:, 2]
    gone = own + other + seen
    at_start = counts.sum(axis=(1, 2))[:, None] - (gone.cumsum(axis=1) - gone)
    n = np.maximum(at_start - seen / 2, own + other)
    score, variance = _gray_scores(n, own, other)
    freedom = len(counts) - 1
    statistic = float(score[:-1] @ np.linalg.pinv(variance[:-1, :-1]) @ score[:-1])
    return TestResult(
        name="gray_grouped",
        statistic=round(statistic, 2),
        degrees_of_freedom=freedom,
        p_value=round(float(gammaincc(freedom / 2, statistic / 2)), 2),
        n=sum(events.persons[group] for group in events.groups),
        cells=(),
    )


def _gray_scores(
    n: np.ndarray, own: np.ndarray, other: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Score and variance with the risk sets of the subdistribution, hypergeometric by bin."""
    safe = np.where(n > 0, n, 1.0)
    survival = np.cumprod(1.0 - (own + other) / safe, axis=1)
    before = np.concatenate([np.ones((len(n), 1)), survival[:, :-1]], axis=1)
    incidence_before = np.cumsum(before * own / safe, axis=1) - before * own / safe
    still = np.where(before > 0, n / np.where(before > 0, before, 1.0), 0.0)
    risk = still * (1.0 - incidence_before)
    total, events = risk.sum(axis=0), own.sum(axis=0)
    used = (total > 1) & (events > 0)
    part = risk[:, used] / total[used]
    score = (own[:, used] - events[used] * part).sum(axis=1)
    weight = events[used] * np.maximum(total[used] - events[used], 0.0) / (total[used] - 1.0)
    variance = np.diag((weight * part).sum(axis=1)) - (weight * part) @ part.T
    return score, variance


def _limits(
    value: np.ndarray, error: np.ndarray, confidence_level: float
) -> tuple[np.ndarray, np.ndarray]:
    z = normal_quantile(confidence_level)
    inside = np.clip(value, 1e-12, 1 - 1e-12)
    factor = np.exp(z * error / (inside * -np.log(inside)))
    is_open = (value > 0) & (value < 1) & (error > 0)
    low = np.where(is_open, inside**factor, value)
    high = np.where(is_open, inside ** (1 / factor), value)
    return low, high


def _between(
    events: GroupedEvents, group: str, cause: str, points: list[int] | tuple[int, ...]
) -> np.ndarray:
    """Persons with the cause between the points, as released."""
    kind = OUTCOME if cause == events.causes[0] else cause
    kind = OTHER if kind != OUTCOME and len(events.causes) == 2 else kind
    owner = (group,) if group else ()
    ends = {block.end: block.n for block in events.blocks
            if block.groups == owner and block.kind == kind}  # fmt: skip
    return np.array([ends[float(point)] for point in points], dtype=np.int64)


def _incidence(events: GroupedEvents, group: str, cause: str) -> tuple[np.ndarray, np.ndarray]:
    """Share with the cause by the end of each bin, and its standard error."""
    counts = _bins(events, cause).of(group)
    own, other, seen = counts[0], counts[1], counts[2]
    n = counts.sum()
    share = np.zeros(len(own))
    hazards = np.zeros((2, len(own)))
    survival, so_far, before = 1.0, 0.0, np.zeros(len(own))
    risk = np.zeros(len(own))
    for j in range(len(own)):
        exits = own[j] + other[j]
        before[j], risk[j] = survival, n
        if n > 1e-9 and exits > 1e-9:
            left = max(n - exits - seen[j], 0.0)
            gone = 1.0 - (left / n) ** (exits / (exits + seen[j]))
            so_far += survival * gone * own[j] / exits
            hazards[:, j] = gone * own[j] / exits, gone * other[j] / exits
            survival *= 1.0 - gone
        share[j] = so_far
        n -= exits + seen[j]
    return share, _standard_error(share, before, hazards, np.array([own, other]))


def _standard_error(
    share: np.ndarray, before: np.ndarray, hazards: np.ndarray, exits: np.ndarray
) -> np.ndarray:
    """Greenwood's for competing risks (Marubini & Valsecchi 1995, eq. 10.12), by bin."""
    gone = hazards.sum(axis=0)
    # The exits of a bin came from about exits / hazard persons at risk.
    at_risk = np.where(gone > 0, exits.sum(axis=0) / np.where(gone > 0, gone, 1.0), 1.0)
    at_risk = np.maximum(at_risk, exits.sum(axis=0))
    spread = gone / (at_risk * np.maximum(1.0 - gone, 1e-9))
    spread = np.where(gone < 1.0, spread, 0.0)
    found = np.zeros(len(share))
    for t in range(len(share)):
        ahead = share[t] - share[: t + 1]
        one = (ahead**2 * spread[: t + 1]).sum()
        own = hazards[0, : t + 1]
        two = (before[: t + 1] ** 2 * own * (1 - own) / at_risk[: t + 1]).sum()
        three = (ahead * before[: t + 1] * own / at_risk[: t + 1]).sum()
        found[t] = math.sqrt(max(one + two - 2 * three, 0.0))
    return found


def _bins(events: GroupedEvents, cause: str) -> _Bins:
    return _bins_of(_Frozen(events), cause)


@dataclass(frozen=True, slots=True)
class _Frozen:
    """Released counts as a key: the same object is the same counts."""

    events: GroupedEvents

    def __hash__(self) -> int:
        return id(self.events)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Frozen) and other.events is self.events


@lru_cache(maxsize=64)
def _bins_of(key: _Frozen, cause: str) -> _Bins:
    events = key.events
    ends = {block.end for block in events.blocks if math.isfinite(block.end)}
    last = int(max(ends, default=BIN_DAYS))
    edges = np.array(sorted({*range(BIN_DAYS, last + 1, BIN_DAYS), *ends}), dtype=float)
    whole = _everyone(events, cause, edges)
    groups = tuple(group for group in events.groups if group)
    if not groups:
        return _Bins(edges, ("",), whole[None])
    known = sum(events.persons[group] for group in groups)
    sizes = [events.persons[group] for group in groups]
    rest = events.persons[""] - known
    names = (*groups, *(("\0rest",) if rest else ()))
    parts = np.array([*sizes, *([rest] if rest else [])], dtype=float) / events.persons[""]
    start = parts[:, None, None] * whole[None] + 1e-9
    counts = _raked(start, events, names, edges)
    return _Bins(edges, ("", *names), np.concatenate([whole[None], counts]))


def _everyone(events: GroupedEvents, cause: str, edges: np.ndarray) -> np.ndarray:
    """``(3, bins)``: the cause, the other ways, last seen; spread by risk and days."""
    kinds = [[b for b in events.blocks if not b.groups and b.kind == kind] for kind in _KINDS]
    single = [b for b in events.blocks if not b.groups and b.kind == cause]
    widths = np.diff(np.concatenate([[0.0], edges, [edges[-1] + _TAIL_DAYS]]))
    ids, counts = zip(*(_ids(own, edges) for own in kinds), strict=True)
    n = float(events.persons[""])
    risk, spread = np.full(len(widths), n), np.zeros((3, len(widths)))
    for _ in range(_SPREADINGS):
        weight = widths * np.maximum(risk, 1e-9)
        spread = np.array([_spread(weight, i, c) for i, c in zip(ids, counts, strict=True)])
        gone = spread.sum(axis=0)
        risk = n - (gone.cumsum() - gone) - gone / 2
    if cause != events.causes[0] and len(events.causes) > 2:
        own_ids, own_counts = _ids(single, edges)
        own = _spread(widths * np.maximum(risk, 1e-9), own_ids, own_counts)
        both = spread[0] + spread[1]
        own = np.minimum(own, both)
        return np.array([own, both - own, spread[2]])
    return spread if cause == events.causes[0] else spread[[1, 0, 2]]


def _ids(own: list[EventBlock], edges: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    ordered = sorted(own, key=lambda block: block.end)
    ends = [block.end for block in ordered]
    limits = np.concatenate([edges, [np.inf]])
    ids = np.searchsorted(ends, limits, side="left") if ends else np.zeros(len(limits), int)
    counts = np.array([block.n for block in ordered] or [0], dtype=float)
    return np.minimum(ids, len(counts) - 1), counts


def _spread(weight: np.ndarray, ids: np.ndarray, counts: np.ndarray) -> np.ndarray:
    total = np.bincount(ids, weight, minlength=len(counts))
    found: np.ndarray = weight * (counts / np.where(total > 0, total, 1.0))[ids]
    return found


def _raked(
    start: np.ndarray,
    events: GroupedEvents,
    names: tuple[str, ...],
    edges: np.ndarray,
) -> np.ndarray:
    """Iterative proportional fitting to every released block."""
    targets = _targets(start.shape, events, names, np.concatenate([edges, [np.inf]]))
    counts = start.ravel().copy()
    for _ in range(_RAKINGS):
        for where_flat, n in targets:
            now = counts[where_flat].sum()
            counts[where_flat] *= n / now if now > 0 else 0.0
    found: np.ndarray = counts.reshape(start.shape)
    return found


def _targets(
    shape: tuple[int, ...], events: GroupedEvents, names: tuple[str, ...], limits: np.ndarray
) -> list[tuple[np.ndarray, float]]:
    """Places that each block counts, and its number of persons; the rest last."""
    place = {name: i for i, name in enumerate(names)}
    counted = np.zeros(shape, dtype=bool)
    found = []
    for block in sorted(events.blocks, key=lambda one: one.kind == REST):
        own = {place.get(group, len(names) - 1) for group in block.groups}
        own = own or set(range(len(names)))
        where = np.zeros(shape, dtype=bool)
        for g in own if block.kind == REST else ():
            where[g] = ~counted[g]
        days = (limits > block.start) & (limits <= block.end)
        for g in own if block.kind in _KINDS else ():
            where[g, _KINDS.index(block.kind), days] = True
        if block.groups:
            counted |= where
        if where.any():
            found.append((where.ravel().nonzero()[0], float(block.n)))
    return found
