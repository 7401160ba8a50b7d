"""Panels with area and period effects against yes/no columns in R 4.2, clubSandwich and sandwich.

d <- expand.grid(t = 0:5, i = 0:8)
d$y <- ((7*d$i + 5*d$t + 3*d$i*d$t) %% 11) / 10; d$x <- (4*d$i + 3*d$t*d$t) %% 7
d$treated <- as.integer(d$i < 3); d$D <- d$treated * (d$t >= 3); d$region <- d$i %/% 2
f <- lm(y ~ D + x + factor(i) + factor(t), d)
coef_test(f, vcovCR(f, cluster = d$i, type = "CR2"), coefs = "D")  # and d$region
"""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.results import CannotBeComputed, TestResult
from evalkit.statistics.trends.least_squares import (
    bias_reduced_errors,
    cluster_covariance,
    least_squares,
    two_way_effects,
)
from evalkit.statistics.trends.panel import Panel, clustered_event_study, panel_difference

COLUMNS = {"outcome": "y", "unit": "area", "period": "period"}


def panel() -> pd.DataFrame:
    """Unsorted, with areas as a category that has a level too many and shares of all kinds."""
    d = pd.DataFrame([(i, t) for i in range(9) for t in range(6)], columns=["i", "t"])
    d["y"] = ((7 * d["i"] + 5 * d["t"] + 3 * d["i"] * d["t"]) % 11) / 10
    d["x"] = (4 * d["i"] + 3 * d["t"] * d["t"]) % 7
    d["treated"] = (d["i"] < 3).astype(int)
    d["region"] = "R" + (d["i"] // 2).astype(str)
    d["area"] = pd.Categorical("K" + d["i"].astype(str), [f"K{i}" for i in range(10)])
    d["period"] = 2010 + d["t"]
    return d.sample(frac=1, random_state=4)


@pytest.mark.parametrize(
    ("cluster", "degrees", "error"),
    [(None, 4.0820488549656, 0.1008380818991), ("region", 1.97809590436995, 0.07811344329363)],
)
def test_the_average_difference_is_that_of_yes_no_columns_in_r(cluster, degrees, error):
    found = panel_difference(
        panel(), treated="treated", first_treated_period=2013, covariates=["x"], cluster=cluster,
        **COLUMNS,
    )  # fmt: skip
    upper = {4.0820488549656: 0.4284623457257, 1.97809590436995: 0.49038317490343}[degrees]
    assert (found.value, found.high) == pytest.approx((0.1506963788301, upper), rel=1e-10)
    whole = Panel(panel(), "y", "area", "period", "treated", 2013, cluster or "area", ["x"])
    line, effects = whole.line({"D": (panel()["treated"] * (panel()["t"] >= 3)).to_numpy(float)})
    errors = bias_reduced_errors(
        line, panel()[cluster or "area"].to_numpy(), chosen=[0], effects=effects
    )
    assert (errors.standard_errors[0], errors.degrees_of_freedom[0]) == pytest.approx(
        (error, degrees), rel=1e-10
    )


def test_each_period_is_that_of_yes_no_columns_in_r():
    # for (s in c(0,1,3,4,5)) d[[paste0("e", s)]] <- d$treated * (d$t == s)
    # f <- lm(y ~ e0+e1+e3+e4+e5+factor(i)+factor(t), d); V <- vcovCL(f, d$i, type = "HC1")
    # k <- c("e0", "e1"); W <- drop(coef(f)[k] %*% solve(V[k, k]) %*% coef(f)[k]) / 2
    found = clustered_event_study(
        Panel(panel(), "y", "area", "period", "treated", 2013, "area"), reference_period=2012
    )
    t = 2.306004135204166  # qt(.975, 8)
    errors = [0.5716933910177, 0.4459023088611, 0.4686686437336, 0.3057119909794, 0.3314582678609]
    values = [-0.7 / 3, -0.35 / 3, 0.35 / 3, 0.05, -0.05 / 3]
    assert [row.value for row in found.differences] == pytest.approx(values, rel=1e-10)
    assert [row.high - row.value for row in found.differences] == pytest.approx(
        [t * error for error in errors], rel=1e-10
    )
    assert isinstance(found.trends_before, TestResult)
    assert found.trends_before.statistic == pytest.approx(0.0862893081761, rel=1e-10)
    assert found.trends_before.p_value == pytest.approx(0.9181708908795, rel=1e-10)


@given(seed=st.integers(0, 10_000), n_units=st.integers(3, 7), n_periods=st.integers(2, 6))
def test_means_leave_what_yes_no_columns_leave(seed, n_units, n_periods):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(list(product(range(n_units), range(n_periods))), columns=["i", "t"])
    frame = frame.sample(frac=1, random_state=seed)
    own, y = rng.normal(size=(len(frame), 1)), rng.normal(size=len(frame))
    dummies = [
        (frame[name] == level).to_numpy(float)
        for name in "it"
        for level in frame[name].unique()[1:]
    ]
    written = np.column_stack([own, np.ones(len(frame)), *dummies])
    names = ["own", *map(str, range(written.shape[1] - 1))]
    if len(frame) <= written.shape[1]:
        return
    whole = least_squares(written, y, names=names)
    effects = two_way_effects(frame, unit="i", period="t")
    short = least_squares(
        effects.taken_out(own), effects.taken_out(y[:, None])[:, 0], names=["own"],
        n_effects=effects.count,
    )  # fmt: skip
    assert short.residuals == pytest.approx(whole.residuals, abs=1e-10)
    assert short.coefficients[0] == pytest.approx(whole.coefficients[0])
    assert short.degrees_of_freedom == whole.degrees_of_freedom
    clusters = frame["i"].to_numpy()
    assert cluster_covariance(short, clusters)[0, 0] == pytest.approx(
        cluster_covariance(whole, clusters)[0, 0]
    )
    by_means, by_columns = (
        bias_reduced_errors(line, clusters, chosen=[0], effects=taken)
        for line, taken in ((short, effects), (whole, None))
    )
    assert by_means.standard_errors == pytest.approx(by_columns.standard_errors, rel=1e-6)
    assert by_means.degrees_of_freedom == pytest.approx(by_columns.degrees_of_freedom, rel=1e-6)


def test_what_areas_and_periods_explain_is_no_covariate():
    size = panel().assign(size=lambda f: np.sqrt(2 + f["i"]) + 1000 * np.cbrt(f["t"] + 1))
    arguments = {"treated": "treated", "first_treated_period": 2013, **COLUMNS}
    size["none"] = 0.0
    assert panel_difference(size, covariates=["size"], **arguments).high == pytest.approx(
        panel_difference(size, covariates=["none"], **arguments).high
    )


@pytest.mark.parametrize("kind", ["str", "string[pyarrow]", "datetime64[ns, Europe/Stockholm]"])
def test_periods_of_every_kind_give_the_same(kind):
    plain = panel()
    start = pd.Series(["2013"]).astype(kind)[0]
    other = plain.assign(period=plain["period"].astype(str).astype(kind))
    arguments = {"treated": "treated", **COLUMNS}
    assert panel_difference(other, first_treated_period=start, **arguments) == panel_difference(
        plain, first_treated_period=2013, **arguments
    )


def test_an_area_with_two_values_for_a_period_is_refused():
    twice = pd.concat([panel(), panel().iloc[[7]]])
    with pytest.raises(CannotBeComputed) as refused:
        panel_difference(twice, treated="treated", first_treated_period=2013, **COLUMNS)
    row = panel().iloc[7]
    assert refused.value.reason == "period_repeated"
    assert refused.value.facts == {"area": row["area"], "period": str(row["period"])}


def test_an_area_without_any_value_is_not_left_out():
    empty = panel()
    empty.loc[empty["area"] == "K4", "y"] = np.nan
    with pytest.raises(CannotBeComputed, match="series_gap"):
        panel_difference(empty, treated="treated", first_treated_period=2013, **COLUMNS)
