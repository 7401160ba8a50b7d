"""Curves from released counts alone: blocks of persons between points, and nothing else.

The blocks are spread over bins (`blocks`). Numbers stand only at a curve's own points, where the
blocks carry them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

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
from evalkit.results.curves import BLOCKS, OTHER, OUTCOME, WAY, GroupedEvents
from evalkit.statistics.shares.proportions import clopper_pearson_limits
from evalkit.statistics.time_to_event.blocks import bins
from evalkit.statistics.time_to_event.competing_risks import greenwood
from evalkit.statistics.time_to_event.curve_steps import pointwise_limits
from evalkit.statistics.time_to_event.restricted_mean import incidence_area

MEASURE = "cumulative_incidence"
WITHOUT_INTERVAL = "known"
# Between points that lie further apart than this, bounds say too little.
WIDEST_BOUNDS = 0.20


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
        edges = bins(events, outcome).edges
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
    points apart, and days after the last point, are ``few_at_day``. Where nobody has the
    outcome by a point, the limits are exact (Clopper & Pearson 1934), of those not last seen
    before it.
    """
    outcome = events.causes[0]
    points = events.points.get((group, outcome), ())
    n = events.persons.get(group, events.persons[""])
    few = NotEstimable(measure=MEASURE, reason="few_at_day", n=n, group=group)
    if not points or day > points[-1]:
        return few
    value, error = _incidence(events, group, outcome)
    edges = bins(events, outcome).edges
    if day in points:
        at = int(np.searchsorted(edges, day))
        low, high = _limits(value[[at]], error[[at]], confidence_level)
        so_far = _between(events, group, outcome, [p for p in points if p <= day]).sum()
        method = "log-log"
        if not so_far:
            # A part of a person is rounded away: the wider side.
            known = int(n - bins(events, outcome).of(group)[2][: at + 1].sum())
            low, high = np.array(clopper_pearson_limits(0, known, confidence_level))[:, None]
            method = "clopper_pearson"
        return Estimate(
            measure=MEASURE,
            value=float(value[at]),
            low=float(min(low[0], value[at])),
            high=float(max(high[0], value[at])),
            unit="share",
            method=method,
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
    at = int(np.searchsorted(bins(events, outcome).edges, day))
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
    all_bins = bins(events, outcome)
    own, other, seen = all_bins.of(group)
    share, _ = _incidence(events, group, outcome)
    until = int(np.searchsorted(all_bins.edges, day)) + 1
    known = share[np.searchsorted(all_bins.edges, points)]
    widths = np.diff([0, *points])
    least, most = float(widths @ np.array([0.0, *known[:-1]])), float(widths @ known)
    if most - least > WIDEST_BOUNDS * day:
        raise CannotBeComputed("few_exits")
    gone = own + other + seen
    n = np.maximum(gone.sum() - (gone.cumsum() - gone) - seen / 2, own + other)
    edges, exits = all_bins.edges[:until], own + other
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
    all_bins = bins(events, events.causes[0])
    own, other, seen = all_bins.of("")
    left = 1.0 - np.cumprod(1.0 - _leaving(own + other, seen))
    return points, left[np.searchsorted(all_bins.edges, points)]


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
    all_bins = bins(events, events.causes[0])
    counts = np.array([all_bins.of(group) for group in events.groups])
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
    """On the log-log scale; a share of 0 or 1 is its own limits."""
    limits = pointwise_limits(value, error, confidence_level=confidence_level, scale="log-log")
    low, high = (np.where(np.isfinite(limit), limit, value) for limit in limits)
    return low, high


def _between(
    events: GroupedEvents, group: str, cause: str, points: list[int] | tuple[int, ...]
) -> np.ndarray:
    """Persons with the cause between the points, as released."""
    kind = OUTCOME if cause == events.causes[0] else WAY + cause
    kind = OTHER if kind != OUTCOME and len(events.causes) == 2 else kind
    owner = (group,) if group else ()
    ends = {block.end: block.n for block in events.blocks
            if block.groups == owner and block.kind == kind}  # fmt: skip
    return np.array([ends[float(point)] for point in points], dtype=np.int64)


def _incidence(events: GroupedEvents, group: str, cause: str) -> tuple[np.ndarray, np.ndarray]:
    """Share with the cause by the end of each bin, and its standard error."""
    own, other, seen = bins(events, cause).of(group)
    exits = own + other
    gone = _leaving(exits, seen)
    hazard = gone * own / np.where(exits > 0, exits, 1.0)
    before = np.concatenate([[1.0], np.cumprod(1.0 - gone)[:-1]])
    share = np.cumsum(before * hazard)
    # The exits of a bin came from about exits / hazard persons at risk.
    at_risk = np.where(gone > 0, exits / np.where(gone > 0, gone, 1.0), 1.0)
    at_risk = np.maximum(at_risk, exits)
    variance = greenwood(at_risk, gone * at_risk, hazard * at_risk, before, share)
    return share, np.sqrt(np.maximum(variance, 0.0))


def _leaving(exits: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """Of those at risk, the part that leaves within each bin, at a constant hazard."""
    all_gone = exits + seen
    n = all_gone.sum() - (all_gone.cumsum() - all_gone)
    happens = (n > 1e-9) & (exits > 1e-9)
    staying = np.maximum(n - all_gone, 0.0) / np.where(happens, n, 1.0)
    power = exits / np.where(happens, all_gone, 1.0)
    return np.where(happens, 1.0 - staying**power, 0.0)
