"""Cumulative incidence and Gray's test against R (tests/oracles/README.md)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from evalkit.results import CannotBeComputed, Curve
from evalkit.statistics.time_to_event.competing_risks import cumulative_incidence
from evalkit.statistics.time_to_event.event_table import event_table
from evalkit.statistics.time_to_event.gray import gray_test
from evalkit.statistics.time_to_event.restricted_mean import restricted_mean
from tests.oracles_support import REMOVED, Case, case_id, cases
from tests.statistics.shares.oracle_rows import attempt
from tests.statistics.time_to_event.spells import by_stratum

INCIDENCE = cases("competing", lambda case: isinstance(case.expected.get("groups"), dict))
GRAY = cases("competing", lambda case: any(k.startswith("rho") for k in case.expected))
SCALES = ("log-log", "log", "plain")


def arguments(case: Case, frame: pd.DataFrame) -> dict[str, Any]:
    highest = case.spec.get("n_causes", frame[case.spec["cause"]].max())
    return {
        "cause_names": [f"cause{k}" for k in range(1, int(highest) + 1)],
        "groups": case.labels(frame),
        "entry": case.entry(frame),
        "weights": case.weights(frame),
    }


def read_at(
    curve: Curve, group: str, cause: str, column: str, times: list[float], start: object = 0.0
) -> list[object]:
    """A column of the curve on the given days; before the first row the share is a known 0."""
    steps = curve.steps[(curve.steps["group"] == group) & (curve.steps["cause"] == cause)]
    place = np.searchsorted(steps["day"].to_numpy(), times, side="right") - 1
    values = steps[column].tolist()
    return [values[i] if i >= 0 else start for i in place]


@pytest.mark.parametrize("case", INCIDENCE, ids=case_id)
def test_cumulative_incidence_agrees_with_r_in_every_field(case: Case) -> None:
    frame, spec = case.frame(), case.spec
    days, causes = frame[spec["time"]], frame[spec["cause"]]
    options, level = arguments(case, frame), case.confidence_level
    table = event_table(days, causes, **options)
    curves = {
        scale: cumulative_incidence(table, interval=scale, confidence_level=level)  # type: ignore[arg-type]
        for scale in SCALES
    }
    for group, fields in case.expected["groups"].items():
        case.assert_close(("groups", group, "n"), table.persons[table.groups.index(group)])
        if "check_etm_greenwood_max_abs_diff" in fields:  # R against R
            case.assert_close(("groups", group, "check_etm_greenwood_max_abs_diff"), 0.0)
        for cause in options["cause_names"]:
            check_cause(case, curves, group, cause)
        if "rmtl" in fields:
            check_means(case, frame, options, group)
    case.finish()


def check_cause(case: Case, curves: dict[str, Curve], group: str, cause: str) -> None:
    here = ("groups", group, cause)
    times = case.listed((*here, "times"))

    def check(field: tuple[str, ...], curve: Curve, column: str) -> None:
        if case.has((*here, *field)):
            got = read_at(curve, group, cause, column, times)
            expected = case.listed((*here, *field))
            if field[0].startswith("se_"):  # R says NA at and beyond the last time
                got = [g if e is not None else None for g, e in zip(got, expected, strict=True)]
            case.assert_close((*here, *field), got)

    case.assert_close((*here, "times"), times)
    check(("cif",), curves["log-log"], "value")
    check(("se_greenwood",), curves["log-log"], "standard_error")
    check(("se_prodlim",), curves["log-log"], "standard_error")
    for field in ("se_cmprsk", "se_ij", *(f"ci_ij_{scale}" for scale in SCALES)):
        if case.has((*here, field)):  # Gray's form, the infinitesimal jackknife
            case.without_counterpart((*here, field), REMOVED)
    if case.has((*here, "ci_greenwood_cloglog")):
        check_written_out(case, curves["log-log"], group, cause)
    if case.has((*here, "steps")):
        check_steps(case, curves["log-log"], group, cause)


def check_written_out(case: Case, curve: Curve, group: str, cause: str) -> None:
    """Limits by the formula alone: no value at 0, and 1 at 1, where 1 to any power is 1."""
    here = ("groups", group, cause, "ci_greenwood_cloglog")
    times = case.listed(("groups", group, cause, "times"))
    shares = read_at(curve, group, cause, "value", times)
    for side, column in (("lower", "low"), ("upper", "high")):
        limits = read_at(curve, group, cause, column, times, start=None)
        got = [1.0 if share == 1 else limit for limit, share in zip(limits, shares, strict=True)]
        case.assert_close((*here, side), got)
    if case.has((*here, "formula")):  # a remark
        case.assert_close((*here, "formula"), case.at((*here, "formula")))


def check_steps(case: Case, curve: Curve, group: str, cause: str) -> None:
    here = ("groups", group, cause, "steps")
    times = case.listed((*here, "time"))
    case.assert_close((*here, "time"), times)
    for field, column in {
        "n_risk": "at_risk",
        "cif": "value",
        "se_greenwood": "standard_error",
    }.items():
        case.assert_close((*here, field), read_at(curve, group, cause, column, times))


def check_means(case: Case, frame: pd.DataFrame, options: dict[str, Any], group: str) -> None:
    here, spec = ("groups", group, "rmtl"), case.spec
    if options["weights"] is not None or options["entry"] is not None:
        case.without_counterpart(here, REMOVED)
        return
    tau = float(case.at((*here, "tau")))
    case.assert_close((*here, "tau"), tau)
    case.assert_close((*here, "states"), ["none", *options["cause_names"]])
    table = event_table(frame[spec["time"]], frame[spec["cause"]], **options)
    made = attempt(restricted_mean, table, days=tau, group=group)
    for i in range(len(options["cause_names"]) + 1):
        for field in ("mean_time_in_state", "se_ij"):
            if i or isinstance(made, CannotBeComputed):  # R prints a mean without any doubt
                case.without_counterpart((*here, field, i), REMOVED if i else "refused")
    if not isinstance(made, CannotBeComputed):
        case.assert_close((*here, "mean_time_in_state", 0), made.value)
        error = max(made.high - made.value, made.value - made.low) / 1.959963984540054
        case.assert_close((*here, "se_ij", 0), error)


@pytest.mark.parametrize("case", GRAY, ids=case_id)
def test_grays_test_agrees_with_cmprsk(case: Case) -> None:
    frame, spec = case.frame(), case.spec
    highest = int(frame[spec["cause"]].max())
    names = [f"cause{k}" for k in range(1, highest + 1)]
    strata = frame[spec["strata"]] if spec.get("strata") else np.zeros(len(frame), dtype=int)
    tables = by_stratum(
        frame[spec["time"]],
        frame[spec["cause"]],
        strata,
        groups=case.labels(frame),
        cause_names=names,
    )
    case.assert_close("groups", tables[0].groups)
    for key in (k for k in case.expected if k.startswith("rho")):
        codes = case.listed((key, "cause"))
        try:
            tests = [gray_test(tables, cause=f"cause{int(k)}", rho=float(key[3:])) for k in codes]
        except CannotBeComputed as refusal:
            case.refused(refusal)
        case.assert_close((key, "cause"), codes)
        case.assert_close((key, "stat"), [t.statistic for t in tests])
        case.assert_close((key, "p"), [t.p_value for t in tests])
        case.assert_close((key, "df"), [t.degrees_of_freedom for t in tests])
    case.finish()
