"""A study's comparison group: every difference, how alike the groups are, how well they overlap."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evalkit.answers.comparison_persons import (
    OUTCOME,
    TREATED,
    ComparedPersons,
    compared_persons,
    specification,
)
from evalkit.answers.study import Study
from evalkit.results import AdjustedComparison, Balance, Overlap
from evalkit.statistics.adjustment.balance_table import (
    balance_table,
    beyond_others,
    class_of,
    overlap,
)
from evalkit.statistics.adjustment.groups import compare_groups
from evalkit.statistics.adjustment.matching import CALIPER, nearest_pairs
from evalkit.statistics.adjustment.side_by_side import compared


@dataclass(frozen=True, slots=True, eq=False)
class ComparisonFigures:
    """What a comparison gives, before the door.

    Attributes:
        reached, matched, propensity: ``(n,)`` of the persons: who has the outcome, who found a
            partner, and the class of the propensity; ``beyond``: who has nobody like them.
    """

    persons: ComparedPersons
    reached: np.ndarray
    matched: np.ndarray
    propensity: np.ndarray
    beyond: np.ndarray
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
    target = spec.estimand
    matched = np.zeros(len(frame), dtype=bool)
    matched[nearest_pairs(groups, caliper=CALIPER)[0]] = True
    return ComparisonFigures(
        persons=persons,
        reached=groups.outcome == 1,
        matched=matched,
        propensity=class_of(groups.propensity),
        beyond=beyond_others(groups),
        differences=compared(groups, target=target),
        balance=balance_table(
            frame,
            groups,
            confounders=persons.confounders,
            levels=persons.levels,
            target=target,
        ),
        overlap=overlap(groups, target=target),
    )
