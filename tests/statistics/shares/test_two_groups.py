"""Two independent groups against R: differences, ratios, odds and tests of the same tables."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest

from evalkit.results import CannotBeComputed
from evalkit.statistics.shares.differences import cells_of, newcombe, share_difference, two_groups
from evalkit.statistics.shares.ratios import odds_ratio, risk_ratio, table_test
from tests.oracles_support import REMOVED, Case, case_id, cases
from tests.statistics.shares.oracle_rows import attempt, limits_of

LEVEL = "confidence_level"
Compared = tuple[Callable[..., Any], dict[str, str], str]
# Section and field of an answer → function, its options, and what to read off it.
INTERVALS: dict[tuple[str, str], Compared] = {
    ("rd", "newcombe"): (share_difference, {"interval": "newcombe"}, ""),
    ("rd", "miettinen_nurminen"): (share_difference, {"interval": "miettinen_nurminen"}, ""),
    ("rr", "katz_log"): (risk_ratio, {}, ""),
    ("or", "woolf_logit"): (odds_ratio, {"interval": "woolf"}, ""),
    ("or", "exact_conditional"): (odds_ratio, {"interval": "conditional"}, ""),
    ("or", "conditional_mle"): (odds_ratio, {"interval": "conditional"}, "value"),
}
TESTS: dict[tuple[str, str], Compared] = {
    ("tests", "z_pooled"): (table_test, {"method": "z_pooled"}, "statistic"),
    ("tests", "p_pooled"): (table_test, {"method": "z_pooled"}, "p_value"),
    ("tests", "chisq_pearson"): (table_test, {"method": "chi_square"}, "statistic"),
    ("tests", "chisq_yates"): (table_test, {"method": "chi_square_yates"}, "statistic"),
    ("tests", "p_yates"): (table_test, {"method": "chi_square_yates"}, "p_value"),
    ("tests", "p_fisher"): (table_test, {"method": "fisher"}, "p_value"),
}
REFUSED = {
    "no_variation": "nobody or everybody has the event: nothing is printed of such a table",
    "zero_cell": "a count is zero: the point is 0, infinite or undefined and has no interval",
}


@pytest.mark.parametrize("case", cases("prop_two"), ids=case_id)
def test_two_groups_agree_with_r(case: Case) -> None:
    for i, row in enumerate(case.expected["rows"]):
        table = {"events_1": row["x1"], "n_1": row["n1"], "events_2": row["x2"], "n_2": row["n2"]}
        for section, fields in row.items():
            if section in ("x1", "n1", "x2", "n2"):
                case.assert_close(("rows", i, section), row[section])
            elif section in ("p1", "p2"):
                cells = newcombe(**table).cells
                k, without = cells[:2] if section == "p1" else cells[2:]
                case.assert_close(("rows", i, section), k / (k + without))
            elif not isinstance(fields, dict):
                case.without_counterpart(("rows", i, section), REMOVED)
            else:
                for field in fields:
                    compare(case, (i, section, field), table)
    case.finish()


def compare(case: Case, place: tuple[int, str, str], table: dict[str, int]) -> None:
    path, key = ("rows", *place), place[1:]
    if key == ("rd", "estimate"):
        case.assert_close(path, newcombe(**table).value)
        return
    if key == ("nnt", "estimate"):
        value = newcombe(**table).value
        case.assert_close(path, 1 / value if value else math.inf)
        return
    if key in (("rr", "estimate"), ("or", "estimate")):
        key = (key[0], "katz_log" if key[0] == "rr" else "woolf_logit")
        function, options, read = *INTERVALS[key][:2], "value"
    elif key in INTERVALS or key in TESTS:
        function, options, read = (INTERVALS | TESTS)[key]
    else:
        case.without_counterpart(path, REMOVED)
        return
    level = {} if place[1] == "tests" else {LEVEL: case.confidence_level}
    made = attempt(function, **table, **options, **level)
    if isinstance(made, CannotBeComputed):
        if case.at(path) is None:
            case.assert_close(path, made)
        else:
            case.without_counterpart(path, REFUSED[made.reason])
    else:
        case.assert_close(path, getattr(made, read) if read else limits_of(made))


@pytest.mark.parametrize("share", [0, 10])
def test_a_table_where_nobody_differs_says_nothing(share: int) -> None:
    table = {"events_1": share, "n_1": 10, "events_2": share, "n_2": 10}
    for method in ("fisher", "chi_square", "chi_square_yates", "z_pooled"):
        with pytest.raises(CannotBeComputed, match="no_variation"):
            table_test(**table, method=method)  # type: ignore[arg-type]
    for interval in ("conditional", "woolf"):
        with pytest.raises(CannotBeComputed, match="no_variation"):
            odds_ratio(**table, interval=interval)  # type: ignore[arg-type]
    with pytest.raises(CannotBeComputed, match="no_variation" if share else "zero_cell"):
        risk_ratio(**table)


def test_all_against_none_has_an_exact_odds_ratio_without_end_and_no_other() -> None:
    table = {"events_1": 10, "n_1": 10, "events_2": 0, "n_2": 20}
    made = odds_ratio(**table)
    assert (made.value, made.high) == (math.inf, math.inf)
    assert made.low > 1
    with pytest.raises(CannotBeComputed, match="zero_cell"):
        odds_ratio(**table, interval="woolf")


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
