"""Count tables made safe: small cells, and the cells that would give them away."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from evalkit.disclosure.rule import Rule
from evalkit.results import CountTable


def is_small(count: int, rule: Rule) -> bool:
    """Whether a count of persons must be withheld; nobody (0) reveals nobody.

    >>> from evalkit.disclosure.rule import rule_for
    >>> [is_small(count, rule_for("standard")) for count in (0, 1, 4, 5)]
    [False, True, True, False]
    """
    return 0 < count < rule.threshold


def release_counts(table: CountTable, rule: Rule) -> tuple[CountTable, int]:
    """The table with small cells withheld, and more until no margin gives one away.

    In every line (row, column or whole one-dimensional table) that has a withheld cell
    and a printed margin, at least two cells are withheld and together they hold at least
    ``rule.threshold`` persons. Remaining counts are rounded as the rule says.

    Returns the table and the number of cells withheld.
    """
    counts = table.counts.copy()
    n = counts["n"].to_numpy(dtype=np.int64)
    withheld = np.array([is_small(count, rule) for count in n.tolist()])
    lines = _lines(counts, table.dimensions)
    while (cell := _cell_to_add(n, withheld, lines, rule)) is not None:
        withheld[cell] = True
    rounded = np.rint(n / rule.round_counts_to).astype(int) * rule.round_counts_to
    counts["n"] = pd.array(rounded, dtype="Int64")
    counts.loc[withheld, "n"] = pd.NA
    counts["is_withheld"] = withheld
    return replace(table, counts=counts), int(withheld.sum())


def _lines(counts: pd.DataFrame, dimensions: tuple[str, ...]) -> list[np.ndarray]:
    """Positions of the cells that add up to one printed margin, margin included."""
    if len(dimensions) == 1:
        return [np.arange(len(counts))]
    return [
        np.flatnonzero(counts[dimension] == level)
        for dimension in dimensions
        for level in counts[dimension].unique()
    ]


def _cell_to_add(
    n: np.ndarray, withheld: np.ndarray, lines: list[np.ndarray], rule: Rule
) -> int | None:
    """The smallest cell of the first line whose withheld cells could be worked out."""
    for line in lines:
        hidden, shown = line[withheld[line]], line[~withheld[line] & (n[line] > 0)]
        if len(hidden) == 0 or len(shown) == 0:
            continue
        if len(hidden) == 1 or n[hidden].sum() < rule.threshold:
            return int(shown[np.argmin(n[shown])])
    return None
