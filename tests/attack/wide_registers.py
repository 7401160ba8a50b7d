"""Made-up registers with everything a report may split by, and two editions of them.

What a person is stands under the names that `answers.json` uses; a reader reads it with json alone.
"""

from __future__ import annotations

import copy
import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np

from tests.attack.attacker import POOLED

Persons = list[dict[str, str]]

PLACES = ("Ystad", "Tomelilla", "Sjöbo", "Simrishamn")
EXITS = {
    "employment": "Arbete", "studies": "Studier", "back": "Åter AF", "ill": "Sjukskriven",
    "moved": "Flyttat", "dropout": "Avbrott", "ongoing": "",
}  # fmt: skip
# Column → level as it is kept → as the register has it.
WORDS = {
    "sex": {"woman": "Kvinna", "man": "Man", "non_binary": "Icke-binär"},
    "place": dict(zip(PLACES, PLACES, strict=True)),
    "education": {"isced_0_2": "Förgymnasial", "isced_3_4": "Gymnasial",
                  "isced_5_8": "Eftergymnasial"},
    "status_at_entry": {"unemployed": "Arbetslös", "long_term_unemployed": "Långtidsarbetslös",
                        "employment": "I arbete"},
    "target_group": {"newly_arrived": "Nyanländ", "young": "Ung", "family": "Förälder"},
    "foreign_background": {"yes": "Ja", "no": "Nej"},
    "disability": {"yes": "Ja", "no": "Nej"},
}  # fmt: skip
HEADINGS = ("Kön", "Kommun", "Utbildningsnivå", "Sysselsättning före", "Målgrupp",
            "Utländsk bakgrund", "Funktionsnedsättning")  # fmt: skip
LEVELS = {**{name: tuple(words) for name, words in WORDS.items()}, "exit": tuple(EXITS)}
LEFT = frozenset(EXITS) - {"ongoing"}
CUT = dt.date(2023, 12, 31)
PROJECT = """id: {name}
title: {{sv: Vägen framåt, en: The way}}
summary: {{sv: Ett samarbete., en: A partnership.}}
period: {{start: 2022-01-01, end: 2023-12-31}}
data_cut: 2023-12-31
registers:
  - file: deltagare.csv
    values:
      education: {{Förgymnasial: isced_0_2, Gymnasial: isced_3_4, Eftergymnasial: isced_5_8}}
      target_group: {{Nyanländ: newly_arrived, Ung: young, Förälder: family}}
    levels:
      municipality: {{{places}}}{follow_up}
groups: [{groups}]
languages: [{language}]
targets:
  - {{id: pooled, title: {{sv: Ett, en: One}}, goal: 0.5, outcome: [employment, studies]}}
  - {{id: women, title: {{sv: Två, en: Two}}, goal: 0.4, outcome: [employment],
     where: {{sex: woman}}}}
  - {{id: young, title: {{sv: Tre, en: Three}}, goal: 0.4, outcome: [employment, studies],
     where: {{target_group: young}}}}
  - {{id: left, title: {{sv: Fyra, en: Four}}, goal: 0.4, outcome: [employment],
     denominator: exits}}
claims:
  - {{id: town, quote: {{sv: Av alla 70 procent., en: 70 per cent.}}, source: x,
     percentage: {{value: 70, decimals: 0}},
     register_figure: {{measure: share, denominator: exits, where: {{municipality: Ystad}}}}}}
sites: [{{id: places, title: {{sv: Orterna, en: Places}}, by: municipality}}]
budget: {{amount: 1734567}}
indicators: {{code_list: esf_plus_2021_2027}}
disclosure: {{profile: {profile}}}
chapters: [{chapters}]
"""


FOLLOW_UP = """
    follow_up:
      {file: uppfoljning.csv, columns: {Löpnr: person_id}, kind: changes, days: [90, 180]}"""


def persons_of(seed: int, *, most: int = 268) -> Persons:
    """Made-up persons; now and then one or two are non-binary."""
    rng = np.random.default_rng(seed)
    n, apart = int(rng.integers(12, most)), int(rng.choice([0, 0, 1, 2]))
    shares = {name: rng.dirichlet(np.full(len(words), 1.2)) for name, words in WORDS.items()}
    women = rng.uniform(0.1, 0.9)
    shares["sex"] = np.array([women, 1 - women, 0])
    ways = rng.dirichlet(np.array([6, 3, 2, 1, 0.7, 1, 4]) * rng.uniform(0.4, 2.0))
    found = []
    for i in range(n):
        one = {name: str(rng.choice(list(words), p=shares[name])) for name, words in WORDS.items()}
        start = dt.date(2022, 1, 1) + dt.timedelta(int(rng.integers(0, 500)))
        end = start + dt.timedelta(int(rng.integers(5, (CUT - start).days)))
        found.append(one | {"exit": str(rng.choice(list(EXITS), p=ways)), "code": f"P-{i:04d}",
                            "start": str(start), "end": str(end)})  # fmt: skip
        found[-1]["sex"] = "non_binary" if i < apart else one["sex"]
    return found


