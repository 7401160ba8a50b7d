"""State over time against R's survfit with several states, and by exact fractions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from evalkit.results import Estimate, NotEstimable
from evalkit.statistics.states.curves import (
    mean_days_in,
    return_curves,
    share_on_day,
    state_curves,
)
from evalkit.statistics.states.histories import Histories, read_histories
from evalkit.statistics.states.on_a_day import share_in_state, sustained_work
from tests.oracles_support import Case, case_id, cases

CURVES = cases("states", keep=lambda case: "states" in case.expected)
ON_DAYS = cases("states", keep=lambda case: "in_work" in str(case.expected))
SUSTAINED = cases("states", keep=lambda case: "sustained" in str(case.expected))
RETURNS = cases("states", keep=lambda case: "cif" in case.expected)


def histories_of(case: Case) -> Histories:
    spec = case.spec
    if case.data is None:
        statuses = pd.DataFrame(spec["rows"], columns=["id", "day", "status"])
        states = sorted(set(statuses["status"]) | set(case.expected["states"]))
        return read_histories(statuses, spec["persons_followed"], states=states)
    columns = spec["statuses"]
    statuses = pd.read_csv(case.folder / case.data)
    persons = pd.read_csv(case.folder / spec["persons"]).set_index(columns["id"])
    if "rows" in spec:
        persons = persons.query(spec["rows"])
        statuses = statuses[statuses[columns["id"]].isin(persons.index)]
    found = read_histories(
        statuses,
        persons[spec["followed"]],
        states=spec["states"],
        id_column=columns["id"],
        day_column=columns["day"],
        status_column=columns["status"],
    )
    first = spec.get("only_first_status")
    return found if first is None else found.starting_in(first)


def limit(row: Estimate | NotEstimable, name: str) -> float | None:
    return getattr(row, name) if isinstance(row, Estimate) else None


@pytest.mark.oracle
@pytest.mark.parametrize("case", CURVES, ids=case_id)
def test_curves_agree_with_r(case: Case) -> None:
    histories = histories_of(case)
    days = case.spec["days"]
    horizon = case.expected.get("tau", case.spec.get("tau"))
    curves = state_curves(histories, kind="changes", horizon=horizon, days=days, fewest=1)
    got: dict[str, Any] = {
        "n": curves.n,
        "days": days,
        "tau": curves.horizon,
        "at_risk": [int((histories.followed >= day).sum()) for day in days],
    }
    for name in case.expected:
        if name != "states":
            case.assert_close(name, got[name])
    rows = np.searchsorted(curves.days, days)
    for state in case.expected["states"]:
        column = curves.states.index(state)
        found = [share_on_day(curves, state=state, day=day) for day in days]
        mean = mean_days_in(curves, state=state)
        values: dict[str, Any] = {
            "p": curves.shares[rows, column],
            "se_ij": curves.standard_errors[rows, column],
            "lower_wilson_effective": [limit(row, "low") for row in found],
            "upper_wilson_effective": [limit(row, "high") for row in found],
            "mean_days": curves.mean_days[column],
            "mean_days_se_ij": curves.mean_days_errors[column],
        }
        for name in case.expected["states"][state]:
            case.assert_close(("states", state, name), values[name])
        if isinstance(mean, Estimate):
            assert mean.low <= curves.mean_days[column] <= mean.high
    case.finish()


@pytest.mark.oracle
@pytest.mark.parametrize("case", ON_DAYS, ids=case_id)
def test_shares_on_a_day_agree_with_r(case: Case) -> None:
    histories, window = histories_of(case), case.spec.get("window")
    for i, row in enumerate(case.expected["rows"]):
        found = share_in_state(
            histories,
            day=row["day"],
            kind="changes" if window is None else "contacts",
            window=window or 0,
        )
        got = {
            "day": found.day,
            "n_observable": found.n,
            "n_known": found.known,
            "in_work": found.in_state,
            "share_of_known": found.of_known.value,
            "wilson": [found.of_known.low, found.of_known.high],
            "bounds": [found.low, found.high],
            "outer": [found.outer_low, found.outer_high],
        }
        case.assert_close(("rows", i), got)
    case.finish()


@pytest.mark.oracle
@pytest.mark.parametrize("case", SUSTAINED, ids=case_id)
def test_sustained_work_agrees_with_r(case: Case) -> None:
    histories = histories_of(case)
    for i, row in enumerate(case.expected["rows"]):
        found = sustained_work(histories, day=row["day"], kind="changes")
        got = {
            "day": found.day,
            "n_observable": found.n,
            "sustained": found.sustained,
            "undecided": found.undecided,
            "not": found.ended,
            "bounds": [found.low, found.high],
            "outer": [found.outer_low, found.outer_high],
        }
        case.assert_close(("rows", i), got)
    case.finish()


@pytest.mark.oracle
@pytest.mark.parametrize("case", RETURNS, ids=case_id)
def test_return_to_unemployment_agrees_with_r(case: Case) -> None:
    days = case.spec["days"]
    curves = return_curves(histories_of(case), kind="changes", days=days, fewest=1)
    rows = np.searchsorted(curves.days, days)
    column = curves.states.index("unemployed")
    got = {
        "n": curves.n,
        "days": case.spec["days"],
        "cif": curves.shares[rows, column],
        "se": curves.standard_errors[rows, column],
    }
    for name in case.expected:
        case.assert_close(name, got[name])
    case.finish()
