"""Published percentages read backwards: against exhaustive integer search and DOMAIN §1."""

from __future__ import annotations

import time
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.results import CannotBeComputed, FeasibleCounts
from evalkit.statistics.shares.claims import (
    feasible_counts,
    feasible_difference,
    feasible_intervals,
)
from tests.oracles_support import REMOVED, Case, case_id, cases

DECIMAL_RULES = {
    "half_up": ROUND_HALF_UP,
    "half_even": ROUND_HALF_EVEN,
    "truncate": ROUND_DOWN,
}


def is_published_as(k: int, n: int, percentage: str, decimals: int, rule: str) -> bool:
    """Exact: the fraction's decimal expansion is long enough to decide every tie for n ≤ 60."""
    exact = Fraction(100 * k, n)
    shown = Decimal(exact.numerator) / Decimal(exact.denominator)
    quantum = Decimal(1).scaleb(-decimals)
    return shown.quantize(quantum, rounding=DECIMAL_RULES[rule]) == Decimal(percentage)


def possible_totals(counts: FeasibleCounts) -> tuple[int, ...]:
    return tuple(sorted({n for _, n in counts.counts}))


def impossible_totals(counts: FeasibleCounts) -> tuple[int, ...]:
    searched = range(1, counts.largest_n_searched + 1)
    return tuple(sorted(set(searched) - set(possible_totals(counts))))


def compare_single(case: Case, i: int, row: dict[str, Any]) -> None:
    asked = {name: row[name] for name in ("percent", "decimals", "n_max", "rule")}
    options = {"percentage": row["percent"], "decimals": row["decimals"], "rounding": row["rule"]}
    found = feasible_counts(**options, largest_n=row["n_max"])
    totals = possible_totals(found)
    k, n = found.counts[0] if found.counts else (None, None)
    impossible = impossible_totals(found)
    # With steps of 100/n no wider than the last decimal every percentage is possible.
    to_where_all_is_possible = feasible_counts(**options, largest_n=100 * 10 ** row["decimals"])
    never = impossible_totals(to_where_all_is_possible)
    made = asked | {
        "n_pairs": len(found.counts),
        "n_distinct_n": len(totals),
        "smallest": {"n": n, "x": k},
        "pairs_first40": [list(pair) for pair in found.counts[:40]],
        "n_impossible": list(impossible[: len(row.get("n_impossible", []))]),
        "count_impossible": len(impossible),
        "largest_impossible_n": max(never) if never else 0,
    }
    for field in row:
        if field in made:
            case.assert_close(("single", i, field), made[field])
        else:
            case.without_counterpart(("single", i, field), "not a question asked of a claim")


@pytest.mark.parametrize("case", cases("grim"), ids=case_id)
def test_no_answer_about_published_percentages_is_left_uncompared(case: Case) -> None:
    for i, row in enumerate(case.expected.get("single", [])):
        compare_single(case, i, row)
    for i in range(len(case.expected.get("same_n", []))):
        case.without_counterpart(("same_n", i), REMOVED)
    case.finish()


def test_61_per_cent_of_267_is_one_of_three_counts() -> None:
    """DOMAIN §1, Arena för arbete."""
    claim = feasible_counts(percentage=61, decimals=0, smallest_n=267, largest_n=267)
    assert claim.counts == ((162, 267), (163, 267), (164, 267))


def test_53_per_cent_women_of_267_is_141_or_142() -> None:
    """DOMAIN §1; 53 % of 267."""
    claim = feasible_counts(percentage=53, decimals=0, smallest_n=267, largest_n=267)
    assert [k for k, _ in claim.counts] == [141, 142]


@pytest.mark.parametrize(
    ("percentage", "first"),
    [(32.8, (58, 61, 64, 67, 116, 119)), (47.7, (44, 65, 86, 88, 107))],
)
def test_trelleborgs_percentages_fit_21_values_of_n_up_to_200(
    percentage: float, first: tuple[int, ...]
) -> None:
    """DOMAIN §1: first possible n, and how many."""
    totals = possible_totals(feasible_counts(percentage=percentage, decimals=1, largest_n=200))
    assert totals[: len(first)] == first
    assert len(totals) == 21


