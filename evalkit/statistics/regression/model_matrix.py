"""The columns of a model, scaled for arithmetic, and the way back to their own units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from evalkit.statistics.regression.design import Covariate, Levels, design, levels_in_use
from evalkit.statistics.regression.maximise import SEPARATION_REASON, Maximum
from evalkit.statistics.regression.summary import INTERCEPT, Behind, Estimated, behind_columns


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelMatrix:
    """Scaled columns with their names and the persons behind them.

    Attributes:
        names: ``intercept`` first where there is one, then the columns of `design`.
        columns: ``(p, n)``, centred at ``centre`` and divided by ``scale``.
        behind: For each column, the persons behind its coefficient.
        covariates, levels: How the columns were made, so that other rows can be placed
            among them.
    """

    names: tuple[str, ...]
    columns: np.ndarray
    centre: np.ndarray
    scale: np.ndarray
    behind: tuple[Behind, ...]
    covariates: tuple[Covariate, ...]
    levels: Levels

    @property
    def has_intercept(self) -> bool:
        return self.names[:1] == (INTERCEPT,)

    def back(self) -> np.ndarray:
        """The matrix that turns parameters of scaled columns into those of the columns."""
        matrix = np.diag(1 / self.scale)
        if self.has_intercept:
            p = len(self.names)
            matrix[0, 1:p] = -self.centre[1:] / self.scale[1:]
        return matrix

    def in_own_units(self, covariance: np.ndarray) -> np.ndarray:
        """The covariance of the columns' parameters from that of the scaled ones."""
        back = self.back()
        return np.asarray(back @ covariance @ back.T)

    def estimated(
        self,
        top: Maximum,
        covariance: np.ndarray,
        *,
        n: int,
        events: int,
        null: float | None = None,
    ) -> Estimated:
        """What a maximum in the scaled columns says in their own units.

        ``covariance`` is the scaled parameters' that intervals are to rest on, ``null`` the
        log-likelihood without covariates, that of the start when left out.
        """
        return Estimated(
            names=self.names,
            estimates=self.back() @ top.parameters,
            covariance=self.in_own_units(covariance),
            reasons=self.reasons(top.reasons),
            behind=self.behind,
            log_likelihood=top.log_likelihood,
            log_likelihood_null=top.start.log_likelihood if null is None else null,
            n=n,
            events=events,
        )

    def reasons(self, reasons: Sequence[str]) -> tuple[str, ...]:
        """Reasons in the columns' own units: the intercept runs away with a centred column."""
        if not self.has_intercept:
            return tuple(reasons)
        runs_away = [
            reason == SEPARATION_REASON and at != 0
            for reason, at in zip(reasons, self.centre, strict=False)
        ]
        return (SEPARATION_REASON if any(runs_away) else reasons[0], *reasons[1:])

    def rows(self, frame: pd.DataFrame) -> np.ndarray:
        """``(p, rows)`` the columns of other rows, in their own units."""
        made = design(frame, self.covariates, levels=self.levels)
        named = dict(zip(made.names, made.columns, strict=True))
        named[INTERCEPT] = np.ones(len(frame))
        return np.array([named[name] for name in self.names])


def model_matrix(
    frame: pd.DataFrame,
    covariates: Sequence[Covariate],
    *,
    levels: Levels | None,
    event: np.ndarray,
    intercept: bool,
) -> ModelMatrix:
    """Makes and scales the columns; ``event`` counts the events behind each level.

    Beside an intercept, yes/no columns are left uncentred: a level that runs to infinity
    then leaves the intercept alone.
    """
    levels = levels_in_use(frame, covariates, levels)
    made = design(frame, covariates, levels=levels)
    behind = behind_columns(made.columns, made.is_level, event)
    centre, scale = standardise(made.columns, left_uncentred=made.is_level if intercept else None)
    names, columns = made.names, made.columns
    if intercept:
        names, columns = (INTERCEPT, *names), np.vstack((np.ones((1, len(frame))), columns))
        centre, scale = np.append(0.0, centre), np.append(1.0, scale)
        behind = [Behind(len(frame), (len(frame), int(event.sum()))), *behind]
    return ModelMatrix(
        names=names,
        columns=columns,
        centre=centre,
        scale=scale,
        behind=tuple(behind),
        covariates=tuple(covariates),
        levels=levels,
    )


def standardise(
    columns: np.ndarray, *, left_uncentred: Sequence[bool] | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Centres each column at its mean and divides by its largest deviation, in place.

    The likelihood does not notice; the sums lose fewer digits, and a step in a coefficient
    becomes (a bound on) the change of somebody's predictor.

    Returns:
        Centre and scale of each column.
    """
    centre = columns.mean(axis=1)
    if left_uncentred is not None:
        centre[np.asarray(left_uncentred, dtype=bool)] = 0.0
    columns -= centre[:, None]
    scale = np.maximum(columns.max(axis=1), -columns.min(axis=1))
    scale[scale <= 1e-12 * np.maximum(1.0, np.abs(centre))] = 1.0
    columns /= scale[:, None]
    return centre, scale
