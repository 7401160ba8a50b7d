"""Share in a state on a day, and work throughout up to a day, with the unknown at both extremes.

Silence is not work: whoever is not known is counted as out of the state, and then as in it.
"""

from __future__ import annotations

import numpy as np

from evalkit.options import check_option
from evalkit.results import BoundedShare, CannotBeComputed, DaysRange, FollowUpKind, SustainedWork
from evalkit.statistics.shares.joined_limits import wilson_at
from evalkit.statistics.shares.proportions import proportion
from evalkit.statistics.shares.share_counts import normal_quantile
from evalkit.statistics.states.histories import UNKNOWN, Histories

WINDOW_DAYS = 45


def share_in_state(
    histories: Histories,
    *,
    day: int,
    state: str = "work",
    kind: FollowUpKind = "contacts",
    window: int = WINDOW_DAYS,
    fewest: int = 1,
    confidence_level: float = 0.95,
) -> BoundedShare:
    """The share in a state on a day, of those known and between the extremes of all.

    A person's status is the last one dated no later than the day. It is unknown where it says
    so, and for contacts where it is older than ``window``. Wilson's interval among the known;
    the outer interval runs from the lower limit of "none of the unknown" to the upper of "all".

    Args:
        histories: From `read_histories`.
        day: Days since the start; read a contact day with its slack, as day 104 for three months
            asked within two weeks.
        state: The state.
        kind: ``changes`` where every change is dated, ``contacts`` where the status was asked.
        window: Days after which an answer says nothing of the day any more.
        fewest: Fewest persons followed to the day that a figure may rest on.
        confidence_level: 0.95 for a 95 % interval.

    Raises:
        CannotBeComputed: ``too_few_followed`` with fewer than ``fewest`` followed to the day,
            ``status_unknown_for_all`` where nobody's status is known.
    """
    check_option("kind", kind, FollowUpKind)
    reached = histories.followed >= day
    n = int(reached.sum())
    if n < max(fewest, 1):
        raise CannotBeComputed("too_few_followed", n=n, day=day)
    found, dated = histories.at(np.full(histories.n, float(day)))
    known = reached & ~_says_unknown(histories, found)
    if kind == "contacts":
        known &= day - dated <= window
    k, x = int(known.sum()), int((known & (found == histories.code(state))).sum())
    if k == 0:
        raise CannotBeComputed("status_unknown_for_all", n=n, day=day)
    low, high, outer_low, outer_high = bounds_of(x, k, n, confidence_level)
    return BoundedShare(
        day=day,
        of_known=proportion(events=x, n=k, confidence_level=confidence_level, group=state),
        low=low,
        high=high,
        outer_low=outer_low,
        outer_high=outer_high,
        in_state=x,
        known=k,
        n=n,
    )


def sustained_work(
    histories: Histories,
    *,
    day: int,
    state: str = "work",
    kind: FollowUpKind = "contacts",
    window: int = WINDOW_DAYS,
    fewest: int = 1,
    confidence_level: float = 0.95,
) -> SustainedWork:
    """Of those who left to work: work at every dated status up to a day.

    From contacts it says "at the times we asked", not "every day": of 100 so counted about 20
    had a gap in between.

    Args:
        histories: Of everyone; those starting in ``state`` are counted.
        day: Days since the start, 90 or 180; for contacts with its slack.
        state: The state to be in throughout.
        kind: See `share_in_state`; with contacts the last answer must be within the window.
        window: As in `share_in_state`.
        fewest: As in `share_in_state`.
        confidence_level: 0.95 for a 95 % interval.

    Raises:
        CannotBeComputed: ``too_few_followed``.
    """
    check_option("kind", kind, FollowUpKind)
    leavers = histories.starting_in(state)
    leavers = leavers.only(leavers.followed >= day)
    if leavers.n < max(fewest, 1):
        raise CannotBeComputed("too_few_followed", n=leavers.n, day=day)
    own = (leavers.day > 0) & (leavers.day <= day)
    is_state = leavers.state == leavers.code(state)
    is_unknown = _says_unknown(leavers, leavers.state)
    ended = _anyone(leavers, own & ~is_state & ~is_unknown)
    undecided = _anyone(leavers, own & is_unknown)
    if kind == "contacts":
        undecided |= ~_anyone(leavers, own & is_state & (leavers.day >= day - window))
    undecided &= ~ended
    sustained = int((~ended & ~undecided).sum())
    n, unsure = leavers.n, int(undecided.sum())
    low, high, outer_low, outer_high = bounds_of(sustained, n - unsure, n, confidence_level)
    return SustainedWork(
        day=day,
        kind=kind,
        sustained=sustained,
        undecided=unsure,
        ended=int(ended.sum()),
        low=low,
        high=high,
        outer_low=outer_low,
        outer_high=outer_high,
    )


def days_range(histories: Histories, *, horizon: int, state: str = "work") -> DaysRange:
    """Mean days in a state from contacts, as a range: if nothing changed between two answers.

    Stretches with the state at both ends, and at either end; work at both ends may still hide a
    gap. Answers that say "unknown" are no answers. Whoever is not followed to the horizon is
    left out.

    Raises:
        CannotBeComputed: ``too_few_followed`` when nobody is followed to the horizon.
    """
    kept = histories.only(histories.followed >= horizon)
    if kept.n == 0:
        raise CannotBeComputed("too_few_followed", n=0, day=horizon)
    known = ~_says_unknown(kept, kept.state)
    person, day, at_work = (
        kept.person[known],
        kept.day[known],
        (kept.state == kept.code(state))[known],
    )
    is_last = np.append(np.diff(person) != 0, True)
    until = np.minimum(np.where(is_last, horizon, np.roll(day, -1)), horizon)
    length = np.maximum(until - np.minimum(day, horizon), 0)
    next_at_work = np.roll(at_work, -1) & ~is_last
    both, either = at_work & next_at_work, at_work | next_at_work
    return DaysRange(
        horizon=horizon,
        low=float(length[both].sum()) / kept.n,
        high=float(length[either].sum()) / kept.n,
        n=kept.n,
    )


def bounds_of(
    x: int, known: int, n: int, confidence_level: float = 0.95
) -> tuple[float, float, float, float]:
    """Both extremes of a share, and the outer limits of Wilson's intervals around them.

    >>> [round(limit, 3) for limit in bounds_of(84, 118, 126)]
    [0.667, 0.73, 0.581, 0.8]
    """
    z = normal_quantile(confidence_level)
    none, every = x / n, (x + n - known) / n
    return none, every, wilson_at(none, n, z).low, wilson_at(every, n, z).high


def _says_unknown(histories: Histories, state: np.ndarray) -> np.ndarray:
    if UNKNOWN not in histories.states:
        return np.zeros(len(state), dtype=bool)
    return np.asarray(state == histories.code(UNKNOWN))


def _anyone(histories: Histories, rows: np.ndarray) -> np.ndarray:
    """Whose rows any of these are."""
    found = np.zeros(histories.n, dtype=bool)
    found[histories.person[rows]] = True
    return found
