"""Sentences about time: medians, shares by a day, mean time within a horizon."""

from __future__ import annotations

import math

from evalkit.present.labels import Words
from evalkit.present.sentences.parts import finished
from evalkit.results import Between, Estimate, EstimateRow, Released

KNOWN = "known"  # the method of a figure that has no interval


def median_sentence(
    released: Released[EstimateRow | Between], words: Words, *, outcome: str
) -> str:
    """As "Hälften hade gått till arbete inom 214 dagar (…)", or that the half is not reached."""
    return _quantile(released, words, family="median", share="", outcome=outcome)


def quantile_sentence(
    released: Released[EstimateRow | Between], words: Words, *, probability: float, outcome: str
) -> str:
    """As "En fjärdedel hade gått till arbete inom 90 dagar (…)".

    Args:
        probability: 0.25 for the first quartile.
        outcome: From `outcome_was`.
    """
    key = f"fraction.{probability * 100:g}"
    has_name = key in words.texts and math.isfinite(_value(released))
    share = words.say(key) if has_name else words.numbers.percent_short(probability)
    return _quantile(released, words, family="quantile", share=share, outcome=outcome)


def share_at_sentence(
    released: Released[EstimateRow | Between],
    words: Words,
    *,
    day: float,
    outcome: str,
    title: str = "",
) -> str:
    """As "Inom 180 dagar hade 32,1 % gått till arbete (…)"."""
    row = released.result
    if isinstance(row, Between):
        sentence = words.say(
            "sentence.share_at.between",
            day=words.numbers.days(day),
            outcome=outcome,
            low=words.numbers.percent(row.low),
            high=words.numbers.percent(row.high),
            n=row.n,
        )
        return finished(released, sentence, words, title=title)
    if not isinstance(row, Estimate):
        return finished(released, words.reason(row), words, title=title)
    sentence = words.say(
        "sentence.share_at", day=words.numbers.days(day), outcome=outcome, **_figures(row, words)
    )
    return finished(released, sentence, words, title=title)


def restricted_mean_sentence(
    released: Released[EstimateRow], words: Words, *, days: float, outcome: str
) -> str:
    """As "Av de första 365 dagarna gick i genomsnitt 241 dagar innan …".

    Args:
        days: The horizon.
        outcome: From `outcome_was`.
    """
    row = released.result
    if not isinstance(row, Estimate):
        return finished(released, words.reason(row), words)
    sentence = words.say(
        "sentence.restricted_mean.released" if row.method == KNOWN else "sentence.restricted_mean",
        days=days,
        outcome=outcome,
        **_figures(row, words),
    )
    return finished(released, sentence, words)


def _quantile(
    released: Released[EstimateRow | Between],
    words: Words,
    *,
    family: str,
    share: str,
    outcome: str,
) -> str:
    row = released.result
    if isinstance(row, Between):
        kind = "not_yet" if math.isinf(row.high) else "between" if row.low else "within"
        sentence = words.say(
            f"sentence.{family}.{kind}",
            share=share,
            outcome=outcome,
            low=row.low,
            high="" if kind == "not_yet" else words.numbers.count(row.high),
            n=row.n,
        )
        return finished(released, sentence[:1].upper() + sentence[1:], words)
    if not isinstance(row, Estimate):
        return finished(released, words.reason(row), words)
    reached = "reached" if math.isfinite(row.value) else "not_reached"
    sentence = words.say(
        f"sentence.{family}.{reached}", share=share, outcome=outcome, **_figures(row, words)
    )
    return finished(released, sentence[:1].upper() + sentence[1:], words)


def _figures(row: Estimate, words: Words) -> dict[str, str]:
    return {
        "value": words.value(row),
        "interval": words.interval(row),
        "n": words.numbers.count(row.n),
    }


def _value(released: Released[EstimateRow | Between]) -> float:
    row = released.result
    if isinstance(row, Between):
        return row.high
    return row.value if isinstance(row, Estimate) else math.inf
