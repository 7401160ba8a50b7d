"""The Social Fund's common indicators.

All tables divide the same persons, so they are one answer. Started, finished, observed and
every share are then worked out from released cells alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from evalkit.answers.counts import FUNDER
from evalkit.answers.follow_up import follow_up_answers
from evalkit.answers.followed_persons import indicator_follow_up
from evalkit.answers.given import ENDS, GATES
from evalkit.answers.study import Study
from evalkit.results import (
    Answer,
    Ask,
    CannotBeComputed,
    CountTable,
    Derived,
    Members,
    PublicAnswer,
)
from evalkit.results.answers import OUTSIDE, share_members
from evalkit.statistics.indicators.counts import (
    DIMENSION,
    SEXES,
    TOTAL,
    WITHOUT_ITEMS,
    Division,
    LinkedTables,
    is_told,
    leaving_divisions,
    linked_tables,
    lost_records,
    not_collected,
    output_divisions,
    record_division,
    refused_records,
)
from evalkit.statistics.indicators.definitions import (
    RESULTS,
    CodeList,
    Indicator,
    code_list,
    other_funders,
)
from evalkit.statistics.indicators.outcomes import (
    AFTER,
    OutcomeCounts,
    after_leaving_division,
    outcome_counts,
    outcome_division,
    validations,
)
from evalkit.statistics.indicators.records import is_missing, records_of

__all__ = ["AFTER", "CodeList", "Indicator", "codes_of", "other_funders", "work_results"]

Counts = dict[str, int | None]
COUNTED = ("started", "finished", "not_yet_observable", "no_information", "observed", "reached")


def codes_of(project: Any) -> CodeList:
    """The code list of the project's programme; the project file is refused without one."""
    assert project.code_list is not None
    return code_list(project.code_list)


def work_results(codes: CodeList) -> dict[str, Indicator]:
    """The codes for being in work upon leaving and six months after, by kind."""
    wanted = {"EECR04", "EECR05"} if codes.id == "esf_plus_2021_2027" else {"CR04", "CR06"}
    return {str(one.kind): one for one in codes.indicators if one.code in wanted}


def tables(study: Study) -> Iterator[Ask]:
    """The indicator tables: one answer for all records, or one per category of region."""
    records, codes = study_records(study), codes_of(study.project)
    categories, parts = region_parts(records)
    yield PublicAnswer(id="esf.regions", result=tuple(categories))
    yield PublicAnswer(id="esf.parts", result=tuple(parts))
    yield from GATES[ENDS](study)
    for part in parts:
        own = records[records["region_category"] == part] if part else records
        linked, divisions = _linked(own, codes)
        members = tuple(_members(study, own, division, linked) for division in divisions)
        exact = f"esf.{part}.exact"
        yield Answer(id=exact, result=linked.tables, members=members, rank=FUNDER)
        absent = {
            kind: not_collected(own, codes.of_kind(kind))
            for kind in ("output", "immediate_result", "longer_term_result")
        }
        yield PublicAnswer(id=f"esf.{part}.absent", result=absent)
        figures = partial(_figures, names=linked.names, codes=codes)
        yield Derived(id=f"esf.{part}", of=(exact,), compute=figures)


def records(study: Study) -> Iterator[Ask]:
    """How many records there are, how many count, and what the others lack."""
    yield from tables(study)
    everyone, codes = study_records(study), codes_of(study.project)
    chosen = placed(study, everyone, np.ones(len(everyone), dtype=bool))
    for name, shares in (
        ("lost", lost_records(everyone, codes)),
        ("refused", refused_records(everyone, codes)),
    ):
        yield PublicAnswer(id=f"esf.{name}", result=tuple(variable for variable, _ in shares))
        for variable, share in shares:
            lacks = is_missing(everyone, variable)
            if name == "refused":
                lacks = lacks | (everyone[variable] == "refused").to_numpy()
            members = share_members(chosen, placed(study, everyone, lacks))
            yield Answer(id=f"esf.{name}.{variable}", result=share, members=(members,))


def not_followed_up(study: Study) -> Iterator[Ask]:
    """Those whose situation six months after leaving nobody knows, and what they could change."""
    yield from tables(study)
    codes, everyone = codes_of(study.project), study_records(study)
    indicator = work_results(codes)["longer_term_result"]
    if not is_told(indicator, everyone):
        return
    for part in region_parts(everyone)[1]:
        own = everyone[everyone["region_category"] == part] if part else everyone
        try:
            found = indicator_follow_up(own, indicator)
            yield from follow_up_answers(
                study,
                found,
                of=f"{indicator.code}{part}",
                missing=study.project.indicators.missing,
            )
        except CannotBeComputed:
            continue


def validation(study: Study) -> Iterator[Ask]:
    """The validation tests and their outcomes; counts are exact, and only the outcome leaves."""
    found = validations(study_records(study), codes_of(study.project))
    tests = tuple((str(one.check), str(one.formula), str(one.verdict)) for one in found)
    yield PublicAnswer(id="esf.validation", result=tests)


