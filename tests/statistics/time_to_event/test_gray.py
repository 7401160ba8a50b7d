"""Gray's test: invariances and refusals; its numbers stand in the oracle tests."""

from __future__ import annotations

import pytest

from evalkit.results import CannotBeComputed
from evalkit.statistics.time_to_event.event_table import event_table
from evalkit.statistics.time_to_event.gray import gray_test
from tests.statistics.time_to_event.spells import CAUSES


def test_grays_test_is_symmetric_in_the_groups_and_refuses_delayed_entry() -> None:
    days, causes = [1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 1, 0, 2, 1, 1, 0]
    one = event_table(days, causes, cause_names=CAUSES, groups=list("aabbabab"))
    other = event_table(days, causes, cause_names=CAUSES, groups=list("bbaababa"))
    statistics = [gray_test(table, cause="work").statistic for table in (one, other)]
    assert statistics[0] == pytest.approx(statistics[1])
    late = event_table([3, 4], [1, 1], cause_names=["work"], groups=["a", "b"], entry=[1, 0])
    with pytest.raises(CannotBeComputed, match="delayed_entry"):
        gray_test(late, cause="work")
    with pytest.raises(ValueError, match="cause: expected"):
        gray_test(one, cause="wrok")


def test_identical_groups_do_not_differ() -> None:
    days, causes = [1, 2, 3, 4, 5] * 2, [1, 2, 1, 0, 3] * 2
    table = event_table(days, causes, cause_names=CAUSES, groups=["a"] * 5 + ["b"] * 5)
    test = gray_test(table, cause="work")
    assert test.statistic == pytest.approx(0, abs=1e-12)
    assert test.cells == (2, 2, 3, 3)
