"""Parametric time models where the answer is a formula."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from evalkit.results import CannotBeComputed, Coefficient, NotEstimable
from evalkit.statistics.regression.accelerated_failure_time import accelerated_failure_time
from evalkit.statistics.regression.inputs import RegressionInputError
from evalkit.statistics.regression.parametric_fit import fit_parametric


def waiting(seed: int, n: int = 150) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    arm = rng.integers(0, 2, n)
    days = np.ceil(rng.weibull(1.2, n) * np.where(arm == 1, 60, 110))
    cut = rng.integers(20, 200, n)
    return pd.DataFrame(
        {"days": np.minimum(days, cut), "left": (days <= cut).astype(int), "arm": arm}
    )


def test_an_exponential_mean_is_days_waited_per_exit() -> None:
    frame = waiting(1)
    model = accelerated_failure_time(
        frame, distribution="exponential", covariates=["arm"], days="days", event="left"
    )
    sums = frame.groupby("arm")[["days", "left"]].sum()
    mean = sums["days"] / sums["left"]
    intercept, arm = model.coefficients
    assert isinstance(intercept, Coefficient)
    assert isinstance(arm, Coefficient)
    assert intercept.exponentiated == pytest.approx(mean[0], rel=1e-10)
    assert arm.exponentiated == pytest.approx(mean[1] / mean[0], rel=1e-10)
    # Var(log rate) = 1 / exits, in each arm.
    assert arm.standard_error == pytest.approx(math.sqrt((1 / sums["left"]).sum()), rel=1e-8)


def test_a_lognormal_model_of_exact_times_is_the_mean_and_spread_of_the_logs() -> None:
    frame = waiting(2)
    model = accelerated_failure_time(frame, distribution="lognormal", covariates=[], days="days")
    logs = np.log(frame["days"])
    (intercept, _) = model.coefficients
    assert isinstance(intercept, Coefficient)
    assert intercept.estimate == pytest.approx(logs.mean(), rel=1e-10)
    assert model.scale == pytest.approx(logs.std(ddof=0), rel=1e-8)
    density = stats.lognorm.logpdf(frame["days"], logs.std(ddof=0), scale=math.exp(logs.mean()))
    assert model.log_likelihood == pytest.approx(density.sum(), rel=1e-10)


@given(
    seed=st.integers(0, 10_000),
    distribution=st.sampled_from(["weibull", "lognormal", "loglogistic", "exponential"]),
)
def test_limits_say_the_same_as_days_and_event(seed: int, distribution: str) -> None:
    frame = waiting(seed)
    limits = frame.assign(upper=frame["days"].where(frame["left"] == 1))
    common = {"distribution": distribution, "covariates": ["arm"]}
    one = fit_parametric(frame, days="days", event="left", **common)  # type: ignore[arg-type]
    other = fit_parametric(limits, lower="days", upper="upper", **common)  # type: ignore[arg-type]
    assert one.parameters == pytest.approx(other.parameters, rel=1e-9)


@given(seed=st.integers(0, 10_000), distribution=st.sampled_from(["weibull", "lognormal"]))
def test_a_narrow_interval_is_nearly_an_exact_time(seed: int, distribution: str) -> None:
    frame = waiting(seed).assign(low=lambda f: f["days"] - 1e-5, high=lambda f: f["days"] + 1e-5)
    common = {"distribution": distribution, "covariates": ["arm"]}
    exact = fit_parametric(frame, days="days", **common)  # type: ignore[arg-type]
    narrow = fit_parametric(frame, lower="low", upper="high", **common)  # type: ignore[arg-type]
    assert narrow.parameters == pytest.approx(exact.parameters, rel=1e-4, abs=1e-4)


def test_a_level_without_exits_is_not_estimable_and_the_others_still_hold() -> None:
    frame = waiting(3).assign(rare=0)
    frame.loc[:9, ["rare", "left"]] = [1, 0]
    common = {"distribution": "loglogistic", "days": "days", "event": "left"}
    model = accelerated_failure_time(frame, covariates=["arm", "rare"], **common)  # type: ignore[arg-type]
    without = accelerated_failure_time(
        frame[frame["rare"] == 0],
        covariates=["arm"],
        **common,  # type: ignore[arg-type]
    )
    rare = model.coefficients[2]
    assert isinstance(rare, NotEstimable)
    assert rare.reason == "separation"
    kept = [row for row in model.coefficients if isinstance(row, Coefficient)]
    for row, other in zip(kept, without.coefficients, strict=True):
        assert isinstance(other, Coefficient)
        assert row.estimate == pytest.approx(other.estimate, rel=1e-6)
        assert row.standard_error == pytest.approx(other.standard_error, rel=1e-6)


def test_day_zero_has_no_logarithm_and_is_refused_with_its_row() -> None:
    frame = waiting(4)
    frame.loc[6, "days"] = 0
    with pytest.raises(RegressionInputError) as raised:
        accelerated_failure_time(frame, distribution="weibull", covariates=["arm"], days="days")
    assert (raised.value.argument, raised.value.rows) == ("days", (6,))


def test_limits_the_wrong_way_round_are_refused_with_their_rows() -> None:
    frame = pd.DataFrame({"low": [1.0, 9.0, np.nan], "high": [4.0, 3.0, np.nan]})
    with pytest.raises(RegressionInputError, match="neither limit is known in 1 rows") as raised:
        accelerated_failure_time(
            frame, distribution="weibull", covariates=[], lower="low", upper="high"
        )
    assert raised.value.rows == (2,)
    with pytest.raises(RegressionInputError, match="below lower") as raised:
        accelerated_failure_time(
            frame.head(2), distribution="weibull", covariates=[], lower="low", upper="high"
        )
    assert raised.value.rows == (1,)


def test_the_same_time_for_all_has_no_spread() -> None:
    frame = pd.DataFrame({"days": [30] * 6, "arm": [0, 1] * 3})
    with pytest.raises(CannotBeComputed, match="no_variation"):
        accelerated_failure_time(frame, distribution="weibull", covariates=["arm"], days="days")


def test_only_left_censored_times_cannot_be_computed() -> None:
    frame = pd.DataFrame({"low": [np.nan] * 4, "high": [3.0, 4, 5, 6], "arm": [0, 1, 0, 1]})
    with pytest.raises(CannotBeComputed, match="no_events"):
        accelerated_failure_time(
            frame, distribution="weibull", covariates=["arm"], lower="low", upper="high"
        )


def test_only_right_censored_times_cannot_be_computed() -> None:
    with pytest.raises(CannotBeComputed, match="no_events"):
        accelerated_failure_time(
            waiting(5).assign(left=0),
            distribution="weibull",
            covariates=["arm"],
            days="days",
            event="left",
        )
