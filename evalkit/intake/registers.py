"""All registers of a project → spells, persons, findings and the flow between them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from evalkit.intake.checks import spell_findings
from evalkit.intake.codes import code_scopes
from evalkit.intake.comparison import ComparisonIntake, read_comparison, without_marked
from evalkit.intake.copies import without_older_copies
from evalkit.intake.errors import IntakeError, hint
from evalkit.intake.follow_up import no_events, read_events
from evalkit.intake.keys import secret_key
from evalkit.intake.register import RegisterReading, open_register, read_register
from evalkit.intake.spelling import spelled_alike
from evalkit.intake.spells import persons_of
from evalkit.project.model import Project
from evalkit.project.problems import Problem
from evalkit.project.registers import name_among
from evalkit.results import Finding, FlowStep

_FEWEST_PERSONS = 2
# The order rows are set aside in, so that the flow reads from the file to the persons.
_EXCLUSIONS = (
    "totals_rows",
    "note_rows",
    "repeated_headers",
    "entry_missing",
    "entry_impossible",
    "entry_after_cut",
    "duplicate_rows",
    "comparison_rows",
    "older_copies",
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Intake:
    """A project's registers, checked and pseudonymised.

    Attributes:
        spells: One row per accepted register row: ``person`` (pseudonym), ``register``,
            ``row`` (as the spreadsheet shows it), ``entry``, ``exit`` (NaT while enrolled),
            ``exit_class`` (or "ongoing"; without an exit another class says that the day of
            leaving is not known), ``sex``, ``age_at_entry`` and every other column the
            codebook or the project names. Text columns hold ``""`` where nothing is known.
        persons: One row per person, re-entries merged, plus ``n_spells`` and ``days``.
        findings: What the checks found. ``flow``: from rows read to persons analysed.
        events: Dated labour-market events of the persons, where the project has a follow-up
            register: ``person``, ``date``, ``status``, in the order of the file.
        comparison: Persons who did not take part, where the project has such a group.
    """

    spells: pd.DataFrame
    persons: pd.DataFrame
    findings: tuple[Finding, ...]
    flow: tuple[FlowStep, ...]
    events: pd.DataFrame = field(default_factory=no_events)
    comparison: ComparisonIntake | None = None


def read_registers(
    project: Project, *, key: bytes | None = None, today: dt.date | None = None
) -> Intake:
    """Everything the project's registers hold, ready for analysis.

    Args:
        project: The project; register paths are relative to its folder.
        key: Secret key of the pseudonyms. Left out: ``EVALKIT_PSEUDONYM_KEY`` from the
            environment, the key beside the register since its first edition, else a random
            key that ends with the process.
        today: Dates after it are reported as future dates; the present day when left out.

    Raises:
        IntakeError: If a file cannot be used, or fewer than two persons remain.
        TypeError: For a path: what a register says depends on its project file.
    """
    if not isinstance(project, Project):
        raise TypeError(
            f"expected a project, found {type(project).__name__}: load_project(folder), or "
            "open_study(folder), whose persons are these"
        )
    if not project.registers:
        raise IntakeError("no_registers", project=project.id)
    beside = (project.folder / project.registers[0].file).parent
    secret, day = key or secret_key(beside), today or dt.date.today()
    opened = [open_register(register, project, today=day) for register in project.registers]
    scopes, code_findings = code_scopes(opened, data_cut=project.data_cut)
    every_row = [
        read_register(one, project, key=secret, scope=scope)
        for one, scope in zip(opened, scopes, strict=True)
    ]
    every_row = spelled_alike(every_row, project)
    readings, marked = without_marked(every_row, project.comparison)
    spells = _joined([reading.spells for reading in readings])
    files = ", ".join(name_among(one, project.registers) for one in project.registers)
    if spells.empty:
        raise IntakeError("nothing_left", file=files, hint=_left_out(readings))
    each_once = len(readings) == 1 and readings[0].each_once
    spells, n_copies, copy_findings = without_older_copies(spells, each_once=each_once)
    persons = persons_of(spells, data_cut=project.data_cut, each_once=each_once)
    if len(persons) < _FEWEST_PERSONS:
        raise IntakeError("single_person", file=files)
    findings = [found for reading in readings for found in reading.findings]
    findings += [*code_findings, *copy_findings]
    findings += spell_findings(spells) if len(persons) < len(spells) else ()
    followed = [
        (register.follow_up, reading.scope, reading.spells["person"])
        for register, reading in zip(project.registers, every_row, strict=True)
        if register.follow_up is not None
    ]
    events, event_findings = read_events(followed, project, key=secret, left=persons)
    findings += event_findings
    comparison = read_comparison(
        project,
        marked,
        persons,
        events_of_all=events,
        key=secret,
        scope=scopes[0],
        today=day,
    )
    findings += comparison.findings if comparison else ()
    return Intake(
        spells=spells,
        persons=persons,
        findings=tuple(sorted(findings, key=_gravity)),
        flow=_flow(readings, spells, persons, n_copies=n_copies),
        events=_of(persons, events),
        comparison=comparison,
    )


def _of(persons: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """The events of these persons."""
    known = set(persons["person"]) if len(events) else set()
    is_known = np.array([person in known for person in events["person"]], dtype=bool)
    return events[is_known].reset_index(drop=True)


def _joined(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """The registers below each other; a text column one of them lacks is empty there."""
    joined = pd.concat([frame for frame in frames if len(frame)] or frames[:1], ignore_index=True)
    texts = [name for name in joined.columns if joined[name].dtype in ("str", "object")]
    return joined.assign(**{name: joined[name].fillna("").astype("str") for name in texts})


def _flow(
    readings: list[RegisterReading],
    spells: pd.DataFrame,
    persons: pd.DataFrame,
    *,
    n_copies: int,
) -> tuple[FlowStep, ...]:
    """Rows read, each exclusion that took any, rows accepted, spells merged, persons."""
    excluded: Counter[str] = Counter({"older_copies": n_copies})
    for reading in readings:
        excluded.update(reading.excluded)
    steps = [FlowStep(step="rows_read", count=sum(reading.n_read for reading in readings))]
    steps += [FlowStep(step=step, count=excluded[step]) for step in _EXCLUSIONS if excluded[step]]
    steps.append(FlowStep(step="rows_accepted", count=len(spells)))
    merged = len(spells) - len(persons)
    if merged:
        steps.append(FlowStep(step="spells_merged", count=merged, unit="spells"))
    steps.append(FlowStep(step="persons_analysed", count=len(persons), unit="persons"))
    return tuple(steps)


def _left_out(readings: list[RegisterReading]) -> Problem | None:
    """What took how many rows, as the end of the sentence."""
    counts: Counter[str] = Counter()
    for reading in readings:
        counts.update(reading.excluded)
    told: Problem | None = None
    for step, count in reversed(counts.items()):
        told = hint(f"left_out.{step}", then=told, count=count)
    return told


def _gravity(found: Finding) -> int:
    return ("error", "warning", "note").index(found.severity)
