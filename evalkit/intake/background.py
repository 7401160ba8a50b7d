"""Who a row is about: pseudonym, sex and age at entry, from identity number and columns."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from evalkit.intake.codebook import Codebook, header_key
from evalkit.intake.convert import USUAL_DATES, DateReading, per_row, to_dates, to_numbers
from evalkit.intake.errors import IntakeError
from evalkit.intake.grid import Column, blank
from evalkit.intake.identity import (
    Identities,
    lone_persons,
    placeholders_in,
    read_identities,
    share_of_numbers,
)
from evalkit.intake.levels import column_levels, printable_labels
from evalkit.intake.table import TextTable
from evalkit.results import Finding, Severity

_YOUNGEST, _OLDEST = 10, 100
_MIDDLE_OF_YEAR = "-07-01"
_IS_REGISTER_OF_NUMBERS = 0.5
# A stated age may be a year off: stated at referral, or counted by calendar year.
_AGE_TOLERANCE = 1
_OF_THE_PERSON = ("sex", "birth_date", "age")
_FEWEST_LINES, _MOSTLY_FILLED = 3, 0.9
_SLIPS = 0.2


@dataclass(frozen=True, slots=True, eq=False)
class Background:
    """Per row the person's pseudonym, sex and completed years of age at entry (NaN unknown)."""

    person: np.ndarray
    is_known_person: np.ndarray
    sex: np.ndarray
    age_at_entry: np.ndarray
    has_codes: bool
    findings: tuple[Finding, ...]


def read_background(
    table: TextTable,
    codebook: Codebook,
    *,
    entry: np.ndarray,
    data_cut: dt.date,
    key: bytes,
    scope: str,
    birth_reading: DateReading = USUAL_DATES,
) -> Background:
    """The persons behind the rows; a row without a readable id is a person of its own."""
    identities = identities_of(table, codebook, on=entry, data_cut=data_cut, key=key, scope=scope)
    is_known = identities.person != ""
    person = identities.person.copy()
    person[~is_known] = lone_persons(table.rows[~is_known], key=key, scope=scope)
    sex, sex_findings = _sex(table, codebook, identities)
    _require_one_sex_each(table, sex, identities.status == "code")
    from_birth = _age_by_birth_column(table, codebook, entry, data_cut, birth_reading)
    age, age_findings = _age(table, codebook, identities, entry, from_birth)
    return Background(
        person=person,
        is_known_person=is_known,
        sex=sex,
        age_at_entry=age,
        has_codes=bool((identities.status == "code").any()),
        findings=(*_identity_findings(table, identities), *sex_findings, *age_findings),
    )


def identities_of(
    table: TextTable,
    codebook: Codebook,
    *,
    on: np.ndarray,
    data_cut: dt.date,
    key: bytes,
    scope: str,
) -> Identities:
    """Whose each row is; ``on`` is the date of the row, which settles the century."""
    texts = table.texts.get("person_id", blank(len(table.rows)))
    years = np.where(np.isnat(on), data_cut.year, on.astype("datetime64[Y]").astype(int) + 1970)
    expects_number = holds_numbers(table, codebook, data_cut)
    return read_identities(
        texts,
        years,
        key=key,
        scope=scope,
        expects_number=expects_number,
        placeholders=placeholders_in(texts, codebook.no_identity),
    )


def holds_numbers(table: TextTable, codebook: Codebook, data_cut: dt.date) -> bool:
    """Whether persons are told apart by identity numbers, and not by codes of some kind."""
    texts = table.texts.get("person_id", blank(0))
    return (
        header_key(table.names.get("person_id", "")) in codebook.identity_headers
        or share_of_numbers(texts, data_cut.year) > _IS_REGISTER_OF_NUMBERS
    )


def _require_a_number_each(table: TextTable, is_missing: np.ndarray) -> None:
    """Refuse lines that go on from the one above, as a merged cell is read: whose they are.

    They have neither number nor anything of the person's, where those with a number have it.

    Raises:
        IntakeError: If some lines are such.
    """
    about = [table.texts[name] for name in _OF_THE_PERSON if table.has(name)]
    if not about or not is_missing.any():
        return
    has_any = np.logical_or.reduce([texts.filled for texts in about])
    going_on = is_missing & ~has_any
    if going_on.sum() >= _FEWEST_LINES and has_any[~is_missing].mean() > _MOSTLY_FILLED:
        table.refuse("lines_without_number", going_on)


def _require_one_sex_each(table: TextTable, sex: np.ndarray, is_code: np.ndarray) -> None:
    """Refuse codes that start over within a register: they stand for women and men alike.

    Raises:
        IntakeError: If too many do for slips of the pen.
    """
    rows = np.flatnonzero(is_code & ((sex == "woman") | (sex == "man")))
    codes = table.texts["person_id"].codes[rows] if len(rows) else rows
    n_rows = np.bincount(codes)
    n_women = np.bincount(codes[sex[rows] == "woman"], minlength=len(n_rows))
    several = (n_women > 0) & (n_women < n_rows)
    if several.sum() >= max(_FEWEST_LINES, _SLIPS * (n_rows > 1).sum()):
        first = rows[several[codes]][0]
        raise IntakeError(
            "codes_start_over", file=table.file, column=table.names["person_id"],
            count=int(several.sum()), row=int(table.rows[first]),
        )  # fmt: skip


