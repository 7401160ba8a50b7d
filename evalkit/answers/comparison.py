"""A study's comparison group: every difference, how alike the groups are, how well they overlap."""

from __future__ import annotations

from dataclasses import dataclass

from evalkit.answers.comparison_persons import (
    OUTCOME,
    TREATED,
    ComparedPersons,
    compared_persons,
    specification,
)
from evalkit.answers.study import Study
from evalkit.results import AdjustedComparison, Balance, Overlap
from evalkit.statistics.adjustment.balance_table import balance_table, overlap
from evalkit.statistics.adjustment.groups import compare_groups
from evalkit.statistics.adjustment.side_by_side import compared, exact_counts


@dataclass(frozen=True, slots=True, eq=False)
class ComparisonFigures:
    """What a comparison gives, before the door."""

    persons: ComparedPersons
    differences: AdjustedComparison
    balance: Balance
    overlap: Overlap


def comparison_figures(study: Study) -> ComparisonFigures:
    """Differences by every method, balance and overlap for the project's target.

    Raises:
        ProjectError, CannotBeComputed: See `compared_persons` and `compared`.
    """
    spec = specification(study)
    persons = compared_persons(study)
    frame = persons.frame
    groups = compare_groups(
        frame,
        outcome=OUTCOME,
        treatment=TREATED,
        covariates=persons.covariates,
        levels=persons.levels,
    )
    target, members = spec.estimand, persons.members
    counts = study.protected_shares(exact_counts(groups), members=members)
    return ComparisonFigures(
        persons=persons,
        differences=compared(groups, target=target, counts=counts, members=members),
        balance=balance_table(
            frame,
            groups,
            confounders=persons.confounders,
            levels=persons.levels,
            target=target,
            members=members,
        ),
        overlap=overlap(groups, target=target, members=members),
    )
