"""The auditor: what a reader of the printed figures can work out, by linear programming.

Shares no code with the optimiser that chose what to withhold, and sees only what is
printed: a withheld cell is known to be no negative number, and to add up.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog

from evalkit.disclosure.rule import Rule
from evalkit.results import CountTable

Key = Hashable
Limits = tuple[float, float]
_UNBOUNDED = 3
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
    order = {key: column for column, key in enumerate(printed.figures)}
    matrix = np.zeros((len(printed.sums), len(order)))
    for row, (whole, parts) in enumerate(printed.sums):
        matrix[row, order[whole]] -= 1.0
        for part in parts:
            matrix[row, order[part]] += 1.0
    bounds = [limits or (0.0, math.inf) for limits in printed.figures.values()]
    kind = np.full(len(order), int(whole_numbers), dtype=np.int64)
    return {
        key: (
            _end(matrix, bounds, order[key], sign=1.0, kind=kind),
            -_end(matrix, bounds, order[key], sign=-1.0, kind=kind),
        )
        for key in withheld
    }


def too_narrow(printed: Printed, rule: Rule, *, whole_numbers: bool = False) -> tuple[Key, ...]:
    """Withheld cells whose possible counts span less than the threshold; empty when safe."""
    intervals = feasible_intervals(printed, whole_numbers=whole_numbers)
    return tuple(
        key
        for key, (low, high) in intervals.items()
        if math.floor(high + _ROUNDING_ERROR if math.isfinite(high) else 1e9)
        - math.ceil(low - _ROUNDING_ERROR)
        < rule.threshold
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


def _end(
    matrix: np.ndarray,
    bounds: list[tuple[float, float]],
    column: int,
    *,
    sign: float,
    kind: np.ndarray,
) -> float:
    """The lowest (sign 1) or minus the highest (sign −1) possible count of a cell."""
    objective = np.zeros(matrix.shape[1])
    objective[column] = sign
    right = np.zeros(len(matrix))
    found = linprog(objective, A_eq=matrix, b_eq=right, bounds=bounds, integrality=kind)
    if found.status == _UNBOUNDED:
        return -math.inf
    if found.status != 0 or found.fun is None:
        raise ValueError("the printed figures contradict each other")
    return float(found.fun) + 0.0


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
