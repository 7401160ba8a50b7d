"""Restricted means, contrasts and pseudo-values against R (tests/oracles/README.md)."""

from __future__ import annotations

from typing import Any

import pytest
from evalkit.statistics.time_to_event.adjusted_restricted_mean import (
    AdjustedMean,
    adjusted_restricted_mean,
)
from evalkit.statistics.time_to_event.pseudo_values import pseudo_values

from evalkit.results import CannotBeComputed, EventTable
from evalkit.statistics.shares.share_counts import normal_quantile
from evalkit.statistics.time_to_event.event_table import event_table
from evalkit.statistics.time_to_event.restricted_mean import (
    mean_waiting,
    restricted_mean,
    restricted_mean_lost,
)
from evalkit.statistics.time_to_event.restricted_mean_contrasts import (
    restricted_mean_difference,
    restricted_mean_ratio,
    restricted_mean_test,
)
from tests.oracles_support import Case, case_id, cases
from tests.statistics.shares.oracle_rows import attempt

MEANS = cases("rmst", lambda case: "groups" in case.expected)
ADJUSTED = cases("rmst", lambda case: "covariates" in case.spec)
PSEUDO = cases("rmst", lambda case: "pseudo_survival" in case.expected)


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


@pytest.mark.parametrize("case", MEANS, ids=case_id)
def test_restricted_means_and_contrasts_agree_with_r(case: Case) -> None:
    table, tau = table_of(case), float(case.spec["tau"])
    for group in case.expected["groups"]:
        check_group(case, table, tau, group)
    for name in case.expected.get("contrasts", {}):
        check_contrasts(case, table, tau, name)
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
    for prefix, function, value in (
        ("rmst", restricted_mean, mean.days),
        ("rmtl", restricted_mean_lost, tau - mean.days),
    ):
        low, high = ("lower", "upper") if prefix == "rmst" else ("rmtl_lower", "rmtl_upper")
        case.assert_close((*here, prefix), value)
        # R lets the limits leave 0…τ; an interval of ours ends where the days do.
        case.assert_close((*here, low), value - half)
        case.assert_close((*here, high), value + half)
        made = attempt(function, table, days=tau, group=group, confidence_level=level)
        if isinstance(made, CannotBeComputed):  # R prints an interval without width
            assert case.at((*here, "se")) == pytest.approx(0, abs=1e-10)
            continue
        assert made.value == value
        assert (made.low, made.high) == pytest.approx(
            (max(case.at((*here, low)), 0.0), min(case.at((*here, high)), tau)), rel=1e-8
        )


def computed(case: Case, here: tuple[str, ...], function: Any, *given: Any, **options: Any) -> Any:
    """The result; ``None`` and a worded gap where R goes on and we say "cannot be computed"."""
    try:
        return function(*given, **options)
    except CannotBeComputed as reason:
        case.without_counterpart(here, f"cannot be computed: {reason.reason}")
        return None


def check_contrasts(case: Case, table: EventTable, tau: float, name: str) -> None:
    first, second = name.split(" vs ")
    pair, level, here = (first, second), case.confidence_level, ("contrasts", name)
    difference = computed(
        case,
        here,
        restricted_mean_difference,
        table,
        days=tau,
        groups=pair,
        confidence_level=level,
    )
    if difference is None:
        return
    ratio, lost = (
        restricted_mean_ratio(table, days=tau, groups=pair, lost_time=lt, confidence_level=level)
        for lt in (False, True)
    )
    for field, kind, estimate in (
        ("difference", "difference", difference),
        ("ratio", "ratio", ratio),
        ("rmtl_ratio", "lost_time_ratio", lost),
    ):
        test = restricted_mean_test(table, days=tau, groups=pair, contrast=kind)
        case.assert_close((*here, field, "est"), estimate.value)
        case.assert_close((*here, field, "lower"), estimate.low)
        case.assert_close((*here, field, "upper"), estimate.high)
        case.assert_close((*here, field, "p"), test.p_value)
        if case.has((*here, field, "se")):
            case.assert_close((*here, field, "se"), abs(estimate.value / test.statistic))


@pytest.mark.parametrize("case", PSEUDO, ids=case_id)
def test_pseudo_values_agree_with_the_infinitesimal_jackknife_in_r(case: Case) -> None:
    frame = case.frame()
    days, events = frame[case.spec["time"]], case.events(frame)
    tau, entry = float(case.spec["tau"]), case.entry(frame)
    survival = pseudo_values(days, events, day=tau, measure="survival", entry=entry)
    means = pseudo_values(days, events, day=tau, measure="restricted_mean", entry=entry)
    case.assert_close("pseudo_survival", survival[: case.rows_reported])
    case.assert_close("pseudo_rmst", means[: case.rows_reported])
    case.assert_close("mean_survival", survival.mean())
    case.assert_close("mean_rmst", means.mean())
    case.finish()


def test_no_case_of_the_topic_is_left_out() -> None:
    covered = {case.id for case in (*MEANS, *PSEUDO, *ADJUSTED)}
    assert covered == {case.id for case in cases("rmst")}


@pytest.mark.parametrize("case", ADJUSTED, ids=case_id)
def test_adjusted_means_agree_with_the_published_output(case: Case) -> None:
    frame, spec = case.frame(), case.spec
    for field, contrast in (
        ("difference", "difference"),
        ("ratio", "ratio"),
        ("rmtl_ratio", "lost_time_ratio"),
    ):
        fit = adjusted_restricted_mean(
            frame[spec["time"]],
            case.events(frame),
            in_second_group=frame[spec["group"]],
            covariates=frame[spec["covariates"]],
            horizon=float(spec["tau"]),
            contrast=contrast,  # type: ignore[arg-type]
            confidence_level=case.confidence_level,
        )
        effect = fit.effect
        case.assert_close((field, "est"), effect.value)
        case.assert_close((field, "lower"), effect.low)
        case.assert_close((field, "upper"), effect.high)
        case.assert_close((field, "p"), fit.test.p_value)
        if contrast == "difference":
            names = ["intercept", spec["group"], *spec["covariates"]]
            case.assert_close(("difference_model", "terms"), names)
            case.assert_close(("difference_model", "coef"), fit.coefficients)
            check_errors(case, fit)
    case.finish()


def check_errors(case: Case, fit: AdjustedMean) -> None:
    """Error by error: a note may say that one was printed otherwise than it is computed."""
    here = ("difference_model", "se")
    for i, (term, error) in enumerate(zip(fit.terms, fit.standard_errors, strict=True)):
        if f"se of {term} printed" in case.notes:
            reason = "printed .471; the estimator's formula, also written out, gives .472"
            case.without_counterpart((*here, i), reason)
            assert error == pytest.approx(case.at((*here, i)), abs=0.002)
        else:
            case.assert_close((*here, i), error)
