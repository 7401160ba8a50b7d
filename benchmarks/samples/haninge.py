"""Haninge Arbetsmarknadscenter at an interim: 412 participants so far, 150 have left.

Published and met exactly: 58 % of the exits so far to work or study (here 87 of 150, the
n is made up), about 700 participants expected, women and men with social assistance.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.samples.calibration import allot, leave_exactly, pick, spread_dates, weibull_days
from benchmarks.samples.files import write_tidy_workbook
from benchmarks.samples.follow_up import events, with_gaps, write_events
from benchmarks.samples.people import (
    WOMAN,
    ages,
    sexes,
    success_or_other,
    ways_out,
    with_duplicate,
    with_reentries,
)

FOLDER = "haninge-arbetsmarknadscenter"
FILE, FOLLOW_UP_FILE = "amc_deltagare.xlsx", "amc_uppfoljning.csv"
SEED = 2021
START, LAST_ENTRY, DATA_CUT = date(2021, 4, 1), date(2022, 3, 25), date(2022, 3, 31)
N_PERSONS, N_WOMEN, N_EXITS, N_SUCCESS = 412, 209, 150, 87

YOUNG = "Ung 18–29"
TARGET_GROUPS = {"Långvarigt ekonomiskt bistånd": 0.5, "Nyanländ": 0.26, YOUNG: 0.24}
PACE = {"Långvarigt ekonomiskt bistånd": 1.3, "Nyanländ": 1.05, YOUNG: 0.75}
EDUCATION = {"Förgymnasial": 0.44, "Gymnasial": 0.38, "Eftergymnasial": 0.18}
STATUS = {"Arbetslös": 0.35, "Långtidsarbetslös": 0.45, "Utanför arbetskraften": 0.2}
REFERRED_BY = {"Socialtjänsten": 0.78, "Arbetsförmedlingen": 0.22}
FOREIGN_BACKGROUND = {"Ja": 0.61, "Nej": 0.36, "Vill ej uppge": 0.03}
DISABILITY = {"Ja": 0.19, "Nej": 0.74, "Vill ej uppge": 0.07}
WORDING = {
    "employment": {"Arbete": 0.7, "Egen försörjning": 0.18, "Nystartsjobb": 0.12},
    "studies": {"Studier": 0.3, "Komvux": 0.55, "Folkhögskola": 0.15},
    "other": {
        "Åter remittent": 0.28,
        "OSA": 0.08,
        "Rehabilitering": 0.18,
        "Föräldraledighet": 0.1,
        "Flytt": 0.14,
        "Uteblivit": 0.14,
        "Egen begäran": 0.08,
    },
}
HEADER = (
    "Deltagar-ID",
    "Kön",
    "Ålder",
    "Kommunkod",
    "Målgrupp",
    "Remittent",
    "Utbildningsnivå",
    "Sysselsättning före",
    "Försörjning före",
    "Startdatum",
    "Slutdatum",
    "Avslutsorsak",
    "Försörjning efter",
    "Subventionerad anställning",
    "Utländsk bakgrund",
    "Funktionsnedsättning",
)


def persons() -> pd.DataFrame:
    """The participants enrolled by the data cut, one row each, in order of entry."""
    rng = np.random.default_rng(SEED)
    frame = _with_ways_out(rng, _background(rng, N_PERSONS))
    frame = frame.sort_values("entry", kind="stable", ignore_index=True)
    frame.insert(0, "person", [f"H-{number:04d}" for number in range(1, len(frame) + 1)])
    return _with_indicator_data(frame)


def _with_indicator_data(frame: pd.DataFrame) -> pd.DataFrame:
    """What the common indicators ask for besides, drawn apart so that nothing else moves."""
    rng = np.random.default_rng([SEED, 1])
    newly = (frame["target_group"] == "Nyanländ").to_numpy()
    foreign = pick(rng, FOREIGN_BACKGROUND, len(frame))
    return with_gaps(rng, frame, without_education=16, without_aid=0.35).assign(
        foreign_background=np.where(newly, "Ja", foreign),
        disability=pick(rng, DISABILITY, len(frame)),
    )


def _background(rng: np.random.Generator, n: int) -> pd.DataFrame:
    target = pick(rng, TARGET_GROUPS, n)
    young = ages(rng, n, youngest=18, oldest=29)
    older = ages(rng, n, youngest=30, oldest=62)
    entry = spread_dates(rng, n, start=START, end=LAST_ENTRY)
    return pd.DataFrame(
        {
            "sex": sexes(allot(rng, np.ones(n), N_WOMEN)),
            "age_at_entry": np.where(target == YOUNG, young, older),
            "target_group": target,
            "referred_by": pick(rng, REFERRED_BY, n),
            "education": pick(rng, EDUCATION, n),
            "status_at_entry": pick(rng, STATUS, n),
            "support_before": "Försörjningsstöd",
            "entry": entry.astype("datetime64[s]"),
        }
    )


def _with_ways_out(rng: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    """Exits and their reasons; the pace differs by target group and sex."""
    woman = (frame["sex"] == WOMAN).to_numpy()
    young = (frame["target_group"] == YOUNG).to_numpy()
    follow_up = (pd.Timestamp(DATA_CUT) - frame["entry"]).dt.days.to_numpy(dtype=np.int64)
    pace = np.asarray(frame["target_group"].map(PACE), dtype=np.float64)
    scale = 320.0 * pace * np.where(woman, 1.12, 1.0)
    days, left = leave_exactly(weibull_days(rng, scale, shape=1.4), follow_up, N_EXITS)
    success = allot(rng, np.where(left, np.where(young, 1.4, 1.0), 0.0), N_SUCCESS)
    outcome = success_or_other(rng, success, left, np.where(young | woman, 0.42, 0.24))
    return frame.assign(**ways_out(rng, frame, days=days, outcome=outcome, wording=WORDING))


def register(everyone: pd.DataFrame) -> pd.DataFrame:
    """Rows as exported: three re-entries and a duplicate."""
    long_enough = (everyone["exit"] - everyone["entry"]).dt.days.gt(110)
    rows = [int(row) for row in everyone.index[long_enough]][2:42:14]
    return with_duplicate(with_reentries(everyone, rows, reason="Avbrott"), 120)


def _cells(row: Any) -> list[Any]:
    """Sex as 1 and 2, and a municipality code whose leading zero Excel has eaten."""
    return [
        row.person,
        2 if row.sex == "Kvinna" else 1,
        int(row.age_at_entry),
        136,
        row.target_group,
        row.referred_by,
        row.education,
        row.status_at_entry,
        row.support_before,
        row.entry.date(),
        "" if pd.isna(row.exit) else row.exit.date(),
        row.exit_reason,
        row.support_after,
        row.subsidy,
        row.foreign_background,
        row.disability,
    ]


def write(folder: Path) -> list[Path]:
    """The register of the project and its follow-up, in its own folder."""
    everyone = persons()
    rows = [_cells(row) for row in register(everyone).itertuples(index=False)]
    title = "Haninge Arbetsmarknadscenter – syntetiska data"
    recorded = events(np.random.default_rng([SEED, 2]), everyone, data_cut=DATA_CUT)
    return [
        write_tidy_workbook(folder / FILE, HEADER, rows, sheet="Deltagare", title=title),
        write_events(folder / FOLLOW_UP_FILE, recorded),
    ]
