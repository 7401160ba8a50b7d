"""One register file → its accepted rows as typed columns, with everything found on the way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from evalkit.intake.background import Background, read_background
from evalkit.intake.checks import duplicate_rows, follow_up_findings, without_early_statuses
from evalkit.intake.codebook import Codebook, codebook_for, value_key
from evalkit.intake.convert import is_error, per_row, to_dates
from evalkit.intake.date_columns import ColumnDates
from evalkit.intake.dates import Reasons, SpellDates, other_dates, spell_dates
from evalkit.intake.grid import Column, blank
from evalkit.intake.levels import (
    Levels,
    column_levels,
    exit_classes,
    has_digits_without_key,
    printable_labels,
)
from evalkit.intake.number_columns import number_column
from evalkit.intake.read import read_grid
from evalkit.intake.spells import ONGOING
from evalkit.intake.table import TextTable, text_table
from evalkit.project.model import Project
from evalkit.project.registers import Register, name_among
from evalkit.results import Finding

_LATEST_DRAWN = 2099
_UNSURE = frozenset({"decimal_mark_unsure", "per_cent_mixed", "unit_unsure"})
_READ_APART = frozenset({"person_id", "sex", "birth_date", "age", "entry", "exit", "exit_reason",
                         "enrolment"})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OpenRegister:
    """A register with its columns recognised and its dates read, before persons are known.

    Attributes:
        classes: Exit class per row, "ongoing" while enrolled.
    """

    register: Register
    codebook: Codebook
    table: TextTable
    dates: SpellDates
    classes: np.ndarray
    class_findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RegisterReading:
    """What one register gave.

    Attributes:
        spells: One row per accepted register row.
        n_read: Rows with anything in them. ``excluded``: flow step → rows it took.
        scope: Where the register's codes are unique.
        each_once: Nobody stands twice in it.
        names: Canonical column → header as the file has it.
    """

    spells: pd.DataFrame
    n_read: int
    excluded: dict[str, int]
    findings: tuple[Finding, ...]
    scope: str
    each_once: bool
    names: Mapping[str, str]


def open_register(register: Register, project: Project, *, today: dt.date) -> OpenRegister:
    """A register as far as it can be read without knowing who is who.

    Raises:
        IntakeError: If the file is missing, unreadable, empty or has no start date column, or
            nothing tells the order of its dates.
    """
    codebook = codebook_for(register, beside=project.registers)
    name = name_among(register, project.registers)
    grid = read_grid(project.folder / register.file, name=name, sheet=register.sheet)
    table = text_table(grid, codebook, register)
    levels = _reason_levels(table, codebook)
    dates = spell_dates(
        table,
        codebook,
        register,
        Reasons(
            given=(levels.values != "") | levels.removed,
            known=(levels.values != "") & (levels.values != "unknown"),
            enrolled=_says(table, codebook.ongoing, "exit_reason", "enrolment"),
            left=_says(table, codebook.left, "enrolment"),
            has_column=table.has("exit_reason"),
        ),
        period=project.period,
        data_cut=project.data_cut,
        today=today,
    )
    classes, findings = _exit_classes(table, levels, dates)
    return OpenRegister(
        register=register,
        codebook=codebook,
        table=table,
        dates=dates,
        classes=classes,
        class_findings=tuple(findings),
    )


def read_register(
    opened: OpenRegister, project: Project, *, key: bytes, scope: str
) -> RegisterReading:
    """The accepted rows of one register; ``scope`` is where its codes are unique."""
    table, codebook, dates = opened.table, opened.codebook, opened.dates
    birth = dates.readings.get("birth_date", ColumnDates())
    background = read_background(
        table,
        codebook,
        entry=dates.entry,
        data_cut=project.data_cut,
        key=key,
        scope=scope,
        birth_reading=birth.reading,
    )
    columns, column_findings = _columns(opened, project.data_cut)
    spells = _frame(table, dates, background, opened.classes, columns)
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
        *opened.class_findings,
        *follow_up_findings(table, spells, columns, project.data_cut),
    )
    if not accepted.all():
        spells = spells[accepted].reset_index(drop=True)
    persons = background.person[accepted].tolist()
    counts = {step: int(rows.sum()) for step, rows in unusable.items() if rows.any()}
    return RegisterReading(
        spells=without_early_statuses(spells, project.data_cut),
        n_read=table.n_read,
        excluded={**table.set_aside, **counts},
        findings=findings,
        scope=scope,
        each_once=len(set(persons)) == len(persons),
        names=table.names,
    )


def scope_of(register: Register) -> str:
    """Where codes that are no identity numbers are unique: the file and its sheet."""
    return f"{register.file.as_posix()}\x1f{register.sheet or ''}"


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
    # Left to itself pandas looks through every text first to find out that it is one.
    return pd.DataFrame({
        name: pd.array(pa.array(values, pa.large_string()), dtype="str")
        if values.dtype == object else values
        for name, values in content.items()
    })  # fmt: skip


def _says(table: TextTable, words: frozenset[str], *columns: str) -> np.ndarray:
    """Rows of which one of the columns says so."""
    says = np.zeros(len(table.rows), dtype=bool)
    for name in filter(table.has, columns):
        says |= per_row(table.texts[name], lambda text: value_key(text) in words, bool)
    return says


def _reason_levels(table: TextTable, codebook: Codebook) -> Levels:
    """Exit class of each reason given; empty everywhere without such a column."""
    return exit_classes(table.texts.get("exit_reason", blank(len(table.rows))), codebook)


def _exit_classes(
    table: TextTable, levels: Levels, dates: SpellDates
) -> tuple[np.ndarray, list[Finding]]:
    """Exit class per row, "ongoing" while enrolled, and exit reasons nobody has mapped."""
    has_left = ~np.isnat(dates.exit) | dates.end_unknown
    if not table.has("exit_reason"):
        return np.where(has_left, "unknown", ONGOING).astype(object), []
    texts = table.texts["exit_reason"]
    given = levels.values != ""
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
    ]


def _columns(
    opened: OpenRegister, data_cut: dt.date
) -> tuple[dict[str, np.ndarray], list[Finding]]:
    """Every other canonical or own column, read by its kind."""
    table, codebook = opened.table, opened.codebook
    columns: dict[str, np.ndarray] = {}
    findings: list[Finding] = []
    found: tuple[Finding, ...]
    for name in sorted(table.texts.keys() - _READ_APART):
        kind = codebook.kinds[name]
        if kind == "number":
            columns[name], found = _numbers(table, name, codebook)
        elif kind == "drawn":
            drawn = to_dates(table.texts[name], codebook, latest_year=_LATEST_DRAWN,
                             reading=opened.dates.readings[name].reading)  # fmt: skip
            columns[name] = drawn.days.astype("datetime64[s]")
            found = ()
        elif kind == "date":
            reading = opened.dates.readings[name]
            days, found = other_dates(table, name, codebook, data_cut=data_cut, reading=reading)
            columns[name] = days.astype("datetime64[s]")
        else:
            columns[name], found = _texts(table, name, kind, codebook)
        findings += found
    if "subsidy" not in columns and table.has("exit_reason"):
        subsidy = _subsidy_in_reasons(table.texts["exit_reason"], opened)
        if (subsidy == "yes").any():
            columns["subsidy"] = subsidy
            findings += table.found(
                "note", "subsidy_in_reason", subsidy != "", column="exit_reason"
            )
    order = [name for name in codebook.kinds if name in columns]
    return {name: columns[name] for name in order}, findings


def _subsidy_in_reasons(reasons: Column, opened: OpenRegister) -> np.ndarray:
    """What the reasons of those gone to work say of a subsidy, where they say anything."""
    own = opened.codebook.values["subsidy"]
    parts = opened.codebook.subsidy_in_reason

    def said(reason: str) -> str:
        key = value_key(reason)
        return own.get(key) or next((parts[part] for part in parts if part in key), "")

    return np.where(opened.classes == "employment", per_row(reasons, said, object), "")


def _numbers(
    table: TextTable, name: str, codebook: Codebook
) -> tuple[np.ndarray, tuple[Finding, ...]]:
    read = number_column(table.texts[name], name, codebook)
    numbers = read.numbers
    ranges = dict(read.checks)["number_range"]
    suppressed = numbers.is_state("suppressed")
    return numbers.values, (
        *(
            found
            for check, rows in read.checks
            for found in table.found(
                "error" if check in _UNSURE else "warning", check, rows, column=name
            )
        ),
        *table.found(
            "warning", "not_a_number", numbers.is_state("not_a_number") & ~ranges, column=name
        ),
        *table.found("note", "suppressed_number", suppressed, column=name),
    )


def _texts(
    table: TextTable, name: str, kind: str, codebook: Codebook
) -> tuple[np.ndarray, tuple[Finding, ...]]:
    texts = table.texts[name]
    levels = column_levels(texts, name, kind, codebook)
    return levels.values, (
        *table.found("error", "identity_in_text", levels.removed, column=name),
        *table.found("warning", "error_cells", is_error(texts, codebook), column=name),
        *_education_digits(table, name, kind, codebook, levels),
        *table.found(
            "warning",
            "value_unmapped",
            levels.unmapped & (kind in ("status", "education", "yes_no")),
            column=name,
            listing=printable_labels(texts[levels.unmapped]),
        ),
    )


def _education_digits(
    table: TextTable, name: str, kind: str, codebook: Codebook, levels: Levels
) -> tuple[Finding, ...]:
    """Education in single digits: 1, 2 and 3 of an unknown list, or the first digits of SUN."""
    if kind != "education":
        return ()
    texts, known = table.texts[name], codebook.values.get(name, {})
    is_digit = per_row(texts, lambda text: len(text) == 1 and text in codebook.education_sun, bool)
    if has_digits_without_key(texts, codebook, known):
        return table.found("error", "education_without_key", levels.unmapped, column=name)
    read = is_digit & ~per_row(texts, lambda text: value_key(text) in known, bool)
    return table.found("note", "education_first_digits", read, column=name)


def _column_presence(table: TextTable) -> tuple[Finding, ...]:
    """Columns without which the register says less than a reader would think."""
    everyone = np.ones(len(table.rows), dtype=bool)
    absent = [name for name in ("exit", "exit_reason") if not table.has(name)]
    return tuple(
        found for name in absent for found in table.found("error", f"no_{name}_column", everyone)
    )