@pytest.mark.parametrize(
    ("before", "after", "low", "high"),
    [
        (58, 44, -4.0, 32.8),
        (61, 65, -2.2, 30.8),
        (67, 86, -0.9, 29.3),
        (116, 88, 1.4, 27.9),
        (128, 130, 2.9, 26.3),
        (189, 176, 4.9, 24.6),
    ],
)
def test_trelleborgs_difference_by_possible_n(
    before: int, after: int, low: float, high: float
) -> None:
    """DOMAIN §1: Newcombe 95 % of 32.8 → 47.7 in percentage points."""
    pairs = feasible_difference(
        feasible_counts(percentage=32.8, decimals=1, smallest_n=before, largest_n=before),
        feasible_counts(percentage=47.7, decimals=1, smallest_n=after, largest_n=after),
    ).pairs
    assert len(pairs) == 1
    assert round(100 * pairs.low.item(), 1) == low
    assert round(100 * pairs.high.item(), 1) == high


@given(
    st.integers(0, 1000),
    st.integers(0, 1),
    st.sampled_from(["half_up", "half_even", "truncate"]),
    st.integers(1, 60),
)
def test_exactly_the_counts_that_print_as_the_percentage_are_found(
    units: int, decimals: int, rule: Any, n: int
) -> None:
    """Against rounding every k/n with the decimal module."""
    percentage = str(Decimal(units if decimals else units // 10).scaleb(-decimals))
    found = feasible_counts(
        percentage=float(percentage),
        decimals=decimals,
        smallest_n=n,
        largest_n=n,
        rounding=rule,
    )
    wanted = tuple(
        (k, n) for k in range(n + 1) if is_published_as(k, n, percentage, decimals, rule)
    )
    assert found.counts == wanted


def test_a_tie_goes_up_by_default_and_to_the_even_digit_when_asked() -> None:
    """1 of 8 is 12.5 %: printed 13 by a spreadsheet, 12 by a program that rounds half to even."""
    one_of_eight = {"decimals": 0, "smallest_n": 8, "largest_n": 8}
    assert feasible_counts(percentage=13, **one_of_eight).counts == ((1, 8),)
    assert feasible_counts(percentage=12, **one_of_eight).counts == ()
    even = {"rounding": "half_even", **one_of_eight}
    assert feasible_counts(percentage=12, **even).counts == ((1, 8),)  # type: ignore[arg-type]
    assert feasible_counts(percentage=13, **even).counts == ()  # type: ignore[arg-type]


@pytest.mark.parametrize(("percentage", "kn"), [(0, (0, 1)), (100, (1, 1))])
def test_nobody_and_everybody_are_possible_claims(percentage: int, kn: tuple[int, int]) -> None:
    found = feasible_counts(percentage=percentage, decimals=0, largest_n=1)
    assert found.counts == (kn,)


def test_intervals_and_differences_need_a_possible_count() -> None:
    none = feasible_counts(percentage=32.8, decimals=1, largest_n=50)
    some = feasible_counts(percentage=50, decimals=0, largest_n=2)
    assert none.counts == ()
    for attempt in (
        lambda: feasible_intervals(none),
        lambda: feasible_difference(none, some),
        lambda: feasible_difference(some, none),
    ):
        with pytest.raises(CannotBeComputed, match="no_possible_counts"):
            attempt()


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"percentage": 101, "decimals": 0}, "percentage"),
        ({"percentage": -1, "decimals": 0}, "percentage"),
        ({"percentage": float("nan"), "decimals": 0}, "percentage"),
        ({"percentage": 32.85, "decimals": 1}, "percentage"),
        ({"percentage": 32.8, "decimals": -1}, "decimals"),
        ({"percentage": 32.8, "decimals": 1, "smallest_n": 0}, "smallest_n"),
        ({"percentage": 32.8, "decimals": 1, "largest_n": 5, "smallest_n": 6}, "smallest_n"),
    ],
)
def test_an_impossible_claim_is_named(wrong: dict[str, Any], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        feasible_counts(**wrong)


def test_every_pair_of_two_claims_is_read_at_once() -> None:
    before = feasible_counts(percentage=33, decimals=0, largest_n=300)
    after = feasible_counts(percentage=48, decimals=0, largest_n=300)
    start = time.process_time()
    pairs = feasible_difference(before, after).pairs
    assert time.process_time() - start < 5  # a fraction of a second; a loop takes longer
    assert len(pairs) == len(before.counts) * len(after.counts) > 100_000
    assert (pairs.low <= pairs.value).all()
    assert (pairs.value <= pairs.high).all()
