"""Registers, how they are to be read, and which exits count as what."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import model_validator

from evalkit.project.base import Block, Identifier, LocalText
from evalkit.project.problems import Broken
from evalkit.project.vocabulary import (
    ExitClass,
    FollowUpStatus,
)


class FollowUp(Block):
    """Dated labour-market events of the persons in a register, one row per event.

    The persons are named as in the register it belongs to, so that the two link.

    Attributes:
        file: Path relative to the project file.
        sheet: Excel sheet; may be left out where only one sheet holds anything.
        columns: Header in the file → what it holds, beside the built-in codebook.
        values: Status as written → status, beside the built-in map.
    """

    file: Path
    sheet: str | None = None
    columns: dict[str, Literal["person_id", "event_date", "event_status"]] = {}
    values: dict[str, FollowUpStatus] = {}


ColumnKind = Literal["category", "number", "date", "status", "yes_no"]


class Register(Block):
    """A participant register and how its headers and values are to be read.

    Attributes:
        file: Path relative to the project file.
        sheet: Excel sheet; may be left out where only one sheet holds anything.
        columns: Header in the file → canonical column, beside the built-in codebook. A
            canonical name that the codebook lacks adds a column of the project's own.
        exit_reasons: Exit reason as written → exit class, beside the built-in map.
        values: Canonical column → {value as written → canonical level}.
        levels: Canonical column → {canonical level → text in both languages}.
        titles: Column of the project's own → its heading in both languages.
        kinds: Column of the project's own → how its cells are read; a category when left out.
        follow_up: Where it is recorded what became of the persons afterwards.
    """

    file: Path
    sheet: str | None = None
    columns: dict[str, Identifier] = {}
    exit_reasons: dict[str, ExitClass] = {}
    values: dict[Identifier, dict[str, str]] = {}
    levels: dict[Identifier, dict[str, LocalText]] = {}
    titles: dict[Identifier, LocalText] = {}
    kinds: dict[Identifier, ColumnKind] = {}
    follow_up: FollowUp | None = None


class Outcomes(Block):
    """Which exits count as what.

    Attributes:
        causes: Exit classes of each competing way to leave, the outcome of interest first.
        positive: Exit classes that the project counts as a good result, reported pooled and
            one by one.
        horizons_days: Days at which shares are printed.
    """

    causes: dict[Identifier, tuple[ExitClass, ...]] = {
        "employment": ("employment",),
        "studies": ("studies",),
        "other": (
            "municipal_employment",
            "referred_back",
            "health_or_leave",
            "moved_or_deceased",
            "dropout",
            "unknown",
        ),
    }
    positive: tuple[ExitClass, ...] = ("employment", "studies")
    horizons_days: tuple[int, ...] = (90, 180, 365)

    @model_validator(mode="after")
    def _each_class_once(self) -> Outcomes:
        classes = [name for group in self.causes.values() for name in group]
        if len(classes) != len(set(classes)):
            raise Broken("class_twice")
        return self
