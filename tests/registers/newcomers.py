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
    PUBLISHED,
    Formula,
    Person,
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
    _by_hand(case)
    _of_systems(case)
    _of_other_habits(case)


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


def _by_hand(case: Case) -> None:
    """What municipalities write around persons, and the days of the week beside their dates."""
    p = people(921)
    truth, body = figures(p) | {"sex": sexes(p)}, [o.row for o in p]
    d = case("totals-with-dates", "odd workbooks", "First start and last end of a group.", truth,
             registers="r.xlsx")  # fmt: skip
    xlsx(d / "r.xlsx", {"Blad": [["Kommun", *HEAD], *[row for part in (p[:30], p[30:]) for row in (
        *[["Norr", *o.row] for o in part],
        [None, None, "Totalt", 41.5, min(o.start for o in part), max(o.end for o in part if o.end)],
    )]]})  # fmt: skip

    def sums(part: list[Person], number: object = None) -> list:
        return [number, None, 41.5, min(o.start for o in part), max(o.end for o in part if o.end)]

    for name, rows in {
        "below": [*body, sums(p)],
        "below-with-count": [*body, sums(p, 60)],
        "above": [sums(p), *body],
        "of-groups": [*body[:30], sums(p[:30]), *body[30:], sums(p[30:]), sums(p)],
    }.items():
        d = case(f"totals-without-a-word-{name}", "odd workbooks", "First and last day.", truth,
                 registers="r.xlsx", must_say=["totals_rows"])  # fmt: skip
        xlsx(d / "r.xlsx", {"Blad": [HEAD, *rows]})
    for number, word in enumerate(("EXEMPEL", "Ex.", "Antal deltagare: 60", "Senast ändrad")):
        d = case(f"nobody-but-a-word-{number}", "odd workbooks", word, truth)
        csv(d / "r.csv", HEAD, [[word, "Kvinna", 30, "2023-01-09", "2024-06-30", "Arbete"], *body])
    by_sex = sorted(p, key=lambda o: o.sex)
    d = case("sex-once-a-group", "merged headings", "On the first row of each.", truth,
             must_say=["stands_once"])  # fmt: skip
    csv(d / "r.csv", ["Kön", HEAD[0], *HEAD[2:]], [
        [None if i and by_sex[i - 1].sex == o.sex else o.sex, o.id, *o.row[2:]]
        for i, o in enumerate(by_sex)
    ])  # fmt: skip
    for number, again in enumerate(("Nytt startdatum", "Startdatum omgång 2", "Återinskriven")):
        d = case(f"again-beside-{number}", "case systems", again, truth, accept=("stop",),
                 stop_names=[again])  # fmt: skip
        csv(d / "r.csv", [*HEAD, again], [[*row, row[4]] for row in body])
    days, months = (
        ("mån", "tis", "ons", "tors", "fre", "lör", "sön"),
        ["jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec"],
    )
    forms: dict[str, Callable[[dt.date], str]] = {
        "before": lambda day: f"{days[day.weekday()]} {day}",
        "behind": lambda day: f"{day} ({days[day.weekday()]})",
        "before-slashes": lambda day: f"{day:%A}, {day:%d/%m/%Y}",
        "in-words": lambda day: f"tisdag den {day.day} {months[day.month - 1]} {day:%Y}",
        "short-year": lambda day: f"{day.day:02d}-{months[day.month - 1]}-{day:%y}",
        "month-first": lambda day: f"{day:%B} {day.day}, {day.year}",
        "spaces": lambda day: f"{day:%Y %m %d}",
    }  # fmt: skip
    for name, form in forms.items():
        d = case(f"day-{name}", "date order", form(p[0].start), truth)
        csv(d / "r.csv", HEAD, [
            [*o.row[:3], f'"{form(o.start)}"', f'"{form(o.end)}"' if o.end else None, o.reason]
            for o in p
        ])  # fmt: skip
    _not_as_it_looks(case, p)


