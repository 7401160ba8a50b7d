"""Share in each state on every day: Aalen and Johansen's estimator, for dated changes only.

Own, since lifelines knows one event per person and statsmodels none of this; it agrees with R's
``survfit(Surv(start, stop, to) ~ 1, id =, istate =)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from evalkit.options import check_option
from evalkit.results import CannotBeComputed, Estimate, FollowUpKind, NotEstimable, StateCurves
from evalkit.statistics.shares.proportions import effective_number, wilson_at
from evalkit.statistics.shares.share_counts import normal_quantile
from evalkit.statistics.states.histories import Histories

FEWEST_FOLLOWED = 10
MONTH = 30


def state_curves(
    histories: Histories,
    *,
    kind: FollowUpKind = "contacts",
    horizon: int | None = None,
    days: Sequence[int] | None = None,
    fewest: int = FEWEST_FOLLOWED,
) -> StateCurves:
    """The share in each state on chosen days, with its error, and the mean days in each.

    P(t) = P(0) ∏ (I + dA(u)): Aalen and Johansen (1978), right for shares also where the past
    matters (Datta and Satten 2001). Unknown is a state of its own, so that only the cut of the
    data censors. Errors are the infinitesimal jackknife, each person's influence followed from
    day 0 (Therneau and Grambsch 2000); mean days are the area under each curve.

    Args:
        histories: From `read_histories`.
        kind: Must be ``changes``: contacts are points, never a curve.
        horizon: Days for the mean; the last day with enough followed when left out.
        days: Days to give the shares on; every thirtieth and the last when left out.
        fewest: The curves end where fewer persons are followed.

    Raises:
        CannotBeComputed: ``contacts_have_no_curve``; ``too_few_followed`` when fewer than
            ``fewest`` are followed at all; ``beyond_follow_up`` when fewer than ``fewest`` are
            followed to the horizon or to one of the days.

    Edge cases: a change on the last day followed counts before the censoring.
    """
    check_option("kind", kind, FollowUpKind)
    if kind == "contacts":
        raise CannotBeComputed("contacts_have_no_curve")
    if histories.n < fewest:
        raise CannotBeComputed("too_few_followed", n=histories.n, day=0)
    followed = np.sort(histories.followed)
    last_day = int(followed[histories.n - fewest])
    until = last_day if horizon is None else horizon
    at = np.unique([*range(0, last_day, MONTH), last_day] if days is None else days)
    if max(until, at[-1]) > last_day:
        raise CannotBeComputed(
            "beyond_follow_up", n=histories.n, day=int(max(until, at[-1])), last=last_day
        )
    spells = _spells_of(histories)
    steps = _steps_of(spells, histories, max(until, int(at[-1])))
    rows = np.searchsorted(steps.days, at, side="right")
    errors, area_errors = _errors(spells, steps, rows, float(until), histories)
    lengths = np.diff([0.0, *np.minimum(steps.days, until), float(until)])
    return StateCurves(
        days=at,
        states=histories.states,
        shares=steps.shares[rows],
        standard_errors=errors,
        followed=histories.n - np.searchsorted(followed, at, side="left"),
        last_day=last_day,
        n=histories.n,
        horizon=float(until),
        mean_days=lengths @ steps.shares,
        mean_days_errors=area_errors,
    )


def return_curves(
    histories: Histories,
    *,
    state: str = "work",
    kind: FollowUpKind = "contacts",
    horizon: int | None = None,
    days: Sequence[int] | None = None,
    fewest: int = FEWEST_FOLLOWED,
) -> StateCurves:
    """Of those who left to ``state``: which other state came first, as cumulative incidence.

    The share of ``unemployed`` is the return to unemployment, with studies, other and unknown
    competing. Arguments and errors as `state_curves`.
    """
    check_option("kind", kind, FollowUpKind)
    leavers = histories.starting_in(state)
    other = leavers.state != leavers.code(state)
    left_at = np.full(leavers.n, np.inf)
    np.minimum.at(left_at, leavers.person[other], leavers.day[other])
    kept = leavers.day <= left_at[leavers.person]
    absorbed = replace(
        leavers,
        person=leavers.person[kept],
        day=leavers.day[kept],
        state=leavers.state[kept],
    )
    return state_curves(absorbed, kind=kind, horizon=horizon, days=days, fewest=fewest)


def share_on_day(
    curves: StateCurves, *, state: str, day: int, confidence_level: float = 0.95
) -> Estimate | NotEstimable:
    """The curve's share on a day, with Wilson's interval at p(1 − p)/error² persons.

    Closer to its level than R's limits on the log scale, which cover 90–93 % with 25 persons.

    Raises:
        ValueError: If the curves were not made for the day.
    """
    if day not in curves.days:
        raise ValueError("day must be one of those that the curves were made for")
    row = int(np.searchsorted(curves.days, day))
    column = curves.states.index(state)
    share, error = (float(x[row, column]) for x in (curves.shares, curves.standard_errors))
    return _estimate(share, error, 1.0, curves, state, "state_share", confidence_level)


def mean_days_in(
    curves: StateCurves, *, state: str, confidence_level: float = 0.95
) -> Estimate | NotEstimable:
    """Mean days in a state up to the curves' horizon; over all states they sum to it."""
    column = curves.states.index(state)
    mean, error = (float(x[column]) for x in (curves.mean_days, curves.mean_days_errors))
    return _estimate(mean, error, curves.horizon, curves, state, "days_in_state", confidence_level)


