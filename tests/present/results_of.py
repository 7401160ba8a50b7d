"""Small fixed results for the tests of tables and charts."""

from __future__ import annotations

from typing import TypeVar

import pandas as pd

from evalkit.results import (
    AreaSeries,
    CountTable,
    Curve,
    Estimate,
    NotEstimable,
    Released,
    Withheld,
)

T = TypeVar("T")


def released(result: T) -> Released[T]:
    return Released(result, 0, "standard")


def share(k: int, n: int, low: float, high: float, *, group: str = "") -> Estimate:
    return Estimate(
        measure="share",
        value=k / n,
        low=low,
        high=high,
        unit="share",
        method="wilson",
        confidence_level=0.95,
        n=n,
        cells=(k, n - k),
        group=group,
    )


ARENA = share(163, 267, 0.551, 0.667, group="woman")
GROUPS = (
    ARENA,
    Withheld(measure="share", reason="small_count", group="man"),
    NotEstimable(measure="share", reason="no_persons", n=0, group="non_binary"),
)


def curve(
    lines: dict[tuple[str, str], list[tuple[float, ...]]],
    *,
    follow_up: float = 365.0,
    measure: str = "share_exited",
) -> Curve:
    """A curve from rows of ``day, at_risk, events, value, low, high`` per group and cause."""
    rows = [
        {
            "group": group,
            "cause": cause,
            "day": day,
            "at_risk": at_risk,
            "events": events,
            "censored": 0.0,
            "value": value,
            "standard_error": 0.0,
            "low": low,
            "high": high,
        }
        for (group, cause), steps in lines.items()
        for day, at_risk, events, value, low, high in steps
    ]
    columns = ["group", "cause", "day", "at_risk", "events", "censored", "value"]
    steps = pd.DataFrame(rows, columns=[*columns, "standard_error", "low", "high"])
    groups = dict.fromkeys(group for group, _ in lines)
    return Curve(
        measure=measure,  # type: ignore[arg-type]
        steps=steps,
        method="log-log",
        confidence_level=0.95,
        persons=dict.fromkeys(groups, 100),
        follow_up_days=dict.fromkeys(groups, follow_up),
    )


STEPS = [
    (30.0, 100.0, 10.0, 0.1, 0.06, 0.17),
    (200.0, 80.0, 16.0, 0.28, 0.2, 0.37),
    (365.0, 40.0, 4.0, 0.352, 0.26, 0.45),
]


def counts(rows: list[tuple[object, ...]], *dimensions: str) -> CountTable:
    """A count table from rows of levels, ``n`` and ``is_margin``; ``None`` is withheld."""
    frame = pd.DataFrame(rows, columns=[*dimensions, "n", "is_margin"])
    frame["is_withheld"] = frame["n"].isna()
    frame["n"] = frame["n"].astype("Int64")
    return CountTable(counts=frame, dimensions=dimensions)


def series(*, is_synthetic: bool = True) -> AreaSeries:
    values = {"Eskilstuna": (14.0, 13.2, 12.1), "Riket": (7.9, 7.4, 7.0)}
    observations = pd.DataFrame(
        [
            {"area": area, "period": f"{2016 + i}", "value": value}
            for area, points in values.items()
            for i, value in enumerate(points)
        ]
    )
    return AreaSeries(
        observations=observations, unit="%", source="Påhittad källa", is_synthetic=is_synthetic
    )
