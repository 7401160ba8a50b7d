"""Sentences on a comparison group: who it is, how alike, what the difference can carry.

The wording follows how the comparison came about. "Similar persons who did not take part" is
said only where the persons themselves did not choose; no sentence says what the programme did.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from evalkit.present.labels import Words
from evalkit.present.sentences.parts import sentences_about
from evalkit.project.comparisons import CameAbout
from evalkit.results import (
    AdjustedComparison,
    Balance,
    BalanceRow,
    Estimate,
    EValue,
    NotEstimable,
    Overlap,
    Withheld,
)

Level = Literal["chance", "similar", "self_selected"]
LEVEL_OF: dict[CameAbout, Level] = {
    "lottery": "chance",
    "waiting_list": "similar",
    "neighbouring_period": "similar",
    "neighbouring_area": "similar",
    "not_offered": "similar",
    "declined": "self_selected",
}
ALIKE = 0.1


def came_about_sentences(came_about: CameAbout, words: Words) -> tuple[str, str]:
    """How it was decided who took part, and what such a comparison can carry."""
    return (
        words.say(f"comparison.came_about.{came_about}"),
        words.say(f"comparison.level.{LEVEL_OF[came_about]}"),
    )


@sentences_about(Balance)
def balance_sentences(found: Balance, words: Words) -> Sequence[str]:
    """In how many respects the groups differed before and differ after, and where the most."""
    rows = [row for row in found.rows if isinstance(row, BalanceRow)]
    if not rows:
        return [words.say("note.withheld")]
    apart = [sum(abs(gap) > ALIKE for gap in gaps) for gaps in zip(*map(_gaps, rows), strict=True)]
    worst = max(rows, key=lambda row: abs(row.after))
    sentences = [
        words.say(
            "comparison.balance.sentence" if apart[1] else "comparison.balance.sentence.none",
            before=apart[0],
            **{"after": words.numbers.count(apart[1])} if apart[1] else {},
            n=len(rows),
        ),
        words.say(
            "comparison.balance.largest",
            label=covariate_label(worst.column, worst.level, words),
            value=words.numbers.number(abs(worst.after)),
        ),
    ]
    if apart[1]:
        sentences.append(words.say("comparison.balance.uneven"))
    return sentences


@sentences_about(Overlap)
def overlap_sentences(overlap: Overlap, words: Words) -> Sequence[str]:
    """Who has nobody to be compared with, and how many persons the weights rest on."""
    numbers = words.numbers
    sentences = [
        _outside(overlap, words),
        words.say(
            "comparison.overlap.effective",
            effective=overlap.effective_control,
            n=overlap.n_control,
            heaviest=overlap.heaviest,
            share=numbers.percent(overlap.heaviest_share, decimals=0),
        ),
    ]
    if overlap.largest_weight is not None:
        value = numbers.number(overlap.largest_weight, decimals=1)
        sentences.append(words.say("comparison.overlap.largest", value=value))
    return sentences


@sentences_about(AdjustedComparison)
def comparison_sentences(
    made: AdjustedComparison, words: Words, *, came_about: CameAbout, outcome: str, day: int
) -> Sequence[str]:
    """The shares as they are, the difference between persons alike, and how sure it is.

    Args:
        came_about: How the comparison came about; the wording follows it.
        outcome: What those with the outcome are, from `outcome_is`.
        day: Days after the start.
    """
    return [
        _unadjusted(made, words, outcome=outcome, day=day),
        words.say("comparison.unadjusted.ground"),
        *main_sentences(made, words, came_about=came_about),
        *_methods(made, words),
        words.say(f"comparison.target.{made.target}"),
    ]


def main_sentences(
    made: AdjustedComparison, words: Words, *, came_about: CameAbout
) -> tuple[str, ...]:
    """The difference the text speaks of, whether it is sure, and how it moved."""
    row, raw = made.main_difference, made.differences[0]
    if not isinstance(row, Estimate) or not isinstance(raw, Estimate):
        missing = row if isinstance(row, NotEstimable | Withheld) else raw
        assert isinstance(missing, NotEstimable | Withheld)
        return (words.reason(missing),)
    direction = "higher" if row.value >= 0 else "lower"
    sentence = words.say(
        f"comparison.main.{LEVEL_OF[came_about]}.{direction}",
        value=words.numbers.points(abs(row.value)),
        interval=words.interval(row),
    )
    certainty = "clear" if row.low > 0 or row.high < 0 else "unclear"
    return (
        sentence,
        words.say(f"comparison.{certainty}"),
        *_all_or_none(made, words),
        *_moved(raw, row, words),
    )


@sentences_about(EValue)
def e_value_sentences(made: EValue, words: Words) -> Sequence[str]:
    """How strong something unknown would have to be, in plain words."""
    numbers = words.numbers
    limit = (
        words.say("comparison.e_value.crosses")
        if made.limit <= 1
        else words.say("comparison.e_value.limit", value=numbers.number(made.limit, decimals=1))
    )
    return [
        words.say("comparison.e_value", value=numbers.number(made.point, decimals=1)),
        limit,
        words.say("comparison.e_value.meaning"),
        words.say(
            "comparison.e_value.source",
            ratio=numbers.number(made.ratio.value),
            interval=words.interval(made.ratio),
        ),
    ]


def covariate_label(column: str, level: str, words: Words) -> str:
    """``Kön: kvinnor``; a number has its heading alone."""
    dimension = words.labels.dimension(column)
    if not level:
        return dimension
    return words.say(
        "comparison.covariate", dimension=dimension, level=words.labels.inline(column, level)
    )


def _gaps(row: BalanceRow) -> tuple[float, float]:
    return row.before, row.after


def _outside(overlap: Overlap, words: Words) -> str:
    if overlap.outside is None:
        return words.say("comparison.overlap.outside_withheld")
    if not overlap.outside:
        return words.say("comparison.overlap.none")
    return words.say("comparison.overlap.outside", count=overlap.outside, n=overlap.n_treated)


def _unadjusted(made: AdjustedComparison, words: Words, *, outcome: str, day: int) -> str:
    raw = made.differences[0]
    common = {
        "day": words.numbers.days(day),
        "outcome": outcome,
        "treated": words.value(made.shares[0]),
        "control": words.value(made.shares[1]),
        "n_treated": words.numbers.count(made.n_treated),
        "n_control": words.numbers.count(made.n_control),
    }
    if not isinstance(raw, Estimate):  # all, or nobody, in both groups
        return words.say("comparison.unadjusted.same", **common)
    return words.say(
        "comparison.unadjusted",
        value=words.numbers.points(raw.value),
        interval=words.interval(raw),
        **common,
    )


def _all_or_none(made: AdjustedComparison, words: Words) -> tuple[str, ...]:
    """That a few persons who all did, or none, do not say that everybody does."""
    share = made.shares[0]
    if share.value not in (0, 1):
        return ()
    key = "all" if share.value else "none"
    return (words.say(f"comparison.small_arm.{key}", n=made.n_treated),)


def _moved(raw: Estimate, main: Estimate, words: Words) -> tuple[str, ...]:
    """How adjusting changed the difference; nothing where both are printed alike."""
    texts = [words.numbers.points(row.value) for row in (raw, main)]
    if texts[0] == texts[1] or raw.value * main.value < 0:
        return ()
    key = "smaller" if abs(main.value) < abs(raw.value) else "larger"
    return (words.say(f"comparison.moved.{key}", raw=texts[0], main=texts[1]),)


def _methods(made: AdjustedComparison, words: Words) -> Sequence[str]:
    """The range of the methods; without the main one the others would stand in its place."""
    values = [row.value for row in made.differences[1:] if isinstance(row, Estimate)]
    if len(values) < 2 or not isinstance(made.main_difference, Estimate):
        return ()
    interval = words.numbers.interval(min(values), max(values), "percentage_points")
    return (words.say("comparison.methods.range", interval=interval),)
