"""Sentences about the same persons before and after, and cohorts that overlap."""

from __future__ import annotations

from evalkit.present.labels import Words
from evalkit.present.sentences.parts import all_finished, finished, interval_text, reason_text
from evalkit.results import CohortsCompared, MissingAfter, NotEstimable, Released, Withheld


def same_persons_sentences(
    released: Released[CohortsCompared | NotEstimable | Withheld], words: Words
) -> tuple[str, ...]:
    """Who gained and who lost it, the change, and what those without a status could make of it.

    Always both directions: a change of zero may be ten each way.
    """
    found = released.result
    if not isinstance(found, CohortsCompared):
        return (finished(released, reason_text(found, words), words),)
    if found.relation != "same":
        return all_finished(released, [_overlap(found, words)], words)
    numbers, texts = words.numbers, words.texts
    pairs = texts.format(
        "same_persons.pairs",
        n=numbers.count(found.n_both),
        gained=numbers.count(found.gained),
        lost=numbers.count(found.lost),
        unchanged=numbers.count(found.unchanged),
    )
    change = [pairs, _change(found, words)]
    if found.test is None:
        change.append(texts["same_persons.nobody"])
    rest = found.with_missing
    if rest is not None:
        told = _missing(rest, words)
        change = [told, *change] if rest.bounds_come_first else [*change, told]
    if found.missing_before:
        count = numbers.count(found.missing_before)
        change.append(texts.format("same_persons.left_out", count=count))
    return all_finished(released, [*change, texts["same_persons.time_passed"]], words)


def _change(found: CohortsCompared, words: Words) -> str:
    row = found.difference
    key = "level" if row.value == 0 else "rise" if row.value > 0 else "fall"
    if key == "level":
        return words.texts.format("same_persons.level", interval=interval_text(row, words))
    return words.texts.format(
        f"same_persons.{key}",
        value=words.numbers.points(abs(row.value)),
        interval=interval_text(row, words),
    )


def _missing(rest: MissingAfter, words: Words) -> str:
    numbers = words.numbers
    return words.texts.format(
        "same_persons.missing",
        missing=numbers.count(rest.missing),
        bounds=numbers.interval(rest.low, rest.high, "percentage_points"),
        outer=numbers.interval(rest.outer_low, rest.outer_high, "percentage_points"),
    )


def _overlap(found: CohortsCompared, words: Words) -> str:
    return words.texts.format(
        "same_persons.overlap",
        both=words.numbers.count(found.n_both),
        value=words.numbers.points(found.difference.value),
        interval=interval_text(found.difference, words),
    )
