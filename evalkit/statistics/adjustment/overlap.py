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
    members: tuple[int, int] | None = None,
) -> Overlap:
    """How the propensities of both groups lie, and what the weights rest on.

    Persons per class of equal width from 0 to 1; participants outside the range of the
    comparison group's propensities (Dehejia and Wahba 1999 leave them out; here they are
    counted); effective numbers (Kish 1965) and the share of the weight that the heaviest carry.

    Args:
        groups: From `compare_groups`.
        target: For whom the weights are meant.
        classes: Number of classes.
        members: All persons of both groups, participants first, where some were left out;
            disclosure control needs them.

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
    weights = balancing_weights(groups, target=target)
    own = weights[~treated]
    heaviest = min(len(own), HEAVIEST)
    outside = (e[treated] < e[~treated].min()) | (e[treated] > e[~treated].max())
    return Overlap(
        edges=tuple(float(edge) for edge in edges),
        treated=_counts(e[treated], edges),
        control=_counts(e[~treated], edges),
        outside=int(outside.sum()),
        effective_treated=effective_persons(weights[treated]),
        effective_control=effective_persons(own),
        heaviest=heaviest,
        heaviest_share=float(np.sort(own)[-heaviest:].sum() / own.sum()),
        largest_weight=float(own.max() / own.mean()),
        n_treated=int(treated.sum()),
        n_control=int((~treated).sum()),
        members=members or (int(treated.sum()), int((~treated).sum())),
    )


def _counts(propensity: np.ndarray, edges: np.ndarray) -> tuple[int, ...]:
    return tuple(int(count) for count in np.histogram(propensity, bins=edges)[0])
