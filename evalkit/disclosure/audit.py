"""The auditor: what a reader of the printed figures can work out, by linear programming.

Shares no code with the optimiser that chose what to withhold, and sees only what is
printed: a withheld cell is known to be no negative number, and to add up.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from evalkit.disclosure.rule import Rule
from evalkit.results import CountTable

Key = Hashable
Limits = tuple[float, float]
_ROUNDING_ERROR = 1e-6


@dataclass(frozen=True, slots=True)
class Printed:
    """What stands in print, and what adds up.

    Attributes:
        figures: Cell → the lowest and highest count that the printed figure allows;
            ``None`` for a withheld cell.
        sums: Whole → parts, for everything a reader knows to add up.
    """

    figures: Mapping[Key, Limits | None]
    sums: Sequence[tuple[Key, tuple[Key, ...]]]


def feasible_intervals(printed: Printed, *, whole_numbers: bool = False) -> dict[Key, Limits]:
    """The counts that each withheld cell may have, given all that is printed.

    Args:
        printed: Figures and sums.
        whole_numbers: Search among whole numbers. In one table the limits are whole
            numbers anyway; in linked tables they need not be, and this is the exact answer.

    Raises:
        ValueError: If the printed figures contradict each other.

    >>> total = ("total", ("a", "b", "c"))
    >>> known = {"total": (20.0, 20.0), "a": None, "b": None, "c": (14.0, 14.0)}
    >>> feasible_intervals(Printed(known, [total]))
    {'a': (0.0, 6.0), 'b': (0.0, 6.0)}
    """
    withheld = [key for key, limits in printed.figures.items() if limits is None]
    if not withheld:
        return {}
    column = {key: position for position, key in enumerate(printed.figures)}
    matrix = np.zeros((len(printed.sums), len(column)))
    for row, (whole, parts) in enumerate(printed.sums):
        matrix[row, column[whole]] -= 1.0
        for part in parts:
            matrix[row, column[part]] += 1.0
    highest = _beyond_all(printed)
    bounds = [limits or (0.0, highest) for limits in printed.figures.values()]
    cells = [column[key] for key in withheld]
    if whole_numbers:
        ends = [_ends(matrix, bounds, [cell], whole_numbers=True)[0] for cell in cells]
    else:
        ends = _ends(matrix, bounds, cells, whole_numbers=False)
    return {
        key: (low, math.inf if high > highest - 1.0 else high)
        for key, (low, high) in zip(withheld, ends, strict=True)
    }


def too_narrow(printed: Printed, rule: Rule, *, whole_numbers: bool = False) -> tuple[Key, ...]:
    """Withheld cells whose possible counts span less than the threshold; empty when safe."""
    intervals = feasible_intervals(printed, whole_numbers=whole_numbers)
    return tuple(
        key
        for key, (low, high) in intervals.items()
        if math.isfinite(high)
        and math.floor(high + _ROUNDING_ERROR) - math.ceil(low - _ROUNDING_ERROR) < rule.threshold
    )


def printed_tables(tables: Sequence[CountTable]) -> Printed:
    """Released count tables as a reader sees them; equal cells of two tables are one.

    The counts shown are taken as exact: rounding them afterwards only tells less.
    """
    figures: dict[Key, Limits | None] = {}
    sums: list[tuple[Key, tuple[Key, ...]]] = []
    for table in tables:
        margins = [_margin_levels(table, dimension) for dimension in table.dimensions]
        own: dict[tuple[str, ...], Key] = {}
        for row in table.counts.to_dict("records"):
            levels = tuple(str(row[dimension]) for dimension in table.dimensions)
            place = frozenset(
                (dimension, level)
                for dimension, level, totals in zip(table.dimensions, levels, margins, strict=True)
                if level not in totals
            )
            limits = None if row["is_withheld"] else (float(row["n"]), float(row["n"]))
            key: Key = (table.measure, place)
            if key in figures and figures[key] != limits:
                key = (table.measure, place, len(figures))
            figures[key] = limits
            own[levels] = key
        sums += _sums(own, margins)
    return Printed(figures, sums)


def _beyond_all(printed: Printed) -> float:
    """A count so large that a cell that can reach it has no upper limit."""
    return 1000.0 + 10.0 * max(
        (high for _, high in filter(None, printed.figures.values())), default=0
    )


def _ends(
    matrix: np.ndarray, bounds: list[Limits], cells: list[int], *, whole_numbers: bool
) -> list[Limits]:
    """Lowest and highest possible count of each cell: one copy of all cells per question."""
    copies = 2 * len(cells)
    size = matrix.shape[1]
    objective = np.zeros(copies * size)
    for question, cell in enumerate(cells):
        objective[2 * question * size + cell] = 1.0
        objective[(2 * question + 1) * size + cell] = -1.0
    found = linprog(
        objective,
        A_eq=sparse.block_diag([sparse.coo_array(matrix)] * copies, format="csc"),
        b_eq=np.zeros(copies * len(matrix)),
        bounds=bounds * copies,
        integrality=np.full(copies * size, int(whole_numbers), dtype=np.int64),
    )
    if found.status != 0 or found.x is None:
        raise ValueError("the printed figures contradict each other")
    answers = found.x.reshape(copies, size)
    return [
        (float(answers[2 * i, cell]) + 0.0, float(answers[2 * i + 1, cell]))
        for i, cell in enumerate(cells)
    ]


def _margin_levels(table: CountTable, dimension: str) -> frozenset[str]:
    """Levels that stand in margin rows only."""
    is_margin = table.counts["is_margin"].to_numpy(dtype=bool)
    levels = table.counts[dimension].astype(str).to_numpy()
    return frozenset(levels[is_margin]) - frozenset(levels[~is_margin])


def _sums(
    own: Mapping[tuple[str, ...], Key], margins: Sequence[frozenset[str]]
) -> list[tuple[Key, tuple[Key, ...]]]:
    found = []
    for levels, whole in own.items():
        for axis, totals in enumerate(margins):
            if levels[axis] not in totals:
                continue
            parts = tuple(
                key
                for other, key in own.items()
                if other[axis] not in totals
                and other[:axis] + other[axis + 1 :] == levels[:axis] + levels[axis + 1 :]
            )
            if parts:
                found.append((whole, parts))
    return found
