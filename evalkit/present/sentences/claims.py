"""Sentences about published percentages: which counts fit them, and how little they say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from evalkit.present.labels import Words
from evalkit.present.sentences.parts import finished, sentence_about, sentences_about
from evalkit.results import FeasibleCounts, FeasibleDifference, Released

Row = dict[Any, Any]
TOTALS_LISTED = 6
COUNTS_LISTED = 3


@sentence_about(FeasibleCounts)
def feasible_counts_sentence(counts: FeasibleCounts, words: Words) -> str:
    """As "32,8 % är möjligt först vid n = 58 (19 av 58), därefter vid n = 61, 64 …".

    With a single n the sentence says which counts fit it: "61 % av 267 motsvarar 162, 163
    eller 164 personer."
    """
    return _feasible(counts, words)


def feasible_intervals_sentence(
    released: Released[FeasibleCounts], words: Words, *, intervals: pd.DataFrame
) -> str:
    """The interval at the smallest possible n and at the largest one searched.

    Args:
        intervals: One row per count: ``k, n, low, high``, as shares.
    """
    totals = intervals["n"]
    smallest, largest = int(totals.min()), int(totals.max())
    several = int((totals == smallest).sum()) > 1
    alone = "all_counts" if several else "one_interval"
    sentence = words.say(
        f"sentence.feasible.{'intervals' if smallest < largest else alone}",
        smallest=smallest,
        largest=largest,
        level=words.numbers.percent_short(0.95),
        wide=_hull(intervals[totals == smallest], words),
        narrow=_hull(intervals[totals == largest], words),
    )
    return finished(released, sentence, words)


@sentence_about(FeasibleCounts)
def unknown_size_sentence(found: FeasibleCounts, words: Words, *, intervals: pd.DataFrame) -> str:
    """How sure a percentage can be at most, where nobody says what it is counted on.

    Args:
        intervals: One row per count: ``n, low, high``, as shares.
    """
    largest = intervals["n"].max()
    return words.say(
        "sentence.feasible.unknown_n",
        value=percentage(found, words),
        n=largest,
        interval=_hull(intervals[intervals["n"] == largest], words),
    )


def against_target_sentence(
    released: Released[FeasibleCounts], words: Words, *, intervals: pd.DataFrame, goal: float
) -> str:
    """Whether a published share is clear of a target, whichever of its counts is the true one.

    Args:
        intervals: One row per count: ``low, high``, as shares.
        goal: The target, as a share.
    """
    sides = {
        "above": bool((intervals["low"] > goal).all()),
        "below": bool((intervals["high"] < goal).all()),
        "within": bool(((intervals["low"] <= goal) & (goal <= intervals["high"])).all()),
    }
    side = next((name for name, holds in sides.items() if holds), "depends")
    goal_text = words.numbers.percent_short(goal)
    sentence = words.say(f"sentence.feasible.target.{side}", goal=goal_text)
    return finished(released, sentence, words)


@sentences_about(FeasibleDifference)
def feasible_difference_sentences(claim: FeasibleDifference, words: Words) -> Sequence[str]:
    """How sure a published before/after pair can be, from the fewest to the most persons."""
    pairs = claim.pairs
    if len(pairs) == 1:
        return [_known_counts(claim, words)]
    clear = int(((pairs["low"] > 0) | (pairs["high"] < 0)).sum())
    if pairs["n_before"].nunique() == 1 and pairs["n_after"].nunique() == 1:
        known = words.say(
            "sentence.feasible.difference.known_n",
            before=percentage(claim.before, words),
            after=percentage(claim.after, words),
            value=words.numbers.points(abs(claim.after.value - claim.before.value)),
            n_before=pairs["n_before"].iloc[0],
            n_after=pairs["n_after"].iloc[0],
            level=words.numbers.percent_short(claim.confidence_level),
            wide=words.numbers.interval(
                pairs["low"].min(), pairs["high"].max(), "percentage_points"
            ),
            total=len(pairs),
            clear=clear,
        )
        return [known]
    size = pairs["n_before"] + pairs["n_after"]
    rows = pairs.to_dict("records")
    fewest, most = rows[int(np.argmin(size))], rows[int(np.argmax(size))]
    sentence = words.say(
        "sentence.feasible.difference",
        before=percentage(claim.before, words),
        after=percentage(claim.after, words),
        value=words.numbers.points(abs(claim.after.value - claim.before.value)),
        level=words.numbers.percent_short(claim.confidence_level),
        n_before_smallest=fewest["n_before"],
        n_after_smallest=fewest["n_after"],
        wide=words.numbers.interval(fewest["low"], fewest["high"], "percentage_points"),
        n_before_largest=most["n_before"],
        n_after_largest=most["n_after"],
        narrow=words.numbers.interval(most["low"], most["high"], "percentage_points"),
    )
    share_clear = words.say("sentence.feasible.pairs", total=len(pairs), clear=clear)
    return [sentence, share_clear]


def numbers_needed_for_goal(
    words: Words, *, share: float, goal: float, n: int, power: float, confidence_level: float
) -> str:
    """How many persons it takes to tell a share from a goal. A calculation, no result."""
    return words.say(
        "sentence.numbers_needed.goal",
        power=words.numbers.percent_short(power),
        share=words.numbers.percent_short(share),
        goal=words.numbers.percent_short(goal),
        n=n,
        level=words.numbers.percent_short(confidence_level),
    )


def numbers_needed_for_groups(
    words: Words, *, share_1: float, share_2: float, n: int, power: float, confidence_level: float
) -> str:
    """How many persons per group it takes to tell two shares apart."""
    return words.say(
        "sentence.numbers_needed.groups",
        power=words.numbers.percent_short(power),
        share_1=words.numbers.percent_short(share_1),
        share_2=words.numbers.percent_short(share_2),
        n=n,
        level=words.numbers.percent_short(confidence_level),
    )


def percentage(counts: FeasibleCounts, words: Words) -> str:
    """The percentage with the decimals it was published with."""
    return words.numbers.percent(counts.value, decimals=counts.decimals)


def _feasible(counts: FeasibleCounts, words: Words) -> str:
    number = words.numbers.count
    value, largest = percentage(counts, words), number(counts.largest_n_searched)
    totals = sorted({n for _, n in counts.counts})
    if not totals:
        return words.say("sentence.feasible.none", value=value, largest=largest)
    k, first = counts.counts[0]
    if totals == [counts.largest_n_searched]:
        fitting = _fitting([k for k, _ in counts.counts], words)
        return words.say("sentence.feasible.known_n", value=value, n=first, counts=fitting)
    return words.say(
        f"sentence.feasible.{'only' if len(totals) == 1 else 'many'}",
        value=value,
        first=first,
        k=k,
        next=_listed(totals[1:], words),
        largest=largest,
        total=len(totals),
    )


def _fitting(counts: list[int], words: Words) -> str:
    """The counts one by one, or from the smallest to the largest where they are many."""
    if len(counts) > COUNTS_LISTED and counts[-1] - counts[0] == len(counts) - 1:
        first, last = (words.numbers.count(k) for k in (counts[0], counts[-1]))
        return words.say("sentence.feasible.from_to", first=first, last=last)
    return words.labels.any_of(words.numbers.count(k) for k in counts)


def _listed(totals: list[int], words: Words) -> str:
    texts = [words.numbers.count(n) for n in totals]
    if len(texts) <= TOTALS_LISTED:
        listed = words.labels.all_of(texts)
        return words.say("sentence.feasible.and_no_more", listed=listed)
    listed = ", ".join(texts[:TOTALS_LISTED])
    return words.say("sentence.feasible.and_more", listed=listed)


def _hull(intervals: pd.DataFrame, words: Words) -> str:
    """The range that covers the intervals of all counts possible at one n."""
    return words.numbers.interval(float(intervals["low"].min()), float(intervals["high"].max()))


def _known_counts(claim: FeasibleDifference, words: Words) -> str:
    """Where only one pair of counts fits the percentages the counts are known."""
    pair = claim.pairs.iloc[0]
    return words.say(
        "sentence.feasible.difference.known",
        before=percentage(claim.before, words),
        k_before=pair["k_before"],
        n_before=pair["n_before"],
        after=percentage(claim.after, words),
        k_after=pair["k_after"],
        n_after=pair["n_after"],
        value=words.numbers.points(abs(pair["value"])),
        level=words.numbers.percent_short(claim.confidence_level),
        interval=words.numbers.interval(pair["low"], pair["high"], "percentage_points"),
    )
