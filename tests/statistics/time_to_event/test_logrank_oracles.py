"""Log-rank tests against R's survdiff, every field of every case (tests/oracles/README.md)."""

from __future__ import annotations

from typing import Any

import pytest

from evalkit.results import CannotBeComputed, EventTable, TestResult
from evalkit.statistics.time_to_event.event_table import event_table
from evalkit.statistics.time_to_event.logrank import (
    log_rank,
    log_rank_scores,
)
from tests.oracles_support import REMOVED, Case, case_id, cases
from tests.statistics.time_to_event.spells import by_stratum

WEIGHTINGS: dict[str, dict[str, Any]] = {
    "logrank": {},
    "peto_prentice_rho1": {"weighting": "peto-prentice"},
    "cox_breslow_score": {"ties": "breslow"},
    "gehan": {"weighting": "gehan"},
    "tarone-ware": {"weighting": "tarone-ware"},
    "peto-peto": {"weighting": "peto-peto"},
}


def tables_of(case: Case) -> tuple[EventTable, ...]:
    frame, spec = case.frame(), case.spec
    days, events, entry = frame[spec["time"]], case.events(frame).astype(int), case.entry(frame)
    if spec.get("strata"):
        options = {"groups": case.labels(frame), "entry": entry, "cause_names": ["event"]}
        return by_stratum(days, events, frame[spec["strata"]], **options)
    table = event_table(days, events, cause_names=["event"], groups=case.labels(frame), entry=entry)
    return (table,)


def weighting_of(field: str) -> dict[str, Any] | None:
    if field.startswith("fleming-harrington_"):
        rho, gamma = field.split("_")[1:]
        return {"weighting": "fleming-harrington", "rho": float(rho), "gamma": float(gamma)}
    return WEIGHTINGS.get(field)


@pytest.mark.parametrize("case", cases("logrank"), ids=case_id)
def test_log_rank_tests_agree_with_r_in_every_field(case: Case) -> None:
    tables = tables_of(case)
    assert list(tables[0].groups) == case.expected["groups"]
    case.assert_close("groups", tables[0].groups)
    try:
        scores = log_rank_scores(tables)
    except CannotBeComputed as refusal:
        case.refused(refusal)
    case.assert_close_if("n", dict(zip(scores.groups, scores.persons, strict=True)))
    case.assert_close_if("observed", scores.observed)
    case.assert_close_if("expected", scores.expected)
    case.assert_close_if("checked_against", case.expected.get("checked_against"))  # a remark
    for field in case.expected:
        options = weighting_of(field)
        if options is not None:
            check(case, field, tables, options)
    for field in ("trend", "pairwise"):
        if case.has(field):
            case.without_counterpart(field, REMOVED)
    case.finish()


def check(case: Case, field: str, tables: tuple[EventTable, ...], options: dict[str, Any]) -> None:
    scores = log_rank_scores(tables, **options)
    for name in ("observed", "expected", "variance"):
        if case.has((field, name)):
            case.assert_close((field, name), getattr(scores, name))
    check_test(case, (field,), log_rank(tables, **options))


def check_test(case: Case, where: tuple[str | int, ...], test: TestResult) -> None:
    values = {"chisq": test.statistic, "df": test.degrees_of_freedom, "p": test.p_value}
    for name, value in values.items():
        if case.has((*where, name)):
            case.assert_close((*where, name), value)
