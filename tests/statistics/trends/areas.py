"""Made-up areas for the tests of designs: they follow one country, each in its own degree."""

from __future__ import annotations

import numpy as np
import pandas as pd

from evalkit.results import AreaSeries

MONTHS = pd.period_range("2015-01", "2018-12", freq="M").astype(str).tolist()
START = "2017-01"


def made(values: dict[str, list[float]], *, breaks: tuple[str, ...] = ()) -> AreaSeries:
    rows = [
        (area, period, value)
        for area, numbers in values.items()
        for period, value in zip(MONTHS, numbers, strict=False)
    ]
    observations = pd.DataFrame(rows, columns=["area", "period", "value"])
    return AreaSeries(
        observations=observations, unit="%", source="", is_synthetic=True, breaks=breaks
    )


def without(series: AreaSeries, area: str, period: str) -> AreaSeries:
    table = series.observations
    kept = table[(table["area"] != area) | (table["period"] != period)]
    return AreaSeries(observations=kept, unit="%", source="", is_synthetic=True)


def added(series: AreaSeries, *rows: tuple[str, str, float]) -> AreaSeries:
    more = pd.DataFrame(rows, columns=["area", "period", "value"])
    table = pd.concat([series.observations, more], ignore_index=True)
    return AreaSeries(observations=table, unit="%", source="", is_synthetic=True)


def broken_line(rng: np.random.Generator, *, level: float, slope: float) -> list[float]:
    time = np.arange(48)
    noise = np.zeros(48)
    for month in range(1, 48):
        noise[month] = 0.4 * noise[month - 1] + rng.normal(0, 0.1)
    after = np.clip(time - 24, 0, None)
    return (12 - 0.02 * time + level * (time >= 24) + slope * after + noise).tolist()


def areas(seed: int, count: int, *, shift: float = 0.0) -> AreaSeries:
    """Areas that follow one country, each in its own degree; the first shifts at the start."""
    rng = np.random.default_rng(seed)
    country = 8 - 0.03 * np.arange(48) + np.cumsum(rng.normal(0, 0.05, 48))
    values = {"Riket": country.tolist()}
    for i in range(count):
        own = country + rng.normal(0, 1) + np.cumsum(rng.normal(0, 0.04, 48))
        values[f"K{i}"] = (own + (shift if i == 0 else 0) * (np.arange(48) >= 24)).tolist()
    return made(values)
