"""Documents → tagged PDF (PDF/UA-1) with typst: the same document gives the same bytes.

Typst refuses a document without title, language or alternative texts when the standard
is on, so what leaves here has passed that gate.
"""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import Any

from evalkit.documents.files.workfolder import workplace
from evalkit.documents.model import Document
from evalkit.documents.writers.content import (
    Numbered,
    inputs_table,
    kind_of,
    numbered_blocks,
    numbered_chapters,
    provenance_text,
    reading_note,
)
from evalkit.documents.writers.widths import Line, column_widths, is_narrow, page_wide_parts
from evalkit.language import Texts
from evalkit.present.blocks import Block, Box, Bullets, Figure, Heading, Paragraph, Table
from evalkit.present.html import Page, number_columns

_REGIONS = {"sv": "SE", "en": "GB"}
_MM_PER_DIGIT = 1.63  # Source Sans at 9.2 points
# There is no space after the last column.
_NARROW, _WIDE = (Line(digits=166 / _MM_PER_DIGIT + gap, between=gap) for gap in (2.6, 1.6))
# A table of no more rows is kept on one page, together with its notes.
_ROWS_KEPT_TOGETHER = 12
# From the top of an A4 page: before a figure, text that ends higher leaves too much empty.
_FULL_MM = 223


def report_pdf(document: Document) -> bytes:
    """The report as one PDF file.

    Raises:
        typst.TypstError: If it would not meet PDF/UA-1.
    """
    content, files = _content(document)
    template = resources.files("evalkit.documents") / "templates" / "report.typ"
    plain = compile_typst(
        template.read_text("utf-8"),
        {"document.json": json.dumps(content, ensure_ascii=False), **files},
        day=document.data_cut,
    )
    return with_row_headers(plain, _row_headers(content))


def compile_typst(source: str, files: Mapping[str, str | bytes], *, day: Any) -> bytes:
    """A typst source with the files it reads, compiled to PDF/UA-1 with a fixed date."""
    import typst

    with tempfile.TemporaryDirectory(dir=workplace(), ignore_cleanup_errors=True) as folder:
        for name, held in {**files, "main.typ": source}.items():
            content = held.encode() if isinstance(held, str) else held
            (Path(folder) / name).write_bytes(content)

        def compiler(moved: dict[str, str]) -> typst.Compiler:
            main, inputs = str(Path(folder) / "main.typ"), {"moved": json.dumps(moved)}
            return typst.Compiler(main, root=folder, font_paths=_fonts(), sys_inputs=inputs)

        moved: dict[str, str] = {}
        while found := _to_move(json.loads(compiler(moved).query("<at>", field="value"))):
            moved |= found
        made = compiler(moved).compile(
            format="pdf",
            pdf_standards="ua-1",
            timestamp=datetime(day.year, day.month, day.day, tzinfo=UTC),
        )
    if not isinstance(made, bytes):
        raise TypeError("typst wrote no PDF")
    return made


def _to_move(places: list[dict[str, Any]]) -> dict[str, str]:
    """The next figure to move and how: one before a floating one of a lower number floats; one
    that has left much of the last page empty floats where text follows it, else it is smaller.
    """
    in_text = [one for one in places if one["kind"] != "floats"]
    for one in in_text:
        later = (other for other in places if other["page"] > one["page"])
        if any(other["kind"] == "floats" and other["nth"] < one["nth"] for other in later):
            return {str(one["nth"]): "floats"}
    for before, after in pairwise(in_text):
        is_movable = after["nth"] and after["kind"] != "small"
        has_left = after["page"] == before["page"] + 1 and before["y"] < _FULL_MM
        if is_movable and has_left:
            return {str(after["nth"]): "floats" if after["kind"] == "may float" else "small"}
    return {}


@cache
def _fonts() -> Any:
    """Fonts that come with packages, never those of the machine: Source Sans for text, DejaVu
    for what it lacks, and a last one with a box for every character there is.
    """
    import font_source_sans_pro
    import matplotlib as mpl
    import typst

    folders = [font_source_sans_pro.font_directory, f"{mpl.get_data_path()}/fonts/ttf"]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


