"""A fourth set, small: what programs write around a register and inside its cells."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq

from tests.registers.kit import (
    HEAD,
    Suite,
    csv,
    figures,
    people,
    prefixed,
    sexes,
    strict,
    with_returns,
    xlsx,
)

Case = Callable[..., Path]


def write_all(root: Path) -> None:
    """Every case below ``root``."""
    case = Suite(root).case
    _cells(case)
    _around(case)


def _cells(case: Case) -> None:
    p = people(901)
    d = case("day-before-month", "date order", "2024-31-03.", figures(p), accept=("stop",),
             stop_names=["Startdatum"])  # fmt: skip
    swapped = [[f"{day:%Y-%d-%m}" if day else None for day in (o.start, o.end)] for o in p]
    csv(d / "r.csv", HEAD, [
        [*o.row[:3], *days, o.reason] for o, days in zip(p, swapped, strict=True)
    ])  # fmt: skip
    back = [o for o in p if o.end and o.end < dt.date(2024, 8, 1)][:6]
    for name, form in (("formula", '="{}"'), ("apostrophe", "'{}")):
        d = case(f"id-as-{name}", "ids that lost zeros", form, with_returns(p, back))
        csv(d / "r.csv", HEAD, [
            *[[form.format(o.id[1:]), *o.row[1:]] for o in p],
            *[[o.id[1:], *o.row[1:3], dt.date(2024, 9, 1), None, None] for o in back],
        ])  # fmt: skip
    d = case("id-of-nobody", "placeholder id", "9999 among codes.", figures(p))
    csv(d / "r.csv", HEAD, [["9999" if i % 9 == 0 else o.id, *o.row[1:]] for i, o in enumerate(p)])
    d = case("reasons-of-a-numbered-list", "case systems", "01 Arbete.", figures(p), no_error=True)
    csv(d / "r.csv", HEAD, [
        [*o.row[:5], f"{len(o.reason):02d} {o.reason}" if o.reason else None] for o in p
    ])  # fmt: skip
    d = case("timestamps-in-utc", "Parquet", "Swedish midnights.", figures(p),
             registers="r.parquet")  # fmt: skip
    zone = ZoneInfo("Europe/Stockholm")
    columns = dict(zip(HEAD, zip(*(o.row for o in p), strict=True), strict=True))
    pq.write_table(pa.table({
        heading: pa.array(
            [dt.datetime.combine(day, dt.time(), zone) if day else None for day in values],
            pa.timestamp("us", "UTC"),
        ) if heading in HEAD[3:5] else pa.array([*values])
        for heading, values in columns.items()
    }), d / "r.parquet")  # fmt: skip


def _around(case: Case) -> None:
    p = people(911)
    truth, body = figures(p) | {"sex": sexes(p)}, [o.row for o in p]
    sheets: dict[str, list[list]] = {
        "sections": [HEAD, *[
            row for i, one in enumerate(body)
            for row in ([[f"Enhet {i // 20}"], one] if i % 20 == 0 else [one])
        ]],
        "types-below": [HEAD, ["text", "text", "heltal", "datum", "datum", "text"], *body],
        "summary-beside": [[*HEAD, None, "Månad", "Antal"], *[
            [*one, None, f"2024-{i + 1:02d}", i] if i < 12 else one for i, one in enumerate(body)
        ]],
    }  # fmt: skip
    for name, rows in sheets.items():
        d = case(name, "odd workbooks", name, truth, registers="r.xlsx")
        xlsx(d / "r.xlsx", {"Blad": rows},
             change=lambda part, content: prefixed(part, strict(part, content)))  # fmt: skip
    d = case("rows-cut-short", "encodings", "Rows end with their last value.", truth)
    csv(d / "r.csv", HEAD, [row if row[-1] else row[:4] for row in body])
    d = case("comments-above", "encodings", "Lines of comment.", truth)
    csv(d / "r.csv", ["# uttag 2025-01-07"], [["# ur systemet"], HEAD, *body])
