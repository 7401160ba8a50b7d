"""Every confounder in both groups before and after weighting, and the overlap of the two."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from evalkit.options import check_option
from evalkit.results import Balance, BalanceRow, Overlap
from evalkit.statistics.adjustment.groups import Groups
from evalkit.statistics.adjustment.weighting import Target, balancing_weights, effective_persons
from evalkit.statistics.regression.model_matrix import Levels

_TWO = 2


def balance_table(
    frame: pd.DataFrame,
    groups: Groups,
    *,
    confounders: Sequence[str],
    levels: Levels | None = None,
    target: Target = "treated",
) -> Balance:
    """Means and shares per group, and their differences in standard deviations (Austin 2009).

    Every level of a category is shown, the reference too; of two levels, which mirror each
    other, only the one that is not the reference; a number has one row. A confounder that is
    the same for all has no row.

    Args:
        frame: The rows that ``groups`` was read from.
        groups: From `compare_groups`.
        confounders: Columns, categories or numbers.
        levels: Column → its levels, which makes it a category.
        target: For whom the weights are meant.

    >>> frame = pd.DataFrame({"work": [1, 0, 1, 0], "arm": [1, 1, 0, 0], "age": [30, 41, 33, 40]})
    >>> from evalkit.statistics.adjustment.groups import compare_groups
    >>> groups = compare_groups(frame, outcome="work", treatment="arm", covariates=["age"])
    >>> balance_table(frame, groups, confounders=["age"]).rows[0].mean_treated
    35.5
    """
    check_option("target", target, Target)
    weights = balancing_weights(groups, target=target)
    rows = []
    for column in confounders:
        for level, values in _indicators(frame[column], (levels or {}).get(column)):
            row = _row(column, level, values, groups.treated, weights)
            rows += [row] if row.spread > 0 else []
    n_treated = int(groups.treated.sum())
    return Balance(
        rows=tuple(rows),
        target=target,
        n_treated=n_treated,
        n_control=groups.n - n_treated,
    )


def _indicators(
    values: pd.Series, levels: Sequence[object] | None
) -> Iterator[tuple[str, np.ndarray]]:
    if levels is None and pd.api.types.is_numeric_dtype(values):
        yield "", values.to_numpy(dtype=float)
        return
    every = list(levels or sorted(values.unique()))
    for level in every[1:] if len(every) == _TWO else every:
        yield str(level), (values == level).to_numpy(dtype=float)


def _row(
    column: str, level: str, values: np.ndarray, treated: np.ndarray, weights: np.ndarray
) -> BalanceRow:
    arms = (treated, ~treated)
    means = [float(values[arm].mean()) for arm in arms]
    weighted = [float(np.average(values[arm], weights=weights[arm])) for arm in arms]
    variance = sum(float(values[arm].var(ddof=1)) for arm in arms) / 2
    cells = [int(arm.sum()) for arm in arms]
    if level:
        cells = [
            count
            for arm in arms
            for count in (int(values[arm].sum()), int(arm.sum() - values[arm].sum()))
        ]
    return BalanceRow(
        column=column,
        level=level,
        mean_treated=means[0],
        mean_control=means[1],
        weighted_treated=weighted[0],
        weighted_control=weighted[1],
        spread=float(np.sqrt(variance)),
        cells=tuple(cells),
    )


CLASSES = 10
# The heaviest comparison persons that are counted together: a share of all would tell how many.
HEAVIEST = 10


def overlap(
    groups: Groups,
    *,
    target: Target = "treated",
    classes: int = CLASSES,
) -> Overlap:
    """How the propensities of both groups lie, and what the weights rest on.

    Persons per class of equal width from 0 to 1; participants outside the range of the
    comparison group's propensities (Dehejia and Wahba 1999 leave them out; here they are
    counted); effective numbers (Kish 1965) and the share of the weight that the heaviest carry.

    Args:
        groups: From `compare_groups`.
        target: For whom the weights are meant.
        classes: Number of classes.

    >>> import pandas as pd
    >>> from evalkit.statistics.adjustment.groups import compare_groups
    >>> frame = pd.DataFrame({"work": [1, 0, 1, 0], "arm": [1, 1, 0, 0], "age": [30, 41, 33, 40]})
    >>> sum(overlap(compare_groups(frame, outcome="work", treatment="arm",
    ...     covariates=["age"])).treated)
    2
    """
    check_option("target", target, Target)
    e, treated = groups.propensity, groups.treated
    edges = np.linspace(0.0, 1.0, classes + 1)
    places = class_of(e, classes)
    weights = balancing_weights(groups, target=target)
    own = weights[~treated]
    heaviest = min(len(own), HEAVIEST)
    return Overlap(
        edges=tuple(float(edge) for edge in edges),
        treated=_counts(places[treated], classes),
        control=_counts(places[~treated], classes),
        outside=int(beyond_others(groups).sum()),
        effective_treated=effective_persons(weights[treated]),
        effective_control=effective_persons(own),
        heaviest=heaviest,
        heaviest_share=float(np.sort(own)[-heaviest:].sum() / own.sum()),
        largest_weight=float(own.max() / own.mean()),
        n_treated=int(treated.sum()),
        n_control=int((~treated).sum()),
    )


def class_of(propensity: np.ndarray, classes: int = CLASSES) -> np.ndarray:
    """``(n,)`` class of equal width from 0 to 1; a limit belongs to the class above it."""
    return np.minimum((propensity * classes).astype(np.int64), classes - 1)


def beyond_others(groups: Groups) -> np.ndarray:
    """``(n,)`` participants whose propensity no comparison person comes up to or down to."""
    e, treated = groups.propensity, groups.treated
    beyond: np.ndarray = treated & ((e < e[~treated].min()) | (e > e[~treated].max()))
    return beyond


def _counts(places: np.ndarray, classes: int) -> tuple[int, ...]:
    return tuple(np.bincount(places, minlength=classes).tolist())