def _content(document: Document) -> tuple[dict[str, Any], dict[str, str | bytes]]:
    """What the template prints, and the pictures it shows by file name."""
    texts = Texts(document.language)
    chapters = numbered_chapters(document)
    figures = [one for one in numbered_blocks(chapters) if isinstance(one.block, Figure)]
    files = {one.label: f"figure-{i}.svg" for i, one in enumerate(figures, start=1)}
    write = _Blocks(texts, files)
    written = [
        {
            "number": chapter.number,
            "title": chapter.title,
            "parts": [
                {"title": part.title, "blocks": [write(block) for block in part.blocks]}
                for part in chapter.parts
            ],
        }
        for chapter in chapters
    ]
    content = {
        **_front(document, texts),
        "first_page": [one for one in written if not one["number"]],
        "chapters": [one for one in written if one["number"]],
        "figure_tables": [write.figure_table(one) for one in figures if not document.is_brief],
        "provenance_text": provenance_text(document),
        "inputs": write.table(inputs_table(document), ""),
    }
    pictures: dict[str, str | bytes] = {
        files[one.label]: one.block.svg for one in figures if isinstance(one.block, Figure)
    }
    if content["logo"]:
        pictures[content["logo"]] = document.looks.logo
    return content, pictures


def _front(document: Document, texts: Texts) -> dict[str, Any]:
    return {
        "lang": document.language,
        "region": _REGIONS[document.language],
        "logo": f"logo.{document.looks.logo_type}" if document.looks.logo else "",
        "kind": kind_of(document),
        "is_brief": document.is_brief,
        "title": document.title,
        "running_title": document.running_title,
        "summary": document.summary,
        "notices": [list(notice) for notice in document.notices],
        "date": [document.data_cut.year, document.data_cut.month, document.data_cut.day],
        "facts": [{"label": fact.label, "values": list(fact.values)} for fact in document.facts],
        "questions": list(document.front.questions),
        "headlines": [
            {"label": line.label, "text": line.text, "detail": line.detail}
            for line in document.headlines
        ],
        "summary_boxes": [_box(box) for box in document.front.boxes],
        "words": {
            "page_of": texts["document.page_of"],
            "summary": texts["document.summary"],
            "questions": texts["document.questions"],
            "key_figures": texts["document.key_figures"],
            "contents": texts["document.contents"],
            "continued": texts["document.continued"],
            "figure_tables": texts["document.figure_tables"],
            "provenance": texts["document.provenance"],
        },
    }


class _Blocks:
    """Blocks as plain data for the template."""

    def __init__(self, texts: Texts, files: dict[str, str]) -> None:
        self._texts, self._files, self._page = texts, files, Page(texts)

    def __call__(self, block: Block | Numbered) -> dict[str, Any]:
        if isinstance(block, Numbered):
            return self._numbered(block)
        if isinstance(block, Heading):
            return {"block": "heading", "level": min(block.level, 5), "text": block.text}
        if isinstance(block, Bullets):
            return {"block": "bullets", "items": list(block.items)}
        if isinstance(block, Box):
            return _box(block)
        if isinstance(block, Paragraph):
            return {"block": "paragraph", "text": block.text}
        raise TypeError(f"no way to print a {type(block).__name__}")

    def _numbered(self, numbered: Numbered) -> dict[str, Any]:
        block = numbered.block
        if isinstance(block, Table):
            return self.table(block, numbered.label)
        named = self._texts.format("document.figure_numbers_at", figure=numbered.label)
        return {
            "block": "figure",
            "label": numbered.label,
            "nth": list(self._files).index(numbered.label) + 1,
            "file": self._files[numbered.label],
            "alt": block.alt,
            "numbers_at": self._texts.format("document.figure_numbers_where", table=named),
            **self._surroundings(block),
            "notes": [*reading_note(block, self._texts), *block.notes],
        }

    def figure_table(self, numbered: Numbered) -> dict[str, Any]:
        label = self._texts.format("document.figure_numbers_at", figure=numbered.label)
        return self.table(numbered.table, label)

    def table(self, table: Table, label: str) -> dict[str, Any]:
        parts = page_wide_parts(table, _WIDE)
        return {
            "block": "table",
            "label": label,
            "parts": [_part(part) for part in parts],
            "kept": len(parts) == 1 and len(table.rows) <= _ROWS_KEPT_TOGETHER,
            "rows": [[cell.text for cell in row] for row in table.rows],
            **self._surroundings(table),
        }

    def _surroundings(self, block: Table | Figure) -> dict[str, Any]:
        source = self._page.source(block.source) if block.source else ""
        return {"caption": block.caption, "notes": list(block.notes), "source": source}


