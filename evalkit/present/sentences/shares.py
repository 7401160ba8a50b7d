"""Sentences about shares: one share, two shares, a share against a goal, before and after."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from evalkit.present.labels import Words, count_behind
from evalkit.present.numbers import KIND_OF_UNIT
from evalkit.present.sentences.parts import finished, outcome_was, sentences_about
from evalkit.results import BeforeAfter, CountTable, Estimate, EstimateRow, Released, TargetVerdict

Denominator = Literal["participants", "exits", "persons"]
OutcomeKind = Literal["done", "being"]


def share_sentence(
    released: Released[EstimateRow],
    words: Words,
    *,
    outcome: str,
    denominator: Denominator = "participants",
    title: str = "",
) -> str:
    """As "Av 267 deltagare hade 163 gått till arbete eller studier: 61,0 % (…)".

    Args:
        outcome: What those counted have done, from `outcome_was`.
        denominator: Of whom the share is taken.
        title: Printed group or title in front.
    """
    row = released.result
    if not isinstance(row, Estimate):
        return finished(released, words.reason(row), words, title=title)
    sentence = words.say(
        f"sentence.share.done.{denominator}",
        row,
        k=_how_many(row, words),
        left=outcome_was(words, "any"),
        outcome=outcome,
    )
    return finished(released, sentence, words, title=title)


def subsidy_sentence(by_subsidy: CountTable, words: Words, *, where: str = "") -> str:
    """How many of those who went to work have a job with a subsidy, nothing being withheld.

    ``where`` is the kind of result it stands beside: ``over_time``, ``target`` or none.
    """
    counts = by_subsidy.known
    n, k = counts["total"], counts.get("subsidised", 0)
    unrecorded = counts.get("subsidy_unrecorded", 0)
    told = [words.numbers.count(k), words.numbers.percent(k / n)]
    if unrecorded:  # the others may have one, too
        told = [words.say("sentence.subsidy.at_least", value=one) for one in told]
    key = f"sentence.subsidy.{where}" if where else "sentence.subsidy"
    sentence = words.say(key, n=n, k=told[0], share=told[1])
    if not unrecorded:
        return sentence
    known = words.say("sentence.subsidy.unrecorded", n=unrecorded)
    return f"{sentence} {known}"


def _how_many(row: Estimate, words: Words) -> str:
    """As one says it: "ingen", "163", "alla"."""
    k = count_behind(row)
    if k in (0, row.n):
        return words.say("sentence.share.all" if k else "sentence.share.none")
    return words.numbers.count(k)


@sentences_about(TargetVerdict)
def verdict_sentences(verdict: TargetVerdict, words: Words) -> Sequence[str]:
    """The grade with goal and interval, and the count that would be clear."""
    is_clear = verdict.grade == "clearly_above"
    return [_graded(verdict, words), *([] if is_clear else [_smallest_clear(verdict, words)])]


@sentences_about(BeforeAfter)
def before_after_sentences(compared: BeforeAfter, words: Words) -> Sequence[str]:
    """Both shares, their difference, and what a before/after comparison leaves open."""
    return [
        _side("sentence.before", compared.before, words),
        _side("sentence.after", compared.after, words),
        *_changed(compared, words),
        words.say("sentence.change.limits"),
    ]


@sentences_about(BeforeAfter)
def change_sentences(compared: BeforeAfter, words: Words) -> Sequence[str]:
    """The difference alone and whether it could be none."""
    return _changed(compared, words)


def zero_verdict(difference: Estimate) -> Literal["clear", "unclear"]:
    """Whether the whole interval lies on one side of zero."""
    return "unclear" if difference.low <= 0 <= difference.high else "clear"


def is_nothing(difference: Estimate, words: Words) -> bool:
    """Whether the difference is zero in print."""
    kind = KIND_OF_UNIT[difference.unit]
    return words.numbers.bare(difference.value, kind) == words.numbers.bare(0, kind)


def _interval_as_positive(row: Estimate, words: Words) -> str:
    """The interval of the larger minus the smaller share."""
    low, high = (-row.high, -row.low) if row.value < 0 else (row.low, row.high)
    return words.limits(low, high, estimate=row, level=row.confidence_level)


def printed_grade(verdict: TargetVerdict, words: Words) -> str:
    """The grade in words; an uncertain share that is printed as its goal is at it, not above."""
    percent = words.numbers.percent
    is_at = percent(verdict.estimate.value) == percent(verdict.goal)
    return "equal" if is_at and verdict.grade.endswith("uncertain") else verdict.grade


def _graded(verdict: TargetVerdict, words: Words) -> str:
    estimate = verdict.estimate
    key = f"sentence.verdict.{printed_grade(verdict, words)}"
    return words.say(key, estimate, goal=words.numbers.percent_short(verdict.goal))


def _smallest_clear(verdict: TargetVerdict, words: Words) -> str:
    n, k = verdict.estimate.n, verdict.smallest_clear_count
    if k is None:
        return words.say("sentence.verdict.smallest_none", n=n)
    return words.say("sentence.verdict.smallest", k=k, n=n, share=words.numbers.percent(k / n))


def _side(key: str, estimate: Estimate, words: Words) -> str:
    return words.say(key, estimate)


def _changed(compared: BeforeAfter, words: Words) -> list[str]:
    is_unclear = zero_verdict(compared.difference) == "unclear"
    unclear = [words.say("sentence.change.unclear")] if is_unclear else []
    return [_change(compared, words), *unclear]


def _change(compared: BeforeAfter, words: Words) -> str:
    row = compared.difference
    direction = "lower" if row.value < 0 else "higher"
    return words.say(
        f"sentence.change.{'equal' if is_nothing(row, words) else direction}",
        value=words.numbers.points(abs(row.value)),
        interval=_interval_as_positive(row, words),
        n=compared.before.n + compared.after.n,
    )
