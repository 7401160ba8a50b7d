"""Kaplan–Meier against R's survfit, every field of every case (tests/oracles/README.md)."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from evalkit.results import Curve
from evalkit.statistics.time_to_event.curve_readings import quantile_days
from evalkit.statistics.time_to_event.event_table import event_table
from evalkit.statistics.time_to_event.survival import kaplan_meier
from tests.oracles_support import REMOVED, Case, case_id, cases

KAPLAN_MEIER = cases("km")


def curves(case: Case, frame: pd.DataFrame) -> dict[str, Curve]:
    """One Kaplan–Meier curve per kind of interval."""
    spec, events = case.spec, case.events(frame).astype(int)
    common: dict[str, Any] = {
        "groups": case.labels(frame),
        "entry": case.entry(frame),
        "weights": case.weights(frame),
    }
    days, level = frame[spec["time"]].to_numpy(), case.confidence_level
    table = event_table(days, events, cause_names=["event"], **common)
    return {
        kind: kaplan_meier(table, confidence_level=level, interval=kind, measure="survival")
        for kind in spec.get("conf_types", ["log-log", "log", "plain"])
    }


def nullable(values: pd.Series) -> list[object]:
    return [None if v is pd.NA else v for v in values]


@pytest.mark.parametrize("case", KAPLAN_MEIER, ids=case_id)
def test_kaplan_meier_agrees_with_r_in_every_field(case: Case) -> None:
    if "left" in case.spec or case.spec.get("robust"):
        case.uncompared(REMOVED)
    frame = case.frame()
    by_kind = curves(case, frame)
    for group in case.expected["groups"]:
        check_steps(case, by_kind, group)
        for field in ("cumhaz_nelson_aalen", "se_cumhaz_aalen"):
            case.without_counterpart(("groups", group, field), REMOVED)
        check_times(case, frame, by_kind, group)
        check_quantiles(case, by_kind, group)
        case.assert_close(("groups", group, "n"), next(iter(by_kind.values())).persons[group])
    case.finish()


def check_steps(case: Case, by_kind: dict[str, Curve], group: str) -> None:
    here = ("groups", group)
    if not case.has((*here, "time")):
        return
    for kind, curve in by_kind.items():
        rows = curve.steps[curve.steps["group"] == group]
        names = {
            "time": "day",
            "n_risk": "at_risk",
            "n_event": "events",
            "n_censor": "censored",
            "survival": "value",
            "se_survival": "standard_error",
        }
        for field, column in names.items():
            if case.has((*here, field)):
                case.assert_close((*here, field), nullable(rows[column]))
        if case.has((*here, "ci", kind)):
            case.assert_close((*here, "ci", kind, "lower"), nullable(rows["low"]))
            case.assert_close((*here, "ci", kind, "upper"), nullable(rows["high"]))


def at(rows: pd.DataFrame, column: str, time: float, start: object) -> object:
    before = rows[rows["day"] <= time]
    if before.empty:
        return start
    value = before[column].iloc[-1]
    return None if value is pd.NA else value


def check_times(case: Case, frame: pd.DataFrame, by_kind: dict[str, Curve], group: str) -> None:
    here = ("groups", group, "at_times")
    if not case.has(here):
        return
    times = case.listed((*here, "times"))
    case.assert_close((*here, "times"), times)
    table = event_table(
        frame[case.spec["time"]],
        case.events(frame),
        cause_names=["event"],
        groups=case.labels(frame),
        entry=case.entry(frame),
        weights=case.weights(frame),
    )
    g = table.groups.index(group)
    left = table.left[g].sum(axis=1) + table.censored[g] - table.entered[g]
    risk = [table.started[g] - left[table.times < time].sum() for time in times]
    case.assert_close((*here, "n_risk"), risk)
    for kind, curve in by_kind.items():
        rows = curve.steps[curve.steps["group"] == group]
        case.assert_close((*here, "survival"), [at(rows, "value", t, 1.0) for t in times])
        errors = [at(rows, "standard_error", t, 0.0) for t in times]
        case.assert_close((*here, "se_survival"), errors)
        for side, column in (("lower", "low"), ("upper", "high")):
            # Before the first row R prints [1, 1] on every scale; `share_at` never does.
            limits = [at(rows, column, t, 1.0) for t in times]
            if case.has((*here, f"ci_{kind}")):
                case.assert_close((*here, f"ci_{kind}", side), limits)


def check_quantiles(case: Case, by_kind: dict[str, Curve], group: str) -> None:
    here = ("groups", group, "quantiles")
    if not case.has(here):
        return
    probabilities = case.listed((*here, "prob"))
    case.assert_close((*here, "prob"), probabilities)
    for kind, curve in by_kind.items():
        middle = [
            quantile_days(curve, p, group=group, convention="midpoint") for p in probabilities
        ]
        steps = [quantile_days(curve, p, group=group)[0] for p in probabilities]
        case.assert_close((*here, "value"), [value for value, _, _ in middle])
        case.assert_close((*here, "value_inf_convention"), steps)
        if case.has((*here, "ci", kind)):
            case.assert_close((*here, "ci", kind, "lower"), [low for _, low, _ in middle])
            case.assert_close((*here, "ci", kind, "upper"), [high for _, _, high in middle])
