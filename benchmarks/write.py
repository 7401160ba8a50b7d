"""BENCHMARKS.md from one run: ratios first, then seconds, rows, memory and agreement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template

from benchmarks.compare import Findings
from benchmarks.contenders import TASKS
from benchmarks.goals import LINEAR_WITHIN, MEMORY_WITHIN, verdicts
from benchmarks.in_r import R_NOTES
from benchmarks.ours import NAME
from benchmarks.peers import PEERS

FRAME = Path(__file__).with_name("BENCHMARKS.template.md")
NOTES = {(c.task, c.name): c.note for peers in PEERS.values() for c in peers} | R_NOTES


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """Where and when: printed above the figures."""

    date: str
    machine: str
    versions: str
    load: str
    patience: str


def document(found: Findings, circumstances: Circumstances, *, batch: str = "") -> str:
    """The whole file; ``batch`` is its section on batches, measured by a command of its own."""
    return Template(FRAME.read_text(encoding="utf-8")).substitute(
        date=circumstances.date,
        machine=circumstances.machine,
        versions=circumstances.versions,
        load=circumstances.load,
        patience=circumstances.patience,
        goals=_goals(found),
        ratios="\n\n".join(_times_as_long(found, task) for task in TASKS),
        rows=_rows(found),
        memory=_memory(found),
        skipped=_skipped(found),
        batch=batch or "Not measured yet.",
    )


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] + ["---:"] * (len(header) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _goals(found: Findings) -> str:
    rows = [
        [
            TASKS[v.task],
            _count(v.n),
            v.against,
            f"{v.asked:g}×",
            f"{_factor(v.reached)}" if v.reached is not None else v.why_not,
            v.word,
        ]
        for v in verdicts(found)
    ]
    if not rows:
        return "The goals speak of a million rows and more; this run was smaller."
    return _table(["estimate", "rows", "against", "goal", "measured", ""], rows)


def _times_as_long(found: Findings, task: str) -> str:
    header = [TASKS[task], *(_count(n) for n in found.sizes), "largest difference"]
    rows = [_contender(found, task, name) for name in found.names(task)]
    return _table(header, rows)


def _contender(found: Findings, task: str, name: str) -> list[str]:
    note = NOTES.get((task, name), "")
    cells = [f"{name} ({note})" if note else name]
    for n in found.sizes:
        seconds = found.seconds.get((task, name, n))
        if seconds is None:
            cells.append("–")
            continue
        factor = _factor(seconds / found.seconds[task, NAME, n])
        cells.append(_time(seconds) if name == NAME else f"{factor} ({_time(seconds)})")
    gaps = [gap for (t, c, _), gap in found.differences.items() if (t, c) == (task, name)]
    return [*cells, "" if name == NAME else f"{max(gaps):.0e}"]


def _rows(found: Findings) -> str:
    header = ["estimate", *(f"{_count(n)}: ns a row" for n in found.sizes)]
    large = [n for n in found.sizes if n >= 1_000_000]
    header += [f"{_count(n)}: passes" for n in large]
    if len(large) > 1:
        header.append(f"linear (≤ {LINEAR_WITHIN:g}×)")
    rows = []
    for task, title in TASKS.items():
        per_row = {n: found.seconds[task, NAME, n] / n for n in found.sizes}
        cells = [f"{per_row[n] * 1e9:,.1f}" for n in found.sizes]
        cells += [
            f"{found.seconds[task, NAME, n] / found.pass_seconds[task, n]:.1f}" for n in large
        ]
        if len(large) > 1:
            growth = per_row[large[-1]] / per_row[large[0]]
            verdict = "yes" if growth <= LINEAR_WITHIN else "**no**"
            cells.append(f"{verdict} ({growth:.2f})")
        rows.append([title, *cells])
    return _table(header, rows)


def _memory(found: Findings) -> str:
    rows = []
    for n in (n for n in found.sizes if n >= 1_000_000):
        for task, title in TASKS.items():
            given, held = found.input_bytes[task, n], found.peak_bytes[task, n]
            whole = (given + held) / given
            word = "reached" if whole <= MEMORY_WITHIN else "**not reached**"
            rows.append(
                [title, _count(n), _megabytes(given), _megabytes(held), f"{whole:.2f}×", word]
            )
    if not rows:
        return "Measured from a million rows."
    header = ["estimate", "rows", "input", "held beyond it, at most", "together", "goal 2×"]
    return _table(header, rows)


def _skipped(found: Findings) -> str:
    lines = [
        f"* {name}, {TASKS[task]}, {_count(n)} rows: {reason}"
        for (task, name, n), reason in found.skipped.items()
    ]
    return "\n".join(lines) or "None."


def _count(n: int) -> str:
    power = len(str(n)) - 1
    return f"10^{power}" if n == 10**power else f"{n:,}"


def _factor(value: float) -> str:
    return f"{value:,.0f}×" if value >= 10 else f"{value:.1f}×"


def _time(seconds: float) -> str:
    if seconds >= 1:
        return f"{seconds:.3g} s" if seconds < 100 else f"{seconds:.0f} s"
    return f"{seconds * 1000:.3g} ms" if seconds < 0.1 else f"{seconds * 1000:.0f} ms"


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"
