"""Bare results on follow-up and on who took part as blocks: the sentences and the chart."""

from __future__ import annotations

from collections.abc import Iterator

from evalkit.disclosure import internal
from evalkit.present.blocks import Block, Paragraph
from evalkit.present.charts.follow_up import bounds_figure
from evalkit.present.labels import Words
from evalkit.present.sentences.casemix import adjusted_verdict_sentences
from evalkit.present.sentences.follow_up import bounds_sentences, tipping_sentences
from evalkit.present.tables.casemix import adjusted_verdicts_table
from evalkit.results import AdjustedVerdict, FollowUpBounds, TippingPoint

Blocks = Iterator[Block]


def show_bounds(result: FollowUpBounds, words: Words) -> Blocks:
    """How many were followed up, and the extremes."""
    did = words.texts["follow_up.did.any"]
    yield from map(Paragraph, bounds_sentences(internal(result), words, did=did))
    if result.missing:
        caption = words.texts["measure.share"]
        yield bounds_figure(internal(result), words, figure_id="follow-up", caption=caption)


def show_tipping(result: TippingPoint, words: Words) -> Blocks:
    """The verdict, and how many of the missing would turn it."""
    if not result.missing:
        n = words.numbers.count(result.followed_up.n)
        yield Paragraph(words.texts.format("follow_up.everybody", n=n))
    did = words.texts["follow_up.did.any"]
    yield from map(Paragraph, tipping_sentences(internal(result), words, did=did))


def show_adjusted(result: AdjustedVerdict, words: Words) -> Blocks:
    """What was to be expected, what came of it, and the verdict."""
    yield from map(Paragraph, adjusted_verdict_sentences(internal(result), words))
    yield adjusted_verdicts_table(
        [(words.texts["label.everyone"], internal(result))],
        words,
        table_id="casemix",
        caption=words.texts["casemix.caption_one"],
    )
