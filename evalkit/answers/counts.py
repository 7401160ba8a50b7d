"""Persons counted: tables by one column, shares of the whole register, how many there are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from evalkit.answers.given import OUTCOMES
from evalkit.answers.measures import (
    TOTAL,
    count_table,
    of_whom,
    outcome_counts,
    share_of,
    time_has_come,
)
from evalkit.answers.study import Study
from evalkit.results import Answer, CountTable, EstimateRow, FlowStep, Members
from evalkit.results.answers import by_level, counted, share_members

Denominator = Literal["participants", "exits"]
HEADLINE, QUESTION, OVER_TIME, SPLIT, FUNDER = range(5)


def persons_answer(study: Study) -> Answer[FlowStep]:
    """How many persons are analysed."""
    everyone = np.ones(len(study.persons), dtype=bool)
    step = FlowStep(step="persons_analysed", count=len(study.persons), unit="persons")
    return Answer(id="persons", result=step, members=(counted(everyone),), rank=HEADLINE)


def table_answer(study: Study, column: str) -> Answer[CountTable]:
    """Persons by one column."""
    table = count_table(study, column)
    levels = [str(level) for level in table.counts[column] if level != TOTAL]
    values = study.persons[column].replace("unknown", "").astype(str)
    named = values.where(values.isin(levels), "other_levels").to_numpy(dtype=object)
    rank = HEADLINE if column == "exit_class" else SPLIT
    return Answer(
        id=f"persons.{column}", result=table, members=(by_level(named, levels),), rank=rank
    )


def share_id(outcome: Sequence[str], denominator: str) -> str:
    """The id of a share of the whole register."""
    return f"share.{denominator}.{'+'.join(outcome)}"


def share_answer(
    study: Study, outcome: tuple[str, ...], denominator: Denominator
) -> Answer[EstimateRow]:
    """The share with an exit among ``outcome``, over the whole register."""
    persons = of_whom(study, {}, denominator)
    return share_asked(study, share_id(outcome, denominator), persons, outcome, HEADLINE)


def share_asked(
    study: Study, name: str, persons: pd.DataFrame, outcome: tuple[str, ...], rank: int
) -> Answer[EstimateRow]:
    """The share of some persons with an exit among ``outcome``, where exits are recorded."""
    result = share_of(outcome_counts(study, persons, outcome, status_column=None))
    members = (share_of_persons(study, persons, outcome),)
    return Answer(id=name, result=result, members=members, rank=rank, given=OUTCOMES)


def share_of_persons(
    study: Study,
    persons: pd.DataFrame,
    outcome: Sequence[str],
    *,
    status_column: str | None = None,
) -> Members:
    """Members of a share of chosen persons; those of unknown status are in no share."""
    status = study.persons[status_column or "exit_class"]
    known = ~status.isin(["", "unknown"] if status_column else [""])
    due = time_has_come(study, study.persons, status_column)
    chosen = study.persons.index.isin(persons.index) & due.to_numpy(dtype=bool)
    return share_members(
        chosen & known.to_numpy(dtype=bool),
        status.isin(list(outcome)).to_numpy(dtype=bool),
        unknown=chosen & ~known.to_numpy(dtype=bool),
    )
