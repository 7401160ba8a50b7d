"""Sentences about a target judged with regard to who took part."""

from __future__ import annotations

from evalkit.present.labels import Words
from evalkit.present.sentences.parts import (
    all_finished,
    count_behind,
    finished,
    interval_text,
    reason_text,
    value_text,
)
from evalkit.results import AdjustedVerdict, NotEstimable, Released, Withheld


def adjusted_verdict_sentences(
    released: Released[AdjustedVerdict | NotEstimable | Withheld], words: Words
) -> tuple[str, ...]:
    """What was to be expected and what came of it, then the adjusted share and its grade."""
    verdict = released.result
    if not isinstance(verdict, AdjustedVerdict):
        return (finished(released, reason_text(verdict, words), words),)
    sentences = [_expected(verdict, words), _adjusted(verdict, words)]
    if verdict.left_out:
        count = words.numbers.count(verdict.left_out)
        sentences.append(words.texts.format("casemix.left_out", count=count))
    return all_finished(released, sentences, words)


def _expected(verdict: AdjustedVerdict, words: Words) -> str:
    return words.texts.format(
        "casemix.expected",
        expected=words.numbers.percent(verdict.expected),
        observed=value_text(verdict.observed, words),
        k=words.numbers.count(count_behind(verdict.observed)),
        n=words.numbers.count(verdict.observed.n),
        ratio=words.numbers.number(verdict.ratio.value, decimals=2),
        interval=interval_text(verdict.ratio, words),
    )


def _adjusted(verdict: AdjustedVerdict, words: Words) -> str:
    return words.texts.format(
        "casemix.adjusted",
        grade=words.labels.inline("grade", verdict.grade),
        value=value_text(verdict.adjusted, words),
        interval=interval_text(verdict.adjusted, words),
        goal=words.numbers.percent_short(verdict.goal),
    )
