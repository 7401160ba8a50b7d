"""What days in work mean in kronor, actor by actor; what passes between actors cancels."""

from __future__ import annotations

from dataclasses import dataclass

from evalkit.results.estimates import CannotBeComputed
from evalkit.shape import Shape

NOBODY = "nobody"
SOCIETY = "society"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow(Shape):
    """Kronor that one actor pays another for each day in work.

    A payer of ``nobody`` is value that arises: production. Every flow has a year and a source.

    Raises:
        CannotBeComputed: ``price_without_source`` without year or source.
    """

    id: str
    payer: str
    receiver: str
    kronor_per_day: float
    year: int
    source: str

    def __post_init__(self) -> None:
        if not self.year or not self.source.strip():
            raise CannotBeComputed("price_without_source", flow=self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorLine(Shape):
    """An actor's result in kronor at one share who would have worked anyway, with D's limits."""

    actor: str
    net: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakEven(Shape):
    """The share of the days that must be additional for the actor to break even.

    ``None`` in all three for an actor that gains nothing from a day in work. 0 where it bears no
    cost; above 1 it does not pay even if nobody had worked otherwise.
    """

    actor: str
    needed: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AtShare(Shape):
    """Every actor's result if a share of the days would have come anyway."""

    worked_anyway: float
    additional_days: float
    lines: tuple[ActorLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Society(Shape):
    """The calculation by actor; society's line is the sum of the actors'.

    Attributes:
        per_day: Actor → net kronor for one additional day in work.
        rows: At each share who would have worked anyway.
        range_lines: Per actor over the limits of the days and the project's range of that share.
        break_even: Per actor.
        year: Of all prices.
        horizon_days: Days within which the days in work were counted.
        is_made_up: Whether the prices are made up.
        is_range: Whether of the days only the limits are known, as from contacts.
        beyond: The same for assumed days after the horizon, apart; ``None`` without a stated one.
    """

    n: int
    days: tuple[float, float, float]
    horizon_days: int
    per_day: dict[str, float]
    costs: dict[str, float]
    rows: tuple[AtShare, ...]
    range_lines: tuple[ActorLine, ...]
    break_even: tuple[BreakEven, ...]
    flows: tuple[Flow, ...]
    year: int
    range_source: str
    is_made_up: bool
    beyond: Society | None = None
    is_range: bool = False
