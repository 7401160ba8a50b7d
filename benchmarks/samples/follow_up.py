"""Made-up follow-up: what was recorded of each person who left, in the weeks and months after.

Some found work and lost it within four weeks, some found it just after: the windows of the
common indicators must tell them apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.samples.calibration import allot, pick
from benchmarks.samples.files import write_csv

HEADER = ("Deltagar-ID", "Datum", "Status")
MUNICIPAL = ("OSA", "Kommunal anställning")
# Outcome → (status, chance, first day, last day after leaving), each drawn by itself.
EVENTS: Mapping[str, tuple[tuple[str, float, int, int], ...]] = {
    "employment": (
        ("Arbete", 0.95, 0, 5),
        ("Arbetslös", 0.14, 10, 27),
        ("Arbetslös", 0.1, 29, 90),
        ("Yrkesbevis", 0.25, 0, 20),
    ),
    "studies": (("Studier", 0.9, 0, 10), ("Betyg", 0.45, 0, 25)),
    "other": (
        ("Arbetssökande", 0.6, 0, 14),
        ("I program", 0.34, 0, 20),
        ("Arbete", 0.12, 15, 28),
        ("Arbete", 0.12, 29, 90),
    ),
}
AFTER_SIX_MONTHS: Mapping[str, Mapping[str, float]] = {
    "employment": {"Arbete": 0.74, "Arbetslös": 0.18, "Studier": 0.08},
    "studies": {"Studier": 0.55, "Arbete": 0.28, "Arbetslös": 0.17},
    "other": {"Arbete": 0.2, "Arbetslös": 0.5, "Sjukskriven": 0.16, "Studier": 0.14},
}
ANSWERED = 0.86


def with_gaps(
    rng: np.random.Generator, persons: pd.DataFrame, *, without_education: int, without_aid: float
) -> pd.DataFrame:
    """The same persons, some without a known education, some studying without student aid."""
    frame = persons.copy()
    missing = allot(rng, np.ones(len(frame)), without_education)
    unaided = (frame["outcome"] == "studies").to_numpy() & (rng.random(len(frame)) < without_aid)
    frame["education"] = np.where(missing, "", frame["education"])
    frame["support_after"] = np.where(unaided, frame["support_before"], frame["support_after"])
    return frame


def events(rng: np.random.Generator, persons: pd.DataFrame, *, data_cut: date) -> pd.DataFrame:
    """Dated events of those who have left, by person and date, none after the data cut."""
    frames = [
        _events_of(rng, persons[persons["outcome"] == outcome], outcome, data_cut)
        for outcome in EVENTS
    ]
    return pd.concat(frames).sort_values(["person", "date"], kind="stable", ignore_index=True)


def write_events(path: Path, recorded: pd.DataFrame) -> Path:
    """The follow-up register as the coordinators keep it."""
    days = recorded["date"].dt.strftime("%Y-%m-%d")
    rows = list(zip(recorded["person"], days, recorded["status"], strict=True))
    return write_csv(path, HEADER, rows, delimiter=";", encoding="utf-8-sig", line_end="\r\n")


def _events_of(
    rng: np.random.Generator, persons: pd.DataFrame, outcome: str, data_cut: date
) -> pd.DataFrame:
    n = len(persons)
    parts = []
    for status, chance, first, last in EVENTS[outcome]:
        happens = rng.random(n) < chance
        days = np.floor(first + rng.random(n) * (last - first + 1))
        parts.append(_dated(persons, days, np.full(n, status), happens))
    answers = pick(rng, AFTER_SIX_MONTHS[outcome], n)
    days = np.floor(165 + rng.random(n) * 16)
    parts.append(_dated(persons, days, answers, rng.random(n) < ANSWERED))
    recorded = pd.concat(parts)
    return recorded[recorded["date"] <= pd.Timestamp(data_cut)]


def _dated(
    persons: pd.DataFrame, days: np.ndarray, status: np.ndarray, happens: np.ndarray
) -> pd.DataFrame:
    """One possible event per person; a municipal job is on record for as long as it lasts."""
    frame = pd.DataFrame(
        {
            "person": persons["person"].to_numpy(),
            "date": (persons["exit"] + pd.to_timedelta(days, unit="D")).to_numpy(),
            "status": status,
        }
    )
    return frame[happens & ~persons["exit_reason"].isin(MUNICIPAL).to_numpy()]
