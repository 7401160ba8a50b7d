"""Share in a state on a day, and work throughout up to a day, with the unknown at both extremes.

Silence is not work: whoever is not known is counted as out of the state, and then as in it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evalkit.options import check_option
from evalkit.results import BoundedShare, CannotBeComputed, DaysRange, FollowUpKind, SustainedWork
from evalkit.statistics.shares.proportions import proportion, wilson_at
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
    seen = seen_on_day(histories, day=day, state=state, kind=kind, window=window)
    n = int(seen.followed.sum())
    if n < max(fewest, 1):
        raise CannotBeComputed("too_few_followed", n=n, day=day)
    k, x = int(seen.known.sum()), int(seen.in_state.sum())
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


@dataclass(frozen=True, slots=True)
class Seen:
    """``(n,)`` of each person: followed to the day, their situation known then, in the state."""

    followed: np.ndarray
    known: np.ndarray
    in_state: np.ndarray


def seen_on_day(
    histories: Histories,
    *,
    day: int,
    state: str = "work",
    kind: FollowUpKind = "contacts",
    window: int = WINDOW_DAYS,
) -> Seen:
    """Whom `share_in_state` counts, person by person; arguments as there."""
    check_option("kind", kind, FollowUpKind)
    followed = histories.followed >= day
    found, dated = histories.at(np.full(histories.n, float(day)))
    known = followed & ~_says_unknown(histories, found)
    if kind == "contacts":
        known &= day - dated <= window
    return Seen(followed, known, known & (found == histories.code(state)))


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
    kept = sustained_to_day(histories, day=day, state=state, kind=kind, window=window)
    n, unsure = int(kept.followed.sum()), int((kept.followed & ~kept.known).sum())
    if n < max(fewest, 1):
        raise CannotBeComputed("too_few_followed", n=n, day=day)
    sustained = int(kept.in_state.sum())
    low, high, outer_low, outer_high = bounds_of(sustained, n - unsure, n, confidence_level)
    return SustainedWork(
        day=day,
        kind=kind,
        sustained=sustained,
        undecided=unsure,
        ended=n - unsure - sustained,
        low=low,
        high=high,
        outer_low=outer_low,
        outer_high=outer_high,
    )


def sustained_to_day(
    histories: Histories,
    *,
    day: int,
    state: str = "work",
    kind: FollowUpKind = "contacts",
    window: int = WINDOW_DAYS,
) -> Seen:
    """Whom `sustained_work` counts: left to the state and followed, decided, sustained."""
    check_option("kind", kind, FollowUpKind)
    followed = (histories.first == histories.code(state)) & (histories.followed >= day)
    own = (histories.day > 0) & (histories.day <= day)
    is_state = histories.state == histories.code(state)
    is_unknown = _says_unknown(histories, histories.state)
    ended = _anyone(histories, own & ~is_state & ~is_unknown)
    undecided = _anyone(histories, own & is_unknown)
    if kind == "contacts":
        undecided |= ~_anyone(histories, own & is_state & (histories.day >= day - window))
    known = followed & (ended | ~undecided)
    return Seen(followed, known, known & ~ended)


def days_range(histories: Histories, *, horizon: int, state: str = "work") -> DaysRange:
    """Mean days in a state from contacts, as a range: if nothing changed between two answers.

    Stretches with the state at both ends, and at either end; work at both ends may still hide a
    gap. Answers that say "unknown" are no answers, and what comes before the first or after the
    last has one end. Of whom nothing is known every day may be one. Whoever is not followed to
    the horizon is left out.

    Raises:
        CannotBeComputed: ``too_few_followed`` when nobody is followed to the horizon.
    """
    kept = histories.only(histories.followed >= horizon)
    if kept.n == 0:
        raise CannotBeComputed("too_few_followed", n=0, day=horizon)
    known = ~_says_unknown(kept, kept.state)
    person, day = kept.person[known], kept.day[known]
    at_work = (kept.state == kept.code(state))[known]
    is_last = np.append(np.diff(person) != 0, True)[: len(person)]
    is_first = np.roll(is_last, 1)
    until = np.minimum(np.where(is_last, horizon, np.roll(day, -1)), horizon)
    length = np.maximum(until - np.minimum(day, horizon), 0)
    next_at_work = np.roll(at_work, -1) & ~is_last
    both, either = at_work & next_at_work, at_work | next_at_work
    before_first = np.minimum(day, horizon)[is_first & at_work]
    silent = horizon * (kept.n - len(np.unique(person)))
    return DaysRange(
        horizon=horizon,
        low=float(length[both].sum()) / kept.n,
        high=float(length[either].sum() + before_first.sum() + silent) / kept.n,
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
