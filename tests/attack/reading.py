"""What a reader of published files reads: tables of pages, workbooks and notebooks as they lie.

Knows nothing of the package: files are opened with lxml, openpyxl and json alone.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree
from openpyxl import load_workbook

_NUMBER = re.compile(r"^[−-]?\d{1,3}(?:[ \u00a0\u202f,]?\d{3})*(?:[.,]\d+)?\s*%?$")
WITHHELD = frozenset({"skyddad", "withheld"})


@dataclass(frozen=True)
class Read:
    """A table: its file, columns and rows of texts."""

    file: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def read_folder(folder: Path) -> tuple[list[Read], list[str]]:
    """Every table of every published file of a project, and every sentence."""
    tables: list[Read] = []
    sentences: list[str] = []
    for file in sorted(folder.rglob("*")):
        if file.suffix == ".html":
            tables += _page_tables(file)
            sentences += _page_sentences(file)
        elif file.suffix == ".xlsx":
            tables += _sheets(file)
        elif file.suffix == ".docx":
            told, said = _word(file)
            tables += told
            sentences += said
        elif file.suffix == ".svg" or (file.suffix == ".txt" and file.parent.name == "figures"):
            sentences += _page_sentences(file) if file.suffix == ".svg" else _lines(file)
        elif file.suffix in (".ipynb", ".json"):
            content = json.loads(file.read_text(encoding="utf-8"))
            tables += _notebook_tables(file.name, content)
            sentences += _strings(content)
    return tables, sentences


def number(text: str, language: str) -> float | None:
    """A printed number; a share as a number from 0 to 1."""
    clean = text.replace("\u00a0", " ").replace("\u202f", " ").strip()
    if not _NUMBER.match(clean):
        return None
    is_share = clean.endswith("%")
    digits = clean.rstrip("% ").replace(" ", "").replace("−", "-")
    digits = digits.replace(",", "." if language == "sv" else "")
    try:
        return float(digits) / (100 if is_share else 1)
    except ValueError:
        return None


def language_of(file: str) -> str:
    return "en" if ".en." in file else "sv"


def _text(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _page(file: Path) -> Any:
    text = re.sub(r"(?s)<(style|script)\b.*?</\1>", "", file.read_text(encoding="utf-8"))
    return etree.HTML(text.encode(), etree.HTMLParser(encoding="utf-8"))


def _page_tables(file: Path) -> Iterator[Read]:
    for table in _page(file).iter("table"):
        lines = [tuple(_text(cell) for cell in row) for row in table.iter("tr")]
        if len(lines) > 1:
            yield Read(file.name, lines[0], tuple(lines[1:]))


def _page_sentences(file: Path) -> list[str]:
    page = _page(file)
    return [_text(one) for kind in ("p", "li", "desc", "title") for one in page.iter(kind)]


def _lines(file: Path) -> list[str]:
    return [" ".join(line.split()) for line in file.read_text(encoding="utf-8").splitlines()]


def _word(file: Path) -> tuple[list[Read], list[str]]:
    """Tables, and the paragraphs and alternative texts of a Word file."""
    with zipfile.ZipFile(file) as archive:
        root = etree.fromstring(archive.read("word/document.xml"))
    name = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    tables = []
    for table in root.iter(f"{name}tbl"):
        lines = [
            tuple(_text(cell) for cell in row.iter(f"{name}tc")) for row in table.iter(f"{name}tr")
        ]
        if len(lines) > 1:
            tables.append(Read(file.name, lines[0], tuple(lines[1:])))
    said = [_text(one) for one in root.iter(f"{name}p")]
    return tables, said + [one.get("descr", "") for one in root.iter() if one.get("descr")]


def _sheets(file: Path) -> Iterator[Read]:
    for sheet in load_workbook(file).worksheets:
        lines = [
            tuple("" if cell is None else str(cell) for cell in row)
            for row in sheet.iter_rows(values_only=True)
        ]
        for start, line in enumerate(lines):
            if len(line) > 1 and line[1] and line[0]:
                yield Read(file.name, line, tuple(lines[start + 1 :]))
                break


def _notebook_tables(name: str, content: Any) -> Iterator[Read]:
    if isinstance(content, dict):
        if content.get("block") == "table":
            rows = tuple(tuple(cell["text"] for cell in row) for row in content["rows"])
            yield Read(name, tuple(content["columns"]), rows)
        for one in content.values():
            yield from _notebook_tables(name, one)
    elif isinstance(content, list):
        for one in content:
            yield from _notebook_tables(name, one)


def _strings(content: Any) -> list[str]:
    if isinstance(content, dict):
        return [text for one in content.values() for text in _strings(one)]
    if isinstance(content, list):
        return [text for one in content for text in _strings(one)]
    return [content] if isinstance(content, str) else []