def _estimate(
    value: float,
    error: float,
    whole: float,
    curves: StateCurves,
    state: str,
    measure: str,
    confidence_level: float,
) -> Estimate | NotEstimable:
    """A part of a whole (of all persons, of the horizon) with Wilson's limits times the whole."""
    persons = effective_number(value / whole, (error / whole) ** 2)
    if np.isinf(persons):
        return NotEstimable(measure=measure, reason="interval_undefined", n=curves.n, group=state)
    found = wilson_at(value / whole, persons, normal_quantile(confidence_level))
    return Estimate(
        measure=measure,
        value=value,
        low=min(whole * found.low, value),
        high=max(whole * found.high, value),
        unit="days" if measure == "days_in_state" else "share",
        method="wilson_effective",
        confidence_level=confidence_level,
        n=curves.n,
        cells=(),
        group=state,
    )


@dataclass(frozen=True, slots=True)
class _Spells:
    """Stays in one state, in order of persons: at risk of leaving it at day u in (start, end]."""

    first_of_person: np.ndarray
    state: np.ndarray
    start: np.ndarray
    end: np.ndarray
    to: np.ndarray
    """The next state, −1 where the person is followed no longer."""


@dataclass(frozen=True, slots=True)
class _Steps:
    """Days with changes, and the estimator on them.

    Attributes:
        days: ``(T,)``.
        held: ``(T, S)`` share in each state just before, over the persons at risk.
        hazards: ``(T, S, S)`` dA, its rows summing to zero.
        shares: ``(T + 1, S)`` on day 0 and after each of the days.
    """

    days: np.ndarray
    held: np.ndarray
    hazards: np.ndarray
    shares: np.ndarray


def _spells_of(histories: Histories) -> _Spells:
    person, state = histories.person, histories.state
    is_first = np.append(True, np.diff(person) != 0)
    kept = is_first | np.append(True, np.diff(state) != 0)
    person, state, start = person[kept], state[kept], histories.day[kept]
    is_last = np.append(np.diff(person) != 0, True)
    end = np.where(is_last, histories.followed[person], np.roll(start, -1))
    first = np.flatnonzero(np.append(True, np.diff(person) != 0))
    return _Spells(first, state, start, end, np.where(is_last, -1, np.roll(state, -1)))


