"""The same exits by other funders' definitions, step by step, and before and after."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from evalkit.answers.counts import FUNDER
from evalkit.answers.esf_indicators import (
    codes_of,
    placed,
    region_parts,
    rows_of,
    study_records,
    tables,
    work_results,
)
from evalkit.answers.measures import Counted, share_of
from evalkit.answers.study import ONGOING, Study
from evalkit.results import (
    Answer,
    Ask,
    CannotBeComputed,
    Derived,
    Late,
    Members,
    PublicAnswer,
    Withheld,
)
from evalkit.results.answers import OUTSIDE, by_level, share_members
from evalkit.statistics.indicators.counts import TOTAL
from evalkit.statistics.indicators.definitions import Chain, CodeList, Measure
from evalkit.statistics.indicators.definitions import other_funders as definitions
from evalkit.statistics.indicators.other_funders import (
    Step,
    division_table,
    income_support,
    reconcile,
    situations,
    stage_persons,
)

__all__ = ["definitions"]


def reconciliation(study: Study) -> Iterator[Ask]:
    """Step by step from one share to the other: whom one definition counts and the next not."""
    yield from tables(study)
    everyone = study_records(study)
    smallest = 1 if study.purpose == "explore" else study.rule.threshold
    collected: dict[str, bool] = {}
    for chain in definitions().chains:
        shares = []
        for measure in chain.steps:
            persons = stage_persons(everyone, measure)
            collected[f"{chain.id}.{measure.id}"] = persons is not None
            if persons is None:
                continue
            members = share_members(*(placed(study, everyone, one) for one in persons))
            name = f"esf.{chain.id}.{measure.id}.exact"
            shares.append(name)
            without, with_result = (int(count) for count in members.counts)
            share = share_of(Counted(events=with_result, n=without + with_result))
            yield Answer(id=name, result=share, members=(members,), rank=FUNDER)
        told = partial(_by_change, tuple(name.split(".")[2] for name in shares))
        yield Derived(id=f"esf.{chain.id}.shares", of=tuple(shares), compute=told)
        make = partial(_steps, study, everyone, chain, smallest)
        _, parts = region_parts(everyone)
        yield Late(id=f"esf.{chain.id}", of=(*(f"esf.{part}" for part in parts), *shares),
                   make=partial(make, len(parts), tuple(shares)))  # fmt: skip
    yield PublicAnswer(id="esf.collected", result=collected)


def before_and_after(study: Study) -> Iterator[Ask]:
    """Employment and income support of those who have left, before and after."""
    everyone = study_records(study)
    left = everyone[everyone["exit_class"] != ONGOING]
    pairs = [("situation", situations(left))]
    support = income_support(left)
    if support is not None:
        pairs.append(("support_after", support))
    for dimension, divisions in pairs:
        for side, division in zip(("before", "after"), divisions, strict=True):
            levels = np.full(len(study.persons), None, dtype=object)
            levels[rows_of(study, left)] = division.levels
            yield Answer(
                id=f"esf.{dimension}.{side}",
                result=division_table(division),
                members=(by_level(levels, division.order),),
                rank=FUNDER,
            )


def _by_change(changes: Sequence[str], *shares: Any) -> dict[str, Any]:
    """Each definition's share as it was released by itself."""
    return dict(zip(changes, shares, strict=True))


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
        among, has = (placed(study, records, one) for one in persons)
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
