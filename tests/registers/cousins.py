"""A second set of the same kinds, as somebody else would write it: other words and programs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from tests.registers.kit import (
    HEAD,
    PUBLISHED,
    Formula,
    Suite,
    csv,
    figures,
    levels,
    people,
    sexes,
    with_end,
    xlsx,
)

Case = Callable[..., Path]
REFUSED = ("truth", "said", "stop")
MONTHS = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
ENGLISH = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
WEEKDAYS = ("mån", "tis", "ons", "tors", "fre", "lör", "sön")


def write_all(root: Path) -> None:
    """Every case below ``root``."""
    suite = Suite(root)
    for write in (_dates, _dates_nobody_reads, _ends, _planned, _people, _places, _reasons,
                  _numbers, _exports, _sheets):  # fmt: skip
        write(suite.case)


def _zone(day: dt.date) -> str:
    return "+02:00" if 4 <= day.month <= 10 else "+01:00"


def _dates(case: Case) -> None:
    forms: dict[str, Callable[[dt.date], object]] = {
        "offset": lambda d: f"{d}T00:00:00{_zone(d)}",
        "milliseconds-z": lambda d: (
            f"{d - dt.timedelta(1)}T{'22' if 4 <= d.month <= 10 else '23'}:00:00.000Z"
        ),
        "sql-server": lambda d: f"{d} 00:00:00.0000000",
        "sql-server-t": lambda d: f"{d}T00:00:00.000",
        "oracle": lambda d: f"{d.day:02d}-{ENGLISH[d.month - 1]}-{d:%y}",
        "short-month": lambda d: f"{d.day} {MONTHS[d.month - 1]} {d.year}",
        "short-month-hyphens": lambda d: f"{d.day}-{MONTHS[d.month - 1]}-{d:%y}",
        "english": lambda d: f"{ENGLISH[d.month - 1].title()} {d.day}, {d.year}",
        "weekday": lambda d: f"{WEEKDAYS[d.weekday()]} {d.day} {MONTHS[d.month - 1]} {d.year}",
        "compact-clock": lambda d: f"{d:%Y%m%d} 00:00",
        "stamp": lambda d: f"{d:%Y%m%d}000000",
        "dots-year-first": lambda d: f"{d:%Y.%m.%d}",
        "slashes-year-first": lambda d: f"{d.year}/{d.month}/{d.day}",
        "dots-short": lambda d: f"{d.day}.{d.month}.{d:%y}",
        "spaces": lambda d: f"{d.year} - {d.month:02d} - {d.day:02d}",
        "serial-decimals": lambda d: f"{(d - dt.date(1899, 12, 30)).days},0",
        "serial-1904": lambda d: (d - dt.date(1904, 1, 1)).days,
        "apostrophe": lambda d: f"'{d}",
        "am-pm": lambda d: f"{d.month}/{d.day}/{d.year} 12:00:00 AM",
        "iso-week": lambda d: (
            f"{d.isocalendar().year}-W{d.isocalendar().week:02d}-{d.isoweekday()}"
        ),
    }
    for number, (name, form) in enumerate(forms.items()):
        p = people(501 + number, 66)
        d = case(f"dates-{name}", "date order", str(form(dt.date(2023, 5, 8))), figures(p),
                 accept=REFUSED, stop_names=["Startdatum"], said={"column": "Startdatum|Slutdatum"})  # fmt: skip
        csv(d / "r.csv", HEAD, [
            [*o.row[:3], form(o.start), form(o.end) if o.end else None, o.reason] for o in p
        ])  # fmt: skip


def _dates_nobody_reads(case: Case) -> None:
    forms: dict[str, Callable[[dt.date], object]] = {
        "week": lambda d: f"{d.isocalendar().year}v{d.isocalendar().week:02d}",
        "month": lambda d: f"{d:%Y-%m}",
        "month-compact": lambda d: f"{d:%Y%m}",
        "quarter": lambda d: f"{d.year} kv {(d.month + 2) // 3}",
        "year": lambda d: d.year,
        "unix": lambda d: int(dt.datetime.combine(d, dt.time(), dt.UTC).timestamp()),
        "unix-ms": lambda d: 1000 * int(dt.datetime.combine(d, dt.time(), dt.UTC).timestamp()),
        "day-of-year": lambda d: f"{d:%Y%j}",
    }
    for number, (name, form) in enumerate(forms.items()):
        p = people(531 + number, 60)
        for column, start, end in (("both", form, form), ("end", str, form)):
            d = case(f"unread-{name}-{column}", "date order", str(form(dt.date(2023, 5, 8))),
                     figures(p) | {"days_total": None}, accept=REFUSED, stop_names=["Startdatum|Slutdatum"],
                     said={"column": "Startdatum|Slutdatum",
                           "at_most": {"ongoing": figures(p)["exits"]["ongoing"]}})  # fmt: skip
            csv(d / "r.csv", HEAD, [
                [*o.row[:3], start(o.start), end(o.end) if o.end else None, o.reason] for o in p
            ])  # fmt: skip


def _ends(case: Case) -> None:
    for number, word in enumerate((
        "pågår enl. plan", "AKTIV", "Ej avslutad", "Öppet ärende", "x", "?", "2099-12-31",
        "9999-12-30", "31.12.2999", "3000-01-01", "--", "1970-01-01", "None", "nan", "undefined",
        "0001-01-01T00:00:00", "1900-01-01 00:00:00", "Nej", "ÅÅÅÅ-MM-DD", "* pågår *", "’’",
    )):  # fmt: skip
        p = people(551 + number, 60)
        d = case(f"open-{number}", "empty date", word, figures(p), accept=REFUSED,
                 stop_names=["Slutdatum"], said={"column": "Slutdatum"})  # fmt: skip
        csv(d / "r.csv", HEAD, with_end(p, lambda one, word=word: one.end or word))
    p = people(575, 60)
    lost = [i for i, o in enumerate(p) if o.end and i % 5 == 0]
    for number, word in enumerate(("okänt", "saknas", "?", "#N/A", "feb 2024", "vt 2024")):
        d = case(f"left-{number}", "error cells", f"Left on {word}.", figures(p) | {"days_total": None},
                 accept=REFUSED, stop_names=["Slutdatum"],
                 said={"column": "Slutdatum", "rows": [i + 2 for i in lost],
                       "at_most": {"ongoing": figures(p)["exits"]["ongoing"]}})  # fmt: skip
        csv(d / "r.csv", HEAD, [
            [*o.row[:4], word if i in lost else o.end, o.reason] for i, o in enumerate(p)
        ])  # fmt: skip


def _planned(case: Case) -> None:
    names = (
        "Slutdatum (beräknat)", "Prognos slutdatum", "Slut enl. beslut", "Avtalat slutdatum",
        "Förväntat slutdatum", "Tänkt slutdatum", "Slutdatum plan", "Beslut gäller t.o.m.",
        "Beviljat t.o.m.", "Slutdatum prel.", "Planerat slut", "Preliminärt avslutsdatum",
        "Uppskattat slutdatum", "Önskat slutdatum", "Slutdatum enligt överenskommelse",
        "Bokat slutdatum", "Slutdatum (mål)", "Senaste slutdatum", "Ordinarie slutdatum",
    )  # fmt: skip
    for number, other in enumerate(names):
        p = people(591 + number, 60)
        planned = [o.start + dt.timedelta(days=300) for o in p]
        d = case(f"planned-{number}", "planned and actual end", f"{other} before Avslutad.", figures(p),
                 accept=("truth", "stop"), stop_names=["Avslutad"])  # fmt: skip
        csv(d / "r.csv", [*HEAD[:4], other, "Avslutad", HEAD[5]], [
            [*o.row[:4], day, o.end, o.reason] for o, day in zip(p, planned, strict=True)
        ])  # fmt: skip
        truth = {"persons": 60, "exits": None, "days_total": None, "no_plain_share": True}
        d = case(f"planned-alone-{number}", "planned and actual end", f"{other} alone.", truth,
                 accept=("said", "stop"), stop_names=["exit|slutdatum"],
                 said={"at_most": {"unknown": 60}})  # fmt: skip
        csv(d / "r.csv", [*HEAD[:4], other], [
            [*o.row[:4], day] for o, day in zip(p, planned, strict=True)
        ])  # fmt: skip


def _people(case: Case) -> None:
    for number, word in enumerate((
        "Okänd person", "Skyddad ID", "N.N.", "NN", "*****", "ÅÅÅÅMMDD-XXXX", "19000101-0000",
        "11111111-1111", "(saknas)", "ej känt", "Anonymiserad", "#SAKNAS!", "-1", "X", "T.ex.",
        "00000000-0000", "Personnummer saknas", "Skyddade personuppgifter!", "se akt", "dold",
    )):  # fmt: skip
        p = people(621 + number, 64)
        d = case(f"nobody-{number}", "placeholder id", word, figures(p), accept=REFUSED,
                 stop_names=["Löpnr"], said={"column": "Löpnr"})  # fmt: skip
        csv(
            d / "r.csv", HEAD, [[word if j % 8 == 0 else o.id, *o.row[1:]] for j, o in enumerate(p)]
        )
    # Five published numbers, each in another form in the second row of the same person.
    forms: tuple[Callable[[str], str], ...] = (
        lambda n: f"{n[:8]}-{n[8:]}", lambda n: n[2:], lambda n: f"{n[2:8]}-{n[8:]}",
        lambda n: f" {n[:8]} - {n[8:]} ", lambda n: f"{n}.0", lambda n: f"{n[:8]}\u2013{n[8:]}",
        lambda n: f"{n[:4]}-{n[4:6]}-{n[6:8]}-{n[8:]}",
    )  # fmt: skip
    for number, form in enumerate(forms):
        p = people(645 + number, 60)
        numbered = [replace(o, id=n) for o, n in zip(p, PUBLISHED, strict=False)]
        # Who is over a hundred has a plus sign in the short form.
        numbered = [o for o in numbered if o.id > "1926"] if number in (1, 2) else numbered
        rows = [[*o.row[:3], o.start, o.start + dt.timedelta(9), "Avbrott"] for o in numbered]
        back = [[form(o.id), *o.row[1:3], o.start + dt.timedelta(30), None, None] for o in numbered]
        truth = {"persons": len(numbered), "exits": {"ongoing": len(numbered)}, "days_total": None}
        d = case(f"number-{number}", "identity numbers", form("191212121212"), truth,
                 accept=("truth", "stop"), stop_names=["Personnummer"])  # fmt: skip
        csv(d / "r.csv", ["Personnummer", *HEAD[1:]], [*rows, *back])
    p = people(655, 60)
    for number, (woman, man) in enumerate((
        ("2", "1"), ("K\u200b", "M"), ("kvinna ", "man"), ("F", "M"), ("Kv", "Mn"), ("Female", "Male"),
        ("kvinnor", "män"), ("K", "M\u00ad"), ("2.0", "1.0"), ("K.", "M."), ("flicka", "pojke"),
    )):  # fmt: skip
        d = case(f"sex-{number}", "unicode", f"{woman} and {man}", figures(p) | {"sex": sexes(p)},
                 accept=("truth", "stop"), stop_names=["Kön"])  # fmt: skip
        csv(d / "r.csv", HEAD, [
            [o.id, woman if o.sex == "Kvinna" else man, *o.row[2:]] for o in p
        ])  # fmt: skip


def _places(case: Case) -> None:
    p = people(671, 60)
    for number, (first, again) in enumerate(
        (("0114", "114"), ("0114", "114.0"), ("0114", "0114 "))
    ):
        d = case(f"municipality-{number}", "ids that lost zeros", f"{first} and {again}",
                 figures(p) | {"groups": {"municipality": levels(["0114"] * 60)}},
                 registers=["file: r.csv\ncolumns: {Kommun: municipality}"], extra="groups: [municipality]")  # fmt: skip
        csv(d / "r.csv", [*HEAD, "Kommun"], [
            [*o.row, [first, again][i % 2]] for i, o in enumerate(p)
        ])  # fmt: skip


def _reasons(case: Case) -> None:
    for number, (word, name) in enumerate((
        ("Ej arbete", "employment"), ("Arbetsträning", "employment"), ("Arbetsprövning", "employment"),
        ("Avslutad utan arbete", "employment"), ("Fick inte jobb", "employment"),
        ("Anställning upphörde", "employment"), ("Arbetslös", "employment"),
        ("Arbetsoförmögen", "employment"), ("Studieavbrott", "studies"), ("Ej studier", "studies"),
        ("Arbetslivsinriktad rehabilitering", "employment"), ("Nekad utbildning", "studies"),
        ("Tackade nej till arbete", "employment"), ("Arbete?", "employment"), ("Jobbsökande", "employment"),
        ("Arbetsmarknadspolitiskt program", "employment"), ("Avbrutna studier", "studies"),
    )):  # fmt: skip
        p = people(681 + number, 70)
        usual = {"employment": "Arbete", "studies": "Studier"}[name]
        odd = [
            replace(o, reason=word if o.end and i % 3 == 0 else o.reason) for i, o in enumerate(p)
        ]
        most = sum(o.reason == usual for o in odd)
        truth = figures(p) | {"exits": None}
        d = case(f"reason-{number}", "case systems", word, truth, accept=("truth", "said", "stop"),
                 stop_names=["Avslutsorsak"], said={"at_most": {name: most}})  # fmt: skip
        csv(d / "r.csv", HEAD, [o.row for o in odd])


def _numbers(case: Case) -> None:
    p = people(701, 60)
    for number, (texts, values) in enumerate((
        (["12 500,50", "8 000", "950"], [12500.5, 8000, 950]),
        (["12\u202f500", "8\u00a0000", "950"], [12500, 8000, 950]),
        (["12'500.50", "8'000.00", "950.00"], [12500.5, 8000, 950]),
        (["1.234,56", "12.345,00", "950,25"], [1234.56, 12345, 950.25]),
        (["SEK 12 500", "SEK 8 000", "SEK 950"], [12500, 8000, 950]),
        (["12 500:-", "8 000:-", "950:-"], [12500, 8000, 950]),
        (["12.500", "8.000", "10.250"], [12500, 8000, 10250]),
        (["1,5", "2,25", "10"], [1.5, 2.25, 10]),
    )):  # fmt: skip
        d = case(f"cost-{number}", "decimal marks", " ".join(texts), figures(p) | {
            "numbers": {"cost": {"n": 60, "sum": round(float(sum(values) * 20), 2)}}},
            accept=REFUSED, stop_names=["Kostnad"], said={"column": "Kostnad"})  # fmt: skip
        csv(d / "r.csv", [*HEAD, "Kostnad"], [[*o.row, texts[j % 3]] for j, o in enumerate(p)])
    for number, (texts, values) in enumerate((
        (["50%", "100%", "75 %"], [50, 100, 75]), (["0,5", "1,0", "0,75"], [50, 100, 75]),
        (["50", "100", "75"], [50, 100, 75]), (["50 procent", "100 procent", "75 procent"], [50, 100, 75]),
    )):  # fmt: skip
        d = case(f"extent-{number}", "percent", " ".join(texts), figures(p) | {
            "numbers": {"extent": {"n": 60, "sum": float(sum(values) * 20)}}},
            accept=REFUSED, stop_names=["Omfattning"], said={"column": "Omfattning"})  # fmt: skip
        csv(d / "r.csv", [*HEAD, "Omfattning"], [[*o.row, texts[j % 3]] for j, o in enumerate(p)])


def _exports(case: Case) -> None:
    p = people(721, 60)
    body = [o.row for o in p]
    truth = figures(p) | {"sex": sexes(p)}
    below = {
        "power-bi": [["Applied filters:"], ["Enhet is Norr"]],
        "grand-total": [["Grand Total", None, None, None, None, 60]],
        "sum": [["S:a", 60]],
        "count": [["Antal deltagare: 60"]],
        "page": [["Sida 1 av 3"]],
        "written": [["Utskriven 2025-01-07 av handläggare"]],
        "rows": [["(60 rows affected)"]],
        "end": [["*** Slut på rapport ***"]],
        "number-of-rows": [["Antal rader", None, None, 60]],
        "total-dated": [["Totalt", None, None, "2023-01-02", "2024-12-30", None]],
        "mean-age": [["Medelålder", None, 38]],
    }
    for name, lines in below.items():
        d = case(f"below-{name}", "plain", str(lines[0][0]), truth)
        csv(d / "r.csv", HEAD, [*body, *lines])
    d = case("sep-line", "encodings", "sep=; above the headings.", truth)
    csv(d / "r.csv", ["sep=;"], [HEAD, *body])
    d = case("trailing", "encodings", "Every line ends with separators.", truth)
    csv(d / "r.csv", [*HEAD, None, None], [[*row, None, None] for row in body])
    d = case("all-quoted", "encodings", "Every cell in quotation marks.", truth)
    csv(d / "r.csv", [f'"{one}"' for one in HEAD], [
        [f'"{"" if cell is None else cell}"' for cell in row] for row in body
    ], sep=",")  # fmt: skip
    d = case("equals", "encodings", 'Numbers as ="007".', truth)
    csv(d / "r.csv", HEAD, [[f'="{row[0]}"', *row[1:]] for row in body])
    d = case("gaps", "encodings", "An empty line between persons.", truth)
    csv(d / "r.csv", HEAD, [line for row in body for line in (row, [])])
    d = case("pages", "encodings", "The headings come again on every page.", truth)
    csv(
        d / "r.csv",
        HEAD,
        [line for i, row in enumerate(body) for line in ([HEAD, row] if i % 20 == 19 else [row])],
    )
    d = case("types", "encodings", "A line of types below the headings.", truth,
             accept=("truth", "said"), said={"rows": [2]})  # fmt: skip
    csv(d / "r.csv", HEAD, [["text", "text", "tal", "datum", "datum", "text"], *body])
    d = case("transposed", "odd workbooks", "Persons are columns.", truth, accept=("stop",),
             stop_names=["r.csv"])  # fmt: skip
    table = [HEAD, *body]
    turned = [[row[i] for row in table] for i in range(len(HEAD))]
    csv(d / "r.csv", turned[0], turned[1:])


def _sheets(case: Case) -> None:
    p = people(741, 60)
    rows = [HEAD, *[o.row for o in p]]
    truth = figures(p) | {"sex": sexes(p)}
    d = case("filtered", "odd workbooks", "Half the rows are hidden by a filter.", truth,
             registers="r.xlsx", must_say=["dolda|hidden"])  # fmt: skip
    xlsx(d / "r.xlsx", {"Blad": rows}, hidden_rows={"Blad": [*range(2, 60, 2)]})
    d = case("starts-by-formula", "error cells", "Start dates are formulas without results.", truth,
             registers="r.xlsx", accept=REFUSED, stop_names=["Startdatum"], said={"column": "Startdatum"})  # fmt: skip
    xlsx(d / "r.xlsx", {"Blad": [HEAD, *[
        [*o.row[:3], Formula("=TODAY()", None) if i % 3 == 0 else o.start, *o.row[4:]] for i, o in enumerate(p)
    ]]})  # fmt: skip
    d = case("info-first", "odd workbooks", "A sheet of information comes first.", truth,
             registers="r.xlsx", accept=("truth", "stop"), stop_names=["Deltagare"])  # fmt: skip
    xlsx(d / "r.xlsx", {"Info": [["Om filen"], ["Kontakta förvaltningen"]], "Deltagare": rows})
    # One number for several lines, as a merged cell is read.
    doubled = [line for o in p for line in (o.row, [None, None, None, o.start, o.end, o.reason])]
    d = case("number-once", "merged headings", "The second line of a person has no number.", truth,
             registers="r.xlsx", accept=("truth", "said", "stop"), stop_names=["Löpnr"],
             said={"column": "Löpnr"})  # fmt: skip
    xlsx(d / "r.xlsx", {"Blad": [HEAD, *doubled]})
    half = p[:30]
    overlap = [replace(o, start=o.start + dt.timedelta(5)) for o in p[20:30]]
    d = case("two-units", "two yearly sheets", "Ten are at both units.", {"persons": 30, "exits": None,
             "days_total": None}, registers=['file: r.xlsx\nsheet: "Norr"', 'file: r.xlsx\nsheet: "Söder"'],
             accept=("truth", "stop"), stop_names=["Löpnr"])  # fmt: skip
    xlsx(
        d / "r.xlsx",
        {"Norr": [HEAD, *[o.row for o in half]], "Söder": [HEAD, *[o.row for o in overlap]]},
    )
    d = case("swapped", "planned and actual end", "Ends stand under start and starts under end.", truth,
             accept=("said", "stop"), stop_names=["Slutdatum|Startdatum"], said={"column": "Slutdatum|Startdatum"})  # fmt: skip
    csv(d / "r.csv", HEAD, [[*o.row[:3], o.end, o.start, o.reason] for o in p])
