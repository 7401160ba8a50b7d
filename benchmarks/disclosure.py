"""What the linked system withholds of made-up reports, and what each rule of it costs.

``python -m benchmarks.disclosure`` prints the tables of ``docs/en/disclosure.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np

from evalkit.disclosure import linked
from evalkit.disclosure.rule import rule_for
from evalkit.disclosure.system import System
from evalkit.results import CountTable, Estimate, NotEstimable, Withheld
from evalkit.results.answers import Answer
from tests.disclosure import reports

Change = Callable[[System], System]


def without_zeros(system: System) -> System:
    """Zeros of small lines may be read."""
    needs = tuple(need for need in system.needs if system.counts[need.cell] > 0)
    return replace(system, needs=needs, follows=())


def without_singletons(system: System) -> System:
    """Nobody is thought to know their own cell."""
    return replace(system, needs=tuple(need for need in system.needs if need.given < 0))


def without_lowest(system: System) -> System:
    """A withheld row is thought to be possibly empty."""
    return replace(system, lowest=np.zeros_like(system.lowest))


def without_links(system: System) -> System:
    """Sums within a table only: at most as many parts as the first sums that were added."""
    return replace(system, sums=())


def all_worth_the_same(system: System) -> System:
    """The fewest figures that could be withheld: none is worth more than another."""
    return replace(system, units=tuple(replace(unit, cost=1.0) for unit in system.units))


def only_small(system: System) -> System:
    """The fewest, were only small counts to be hidden, and of nobody who knows their own cell."""
    kept = without_zeros(without_singletons(without_lowest(system)))
    return all_worth_the_same(kept)


RULES: dict[str, Change | None] = {
    "all": None,
    "all worth the same": all_worth_the_same,
    "only small counts, all worth the same": only_small,
    "without zeros": without_zeros,
    "without singletons": without_singletons,
    "rows may be empty": without_lowest,
    "without sums": without_links,
}


@contextmanager
def changed(change: Change | None) -> Iterator[None]:
    """The engine with a rule broken."""
    make = linked.linked_system
    if change is not None:
        linked.linked_system = lambda *a, **k: change(make(*a, **k))  # type: ignore[assignment]
    try:
        yield
    finally:
        linked.linked_system = make  # type: ignore[assignment]


def figures(answer: Answer[Any], result: Any, threshold: int) -> Iterator[bool]:
    """Whether each figure is withheld; rows and columns of few persons are not counted."""
    if isinstance(answer.result, CountTable):
        counts = answer.result.counts
        margins = {
            (d, row[d]): row["n"]
            for row in counts.to_dict("records")
            for d in answer.result.dimensions
            if all(row[o] == "total" for o in answer.result.dimensions if o != d)
        }
        for row, shown in zip(counts.to_dict("records"), result.counts["is_withheld"], strict=True):
            lines = [margins.get((d, row[d]), threshold) for d in answer.result.dimensions]
            if min(lines) >= threshold:
                yield bool(shown)
        return
    exact = answer.result if isinstance(answer.result, tuple) else (answer.result,)
    shown = result if isinstance(result, tuple) else (result,)
    for row, one in zip(exact, shown, strict=True):
        if isinstance(row, NotEstimable) or (isinstance(row, Estimate) and row.n < threshold):
            continue
        yield isinstance(one, Withheld)


def withheld_share(n: int, *, registers: int, change: Change | None = None) -> tuple[float, float]:
    """Share of withheld figures, and registers whose pooled outcome stands."""
    rule = rule_for("standard", horizons=(365, 180, 90))
    gone, stands = [], []
    for seed in range(registers):
        answers = reports.report(reports.register(seed, n))
        with changed(change):
            out = linked.release_all(answers, rule)
        for answer in answers:
            gone += list(figures(answer, out[answer.id].result, rule.threshold))
        stands.append(isinstance(out["share.all"].result, Estimate))
    return float(np.mean(gone)), float(np.mean(stands))


if __name__ == "__main__":
    import sys

    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    for name, rule_change in RULES.items():
        found = [withheld_share(n, registers=count, change=rule_change) for n in (40, 80, 120)]
        print(name, [f"{gone:.1%} ({stands:.0%})" for gone, stands in found], flush=True)
