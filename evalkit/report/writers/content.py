"""What the paged formats share: tables and figures numbered as in the HTML, wide tables cut.

The numbers follow the reading order of the blocks, so "Tabell 3" is the same table in
every format.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from evalkit.language import Texts
from evalkit.present.blocks import Block, Cell, Figure, Table
from evalkit.report.documents.model import Document
from evalkit.report.files.provenance import evalkit_version

_CELL_PADDING = 3
_LONGEST_COLUMN = 24


@dataclass(frozen=True, slots=True)
class Numbered:
    """A table or figure with its number in words: ``Tabell 3``."""

    label: str
    block: Table | Figure

    @property
    def table(self) -> Table:
        """The table itself, or the one the figure is drawn from."""
        return self.block.data if isinstance(self.block, Figure) else self.block


@dataclass(frozen=True, slots=True)
class NumberedPart:
    title: str
    blocks: tuple[Block | Numbered, ...]


@dataclass(frozen=True, slots=True)
class NumberedChapter:
    number: str
    title: str
    parts: tuple[NumberedPart, ...]


def numbered_chapters(document: Document) -> tuple[NumberedChapter, ...]:
    """The chapters of a document with every number that is printed."""
    texts = Texts(document.language)
    counts = {Table: 0, Figure: 0}
    words = {Table: texts["document.table"], Figure: texts["document.figure"]}

    def labelled(block: Block) -> Block | Numbered:
        if not isinstance(block, Table | Figure):
            return block
        counts[type(block)] += 1
        return Numbered(f"{words[type(block)]} {counts[type(block)]}", block)

    return tuple(
        NumberedChapter(
            document.chapter_number(position),
            chapter.title,
            tuple(
                NumberedPart(part.title, tuple(labelled(block) for block in part.blocks))
                for part in chapter.parts
            ),
        )
        for position, chapter in enumerate(document.chapters, start=1)
    )


def numbered_blocks(chapters: Sequence[NumberedChapter]) -> Iterator[Numbered]:
    """Tables and figures in reading order."""
    for chapter in chapters:
        for part in chapter.parts:
            yield from (block for block in part.blocks if isinstance(block, Numbered))


def kind_of(document: Document) -> str:
    """What the document calls itself above its title: a report or an appendix."""
    texts = Texts(document.language)
    if document.is_portfolio:
        return texts["document.kind.portfolio"]
    return texts["document.kind.appendix" if document.is_appendix else "document.kind.report"]


def provenance_text(document: Document) -> str:
    """How the report was made."""
    texts = Texts(document.language)
    return texts.format("document.provenance_text", version=evalkit_version())


def inputs_table(document: Document) -> Table:
    """The files the report rests on, with the beginning of each checksum."""
    texts = Texts(document.language)
    return Table(
        id="inputs",
        caption=texts["document.provenance_caption"],
        columns=(texts["document.provenance_file"], texts["document.provenance_digest"]),
        rows=tuple((Cell(file.name), Cell(file.sha256[:16])) for file in document.inputs),
    )


def page_wide_parts(table: Table, *, characters: int) -> tuple[Table, ...]:
    """The table, cut between columns where a page is too narrow; row headers stand in each part.

    Args:
        table: Any table with at least one row header.
        characters: How many characters a line of the page holds.
    """
    widths = [_width(table, position) for position in range(len(table.columns))]
    heads = list(range(table.row_headers))
    room = max(characters - sum(widths[position] for position in heads), 1)
    rest = range(table.row_headers, len(table.columns))
    groups = _groups(rest, widths, room)
    # As even as they can be made: no part is left with a single column.
    even = next(r for r in range(1, room + 1) if len(_groups(rest, widths, r)) <= len(groups))
    return tuple(_columns(table, heads + group) for group in _groups(rest, widths, even))


def _groups(positions: Sequence[int], widths: Sequence[int], room: int) -> list[list[int]]:
    """Positions in order, as many together as there is room for, at least one."""
    groups: list[list[int]] = [[]]
    used = 0
    for position in positions:
        if groups[-1] and used + widths[position] > room:
            groups.append([])
            used = 0
        groups[-1].append(position)
        used += widths[position]
    return groups


def fits_on_a_line(table: Table, *, characters: int) -> bool:
    """Whether no cell has to be broken for the table to fit a line of so many characters."""
    needed = 0
    for position, heading in enumerate(table.columns):
        cells = (len(row[position].text) for row in table.rows)
        needed += max(len(heading), *cells, 0) + _CELL_PADDING
    return needed <= characters


def _columns(table: Table, positions: Sequence[int]) -> Table:
    return replace(
        table,
        columns=tuple(table.columns[position] for position in positions),
        rows=tuple(tuple(row[position] for position in positions) for row in table.rows),
    )


def _width(table: Table, position: int) -> int:
    """Characters a column needs: words may be broken at spaces, numbers may not."""
    cells = [row[position] for row in table.rows]
    heading = max((len(word) for word in table.columns[position].split()), default=0)
    longest = max((len(cell.text) for cell in cells), default=0)
    return min(max(heading, longest), _LONGEST_COLUMN) + _CELL_PADDING
