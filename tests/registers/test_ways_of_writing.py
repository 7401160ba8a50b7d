"""One register written in every way that chance finds: the same persons and exits, or a refusal."""

from __future__ import annotations

import datetime as dt
import random
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evalkit.intake import IntakeError, read_registers
from evalkit.project.model import Project
from tests.registers.kit import CLASS, CUT, HEAD, Person, csv, people, xlsx

PEOPLE = people(777, 48)
BACK = [one for one in PEOPLE if one.end and one.end < dt.date(2024, 6, 1)][:4]
MISSING = (None, "", "#NULL!", "(Blank)", "NaT", "0000-00-00", "9999-12-31", "pågår", "-", "NULL")
FORMS: dict[str, Callable[[dt.date], object]] = {
    "iso": str,
    "clock": lambda day: f"{day} 00:00:00",
    "compact": lambda day: f"{day:%Y%m%d}",
    "day first": lambda day: f"{day:%d/%m/%Y}",
    "dots": lambda day: f"{day.day}.{day.month}.{day.year}",
    "month first": lambda day: f"{day.month}/{day.day}/{day.year}",
    "serial": lambda day: (day - dt.date(1899, 12, 30)).days,
    "utc": lambda day: (
        f"{day - dt.timedelta(1)}T{'22' if dt.date(day.year, 4, 1) <= day else '23'}:00:00Z"
    ),
}
HEADINGS = (
    tuple(HEAD),
    ("Löpnr", "KÖN", "ålder", "Start-datum", "Slut datum", "Avslutsorsak"),
    ("Klientnr", "Kön", "Ålder", "Fr.o.m.", "T.o.m.", "Orsak till avslut"),
    ("Deltagar-ID", "Kön", "Ålder vid start", "Inskriven", "Utskriven", "Avslutsanledning"),
)


@dataclass(frozen=True)
class Way:
    """How the register is written this time."""

    kind: str
    encoding: str
    sep: str
    missing: str | None
    form: str
    heading: int
    unicode: str
    duplicates: int
    is_split: bool
    seed: int


WAYS = st.builds(
    Way,
    kind=st.sampled_from(["csv", "xlsx", "parquet"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252", "mac_roman", "cp850"]),
    sep=st.sampled_from([";", ",", "\t", "|"]),
    missing=st.sampled_from(MISSING),
    form=st.sampled_from([*FORMS]),
    heading=st.integers(0, len(HEADINGS) - 1),
    unicode=st.sampled_from(["NFC", "NFD"]),
    duplicates=st.integers(0, 5),
    is_split=st.booleans(),
    seed=st.integers(0, 10_000),
)


def truth() -> tuple[int, Counter[str]]:
    exits = Counter(CLASS[one.reason] for one in PEOPLE)
    for one in BACK:  # they came back and are still enrolled
        exits[CLASS[one.reason]] -= 1
        exits["ongoing"] += 1
    return len(PEOPLE), +exits


def rows(way: Way) -> list[tuple[int, list[Any]]]:
    """The year of each start, and the row."""
    chance = random.Random(way.seed)
    everyone: list[tuple[Person, dt.date, dt.date | None, str | None]] = [
        (one, one.start, one.end, one.reason) for one in PEOPLE
    ]
    everyone += [(one, one.end + dt.timedelta(30), None, None) for one in BACK if one.end]
    everyone += chance.sample(everyone, way.duplicates)
    chance.shuffle(everyone)
    form = FORMS[way.form]
    return [
        (start.year, [spelled(one.id, way), spelled(one.sex, way), one.age, form(start),
                      form(end) if end else way.missing, spelled(reason, way) if reason else None])
        for one, start, end, reason in everyone
    ]  # fmt: skip


def spelled(text: str, way: Way) -> str:
    written = unicodedata.normalize(way.unicode, text)
    if way.kind == "csv":
        try:
            written.encode(way.encoding)
        except UnicodeEncodeError:
            return unicodedata.normalize("NFC", text)
    return written


def write(way: Way, folder: Path) -> list[dict[str, Any]]:
    head, dated = [*HEADINGS[way.heading]], rows(way)
    body = [cells for _, cells in dated]
    if way.kind == "csv":
        encoding = way.encoding if can_hold(way) else "utf-8"
        parts = {"r.csv": body}
        if way.is_split:  # a file a year, by the year of the start
            parts = {f"{year}.csv": [cells for of, cells in dated if of == year]
                     for year in (2023, 2024)}  # fmt: skip
        for name, rows_of in parts.items():
            csv(folder / name, head, rows_of, sep=way.sep, encoding=encoding)
        shared = {"codes": "shared"} if way.is_split else {}
        return [{"file": name, **shared} for name in parts]
    if way.kind == "parquet":
        columns = [
            pa.array([None if v is None else str(v) for v in c]) for c in zip(*body, strict=True)
        ]
        pq.write_table(pa.Table.from_arrays(columns, names=head), folder / "r.parquet")
        return [{"file": "r.parquet"}]
    half = len(body) // 2 if way.is_split else len(body)
    sheets = {"A": [head, *body[:half]], "B": [head, *body[half:]]}
    xlsx(folder / "r.xlsx", {name: rows for name, rows in sheets.items() if len(rows) > 1})
    sheet_names = ["A", "B"] if way.is_split else ["A"]
    return [{"file": "r.xlsx", "sheet": name, "codes": "shared"} for name in sheet_names]


def can_hold(way: Way) -> bool:
    try:
        "Löpnr pågår Ålder".encode(way.encoding)
    except UnicodeEncodeError:
        return False
    return True


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(way=WAYS)
def test_a_register_is_the_same_persons_however_it_is_written(way: Way, tmp_path: Path) -> None:
    project = Project.model_validate(
        {
            "id": "ways",
            "title": {"sv": "Prov", "en": "Trial"},
            "summary": {"sv": "Prov", "en": "Trial"},
            "period": {"start": "2023-01-01", "end": "2024-12-31"},
            "data_cut": CUT,
            "registers": write(way, tmp_path),
            "chapters": ["data_quality"],
        }
    ).placed_in(tmp_path)
    try:
        persons = read_registers(project, key=b"a key for tests only").persons
    except IntakeError:
        return  # a refusal is an answer, a wrong figure is none
    n, exits = truth()
    assert len(persons) == n
    assert Counter(persons["exit_class"]) == exits
    assert persons["entry"].min().date() == min(one.start for one in PEOPLE)
