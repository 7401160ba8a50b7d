"""Groups over time, judged by one figure named beforehand.

Whoever picks among share, mean days, Gray's test and Cox's ratio calls a difference in 11–12 of
100 comparisons where there is none. One figure decides; its interval is the verdict.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from evalkit.options import check_option
from evalkit.results import (
    CannotBeComputed,
    DecisiveFigure,
    Estimate,
    GroupedEvents,
    GroupsOverTime,
    NotEstimable,
    TestResult,
)
from evalkit.statistics.shares.proportions import Ranged, effective_number, mover, wilson_at
from evalkit.statistics.shares.share_counts import normal_quantile
from evalkit.statistics.states.curves import FEWEST_FOLLOWED, state_curves
from evalkit.statistics.states.histories import read_histories
from evalkit.statistics.time_to_event import grouped
from evalkit.statistics.time_to_event.event_table import event_table
from evalkit.statistics.time_to_event.gray import gray_test


def decisive_difference(
    days: npt.ArrayLike,
    causes: npt.ArrayLike,
    groups: npt.ArrayLike,
    *,
    day: int,
    cause: int = 1,
    reference: str | None = None,
    figure: DecisiveFigure = "share",
    fewest: int = FEWEST_FOLLOWED,
    confidence_level: float = 0.95,
) -> GroupsOverTime:
    """The share with the outcome by a day, or the mean days after it, in each group.

    Aalen and Johansen's (1978) cumulative incidence with the other ways to leave competing; mean
    days are the area under it, "days after having left to work, within the horizon". Wilson's
    interval at p(1 − p)/error² persons, the error by the infinitesimal jackknife from day 0, and
    the groups' limits joined by MOVER (Donner and Zou 2012).

    Args:
        days: Days to exit or last sight.
        causes: 0 while still enrolled, else the way to leave.
        groups: Group of each person.
        day: The horizon, named beforehand.
        cause: The way to leave that is the outcome.
        reference: The group the others are compared with; the last in order when left out.
        figure: ``share`` or ``mean_days``, named beforehand.
        fewest: Every group must have as many followed to the day.
        confidence_level: 0.95 for a 95 % interval.

    Raises:
        ValueError: For a misspelt figure, an unknown reference or a day that is not above 0.
        CannotBeComputed: ``one_group``; ``beyond_follow_up`` where a group has fewer than
            ``fewest`` followed to the day; ``interval_undefined`` where a group has no interval.

    Edge cases: with more than two groups there is one joint test, and pairs without a verdict.
    """
    check_option("figure", figure, DecisiveFigure)
    if not day > 0:
        raise ValueError(f"day: expected a day after entry, not {day}")
    frame = pd.DataFrame({"days": days, "cause": causes, "group": groups})
    names = [str(name) for name in pd.unique(frame["group"].sort_values())]
    if len(names) < 2:
        raise CannotBeComputed("one_group", n=len(frame))
    reference = names[-1] if reference is None else reference
    if reference not in names:
        raise ValueError(f"reference must be one of {', '.join(names)}, not {reference!r}")
    names = [*(name for name in names if name != reference), reference]
    found = {
        name: incidence_by(
            frame[frame["group"].astype(str) == name], day=day, cause=cause, fewest=fewest
        )
        for name in names
    }
    return _joined(found, day, figure, confidence_level, _gray(frame, cause))


def grouped_difference(
    events: GroupedEvents, *, day: int, figure: DecisiveFigure, confidence_level: float = 0.95
) -> GroupsOverTime:
    """As `decisive_difference`, of released counts: where the day is a point of every group.

    The interval of mean days holds whichever day between two points each person left on.

    Raises:
        CannotBeComputed: ``one_group``; ``few_at_day`` where the day is no point of every group,
            ``few_exits`` where mean days depend too much on when between points persons left.
    """
    check_option("figure", figure, DecisiveFigure)
    if len(events.groups) < 2:
        raise CannotBeComputed("one_group", n=events.persons[""])
    if events.hidden:
        raise CannotBeComputed("few_exits")
    found = {}
    for group in events.groups:
        share, error = grouped.share_and_error(events, day, group=group)
        if figure == "mean_days":
            days = grouped.mean_days_after(events, day, group=group)
            between = days.least, days.most
        else:
            days, between = grouped.MeanDays(0.0, 0.0, 0.0, 0.0), None
        found[group] = Incidence(
            events.persons[group], share, error, days.value, days.error, between
        )
    none = NotEstimable(measure="share_by_day", reason="few_exits", n=events.persons[""])
    return _joined(found, day, figure, confidence_level, none)


def _joined(
    found: dict[str, Incidence],
    day: int,
    figure: DecisiveFigure,
    confidence_level: float,
    curves_differ: TestResult | NotEstimable,
) -> GroupsOverTime:
    """Each group's figure and its difference from the last, the reference."""
    *_, reference = found
    whole = 1.0 if figure == "share" else float(day)
    z = normal_quantile(confidence_level)
    ranged = {name: _limits(figures, figure, whole, z) for name, figures in found.items()}
    return GroupsOverTime(
        judged_by=figure,
        day=day,
        groups=tuple(
            _estimate(ranged[name], found[name].n, name, figure, confidence_level) for name in found
        ),
        differences=tuple(
            _estimate(
                mover(ranged[name], ranged[reference]),
                found[name].n + found[reference].n,
                name,
                figure,
                confidence_level,
                is_difference=True,
            )
            for name in list(found)[:-1]
        ),
        curves_differ=curves_differ,
    )


