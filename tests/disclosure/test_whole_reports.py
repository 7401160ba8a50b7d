"""An attack on whole reports: every number as an equation, and what follows for the few.

The registers have groups so small that single persons are alone in their combination of sex,
education, municipality, way out and later status.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.disclosure.reader import Knowledge, pinned_in, small_cells_pinned
from tests.disclosure.small_groups import small_register


def test_the_reader_finds_a_cell_that_two_totals_leave() -> None:
    everyone, women = np.ones(20, dtype=bool), np.arange(20) < 17
    known = Knowledge()
    known.add("everybody", everyone, 20)
    assert small_cells_pinned(known, everyone, 5) == []
    known.add("women", women, 17)
    assert small_cells_pinned(known, everyone, 5) == ["everybody less women: 3 to 3"]


def test_the_reader_knows_no_more_of_a_withheld_cell_than_that_it_is_small() -> None:
    kinds = np.arange(40)
    known = Knowledge()
    known.add("everybody", kinds >= 0, 40)
    known.add("shown", kinds < 30, 30)
    known.add("first", (kinds >= 30) & (kinds < 33), None)
    known.add("second", kinds >= 33, None)
    assert small_cells_pinned(known, kinds >= 0, 5) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("profile", "seed"), [("standard", 1), ("standard", 6), ("strict", 3), ("rounded", 4)]
)
def test_a_reader_of_the_whole_report_tells_nothing_of_a_few(
    tmp_path: Path, profile: str, seed: int
) -> None:
    register = small_register(seed, 110)
    assert pinned_in(tmp_path, register, profile=profile, seed=seed) == []