def _not_as_it_looks(case: Case, p: list[Person]) -> None:
    d = case("formulas-never-computed", "error cells", "Ends have the result 0.",
             figures(p) | {"days_total": None}, registers="r.xlsx", accept=("said",),
             said={"column": "Slutdatum"})  # fmt: skip
    xlsx(d / "r.xlsx", {"Blad": [HEAD[:5], *[[*o.row[:4], Formula("=X!A1", 0)] for o in p]]})
    d = case("a-reference-to-nothing-is-0", "empty date", "Ends are references.", figures(p),
             registers="r.xlsx")  # fmt: skip
    xlsx(d / "r.xlsx", {"Blad": [HEAD, *[
        [*o.row[:4], Formula("=X!A1", o.end or 0), o.reason] for o in p
    ]]})  # fmt: skip
    for name, form, accept in (
        ("lost", "1,9E+11", ("stop",)), ("kept", "{0[0]},{0[1]}E+11", ("truth",)),
    ):  # fmt: skip
        numbers = [form.format((one[0], one[1:])) for one in PUBLISHED]
        d = case(f"numbers-as-powers-{name}", "identity numbers", numbers[0],
                 {"persons": 5, "sex": {"man": 2, "woman": 3}}, accept=accept,
                 stop_names=["Personnummer"])  # fmt: skip
        csv(d / "r.csv", ["Personnummer", *HEAD[3:]], [
            [number, *one.row[3:]] for number, one in zip(numbers * 2, p, strict=False)
        ])  # fmt: skip
    d = case("a-separator-in-a-cell", "encodings", "Arbete; studier without quotation marks.",
             figures(p), accept=("stop",), stop_names=[r"\b(rad|row) \d"])  # fmt: skip
    csv(d / "r.csv", HEAD, [
        [*o.row[:5], "Arbete; studier" if o.reason == "Studier" else o.reason] for o in p
    ])  # fmt: skip
    d = case("numbers-start-over", "two yearly sheets", "In each municipality.", figures(p),
             accept=("stop",), stop_names=["Löpnr"])  # fmt: skip
    csv(d / "r.csv", [*HEAD, "Kommun"], [
        [i % 20 + 1, *o.row[1:], ("Norr", "Mitt", "Söder")[i // 20]] for i, o in enumerate(p)
    ])  # fmt: skip


def _of_systems(case: Case) -> None:
    """Lists as case systems, report tools and the funders' forms write them."""
    p = people(931)
    truth, body = figures(p) | {"sex": sexes(p)}, [o.row for o in p]
    d = case("rows-prepared-for-more", "odd workbooks", "Checkboxes below the list.", truth)
    csv(d / "r.csv", [*HEAD, "Klar"], [
        *[[*row, "TRUE" if row[4] else "FALSE"] for row in body],
        *[[*[None] * 6, "FALSE"]] * 200,
    ], sep=",")  # fmt: skip
    d = case("others-in-the-sheet", "case systems", "A column says who is compared with.", truth,
             accept=("stop",), stop_names=["Grupp", r"\brad 62\b"])  # fmt: skip
    csv(d / "r.csv", [*HEAD, "Grupp"], [
        *[[*row, "Deltagare"] for row in body],
        *[[f"J{o.id}", *o.row[1:], "Jämförelsegrupp"] for o in people(932, 30)],
    ])  # fmt: skip
    cuts = [
        dt.date(2023, 6, 30),
        dt.date(2023, 12, 31),
        dt.date(2024, 6, 30),
        dt.date(2024, 12, 31),
    ]
    d = case("cumulative-quarters", "two yearly sheets", "Each quarter lists all so far.", truth,
             registers=[f"file: r.xlsx\nsheet: K{n}" for n in range(1, 5)])  # fmt: skip
    xlsx(d / "r.xlsx", {f"K{n}": [HEAD, *[
        [*o.row[:4], *(o.row[4:] if o.end and o.end <= cut else (None, None))]
        for o in p if o.start <= cut
    ]] for n, cut in enumerate(cuts, 1)})  # fmt: skip
    d = case("totals-of-a-matrix", "odd workbooks", "A report tool's sums per group.", truth,
             registers="r.xlsx")  # fmt: skip
    xlsx(d / "r.xlsx", {"Export": [["Kön", HEAD[0], *HEAD[2:]], *[row for sex in ("Kvinna", "Man")
        for row in (*[[sex, o.id, *o.row[2:]] for o in p if o.sex == sex], [sex, "Total", 2000])
    ], ["Total"]]})  # fmt: skip
    d = case("names-of-rows", "encodings", "R's numbers of rows, and NA.", truth)
    csv(d / "r.csv", ['""', *HEAD], [
        [f'"{i}"', *["NA" if c is None else c for c in row]] for i, row in enumerate(body, 1)
    ], sep=",", end="\n")  # fmt: skip
    d = case("verkstallighet", "case systems", "Insats verkställd fr.o.m.", truth)
    csv(d / "r.csv", ["Personid", "Kön", "Ålder", "Insats verkställd fr.o.m.",
                      "Insats avslutad t.o.m.", "Avslutsorsak"], body)  # fmt: skip


def _of_other_habits(case: Case) -> None:
    p = people(917)
    for name, written in (("stamps-of-fourteen-digits", "{:%Y%m%d000000}"),
                          ("apostrophes-before-days", "'{:%Y-%m-%d}")):  # fmt: skip
        d = case(name, "date order", written, figures(p))
        csv(d / "r.csv", HEAD, [
            [*o.row[:3], *(day and written.format(day) for day in (o.start, o.end)), o.reason]
            for o in p
        ])  # fmt: skip
    towns = ("Ystad", "ystad", "YSTAD ", "Ystads kommun", "SJÖBO", "Sjöbo kommun")
    d = case("towns-in-many-forms", "sorting", "With and without kommun.", figures(p) | {
        "groups": {"municipality": {"Sjöbo kommun": 20, "Ystad": 40}}})  # fmt: skip
    csv(d / "r.csv", [*HEAD, "Kommun"], [[*o.row, towns[i % 6]] for i, o in enumerate(p)])
    d = case("two-extracts-as-registers", "snapshots", "The later one has everybody's end.",
             figures(p), registers=["file: juni.csv", "file: december.csv"])  # fmt: skip
    then = dt.date(2024, 6, 30)
    csv(d / "december.csv", HEAD, [o.row for o in p])
    csv(d / "juni.csv", HEAD, [
        [*o.row[:4], *(o.row[4:] if o.end and o.end <= then else (None, None))]
        for o in p if o.start <= then
    ])  # fmt: skip
