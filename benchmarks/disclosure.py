"""What protection costs: information lost in tables, closeness of curves, corner cases of groups.

Run from the repository's root with ``python -m benchmarks.disclosure``; the tables it prints
stand in ``docs/en/disclosure.md``.
"""

from __future__ import annotations

import time

import numpy as np

from evalkit.disclosure import protect_events, release, rule_for
from evalkit.disclosure.cells import cells_of_tables
from evalkit.disclosure.counts import release_tables
from evalkit.results import CountTable, EventTable
from evalkit.statistics.time_to_event.event_table import event_table
from evalkit.statistics.time_to_event.survival import kaplan_meier
from tests.disclosure.generated import linked_pair, skewed_cells, two_way

RULE = rule_for("standard")
GRID = np.arange(0, 361, 30)


def main() -> None:
    generator = np.random.default_rng(7)
    losses("1 table", [(two_way(skewed_cells(generator)),) for _ in range(300)])
    losses("2 linked", [linked_pair(generator) for _ in range(60)])
    for n in (40, 80, 150, 267, 700):
        closeness(n)
    for groups in (2, 3, 4, 6):
        corners(groups)


def losses(name: str, problems: list[tuple[CountTable, ...]]) -> None:
    """Cells and persons withheld: optimiser, and whole rows until nothing can be worked out."""
    lost = {"optimiser": np.zeros(2), "whole rows": np.zeros(2)}
    everything, seconds, primary = np.zeros(2), [], 0
    for tables in problems:
        started = time.process_time()
        least, _, _ = release_tables(tables, RULE)
        seconds.append(time.process_time() - started)
        rows, _, _ = release_tables(tables, RULE, time_limit_seconds=0.0)
        everything += _lost(tables, tables, everything=True)
        lost["optimiser"] += _lost(tables, least)
        lost["whole rows"] += _lost(tables, rows)
        primary += int(cells_of_tables(tables, RULE).problem.primary.sum())
    shares = {way: (100 * cells / everything).round(1) for way, cells in lost.items()}
    print(f"{name}: small cells {100 * primary / everything[0]:.1f} %; (cells, persons) {shares};")
    print(f"  seconds mean {np.mean(seconds):.3f}, largest {np.max(seconds):.3f}")


def _lost(
    exact: tuple[CountTable, ...], released: tuple[CountTable, ...], *, everything: bool = False
) -> np.ndarray:
    """Cells withheld and the persons told of in them."""
    total = np.zeros(2)
    for before, after in zip(exact, released, strict=True):
        hidden = after.counts["is_withheld"].to_numpy(dtype=bool) | everything
        total += hidden.sum(), before.counts["n"].to_numpy()[hidden].sum()
    return total


def simulated(generator: np.random.Generator, n: int, groups: int = 1) -> EventTable:
    """Exponential times to work (mean 300 days), followed for 180 to 720 days."""
    to_work = np.ceil(generator.exponential(300, n)).astype(int)
    followed = generator.integers(180, 721, n)
    return event_table(
        np.minimum(to_work, followed),
        (to_work <= followed).astype(int),
        cause_names=["work"],
        groups=generator.integers(0, groups, n) if groups > 1 else None,
        group_names=[str(g) for g in range(groups)] if groups > 1 else None,
    )


def closeness(n: int) -> None:
    """Mean over 60 simulations of the largest error of the released curve to day 360."""
    generator = np.random.default_rng(1)
    errors: dict[str, list[float]] = {"everyone": [], "as a group": []}
    for _ in range(60):
        table = simulated(generator, n)
        exact = kaplan_meier(table).steps
        for name, protected in (("everyone", table), ("as a group", _named(table))):
            curve = release(kaplan_meier(protect_events(protected, RULE)), RULE).result.steps
            shown = curve[curve["day"] <= GRID[-1]]
            position = np.searchsorted(exact["day"], shown["day"], side="right")
            truth = np.concatenate([[0.0], exact["value"]])[position]
            errors[name].append(float(np.abs(truth - shown["value"].to_numpy(dtype=float)).max()))
    print(n, {name: round(float(np.mean(values)), 3) for name, values in errors.items()})


def _named(table: EventTable) -> EventTable:
    from dataclasses import replace

    return replace(table, groups=("a",))


def corners(groups: int) -> None:
    """How often a group's rounded count and the total's leave fewer counts than the threshold."""
    generator = np.random.default_rng(2)
    base, looks, narrow, pinned = RULE.midpoint_base, 0, 0, 0
    for _ in range(400):
        table = simulated(generator, 267, groups)
        by_day = np.cumsum(table.left[:, :, 0], axis=1)
        counts = by_day[:, np.searchsorted(table.times, GRID, side="right") - 1]
        low, high = _interval(counts, base)
        low_all, high_all = _interval(counts.sum(axis=0), base)
        tight_high = np.minimum(high, high_all - (low.sum(axis=0) - low))
        tight_low = np.maximum(low, low_all - (high.sum(axis=0) - high))
        possible = np.where(counts > 0, tight_high - tight_low + 1, np.inf)
        looks += int((counts > 0).sum())
        narrow += int((possible < RULE.threshold).sum())
        pinned += int((possible <= 1).sum())
    print(f"{groups} groups: fewer than {RULE.threshold} counts left in", end=" ")
    print(f"{100 * narrow / looks:.2f} %, one left in {100 * pinned / looks:.3f} % of looks")


def _interval(counts: np.ndarray, base: int) -> tuple[np.ndarray, np.ndarray]:
    high = np.ceil(counts / base) * base
    return np.where(high > 0, high - base + 1, 0), high


if __name__ == "__main__":
    main()
