"""A made-up comparison group for the job tracks, and what everybody did a year after the start.

The others have been out of work longer, have less schooling and are more often long-term
unemployed, so that the plain difference is larger than the one between persons alike.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.samples import jobbspar
from benchmarks.samples.calibration import Numbers, Words, allot, pick, spread_dates
from benchmarks.samples.files import write_csv
from benchmarks.samples.follow_up import write_events
from benchmarks.samples.people import ages, reasons, sexes

FILE, FOLLOW_UP_FILE = "jobbspar_jamforelse.csv", "jobbspar_jamforelse_lage.csv"
PARTICIPANTS_FILE = "jobbspar_lage.csv"
DAY = 365
GROUPS = {"Nyanländ": 338, "Ung": 96, "Långtidsarbetslös": 426}
N_WOMEN = 439
EDUCATION = {"Förgymnasial": 0.53, "Gymnasial": 0.33, "Eftergymnasial": 0.14}
# Status a year after the start by what had happened until then, with work or study or without.
AFTER: dict[str, dict[str, float]] = {
    "employment": {"Arbete": 1.0},
    "studies": {"Studier": 0.8, "Arbete": 0.2},
    "without": {"Arbetslös": 0.62, "I program": 0.28, "Sjukskriven": 0.1},
}
KEPT = {"employment": 0.86, "studies": 0.8, "other": 0.2, "ongoing": 0.0}
LOG_ODDS = {"Nyanländ": -0.3, "Ung": 0.2, "Långtidsarbetslös": -0.45}
LOG_ODDS_OF_SCHOOLING = {"Förgymnasial": -0.35, "Gymnasial": 0.1, "Eftergymnasial": 0.35, "": 0.0}
LOG_ODDS_PER_YEAR_UNEMPLOYED = -0.28
WORK_OR_STUDY = {"Arbete": 0.68, "Studier": 0.32}
ANSWERED = 0.97
HEADER = (
    "Löpnr",
    "Kön",
    "Ålder",
    "Målgrupp",
    "Inskrivningstid AF",
    "Utbildningsnivå",
    "Försörjning före",
    "Startdatum",
    "Utländsk bakgrund",
    "Funktionsnedsättning",
)


def others() -> pd.DataFrame:
    """The persons of the comparison group, one row each, in order of their start."""
    rng = np.random.default_rng([jobbspar.SEED, 3])
    target = np.repeat(list(GROUPS), list(GROUPS.values()))
    n = len(target)
    entry = spread_dates(rng, n, start=jobbspar.START, end=jobbspar.END, early=1.1)
    newly = target == "Nyanländ"
    frame = pd.DataFrame(
        {
            "sex": sexes(allot(rng, np.ones(n), N_WOMEN)),
            "age_at_entry": _ages(rng, target),
            "target_group": target,
            "unemployed_days": _unemployed_days(rng, target),
            "education": np.where(rng.random(n) < 0.02, "", pick(rng, EDUCATION, n)),
            "support_before": reasons(rng, target, jobbspar.SUPPORT),
            "entry": entry.astype("datetime64[s]"),
            "foreign_background": np.where(newly, "Ja", pick(rng, {"Ja": 0.3, "Nej": 0.7}, n)),
            "disability": pick(rng, jobbspar.DISABILITY, n),
        }
    )
    frame = frame.sort_values("entry", kind="stable", ignore_index=True)
    frame.insert(0, "person", [f"J{number:04d}" for number in range(1, n + 1)])
    return frame


def status_of_others(frame: pd.DataFrame) -> pd.DataFrame:
    """What each of them did a year after the start, for those whose year has passed."""
    rng = np.random.default_rng([jobbspar.SEED, 4])
    positive = rng.random(len(frame)) < 1 / (1 + np.exp(-_log_odds(frame)))
    written = np.where(
        positive,
        pick(rng, WORK_OR_STUDY, len(frame)),
        pick(rng, AFTER["without"], len(frame)),
    )
    return _dated(rng, frame, written)


def status_of_participants(everyone: pd.DataFrame) -> pd.DataFrame:
    """The same for the participants, in step with when and how they left."""
    rng = np.random.default_rng([jobbspar.SEED, 5])
    days = (everyone["exit"] - everyone["entry"]).dt.days
    way_out = everyone["outcome"].where(days <= DAY, "ongoing")
    lasting = np.asarray(way_out.map(KEPT), dtype=np.float64)
    chance = lasting * np.clip(1.1 + 0.3 * _log_odds(everyone), 0.5, 1.2)
    has_left = rng.random(len(everyone)) < np.minimum(chance, 0.97)
    kept = np.where(has_left, way_out.replace("other", "employment"), "without")
    return _dated(rng, everyone, reasons(rng, kept, AFTER))


def _ages(rng: np.random.Generator, target: Words) -> np.ndarray:
    years = np.zeros(len(target), dtype=np.int64)
    for group, (youngest, oldest) in jobbspar.GROUP_AGES.items():
        here = target == group
        years[here] = ages(rng, int(here.sum()), youngest=youngest, oldest=oldest)
    # Some years older where there is room: the young stay young.
    return np.asarray(np.where(target == "Ung", years, np.minimum(years + 3, 64)))


def _unemployed_days(rng: np.random.Generator, target: Words) -> np.ndarray:
    shortest = np.where(target == "Långtidsarbetslös", 380, 30)
    longest = np.where(target == "Långtidsarbetslös", 2900, 720)
    draw = rng.random(len(target)) ** 1.4
    return np.asarray(np.floor(shortest + draw * (longest - shortest)), dtype=np.int64)


def _log_odds(frame: pd.DataFrame) -> Numbers:
    years = frame["unemployed_days"].to_numpy(dtype=float) / 365.25
    return np.asarray(
        frame["target_group"].map(LOG_ODDS).to_numpy(dtype=float)
        + frame["education"].map(LOG_ODDS_OF_SCHOOLING).to_numpy(dtype=float)
        + LOG_ODDS_PER_YEAR_UNEMPLOYED * np.minimum(years, 5.0),
        dtype=np.float64,
    )


def _dated(rng: np.random.Generator, frame: pd.DataFrame, status: Words) -> pd.DataFrame:
    """The statuses on the day itself; a few did not answer, some have not come that far."""
    recorded = pd.DataFrame(
        {
            "person": frame["person"].to_numpy(),
            "date": (frame["entry"] + pd.Timedelta(days=DAY)).to_numpy(),
            "status": status,
        }
    )
    in_time = recorded["date"] <= pd.Timestamp(jobbspar.DATA_CUT)
    return recorded[in_time & (rng.random(len(frame)) < ANSWERED)].reset_index(drop=True)


def write(folder: Path) -> list[Path]:
    """The comparison register and both groups' status after a year."""
    frame = others()
    columns = [name for name in frame.columns if name != "entry"]
    lines = [
        [*(row[name] for name in columns[:7]), row["entry"].date().isoformat(), *row[columns[7:]]]
        for _, row in frame.iterrows()
    ]
    return [
        write_csv(
            folder / FILE, HEADER, lines, delimiter=";", encoding="utf-8-sig", line_end="\r\n"
        ),
        write_events(folder / FOLLOW_UP_FILE, status_of_others(frame)),
        write_events(folder / PARTICIPANTS_FILE, status_of_participants(jobbspar.persons())),
    ]
