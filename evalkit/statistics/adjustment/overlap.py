"""Whether every participant has somebody to be compared with."""

from __future__ import annotations

import numpy as np

from evalkit.options import check_option
from evalkit.results import Overlap
from evalkit.statistics.adjustment.groups import Groups
from evalkit.statistics.adjustment.weighting import Target, balancing_weights, effective_persons

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
