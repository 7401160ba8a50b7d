"""Shares of overlapping selections of persons: none may be told apart from another by a few.

130 who left during a year and 128 who left by September tell what became of two. Each share
by itself is safe; printed together they are a table with small cells.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from evalkit.disclosure.counts import is_small
from evalkit.disclosure.rule import Rule


@dataclass(frozen=True, slots=True, eq=False)
class SharedPersons:
    """Who a share is taken of, and who of them has the outcome: one place per person."""

    persons: np.ndarray
    with_outcome: np.ndarray


def selections_to_withhold(selections: Sequence[SharedPersons], rule: Rule) -> tuple[bool, ...]:
    """Which shares of one outcome may not be printed beside those before them.

    A share tells how many persons it is of and how many have the outcome. Subtracted from one
    that holds all its persons, or two that hold none in common from one that holds both, it
    tells those numbers of the rest; a rest that is small, or has small numbers in it, is what
    a table would withhold.

    Args:
        selections: In the order of preference: the first is printed whatever comes after.
        rule: The project's disclosure profile.

    >>> from evalkit.disclosure.rule import rule_for
    >>> everyone, first = np.ones(40, dtype=bool), np.arange(40) < 38
    >>> reached = np.arange(40) % 2 == 0
    >>> selections_to_withhold(
    ...     [SharedPersons(everyone, reached), SharedPersons(first, reached & first)],
    ...     rule_for("standard"))
    (False, True)
    """
    printed: list[SharedPersons] = []
    withheld = []
    for one in selections:
        tells = any(_is_telling(rest, rule) for rest in _rests(one, printed))
        withheld.append(tells)
        if not tells and not _is_telling(_numbers(one), rule):
            printed.append(one)
    return tuple(withheld)


def _numbers(one: SharedPersons) -> tuple[int, int]:
    """Persons with and without the outcome."""
    reached = int(one.with_outcome.sum())
    return reached, int(one.persons.sum()) - reached


def _is_telling(numbers: tuple[int, int], rule: Rule) -> bool:
    reached, without = numbers
    return any(is_small(count, rule) for count in (reached, without, reached + without))


def _rests(new: SharedPersons, printed: Sequence[SharedPersons]) -> Iterator[tuple[int, int]]:
    """What is left when the new share is taken from others, others from it, or two together."""
    for other in printed:
        yield from _less(new, [other])
        yield from _less(other, [new])
        for third in printed:
            if third is not other:
                yield from _less(third, [new, other])
    for pair in combinations(printed, 2):
        yield from _less(new, pair)


def _less(whole: SharedPersons, parts: Sequence[SharedPersons]) -> Iterator[tuple[int, int]]:
    together = sum(part.persons.astype(int) for part in parts)
    if np.any(together > whole.persons):
        return  # not within the whole, or a person in both parts
    reached, without = _numbers(whole)
    for part in parts:
        own, other = _numbers(part)
        reached, without = reached - own, without - other
    yield reached, without
