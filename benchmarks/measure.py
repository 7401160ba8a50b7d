"""Times contenders in turns, so that a busy minute of the machine hits all of them alike.

A contender whose time grows beyond the patience is not asked for more rows; the reason says
what it was expected to take.
"""

from __future__ import annotations

import gc
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import perf_counter

import numpy as np

from benchmarks.contenders import Contender
from benchmarks.data import Spells

SHORTEST_TIMING_SECONDS = 0.02
MOST_ROUNDS = 7
LONGEST_TOGETHER_SECONDS = 10.0

Timed = Callable[[int], tuple[float, np.ndarray]]
"""Number of runs → seconds per run, and the compared figures."""


@dataclass(slots=True, kw_only=True)
class Entry:
    """A contender at one size; ``seconds`` is its fastest run."""

    task: str
    name: str
    timed: Timed
    most_rounds: int = MOST_ROUNDS
    seconds: float = float("inf")
    spent: float = 0.0
    rounds: int = 0
    figures: np.ndarray = field(default_factory=lambda: np.empty(0))
    skipped: str = ""

    @property
    def is_done(self) -> bool:
        return bool(self.skipped) or self.rounds >= self.most_rounds or self._has_taken_long

    @property
    def _has_taken_long(self) -> bool:
        return self.spent > LONGEST_TOGETHER_SECONDS


def in_python(contender: Contender, spells: Spells) -> Timed:
    """A contender of this process as something to time."""

    def timed(times: int) -> tuple[float, np.ndarray]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # peers warn of their own dependencies
            gc.collect()
            start = perf_counter()
            for _ in range(times):
                result = contender.run(spells)
            seconds = (perf_counter() - start) / times
            return seconds, contender.read(result)

    return timed


def take_turns(entries: Sequence[Entry], tell: Callable[[str], None]) -> None:
    """Rounds over all entries until each has its runs; the fastest of them counts."""
    while not all(entry.is_done for entry in entries):
        for entry in entries:
            if not entry.is_done:
                _one_round(entry, tell)


def _one_round(entry: Entry, tell: Callable[[str], None]) -> None:
    known = entry.seconds if entry.rounds else 0.0
    times = max(1, round(SHORTEST_TIMING_SECONDS / known)) if known else 1
    started = perf_counter()
    try:
        seconds, figures = entry.timed(times)
    except (ImportError, MemoryError) as problem:
        entry.skipped = f"not run: {type(problem).__name__}"
        return
    entry.spent += perf_counter() - started
    entry.seconds, entry.figures = min(entry.seconds, seconds), figures
    entry.rounds += 1
    if entry.rounds == 1:
        tell(f"{entry.task:22s} {entry.name:16s} {seconds:10.4f} s")


def expected_seconds(history: Sequence[tuple[int, float]], n: int) -> float:
    """What the last size foretells if time grows with the rows; the true growth may be steeper."""
    if not history:
        return 0.0
    rows, seconds = history[-1]
    return seconds * n / rows


def largest_difference(figures: np.ndarray, reference: np.ndarray) -> float:
    """Largest relative difference over the figures both have (errors may be absent)."""
    shared = min(len(figures), len(reference))
    a, b = figures[:shared], reference[:shared]
    return float(np.max(np.abs(a - b) / np.maximum(np.abs(b), 1e-12)))
