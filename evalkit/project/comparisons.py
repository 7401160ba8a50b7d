"""A comparison group of persons: who they are, what is known of them, and how they came about."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from evalkit.project.base import Block, Identifier, LocalText, Period
from evalkit.project.problems import Broken
from evalkit.project.registers import FollowUp, Register

# How the comparison came about, from the strongest to the weakest ground for likeness.
CameAbout = Literal[
    "lottery", "waiting_list", "neighbouring_period", "neighbouring_area", "not_offered", "declined"
]
Estimand = Literal["treated", "everyone", "overlap"]
# Known when a person leaves or later: no ground for likeness at the start.
KNOWN_AFTER = frozenset(
    {
        "exit",
        "exit_class",
        "exit_reason",
        "support_after",
        "status_at_exit",
        "status_date",
        "status_90d",
        "status_6m",
        "subsidy",
        "extent_after",
        "n_spells",
        "days",
    }
)
# What the programme itself gives.
PART_OF_PROGRAMME = frozenset({"hours", "cost"})
# Counted from the exit, which the comparison group does not have.
FROM_THE_EXIT = frozenset({"status_90d", "status_6m"})


class MarkedRows(Block):
    """Rows of the participant registers that are the comparison group.

    Attributes:
        column: Canonical or own column known at the start.
        levels: Levels that mark a person of the comparison group.
    """

    column: Identifier
    levels: Annotated[tuple[str, ...], Field(min_length=1)]


class StatusAtDay(Block):
    """What is compared: a status on the same day after the start, for both groups.

    Attributes:
        day: Days after the start.
        statuses: Statuses that count.
        column: Column of both registers with the status on that day. Left out: the last
            dated status up to the day, from the follow-up of both registers.
        follow_up: Dated statuses of the participants, where they stand apart from those of
            their own register.
    """

    day: Annotated[int, Field(gt=0)]
    statuses: Annotated[tuple[str, ...], Field(min_length=1)]
    column: Identifier | None = None
    follow_up: FollowUp | None = None


class Comparison(Block):
    """Participants beside persons who did not take part.

    Attributes:
        from_register: The comparison group's own register; or ``marked_by``.
        marked_by: Rows of the participant registers that are the comparison group.
        came_about: How it was decided who took part; the wording follows it.
        description: The same in the project's own words.
        period: When the comparison group's time starts may lie; the project's own period
            when left out.
        starts: Column with the day both groups are counted from.
        confounders: Columns known at the start by which the groups are made alike.
        dated_by: Confounder → column with the day it was measured.
        outcome: What is compared.
        estimand: For whom: the participants, everyone, or those who could be in either group.
        missing: Persons without a confounder: kept with "missing" as a level of its own
            (numbers: with the mean and a mark), or left out.
    """

    title: LocalText
    from_register: Register | None = None
    marked_by: MarkedRows | None = None
    came_about: CameAbout
    description: LocalText
    period: Period | None = None
    starts: Identifier = "entry"
    confounders: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    dated_by: dict[Identifier, Identifier] = {}
    outcome: StatusAtDay
    estimand: Estimand = "treated"
    missing: Literal["category", "complete"] = "category"
    is_synthetic: bool = False

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file of its own that the comparison reads, relative to the project file."""
        sources = [self.from_register, self.outcome.follow_up]
        if self.from_register is not None:
            sources.append(self.from_register.follow_up)
        return tuple(source.file for source in sources if source is not None)

    @model_validator(mode="after")
    def _one_source(self) -> Comparison:
        if (self.from_register is None) == (self.marked_by is None):
            raise Broken("one_comparison_source")
        return self

    @model_validator(mode="after")
    def _groups_known_at_the_start(self) -> Comparison:
        column = self.marked_by.column if self.marked_by else ""
        if column in KNOWN_AFTER or column == self.outcome.column:
            raise Broken("marked_late", column=column)
        return self

    @model_validator(mode="after")
    def _confounders_known_before(self) -> Comparison:
        for name in self.confounders:
            if name == self.outcome.column:
                raise Broken("confounder_outcome", column=name)
            if name in KNOWN_AFTER:
                raise Broken("confounder_late", column=name)
            if name in PART_OF_PROGRAMME:
                raise Broken("confounder_programme", column=name)
            if self.marked_by and name == self.marked_by.column:
                raise Broken("confounder_group", column=name)
        repeated = {name for name in self.confounders if self.confounders.count(name) > 1}
        if repeated:
            raise Broken("confounder_twice", column=min(repeated))
        return self

    @model_validator(mode="after")
    def _one_clock(self) -> Comparison:
        if self.outcome.column in FROM_THE_EXIT:
            raise Broken("outcome_from_exit", column=str(self.outcome.column))
        if self.starts in KNOWN_AFTER:
            raise Broken("starts_late", column=self.starts)
        unknown = set(self.dated_by) - set(self.confounders)
        if unknown:
            raise Broken("dated_by", column=min(unknown))
        return self
