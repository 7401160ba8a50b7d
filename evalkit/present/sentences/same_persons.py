"""Sentences about the same persons before and after, and cohorts that overlap."""

from __future__ import annotations

from collections.abc import Sequence

from evalkit.present.labels import Words
from evalkit.present.sentences.parts import sentences_about
from evalkit.results import CohortsCompared, MissingAfter


@sentences_about(CohortsCompared)
def same_persons_sentences(found: CohortsCompared, words: Words) -> Sequence[str]:
    """Who gained and who lost it, the change, and what those without a status could make of it.

    Always both directions: a change of zero may be ten each way.
    """
    if found.relation != "same":
        return [_overlap(found, words)]
    pairs = words.say(
        "same_persons.pairs",
        n=found.n_both,
        gained=found.gained,
        lost=found.lost,
        unchanged=found.unchanged,
    )
    change = [pairs, _change(found, words)]
    if found.test is None:
        change.append(words.say("same_persons.nobody"))
    rest = found.with_missing
    if rest is not None:
        told = _missing(rest, words)
        change = [told, *change] if rest.bounds_come_first else [*change, told]
    if found.missing_before:
        change.append(words.say("same_persons.left_out", count=found.missing_before))
    return [*change, words.say("same_persons.time_passed")]


def _change(found: CohortsCompared, words: Words) -> str:
    row = found.difference
    key = "level" if row.value == 0 else "rise" if row.value > 0 else "fall"
    if key == "level":
        return words.say("same_persons.level", interval=words.interval(row))
    return words.say(
        f"same_persons.{key}",
        value=words.numbers.points(abs(row.value)),
        interval=words.interval(row),
    )


def _missing(rest: MissingAfter, words: Words) -> str:
    numbers = words.numbers
    return words.say(
        "same_persons.missing",
        missing=rest.missing,
        bounds=numbers.interval(rest.low, rest.high, "percentage_points"),
        outer=numbers.interval(rest.outer_low, rest.outer_high, "percentage_points"),
    )


def _overlap(found: CohortsCompared, words: Words) -> str:
    return words.say(
        "same_persons.overlap",
        both=found.n_both,
        value=words.numbers.points(found.difference.value),
        interval=words.interval(found.difference),
    )
