"""Sites compared, and a funnel, as blocks: the sentences and the charts, exact and internal."""

from __future__ import annotations

from collections.abc import Iterator

from evalkit.disclosure import internal
from evalkit.present.blocks import Block, Paragraph
from evalkit.present.charts import forest_figure, funnel_figure
from evalkit.present.labels import Words
from evalkit.present.sentences import sites_sentences
from evalkit.results import Funnel, SiteComparison

Blocks = Iterator[Block]


def show_sites(result: SiteComparison, words: Words) -> Blocks:
    """The mean, whether chance covers the differences, and each site."""
    labels = [words.labels.level(result.dimension, row.group) for row in result.sites]
    outcome = words.texts["sites.the_outcome"]
    released = internal(result)
    for sentence in sites_sentences(released, words, labels=labels, outcome=outcome):
        yield Paragraph(sentence)
    caption = words.texts["column.share"]
    yield forest_figure(released, words, figure_id="forest", caption=caption, labels=labels)
    yield from show_funnel(result.funnel, words, dimension=result.dimension)


def show_funnel(result: Funnel, words: Words, *, dimension: str = "site") -> Blocks:
    """Sites by size against the limits of chance."""
    labels = [words.labels.level(dimension, point.row.group) for point in result.points]
    yield funnel_figure(
        internal(result),
        words,
        figure_id="funnel",
        caption=words.texts["measure.funnel"],
        labels=labels,
        dimension=dimension,
    )
