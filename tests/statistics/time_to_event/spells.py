"""Random registers for property tests: whole days, tied, censored, in groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st

from evalkit.results import EventTable
from evalkit.statistics.time_to_event.event_table import event_table

CAUSES = ("work", "studies", "other")


@dataclass(frozen=True)
class Register:
    days: np.ndarray
    causes: np.ndarray
    groups: np.ndarray

    def rows(self, chosen: np.ndarray) -> Register:
        return Register(self.days[chosen], self.causes[chosen], self.groups[chosen])


@st.composite
def registers(draw: st.DrawFn, *, smallest: int = 1, censored: bool = True) -> Register:
    row = st.tuples(
        st.integers(0, 12), st.integers(0 if censored else 1, 3), st.sampled_from(["a", "b"])
    )
    rows = draw(st.lists(row, min_size=smallest, max_size=40))
    days, causes, groups = zip(*rows, strict=True)
    return Register(np.array(days), np.array(causes), np.array(groups))


def by_stratum(
    days: Any, causes: Any, strata: Any, *, groups: Any, cause_names: list[str], entry: Any = None
) -> tuple[EventTable, ...]:
    """One table per stratum, all with the same groups in the same order."""
    days, causes, strata = np.asarray(days), np.asarray(causes), np.asarray(strata)
    names = event_table(days, causes, cause_names=cause_names, groups=groups).groups
    codes = np.array([names.index(str(label)) for label in groups])
    return tuple(
        event_table(
            days[rows],
            causes[rows],
            cause_names=cause_names,
            groups=codes[rows],
            group_names=names,
            entry=None if entry is None else np.asarray(entry)[rows],
        )
        for rows in (strata == stratum for stratum in np.unique(strata))
    )
