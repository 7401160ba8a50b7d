"""Sentences about women and men, and about groups over time: one figure, one verdict."""

from __future__ import annotations

from collections.abc import Sequence

from evalkit.present.labels import Words
from evalkit.present.sentences.parts import outcome_was, sentence_about, sentences_about
from evalkit.results import EquityGaps, Estimate, GroupsOverTime, NotEstimable, TestResult, Withheld

ONE_IN = 20


@sentences_about(EquityGaps)
def equity_sentences(
    found: EquityGaps,
    words: Words,
    *,
    women: Estimate | None = None,
    men: Estimate | None = None,
    is_judged: bool = False,
) -> Sequence[str]:
    """The gap, place by place, whether it differs, and who is missing.

    Args:
        women: The women's share, where there is one place.
        men: The men's.
        is_judged: Whether the project named this gap as the one that has a verdict.
    """
    first = found.gaps[0]
    if len(found.gaps) == 1 and isinstance(first, Estimate) and women and men:
        sentences = [_gap(first, women, men, words)]
        if is_judged:
            key = "unclear" if first.low <= 0 <= first.high else "clear"
            sentences.append(words.say(f"equity.verdict.{key}"))
    else:
        sentences = [_place(row, words) for row in found.gaps]
    return [*sentences, *_between(found, words), *_who(found, words)]


@sentence_about(Estimate)
def gap_sentence(found: Estimate, words: Words, *, rows: Sequence[Estimate], outcome: str) -> str:
    """The gap in a figure over time, of which ``rows`` have the women's and the men's.

    Args:
        outcome: That of the figure: an exit class, a cause, or ``own_event``.
    """
    sides = {row.group: row for row in rows}
    return _gap(found, sides["woman"], sides["man"], words, outcome=outcome_was(words, outcome))


def _gap(gap: Estimate, women: Estimate, men: Estimate, words: Words, *, outcome: str = "") -> str:
    is_days = gap.unit == "days"
    numbers = words.numbers
    return words.say(
        f"equity.gap.{'days.' if is_days else ''}{'lower' if gap.value < 0 else 'higher'}",
        women=words.value(women),
        men=words.value(men),
        value=(numbers.days if is_days else numbers.points)(abs(gap.value)),
        interval=words.interval(gap),
        outcome=outcome,
    )


def _place(row: Estimate | NotEstimable | Withheld, words: Words) -> str:
    if not isinstance(row, Estimate):
        return f"{row.group}: {words.reason(row)}"
    return words.say(
        "equity.place",
        place=row.group,
        value=words.numbers.points(row.value),
        interval=words.interval(row),
    )


def _between(found: EquityGaps, words: Words) -> list[str]:
    """Whether the gap differs between places: one test, not one verdict per place."""
    if len(found.gaps) < 2:
        return []
    sentences = []
    if found.difference is not None:
        sentences.append(
            words.say(
                "equity.difference",
                one=found.gaps[0].group,
                other=found.gaps[1].group,
                value=words.numbers.points(found.difference.value),
                interval=words.interval(found.difference),
            )
        )
    test = found.equal_gaps
    if isinstance(test, NotEstimable):
        return [*sentences, words.reason(test)]
    key = "clear" if test.p_value < 0.05 else "unclear"
    told = words.say(f"equity.equal.{key}", p=words.numbers.p_value(test.p_value))
    return [*sentences, told, words.say("equity.not_a_difference")]


def _who(found: EquityGaps, words: Words) -> list[str]:
    sentences = []
    if found.missing_women or found.missing_men:
        sentences.append(
            words.say("equity.missing", women=found.missing_women, men=found.missing_men)
        )
    if found.others:
        sentences.append(words.say("equity.others", n=found.others))
    if found.looked_at > 1:
        sentences.append(looked_at_sentence(found.looked_at, words, topic="equity"))
    return sentences


def looked_at_sentence(count: int, words: Words, *, topic: str = "decisive") -> str:
    """How many were looked at, and how often one seems to differ by chance."""
    return words.say(f"{topic}.looked_at", m=count, one_in=ONE_IN)


@sentences_about(GroupsOverTime)
def decisive_sentences(
    found: GroupsOverTime, words: Words, *, outcome: str = "own_event", in_table: bool = False
) -> Sequence[str]:
    """The named figure in each group, its interval as the verdict, and Gray's test once.

    Args:
        outcome: That of the figure: an exit class, a cause, or ``own_event``.
        in_table: A table shows the figures; the sentences say what decides.
    """
    *_, reference = found.groups
    sentences = [
        _difference(found, one, row, reference, words, outcome=outcome_was(words, outcome))
        for one, row in zip(found.groups, found.differences, strict=False)
        if not in_table
    ]
    if found.judged_by == "mean_days" and _is_of_released_counts(found):
        sentences.append(words.say("decisive.mean_days.between"))
    if found.is_judged:
        row = found.differences[0]
        key = "clear" if row.low > 0 or row.high < 0 else "unclear"
        sentences.append(words.say(f"decisive.{key}"))
    else:
        sentences.append(words.say("decisive.no_verdict"))
    return [*sentences, *_curves(found, words)]


def _difference(
    found: GroupsOverTime,
    one: Estimate,
    row: Estimate,
    reference: Estimate,
    words: Words,
    *,
    outcome: str,
) -> str:
    direction = "more" if row.value >= 0 else "fewer"
    day = words.numbers.days(found.day)
    if found.judged_by == "mean_days":
        return words.say(
            f"decisive.mean_days.{direction}",
            value=words.numbers.days(abs(row.value)),
            day=day,
            interval=words.interval(row),
            outcome=outcome,
        )
    return words.say(
        f"decisive.share.{direction}",
        day=day,
        one=words.value(one),
        group=one.group,
        other=words.value(reference),
        reference=reference.group,
        value=words.numbers.points(abs(row.value)),
        interval=words.interval(row),
        outcome=outcome,
    )


def _is_of_released_counts(found: GroupsOverTime) -> bool:
    test = found.curves_differ
    return isinstance(test, TestResult) and test.name == "gray_grouped"


def _curves(found: GroupsOverTime, words: Words) -> list[str]:
    test = found.curves_differ
    if not isinstance(test, TestResult):
        return [words.reason(test)]
    told = curves_sentence(test, words)
    return [told, *([words.say("decisive.disagree")] if found.disagree else [])]


def curves_sentence(test: TestResult, words: Words) -> str:
    """Whether the whole curves differ; of released counts it is known to two decimals."""
    key = "differ" if test.p_value < 0.05 else "alike"
    is_short = test.name == "gray_grouped"
    written = words.numbers.p_value_short if is_short else words.numbers.p_value
    return words.say(f"decisive.curves.{key}", p=written(test.p_value))
