"""Pieces that every sentence is made of: the interval in brackets, the group, the mark."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from evalkit.present.labels import Words
from evalkit.present.numbers import KIND_OF_UNIT
from evalkit.results import Estimate, NotEstimable, Released, Withheld

LABEL_WORDS = 4


def interval_text(estimate: Estimate, words: Words) -> str:
    """``95 % konfidensintervall 55,1–66,7 %``."""
    return limits_text(
        estimate.low, estimate.high, words, estimate=estimate, level=estimate.confidence_level
    )


def limits_text(low: float, high: float, words: Words, *, estimate: Estimate, level: float) -> str:
    """An interval with its confidence level, in the unit of an estimate."""
    if math.isinf(low):
        return words.texts["sentence.interval_not_reached"]
    kind = KIND_OF_UNIT[estimate.unit]
    low, high = (words.numbers.told(end, kind) for end in (low, high))
    return words.texts.format(
        "sentence.interval",
        level=words.numbers.percent_short(level),
        interval=words.numbers.interval(low, high, kind),
    )


def value_text(estimate: Estimate, words: Words) -> str:
    """The estimate's value with its unit."""
    kind = KIND_OF_UNIT[estimate.unit]
    return words.numbers.format(words.numbers.told(estimate.value, kind), kind)


def count_behind(estimate: Estimate) -> int:
    """How many persons have the outcome: for a share of whole persons, k of n."""
    return round(estimate.value * estimate.n)


def outcome_was(words: Words, *outcomes: str) -> str:
    """What those with one of the outcomes have done: "gått till arbete eller studier"."""
    return words.labels.done(outcomes)


def outcome_is(words: Words, *statuses: str) -> str:
    """What those with one of the statuses are: "i arbete eller studier"."""
    return words.labels.being(statuses)


def titled(sentence: str, words: Words, *, title: str) -> str:
    """The sentence after its group or title, "Kvinnor: …", or as it is."""
    if not title:
        return sentence
    if len(title.split()) > LABEL_WORDS:
        return words.texts.format("sentence.titled", title=title, sentence=sentence)
    # After a label and a colon the sentence goes on.
    begun = sentence[:1].lower() + sentence[1:]
    return words.texts.format("sentence.labelled", title=title, sentence=begun)


def finished(released: Released[Any], sentence: str, words: Words, *, title: str = "") -> str:
    """The sentence with its title, marked where the figure is exact and not released."""
    text = titled(sentence, words, title=title)
    if released.is_internal:
        return words.texts.format("sentence.internal", sentence=text)
    return text


def all_finished(
    released: Released[Any], sentences: Sequence[str], words: Words, *, title: str = ""
) -> tuple[str, ...]:
    """Sentences that belong together: titled at the first, marked at the last."""
    *body, last = [titled(sentences[0], words, title=title), *sentences[1:]]
    return (*body, finished(released, last, words))


def reason_text(row: NotEstimable | Withheld, words: Words) -> str:
    """Why a figure is not there."""
    if isinstance(row, Withheld):
        return words.texts[f"withheld.{row.reason}"]
    return words.texts.format(f"cannot.{row.reason}", n=words.numbers.count(row.n))
