"""Further registers of the same kinds, written when the tests run: other files, same faults."""

from __future__ import annotations

import datetime as dt
import random
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tests.registers.kit import (
    CLASS,
    ERROR,
    HEAD,
    As,
    Formula,
    Suite,
    csv,
    figures,
    levels,
    ods,
    people,
    prefixed,
    sexes,
    with_end,
    with_returns,
    xlsx,
)

Rows = list[list[object]]


def write_all(root: Path) -> None:
    """Every case below ``root``."""
    suite = Suite(root)
    for write in (
        _ends, _errors, _headings, _systems, _reasons, _identities, _dates, _numbers, _copies,
        _files,
        _second_look,
    ):  # fmt: skip
        write(suite.case)


Case = Callable[..., Path]


def _ends(case: Case) -> None:
    for i, word in enumerate(
        ("NaT", "(tomt)", "0", "1900-01-00", "00.00.0000", "\\N", "1900-01-01")
    ):
        p = people(301 + i, 60)
        d = case(f"end-{i}", "empty date", f"Still enrolled is written {word}.", figures(p))
        csv(d / "r.csv", HEAD, with_end(p, lambda one, word=word: one.end or word))
    p = people(310, 60)
    d = case(
        "end-own-word", "empty date", "Still enrolled is written öppen placering.", figures(p),
        must_say=["Slutdatum"],
    )  # fmt: skip
    csv(d / "r.csv", HEAD, with_end(p, lambda one: one.end or "öppen placering"))
    p = people(311, 60)
    d = case(
        "end-word-of-the-project", "empty date", "The project file says what the word means.",
        figures(p), registers=["file: r.csv\nongoing_when: [se akt]"],
    )  # fmt: skip
    csv(d / "r.csv", HEAD[:5], [[*one.row[:4], one.end or "se akt"] for one in p])
    # Without reasons the classes are not known; the days are.
    (d / "truth.json").write_text(
        (d / "truth.json").read_text(encoding="utf-8").replace('"exits"', '"exits_known"'),
        encoding="utf-8",
    )


def _errors(case: Case) -> None:
    p = people(321, 60)
    lost = [i for i, one in enumerate(p) if one.end and i % 4 == 0]
    truth = figures(p) | {"days_total": None}
    rules = {
        "accept": ("truth", "said", "stop"), "must_say": ["Slutdatum"], "stop_names": ["Slutdatum"],
        "said": {
            "column": "Slutdatum", "rows": [i + 2 for i in lost],
            "at_most": {"ongoing": figures(p)["exits"]["ongoing"]},
        },
    }  # fmt: skip
    d = case(
        "errors-in-ods", "error cells", "Errors in an ods file.", truth, registers="r.ods", **rules
    )
    ods(
        d / "r.ods",
        [HEAD, *([*o.row[:4], ERROR if i in lost else o.end, o.reason] for i, o in enumerate(p))],
    )
    cells = [
        [*o.row[:4], Formula("=NA()", "#N/A") if i in lost else o.end, o.reason]
        for i, o in enumerate(p)
    ]
    d = case(
        "errors-with-prefix",
        "error cells",
        "Tags are written x:.",
        truth,
        registers="r.xlsx",
        **rules,
    )
    xlsx(d / "r.xlsx", {"Deltagare": [HEAD, *cells]}, change=prefixed)
    d = case("errors-as-text", "error cells", "#SAKNAS! in a CSV file.", truth, **rules)
    csv(
        d / "r.csv",
        HEAD,
        [[*o.row[:4], "#SAKNAS!" if i in lost else o.end, o.reason] for i, o in enumerate(p)],
    )
    cells = [
        [*o.row[:4], Formula("=F2", None) if i in lost else o.end, o.reason]
        for i, o in enumerate(p)
    ]
    d = case(
        "formulas-without-result",
        "error cells",
        "No stored result.",
        truth,
        registers="r.xlsx",
        **rules,
    )
    xlsx(d / "r.xlsx", {"Deltagare": [HEAD, *cells]})


