"""What an edition released, as plain data: each printed row with its persons' pseudonyms.

It is as sensitive as the register, and is kept beside it. Pseudonyms are keyed: without the
key nobody can try who is meant.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from evalkit.disclosure.audit import upper_bounds
from evalkit.disclosure.linked import Decision
from evalkit.disclosure.system import PARTICIPANTS, Judged, UnitKey

FORMAT = 1


@dataclass(frozen=True, slots=True)
class RecordedRow:
    """A printed row: the persons of each set whose number it told, as pseudonyms, sorted."""

    answer: str
    key: UnitKey
    sets: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class WithheldRow:
    """A row that was not printed: why, and the most persons a reader may think it holds.

    ``highest`` is ``None`` where nothing printed limits it.
    """

    answer: str
    key: UnitKey
    reason: str
    highest: int | None


@dataclass(frozen=True, slots=True)
class Edition:
    """A published edition.

    Attributes:
        name: Of the edition. ``date``: ISO 8601. ``by``: who published it.
        rule: Name of the disclosure profile.
        register: Keyed digest of the register.
        persons: Pseudonyms of all participants.
        rows: What was printed. ``withheld``: what was not.
    """

    name: str
    date: str
    by: str
    rule: str
    register: str
    persons: tuple[str, ...]
    rows: tuple[RecordedRow, ...]
    withheld: tuple[WithheldRow, ...] = ()


def printed_rows(decision: Decision, pseudonyms: Sequence[str]) -> tuple[RecordedRow, ...]:
    """The rows of participants that were printed, with whose persons' they are."""
    return tuple(
        row
        for answer in decision.rows
        for row in _rows_of(answer, set(decision.withheld.get(answer.id, {})), pseudonyms)
    )


def withheld_rows(decision: Decision) -> tuple[WithheldRow, ...]:
    """The rows that were not printed, with what a reader may think of them."""
    found = []
    for choice in decision.choices:
        system = choice.system
        hidden = system.withheld_cells(choice.units)
        own = [unit for unit, gone in zip(system.units, choice.units, strict=True) if gone]
        bounds = upper_bounds(system, hidden, [unit.cells[0] for unit in own])
        for unit in own:
            reason = decision.withheld.get(unit.answer, {}).get(unit.key, "complement")
            most = bounds[unit.cells[0]]
            highest = None if np.isinf(most) else int(most)
            found.append(WithheldRow(unit.answer, unit.key, reason, highest))
    return tuple(found)


def to_json(edition: Edition) -> str:
    """The edition as text."""
    return json.dumps({"format": FORMAT, **asdict(edition)}, ensure_ascii=False)


def from_json(text: str) -> Edition:
    """The edition that `to_json` wrote.

    Raises:
        ValueError: If the text is none of ours.
    """
    try:
        content = json.loads(text)
        if content.pop("format") != FORMAT:
            raise ValueError("an edition of another version")
        rows = tuple(
            RecordedRow(row["answer"], tuple(row["key"]), tuple(map(tuple, row["sets"])))
            for row in content.pop("rows")
        )
        withheld = tuple(
            WithheldRow(row["answer"], tuple(row["key"]), row["reason"], row["highest"])
            for row in content.pop("withheld")
        )
        persons = tuple(content.pop("persons"))
        return Edition(**content, persons=persons, rows=rows, withheld=withheld)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not the record of an edition ({type(error).__name__})") from None


def _rows_of(
    answer: Judged, withheld: set[UnitKey], pseudonyms: Sequence[str]
) -> list[RecordedRow]:
    names = np.array(pseudonyms, dtype=object)
    found = []
    for row in answer.rows:
        if row.key in withheld:
            continue
        sets = tuple(
            tuple(sorted(names[np.isin(answer.members[m].cells[: len(names)], list(keys))]))
            for m, keys in row.sets
            if answer.members[m].population == PARTICIPANTS
        )
        found.append(RecordedRow(answer.id, row.key, sets))
    return found
