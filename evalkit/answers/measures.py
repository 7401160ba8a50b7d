"""Counting persons for a target, a cohort or a group: from the project file to k of n.

The project file says which exits or statuses count and of whom; here that becomes two
whole numbers. A person whose status at follow-up is unknown is left out of n and counted
as unknown, never as success or failure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

import pandas as pd

from evalkit.answers.study import ONGOING, Study
from evalkit.intake.checks import FOLLOW_UPS
from evalkit.project import BeforeAfterSpec, ProjectError, Target
from evalkit.project.questions import Selection
from evalkit.project.vocabulary import OUTCOME_UNKNOWN, PROJECT_FILE, ExitClass
from evalkit.results import CountTable, EstimateRow, NotEstimable
from evalkit.statistics.shares.proportions import proportion

TOTAL = "total"
OTHER = "other_levels"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """``events`` of ``n`` persons, and how many had no known status."""

    events: int
    n: int
    unknown: int = 0


def target_counts(study: Study, target: Target) -> Counted:
    """The count that a target is about."""
    return outcome_counts(
        study, target_persons(study, target), target.outcome, status_column=target.status_column
    )


def target_persons(study: Study, target: Target) -> pd.DataFrame:
    """The persons that a target is about."""
    return in_period(target, of_whom(study, target.where, target.denominator))


def in_period(target: Target, persons: pd.DataFrame) -> pd.DataFrame:
    """Those who left, or entered, in the target's period."""
    if target.period is None:
        return persons
    day = "exit" if target.denominator == "exits" else "entry"
    return persons[persons[day].between(*_bounds(target.period.start, target.period.end))]


def of_whom(
    study: Study, where: dict[str, str], denominator: Literal["participants", "exits"]
) -> pd.DataFrame:
    """The persons chosen: all of them, or those who have left."""
    persons = study.select(where)
    return persons[persons["exit_class"] != ONGOING] if denominator == "exits" else persons


def cohort_counts(
    study: Study, selection: Selection, outcome: tuple[str, ...], *, status_column: str | None
) -> Counted:
    """The count of one side of a before/after comparison from the register."""
    persons = cohort_persons(study, selection)
    return outcome_counts(study, persons, outcome, status_column=status_column)


def cohort_persons(study: Study, selection: Selection) -> pd.DataFrame:
    """The persons of one side of a before/after comparison."""
    persons = study.select(selection.where)
    return persons[persons[selection.by].between(*_bounds(selection.start, selection.end))]


def outcome_counts(
    study: Study, persons: pd.DataFrame, outcome: tuple[str, ...], *, status_column: str | None
) -> Counted:
    """How many of the persons have one of the outcomes.

    Raises:
        ProjectError: For a column the registers lack, or an outcome that no one can have: a
            misspelt outcome would be a share of zero.
    """
    column = status_column or "exit_class"
    study.require(column)
    possible = {*get_args(ExitClass), *study.levels(column)}
    for name in outcome:
        if name not in possible:
            speakable = {*get_args(ExitClass), *study.speakable_levels(column)}
            raise ProjectError.told(
                "outcome", name=name, column=column, known=", ".join(sorted(speakable))
            )
    status = persons[column]
    known = is_known(status) if status_column else status != ""
    return Counted(
        events=int(status[known].isin(outcome).sum()),
        n=int(known.sum()),
        unknown=int((~known & time_has_come(study, persons, column)).sum()),
    )


def is_known(status: pd.Series[str]) -> pd.Series[bool]:
    """Whose status is known: neither empty nor stated to be unknown."""
    return ~status.isin(["", "unknown"])


def time_has_come(study: Study, persons: pd.DataFrame, column: str | None) -> pd.Series[bool]:
    """Whose status can be known: that of a day some time after leaving, once that day has come."""
    if column not in FOLLOW_UPS or column not in persons:
        return pd.Series(True, index=persons.index)
    from evalkit.statistics.indicators.windows import window_state  # most projects need none

    until = persons["exit"] + pd.Timedelta(days=FOLLOW_UPS[column])
    state = window_state(persons, until, data_cut=study.project.data_cut)
    # Who left on a day nobody knows is among those asked about; so is whoever has a status.
    asked = pd.Series(state, index=persons.index).isin(["elapsed", "end_unknown"])
    return asked | is_known(persons[column])


