"""Sentences about where persons are after leaving: known, not known, sustained, days."""

from __future__ import annotations

from typing import Literal

from evalkit.present.labels import Words
from evalkit.present.sentences.parts import all_finished, finished, sentence_about
from evalkit.results import (
    BoundedShare,
    DaysRange,
    Estimate,
    EstimateRow,
    NotEstimable,
    Released,
    SustainedWork,
    Withheld,
)

Missing = NotEstimable | Withheld
Who = Literal["work", "all"]


def share_on_day_sentences(
    released: Released[BoundedShare | Missing], words: Words, *, who: Who = "work"
) -> tuple[str, ...]:
    """How many are known to be at work on a day, and the extremes of all of them.

    Args:
        who: Of those who left to work, or of all who left.
    """
    found = released.result
    if not isinstance(found, BoundedShare):
        title = words.say(f"after_leaving.of.{who}")
        return (finished(released, words.reason(found), words, title=title),)
    key = "all_known" if found.known == found.n else "known"
    if found.bounds_come_first:
        key = "bounds"
    numbers = words.numbers
    sentence = words.say(
        f"after_leaving.{key}",
        found.of_known,
        n=found.n,
        who=words.say(f"after_leaving.who.{who}"),
        known=found.known,
        k=found.in_state,
        when=numbers.days(found.day),
        low=numbers.percent(found.low),
        high=numbers.percent(found.high),
        outer=numbers.interval(found.outer_low, found.outer_high, "percent"),
    )
    if found.bounds_come_first:
        return all_finished(released, [sentence], words)
    tenths = words.say(
        "after_leaving.of_ten", k=numbers.number(10 * found.of_known.value, decimals=0)
    )
    return all_finished(released, [sentence, tenths], words)


@sentence_about(SustainedWork)
def sustained_sentence(found: SustainedWork, words: Words) -> str:
    """Work throughout; from contacts only "every time we asked"."""
    numbers = words.numbers
    counted = words.say(
        f"after_leaving.sustained.{found.kind}",
        n=found.n,
        k=found.sustained,
        ended=found.ended,
        day=found.day,
    )
    share = words.say(
        f"after_leaving.sustained.{'undecided' if found.undecided else 'decided'}",
        undecided=found.undecided,
        low=numbers.percent(found.low),
        high=numbers.percent(found.high),
        outer=numbers.interval(found.outer_low, found.outer_high, "percent"),
    )
    return f"{counted} {share}"


def return_sentence(
    released: Released[EstimateRow | BoundedShare], words: Words, *, day: int
) -> str:
    """How many of those who left to work became unemployed again within a time.

    From contacts how many were so on the day they were asked of.
    """
    found = released.result
    if isinstance(found, BoundedShare):
        numbers = words.numbers
        sentence = words.say(
            "after_leaving.return.contacts",
            n=found.n,
            known=found.known,
            k=found.in_state,
            when=numbers.days(found.day),
            value=words.value(found.of_known),
            interval=words.interval(found.of_known),
            low=numbers.percent(found.low),
            high=numbers.percent(found.high),
        )
        return finished(released, sentence, words)
    return _of_estimate(released, words, "after_leaving.return", when=words.numbers.days(day))


def days_sentence(
    released: Released[EstimateRow | DaysRange], words: Words, *, horizon: int
) -> str:
    """Mean days at work: an estimate from dated changes, a range from contacts."""
    found = released.result
    numbers = words.numbers
    if not isinstance(found, DaysRange):
        return _of_estimate(released, words, "after_leaving.days", horizon=numbers.days(horizon))
    sentence = words.say(
        "after_leaving.days_range",
        horizon=numbers.days(found.horizon),
        low=numbers.bare(found.low, "days"),
        high=numbers.days(found.high),
        n=found.n,
    )
    return finished(released, sentence, words)


def _of_estimate(
    released: Released[EstimateRow | DaysRange] | Released[EstimateRow | BoundedShare],
    words: Words,
    key: str,
    **facts: str,
) -> str:
    row = released.result
    if isinstance(row, NotEstimable | Withheld):
        return finished(released, words.reason(row), words)
    assert isinstance(row, Estimate)
    sentence = words.say(key, row, **facts)
    return finished(released, sentence, words)
