"""The goals, held against what one run measured."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.compare import Findings
from benchmarks.ours import NAME

SMALLEST_ROWS = 1_000_000
R_GOALS = {
    "kaplan_meier": ("R survival", 100),
    "log_rank": ("R survival", 100),
    "restricted_mean": ("R survival", 100),
    "cumulative_incidence": ("R survival", 1000),
    "cox": ("R survival", 5),
}
PYTHON_PEERS = ("lifelines", "scikit-survival", "statsmodels")
PYTHON_GOAL = 5
LINEAR_WITHIN = 1.5
MEMORY_WITHIN = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One goal at one size: what was asked, what was measured."""

    task: str
    n: int
    against: str
    asked: float
    reached: float | None
    why_not: str = ""

    @property
    def word(self) -> str:
        if self.reached is None:
            return "not measured"
        return "reached" if self.reached >= self.asked else "**not reached**"


def verdicts(found: Findings) -> list[Verdict]:
    """Every goal at every size it speaks of."""
    large = [n for n in found.sizes if n >= SMALLEST_ROWS]
    result = []
    for task, (name, asked) in R_GOALS.items():
        for n in large:
            result += [_against(found, task, n, name, asked), _fastest_python(found, task, n)]
    return result


def _against(found: Findings, task: str, n: int, name: str, asked: float) -> Verdict:
    theirs = found.seconds.get((task, name, n))
    why_not = found.skipped.get((task, name, n), "R is not installed")
    return Verdict(
        task=task,
        n=n,
        against=name,
        asked=asked,
        reached=None if theirs is None else theirs / found.seconds[task, NAME, n],
        why_not=why_not if theirs is None else "",
    )


def _fastest_python(found: Findings, task: str, n: int) -> Verdict:
    taken = {p: found.seconds[task, p, n] for p in PYTHON_PEERS if (task, p, n) in found.seconds}
    fastest = min(taken, key=taken.__getitem__, default="")
    return Verdict(
        task=task,
        n=n,
        against=f"fastest Python peer ({fastest or 'none ran'})",
        asked=PYTHON_GOAL,
        reached=taken[fastest] / found.seconds[task, NAME, n] if fastest else None,
        why_not="" if fastest else "every peer would have taken too long",
    )
