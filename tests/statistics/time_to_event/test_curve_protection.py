"""Numbers read off a curve of released blocks carry no counts of their own."""

from dataclasses import replace

from evalkit.statistics.time_to_event.event_table import event_table
from evalkit.statistics.time_to_event.survival import kaplan_meier, median, share_at


def test_a_protected_curve_gives_no_cells_to_judge_by():
    table = event_table([3, 5, 5, 8], [1, 0, 1, 0], cause_names=["employment"])
    released = replace(kaplan_meier(table), protection="blocks")
    assert share_at(released, 5).cells == ()
    assert median(released).cells == ()


def test_an_exact_curve_gives_leavers_the_others_and_those_at_risk():
    table = event_table([3, 5, 5, 8], [1, 0, 1, 0], cause_names=["employment"])
    # 2 of 4 have left by day 5; after it one is still followed.
    assert share_at(kaplan_meier(table), 5).cells == (2, 2, 1)
