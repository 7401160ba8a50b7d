"""Participants beside persons who did not take part, made alike in what is known."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import numpy as np

from evalkit.answers.comparison import comparison_figures
from evalkit.answers.comparison_persons import compared_persons, specification
from evalkit.answers.study import Study
from evalkit.results import (
    AdjustedComparison,
    Answer,
    Ask,
    CannotBeComputed,
    Derived,
    Estimate,
    EValue,
    FlowStep,
    Members,
    PublicAnswer,
    Withheld,
)
from evalkit.results.answers import counted
from evalkit.statistics.adjustment.sensitivity import e_value_of


def groups(study: Study) -> Iterator[Ask]:
    """Who is compared, and who was left out."""
    both = _both(study)  # says so where there is no comparison group
    found = study.intake.comparison
    if found is not None and found.also_participants:
        count = found.also_participants
        step = FlowStep(step="comparison_participant", count=count, unit="persons")
        yield Answer(id="comparison.also_participants", result=step, members=both[1:])
    persons = compared_persons(study)
    columns = {"used": persons.confounders, "filled": persons.filled, "constant": persons.constant}
    yield PublicAnswer(id="comparison.confounders", result=columns)
    yield Answer(id="comparison.flow", result=persons.flow, members=both)


def differences(study: Study) -> Iterator[Ask]:
    """The difference by every method; how alike the groups are, and whether they overlap."""
    figures, both = comparison_figures(study), _both(study)
    yield Answer(id="comparison.differences", result=figures.differences, members=both)
    yield Answer(id="comparison.balance", result=figures.balance, members=both)
    yield Answer(id="comparison.overlap", result=figures.overlap, members=both)
    yield Derived(id="comparison.e_value", of=("comparison.differences",), compute=_e_value)


def conclusions(study: Study) -> Iterator[Ask]:
    """The same, where they exist: what cannot be said holds without them."""
    with suppress(CannotBeComputed):
        yield from differences(study)


def _both(study: Study) -> tuple[Members, Members]:
    """All persons of both groups: nearly all are compared, and every count is rounded."""
    specification(study)
    if study.intake.comparison is None:
        raise CannotBeComputed("no_comparison_group")
    others = len(study.intake.comparison.persons)
    return (
        counted(np.ones(len(study.persons), dtype=bool)),
        counted(np.ones(others, dtype=bool), population="comparison"),
    )


def _e_value(made: Any) -> EValue | Withheld:
    """The E-value of the released ratio."""
    if not isinstance(made, AdjustedComparison):
        return Withheld(measure="e_value", reason=made.reason)
    if not isinstance(made.ratio, Estimate):
        raise CannotBeComputed("ratio_undefined")
    return e_value_of(made.ratio)
