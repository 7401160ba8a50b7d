"""Editions of a report: a new one is judged together with what the earlier ones printed.

Persons are found again by their keyed pseudonyms. Whoever has left the register since stays in
the system: an earlier number still counts them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from evalkit.disclosure.alone import PROTECTED
from evalkit.disclosure.curves import Timed, timed
from evalkit.disclosure.linked import LATE, Decision, decide, padded
from evalkit.disclosure.programme import MOST_STEPS
from evalkit.disclosure.record import Edition, RecordedRow, judged_rows
from evalkit.disclosure.rule import Rule, is_small
from evalkit.disclosure.system import PARTICIPANTS, Partition
from evalkit.results import EventTable, FlowStep, Regression, Released, Withheld
from evalkit.results.answers import Answer
from evalkit.results.codec import decoded, encoded
from evalkit.results.curves import KINDS, REST, WAY, EventBlock, GroupedEvents

FEWEST_FOUND_AGAIN = 0.90
REPEATED = "repeated"  # a note: the curve is that of an earlier edition
_BLOCK = "block"
_ROWS_AND_PERSONS = frozenset({"rows_read", "rows_accepted", "persons_analysed"})


class NotFoundAgain(ValueError):
    """Persons of an earlier edition cannot be found again: another key, or other codes."""

    def __init__(self, edition: str, share: float) -> None:
        super().__init__(f"persons of {edition} cannot be found again")
        self.edition, self.share = edition, share


@dataclass(frozen=True, slots=True)
class History:
    """Who the participants are, and what was published before.

    Attributes:
        pseudonyms: In the order of the members.
        earlier: Editions of the same register, whatever project they are of, oldest first.
        project: Id of the project that is judged. ``files``: its registers' files.
    """

    pseudonyms: tuple[str, ...] = ()
    earlier: tuple[Edition, ...] = ()
    project: str = ""
    files: tuple[str, ...] = ()

    def own(self) -> tuple[Edition, ...]:
        """The editions of this project."""
        return tuple(one for one in self.earlier if one.project == self.project)

    def related(self) -> tuple[Edition, ...]:
        """The editions to judge beside: of this project, or with persons in common.

        Raises:
            NotFoundAgain: For one whose persons should be here and are not. Nothing may then be
                printed that could be subtracted from it.
        """
        now = set(self.pseudonyms)
        found = []
        for edition in self.earlier:
            shared = len(now & set(edition.persons))
            of = len(edition.persons)
            if edition.project != self.project:
                # A part of the register, or the register that a part was taken from.
                of = min(of, len(now))
                if not shared and not set(edition.files) & set(self.files):
                    continue
            if edition.persons and now and shared < FEWEST_FOUND_AGAIN * of:
                raise NotFoundAgain(f"{edition.project} {edition.date}", shared / of)
            found.append(edition)
        return tuple(found)


def decide_edition(
    answers: Sequence[Answer[Any]],
    rule: Rule,
    history: History,
    *,
    most_steps: float = MOST_STEPS,
) -> Decision:
    """What a new edition may print beside the earlier ones.

    Args:
        answers: Exact, with their members.
        rule: The project's disclosure profile.
        history: Who they are, and the earlier editions.
        most_steps: See `linked.release_all`.

    Raises:
        NotFoundAgain: See `History.related`.
    """
    earlier = history.related()
    if not earlier:
        return decide(answers, rule, most_steps=most_steps)
    now = set(history.pseudonyms)
    gone = dict.fromkeys(p for e in earlier for p in e.everyone if p not in now)
    place = {name: i for i, name in enumerate([*history.pseudonyms, *gone])}
    before = [part for e in earlier for part in _partitions(e, place)]
    wider = [_with_gone(answer, len(place)) for answer in answers]
    decision = decide(wider, rule, earlier=before, most_steps=most_steps)
    own = history.own()
    released = dict(decision.released)
    for answer in answers:
        if isinstance(answer.result, EventTable) and own:
            kept = _curve(answer, released[answer.id], own, history.pseudonyms)
            released[answer.id] = kept
        elif isinstance(answer.result, Regression) and _is_moved(answer.id, decision, place, own):
            gone_too = Withheld(measure=answer.result.model, reason=PROTECTED)
            released[answer.id] = replace(released[answer.id], result=gone_too, withheld=1)
        elif (
            isinstance(answer.result, tuple)
            and answer.result
            and all(isinstance(step, FlowStep | Withheld) for step in answer.result)
        ):
            released[answer.id] = _steps(released[answer.id], own, released, rule)
    return replace(decision, released=released)


def _is_moved(name: str, decision: Decision, place: Iterable[str], own: Sequence[Edition]) -> bool:
    """Whether a model is of a few other persons than before: its coefficients would tell of them.

    Where its numbers of persons may stand beside the earlier ones, so may they.
    """
    if name not in decision.withheld:
        return False
    now = {row.sets for row in judged_rows(decision, list(place)) if row.answer == name}
    before = {row.sets for edition in own for row in edition.rows if row.answer == name}
    return bool(before) and not now & before


def curve_rows(
    answers: Iterable[Answer[Any]],
    released: Mapping[str, Released[Any]],
    history: History,
) -> Iterator[RecordedRow]:
    """Every printed block of every curve, with whose persons it holds.

    A curve that is repeated tells of the persons it told of then, and of no others.
    """
    own = history.own()
    for answer in answers:
        result = released[answer.id].result if answer.id in released else None
        if not isinstance(answer.result, EventTable) or not isinstance(result, GroupedEvents):
            continue
        if any(note.startswith(REPEATED) for note in released[answer.id].notes):
            yield from (
                row for row in own[-1].rows if row.answer == answer.id and row.key[0] == _BLOCK
            )
        else:
            sets = _block_sets(answer, result, history.pseudonyms)
            yield from (
                RecordedRow(answer.id, (_BLOCK, *block_key(block)), (persons,))
                for block, persons in sets.items()
            )


def block_key(block: EventBlock) -> tuple[str, ...]:
    return (*block.groups, block.kind, f"{block.start:g}", f"{block.end:g}")


def late_rows(answer: Answer[Any], pseudonyms: Sequence[str]) -> RecordedRow:
    """Whose persons the numbers of an answer are that others decided about."""
    names = np.array(pseudonyms, dtype=object)
    sets = tuple(
        tuple(sorted(names[members.cells == k]))
        for members in answer.members
        if members.population == PARTICIPANTS
        for k in range(len(members.keys))
    )
    return RecordedRow(answer.id, LATE, sets)


def recorded_curves(released: Mapping[str, Released[Any]]) -> dict[str, Any]:
    """Released counts over time as data, to be repeated."""
    return {
        name: encoded(one.result)
        for name, one in released.items()
        if isinstance(one.result, GroupedEvents) and one.result.blocks
    }


def _block_sets(
    answer: Answer[EventTable], result: GroupedEvents, pseudonyms: Sequence[str]
) -> dict[EventBlock, tuple[str, ...]]:
    one, names = timed(answer), np.array(pseudonyms, dtype=object)
    return {
        block: tuple(sorted(names[_in_block(one, block)[: len(names)]]))
        for block in result.blocks
        # What is left of everyone follows from the others.
        if block.kind != REST and set(block.groups) <= set(one.groups)
    }


def _in_block(one: Timed, block: EventBlock) -> np.ndarray:
    inside: np.ndarray = one.chosen & (one.days > block.start) & (one.days <= block.end)
    if block.start == 0:
        inside |= one.chosen & (one.days <= 0)
    if block.groups:
        inside &= np.isin(one.group, [one.groups.index(name) for name in block.groups])
    if block.kind in KINDS:
        inside &= one.kind == KINDS.index(block.kind)
    else:
        inside &= one.cause == one.answer.result.causes.index(block.kind.removeprefix(WAY))
    return inside


def _curve(
    answer: Answer[EventTable],
    new: Released[Any],
    own: Sequence[Edition],
    pseudonyms: Sequence[str],
) -> Released[Any]:
    """The new curve, or the last edition's where it shows more: with its date, if it changed."""
    last = own[-1]
    if answer.id not in last.curves:
        return new
    old: GroupedEvents = decoded(last.curves[answer.id])
    recorded = {row.key: row.sets for row in last.rows if row.answer == answer.id}
    if all(
        recorded.get((_BLOCK, *block_key(block))) == (own,)
        for block, own in _block_sets(answer, old, pseudonyms).items()
    ):
        return replace(new, result=old, withheld=len(old.hidden))
    shows_all = set(old.groups) <= set(new.result.groups) and any(new.result.points.values())
    if shows_all:
        return new
    kept = last.curves[answer.id]
    first = next(edition for edition in own if edition.curves.get(answer.id) == kept)
    note = f"{REPEATED}:{first.date}:{first.data_cut}"
    return replace(new, result=old, withheld=len(old.hidden), notes=(*new.notes, note))


