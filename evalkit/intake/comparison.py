"""The comparison group's persons: from their own register, or marked in the participants'.

They are no participants: whatever counts participants must never meet them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace

import pandas as pd

from evalkit.intake.copies import without_older_copies
from evalkit.intake.errors import IntakeError
from evalkit.intake.follow_up import no_events, read_events
from evalkit.intake.register import (
    RegisterReading,
    open_register,
    read_register,
    scope_of,
)
from evalkit.intake.spelling import spelled_as
from evalkit.intake.spells import persons_of
from evalkit.intake.table import finding
from evalkit.project.comparisons import Comparison
from evalkit.project.model import Project
from evalkit.project.registers import FollowUp, Register, name_among
from evalkit.results import Finding

# A comparison group has nothing to leave.
_NOT_ASKED = frozenset({"no_exit_column", "no_exit_reason_column"})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ComparisonIntake:
    """The comparison group as it was read.

    Attributes:
        persons: One row per person, columns as the participants'; none of them took part.
        events: Dated statuses of these persons and, where the project has a follow-up
            register for the comparison's outcome, of the participants.
        also_participants: Persons left out of the group since they took part, too.
        findings: What the checks found.
    """

    persons: pd.DataFrame
    events: pd.DataFrame = field(default_factory=no_events)
    also_participants: int = 0
    findings: tuple[Finding, ...] = ()


def without_marked(
    readings: list[RegisterReading], comparison: Comparison | None
) -> tuple[list[RegisterReading], pd.DataFrame | None]:
    """The readings without the rows that mark a comparison group, and those rows.

    Raises:
        IntakeError: If no register has the column, or nobody has a level that marks.
    """
    marked = comparison.marked_by if comparison else None
    if marked is None:
        return readings, None
    kept, taken = [], []
    for reading in readings:
        spells = reading.spells
        if marked.column not in spells.columns:
            kept.append(reading)
            continue
        is_marked = spells[marked.column].astype("str").isin(marked.levels)
        taken.append(spells[is_marked])
        count = int(is_marked.sum())
        excluded = {**reading.excluded, **({"comparison_rows": count} if count else {})}
        own = spells[~is_marked].reset_index(drop=True)
        rows = spells.loc[is_marked, "row"].to_numpy()
        file = str(spells["register"].iloc[0]) if len(spells) else ""
        found = (*reading.findings, *finding("note", "comparison_rows", file, rows))
        kept.append(replace(reading, spells=own, excluded=excluded, findings=found))
    if not sum(len(spells) for spells in taken):
        levels = ", ".join(marked.levels)
        raise IntakeError("nobody_marked", levels=levels, column=marked.column)
    return kept, pd.concat(taken, ignore_index=True)


def read_comparison(
    project: Project,
    marked: pd.DataFrame | None,
    participants: pd.DataFrame,
    *,
    events_of_all: pd.DataFrame,
    key: bytes,
    scope: str,
    today: dt.date,
) -> ComparisonIntake | None:
    """The comparison group of the project, or ``None`` where it has none.

    Args:
        project: The project; paths are relative to its folder.
        marked: Rows of the participant registers that mark the group, see `without_marked`.
        participants: One row per participant.
        events_of_all: Dated events from the follow-up of the participant registers.
        key: Secret key of the pseudonyms, the same as for the registers.
        scope: Where the codes of the first participant register are unique.
        today: Dates after it are reported as future dates.

    Raises:
        IntakeError: If a file cannot be used.
    """
    comparison = project.comparison
    if comparison is None:
        return None
    register, findings = comparison.from_register, list[Finding]()
    if register is not None:
        reading = _reading(register, comparison, project, key=key, today=today)
        spells, findings = spelled_as(participants, reading.spells), list(reading.findings)
    else:
        assert marked is not None  # the model asks for one of the two
        spells = marked
    spells, _, copy_findings = without_older_copies(spells)
    findings += copy_findings
    everyone = persons_of(spells, data_cut=project.data_cut)
    took_part = everyone["person"].isin(participants["person"])
    persons = everyone[~took_part].reset_index(drop=True)
    count = int(took_part.sum())
    if count:
        file = (
            register.file.name if register else name_among(project.registers[0], project.registers)
        )
        found = Finding(severity="warning", check="comparison_participant", file=file, count=count)
        findings.append(found)
    apart, event_findings = _events(
        project, comparison, everyone, participants, key=key, scope=scope
    )
    in_registers = events_of_all[events_of_all["person"].isin(persons["person"])]
    findings += _clock_findings(comparison, participants, persons)
    return ComparisonIntake(
        persons=persons,
        events=pd.concat([in_registers, apart], ignore_index=True),
        also_participants=count,
        findings=(*findings, *event_findings),
    )


def _clock_findings(
    comparison: Comparison, participants: pd.DataFrame, persons: pd.DataFrame
) -> list[Finding]:
    """Participants who began after day 0, and confounders measured after it."""
    late: list[tuple[str, str, pd.DataFrame, pd.Series]] = []
    for group, others in ((participants, False), (persons, True)):
        if comparison.starts not in group.columns:
            continue
        starts = group[comparison.starts]
        if not others:
            late.append(("immortal_time", comparison.starts, group, group["entry"] > starts))
        late += [
            ("measured_after_start", name, group, group[column] > starts)
            for name, column in comparison.dated_by.items()
            if column in group.columns
        ]
    return [
        found
        for check, column, group, rows in late
        for file in group.loc[rows, "register"].unique()
        for found in finding(
            "error",
            check,
            str(file),
            group.loc[rows & (group["register"] == file), "row"].to_numpy(),
            column=column,
        )
    ]


def _reading(
    register: Register, comparison: Comparison, project: Project, *, key: bytes, today: dt.date
) -> RegisterReading:
    in_time = project.model_copy(update={"period": comparison.period or project.period})
    placed = in_time.placed_in(project.folder)
    opened = open_register(register, placed, today=today)
    reading = read_register(opened, placed, key=key, scope=scope_of(register))
    if reading.spells.empty:
        raise IntakeError("comparison_empty", file=register.file.name)
    kept = tuple(found for found in reading.findings if found.check not in _NOT_ASKED)
    return replace(reading, findings=kept)


def _events(
    project: Project,
    comparison: Comparison,
    persons: pd.DataFrame,
    participants: pd.DataFrame,
    *,
    key: bytes,
    scope: str,
) -> tuple[pd.DataFrame, list[Finding]]:
    """Dated statuses of the comparison group, and of participants if kept in a file apart."""
    sources: list[tuple[FollowUp, str, pd.Series]] = []
    register = comparison.from_register
    if register is not None and register.follow_up is not None:
        sources.append((register.follow_up, scope_of(register), persons["person"]))
    if comparison.outcome.follow_up is not None:
        sources.append((comparison.outcome.follow_up, scope, participants["person"]))
    return read_events(sources, project, key=key)