def require_two_cohorts(study: Study, spec: BeforeAfterSpec) -> None:
    """Refuse a comparison of a column with itself among the same persons.

    Raises:
        ProjectError: Where most persons with a known status stand on both sides.
    """
    before, after = spec.before.microdata, spec.after.microdata
    if before is None or after is None:
        return
    column, sides = spec.status_column or "exit_class", []
    for selection in (before, after):
        persons = cohort_persons(study, selection)
        known = persons[is_known(persons[column]) & (persons[column] != ONGOING)]
        sides.append(set(known["person"]))
    both = sides[0] & sides[1]
    if both and len(both) > min(map(len, sides)) / 2:
        place = f"{PROJECT_FILE}: before_after {spec.id}"
        raise ProjectError.told("same_persons", place=place, column=column)


def not_recorded(study: Study) -> tuple[int, int]:
    """Who left without a recorded outcome, and rows without a readable start: nobody's, yet."""
    unknown = int(study.persons["exit_class"].isin(OUTCOME_UNKNOWN).sum())
    steps = {step.step: step.count for step in study.flow}
    return unknown, sum(steps.get(name, 0) for name in ("entry_missing", "entry_impossible"))


def share_of(counted: Counted, *, group: str = "") -> EstimateRow:
    """The share, or that nobody is there to take it of: a table keeps its other rows."""
    if counted.n == 0:
        return NotEstimable(measure="share", reason="no_persons", n=0, group=group)
    return proportion(events=counted.events, n=counted.n, group=group)


def count_table(study: Study, column: str) -> CountTable:
    """Persons by one column, levels in the project's order, those without a level last.

    For release, a level that the project file does not name and that few persons have is
    counted under ``OTHER``: its very name could point somebody out.
    """
    levels = [*study.levels(column), ""]
    counted = study.persons[column].replace("unknown", "").value_counts()
    rare = rare_levels(study, column) if study.purpose != "explore" else frozenset()
    rows = [(level, int(counted.get(level, 0)), False) for level in levels if level not in rare]
    if rare:
        rows.insert(-1, (OTHER, int(counted[list(rare)].sum()), False))
    rows = [row for row in rows if row[0] or row[1]]
    rows.append((TOTAL, len(study.persons), True))
    return CountTable.of(rows, column)


def rare_levels(study: Study, column: str) -> frozenset[str]:
    """Levels of fewer persons than the threshold that only the register names."""
    counted = study.persons[column].replace("unknown", "").value_counts()
    public = {
        level for register in study.project.registers for level in register.levels.get(column, {})
    }
    return frozenset(
        str(level)
        for level, count in counted.items()
        if level and count < study.rule.threshold and level not in public
        if f"label.{column}.{level}" not in study.words.texts
    )


def _bounds(start: object, end: object) -> tuple[pd.Timestamp, pd.Timestamp]:
    return pd.Timestamp(str(start)), pd.Timestamp(str(end))


def missing_persons(study: Study) -> Iterator[tuple[str, pd.DataFrame, pd.DataFrame]]:
    """Column → those who can have a value, and those of them who lack it; where some do."""
    for column in study.persons.columns:
        if column in _ALWAYS_THERE:
            continue
        can_have = _who_can_have(column, study)
        values = can_have[column]
        missing = can_have[values.isna() | values.isin(["", "unknown"])]
        if len(missing):
            # The class is read from the reason, which is what the register lacks.
            yield "exit_reason" if column == "exit_class" else column, can_have, missing


_KNOWN_AFTER_EXIT = frozenset(
    {"exit_class", "support_after", "status_at_exit", "status_90d", "status_6m"}
)
# Made on reading, or empty by nature: someone still enrolled has no exit.
_ALWAYS_THERE = frozenset({"person", "register", "row", "entry", "exit", "n_spells", "days"})


def _who_can_have(column: str, study: Study) -> pd.DataFrame:
    """Those whose value is not missing by nature: nobody still enrolled has a status after."""
    persons = study.persons
    if column == "subsidy":
        return persons[persons["exit_class"] == "employment"]
    if column in _KNOWN_AFTER_EXIT:
        due = time_has_come(study, persons, column)
        return persons[(persons["exit_class"] != ONGOING) & due]
    return persons
