"""Random registers for property tests: whole days, tied, censored, in groups."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

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
