"""Documents → Word: real headings, captions, repeated header rows, alternative texts.

For colleagues to comment in; looks come from named styles (`word_styles`).
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from evalkit.documents.model import Document
from evalkit.documents.writers import word_fields as fields
from evalkit.documents.writers.archive import repacked
from evalkit.documents.writers.content import (
    Numbered,
    NumberedChapter,
    heading_of,
    inputs_table,
    kind_of,
    numbered_blocks,
    numbered_chapters,
    provenance_text,
    reading_note,
)
from evalkit.documents.writers.figures import WIDTH_MM, png_charts
from evalkit.documents.writers.widths import page_wide_parts
from evalkit.documents.writers.word_fields import WIDE, add_table
from evalkit.documents.writers.word_styles import LINE_WIDTH_MM, box_style, empty_document
from evalkit.language import Texts
from evalkit.present.blocks import Block, Box, Bullets, Figure, Heading, Paragraph, Table
from evalkit.present.html import Page

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

_DEEPEST_HEADING = 5
_APART = 34  # points above a chapter that begins no page
_FIRST_PICTURE, _FIRST_SPACE = 0.8, 8  # of the usual width; points above a heading


def report_docx(document: Document) -> bytes:
    """The report as one Word file."""
    import docx

    template = document.looks.docx_template
    word = docx.Document(io.BytesIO(_empty(document.language, template)))
    _Report(word, document).write()
    return repacked(_saved(word))


@lru_cache(maxsize=4)
def _empty(language: str, template: bytes) -> bytes:
    return _saved(empty_document(language, template))


def _saved(word: WordDocument) -> bytes:
    target = io.BytesIO()
    word.save(target)
    return target.getvalue()


class _Report:
    """One document being written from top to bottom."""

    def __init__(self, word: WordDocument, document: Document) -> None:
        from docx.shared import Mm

        self._word, self._document = word, document
        page = word.sections[0]
        around = (page.left_margin or 0) + (page.right_margin or 0)
        text_width = (page.page_width or Mm(210)) - around
        # An own template may leave less room than the report's own page.
        self._room = min(1, text_width / Mm(LINE_WIDTH_MM))
        self._texts = Texts(document.language)
        self._page = Page(self._texts)
        self._chapters = numbered_chapters(document)
        self._figures = [
            one for one in numbered_blocks(self._chapters) if isinstance(one.block, Figure)
        ]
        charts = png_charts(
            tuple(one.block.svg for one in self._figures if isinstance(one.block, Figure))
        )
        self._charts = {one.label: png for one, png in zip(self._figures, charts, strict=True)}
        self._style_ids = {style.name: style.style_id for style in word.styles}
        self._bookmarks = 0
        self._after_table = False
        self._drawn = 1.0

    def write(self) -> None:
        self._properties()
        self._running()
        self._cover()
        first = [chapter for chapter in self._chapters if not chapter.number]
        for chapter in first:
            self._chapter(chapter)
        self._summary()
        self._contents()
        for chapter in self._chapters[len(first) :]:
            self._chapter(chapter)
        if self._figures:
            self._heading(self._texts["document.figure_tables"], 1)
            for figure in self._figures:
                self._figure_table(figure)
        self._about()

    def _properties(self) -> None:
        properties, document = self._word.core_properties, self._document
        made = datetime.combine(document.data_cut, datetime.min.time())
        properties.title, properties.subject = document.title, document.summary[:250]
        properties.language = document.language
        properties.author = properties.comments = properties.last_modified_by = ""
        properties.created = properties.modified = made
        properties.revision = 1

    def _running(self) -> None:
        if self._document.looks.docx_template:
            return  # header and footer are the template's
        section, texts = self._word.sections[0], self._texts
        section.header.paragraphs[0].text = self._document.running_title
        for footer in (section.footer, section.first_page_footer):
            line = footer.paragraphs[0]
            line.style = "Footer"
            line.alignment = 2
            before, _, rest = texts["document.page_of"].partition("{page}")
            between, _, after = rest.partition("{total}")
            line.add_run(before)
            fields.add_field(line, "PAGE", "1")
            line.add_run(between)
            fields.add_field(line, "NUMPAGES", "1")
            line.add_run(after)

    def _cover(self) -> None:
        document = self._document
        if document.looks.logo:
            fields.add_logo(self._say("", "Logo").add_run(), document.looks.logo)
        self._say(kind_of(document), "Kind")
        self._say(document.title, "Title")
        self._say(document.summary, "Subtitle")
        for title, note in document.notices:
            self._box(Box("cannot_say", title, (note,)))
        self._say("", "Normal")
        for fact in document.facts:
            line = self._say(f"{fact.label}\t", "Fact")
            for position, value in enumerate(fact.values):
                if position:
                    line.add_run().add_break()
                line.add_run(value)

    def _summary(self) -> None:
        document, texts = self._document, self._texts
        looks = self._heading(texts["document.summary"], 1)
        if any(not chapter.number for chapter in self._chapters):
            # In another font the first page is a page and some lines.
            looks.page_break_before = False
        if document.headlines:
            self._heading(texts["document.key_figures"], 2)
        for line in document.headlines:
            self._say(line.label, "Key Figure Label")
            figure = self._say(line.text, "Key Figure")
            if line.detail:
                detail = figure.add_run(f"  {line.detail}")
                fields.make_quiet(detail)
        for box in document.front.boxes:
            self._box(box)
        if document.front.questions:
            self._heading(texts["document.questions"], 2)
            self._bullets(document.front.questions)

    def _contents(self) -> None:
        self._heading(self._texts["document.contents"], 1)
        entries = list(self._entries())
        lines = [self._say("", f"toc {level}") for level, _, _ in entries]
        hint = self._say(self._texts["document.contents_hint"], "Note")
        fields.add_contents(lines, [entry[1:] for entry in entries], until_updated=hint)
        # Here, where no page of the report is made longer by it.
        title = self._texts["document.own_text"]
        self._heading(title, 2)
        place = self._say(self._texts["document.own_text_here"], "Own Text")
        fields.add_place_for_text(place, title=title)

    def _entries(self) -> Iterable[tuple[int, str, str]]:
        """Level, text and bookmark of what the contents list: chapters and their parts."""
        number = self._bookmarks
        for chapter in (one for one in self._chapters if one.number):
            number += 1
            yield 1, heading_of(chapter), fields.bookmark_name(number)
            for part in chapter.parts:
                if part.title:
                    number += 1
                    yield 2, part.title, fields.bookmark_name(number)
        closing = [self._texts["document.figure_tables"]] if self._figures else []
        for title in [*closing, self._texts["document.provenance"]]:
            number += 1
            yield 1, title, fields.bookmark_name(number)

    def _chapter(self, chapter: NumberedChapter) -> None:
        from docx.shared import Pt

        looks = self._heading(heading_of(chapter), 1)
        if chapter.number not in ("", "1") and not self._document.looks.docx_template:
            # A chapter follows the one before: the box that ends it is never alone on a page.
            looks.page_break_before, looks.space_before = False, Pt(_APART)
        elif not chapter.number:
            looks.page_break_before = True  # the first page is one, in any template
        # The first page is one page in another font, too.
        self._drawn = 1 if chapter.number else _FIRST_PICTURE
        for part in chapter.parts:
            if part.title:
                looks = self._heading(part.title, 2)
                if not chapter.number:
                    looks.space_before = Pt(_FIRST_SPACE)
            for block in part.blocks:
                self._block(block)

    def _block(self, block: Block | Numbered) -> None:
        if isinstance(block, Numbered):
            self._numbered(block)
        elif isinstance(block, Heading):
            self._say(block.text, f"Heading {min(block.level, _DEEPEST_HEADING)}")
        elif isinstance(block, Bullets):
            self._bullets(block.items)
        elif isinstance(block, Box):
            self._box(block)
        elif isinstance(block, Paragraph):
            self._say(block.text, "Normal")
        else:
            raise TypeError(f"no way to write a {type(block).__name__}")

    def _numbered(self, numbered: Numbered) -> None:
        block = numbered.block
        if isinstance(block, Table):
            self._table(block, numbered.label)
            return
        self._caption(numbered.label, block.caption)
        picture = self._say("", "Figure").add_run()
        fields.add_picture(
            picture,
            self._charts[numbered.label],
            width_mm=WIDTH_MM * self._room * self._drawn,
            title=block.caption,
            description=block.alt,
        )
        named = self._texts.format("document.figure_numbers_at", figure=numbered.label)
        where = self._texts.format("document.figure_numbers_where", table=named)
        self._notes((*reading_note(block, self._texts), *block.notes, where), block.source)

    def _figure_table(self, numbered: Numbered) -> None:
        label = self._texts.format("document.figure_numbers_at", figure=numbered.label)
        self._table(numbered.table, label)

    def _table(self, table: Table, label: str) -> None:
        has_notes = bool(table.notes or table.source)
        line = replace(WIDE, digits=WIDE.digits * self._room)
        for position, part in enumerate(page_wide_parts(table, line)):
            text = self._texts["document.continued"] if position else table.caption
            self._caption(label, text, again=position > 0)
            add_table(
                self._word, part, caption=table.caption, before_notes=has_notes, room=self._room
            )
        self._notes(table.notes, table.source)
        self._after_table = not has_notes

    def _caption(self, label: str, text: str, *, again: bool = False) -> None:
        line = self._say("", "Caption")
        line.paragraph_format.keep_with_next = True  # in a template of their own, too
        if label:
            fields.add_number(line, label, again=again)
            line.add_run(". ").bold = True
        line.add_run(text)

    def _notes(self, notes: Sequence[str], source: str) -> None:
        lines = [*notes, *([self._page.source(source)] if source else [])]
        for position, line in enumerate(lines, start=1):
            self._say(line, "Last Note" if position == len(lines) else "Note")

    def _box(self, box: Box) -> None:
        self._say(box.title, box_style(box.kind, "Title"))
        part = "Text" if len(box.items) == 1 else "Item"
        for item in box.items:
            self._say(item, box_style(box.kind, part))

    def _bullets(self, items: Sequence[str]) -> None:
        for item in items:
            self._say(item, "List Bullet")

    def _about(self) -> None:
        self._heading(self._texts["document.provenance"], 1)
        self._say(provenance_text(self._document), "Normal")
        if self._document.inputs:
            self._table(inputs_table(self._document), "")

    def _heading(self, text: str, level: int) -> Any:
        """A heading; those that the contents list carry a bookmark."""
        from docx.shared import Pt

        made = self._say(text, f"Heading {level}")
        if text in {self._texts[f"document.{name}"] for name in ("figure_tables", "provenance")}:
            made.paragraph_format.page_break_before = False
            made.paragraph_format.space_before = Pt(_APART)
        in_front = {self._texts[f"document.{name}"] for name in
                    ("summary", "questions", "key_figures", "contents", "own_text")}  # fmt: skip
        if text not in in_front:
            self._bookmarks += 1
            fields.bookmark(made, self._bookmarks)
        return made.paragraph_format

    def _say(self, text: str, style: str) -> Any:
        from docx.shared import Pt

        made = self._word.add_paragraph(text)
        made._p.style = self._style_ids[style]  # noqa: SLF001 - by name, each takes 4 ms
        if self._after_table and style == "Normal":
            # A Word table has no space below it: what follows must bring its own.
            made.paragraph_format.space_before = Pt(10)
        self._after_table = False
        return made
