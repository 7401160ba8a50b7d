"""Sentences on series and designs: what each found, and how much its design can carry.

No sentence here says what a change comes from. A design with comparison areas may say what
would have to be true for that; one without may not even say so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from evalkit.present.labels import Words
from evalkit.present.sentences.parts import all_finished, sentence_about, sentences_about, titled
from evalkit.results import (
    AreaChanges,
    Estimate,
    EventStudy,
    LeadChange,
    LeadOverReference,
    NotEstimable,
    Released,
    SegmentedTrend,
    SyntheticControl,
    TestResult,
    Withheld,
    YearsBefore,
)

DesignLevel = Literal["description", "reference", "comparison"]
Design = Literal[
    "area_alone",
    "change_against_reference",
    "lead",
    "interrupted",
    "synthetic_control",
    "panel",
    "bad_year",
]
LEVEL_OF: dict[Design, DesignLevel] = {
    "bad_year": "comparison",
    "area_alone": "description",
    "change_against_reference": "reference",
    "lead": "reference",
    "interrupted": "reference",
    "synthetic_control": "comparison",
    "panel": "comparison",
}
DECIMALS = 2
HUNDRED = 100
SURE = 0.05


def design_sentence(design: Design, words: Words) -> str:
    """Which design it is, and what a reader may take from one of its level."""
    return words.say(
        "design.sentence",
        design=words.say(f"design.{design}"),
        carries=words.say(f"design.level.{LEVEL_OF[design]}"),
    )


def message(name: str, rows: Sequence[Estimate | TestResult], words: Words, **facts: str) -> str:
    """What a chart shows where its interval, any of several, or its test carries it."""
    is_clear = any(
        row.p_value <= SURE if isinstance(row, TestResult) else _clear(row) == "clear"
        for row in rows
    )
    return words.say(f"trend.message.{name}{'clear' if is_clear else 'unclear'}", **facts)


@sentences_about(Estimate)
def spread_sentences(
    row: Estimate, words: Words, *, reference: str, is_percentage: bool = False
) -> Sequence[str]:
    """The change less the reference's, with the spread of areas, and whether it stands out."""
    name = words.labels.inline("area", reference)
    sentence = words.say(
        f"trend.spread.{'down' if row.value < 0 else 'up'}",
        area=row.group,
        reference=name,
        value=number(abs(row.value), words, is_percentage=is_percentage),
        interval=interval(row, words, is_percentage=is_percentage),
        width=words.say("trend.spread.width", others=row.n - 1, reference=name),
    )
    return [sentence, words.say(f"trend.spread.{_clear(row)}")]


@sentences_about(SegmentedTrend)
def segmented_sentences(
    trend: SegmentedTrend, words: Words, *, is_percentage: bool = False
) -> Sequence[str]:
    """Level at the start, slope after it, and where both have led at the last period."""
    last = str(trend.lines["period"].iloc[-1])
    of_what = "difference" if trend.reference else "alone"
    opening = words.say(
        f"trend.segmented.{of_what}",
        area=trend.area,
        reference=words.labels.inline("area", trend.reference or ""),
        before=trend.n_before,
        after=trend.n_after,
    )
    sentences = [
        words.say(
            f"trend.segmented.{row.measure}.{_clear(row)}",
            value=number(row.value, words, is_percentage=is_percentage),
            interval=interval(row, words, is_percentage=is_percentage),
            start=words.numbers.period(trend.intervention),
            last=words.numbers.period(last),
        )
        for row in trend.changes
    ]
    return [opening, *sentences]


@sentences_about(SyntheticControl)
def synthetic_sentences(
    control: SyntheticControl, words: Words, *, is_percentage: bool = False
) -> Sequence[str]:
    """The difference after the start, its rank among all areas, and how it depends on each."""
    test = control.test
    sentences = [
        words.say(
            f"trend.synthetic_control.{'below' if control.difference < 0 else 'above'}",
            area=control.area,
            start=words.numbers.period(control.intervention),
            value=number(abs(control.difference), words, is_percentage=is_percentage),
            before=number(control.error_before, words, is_percentage=is_percentage),
        ),
        words.say(
            "trend.synthetic_control.rank",
            area=control.area,
            rank=test.statistic,
            n=test.n,
            share=words.numbers.percent(test.p_value, decimals=0),
            smallest=words.numbers.percent(1 / test.n, decimals=0),
        ),
    ]
    if control.leave_one_out:
        low, high = min(control.leave_one_out.values()), max(control.leave_one_out.values())
        sentences.append(
            words.say(
                "trend.synthetic_control.leave_one_out",
                interval=span(low, high, words, is_percentage=is_percentage),
            )
        )
    return sentences


@sentences_about(EventStudy)
def event_study_sentences(study: EventStudy, words: Words, *, area: str = "") -> Sequence[str]:
    """Whether the areas moved together before the start, by the test or the rank of the one area.

    Args:
        area: The area with the programme, where there is one.
    """
    test = study.trends_before
    if study.before is not None:
        return [years_before_sentence(study.before, words)]
    if isinstance(test, NotEstimable):
        title = words.say("trend.event_study.before")
        return [titled(words.reason(test), words, title=title)]
    if test.name == "placebo_before":
        return _rank_before(study, test, words, area)
    sentence = words.say(
        f"trend.event_study.{'differed' if _differed(study, test) else 'together'}",
        p=words.numbers.p_value(test.p_value),
        n=test.n,
        reference=words.numbers.period(study.reference_period),
    )
    return [sentence]


