"""Two editions of a report must not differ by a few persons."""

from __future__ import annotations

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


def test_counts_rounded_to_five_cannot_be_subtracted():
    found = revealing_differences(
        {"May": edition(265, 165)}, edition(270, 165), rule_for("rounded")
    )
    assert found == ()


def test_a_strict_threshold_refuses_larger_differences():
    found = revealing_differences({"May": edition(267, 163)}, edition(275, 163), rule_for("strict"))
    assert found == (Difference("outcomes", "May", 1),)
