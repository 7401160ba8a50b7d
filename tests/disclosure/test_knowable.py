"""Sums that hold by chance are not what a reader knows; what is defined stays known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from evalkit.disclosure.knowable import knowable, known
from evalkit.disclosure.moves import Needs
from evalkit.disclosure.registry import Registry, cells_of_members
from evalkit.disclosure.system import Need, System
from evalkit.results.answers import Members

# 40 persons: 20 women, 18 men, 2 of unknown sex; 15 left to work, by chance none of the two.
EVERYONE, WOMEN, MEN, UNKNOWN, WORK, WOMEN_WORK, MEN_WORK, UNKNOWN_WORK = range(8)
DEFINED = (
    (EVERYONE, (WOMEN, MEN, UNKNOWN)),
    (WORK, (WOMEN_WORK, MEN_WORK, UNKNOWN_WORK)),
)
BY_CHANCE = (WORK, (WOMEN_WORK, MEN_WORK))


def system(*sums: tuple[int, tuple[int, ...]], chances: tuple[float, ...]) -> System:
    counts = np.array([40, 20, 18, 2, 15, 8, 7, 0])
    return System(
        counts=counts,
        lowest=np.zeros(8, dtype=np.int64),
        sums=sums,
        units=(),
        known=frozenset({EVERYONE}),
        needs=(Need(UNKNOWN, 3), Need(UNKNOWN_WORK, 1)),
        follows=(),
        chances=chances,
    )


def test_a_sum_that_closes_a_cell_while_nothing_is_printed_is_chance() -> None:
    whole = system(*DEFINED, BY_CHANCE, chances=(0.0, 0.0, 0.4))
    closed = Needs(whole, 5).hopeless()
    assert closed == [UNKNOWN_WORK]
    found, still = knowable(whole, 5, closed)
    assert (found.sums, still) == (DEFINED, ())


def test_a_sum_of_the_definitions_stays_whatever_it_closes() -> None:
    whole = system(*DEFINED, BY_CHANCE, chances=(0.0, 0.0, 1e-9))
    found, still = knowable(whole, 5, [UNKNOWN_WORK])
    assert (found.sums, still) == (whole.sums, (UNKNOWN_WORK,))


def test_sums_that_leave_everything_open_stay() -> None:
    whole = replace(system(*DEFINED, chances=(0.0, 0.9)), needs=(Need(UNKNOWN_WORK, 1),))
    assert knowable(whole, 5, Needs(whole, 5).hopeless())[0].sums == DEFINED


def test_what_earlier_editions_printed_does_not_make_a_sum_chance() -> None:
    """Their readers have read something: the cell is closed by what they know, not by chance."""
    whole = system(*DEFINED, chances=(0.0, 0.9))
    printed = replace(whole, known=frozenset({EVERYONE, WORK, WOMEN_WORK, MEN_WORK}))
    assert Needs(printed, 5).hopeless() == [UNKNOWN_WORK]
    assert known(printed, 5, is_first=False) == printed


def test_a_sum_of_a_zero_that_nobody_may_know_is_a_sum() -> None:
    """Men without work (7) less unemployed men (7) would tell that no man is long-term unemployed.

    The line of the long-term unemployed, two women, is hidden. Were the seven one cell by who is
    in it, the sum would say nothing of the zero, and both sevens would be printed.
    """
    levels = [("unemployed", "woman"), ("unemployed", "man"), ("long", "woman"), ("long", "man"),
              ("employed", "woman"), ("employed", "man")]  # fmt: skip
    members = Members(cells=np.repeat([0, 1, 2, 4, 5], [9, 7, 2, 6, 8]), keys=tuple(levels))
    names = np.random.default_rng(1).integers(0, 2**63, size=36, dtype=np.uint64)
    registry = Registry(persons=names[:32], threshold=5)
    own = cells_of_members(members, registry, is_sensitive=False)
    without_work = own.union(frozenset({1, 3}))
    assert registry.counts[without_work] == 7
    assert without_work != own.base[1]
    assert (without_work, frozenset({own.base[1], own.base[3]})) in registry.sums
    # A zero of a line that is shown is told by the line, and hides nothing.
    shown = Members(cells=np.repeat([0, 1, 2, 4, 5], [9, 7, 6, 6, 8]), keys=tuple(levels))
    registry = Registry(persons=names, threshold=5)
    own = cells_of_members(shown, registry, is_sensitive=False)
    assert own.union(frozenset({1, 3})) == own.base[1]
