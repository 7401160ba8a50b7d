"""The indicator tables of a study, released together: one release for the whole chapter.

All tables divide the same persons, so they are linked; the door judges them as one. Started,
finished, observed and every share are then worked out from released cells alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from evalkit.answers.indicator_places import beside_others
from evalkit.answers.selections import printed_groups
from evalkit.disclosure.selections import ToldGroups
from evalkit.results import CountTable
from evalkit.statistics.indicators.counts import (
    DIMENSION,
    TOTAL,
    LinkedTables,
    is_told,
    leaving_divisions,
    linked_tables,
    output_divisions,
    record_division,
)
from evalkit.statistics.indicators.definitions import RESULTS, CodeList, Indicator, code_list
from evalkit.statistics.indicators.outcomes import (
    OutcomeCounts,
    after_leaving_division,
    outcome_counts,
    outcome_division,
)
from evalkit.statistics.indicators.records import records_of

if TYPE_CHECKING:
    from evalkit.answers.study import Study

Counts = dict[str, int | None]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IndicatorFigures:
    """The records of one category of region, or of all, and their released counts.

    Attributes:
        category: Category of region; empty where the project has only one.
        cells: Level → sex → released count, ``None`` where withheld.
        told: Whom these counts and the report's other figures tell of.
    """

    category: str
    codes: CodeList
    records: pd.DataFrame
    cells: dict[str, Counts]
    notes: tuple[str, ...]
    told: tuple[ToldGroups, ...]

    def by_sex(self, level: str) -> Counts:
        """Counts of a level by sex; empty where the register cannot tell it."""
        return self.cells.get(level, {})

    def output(self, indicator: Indicator) -> Counts:
        """Counts of an output code by sex, empty where nothing is recorded.

        A row on a special category is withheld where all or none of a sex have it.
        """
        counts = self.by_sex(TOTAL if indicator.counts_incomplete else indicator.code)
        whole = self.by_sex("complete")
        if indicator.is_sensitive and any(
            count is not None and count in (0, whole.get(sex)) for sex, count in counts.items()
        ):
            return dict.fromkeys(counts)
        return counts

    def outcome(self, indicator: Indicator, sex: str = TOTAL) -> OutcomeCounts | None:
        """Counts of a result, or nothing for a sex nobody has and a result nobody records."""
        levels = {level: counts[sex] for level, counts in self.cells.items() if sex in counts}
        if f"{indicator.code}:reached" not in levels:
            return None
        return outcome_counts(levels, indicator.code)


def indicator_figures(study: Study) -> tuple[IndicatorFigures, ...]:
    """The figures of all records, or per category of region where there are several."""
    project = study.project
    assert project.code_list is not None  # the project file is refused without one
    codes = code_list(project.code_list)
    records = records_of(
        study.persons,
        study.intake.events,
        codes,
        data_cut=project.data_cut,
        own_result=project.outcomes.positive,
        region_category=project.indicators.region_category,
        regions=project.indicators.regions,
        follow_up=project.indicators.follow_up,
    )
    categories = sorted(records["region_category"].unique())
    if len(categories) == 1:
        return (_figures(study, codes, records, "", told=_elsewhere(study)),)
    made: list[IndicatorFigures] = []
    for category in categories:
        own = records[records["region_category"] == category]
        told = made[-1].told if made else _elsewhere(study)
        made.append(_figures(study, codes, own, category, told=told))
    return tuple(made)


def _elsewhere(study: Study) -> tuple[ToldGroups, ...]:
    return tuple(printed_groups(study)) if study.purpose == "release" else ()


def _figures(
    study: Study,
    codes: CodeList,
    records: pd.DataFrame,
    category: str,
    *,
    told: tuple[ToldGroups, ...],
) -> IndicatorFigures:
    results = [one for one in codes.of_kind(*RESULTS) if is_told(one, records)]
    after = after_leaving_division(records)
    divisions = [
        record_division(records),
        *output_divisions(records, codes).values(),
        *(outcome_division(records, one) for one in results),
        after,
        *leaving_divisions(records, after),
    ]
    linked = linked_tables(records, divisions)
    beside = beside_others(
        study,
        records,
        divisions,
        printed=told,
        results=[one.code for one in results],
        names=linked.names,
    )
    released = study.tables_through_door(
        beside.marked(linked),
        telling=lambda tables: beside.telling(tables, _named(tables, linked)),
    )
    cells = _named(released.result, linked)
    return IndicatorFigures(
        category=category,
        codes=codes,
        records=records,
        cells=cells,
        notes=released.notes,
        told=(*told, *beside.told(cells)),
    )


def _named(tables: Sequence[CountTable], linked: LinkedTables) -> dict[str, Counts]:
    """Counts also by the names of levels that are of the same persons as another."""
    cells = _cells(tables)
    return {**cells, **{level: cells[name] for level, name in linked.names.items()}}


def _cells(tables: Sequence[CountTable]) -> dict[str, Counts]:
    """Level → sex → count; what any table withholds is withheld."""
    cells: dict[str, Counts] = {}
    for table in tables:
        frame = table.counts
        for level, sex, n in zip(frame[DIMENSION], frame["sex"], frame["n"], strict=True):
            counts = cells.setdefault(str(level), {})
            counts[str(sex)] = None if counts.get(str(sex), 0) is None else _known(n)
    return cells


def _known(n: Any) -> int | None:
    return None if pd.isna(n) else int(n)
