"""A fitted logistic model and its robust covariance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from evalkit.options import check_option
from evalkit.results import CannotBeComputed
from evalkit.statistics.regression.model_matrix import ModelMatrix
from evalkit.statistics.regression.summary import Estimated
from evalkit.statistics.sandwich import sandwich, score_products

FULL_LEVERAGE = 1e-10
StandardErrors = Literal["model", "hc0", "hc1", "hc2", "hc3", "cluster"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareFit:
    """A fitted model; vectors run over the intercept and the columns.

    ``fitted`` is the predicted share of each row.
    """

    matrix: ModelMatrix
    coefficients: np.ndarray
    covariance: np.ndarray
    standard_errors: StandardErrors
    reasons: tuple[str, ...]
    log_likelihood: float
    log_likelihood_null: float
    fitted: np.ndarray
    outcome: np.ndarray

    @property
    def n(self) -> int:
        return len(self.outcome)

    @property
    def estimated(self) -> Estimated:
        return Estimated(
            names=self.matrix.names,
            estimates=self.coefficients,
            covariance=self.covariance,
            reasons=self.reasons,
            behind=self.matrix.behind,
            log_likelihood=self.log_likelihood,
            log_likelihood_null=self.log_likelihood_null,
            n=self.n,
            events=int((self.outcome == 1).sum()),
        )


def robust_covariance(
    columns: np.ndarray,
    bread: np.ndarray,
    residuals: np.ndarray,
    leverages: np.ndarray,
    errors: StandardErrors,
    clusters: np.ndarray | None,
) -> np.ndarray:
    """Heteroscedasticity- or cluster-consistent covariance (White 1980; MacKinnon, White 1985).

    ``hc1`` multiplies by n/(n − p), ``hc2`` and ``hc3`` divide each squared residual by
    1 − h and (1 − h)²; clusters get G/(G − 1) · (n − 1)/(n − p), as Stata and R's
    ``vcovCL(type = "HC1")``.

    Args:
        columns: ``(p, n)``.
        bread: Inverse information, 0 for columns without an estimate.
        residuals: Score residuals: weight times (outcome − fitted).
        leverages: Diagonal of the hat matrix.
        errors: Which form.
        clusters: Cluster numbers, needed for ``cluster``.

    Raises:
        CannotBeComputed: ``full_leverage`` when ``hc2`` or ``hc3`` would divide by nought: a
            person alone with a level is fitted exactly.
    """
    check_option("errors", errors, StandardErrors)
    n = columns.shape[1]
    p = int((np.diag(bread) > 0).sum())
    factor = n / (n - p) if errors == "hc1" else 1.0
    if errors == "cluster":
        assert clusters is not None
        n_clusters = len(np.unique(clusters))
        factor = n_clusters / (n_clusters - 1) * (n - 1) / (n - p)
        return sandwich(bread, score_products(columns * residuals, clusters), factor)
    if errors in ("hc2", "hc3"):
        free = 1 - leverages
        if (free <= FULL_LEVERAGE).any():
            raise CannotBeComputed("full_leverage")
        residuals = residuals / (np.sqrt(free) if errors == "hc2" else free)
    return sandwich(bread, score_products(columns * residuals), factor)


def leverages_of(columns: np.ndarray, bread: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Diagonal of the hat matrix."""
    result: np.ndarray = np.einsum("in,ij,jn->n", columns, bread, columns, optimize=True) * weights
    return result
