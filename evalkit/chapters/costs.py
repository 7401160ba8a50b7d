"""Chapter: what a participant, an outcome and an additional outcome cost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from evalkit.answers import costs
from evalkit.answers.costs import FOUND_ANYWAY, assumed_shares
from evalkit.answers.counts import share_id
from evalkit.chapters.costs_compared import (
    BesideComparison,
    beside_comparison,
    can_say_compared,
    compared_sentences,
    comparison_wording,
)
from evalkit.chapters.report import Report
from evalkit.chapters.section import Blocks, asks, say_box, until_not_computable
from evalkit.present.blocks import Paragraph
from evalkit.present.charts.costs import break_even_figure
from evalkit.present.sentences import missing_sentence
from evalkit.present.sentences.society import cost_anyway_sentences
from evalkit.present.tables import estimates_table
from evalkit.results import Estimate, Released

NAMED = (0.3, 0.5)  # the counterfactual shares that get a sentence


@dataclass(frozen=True, slots=True)
class _Known:
    """What the figures rest on."""

    budget: float
    source: str
    outcome: str
    share: Estimate


@asks(costs.per_outcome)
def per_outcome(report: Report) -> Blocks:
    """Gross cost per participant and per positive exit."""
    yield from until_not_computable(report, _registered(report))
    known = _known(report)
    if isinstance(known, Paragraph):
        yield known
        return
    yield estimates_table(
        report.always("costs.unit", tuple),
        report.words,
        table_id="costs",
        caption=report.say("costs.unit.caption"),
        row_labels=[
            report.say("costs.participant"),
            report.say("costs.outcome", outcome=known.outcome),
        ],
        row_heading=report.say("costs.unit.column"),
        value_heading=report.say("costs.unit.value"),
        source=known.source,
    )
    yield from (Paragraph(sentence) for sentence in _said(report, known))


@asks(costs.per_additional_outcome)
def per_additional_outcome(report: Report) -> Blocks:
    """Cost per outcome beyond those that would have come anyway, over a range of shares.

    With a comparison group the outcome is the one that was compared, and its share is marked.
    """
    known = _known(report)
    if isinstance(known, Paragraph) or not known.share.cells[0]:
        return  # the section before has said why
    beside = beside_comparison(report)
    if isinstance(beside, BesideComparison):
        yield from map(Paragraph, compared_sentences(report, beside))
    elif beside is not None:
        yield beside
    yield from _over_a_range(report, known, beside)
    yield from _found_anyway(report)


@asks(costs.conclusions)
def conclusions(report: Report) -> Blocks:
    """What costs can carry."""
    known = _known(report)
    can: list[str] = []
    if isinstance(known, _Known) and known.share.cells[0]:
        can = [*_said(report, known), report.say("costs.can.range")]
    yield from say_box(
        report,
        can=[*can, *_can_say_compared(report)],
        cannot=[report.say("costs.cannot.saved"), report.say("costs.cannot.cheap")],
    )


def _over_a_range(
    report: Report, known: _Known, beside: BesideComparison | Paragraph | None
) -> Blocks:
    """The break-even chart, two shares put in words, and from where on nothing is sure."""
    numbers = report.words.numbers
    compared = beside if isinstance(beside, BesideComparison) else None
    released = report.always("costs.range.compared" if compared else "costs.range", tuple)
    share = compared.share if compared else known.share
    if not all(isinstance(row, Estimate) for row in released.result):
        yield Paragraph(report.say("withheld.protected"))
        return
    counterfactuals = assumed_shares(len(released.result))
    yield break_even_figure(
        released,
        report.words,
        share=Released(share, 0, released.rule, is_internal=released.is_internal),
        counterfactuals=counterfactuals,
        compared=_mark(released, compared),
        figure_id="break-even",
        caption=_caption(report, known, is_compared=compared is not None),
        source=known.source,
    )
    for assumed, row in zip(counterfactuals, released.result, strict=True):
        if assumed in NAMED:
            yield Paragraph(
                report.say(
                    "costs.additional.sentence", row, share=numbers.percent(assumed, decimals=0)
                )
            )
    yield Paragraph(
        report.say(
            "costs.additional.limit",
            low=numbers.percent(share.low),
            share=numbers.percent(share.value),
        )
    )


def _found_anyway(report: Report) -> Blocks:
    """How the answer changes with the share who would have found work anyway, none the result."""
    rows = report.of("costs.anyway", tuple)
    if not isinstance(rows.result, tuple) or not all(
        isinstance(row, Estimate) for row in rows.result
    ):
        return
    yield from map(Paragraph, cost_anyway_sentences(rows, report.words, shares=FOUND_ANYWAY))


def _caption(report: Report, known: _Known, *, is_compared: bool) -> str:
    if is_compared:
        return report.say("costs.compared.caption", **comparison_wording(report))
    return report.say("costs.additional.caption", outcome=known.outcome)


def _said(report: Report, known: _Known) -> Iterator[str]:
    """The sentence on both costs, where both may be shown."""
    participant, outcome = report.always("costs.unit", tuple).result
    if isinstance(participant, Estimate) and isinstance(outcome, Estimate):
        yield report.say(
            "costs.sentence",
            budget=_budget(report, known),
            per_participant=report.words.value(participant),
            per_outcome=report.words.value(outcome),
            outcome=known.outcome,
            interval=report.words.interval(outcome),
        )


def _budget(report: Report, known: _Known) -> str:
    """The amount, and that it is made up where it is."""
    amount = report.words.numbers.sek(known.budget)
    budget = report.project.budget
    if budget is None or not budget.is_made_up:
        return amount
    return report.say("costs.made_up", amount=amount)


def _registered(report: Report) -> Blocks:
    """The mean of the costs that the register holds per person, where it holds any."""
    if "costs.registered" not in report:
        return
    mean = report.of("costs.registered", Estimate).result
    if not isinstance(mean, Estimate):
        yield Paragraph(missing_sentence(report.missing("costs.registered"), report.words))
        return
    yield Paragraph(report.say("costs.registered", mean))


def _known(report: Report) -> _Known | Paragraph:
    """Budget and share, or why they cannot be said: a cost per exit discloses the exits."""
    budget, positive = report.project.budget, report.project.outcomes.positive
    if budget is None:
        return Paragraph(report.say("costs.none"))
    name = share_id(positive, "participants")
    share = report.of(name, Estimate).result
    if not isinstance(share, Estimate):
        return Paragraph(missing_sentence(report.missing(name), report.words))
    labels = report.words.labels
    outcome = labels.any_of(labels.inline("exit_class", one) for one in positive)
    source = ""
    if budget.source is not None:
        named = budget.source.in_language(report.language)
        source = report.say("costs.source", source=named)
    return _Known(budget.amount, source, outcome, share)


def _mark(released: Released[Any], beside: BesideComparison | None) -> Released[Any] | None:
    """The share of the comparison and the cost there, as the chart may mark them."""
    if beside is None:
        return None
    marked = [beside.counterfactual, beside.cost]
    return Released(marked, 0, released.rule, is_internal=released.is_internal)


def _can_say_compared(report: Report) -> Iterator[str]:
    if report.project.budget is not None:
        beside = beside_comparison(report)
        if isinstance(beside, BesideComparison):
            yield from can_say_compared(report, beside)
