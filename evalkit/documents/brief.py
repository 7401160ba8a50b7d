"""The two pages of a report for people who decide: its first page, and what must be read with it.

Made of the report itself, so that no figure stands here that does not stand there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from evalkit.documents.model import Chapter, Document, Part
from evalkit.documents.summary import Summary
from evalkit.language import Texts
from evalkit.present.blocks import (
    Block,
    Box,
    Bullets,
    Cell,
    Paragraph,
    Table,
    words_of,
)

# What an A4 page holds with its tables.
SECOND_WORDS = 420
CLAIMS, FIRST_CLAIMS = "claim-verdicts", "first-claims"


def brief_of(document: Document) -> Document:
    """The brief of a report as a document of its own: a first page and one chapter after it."""
    texts = Texts(document.language)
    first = document.first_page or _summary(document, texts)
    own = [block for part in first.parts for block in part.blocks if isinstance(block, Box)]
    kept = tuple(
        replace(part, blocks=tuple(b for b in part.blocks if not isinstance(b, Box)))
        for part in first.parts
    )
    page = replace(first, parts=tuple(part for part in kept if part.blocks))
    second = tuple(_fitting(_second(document, page, own, texts)))
    return replace(
        document,
        first_page=page,
        chapters=(Chapter(id="brief", title=texts["brief.second"], parts=second),),
        headlines=(),
        front=Summary((), ()),
        inputs=(),
        synthetic_note=_short_note(document, texts),
        is_brief=True,
    )


def _short_note(document: Document, texts: Texts) -> str:
    """What is made up, in a few words: the page has room for no more."""
    if not document.synthetic_note:
        return ""
    is_series = document.synthetic_note == texts["document.synthetic_series"]
    return texts[f"brief.synthetic_{'series' if is_series else 'persons'}"]


def _summary(document: Document, texts: Texts) -> Chapter:
    """Of a report whose questions have no answer yet: what it is about."""
    part = Part(id="first-page-1", title="", blocks=(Paragraph(document.summary),))
    return Chapter(id="first-page", title=texts["first.title"], parts=(part,))


def _fitting(parts: Iterator[Part]) -> Iterator[Part]:
    """The parts that the page has room for, the most needed first; one that is too long is left."""
    room = SECOND_WORDS
    for number, part in enumerate(parts):
        words = words_of(part.blocks) + len(part.title.split())
        if words <= room or number == 0:
            room -= words
            yield part


def _second(
    document: Document, page: Chapter, own: Sequence[Block], texts: Texts
) -> Iterator[Part]:
    """What belongs on the second page, by how much the reader needs it."""

    def part(name: str, *blocks: Block) -> Iterator[Part]:
        if blocks:
            yield Part(id=f"brief-{name}", title=texts[f"brief.{name}"], blocks=blocks)

    for position, box in enumerate(own):
        yield Part(id=f"brief-own-{position}", title="", blocks=(box,))
    yield from part("claims", *_other_claims(document, page))
    cannot = [box for box in document.front.boxes if box.kind == "cannot_say"]
    yield from part("cannot", *(Bullets(box.items) for box in cannot))
    yield from part("figures", *_key_figures(document, texts))
    yield from part("reading", Bullets((texts["brief.interval"], texts["brief.target"])))
    yield from part("about", *_about(document, texts))


def _tables(chapters: Sequence[Chapter], table_id: str) -> Iterator[Table]:
    for chapter in chapters:
        for part in chapter.parts:
            for block in part.blocks:
                if isinstance(block, Table) and block.id == table_id:
                    yield block


def _other_claims(document: Document, page: Chapter) -> Iterator[Table]:
    """The claims that the first page had no room for; claims stand in one order in both."""
    shown = sum(len(table.rows) for table in _tables([page], FIRST_CLAIMS))
    for table in _tables(document.chapters, CLAIMS):
        if len(table.rows) > shown:
            yield replace(table, id="brief-claims", rows=table.rows[shown:])


def _key_figures(document: Document, texts: Texts) -> Iterator[Table]:
    if document.headlines:
        columns = ("figure", "value", "detail")
        yield Table(
            id="brief-figures",
            caption=texts["document.key_figures"],
            columns=tuple(texts[f"brief.column.{name}"] for name in columns),
            rows=tuple(
                (Cell(line.label), Cell(line.text), Cell(line.detail))
                for line in document.headlines
            ),
        )


def _about(document: Document, texts: Texts) -> Iterator[Block]:
    lines = [f"{fact.label}: {', '.join(fact.values)}" for fact in document.facts]
    kept = {texts[f"document.{name}"] for name in (
        "actors", "period", "data_cut", "author", "contact", "reference", "published", "funder",
    )}  # fmt: skip
    told = [line for fact, line in zip(document.facts, lines, strict=True) if fact.label in kept]
    yield Bullets(tuple(told))
    yield Paragraph(texts["brief.whole"])
