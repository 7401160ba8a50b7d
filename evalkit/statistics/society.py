"""Samhällsekonomi: days in work in kronor, actor by actor, with nothing counted twice.

Every price is a flow from a payer to a receiver, so that what passes between actors cancels in
society by construction. How much would have come anyway is a range that the project states; none
of its ends is called the result. Displacement of others is not in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evalkit.results import (
    NOBODY,
    SOCIETY,
    ActorLine,
    AtShare,
    BreakEven,
    CannotBeComputed,
    Flow,
    Society,
)

ONE_YEAR = 366
_ROUNDING = 1e-12
UNSTATED = (0.0, 0.3, 0.5, 0.7)
"""Shares who would have worked anyway, side by side, where the project states no range."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedRange:
    """The share of the days that would have come anyway, from the project, with its source.

    Raises:
        CannotBeComputed: ``range_without_source``.
        ValueError: If the ends are not 0–1 in order.
    """

    low: float
    high: float
    source: str

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.high <= 1:
            raise ValueError("the range must lie within 0–1, the lower end first")
        if not self.source.strip():
            raise CannotBeComputed("range_without_source")


@dataclass(frozen=True, slots=True, kw_only=True)
class AssumedBeyond:
    """Days in work per participant assumed after the follow-up, and what that rests on."""

    days: float
    source: str

    def __post_init__(self) -> None:
        if not self.source.strip():
            raise CannotBeComputed("range_without_source")


def kronor_by_actor(
    *,
    n: int,
    days: tuple[float, float, float],
    horizon_days: int,
    followed_days: int,
    flows: Sequence[Flow],
    costs: Mapping[str, float],
    worked_anyway: StatedRange | None = None,
    has_subsidised_days: bool = False,
    beyond: AssumedBeyond | None = None,
    is_made_up: bool = False,
) -> Society:
    """What the days in work come to for each actor and for society, in kronor.

    Actor a: V_a = N·D·(1 − δ)·π_a − K_a, with N participants, D mean days in work, δ the share of
    them that would have come anyway, π_a the actor's net flow per day and K_a its cost. Society is
    the sum of the actors: production less costs.

    Args:
        n: Participants.
        days: Mean days in work per participant within the horizon, with limits: value, low, high.
        horizon_days: Days within which they were counted.
        followed_days: Days that participants were followed.
        flows: Prices per day in work, see `Flow`.
        costs: Actor → its share of the programme's cost, kronor.
        worked_anyway: The project's range of δ; without it 0, 30, 50 and 70 % side by side.
        has_subsidised_days: Whether some of the days were subsidised.
        beyond: Days assumed after the follow-up; shown apart.
        is_made_up: Whether the prices are made up.

    Raises:
        ValueError: If a number is impossible.
        CannotBeComputed: ``no_persons``; ``beyond_follow_up`` for days beyond the follow-up;
            ``longer_than_a_year`` since nothing is discounted; ``no_prices``;
            ``prices_of_two_years``; ``subsidy_without_flow``.

    >>> flows = [
    ...     Flow(id="wage", payer="employer", receiver="individual", kronor_per_day=1000,
    ...          year=2024, source="made up"),
    ...     Flow(id="tax", payer="individual", receiver="municipality", kronor_per_day=200,
    ...          year=2024, source="made up"),
    ...     Flow(id="production", payer="nobody", receiver="employer", kronor_per_day=1000,
    ...          year=2024, source="made up")]
    >>> found = kronor_by_actor(
    ...     n=10, days=(50, 40, 60), horizon_days=365, followed_days=365, flows=flows,
    ...     costs={"municipality": 60_000})
    >>> found.per_day["society"], [round(row.needed, 2) for row in found.break_even
    ...     if row.actor == "municipality"]
    (1000.0, [0.6])
    """
    _refuse(n, days, horizon_days, followed_days, flows, has_subsidised_days)
    return _by_actor(n, days, horizon_days, flows, costs, worked_anyway, beyond, is_made_up)


