"""Count tables made safe: small cells, and the cells that would give them away.

One table or several that share margins are one system of cells and sums. The optimiser
chooses what to withhold beside the small cells, the auditor checks the printed result;
if either gives up, whole rows are withheld instead.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from evalkit.disclosure.audit import printed_tables, too_narrow
from evalkit.disclosure.cells import CellSystem, cells_of_tables
from evalkit.disclosure.rule import Rule
from evalkit.disclosure.suppression import NoSuppressionFound, choice_of_cells
from evalkit.results import CountTable

WHOLE_ROWS = "whole_rows"
Telling = Callable[[Sequence[CountTable]], Sequence[np.ndarray]]


def is_small(count: int, rule: Rule) -> bool:
    """Whether a count of persons must be withheld; nobody (0) reveals nobody.

    >>> from evalkit.disclosure.rule import rule_for
    >>> [is_small(count, rule_for("standard")) for count in (0, 1, 4, 5)]
    [False, True, True, False]
    """
    return 0 < count < rule.threshold


def release_tables(
    tables: Sequence[CountTable],
    rule: Rule,
    *,
    telling: Telling | None = None,
    time_limit_seconds: float = 30.0,
) -> tuple[tuple[CountTable, ...], int, tuple[str, ...]]:
    """Tables that may share margins, with small cells and what would reveal them withheld.

    Args:
        tables: Exact tables; cells of two tables with the same levels, measure and count
            are taken as one and the same figure.
        rule: The project's disclosure profile.
        telling: Of tables as they would be shown, a mark per row of each: cells that would
            give a few persons away beside other figures of the report. They are withheld,
            too, and the choice is made again until none is left.
        time_limit_seconds: For each search of what to withhold.

    Returns:
        The tables, the number of cells withheld, and notes as text keys: ``whole_rows``
        when whole rows had to be withheld because no better choice was found in time.
    """
    system = cells_of_tables(tables, rule)
    cuts: np.ndarray | None = None
    notes: tuple[str, ...]
    while True:
        try:
            choice = choice_of_cells(
                system.problem, cuts=cuts, time_limit_seconds=time_limit_seconds
            )
            cuts, notes = choice.cuts, ()
            released = _masked(tables, system, choice.withheld)
        except NoSuppressionFound:
            released, notes = _by_whole_rows(tables, system, rule), (WHOLE_ROWS,)
        more = _primary(system, telling(released)) if telling else None
        if more is None or not (more & ~system.problem.primary).any():
            break
        system = replace(
            system, problem=replace(system.problem, primary=system.problem.primary | more)
        )
    if not _is_safe(released, rule):
        released, notes = _by_whole_rows(tables, system, rule), (WHOLE_ROWS,)
    return released, _withheld(released), notes


def _primary(system: CellSystem, marks: Sequence[np.ndarray]) -> np.ndarray:
    """Cells that some table marks."""
    primary = np.zeros(len(system.problem.counts), dtype=bool)
    for cells, marked in zip(system.cells, marks, strict=True):
        primary[cells[marked]] = True
    return primary


def _is_safe(released: Sequence[CountTable], rule: Rule) -> bool:
    printed = printed_tables(released)
    return not too_narrow(printed, rule, whole_numbers=len(released) > 1)


def _by_whole_rows(
    tables: Sequence[CountTable], system: CellSystem, rule: Rule
) -> tuple[CountTable, ...]:
    """Rows with a small cell are withheld whole, then the next smallest, until all is safe."""
    withheld = system.problem.primary.copy()
    rows = sorted(system.rows, key=lambda row: int(system.problem.counts[row].sum()))
    first = [row for row in rows if withheld[row].any()]
    rest = [row for row in rows if not withheld[row].any()]
    for row in first:
        withheld[row] = True
    for row in rest:
        released = _masked(tables, system, withheld)
        if _is_safe(released, rule):
            return released
        withheld[row] = True
    released = _masked(tables, system, withheld)
    if _is_safe(released, rule):
        return released
    return _masked(tables, system, np.ones_like(withheld))


def _masked(
    tables: Sequence[CountTable], system: CellSystem, withheld: np.ndarray
) -> tuple[CountTable, ...]:
    masked = []
    for table, cells in zip(tables, system.cells, strict=True):
        counts = table.counts.copy()
        hidden = withheld[cells]
        counts["n"] = counts["n"].astype("Int64")
        counts.loc[hidden, "n"] = pd.NA
        counts["is_withheld"] = hidden
        masked.append(replace(table, counts=counts))
    return tuple(masked)


def _withheld(tables: Sequence[CountTable]) -> int:
    return sum(int(table.counts["is_withheld"].sum()) for table in tables)
