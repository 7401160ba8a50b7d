"""Count tables made safe: small cells, and the cells that would give them away.

One table or several that share margins are one system of cells and sums. The optimiser
chooses what to withhold beside the small cells, the auditor checks the printed result;
if either gives up, whole rows are withheld instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from evalkit.disclosure.audit import printed_tables, too_narrow
from evalkit.disclosure.cells import CellSystem, cells_of_tables
from evalkit.disclosure.rule import Rule
from evalkit.disclosure.suppression import NoSuppressionFound, cells_to_withhold
from evalkit.results import CountTable

WHOLE_ROWS = "whole_rows"


def is_small(count: int, rule: Rule) -> bool:
    """Whether a count of persons must be withheld; nobody (0) reveals nobody.

    >>> from evalkit.disclosure.rule import rule_for
    >>> [is_small(count, rule_for("standard")) for count in (0, 1, 4, 5)]
    [False, True, True, False]
    """
    return 0 < count < rule.threshold


def release_tables(
    tables: Sequence[CountTable], rule: Rule, *, time_limit_seconds: float = 30.0
) -> tuple[tuple[CountTable, ...], int, tuple[str, ...]]:
    """Tables that may share margins, with small cells and what would reveal them withheld.

    Args:
        tables: Exact tables; cells of two tables with the same levels, measure and count
            are taken as one and the same figure.
        rule: The project's disclosure profile.
        time_limit_seconds: For the search of what to withhold.

    Returns:
        The tables, the number of cells withheld, and notes as text keys: ``whole_rows``
        when whole rows had to be withheld because no better choice was found in time.
    """
    system = cells_of_tables(tables, rule)
    notes: tuple[str, ...]
    try:
        chosen = cells_to_withhold(system.problem, time_limit_seconds=time_limit_seconds)
        released, notes = _masked(tables, system, chosen), ()
    except NoSuppressionFound:
        released, notes = _by_whole_rows(tables, system, rule), (WHOLE_ROWS,)
    if not _is_safe(released, rule):
        released, notes = _by_whole_rows(tables, system, rule), (WHOLE_ROWS,)
    rounded = tuple(_rounded(table, rule) for table in released)
    return rounded, _withheld(rounded), notes


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


def _rounded(table: CountTable, rule: Rule) -> CountTable:
    """The remaining counts rounded as the rule says."""
    step = rule.round_counts_to
    if step == 1:
        return table
    counts = table.counts.copy()
    nearest = np.rint(counts["n"].astype("Float64") / step) * step
    counts["n"] = nearest.astype("Int64")
    return replace(table, counts=counts)


def _withheld(tables: Sequence[CountTable]) -> int:
    return sum(int(table.counts["is_withheld"].sum()) for table in tables)
