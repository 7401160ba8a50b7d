"""A third set: columns that contradict each other, and dates that a program has read before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tests.registers.kit import (
    CUT,
    EPOCH,
    HEAD,
    PUBLISHED,
    Person,
    Suite,
    csv,
    figures,
    levels,
    people,
    sexes,
    with_returns,
    xlsx,
)

Case = Callable[..., Path]
REFUSED = ("truth", "said", "stop")
Days = Callable[[dt.date], object]


def write_all(root: Path) -> None:
    """Every case below ``root``."""
    suite = Suite(root)
    for write in (_read_before, _marks, _two_columns, _who, _codes, _money, _files, _dressed):
        write(suite.case)


def _dated(path: Path, persons: list[Person], day: Days) -> None:
    csv(path, HEAD, [
        [*o.row[:3], day(o.start), day(o.end) if o.end else None, o.reason] for o in persons
    ])  # fmt: skip


def _swapped(day: dt.date) -> dt.date:
    return dt.date(day.year, day.day, day.month)


def _read_before(case: Case) -> None:
    """Where both orders were possible, a program has taken one of them."""
    forms: dict[str, Days] = {
        "us-in-sweden": lambda d: f"{d.month}/{d.day}/{d.year}" if d.day > 12 else str(_swapped(d)),
        "day-first": lambda d: f"{d:%d/%m/%Y}" if d.day > 12 else str(_swapped(d)),
        "serials": lambda d: (
            f"{d.month}/{d.day}/{d.year}" if d.day > 12 else (_swapped(d) - EPOCH).days
        ),
    }
    for number, (name, form) in enumerate(forms.items()):
        p = people(801 + number, 66)
        d = case(f"read-before-{name}", "date order", "Half is swapped.", figures(p),
                 accept=("stop",), stop_names=["Startdatum"])  # fmt: skip
        _dated(d / "r.csv", p, form)
    # Two ways of writing, none of them taken for the other: nothing is wrong.
    p = people(805, 66)
    d = case("two-ways-of-writing", "date order", "ISO and day/month.", figures(p))
    _dated(d / "r.csv", p, lambda day: f"{day:%d/%m/%Y}" if day.day % 2 else str(day))


def _marks(case: Case) -> None:
    """A mark for no date at somebody who has left, or has come."""
    for number, word in enumerate(("9999-12-31", "2099-12-31", "2042-06-01", "1900-01-01")):
        p = people(811 + number)
        lost = [i for i, o in enumerate(p) if o.end and i % 5 == 0]
        d = case(f"left-{number}", "error cells", f"Left, with a reason, on {word}.",
                 figures(p) | {"days_total": None}, accept=("truth", "said"),
                 said={"column": "Slutdatum", "rows": [i + 2 for i in lost]})  # fmt: skip
        csv(d / "r.csv", HEAD, [
            [*o.row[:4], word if i in lost else o.end, o.reason] for i, o in enumerate(p)
        ])  # fmt: skip
    for number, word in enumerate(("2099-12-31", "9999-12-31", "1901-01-01")):
        p = people(816 + number)
        lost = list(range(0, 60, 9))
        d = case(f"came-{number}", "error cells", f"Came on {word}.", figures(p),
                 accept=("said", "stop"), stop_names=["Startdatum"],
                 said={"column": "Startdatum", "rows": [i + 2 for i in lost]})  # fmt: skip
        csv(d / "r.csv", HEAD, [
            [*o.row[:3], word if i in lost else o.start, *o.row[4:]] for i, o in enumerate(p)
        ])  # fmt: skip
    p = people(821)
    planned = [o.end or CUT - dt.timedelta(3 + i) for i, o in enumerate(p)]
    word = [o.reason or "Pågår" for o in p]
    state = ["Avslutad" if o.end else "Pågående" for o in p]
    for name, head, last in (
        ("reason", HEAD, [[one] for one in word]),
        ("status", [*HEAD[:5], "Status", HEAD[5]],
         [[one, o.reason] for one, o in zip(state, p, strict=True)]),
    ):  # fmt: skip
        d = case(f"enrolled-by-{name}", "planned and actual end",
                 f"The {name} says enrolled, the end date is past.", figures(p),
                 accept=("said", "stop"), said={"column": "Slutdatum", "at_most": {
                     "employment": figures(p)["exits"]["employment"]}})  # fmt: skip
        csv(d / "r.csv", head, [
            [*o.row[:4], end, *rest] for o, end, rest in zip(p, planned, last, strict=True)
        ])  # fmt: skip
    _planned(case)
    d = case("left-by-status", "error cells", "Avslutad, and no day.", figures(p),
             accept=("said",), said={"column": "Status", "at_most": {
                 "ongoing": figures(p)["exits"]["ongoing"]}})  # fmt: skip
    csv(d / "r.csv", [*HEAD[:5], "Status"], [
        [*o.row[:4], o.end if i % 3 else None, one]
        for i, (o, one) in enumerate(zip(p, state, strict=True))
    ])  # fmt: skip


def _planned(case: Case) -> None:
    """Those enrolled have an end date that has passed, and nothing but no reason says so."""
    p = people(826)
    ahead = [o.start + dt.timedelta(150 + 9 * (i % 60)) for i, o in enumerate(p)]
    ways: dict[str, tuple[list[dt.date], tuple[str, ...]]] = {
        "after-a-year": ([o.start + dt.timedelta(91) for o in p], ("truth",)),
        "whole-months": ([dt.date(2024, 12, min(o.start.day, 28)) for o in p], ("truth",)),
        "beside-days-ahead": (ahead, ("truth",)),
        "nothing-tells": ([CUT - dt.timedelta(3 + i) for i in range(60)], ("stop",)),
    }
    for name, (planned, accept) in ways.items():
        d = case(f"planned-{name}", "planned and actual end", name, figures(p), accept=accept,
                 stop_names=["Slutdatum"])  # fmt: skip
        csv(d / "r.csv", HEAD, [
            [*o.row[:4], o.end or max(o.start, day), o.reason]
            for o, day in zip(p, planned, strict=True)
        ])  # fmt: skip


def _two_columns(case: Case) -> None:
    p = people(831)
    for number, (one, other) in enumerate((
        ("Slutdatum", "Avslutsdatum"), ("T.o.m.", "Slut"), ("Datum ut", "Utskriven"),
    )):  # fmt: skip
        d = case(f"two-ends-{number}", "planned and actual end", f"{one} is for all.", figures(p),
                 accept=("stop",), stop_names=[one, other])  # fmt: skip
        csv(d / "r.csv", [*HEAD[:4], one, other, HEAD[5]], [
            [*o.row[:4], o.start + dt.timedelta(365), o.end, o.reason] for o in p
        ])  # fmt: skip
    d = case("flag-beside-end", "planned and actual end", "Avslutad is Ja or Nej.", figures(p))
    csv(d / "r.csv", [*HEAD[:4], "Avslutad", *HEAD[4:]], [
        [*o.row[:4], "Ja" if o.end else "Nej", *o.row[4:]] for o in p
    ])  # fmt: skip
    d = case("two-reasons", "case systems", "One says planned end, the other where to.",
             figures(p), accept=("stop",),
             stop_names=["Avslutsorsak", "Utskriven till"])  # fmt: skip
    csv(d / "r.csv", [*HEAD, "Utskriven till"], [
        [*o.row[:5], "Planenligt avslut" if o.end else None, o.reason] for o in p
    ])  # fmt: skip
    d = case("second-enrolment-beside", "case systems", "Startdatum 2 on the same row.",
             figures(p), accept=("stop",), stop_names=["Startdatum 2"])  # fmt: skip
    csv(d / "r.csv", [*HEAD, "Startdatum 2", "Slutdatum 2"], [
        [*o.row, o.end + dt.timedelta(9) if o.end else None, None] for o in p
    ])  # fmt: skip
    d = case("heading-twice-in-workbook", "duplicate headings", "Startdatum stands twice.",
             figures(p), registers="r.xlsx", accept=("stop",),
             stop_names=["Slutdatum"])  # fmt: skip
    xlsx(d / "r.xlsx", {"Blad": [[*HEAD, *HEAD[3:]], *[[*o.row, o.start, None, None] for o in p]]})
    for number, (heading, text) in enumerate((
        ("Omfattning (tim/vecka)", "20"), ("Kostnad (tkr)", "12"), ("Ålder (månader)", "400"),
    )):  # fmt: skip
        d = case(f"other-unit-{number}", "percent", heading, figures(p), must_say=[heading[:6]])
        csv(d / "r.csv", [*HEAD, heading], [[*o.row, text] for o in p])
    d = case("extent-on-two-scales", "percent", "0,5 and 50.", figures(p), accept=("said",),
             said={"column": "Omfattning", "rows": list(range(2, 62, 2)),
                   "outcomes": False})  # fmt: skip
    csv(d / "r.csv", [*HEAD, "Omfattning"], [
        [*o.row, ["0,5", "50"][i % 2]] for i, o in enumerate(p)
    ])  # fmt: skip


def _who(case: Case) -> None:
    p = people(841)
    back = [o for o in p if o.end and o.end < dt.date(2024, 8, 1)][:8]
    rows = [o.row for o in p]
    rows += [[o.id, o.sex, o.age, o.end + dt.timedelta(20), None, None] for o in back]
    for row, person in (
        ("ID", "Klientnr"), ("Ärendenr", "Klient-ID"), ("Kod", "Brukarnummer"), ("Id", "SUS-nr"),
        ("ID-nummer", "Deltagarkod"), ("Löpnr", "Klientkod"), ("Nr", "Personkod"),
    ):  # fmt: skip
        name = f"row-number-{row.casefold()[:2]}-{person[:4].casefold()}".replace("ä", "a")
        d = case(name.replace("ö", "o"), "placeholder id",
                 f"{row} is a row's, {person} a person's.", with_returns(p, back))  # fmt: skip
        csv(d / "r.csv", [row, person, *HEAD[1:]], [[5000 + i, *r] for i, r in enumerate(rows)])
    d = case("hyphens-that-look-alike", "unicode", "D-1 with two hyphens.", with_returns(p, back))
    csv(d / "r.csv", HEAD, [
        [f"D{'-' if i < len(p) else chr(0x2011)}{r[0][1:]}", *r[1:]] for i, r in enumerate(rows)
    ])  # fmt: skip
    forms: tuple[Callable[[str], str], ...] = (
        lambda n: f"SE{n}", lambda n: f"{n[:8]}/{n[8:]}", lambda n: f"{n[:8]}\u2010{n[8:]}",
        lambda n: f"{n[:4]}.{n[4:6]}.{n[6:8]}-{n[8:]}",
    )  # fmt: skip
    numbered = [replace(o, id=n) for o, n in zip(p, PUBLISHED, strict=False)]
    for number, form in enumerate(forms):
        d = case(f"number-in-dress-{number}", "identity numbers", form("191212121212"),
                 {"persons": 5, "exits": {"ongoing": 5}, "days_total": None})  # fmt: skip
        csv(d / "r.csv", ["Personnummer", *HEAD[1:]], [
            *[[*o.row[:4], o.start + dt.timedelta(9), "Avbrott"] for o in numbered],
            *[[form(o.id), *o.row[1:3], o.start + dt.timedelta(30), None, None] for o in numbered],
        ])  # fmt: skip
    d = case("nobody-named", "placeholder id", "No column of persons.", figures(p),
             must_say=["no_person_column"],
             text={"participants.composition": {"must": ["räknas flera gånger"]}})  # fmt: skip
    csv(d / "r.csv", HEAD[1:], [o.row[1:] for o in p])
    d = case("drawn-twice", "stale open row", "The later extract has the earlier end.", figures(p))
    csv(d / "r.csv", [*HEAD, "Uttagsdatum"], [line for o in p for line in (
        [*o.row, "2024-12-31"],
        [*o.row[:4], o.end + dt.timedelta(60) if o.end else None, o.reason, "2024-06-30"],
    )])  # fmt: skip


def _codes(case: Case) -> None:
    p = people(851)
    unknown = {"sex": {"unknown": 60}}
    for number, (woman, man) in enumerate((("1", "0"), ("0", "1"))):
        d = case(f"sex-{number}", "unicode", f"{woman} and {man} without a key.",
                 figures(p) | unknown, must_say=["Kön"])  # fmt: skip
        csv(d / "r.csv", HEAD, [[o.id, woman if o.sex == "Kvinna" else man, *o.row[2:]] for o in p])
    d = case("sex-with-a-key", "unicode", "The project file says what 1 and 0 mean.",
             figures(p) | {"sex": sexes(p)},
             registers=['file: r.csv\nvalues: {sex: {"1": woman, "0": man}}'])  # fmt: skip
    csv(d / "r.csv", HEAD, [[o.id, "1" if o.sex == "Kvinna" else "0", *o.row[2:]] for o in p])


def _money(case: Case) -> None:
    p = people(871)
    one = {"cost": {"n": 60, "sum": 60 * 12500.0}}
    for number, text in enumerate(("12,5 tkr", "12 500 kronor", "12,5 tusen kronor", "12.500,00")):
        d = case(f"money-{number}", "percent", text, figures(p) | {"numbers": one}, no_error=True)
        csv(d / "r.csv", [*HEAD, "Kostnad"], [[*o.row, text] for o in p])
    d = case("money-back", "percent", "(500) is money that came back.",
             figures(p) | {"numbers": {"cost": {"n": 60, "sum": 30 * 12000.0}}},
             must_say=["numbers_in_parentheses"])  # fmt: skip
    csv(d / "r.csv", [*HEAD, "Kostnad"], [
        [*o.row, ["(500) kr", "12 500 kr"][i % 2]] for i, o in enumerate(p)
    ])  # fmt: skip
    d = case("money-between", "percent", "10 000–12 000 is no number.",
             figures(p) | {"numbers": {"cost": {"n": 30, "sum": 30 * 12500.0}}},
             must_say=["number_range"])  # fmt: skip
    csv(d / "r.csv", [*HEAD, "Kostnad"], [
        [*o.row, ["10 000–12 000", "12 500"][i % 2]] for i, o in enumerate(p)
    ])  # fmt: skip
    d = case("money-of-two-units", "percent", "12 beside 12 tkr.",
             figures(p) | {"numbers": {"cost": {"n": 30, "sum": 30 * 12000.0}}},
             must_say=["unit_unsure"])  # fmt: skip
    csv(d / "r.csv", [*HEAD, "Kostnad"], [
        [*o.row, ["12", "12 tkr"][i % 2]] for i, o in enumerate(p)
    ])  # fmt: skip


def _files(case: Case) -> None:
    p = people(861)
    truth = figures(p) | {"sex": sexes(p)}
    body = [o.row for o in p]
    for name, head in (
        ("without-dots", ["lopnr", "kon", "alder", *map(str.lower, HEAD[3:])]),
        ("with-digraphs", ["loepnr", "koen", "aalder", *map(str.lower, HEAD[3:])]),
    ):  # fmt: skip
        d = case(f"headings-{name}", "case systems", ", ".join(head), truth)
        csv(d / "r.csv", head, body)
    d = case("letters-lost", "encodings", "Å, ä and ö are question marks.", figures(p),
             accept=("truth",), must_say=["mojibake"])  # fmt: skip
    csv(d / "r.csv", ["Nr", *HEAD[1:]], [[o.id, *o.row[1:5], f"{o.reason or ''}"] for o in p],
        tail="Enhet S\ufffddra\r\n")  # fmt: skip
    d = case("workbook-named-xls", "odd workbooks", "An xlsx file called .xls.", truth,
             registers="r.xls")  # fmt: skip
    xlsx(d / "r.xlsx", {"Blad": [HEAD, *body]})
    (d / "r.xlsx").rename(d / "r.xls")


def _dressed(case: Case) -> None:
    """Headings, identities and levels in another dress, and days beside those that count."""
    p = people(881)
    body = [o.row for o in p]
    truth = figures(p) | {"sex": sexes(p)}
    for name, dress in (("numbered", "{}. {}"), ("of-a-report-tool", "Deltagare{:.0}[{}]")):
        d = case(f"headings-{name}", "case systems", dress, truth)
        csv(d / "r.csv", [dress.format(f"{i}", one) for i, one in enumerate(HEAD, 1)], body)
    back = [o for o in p if o.end and o.end < dt.date(2024, 8, 1)][:6]
    spellings: dict[str, tuple[Callable[[str], str], Callable[[str], str]]] = {
        "wide": (str, lambda s: "".join(chr(ord(one) + 0xFEE0) for one in s)),
        "dashes": (lambda s: f"D-{s[1:]}", lambda s: f"D\u2013{s[1:]}"),
        "decimals": (lambda s: str(int(s[1:])), lambda s: f"{int(s[1:])},00"),
        "exponents": (lambda s: f"{int(s[1:])}E7", lambda s: f"{int(s[1:])}e7"),
    }
    for name, (first, again) in spellings.items():
        d = case(f"spelled-{name}", "unicode", again("D007"), with_returns(p, back))
        csv(d / "r.csv", HEAD, [[first(o.id), *o.row[1:]] for o in p] + [
            [again(o.id), o.sex, o.age, o.end + dt.timedelta(20), None, None] for o in back if o.end
        ])  # fmt: skip
    for number, texts in enumerate((
        ("1 Förgymnasial", "2 Gymnasial", "3 Eftergymnasial"), ("2.0", "3.0", "5.0"),
        ("Grundskola (åk 9)", "Gymnasieskola", "Universitet/högskola"),
    )):  # fmt: skip
        groups = levels([*["isced_0_2"] * 20, *["isced_3_4"] * 20, *["isced_5_8"] * 20])
        d = case(f"education-{number}", "education codes", texts[0],
                 figures(p) | {"groups": {"education": groups}})  # fmt: skip
        csv(d / "r.csv", [*HEAD, "Utbildningsnivå"], [
            [*row, texts[i % 3]] for i, row in enumerate(body)
        ])  # fmt: skip
    d = case("planned-by-another-name", "planned and actual end", "Kvittering is the day.",
             figures(p), accept=("stop",), stop_names=["Slutdatum", "Kvittering"])  # fmt: skip
    csv(d / "r.csv", [*HEAD[:5], "Kvittering", HEAD[5]], [
        [*o.row[:4], o.start + dt.timedelta(365), o.end, o.reason] for o in p
    ])  # fmt: skip
    d = case("parquet-bytes", "Parquet", "Texts are bytes, and one column is nested.", truth,
             registers="r.parquet")  # fmt: skip
    columns = {heading: pa.array([*values]) for heading, values in
               zip(HEAD, zip(*body, strict=True), strict=True)}  # fmt: skip
    columns["Kön"] = pa.array([o.sex.encode() for o in p])
    pq.write_table(pa.table(columns | {"Meta": pa.array([{"a": 1}] * 60)}), d / "r.parquet")
