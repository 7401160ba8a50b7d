"""One register file → its accepted rows as typed columns, with everything found on the way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from evalkit.intake.background import Background, read_background
from evalkit.intake.checks import duplicate_rows, follow_up_findings
from evalkit.intake.codebook import Codebook, codebook_for
from evalkit.intake.convert import is_error, to_numbers
from evalkit.intake.dates import SpellDates, other_dates, spell_dates
from evalkit.intake.levels import column_levels, exit_classes, printable_labels
from evalkit.intake.read import read_grid
from evalkit.intake.table import TextTable, text_table
from evalkit.project.model import Project
from evalkit.project.registers import Register
from evalkit.results import Finding

_READ_APART = frozenset({"person_id", "sex", "birth_date", "age", "entry", "exit", "exit_reason"})
ONGOING = "ongoing"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RegisterReading:
    """What one register gave.

    Attributes:
        spells: One row per accepted register row.
        n_read: Rows with anything in them. ``excluded``: flow step → rows it took.
        has_codes: Persons are told apart by codes that may be unique in this file only.
        names: Canonical column → header as the file has it.
    """

    spells: pd.DataFrame
    n_read: int
    excluded: dict[str, int]
    findings: tuple[Finding, ...]
    has_codes: bool
    names: Mapping[str, str]


def read_register(
    register: Register, project: Project, *, key: bytes, today: dt.date
) -> RegisterReading:
    """The accepted rows of one register.

    Raises:
        IntakeError: If the file is missing, unreadable, empty or has no start date column.
    """
    codebook = codebook_for(register, beside=project.registers)
    name = printed_name(register, project)
    grid = read_grid(project.folder / register.file, name=name, sheet=register.sheet)
    table = text_table(grid, codebook, register)
    dates = spell_dates(
        table, codebook, period=project.period, data_cut=project.data_cut, today=today
    )
    background = read_background(
        table,
        codebook,
        entry=dates.entry,
        data_cut=project.data_cut,
        key=key,
        scope=scope_of(register),
    )
    columns, column_findings = _columns(table, codebook, project.data_cut)
    classes, class_findings = _exit_classes(table, codebook, dates)
    spells = _frame(table, dates, background, classes, columns)
    unusable = dict(dates.unusable)
    usable = ~np.logical_or.reduce(list(unusable.values()))
    unusable["duplicate_rows"] = duplicate_rows(table, usable & background.is_known_person)
    accepted = usable & ~unusable["duplicate_rows"]
    findings = (
        *table.findings,
        *_column_presence(table),
        *dates.findings,
        *table.found("warning", "duplicate_rows", unusable["duplicate_rows"]),
        *background.findings,
        *column_findings,
        *class_findings,
        *follow_up_findings(table, spells, columns, project.data_cut),
    )
    counts = {step: int(rows.sum()) for step, rows in unusable.items() if rows.any()}
    return RegisterReading(
        spells=spells[accepted].reset_index(drop=True),
        n_read=table.n_read,
        excluded={**table.set_aside, **counts},
        findings=findings,
        has_codes=background.has_codes,
        names=table.names,
    )


def scope_of(register: Register) -> str:
    """Where codes that are no identity numbers are unique: the file and its sheet."""
    return f"{register.file.as_posix()}\x1f{register.sheet or ''}"


def printed_name(register: Register, project: Project) -> str:
    """What messages call a register: its file, and what tells it from others of that name."""
    alike = [one for one in project.registers if one.file.name == register.file.name]
    name = register.file.name
    if any(one.file != register.file for one in alike):
        name = register.file.as_posix()
    is_one_sheet = sum(one.file == register.file for one in alike) > 1
    return f"{name} [{register.sheet}]" if is_one_sheet and register.sheet else name


def _frame(
    table: TextTable,
    dates: SpellDates,
    background: Background,
    classes: np.ndarray,
    columns: dict[str, np.ndarray],
) -> pd.DataFrame:
    """The typed columns as a frame: text as ``str`` with ``""`` for missing."""
    content = {
        "person": background.person,
        "register": np.full(len(table.rows), table.file, dtype=object),
        "row": table.rows,
        "entry": dates.entry.astype("datetime64[s]"),
        "exit": dates.exit.astype("datetime64[s]"),
        "exit_class": classes,
        "sex": background.sex,
        "age_at_entry": background.age_at_entry,
        **columns,
    }
    frame = pd.DataFrame(content)
    texts = {name: "str" for name, values in content.items() if values.dtype == object}
    return frame.astype(texts)


def _exit_classes(
    table: TextTable, codebook: Codebook, dates: SpellDates
) -> tuple[np.ndarray, list[Finding]]:
    """Exit class per row, "ongoing" without an exit, and exit reasons nobody has mapped."""
    has_left = ~np.isnat(dates.exit)
    if not table.has("exit_reason"):
        return np.where(has_left, "unknown", ONGOING).astype(object), []
    texts = table.texts["exit_reason"]
    levels = exit_classes(texts, codebook)
    given = levels.values != ""
    reason_alone = given & ~has_left & ~dates.after_cut
    classes = np.where(has_left, np.where(given, levels.values, "unknown"), ONGOING)
    # A reason that held an identity number was emptied above; it stays an exit, class unknown.
    return classes.astype(object), [
        *table.found(
            "error",
            "exit_reason_unmapped",
            levels.unmapped,
            column="exit_reason",
            listing=printable_labels(texts[levels.unmapped]),
        ),
        *table.found("error", "identity_in_text", levels.removed, column="exit_reason"),
        *table.found("warning", "exit_reason_missing", has_left & ~given, column="exit_reason"),
        *table.found("warning", "reason_without_exit", reason_alone, column="exit_reason"),
    ]


def _columns(
    table: TextTable, codebook: Codebook, data_cut: dt.date
) -> tuple[dict[str, np.ndarray], list[Finding]]:
    """Every other canonical or own column, read by its kind."""
    columns: dict[str, np.ndarray] = {}
    findings: list[Finding] = []
    for name in table.texts.keys() - _READ_APART:
        kind = codebook.kinds[name]
        if kind == "number":
            columns[name], found = _numbers(table, name, codebook)
        elif kind == "date":
            days, found = other_dates(table, name, codebook, data_cut=data_cut)
            columns[name] = days.astype("datetime64[s]")
        else:
            columns[name], found = _texts(table, name, kind, codebook)
        findings += found
    order = [name for name in codebook.kinds if name in columns]
    return {name: columns[name] for name in order}, findings


def _numbers(
    table: TextTable, name: str, codebook: Codebook
) -> tuple[np.ndarray, tuple[Finding, ...]]:
    numbers = to_numbers(table.texts[name], codebook)
    suppressed = numbers.is_state("suppressed")
    return numbers.values, (
        *table.found("warning", "not_a_number", numbers.is_state("not_a_number"), column=name),
        *table.found("note", "suppressed_number", suppressed, column=name),
    )


def _texts(
    table: TextTable, name: str, kind: str, codebook: Codebook
) -> tuple[np.ndarray, tuple[Finding, ...]]:
    texts = table.texts[name]
    levels = column_levels(texts, name, kind, codebook)
    return levels.values, (
        *table.found("error", "identity_in_text", levels.removed, column=name),
        *table.found("warning", "error_cells", is_error(texts), column=name),
        *table.found(
            "warning",
            "value_unmapped",
            levels.unmapped & (kind in ("status", "education", "yes_no")),
            column=name,
            listing=printable_labels(texts[levels.unmapped]),
        ),
    )


def _column_presence(table: TextTable) -> tuple[Finding, ...]:
    """Columns without which the register says less than a reader would think."""
    everyone = np.ones(len(table.rows), dtype=bool)
    absent = [name for name in ("exit", "exit_reason") if not table.has(name)]
    return tuple(
        found for name in absent for found in table.found("error", f"no_{name}_column", everyone)
    )
