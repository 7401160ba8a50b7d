"""The words and tables of a written file, read by other libraries than those that wrote it."""

from __future__ import annotations

import html
import io
import re
import zipfile
from typing import Any
from xml.etree import ElementTree as ET

import openpyxl
import pypdf

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# A number as readers see it: spaces between thousands, comma or point before decimals.
_NUMBER = re.compile(r"[−-]?\d+(?:[\u00a0 ,]\d{3})*(?:[.,]\d+)?")


def pdf_text(pdf: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return "\n".join(page.extract_text() for page in pages)


def word_text(file: bytes) -> str:
    """Paragraphs, one a line; header, footer and fields left out."""
    root = word_part(file, "word/document.xml")
    return "\n".join(
        "".join(node.text or "" for node in paragraph.iter(f"{_WORD}t"))
        for paragraph in root.iter(f"{_WORD}p")
    )


def word_part(file: bytes, name: str) -> ET.Element:
    return ET.fromstring(zipfile.ZipFile(io.BytesIO(file)).read(name))


def word_tables(file: bytes) -> list[list[list[str]]]:
    root = word_part(file, "word/document.xml")
    return [
        [
            [
                "".join(node.text or "" for node in cell.iter(f"{_WORD}t"))
                for cell in row.iter(f"{_WORD}tc")
            ]
            for row in table.iter(f"{_WORD}tr")
        ]
        for table in root.iter(f"{_WORD}tbl")
    ]


def html_text(page: str) -> str:
    body = re.sub(r"(?s)<style.*?</style>|<svg.*?</svg>|<title.*?</title>", "", page)
    return html.unescape(re.sub(r"<[^>]+>", "", re.sub(r"</(p|li|td|th|dd|dt|h\d)>", "\n", body)))


def html_tables(page: str) -> list[list[list[str]]]:
    return [
        [
            [
                html.unescape(re.sub(r"<[^>]+>", "", cell))
                for cell in re.findall(r"(?s)<t[hd][^>]*>(.*?)</t[hd]>", row)
            ]
            for row in re.findall(r"(?s)<tr[^>]*>(.*?)</tr>", table)
        ]
        for table in re.findall(r"(?s)<table[^>]*>(.*?)</table>", page)
    ]


def workbook(file: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(file))


def numbers_in(text: str) -> list[str]:
    return [found.group().replace("\u00a0", " ") for found in _NUMBER.finditer(text)]


def squeezed(text: str) -> str:
    """Without any space: line breaks of a page are no part of a text."""
    return re.sub(r"\s", "", text)
