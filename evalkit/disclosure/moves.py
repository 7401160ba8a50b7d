"""What a choice of withheld cells leaves open, by linear programmes over moves that keep every sum.

A move that shows a need to be met is kept: while its cells stay withheld the need stays met.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import linprog
from scipy.sparse.csgraph import connected_components

from evalkit.disclosure.system import Need, System

# Cells, their coefficients, and the least sum over those of them that nobody prints.
Cut = tuple[np.ndarray, np.ndarray, float]
_GLIMPSE = 1e-4
_TOLERANCE = 1e-6
# Needs asked of one programme, and constraints added at a time: larger ones are slower.
_BATCH, _MOST_CUTS = 12, 36
_LARGE = 500  # sums


class NoSafeChoice(ValueError):
    """No choice was found in time, or none exists: then the cells that nothing can hide."""

    def __init__(self, cells: tuple[int, ...] = ()) -> None:
        self.cells = cells
        super().__init__("no safe choice of what to withhold")


@dataclass(slots=True, eq=False)
class Needs:
    """The needs of a system, and how each was last met.

    Attributes:
        system: Cells and sums.
        threshold: Of the rule; also bounds how far any cell need move.
        extra: More room than each need asks for, where whole numbers need it.
        stop: Of the processor's clock; no programme is begun after it.
    """

    system: System
    threshold: int
    extra: int
    stop: float = math.inf
    _matrix: sparse.csr_array = field(init=False)
    _moved: dict[Need, np.ndarray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._matrix = self.system.matrix()

    def cuts(self, hidden: np.ndarray) -> list[Cut]:
        """Constraints for needs that the choice does not meet; none when it meets all.

        Raises:
            NoSafeChoice: Where no choice could.
        """
        found: list[Cut] = []
        for lines, own in self._open(hidden):
            if len(found) < _MOST_CUTS:
                found += self._cuts_of(self._matrix[lines], hidden, own)
        return found

    def are_met(self, hidden: np.ndarray) -> bool:
        """Whether the choice meets every need."""
        for lines, own in self._open(hidden):
            local = self._matrix[lines]
            touched = np.unique(local.indices)
            if self._pending(self._moves(local, touched[hidden[touched]]), own, most=1):
                return False
        return True

    def _open(self, hidden: np.ndarray) -> Iterator[tuple[np.ndarray, list[Need]]]:
        """Needs not known to be met, with the sums of their part of the system.

        What nobody may know first; then what those who know their own cell may not.
        """
        used = self._matrix[:, hidden]
        touches = np.flatnonzero(np.diff(used.indptr) > 0)
        positions = np.flatnonzero(hidden)
        _, labels = connected_components(_bipartite(used[touches]), directed=False)
        of_cell = np.full(len(hidden), -1)
        of_cell[positions] = labels[: len(positions)]
        of_line = labels[len(positions) :]
        needs: dict[tuple[bool, int], list[Need]] = {}
        for need in self.system.needs:
            component = int(of_cell[need.cell])
            if need.given >= 0 and of_cell[need.given] != component:
                continue
            if need not in self._moved or not hidden[self._moved[need]].all():
                needs.setdefault((need.given >= 0, component), []).append(need)
        for (_, component), own in sorted(needs.items(), key=lambda item: item[0]):
            lines = touches[of_line == component]
            if len(lines):
                yield lines, own

    def hopeless(self) -> list[int]:
        """Cells that could not move enough if nothing but the known were printed."""
        free = np.ones(len(self.system.counts), dtype=bool)
        free[list(self.system.known)] = False
        moves = self._moves(self._matrix, np.flatnonzero(free))
        linked = np.diff(self._matrix.tocsc().indptr) > 0
        asked = [n for n in self.system.needs if n.given < 0 and linked[n.cell]]
        no = list(dict.fromkeys(need.cell for need in self._pending(moves, asked)))
        self._moved.clear()
        return no

    def _cuts_of(
        self, local: sparse.csr_array, hidden: np.ndarray, needs: Sequence[Need]
    ) -> list[Cut]:
        """What the needs ask of a choice that does not meet them."""
        touched = np.unique(local.indices)
        moves = self._moves(local, touched[hidden[touched]])
        unmet = self._pending(moves, needs, most=_MOST_CUTS)
        # Cells that are printed get a little room, so that the constraint found leans on few.
        known = np.isin(touched, list(self.system.known))
        every = self._moves(local, touched[~known])
        share = np.where(hidden[every.columns], 1.0, _GLIMPSE)
        found: list[Cut] = []
        for start in range(0, min(len(unmet), _MOST_CUTS), _BATCH):
            batch = unmet[start : start + _BATCH]
            room = every.room(batch, share)
            asked = np.array([need.more + self.extra for need in batch], dtype=float)
            coefficients = np.minimum(room, asked[:, None])
            coefficients[coefficients < _TOLERANCE] = 0.0
            no = coefficients.sum(axis=1) < asked - _TOLERANCE
            if no.any():
                raise NoSafeChoice(tuple(batch[i].cell for i in np.flatnonzero(no)))
            for i in np.flatnonzero(coefficients @ hidden[every.columns] < asked - _TOLERANCE):
                used = coefficients[i] > 0
                found.append((every.columns[used], coefficients[i][used], float(asked[i])))
        return found

    def _pending(
        self, moves: _Moves, needs: Sequence[Need], *, most: float = math.inf
    ) -> list[Need]:
        """Needs that cannot be met; those that can, by one move for many of them at a time.

        Not looked for beyond about so many as ``most``.
        """
        no: list[Need] = []
        for given in sorted({need.given for need in needs}):
            left = [need for need in needs if need.given == given]
            while left:
                moved = moves.together(left)
                met = [n for n in left if moved.get(n.cell, 0.0) >= n.more + self.extra]
                if not met and len(left) == 1:
                    no += left
                    break
                if not met:
                    no += self._singly_unmet(moves, left, most - len(no))
                    break
                self._keep(met, moved)
                left = [need for need in left if need not in met]
            if len(no) >= most:
                break
        return no

    def _singly_unmet(self, moves: _Moves, needs: Sequence[Need], most: float) -> list[Need]:
        """Those of some needs that no move of their own meets."""
        no: list[Need] = []
        for start in range(0, len(needs), _BATCH):
            batch = needs[start : start + _BATCH]
            for need, own in zip(batch, moves.singly(batch), strict=True):
                if own.get(need.cell, 0.0) >= need.more + self.extra:
                    self._keep([need], own)
                else:
                    no.append(need)
            if len(no) >= most:
                break
        return no

    def _keep(self, met: Sequence[Need], moved: dict[int, float]) -> None:
        used = np.array([cell for cell, far in moved.items() if far], dtype=np.int64)
        self._moved |= dict.fromkeys(met, used)

    def _moves(self, local: sparse.csr_array, columns: np.ndarray) -> _Moves:
        """Moves of some cells, none further than twice the threshold."""
        reach = 2.0 * self.threshold
        room = np.clip(self.system.counts[columns] - self.system.lowest[columns], 0.0, reach)
        above = np.full(len(columns), reach)
        return _Moves(columns, local[:, columns], room, above, self.extra, self.stop)


def _bipartite(graph: sparse.csr_array) -> sparse.csr_array:
    lines, cells = graph.shape
    return sparse.block_array(
        [[sparse.csr_array((cells, cells)), graph.T], [graph, sparse.csr_array((lines, lines))]],
        format="csr",
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Moves:
    """How far cells can move with others so that every sum still holds."""

    columns: np.ndarray
    matrix: sparse.csr_array
    below: np.ndarray
    above: np.ndarray
    extra: int
    stop: float

    def together(self, needs: Sequence[Need]) -> dict[int, float]:
        """One move that takes the cells of needs with the same given cell up as far as it may."""
        place = {int(cell): i for i, cell in enumerate(self.columns)}
        low, high = self.below.copy(), self.above.copy()
        objective = np.zeros(len(self.columns))
        for need in needs:
            objective[place[need.cell]] = -1.0 / (need.more + self.extra)
            high[place[need.cell]] = need.more + self.extra
        if needs[0].given in place:
            low[place[needs[0].given]] = high[place[needs[0].given]] = 0.0
        solved = self._solved(objective, self.matrix, np.column_stack([-low, high]), self._method)
        moved = np.where(np.abs(solved.x) > _TOLERANCE, solved.x, 0.0)
        return dict(
            zip(self.columns.tolist(), (moved + _TOLERANCE * (moved > 0)).tolist(), strict=True)
        )

    def singly(self, needs: Sequence[Need]) -> list[dict[int, float]]:
        """For each need a move of its own, as far up as it may."""
        solved = self._apart(needs, np.ones(len(self.columns)), self._method)[0]
        found = solved.x.reshape(len(needs), len(self.columns))
        found = np.where(np.abs(found) > _TOLERANCE, found, 0.0)
        found += _TOLERANCE * (found > 0)
        return [dict(zip(self.columns.tolist(), own.tolist(), strict=True)) for own in found]

    def room(self, needs: Sequence[Need], share: np.ndarray) -> np.ndarray:
        """``(k, m)`` what each cell's room adds to how far each need's cell may move up."""
        solved, room_low, room_high = self._apart(needs, share)
        down = np.maximum(solved.lower.marginals.reshape(room_low.shape), 0.0) * room_low
        up = np.maximum(-solved.upper.marginals.reshape(room_low.shape), 0.0) * room_high
        return np.asarray(down + up)

    def _apart(
        self, needs: Sequence[Need], share: np.ndarray, method: str = "highs"
    ) -> tuple[Any, np.ndarray, np.ndarray]:
        """A programme for each need in one, and the room of each cell below and above."""
        k, width = len(needs), len(self.columns)
        place = {int(cell): i for i, cell in enumerate(self.columns)}
        room_low, room_high = np.tile(self.below, (k, 1)), np.tile(self.above, (k, 1))
        objective = np.zeros((k, width))
        scale = np.tile(share, (k, 1))
        for i, need in enumerate(needs):
            own = place[need.cell]
            objective[i, own] = -1.0
            room_high[i, own], scale[i, own] = need.more + self.extra, 1.0
            if need.given in place:
                room_low[i, place[need.given]] = room_high[i, place[need.given]] = 0.0
        matrix = sparse.kron(sparse.eye_array(k), self.matrix, format="csr")
        limits = np.column_stack([-(room_low * scale).ravel(), (room_high * scale).ravel()])
        return self._solved(objective.ravel(), matrix, limits, method), room_low, room_high

    @property
    def _method(self) -> str:
        """Interior points take half the time on the sums of a whole report; duals need corners."""
        return "highs-ipm" if self.matrix.shape[0] > _LARGE else "highs"

    def _solved(
        self,
        objective: np.ndarray,
        matrix: sparse.csr_array,
        limits: np.ndarray,
        method: str = "highs",
    ) -> Any:
        left = self.stop - time.process_time()
        if left <= 0:
            raise NoSafeChoice
        solved = linprog(  # type: ignore[call-overload]  # the stubs do not know sparse sums
            objective,
            A_eq=matrix,
            b_eq=np.zeros(matrix.shape[0]),
            bounds=limits,
            method=method,
            options={"time_limit": left},
        )
        if solved.status != 0:
            raise NoSafeChoice
        return solved
