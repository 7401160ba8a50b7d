"""Linear and whole-number programmes by HiGHS that stay: each solution begins at the last one.

What a search costs is counted in pivots, which are the same on every machine, not in seconds.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import numpy as np
from highspy import Highs, HighsModelStatus, HighsSolution, SolutionStatus, kHighsInf
from scipy import sparse

MOST_STEPS = 600_000_000
"""About a minute of an ordinary processor."""
_LAST_SECONDS = 1800.0
_MOST_NODES = 5_000
_OF_A_START = 20  # pivots that beginning again costs about as much as


@dataclass(slots=True)
class Effort:
    """What a search may still cost.

    Attributes:
        steps: Pivots, each as many steps as its programme has sums.
        stop: Of the processor's clock: a last safety, far beyond what the steps take.
    """

    steps: float = MOST_STEPS
    stop: float = field(default_factory=lambda: time.process_time() + _LAST_SECONDS)

    @property
    def is_over(self) -> bool:
        return self.steps <= 0 or time.process_time() > self.stop


@dataclass(slots=True, eq=False)
class Programme:
    """The least of a sum over values that keep some sums.

    Attributes:
        matrix: ``(k, m)`` the sums. ``low, high``: ``(m,)`` limits of the values.
        sums: ``(k,)`` lowest and highest of each sum.
        whole: How many of the values, from the first, are whole numbers.
    """

    matrix: sparse.csr_array
    low: np.ndarray
    high: np.ndarray
    sums: tuple[np.ndarray, np.ndarray]
    whole: int = 0
    _highs: Highs = field(init=False)

    def __post_init__(self) -> None:
        lines, width = self.matrix.shape
        by_column = self.matrix.tocsc()
        self._highs = Highs()  # type: ignore[no-untyped-call]  # its constructor has no types
        for name, value in (
            ("output_flag", False), ("threads", 1), ("mip_rel_gap", 0.0),
            ("mip_max_nodes", _MOST_NODES),
        ):  # fmt: skip
            self._highs.setOptionValue(name, value)
        self._highs.passModel(
            width, lines, by_column.nnz, 1, 1, 0.0, np.zeros(width), self.low, self.high,
            *self.sums, by_column.indptr, by_column.indices, by_column.data,
            (np.arange(width) < self.whole).astype(np.int32),
        )  # fmt: skip

    def ask(self, places: np.ndarray, cost: np.ndarray, low: np.ndarray, high: np.ndarray) -> None:
        """Other costs and limits of some values."""
        self._highs.changeColsCost(len(places), places, cost)
        self._highs.changeColsBounds(len(places), places, low, high)

    def forget(self, line: int) -> None:
        """One sum need not hold."""
        self._highs.changeRowBounds(line, -kHighsInf, kHighsInf)

    def solution(self, effort: Effort) -> HighsSolution | None:
        """``None`` where there is none, or none was found for what the search may cost."""
        lines = max(self.matrix.shape[0], 1)
        if effort.is_over:
            return None
        self._highs.setOptionValue("simplex_iteration_limit", int(effort.steps / lines) + 1)
        self._highs.run()
        pivots = max(self._highs.getInfo().simplex_iteration_count, 0)
        effort.steps -= (pivots + _OF_A_START) * lines
        status = self._highs.getModelStatus()
        found: bool = status == HighsModelStatus.kOptimal or (
            status == HighsModelStatus.kSolutionLimit
            and self._highs.getInfo().primal_solution_status
            == SolutionStatus.kSolutionStatusFeasible
        )
        return self._highs.getSolution() if found else None
