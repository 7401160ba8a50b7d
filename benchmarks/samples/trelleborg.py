"""Trelleborg Samordnad etablering: everyone in the establishment programme since 2014.

Published and met exactly: status 90 days after the programme is work or study for 32.8 %
of the leavers of 2016 (here 42 of 128), 47.7 % of 2017 (62 of 130) and above 50 % in
early 2018 (24 of 46); 11 joint enrolments. The n are made up: none was published.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.samples.calibration import Words, allot, pick, spread_dates
from benchmarks.samples.files import write_csv
from benchmarks.samples.people import MAN, WOMAN, ages, sexes, with_duplicate, with_reentries

FOLDER = "trelleborg-samordnad-etablering"
FILE = "etablering_trelleborg.csv"
SEED = 328
FIRST_ENTRY, PROJECT_START, DATA_CUT = date(2014, 1, 1), date(2017, 2, 1), date(2018, 12, 31)
LONGEST_DAYS = 730
N_JOINT = 11
# Leavers whom nobody reached after ninety days; outside the cohorts with published shares.
NOT_REACHED = ((date(2018, 5, 1), date(2018, 9, 30), 20),)
NOT_REACHED_SEED = 90
# The lead's months and the year 2017 are of one month more than the target: with these three
# turned, five of January 2017 are without work or studies, and no longer a few.
TURNED = (
    (date(2017, 1, 1), date(2017, 1, 31), "Arbete", "Arbetssökande"),
    (date(2017, 2, 1), date(2017, 4, 30), "Arbetssökande", "Arbete"),
    (date(2018, 5, 1), date(2018, 9, 30), "Arbete", "Arbetssökande"),
)


@dataclass(frozen=True)
class Leavers:
    """Those who leave between two dates: how many, with a good status, and before time."""

    start: date
    end: date
    n: int
    n_success: int
    share_early: float


COHORTS = (
    Leavers(date(2014, 1, 1), date(2014, 12, 31), 118, 33, 0.22),
    Leavers(date(2015, 1, 1), date(2015, 12, 31), 124, 38, 0.24),
    Leavers(date(2016, 1, 1), date(2016, 12, 31), 128, 42, 0.26),
    Leavers(date(2017, 1, 1), date(2017, 4, 30), 43, 19, 0.33),
    Leavers(date(2017, 5, 1), date(2017, 12, 31), 87, 43, 0.36),
    Leavers(date(2018, 1, 1), date(2018, 4, 30), 46, 24, 0.38),
    Leavers(date(2018, 5, 1), date(2018, 9, 30), 55, 29, 0.38),
    # The rest leave after their status can be known, or after the data cut.
    Leavers(date(2018, 10, 5), date(2018, 12, 31), 33, 17, 0.38),
    Leavers(date(2019, 1, 1), date(2020, 12, 31), 190, 95, 0.38),
)
EARLY = {"employment": 0.5, "studies": 0.26, "health": 0.08, "moved": 0.16}
REASON = {
    "employment": "Arbete",
    "studies": "Studier",
    "health": "Föräldraledighet",
    "moved": "Flytt",
    "time": "Programtiden slut",
}
OUTCOME = {"employment": "employment", "studies": "studies"}
WEIGHT = {"employment": 30.0, "studies": 30.0, "health": 0.2, "moved": 0.5, "time": 1.0}
EDUCATION = {"Förgymnasial": 0.45, "Gymnasial": 0.3, "Eftergymnasial": 0.25}
HEADER = (
    "Löpnr",
    "Kön",
    "Ålder",
    "Kommunkod",
    "Utbildningsnivå",
    "Gemensam inskrivning",
    "Startdatum",
    "Slutdatum",
    "Avslutningsanledning",
    "Status efter 90 dagar",
)


def persons() -> pd.DataFrame:
    """Everyone who entered from 2014 to the data cut, one row each, in order of entry."""
    rng = np.random.default_rng(SEED)
    stream = pd.concat([_leavers(rng, cohort) for cohort in COHORTS], ignore_index=True)
    entered = stream["entry"].between(pd.Timestamp(FIRST_ENTRY), pd.Timestamp(2018, 11, 30))
    frame = stream[entered].sort_values("entry", kind="stable", ignore_index=True)
    frame.insert(0, "person", [f"TRE{number:04d}" for number in range(1, len(frame) + 1)])
    since_start = frame["entry"] >= pd.Timestamp(PROJECT_START)
    joint = allot(rng, np.asarray(since_start, dtype=np.float64), N_JOINT)
    frame["joint_enrolment"] = np.where(joint, "Ja", "Nej")
    return _turned(_not_reached(_seen_at_data_cut(frame)))


def _leavers(rng: np.random.Generator, cohort: Leavers) -> pd.DataFrame:
    n = cohort.n
    early = rng.random(n) < cohort.share_early
    way = np.where(early, pick(rng, EARLY, n), "time")
    woman = rng.random(n) < np.where(np.isin(way, ["employment", "moved"]), 0.38, 0.52)
    # Leaving before time becomes likelier with every month: hazard rising with time.
    early_days = np.floor(90 + np.sqrt(rng.random(n)) * (LONGEST_DAYS - 100))
    days = np.where(early, early_days, LONGEST_DAYS - np.floor(rng.random(n) * 4))
    leave = spread_dates(rng, n, start=cohort.start, end=cohort.end)
    weights = np.array([WEIGHT[word] for word in way.tolist()]) * np.where(woman, 0.7, 1.0)
    success = allot(rng, weights, cohort.n_success)
    return pd.DataFrame(
        {
            "sex": sexes(woman),
            "age_at_entry": ages(rng, n, youngest=20, oldest=60),
            "education": pick(rng, EDUCATION, n),
            "entry": (leave - days.astype("timedelta64[D]")).astype("datetime64[s]"),
            "exit": leave.astype("datetime64[s]"),
            "outcome": [OUTCOME.get(word, "other") for word in way.tolist()],
            "exit_reason": [REASON[word] for word in way.tolist()],
            "status_90d": _status(rng, way, success),
        }
    )


def _status(rng: np.random.Generator, way: Words, success: np.ndarray) -> Words:
    """Status on day 90: those who left for studies study, the others mostly work."""
    n = len(way)
    good = np.where(rng.random(n) < 0.7, "Arbete", "Studier")
    good = np.where(way == "employment", "Arbete", np.where(way == "studies", "Studier", good))
    return np.where(success, good, pick(rng, {"Arbetssökande": 0.8, "Övrigt": 0.2}, n))


def _seen_at_data_cut(frame: pd.DataFrame) -> pd.DataFrame:
    """Nothing that happened after the data cut is known: no exit, no status."""
    seen = frame.copy()
    cut = pd.Timestamp(DATA_CUT)
    ongoing = seen["exit"] > cut
    too_early = seen["exit"] + pd.Timedelta(days=90) > cut
    seen.loc[too_early, "status_90d"] = ""
    seen.loc[ongoing, ["outcome", "exit_reason"]] = ["ongoing", ""]
    seen["exit"] = seen["exit"].where(~ongoing)
    return seen


def _not_reached(frame: pd.DataFrame) -> pd.DataFrame:
    """Some without a status on day 90, whatever it was."""
    rng = np.random.default_rng(NOT_REACHED_SEED)
    left = frame.copy()
    for start, end, number in NOT_REACHED:
        inside = left["exit"].between(pd.Timestamp(start), pd.Timestamp(end))
        left.loc[allot(rng, np.where(inside, 1.0, 0.0), number), "status_90d"] = ""
    return left


def _turned(frame: pd.DataFrame) -> pd.DataFrame:
    """The last with a status between two dates has another."""
    turned = frame.copy()
    for start, end, old, new in TURNED:
        inside = turned["exit"].between(pd.Timestamp(start), pd.Timestamp(end))
        turned.loc[turned.index[inside & turned["status_90d"].eq(old)][-1], "status_90d"] = new
    return turned


def register(everyone: pd.DataFrame) -> pd.DataFrame:
    """Rows as exported: three re-entries and a duplicate, none with a good status."""
    waiting = everyone["status_90d"].eq("Arbetssökande") & everyone["outcome"].eq("other")
    rows = [int(row) for row in everyone.index[waiting]][20:170:50]
    extended = everyone.assign(support_after="", subsidy="")
    return with_duplicate(with_reentries(extended, rows, reason="Föräldraledighet"), 204)


def _line(row: Any) -> list[Any]:
    return [
        row.person,
        {WOMAN: "kvinna", MAN: "man"}[row.sex],
        row.age_at_entry,
        "1287",
        row.education,
        row.joint_enrolment,
        row.entry.date().isoformat(),
        "" if pd.isna(row.exit) else row.exit.date().isoformat(),
        row.exit_reason,
        row.status_90d,
    ]


def write(folder: Path) -> list[Path]:
    """The register of the project, in its own folder."""
    rows = register(persons()).itertuples(index=False)
    return [write_csv(folder / FILE, HEADER, (_line(row) for row in rows))]
