"""Sentences of the calculation by actor: break-even in words, and what is not in it."""

from __future__ import annotations

from collections.abc import Sequence

from evalkit.present.labels import Words
from evalkit.present.sentences.parts import finished, sentences_about
from evalkit.results import BreakEven, Estimate, NotEstimable, Released, Society, Withheld


@sentences_about(Society)
def society_sentences(
    found: Society, words: Words, *, has_comparison: bool = False
) -> Sequence[str]:
    """Break-even actor by actor, the project's range, and what the calculation leaves out.

    Args:
        has_comparison: Whether a comparison group tells how many would have worked anyway.
    """
    sentences = [
        break_even_sentence(row, words, is_range=found.is_range)
        for row in found.break_even
        if row.needed or found.costs[row.actor]
    ]
    gaining = [actor_label(row.actor, words) for row in found.break_even if row.needed == 0]
    if gaining:
        rest = (name[:1].lower() + name[1:] for name in gaining[1:])
        actors = words.labels.all_of([gaining[0], *rest])
        sentences.append(words.say("society.always", actor=actors))
    if found.range_source:
        low, high = found.rows[-2].worked_anyway, found.rows[-1].worked_anyway
        sentences.append(
            words.say(
                "society.range",
                low=words.numbers.percent_short(low),
                high=words.numbers.percent_short(high),
                source=found.range_source,
            )
        )
    else:
        sentences.append(words.say("society.no_range"))
    if not has_comparison:
        sentences.append(words.say("society.no_comparison"))
    return sentences


def cost_anyway_sentences(
    released: Released[tuple[Estimate, ...] | NotEstimable | Withheld],
    words: Words,
    *,
    shares: Sequence[float],
) -> tuple[str, ...]:
    """The cost per additional person at each share who would have found work anyway.

    Args:
        shares: The shares, in the same order.
    """
    found = released.result
    if not isinstance(found, tuple):
        return (finished(released, words.reason(found), words),)
    told = [(share, row) for share, row in zip(shares, found, strict=True) if share]
    each = [
        words.say(
            f"society.costs.anyway.{'further' if place else 'each'}",
            share=words.numbers.percent_short(share),
            cost=f"{words.value(row)} ({words.interval(row)})",
        )
        for place, (share, row) in enumerate(told)
    ]
    sentence = words.say("society.costs.anyway", each=words.labels.all_of(each))
    return (finished(released, sentence, words),)


def days_sentence(found: Society, words: Words, *, n: int, followed: int) -> str:
    """Of whom the calculation is, and their days in work: from contacts a range.

    Args:
        n: Those who have left.
        followed: Those of them whose days were counted.
    """
    numbers, kind = words.numbers, ".range" if found.is_range else ""
    value, low, high = found.days
    sentence = words.say(
        f"society.days{kind}",
        n=n,
        left=words.labels.done(["any"]),
        horizon=numbers.days(found.horizon_days),
        value=numbers.days(value),
        low=numbers.bare(low, "days"),
        high=numbers.days(high),
    )
    if followed == n:
        return sentence
    return f"{sentence} {words.say('society.followed', n=followed)}"


def break_even_sentence(row: BreakEven, words: Words, *, is_range: bool = False) -> str:
    """The share of the days that must be additional, in words; a range for a range of days."""
    actor = actor_label(row.actor, words)
    if row.needed is None or row.low is None or row.high is None:
        return words.say("society.no_gain", actor=actor)
    if row.needed == 0:
        return words.say("society.always", actor=actor)
    if (row.low if is_range else row.needed) > 1:
        return words.say("society.never", actor=actor)
    if is_range:
        ends = {"low": row.low, "high": row.high}
        shares = {name: words.numbers.percent(end, decimals=0) for name, end in ends.items()}
        kind = "range" if row.high <= 1 else "highest"
        return words.say(f"society.break_even.{kind}", actor=actor, **shares)
    return words.say(
        "society.break_even",
        actor=actor,
        needed=words.numbers.percent(row.needed, decimals=0),
        interval=words.numbers.interval(row.low, row.high, "percent", decimals=0),
    )


def actor_label(actor: str, words: Words) -> str:
    """The actor's name as printed."""
    return words.say(f"label.actor.{actor}")