def _headings(case: Case) -> None:
    planned = dt.timedelta(days=400)
    for i, (other, end) in enumerate(
        (
            ("Preliminärt slutdatum", "Slutdatum"),
            ("Slutdatum enligt beslut", "Avslutsdatum"),
            ("Beräknat slutdatum", "Verkligt slutdatum"),
            ("Beslut t.o.m.", "T.o.m."),
            ("Planerat avslut", "Avslut"),
        )
    ):
        p = people(331 + i, 60)
        d = case(f"planned-{i}", "planned and actual end", f"{other} before {end}.", figures(p))
        csv(d / "r.csv", [*HEAD[:4], other, end, HEAD[5]], [
            [*o.row[:4], o.start + planned, o.end, o.reason] for o in p
        ])  # fmt: skip
    p = people(337, 60)
    d = case(
        "planned-below-a-group", "planned and actual end", "Two lines: Planerat, Faktiskt over dates.",
        figures(p), registers="r.xlsx",
    )  # fmt: skip
    xlsx(d / "r.xlsx", {"Blad": [
        [None, None, None, "Planerat", None, "Faktiskt", None, None],
        ["Löpnr", "Kön", "Ålder", "Startdatum", "Slutdatum", "Startdatum", "Slutdatum", "Avslutsorsak"],
        *[[o.id, o.sex, o.age, o.start - dt.timedelta(9), o.start + planned, o.start, o.end, o.reason] for o in p],
    ]})  # fmt: skip
    p = people(338, 60)
    d = case(
        "heading-twice-named", "duplicate headings", "The project file names the second one.",
        figures(p), registers=['file: r.csv\ncolumns: {"Slutdatum [F]": exit}'],
    )  # fmt: skip
    csv(d / "r.csv", [*HEAD[:4], "Slutdatum", "Slutdatum", HEAD[5]], [
        [*o.row[:4], o.start + planned, o.end, o.reason] for o in p
    ])  # fmt: skip
    for name in ("row", "exit_class", "n_spells", "register"):
        p = people(339, 60)
        d = case(
            f"own-{name}", "reserved names", f"A column of one's own is called {name}.", figures(p),
            accept=("truth", "stop"), stop_names=[name], files=["project.yaml", "r.csv"],
            registers=[f"file: r.csv\ncolumns: {{Rad: {name}}}\ntitles: {{{name}: Rad}}"],
        )  # fmt: skip
        csv(d / "r.csv", [*HEAD, "Rad"], [[*o.row, i] for i, o in enumerate(p)])


def _systems(case: Case) -> None:
    for i, (head, stamp) in enumerate(
        (
            (["Klientnr", "Kön", "Insats fr o m", "Insats t o m", "Orsak till avslut"], ""),
            (
                [
                    "Personid",
                    "Kön",
                    "Insatsens startdatum",
                    "Insatsens slutdatum",
                    "Avslutsanledning",
                ],
                "T00:00:00",
            ),
            (["Deltagarnummer", "Kön", "Datum fr.o.m.", "Datum t.o.m.", "Avslutsorsak"], " 00:00"),
            (["Brukar-ID", "Kön", "Verkställd fr.o.m", "Verkställd t.o.m", "Avslutskod"], ""),
            (
                [
                    "SUS-nummer",
                    "Kön",
                    "Inskrivningsdatum i insats",
                    "Avslutsdatum i insats",
                    "Avslutsorsak",
                ],
                "",
            ),
            (["Ärendenr", "Kön", "Påbörjad", "Avslutad", "Resultat vid avslut"], ""),
        )
    ):
        p = people(341 + i, 60)
        d = case(f"system-{i}", "case systems", ", ".join(head), figures(p) | {"sex": sexes(p)})
        csv(d / "r.csv", head, [
            [o.id, o.sex, f"{o.start}{stamp}", f"{o.end}{stamp}" if o.end else None, o.reason] for o in p
        ])  # fmt: skip


