"""Which more cells to withhold, so that no withheld cell can be worked out: the optimiser.

Readers know the printed cells, that counts are not negative, and which cells add up to
which. A withheld cell is safe when the counts that fit all this still span ``need``.

The least costly safe choice is found as Fischetti and Salazar (2001, "Solving the cell
suppression problem on tabular data with linear constraints", Management Science 47) do: a
whole-number programme chooses cells; a linear programme finds a withheld cell that can be
bounded too well; its dual solution is a constraint that rules the choice out; repeat.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

# A cell that is not withheld gets this much room in the linear programme, so that the
# constraint found there leans on as few cells as possible.
_GLIMPSE = 1e-4
_TOLERANCE = 1e-6


class NoSuppressionFound(ValueError):
    """No safe choice of cells was found within the limits, or none exists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Cells that add up, and what is known of them. ``m`` cells, ``e`` sums.

    Attributes:
        counts: ``(m,)`` exact person counts.
        sums: ``(e, m)`` of −1, 0 and 1: each row times ``counts`` is zero.
        primary: ``(m,)`` cells that must be withheld.
        known: ``(m,)`` cells that readers know from elsewhere: never withheld.
        unit: ``(m,)`` cells with the same number are withheld together or not at all.
        need: Smallest span of the counts that fit a withheld cell.
    """

    counts: np.ndarray
    sums: np.ndarray
    primary: np.ndarray
    known: np.ndarray
    unit: np.ndarray
    need: int


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """The cells to withhold, and the constraints that a safe choice meets.

    Constraints hold whichever cells are primary: a search with more of them can start there.
    """

    withheld: np.ndarray
    cuts: np.ndarray


def cells_to_withhold(problem: Problem, *, time_limit_seconds: float = 30.0) -> np.ndarray:
    """The cells to withhold, primary ones included, with the least sum of counts.

    Each withheld cell costs its count plus one, so that among equals the choice with the
    fewest cells wins.

    Raises:
        NoSuppressionFound: If no choice is safe, or the search takes too long.
    """
    return choice_of_cells(problem, time_limit_seconds=time_limit_seconds).withheld


def choice_of_cells(
    problem: Problem,
    *,
    cuts: np.ndarray | None = None,
    largest_rounds: int = 200,
    time_limit_seconds: float = 30.0,
) -> Choice:
    """As `cells_to_withhold`, from constraints found for other primary cells of the same sums.

    Raises:
        NoSuppressionFound: If no choice is safe, or the search takes too long.
    """
    if cuts is None:
        cuts = _lone_cells(problem)
    if not problem.primary.any():
        return Choice(np.zeros(len(problem.counts), dtype=bool), cuts)
    stop = time.monotonic() + time_limit_seconds
    cost = np.bincount(problem.unit, weights=problem.counts + 1.0)
    low = np.zeros(len(cost))
    low[problem.unit[problem.primary]] = 1
    high = np.ones(len(cost))
    high[problem.unit[problem.known & ~problem.primary]] = 0
    if (low > high).any():
        raise NoSuppressionFound
    checked_ones = np.ones(len(problem.counts), dtype=bool)
    for _ in range(largest_rounds):
        chosen = _cheapest(cost, low, high, cuts, stop)
        withheld = chosen[problem.unit]
        # Cells that were unsafe a moment ago first; all of them before a choice is trusted.
        unsafe, found = _violated(problem, chosen, withheld & checked_ones)
        if not len(found):
            unsafe, found = _violated(problem, chosen, withheld)
        if not len(found):
            return Choice(np.asarray(withheld), cuts)
        checked_ones = unsafe
        cuts = np.vstack([cuts, found])
    raise NoSuppressionFound


def _lone_cells(problem: Problem) -> np.ndarray:
    """A withheld cell needs company in each of its sums."""
    rows = []
    width = int(problem.unit.max()) + 1
    for line in problem.sums:
        cells = np.flatnonzero(line)
        units = np.unique(problem.unit[cells])
        for cell in cells:
            row = np.zeros(width)
            row[units] = 1.0
            # A unit with two cells in the sum keeps itself company.
            row[problem.unit[cell]] = float((problem.unit[cells] == problem.unit[cell]).sum() > 1)
            row[problem.unit[cell]] -= 1.0
            rows.append(row)
    return np.unique(np.array(rows), axis=0) if rows else np.zeros((0, width))


def _cheapest(
    cost: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    cuts: np.ndarray,
    stop: float,
) -> np.ndarray:
    """The cheapest choice of units that meets every constraint found so far."""
    left = stop - time.monotonic()
    if left <= 0:
        raise NoSuppressionFound
    constraints = LinearConstraint(sparse.csr_array(cuts), lb=0.0) if len(cuts) else ()
    solved = milp(
        cost,
        integrality=np.ones(len(cost), dtype=np.int64),
        bounds=Bounds(low, high),
        constraints=constraints,
        options={"time_limit": left, "mip_rel_gap": 0.0},
    )
    if solved.status != 0 or solved.x is None:
        raise NoSuppressionFound
    chosen: np.ndarray = solved.x > 1 / 2
    return chosen


def _violated(
    problem: Problem, chosen: np.ndarray, checked: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Which of the checked cells can be bounded too well, and a constraint for each.

    A constraint is a row whose product with a safe choice is not negative.
    """
    withheld = chosen[problem.unit]
    cells = np.flatnonzero(checked)
    unsafe = np.zeros(len(withheld), dtype=bool)
    if not len(cells):
        return unsafe, np.zeros((0, len(chosen)))
    share = np.where(withheld, 1.0, _GLIMPSE)
    # More room than the span needed to be shown would only weaken the constraints.
    room_below = np.minimum(problem.counts, 2.0 * problem.need)
    room_above = np.full(len(withheld), 2.0 * problem.need)
    weights = _dual_weights(problem.sums, cells, below=room_below * share, above=room_above * share)
    per_cell = weights.below * room_below + weights.above * room_above
    coefficients = np.zeros((len(cells), len(chosen)))
    np.add.at(coefficients.T, problem.unit, per_cell.T)
    coefficients = np.minimum(coefficients, problem.need)
    reached = coefficients @ chosen
    own = problem.unit[cells]
    violated = reached < problem.need - _TOLERANCE
    # The constraint binds only if the cell itself is withheld.
    coefficients[np.arange(len(cells)), own] -= problem.need
    unsafe[cells[violated]] = True
    return unsafe, coefficients[violated]


