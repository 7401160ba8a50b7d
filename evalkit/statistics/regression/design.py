"""Covariates as a matrix: numbers as they are, categories against a reference level.

The matrix lies with one row per column of the model, because every sum of the
likelihoods runs along one covariate over all persons.
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
