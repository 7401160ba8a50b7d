"""What an edition released, as plain data: each printed row with its persons' pseudonyms.

It is as sensitive as the register, and is kept beside it. Pseudonyms are keyed: without the
key nobody can try who is meant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from evalkit.disclosure.audit import feasible
from evalkit.disclosure.linked import Decision
from evalkit.disclosure.system import PARTICIPANTS, WHOLE, Judged, UnitKey
from evalkit.results import GroupedEvents, Withheld

FORMAT = 1


@dataclass(frozen=True, slots=True)
class RecordedRow:
    """A row: the persons of each set whose number it told, or kept back, as pseudonyms, sorted.

    ``lowest``: fewest persons that a reader knows a withheld set to hold.
    """

    answer: str
    key: UnitKey
    sets: tuple[tuple[str, ...], ...]
    is_printed: bool = True
    lowest: int = 0


@dataclass(frozen=True, slots=True)
class WithheldRow:
    """A row that was not printed: why, and how many persons a reader may think it holds.

    ``highest`` is ``None`` where nothing printed limits it.
    """

    answer: str
    key: UnitKey
    reason: str
    lowest: int
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
        project: Id of the project. ``files``: names of its registers' files.
        answers: All that was released, as ``answers.json``.
        curves: Released counts over time, by answer; see `evalkit.results.codec`.
        steps: From rows to persons, as printed.
        data_cut: The day its data go up to, ISO 8601; empty in a record that does not say.
    """

    name: str
    date: str
    by: str
    rule: str
    register: str
    persons: tuple[str, ...]
    rows: tuple[RecordedRow, ...]
    withheld: tuple[WithheldRow, ...] = ()
    project: str = ""
    files: tuple[str, ...] = ()
    answers: str = ""
    curves: dict[str, Any] = field(default_factory=dict)
    steps: dict[str, int] = field(default_factory=dict)
    data_cut: str = ""

    @property
    def everyone(self) -> tuple[str, ...]:
        """All that its rows tell of: a curve that is repeated tells of some who have gone since."""
        gone = {name for row in self.rows for own in row.sets for name in own} - set(self.persons)
        return (*self.persons, *sorted(gone))


def judged_rows(decision: Decision, pseudonyms: Sequence[str]) -> tuple[RecordedRow, ...]:
    """The rows of participants, printed or not, with whose persons' they are."""
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
        # Of a share, those with the outcome: that is what its row says.
        told = [unit.cells[0] if unit.main < 0 else unit.main for unit in own]
        bounds = feasible(system, hidden, told)
        for unit, cell in zip(own, told, strict=True):
            reason = decision.withheld.get(unit.answer, {}).get(unit.key, "complement")
            least, most = bounds[cell]
            highest = None if np.isinf(most) else int(most)
            found.append(WithheldRow(unit.answer, unit.key, reason, int(least), highest))
    listed = {(row.answer, row.key) for row in found}
    others = [(name, key) for name, own in decision.withheld.items() for key in own]
    for name, one in decision.released.items():
        others += [(name, key) for key in _withheld_by_itself(one.result)]
    left = [one for one in dict.fromkeys(others) if one not in listed]
    # Numbers of persons are not limited by rows that nobody is told of.
    return (*found, *(WithheldRow(name, key, "complement", 0, None) for name, key in left))


def _withheld_by_itself(result: Any) -> list[UnitKey]:
    """Groups without a curve, horizons that are no point, and rows that the rule refuses."""
    if isinstance(result, GroupedEvents):
        known = {group: result.points.get((group, result.causes[0]), ()) for group in result.groups}
        missing = [(str(day), group) for group in result.groups for day in result.horizons
                   if day not in known[group]]  # fmt: skip
        return [*((group,) for group in result.hidden), *missing]
    if isinstance(result, tuple):
        return [(str(i), row.group) for i, row in enumerate(result) if isinstance(row, Withheld)]
    return [WHOLE] if isinstance(result, Withheld) else []


def to_data(edition: Edition) -> dict[str, Any]:
    """The edition as plain data: sets of persons as their places among all of them."""
    everyone = edition.everyone
    place = {name: i for i, name in enumerate(everyone)}
    rows = [
        {"answer": row.answer, "key": list(row.key),
         "sets": [[place[name] for name in own] for own in row.sets],
         "is_printed": row.is_printed, "lowest": row.lowest}
        for row in edition.rows
    ]  # fmt: skip
    gone = everyone[len(edition.persons) :]
    return {"format": FORMAT, **asdict(edition), "rows": rows, "gone": gone}


def from_data(content: dict[str, Any]) -> Edition:
    """The edition that `to_data` gave, of data that whoever read them has checked by its model.

    Raises:
        ValueError: If they are of another version, or their persons are not all there.
    """
    given = dict(content)
    if given.pop("format") != FORMAT:
        raise ValueError("an edition of another version")
    persons = tuple(given.pop("persons"))
    everyone = dict(enumerate((*persons, *given.pop("gone", ()))))
    try:
        rows = tuple(
            RecordedRow(**{
                **row,
                "key": tuple(row["key"]),
                "sets": tuple(tuple(everyone[i] for i in own) for own in row["sets"]),
            })
            for row in given.pop("rows")
        )  # fmt: skip
    except KeyError:
        raise ValueError("an edition without some of its persons") from None
    withheld = tuple(
        WithheldRow(**{**row, "key": tuple(row["key"])}) for row in given.pop("withheld")
    )
    files = tuple(given.pop("files"))
    return Edition(**given, persons=persons, rows=rows, withheld=withheld, files=files)


def _rows_of(
    answer: Judged, withheld: set[UnitKey], pseudonyms: Sequence[str]
) -> list[RecordedRow]:
    names = np.array(pseudonyms, dtype=object)
    found = []
    for row in answer.rows:
        sets = tuple(
            tuple(sorted(names[np.isin(answer.members[m].cells[: len(names)], list(keys))]))
            for m, keys in row.sets
            if answer.members[m].population == PARTICIPANTS
        )
        lowest = max(row.lowest, default=0)
        found.append(RecordedRow(answer.id, row.key, sets, row.key not in withheld, lowest))
    return found
