"""Made-up projects with groups so small that single persons are unique in their combination."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

DATA_CUT = dt.date(2023, 12, 31)
_EXITS = {
    "Arbete": 0.30, "Studier": 0.16, "Åter remittent": 0.10, "Sjukdom": 0.05,
    "Avbrott": 0.06, "Flytt": 0.02, "": 0.31,
}  # fmt: skip
_LEVELS = {
    "Kön": {"Kvinna": 0.52, "Man": 0.45, "": 0.03},
    "Kommun": {"Ystad": 0.45, "Tomelilla": 0.30, "Sjöbo": 0.17, "Simrishamn": 0.08},
    "Utbildningsnivå": {"Förgymnasial": 0.45, "Gymnasial": 0.35, "Eftergymnasial": 0.15, "": 0.05},
    "Sysselsättning före": {"Arbetslös": 0.7, "Inaktiv": 0.2, "Arbete": 0.06, "": 0.04},
}
_STATUS = {"Arbete": 0.42, "Studier": 0.18, "Arbetslös": 0.28, "": 0.12}


def small_register(seed: int, n: int) -> pd.DataFrame:
    """One row per person in the words of a Swedish register."""
    rng = np.random.default_rng(seed)
    rows: dict[str, Any] = {"Deltagar-ID": [f"P-{i:04d}" for i in range(n)]}
    for column, shares in _LEVELS.items():
        rows[column] = _drawn(rng, shares, n)
    entry = pd.Timestamp(2022, 1, 3) + pd.to_timedelta(rng.integers(0, 500, n), unit="D")
    left = entry + pd.to_timedelta(rng.integers(20, 260, n), unit="D")
    reason = _drawn(rng, _EXITS, n)
    is_open = (reason == "") | (left > pd.Timestamp(DATA_CUT))
    rows["Ålder"] = rng.integers(18, 62, n)
    rows["Startdatum"] = [day.date().isoformat() for day in entry]
    rows["Slutdatum"] = [
        "" if o else d.date().isoformat() for d, o in zip(left, is_open, strict=True)
    ]
    rows["Avslutsorsak"] = np.where(is_open, "", reason)
    for column, days in (("status_90d", 90), ("status_6m", 182)):
        late = left + pd.to_timedelta(days, unit="D") > pd.Timestamp(DATA_CUT)
        rows[column] = np.where(is_open | late, "", _drawn(rng, _STATUS, n))
    return pd.DataFrame(rows)


def write_small_project(
    folder: Path, register: pd.DataFrame, *, profile: str, seed: int = 0
) -> Path:
    """A project file that asks every question of the register that a report can answer."""
    folder.mkdir(parents=True, exist_ok=True)
    register.to_csv(folder / "deltagare.csv", sep=";", index=False)
    file = folder / "project.yaml"
    content = {**_project(seed), "disclosure": {"profile": profile}}
    file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return file


def _drawn(rng: np.random.Generator, shares: dict[str, float], n: int) -> np.ndarray:
    weights = np.array(list(shares.values()))
    return rng.choice(np.array(list(shares), dtype=object), n, p=weights / weights.sum())


def _text(text: str) -> dict[str, str]:
    return {"sv": text, "en": text}


def _target(name: str, **chosen: Any) -> dict[str, Any]:
    return {"id": name, "title": _text(name), "goal": 0.5, **chosen}


def _project(seed: int) -> dict[str, Any]:
    last = dt.date(2022, 8, 1) + dt.timedelta(days=int(seed) % 9)
    year = {"start": "2022-01-01", "end": "2022-12-31"}
    shorter = {"start": "2022-01-01", "end": f"2022-12-{20 + seed % 11}"}
    return {
        "id": "small",
        "title": _text("Small"),
        "summary": _text("Small groups."),
        "period": {"start": "2022-01-01", "end": "2023-12-31"},
        "data_cut": DATA_CUT.isoformat(),
        "programme": "esf_plus",
        "registers": [
            {
                "file": "deltagare.csv",
                "values": {
                    "education": {
                        "Förgymnasial": "isced_0_2",
                        "Gymnasial": "isced_3_4",
                        "Eftergymnasial": "isced_5_8",
                    }
                },
                "levels": {
                    "municipality": {
                        name: _text(name) for name in ("Ystad", "Tomelilla", "Sjöbo", "Simrishamn")
                    }
                },
            }
        ],
        "groups": ["sex", "education", "municipality"],
        "targets": [
            _target("all", outcome=["employment", "studies"]),
            _target("exits", outcome=["employment", "studies"], denominator="exits"),
            _target("women", outcome=["employment"], where={"sex": "woman"}),
            _target(
                "gone", outcome=["dropout", "health_or_leave"], where={"municipality": "Ystad"}
            ),
            _target("year", outcome=["employment", "studies"], denominator="exits", period=year),
            _target("shorter", outcome=["employment"], denominator="exits", period=shorter),
            _target(
                "after", outcome=["employment"], denominator="exits", status_column="status_90d"
            ),
            _target(
                "after-women", outcome=["employment"], denominator="exits",
                status_column="status_90d", where={"sex": "woman"},
            ),
            _target("six", outcome=["employment"], denominator="exits", status_column="status_6m"),
        ],
        "before_after": [
            {
                "id": "entries",
                "title": _text("Entries"),
                "outcome": ["employment"],
                "before": {
                    "label": _text("first"),
                    "microdata": {"by": "entry", "start": "2022-01-01", "end": last.isoformat()},
                },
                "after": {
                    "label": _text("then"),
                    "microdata": {
                        "by": "entry",
                        "start": (last + dt.timedelta(days=1)).isoformat(),
                        "end": "2023-12-31",
                    },
                },
            }
        ],
        "claims": [
            {
                "id": name,
                "quote": _text(name),
                "source": _text("A leaflet"),
                "register_figure": figure,
            }
            for name, figure in {
                "ystad": {"measure": "share", "where": {"municipality": "Ystad"}},
                "men": {"measure": "share", "where": {"sex": "man"}, "denominator": "participants"},
                "mean": {"measure": "mean_days", "where": {"sex": "woman"}},
            }.items()
        ],
        "sites": [
            {
                "id": "exits",
                "title": _text("Sites"),
                "by": "municipality",
                "outcome": ["employment", "studies"],
                "denominator": "exits",
            },
            {
                "id": "after",
                "title": _text("Sites after"),
                "by": "municipality",
                "outcome": ["employment"],
                "denominator": "exits",
                "status_column": "status_90d",
            },
        ],
        "budget": {"amount": 4_000_000},
        "chapters": [
            "data_quality", "participants", "time_to_employment", "before_after",
            "targets_and_claims", "sites", "costs", "esf_indicators",
        ],
    }  # fmt: skip
