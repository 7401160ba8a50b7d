"""The register of a made-up project: who took part, when and how they left.

A person's way out is drawn first – to work or study with the project's true share, leaning by
target group and schooling – and the time until then; the data cut decides what is known of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.samples.calibration import Mask, Numbers, pick, spread_dates, weibull_days
from benchmarks.samples.files import write_csv, write_tidy_workbook
from benchmarks.samples.follow_up import events, write_events
from benchmarks.samples.many import SEED, Plan
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

EDUCATION = {"Förgymnasial": 0.38, "Gymnasial": 0.4, "Eftergymnasial": 0.22}
STATUS = {"Arbetslös": 0.4, "Långtidsarbetslös": 0.42, "Utanför arbetskraften": 0.18}
REFERRED_BY = {"Arbetsförmedlingen": 0.5, "Socialtjänsten": 0.4, "Försäkringskassan": 0.1}
SUPPORT = {"Försörjningsstöd": 0.55, "Aktivitetsstöd": 0.3, "Ingen": 0.15}
YES_NO = {"Ja": 0.35, "Nej": 0.62, "Vill ej uppge": 0.03}
WORDING = {
    "employment": {
        "Arbete": 0.6,
        "Anställning": 0.2,
        "Nystartsjobb": 0.12,
        "Egen försörjning": 0.08,
    },
    "studies": {"Studier": 0.4, "Komvux": 0.4, "Folkhögskola": 0.2},
    "other": {
        "Åter remittent": 0.3,
        "Åter AF": 0.16,
        "Sjukdom": 0.16,
        "Föräldraledighet": 0.1,
        "Flytt": 0.1,
        "Avbrott": 0.12,
        "OSA": 0.06,
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
SHAPE, SCALE_DAYS, SHORT_SCHOOLING = 1.5, 270.0, -0.3


@dataclass(frozen=True, slots=True)
class Counted:
    """What a caseworker would count in the register on the day of the data cut."""

    exits: int
    success: int


def write_register(folder: Path, plan: Plan) -> Counted:
    """Write the register, and the follow-up where the project keeps one."""
    everyone = persons(plan)
    rows = [_cells(row) for row in _with_blemishes(everyone).itertuples(index=False)]
    file = folder / plan.register
    if file.suffix == ".xlsx":
        title = f"{plan.name[0]}, {plan.area} – syntetiska data"
        write_tidy_workbook(file, HEADER, rows, sheet="Deltagare", title=title)
    else:
        encoding = "cp1252" if plan.number % 4 else "utf-8-sig"
        write_csv(file, HEADER, rows, delimiter=";", encoding=encoding, line_end="\r\n")
    if plan.follow_up:
        rng = np.random.default_rng([SEED, plan.number, 2])
        recorded = events(rng, everyone, data_cut=plan.data_cut)
        write_events(folder / plan.follow_up, recorded)
    outcome = everyone["outcome"]
    return Counted(
        exits=int((outcome != "ongoing").sum()), success=int(outcome.isin(SUCCESS).sum())
    )


def persons(plan: Plan) -> pd.DataFrame:
    """The participants, one row each, in order of entry."""
    rng = np.random.default_rng([SEED, plan.number, 1])
    frame = _background(rng, plan).sort_values("entry", kind="stable", ignore_index=True)
    frame.insert(0, "person", [f"{plan.number}-{row:04d}" for row in range(1, plan.n + 1)])
    success, waiting = _fates(rng, plan, frame)
    follow_up = (pd.Timestamp(plan.data_cut) - frame["entry"]).dt.days.to_numpy(dtype=np.int64)
    left = waiting < follow_up
    days = np.where(left, np.ceil(waiting), follow_up).astype(np.int64)
    studies = np.where(frame["target_group"].str.startswith("Ung"), 0.45, 0.28)
    outcome = success_or_other(rng, success & left, left, studies)
    return frame.assign(**ways_out(rng, frame, days=days, outcome=outcome, wording=WORDING))


def _background(rng: np.random.Generator, plan: Plan) -> pd.DataFrame:
    n, groups = plan.n, {one.written: one for one in plan.target_groups}
    # The first municipality and the first target group are the largest; the last may be small.
    written = pick(rng, {name: 1 / (place + 1) for place, name in enumerate(groups)}, n)
    codes = {code: 0.45**place for place, code in enumerate(plan.municipalities)}
    age = np.zeros(n, dtype=np.int64)
    for name, group in groups.items():
        youngest, oldest = group.ages
        drawn = ages(rng, n, youngest=youngest, oldest=oldest)
        age = np.where(written == name, drawn, age)
    entry = spread_dates(rng, n, start=plan.start, end=plan.last_entry, early=1.1)
    return pd.DataFrame(
        {
            "sex": sexes(rng.random(n) < 0.35 + 0.3 * rng.random()),
            "age_at_entry": age,
            "municipality": pick(rng, codes, n),
            "target_group": written,
            "referred_by": pick(rng, REFERRED_BY, n),
            "education": pick(rng, EDUCATION, n),
            "status_at_entry": pick(rng, STATUS, n),
            "support_before": pick(rng, SUPPORT, n),
            "foreign_background": pick(rng, YES_NO, n),
            "disability": pick(rng, YES_NO, n),
            "entry": entry.astype("datetime64[s]"),
        }
    )


def _fates(rng: np.random.Generator, plan: Plan, frame: pd.DataFrame) -> tuple[Mask, Numbers]:
    """Who leaves for work or study in the end, and after how many days each one leaves."""
    groups = {one.written: one for one in plan.target_groups}
    lean = frame["target_group"].map({name: one.lean for name, one in groups.items()})
    pace = frame["target_group"].map({name: one.pace for name, one in groups.items()})
    lean = lean + np.where(frame["education"] == "Förgymnasial", SHORT_SCHOOLING, 0.0)
    odds = np.log(plan.true_share / (1 - plan.true_share)) + (lean - lean.mean())
    success = rng.random(plan.n) < 1 / (1 + np.exp(-odds.to_numpy(dtype=np.float64)))
    slower = np.where(frame["sex"] == WOMAN, 1.08, 1.0) * np.where(success, 1.0, 1.15)
    return success, weibull_days(rng, SCALE_DAYS * pace.to_numpy() * slower, shape=SHAPE)


def _with_blemishes(everyone: pd.DataFrame) -> pd.DataFrame:
    """Rows as kept: a few who came back, and one row entered twice."""
    long_enough = (everyone["exit"] - everyone["entry"]).dt.days.gt(110)
    returned = [int(row) for row in everyone.index[long_enough]][3::25]
    rows = with_reentries(everyone, returned, reason="Avbrott")
    return with_duplicate(rows, len(everyone) // 2) if len(everyone) > 40 else rows


def _cells(row: Any) -> list[Any]:
    return [
        row.person,
        row.sex,
        int(row.age_at_entry),
        row.municipality,
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
