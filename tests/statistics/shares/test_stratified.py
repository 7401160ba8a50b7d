"""Summaries over strata: against R's metafor and mantelhaen.test, and statsmodels' tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from evalkit.results import CannotBeComputed
from evalkit.statistics.shares import stratified, stratified_tests
from evalkit.statistics.shares.differences import share_difference
from evalkit.statistics.shares.standardised import (
    standardised_difference,
    standardised_error,
    standardised_share,
)
from evalkit.statistics.shares.strata import checked_strata
from tests.oracles_support import Case, case_id, cases
from tests.statistics.shares.oracle_rows import attempt, limits_of

REGIONS = [(120, 210, 80, 190), (64, 150, 30, 120), (40, 110, 61, 200)]
group = st.integers(1, 40).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
stratum = st.tuples(group, group).map(lambda pair: (*pair[0], *pair[1]))


def standardised(strata: list[Any], weights: Any, level: float) -> dict[str, Any]:
    made = standardised_difference(strata, weights=weights, confidence_level=level)
    table = checked_strata(strata)
    relative = np.asarray(weights) / np.sum(weights)
    shares = [
        standardised_share(events=list(k), n=list(n), weights=weights).value
        for k, n in ((table.k1, table.n1), (table.k2, table.n2))
    ]
    return {
        "p1": shares[0],
        "p2": shares[1],
        "difference": made.value,
        "se": standardised_error(table, relative),
        "ci": limits_of(made),
    }


def homogeneity(strata: list[Any]) -> dict[str, Any]:
    plain, corrected = stratified_tests.breslow_day(strata), stratified_tests.tarone(strata)
    return {
        "breslow_day": plain.statistic,
        "breslow_day_p": plain.p_value,
        "tarone": corrected.statistic,
        "tarone_p": corrected.p_value,
        "df": plain.degrees_of_freedom,
    }


def association(strata: list[Any]) -> dict[str, Any]:
    plain = stratified_tests.cochran_mantel_haenszel(strata)
    corrected = stratified_tests.cochran_mantel_haenszel_corrected(strata)
    return {
        "chisq": plain.statistic,
        "p": plain.p_value,
        "chisq_cc": corrected.statistic,
        "p_cc": corrected.p_value,
    }


def difference(strata: list[Any], level: float) -> dict[str, Any]:
    table = checked_strata(strata)
    sato = stratified.mantel_haenszel_difference(strata, confidence_level=level)
    older = stratified.mantel_haenszel_difference_greenland_robins(strata, confidence_level=level)
    return {
        "estimate": sato.value,
        "se_greenland_robins": stratified.greenland_robins_error(table),
        "se_sato": stratified.sato_error(table),
        "metafor_se": stratified.sato_error(table),
        "ci_greenland_robins": limits_of(older),
        "ci_sato": limits_of(sato),
    }


def ratio(made: Any, level: float) -> dict[str, Any]:
    from scipy import stats

    log_error = np.log(made.high / made.low) / (2 * stats.norm.ppf((1 + level) / 2))
    return {"estimate": made.value, "log_se": log_error, "ci": limits_of(made)}


def crude(strata: list[Any]) -> dict[str, Any]:
    table = checked_strata(strata)
    sums = tuple(int(column.sum()) for column in (table.k1, table.n1, table.k2, table.n2))
    return {"difference": share_difference(sums)}  # type: ignore[arg-type]


def answer(section: str, strata: list[Any], level: float) -> dict[str, Any]:
    table = checked_strata(strata)
    makers: dict[str, Callable[[], dict[str, Any]]] = {
        "mh_rd": lambda: difference(strata, level),
        "mh_rr": lambda: ratio(
            stratified.mantel_haenszel_risk_ratio(strata, confidence_level=level), level
        ),
        "mh_or": lambda: ratio(
            stratified.mantel_haenszel_odds_ratio(strata, confidence_level=level), level
        ),
        "cmh": lambda: association(strata),
        "breslow_day_tarone": lambda: homogeneity(strata),
        "standardised_to_total": lambda: standardised(strata, table.total, level),
        "standardised_to_first": lambda: standardised(strata, table.n1, level),
        "crude": lambda: crude(strata),
    }
    return makers[section]() if section in makers else {}


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
            elif field in made:
                case.assert_close((section, field), made[field])
            else:
                case.without_counterpart((section, field), "no function of that name")
    case.finish()


@given(st.lists(stratum, min_size=2, max_size=6))
def test_tests_and_ratios_agree_with_statsmodels(strata: list[tuple[int, ...]]) -> None:
    from statsmodels.stats.contingency_tables import StratifiedTable

    # statsmodels divides by zero in strata without variation; here they are left out.
    assume(all(0 < k1 + k2 < n1 + n2 for k1, n1, k2, n2 in strata))
    assume(len(strata) * len(strata[0]) > 0)
    table = checked_strata(strata)  # type: ignore[arg-type]
    assume((table.k1 * (table.n2 - table.k2)).sum() > 0)
    assume((table.k2 * (table.n1 - table.k1)).sum() > 0)
    other = StratifiedTable(
        [np.array([[k1, n1 - k1], [k2, n2 - k2]], dtype=float) for k1, n1, k2, n2 in strata]
    )
    odds = stratified.mantel_haenszel_odds_ratio(strata)  # type: ignore[arg-type]
    risk = stratified.mantel_haenszel_risk_ratio(strata)  # type: ignore[arg-type]
    association = stratified_tests.cochran_mantel_haenszel(strata)  # type: ignore[arg-type]
    assert odds.value == pytest.approx(other.oddsratio_pooled, rel=1e-9)
    assert (odds.low, odds.high) == pytest.approx(other.oddsratio_pooled_confint(), rel=1e-9)
    assert risk.value == pytest.approx(other.riskratio_pooled, rel=1e-9)
    wanted = other.test_null_odds(correction=False).statistic
    assert association.statistic == pytest.approx(wanted, rel=1e-9, abs=1e-12)


def test_homogeneity_agrees_with_statsmodels() -> None:
    from statsmodels.stats.contingency_tables import StratifiedTable

    other = StratifiedTable(
        [np.array([[k1, n1 - k1], [k2, n2 - k2]], dtype=float) for k1, n1, k2, n2 in REGIONS]
    )
    plain = other.test_equal_odds()
    corrected = other.test_equal_odds(adjust=True)
    assert stratified_tests.breslow_day(REGIONS).statistic == pytest.approx(plain.statistic)
    assert stratified_tests.tarone(REGIONS).statistic == pytest.approx(corrected.statistic)


@given(st.lists(stratum, min_size=1, max_size=5))
def test_swapping_the_groups_turns_the_difference(strata: list[tuple[int, ...]]) -> None:
    swapped = [(k2, n2, k1, n1) for k1, n1, k2, n2 in strata]
    one = stratified.mantel_haenszel_difference(strata)  # type: ignore[arg-type]
    other = stratified.mantel_haenszel_difference(swapped)
    assert one.value == pytest.approx(-other.value, abs=1e-12)
    assert one.low == pytest.approx(-other.high, abs=1e-9)
    assert -1 <= one.low <= one.value <= one.high <= 1
    assert sum(one.cells) == one.n


@given(stratum)
def test_one_stratum_is_the_plain_comparison(one: tuple[int, int, int, int]) -> None:
    made = stratified.mantel_haenszel_difference([one])
    assert made.value == pytest.approx(share_difference(one), abs=1e-12)


def test_a_shift_in_who_takes_part_is_not_read_as_a_change_in_outcome() -> None:
    """Same shares in each stratum, other mix: 50 % and 10 % before and after."""
    strata = [(45, 90, 5, 10), (1, 10, 9, 90)]
    assert share_difference((46, 100, 14, 100)) == pytest.approx(0.32)
    assert stratified.mantel_haenszel_difference(strata).value == pytest.approx(0)
    assert standardised_difference(strata, weights=[1, 1]).value == pytest.approx(0)


def test_strata_that_tell_nothing_are_left_out() -> None:
    silent = [(0, 12, 0, 9), (7, 7, 3, 3)]
    one_sided = [(3, 8, 0, 0)]
    plain = stratified_tests.cochran_mantel_haenszel(REGIONS)
    assert stratified_tests.cochran_mantel_haenszel([*REGIONS, *silent, *one_sided]) == plain
    assert stratified_tests.breslow_day([*REGIONS, *silent]).degrees_of_freedom == 2


@pytest.mark.parametrize(
    ("strata", "reason"),
    [
        ([], "no_persons"),
        ([(0, 0, 1, 5)], "no_persons"),
        ([(1, 5, 0, 0), (0, 0, 1, 5)], "no_common_strata"),
    ],
)
def test_what_cannot_be_summarised_is_said_with_a_reason(strata: list[Any], reason: str) -> None:
    for function in (
        stratified.mantel_haenszel_difference,
        stratified.mantel_haenszel_risk_ratio,
        stratified.mantel_haenszel_odds_ratio,
        stratified_tests.cochran_mantel_haenszel,
        stratified_tests.breslow_day,
    ):
        with pytest.raises(CannotBeComputed, match=reason):
            function(strata)


def test_ratios_and_tests_without_events_say_why() -> None:
    none = [(0, 5, 0, 5), (0, 8, 0, 9)]
    with pytest.raises(CannotBeComputed, match="zero_cell"):
        stratified.mantel_haenszel_risk_ratio(none)
    with pytest.raises(CannotBeComputed, match="zero_cell"):
        stratified.mantel_haenszel_odds_ratio([(3, 5, 0, 5)])
    with pytest.raises(CannotBeComputed, match="no_variation"):
        stratified_tests.cochran_mantel_haenszel(none)
    with pytest.raises(CannotBeComputed, match="one_stratum"):
        stratified_tests.tarone([(3, 5, 2, 5)])


@pytest.mark.parametrize("wrong", [(-1, 5, 1, 5), (6, 5, 1, 5), (1.5, 5, 1, 5)])
def test_an_impossible_stratum_is_named_by_its_place(wrong: Any) -> None:
    with pytest.raises(ValueError, match="strata 2"):
        checked_strata([(1, 5, 1, 5), wrong])