def _reasons(case: Case) -> None:
    never = {"never": ["hade ingen gått", r"(?<!\d)0,0 %"]}
    p = people(351, 70)
    q = [replace(o, reason="?" if o.end else None) for o in p]
    unknown = figures(q, {"?": "unknown", None: "ongoing"})
    rule = {
        "text": {"participants.outcomes": never, "participants.conclusions": never},
        "no_plain_share": True,
    }
    d = case("reasons-empty", "outcome unknown", "The column of reasons is empty.", unknown | rule)
    csv(d / "r.csv", HEAD, [[*o.row[:5], None] for o in p])
    words = ["Insatsen tog slut enligt plan", "Lämnade kommunens verksamhet"]
    d = case(
        "reasons-nobody-knows", "outcome unknown", "Reasons in words of their own.", unknown | rule,
        accept=("said", "stop"), said={"column": "Avslutsorsak|reason"}, stop_names=["Avslutsorsak"],
    )  # fmt: skip
    csv(d / "r.csv", HEAD, [[*o.row[:5], words[i % 2] if o.end else None] for i, o in enumerate(p)])
    half = [
        replace(o, reason="Okänd" if o.end and i % 3 == 0 else o.reason) for i, o in enumerate(p)
    ]
    d = case(
        "reasons-a-third-unknown", "outcome unknown", "A third is Okänd.",
        figures(half, CLASS | {"Okänd": "unknown"}) | {"no_plain_share": True},
    )  # fmt: skip
    csv(d / "r.csv", HEAD, [o.row for o in half])


def _identities(case: Case) -> None:
    for i, word in enumerate(("-", "saknas", "NULL", "0", "Sekretess", "ej registrerad")):
        p = people(361 + i, 60)
        d = case(
            f"nobody-{i}",
            "placeholder id",
            f"Eight rows have {word}.",
            figures(p),
            must_say=["Löpnr"],
        )
        csv(
            d / "r.csv", HEAD, [[word if j % 8 == 0 else o.id, *o.row[1:]] for j, o in enumerate(p)]
        )
    p = people(368, 60)
    back = [o for o in p if o.end and o.end < dt.date(2024, 8, 1)][:6]
    again = with_returns(p, back)
    for i, spelled in enumerate((
        lambda s: s + "\u00ad", lambda s: "\ufeff" + s, lambda s: s + "\u200e", str.lower,
        lambda s: " " + s + "\u00a0",
    )):  # fmt: skip
        d = case(f"same-id-{i}", "unicode", "Six come back with another spelling.", again)
        csv(d / "r.csv", HEAD, [o.row for o in p] + [
            [spelled(o.id), o.sex, o.age, o.end + dt.timedelta(20), None, None] for o in back
        ])  # fmt: skip
    d = case("lost-zeros-in-a-return", "ids that lost zeros", "007 and 7.", again)
    n = {o.id: f"{i:03d}" for i, o in enumerate(p, 1)}
    csv(d / "r.csv", HEAD, [[n[o.id], *o.row[1:]] for o in p] + [
        [int(n[o.id]), o.sex, o.age, o.end + dt.timedelta(20), None, None] for o in back
    ])  # fmt: skip
    d = case(
        "units-decomposed", "unicode", "One unit in two forms.",
        figures(p) | {"groups": {"unit": levels(["Åkern"] * 60)}},
        registers=["file: r.csv\ncolumns: {Enhet: unit}"], extra="groups: [unit]",
    )  # fmt: skip
    csv(d / "r.csv", [*HEAD, "Enhet"], [
        [*o.row, unicodedata.normalize(["NFC", "NFD"][i % 2], "Åkern")] for i, o in enumerate(p)
    ])  # fmt: skip
    for i, code in enumerate(("NA", "NaN", "None")):
        others = ["EL", "KB"] if code == "NA" else ["Nord", "Syd"]
        d = case(f"initials-{i}", "text taken for missing", code, figures(p) | (
            {"groups": {"coach": levels([*[code] * 20, *[others[0]] * 20, *[others[1]] * 20])}} if code == "NA" else {}
        ), registers=["file: r.csv\ncolumns: {Coach: coach}"])  # fmt: skip
        csv(
            d / "r.csv",
            [*HEAD, "Coach"],
            [[*o.row, [code, *others][j % 3]] for j, o in enumerate(p)],
        )


