"""The printed counts of the indicators beside the report's other figures.

The tables of the indicators are linked in the door; a grouping of the participants, a target or a
gap in the register is told elsewhere, of nearly the same persons as some code.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evalkit.disclosure.rule import Rule
from evalkit.disclosure.selections import ToldGroups, selections_to_withhold
from evalkit.results import CountTable
from evalkit.statistics.indicators.counts import (
    COMPLETE,
    DIMENSION,
    INCOMPLETE,
    REST,
    SEXES,
    TOTAL,
    Division,
    LinkedTables,
)
from evalkit.statistics.indicators.other_funders import division_table
from evalkit.statistics.indicators.outcomes import (
    AFTER,
    ENROLLED,
    NO_INFORMATION,
    NOT_REACHED,
    OPEN,
    REACHED,
    STAGES,
)

if TYPE_CHECKING:
    from evalkit.answers.study import Study

Place = tuple[str, str]
Cells = Mapping[str, Mapping[str, int | None]]


@dataclass(frozen=True, slots=True, eq=False)
class Beside:
    """What other figures tell, and whom each level of the indicators is of.

    Attributes:
        printed: What the other figures of the report tell.
        members: Level → who is in it, one place per person of the register.
        sexes: Sex → who has it, ``total`` everybody with a record.
        results: Codes of the results that the register can tell.
        names: Level → the name that its persons have in the tables.
    """

    study: Study
    printed: tuple[ToldGroups, ...]
    members: Mapping[str, np.ndarray]
    sexes: Mapping[str, np.ndarray]
    results: tuple[str, ...]
    names: Mapping[str, str]

    def marked(self, linked: LinkedTables) -> list[CountTable]:
        """The tables, with what other figures of the report tell marked."""
        elsewhere = {group.tobytes() for told in self.printed for group in told.groups}
        told = {
            (self.names.get(level, level), sex)
            for level, own in self.members.items()
            for sex, chosen in self.sexes.items()
            if (own & chosen).any() and (own & chosen).tobytes() in elsewhere
        }
        return [
            replace(table, counts=table.counts.assign(is_told=_are_in(table, told)))
            for table in linked.tables
        ]

    def telling(self, tables: Sequence[CountTable], cells: Cells) -> list[np.ndarray]:
        """Per row of each table, whether it gives a few away beside the rest of the report."""
        shown = list(self._shown(cells))
        withheld = _beside(self.printed, [group for group, _ in shown], self.study.rule)
        places = {
            (self.names.get(level, level), sex)
            for (_, fallen), gone in zip(shown, withheld, strict=True)
            if gone
            for level, sex in fallen
        }
        return [_are_in(table, places) for table in tables]

    def told(self, cells: Cells) -> list[ToldGroups]:
        """Whom the released counts tell of."""
        return [ToldGroups((group,)) for group, _ in self._shown(cells)]

    def _shown(self, cells: Cells) -> Iterator[tuple[np.ndarray, tuple[Place, ...]]]:
        """Each printed number: of whom it is, and the cells to withhold if it may not be told."""
        for sex, chosen in sorted(self.sexes.items(), key=lambda entry: entry[0] != TOTAL):
            for levels, gone in self._numbers():
                if all(cells.get(level, {}).get(sex) is not None for level in levels):
                    group = np.logical_or.reduce([self.members[level] for level in levels])
                    yield group & chosen, tuple((level, sex) for level in gone)

    def _numbers(self) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
        """Levels that are added up to a printed number, and which of them it falls with."""
        single = [TOTAL, COMPLETE, INCOMPLETE, *AFTER]
        single += [level for level in self.members if ":" not in level and level not in single]
        for code in self.results:
            stage = {name: f"{code}:{name}" for name in STAGES}
            single += [stage[name] for name in (REACHED, NOT_REACHED, NO_INFORMATION, OPEN)]
            yield (stage[REACHED], stage[NOT_REACHED]), (stage[NOT_REACHED],)
            finished = [stage[name] for name in STAGES if name != ENROLLED]
            yield tuple(finished), (stage[NOT_REACHED], stage[ENROLLED])
            yield tuple(stage.values()), (stage[ENROLLED],)
        yield from (((level,), (level,)) for level in single if level in self.members)


def beside_others(
    study: Study,
    records: pd.DataFrame,
    divisions: Sequence[Division],
    *,
    printed: tuple[ToldGroups, ...],
    results: Sequence[str],
    names: Mapping[str, str],
) -> Beside:
    """The indicators of some records beside the other figures of the study."""
    everyone = study.persons.index.isin(records.index)
    members = {TOTAL: everyone}
    for division in divisions:
        for level in division.order:
            if not level.endswith(f":{REST}"):
                members[level] = _placed(everyone, division.levels == level)
    sex = records["sex"].to_numpy(dtype=object)
    sexes = {one: _placed(everyone, sex == one) for one in SEXES if (sex == one).any()}
    return Beside(study, printed, members, {**sexes, TOTAL: everyone}, tuple(results), names)


def counts_of_leavers(
    study: Study, left: pd.DataFrame, divisions: Sequence[Division], told: Sequence[ToldGroups]
) -> list[dict[str, int | None]]:
    """Those who have left by level of each division, released beside what is told of them."""
    printed, made = list(told), []
    everyone = study.persons.index.isin(left.index)
    for division in divisions:
        members = {level: _placed(everyone, division.levels == level) for level in division.order}
        members[TOTAL] = everyone
        counts = _released(study, division_table(division), members, printed)
        printed += [ToldGroups((members[level],)) for level, n in counts.items() if n is not None]
        made.append(counts)
    return made


def _released(
    study: Study,
    table: CountTable,
    members: Mapping[str, np.ndarray],
    printed: Sequence[ToldGroups],
) -> dict[str, int | None]:
    """The counts of a table by one column, released beside what is told of its levels."""
    levels = table.counts[table.dimensions[0]].astype(str).tolist()
    elsewhere = {group.tobytes() for figure in printed for group in figure.groups}
    is_told = [bool(members[one].any()) and members[one].tobytes() in elsewhere for one in levels]

    def telling(tables: Sequence[CountTable]) -> list[np.ndarray]:
        marks = ~tables[0].counts["is_withheld"].to_numpy(dtype=bool)
        groups = [members[level] for level, shown in zip(levels, marks, strict=True) if shown]
        marks[marks] = _beside(printed, groups, study.rule)
        return [marks]

    marked = replace(table, counts=table.counts.assign(is_told=is_told))
    (released,) = study.tables_through_door([marked], telling=telling).result
    return {
        level: None if pd.isna(n) else int(n)
        for level, n in zip(levels, released.counts["n"], strict=True)
    }


def _beside(
    printed: Sequence[ToldGroups], groups: Sequence[np.ndarray], rule: Rule
) -> tuple[bool, ...]:
    """Which of some groups would tell of a few beside what is printed and those before them."""
    figures = [*printed, *(ToldGroups((group,)) for group in groups)]
    return selections_to_withhold(figures, rule)[len(printed) :]


def _placed(everyone: np.ndarray, among: np.ndarray) -> np.ndarray:
    """Places among all persons of the register, of those among the records."""
    placed = np.zeros(len(everyone), dtype=bool)
    placed[everyone] = among
    return placed


def _are_in(table: CountTable, places: set[Place]) -> np.ndarray:
    """Whether each row is one of some places."""
    rows = zip(table.counts[DIMENSION], table.counts["sex"], strict=True)
    return np.array([row in places for row in rows])
