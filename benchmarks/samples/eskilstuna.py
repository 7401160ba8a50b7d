"""Eskilstuna Fler jobb, fler i jobb: a made-up monthly series beside the real yearly one.

The yearly file is an extract of Kolada's published figures and is never written here. The
monthly file is synthetic and says so in its name, its column and the project's unit.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.samples.calibration import Numbers
from benchmarks.samples.files import write_csv

FOLDER = "eskilstuna-fler-jobb"
FILE = "syntetisk_arbetsloshet_manad.csv"
SEED = 12
FIRST_MONTH, LAST_MONTH = "2015-01", "2018-12"
HEADER = ("area", "month", "synthetic_unemployment_percent")

LEVELS = {
    "Eskilstuna": (14.1, 11.9),
    "Riket": (8.0, 7.0),
    "Borlänge": (9.3, 8.4),
    "Gävle": (11.6, 9.6),
    "Norrköping": (12.4, 10.6),
    "Södertälje": (12.9, 11.2),
    "Trollhättan": (12.8, 10.9),
    "Västerås": (10.0, 8.9),
}
"""Per cent in the first month and the last, before season and noise."""
SEASON = np.array([4, 3, 1, -1, -3, 0, 2, 2, -1, -2, -3, -1]) / 20


def series() -> pd.DataFrame:
    """One row per area and month, per cent with one decimal."""
    rng = np.random.default_rng(SEED)
    months = pd.period_range(FIRST_MONTH, LAST_MONTH, freq="M")
    frames = [
        pd.DataFrame(
            {
                "area": area,
                "month": months.astype(str),
                "value": np.round(_monthly(rng, len(months), first=first, last=last), 1),
            }
        )
        for area, (first, last) in LEVELS.items()
    ]
    return pd.concat(frames, ignore_index=True)


def _monthly(rng: np.random.Generator, n: int, *, first: float, last: float) -> Numbers:
    """A straight fall with a season and noise that lingers from month to month."""
    level = np.linspace(first, last, n)
    noise = np.zeros(n)
    shocks = (rng.random(n) + rng.random(n) + rng.random(n) - 1.5) * 0.16
    for month in range(1, n):
        noise[month] = 0.6 * noise[month - 1] + shocks[month]
    return np.asarray(level + SEASON[np.arange(n) % 12] + noise)


def write(folder: Path) -> list[Path]:
    """The monthly series of the project, in its own folder."""
    rows = ([row.area, row.month, f"{row.value:.1f}"] for row in series().itertuples(index=False))
    return [write_csv(folder / FILE, HEADER, rows)]