def _steps(
    steps: Released[Any], own: Sequence[Edition], released: Mapping[str, Released[Any]], rule: Rule
) -> Released[Any]:
    """From rows to persons, without what differs by a few from an earlier edition."""
    near = {
        one.step
        for one in steps.result
        for edition in own
        if isinstance(one, FlowStep)
        and is_small(abs(one.count - edition.steps.get(one.step, one.count)), rule)
    }
    persons = released.get("persons")
    if near or (persons is not None and isinstance(persons.result, Withheld)):
        near |= _ROWS_AND_PERSONS
    rows = tuple(
        Withheld(measure=one.step, reason=PROTECTED)
        if isinstance(one, FlowStep) and one.step in near
        else one
        for one in steps.result
    )
    return replace(steps, result=rows, withheld=sum(isinstance(one, Withheld) for one in rows))


def _partitions(edition: Edition, place: dict[str, int]) -> Iterator[Partition]:
    """The sets of an answer, those without a person in common together."""
    by_answer: dict[str, dict[tuple[str, ...], tuple[bool, int]]] = {}
    for row in edition.rows:
        known = by_answer.setdefault(row.answer, {})
        for own in filter(None, row.sets):
            is_printed, lowest = known.get(own, (False, 0))
            known[own] = is_printed or row.is_printed, max(lowest, row.lowest)
    for sets in by_answer.values():
        left = [(_mask(own, place), *told) for own, told in sets.items()]
        while left:
            taken, rest, chosen = np.zeros(len(place), dtype=bool), [], []
            for one in left:
                if (one[0] & taken).any():
                    rest.append(one)
                else:
                    chosen.append(one)
                    taken |= one[0]
            masks, printed, lowest = zip(*chosen, strict=True)
            yield Partition(np.array(masks), np.array(printed), np.array(lowest))
            left = rest


def _mask(persons: Sequence[str], place: dict[str, int]) -> np.ndarray:
    mask = np.zeros(len(place), dtype=bool)
    mask[[place[person] for person in persons]] = True
    return mask


def _with_gone(answer: Answer[Any], n: int) -> Answer[Any]:
    members = (padded(one, n) if one.population == PARTICIPANTS else one for one in answer.members)
    return replace(answer, members=tuple(members))
