"""Covariates as a matrix, scaled for arithmetic, and the way back to their own units.

Numbers stay as they are, categories stand against a reference level. The matrix has one row per
column of the model, because every sum of the likelihoods runs along one covariate over all
persons.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from evalkit.statistics.regression.inputs import (
    RegressionInputError,
    existing,
    numbers,
    refuse,
)
from evalkit.statistics.regression.maximise import SEPARATION_REASON, Maximum
from evalkit.statistics.regression.summary import INTERCEPT, Behind, Estimated, behind_columns

Covariate = str | tuple[str, ...]
Levels = Mapping[str, Sequence[object]]


@dataclass(frozen=True, slots=True)
class Design:
    """Named columns of a model.

    Attributes:
        names: ``age``, ``sex=woman`` (against the reference level), ``sex=woman:age``.
        columns: ``(p, n)`` values.
        is_level: For each name, whether it is a yes/no column.
    """

    names: tuple[str, ...]
    columns: np.ndarray
    is_level: tuple[bool, ...]


def design(
    frame: pd.DataFrame, covariates: Sequence[Covariate], *, levels: Levels | None = None
) -> Design:
    """Builds the columns of a model from covariates of a frame.

    A numeric or yes/no column enters as it is. A text or categorical column, and any column
    named in ``levels``, becomes one yes/no column per level except the first, which is the
    reference (a single level is kept, and told as without variation). A tuple of names is
    their interaction: all products of their columns.

    Args:
        frame: One row per person or spell.
        covariates: Column names, or tuples of them for interactions.
        levels: Column → its levels in order, the reference first. Without it, a categorical
            column has its own order, less the levels that nobody has (as R's ``lm``: a
            reference without persons compares with nobody), and a text column the sorted order.

    Raises:
        RegressionInputError: If a column is absent or has missing values, or holds a value
            that is not among its stated levels; rows are named, never values.

    >>> frame = pd.DataFrame({"age": [20, 31], "sex": ["woman", "man"]})
    >>> design(frame, ["age", "sex"], levels={"sex": ["woman", "man"]}).names
    ('age', 'sex=man')
    """
    blocks = [_block(frame, covariate, levels or {}) for covariate in covariates]
    names = [name for block in blocks for name, _ in block]
    if len(set(names)) != len(names):
        raise RegressionInputError("covariates", "the same column stands there twice")
    columns = np.empty((len(names), len(frame)))
    for row, values in enumerate(values for block in blocks for _, values in block):
        columns[row] = values
    is_level = tuple(bool(np.isin(values, (0.0, 1.0)).all()) for values in columns)
    return Design(tuple(names), columns, is_level)


def levels_in_use(
    frame: pd.DataFrame, covariates: Sequence[Covariate], levels: Levels | None
) -> dict[str, tuple[object, ...]]:
    """The levels of every categorical covariate, so that new rows are coded the same way.

    The first has persons: against one without any, the levels would be compared with the last.
    """
    given = levels or {}
    names = {name for c in covariates for name in (c if isinstance(c, tuple) else (c,))}
    columns = {name: existing(frame, name, "covariates") for name in sorted(names)}
    return {
        name: _from_the_first_in_use(column, given.get(name))
        for name, column in columns.items()
        if name in given or not _is_number(column)
    }


def _block(
    frame: pd.DataFrame, covariate: Covariate, levels: Levels
) -> list[tuple[str, np.ndarray]]:
    if isinstance(covariate, str):
        return _main_effect(frame, covariate, levels.get(covariate))
    product = [("", np.ones(len(frame)))]
    for name in covariate:
        product = [
            (f"{left}:{right}" if left else right, values * more)
            for right, more in _main_effect(frame, name, levels.get(name))
            for left, values in product
        ]
    return product


def _main_effect(
    frame: pd.DataFrame, name: str, levels: Sequence[object] | None
) -> list[tuple[str, np.ndarray]]:
    column = existing(frame, name, "covariates")
    if levels is None and _is_number(column):
        return [(name, numbers(frame, name, "covariates"))]
    refuse("covariates", f"missing value in column {name!r}", column.isna().to_numpy())
    chosen = _levels(column, levels)
    values = column.astype(object)
    refuse("covariates", f"not a stated level of {name!r}", ~values.isin(list(chosen)).to_numpy())
    compared = chosen[1:] or chosen  # a single level stays, to be told as without variation
    return [(f"{name}={level}", (values == level).to_numpy(float)) for level in compared]


def _levels(column: pd.Series, stated: Sequence[object] | None) -> Sequence[object]:
    if stated is not None:
        return list(stated)
    if isinstance(column.dtype, pd.CategoricalDtype):
        return list(column.cat.remove_unused_categories().cat.categories)
    return sorted(column.dropna().unique().tolist(), key=str)


def _from_the_first_in_use(
    column: pd.Series, stated: Sequence[object] | None
) -> tuple[object, ...]:
    levels, seen = tuple(_levels(column, stated)), set(column.dropna().unique())
    first = next((i for i, level in enumerate(levels) if level in seen), 0)
    return levels[first:]


def _is_number(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column)


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
