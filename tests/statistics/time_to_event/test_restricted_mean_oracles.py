"""Restricted means against R (tests/oracles/README.md)."""

from __future__ import annotations

from typing import Any

import pytest

from evalkit.results import CannotBeComputed, EventTable
from evalkit.statistics.shares.share_counts import normal_quantile
from evalkit.statistics.time_to_event.event_table import event_table
from evalkit.statistics.time_to_event.restricted_mean import mean_waiting, restricted_mean
from tests.oracles_support import REMOVED, Case, case_id, cases
from tests.statistics.shares.oracle_rows import attempt


def table_of(case: Case) -> EventTable:
    frame = case.frame()
    return event_table(
        frame[case.spec["time"]],
        case.events(frame),
        cause_names=["event"],
        groups=case.labels(frame),
        entry=case.entry(frame),
        weights=case.weights(frame),
    )


@pytest.mark.parametrize("case", cases("rmst"), ids=case_id)
def test_restricted_means_agree_with_r(case: Case) -> None:
    if "groups" not in case.expected:  # pseudo-values, and means adjusted for covariates
        case.uncompared(REMOVED)
    table, tau = table_of(case), float(case.spec["tau"])
    for group in case.expected["groups"]:
        check_group(case, table, tau, group)
    if "contrasts" in case.expected:
        case.without_counterpart("contrasts", REMOVED)
    if "max_time" in case.expected:
        seen = (table.left.sum(axis=2) + table.censored) > 0
        longest = {g: table.times[row].max() for g, row in zip(table.groups, seen, strict=True)}
        given = case.expected["max_time"] is not None
        case.assert_close(("max_time",), longest if given else None)
    case.finish()


def check_group(case: Case, table: EventTable, tau: float, group: str) -> None:
    level, here = case.confidence_level, ("groups", group)
    mean = computed(case, here, mean_waiting, table, days=tau, group=group)
    if mean is None:
        return
    half = normal_quantile(level) * mean.standard_error
    case.assert_close((*here, "se"), mean.standard_error)
    for field, value in (("rmst", mean.days), ("rmtl", tau - mean.days)):
        low, high = ("lower", "upper") if field == "rmst" else ("rmtl_lower", "rmtl_upper")
        case.assert_close((*here, field), value)
        # R lets the limits leave 0…τ; an interval of ours ends where the days do.
        case.assert_close((*here, low), value - half)
        case.assert_close((*here, high), value + half)
    made = attempt(restricted_mean, table, days=tau, group=group, confidence_level=level)
    if isinstance(made, CannotBeComputed):  # R prints an interval without width
        assert case.at((*here, "se")) == pytest.approx(0, abs=1e-10)
        return
    assert made.value == mean.days
    assert (made.low, made.high) == pytest.approx(
        (max(case.at((*here, "lower")), 0.0), min(case.at((*here, "upper")), tau)), rel=1e-8
    )


def computed(case: Case, here: tuple[str, ...], function: Any, *given: Any, **options: Any) -> Any:
    """The result; ``None`` and a worded gap where R goes on and we say "cannot be computed"."""
    try:
        return function(*given, **options)
    except CannotBeComputed as reason:
        case.without_counterpart(here, f"cannot be computed: {reason.reason}")
        return None
