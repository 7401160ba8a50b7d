"""What the written formats share: tables and figures numbered as in the HTML.

The numbers follow the reading order of the blocks, so "Tabell 3" is the same table in
every format.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evalkit.documents.files.provenance import evalkit_version
from evalkit.documents.model import Chapter, Document
from evalkit.language import Texts
from evalkit.present.blocks import Block, Cell, Figure, Table


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
    """The first page and the chapters of a document, with every number that is printed."""
    texts = Texts(document.language)
    counts = {Table: 0, Figure: 0}
    words = {Table: texts["document.table"], Figure: texts["document.figure"]}

    def labelled(block: Block) -> Block | Numbered:
        if not isinstance(block, Table | Figure):
            return block
        counts[type(block)] += 1
        return Numbered(f"{words[type(block)]} {counts[type(block)]}", block)

    def numbered(number: str, chapter: Chapter) -> NumberedChapter:
        parts = (
            NumberedPart(part.title, tuple(labelled(block) for block in part.blocks))
            for part in chapter.parts
        )
        return NumberedChapter(number, chapter.title, tuple(parts))

    first = () if document.first_page is None else (numbered("", document.first_page),)
    return (
        *first,
        *(
            numbered(document.chapter_number(position), chapter)
            for position, chapter in enumerate(document.chapters, start=1)
        ),
    )


def heading_of(chapter: NumberedChapter) -> str:
    """``3 Mål och påståenden``; the first page has no number."""
    return f"{chapter.number} {chapter.title}".strip()


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
    if document.is_brief:
        return texts["brief.kind"]
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


def reading_note(figure: Figure, texts: Texts) -> tuple[str, ...]:
    """How the chart is read, in formats that unfold nothing."""
    if not figure.reading:
        return ()
    begun = figure.reading[:1].lower() + figure.reading[1:]
    return (texts.format("document.figure_reading_text", text=begun),)
