"""Editions of a report: a new one is judged together with what the earlier ones printed.

Persons are found again by their keyed pseudonyms. Whoever has left the register since stays in
the system: an earlier number still counts them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from evalkit.disclosure.linked import Decision, decide
from evalkit.disclosure.record import Edition
from evalkit.disclosure.rule import Rule
from evalkit.disclosure.system import PARTICIPANTS, Partition
from evalkit.results.answers import OUTSIDE, Answer, Members

FEWEST_FOUND_AGAIN = 0.90


def found_again(edition: Edition, pseudonyms: Sequence[str]) -> float:
    """The share of an edition's persons who are in the register now."""
    if not edition.persons:
        return 1.0
    return len(set(edition.persons) & set(pseudonyms)) / len(edition.persons)


def unmatched(earlier: Sequence[Edition], pseudonyms: Sequence[str]) -> tuple[Edition, ...]:
    """Editions whose persons cannot be found again: another key, or other id codes.

    Nothing may be printed beside them that could be subtracted.
    """
    return tuple(e for e in earlier if found_again(e, pseudonyms) < FEWEST_FOUND_AGAIN)


def decide_edition(
    answers: Sequence[Answer[Any]],
    rule: Rule,
    *,
    pseudonyms: Sequence[str],
    earlier: Sequence[Edition],
    time_limit_seconds: float = 30.0,
) -> Decision:
    """What a new edition may print beside the earlier ones.

    Args:
        answers: Exact, with their members.
        rule: The project's disclosure profile.
        pseudonyms: Of the participants, in the order of the members.
        earlier: Records of earlier editions of the same register, in any order.
        time_limit_seconds: See `linked.release_all`.

    Raises:
        ValueError: For an edition whose persons cannot be found again (`unmatched`).
    """
    if unmatched(earlier, pseudonyms):
        raise ValueError("an earlier edition's persons cannot be found again")
    now = set(pseudonyms)
    gone = dict.fromkeys(p for e in earlier for p in e.persons if p not in now)
    place = {name: i for i, name in enumerate([*pseudonyms, *gone])}
    before = [part for e in earlier for part in _partitions(e, place)]
    wider = [_with_gone(answer, len(gone)) for answer in answers]
    return decide(wider, rule, earlier=before, time_limit_seconds=time_limit_seconds)


def _partitions(edition: Edition, place: dict[str, int]) -> list[Partition]:
    """Printed sets of an answer, those without a person in common together."""
    found: list[Partition] = []
    by_answer: dict[str, dict[tuple[str, ...], None]] = {}
    for row in edition.rows:
        by_answer.setdefault(row.answer, {}).update(dict.fromkeys(row.sets))
    for sets in by_answer.values():
        masks = [_mask(own, place) for own in sets if own]
        while masks:
            taken, rest = np.zeros(len(place), dtype=bool), []
            chosen = []
            for mask in masks:
                if (mask & taken).any():
                    rest.append(mask)
                else:
                    chosen.append(mask)
                    taken |= mask
            found.append(np.array(chosen))
            masks = rest
    return found


def _mask(persons: Sequence[str], place: dict[str, int]) -> np.ndarray:
    mask = np.zeros(len(place), dtype=bool)
    mask[[place[person] for person in persons]] = True
    return mask


def _with_gone(answer: Answer[Any], n: int) -> Answer[Any]:
    return replace(answer, members=tuple(_padded(one, n) for one in answer.members))


def _padded(members: Members, n: int) -> Members:
    if members.population != PARTICIPANTS or n == 0:
        return members

    def longer(column: np.ndarray | None, fill: int) -> np.ndarray | None:
        return None if column is None else np.concatenate([column, np.full(n, fill, column.dtype)])

    cells = np.concatenate([members.cells, np.full(n, OUTSIDE, members.cells.dtype)])
    return replace(
        members, cells=cells, days=longer(members.days, 0), amounts=longer(members.amounts, 0)
    )
