"""Made-up count tables of every shape a report may hold, and a reader who attacks them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.optimize import linprog

from evalkit.results import CountTable


def one_way(counts: list[int], *, dimension: str = "level") -> CountTable:
    rows = [(f"level {i}", n, False) for i, n in enumerate(counts)]
    rows.append(("total", sum(counts), True))
    frame = pd.DataFrame(rows, columns=[dimension, "n", "is_margin"])
    return CountTable(counts=frame.assign(is_withheld=False), dimensions=(dimension,))


def two_way(cells: np.ndarray, *, dimensions: tuple[str, str] = ("row", "column")) -> CountTable:
    with_margins = np.vstack([cells, cells.sum(axis=0)])
    with_margins = np.column_stack([with_margins, with_margins.sum(axis=1)])
    height, width = with_margins.shape
    rows = [
        (
            f"{dimensions[0]} {i}" if i < height - 1 else "total",
            f"{dimensions[1]} {j}" if j < width - 1 else "total",
            int(with_margins[i, j]),
            i == height - 1 or j == width - 1,
        )
        for i in range(height)
        for j in range(width)
    ]
    frame = pd.DataFrame(rows, columns=[*dimensions, "n", "is_margin"])
    return CountTable(counts=frame.assign(is_withheld=False), dimensions=dimensions)


def skewed_cells(generator: np.random.Generator, *, height: int = 0, width: int = 0) -> np.ndarray:
    """Log-normal counts with zeros: few large cells, many small, as real tables are."""
    shape = (height or generator.integers(2, 9), width or generator.integers(2, 7))
    size, spread = generator.uniform(0.5, 3.0), generator.uniform(0.3, 1.6)
    cells = np.floor(generator.lognormal(size, spread, shape)).astype(int)
    cells[generator.random(shape) < generator.uniform(0.0, 0.3)] = 0
    return cells


def linked_pair(generator: np.random.Generator) -> tuple[CountTable, CountTable]:
    """The same persons by municipality and sex, and by municipality and target group."""
    persons = skewed_cells(generator, height=int(generator.integers(2, 6)), width=6)
    three_way = persons.reshape(len(persons), 2, 3)
    by_sex, by_group = three_way.sum(axis=2), three_way.sum(axis=1)
    return (
        two_way(by_sex, dimensions=("municipality", "sex")),
        two_way(by_group, dimensions=("municipality", "target_group")),
    )


def attack(tables: tuple[CountTable, ...]) -> list[tuple[float, float]]:
    """Bounds of each withheld cell from the printed ones: a reader with a linear programme.

    Cells of linked tables with the same levels are the same unknown.
    """
    names: dict[tuple[tuple[str, str], ...], int] = {}
    values: list[float] = []
    equations: list[dict[int, float]] = []
    for table in tables:
        position = {}
        for row in table.counts.to_dict("records"):
            own = tuple((d, row[d]) for d in table.dimensions if row[d] != "total")
            if own not in names:
                names[own] = len(values)
                values.append(np.nan)
            position[tuple(row[d] for d in table.dimensions)] = names[own]
            if not row["is_withheld"]:
                values[names[own]] = float(row["n"])
        equations += _equations(position)
    matrix = np.zeros((len(equations), len(values)))
    for line, equation in enumerate(equations):
        for column, sign in equation.items():
            matrix[line, column] = sign
    return _bounds(matrix, np.array(values))


def _equations(position: dict[tuple[str, ...], int]) -> list[dict[int, float]]:
    found = []
    for levels, whole in position.items():
        for axis, level in enumerate(levels):
            if level == "total":
                parts = [
                    cell
                    for other, cell in position.items()
                    if other[axis] != "total"
                    and other[:axis] + other[axis + 1 :] == levels[:axis] + levels[axis + 1 :]
                ]
                found.append({**dict.fromkeys(parts, 1.0), whole: -1.0})
    return found


_BEYOND_ALL = 1e6


def _bounds(matrix: np.ndarray, values: np.ndarray) -> list[tuple[float, float]]:
    unknown = np.isnan(values)
    right = -matrix[:, ~unknown] @ values[~unknown]
    free = matrix[:, unknown]
    cells = free.shape[1]
    if not cells:
        return []
    # Every question has its own copy of the unknowns, so that one programme answers them all.
    answers = []
    for sign in (1.0, -1.0):
        solved = linprog(
            sign * np.eye(cells).ravel(),
            A_eq=sparse.kron(sparse.eye_array(cells), free, format="csr"),
            b_eq=np.tile(right, cells),
            bounds=(0, _BEYOND_ALL),
        )
        assert solved.status == 0
        answers.append(np.diag(solved.x.reshape(cells, cells)))
    return list(zip(*(answer.tolist() for answer in answers), strict=True))