def _dates(case: Case) -> None:
    forms: dict[str, Callable[[dt.date], object]] = {
        "us": lambda d: f"{d:%m/%d/%Y}",
        "us-short": lambda d: f"{d.month}/{d.day}/{d:%y}",
        "us-clock": lambda d: f"{d.month}/{d.day}/{d.year} 00:00",
        "dots": lambda d: f"{d:%d.%m.%Y}",
        "day-first-hyphens": lambda d: f"{d:%d-%m-%Y}",
        "day-first-short": lambda d: f"{d:%d-%m-%y}",
        "compact": lambda d: f"{d:%Y%m%d}",
        "serial": lambda d: (d - dt.date(1899, 12, 30)).days,
        "words": lambda d: f"{d.day} {['januari','februari','mars','april','maj','juni','juli','augusti','september','oktober','november','december'][d.month - 1]} {d.year}",
        "utc-space": lambda d: f"{d - dt.timedelta(1)} {'22' if 4 <= d.month <= 10 else '23'}:00:00+00:00",
        "zulu-at-midnight": lambda d: f"{d}T00:00:00Z",
    }  # fmt: skip
    for name, form in forms.items():
        p = people(371 + len(name), 70)
        d = case(
            f"dates-{name}", "date order", f"Dates as {form(dt.date(2023, 5, 8))}.", figures(p)
        )
        csv(
            d / "r.csv",
            HEAD,
            [[*o.row[:3], form(o.start), form(o.end) if o.end else None, o.reason] for o in p],
        )
    p = people(390, 60)
    d = case(
        "dates-1904-cells", "date epoch", "Date cells in a workbook that counts from 1904.",
        figures(p), registers="r.xlsx",
    )  # fmt: skip
    xlsx(d / "r.xlsx", {"Blad": [HEAD, *[o.row for o in p]]}, date_1904=True)
    p = [replace(o, start=o.start.replace(day=1)) for o in people(391, 70)]
    d = case("dates-all-on-the-first", "date order", "Everybody starts on the 1st.", figures(p))
    csv(d / "r.csv", HEAD, [
        [*o.row[:3], f"{o.start:%d/%m/%Y}", f"{o.end:%d/%m/%Y}" if o.end else None, o.reason] for o in p
    ])  # fmt: skip


def _numbers(case: Case) -> None:
    p = people(401, 60)
    for i, (texts, values) in enumerate((
        (["12.500", "8.000", "10.250"], [12500, 8000, 10250]),
        (["1,250.50", "12,500", "950"], [1250.5, 12500, 950]),
        (["12 500 kr", "8 000 kr", "950,50 kr"], [12500, 8000, 950.5]),
        (["12.5", "8.25", "10.125"], [12.5, 8.25, 10.125]),
    )):  # fmt: skip
        d = case(f"cost-{i}", "decimal marks", ", ".join(texts), figures(p) | {
            "numbers": {"cost": {"n": 60, "sum": round(float(sum(values) * 20), 2)}}
        })  # fmt: skip
        csv(
            d / "r.csv",
            [*HEAD, "Kostnad"],
            [[*o.row, texts[j % 3]] for j, o in enumerate(p)],
            sep=";",
        )
    d = case("extent-shares", "percent", "0,5 and 1 beside nothing.", figures(p) | {
        "numbers": {"extent": {"n": 60, "sum": 4500.0}}}, must_say=["Omfattning"])  # fmt: skip
    csv(
        d / "r.csv", [*HEAD, "Omfattning"], [[*o.row, ["0,5", "1"][j % 2]] for j, o in enumerate(p)]
    )
    d = case("extent-cells", "percent", "Cells shown as 50 %.", figures(p) | {
        "numbers": {"extent": {"n": 60, "sum": 3000.0}}}, registers="r.xlsx")  # fmt: skip
    xlsx(d / "r.xlsx", {"Blad": [[*HEAD, "Omfattning"], *[[*o.row, As(0.5, "0 %")] for o in p]]})


