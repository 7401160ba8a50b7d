"""Figures of overlapping groups of persons: none may be told apart from another by a few.

130 who left during a year and 128 who left by September tell what became of two. Each share
by itself is safe; printed together they are a table with small cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evalkit.disclosure.counts import is_small
from evalkit.disclosure.rule import Rule


@dataclass(frozen=True, slots=True, eq=False)
class ToldGroups:
    """The groups of persons whose exact numbers one figure tells: one place per person in each.

    Attributes:
        groups: Who is in each group.
        lacking: Persons whom the figure leaves out for want of a status. That somebody could
            not be followed up tells nothing of how it went, so a rest of such persons alone
            is not protected.
    """

    groups: tuple[np.ndarray, ...]
    lacking: np.ndarray | None = None


def told_by_share(
    persons: np.ndarray, with_outcome: np.ndarray, *, lacking: np.ndarray | None = None
) -> ToldGroups:
    """What a share tells: how many persons it is of, how many have the outcome and how many not."""
    return ToldGroups((persons, persons & with_outcome, persons & ~with_outcome), lacking)


def selections_to_withhold(figures: Sequence[ToldGroups], rule: Rule) -> tuple[bool, ...]:
    """Which figures may not be printed beside those before them.

    A group subtracted from one that holds all its persons, or two that hold none in common
    from one that holds both, tells how many the rest are; a small rest is what a table would
    withhold. A figure that the door withholds by itself, for a small group, hides no other.

    Args:
        figures: In the order of preference: the first is printed whatever comes after.
        rule: The project's disclosure profile.

    >>> from evalkit.disclosure.rule import rule_for
    >>> everyone, first = np.ones(40, dtype=bool), np.arange(40) < 38
    >>> reached = np.arange(40) % 2 == 0
    >>> selections_to_withhold(
    ...     [told_by_share(everyone, reached), told_by_share(first, reached)],
    ...     rule_for("standard"))
    (False, True)
    """
    if not figures:
        return ()
    overlaps = _overlaps(figures)
    printed: list[int] = []
    withheld, start = [], 0
    for figure in figures:
        own = list(range(start, start + len(figure.groups)))
        start += len(own)
        shown = not any(is_small(int(overlaps.size[group]), rule) for group in own)
        tells = shown and any(_tells(group, [*printed, *own], overlaps, rule) for group in own)
        withheld.append(tells)
        if shown and not tells:
            printed += own
    return tuple(withheld)


@dataclass(frozen=True, slots=True, eq=False)
class _Overlaps:
    """Groups over kinds of persons who are in the same groups.

    Attributes:
        members: ``(g, k)`` whether a group holds a kind; ``lacking`` those left out of it.
        size: ``(g,)`` persons of each group.
        shared: ``(g, g)`` persons of each pair in common.
        within: ``(g, g)`` whether the first holds nobody whom the second does not.
    """

    members: np.ndarray
    lacking: np.ndarray
    size: np.ndarray
    shared: np.ndarray
    within: np.ndarray


def _overlaps(figures: Sequence[ToldGroups]) -> _Overlaps:
    groups, lacking = [], []
    for figure in figures:
        groups += list(figure.groups)
        none = np.zeros(len(figure.groups[0]), dtype=bool)
        lacking += [none if figure.lacking is None else figure.lacking] * len(figure.groups)
    held = np.array([*groups, *lacking], dtype=bool)
    packed = np.ascontiguousarray(np.packbits(held, axis=0).T)
    kinds = packed.view(np.dtype((np.void, packed.shape[1]))).ravel()
    _, first, persons = np.unique(kinds, return_index=True, return_counts=True)
    members, left_out = np.split(held[:, first], 2)
    shared = (members * persons) @ members.T.astype(float)
    size = np.diag(shared)
    return _Overlaps(members, left_out, size, shared, shared == size[:, None])


def _tells(group: int, known: list[int], overlaps: _Overlaps, rule: Rule) -> bool:
    """Whether a group and others that are known leave a small rest when subtracted."""
    others = np.array(known)
    wholes = others[overlaps.within[group, others]]
    parts = others[overlaps.within[others, group]]
    pairs = [(whole, (group,)) for whole in wholes] + [(group, (part,)) for part in parts]
    if any(_is_telling(whole, taken, overlaps, rule) for whole, taken in pairs):
        return True
    return any(_any_pair_tells(whole, group, others, overlaps, rule) for whole in wholes) or any(
        _any_pair_tells(group, part, parts, overlaps, rule) for part in parts
    )


def _any_pair_tells(
    whole: int, one: int, others: np.ndarray, overlaps: _Overlaps, rule: Rule
) -> bool:
    """Whether a whole less two groups with no person in common leaves a small rest."""
    rest = overlaps.size[whole] - overlaps.size[one] - overlaps.size[others]
    apart = overlaps.within[others, whole] & (overlaps.shared[one, others] == 0)
    small = apart & (rest > 0) & (rest < rule.threshold)
    return any(_is_telling(whole, (one, other), overlaps, rule) for other in others[small])


def _is_telling(whole: int, taken: tuple[int, ...], overlaps: _Overlaps, rule: Rule) -> bool:
    parts = list(taken)
    if not is_small(int(overlaps.size[whole] - overlaps.size[parts].sum()), rule):
        return False
    rest = overlaps.members[whole] & ~overlaps.members[parts].any(axis=0)
    return bool((rest & ~overlaps.lacking[parts].any(axis=0)).any())
