"""The figures that claims and targets are judged by: a target's share, a mean of days."""

from __future__ import annotations

from functools import partial

import numpy as np

from evalkit.answers.asking import judged
from evalkit.answers.counts import QUESTION, share_of_persons
from evalkit.answers.given import OUTCOMES
from evalkit.answers.measures import of_whom, target_counts, target_persons
from evalkit.answers.study import Study
from evalkit.project import Claim, Target
from evalkit.results import Answer, CannotBeComputed, EstimateRow, NotEstimable, TargetVerdict
from evalkit.results.answers import counted, share_members
from evalkit.statistics.means import mean_days
from evalkit.statistics.shares.targets import target_verdict


def target_answer(study: Study, target: Target) -> Answer[TargetVerdict | NotEstimable]:
    """The verdict of a target, or why there is none."""
    found = target_counts(study, target)
    result: TargetVerdict | NotEstimable
    try:
        result = target_verdict(events=found.events, n=found.n, goal=target.goal)
    except CannotBeComputed as error:
        result = NotEstimable(measure="share", reason=error.reason, n=found.n)
    persons = target_persons(study, target)
    members = share_of_persons(study, persons, target.outcome, status_column=target.status_column)
    return Answer(
        id=f"target.{target.id}",
        result=result,
        members=(members,),
        rank=QUESTION,
        given=OUTCOMES if target.status_column is None else "",
    )


def mean_answer(
    study: Study, name: str, left: np.ndarray, chosen: np.ndarray
) -> Answer[EstimateRow]:
    # How many have left is disclosed beside the mean, and with it how many are enrolled.
    members = (counted(left), share_members(chosen, left))
    days = study.persons.loc[left, "days"].dropna()
    return judged(name, members, partial(mean_days, days), measure="mean_days", rank=QUESTION)


def mean_of_others(study: Study, claim: Claim) -> Answer[EstimateRow]:
    """The mean days of those whom a claim's mean is set beside."""
    assert claim.days is not None
    left, chosen = (
        study.persons.index.isin(of_whom(study, claim.days.beside, denominator).index)
        for denominator in ("exits", "participants")
    )
    return mean_answer(study, f"claim.{claim.id}.beside", left, chosen)
