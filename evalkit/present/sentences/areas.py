"""Sentences about few areas with a programme, the years before, and a bad year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from evalkit.present.labels import Words
from evalkit.present.sentences.parts import sentences_about
from evalkit.present.sentences.trends import interval, number
from evalkit.results import AreasCompared, Estimate, LeadAfterBadYear, NotEstimable, Withheld

Missing = NotEstimable | Withheld


@sentences_about(AreasCompared)
def areas_sentences(
    found: AreasCompared, words: Words, *, is_percentage: bool = False
) -> Sequence[str]:
    """How much more the areas with the programme rose, and how many other choices give as much."""
    numbers, row = words.numbers, _unsigned(found.difference)
    first = words.say(
        "areas.rose" if found.difference.value >= 0 else "areas.fell",
        treated=found.n_treated,
        others=found.n_others,
        value=number(row.value, words, is_percentage=is_percentage),
        interval=interval(row, words, is_percentage=is_percentage),
    )
    common = {
        "assignments": numbers.count(found.assignments),
        "treated": numbers.count(found.n_treated),
        "n": numbers.count(found.n_treated + found.n_others),
        "p": numbers.p_value(found.p_value),
    }
    only = found.p_value <= found.smallest_p
    more = {"share": numbers.percent(found.p_value), "smallest": numbers.p_value(found.smallest_p)}
    told = [
        first,
        words.say("areas.by_lot_only", **common)
        if only
        else words.say("areas.by_lot", **more, **common),
    ]
    if found.studentised is not None:
        p = numbers.p_value(found.studentised.p_value)
        told.append(words.say("areas.by_lot_studentised", p=p))
    return told


@sentences_about(LeadAfterBadYear)
def bad_year_sentences(
    found: LeadAfterBadYear, words: Words, *, is_percentage: bool = False
) -> Sequence[str]:
    """What such a comparison could find, how the area stood, and how it moved beside the others.

    More or less than expected is said without a sign, so the interval is of that, too.
    """

    def amount(value: float) -> str:
        if found.adjusted.unit == "share_difference":
            return words.numbers.points(value)
        return number(value, words, is_percentage=is_percentage)

    def limits(row: Estimate) -> str:
        if row.unit == "share_difference":
            return words.interval(row)
        return interval(row, words, is_percentage=is_percentage)

    lead, above = _unsigned(found.adjusted), "" if found.dip < 0 else "_above"
    moved = "rose" if found.change >= 0 else "fell"
    is_more = (found.adjusted.value >= 0) == (found.change >= 0)
    return [
        words.say(
            "areas.bad_year.power",
            others=found.n_others,
            years=found.years_before,
            smallest=amount(found.smallest_found),
        ),
        words.say(
            f"areas.bad_year.before{above}",
            area=found.area,
            dip=amount(abs(found.dip)),
        ),
        words.say(
            f"areas.bad_year.others.{'rose' if found.expected >= 0 else 'fell'}",
            expected=amount(abs(found.expected)),
        ),
        words.say(
            f"areas.bad_year.{moved}.{'more' if is_more else 'less'}",
            area=found.area,
            change=amount(abs(found.change)),
            lead=amount(lead.value),
            interval=limits(lead),
        ),
        words.say(
            f"areas.bad_year.unadjusted{above}",
            lead=amount(found.unadjusted.value),
            interval=limits(found.unadjusted),
        ),
        *_chance(found, words),
        _verdict(found, words),
    ]


def _unsigned(row: Estimate) -> Estimate:
    """How much more or less, as words say it: the interval turns with the value."""
    return row if row.value >= 0 else replace(row, value=-row.value, low=-row.high, high=-row.low)


def _chance(found: LeadAfterBadYear, words: Words) -> tuple[str, ...]:
    if found.share_of_dip is None:
        return ()
    share = words.numbers.percent(found.share_of_dip, decimals=0)
    return (words.say("areas.bad_year.chance", share=share),)


def _verdict(found: LeadAfterBadYear, words: Words) -> str:
    if not found.is_judged:
        return words.say(f"areas.bad_year.guard.{found.guard}", area=found.area)
    is_clear = found.adjusted.low > 0 or found.adjusted.high < 0
    verdict = words.say(f"areas.bad_year.{'clear' if is_clear else 'unclear'}")
    return f"{verdict} {words.say('areas.bad_year.roughly')}" if found.is_rough else verdict
