"""Summaries over strata: against R's metafor and mantelhaen.test, and where statsmodels fails."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from evalkit.results import CannotBeComputed
from evalkit.statistics.shares.ratios import odds_ratio
from evalkit.statistics.shares.stratified import (
    StrataTest,
    mantel_haenszel_odds_ratio,
    stratified_test,
)
from tests.oracles_support import REMOVED, Case, case_id, cases
from tests.statistics.shares.oracle_rows import attempt, limits_of

REGIONS = [(120, 210, 80, 190), (64, 150, 30, 120), (40, 110, 61, 200)]
TESTS: tuple[StrataTest, ...] = (
    "cochran_mantel_haenszel",
    "cochran_mantel_haenszel_cc",
    "breslow_day",
    "tarone",
)


def odds(strata: list[Any], level: float) -> dict[str, Any]:
    made = mantel_haenszel_odds_ratio(strata, confidence_level=level)
    log_error = np.log(made.high / made.low) / (2 * stats.norm.ppf((1 + level) / 2))
    return {"estimate": made.value, "log_se": log_error, "ci": limits_of(made)}


def pair_of_tests(strata: list[Any], plain: StrataTest, other: StrataTest) -> dict[str, Any]:
    first, second = (stratified_test(strata, method=method) for method in (plain, other))
    names = {"breslow_day": ("breslow_day", "breslow_day_p", "tarone", "tarone_p")}
    keys = names.get(plain, ("chisq", "p", "chisq_cc", "p_cc"))
    values = (first.statistic, first.p_value, second.statistic, second.p_value)
    return dict(zip(keys, values, strict=True)) | {"df": first.degrees_of_freedom}


def answer(section: str, strata: list[Any], level: float) -> dict[str, Any] | None:
    if section == "mh_or":
        return odds(strata, level)
    if section == "cmh":
        return pair_of_tests(strata, "cochran_mantel_haenszel", "cochran_mantel_haenszel_cc")
    if section == "breslow_day_tarone":
        return pair_of_tests(strata, "breslow_day", "tarone")
    return None


@pytest.mark.parametrize("case", cases("prop_strat"), ids=case_id)
def test_stratified_summaries_agree_with_r(case: Case) -> None:
    rows = case.expected["strata"]
    strata = [(row["x1"], row["n1"], row["x2"], row["n2"]) for row in rows]
    case.assert_close("strata", rows)
    for section in set(case.expected) - {"strata"}:
        made = attempt(answer, section, strata, case.confidence_level)
        for field in case.expected[section]:
            if isinstance(made, CannotBeComputed):
                case.assert_close((section, field), made)
            elif made is not None and field in made:
                case.assert_close((section, field), made[field])
            else:
                case.without_counterpart((section, field), REMOVED)
    case.finish()


def test_one_stratum_is_the_plain_comparison() -> None:
    made = mantel_haenszel_odds_ratio([(56, 70, 48, 80)])
    plain = odds_ratio(events_1=56, n_1=70, events_2=48, n_2=80, interval="woolf")
    assert made.value == pytest.approx(plain.value)
    assert (made.low, made.high) == pytest.approx((plain.low, plain.high))


def test_a_shift_in_who_takes_part_is_not_read_as_a_change_in_outcome() -> None:
    """Half of one kind and a fifth of the other succeed in both groups; only the mix differs."""
    made = mantel_haenszel_odds_ratio([(40, 80, 10, 20), (4, 20, 16, 80)])
    assert made.value == pytest.approx(1)


@pytest.mark.parametrize("method", TESTS)
def test_strata_that_tell_nothing_are_left_out(method: StrataTest) -> None:
    silent = [(0, 9, 0, 8), (7, 7, 4, 4), (3, 9, 0, 0)]
    made, plain = (stratified_test(rows, method=method) for rows in (REGIONS + silent, REGIONS))
    assert made == plain


def test_the_corrected_test_never_passes_zero() -> None:
    """|Δ| is 0.25 here: R leaves the correction out; statsmodels alone would answer with it."""
    close = [(3, 6, 3, 7), (2, 5, 2, 5)]
    made = stratified_test(close, method="cochran_mantel_haenszel_cc")
    assert made.statistic == stratified_test(close).statistic


@pytest.mark.parametrize(
    ("strata", "reason"),
    [
        ([], "no_persons"),
        ([(0, 0, 1, 5)], "no_persons"),
        ([(1, 5, 0, 0), (0, 0, 2, 5)], "no_common_strata"),
    ],
)
def test_what_cannot_be_summarised_is_said_with_a_reason(strata: list[Any], reason: str) -> None:
    for method in TESTS:
        with pytest.raises(CannotBeComputed, match=reason):
            stratified_test(strata, method=method)
    with pytest.raises(CannotBeComputed, match=reason):
        mantel_haenszel_odds_ratio(strata)


def test_ratios_and_tests_without_events_say_why() -> None:
    with pytest.raises(CannotBeComputed, match="zero_cell"):
        mantel_haenszel_odds_ratio([(3, 5, 0, 5)])
    with pytest.raises(CannotBeComputed, match="no_variation"):
        stratified_test([(0, 5, 0, 5), (8, 8, 9, 9)])
    with pytest.raises(CannotBeComputed, match="one_stratum"):
        stratified_test([(3, 5, 2, 5)], method="tarone")


@pytest.mark.parametrize("wrong", [(-1, 5, 1, 5), (6, 5, 1, 5), (1.5, 5, 1, 5)])
def test_an_impossible_stratum_is_named_by_its_place(wrong: Any) -> None:
    with pytest.raises(ValueError, match="strata 2"):
        stratified_test([(1, 5, 1, 5), wrong])
