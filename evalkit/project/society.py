"""Prices and assumptions of the calculation by actor: dated, with a source, never a default."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from evalkit.project.base import Block, Identifier, NameOrText
from evalkit.project.problems import Broken

Actor = Literal[
    "municipality",
    "region",
    "state",
    "employment_service",
    "social_insurance",
    "employer",
    "individual",
    "nobody",
]
Fraction = Annotated[float, Field(ge=0, le=1)]


class Price(Block):
    """What one actor pays another for each day in work.

    Attributes:
        payer: ``nobody`` for value that arises, as production.
        receiver: Who gets it.
        kronor: Kronor per day in work.
        share_of: In place of kronor, another price's id, and ``share`` of it: a tax, a fee.
        share: See ``share_of``; a sum of several for production: wage and fees is 1.3142.
        year: The year of the price.
        source: Where it stands.
        read: When it was read there: many pages carry no date.
    """

    id: Identifier
    payer: Actor
    receiver: Actor
    kronor: Annotated[float, Field(ge=0)] | None = None
    share_of: Identifier | None = None
    share: Annotated[float, Field(gt=0)] | None = None
    year: Annotated[int, Field(ge=1990, le=2100)]
    source: NameOrText
    read: date | None = None

    @model_validator(mode="after")
    def _kronor_or_share(self) -> Price:
        if (self.kronor is None) == (self.share_of is None):
            raise Broken("one_price")
        if (self.share_of is None) != (self.share is None):
            raise Broken("share_of")
        if self.payer == self.receiver:
            raise Broken("payer")
        return self


class WorkedAnyway(Block):
    """The share of the days in work that would have come anyway: a range, with its grounds."""

    low: Fraction
    high: Fraction
    source: NameOrText

    @model_validator(mode="after")
    def _ascending(self) -> WorkedAnyway:
        if self.low > self.high:
            raise Broken("low_high")
        return self


class Beyond(Block):
    """Days in work per participant assumed after the follow-up; shown apart."""

    days: Annotated[float, Field(gt=0)]
    source: NameOrText


class SocietySpec(Block):
    """The calculation by actor.

    Attributes:
        prices: Flows between actors; every one of the same year.
        costs: Actor → its share of the programme's cost, kronor.
        horizon_days: Days after leaving within which days in work count, at most a year.
        worked_anyway: Without it 0, 30, 50 and 70 % stand side by side.
        subsidised_days: Whether some days in work were subsidised; then a price with the id
            ``subsidy`` is needed.
        beyond: Days assumed after the follow-up.
        prices_are_made_up: Says so wherever they are shown.
    """

    prices: Annotated[tuple[Price, ...], Field(min_length=1)]
    costs: Annotated[dict[Actor, Annotated[float, Field(gt=0)]], Field(min_length=1)]
    horizon_days: Annotated[int, Field(gt=0, le=366)] = 365
    worked_anyway: WorkedAnyway | None = None
    subsidised_days: bool = False
    beyond: Beyond | None = None
    prices_are_made_up: bool = False

    @model_validator(mode="after")
    def _prices_fit_together(self) -> SocietySpec:
        named = [price.id for price in self.prices]
        if len(named) != len(set(named)):
            raise Broken("price_twice")
        if len({price.year for price in self.prices}) > 1:
            raise Broken("price_years")
        if self.subsidised_days and "subsidy" not in named:
            raise Broken("price_subsidy")
        if "nobody" in self.costs:
            raise Broken("cost_nobody")
        self.kronor()
        return self

    def kronor(self) -> dict[str, float]:
        """Price → kronor per day, shares of other prices worked out.

        Raises:
            ValueError: If a share is of a price that there is not, or in a circle of itself.
        """
        found: dict[str, float] = {p.id: p.kronor for p in self.prices if p.kronor is not None}
        rest = [price for price in self.prices if price.kronor is None]
        while rest:
            ready = [price for price in rest if price.share_of in found]
            if not ready:
                raise Broken("price_share", price=rest[0].id)
            for price in ready:
                found[price.id] = found[str(price.share_of)] * float(price.share or 0)
            rest = [price for price in rest if price not in ready]
        return found