def _copies(case: Case) -> None:
    p = people(411, 90, prefix="K")
    two = ['file: r.xlsx\nsheet: "2024"', 'file: r.xlsx\nsheet: "2023"']
    head = ["Kod", "Kön", "Inskriven", "Utskriven", "Avslutsorsak"]

    def of_2023(o) -> list:  # type: ignore[no-untyped-def]
        left = o.end is not None and o.end.year == 2023
        return [o.id, o.sex, o.start, o.end if left else None, o.reason if left else None]

    sheets = {
        "2023": [head, *[of_2023(o) for o in p if o.start.year == 2023]],
        "2024": [head, *[[o.id, o.sex, o.start, o.end, o.reason] for o in p if o.end is None or o.end.year == 2024]],
    }  # fmt: skip
    d = case(
        "years-in-the-other-order",
        "two yearly sheets",
        "2024 is named first.",
        figures(p),
        registers=two,
    )
    xlsx(d / "r.xlsx", sheets)
    said = [f"{one}\ncodes: shared" for one in two]
    d = case(
        "years-said-shared",
        "two yearly sheets",
        "The project file says so.",
        figures(p),
        registers=said,
    )
    xlsx(d / "r.xlsx", sheets)
    stale = [o for o in p if o.end][:15]
    d = case("stale-open-row-above", "stale open row", "The open row is above.", figures(p))
    csv(d / "r.csv", HEAD, [[*o.row[:4], None, None] for o in stale] + [o.row for o in p])


def _files(case: Case) -> None:
    p = people(421, 60)
    truth = figures(p) | {"sex": sexes(p)}
    for name, encoding in (("cp850", "cp850"), ("utf-16-le", "utf-16-le"), ("latin-1", "latin-1")):
        d = case(f"text-{name}", "encodings", name, truth)
        csv(d / "r.csv", HEAD, [o.row for o in p], encoding=encoding)
    d = case(
        "text-named-xls", "encodings", "Tab-separated text named .xls.", truth, registers="r.xls"
    )
    csv(d / "r.xls", HEAD, [o.row for o in p], sep="\t", encoding="cp1252")
    d = case("quotes-in-fields", "encodings", "Loose quotes in the middle of a cell.", truth)
    csv(
        d / "r.csv",
        [*HEAD, "Anm"],
        [[*o.row, 'sa "ja" till jobb' if j % 9 == 0 else "ok"] for j, o in enumerate(p)],
    )
    d = case("quotes-that-swallow", "encodings", "A quotation mark never closed.", truth,
             accept=("stop",), stop_names=["rad 7|row 7"])  # fmt: skip
    csv(
        d / "r.csv",
        [*HEAD, "Anm"],
        [[*o.row, '"svår' if j == 5 else "ok"] for j, o in enumerate(p)],
    )
    d = case("far-cell-with-text", "odd workbooks", "A full stop in ZZ90000.", truth, registers="r.xlsx",
             accept=("truth", "stop"), stop_names=["ZZ90000"])  # fmt: skip
    xlsx(d / "r.xlsx", {"Blad": [HEAD, *[o.row for o in p]]}, change=lambda part, c: c.replace(
        b"</sheetData>", b'<row r="90000"><c r="ZZ90000" t="inlineStr"><is><t>.</t></is></c></row></sheetData>'
    ) if part.startswith("xl/worksheets/") else c)  # fmt: skip
    columns = [*zip(*[o.row for o in p], strict=True)]
    d = case("parquet-stamps", "Parquet", "Days as time stamps.", truth, registers="r.parquet")
    stamps = [
        pa.array([v and dt.datetime.combine(v, dt.time()) for v in columns[i]]) for i in (3, 4)
    ]
    pq.write_table(
        pa.Table.from_arrays([*map(pa.array, columns[:3]), *stamps, pa.array(columns[5])], names=HEAD),
        d / "r.parquet",
    )  # fmt: skip
    units = [f"Grupp {i}" for i in (10, 2, 1, 9)]
    d = case(
        "groups-counted", "sorting", "Grupp 2 before Grupp 10.",
        figures(p) | {"text": {"time_to_employment.by_group": {"orders": [["Grupp 1", "Grupp 2", "Grupp 9", "Grupp 10"]]}}},
        registers=["file: r.csv\ncolumns: {Enhet: unit}\ntitles: {unit: Enhet}"], extra="groups: [unit]",
    )  # fmt: skip
    csv(
        d / "r.csv",
        [*HEAD, "Enhet"],
        [[*o.row, units[i % 4]] for i, o in enumerate(random.Random(1).sample(p, 60))],
    )