@dataclass(frozen=True, slots=True)
class _Weights:
    """``(cells, m)`` dual weights of the room below and above each cell."""

    below: np.ndarray
    above: np.ndarray


def _dual_weights(
    sums: np.ndarray, cells: np.ndarray, *, below: np.ndarray, above: np.ndarray
) -> _Weights:
    """Duals of "how far up" plus "how far down" each cell can move, all in one programme."""
    m, blocks = sums.shape[1], 2 * len(cells)
    objective = np.zeros((blocks, m))
    positions = np.arange(len(cells))
    objective[2 * positions, cells] = -1.0
    objective[2 * positions + 1, cells] = 1.0
    solved = linprog(  # type: ignore[call-overload]  # the stubs do not know sparse sums
        objective.ravel(),
        A_eq=sparse.kron(sparse.eye_array(blocks), sparse.csr_array(sums), format="csr"),
        b_eq=np.zeros(blocks * len(sums)),
        bounds=np.column_stack([np.tile(-below, blocks), np.tile(above, blocks)]),
        method="highs",
    )
    if solved.status != 0:
        raise NoSuppressionFound
    down = solved.lower.marginals.reshape(len(cells), 2, m).sum(axis=1)
    up = -solved.upper.marginals.reshape(len(cells), 2, m).sum(axis=1)
    return _Weights(below=np.maximum(down, 0.0), above=np.maximum(up, 0.0))
