"""The Social Fund's common indicators, and the same exits by other funders' definitions.

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
from evalkit.answers.measures import Counted, share_of
from evalkit.answers.participants import ends_unknown_answer
from evalkit.answers.study import ONGOING, Study
from evalkit.results import (
    Answer,
    Ask,
    CannotBeComputed,
    CountTable,
    Derived,
    Late,
    Members,
    PublicAnswer,
    Withheld,
)
from evalkit.results.answers import OUTSIDE, by_level, share_members
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
    Chain,
    CodeList,
    Indicator,
    Measure,
    code_list,
    other_funders,
)
from evalkit.statistics.indicators.other_funders import (
    Step,
    division_table,
    income_support,
    reconcile,
    situations,
    stage_persons,
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
    records, codes = _records(study), codes_of(study.project)
    categories, parts = _parts(records)
    yield PublicAnswer(id="esf.regions", result=tuple(categories))
    yield PublicAnswer(id="esf.parts", result=tuple(parts))
    yield ends_unknown_answer(study)
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
    everyone, codes = _records(study), codes_of(study.project)
    chosen = _placed(study, everyone, np.ones(len(everyone), dtype=bool))
    for name, shares in (
        ("lost", lost_records(everyone, codes)),
        ("refused", refused_records(everyone, codes)),
    ):
        yield PublicAnswer(id=f"esf.{name}", result=tuple(variable for variable, _ in shares))
        for variable, share in shares:
            lacks = is_missing(everyone, variable)
            if name == "refused":
                lacks = lacks | (everyone[variable] == "refused").to_numpy()
            members = share_members(chosen, _placed(study, everyone, lacks))
            yield Answer(id=f"esf.{name}.{variable}", result=share, members=(members,))


def not_followed_up(study: Study) -> Iterator[Ask]:
    """Those whose situation six months after leaving nobody knows, and what they could change."""
    yield from tables(study)
    codes, everyone = codes_of(study.project), _records(study)
    indicator = work_results(codes)["longer_term_result"]
    if not is_told(indicator, everyone):
        return
    for part in _parts(everyone)[1]:
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


def reconciliation(study: Study) -> Iterator[Ask]:
    """Step by step from one share to the other: whom one definition counts and the next not."""
    yield from tables(study)
    everyone = _records(study)
    smallest = 1 if study.purpose == "explore" else study.rule.threshold
    collected: dict[str, bool] = {}
    for chain in other_funders().chains:
        shares = []
        for measure in chain.steps:
            persons = stage_persons(everyone, measure)
            collected[f"{chain.id}.{measure.id}"] = persons is not None
            if persons is None:
                continue
            members = share_members(*(_placed(study, everyone, one) for one in persons))
            name = f"esf.{chain.id}.{measure.id}.exact"
            shares.append(name)
            without, with_result = (int(count) for count in members.counts)
            share = share_of(Counted(events=with_result, n=without + with_result))
            yield Answer(id=name, result=share, members=(members,), rank=FUNDER)
        make = partial(_steps, study, everyone, chain, smallest)
        _, parts = _parts(everyone)
        yield Late(id=f"esf.{chain.id}", of=(*(f"esf.{part}" for part in parts), *shares),
                   make=partial(make, len(parts), tuple(shares)))  # fmt: skip
    yield PublicAnswer(id="esf.collected", result=collected)


def before_and_after(study: Study) -> Iterator[Ask]:
    """Employment and income support of those who have left, before and after."""
    everyone = _records(study)
    left = everyone[everyone["exit_class"] != ONGOING]
    pairs = [("situation", situations(left))]
    support = income_support(left)
    if support is not None:
        pairs.append(("support_after", support))
    for dimension, divisions in pairs:
        for side, division in zip(("before", "after"), divisions, strict=True):
            levels = np.full(len(study.persons), None, dtype=object)
            levels[_rows(study, left)] = division.levels
            yield Answer(
                id=f"esf.{dimension}.{side}",
                result=division_table(division),
                members=(by_level(levels, division.order),),
                rank=FUNDER,
            )


def validation(study: Study) -> Iterator[Ask]:
    """The validation tests and their outcomes; counts are exact, and only the outcome leaves."""
    found = validations(_records(study), codes_of(study.project))
    tests = tuple((str(one.check), str(one.formula), str(one.verdict)) for one in found)
    yield PublicAnswer(id="esf.validation", result=tests)


def _records(study: Study) -> pd.DataFrame:
    project = study.project
    return records_of(
        study.persons,
        study.intake.events,
        codes_of(project),
        data_cut=project.data_cut,
        own_result=project.outcomes.positive,
        region_category=project.indicators.region_category,
        regions=project.indicators.regions,
        follow_up=project.indicators.follow_up,
    )


def _parts(records: pd.DataFrame) -> tuple[list[str], list[str]]:
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
    cells[_rows(study, records)] = [
        place.get((level, one), OUTSIDE) for level, one in zip(named, sex, strict=True)
    ]
    # Who lacks a required item is incomplete, whatever the data say.
    lacking = {linked.names[level] for level in WITHOUT_ITEMS if level in linked.names}
    required = "sex" in codes_of(study.project).required
    impossible = frozenset(
        i for (level, one), i in place.items() if required and not one and level not in lacking
    )
    return Members(cells=cells, keys=tuple(place), impossible=impossible)


def _rows(study: Study, records: pd.DataFrame) -> np.ndarray:
    rows: np.ndarray = study.persons.index.get_indexer(records.index)
    return rows


def _placed(study: Study, records: pd.DataFrame, among: np.ndarray) -> np.ndarray:
    placed = np.zeros(len(study.persons), dtype=bool)
    placed[_rows(study, records)] = among
    return placed


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


def _steps(
    study: Study,
    records: pd.DataFrame,
    chain: Chain,
    smallest: int,
    parts: int,
    names: tuple[str, ...],
    *released: Any,
) -> Answer[Any]:
    """The steps that may be shown, each with its moves and share."""
    figures, shares = released[:parts], dict(zip(names, released[parts:], strict=True))
    hidden = {
        measure.id
        for measure in chain.steps
        if isinstance(shares.get(f"esf.{chain.id}.{measure.id}.exact"), Withheld)
        or not all(_may_print(one, measure, codes_of(study.project)) for one in figures)
    }
    if chain.steps[0].id in hidden:
        raise CannotBeComputed("withheld")
    steps = reconcile(records, chain.steps, smallest_move=smallest, hidden=hidden)
    shown = tuple(
        {"changes": step.changes, "moves": tuple(step.moves), "share": step.estimate}
        for step in steps
    )
    return Answer(id=f"esf.{chain.id}", result=shown, members=_moved(study, records, chain, steps))


def _moved(
    study: Study, records: pd.DataFrame, chain: Chain, steps: Sequence[Step]
) -> tuple[Members, ...]:
    """The persons of each step's share, and those each change moves."""
    by_id = {measure.id: measure for measure in chain.steps}
    found: list[Members] = []
    before: tuple[np.ndarray, np.ndarray] | None = None
    for step in steps:
        persons = stage_persons(records, by_id[step.changes[-1]])
        assert persons is not None  # a step is of what the register can tell
        among, has = (_placed(study, records, one) for one in persons)
        found.append(share_members(among, has))
        if before is not None:
            for then, now in zip(before, (among, has), strict=True):
                cells = np.where(then & ~now, 0, np.where(~then & now, 1, OUTSIDE))
                found.append(Members(cells=cells, keys=(("left",), ("joined",))))
        before = among, has
    return tuple(found)


def _may_print(figures: dict[str, Any], step: Measure, codes: CodeList) -> bool:
    """Whether the result table shows the number of persons that the step is of."""
    if step.prints is None:
        return True
    found = figures["results"].get(work_results(codes)[step.prints].code, {}).get(TOTAL)
    return found is not None and found["counts"]["observed"] is not None
