"""A result without a chart as a picture: its sentences, or its table in lines."""

from __future__ import annotations

from collections.abc import Sequence

from evalkit.present.blocks import Block, Paragraph, Table
from evalkit.present.charts.canvas import FONT_POINTS, INK, LINE_MM, sheet, svg_of, wrapped
from evalkit.present.html import number_columns

_MM_PER_CHARACTER = 1.75
_MARGIN_MM = 6.0
_MM_PER_LETTER_OF_A_ROW = 2.13  # DejaVu Sans Mono at the size of the text
_COLUMN_GAP = 3


def draw_words(blocks: Sequence[Block], *, width_mm: float) -> tuple[str, ...]:
    """Draw on the sheet that is handed out; what is drawn is returned as its alternative text."""
    characters = max(20, int(width_mm / _MM_PER_CHARACTER))
    told: list[str] = []
    drawn: list[tuple[str, bool]] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            told.append(block.text)
            lines = wrapped(block.text, characters=characters).split("\n")
            drawn += [(line, False) for line in lines]
        elif isinstance(block, Table):
            lines = table_lines(block)
            told += [block.caption, *lines]
            drawn += [(block.caption, False), *((line, True) for line in lines)]
    longest = max((len(line) for line, is_row in drawn if is_row), default=1)
    room = (width_mm - 2 * _MARGIN_MM) / (_MM_PER_LETTER_OF_A_ROW * longest)
    row_points = min(FONT_POINTS, FONT_POINTS * room)
    height = (LINE_MM * 1.25) * len(drawn) + 2 * _MARGIN_MM
    with sheet(height_mm=height, width_mm=width_mm) as figure:
        step = LINE_MM * 1.25 / height
        for number, (line, is_row) in enumerate(drawn):
            figure.text(
                _MARGIN_MM / width_mm,
                1 - _MARGIN_MM / height - number * step,
                line,
                va="top",
                color=INK,
                fontsize=row_points if is_row else FONT_POINTS,
                family="DejaVu Sans Mono" if is_row else None,
            )
        svg_of(figure, figure_id="words", title="", description="")
    return tuple(told)


def table_lines(table: Table) -> list[str]:
    """A table as lines of plain text, its columns below each other."""
    lines = [table.columns, *([cell.text for cell in row] for row in table.rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    gap, numbers = " " * _COLUMN_GAP, number_columns(table)
    return [
        gap.join(
            text.rjust(width) if place in numbers else text.ljust(width)
            for place, (text, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    ]
