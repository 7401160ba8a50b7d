"""One share: against R and Newcombe (1998a), and what must hold for every count."""

from __future__ import annotations

import itertools
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from evalkit.results import CannotBeComputed, Estimate
from evalkit.statistics.shares import proportions
from evalkit.statistics.shares.proportions import clopper_pearson_limits, wilson_limits
from tests.oracles_support import REMOVED, Case, case_id, cases
from tests.statistics.shares.oracle_rows import limits_of

METHODS = {
    name: partial(proportions.proportion, interval=interval)
    for name, interval in {
        "wald": "wald",
        "wilson": "wilson",
        "wilson_cc": "wilson_cc",
        "agresti_coull": "agresti_coull",
        "clopper_pearson": "clopper_pearson",
        "jeffreys_bcd": "jeffreys",
    }.items()
}
LIMITS = {"wilson": wilson_limits, "clopper_pearson": clopper_pearson_limits}
CLOSED_FORMS = {"wald", "wilson", "wilson_cc", "agresti_coull"}
CLOSED_FORM_TOLERANCE = 1e-8  # the same formula in double precision; R prints 15 digits

counts = st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
levels = st.floats(0.5, 0.999)
methods = st.sampled_from(sorted(METHODS))


@pytest.mark.parametrize("case", cases("prop_one"), ids=case_id)
def test_every_interval_agrees_with_r(case: Case) -> None:
    for i, row in enumerate(case.expected["rows"]):
        k, n = row["x"], row["n"]
        for field in set(row) - {"x", "n"}:
            if field == "estimate":
                made = proportions.proportion(events=k, n=n).value
            elif field in METHODS:
                estimate = METHODS[field](events=k, n=n, confidence_level=case.confidence_level)
                made = limits_of(estimate)
            else:
                case.without_counterpart(("rows", i, field), REMOVED)
                continue
            case.assert_close(("rows", i, field), made)
        case.assert_close(("rows", i, "x"), k)
        case.assert_close(("rows", i, "n"), n)
    case.finish()


@pytest.mark.parametrize("case", cases("prop_one"), ids=case_id)
@pytest.mark.parametrize("method", sorted(CLOSED_FORMS))
def test_closed_forms_agree_with_r_to_eight_digits(case: Case, method: str) -> None:
    for row in case.expected["rows"]:
        if method not in row:
            continue
        made = limits_of(
            METHODS[method](events=row["x"], n=row["n"], confidence_level=case.confidence_level)
        )
        for end in ("lower", "upper"):
            assert made[end] == pytest.approx(row[method][end], rel=CLOSED_FORM_TOLERANCE)


def test_arena_61_per_cent_of_267() -> None:
    """DOMAIN §1: Wilson 55.1–66.7 %, Clopper–Pearson 54.9–66.9 %."""
    wilson = proportions.proportion(events=163, n=267)
    exact = METHODS["clopper_pearson"](events=163, n=267)
    assert (round(wilson.low, 3), round(wilson.high, 3)) == (0.551, 0.667)
    assert (round(exact.low, 3), round(exact.high, 3)) == (0.549, 0.669)


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [
        (141, 267, 0.468, 0.587),
        (142, 267, 0.472, 0.591),
        (58, 100, 0.48, 0.67),
        (232, 400, 0.53, 0.63),
        (406, 700, 0.54, 0.62),
    ],
)
def test_published_shares_have_the_intervals_the_honest_reading_gives(
    k: int, n: int, low: float, high: float
) -> None:
    """DOMAIN §1: Arena's 53 % women; Haninge's 58 % at 100, 400 and 700 persons."""
    share = proportions.proportion(events=k, n=n)
    decimals = 3 if n == 267 else 2
    assert (round(share.low, decimals), round(share.high, decimals)) == (low, high)


@given(methods, counts, levels)
def test_the_interval_holds_the_share_and_stays_within_0_and_1(
    method: str, kn: tuple[int, int], level: float
) -> None:
    k, n = kn
    made = METHODS[method](events=k, n=n, confidence_level=level)
    assert 0 <= made.low <= made.value <= made.high <= 1
    assert made.value == k / n
    assert made.cells == (k, n - k)
    assert (made.unit, made.n) == ("share", n)


@given(methods, st.integers(1, 300), levels)
def test_nobody_gives_exactly_0_and_everybody_exactly_1(method: str, n: int, level: float) -> None:
    assert METHODS[method](events=0, n=n, confidence_level=level).low == 0
    assert METHODS[method](events=n, n=n, confidence_level=level).high == 1


