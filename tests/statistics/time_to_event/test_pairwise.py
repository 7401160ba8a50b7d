"""Every pair of groups: adjusted p-values by their definitions, each pair on its own."""

from __future__ import annotations

import pytest

from evalkit.results import NotEstimable, TestResult
from evalkit.statistics.time_to_event.event_table import event_table
from evalkit.statistics.time_to_event.logrank import log_rank
from evalkit.statistics.time_to_event.pairwise import adjusted_p_values, pairwise_log_rank


def test_adjusted_p_values_as_holm_and_benjamini_hochberg_define_them() -> None:
    # Holm: 0.01·3, then max(0.03, 0.02·2), then max(0.04, 0.04·1); p.adjust in R agrees.
    assert adjusted_p_values([0.04, 0.01, 0.02]) == pytest.approx((0.04, 0.03, 0.04))
    hochberg = adjusted_p_values([0.04, 0.01, 0.02], adjustment="benjamini-hochberg")
    assert hochberg == pytest.approx((0.04, 0.03, 0.03))
    assert adjusted_p_values([0.5, 0.9], adjustment="bonferroni") == (1.0, 1.0)
    assert adjusted_p_values([0.5, 0.9], adjustment="none") == (0.5, 0.9)
    with pytest.raises(ValueError, match="p_values"):
        adjusted_p_values([1.2])
    with pytest.raises(ValueError, match="adjustment"):
        adjusted_p_values([0.2], adjustment="fdr")  # type: ignore[arg-type]


def test_a_pair_is_tested_on_its_own_groups_only() -> None:
    days, causes, groups = [1, 2, 3, 4, 5, 6], [1] * 6, list("aabbcc")
    table = event_table(days, causes, cause_names=["work"], groups=groups)
    pair = pairwise_log_rank(table, adjustment="none")[0]
    alone = event_table(days[:4], causes[:4], cause_names=["work"], groups=groups[:4])
    assert isinstance(pair.test, TestResult)
    assert pair.test.statistic == pytest.approx(log_rank(alone).statistic)


def test_a_pair_that_cannot_be_compared_leaves_the_others_standing() -> None:
    # Nobody leaves in b and c: they cannot be told apart, each can be told from a.
    days, causes = [1, 2, 3, 9, 9, 9, 9], [1, 1, 1, 0, 0, 0, 0]
    table = event_table(days, causes, cause_names=["work"], groups=list("aaabbcc"))
    pairs = {(one.first, one.second): one for one in pairwise_log_rank(table)}
    lone = pairs["b", "c"]
    assert lone.test == NotEstimable(measure="log-rank", reason="no_events", n=4)
    assert lone.adjusted_p_value is None
    tested = [one for one in pairs.values() if isinstance(one.test, TestResult)]
    assert len(tested) == 2
    # Holm over the two tests made, not over three.
    smallest = min(one.test.p_value for one in tested if isinstance(one.test, TestResult))
    assert min(one.adjusted_p_value or 1 for one in tested) == pytest.approx(2 * smallest)
