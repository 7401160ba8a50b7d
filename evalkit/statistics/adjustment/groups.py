"""Two groups of persons with what is known of them, and the propensity to be in the first.

What is not in the covariates is not adjusted for: every estimate of this package rests on
"no unmeasured confounding", which no number here can show.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from evalkit.results import CannotBeComputed
from evalkit.statistics.regression.inputs import RegressionInputError, indicator, numbers
from evalkit.statistics.regression.logistic import maximise_logistic
from evalkit.statistics.regression.model_matrix import Covariate, Levels, model_matrix


@dataclass(frozen=True, slots=True)
class Groups:
    """Outcome, membership and covariates of the persons compared.

    Attributes:
        outcome: ``(n,)``.
        treated: ``(n,)`` whether the person had the programme.
        columns: ``(1 + p, n)`` intercept and scaled covariates.
        log_odds: ``(n,)`` of having the programme, by a logistic model of the covariates. Kept
            beside the chance, which rounds to one where somebody is very unlike the others.
        coefficient_influence: ``(1 + p, n)`` what each person does to that model's
            coefficients, for errors that count it as estimated.
    """

    outcome: np.ndarray
    treated: np.ndarray
    columns: np.ndarray
    log_odds: np.ndarray
    coefficient_influence: np.ndarray

    @property
    def n(self) -> int:
        return len(self.outcome)

    @property
    def propensity(self) -> np.ndarray:
        """``(n,)`` estimated chance of having the programme (Rosenbaum and Rubin 1983)."""
        return np.asarray(special.expit(self.log_odds))


def compare_groups(
    frame: pd.DataFrame,
    *,
    outcome: str,
    treatment: str,
    covariates: Sequence[Covariate],
    levels: Levels | None = None,
) -> Groups:
    """Reads two groups from a frame and estimates the propensity.

    Args:
        frame: One row per person.
        outcome: Column of numbers: 0/1 for a share, or days, kronor …
        treatment: Column with 1 for those who had the programme, else 0.
        covariates: Columns known before the programme, see `design`.
        levels: Column → its levels, the reference first.

    Raises:
        RegressionInputError: If a column is absent or holds impossible values.
        CannotBeComputed: ``one_group`` if a group is empty; ``no_overlap`` if a covariate
            tells the groups wholly apart, so that nobody is comparable.

    >>> frame = pd.DataFrame({"work": [1, 0, 1, 0], "arm": [1, 1, 0, 0], "age": [30, 41, 33, 40]})
    >>> groups = compare_groups(frame, outcome="work", treatment="arm", covariates=["age"])
    >>> round(float(groups.propensity.sum()), 9)  # as many as had the programme
    2.0
    """
    if len(frame) == 0:
        raise RegressionInputError("frame", "has no rows")
    treated = indicator(frame, treatment, "treatment")
    if treated.all() or not treated.any():
        raise CannotBeComputed("one_group", n=len(frame))
    matrix = model_matrix(frame, covariates, levels=levels, event=treated, intercept=True)
    columns = matrix.columns
    top = maximise_logistic(columns, treated, np.ones(len(frame)))
    if "separation" in top.reasons:
        raise CannotBeComputed("no_overlap", n=len(frame))
    log_odds = top.parameters @ columns
    influence = len(frame) * top.covariance @ (columns * (treated - special.expit(log_odds)))
    return Groups(
        outcome=numbers(frame, outcome, "outcome").astype(float),
        treated=treated,
        columns=columns[top.is_estimated],
        log_odds=log_odds,
        coefficient_influence=influence[top.is_estimated],
    )
