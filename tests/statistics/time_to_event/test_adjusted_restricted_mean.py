"""The adjusted mean against its estimating equation written out person by person."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from evalkit.results import CannotBeComputed
from evalkit.statistics.time_to_event.adjusted_restricted_mean import (
    AdjustedMean,
    adjusted_restricted_mean,
)


def persons(n: int = 60) -> pd.DataFrame:
    generator = np.random.default_rng(11)
    frame = pd.DataFrame(
        {"age": generator.integers(18, 60, n), "distance": generator.normal(size=n).round(2)}
    )
    frame["second"] = generator.integers(0, 2, n)
    frame["days"] = np.minimum(np.ceil(generator.exponential(60 + 10 * frame["second"], n)), 90)
    frame["event"] = (generator.random(n) < 0.7) & (frame["days"] < 90)
    return frame


def fit(frame: pd.DataFrame, **options: object) -> AdjustedMean:
    arguments = {
        "in_second_group": frame["second"],
        "covariates": frame[["age", "distance"]],
        "horizon": 80.0,
    } | options
    return adjusted_restricted_mean(frame["days"], frame["event"], **arguments)  # type: ignore[arg-type]


def written_out(frame: pd.DataFrame, horizon: float) -> tuple[np.ndarray, np.ndarray]:
    """Tian, Zhao & Wei (2014) as loops over persons."""
    y = np.minimum(frame["days"].to_numpy(), horizon)
    known = frame["event"].to_numpy() | (y >= horizon)
    x = np.column_stack([np.ones(len(y)), frame["second"], frame["age"], frame["distance"]])
    weight = np.zeros(len(y))
    arms = [np.flatnonzero(frame["second"] == arm) for arm in (0, 1)]
    for rows in arms:
        for i in rows:
            observed = 1.0
            for t in {t for t in y[rows] if t <= y[i]}:
                lost = ((y[rows] == t) & ~known[rows]).sum()
                observed *= 1 - lost / (y[rows] >= t).sum()
            weight[i] = known[i] / observed if known[i] else 0.0
    beta = np.linalg.solve((x * weight[:, None]).T @ x, (x * weight[:, None]).T @ y)
    score = x * (weight * (y - x @ beta))[:, None]
    total = np.zeros_like(score)
    for rows in arms:

        def ahead(t: float, rows: np.ndarray = rows) -> np.ndarray:
            at_risk = rows[y[rows] >= t]
            mean: np.ndarray = score[at_risk].sum(axis=0) / len(at_risk)
            return mean

        for i in rows:
            total[i] = score[i] + (0 if known[i] else ahead(y[i]))
            for k in rows[(y[rows] <= y[i]) & ~known[rows]]:
                total[i] -= ahead(y[k]) / (y[rows] >= y[k]).sum()
    bread = np.linalg.inv(x.T @ x)
    return beta, np.sqrt(np.diag(bread @ total.T @ total @ bread))


def test_coefficients_and_errors_are_those_of_the_written_out_equation() -> None:
    frame = persons()
    beta, errors = written_out(frame, 80.0)
    found = fit(frame)
    np.testing.assert_allclose(found.coefficients, beta, rtol=1e-9)
    np.testing.assert_allclose(found.standard_errors, errors, rtol=1e-9)
    assert found.terms == ("intercept", "group", "age", "distance")


def test_without_covariates_or_censoring_it_is_the_difference_of_means() -> None:
    frame = persons()
    found = adjusted_restricted_mean(
        frame["days"],
        np.ones(len(frame)),
        in_second_group=frame["second"],
        covariates=pd.DataFrame(index=frame.index),
        horizon=50,
    )
    cut = frame["days"].clip(upper=50).groupby(frame["second"]).mean()
    assert found.effect.value == pytest.approx(cut[1] - cut[0])
    ratio = adjusted_restricted_mean(
        frame["days"],
        np.ones(len(frame)),
        in_second_group=frame["second"],
        covariates=pd.DataFrame(index=frame.index),
        horizon=50,
        contrast="ratio",
    )
    assert ratio.effect.value == pytest.approx(cut[1] / cut[0])


def test_what_cannot_be_fitted_is_refused_with_a_reason() -> None:
    frame = persons()
    with pytest.raises(CannotBeComputed, match="beyond_follow_up"):
        fit(frame, horizon=200.0)
    with pytest.raises(CannotBeComputed, match="one_group"):
        fit(frame, in_second_group=np.zeros(len(frame)))
    with pytest.raises(CannotBeComputed, match="collinear"):
        fit(frame, covariates=frame[["age", "age"]].set_axis(["a", "b"], axis=1))
    with pytest.raises(ValueError, match="horizon"):
        fit(frame, horizon=0.0)
    with pytest.raises(ValueError, match="column 'age' is not numbers"):
        fit(frame, covariates=frame[["age"]].astype(str))
    with pytest.raises(ValueError, match="expected 60 rows"):
        fit(frame, in_second_group=[1])
