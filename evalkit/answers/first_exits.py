"""Days from first entry to the first exit, counted per cause and group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from evalkit.results import CannotBeComputed, EventTable
from evalkit.statistics.time_to_event.event_table import event_table

Causes = Mapping[str, Sequence[str]]


def first_exits(
    persons: pd.DataFrame,
    ends_unknown: pd.Series[bool],
    causes: Causes,
    *,
    by: str | None = None,
    levels: Sequence[str] | None = None,
) -> EventTable:
    """Counts over time of persons; who lacks one of the levels of ``by`` is left out."""
    persons = persons[~ends_unknown.reindex(persons.index)]
    groups = None
    if by is not None and levels is not None:
        persons = persons[persons[by].astype("str").isin(levels)]
        groups = pd.Index(levels).get_indexer(pd.Index(persons[by].astype("str")))
    if persons.empty:
        raise CannotBeComputed("no_persons")
    return event_table(
        persons["days"].to_numpy(dtype=np.int64),
        cause_codes(persons["exit_class"], causes),
        cause_names=tuple(causes),
        groups=groups,
        group_names=levels,
    )


def cause_codes(exit_classes: pd.Series[str], causes: Causes) -> np.ndarray:
    """0 for those still enrolled, i for the i-th cause."""
    code = {name: i + 1 for i, classes in enumerate(causes.values()) for name in classes}
    return exit_classes.map(code).fillna(0).to_numpy(dtype=np.int64)