def years_before_sentence(before: YearsBefore, words: Words) -> str:
    """One of three answers; never that the design does not hold."""
    margin = "" if before.margin is None else number(before.margin, words)
    if before.answer == "alike":
        return words.say("areas.before.alike", margin=margin)
    return words.say(f"areas.before.{before.answer}", p=words.numbers.p_value(before.p_value))


def average_sentence(
    released: Released[Estimate], words: Words, *, area: str = "", is_percentage: bool = False
) -> str:
    """How much more the areas with the programme changed, or the one area that has it."""
    row = released.result
    sentence = words.say(
        f"trend.event_study.average.{'area' if area else 'areas'}",
        area=area,
        value=number(row.value, words, is_percentage=is_percentage),
        interval=interval(row, words, is_percentage=is_percentage),
        n=row.n,
        others=row.n - 1,
    )
    verdict = words.say(f"trend.event_study.average.{_clear(row)}")
    return " ".join(all_finished(released, [sentence, verdict], words))


def _rank_before(study: EventStudy, test: TestResult, words: Words, area: str) -> list[str]:
    rank = words.say(
        "trend.event_study.rank",
        area=area,
        rank=test.statistic,
        n=test.n,
        share=words.numbers.percent(test.p_value, decimals=0),
        smallest=words.numbers.percent(1 / test.n, decimals=0),
    )
    key = "rank_differed" if _differed(study, test) else "rank_together"
    return [rank, words.say(f"trend.event_study.{key}", area=area)]


def _differed(study: EventStudy, test: TestResult) -> bool:
    return test.p_value <= 1 - study.differences[0].confidence_level


@sentence_about(AreaChanges)
def changes_sentence(
    changes: AreaChanges, words: Words, *, unit: str, is_percentage: bool = False
) -> str:
    """As "Eskilstuna gick från 7,1 till 6,6 mellan 2016 och 2018, en förändring på −0,5 …"."""
    return words.say(
        "trend.change.sentence",
        area=changes.area.area,
        reference=words.labels.level("area", changes.reference.area),
        unit=unit,
        first=words.numbers.period(changes.first),
        last=words.numbers.period(changes.last),
        first_value=number(changes.area.first_value, words),
        last_value=number(changes.area.last_value, words),
        change=number(changes.area.change, words, is_percentage=is_percentage),
        reference_change=number(changes.reference.change, words, is_percentage=is_percentage),
        difference=number(changes.against_reference, words, is_percentage=is_percentage),
    )


def lead_sentences(
    released: Released[LeadChange | NotEstimable | Withheld], words: Words, *, name: str
) -> tuple[str, ...]:
    """The share beside the reference's in both periods, and how the lead changed."""
    compared = released.result
    if not isinstance(compared, LeadChange):
        return (words.say("note.withheld"),)
    change = compared.change
    is_ahead = min(compared.before.lead.value, compared.after.lead.value) >= 0
    grew, shrank = ("grew", "shrank") if is_ahead else ("gained", "lost")
    direction = grew if change.value > 0 else shrank
    sentences = [
        _lead(compared.before, words, name),
        _lead(compared.after, words, name),
        words.say(
            f"trend.lead.{direction}",
            change,
            name=name,
            value=words.numbers.points(abs(change.value)),
        ),
        words.say(f"trend.lead.{_clear(change)}"),
    ]
    return all_finished(released, sentences, words)


def _lead(row: LeadOverReference, words: Words, name: str) -> str:
    return words.say(
        f"trend.lead.{'ahead' if row.lead.value >= 0 else 'behind'}",
        row.share,
        label=row.label,
        name=name,
        reference=words.numbers.percent_short(row.reference_share),
        lead=words.numbers.points(abs(row.lead.value)),
    )


def number(value: float, words: Words, *, is_percentage: bool = False) -> str:
    """A change in the unit of its series; in percentage points where that is per cent."""
    if is_percentage:
        return words.numbers.points(value / HUNDRED, decimals=DECIMALS)
    return words.numbers.number(value, decimals=DECIMALS)


def interval(row: Estimate, words: Words, *, is_percentage: bool = False) -> str:
    """An interval in the unit of its series, with its level."""
    return words.say(
        "sentence.interval",
        level=words.numbers.percent_short(row.confidence_level),
        interval=span(row.low, row.high, words, is_percentage=is_percentage),
    )


def span(low: float, high: float, words: Words, *, is_percentage: bool = False) -> str:
    """From one change to another in the unit of their series."""
    if is_percentage:
        ends = (low / HUNDRED, high / HUNDRED)
        return words.numbers.interval(*ends, "percentage_points", decimals=DECIMALS)
    return words.numbers.interval(low, high, "number", decimals=DECIMALS)


def _clear(row: Estimate) -> str:
    return "clear" if _excludes_zero(row) else "unclear"


def _excludes_zero(row: Estimate) -> bool:
    return row.low > 0 or row.high < 0
