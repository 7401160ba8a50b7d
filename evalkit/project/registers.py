"""Registers, how they are to be read, and which exits count as what."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from evalkit.project.base import Block, Identifier, LocalText
from evalkit.project.problems import Broken
from evalkit.project.vocabulary import ExitClass, FollowUpStatus


class FollowUp(Block):
    """Dated labour-market events of the persons in a register, one row per event.

    The persons are named as in the register it belongs to, so that the two link.

    Attributes:
        file: Path relative to the project file.
        sheet: Excel sheet; may be left out where only one sheet holds anything.
        columns: Header in the file → what it holds, beside the built-in codebook.
        values: Status as written → status, beside the built-in map.
        kind: ``changes`` where every change of status is dated; ``contacts`` where the status
            was asked at some days, the careful one: points, never a curve.
        days: Days after leaving at which it is told where persons are.
        window_days: With contacts, how old an answer may be and still speak of a day.
        slack_days: With contacts, how late the question of a day may have been asked.
    """

    file: Path
    sheet: str | None = None
    columns: dict[str, Literal["person_id", "event_date", "event_status"]] = {}
    values: dict[str, FollowUpStatus] = {}
    kind: Literal["changes", "contacts"] = "contacts"
    days: Annotated[tuple[Annotated[int, Field(gt=0)], ...], Field(min_length=1)] = (28, 90, 180)
    window_days: Annotated[int, Field(gt=0)] = 45
    slack_days: Annotated[int, Field(ge=0)] = 14


# Columns that reading and counting make themselves.
RESERVED_COLUMNS = frozenset(
    {"person", "register", "row", "exit_class", "days", "n_spells", "n", "is_margin",
     "is_withheld", "total", "group", "level", "count", "event", "cause", "code", "reached",
     "place", "region_category", "own_result", "until", "start", "stop", "weight", "status", "date",
     "share", "index", "complete", "immediate_window", "longer_window", "status_upon_leaving",
     "work_lasted_a_month", "began_or_increased", "status_after_six_months", "has_follow_up",
     "qualification_upon_leaving", "improved_after_six_months", "before", "after"}
)  # fmt: skip
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
        ongoing_when: What stands in the exit date column of those who are still enrolled,
            beside empty cells and the words of the codebook.
        date_order: Order of day and month in dates such as 3/4/2023, where the file itself
            does not tell.
        codes: Whether codes that are no identity numbers are ``shared`` with the project's
            other registers, or this register's ``own``.
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
    ongoing_when: tuple[str, ...] = ()
    date_order: Literal["day_first", "month_first"] | None = None
    codes: Literal["shared", "own"] | None = None
    follow_up: FollowUp | None = None

    @model_validator(mode="after")
    def _no_name_taken(self) -> Register:
        taken = sorted(RESERVED_COLUMNS & set(self.columns.values()))
        if taken:
            raise Broken("name_taken", names=", ".join(taken), other=f"{taken[0]}_own")
        return self


def name_among(register: Register, registers: Sequence[Register]) -> str:
    """What messages call a register: its file, and what tells it from others of that name."""
    alike = [one for one in registers if one.file.name == register.file.name]
    is_moved = any(one.file != register.file for one in alike)
    name = register.file.as_posix() if is_moved else register.file.name
    is_one_sheet = sum(one.file == register.file for one in alike) > 1
    return f"{name} [{register.sheet}]" if is_one_sheet and register.sheet else name


def sheets_named(registers: Sequence[Register]) -> dict[str, str]:
    """What messages call a register → its sheet, where no other has a sheet of that name."""
    sheets = [one.sheet for one in registers]
    return {
        name_among(one, registers): one.sheet
        for one in registers
        if one.sheet and sheets.count(one.sheet) == 1
    }


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
            "completed_unknown",
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
