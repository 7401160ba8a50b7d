"""Newton–Raphson: exact on a parabola, worded where there is no maximum."""

from __future__ import annotations

import numpy as np
import pytest

from evalkit.results import CannotBeComputed
from evalkit.statistics.regression.maximise import Evaluation, maximise


def parabola(point: np.ndarray) -> Evaluation:
    gap = point - np.array([2.0, -1.0])
    curvature = np.array([[3.0, 1.0], [1.0, 2.0]])
    return Evaluation(-0.5 * float(gap @ curvature @ gap), -curvature @ gap, curvature)


def test_the_top_of_a_parabola_is_found_with_its_inverse_curvature() -> None:
    top = maximise(parabola, np.zeros(2))
    assert top.parameters == pytest.approx([2.0, -1.0], abs=1e-12)
    assert top.log_likelihood == pytest.approx(0.0, abs=1e-12)
    assert top.covariance == pytest.approx(np.array([[0.4, -0.2], [-0.2, 0.6]]), abs=1e-12)


def test_a_likelihood_that_rises_for_ever_is_separation() -> None:
    def rising(point: np.ndarray) -> Evaluation:  # log of the logistic function, and a parabola
        share = 1 / (1 + np.exp(point[0]))
        value = -np.log1p(np.exp(-point[0])) - 0.5 * (point[1] - 1) ** 2
        information = np.diag([share * (1 - share), 1.0])
        return Evaluation(float(value), np.array([share, 1 - point[1]]), information)

    top = maximise(rising, np.zeros(2))
    assert top.reasons == ("separation", "")
    assert top.parameters[1] == pytest.approx(1.0)
    assert top.covariance[0].tolist() == [0.0, 0.0]


def test_no_way_uphill_is_said_in_words() -> None:
    def broken(point: np.ndarray) -> Evaluation:
        return Evaluation(-abs(float(point[0])), np.ones(1), np.ones((1, 1)))

    with pytest.raises(CannotBeComputed) as raised:
        maximise(broken, np.zeros(1))
    assert raised.value.reason == "no_convergence"
