"""The comparison group's persons, from their own register.

They are no participants: whatever counts participants must never meet them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace

import pandas as pd

from evalkit.intake.copies import without_older_copies
from evalkit.intake.errors import IntakeError
from evalkit.intake.follow_up import no_events, read_follow_up
from evalkit.intake.register import RegisterReading, open_register, read_register, scope_of
from evalkit.intake.spelling import spelled_as
from evalkit.intake.spells import persons_of
from evalkit.intake.table import finding
from evalkit.project.comparisons import Comparison
from evalkit.project.model import Project
from evalkit.project.registers import FollowUp, Register
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


def read_comparison(
    project: Project,
    participants: pd.DataFrame,
    *,
    key: bytes,
    scope: str,
    today: dt.date,
) -> ComparisonIntake | None:
    """The comparison group of the project, or ``None`` where it has none.

    Args:
        project: The project; paths are relative to its folder.
        participants: One row per participant.
        key: Secret key of the pseudonyms, the same as for the registers.
        scope: Where the codes of the first participant register are unique.
        today: Dates after it are reported as future dates.

    Raises:
        IntakeError: If a file cannot be used.
    """
    comparison = project.comparison
    if comparison is None:
        return None
    register = comparison.from_register
    reading = _reading(register, comparison, project, key=key, today=today)
    spells, _, copy_findings = without_older_copies(spelled_as(participants, reading.spells))
    findings = [*reading.findings, *copy_findings]
    everyone = persons_of(spells, data_cut=project.data_cut)
    took_part = everyone["person"].isin(participants["person"])
    persons = everyone[~took_part].reset_index(drop=True)
    count = int(took_part.sum())
    if count:
        check, file = "comparison_participant", register.file.name
        findings.append(Finding(severity="warning", check=check, file=file, count=count))
    events, event_findings = _events(
        project, comparison, everyone, participants, key=key, scope=scope
    )
    findings += _clock_findings(comparison, participants, persons)
    return ComparisonIntake(
        persons=persons,
        events=events,
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
    sources: list[tuple[FollowUp, str, pd.DataFrame]] = []
    register = comparison.from_register
    if register.follow_up is not None:
        sources.append((register.follow_up, scope_of(register), persons))
    if comparison.outcome.follow_up is not None:
        sources.append((comparison.outcome.follow_up, scope, participants))
    frames, findings = [no_events()], list[Finding]()
    for follow_up, of_codes, group in sources:
        events, found = read_follow_up(
            follow_up, project, key=key, scope=of_codes, persons=group["person"]
        )
        frames.append(events)
        findings += found
    return pd.concat(frames, ignore_index=True), findings
