"""One of each sentence from fixed results, for comparison with the proof-read texts."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import TypeVar

import pandas as pd

from evalkit.language import Language
from evalkit.present import sentences
from evalkit.present.labels import Words, words_in
from evalkit.present.sentences.parts import titled
from evalkit.results import (
    BeforeAfter,
    CannotBeComputed,
    Estimate,
    FeasibleCounts,
    FeasibleDifference,
    NotEstimable,
    Released,
    TargetVerdict,
    TestResult,
    Withheld,
)

Lines = Iterator[str]
REASONS = ("no_persons", "no_events", "beyond_follow_up", "few_exits", "no_possible_counts")
T = TypeVar("T")


def golden_lines(language: Language) -> list[str]:
    """Every kind of sentence in one language, under a heading in that order."""
    words = words_in(language)
    lines: list[str] = []
    for kind in (_shares, _verdicts, _before_after, _times, _claims, _notices):
        lines += [f"# {kind.__name__.strip('_')}", *kind(words), ""]
    return lines


def released(result: T) -> Released[T]:
    return Released(result, 0, "standard")


def share(k: int, n: int, low: float, high: float, *, group: str = "") -> Estimate:
    return Estimate(
        measure="share",
        value=k / n,
        low=low,
        high=high,
        unit="share",
        method="wilson",
        confidence_level=0.95,
        n=n,
        cells=(k, n - k),
        group=group,
    )


# Wilson and Newcombe limits as printed in DOMAIN.md §1.
ARENA = share(163, 267, 0.551, 0.667)
BEFORE = share(19, 58, 0.221, 0.456)
AFTER = share(21, 44, 0.338, 0.621)
DIFFERENCE = Estimate(
    measure="difference",
    value=21 / 44 - 19 / 58,
    low=-0.040,
    high=0.328,
    unit="share_difference",
    method="newcombe",
    confidence_level=0.95,
    n=102,
    cells=(21, 23, 19, 39),
)
MEDIAN = Estimate(
    measure="median_days",
    value=214,
    low=190,
    high=240,
    unit="days",
    method="log-log",
    confidence_level=0.95,
    n=267,
    cells=(134, 133),
)
NOT_REACHED = replace(MEDIAN, value=math.inf, high=math.inf)


def _shares(words: Words) -> Lines:
    went = sentences.outcome_was(words, "employment", "studies")
    write = sentences.share_sentence
    yield write(released(ARENA), words, outcome=went)
    yield write(released(ARENA), words, outcome=went, denominator="exits")
    women = words.labels.level("sex", "woman")
    yield write(released(ARENA), words, outcome=went, denominator="persons", title=women)
    withheld = Withheld(measure="share", reason="small_count", group="woman")
    yield write(released(withheld), words, outcome=went, title=women)
    empty = NotEstimable(measure="share", reason="no_persons", n=0)
    yield write(released(empty), words, outcome=went, title=women)
    yield write(Released(ARENA, 0, "internal", is_internal=True), words, outcome=went)


def _verdicts(words: Words) -> Lines:
    above = TargetVerdict(
        estimate=ARENA, goal=0.6, grade="above_uncertain", p_above=0.39, smallest_clear_count=176
    )
    clear = replace(
        above, estimate=share(180, 267, 0.616, 0.728), grade="clearly_above", p_above=0.007
    )
    below = replace(
        above, estimate=share(158, 267, 0.532, 0.649), grade="below_uncertain", p_above=0.63
    )
    far_below = replace(
        above, estimate=share(100, 267, 0.319, 0.434), grade="clearly_below", p_above=1.0
    )
    on_it = replace(
        above, estimate=share(3, 5, 0.231, 0.882), p_above=0.68, smallest_clear_count=None
    )
    for verdict in (above, clear, below, far_below, on_it):
        yield from sentences.verdict_sentences(released(verdict), words)


def _before_after(words: Words) -> Lines:
    compared = BeforeAfter(before=BEFORE, after=AFTER, difference=DIFFERENCE)
    yield from sentences.before_after_sentences(released(compared), words)
    fell = replace(DIFFERENCE, value=-DIFFERENCE.value, low=-0.246, high=-0.049)
    swapped = BeforeAfter(before=AFTER, after=BEFORE, difference=fell)
    first, *rest = sentences.before_after_sentences(released(swapped), words)
    yield from (titled(first, words, title="2016–2017"), *rest)
    same = replace(DIFFERENCE, value=0.0, low=-0.18, high=0.18)
    yield from sentences.before_after_sentences(
        released(BeforeAfter(before=BEFORE, after=BEFORE, difference=same)), words
    )


def _times(words: Words) -> Lines:
    work = sentences.outcome_was(words, "employment")
    left = sentences.outcome_was(words, "any")
    yield sentences.median_sentence(released(MEDIAN), words, outcome=work)
    yield sentences.median_sentence(released(NOT_REACHED), words, outcome=work)
    yield sentences.median_sentence(released(replace(MEDIAN, high=math.inf)), words, outcome=left)
    for probability in (0.25, 0.75, 0.4):
        yield sentences.quantile_sentence(
            released(MEDIAN), words, probability=probability, outcome=work
        )
    yield sentences.quantile_sentence(
        released(replace(NOT_REACHED, low=math.inf)), words, probability=0.25, outcome=work
    )
    yield sentences.share_at_sentence(
        released(share(86, 267, 0.269, 0.380)), words, day=180, outcome=work
    )
    mean = replace(MEDIAN, measure="restricted_mean", value=241.2, low=228.4, high=254.0)
    yield sentences.restricted_mean_sentence(released(mean), words, days=365, outcome=work)


def _claims(words: Words) -> Lines:
    # 32.8 % is possible first at n = 58 (19/58), then 61, 64, 67, 116, 119 … (DOMAIN.md §1).
    totals = (58, 61, 64, 67, 116, 119, 122)
    many = FeasibleCounts(
        value=0.328,
        decimals=1,
        counts=tuple((round(0.328 * n), n) for n in totals),
        largest_n_searched=122,
    )
    yield sentences.feasible_counts_sentence(released(many), words)
    few = replace(many, counts=many.counts[:3], largest_n_searched=66)
    yield sentences.feasible_counts_sentence(released(few), words)
    one = replace(many, counts=many.counts[:1], largest_n_searched=60)
    yield sentences.feasible_counts_sentence(released(one), words)
    none = replace(many, counts=(), largest_n_searched=50)
    yield sentences.feasible_counts_sentence(released(none), words)
    known = FeasibleCounts(
        value=0.61, decimals=0, counts=((162, 267), (163, 267), (164, 267)), largest_n_searched=267
    )
    yield sentences.feasible_counts_sentence(released(known), words)
    intervals = pd.DataFrame(
        {"k": [19, 62], "n": [58, 189], "low": [0.221, 0.265], "high": [0.456, 0.398]}
    )
    write = sentences.feasible_intervals_sentence
    yield write(released(many), words, intervals=intervals)
    yield write(released(one), words, intervals=intervals[:1])
    all_three = pd.DataFrame(
        {"n": [267] * 3, "low": [0.547, 0.551, 0.555], "high": [0.663, 0.667, 0.671]}
    )
    yield write(released(known), words, intervals=all_three)
    yield from _claimed_difference(words, many)
    goal = {"power": 0.8, "confidence_level": 0.95}
    yield sentences.numbers_needed_for_goal(words, share=0.61, goal=0.6, n=9100, **goal)
    yield sentences.numbers_needed_for_groups(words, share_1=0.328, share_2=0.477, n=171, **goal)


def _claimed_difference(words: Words, before: FeasibleCounts) -> Lines:
    # Newcombe limits for (58, 44), (116, 88) and (189, 176) as printed in DOMAIN.md §1.
    pairs = pd.DataFrame(
        {
            "k_before": [19, 38, 62],
            "n_before": [58, 116, 189],
            "k_after": [21, 42, 84],
            "n_after": [44, 88, 176],
            "value": [0.15, 0.15, 0.149],
            "low": [-0.040, 0.014, 0.049],
            "high": [0.328, 0.279, 0.246],
        }
    )
    after = replace(before, value=0.477, counts=((21, 44),))
    claim = FeasibleDifference(
        before=before, after=after, pairs=pairs, method="newcombe", confidence_level=0.95
    )
    yield from sentences.feasible_difference_sentences(released(claim), words)


def _notices(words: Words) -> Lines:
    test = TestResult(
        name="log-rank", statistic=0.74, degrees_of_freedom=1, p_value=0.39, n=267, cells=()
    )
    yield from sentences.test_sentences(released(test), words)
    clear = replace(test, name="gray", statistic=14.2, degrees_of_freedom=2, p_value=0.0008)
    yield from sentences.test_sentences(released(clear), words)
    for reason in REASONS:
        error = CannotBeComputed(reason, n=4, largest_n=400)
        yield sentences.not_computed_sentence(error, words)
    for reason in ("small_count", "complement"):
        gone = Withheld(measure="share", reason=reason)
        yield sentences.missing_sentence(released(gone), words)
    for key in _keys(words, "warning."):
        if key.endswith(".title"):
            yield from sentences.warnings_box([key.removesuffix(".title")], words).items


def _keys(words: Words, prefix: str) -> list[str]:
    """What follows the prefix, for all keys that begin with it."""
    return sorted(k.removeprefix(prefix) for k in words.texts.keys() if k.startswith(prefix))  # noqa: SIM118
