"""Curves of a Cox model."""

from __future__ import annotations

import numpy as np
import pytest

from evalkit.statistics.regression.cox_curve import (
    averaged_survival,
    predicted_curve,
    predicted_hazard,
)
from evalkit.statistics.regression.cox_fit import fit_cox
from evalkit.statistics.regression.inputs import RegressionInputError
from tests.statistics.regression.test_cox import people


def test_a_curve_starts_at_one_and_never_rises() -> None:
    fit = fit_cox(people(1), days="days", event="left", covariates=["age", "region"])
    curve = predicted_curve(fit, {"age": 40, "region": "south"})
    steps = curve.steps
    assert (np.diff(steps["value"], prepend=1.0) <= 0).all()
    assert ((steps["low"] <= steps["value"]) & (steps["value"] <= steps["high"])).all()
    assert int(steps["events"].sum()) == int(people(1)["left"].sum())
    assert steps["at_risk"].iloc[0] == 80
    # Everyone leaves, or is last seen: the counts add up from row to row.
    left = steps["at_risk"] - steps["events"] - steps["censored"]
    assert left.iloc[:-1].tolist() == steps["at_risk"].iloc[1:].tolist()


def test_a_stratum_has_the_baseline_it_would_have_alone() -> None:
    frame = people(2)
    both = fit_cox(frame, days="days", event="left", covariates=["age"], strata="region")
    path = predicted_hazard(both, {"age": 40.0}, stratum=1)
    south = frame[frame["region"] == "south"]
    assert path.days.tolist() == sorted(south.loc[south["left"] == 1, "days"].unique().tolist())


def test_averaging_over_one_kind_of_person_is_that_persons_curve() -> None:
    frame = people(3)
    fit = fit_cox(frame, days="days", event="left", covariates=["age", "arm"])
    same = frame.assign(age=33.0, arm=1)
    days = np.array([0, 1, 5, 12, 29, 400])
    hazard, _ = predicted_hazard(fit, {"age": 33.0, "arm": 1}).at(days)
    assert averaged_survival(fit, same, days) == pytest.approx(np.exp(-hazard), rel=1e-12)


def test_a_profile_that_lacks_a_covariate_is_refused() -> None:
    fit = fit_cox(people(1), days="days", event="left", covariates=["age", "arm"])
    with pytest.raises(RegressionInputError, match="profile: lacks arm"):
        predicted_hazard(fit, {"age": 40})