def _identity_findings(table: TextTable, identities: Identities) -> list[Finding]:
    if not table.has("person_id"):
        everyone = np.ones(len(table.rows), dtype=bool)
        return list(table.found("error", "no_person_column", everyone))
    status = identities.status
    # 1,9E+11: whose rows they are, nobody can tell any more.
    table.refuse("lost_digits", status == "lost_digits")
    _require_a_number_each(table, status == "missing")
    marks: tuple[tuple[Severity, str, np.ndarray], ...] = (
        ("error", "identity_invalid", status == "invalid"),
        ("warning", "identity_missing", status == "missing"),
        ("note", "identity_coordination", status == "coordination"),
        ("warning", "identity_placeholder", status == "placeholder"),
        ("note", "identity_temporary", status == "temporary"),
    )
    found: list[Finding] = []
    for severity, check, mask in marks:
        found += table.found(severity, check, mask, column="person_id")
    return found


def _sex(
    table: TextTable, codebook: Codebook, identities: Identities
) -> tuple[np.ndarray, list[Finding]]:
    """Sex from the identity number, else from the column; non-binary as the column says."""
    if not table.has("sex"):
        return identities.sex, []
    stated = column_levels(table.texts["sex"], "sex", "sex", codebook)
    from_number = identities.sex
    disagrees = (
        np.isin(stated.values, ["woman", "man"])
        & np.isin(from_number, ["woman", "man"])
        & (stated.values != from_number)
    )
    use_stated = (from_number == "unknown") | (stated.values == "non_binary")
    values = np.where(stated.removed, "unknown", stated.values)
    return np.where(use_stated, values, from_number), [
        *table.found(
            "warning",
            "sex_unmapped",
            stated.unmapped,
            column="sex",
            listing=printable_labels(table.texts["sex"][stated.unmapped]),
        ),
        *table.found("warning", "sex_disagrees", disagrees, column="sex"),
        *table.found(
            "note",
            "sex_by_digits",
            per_row(table.texts["sex"], {"1", "2"}.__contains__, bool) & ~stated.unmapped,
            column="sex",
        ),
    ]


def _age(
    table: TextTable,
    codebook: Codebook,
    identities: Identities,
    entry: np.ndarray,
    by_birth: tuple[np.ndarray, list[Finding]],
) -> tuple[np.ndarray, list[Finding]]:
    """Age from the identity number, else the birth date, else the stated age."""
    from_number = completed_years(identities.birth_date, entry)
    from_birth, findings = by_birth
    stated, stated_findings = _stated_age(table, codebook)
    age = from_number
    for source in (from_birth, stated):
        age = np.where(np.isnan(age), source, age)
    findings += stated_findings
    for column, source in (("birth_date", from_birth), ("age", stated)):
        disagrees = np.abs(source - from_number) > _AGE_TOLERANCE
        findings += table.found("warning", "age_disagrees", disagrees, column=column)
    implausible = (age < _YOUNGEST) | (age > _OLDEST)
    findings += table.found("warning", "age_implausible", implausible, column=_age_column(table))
    return np.where(implausible, np.nan, age), findings


def _age_column(table: TextTable) -> str:
    """Where to look when an age is odd."""
    return next((name for name in ("birth_date", "age") if table.has(name)), "person_id")


def _age_by_birth_column(
    table: TextTable,
    codebook: Codebook,
    entry: np.ndarray,
    data_cut: dt.date,
    reading: DateReading,
) -> tuple[np.ndarray, list[Finding]]:
    """Age by birth date; a birth year alone is taken as born on 1 July."""
    if not table.has("birth_date"):
        return np.full(len(table.rows), np.nan), []
    written = table.texts["birth_date"]
    is_year = [len(text) == len("1985") and text.isdigit() for text in written.distinct]
    whole = [
        text + _MIDDLE_OF_YEAR if only else text
        for text, only in zip(written.distinct, is_year, strict=True)
    ]
    texts = Column(written.codes, np.array(whole, dtype=object))
    dates = to_dates(texts, codebook, latest_year=data_cut.year, reading=reading)
    impossible = dates.impossible | dates.ongoing
    years = np.array(is_year, dtype=bool)[written.codes]
    found = [
        *table.found("warning", "date_impossible", impossible, column="birth_date"),
        *table.found("note", "birth_year_only", years, column="birth_date"),
    ]
    return completed_years(dates.days, entry), found


def _stated_age(table: TextTable, codebook: Codebook) -> tuple[np.ndarray, list[Finding]]:
    if not table.has("age"):
        return np.full(len(table.rows), np.nan), []
    numbers = to_numbers(table.texts["age"], codebook)
    unread = numbers.is_state("not_a_number")
    return np.floor(numbers.values), list(
        table.found("warning", "not_a_number", unread, column="age")
    )


def completed_years(birth: np.ndarray, on: np.ndarray) -> np.ndarray:
    """Completed years of age on a date; NaN where either date is unknown.

    Whole years also keep the birth date from being worked out from age and entry.

    >>> day = np.array(["2018-02-28"], dtype="datetime64[D]")
    >>> completed_years(np.array(["2000-02-29"], dtype="datetime64[D]"), day).tolist()
    [17.0]
    """
    known = ~(np.isnat(birth) | np.isnat(on))
    born = np.where(known, birth, np.datetime64("2000-01-01", "D"))
    day = np.where(known, on, np.datetime64("2000-01-01", "D"))
    years = day.astype("datetime64[Y]").astype(int) - born.astype("datetime64[Y]").astype(int)
    birthday_passed = _day_of_year_key(day) >= _day_of_year_key(born)
    return np.where(known, years - ~birthday_passed, np.nan).astype(float)


def _day_of_year_key(days: np.ndarray) -> np.ndarray:
    """Month and day as one comparable number."""
    months = days.astype("datetime64[M]")
    day = (days - months.astype("datetime64[D]")).astype(int)
    month: np.ndarray = months.astype(int) % 12 * 31 + day
    return month
