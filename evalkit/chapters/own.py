"""An evaluator's own notebook: what it hands over, and how what came back is shown."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from evalkit.chapters.plain_text import plain_text
from evalkit.chapters.report import NotAsked, Report
from evalkit.chapters.section import Placeholder
from evalkit.present import sentences, tables
from evalkit.present.blocks import Block, Box, Paragraph, Section
from evalkit.present.charts import counts_figure, curve_figure
from evalkit.present.labels import Words
from evalkit.present.sentences import not_computed_sentence
from evalkit.present.tables.estimates import coefficients_table
from evalkit.results import (
    BeforeAfter,
    CannotBeComputed,
    CountTable,
    Curve,
    Estimate,
    NotComputed,
    NotEstimable,
    Regression,
    Released,
    TargetVerdict,
    TestResult,
    Withheld,
)

if TYPE_CHECKING:
    from evalkit.answers.study import Study


CELL = "own.cell"
"""A cell marked for showing, which runs when all is released."""


def display(study: Study, result: Any, **how: Any) -> None:
    """Show what is handed over where the cell stands; in a terminal as text."""
    shown = hand_over(study, result, **how)
    if "IPython" in sys.modules and sys.modules["IPython"].get_ipython() is not None:
        sys.modules["IPython"].display.display(shown)
    elif isinstance(shown, Section):
        sys.stdout.write(plain_text(shown) + "\n")


def hand_over(study: Study, result: Any, **how: Any) -> Placeholder | Section:
    """A placeholder where a report is made, and else the result as it is, marked internal."""
    from evalkit.answers.own import own_asks, whole_of
    from evalkit.answers.store import answered

    identity, asks = own_asks(study, result, **how)
    whole = whole_of(study)
    if whole.purpose == "ask":
        whole.ask(asks)
        return Placeholder(identity)
    if whole.purpose == "release":
        return Section((refusal(study.words, "own.render"),))
    whole.asked.update({ask.id: ask for ask in asks})  # a cell that is run again counts anew
    store = answered(whole, asks)
    return show(identity, Report(study.project, study.words, store, is_internal=True))


def show(identity: str, report: Report) -> Section:
    """What came back of a result that was handed over, in one language."""
    if identity == CELL:
        return Section((refusal(report.words, "own.nothing"),))
    if identity not in report:
        raise NotAsked(identity)
    words = report.result(f"{identity}.words", dict) or {}
    shown = shown_blocks(
        report.answers[identity],
        report.words,
        name=identity.replace(".", "-").replace("_", "-"),
        title=words.get(report.language, ""),
        dimension=words.get("dimension", "") or "group",
    )
    return Section(tuple(shown), is_internal=report.is_internal)


def refusal(words: Words, reason: str, **facts: str) -> Box:
    """What was not shown, and what to write instead."""
    sentence = words.say(f"cannot.{reason}", **facts)
    return Box("note", words.say("own.refused"), (sentence,))


def shown_blocks(
    released: Released[Any], words: Words, *, name: str, title: str, dimension: str = "group"
) -> Iterator[Block]:
    """A result of any shape that an own notebook may hand over."""
    result = released.result
    match result:
        case NotComputed(reason=reason) if reason.startswith("own."):
            yield refusal(words, reason)
        case NotComputed():
            error = CannotBeComputed(result.reason, **result.facts)
            yield Paragraph(not_computed_sentence(error, words, title=title))
        case NotEstimable() | Withheld():
            yield Paragraph(sentences.missing_sentence(released, words, title=title))
        case TestResult() | TargetVerdict() | BeforeAfter():
            yield from map(Paragraph, _SENTENCES[type(result)](released, words))
        case _:
            yield _picture(released, words, name=name, title=title, dimension=dimension)


_SENTENCES: dict[type, Callable[..., tuple[str, ...]]] = {
    TestResult: sentences.test_sentences,
    TargetVerdict: sentences.verdict_sentences,
    BeforeAfter: sentences.before_after_sentences,
}


def _picture(
    released: Released[Any], words: Words, *, name: str, title: str, dimension: str
) -> Block:
    """A table, or a chart with its table."""
    match released.result:
        case Curve() as curve:
            caption = title or words.say(f"measure.{curve.measure}")
            return curve_figure(
                released, words, figure_id=name, caption=caption, dimension=dimension
            )
        case CountTable(dimensions=dimensions):
            caption = title or words.labels.all_of(map(words.labels.dimension, dimensions))
            if len(dimensions) == 1:
                return counts_figure(released, words, figure_id=name, caption=caption)
            return tables.counts_table(released, words, table_id=name, caption=caption)
        case Regression():
            caption = title or words.say("display.regression")
            return coefficients_table(released, words, table_id=name, caption=caption)
        case Estimate() as one:
            rows: tuple[Any, ...] = (one,)
        case _:
            rows = released.result
    single = replace(released, result=rows)
    caption = title or words.say(f"measure.{rows[0].measure}")
    return tables.estimates_table(
        single, words, table_id=name, caption=caption, dimension=dimension
    )
