"""The regression of time to the outcome on what was known at entry, for a study."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from evalkit.answers.study import Study
from evalkit.results import NotComputed, Regression
from evalkit.statistics.regression.fine_gray import fine_gray

# As many outcomes per coefficient as a model must have to be worth printing
# (Peduzzi et al. 1996, J Clin Epidemiol 49:1373).
EVENTS_PER_COEFFICIENT = 10


@dataclass(frozen=True, slots=True)
class TimeModel:
    """A fitted model and the reference level of each column.

    Attributes:
        chosen: ``(n,)`` whom it rests on. ``reached``: who of everybody has the outcome.
    """

    regression: Regression | NotComputed
    references: dict[str, str]
    chosen: np.ndarray
    reached: np.ndarray


def time_model(study: Study) -> TimeModel:
    """Fine and Gray's model of the outcome of interest on the project's groupings and age.

    The largest level of each grouping is the reference. Persons with a missing value are
    left out and counted. There is none, ``too_few_events``, below ten outcomes per coefficient;
    nor, ``one_group``, when everybody is alike.
    """
    wanted = [*study.groupings, *_ages(study.persons), "days", "exit_class"]
    known = study.persons[wanted].replace("unknown", pd.NA)
    complete = known.replace("", pd.NA).dropna().astype({"days": "int64"})
    groupings = [c for c in study.groupings if complete[c].nunique() > 1]
    levels = {column: by_size(complete[column]) for column in groupings}
    covariates = [*groupings, *_ages(complete)]
    columns = sum(len(found) - 1 for found in levels.values()) + len(covariates) - len(groupings)
    interest = next(iter(study.project.outcomes.causes))
    cause = study.cause_codes(complete["exit_class"])
    events = int((cause == 1).sum())
    regression: Regression | NotComputed
    if not columns:
        regression = NotComputed(reason="one_group", facts={"measure": "fine_gray"})
    elif events < EVENTS_PER_COEFFICIENT * columns:
        regression = NotComputed(reason="too_few_events", facts={"measure": "fine_gray"})
    else:
        regression = fine_gray(
            complete.assign(**{interest: cause}),
            days="days",
            cause=interest,
            cause_of_interest=1,
            covariates=covariates,
            levels=levels,
        )
    references = {column: found[0] for column, found in levels.items()}
    chosen = study.persons.index.isin(complete.index)
    reached = study.cause_codes(study.persons["exit_class"]) == 1
    return TimeModel(regression, references, chosen, reached)


def _ages(persons: pd.DataFrame) -> list[str]:
    column = "age_at_entry"
    has_ages = column in persons.columns and persons[column].notna().any()
    return [column] if has_ages else []


def by_size(values: pd.Series[str]) -> list[str]:
    """Levels, the largest first; equal ones in name order, so that reports repeat."""
    sizes = values.value_counts()
    return sorted(sizes.index, key=lambda level: (-sizes[level], level))