def per_day(flows: Sequence[Flow], costs: Mapping[str, float] = {}) -> dict[str, float]:
    """Each actor's net flow for one day in work, and society's, their sum."""
    net: dict[str, float] = {}
    for flow in flows:
        for actor, amount in (
            (flow.payer, -flow.kronor_per_day),
            (flow.receiver, flow.kronor_per_day),
        ):
            if actor != NOBODY:
                net[actor] = net.get(actor, 0.0) + amount
    for actor in costs:
        net.setdefault(actor, 0.0)
    # What cancels is zero, not the rounding of its parts: a gain of nothing has no break-even.
    turnover = sum(abs(flow.kronor_per_day) for flow in flows)
    exact = {a: 0.0 if abs(x) <= _ROUNDING * turnover else x for a, x in net.items()}
    return exact | {SOCIETY: sum(exact.values())}


def _by_actor(
    n: int,
    days: tuple[float, float, float],
    horizon_days: int,
    flows: Sequence[Flow],
    costs: Mapping[str, float],
    stated: StatedRange | None,
    beyond: AssumedBeyond | None,
    is_made_up: bool,
) -> Society:
    net = per_day(flows, costs)
    borne = {actor: float(costs.get(actor, 0.0)) for actor in net if actor != SOCIETY}
    borne[SOCIETY] = sum(borne.values())
    shares = UNSTATED if stated is None else tuple(dict.fromkeys((0.0, stated.low, stated.high)))
    ends = (shares[0], shares[-1]) if stated is None else (stated.low, stated.high)

    def line(actor: str, at: Sequence[float]) -> ActorLine:
        """Over some shares: the value at the first, the limits over all."""
        values = [n * d * (1 - share) * net[actor] - borne[actor] for share in at for d in days]
        return ActorLine(actor=actor, net=values[0], low=min(values), high=max(values))

    return Society(
        n=n,
        days=days,
        horizon_days=horizon_days,
        per_day=net,
        costs=borne,
        rows=tuple(
            AtShare(
                worked_anyway=share,
                additional_days=n * days[0] * (1 - share),
                lines=tuple(line(actor, [share]) for actor in net),
            )
            for share in shares
        ),
        range_lines=tuple(line(actor, ends) for actor in net),
        break_even=tuple(_break_even(actor, n, days, net[actor], borne[actor]) for actor in net),
        flows=tuple(flows),
        year=flows[0].year,
        range_source="" if stated is None else stated.source,
        is_made_up=is_made_up,
        beyond=None
        if beyond is None
        else _by_actor(n, (beyond.days,) * 3, 0, flows, {}, stated, None, is_made_up),
    )


def _break_even(
    actor: str, n: int, days: tuple[float, float, float], net: float, cost: float
) -> BreakEven:
    """K/(N·D·π): the share of the days that must be additional."""
    if net <= 0:
        return BreakEven(actor=actor, needed=None, low=None, high=None)
    needed, most, least = (cost / (n * d * net) if cost else 0.0 for d in days)
    return BreakEven(actor=actor, needed=needed, low=least, high=most)


def _refuse(
    n: int,
    days: tuple[float, float, float],
    horizon_days: int,
    followed_days: int,
    flows: Sequence[Flow],
    has_subsidised_days: bool,
) -> None:
    value, low, high = days
    if not 0 < low <= value <= high <= horizon_days:
        raise ValueError("days: expected value, low and high above 0 and within the horizon")
    if n < 1:
        raise CannotBeComputed("no_persons")
    if horizon_days > followed_days:
        raise CannotBeComputed("beyond_follow_up", n=n, day=horizon_days, last=followed_days)
    if horizon_days > ONE_YEAR:
        raise CannotBeComputed("longer_than_a_year", day=horizon_days)
    if not flows:
        raise CannotBeComputed("no_prices")
    years = sorted({flow.year for flow in flows})
    if len(years) > 1:
        raise CannotBeComputed("prices_of_two_years", first=years[0], last=years[-1])
    if has_subsidised_days and not any(flow.id == "subsidy" for flow in flows):
        raise CannotBeComputed("subsidy_without_flow")