def _part(table: Table) -> dict[str, Any]:
    return {
        "columns": list(table.columns),
        "rows": [[cell.text for cell in row] for row in table.rows],
        "numbers": sorted(number_columns(table)),
        "row_headers": table.row_headers,
        **_widths(table),
    }


def _widths(table: Table) -> dict[str, Any]:
    """Millimetres for each column and between two; 0 is a column as wide as its content."""
    if is_narrow(table, _NARROW):
        return {"widths": [0] * len(table.columns), "gap": _NARROW.between * _MM_PER_DIGIT}
    widths = column_widths(table, _WIDE)
    # The space between two columns is half in each.
    widths[0] -= _WIDE.between / 2
    widths[-1] -= _WIDE.between / 2
    millimetres = [round(width * _MM_PER_DIGIT, 2) for width in widths]
    return {"widths": millimetres, "gap": _WIDE.between * _MM_PER_DIGIT}


def _box(box: Box) -> dict[str, Any]:
    return {"block": "box", "kind": box.kind, "title": box.title, "items": list(box.items)}


def _row_headers(content: dict[str, Any]) -> Sequence[int]:
    """Row headers of each table in the order of the PDF."""
    inside = [
        block
        for chapter in (*content["first_page"], *content["chapters"])
        for part in chapter["parts"]
        for block in part["blocks"]
        if block["block"] == "table"
    ]
    tables = [*inside, *content["figure_tables"]]
    if content["inputs"]["rows"]:
        tables.append(content["inputs"])
    return [part["row_headers"] for table in tables for part in table["parts"]]


class UntaggedTable(ValueError):
    """The structure tree does not hold the tables that were written."""


def with_row_headers(pdf: bytes, row_headers: Sequence[int]) -> bytes:
    """The PDF with the first cells of each body row marked as headers of their row.

    Args:
        pdf: A tagged PDF.
        row_headers: For each table in reading order, how many cells head a row.

    Raises:
        UntaggedTable: If the PDF holds another number of tables.
    """
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as opened:
        tables = list(elements(opened.Root.StructTreeRoot, "/Table"))
        if len(tables) != len(row_headers):
            raise UntaggedTable(f"expected {len(row_headers)} tables, found {len(tables)}")
        for table, headers in zip(tables, row_headers, strict=True):
            _mark(table, headers)
        target = io.BytesIO()
        opened.save(target, deterministic_id=True, fix_metadata_version=False)
    return target.getvalue()


def elements(node: Any, kind: str) -> Iterator[Any]:
    """Structure elements of a kind below a node, in reading order; none lies in another."""
    for child in children(node):
        if child.get("/S") == kind:
            yield child
        else:
            yield from elements(child, kind)


def children(node: Any) -> list[Any]:
    """The structure elements right below a node; marked content is no element."""
    import pikepdf

    kids = node.get("/K")
    if kids is None:
        return []
    found = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
    return [kid for kid in found if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]


def _mark(table: Any, headers: int) -> None:
    import pikepdf

    for body in elements(table, "/TBody"):
        for row in elements(body, "/TR"):
            for cell in children(row)[:headers]:
                cell.S = pikepdf.Name.TH
                cell.A = _row_scope(cell.get("/A"))


def _row_scope(attributes: Any) -> Any:
    """The cell's attributes with the scope added."""
    import pikepdf

    scope = pikepdf.Dictionary(O=pikepdf.Name.Table, Scope=pikepdf.Name.Row)
    if attributes is None:
        return pikepdf.Array([scope])
    kept = list(attributes) if isinstance(attributes, pikepdf.Array) else [attributes]
    return pikepdf.Array([*kept, scope])
