"""The same persons before and after, and overlapping cohorts: R's formulas and how they err."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from evalkit.results import CannotBeComputed, CohortsCompared
from evalkit.statistics.shares.differences import newcombe
from evalkit.statistics.shares.same_persons import (
    FEWEST_PAIRS,
    compare_before_after,
    overlapping_cohorts,
    phi,
    same_persons,
)
from tests.oracles_support import Case, case_id, cases

PAIRS = cases("persons", keep=lambda case: "yes_yes" in case.spec)
OVERLAPS = cases("persons", keep=lambda case: "only_first" in case.spec)
Z = 1.959963984540054
CELLS = ("yes_yes", "yes_no", "no_yes", "no_no")


@pytest.mark.oracle
@pytest.mark.parametrize("case", PAIRS, ids=case_id)
def test_pairs_agree_with_r(case: Case) -> None:
    spec = case.spec
    a, b, c, d = (spec[name] for name in CELLS)
    found = same_persons(
        both=a,
        before_only=b,
        after_only=c,
        neither=d,
        unknown_after=(spec.get("yes_unknown", 0), spec.get("no_unknown", 0)),
        confidence_level=case.confidence_level,
    )
    row, rest = found.difference, found.with_missing
    got: dict[str, Any] = {
        "n": found.n_both,
        "before": found.before.value,
        "after": found.after.value,
        "difference": row.value,
        "newcombe": [row.low, row.high],
        "gained": found.gained,
        "lost": found.lost,
        "unchanged": found.unchanged,
        "mcnemar_midp": found.test and found.test.p_value,
        "with_the_missing": rest
        and {
            "n": rest.n,
            "before": rest.before,
            "difference_bounds": [rest.low, rest.high],
            "outer": [rest.outer_low, rest.outer_high],
        },
    }
    for name in case.expected:
        case.assert_close(name, got[name])
    case.finish()


@pytest.mark.oracle
@pytest.mark.parametrize("case", OVERLAPS, ids=case_id)
def test_overlapping_cohorts_agree_with_r(case: Case) -> None:
    both = tuple(case.spec["both"][name] for name in CELLS)
    one, two = (case.spec[name] for name in ("only_first", "only_second"))
    found = overlapping_cohorts(
        in_both=both,  # type: ignore[arg-type]
        only_before=(one["yes"], one["n"]),
        only_after=(two["yes"], two["n"]),
        confidence_level=case.confidence_level,
    )
    p1, n1, p2, n2 = found.before.value, found.before.n, found.after.value, found.after.n
    v1, v2 = p1 * (1 - p1) / n1, p2 * (1 - p2) / n2
    error = np.sqrt(v1 + v2 - 2 * found.correlation * np.sqrt(v1 * v2))
    difference = found.difference.value
    separate = newcombe(events_1=round(p2 * n2), n_1=n2, events_2=round(p1 * n1), n_2=n1)
    got = {
        "first": p1,
        "second": p2,
        "difference": difference,
        "phi": phi(both) if found.n_both >= FEWEST_PAIRS else 0,  # type: ignore[arg-type]
        "correlation_of_the_shares": found.correlation,
        "mover": [found.difference.low, found.difference.high],
        "wald_derrick": [difference - Z * error, difference + Z * error],
        "z": difference / error,
        "as_if_separate_newcombe": [separate.low, separate.high],
    }
    for name in case.expected:
        case.assert_close(name, got[name])
    case.finish()


def register(seed: int = 1) -> pd.Series:
    rng = np.random.default_rng(seed)
    return pd.Series(rng.uniform(size=60) < 0.3, index=[f"P{i}" for i in range(60)], dtype=object)


def test_a_cohort_compared_with_itself_is_pairs_and_never_zero_by_mistake() -> None:
    # The same persons asked twice: 114 of 114 compared with themselves were once "0.0 points".
    before = pd.Series([False] * 10 + [True] * 2, index=range(12), dtype=object)
    after = pd.Series([True] * 6 + [False] * 4 + [True] * 2, index=range(12), dtype=object)
    found = compare_before_after(before, after)
    assert (found.relation, found.n_both) == ("same", 12)
    assert (found.gained, found.lost, found.unchanged) == (6, 0, 6)
    assert found.difference.value == 0.5


def test_who_lacks_a_status_is_counted_and_told() -> None:
    before = pd.Series([True, False, False, None, False], index=range(5), dtype=object)
    after = pd.Series([True, True, None, True, False], index=range(5), dtype=object)
    found = compare_before_after(before, after)
    assert (found.n_both, found.missing_before) == (3, 1)
    assert found.with_missing is not None
    assert (found.with_missing.low, found.with_missing.high) == (1 / 4, 2 / 4)
    assert found.with_missing.bounds_come_first


def test_cohorts_are_told_apart_by_their_pseudonyms() -> None:
    whole = register()
    later = register(2).rename(lambda name: name + "x")
    assert compare_before_after(whole, later).relation == "separate"
    some = pd.concat([register(2).iloc[:30], later.iloc[:30]])
    found = compare_before_after(whole, some)
    assert (found.relation, found.n_both, found.after.n) == ("overlapping", 30, 60)


def test_a_person_with_two_rows_is_refused() -> None:
    twice = pd.concat([register(), register().iloc[:1]])
    with pytest.raises(ValueError, match="more than one row"):
        compare_before_after(twice, register())


def test_an_outcome_once_and_for_all_has_no_before() -> None:
    with pytest.raises(CannotBeComputed, match="zero_by_construction"):
        compare_before_after(register(), register(2), once_and_for_all=True)


def test_nobody_is_refused() -> None:
    with pytest.raises(CannotBeComputed, match="no_persons"):
        overlapping_cohorts(in_both=(0, 0, 0, 0), only_before=(0, 0), only_after=(1, 2))


@pytest.mark.slow
@pytest.mark.parametrize("shared", [20, 60])
def test_overlapping_cohorts_hold_the_truth_in_93_to_97_of_100_samples(shared: int) -> None:
    # METHODS: MOVER with the correlation covers 93.9–96.6 %. The truth is 0.2.
    held = []
    for seed in range(1000):
        found = sample(np.random.default_rng(seed), shared)
        held.append(found.difference.low <= 0.2 <= found.difference.high)
    assert 0.925 <= np.mean(held) <= 0.98


def sample(rng: np.random.Generator, shared: int) -> CohortsCompared:
    """Cohorts of 80 with some in both, whose situation before and after hangs together."""
    level = rng.uniform(size=200)
    before = pd.Series(level[:80] < 0.3)
    drawn = np.where(
        rng.uniform(size=80) < 0.6, level[80 - shared : 160 - shared], rng.uniform(size=80)
    )
    after = pd.Series(drawn < 0.5, index=range(80 - shared, 160 - shared))
    return compare_before_after(before, after)
