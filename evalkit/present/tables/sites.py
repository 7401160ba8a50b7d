"""Sites with their mean, and sites against the limits of chance; in the order they are given."""

from __future__ import annotations

from collections.abc import Sequence

from evalkit.present.blocks import Cell, Table
from evalkit.present.labels import Words, count_behind
from evalkit.present.sentences.sites import has_own_mean, one_more
from evalkit.present.tables.cells import (
    count_cell,
    empty_cell,
    estimate_cells,
    estimate_notes,
    headings,
    missing_cell,
    number_cell,
)
from evalkit.results import (
    Estimate,
    EstimateRow,
    FunnelPoint,
    NotEstimable,
    Released,
    SiteComparison,
)

_FUNNEL_COLUMNS = ("narrow_low", "narrow_high", "wide_low", "wide_high", "zone")


def sites_table(
    released: Released[SiteComparison],
    words: Words,
    *,
    table_id: str,
    caption: str,
    labels: Sequence[str],
    sites: slice = slice(None),
) -> Table:
    """Each site with its share and the share drawn towards the mean; mean and span last.

    Args:
        labels: Printed names of the sites.
        sites: Which of them to list, where a part is shown beside a part of a figure.
    """
    found = released.result
    drawn = {row.group: row for row in found.shrunken}
    rows: list[tuple[Cell, ...]] = [
        (Cell(label), *_counts(row, words), *estimate_cells(row, words), _drawn(row, drawn, words))
        for label, row in zip(labels[sites], found.sites[sites], strict=True)
    ]
    rows += [
        (Cell(text), *_whole(row, words), missing_cell(words))
        for text, row in (
            *([(words.say("sites.mean"), found.pooled)] if has_own_mean(found) else []),
            (one_more(found.dimension, words), found.further),
        )
    ]
    shown = (*found.sites[sites], found.pooled)
    return Table(
        id=table_id,
        caption=caption,
        columns=(
            words.labels.dimension(found.dimension),
            *headings(words, "persons", "of_these", "share", "low", "high"),
            words.say("sites.column.drawn"),
        ),
        rows=tuple(rows),
        notes=(
            *estimate_notes(
                released, shown, words, labels=(*labels[sites], words.say("sites.mean"))
            ),
            words.say("sites.note.further"),
        ),
    )


def funnel_table(
    points: Sequence[FunnelPoint],
    words: Words,
    *,
    table_id: str,
    caption: str,
    labels: Sequence[str],
    dimension: str,
    notes: Sequence[str] = (),
) -> Table:
    """Each site of a funnel with its figure, the limits at its size, and where it lies."""
    columns = (
        words.labels.dimension(dimension),
        *headings(words, "persons", "share"),
        *(words.say(f"sites.column.{name}") for name in _FUNNEL_COLUMNS),
    )
    return Table(
        id=table_id,
        caption=caption,
        columns=columns,
        rows=tuple(
            _point_cells(label, point, words) for label, point in zip(labels, points, strict=True)
        ),
        notes=tuple(notes),
    )


def _point_cells(label: str, point: FunnelPoint, words: Words) -> tuple[Cell, ...]:
    shares = (point.row.value, *point.narrow, *point.wide)
    return (
        Cell(label),
        count_cell(point.size, words),
        *(number_cell(share, "percent", words) for share in shares),
        Cell(words.say(f"sites.zone.{point.zone}")),
    )


def _counts(row: EstimateRow, words: Words) -> tuple[Cell, Cell]:
    if isinstance(row, Estimate):
        return count_cell(row.n, words), count_cell(count_behind(row), words)
    if isinstance(row, NotEstimable):
        return count_cell(row.n, words), missing_cell(words)
    empty = empty_cell(row, words)
    return empty, empty


def _whole(row: Estimate, words: Words) -> tuple[Cell, ...]:
    """A mean over sites is no count of persons; a span has no value of its own."""
    value, low, high = estimate_cells(row, words)
    empty = missing_cell(words)
    if row.measure.startswith("further"):
        return empty, empty, empty, low, high
    return count_cell(row.n, words), empty, value, low, high


def _drawn(row: EstimateRow, drawn: dict[str, Estimate], words: Words) -> Cell:
    if not isinstance(row, Estimate):
        return empty_cell(row, words)
    return number_cell(drawn[row.group].value, "percent", words)