def _second_look(case: Case) -> None:
    p = people(431, 60)
    lost = list(range(0, 60, 7))
    d = case(
        "start-dates-with-errors", "error cells", "Start dates are #N/A.", figures(p),
        accept=("said", "stop"), stop_names=["Startdatum"],
        said={"column": "Startdatum", "rows": [i + 2 for i in lost]},
    )  # fmt: skip
    csv(
        d / "r.csv",
        HEAD,
        [[*o.row[:3], "#N/A" if i in lost else o.start, *o.row[4:]] for i, o in enumerate(p)],
    )
    for i, word in enumerate(("#N/A", "#REF!", "(Blank)")):
        d = case(f"numbers-with-errors-{i}", "placeholder id", word, figures(p), must_say=["Löpnr"])
        csv(d / "r.csv", HEAD, [[word if j in lost else o.id, *o.row[1:]] for j, o in enumerate(p)])
    d = case("end-9999-in-slashes", "empty date", "12/31/9999 among day/month dates.", figures(p))
    csv(d / "r.csv", HEAD, [
        [*o.row[:3], f"{o.start:%d/%m/%Y}", f"{o.end:%d/%m/%Y}" if o.end else "12/31/9999", o.reason] for o in p
    ])  # fmt: skip
    d = case(
        "end-zero-cells", "empty date", "A date cell that holds 0.", figures(p), registers="r.xlsx"
    )
    xlsx(
        d / "r.xlsx",
        {"Blad": [HEAD, *[[*o.row[:4], o.end or As(0, "yyyy-mm-dd"), o.reason] for o in p]]},
    )
    d = case(
        "headings-nobody-knows", "case systems", "Begynnelse and Upphörande.", figures(p),
        accept=("truth", "stop"), stop_names=["Begynnelse"],
    )  # fmt: skip
    csv(
        d / "r.csv",
        ["Löpnr", "Kön", "Ålder", "Begynnelse", "Upphörande", "Avslutsorsak"],
        [o.row for o in p],
    )
    d = case(
        "same-cohort-twice", "before and after", "By entry and by exit, and the exits count.", figures(p) | {
            "text": {"before_after.comparisons": {"never": ["lika stor"]}}},
        accept=("truth", "stop"), stop_names=["before_after"], files=["project.yaml", "r.csv"],
        extra="""before_after:
  - id: utfall
    title: Före och efter
    before: {label: Före, microdata: {by: entry, start: 2023-01-01, end: 2024-12-31}}
    after: {label: Efter, microdata: {by: exit, start: 2023-01-01, end: 2024-12-31}}""",
        chapters="[before_after]",
    )  # fmt: skip
    csv(d / "r.csv", HEAD, [o.row for o in p])
    for value, n, k in ((62, 40, "25"), (63, 40, "25"), (12, 8, "1"), (13, 8, "1")):
        d = case(f"claim-{value}-of-{n}", "claims and rounding", "A tie.", figures(p) | {"text": {
            "targets_and_claims.claims": {"never": ["Inget antal personer"], "must": [rf"\b{k}\b"]}}},
            extra=f"claims:\n  - {{id: p, quote: q, source: s, percentage: {{value: {value}, decimals: 0, n: {n}}}}}",
            chapters="[targets_and_claims]")  # fmt: skip
        csv(d / "r.csv", HEAD, [o.row for o in p])
    never = {"never": [r"(?<!\d)0,0 %", "hade ingen gått"]}
    q = [replace(o, reason="?" if o.end else None) for o in p]
    d = case(
        "reasons-missing-everywhere", "outcome unknown", "No chapter tells of nobody.",
        figures(q, {"?": "unknown", None: "ongoing"}) | {"text": {
            f"{name}": never for name in (
                "participants.outcomes", "time_to_employment.shares_at_horizons",
                "time_to_employment.conclusions",
                "targets_and_claims.conclusions", "costs.conclusions")}},
        extra="budget: {amount: 1000000}\ntargets: [{id: m, title: Mål, goal: 0.5, denominator: participants, "
        "outcome: [employment], source: Ansökan}]",
        chapters="[participants, time_to_employment, targets_and_claims, costs]",
    )  # fmt: skip
    csv(d / "r.csv", HEAD[:5], [o.row[:5] for o in p])
