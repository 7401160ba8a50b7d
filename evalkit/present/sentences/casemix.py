"""Sentences about a target judged with regard to who took part."""

from __future__ import annotations

from collections.abc import Sequence

from evalkit.present.labels import Words, count_behind
from evalkit.present.sentences.parts import sentences_about
from evalkit.results import AdjustedVerdict


@sentences_about(AdjustedVerdict)
def adjusted_verdict_sentences(verdict: AdjustedVerdict, words: Words) -> Sequence[str]:
    """What was to be expected and what came of it, then the adjusted share and its grade."""
    sentences = [_expected(verdict, words), _adjusted(verdict, words)]
    if verdict.left_out:
        sentences.append(words.say("casemix.left_out", count=verdict.left_out))
    return sentences


def _expected(verdict: AdjustedVerdict, words: Words) -> str:
    return words.say(
        "casemix.expected",
        expected=words.numbers.percent(verdict.expected),
        observed=words.value(verdict.observed),
        k=count_behind(verdict.observed),
        n=verdict.observed.n,
        ratio=words.numbers.number(verdict.ratio.value, decimals=2),
        interval=words.interval(verdict.ratio),
    )


def _adjusted(verdict: AdjustedVerdict, words: Words) -> str:
    return words.say(
        "casemix.adjusted",
        verdict.adjusted,
        grade=words.labels.inline("grade", verdict.grade),
        goal=words.numbers.percent_short(verdict.goal),
    )
