"""Sites beside each other: a forest of intervals with their mean, in the order given."""

from __future__ import annotations

from collections.abc import Sequence

from evalkit.present.blocks import Figure as FigureBlock
from evalkit.present.charts.interval_rows import ROW_MM, Row, rows_figure
from evalkit.present.labels import Words
from evalkit.present.sentences.sites import has_own_mean, one_more
from evalkit.present.tables.sites import sites_table
from evalkit.results import Estimate, EstimateRow, Released, SiteComparison

DENSE_ROW_MM = 6.5
MANY = 12


def forest_figure(
    released: Released[SiteComparison],
    words: Words,
    *,
    figure_id: str,
    caption: str,
    labels: Sequence[str],
    rows: slice = slice(None),
) -> FigureBlock:
    """Each site's share with its interval, what they have in common, and a further site.

    An open diamond shows the share drawn towards the mean. Withheld sites keep their row.

    Args:
        labels: Printed names of the sites, in order.
        rows: Which of them to draw, where they are too many for one figure.
    """
    found = released.result
    drawn = {row.group: row.value for row in found.shrunken}
    lines = [
        Row(_with_size(label, row, words), row, beside=drawn.get(row.group))
        for label, row in zip(labels[rows], found.sites[rows], strict=True)
    ]
    if has_own_mean(found):
        lines.append(Row(words.texts["sites.mean"], found.pooled, mark="diamond"))
    lines.append(Row(one_more(found.dimension, words), found.further, mark="span"))
    data = sites_table(
        released, words, table_id=f"{figure_id}-data", caption=caption, labels=labels, sites=rows
    )
    return rows_figure(
        lines,
        words,
        data,
        heading=words.texts["column.share"],
        row_mm=ROW_MM if len(lines) <= MANY else DENSE_ROW_MM,
        notes=(words.texts["sites.note.drawn"],),
    )


def _with_size(label: str, row: EstimateRow, words: Words) -> str:
    if not isinstance(row, Estimate):
        return label
    return words.texts.format("sites.with_n", label=label, n=words.numbers.count(row.n))
