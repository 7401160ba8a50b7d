"""Whom a follow-up reached: counts for the extremes, and the persons that imputation rests on.

Three kinds of persons are kept apart: whose time has not come (told, never counted), who was
followed up, and who was not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from evalkit.answers.measures import is_known, target_persons, time_has_come
from evalkit.answers.models import EVENTS_PER_COEFFICIENT, by_size
from evalkit.answers.study import Study
from evalkit.project import Target
from evalkit.project.vocabulary import OUTCOME_UNKNOWN
from evalkit.results import CannotBeComputed, EstimateRow, NotEstimable
from evalkit.statistics.follow_up.imputation import imputed_share
from evalkit.statistics.indicators.counts import is_complete
from evalkit.statistics.indicators.definitions import Indicator
from evalkit.statistics.indicators.outcomes import NO_INFORMATION, NOT_REACHED, REACHED, stage_of
from evalkit.statistics.indicators.windows import holds
from evalkit.statistics.shares.proportions import proportion

OUTCOME = "reached"
POSITIVE_EXIT = "positive_exit"
SEED = 20180205  # reports repeat: the same register gives the same draws


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FollowUp:
    """Persons whose time for a follow-up has come.

    Attributes:
        persons: One row per person; ``reached`` is 1, 0 or missing.
        waiting: Persons whose time has not come by the data cut, by their index.
    """

    persons: pd.DataFrame
    waiting: pd.Index = field(default_factory=lambda: pd.Index([]))

    @property
    def n(self) -> int:
        return len(self.persons)

    @property
    def not_yet(self) -> int:
        return len(self.waiting)

    @property
    def followed_up(self) -> int:
        return int(self.persons[OUTCOME].notna().sum())

    @property
    def events(self) -> int:
        return int((self.persons[OUTCOME] == 1).sum())

    @property
    def missing(self) -> int:
        return self.n - self.followed_up


def target_follow_up(study: Study, target: Target) -> FollowUp:
    """Whom a target's status is known of; without a status column, whose way out is.

    A status some time after leaving cannot be known before that time has passed.
    """
    persons = target_persons(study, target)
    if target.status_column is None:
        status = persons["exit_class"]
        known = ~status.isin(OUTCOME_UNKNOWN)
    else:
        status, known = persons[target.status_column], is_known(persons[target.status_column])
    due = time_has_come(study, persons, target.status_column)
    reached = status.isin(target.outcome).astype("Float64").where(known)
    return FollowUp(persons=persons.assign(**{OUTCOME: reached})[due], waiting=persons.index[~due])


def indicator_follow_up(records: pd.DataFrame, indicator: Indicator) -> FollowUp:
    """Whom an indicator's result is known of, among those at risk whose window has elapsed."""
    assert indicator.at_risk is not None
    counted = records[holds(indicator.at_risk, records) & is_complete(records)]
    stage = pd.Series(stage_of(counted, indicator), index=counted.index)
    reached = stage.map({REACHED: 1.0, NOT_REACHED: 0.0}).astype("Float64")
    due = stage.isin([REACHED, NOT_REACHED, NO_INFORMATION])
    return FollowUp(persons=counted.assign(**{OUTCOME: reached})[due], waiting=counted.index[~due])


def response_rows(study: Study, found: FollowUp, by: str) -> list[EstimateRow]:
    """The share followed up at each level of a column; empty levels are left out."""
    rows: list[EstimateRow] = []
    for level in study.levels(by):
        chosen = found.persons[found.persons[by] == level]
        if len(chosen):
            followed = int(chosen[OUTCOME].notna().sum())
            rows.append(
                proportion(events=followed, n=len(chosen), measure="response_share", group=level)
            )
    return rows


def imputed_row(
    study: Study, found: FollowUp, *, by_way_out: bool
) -> tuple[EstimateRow, tuple[str, ...]]:
    """The imputed share of all persons, and the columns it rests on.

    As many columns as the outcomes can carry, in the order of how much they usually tell:
    the way out, age, the project's groupings.
    """
    frame = _with_way_out(study, found.persons) if by_way_out else found.persons
    columns, levels = _columns(study, frame)
    try:
        if not columns:
            raise CannotBeComputed("too_few_to_model")
        imputed = imputed_share(
            frame,
            outcome=OUTCOME,
            covariates=columns,
            levels=levels,
            generator=np.random.default_rng(SEED),
        )
    except CannotBeComputed as error:
        absent = NotEstimable(measure="imputed_share", reason=error.reason, n=found.followed_up)
        return absent, tuple(columns)
    return imputed.share, tuple(columns)


def _with_way_out(study: Study, persons: pd.DataFrame) -> pd.DataFrame:
    positive = persons["exit_class"].isin(study.project.outcomes.positive)
    return persons.assign(**{POSITIVE_EXIT: np.where(positive, 1.0, 0.0)})


def _columns(study: Study, frame: pd.DataFrame) -> tuple[list[str], dict[str, Sequence[str]]]:
    """Columns known of everybody that tell those followed up apart, and their levels."""
    known = frame[frame[OUTCOME].notna()]
    events = int((known[OUTCOME] == 1).sum())
    room = min(events, len(known) - events) // EVENTS_PER_COEFFICIENT
    columns: list[str] = []
    levels: dict[str, Sequence[str]] = {}
    for column in (POSITIVE_EXIT, "age_at_entry", "age", *study.groupings):
        if column not in frame or frame[column].isna().any():
            continue
        is_number = pd.api.types.is_numeric_dtype(frame[column])
        found = [] if is_number else by_size(known[column])
        needed = 1 if is_number else len(found) - 1
        if not is_number and set(frame[column]) != set(found):
            continue  # nobody at some level was followed up
        if 0 < needed <= room and known[column].nunique() > 1:
            columns.append(column)
            room -= needed
            if found:
                levels[column] = found
    return columns, levels
