"""Share in each state on every day: Aalen and Johansen's estimator, for dated changes only.

Own, since lifelines knows one event per person and statsmodels none of this; it agrees with R's
``survfit(Surv(start, stop, to) ~ 1, id =, istate =)``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from evalkit.results import CannotBeComputed, Estimate, FollowUpKind, NotEstimable, StateCurves
from evalkit.statistics.shares.joined_limits import effective_number, wilson_at
from evalkit.statistics.shares.share_counts import normal_quantile
from evalkit.statistics.states.histories import Histories
from evalkit.statistics.states.on_a_day import check_kind

FEWEST_FOLLOWED = 10


def state_curves(
    histories: Histories,
    *,
    kind: FollowUpKind = "contacts",
    horizon: int | None = None,
    fewest: int = FEWEST_FOLLOWED,
) -> StateCurves:
    """The share in each state on each day, with its error, and the mean days in each.

    P(t) = P(0) ∏ (I + dA(u)): Aalen and Johansen (1978), right for shares also where the past
    matters (Datta and Satten 2001). Unknown is a state of its own, so that only the cut of the
    data censors. Errors are the infinitesimal jackknife, each person's influence followed from
    day 0 (Therneau and Grambsch 2000); mean days are the area under each curve.

    Args:
        histories: From `read_histories`.
        kind: Must be ``changes``: contacts are points, never a curve.
        horizon: Days for the mean; the last day with enough followed when left out.
        fewest: The curves end where fewer persons are followed.

    Raises:
        CannotBeComputed: ``contacts_have_no_curve``; ``too_few_followed`` when fewer than
            ``fewest`` are followed at all; ``beyond_follow_up`` when fewer than ``fewest`` are
            followed to the horizon.

    Edge cases: a change on the last day followed counts before the censoring.
    """
    check_kind(kind)
    if kind == "contacts":
        raise CannotBeComputed("contacts_have_no_curve")
    if histories.n < fewest:
        raise CannotBeComputed("too_few_followed", n=histories.n, day=0)
    last_day = int(np.sort(histories.followed)[histories.n - fewest])
    until = last_day if horizon is None else horizon
    if until > last_day:
        raise CannotBeComputed("beyond_follow_up", n=histories.n, day=until, last=last_day)
    course = _Course.start(histories)
    days, followed = [0.0], np.sort(histories.followed)
    shares, errors = [course.shares], [course.errors]
    for day, persons, states in _changes_by_day(histories, last_day):
        course.move(float(day), persons, states, horizon=float(until))
        days.append(float(day))
        shares.append(course.shares)
        errors.append(course.errors)
    course.wait(float(until))
    at = np.array(days)
    return StateCurves(
        days=at,
        states=histories.states,
        shares=np.array(shares),
        standard_errors=np.array(errors),
        followed=histories.n - np.searchsorted(followed, at, side="left"),
        last_day=last_day,
        n=histories.n,
        horizon=float(until),
        mean_days=course.area,
        mean_days_errors=np.sqrt(np.sum(course.area_influence**2, axis=0)),
    )


def return_curves(
    histories: Histories,
    *,
    state: str = "work",
    kind: FollowUpKind = "contacts",
    horizon: int | None = None,
    fewest: int = FEWEST_FOLLOWED,
) -> StateCurves:
    """Of those who left to ``state``: which other state came first, as cumulative incidence.

    The share of ``unemployed`` is the return to unemployment, with studies, other and unknown
    competing. Arguments and errors as `state_curves`.
    """
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
    return state_curves(absorbed, kind=kind, horizon=horizon, fewest=fewest)


def share_on_day(
    curves: StateCurves, *, state: str, day: int, confidence_level: float = 0.95
) -> Estimate | NotEstimable:
    """The curve's share on a day, with Wilson's interval at p(1 − p)/error² persons.

    Closer to its level than R's limits on the log scale, which cover 90–93 % with 25 persons.

    Raises:
        CannotBeComputed: ``beyond_follow_up`` after the curves' last day.
    """
    if day > curves.last_day:
        raise CannotBeComputed("beyond_follow_up", n=curves.n, day=day, last=curves.last_day)
    row = int(np.searchsorted(curves.days, day, side="right")) - 1
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


def _changes_by_day(
    histories: Histories, last_day: int
) -> list[tuple[float, np.ndarray, np.ndarray]]:
    """Each day with changes: who changed, and to what."""
    before = np.append(-1, histories.state[:-1])
    is_first = np.append(True, np.diff(histories.person) != 0)
    chosen = ~is_first & (histories.state != before) & (histories.day <= last_day)
    order = np.argsort(histories.day[chosen], kind="stable")
    day, person, state = (
        values[chosen][order] for values in (histories.day, histories.person, histories.state)
    )
    cuts = np.flatnonzero(np.diff(day)) + 1
    parts = (np.split(values, cuts) for values in (day, person, state))
    return [(float(d[0]), p, s) for d, p, s in zip(*parts, strict=True) if len(d)]


@dataclass(slots=True)
class _Course:
    """The estimator on its way from day to day; ``influence`` is each person's, ``(n, S)``."""

    followed: np.ndarray
    state: np.ndarray
    shares: np.ndarray
    influence: np.ndarray
    day: float
    area: np.ndarray
    area_influence: np.ndarray
    upto: float = 0.0

    @classmethod
    def start(cls, histories: Histories) -> _Course:
        first, n, size = histories.first, histories.n, len(histories.states)
        shares = np.bincount(first, minlength=size) / n
        influence = (np.eye(size)[first] - shares) / n
        zero = np.zeros_like
        return cls(
            histories.followed, first.copy(), shares, influence, 0.0, zero(shares), zero(influence)
        )

    @property
    def errors(self) -> np.ndarray:
        return np.sqrt(np.einsum("ij,ij->j", self.influence, self.influence))

    def wait(self, day: float) -> None:
        """Days pass without a change."""
        passed = max(day - self.upto, 0.0)
        self.area = self.area + passed * self.shares
        self.area_influence += passed * self.influence
        self.upto = max(day, self.upto)

    def move(self, day: float, persons: np.ndarray, to: np.ndarray, *, horizon: float) -> None:
        """One day's changes: P(t) = P(t−)(I + dA), and the same for each person's influence.

        With n persons at risk in state h, a person of them adds
        P_h(t−)/n · (change of their own − row h of dA) to the influence.
        """
        self.wait(min(day, horizon))
        size = len(self.shares)
        at_risk = np.bincount(np.where(self.followed >= day, self.state, size), minlength=size + 1)[
            :size
        ]
        out_of = self.state[persons]
        step = np.zeros((size, size))
        np.add.at(step, (out_of, to), 1.0)
        np.add.at(step, (out_of, out_of), -1.0)
        held = np.divide(self.shares, at_risk, out=np.zeros(size), where=at_risk > 0)
        step /= np.maximum(at_risk, 1)[:, None]
        expected = np.vstack([-held[:, None] * step, np.zeros(size)])
        self.influence = self.influence @ (np.eye(size) + step)
        self.influence += expected[np.where(self.followed >= day, self.state, size)]
        self.influence[persons, to] += held[out_of]
        self.influence[persons, out_of] -= held[out_of]
        self.shares = self.shares + self.shares @ step
        self.state[persons] = to
        self.day = day
