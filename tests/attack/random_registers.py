"""Made-up registers of every size, their whole reports, and what curves could at most tell."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tests.attack.attacker import EXITS, SEXES, World
from tests.attack.kept import kept_days, read_kept
from tests.attack.reading import Read

PLACES = ("Ystad", "Tomelilla", "Sjöbo", "Simrishamn")
REASONS = {
    "employment": "Arbete", "studies": "Studier", "back": "Åter remittent",
    "dropout": "Avbrott", "ongoing": "",
}  # fmt: skip
OTHER_WAYS = ("Annat avslut", "Other exit", "Left in another way")
CUT = dt.date(2023, 12, 31)
PROJECT = """id: made-up-{seed}
title: {{sv: Vägen framåt, en: The way}}
summary: {{sv: Ett samarbete., en: A partnership.}}
period: {{start: 2022-01-01, end: 2023-12-31}}
data_cut: 2023-12-31
registers: [{{file: deltagare.csv, levels: {{municipality: {places}}}}}]
groups: [sex{and_place}]
targets:
  - {{id: pooled, title: {{sv: Mål ett, en: Target one}}, goal: 0.5,
     outcome: [employment, studies]}}
  - {{id: women, title: {{sv: Mål två, en: Target two}}, goal: 0.4, outcome: [employment],
     where: {{sex: woman}}}}
sites: [{{id: kommuner, title: {{sv: Orterna, en: Places}}, by: municipality}}]
budget: {{amount: 1734567}}
disclosure: {{profile: {profile}}}
chapters: [{chapters}]
"""
CHAPTERS = ("participants", "time_to_employment", "targets_and_claims", "sites", "costs")
TARGETS = {
    "Mål ett": ({}, {"exit": frozenset({"employment", "studies"})}),
    "Mål två": ({"sex": frozenset({"woman"})}, {"exit": frozenset({"employment"})}),
}


@dataclass(frozen=True)
class Person:
    sex: str
    place: str
    exit: str
    days: int


def write_register(folder: Path, seed: int) -> tuple[list[Person], int]:
    """A register and its project file; its persons, and the profile's threshold."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(12, 268))
    women = rng.uniform(0.1, 0.9)
    shares = rng.dirichlet(np.array([6.0, 3.0, 2.0, 1.0, 4.0]) * rng.uniform(0.4, 2.0))
    towns = rng.dirichlet(np.full(len(PLACES), 1.2))
    profile = "strict" if seed % 3 == 2 else "standard"
    persons, lines = [], ["Deltagar-ID;Kön;Kommun;Startdatum;Slutdatum;Avslutsorsak"]
    for i in range(n):
        sex = "woman" if rng.random() < women else "man"
        way = str(rng.choice(list(REASONS), p=shares))
        place = str(rng.choice(PLACES, p=towns))
        start = dt.date(2022, 1, 1) + dt.timedelta(int(rng.integers(0, 500)))
        days = int(rng.integers(5, max(6, (CUT - start).days)))
        end = "" if way == "ongoing" else (start + dt.timedelta(days)).isoformat()
        word = "Kvinna" if sex == "woman" else "Man"
        lines.append(f"P-{i:04d};{word};{place};{start};{end};{REASONS[way]}")
        persons.append(Person(sex, place, way, days))
    folder.mkdir(parents=True)
    (folder / "deltagare.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    levels = ", ".join(f"{town}: {{sv: {town}, en: {town}}}" for town in PLACES)
    text = PROJECT.format(
        seed=seed,
        places=f"{{{levels}}}",
        and_place=", municipality" if seed % 2 else "",
        profile=profile,
        chapters=", ".join(CHAPTERS),
    )
    (folder / "project.yaml").write_text(text, encoding="utf-8")
    return persons, 10 if profile == "strict" else 5


def read_register(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8") as content:
        return list(csv.DictReader(content, delimiter=";"))


def world_of(
    tables: Sequence[Read],
    persons: Sequence[Person],
    sentences: Sequence[str] = (),
    kept: Mapping[str, Any] | None = None,
) -> World:
    """All that is printed, and of each curve how many had left by each of its points."""
    points = sorted(set(_points(tables)))
    days = sorted({day for _, _, day in points} | set(kept_days(kept or {})))
    blocks = tuple(f"{i}" for i in range(len(days) + 1))
    world = World(
        {
            "sex": tuple(dict.fromkeys(SEXES.values()))[:2],
            "place": PLACES,
            "exit": tuple(REASONS),
            "time": (*blocks, "none"),
        }
    )
    world.atoms = [
        atom for atom in world.atoms if (atom["exit"] == "ongoing") == (atom["time"] == "none")
    ]
    world.places = {place: frozenset({place}) for place in PLACES}
    world.titles = dict(TARGETS)
    world.read(tables)
    world.read_sentences(sentences)
    if kept is not None:
        read_kept(world, kept, days)
    for group, cause, day in points:
        whom = {"sex": frozenset({group})} if group in world.levels["sex"] else {}
        if group in PLACES:
            whom = {"place": frozenset({group})}
        ways = frozenset({cause}) if cause else frozenset({"back", "dropout"})
        until = frozenset(blocks[: days.index(day) + 1])
        count = sum(
            one.exit in ways and one.days <= day and group in ("", one.sex, one.place)
            for one in persons
        )
        world.tell(f"curve {group} {cause} {day}", {**whom, "exit": ways, "time": until},
                   count, count)  # fmt: skip
    return world


def misread(world: World, persons: Sequence[Person]) -> list[str]:
    """What the reader takes for known and is not so in the register: its own mistakes."""
    return [
        where
        for where, predicate, low, high in world.known
        if "time" not in predicate
        and not low
        <= sum(all(getattr(one, name) in own for name, own in predicate.items()) for one in persons)
        <= high
    ]


def _points(tables: Sequence[Read]) -> Iterator[tuple[str, str, int]]:
    """Group, cause and day of every number that a curve prints."""
    for table in tables:
        at = next((i for i, name in enumerate(table.columns) if name in ("Dag", "Day")), 0)
        for row in table.rows if 0 < at < len(table.columns) - 1 else ():
            if len(row) <= at or not row[at].removesuffix(".0").isdigit():
                continue
            found = _of_line(row[:at])
            if found is not None:
                yield *found, int(float(row[at]))


def _of_line(names: Sequence[str]) -> tuple[str, str] | None:
    """Group and cause of a line of a curve's table; no cause: any other exit."""
    group = next((SEXES.get(one, one) for one in names if one in SEXES or one in PLACES), "")
    for one in names:
        if one in EXITS or one in OTHER_WAYS:
            return group, EXITS.get(one, "")
    return (group, "employment") if group else None