@dataclass(frozen=True, slots=True)
class Incidence:
    """One group's share and mean days by a day, with their errors.

    ``between``: what the mean days are at least and at most, where days are not known.
    """

    n: int
    share: float
    share_error: float
    mean_days: float
    mean_days_error: float
    between: tuple[float, float] | None = None


def incidence_by(frame: pd.DataFrame, *, day: int, cause: int, fewest: int = 1) -> Incidence:
    """Cumulative incidence by a day, and the area under it, from ``days`` and ``cause``."""
    time, why = frame["days"].to_numpy(float), frame["cause"].to_numpy(int)
    # Whoever has left is known from then on; where nobody's sight ends before the day all are.
    all_seen = not ((why == 0) & (time < day)).any()
    followed = len(time) if all_seen else int((time >= day).sum())
    if followed < fewest:
        raise CannotBeComputed("beyond_follow_up", n=len(time), day=day, last=int(time.max()))
    state = np.where(why == 0, "in", np.where(why == cause, "out", "otherwise"))
    left = np.flatnonzero(why != 0)
    # What happens on day 0 comes after its start, and an exit before the last sight of others.
    after_start = np.maximum(time, 1e-9)
    everyone = np.arange(len(time))
    statuses = pd.DataFrame(
        {
            "id": np.concatenate([everyone, left]),
            "day": np.concatenate([np.zeros(len(time)), after_start[left]]),
            "status": np.concatenate([np.full(len(time), "in"), state[left]]),
        }
    )
    until = np.where(why == 0, after_start, np.maximum(time, day))
    curves = state_curves(
        read_histories(statuses, pd.Series(until), states=("in", "out", "otherwise")),
        kind="changes",
        horizon=day,
        days=[day],
        fewest=1,
    )
    return Incidence(
        n=len(time),
        share=float(curves.shares[0, 1]),
        share_error=float(curves.standard_errors[0, 1]),
        mean_days=float(curves.mean_days[1]),
        mean_days_error=float(curves.mean_days_errors[1]),
    )


def _limits(found: Incidence, figure: DecisiveFigure, whole: float, z: float) -> Ranged:
    value, error = (
        (found.share, found.share_error)
        if figure == "share"
        else (found.mean_days, found.mean_days_error)
    )
    persons = effective_number(value / whole, (error / whole) ** 2)
    # Nobody, or everyone from the first day: worth the persons there are.
    worth = persons if np.isfinite(persons) else found.n
    least, most = found.between or (value, value)
    low, high = (wilson_at(end / whole, worth, z) for end in (least, most))
    return Ranged(value, whole * low.low, whole * high.high)


def _estimate(
    found: Ranged,
    n: int,
    group: str,
    figure: DecisiveFigure,
    confidence_level: float,
    *,
    is_difference: bool = False,
) -> Estimate:
    share = figure == "share"
    return Estimate(
        measure=("share_by_day" if share else "days_after_exit")
        + ("_difference" if is_difference else ""),
        value=found.value,
        low=min(found.low, found.value),
        high=max(found.high, found.value),
        unit="days" if not share else "share_difference" if is_difference else "share",
        method="mover" if is_difference else "wilson_effective",
        confidence_level=confidence_level,
        n=n,
        cells=(),
        group=group,
    )


def _gray(frame: pd.DataFrame, cause: int) -> TestResult | NotEstimable:
    """Do the curves differ anywhere; once, for all groups together."""
    codes = frame["cause"].to_numpy(int)
    others = sorted(set(codes) - {0, cause})
    renamed = np.select([codes == c for c in (cause, *others)], range(1, len(others) + 2), 0)
    try:
        table = event_table(
            frame["days"].to_numpy(),
            renamed,
            cause_names=[f"cause_{c}" for c in (cause, *others)],
            groups=frame["group"].to_numpy(),
        )
        return gray_test(table, cause=f"cause_{cause}")
    except CannotBeComputed as error:
        return NotEstimable(measure="share_by_day", reason=error.reason, n=len(frame))
