"""Chapter: what a participant, an outcome and an additional outcome cost."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from evalkit.answers.measures import outcome_counts, whole_register_share
from evalkit.answers.study import Study
from evalkit.chapters.costs_compared import (
    BesideComparison,
    beside_comparison,
    can_say_compared,
    compared_sentences,
    comparison_wording,
)
from evalkit.chapters.section import Blocks, say_box, section, until_not_computable
from evalkit.present.blocks import Paragraph
from evalkit.present.charts.costs import break_even_figure
from evalkit.present.sentences import interval_text, missing_sentence
from evalkit.present.sentences.parts import value_text
from evalkit.present.tables import estimates_table
from evalkit.results import Estimate, EstimateRow, Released
from evalkit.statistics.costs import (
    cost_per_additional_outcome,
    cost_per_outcome,
    cost_per_participant,
)
from evalkit.statistics.means import mean_amount

STEP = 0.01
NAMED = (0.3, 0.5)  # the counterfactual shares that get a sentence


@dataclass(frozen=True, slots=True)
class _Known:
    """What the figures rest on."""

    budget: float
    source: str
    events: int
    n: int
    outcome: str
    share: Estimate
    caption: str


@section
def per_outcome(study: Study) -> Blocks:
    """Gross cost per participant and per positive exit."""
    yield from until_not_computable(study, _registered(study))
    known = _known(study)
    if isinstance(known, Paragraph):
        yield known
        return
    texts = study.words.texts
    rows = _unit_costs(study, known)
    yield estimates_table(
        study.through_door(rows),
        study.words,
        table_id="costs",
        caption=texts["costs.unit.caption"],
        row_labels=[
            texts["costs.participant"],
            texts.format("costs.outcome", outcome=known.outcome),
        ],
        row_heading=texts["costs.unit.column"],
        value_heading=texts["costs.unit.value"],
        source=known.source,
    )
    yield from (Paragraph(sentence) for sentence in _told(study, known, rows))


@section
def per_additional_outcome(study: Study) -> Blocks:
    """Cost per outcome beyond those that would have come anyway, over a range of shares.

    With a comparison group the outcome is the one that was compared, and its share is marked.
    """
    known = _known(study)
    if isinstance(known, Paragraph) or not known.events:
        return  # the section before has said why
    beside = beside_comparison(study, known.budget)
    if isinstance(beside, BesideComparison):
        for sentence in compared_sentences(study, beside):
            yield Paragraph(sentence)
    elif beside is not None:
        yield beside
    counted = _outcome_compared(study, known, beside) or known
    yield from _over_a_range(study, counted, beside)


@section
def conclusions(study: Study) -> Blocks:
    """What costs can carry."""
    texts, known = study.words.texts, _known(study)
    can: list[str] = []
    if isinstance(known, _Known) and known.events:
        can = [*_told(study, known, _unit_costs(study, known)), texts["costs.can.range"]]
    yield from say_box(
        study,
        can=[*can, *_can_say_compared(study)],
        cannot=[texts["costs.cannot.saved"], texts["costs.cannot.cheap"]],
    )


def _over_a_range(
    study: Study, known: _Known, beside: BesideComparison | Paragraph | None
) -> Blocks:
    """The break-even chart, two shares put in words, and from where on nothing is sure."""
    texts, numbers = study.words.texts, study.words.numbers
    share = known.share.value
    counterfactuals = [round(i * STEP, 2) for i in range(math.ceil(round(share / STEP, 9)))]
    rows = [
        cost_per_additional_outcome(
            budget=known.budget, events=known.events, n=known.n, counterfactual=assumed
        )
        for assumed in counterfactuals
    ]
    released = study.through_door(rows)
    if not all(isinstance(row, Estimate) for row in released.result):
        yield Paragraph(texts["withheld.small_count"])
        return
    if isinstance(beside, BesideComparison) and not released.is_internal:
        released = replace(released, notes=(*released.notes, "rounded_counts"))
    yield break_even_figure(
        released,
        study.words,
        share=study.through_door(known.share),
        counterfactuals=counterfactuals,
        compared=_mark(study, beside),
        figure_id="break-even",
        caption=known.caption,
        source=known.source,
    )
    for assumed, row in zip(counterfactuals, rows, strict=True):
        if assumed in NAMED:
            yield Paragraph(
                texts.format(
                    "costs.additional.sentence",
                    share=numbers.percent(assumed, decimals=0),
                    value=numbers.sek(row.value),
                    interval=interval_text(row, study.words),
                )
            )
    yield Paragraph(
        texts.format(
            "costs.additional.limit",
            low=numbers.percent(known.share.low),
            share=numbers.percent(share),
        )
    )


def _unit_costs(study: Study, known: _Known) -> list[EstimateRow]:
    """What a participant and an outcome cost, as far as it may be shown."""
    rows = (
        cost_per_participant(budget=known.budget, n=known.n),
        cost_per_outcome(budget=known.budget, events=known.events, n=known.n),
    )
    return [study.through_door(row).result for row in rows]


def _told(study: Study, known: _Known, rows: Sequence[EstimateRow]) -> Iterator[str]:
    """The sentence on both costs, where both may be shown."""
    participant, outcome = rows
    if isinstance(participant, Estimate) and isinstance(outcome, Estimate):
        yield study.words.texts.format(
            "costs.sentence",
            budget=study.words.numbers.sek(known.budget),
            per_participant=value_text(participant, study.words),
            per_outcome=value_text(outcome, study.words),
            outcome=known.outcome,
            interval=interval_text(outcome, study.words),
        )


def _registered(study: Study) -> Blocks:
    """The mean of the costs that the register holds per person, where it holds any."""
    if "cost" not in study.persons:
        return
    amounts = study.persons["cost"].dropna()
    if amounts.empty:
        return
    mean = mean_amount(amounts, without=len(study.persons) - len(amounts))
    released = study.amount_through_door(mean, amounts.tolist())
    if not isinstance(released.result, Estimate):
        yield Paragraph(missing_sentence(released, study.words))
        return
    yield Paragraph(
        study.words.texts.format(
            "costs.registered",
            value=value_text(released.result, study.words),
            interval=interval_text(released.result, study.words),
            n=study.words.numbers.count(released.result.n),
        )
    )


def _known(study: Study) -> _Known | Paragraph:
    """Budget and counts, or why they cannot be told: a cost per exit tells the exits."""
    budget, positive = study.project.budget, study.project.outcomes.positive
    if budget is None:
        return Paragraph(study.words.texts["costs.none"])
    share = study.through_door(whole_register_share(study, positive, "participants"))
    if not isinstance(share.result, Estimate):
        return Paragraph(missing_sentence(share, study.words))
    counted = outcome_counts(study, study.persons, positive, status_column=None)
    labels = study.words.labels
    outcome = labels.any_of(labels.inline("exit_class", one) for one in positive)
    source = ""
    if budget.source is not None:
        told = budget.source.in_language(study.language)
        source = study.words.texts.format("costs.source", source=told)
    caption = study.words.texts.format("costs.additional.caption", outcome=outcome)
    return _Known(budget.amount, source, counted.events, counted.n, outcome, share.result, caption)


def _outcome_compared(
    study: Study, known: _Known, beside: BesideComparison | Paragraph | None
) -> _Known | None:
    """What the break-even chart rests on when a comparison is marked in it: its own outcome.

    Those compared bear their part of the budget, so that a participant costs the same.
    """
    if not isinstance(beside, BesideComparison):
        return None
    events, others = beside.share.cells
    n = events + others
    return replace(
        known,
        budget=known.budget * n / beside.n,
        events=events,
        n=n,
        share=beside.share,
        caption=study.words.texts.format("costs.compared.caption", **comparison_wording(study)),
    )


def _mark(study: Study, beside: BesideComparison | Paragraph | None) -> Released[Any] | None:
    """The share of the comparison and the cost there, as the chart may mark them."""
    if not isinstance(beside, BesideComparison):
        return None
    return study.through_door([beside.counterfactual, beside.cost])


def _can_say_compared(study: Study) -> Iterator[str]:
    if study.project.budget is not None:
        beside = beside_comparison(study, study.project.budget.amount)
        if isinstance(beside, BesideComparison):
            yield from can_say_compared(study, beside)
