"""A reader of whole reports with a linear programme: shares nothing with the engine.

Unknowns are the persons of every combination of levels, exit, cohort and interval of days –
those that nobody has, too, for the reader does not know which they are. Every printed number
is an equation over them; a row that is printed without its number holds somebody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from evalkit.results import CountTable, Estimate, FlowStep, NotEstimable, Released, Withheld
from evalkit.results.curves import GroupedEvents

POSITIVE = ("employment", "studies")
LARGE = 10  # no profile's threshold is larger


@dataclass
class Reader:
    """Combinations, what is known of them, and the combinations that people really have."""

    kinds: pd.DataFrame
    rows: list[np.ndarray]
    low: list[float]
    high: list[float]

    def know(self, where: np.ndarray, low: float, high: float) -> None:
        self.rows.append(where.astype(float))
        self.low.append(low)
        self.high.append(high)

    def most(
        self, where: np.ndarray, *, given: tuple[np.ndarray, int] | None = None, cap: float
    ) -> float:
        """The most persons that may be in a set, not looked for beyond ``cap``."""
        rows, low, high = list(self.rows), list(self.low), list(self.high)
        if given is not None:
            rows.append(given[0].astype(float))
            low.append(given[1])
            high.append(given[1])
        rows.append(where.astype(float))
        low.append(0.0)
        high.append(cap)
        solved = milp(
            -where.astype(float),
            integrality=np.ones(len(where)),
            bounds=Bounds(0, np.inf),
            constraints=LinearConstraint(sparse.csr_array(np.array(rows)), low, high),
            options={"time_limit": 120.0},
        )
        assert solved.status == 0, f"the report contradicts itself: {solved.message}"
        return float(np.rint(-solved.fun))


def reader_of(
    persons: pd.DataFrame, released: Mapping[str, Released[Any]], groupings: tuple[str, ...]
) -> Reader:
    """What the printed figures say of every combination."""
    columns = {name: sorted(set(persons[name])) for name in groupings}
    columns["exit_class"] = sorted(set(persons["exit_class"]))
    columns["is_late"] = [False, True]
    columns["bin"] = list(range(len(_days(released)) + 1))
    kinds = pd.DataFrame(list(product(*columns.values())), columns=list(columns))
    reader = Reader(kinds, [], [], [])
    for name, one in released.items():
        result = one.result
        if isinstance(result, FlowStep):
            reader.know(np.ones(len(kinds), dtype=bool), result.count, result.count)
        elif isinstance(result, CountTable):
            _read_table(reader, result)
        elif isinstance(result, GroupedEvents):
            _read_blocks(reader, name.removeprefix("events."), result, _days(released))
        else:
            for row in result if isinstance(result, tuple) else (result,):
                _read_share(reader, name, row, _groups_shown(released, name))
    return reader


def _groups_shown(released: Mapping[str, Released[Any]], name: str) -> dict[str, int]:
    """Persons of each group of a split, where they are printed."""
    column = name.rsplit(".", 1)[-1]
    table = released[f"persons.{column}"].result if f"persons.{column}" in released else None
    if not isinstance(table, CountTable):
        return {}
    own = table.counts[~table.counts["is_withheld"].astype(bool)]
    return dict(zip(own[column], own["n"], strict=True))


def _days(released: Mapping[str, Released[Any]]) -> list[float]:
    return sorted(
        {
            block.end
            for one in released.values()
            if isinstance(one.result, GroupedEvents)
            for block in one.result.blocks
            if np.isfinite(block.end)
        }
    )


def _read_table(reader: Reader, table: CountTable) -> None:
    shows_zeros = bool((table.counts["n"].fillna(1) == 0).any())
    for row in table.counts.to_dict("records"):
        where = np.ones(len(reader.kinds), dtype=bool)
        for column in table.dimensions:
            if row[column] != "total":
                where &= (reader.kinds[column] == row[column]).to_numpy()
        if not row["is_withheld"]:
            reader.know(where, row["n"], row["n"])
        elif len(table.dimensions) == 1 and not shows_zeros:
            reader.know(where, 1, np.inf)


def definition(kinds: pd.DataFrame, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Of whom a share is and who has its outcome, from its name as a report would word it."""
    way = kinds["exit_class"].to_numpy()
    left, late = way != "ongoing", kinds["is_late"].to_numpy(dtype=bool)
    reached = np.isin(way, POSITIVE)
    for outcome in POSITIVE:
        if name.endswith(outcome):
            reached = way == outcome
    chosen = np.ones(len(kinds), dtype=bool)
    if "left" in name or name.startswith(("target", "cohort")):
        chosen = left
    if name in ("target.late", "cohort.after"):
        chosen = left & late
    if name == "cohort.before":
        chosen = left & ~late
    return chosen, reached


