"""What a choice of withheld cells leaves open, by linear programmes over moves that keep every sum.

A move that shows a need to be met is kept: while its cells stay withheld the need stays met.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from highspy import HighsSolution
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from evalkit.disclosure.programme import Effort, Programme
from evalkit.disclosure.system import Need, System

# Cells, their coefficients, and the least sum over those of them that nobody prints.
Cut = tuple[np.ndarray, np.ndarray, float]
_GLIMPSE = 1e-4
_TOLERANCE = 1e-6
_MOST_CUTS = 36  # added at a time
_LARGEST_EXTRA = 2  # asked for beyond a need that whole numbers do not meet


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
        effort: What the search may still cost.
    """

    system: System
    threshold: int
    effort: Effort = field(default_factory=Effort)
    _asked: dict[tuple[int, int], Need] = field(init=False)
    _matrix: sparse.csr_array = field(init=False)
    _moved: dict[Need, np.ndarray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._asked = {(need.cell, need.given): need for need in self.system.needs}
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

    def raised(self, hidden: np.ndarray, need: Need) -> list[Cut]:
        """Constraints for a need that whole numbers do not meet; it asks for more, too.

        Raises:
            NoSafeChoice: Where no choice could meet it.
        """
        name, found = (need.cell, need.given), []
        if name in self._asked:
            more = min(self._asked[name].more + 1, need.more + _LARGEST_EXTRA)
            self._asked[name] = replace(need, more=more)
        for lines, _ in self._parts(hidden, [need]):
            # Of the printed cells one more has to go of those that its sums hold.
            touched = np.unique(self._matrix[lines].indices)
            printed = touched[~np.isin(touched, list(self.system.known)) & ~hidden[touched]]
            found.append((printed, np.ones(len(printed)), 1.0))
        if not found or not len(found[0][0]):
            raise NoSafeChoice((need.cell,))
        return found

    def _open(self, hidden: np.ndarray) -> Iterator[tuple[np.ndarray, list[Need]]]:
        """Needs not known to be met, with the sums of their part of the system.

        What nobody may know first; then what those who know their own cell may not.
        """
        return self._parts(hidden, [
            need
            for need in self._asked.values()
            if need not in self._moved or not hidden[self._moved[need]].all()
        ])  # fmt: skip

    def _parts(
        self, hidden: np.ndarray, asked: Sequence[Need]
    ) -> Iterator[tuple[np.ndarray, list[Need]]]:
        used = self._matrix[:, hidden]
        touches = np.flatnonzero(np.diff(used.indptr) > 0)
        positions = np.flatnonzero(hidden)
        _, labels = connected_components(_bipartite(used[touches]), directed=False)
        of_cell = np.full(len(hidden), -1)
        of_cell[positions] = labels[: len(positions)]
        of_line = labels[len(positions) :]
        needs: dict[tuple[bool, int], list[Need]] = {}
        for need in asked:
            component = int(of_cell[need.cell])
            if need.given < 0 or of_cell[need.given] == component:
                needs.setdefault((need.given >= 0, component), []).append(need)
        for (_, component), own in sorted(needs.items(), key=lambda item: item[0]):
            lines = touches[of_line == component]
            if len(lines):
                yield lines, own

    def unread(self) -> Moves:
        """Moves where nothing but the known is printed."""
        free = np.ones(len(self.system.counts), dtype=bool)
        free[list(self.system.known)] = False
        return self._moves(self._matrix, np.flatnonzero(free))

    def hopeless(self) -> list[int]:
        """Cells that could not move enough if nothing but the known were printed."""
        linked = np.diff(self._matrix.tocsc().indptr) > 0
        asked = [n for n in self.system.needs if n.given < 0 and linked[n.cell]]
        no = list(dict.fromkeys(need.cell for need in self._pending(self.unread(), asked)))
        self._moved.clear()
        return no

    def _cuts_of(
        self, local: sparse.csr_array, hidden: np.ndarray, needs: Sequence[Need]
    ) -> list[Cut]:
        """What the needs ask of a choice that does not meet them."""
        touched = np.unique(local.indices)
        moves = self._moves(local, touched[hidden[touched]])
        unmet = self._pending(moves, needs, most=_MOST_CUTS)[:_MOST_CUTS]
        if not unmet:
            return []
        # Cells that are printed get a little room, so that the constraint found leans on few.
        columns = touched[~np.isin(touched, list(self.system.known))]
        every = self._moves(local, columns, np.where(hidden[columns], 1.0, _GLIMPSE))
        found: list[Cut] = []
        hopeless: list[int] = []
        for need in unmet:
            asked = float(need.more)
            coefficients = np.minimum(every.room(need), asked)
            coefficients[coefficients < _TOLERANCE] = 0.0
            if coefficients.sum() < asked - _TOLERANCE:
                hopeless += self._unreachable(need)
            elif coefficients @ hidden[columns] < asked - _TOLERANCE:
                used = coefficients > 0
                found.append((columns[used], coefficients[used], asked))
        if hopeless:
            raise NoSafeChoice(tuple(hopeless))
        return found

    def _unreachable(self, need: Need) -> list[int]:
        """A cell that nothing can hide; where it asked for more than it needs, it asks no more."""
        own = next(n for n in self.system.needs if (n.cell, n.given) == (need.cell, need.given))
        self._asked.pop((need.cell, need.given))
        return [need.cell] if own.more == need.more else []

    def _pending(
        self, moves: Moves, needs: Sequence[Need], *, most: float = math.inf
    ) -> list[Need]:
        """Needs that cannot be met; those that can, by one move for many of them at a time.

        Not looked for beyond about so many as ``most``.
        """
        no: list[Need] = []
        for given in sorted({need.given for need in needs}):
            left = [need for need in needs if need.given == given]
            while left:
                moved = moves.up(left)
                met = [n for n in left if moved.get(n.cell, 0.0) >= n.more]
                if not met and len(left) == 1:
                    no += left
                    break
                if not met:
                    no += self._singly_unmet(moves, left, most - len(no))
                    break
                self._keep(met, moved)
                left = [n for n in left if moved.get(n.cell, 0.0) < n.more]
            if len(no) >= most:
                break
        return no

    def _singly_unmet(self, moves: Moves, needs: Sequence[Need], most: float) -> list[Need]:
        """Those of some needs that no move of their own meets."""
        no: list[Need] = []
        for need in needs:
            if len(no) >= most:
                break
            own = moves.up([need])
            if own.get(need.cell, 0.0) >= need.more:
                self._keep([need], own)
            else:
                no.append(need)
        return no

    def _keep(self, met: Sequence[Need], moved: dict[int, float]) -> None:
        used = np.array(list(moved), dtype=np.int64)
        self._moved |= dict.fromkeys(met, used)

    def _moves(
        self, local: sparse.csr_array, columns: np.ndarray, share: np.ndarray | float = 1.0
    ) -> Moves:
        """Moves of some cells, none further than twice the threshold, or a share of that."""
        reach = 2.0 * self.threshold
        below = np.clip(self.system.counts[columns] - self.system.lowest[columns], 0.0, reach)
        above = np.full(len(columns), reach)
        return Moves(columns, local[:, columns], below, above, share, self.effort)


def _bipartite(graph: sparse.csr_array) -> sparse.csr_array:
    lines, cells = graph.shape
    return sparse.block_array(
        [[sparse.csr_array((cells, cells)), graph.T], [graph, sparse.csr_array((lines, lines))]],
        format="csr",
    )


@dataclass(slots=True, eq=False)
class Moves:
    """How far cells can move with others so that every sum still holds.

    Attributes:
        columns: The cells. ``matrix``: their sums.
        below, above: ``(m,)`` how far each may move. ``share``: … less, but for what is asked.
        effort: What the search may still cost.
    """

    columns: np.ndarray
    matrix: sparse.csr_array
    below: np.ndarray
    above: np.ndarray
    share: np.ndarray | float
    effort: Effort
    _place: dict[int, int] = field(init=False)
    _programme: Programme = field(init=False)

    def __post_init__(self) -> None:
        self._place = {cell: i for i, cell in enumerate(self.columns.tolist())}
        none = np.zeros(self.matrix.shape[0])
        low, high = -self.below * self.share, self.above * self.share
        self._programme = Programme(self.matrix, low, high, (none, none))

    def up(self, needs: Sequence[Need]) -> dict[int, float]:
        """One move that takes the cells of needs with the same given cell up as far as it may."""
        found = np.array(self._solved(needs).col_value)
        far = np.flatnonzero(np.abs(found) > _TOLERANCE)
        moved = found[far] + _TOLERANCE * (found[far] > 0)
        return dict(zip(self.columns[far].tolist(), moved.tolist(), strict=True))

    def room(self, need: Need) -> np.ndarray:
        """``(m,)`` what each cell's room adds to how far the need's cell may move up."""
        more = need.more
        dual = np.array(self._solved([need]).col_dual) * more  # its cell was worth 1 / more
        below, above = self.below.copy(), self.above.copy()
        above[self._place[need.cell]] = more
        if need.given in self._place:
            below[self._place[need.given]] = above[self._place[need.given]] = 0.0
        return np.asarray(np.maximum(dual, 0.0) * below + np.maximum(-dual, 0.0) * above)

    def closing(self, need: Need) -> np.ndarray:
        """Sums that together keep a cell from holding what it needs to; none where it may."""
        solution = self._solved([need])
        if solution.col_value[self._place[need.cell]] > need.more - _TOLERANCE:
            return np.array([], dtype=np.int64)
        return np.flatnonzero(np.abs(solution.row_dual) > _TOLERANCE)

    def forget(self, line: int) -> None:
        """A sum is not known."""
        self._programme.forget(line)

    def _solved(self, needs: Sequence[Need]) -> HighsSolution:
        """The solution for needs with the same given cell, no cell further than it needs."""
        programme = self._programme
        own = np.array([self._place[need.cell] for need in needs], dtype=np.int32)
        more = np.array([need.more for need in needs], dtype=float)
        programme.ask(own, -1.0 / more, -self.below[own], more)
        given = np.array([self._place.get(needs[0].given, -1)], dtype=np.int32)
        none = np.zeros(len(given))
        if given[0] >= 0:
            programme.ask(given, none, none, none)
            own = np.concatenate([own, given])
        solution = programme.solution(self.effort)
        programme.ask(own, np.zeros(len(own)), programme.low[own], programme.high[own])
        if solution is None:
            raise NoSafeChoice
        return solution