def _steps_of(spells: _Spells, histories: Histories, until: int) -> _Steps:
    size = len(histories.states)
    changed = (spells.to >= 0) & (spells.end <= until)
    days, place = np.unique(spells.end[changed], return_inverse=True)
    hazards = np.zeros((len(days), size, size))
    np.add.at(hazards, (place, spells.state[changed], spells.to[changed]), 1.0)
    np.add.at(hazards, (place, spells.state[changed], spells.state[changed]), -1.0)
    at_risk = np.empty((len(days), size))
    for state in range(size):
        own = spells.state == state
        begun = np.searchsorted(np.sort(spells.start[own]), days, side="left")
        at_risk[:, state] = begun - np.searchsorted(np.sort(spells.end[own]), days, side="left")
    at_risk = np.maximum(at_risk, 1.0)
    hazards /= at_risk[:, :, None]
    shares = np.empty((len(days) + 1, size))
    shares[0] = np.bincount(histories.first, minlength=size) / histories.n
    for row, hazard in enumerate(hazards):
        shares[row + 1] = shares[row] + shares[row] @ hazard
    return _Steps(days, shares[:-1] / at_risk, hazards, shares)


def _errors(
    spells: _Spells, steps: _Steps, rows: np.ndarray, horizon: float, histories: Histories
) -> tuple[np.ndarray, np.ndarray]:
    """Infinitesimal jackknife of the shares after ``rows`` days with changes, and of mean days.

    A person at risk in state h at day u adds P_h(u−)/n · (their own change − row h of dA) to the
    influence on P(u), and that is carried on by the ∏ (I + dA) after u, which is what ``carry``
    holds. Going backwards gives it for every target at once, and a spell's sum over the days it
    lasts is a difference of two cumulative sums.
    """
    size, n_targets = steps.held.shape[1], len(rows)
    carry = _carried(steps, rows, horizon)
    own = steps.held[:, :, None] * (steps.hazards @ carry[1:])
    total = np.concatenate([np.zeros((1, *own.shape[1:])), np.cumsum(own, axis=0)])
    begin = np.searchsorted(steps.days, spells.start, side="right")
    end = np.searchsorted(steps.days, spells.end, side="right")
    added = total[begin, spells.state] - total[end, spells.state]
    moved = np.flatnonzero((spells.to >= 0) & (end > begin))
    moved = moved[steps.days[end[moved] - 1] == spells.end[moved]]
    last, out_of = end[moved], spells.state[moved]
    change = carry[last, spells.to[moved]] - carry[last, out_of]
    added[moved] += steps.held[last - 1, out_of][:, None] * change
    influence = np.add.reduceat(added, spells.first_of_person, axis=0)
    influence += (carry[0][histories.first] - steps.shares[0] @ carry[0]) / histories.n
    found = np.sqrt(np.einsum("ij,ij->j", influence, influence))
    return found[:-size].reshape(n_targets, size), found[-size:]


def _carried(steps: _Steps, rows: np.ndarray, horizon: float) -> np.ndarray:
    """``(T + 1, S, targets · S)``: what a share just after each day becomes on each target.

    The last target is the days spent in each state from then on up to the horizon.
    """
    count, size = steps.held.shape
    unit = np.eye(size)
    now = np.zeros((size, (len(rows) + 1) * size))
    carry = np.empty((count + 1, *now.shape))
    ends = np.minimum([*steps.days, horizon], horizon)
    starts = np.minimum([0.0, *steps.days], horizon)
    targets: dict[int, list[int]] = {}
    for target, row in enumerate(rows.tolist()):
        targets.setdefault(row, []).append(target)
    for row in range(count, -1, -1):
        if row < count:
            now = now + steps.hazards[row] @ now
        for target in targets.get(row, ()):
            now[:, target * size : (target + 1) * size] = unit
        now[:, -size:] += (ends[row] - starts[row]) * unit
        carry[row] = now
    return carry
