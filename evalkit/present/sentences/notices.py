"""Sentences that stand beside the figures: tests, warnings, and why a figure is not there."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from evalkit.present.blocks import Box
from evalkit.present.labels import Words
from evalkit.present.sentences.parts import finished, sentences_about, titled
from evalkit.results import CannotBeComputed, NotEstimable, Released, TestResult, Withheld

SIGNIFICANCE_LEVEL = 0.05


@sentences_about(TestResult)
def test_sentences(test: TestResult, words: Words) -> Sequence[str]:
    """The test with its p-value, and what it shows; a null result gets as much room."""
    verdict = f"sentence.test.{'clear' if test.p_value < SIGNIFICANCE_LEVEL else 'unclear'}"
    if test.name == "gray_grouped":
        sentence = words.say(
            "sentence.test.released",
            test=words.say(f"test.{test.name}"),
            p=words.numbers.p_value_short(test.p_value),
            n=test.n,
        )
        return [sentence, words.say(verdict)]
    statistic = _statistic(test, words)
    sentence = words.say(
        "sentence.test" if statistic else "sentence.test.no_statistic",
        test=words.say(f"test.{test.name}"),
        p=words.numbers.p_value(test.p_value),
        statistic=statistic,
        n=test.n,
    )
    return [sentence, words.say(verdict)]


test_sentences.__test__ = False  # type: ignore[attr-defined]  # pytest would collect the name


def not_computed_sentence(error: CannotBeComputed, words: Words, *, title: str = "") -> str:
    """Why a figure does not exist for these data."""
    facts = {
        name: fact if isinstance(fact, str) else words.numbers.count(fact)
        for name, fact in error.facts.items()
    }
    if "area" in facts:
        facts["area"] = words.labels.inline("area", facts["area"])
    return titled(words.say(f"cannot.{error.reason}", **facts), words, title=title)


def missing_sentence(
    released: Released[NotEstimable | Withheld], words: Words, *, title: str = ""
) -> str:
    """Why a figure is not there: it cannot be computed, or it is withheld."""
    return finished(released, words.reason(released.result), words, title=title)


def warnings_box(
    warnings: Sequence[str], words: Words, *, told: Mapping[str, str] | None = None
) -> Box:
    """One box of traps of reading: each by its name and what to think of.

    Args:
        warnings: Names of the traps.
        told: Those already explained, with the heading that they stand under.
    """

    def explained(warning: str) -> str:
        where = (told or {}).get(warning)
        return (
            words.say("warnings.again", where=where)
            if where
            else words.say(f"warning.{warning}.text")
        )

    items = tuple(
        words.say(
            "warnings.item", title=words.say(f"warning.{warning}.title"), text=explained(warning)
        )
        for warning in warnings
    )
    return Box("warning", words.say("warnings.title"), items)


def _statistic(test: TestResult, words: Words) -> str:
    if test.degrees_of_freedom == 0:  # an exact test has no reference distribution
        return ""
    value = words.numbers.number(test.statistic)
    if math.isinf(test.degrees_of_freedom):
        return words.say("sentence.test.z", value=value)
    return words.say("sentence.test.chi_squared", value=value, degrees=test.degrees_of_freedom)
