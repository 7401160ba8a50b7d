"""What a target is adjusted by, and what is assumed where an outcome is unknown."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from evalkit.project.base import Block, Identifier, LocalText, NameOrText, Share
from evalkit.project.problems import Broken

KNOWN_AFTER = frozenset(
    {
        "days",
        "exit",
        "exit_class",
        "n_spells",
        "status_6m",
        "status_90d",
        "status_at_exit",
        "subsidy",
        "support_after",
    }
)


class ReferenceStratum(Block):
    """Persons of a reference population, and their share with the outcome.

    Attributes:
        where: Canonical column → level.
    """

    where: Annotated[dict[Identifier, str], Field(min_length=1)]
    share: Share


class Casemix(Block):
    """How a target is adjusted for who took part: one of two references.

    Attributes:
        covariates: Columns known at entry. What to expect is learnt from the participants
            whom the target does not choose, or at the other levels of ``by``.
        by: Column whose levels (municipalities, years) are judged one by one.
        table: Shares of a published reference by group.
        reference_share: The share over the whole published reference.
        source: Where the reference was published, and of whom it is.
    """

    covariates: tuple[Identifier, ...] = ()
    by: Identifier | None = None
    table: tuple[ReferenceStratum, ...] = ()
    reference_share: Share | None = None
    source: NameOrText | None = None

    @model_validator(mode="after")
    def _one_reference(self) -> Casemix:
        if bool(self.covariates) == bool(self.table):
            raise Broken("one_reference")
        if self.is_published and (self.reference_share is None or self.source is None):
            raise Broken("published_reference")
        return self

    @model_validator(mode="after")
    def _known_at_entry(self) -> Casemix:
        late = sorted(KNOWN_AFTER & set(self.columns))
        if late:
            raise Broken("adjusted_late", column=late[0])
        if self.by in self.columns:
            raise Broken("by_and_adjusted", column=str(self.by))
        twice = {name for name in self.covariates if self.covariates.count(name) > 1}
        if twice:
            raise Broken("confounder_twice", column=min(twice))
        return self

    @property
    def is_published(self) -> bool:
        """Whether the reference comes from outside the register."""
        return not self.covariates

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns that the reference asks of a participant."""
        named = (name for stratum in self.table for name in stratum.where)
        return self.covariates or tuple(dict.fromkeys(named))


class MissingAssumption(Block):
    """What is assumed of persons whose outcome is unknown.

    Attributes:
        ratio: They reach the outcome between so and so many times as often as those who
            were followed up.
        grounds: What the assumption rests on.
    """

    ratio: tuple[Annotated[float, Field(ge=0)], Annotated[float, Field(ge=0)]]
    grounds: LocalText

    @model_validator(mode="after")
    def _ascending(self) -> MissingAssumption:
        if self.ratio[0] > self.ratio[1]:
            raise Broken("ratio_order")
        return self
