"""One run over all sizes: who took how long, who agreed, and how much memory was held."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from time import perf_counter

from benchmarks import ours
from benchmarks.contenders import TASKS, Contender
from benchmarks.data import Spells, spells
from benchmarks.in_r import R_TASKS, RProcess, has_r, start_r
from benchmarks.measure import Entry, expected_seconds, in_python, largest_difference, take_turns
from benchmarks.memory import peak_bytes
from benchmarks.peers import PEERS

Tell = Callable[[str], None]
Place = tuple[str, str, int]
"""Task, contender, rows."""


@dataclass(slots=True)
class Findings:
    """Everything the tables need, by task, contender and number of rows."""

    sizes: tuple[int, ...]
    seconds: dict[Place, float] = field(default_factory=dict)
    skipped: dict[Place, str] = field(default_factory=dict)
    differences: dict[Place, float] = field(default_factory=dict)
    pass_seconds: dict[tuple[str, int], float] = field(default_factory=dict)
    input_bytes: dict[tuple[str, int], int] = field(default_factory=dict)
    peak_bytes: dict[tuple[str, int], int] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)

    def names(self, task: str) -> list[str]:
        """Contenders of a task, the package first, the others in order of appearance."""
        return list(dict.fromkeys(name for t, name, _ in self.seconds if t == task))

    def history(self, task: str, name: str) -> list[tuple[int, float]]:
        places = [(n, self.seconds.get((task, name, n))) for n in self.sizes]
        return [(n, seconds) for n, seconds in places if seconds is not None]


def compare(
    sizes: Sequence[int], *, patience: float, rounds: int, with_r: bool, tell: Tell
) -> Iterator[Findings]:
    """Runs every task at every size, each contender until it would take too long.

    Hands over what is known after each size, so that a run cut short has not been in vain.
    """
    found = Findings(sizes=())
    for n in sizes:
        found.sizes += (n,)
        tell(f"— {n:,} rows")
        data = spells(n)
        r = start_r(data) if with_r and has_r() else None
        try:
            _one_size(found, data, r, patience, rounds, tell)
        finally:
            if r is not None:
                found.versions |= r.versions
                r.stop()
        yield found


def _one_size(
    found: Findings, data: Spells, r: RProcess | None, patience: float, rounds: int, tell: Tell
) -> None:
    for task in TASKS:
        entries = _entries(task, data, r)
        for entry in entries:
            entry.most_rounds = rounds
            if entry.name != ours.NAME:
                entry.skipped = _too_slow(found, entry, data.n, patience)
        take_turns(entries, tell)
        _note(found, entries, data.n)
        contender = next(c for c in ours.OURS if c.task == task)
        columns = ours.columns_of(task, data)
        found.pass_seconds[task, data.n] = min(_pass_over(columns) for _ in range(9))
        found.input_bytes[task, data.n] = sum(column.nbytes for column in columns)
        found.peak_bytes[task, data.n] = peak_bytes(contender, data)


def _entries(task: str, data: Spells, r: RProcess | None) -> list[Entry]:
    contenders: list[Contender] = list(ours.OURS)
    for package, of_peer in PEERS.items():
        contenders += of_peer if find_spec(package) else ()
    chosen = [c for c in contenders if c.task == task]
    entries = [Entry(task=task, name=c.name, timed=in_python(c, data)) for c in chosen]
    if r is not None:
        entries += [
            Entry(task=task, name=name, timed=lambda times, key=key: r.ask(key, times))
            for (of_task, name), key in R_TASKS.items()
            if of_task == task and ("cmprsk" not in key or r.versions["cmprsk"] != "none")
        ]
    return entries


def _too_slow(found: Findings, entry: Entry, n: int, patience: float) -> str:
    history = found.history(entry.task, entry.name)
    if found.sizes.index(n) > 0 and not history:
        return "not run at the size before"
    expected = expected_seconds(history, n)
    return f"about {expected:,.0f} s expected" if expected > patience else ""


def _note(found: Findings, entries: Sequence[Entry], n: int) -> None:
    reference = entries[0].figures
    for entry in entries:
        place = (entry.task, entry.name, n)
        if entry.skipped:
            found.skipped[place] = entry.skipped
            continue
        found.seconds[place] = entry.seconds
        found.differences[place] = largest_difference(entry.figures, reference)


def _pass_over(columns: Sequence[object]) -> float:
    """Seconds to add up every column the task reads: the least any answer can take."""
    start = perf_counter()
    for column in columns:
        column.sum()  # type: ignore[attr-defined]
    return perf_counter() - start