def write(
    folder: Path, persons: Persons, *, chapters: Iterable[str], groups: Iterable[str],
    name: str = "made-up", profile: str = "standard", language: str = "sv",
) -> Path:  # fmt: skip
    """The project file of a project with these persons; some of those at work lose it."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [f"Löpnr;Ålder;{';'.join(HEADINGS)};Startdatum;Slutdatum;Avslutsorsak"]
    for one in persons:
        cells = [WORDS[column][one[column]] for column in WORDS]
        end = one["end"] if one["exit"] != "ongoing" else ""
        lines.append(";".join([one["code"], "35", *cells, one["start"], end, EXITS[one["exit"]]]))
    (folder / "deltagare.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    places = ", ".join(f"{place}: {{sv: {place}, en: {place}}}" for place in PLACES)
    text = PROJECT.format(
        name=name, places=places, groups=", ".join(groups), language=language, profile=profile,
        chapters=", ".join(chapters), follow_up=FOLLOW_UP if "after_leaving" in chapters else "",
    )  # fmt: skip
    if all(one["target_group"] != "young" for one in persons):  # no target is of a missing level
        text = re.sub(r"  - \{id: young.*?\}\}\n", "", text, flags=re.DOTALL)
    lost = [one for one in persons if one["exit"] == "employment" and int(one["code"][-1]) % 3 == 0]
    days = [dt.date.fromisoformat(one["end"]) + dt.timedelta(70) for one in lost]
    changes = [f"{one['code']};{day};Arbetslös" for one, day in zip(lost, days, strict=True)]
    (folder / "uppfoljning.csv").write_text("\n".join(["Löpnr;Datum;Status", *changes]), "utf-8")
    (folder / "project.yaml").write_text(text, encoding="utf-8")
    return folder / "project.yaml"


def few_new(persons: Persons, rng: np.random.Generator) -> Persons:
    new = [copy.copy(persons[int(i)]) for i in rng.integers(0, len(persons), rng.integers(1, 5))]
    return persons + [one | {"code": f"N-{i}"} for i, one in enumerate(new)]


def few_left(persons: Persons, rng: np.random.Generator) -> Persons:
    still = [i for i, one in enumerate(persons) if one["exit"] == "ongoing"]
    now = set(still[: int(rng.integers(1, 4))])
    return [one | {"exit": "employment"} if i in now else one for i, one in enumerate(persons)]


def one_corrected(persons: Persons, rng: np.random.Generator) -> Persons:
    i = int(rng.integers(len(persons)))
    other = "employment" if persons[i]["exit"] != "employment" else "dropout"
    return [*persons[:i], persons[i] | {"exit": other}, *persons[i + 1 :]]


def one_gone(persons: Persons, rng: np.random.Generator) -> Persons:
    i = int(rng.integers(len(persons)))
    return persons[:i] + persons[i + 1 :]


def half_a_year(persons: Persons, rng: np.random.Generator) -> Persons:
    new = [persons[int(i)] for i in rng.integers(0, len(persons), 20)]
    later = persons + [one | {"code": f"N-{i}", "exit": "ongoing"} for i, one in enumerate(new)]
    gone = rng.random(len(later)) < 0.2
    return [one | {"exit": str(rng.choice(["employment", "studies", "back"]))}
            if one["exit"] == "ongoing" and left else one
            for one, left in zip(later, gone, strict=True)]  # fmt: skip


def one_place(persons: Persons, _rng: np.random.Generator) -> Persons:
    places = [one["place"] for one in persons]
    return [one for one in persons if one["place"] == max(PLACES, key=places.count)]


def women(persons: Persons, _rng: np.random.Generator) -> Persons:
    return [one for one in persons if one["sex"] == "woman"]


LATER: Sequence[Callable[[Persons, np.random.Generator], Persons]] = (
    few_new, few_left, one_corrected, one_gone, half_a_year, one_place, women,
)  # fmt: skip
PARTS = (one_place, women)
OUTCOMES = {
    "target.pooled": ({}, POOLED),
    "target.women": ({"sex": frozenset({"woman"})}, frozenset({"employment"})),
    "target.young": ({"target_group": frozenset({"young"})}, POOLED),
    "target.left": ({"exit": LEFT}, frozenset({"employment"})),
    "claim.town.register": ({"place": frozenset({"Ystad"}), "exit": LEFT}, POOLED),
}
# Codes of the Fund's list: whom they are of.
CODES = {
    "EECO01": {},
    "EECO02": {"status_at_entry": frozenset({"unemployed", "long_term_unemployed"})},
    "EECO03": {"status_at_entry": frozenset({"long_term_unemployed"})},
    "EECO05": {"status_at_entry": frozenset({"employment"})},
    "EECO09": {"education": frozenset({"isced_0_2"})},
    "EECO10": {"education": frozenset({"isced_3_4"})},
    "EECO11": {"education": frozenset({"isced_5_8"})},
    "EECO12": {"disability": frozenset({"yes"})},
    "EECO14": {"foreign_background": frozenset({"yes"})},
}