@given(methods, counts, levels)
def test_counting_the_others_mirrors_the_interval(
    method: str, kn: tuple[int, int], level: float
) -> None:
    k, n = kn
    one = METHODS[method](events=k, n=n, confidence_level=level)
    other = METHODS[method](events=n - k, n=n, confidence_level=level)
    assert one.low == pytest.approx(1 - other.high, abs=1e-12)
    assert one.high == pytest.approx(1 - other.low, abs=1e-12)


@given(st.sampled_from(sorted(LIMITS)), st.integers(2, 200), levels)
def test_limits_rise_with_the_count(method: str, n: int, level: float) -> None:
    low, high = LIMITS[method](np.arange(n + 1), n, level)
    assert (np.diff(low) >= 0).all()
    assert (np.diff(high) >= 0).all()


@given(methods, counts)
def test_a_higher_level_never_narrows_the_interval(method: str, kn: tuple[int, int]) -> None:
    k, n = kn
    made = [METHODS[method](events=k, n=n, confidence_level=c) for c in (0.8, 0.9, 0.95, 0.99)]
    for narrow, wide in itertools.pairwise(made):
        assert wide.low <= narrow.low + 1e-12
        assert wide.high >= narrow.high - 1e-12


@pytest.mark.parametrize("n", [1, 5, 20, 60])
def test_clopper_pearson_covers_at_least_its_level_for_every_true_share(n: int) -> None:
    """The defining property of an exact interval, by full enumeration."""
    k = np.arange(n + 1)
    low, high = clopper_pearson_limits(k, n, 0.95)
    true = np.linspace(0.001, 0.999, 997)[:, None]
    covered = (low <= true) & (true <= high)
    coverage = (stats.binom.pmf(k, n, true) * covered).sum(axis=1)
    assert coverage.min() >= 0.95


@pytest.mark.parametrize(("method", "theirs"), [("wilson", "wilson"), ("clopper_pearson", "beta")])
@given(kn=counts, level=levels)
def test_own_intervals_agree_with_statsmodels(
    method: str, theirs: str, kn: tuple[int, int], level: float
) -> None:
    k, n = kn
    wanted = proportion_confint(k, n, alpha=1 - level, method=theirs)
    made = METHODS[method](events=k, n=n, confidence_level=level)
    assert (made.low, made.high) == pytest.approx(wanted, rel=1e-8, abs=1e-12)


def test_wilson_limits_are_the_shares_the_score_test_just_keeps() -> None:
    k, n, z = 15, 148, stats.norm.ppf(0.975)
    for limit in wilson_limits(k, n, 0.95):
        statistic = (k / n - limit) / np.sqrt(limit * (1 - limit) / n)
        assert abs(statistic) == pytest.approx(z, rel=1e-10)


def test_limits_of_arrays_equal_the_limits_one_by_one() -> None:
    k, n = np.array([0, 3, 19, 58]), np.array([10, 7, 58, 58])
    low, high = wilson_limits(k, n, 0.9)
    for i in range(len(k)):
        assert (low[i], high[i]) == tuple(float(x) for x in wilson_limits(k[i], n[i], 0.9))


@pytest.mark.parametrize("method", sorted(METHODS))
def test_nobody_at_all_cannot_be_computed(method: str) -> None:
    with pytest.raises(CannotBeComputed, match="no_persons"):
        METHODS[method](events=0, n=0)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"events": -1, "n": 5}, "events"),
        ({"events": 6, "n": 5}, "events"),
        ({"events": 1.5, "n": 5}, "events"),
        ({"events": 1, "n": 5.5}, "n must"),
        ({"events": float("nan"), "n": 5}, "events"),
        ({"events": 1, "n": 5, "confidence_level": 0}, "confidence_level"),
        ({"events": 1, "n": 5, "confidence_level": 1}, "confidence_level"),
        ({"events": 1, "n": 5, "confidence_level": 95}, "confidence_level"),
        ({"events": 0, "n": 0, "confidence_level": 2}, "confidence_level"),
    ],
)
def test_an_impossible_argument_is_named(wrong: dict[str, float], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        proportions.proportion(**wrong)  # type: ignore[arg-type]


def test_the_method_and_the_group_travel_with_the_number() -> None:
    made = METHODS["clopper_pearson"](events=3, n=9, group="woman", measure="share_employed")
    assert isinstance(made, Estimate)
    assert (made.method, made.group, made.measure) == ("clopper_pearson", "woman", "share_employed")
