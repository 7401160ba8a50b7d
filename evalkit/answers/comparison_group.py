"""Participants beside persons who did not take part, made alike in what is known.

Every difference, how alike the groups are, and how well they overlap.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np

from evalkit.answers.comparison_persons import (
    OUTCOME,
    TREATED,
    ComparedPersons,
    compared_persons,
    specification,
)
from evalkit.answers.study import Study
from evalkit.results import (
    AdjustedComparison,
    Answer,
    Ask,
    Balance,
    CannotBeComputed,
    Derived,
    Estimate,
    EValue,
    FlowStep,
    Members,
    Overlap,
    PublicAnswer,
    Withheld,
)
from evalkit.results.answers import WITH, WITHOUT, counted
from evalkit.statistics.adjustment.balance_table import (
    CLASSES,
    balance_table,
    beyond_others,
    class_of,
    overlap,
)
from evalkit.statistics.adjustment.groups import compare_groups
from evalkit.statistics.adjustment.matching import CALIPER, nearest_pairs
from evalkit.statistics.adjustment.side_by_side import compared, e_value_of


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


def groups(study: Study) -> Iterator[Ask]:
    """Who is compared, and who was left out."""
    persons = compared_persons(study)  # says so where there is no comparison group
    found = study.intake.comparison
    if found is not None and found.also_participants:
        count = found.also_participants
        step = FlowStep(step="comparison_participant", count=count, unit="persons")
        others = counted(np.ones(persons.sizes[1], dtype=bool), population="comparison")
        yield Answer(id="comparison.also_participants", result=step, members=(others,))
    columns = {"used": persons.confounders, "filled": persons.filled, "constant": persons.constant}
    yield PublicAnswer(id="comparison.confounders", result=columns)
    yield Answer(id="comparison.flow", result=persons.flow, members=persons.by_step())


def differences(study: Study) -> Iterator[Ask]:
    """The difference by every method; how alike the groups are, and whether they overlap."""
    figures = comparison_figures(study)
    persons, everyone = figures.persons, np.zeros(len(figures.persons.rows), dtype=np.int64)
    both = persons.by_arm(everyone, [""])
    yield Answer(
        id="comparison.differences",
        result=figures.differences,
        members=(
            *persons.by_arm(figures.reached.astype(np.int64), (WITHOUT, WITH)),
            persons.by_arm(figures.matched.astype(np.int64), (WITHOUT, WITH))[0],
        ),
    )
    yield Answer(
        id="comparison.balance",
        result=figures.balance,
        members=(*both, *_by_confounder(figures)),
    )
    yield Answer(
        id="comparison.overlap",
        result=figures.overlap,
        members=(
            *persons.by_arm(figures.propensity, [str(k) for k in range(CLASSES)]),
            persons.by_arm(figures.beyond.astype(np.int64), (WITHOUT, WITH))[0],
        ),
    )
    yield Derived(id="comparison.e_value", of=("comparison.differences",), compute=_e_value)


def _by_confounder(figures: ComparisonFigures) -> Iterator[Members]:
    """Both groups by each confounder of the balance table."""
    persons = figures.persons
    for column in dict.fromkeys(row.column for row in figures.balance.rows):
        levels = persons.levels.get(column, [""])
        values = persons.frame[column].to_numpy(dtype=object)
        places = {level: i for i, level in enumerate(levels)} if len(levels) > 1 else {}
        cells = np.array([places.get(value, 0) for value in values], dtype=np.int64)
        yield from persons.by_arm(cells, levels)


def conclusions(study: Study) -> Iterator[Ask]:
    """The same, where they exist: what cannot be said holds without them."""
    with suppress(CannotBeComputed):
        yield from differences(study)


def _e_value(made: Any) -> EValue | Withheld:
    """The E-value of the released ratio."""
    if not isinstance(made, AdjustedComparison):
        return Withheld(measure="e_value", reason=made.reason)
    if not isinstance(made.ratio, Estimate):
        raise CannotBeComputed("ratio_undefined")
    return e_value_of(made.ratio)
