"""Editions of a report compared: what changed between two of them must not be a few persons.

A reader who has two editions can subtract. "267 participants, 163 in work" followed by
"269 participants, 164 in work" tells of two persons that one of them is in work. The
ledger holds figures that were released, never one that was withheld.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from evalkit.disclosure.rule import Rule

FigureKind = Literal["count", "share"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A released figure: a count of persons, or a share of ``n`` persons (0: not known)."""

    kind: FigureKind
    value: float
    n: float = 0.0
    decimals: int = 1


Figures = Mapping[str, Figure]


@dataclass(frozen=True, slots=True)
class Difference:
    """Figures of one table that would tell of a few persons beside an earlier edition."""

    table: str
    edition: str
    figures: int


def revealing_differences(
    editions: Mapping[str, Figures], current: Figures, rule: Rule
) -> tuple[Difference, ...]:
    """Where the figures to be released differ too little from an earlier edition.

    A figure is the same figure when its key is: table, row and column as printed, in one
    language. It reveals when it differs from the earlier value by fewer persons than the
    threshold, but differs. A share reveals when its change, times the persons it is a
    share of (or all persons, where those are not printed), is that small and they are the
    same number of persons. Counts that are rounded cannot be subtracted and do not reveal;
    the exact ones that stand beside shares can.

    Args:
        editions: Name of each earlier edition → its figures.
        current: The figures to be released.
        rule: The project's disclosure profile.

    >>> from evalkit.disclosure.rule import rule_for
    >>> before = {"sex/all/n": Figure("count", 267)}
    >>> after = {"sex/all/n": Figure("count", 269)}
    >>> revealing_differences({"May": before}, after, rule_for("standard"))
    (Difference(table='sex', edition='May', figures=1),)
    >>> revealing_differences({"May": before}, before, rule_for("standard"))
    ()
    """
    found = []
    for edition, earlier in editions.items():
        everyone = _everyone([earlier, current])
        tables = [
            key.split("/")[0]
            for key in earlier.keys() & current.keys()
            if _reveals(earlier[key], current[key], everyone, rule)
        ]
        found += [Difference(table, edition, tables.count(table)) for table in sorted(set(tables))]
    return tuple(found)


def _reveals(earlier: Figure, current: Figure, everyone: float, rule: Rule) -> bool:
    if earlier.kind != current.kind or earlier == current:
        return False
    if current.kind == "count":
        step = abs(current.value - earlier.value)
        return 0 < step < rule.threshold
    if earlier.n != current.n:
        # Its counts are judged as counts; a share of other persons is no difference of persons.
        return False
    step = abs(current.value - earlier.value) * (current.n or everyone)
    # A share is printed with few decimals: its change may be half a unit less on either side.
    unprinted = 10.0 ** -(current.decimals + 2) * (current.n or everyone)
    return step > 0 and step - unprinted < rule.threshold


def _everyone(editions: Sequence[Figures]) -> float:
    counts = [f.value for figures in editions for f in figures.values() if f.kind == "count"]
    return max(counts, default=0.0)
