"""A project file proposed from what its registers seem to hold, before anybody has said so.

Plain shapes: intake fills them, a dialogue changes them, `proposal_text` writes them down.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from evalkit.forms import veiled
from evalkit.project.vocabulary import Chapter, LanguageCode

SheetKind = Literal["participants", "follow_up", "other"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedColumn:
    """A heading of the file and what it may hold.

    Attributes:
        heading: As the file has it; ``place`` is its column letter.
        field: Canonical column, or a name of its own that may be read; never empty.
        is_read: Whether it is read unless the evaluator says otherwise.
        is_known: The codebook knows the heading; else the field is a guess from its words.
        examples: Two of its values with letters and digits masked.
        levels: How many different values it has.
        may_be_reason: It holds, or might as well hold, the reasons for leaving.
        marks_others: One of its few values says that somebody is no participant.
    """

    heading: str
    place: str
    field: str
    is_read: bool
    is_known: bool
    examples: tuple[str, ...]
    levels: int
    may_be_reason: bool = False
    marks_others: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedReason:
    """An exit reason as written; ``exit_class`` is empty where nothing is proposed."""

    text: str
    count: int
    exit_class: str
    is_known: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedEnding:
    """A text that stands in several end dates and is none.

    Attributes:
        is_known: It is read as "still enrolled" as the project file stands.
        is_sure: Nobody with the text has a reason for leaving, and the others have.
    """

    text: str
    count: int
    is_known: bool
    is_sure: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedRegister:
    """One sheet of a file.

    Attributes:
        file: Path as the project file is to have it.
        sheet: Its name where the file has several.
        rows: Rows below the headings.
        columns: Every heading, in the order of the file.
        reasons: Exit reasons that may be written down, the most frequent first.
        rare_reasons: Further reasons, too rare or too long to be written down.
        endings: Texts instead of an end date, which may stand for "still enrolled".
        first: First start. ``last``: last day of a start or an exit that is not in the future.
        drawn: Day on which the file says that it was drawn.
        persons: A number made of each person's designation, to see whom two sheets share.
    """

    file: str
    sheet: str | None
    kind: SheetKind
    rows: int
    columns: tuple[ProposedColumn, ...]
    reasons: tuple[ProposedReason, ...] = ()
    rare_reasons: int = 0
    endings: tuple[ProposedEnding, ...] = ()
    first: date | None = None
    last: date | None = None
    drawn: date | None = None
    persons: frozenset[int] = field(default=frozenset(), repr=False)

    @property
    def name(self) -> str:
        """As it may be shown."""
        return f"{veiled(self.file)} [{veiled(self.sheet)}]" if self.sheet else veiled(self.file)

    @property
    def reason_columns(self) -> tuple[str, ...]:
        """The columns that may hold the reasons, as a project file names them, the guess first."""
        return tuple(
            f"{one.heading} [{one.place}]" if names.count(one.heading) > 1 else one.heading
            for names in ([column.heading for column in self.columns],)
            for one in sorted(self.columns, key=lambda one: not one.is_read)
            if one.may_be_reason
        )

    @property
    def read(self) -> tuple[ProposedColumn, ...]:
        return tuple(column for column in self.columns if column.is_read)

    @property
    def is_guessed(self) -> bool:
        """Whether anything in it rests on words that the codebook does not know."""
        return any(not column.is_known for column in self.read) or any(
            reason.exit_class and not reason.is_known for reason in self.reasons
        )

    def has(self, *fields: str) -> bool:
        return set(fields) <= {column.field for column in self.read}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A whole project file before it is written."""

    id: str
    title: str
    summary: str
    languages: tuple[LanguageCode, ...]
    programme: str
    start: date
    data_cut: date
    registers: tuple[ProposedRegister, ...]
    groups: tuple[str, ...]
    chapters: tuple[Chapter, ...]

    def follow_up_of(self, register: ProposedRegister) -> ProposedRegister | None:
        """The list of dated statuses of most of a register's persons; the first's, if nobody's."""
        lists = [one for one in self.registers if one.kind == "follow_up"]
        people = [one for one in self.registers if one.kind == "participants"]
        found = max(lists, key=lambda one: len(one.persons & register.persons), default=None)
        if found is None or found.persons & register.persons:
            return found
        is_nobodys = not any(found.persons & one.persons for one in people)
        return found if register is people[0] and is_nobodys else None


# Grouping columns worth a comparison, and how many of them a first report takes.
_GROUPS = ("sex", "target_group", "municipality", "education")
_MOST_GROUPS, _FEWEST_LEVELS, _MOST_LEVELS = 3, 2, 12


def proposed_groups(registers: tuple[ProposedRegister, ...]) -> tuple[str, ...]:
    """The columns that every register has and that divide the persons in a few groups."""
    people = [one for one in registers if one.kind == "participants"]
    found = [
        name
        for name in _GROUPS
        if people
        and all(one.has(name) for one in people)
        and all(
            _FEWEST_LEVELS <= column.levels <= _MOST_LEVELS
            for one in people
            for column in one.read
            if column.field == name
        )
    ]
    return tuple(found[:_MOST_GROUPS])


def proposed_chapters(
    registers: tuple[ProposedRegister, ...], programme: str
) -> tuple[Chapter, ...]:
    """The chapters that a register alone can fill, and the one that its funder asks for."""
    chapters: list[Chapter] = ["data_quality", "participants"]
    if any(one.has("exit") for one in registers):
        chapters.append("time_to_employment")
    if any(one.kind == "follow_up" for one in registers):
        chapters.append("after_leaving")
    if programme.startswith("esf"):
        chapters.append("esf_indicators")
    return tuple(chapters)


def proposed_cut(registers: tuple[ProposedRegister, ...], *, today: date) -> date:
    """The day the register was drawn: as the file says, else the end of its last month."""
    drawn = [one.drawn for one in registers if one.drawn]
    if drawn:
        return max(drawn)
    last = max((one.last for one in registers if one.last), default=today)
    month_end = date(last.year + last.month // 12, last.month % 12 + 1, 1).toordinal() - 1
    return min(date.fromordinal(month_end), max(today, last))