def study_records(study: Study) -> pd.DataFrame:
    """One record per participant, as the indicators count them."""
    project = study.project
    spec, kind = project.follow_up, project.indicators.follow_up
    return records_of(
        study.persons,
        study.intake.events,
        codes_of(project),
        data_cut=project.data_cut,
        own_result=project.outcomes.positive,
        region_category=project.indicators.region_category,
        regions=project.indicators.regions,
        follow_up=kind or (spec.kind if spec else "changes"),
        slack_days=spec.slack_days if spec else 0,
    )


def region_parts(records: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Categories of region, and the parts to count: one without a name where there is one."""
    categories = sorted(records["region_category"].unique())
    return categories, [""] if len(categories) == 1 else categories


def _linked(records: pd.DataFrame, codes: CodeList) -> tuple[LinkedTables, Sequence[Division]]:
    results = [one for one in codes.of_kind(*RESULTS) if is_told(one, records)]
    after = after_leaving_division(records)
    divisions = [
        record_division(records),
        *output_divisions(records, codes).values(),
        *(outcome_division(records, one) for one in results),
        after,
        *leaving_divisions(records, after),
    ]
    return linked_tables(records, divisions), divisions


def _members(
    study: Study, records: pd.DataFrame, division: Division, linked: LinkedTables
) -> Members:
    """Which level and sex of a table each person falls in."""
    sex = records["sex"].to_numpy(dtype=object)
    sexes = [one for one in SEXES if one in ("woman", "man") or (sex == one).any()]
    levels = list(dict.fromkeys(linked.names[level] for level in division.order))
    place = {(level, one): i * len(sexes) + j
             for i, level in enumerate(levels) for j, one in enumerate(sexes)}  # fmt: skip
    cells = np.full(len(study.persons), OUTSIDE, dtype=np.int64)
    named = [linked.names[level] for level in division.levels.tolist()]
    cells[rows_of(study, records)] = [
        place.get((level, one), OUTSIDE) for level, one in zip(named, sex, strict=True)
    ]
    # Who lacks a required item is incomplete, whatever the data say.
    lacking = {linked.names[level] for level in WITHOUT_ITEMS if level in linked.names}
    required = "sex" in codes_of(study.project).required
    impossible = frozenset(
        i for (level, one), i in place.items() if required and not one and level not in lacking
    )
    return Members(cells=cells, keys=tuple(place), impossible=impossible)


def rows_of(study: Study, records: pd.DataFrame) -> np.ndarray:
    """The place of each record among the participants."""
    rows: np.ndarray = study.persons.index.get_indexer(records.index)
    return rows


def placed(study: Study, records: pd.DataFrame, among: np.ndarray) -> np.ndarray:
    """Which participants are among those marked in the records."""
    found = np.zeros(len(study.persons), dtype=bool)
    found[rows_of(study, records)] = among
    return found


def _figures(
    released: tuple[CountTable, ...], *, names: dict[str, str], codes: CodeList
) -> dict[str, Any]:
    """Levels, outputs and results by sex, from released cells; withheld ones are ``None``."""
    cells = _cells(released)
    cells |= {level: cells[name] for level, name in names.items()}
    outputs = {
        one.code: _output(cells, one) for one in codes.of_kind("output") if one.rule is not None
    }
    results = {
        one.code: {
            sex: _result(counts)
            for sex in (TOTAL, *SEXES[:3])
            if (counts := _outcome(cells, one, sex)) is not None
        }
        for one in codes.of_kind(*RESULTS)
    }
    shown = {level: counts for level, counts in cells.items() if _is_printed(level)}
    return {"levels": shown, "outputs": outputs, "results": results}


def _is_printed(level: str) -> bool:
    return level in (TOTAL, "complete", "incomplete") or level.startswith("after:")


def _cells(tables: Sequence[CountTable]) -> dict[str, Counts]:
    """Level → sex → count; what any table withholds is withheld."""
    cells: dict[str, Counts] = {}
    for table in tables:
        frame = table.counts
        for level, sex, n in zip(frame[DIMENSION], frame["sex"], frame["n"], strict=True):
            counts = cells.setdefault(str(level), {})
            is_withheld = pd.isna(n) or counts.get(str(sex), 0) is None
            counts[str(sex)] = None if is_withheld else int(n)
    return cells


def _output(cells: dict[str, Counts], indicator: Indicator) -> Counts:
    """Counts of an output code by sex, empty where nothing is recorded.

    A row on a special category is withheld where all or none of a sex have it.
    """
    counts = cells.get(TOTAL if indicator.counts_incomplete else indicator.code, {})
    whole = cells.get("complete", {})
    if indicator.is_sensitive and any(
        count is not None and count in (0, whole.get(sex)) for sex, count in counts.items()
    ):
        return dict.fromkeys(counts)
    return counts


def _outcome(cells: dict[str, Counts], indicator: Indicator, sex: str) -> OutcomeCounts | None:
    """Counts of a result, or nothing for a sex nobody has and a result nobody records."""
    levels = {level: counts[sex] for level, counts in cells.items() if sex in counts}
    if f"{indicator.code}:reached" not in levels:
        return None
    return outcome_counts(levels, indicator.code)


def _result(counts: OutcomeCounts) -> dict[str, Any]:
    return {"counts": {name: getattr(counts, name) for name in COUNTED}, "share": counts.share()}
