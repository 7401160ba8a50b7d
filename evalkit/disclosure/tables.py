"""Tables of counts: the row of each cell, and the table without those that are withheld."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from evalkit.disclosure.rule import Rule, names_tell
from evalkit.disclosure.system import Row, UnitKey
from evalkit.results import CountTable
from evalkit.results.answers import Answer

# Dimensions of which every level is printed, so that its name tells nothing.
_ALL_LEVELS = frozenset({"code", "situation"})


def tables_of(result: Any) -> tuple[CountTable, ...]:
    if isinstance(result, CountTable):
        return (result,)
    if isinstance(result, list | tuple) and result and isinstance(result[0], CountTable):
        return tuple(result)
    return ()


def levels_tell(table: CountTable, rule: Rule) -> bool:
    """Whether the levels' names tell that each has few."""
    inner = ~table.counts["is_margin"].to_numpy(dtype=bool)
    n = table.counts["n"].to_numpy(dtype=float)[inner]
    for dimension in set(table.dimensions) - _ALL_LEVELS:
        levels = table.counts[dimension].to_numpy(dtype=str)[inner]
        of_level = np.bincount(np.unique(levels, return_inverse=True)[1], weights=n)
        if names_tell(of_level.astype(int).tolist(), rule):
            return True
    return False


def table_rows(answer: Answer[Any], rule: Rule) -> tuple[Row, ...]:
    tables = tables_of(answer.result)
    rows = []
    for t, table in enumerate(tables):
        position = t if len(answer.members) == len(tables) else 0
        keys = answer.members[position].keys
        margins = margin_levels(table)
        levels = list(zip(*(table.counts[d].astype(str) for d in table.dimensions), strict=True))
        counts = table.counts["n"].to_numpy()
        is_margin = table.counts["is_margin"].to_numpy(dtype=bool)
        # Where rows of nobody are left out, a row that is there holds somebody.
        is_named = not levels_tell(table, rule)
        somebody = len(table.dimensions) == 1 and bool((counts[~is_margin] > 0).all())
        for i, own in enumerate(levels):
            places = frozenset(
                k
                for k, key in enumerate(keys)
                if all(
                    level in totals or level == part
                    for level, part, totals in zip(own, key, margins, strict=True)
                )
            )
            if not places:
                raise TypeError(f"{answer.id}: a row of the table has no members")
            lines = [level for level, totals in zip(own, margins, strict=True)
                     if level not in totals]  # fmt: skip
            is_line = len(lines) == 1 and len(own) > 1 and counts[i] > 0
            fewest = int(is_named and (somebody or is_line))
            rows.append(Row((str(t), str(i)), ((position, places),), (fewest,)))
    return tuple(rows)


def margin_levels(table: CountTable) -> list[frozenset[str]]:
    """Per dimension, the levels that stand in margin rows only."""
    margin = table.counts["is_margin"].to_numpy(dtype=bool)
    columns = [table.counts[dimension].astype(str).to_numpy() for dimension in table.dimensions]
    return [frozenset(levels[margin]) - frozenset(levels[~margin]) for levels in columns]


def masked_table(t: int, table: CountTable, withheld: dict[UnitKey, str], rule: Rule) -> CountTable:
    counts = table.counts.copy()
    hidden = np.array([(str(t), str(i)) in withheld for i in range(len(counts))])
    counts["n"] = counts["n"].astype("Int64")
    counts.loc[hidden, "n"] = pd.NA
    counts["is_withheld"] = hidden
    if levels_tell(table, rule):
        totals = zip(table.dimensions, margin_levels(table), strict=True)
        inside = [counts[dimension].astype(str).isin(own) for dimension, own in totals]
        counts = counts[np.logical_and.reduce(inside)].reset_index(drop=True)
    return replace(table, counts=counts)
