"""What single rows say against a Cox model: residuals in the order of the rows.

Residuals are one number per person: for the evaluator's own eyes, never for a report.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from evalkit.statistics.regression import cox_residuals
from evalkit.statistics.regression.cox_fit import CoxFit


def martingale_residuals(fit: CoxFit) -> np.ndarray:
    """``(n,)`` observed less expected events of each row (Barlow and Prentice 1988)."""
    return cox_residuals.martingale_residuals(
        fit.matrix.columns, fit.sets, fit.maximum.parameters, fit.paths()
    )


def coefficient_changes(fit: CoxFit) -> np.ndarray:
    """``(n, p)`` about how much each row moves each coefficient (dfbeta, Cain and Lange 1984).

    Weighted by the case weight, as the robust covariance sums them.
    """
    changes = np.empty((fit.rows.n, len(fit.names)))
    bread = fit.matrix.back() @ fit.maximum.covariance
    blocks = cox_residuals.score_residual_blocks(
        fit.matrix.columns, fit.sets, fit.maximum.parameters, fit.paths()
    )
    for rows, block in blocks:
        changes[rows] = (bread @ block).T
    return changes


def scaled_schoenfeld_residuals(fit: CoxFit) -> pd.DataFrame:
    """One row per event: its ``day`` and, per column, b(t) as that event has it.

    Schoenfeld residuals times the covariance times the number of events, plus the estimate
    (Grambsch and Therneau 1994); a trend in a column is a hazard ratio that changes.
    Ordered by stratum, day and row.
    """
    residuals = cox_residuals.schoenfeld_residuals(fit.matrix.columns, fit.sets, fit.paths())
    in_own_units = residuals * fit.matrix.scale
    scaled = in_own_units @ fit.covariance * len(residuals) + fit.coefficients
    days = np.repeat(fit.sets.times, fit.sets.ties)
    frame = pd.DataFrame(scaled, columns=list(fit.names))
    frame.insert(0, "day", days)
    return frame
