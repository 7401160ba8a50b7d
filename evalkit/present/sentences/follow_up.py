"""Sentences about those who could not be followed up: how many, and what they could change."""

from __future__ import annotations

from collections.abc import Sequence

from evalkit.present.labels import Words
from evalkit.present.sentences.parts import sentences_about
from evalkit.present.sentences.shares import OutcomeKind
from evalkit.results import Estimate, FollowUpBounds, GradeRange, TippingPoint


@sentences_about(FollowUpBounds)
def bounds_sentences(
    bounds: FollowUpBounds, words: Words, *, did: str, grounds: str = ""
) -> Sequence[str]:
    """How many were followed up, the extremes, and what a stated assumption leaves.

    Args:
        did: What those counted were or had done, from `did_text`.
        grounds: What the stated assumption rests on.
    """
    if bounds.missing == 0:
        return [words.say("follow_up.everybody", n=bounds.response.n)]
    sentences = [_response(bounds, words), *_extremes(bounds, words, did)]
    if bounds.assumed:
        sentences.append(_assumed(bounds, words, grounds))
    return sentences


@sentences_about(TippingPoint)
def tipping_sentences(found: TippingPoint, words: Words, *, did: str) -> Sequence[str]:
    """The verdict among those followed up, and how many of the others would turn it."""
    if found.missing == 0:
        return ()
    sentences = [
        words.say(
            "follow_up.verdict",
            grade=_grade(found.grade, words),
            value=words.value(found.followed_up),
            goal=words.numbers.percent_short(found.goal),
        )
    ]
    if len(found.ranges) == 1:
        text = words.say(
            "follow_up.never_turns",
            grade=_grade(found.ranges[0].grade, words),
            missing=found.missing,
        )
    elif (stands := _stands(found, words, did)) is not None:
        text = stands
    else:
        steps = "; ".join(_step(one, found.missing, words) for one in found.ranges)
        text = words.say(
            "follow_up.turns",
            missing=found.missing,
            steps=steps,
            did=did,
            same=round(found.missing * found.followed_up.value),
        )
    return [*sentences, text]


def _stands(found: TippingPoint, words: Words, did: str) -> str | None:
    """Of two possible grades: up to how many of the others the one among those followed up stands.

    Nothing where another grade is possible, or one of them rests on none or all.
    """
    two = 2
    if len(found.ranges) != two or found.grade not in {one.grade for one in found.ranges}:
        return None
    low, high = found.ranges
    is_low = low.grade == found.grade
    limit = low.most if is_low else high.fewest
    if limit in (0, found.missing):
        return None
    return words.say(
        f"follow_up.stands.{'at_most' if is_low else 'at_least'}",
        most=limit,
        missing=found.missing,
        did=did,
        other=_grade((high if is_low else low).grade, words),
        same=round(found.missing * found.followed_up.value),
    )


@sentences_about(Estimate)
def imputed_sentences(share: Estimate, words: Words, *, columns: Sequence[str]) -> Sequence[str]:
    """The share with the unknown outcomes estimated, and what that assumes.

    Args:
        columns: Printed names of what the model knows of a person.
    """
    said = words.say("follow_up.imputed", share, columns=words.labels.all_of(columns))
    return [said, words.say("follow_up.assumes")]


def did_text(words: Words, outcome: str, *, kind: OutcomeKind) -> str:
    """What those counted were or had done: "var i arbete", "hade gått till arbete".

    Args:
        outcome: From `outcome_is` or `outcome_was`.
        kind: ``being`` for a status at follow-up, ``done`` for an exit.
    """
    return words.say(f"follow_up.did.{kind}", outcome=outcome)


def ratio_text(ratio: float, words: Words) -> str:
    """How often the missing are taken to reach the outcome: "hälften så ofta"."""
    key = f"follow_up.ratio.{ratio:g}"
    if key in words.texts:
        return words.say(key)
    decimals = 1 if round(ratio, 1) == ratio else 2
    return words.say("follow_up.ratio", ratio=words.numbers.number(ratio, decimals=decimals))


def _response(bounds: FollowUpBounds, words: Words) -> str:
    return words.say(
        "follow_up.response", bounds.response, k=bounds.followed_up.n, missing=bounds.missing
    )


def _extremes(bounds: FollowUpBounds, words: Words, did: str) -> tuple[str, str]:
    among = words.say("follow_up.among", bounds.followed_up, did=did)
    extremes = words.say(
        "follow_up.extremes",
        did=did,
        n=bounds.none.n,
        none=words.value(bounds.none),
        every=words.value(bounds.every),
        interval=words.limits(
            bounds.low, bounds.high, estimate=bounds.none, level=bounds.confidence_level
        ),
    )
    return among, extremes


def _assumed(bounds: FollowUpBounds, words: Words, grounds: str) -> str:
    ends = [words.value(share) for share in bounds.assumed]
    ratios = [ratio_text(ratio, words) for ratio in bounds.ratios]
    return words.say(
        "follow_up.assumed" if len(set(ratios)) > 1 else "follow_up.assumed_one",
        low_ratio=ratios[0],
        high_ratio=ratios[-1],
        low=ends[0],
        high=ends[-1],
        grounds=grounds,
    )


def _step(one: GradeRange, missing: int, words: Words) -> str:
    if one.fewest == 0:
        key = "follow_up.step.at_most" if one.most else "follow_up.step.nobody"
    elif one.most == missing:
        key = "follow_up.step.at_least" if one.fewest < missing else "follow_up.step.everybody"
    else:
        key = "follow_up.step.between" if one.fewest < one.most else "follow_up.step.exactly"
    return words.say(key, grade=_grade(one.grade, words), fewest=one.fewest, most=one.most)


def _grade(grade: str, words: Words) -> str:
    return words.labels.inline("grade", grade)
