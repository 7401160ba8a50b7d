"""A register of 240 made-up persons, the first of whom has every marker there is."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

# Skatteverket's published test number.
NUMBER = "191212121212"
NAME, NOTE, RARE = "Xerxes Qvistgaard", "vill bli svetsare i Kvicksund", "Arjeplog"
LONGEST = 1237  # days, one person's alone
MARKERS = (NUMBER, "19121212-1212", NAME, NOTE, RARE)


def write_planted(folder: Path, chapters: list[str], *, languages: str = "sv, en") -> Path:
    """The project file of a project with that register and these chapters."""
    rows = ["Personnummer;Namn;Kön;Kommun;Startdatum;Slutdatum;Avslutsorsak;Anteckning"]
    for i in range(240):
        number = NUMBER if i == 0 else f"D-{i:05d}"
        name = NAME if i == 0 else f"Person{i} Efternamn{i}"
        place = RARE if i < 2 else ("Ystad", "Tomelilla", "Simrishamn")[i % 3]
        reason = ("Arbete", "Studier", "Åter remittent", "Arbete")[i % 4] if i % 7 else ""
        start = date(2018, 1, 1 + i % 28)
        days = LONGEST if i == 0 else 40 + (i * 37) % 600
        end = str(start + timedelta(days=days)) if i % 7 or i == 0 else ""
        reason = "Arbete" if i == 0 else reason
        sex, note = ("Kvinna", "Man", "Kvinna")[i // 3 % 3], NOTE if i == 0 else ""
        rows.append(f"{number};{name};{sex};{place};{start};{end};{reason};{note}")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "deltagare.csv").write_text("\n".join(rows), encoding="utf-8")
    file = folder / "project.yaml"
    file.write_text(
        f"""id: planted
title: {{sv: "Ett exempel", en: "An example"}}
summary: {{sv: "En insats.", en: "A programme."}}
period: {{start: 2018-01-01, end: 2021-12-31}}
data_cut: 2021-12-31
registers: [{{file: deltagare.csv}}]
groups: [sex]
languages: [{languages}]
chapters: [{", ".join(chapters)}]
""",
        encoding="utf-8",
    )
    return file
