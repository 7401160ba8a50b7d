"""Sydöstra Skåne jobbspår: 1 004 participants, read from a cp1252 CSV.

Published: about 1 000 newly arrived to be established, four municipalities, three target
groups, job tracks with vocational Swedish. Everything else is made up.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.samples.calibration import (
    Days,
    Words,
    allot,
    leave_exactly,
    pick,
    spread_dates,
    weibull_days,
)
from benchmarks.samples.files import write_csv
from benchmarks.samples.follow_up import events, with_gaps, write_events
from benchmarks.samples.people import (
    WOMAN,
    ages,
    reasons,
    sexes,
    success_or_other,
    ways_out,
    with_duplicate,
    with_reentries,
)

FOLDER = "sydostra-skane-jobbspar"
FILE, FOLLOW_UP_FILE = "jobbspar_deltagare.csv", "jobbspar_uppfoljning.csv"
SEED = 1000
START, END, DATA_CUT = date(2018, 1, 1), date(2018, 12, 31), date(2019, 6, 30)
GROUPS = {"Nyanländ": 564, "Ung": 208, "Långtidsarbetslös": 232}
N_WOMEN, N_EXITS, N_SUCCESS = 482, 708, 431

MUNICIPALITIES = {"1286": 0.4, "1291": 0.23, "1265": 0.2, "1270": 0.17}
TRACKS = {
    "Vård och omsorg": 0.3,
    "Industri": 0.2,
    "Restaurang och besöksnäring": 0.2,
    "Lantbruk och trädgård": 0.15,
    "Handel och service": 0.15,
}
TRACK_PACE = {
    "Vård och omsorg": 1.2,
    "Industri": 0.9,
    "Restaurang och besöksnäring": 0.8,
    "Lantbruk och trädgård": 0.95,
    "Handel och service": 1.1,
}
GROUP_PACE = {"Nyanländ": 1.15, "Ung": 0.7, "Långtidsarbetslös": 1.1}
GROUP_STUDY = {"Nyanländ": 0.38, "Ung": 0.45, "Långtidsarbetslös": 0.15}
GROUP_AGES = {"Nyanländ": (20, 58), "Ung": (17, 24), "Långtidsarbetslös": (27, 63)}
EDUCATION = {"Förgymnasial": 0.42, "Gymnasial": 0.38, "Eftergymnasial": 0.2}
REFERRED_BY = {"Arbetsförmedlingen": 0.75, "Kommunen": 0.25}
STATUS = {
    "Nyanländ": {"Arbetslös": 0.8, "Utanför arbetskraften": 0.2},
    "Ung": {"Arbetslös": 0.7, "Utanför arbetskraften": 0.3},
    "Långtidsarbetslös": {"Långtidsarbetslös": 1.0},
}
SUPPORT = {
    "Nyanländ": {"Etableringsersättning": 0.7, "Försörjningsstöd": 0.3},
    "Ung": {"Ingen": 0.5, "Aktivitetsstöd": 0.3, "Försörjningsstöd": 0.2},
    "Långtidsarbetslös": {"Aktivitetsstöd": 0.6, "Försörjningsstöd": 0.4},
}
FOREIGN_BACKGROUND = {"Ja": 0.34, "Nej": 0.66}
DISABILITY = {"Ja": 0.12, "Nej": 0.82, "Vill ej uppge": 0.06}
WORDING = {
    "employment": {"Arbete": 0.6, "Anställning": 0.25, "Nystartsjobb": 0.15},
    "studies": {"Studier": 0.45, "Komvux": 0.4, "Folkhögskola": 0.15},
    "other": {
        "Åter AF": 0.3,
        "Kommunal anställning": 0.18,
        "Sjukdom": 0.14,
        "Föräldraledighet": 0.12,
        "Flytt": 0.1,
        "Avbrott": 0.16,
    },
}
HEADER = (
    "Löpnr",
    "Kön",
    "Ålder",
    "Kommunkod",
    "Målgrupp",
    "Jobbspår",
    "Anvisande myndighet",
    "Inskrivningstid AF",
    "Utbildningsnivå",
    "Sysselsättning före",
    "Försörjning före",
    "Omfattning %",
    "Startdatum",
    "Slutdatum",
    "Avslutsorsak",
    "Försörjning efter",
    "Subventionerad anställning",
    "Utländsk bakgrund",
    "Tredjelandsmedborgare",
    "Funktionsnedsättning",
)


def persons() -> pd.DataFrame:
    """The participants, one row each, in order of entry."""
    rng = np.random.default_rng(SEED)
    target = np.repeat(list(GROUPS), list(GROUPS.values()))
    frame = _with_ways_out(rng, _background(rng, target))
    frame = frame.sort_values("entry", kind="stable", ignore_index=True)
    frame.insert(0, "person", [f"{number:04d}" for number in range(1, len(frame) + 1)])
    return _with_indicator_data(frame)


def _with_indicator_data(frame: pd.DataFrame) -> pd.DataFrame:
    """What the common indicators ask for besides, drawn apart so that nothing else moves."""
    rng = np.random.default_rng([SEED, 1])
    newly = (frame["target_group"] == "Nyanländ").to_numpy()
    foreign = np.where(newly, "Ja", pick(rng, FOREIGN_BACKGROUND, len(frame)))
    citizen_elsewhere = (foreign == "Ja") & (rng.random(len(frame)) < np.where(newly, 0.93, 0.3))
    return with_gaps(rng, frame, without_education=21, without_aid=0.4).assign(
        foreign_background=foreign,
        third_country_national=np.where(citizen_elsewhere, "Ja", "Nej"),
        disability=pick(rng, DISABILITY, len(frame)),
    )


def _background(rng: np.random.Generator, target: Words) -> pd.DataFrame:
    n = len(target)
    entry = spread_dates(rng, n, start=START, end=END, early=1.1)
    return pd.DataFrame(
        {
            "sex": sexes(allot(rng, np.ones(n), N_WOMEN)),
            "age_at_entry": _ages(rng, target),
            "municipality": pick(rng, MUNICIPALITIES, n),
            "target_group": target,
            "track": pick(rng, TRACKS, n),
            "referred_by": pick(rng, REFERRED_BY, n),
            "unemployed_days": _unemployed_days(rng, target),
            "education": pick(rng, EDUCATION, n),
            "status_at_entry": reasons(rng, target, STATUS),
            "support_before": reasons(rng, target, SUPPORT),
            "extent": 50.0 + 12.5 * np.floor(rng.random(n) * 5),
            "entry": entry.astype("datetime64[s]"),
        }
    )


def _with_ways_out(rng: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    """Exits and their reasons; the pace differs by target group, track and sex."""
    follow_up = (pd.Timestamp(DATA_CUT) - frame["entry"]).dt.days.to_numpy(dtype=np.int64)
    pace = frame["target_group"].map(GROUP_PACE) * frame["track"].map(TRACK_PACE)
    scale = 250.0 * pace.to_numpy(dtype=float) * np.where(frame["sex"] == WOMAN, 1.1, 1.0)
    days, left = leave_exactly(weibull_days(rng, scale, shape=1.5), follow_up, N_EXITS)
    success = allot(rng, np.where(left, np.sqrt(days), 0.0), N_SUCCESS)
    study = np.asarray(frame["target_group"].map(GROUP_STUDY), dtype=np.float64)
    outcome = success_or_other(rng, success, left, study)
    return frame.assign(**ways_out(rng, frame, days=days, outcome=outcome, wording=WORDING))


def _ages(rng: np.random.Generator, target: Words) -> Days:
    years = np.zeros(len(target), dtype=np.int64)
    for group, (youngest, oldest) in GROUP_AGES.items():
        here = target == group
        years[here] = ages(rng, int(here.sum()), youngest=youngest, oldest=oldest)
    return years


def _unemployed_days(rng: np.random.Generator, target: Words) -> Days:
    """Days registered before entry: over a year for every long-term unemployed."""
    shortest = np.where(target == "Långtidsarbetslös", 380, 20)
    longest = np.where(target == "Långtidsarbetslös", 2900, 700)
    draw = rng.random(len(target)) ** 2
    return np.asarray(np.floor(shortest + draw * (longest - shortest)), dtype=np.int64)


def register(everyone: pd.DataFrame) -> pd.DataFrame:
    """Rows as exported: five re-entries, a duplicate, an exit after the data cut."""
    long_enough = (everyone["exit"] - everyone["entry"]).dt.days.gt(120)
    rows = [int(row) for row in everyone.index[long_enough]][10:360:70]
    kept = everyone.copy()
    late = kept.index[kept["outcome"].eq("ongoing")][3]
    kept.loc[late, "exit"] = pd.Timestamp("2019-07-05")
    kept.loc[late, "exit_reason"] = "Flytt"
    return with_duplicate(with_reentries(kept, rows, reason="Avbrott"), 311)


def _line(row: Any) -> list[Any]:
    """Cells as Swedish Excel writes them: decimal comma, hard space in thousands."""
    number = int(row.person)
    ongoing = "Pågår" if number % 7 == 2 else ""
    return [
        row.person,
        row.sex,
        row.age_at_entry,
        row.municipality,
        row.target_group,
        row.track,
        row.referred_by,
        f"{row.unemployed_days:,}".replace(",", "\N{NO-BREAK SPACE}"),
        row.education,
        row.status_at_entry,
        row.support_before,
        f"{row.extent:.1f}".replace(".", ","),
        _date(row.entry, number),
        ongoing if pd.isna(row.exit) else _date(row.exit, number=0),
        row.exit_reason,
        row.support_after,
        row.subsidy,
        row.foreign_background,
        row.third_country_national,
        row.disability,
    ]


def _date(value: pd.Timestamp, number: int) -> str:
    """ISO mostly; every fortieth start date was typed day first."""
    if number % 40 == 9:
        return f"{value.day}/{value.month}/{value.year}"
    return value.date().isoformat()


def write(folder: Path) -> list[Path]:
    """The register of the project and its follow-up, in its own folder."""
    everyone = persons()
    lines = [_line(row) for row in register(everyone).itertuples(index=False)]
    recorded = events(np.random.default_rng([SEED, 2]), everyone, data_cut=DATA_CUT)
    path = folder / FILE
    return [
        write_csv(
            path,
            HEADER,
            lines,
            delimiter=";",
            encoding="cp1252",
            line_end="\r\n",
            first_line="sep=;",
        ),
        write_events(folder / FOLLOW_UP_FILE, recorded),
    ]
