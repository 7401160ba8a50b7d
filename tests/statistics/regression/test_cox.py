"""Cox regression: worked by hand, what may not change the answer, and what cannot be estimated."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.results import CannotBeComputed, Coefficient, NotEstimable, Regression
from evalkit.statistics.regression.cox import cox, fit_cox
from evalkit.statistics.regression.inputs import RegressionInputError
from tests.oracles_support import COMMITTED

# Therneau, survival's "Validation" vignette, first data set: six people, two exits on day 6.
SIX = pd.DataFrame(
    {"days": [9, 1, 1, 6, 6, 8], "left": [1, 1, 0, 1, 1, 0], "x": [0, 1, 1, 1, 0, 0]}
)


def people(seed: int, n: int = 80) -> pd.DataFrame:
    """Synthetic people with many ties, delayed entry, weights, offices and regions."""
    rng = np.random.default_rng(seed)
    days = rng.integers(2, 30, n)
    return pd.DataFrame(
        {
            "days": days,
            "entry": (rng.uniform(size=n) * (days - 1)).astype(int),
            "left": rng.integers(0, 2, n),
            "age": rng.normal(40, 9, n),
            "arm": rng.integers(0, 2, n),
            "weight": rng.integers(1, 4, n),
            "office": rng.integers(0, 9, n),
            "region": rng.choice(["north", "south"], n),
        }
    )


def estimates(model: Regression) -> list[float]:
    return [row.estimate for row in model.coefficients if isinstance(row, Coefficient)]


def errors(model: Regression) -> list[float]:
    return [row.standard_error for row in model.coefficients if isinstance(row, Coefficient)]


def test_breslow_coefficient_of_six_people_solves_its_quadratic() -> None:
    # Day 1: 1 of 3 with x=1 (risk set 3r+3); day 6: two exits (r+3)²; day 9: alone.
    # 2 = r/(r+1) + 2r/(r+3)  →  r² − 3r − 6 = 0  →  r = (3 + √33)/2.
    model = cox(SIX, days="days", event="left", covariates=["x"], ties="breslow")
    assert estimates(model)[0] == pytest.approx(math.log((3 + math.sqrt(33)) / 2), rel=1e-12)
    r = (3 + math.sqrt(33)) / 2
    by_hand = math.log(r**2 / ((3 * r + 3) * (r + 3) ** 2))
    assert model.log_likelihood == pytest.approx(by_hand, rel=1e-12)
    assert model.log_likelihood_null == pytest.approx(-math.log(6 * 4 * 4), rel=1e-12)


def test_efron_likelihood_of_six_people_shares_the_tied_day() -> None:
    # At zero: 1/6 · 1/4 · 1/3 · 1: the second of the tied exits meets half of each.
    model = cox(SIX, days="days", event="left", covariates=["x"])
    assert model.log_likelihood_null == pytest.approx(-math.log(6 * 4 * 3), rel=1e-12)
    assert estimates(model)[0] == pytest.approx(1.676857, abs=5e-7)  # printed in the vignette


def test_clusters_that_reach_over_strata_are_summed_over_them() -> None:
    # R 4.2.2, survival 3.5-3: coxph(Surv(entry, time, cause == 1) ~ programme + score +
    # strata(region), weights = weight, cluster = office); lifelines keeps the strata apart.
    frame = pd.read_csv(COMMITTED / "data" / "synth_jobs_public.csv")
    frame["programme"] = (frame["arm"] == "programme").astype(int)
    frame["left"] = (frame["cause"] == 1).astype(int)
    model = cox(
        frame,
        days="time",
        event="left",
        covariates=["programme", "score"],
        entry="entry",
        strata="region",
        weights="weight",
        cluster="office",
    )
    assert estimates(model) == pytest.approx([0.323187381519, 0.144316907046], rel=1e-6)
    assert errors(model) == pytest.approx([0.1766244828569, 0.0686120005953], rel=1e-6)


@given(seed=st.integers(0, 10_000))
def test_order_of_rows_does_not_matter(seed: int) -> None:
    frame = people(seed)
    common = {"days": "days", "event": "left", "covariates": ["age", "arm"], "entry": "entry"}
    one = cox(frame, **common, strata="region", cluster="office")
    other = cox(
        frame.sample(frac=1, random_state=seed), **common, strata="region", cluster="office"
    )
    assert estimates(one) == pytest.approx(estimates(other), rel=1e-8, abs=1e-9)
    assert errors(one) == pytest.approx(errors(other), rel=1e-8)


@given(seed=st.integers(0, 10_000), ties=st.sampled_from(["efron", "breslow"]))
def test_splitting_a_stay_in_two_rows_does_not_matter(seed: int, ties: str) -> None:
    frame = people(seed)
    middle = (frame["entry"] + frame["days"]) // 2
    splits = (middle > frame["entry"]) & (middle < frame["days"])
    first = frame[splits].assign(days=middle[splits], left=0)
    second = frame.assign(entry=frame["entry"].where(~splits, middle))
    common = {"days": "days", "event": "left", "covariates": ["age", "arm"], "entry": "entry"}
    whole = cox(frame, **common, ties=ties)
    split = cox(pd.concat([first, second]), **common, ties=ties)
    assert estimates(whole) == pytest.approx(estimates(split), rel=1e-8, abs=1e-9)
    assert whole.log_likelihood == pytest.approx(split.log_likelihood, rel=1e-10)


@given(seed=st.integers(0, 10_000))
def test_a_whole_weight_is_so_many_persons_under_breslow(seed: int) -> None:
    frame = people(seed)
    repeated = frame.loc[frame.index.repeat(frame["weight"])]
    common = {"days": "days", "event": "left", "covariates": ["age", "arm"], "ties": "breslow"}
    weighted = cox(frame, **common, weights="weight", standard_errors="model")
    counted = cox(repeated, **common)
    assert estimates(weighted) == pytest.approx(estimates(counted), rel=1e-8, abs=1e-9)
    assert errors(weighted) == pytest.approx(errors(counted), rel=1e-8)


@given(seed=st.integers(0, 10_000), factor=st.sampled_from([0.1, 7.0, 1 / 365.25]))
def test_the_unit_of_time_does_not_matter(seed: int, factor: float) -> None:
    frame = people(seed)
    in_years = frame.assign(days=frame["days"] * factor, entry=frame["entry"] * factor)
    common = {"days": "days", "event": "left", "covariates": ["age"], "entry": "entry"}
    assert estimates(cox(frame, **common)) == pytest.approx(
        estimates(cox(in_years, **common)), rel=1e-9
    )


def test_a_shifted_and_stretched_covariate_only_changes_its_own_unit() -> None:
    frame = people(3).assign(born=lambda f: 2018 - f["age"])
    common = {"days": "days", "event": "left"}
    by_age = cox(frame, **common, covariates=["age", "arm"])
    by_birth = cox(frame.assign(born=frame["born"] * 1000), **common, covariates=["born", "arm"])
    assert estimates(by_birth)[0] == pytest.approx(-estimates(by_age)[0] / 1000, rel=1e-9)
    assert estimates(by_birth)[1] == pytest.approx(estimates(by_age)[1], rel=1e-9)


def test_a_level_without_events_is_not_estimable_and_the_others_still_hold() -> None:
    frame = people(5, 300).assign(rare=0)
    frame.loc[:11, ["rare", "left"]] = [1, 0]
    common = {"days": "days", "event": "left"}
    model = cox(frame, **common, covariates=["age", "rare", "arm"])
    # Without events the level only swells the risk sets; in the limit its persons are gone.
    without = cox(frame[frame["rare"] == 0], **common, covariates=["age", "arm"])
    rare = model.coefficients[1]
    assert isinstance(rare, NotEstimable)
    assert rare.reason == "separation"
    assert rare.n == 12
    assert estimates(model) == pytest.approx(estimates(without), rel=1e-7)
    assert errors(model) == pytest.approx(errors(without), rel=1e-7)
    assert model.log_likelihood == pytest.approx(without.log_likelihood, rel=1e-9)


def test_a_number_that_orders_all_exits_is_not_estimable() -> None:
    frame = pd.DataFrame({"days": range(1, 21), "left": 1, "x": range(20, 0, -1)})
    (row,) = cox(frame, days="days", event="left", covariates=["x"]).coefficients
    assert isinstance(row, NotEstimable)
    assert row.reason == "separation"


def test_a_copy_of_other_columns_is_not_estimable_and_the_others_still_hold() -> None:
    frame = people(6).assign(copy=lambda f: 3 * f["arm"] - 2 * f["age"] + 1, constant=4)
    common = {"days": "days", "event": "left"}
    model = cox(frame, **common, covariates=["age", "constant", "arm", "copy"])
    reasons = [getattr(row, "reason", "") for row in model.coefficients]
    assert reasons == ["", "collinear", "", "collinear"]  # the constant: of nothing at all
    plain = cox(frame, **common, covariates=["age", "arm"])
    assert estimates(model) == pytest.approx(estimates(plain), rel=1e-10)
    assert model.tests[0].degrees_of_freedom == 2


def test_a_huge_but_finite_ratio_is_estimated() -> None:
    # 20 of 21 exits of either kind come first: far from zero, not separated.
    frame = pd.DataFrame({"days": range(1, 43), "left": 1, "x": [1] * 20 + [0, 1] + [0] * 20})
    (row,) = cox(frame, days="days", event="left", covariates=["x"]).coefficients
    assert isinstance(row, Coefficient)
    assert row.estimate > 3


def test_no_event_cannot_be_computed() -> None:
    with pytest.raises(CannotBeComputed) as raised:
        cox(SIX.assign(left=0), days="days", event="left", covariates=["x"])
    assert raised.value.reason == "no_events"


@pytest.mark.parametrize(
    ("column", "value", "argument"),
    [
        ("days", -777, "days"),
        ("days", np.nan, "days"),
        ("days", np.inf, "days"),
        ("left", 2, "event"),
        ("x", np.nan, "covariates"),
        ("weight", 0, "weights"),
        ("entry", 777, "entry"),
        ("office", np.nan, "cluster"),
    ],
)
def test_bad_input_names_argument_and_row_and_never_the_value(
    column: str, value: float, argument: str
) -> None:
    frame = SIX.assign(weight=1.0, entry=0.0, office=range(6)).astype(float)
    frame.loc[3, column] = value
    with pytest.raises(RegressionInputError) as raised:
        cox(
            frame,
            days="days",
            event="left",
            covariates=["x"],
            weights="weight",
            entry="entry",
            cluster="office",
        )
    assert raised.value.argument == argument
    assert raised.value.rows == (3,)
    assert "777" not in str(raised.value)


def test_small_weights_do_not_make_a_coefficient_diverge() -> None:
    frame = people(12)
    common = {"days": "days", "event": "left", "covariates": ["age", "arm"]}
    plain = cox(frame, **common, standard_errors="robust")
    shares = cox(frame.assign(weight=1 / 8e9), **common, weights="weight")
    assert estimates(shares) == pytest.approx(estimates(plain), rel=1e-9)
    assert errors(shares) == pytest.approx(errors(plain), rel=1e-9)


def test_one_cluster_has_no_spread_and_is_refused() -> None:
    with pytest.raises(CannotBeComputed, match="one_cluster"):
        cox(SIX.assign(office=1), days="days", event="left", covariates=["x"], cluster="office")


@pytest.mark.parametrize(
    ("levels", "reason"),
    [(["north", "south", "east"], "no_persons"), (["south"], "no_variation")],
)
def test_an_empty_or_only_level_is_told_as_such(levels: list[str], reason: str) -> None:
    frame = people(13)
    frame = frame[frame["region"].isin(levels)]
    model = cox(frame, days="days", event="left", covariates=["region"], levels={"region": levels})
    last = model.coefficients[-1]
    assert isinstance(last, NotEstimable)
    assert last.reason == reason


def test_an_absent_column_is_named() -> None:
    with pytest.raises(RegressionInputError, match="covariates: the frame has no column 'height'"):
        cox(SIX, days="days", event="left", covariates=["height"])


def test_the_frame_is_left_as_it_was() -> None:
    frame = people(9)
    before = frame.copy(deep=True)
    cox(frame, days="days", event="left", covariates=["age", "region"], strata="office")
    pd.testing.assert_frame_equal(frame, before)


def test_the_reference_level_is_the_first_stated() -> None:
    frame = people(10)
    common = {"days": "days", "event": "left", "covariates": ["region"]}
    north = cox(frame, **common, levels={"region": ["south", "north"]})
    south = cox(frame, **common)
    assert [row.name for row in north.coefficients if isinstance(row, Coefficient)] == [
        "region=north"
    ]
    assert estimates(north)[0] == pytest.approx(-estimates(south)[0], rel=1e-9)


def test_counts_behind_a_level_are_persons_and_events_with_and_without_it() -> None:
    frame = people(11)
    row = cox(frame, days="days", event="left", covariates=["arm"]).coefficients[0]
    assert isinstance(row, Coefficient)
    table = pd.crosstab(frame["arm"], frame["left"])
    expected = (table.loc[1].sum(), table.loc[0].sum(), table.loc[1, 1], table.loc[0, 1])
    assert row.cells == tuple(int(value) for value in expected)


def test_times_that_differ_by_rounding_are_ties() -> None:
    # 0.1 + 0.2 is 0.30000000000000004: R's aeqSurv makes it 0.3.
    frame = pd.DataFrame({"days": [0.1 + 0.2, 0.3, 0.5], "left": [1, 1, 1], "x": [0, 1, 0]})
    assert fit_cox(frame, days="days", event="left", covariates=["x"]).sets.ties.max() == 2


@pytest.mark.slow
def test_a_hundred_thousand_distinct_days_and_strata_give_what_chunks_of_rows_give() -> None:
    rng = np.random.default_rng(0)
    n = 120_000
    frame = pd.DataFrame(
        {
            "days": rng.uniform(1, 1000, n),
            "left": rng.integers(0, 2, n),
            "x": rng.normal(size=n),
            "stratum": rng.integers(0, 3, n),
        }
    )
    together = cox(frame, days="days", event="left", covariates=["x"], strata="stratum")
    alone = [
        cox(frame[frame["stratum"] == s], days="days", event="left", covariates=["x"])
        for s in range(3)
    ]
    at_zero = sum(model.log_likelihood_null for model in alone)
    assert together.log_likelihood_null == pytest.approx(at_zero, rel=1e-12)
