"""Lines with residuals that follow the month before, against R's ``nlme::gls``."""

from __future__ import annotations

import numpy as np
import pytest

from evalkit.statistics.trends.interrupted import autoregressive_line, segmented_columns
from evalkit.statistics.trends.least_squares import least_squares

FALLING = [9.1, 8.9, 9.0, 8.6, 8.4, 8.5, 8.1, 8.2, 7.9, 7.6, 7.7, 7.3]
FALLING += [6.1, 6.0, 5.6, 5.8, 5.3, 5.2, 4.9, 5.0, 4.6, 4.7, 4.2, 4.3]
WAVE = [8.0, 8.8, 8.7, 9.4, 9.9, 9.6, 10.0, 10.2, 9.6, 9.6, 9.4, 8.5, 8.3, 8.0]
WAVE += [6.0, 5.9, 5.7, 4.9, 5.1, 5.2, 4.8, 5.3, 5.8, 5.7, 6.5, 7.2, 7.2, 7.9, 8.5, 8.4]


def restricted(values: list[float], n_before: int) -> tuple[float, np.ndarray, np.ndarray]:
    names, columns = segmented_columns(len(values), n_before=n_before)
    found = autoregressive_line(least_squares(columns, np.array(values), names=names))
    return found.autocorrelation, found.coefficients, np.sqrt(np.diag(found.covariance))


def test_restricted_likelihood_is_that_of_gls():
    # gls(y ~ t + a + s, correlation = corAR1(form = ~t), method = "REML",
    #     control = glsControl(tolerance = 1e-12, msTol = 1e-14, opt = "optim"))
    # with t <- 0:23; a <- as.integer(t >= 12); s <- pmax(t - 12, 0); optim stops at 1e-6 of rho.
    rho, coefficients, errors = restricted(FALLING, 12)
    assert rho == pytest.approx(-0.622268141552833, rel=1e-6)
    assert coefficients == pytest.approx(
        [9.138172621819274, -0.156261409996461, -1.171362489070657, -0.017628146551399], rel=1e-5
    )
    assert errors == pytest.approx(
        [0.035247421023107, 0.005465366009234, 0.054503554403028, 0.007504054688472], rel=1e-6
    )


def test_a_series_that_wanders_has_the_changes_of_gls():
    # The same call with t <- 0:29 and the break at 14: Phi 0.99995, where the level of the series
    # is known by nothing but its own past, and the changes still are.
    _, coefficients, errors = restricted(WAVE, 14)
    assert coefficients[2:] == pytest.approx([-2.0, 0.16], rel=1e-6)
    assert errors[2:] == pytest.approx([0.500011836, 0.182578495], rel=1e-4)
