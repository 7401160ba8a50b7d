"""Arena för arbete: 267 participants, read from a messy Excel sheet.

Published and met exactly: 267 participants, 141 women (53 %), 163 to work or study
(61 %), 83 % of the completed coordinator-supported enrolments to work or study, with a
mean enrolment of 286 days. How the rest was chosen stands in the project's README.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.samples.arena_sheet import write_messy_workbook
from benchmarks.samples.calibration import (
    allot,
    leave_exactly,
    pick,
    spread_dates,
    to_mean,
    weibull_days,
)
from benchmarks.samples.follow_up import events, write_events
from benchmarks.samples.people import (
    SUCCESS,
    WOMAN,
    ages,
    sexes,
    success_or_other,
    ways_out,
    with_duplicate,
    with_reentries,
)

FOLDER = "arena-for-arbete"
FILE = "deltagare_arena.xlsx"
FOLLOW_UP_FILE = "uppfoljning_arena.csv"
SEED = 286
START, LAST_ENTRY, DATA_CUT = date(2018, 1, 1), date(2019, 10, 31), date(2019, 12, 31)


@dataclass(frozen=True, kw_only=True)
class Group:
    """Those with or without a coordinator: how many, how many have left, and for what.

    ``mean_days`` is the mean enrolment of the completed, free when 0; ``early`` above 1
    moves the entries towards the start.
    """

    coordinator: str
    persons: int
    women: int
    exits: int
    success: int
    early: float
    mean_days: int = 0


SUPPORTED = Group(
    coordinator="Ja", persons=130, women=70, exits=112, success=93, early=1.7, mean_days=286
)
OTHERS = Group(coordinator="Nej", persons=137, women=71, exits=115, success=70, early=1.15)

MUNICIPALITIES = {"1286": 0.42, "1291": 0.22, "1265": 0.2, "1270": 0.16}
EDUCATION = {"Förgymnasial": 0.46, "Gymnasial": 0.3, "Eftergymnasial": 0.24}
REFERRED_BY = {"Arbetsförmedlingen": 0.7, "Kommunen": 0.3}
STATUS = {"Arbetslös": 0.72, "Utanför arbetskraften": 0.28}
SUPPORT = {"Etableringsersättning": 0.6, "Försörjningsstöd": 0.32, "Ingen": 0.08}
WORDING = {
    "employment": {
        "Arbete": 0.45,
        "Anställning": 0.25,
        "Nystartsjobb": 0.12,
        "Egen försörjning": 0.1,
        "Arbete, tillsvidare": 0.08,
    },
    "studies": {"Studier": 0.4, "Komvux": 0.35, "Folkhögskola": 0.15, "Yrkeshögskola": 0.1},
    "other": {
        "Åter AF": 0.24,
        "Åter remittent": 0.16,
        "Föräldraledighet": 0.2,
        "Sjukdom": 0.14,
        "Flytt": 0.16,
        "Avbrott": 0.1,
    },
}


def persons() -> pd.DataFrame:
    """The 267 participants, one row each, in order of entry."""
    rng = np.random.default_rng(SEED)
    everyone = pd.concat([_group(rng, SUPPORTED), _group(rng, OTHERS)], ignore_index=True)
    everyone = everyone.sort_values("entry", kind="stable", ignore_index=True)
    everyone.insert(0, "person", [f"A{number:03d}" for number in range(1, len(everyone) + 1)])
    return everyone


def _group(rng: np.random.Generator, group: Group) -> pd.DataFrame:
    """Those with, or those without, a coordinator of their own."""
    frame = _background(rng, group)
    short_schooling = (frame["education"] == "Förgymnasial").to_numpy()
    woman = (frame["sex"] == WOMAN).to_numpy()
    follow_up = (pd.Timestamp(DATA_CUT) - frame["entry"]).dt.days.to_numpy(dtype=np.int64)
    scale = 300.0 * np.where(woman, 1.25, 1.0) * np.where(short_schooling, 1.2, 1.0)
    days, left = leave_exactly(weibull_days(rng, scale, shape=1.7), follow_up, group.exits)
    if group.mean_days:
        longest = follow_up[left]
        days[left] = to_mean(days[left], mean=group.mean_days, shortest=28, longest=longest)
    # Those who stay longer leave for something more often; drop-out comes early.
    chance = np.where(left, np.sqrt(days) * np.where(short_schooling, 0.8, 1.0), 0.0)
    success = allot(rng, chance, group.success)
    outcome = success_or_other(rng, success, left, np.where(woman, 0.42, 0.26))
    return frame.assign(**ways_out(rng, frame, days=days, outcome=outcome, wording=WORDING))


def _background(rng: np.random.Generator, group: Group) -> pd.DataFrame:
    n = group.persons
    entry = spread_dates(rng, n, start=START, end=LAST_ENTRY, early=group.early)
    birth_year = entry.astype("datetime64[Y]").astype(np.int64) + 1970
    return pd.DataFrame(
        {
            "sex": sexes(allot(rng, np.ones(n), group.women)),
            "birth_year": birth_year - ages(rng, n, youngest=19, oldest=61),
            "municipality": pick(rng, MUNICIPALITIES, n),
            "education": pick(rng, EDUCATION, n),
            "referred_by": pick(rng, REFERRED_BY, n),
            "status_at_entry": pick(rng, STATUS, n),
            "support_before": pick(rng, SUPPORT, n),
            "coordinator": group.coordinator,
            "entry": entry.astype("datetime64[s]"),
        }
    )


def register(everyone: pd.DataFrame) -> pd.DataFrame:
    """Rows as the sheet holds them: re-entries, a duplicate, an exit after the data cut."""
    without = everyone["coordinator"].eq("Nej")
    returned = everyone.index[without & everyone["outcome"].isin(SUCCESS)]
    long_enough = (everyone["exit"] - everyone["entry"]).dt.days.gt(150)
    rows = [int(row) for row in returned if long_enough[row]][4:40:12]
    kept = everyone.copy()
    late = kept.index[without & kept["outcome"].eq("ongoing")][0]
    kept.loc[late, "exit"] = pd.Timestamp("2020-01-15")
    kept.loc[late, "exit_reason"] = "Flytt"
    return with_duplicate(with_reentries(kept, rows, reason="Föräldraledighet"), DUPLICATE)


DUPLICATE = 57
"""Row of the register that stands twice; its copy is hidden in the sheet."""


def write(folder: Path) -> list[Path]:
    """The register of the project and its follow-up, in its own folder."""
    everyone = persons()
    recorded = events(np.random.default_rng([SEED, 2]), everyone, data_cut=DATA_CUT)
    return [
        write_messy_workbook(folder / FILE, register(everyone), hidden_row=DUPLICATE + 1),
        write_events(folder / FOLLOW_UP_FILE, recorded),
    ]
