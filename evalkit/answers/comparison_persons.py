"""A study's two groups as one frame: outcome, group and confounders without gaps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np
import pandas as pd

from evalkit.answers.study import Study
from evalkit.project import Comparison, ProjectError
from evalkit.project.vocabulary import FollowUpStatus
from evalkit.results import CannotBeComputed, GroupFlow, GroupStep, Members
from evalkit.results.answers import OUTSIDE

OUTCOME, TREATED, STARTS = "_outcome", "_treated", "_starts"
MISSING = "missing"
MISSING_MARK = "_is_missing"
UNKNOWN = ("", "unknown")


@dataclass(frozen=True, slots=True, eq=False)
class ComparedPersons:
    """The persons compared, one row each.

    Attributes:
        frame: Outcome, group and confounders without gaps.
        confounders: Columns of the balance table; ``levels`` of those that are categories,
            the largest first.
        covariates: Columns of the models: the confounders that vary, and marks for numbers
            that some lack.
        constant: Confounders that are the same for all. ``filled``: those that some lack.
        flow: From everyone in both groups to those compared.
        rows: ``(n,)`` place of each among everyone, participants first.
        sizes: All persons of both groups. ``steps``: of everyone, by which step they are left
            out, or the last.
    """

    frame: pd.DataFrame
    confounders: tuple[str, ...]
    covariates: tuple[str, ...]
    levels: dict[str, list[str]]
    constant: tuple[str, ...]
    filled: tuple[str, ...]
    flow: GroupFlow
    rows: np.ndarray
    sizes: tuple[int, int]
    steps: np.ndarray

    def by_arm(self, places: np.ndarray, levels: Sequence[str]) -> tuple[Members, Members]:
        """Those compared by a column of theirs, in each of the two groups."""
        cells = np.full(sum(self.sizes), OUTSIDE, dtype=np.int64)
        cells[self.rows] = places
        return self._parted(cells, levels)

    def by_step(self) -> tuple[Members, Members]:
        """Everyone by the step that they are counted in."""
        names = [step.step for step in self.flow.steps[1:]]
        return self._parted(self.steps, names)

    def _parted(self, cells: np.ndarray, levels: Sequence[str]) -> tuple[Members, Members]:
        keys, first = tuple((level,) for level in levels), self.sizes[0]
        return (
            Members(cells=cells[:first], keys=keys),
            Members(cells=cells[first:], keys=keys, population="comparison"),
        )


def specification(study: Study) -> Comparison:
    """The comparison part of the project file.

    Raises:
        CannotBeComputed: ``no_comparison_group`` where there is none.
    """
    if study.project.comparison is None:
        raise CannotBeComputed("no_comparison_group")
    return study.project.comparison


def compared_persons(study: Study) -> ComparedPersons:
    """The persons of both groups with outcome and confounders, and who was left out.

    Raises:
        ProjectError: If a register lacks a column that the comparison names.
        CannotBeComputed: ``immortal_time`` if somebody's programme began after day 0;
            ``measured_after_start`` if a confounder was; ``no_confounder_varies``;
            ``confounder_separates`` if a level stands in one group only; ``one_group``.
    """
    spec = specification(study)
    everyone = _both_groups(study, spec)
    # A participant who came in after day 0 had to go without the outcome until then.
    late = (everyone[TREATED] == 1) & (everyone["entry"] > everyone[STARTS])
    if spec.starts != "entry" and late.any():
        raise CannotBeComputed("immortal_time")
    _refuse_late_measurements(study, everyone, spec)
    frame, flow, steps = _followed(study, everyone, spec)
    if frame[TREATED].nunique() < 2:
        raise CannotBeComputed("one_group")
    constant = tuple(name for name in spec.confounders if frame[name].nunique(dropna=False) < 2)
    confounders = tuple(name for name in spec.confounders if name not in constant)
    if not confounders:
        raise CannotBeComputed("no_confounder_varies")
    filled = tuple(name for name in confounders if _is_missing(frame[name]).any())
    frame, marks = _without_gaps(frame, confounders)
    levels = {name: _by_size(frame[name]) for name in confounders if not _is_number(frame[name])}
    _refuse_separation(study, frame, [*levels, *marks])
    return ComparedPersons(
        frame=frame.reset_index(drop=True),
        confounders=confounders,
        covariates=(*confounders, *marks),
        levels=levels,
        constant=constant,
        filled=filled,
        flow=flow,
        rows=frame.index.to_numpy(),
        sizes=(len(study.persons), len(everyone) - len(study.persons)),
        steps=steps,
    )


def _both_groups(study: Study, spec: Comparison) -> pd.DataFrame:
    """Both groups below each other, with day 0 and the columns the comparison needs."""
    assert study.intake.comparison is not None  # the project has a comparison
    named = [*spec.confounders, *spec.dated_by.values(), spec.starts]
    named += [spec.outcome.column] if spec.outcome.column else []
    columns = list(dict.fromkeys(["person", "entry", *named]))
    frames = []
    for treated, persons in ((1, study.persons), (0, study.intake.comparison.persons)):
        for name in columns:
            if name not in persons.columns:
                available = ", ".join(sorted(persons.columns))
                raise ProjectError.told(
                    "column_of_participants" if treated else "column_of_others",
                    place="comparison",
                    name=name,
                    known=available,
                )
        own = persons[columns].copy()
        own[TREATED], own[STARTS] = treated, persons[spec.starts]
        frames.append(own)
    _require_same_kinds(frames[0], frames[1], spec.confounders)
    return pd.concat(frames, ignore_index=True)


def _require_same_kinds(one: pd.DataFrame, zero: pd.DataFrame, names: Sequence[str]) -> None:
    for name in names:
        if _is_number(one[name]) != _is_number(zero[name]):
            raise ProjectError.told("kinds_differ", place="comparison", name=name)


def _refuse_late_measurements(study: Study, frame: pd.DataFrame, spec: Comparison) -> None:
    for name, column in spec.dated_by.items():
        if (frame[column] > frame[STARTS]).any():
            raise CannotBeComputed(
                "measured_after_start", column=study.words.labels.dimension(name)
            )


def _followed(
    study: Study, everyone: pd.DataFrame, spec: Comparison
) -> tuple[pd.DataFrame, GroupFlow, np.ndarray]:
    """Those with an outcome on the day, and the others counted by why they are left out."""
    status = _status(study, everyone, spec)
    day = pd.to_timedelta(spec.outcome.day, unit="D")
    gaps = pd.concat([_is_missing(everyone[name]) for name in spec.confounders], axis=1)
    left_out = {
        "start_unknown": everyone[STARTS].isna(),
        "not_followed": everyone[STARTS] + day > pd.Timestamp(study.project.data_cut),
        "status_unknown": status.isin(UNKNOWN),
        "confounder_unknown": gaps.any(axis=1) & (spec.missing == "complete"),
    }
    steps, kept = [_step("group_members", everyone)], pd.Series(True, index=everyone.index)
    places = np.zeros(len(everyone), dtype=np.int64)
    for step, rows in left_out.items():
        taken = everyone[kept & rows]
        places[(kept & rows).to_numpy()] = len(steps) - 1
        steps += [_step(step, taken)] if len(taken) else []
        kept &= ~rows
    places[kept.to_numpy()] = len(steps) - 1
    frame = everyone.assign(**{OUTCOME: status.isin(spec.outcome.statuses).astype(int)})[kept]
    steps.append(_step("group_compared", frame))
    return frame, GroupFlow(steps=tuple(steps)), places


def _step(step: str, frame: pd.DataFrame) -> GroupStep:
    treated = int((frame[TREATED] == 1).sum())
    return GroupStep(step=step, treated=treated, control=len(frame) - treated)


def _status(study: Study, frame: pd.DataFrame, spec: Comparison) -> pd.Series:
    """The status on the day: of the column, or the last one dated up to it."""
    column = spec.outcome.column
    status = frame[column].astype("str") if column else _last_status(study, frame, spec)
    possible = {*get_args(FollowUpStatus), *status.unique()}
    for name in spec.outcome.statuses:
        if name not in possible:
            often = status.value_counts()
            frequent = often.index[often >= study.rule.threshold].map(str)
            known = ", ".join(sorted({*get_args(FollowUpStatus), *frequent} - set(UNKNOWN)))
            raise ProjectError.told("status", place="comparison", name=name, known=known)
    return status


def _last_status(study: Study, frame: pd.DataFrame, spec: Comparison) -> pd.Series:
    assert study.intake.comparison is not None
    # Dated statuses of both groups: of one alone, the other would have no outcome at all.
    in_registers = any(register.follow_up for register in study.project.registers)
    of_participants = spec.outcome.follow_up is not None or in_registers
    of_others = spec.from_register.follow_up is not None if spec.from_register else in_registers
    if not (of_participants and of_others):
        raise ProjectError.told("outcome_needs", place="comparison")
    own = [] if spec.outcome.follow_up is not None else [study.intake.events]
    events = pd.concat([*own, study.intake.comparison.events], ignore_index=True)
    dated = frame[["person", TREATED, STARTS]].reset_index(names="place").merge(events, on="person")
    day = pd.to_timedelta(spec.outcome.day, unit="D")
    in_time = dated["date"].between(dated[STARTS], dated[STARTS] + day)
    last = dated[in_time].sort_values("date", kind="stable").drop_duplicates("place", keep="last")
    return last.set_index("place")["status"].reindex(frame.index).fillna("").astype("str")


def _without_gaps(
    frame: pd.DataFrame, confounders: Sequence[str]
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Gaps as a level of their own; a number gets the mean, and a mark that it was missing."""
    filled, marks = frame.copy(), []
    for name in confounders:
        gaps = _is_missing(frame[name])
        if not _is_number(frame[name]):
            filled[name] = frame[name].astype("str").mask(gaps, MISSING)
        elif gaps.any():
            filled[name] = frame[name].astype(float).fillna(frame[name].mean())
            filled[name + MISSING_MARK] = gaps.astype(int)
            marks.append(name + MISSING_MARK)
    return filled, tuple(marks)


def _refuse_separation(study: Study, frame: pd.DataFrame, columns: Sequence[str]) -> None:
    """A level that one group lacks makes those who have it incomparable."""
    for name in columns:
        groups_with = frame.groupby(frame[name])[TREATED].nunique()
        if (groups_with < 2).any():
            label = study.words.labels.dimension(name.removesuffix(MISSING_MARK))
            raise CannotBeComputed("confounder_separates", column=label)


def _by_size(values: pd.Series) -> list[str]:
    """Levels, "no" or the largest first, the missing last; equal ones in name order."""
    sizes = values.value_counts()
    return sorted(
        sizes.index, key=lambda level: (level == MISSING, level != "no", -sizes[level], level)
    )


def _is_number(values: pd.Series) -> bool:
    return bool(pd.api.types.is_numeric_dtype(values))


def _is_missing(values: pd.Series) -> pd.Series:
    return values.isna() | values.isin(UNKNOWN)
