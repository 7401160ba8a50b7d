"""Bare results of comparisons of persons as blocks: the sentences, the chart and the tables."""

from __future__ import annotations

from collections.abc import Iterator

from evalkit.disclosure import internal
from evalkit.present.blocks import Block, Paragraph
from evalkit.present.charts.comparison import (
    balance_figure,
    differences_by_method_figure,
    overlap_figure,
)
from evalkit.present.labels import Words
from evalkit.present.sentences.comparison import (
    balance_sentences,
    e_value_sentences,
    overlap_sentences,
)
from evalkit.present.tables import estimates_table
from evalkit.present.tables.comparison import group_flow_table
from evalkit.results import AdjustedComparison, Balance, Estimate, EValue, GroupFlow, Overlap
from evalkit.statistics.adjustment.doubly_robust import ModelledDifference
from evalkit.statistics.adjustment.weighting import WeightedDifference

Blocks = Iterator[Block]


def show_comparison(result: AdjustedComparison, words: Words) -> Blocks:
    """Every method's difference."""
    caption = words.texts["comparison.display"]
    yield differences_by_method_figure(
        internal(result), words, figure_id="differences", caption=caption
    )


def show_e_value(result: EValue, words: Words) -> Blocks:
    """What something unknown would have to be."""
    for sentence in e_value_sentences(internal(result), words):
        yield Paragraph(sentence)


def show_balance(result: Balance, words: Words) -> Blocks:
    """How alike the groups are."""
    for sentence in balance_sentences(internal(result), words):
        yield Paragraph(sentence)
    yield balance_figure(internal(result), words, figure_id="balance")


def show_overlap(result: Overlap, words: Words) -> Blocks:
    """How the groups overlap."""
    for sentence in overlap_sentences(internal(result), words):
        yield Paragraph(sentence)
    yield overlap_figure(internal(result), words, figure_id="overlap")


def show_flow(result: GroupFlow, words: Words) -> Blocks:
    """Who is compared."""
    yield group_flow_table(internal(result), words, table_id="flow")


def show_weighted(result: WeightedDifference, words: Words) -> Blocks:
    """A weighted difference, and how many persons its weights rest on."""
    yield from _difference(result.difference, words)
    numbers = words.numbers
    yield Paragraph(
        words.texts.format(
            "comparison.display.weights",
            treated=numbers.count(result.effective_treated),
            control=numbers.count(result.effective_control),
            largest=numbers.number(result.largest_weight),
        )
    )


def show_modelled(result: ModelledDifference, words: Words) -> Blocks:
    """A difference that rests on outcome models."""
    yield from _difference(result.difference, words)


def _difference(estimate: Estimate, words: Words) -> Blocks:
    yield estimates_table(
        internal([estimate]),
        words,
        table_id="difference",
        caption=words.texts[f"measure.{estimate.measure}"],
    )