def _read_share(reader: Reader, name: str, row: Any, groups: Mapping[str, int]) -> None:
    chosen, reached = definition(reader.kinds, name)
    if row.group:
        chosen = chosen & (reader.kinds[name.rsplit(".", 1)[-1]] == row.group).to_numpy()
    if isinstance(row, Withheld):
        # A row of nobody says so, but for a group that is itself of few.
        if groups.get(row.group, 0) >= LARGE:
            reader.know(chosen, 1, np.inf)
        return
    if isinstance(row, NotEstimable):
        reader.know(chosen, 0, 0)
        return
    assert isinstance(row, Estimate)
    with_outcome = round(row.value * row.n)
    reader.know(chosen, row.n, row.n)
    reader.know(chosen & reached, with_outcome, with_outcome)


def _read_blocks(reader: Reader, by: str, events: GroupedEvents, days: list[float]) -> None:
    way = reader.kinds["exit_class"].to_numpy()
    of_kind = {
        "outcome": np.isin(way, POSITIVE),
        "last_seen": way == "ongoing",
        "other": ~np.isin(way, POSITIVE) & (way != "ongoing"),
    }
    limits = np.array([*days, np.inf])[reader.kinds["bin"].to_numpy()]
    counted = np.zeros(len(way), dtype=bool)
    for block in events.blocks:
        own = np.ones(len(way), dtype=bool)
        if block.groups:
            own = reader.kinds[by].isin(block.groups).to_numpy()
        if block.kind in of_kind:
            where = own & of_kind[block.kind] & (limits > block.start) & (limits <= block.end)
            reader.know(where, block.n, block.n)
            counted |= where if block.groups else False
    for block in events.blocks:
        if block.kind == "rest":
            own = reader.kinds[by].isin(block.groups).to_numpy()
            reader.know(own & ~counted, block.n, block.n)
    for group in events.groups if by != "everyone" else ():
        own = (reader.kinds[by] == group).to_numpy()
        reader.know(own, events.persons[group], events.persons[group])


def cells(
    kinds: pd.DataFrame, groupings: tuple[str, ...]
) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """Every set that a report is about, with the line it lies in: name, line, cell."""
    everyone = np.ones(len(kinds), dtype=bool)
    way, late = kinds["exit_class"].to_numpy(), kinds["is_late"].to_numpy(dtype=bool)
    left, reached = way != "ongoing", np.isin(way, POSITIVE)
    outcomes = {name: way == name for name in sorted(set(way))}
    outcomes |= {"left": left, "reached": reached, "left without": left & ~reached}
    lines = {"everyone": everyone}
    for column in groupings:
        values = kinds[column].to_numpy()
        lines |= {f"{column}={level}": values == level for level in sorted(set(values))}
    for line, where in lines.items():
        yield line, everyone, where
        for outcome, chosen in outcomes.items():
            yield f"{line} & {outcome}", where, where & chosen
    for name, chosen in (("late", left & late), ("early", left & ~late)):
        yield name, everyone, chosen
        yield f"{name} reached", chosen, chosen & reached
        yield f"{name} not", chosen, chosen & ~reached


def attack(
    persons: pd.DataFrame,
    released: Mapping[str, Released[Any]],
    groupings: tuple[str, ...],
    threshold: int,
    *,
    with_singletons: bool = True,
) -> list[str]:
    """Every statement about few persons that follows from the report."""
    reader = reader_of(persons, released, groupings)
    days = _days(released)
    own = persons.assign(bin=np.searchsorted(days, persons["days"], side="left"))
    found = []
    real = {name: (int(line.sum()), int(cell.sum())) for name, line, cell in cells(own, groupings)}
    of_kinds = {name: (line, cell) for name, line, cell in cells(reader.kinds, groupings)}
    # Rows of the tables of exits: whoever is alone in one knows it.
    ones = [
        name
        for name, (_, count) in real.items()
        if count == 1 and name.startswith(("everyone &", "sex=")) and "left" not in name
    ]
    for name, (_, cell) in of_kinds.items():
        of_line, count = real[name]
        if 0 < count < threshold:
            if reader.most(cell, cap=threshold) < threshold:
                found.append(f"{name} is few")
            elif with_singletons:
                found += [
                    f"{name} is few to {other}"
                    for other in ones
                    if not (of_kinds[other][1] & cell).any()
                    and _is_sibling(other, name)
                    and reader.most(cell, given=(of_kinds[other][1], 1), cap=threshold) < threshold
                ]
        elif count == 0 and 0 < of_line < threshold and reader.most(cell, cap=1) < 1:
            found.append(f"nobody of {name}")
    return found


def _is_sibling(one: str, other: str) -> bool:
    """Rows of one table: the same line and another outcome, or another line of the column."""
    return one.split(" & ")[0] == other.split(" & ")[0]
