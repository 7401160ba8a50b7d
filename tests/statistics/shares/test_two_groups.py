"""Two independent groups against R: differences, ratios, odds and tests of the same tables."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest

from evalkit.results import CannotBeComputed, Estimate
from evalkit.statistics.shares import (
    differences,
    exact_tests,
    odds_ratios,
    ratios,
    table_tests,
    textbook_differences,
)
from evalkit.statistics.shares.difference_limits import agresti_caffo_limits
from evalkit.statistics.shares.two_groups import cells_of, two_groups
from tests.oracles_support import Case, case_id, cases
from tests.statistics.shares.oracle_rows import attempt, limits_of

DIFFERENCES: dict[str, Callable[..., Any]] = {
    "wald": textbook_differences.wald_difference,
    "wald_cc": textbook_differences.wald_difference_continuity_corrected,
    "agresti_caffo": differences.agresti_caffo,
    "newcombe": differences.newcombe,
    "newcombe_cc": differences.newcombe_continuity_corrected,
    "mee": differences.mee,
    "miettinen_nurminen": differences.miettinen_nurminen,
    "haldane": textbook_differences.haldane,
    "jeffreys_perks": textbook_differences.jeffreys_perks,
}
RATIOS = {
    "katz_log": ratios.katz,
    "koopman_score": ratios.koopman,
    "miettinen_nurminen": ratios.miettinen_nurminen_ratio,
}
ODDS = {
    "exact_conditional": odds_ratios.conditional_odds,
    "woolf_logit": odds_ratios.woolf,
    "score": odds_ratios.odds_score,
    "miettinen_nurminen": odds_ratios.miettinen_nurminen_odds,
}
TESTS: dict[str, tuple[Callable[..., Any], str, dict[str, str]]] = {
    "z_pooled": (table_tests.pooled_z_test, "statistic", {}),
    "p_pooled": (table_tests.pooled_z_test, "p_value", {}),
    "chisq_pearson": (table_tests.pearson_chi_square, "statistic", {}),
    "z_unpooled": (table_tests.unpooled_z_test, "statistic", {}),
    "p_unpooled": (table_tests.unpooled_z_test, "p_value", {}),
    "chisq_n1": (table_tests.n_minus_one_chi_square, "statistic", {}),
    "chisq_yates": (table_tests.yates_chi_square, "statistic", {}),
    "p_yates": (table_tests.yates_chi_square, "p_value", {}),
    "p_fisher": (exact_tests.fisher, "p_value", {}),
    "p_fisher_greater": (exact_tests.fisher, "p_value", {"alternative": "greater"}),
    "p_fisher_less": (exact_tests.fisher, "p_value", {"alternative": "less"}),
    "p_fisher_midp": (exact_tests.fisher_mid_p, "p_value", {}),
}


def compare_rows(
    case: Case, compare: Callable[[Case, int, dict[str, Any]], None], section: str
) -> None:
    for i, row in enumerate(case.expected["rows"]):
        if section not in row:
            continue
        names = {"events_1": "x1", "n_1": "n1", "events_2": "x2", "n_2": "n2"}
        compare(case, i, {name: row[column] for name, column in names.items()})


def compare_intervals(
    case: Case, i: int, section: str, methods: dict[str, Callable[..., Any]], table: dict[str, Any]
) -> None:
    for field in set(case.expected["rows"][i][section]) & set(methods):
        made = attempt(methods[field], **table, confidence_level=case.confidence_level)
        shown = made if isinstance(made, CannotBeComputed) else limits_of(made)
        if field == "agresti_caffo":
            shown = as_published(made, table, case.confidence_level)
        case.assert_close(("rows", i, section, field), shown)


def as_published(made: Estimate, table: dict[str, Any], level: float) -> dict[str, float]:
    """Agresti and Caffo's limits, which at a low level may leave out the observed difference.

    An `Estimate` never does: it is checked to hold both.
    """
    published = limits_of(agresti_caffo_limits(*table.values(), level))
    assert made.low == min(published["lower"], made.value)
    assert made.high == max(published["upper"], made.value)
    return published


def compare_differences(case: Case, i: int, table: dict[str, Any]) -> None:
    compare_intervals(case, i, "rd", DIFFERENCES, table)
    case.assert_close(("rows", i, "rd", "estimate"), differences.newcombe(**table).value)
    k1, without_1, k2, without_2 = differences.newcombe(**table).cells
    case.assert_close(("rows", i, "p1"), k1 / (k1 + without_1))
    case.assert_close(("rows", i, "p2"), k2 / (k2 + without_2))


def compare_tests(case: Case, i: int, table: dict[str, Any]) -> None:
    for field in set(case.expected["rows"][i]["tests"]) & set(TESTS):
        function, attribute, options = TESTS[field]
        made = attempt(function, **table, **options)
        shown = made if isinstance(made, CannotBeComputed) else getattr(made, attribute)
        case.assert_close(("rows", i, "tests", field), shown)


def compare_ratios(case: Case, i: int, table: dict[str, Any]) -> None:
    compare_intervals(case, i, "rr", RATIOS, table)
    made = attempt(ratios.koopman, **table)
    shown = made if isinstance(made, CannotBeComputed) else made.value
    case.assert_close(("rows", i, "rr", "estimate"), shown)


def compare_odds(case: Case, i: int, table: dict[str, Any]) -> None:
    compare_intervals(case, i, "or", ODDS, table)
    level = case.confidence_level
    made = attempt(odds_ratios.odds_score, **table)
    shown = made if isinstance(made, CannotBeComputed) else made.value
    case.assert_close(("rows", i, "or", "estimate"), shown)
    conditional = odds_ratios.conditional_odds(**table, confidence_level=level)
    case.assert_close(("rows", i, "or", "conditional_mle"), conditional.value)
    adjusted = odds_ratios.haldane_anscombe(**table, confidence_level=level)
    case.assert_close(
        ("rows", i, "or", "haldane_anscombe"),
        {"estimate": adjusted.value} | limits_of(adjusted),
    )


def compare_number_needed(case: Case, i: int, table: dict[str, Any]) -> None:
    difference = differences.newcombe(**table, confidence_level=case.confidence_level)
    made = attempt(ratios.number_needed, difference)
    case.assert_close(
        ("rows", i, "nnt", "estimate"), 1 / difference.value if difference.value else math.inf
    )
    if isinstance(made, CannotBeComputed):
        case.assert_close(
            ("rows", i, "nnt", "from_newcombe"), {"spans_infinity": True} | made.facts
        )
    else:
        case.assert_close(("rows", i, "nnt", "from_newcombe"), limits_of(made))


SECTIONS = {
    "rd": compare_differences,
    "tests": compare_tests,
    "rr": compare_ratios,
    "or": compare_odds,
    "nnt": compare_number_needed,
}


# Fields that have a function here; others are set aside in the open.
KNOWN: dict[str, set[str]] = {
    "rd": {"estimate", *DIFFERENCES},
    "tests": set(TESTS),
    "rr": {"estimate", *RATIOS},
    "or": {"estimate", "conditional_mle", "haldane_anscombe", *ODDS},
    "nnt": {"estimate", "from_newcombe"},
    **{count: set() for count in ("x1", "n1", "x2", "n2", "p1", "p2")},
}


@pytest.mark.parametrize("section", sorted(SECTIONS))
@pytest.mark.parametrize("case", cases("prop_two"), ids=case_id)
def test_two_groups_agree_with_r(case: Case, section: str) -> None:
    compare_rows(case, SECTIONS[section], section)


@pytest.mark.parametrize("case", cases("prop_two"), ids=case_id)
def test_no_answer_about_two_groups_is_left_uncompared(case: Case) -> None:
    for section, compare in SECTIONS.items():
        compare_rows(case, compare, section)
    for i, row in enumerate(case.expected["rows"]):
        for count in ("x1", "n1", "x2", "n2"):
            case.assert_close(("rows", i, count), row[count])
        set_unknown_aside(case, i, row)
    case.finish()


def set_unknown_aside(case: Case, i: int, row: dict[str, Any]) -> None:
    for section, fields in row.items():
        known = KNOWN.get(section)
        if known is None:
            case.without_counterpart(("rows", i, section), "no function of that name")
        elif isinstance(fields, dict):
            for field in set(fields) - known:
                case.without_counterpart(("rows", i, section, field), "no function of that name")


def test_counts_become_cells_with_and_without_the_event() -> None:
    assert cells_of(two_groups(56, 70, 48, 80)) == (56, 14, 48, 32)


@pytest.mark.parametrize(
    ("counts", "named"),
    [
        ((-1, 5, 1, 5), "events_1"),
        ((6, 5, 1, 5), "events_1"),
        ((1, 5, 1.5, 5), "events_2"),
        ((1, 5, 1, 5.2), "n_2"),
        ((1, float("inf"), 1, 5), "n_1"),
    ],
)
def test_an_impossible_count_is_named(counts: tuple[float, ...], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        two_groups(*counts)


@pytest.mark.parametrize("counts", [(0, 0, 1, 5), (1, 5, 0, 0)])
def test_an_empty_group_cannot_be_compared(counts: tuple[int, ...]) -> None:
    with pytest.raises(CannotBeComputed, match="no_persons"):
        two_groups(*counts)
