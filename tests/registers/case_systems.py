"""Twenty registers shaped as case systems write them, with the figures they were made from.

The headings, preambles and wordings are modelled on exports of Treserva, Lifecare, ProCapita,
Combine, Accorda and SUS (expert knowledge); the people are made up.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.registers.kit import Suite, csv, figures, people, sexes, xlsx

# Wording of the system → class, and where it is None the person is still enrolled.
WORDINGS: tuple[dict[str | None, str], ...] = (
    {"Arbete": "employment", "Studier": "studies", "Åter AF": "referred_back",
     "Avbrott": "dropout", "Sjukskrivning": "health_or_leave"},
    {"Fått arbete": "employment", "Påbörjat studier": "studies", "Återgått till AF": "referred_back",
     "Avbrutit i förtid": "dropout", "Flyttat till annan kommun": "moved_or_deceased"},
    {"Arbete, tillsvidare": "employment", "Subventionerad anställning": "employment",
     "Studier på komvux": "studies", "Åter till socialtjänsten": "referred_back",
     "Sjukskriven på heltid": "health_or_leave"},
    {"Egen försörjning": "employment", "Utbildning": "studies", "Annan insats": "referred_back",
     "På egen begäran": "dropout", "Fullföljd insats": "completed_unknown"},
)  # fmt: skip
SHOWN = {"woman": ("Kvinna", "K", "kvinna"), "man": ("Man", "M", "man")}


@dataclass(frozen=True, kw_only=True)
class Shape:
    """How one system writes its export."""

    system: str
    head: tuple[str, str, str, str, str]  # number, sex, start, end, reason
    kind: str = "csv"
    day: Callable[[dt.date], object] = str
    ongoing: object = None
    before: tuple[tuple[str, ...], ...] = ()  # lines above the headings
    extra: tuple[str, ...] = ()  # further columns, filled with what such columns hold
    wording: int = 0
    sex: int = 0
    encoding: str = "utf-8-sig"
    sep: str = ";"
    is_total_below: bool = False


def _clock(day: dt.date) -> str:
    return f"{day} 00:00:00"


def _day_first(day: dt.date) -> str:
    return f"{day:%d/%m/%Y}"


def _compact(day: dt.date) -> str:
    return f"{day:%Y%m%d}"


def _same(day: dt.date) -> dt.date:
    return day


SHAPES: tuple[Shape, ...] = (
    Shape(system="treserva", head=("Klientnr", "Kön", "Fr.o.m.", "T.o.m.", "Avslutsorsak"), day=_clock,
          before=(("Insatser per klient",), ("Utskrivet 2025-01-07",), ()), extra=("Insats", "Handläggare"), kind="xlsx"),
    Shape(system="treserva", head=("Klientnummer", "Kön", "Verkställd fr.o.m.", "Verkställd t.o.m.", "Orsak avslut"),
          extra=("Beslutsdatum", "Beslut t.o.m."), encoding="cp1252", wording=1),
    Shape(system="treserva", head=("Personkod", "Kön", "Insats fr o m", "Insats t o m", "Avslutsanledning"), sep=",",
          ongoing="(Blank)", wording=2, sex=1),
    Shape(system="lifecare", head=("Person-ID", "Kön", "Insatsens startdatum", "Insatsens slutdatum", "Avslutsorsak"),
          day=_same, kind="xlsx", extra=("Enhet", "Planerat slutdatum")),
    Shape(system="lifecare", head=("Brukar-ID", "Kön", "Startdatum insats", "Slutdatum insats", "Orsak till avslut"),
          day=_clock, encoding="utf-16", sep="\t", wording=1),
    Shape(system="lifecare", head=("Individnr", "Juridiskt kön", "Verkställighet fr.o.m.", "Verkställighet t.o.m.", "Avslutskod"),
          ongoing="Pågår", wording=3, extra=("Utförare",)),
    Shape(system="procapita", head=("Ärendenr", "Kön", "Fr o m", "T o m", "Avslutningsorsak"), day=_compact,
          before=(("PROCAPITA IFO",), ("Urval: AME",)), wording=2),
    Shape(system="procapita", head=("Löpnr", "Kön", "From", "Tom", "Orsak"), day=_day_first, encoding="cp1252", sex=1),
    Shape(system="procapita", head=("Aktnr", "Kön", "Datum fr.o.m.", "Datum t.o.m.", "Avslutsorsak"),
          ongoing="9999-12-31", kind="xlsx", is_total_below=True, wording=1),
    Shape(system="procapita", head=("ID-nummer", "Kön", "Period fr.o.m.", "Period t.o.m.", "Anledning till avslut"),
          ongoing="0000-00-00", extra=("Beviljad t.o.m.",)),
    Shape(system="combine", head=("Deltagar-ID", "Kön", "Start", "Slut", "Avslutad till"), day=_same, kind="xlsx",
          extra=("Coach", "Anteckning"), wording=3),
    Shape(system="combine", head=("Kundnr", "Kön", "Datum in", "Datum ut", "Utskriven till"), sep="\t", wording=1, sex=2),
    Shape(system="combine", head=("Deltagarkod", "Kön", "Inskriven", "Utskriven", "Avslutsorsak"), ongoing="tills vidare",
          encoding="mac_roman"),
    Shape(system="accorda", head=("Deltagarnummer", "Kön", "Inskrivningsdatum", "Utskrivningsdatum", "Utskrivningsorsak"),
          day=_same, kind="xlsx", before=(("Accorda – deltagarlista",), ()), is_total_below=True, wording=2),
    Shape(system="accorda", head=("Deltagarnr", "Kön", "Påbörjad", "Avslutad", "Resultat vid avslut"), wording=1,
          extra=("Preliminärt slutdatum", "Målgrupp")),
    Shape(system="accorda", head=("Person nr", "Kön", "Placering start", "Placering slut", "Avslutsskäl"),
          day=lambda day: f"{day.month}/{day.day}/{day.year} 12:00:00 AM", sep=","),
    Shape(system="accorda", head=("Nummer", "Kön", "Aktivitet start", "Aktivitet slut", "Avslutstyp"), day=_same, kind="xlsx",
          extra=("Slutdatum (planerat)",), wording=3, sex=1),
    Shape(system="sus", head=("SUS-nr", "Kön", "Startdatum i insats", "Slutdatum i insats", "Avslutsanledning"), wording=1),
    Shape(system="sus", head=("SUS-ID", "Kön", "Inskrivningsdatum i insats", "Avslutsdatum i insats", "Avslutningsanledning"),
          day=_same, kind="xlsx", extra=("Försörjning före", "Försörjning vid avslut"), wording=2),
    Shape(system="sus", head=("SUS-nummer", "Kön (juridiskt)", "Startdag", "Slutdag", "Anledning"), ongoing="#NULL!",
          extra=("Beräknat slutdatum",)),
)  # fmt: skip


def write_all(root: Path) -> None:
    """The twenty registers, each in a folder with a project file and its truth."""
    suite = Suite(root)
    for number, shape in enumerate(SHAPES, start=1):
        _write(suite.case, number, shape)


def _write(case: Callable[..., Path], number: int, shape: Shape) -> None:
    chosen = random.Random(900 + number)
    classes = WORDINGS[shape.wording]
    persons = [
        replace(one, reason=chosen.choice([*classes]) if one.end else None)
        for one in people(900 + number, 50 + 3 * number, prefix="" if number % 2 else "K")
    ]
    is_numbered = shape.head[0] == "Person nr"
    persons = [replace(one, id=f"Q{one.id}") for one in persons] if is_numbered else persons
    file = f"export.{shape.kind}"
    folder = case(
        f"{number:02d}-{shape.system}",
        "case systems",
        ", ".join(shape.head),
        figures(persons, {**classes, None: "ongoing"}) | {"sex": sexes(persons)},
        registers=file,
    )
    head = [*shape.head[:4], *shape.extra, shape.head[4]]
    rows = [_row(one, shape, place) for place, one in enumerate(persons)]
    below: list[list[Any]] = [["Antal", len(rows)]] if shape.is_total_below else []
    if shape.kind == "xlsx":
        above = [[*line] for line in shape.before]
        xlsx(folder / file, {"Export": [*above, head, *rows, *below]})
        return
    lines = [*map(list, shape.before), head, *rows, *below]
    csv(folder / file, lines[0], lines[1:], sep=shape.sep, encoding=shape.encoding)


def _row(one: Any, shape: Shape, place: int) -> Sequence[object]:
    sex = SHOWN["woman" if one.sex == "Kvinna" else "man"][shape.sex]
    end = shape.day(one.end) if one.end else shape.ongoing
    reason = one.reason
    if reason and "," in reason and shape.kind == "csv" and shape.sep == ",":
        reason = f'"{reason}"'
    if shape.ongoing == "#NULL!":
        reason = reason or "#NULL!"
    return [one.id, sex, shape.day(one.start), end, *_extras(one, shape, place), reason]


def _extras(one: Any, shape: Shape, place: int) -> list[object]:
    planned = one.start + dt.timedelta(days=365)
    held: dict[str, object] = {
        "Insats": "AME Spår 2", "Handläggare": f"H{place % 4}", "Enhet": ["Norr", "Söder"][place % 2],
        "Utförare": "Kommunen", "Coach": ["Åsa", "Öst"][place % 2], "Målgrupp": "Unga",
        "Anteckning": None if place % 3 else "Bokat möte", "Försörjning före": "Försörjningsstöd",
        "Försörjning vid avslut": "Lön" if one.end else None,
    }  # fmt: skip
    return [held.get(name, shape.day(planned)) for name in shape.extra]
