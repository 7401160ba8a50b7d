"""Work with and without a subsidy: a subsidy is limited in time, so the two are told apart."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from evalkit.answers.counts import QUESTION, Denominator
from evalkit.answers.given import OUTCOMES
from evalkit.answers.measures import TOTAL, Counted, is_known, of_whom, share_of
from evalkit.answers.study import Study
from evalkit.results import Answer, Ask, CountTable, Derived
from evalkit.results.answers import by_level, share_members

WORK = "employment"
KINDS = ("unsubsidised", "subsidised")
UNRECORDED = "subsidy_unrecorded"
_NO = "no"  # the codebook's word


def is_recorded(study: Study) -> bool:
    """Whether the register says of anybody who went to work if the job was subsidised."""
    return "subsidy" in study.persons and bool(np.isin(_kinds(study), KINDS).any())


def work(study: Study) -> Iterator[Ask]:
    """Those who went to work, by whether the job was subsidised; nothing where that is unknown."""
    if not is_recorded(study):
        return
    kinds = _kinds(study)
    levels = [kind for kind in (*KINDS, UNRECORDED) if (kinds == kind).any()]
    rows = [(kind, int((kinds == kind).sum()), False) for kind in levels]
    rows.append((TOTAL, int((kinds != "").sum()), True))
    table, members = CountTable.of(rows, "subsidised_work"), by_level(kinds, levels)
    yield Answer(id="work.subsidy", result=table, members=(members,), rank=QUESTION)


def exits(study: Study) -> Iterator[Ask]:
    """The exits, those to work divided where that may be shown."""
    yield from work(study)
    if is_recorded(study):
        of = ("persons.exit_class", "work.subsidy")
        yield Derived(id="exits.divided", of=of, compute=divided)


def shares(study: Study, denominator: Denominator) -> Iterator[Ask]:
    """The shares gone to work without and with a subsidy, where that is known of all of them."""
    if WORK not in study.project.outcomes.positive or not is_recorded(study):
        return
    kinds = _kinds(study)
    chosen = study.persons.index.isin(of_whom(study, {}, denominator).index)
    if (kinds == UNRECORDED).any():
        return
    for kind in KINDS:
        events = int((kinds[chosen] == kind).sum())
        yield Answer(
            id=share_id(kind, denominator),
            result=share_of(Counted(events=events, n=int(chosen.sum()))),
            members=(share_members(chosen, kinds == kind),),
            rank=QUESTION,
            given=OUTCOMES,
        )


def share_id(kind: str, denominator: Denominator) -> str:
    """The id of the share gone to work with or without a subsidy."""
    return f"share.{denominator}.{kind}"


def divided(exits: CountTable, by_subsidy: CountTable) -> CountTable:
    """The table of exits with work in its parts; as it was where a part is withheld."""
    parts = by_subsidy.counts[~by_subsidy.counts["is_margin"]]
    place = exits.counts.index[exits.counts["exit_class"] == WORK]
    if parts.empty or parts["is_withheld"].any() or len(place) != 1:
        return exits
    own = parts.rename(columns={"subsidised_work": "exit_class"})
    own = own.assign(exit_class=f"{WORK}_" + own["exit_class"])
    before, after = exits.counts.loc[: place[0] - 1], exits.counts.loc[place[0] + 1 :]
    counts = pd.concat([before, own[exits.counts.columns], after], ignore_index=True)
    return CountTable(counts=counts, dimensions=exits.dimensions)


def _kinds(study: Study) -> np.ndarray:
    """Of everybody: how they work, empty for those who left for something else or are there."""
    persons = study.persons
    subsidy = persons["subsidy"]
    kind = np.where(subsidy == _NO, *KINDS)
    kind = np.where(is_known(subsidy), kind, UNRECORDED)
    return np.where(persons["exit_class"] == WORK, kind, "")
