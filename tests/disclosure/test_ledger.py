"""Two editions of a report must not differ by a few persons."""

from __future__ import annotations

import pytest

from evalkit.disclosure import rule_for
from evalkit.disclosure.ledger import Difference, Figure, revealing_differences

STANDARD = rule_for("standard")


def edition(participants: float, employed: float, share: float | None = None) -> dict[str, Figure]:
    figures = {
        "outcomes/all/persons": Figure("count", participants),
        "outcomes/all/count": Figure("count", employed),
    }
    if share is not None:
        figures["goals/all/share"] = Figure("share", share, participants)
    return figures


def test_two_more_participants_tell_what_became_of_them():
    found = revealing_differences({"May": edition(267, 163)}, edition(269, 164), STANDARD)
    assert found == (Difference("outcomes", "May", 2),)


def test_the_same_edition_again_is_no_difference():
    assert revealing_differences({"May": edition(267, 163)}, edition(267, 163), STANDARD) == ()


def test_many_more_participants_tell_nothing_of_one():
    assert revealing_differences({"May": edition(267, 163)}, edition(290, 175), STANDARD) == ()


def test_every_earlier_edition_counts_not_only_the_last():
    editions = {"May": edition(267, 163), "June": edition(280, 170)}
    found = revealing_differences(editions, edition(269, 163), STANDARD)
    assert {difference.edition for difference in found} == {"May"}


def test_a_share_of_the_same_persons_that_moves_by_one_of_them_reveals():
    before, after = edition(267, 163, 0.610), edition(267, 163, 0.614)
    found = revealing_differences({"May": before}, after, STANDARD)
    assert found == (Difference("goals", "May", 1),)


def test_a_strict_threshold_refuses_larger_differences():
    found = revealing_differences({"May": edition(267, 163)}, edition(275, 163), rule_for("strict"))
    assert found == (Difference("outcomes", "May", 1),)


@pytest.mark.parametrize(("more", "reveals"), [(4, True), (5, False)])
def test_a_difference_of_the_threshold_is_allowed(more, reveals):
    found = revealing_differences({"May": edition(267, 163)}, edition(267, 163 + more), STANDARD)
    assert bool(found) is reveals


def test_a_figure_of_one_edition_only_is_compared_with_nothing():
    before, after = edition(267, 163), edition(267, 163)
    after["sex/woman/persons"] = Figure("count", 2)
    assert revealing_differences({"May": before}, after, STANDARD) == ()
    assert revealing_differences({"May": after}, before, STANDARD) == ()


@pytest.mark.parametrize(
    ("share", "decimals", "reveals"),
    [
        (0.505, 1, True),  # 5 persons of 1 000; as printed 4 to 6
        (0.506, 1, False),  # 5 to 7
        (0.51, 0, True),  # 0 to 20
        (0.52, 0, False),  # 10 to 30
    ],
)
def test_a_share_reveals_by_the_persons_its_printed_change_may_be(share, decimals, reveals):
    before, after = (
        {"goals/all/share": Figure("share", value, 1000, decimals)} for value in (0.5, share)
    )
    assert bool(revealing_differences({"May": before}, after, STANDARD)) is reveals


@pytest.mark.parametrize(("participants", "reveals"), [(500, True), (2000, False)])
def test_a_share_without_its_number_is_taken_to_be_of_all_persons(participants, reveals):
    before, after = (
        {"outcomes/all/persons": Figure("count", participants), "goals/all/share": share}
        for share in (Figure("share", 0.50), Figure("share", 0.51))
    )
    # 5 of 500, as printed 4.5 to 5.5; 20 of 2 000.
    assert bool(revealing_differences({"May": before}, after, STANDARD)) is reveals


def test_a_share_of_other_persons_is_no_difference_of_persons():
    before = {"goals/all/share": Figure("share", 0.500, 200)}
    after = {"goals/all/share": Figure("share", 0.505, 300)}
    assert revealing_differences({"May": before}, after, STANDARD) == ()


def test_a_figure_that_became_another_kind_is_another_figure():
    before = {"goals/all/figure": Figure("count", 2)}
    after = {"goals/all/figure": Figure("share", 0.5, 200)}
    assert revealing_differences({"May": before}, after, STANDARD) == ()
