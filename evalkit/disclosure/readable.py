"""Any file → the texts a reader, or somebody who opens it as an archive, finds in it.

Invisible characters are taken out, so that a soft hyphen or a hard space inside a number
does not hide it; marks of emphasis are taken out, other tags end a text.
"""

from __future__ import annotations

import html
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from evalkit.disclosure.pdf_text import shown_texts

_INVISIBLE = dict.fromkeys([0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF], "")
_SPACES = dict.fromkeys([0x00A0, 0x2007, 0x2009, 0x202F], " ")
_HYPHENS = dict.fromkeys([*range(0x2010, 0x2016), 0x2212, 0x02D7], "-")
_PLAIN = [(chr(code), read) for code, read in (_INVISIBLE | _SPACES | _HYPHENS).items()]

# Outlines of letters and lines are numbers by the thousand that nobody reads.
_OUTLINES = re.compile(r"\s(?:d|points|transform|viewBox)=\\?\"[^\"]*\"")
_STYLE = re.compile(r"<style\b.*?</style>", re.DOTALL | re.IGNORECASE)
_INLINE = re.compile(
    r"</?(?:b|i|u|em|strong|span|a|sub|sup|mark|small|wbr|tspan|w:(?:r|t|rPr|b|i))\b[^>]*>"
)
_TAG = re.compile(r"<[^>]*>")
_OF_AUTHORS = re.compile(
    r"<(?:dc:creator|cp:lastModifiedBy|pdf:Author|Company|Manager)\b[^>/]*>[^<]*"
)
_META_AUTHOR = re.compile(
    r"<meta\b[^>]*\bname=[\"']author[\"'][^>]*\bcontent=[\"']([^\"']*)", re.IGNORECASE
)
_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)

_PDF_LITERAL = re.compile(rb"\(((?:\\.|[^\\()])*)\)", re.DOTALL)
_PDF_AUTHOR = re.compile(rb"/(?:Author|Manager|Company)\s*\(((?:\\.|[^\\()])*)\)", re.DOTALL)
_PDF_WIDE = re.compile(rb"<FEFF((?:[0-9A-F]{4})*)>", re.IGNORECASE)

_MARKUP = frozenset({".html", ".htm", ".svg", ".xml", ".rels"})
_ARCHIVES = frozenset({".docx", ".xlsx", ".zip", ".ods", ".odt", ".pptx"})
_PLAIN_FILES = frozenset({".ipynb", ".json", ".csv", ".txt", ".log", ".md", ".yaml", ".tsv"})


def readable_parts(name: str, content: str | bytes) -> Iterator[str]:
    """The texts in a file, each cleaned of what hides or splits a number.

    Args:
        name: File name; its ending says what kind of file it is.
        content: The file; text or bytes.
    """
    suffix = PurePath(name).suffix.lower()
    if suffix in _ARCHIVES:
        yield from _archive_parts(_as_bytes(content))
    elif suffix == ".pdf":
        yield from _pdf_parts(_as_bytes(content))
    elif suffix == ".png":
        yield from _png_parts(_as_bytes(content))
    elif suffix in (".ipynb", ".json"):
        yield from _json_parts(_as_text(content))
    elif suffix in _MARKUP:
        yield from _markup_parts(_as_text(content))
    elif suffix in _PLAIN_FILES or isinstance(content, str):
        yield _plain(_as_text(content))
    else:
        yield _plain(content.decode("latin-1"))


def _markup_parts(text: str) -> Iterator[str]:
    """What is shown, and what stands in attributes and comments."""
    lean = _OUTLINES.sub(" ", _STYLE.sub(" ", text))
    yield _plain(html.unescape(_TAG.sub("\n", _INLINE.sub("", lean))))
    # Each tag once: most of a page's, and nearly all of a Word file's, are alike.
    yield _plain(html.unescape("\n".join(dict.fromkeys(_TAG.findall(lean)))))
    # Author fields need tag and text side by side.
    yield from _OF_AUTHORS.findall(lean)
    yield from (f"<pdf:Author>{author}" for author in _META_AUTHOR.findall(lean))


def _json_parts(text: str) -> Iterator[str]:
    """Every string of a notebook or manifest, read as markup where it is markup."""
    try:
        content = json.loads(text)
    except ValueError:
        yield _plain(text)
        return
    plain = []
    for value in _strings(content):
        if "<" in value and ">" in value:
            yield from _markup_parts(value)
        else:
            plain.append(value)
    yield _plain("\n".join(plain))


def _strings(content: Any) -> list[str]:
    """Gathered in one list: a chapter has some tens of thousands, each many levels down."""
    found: list[str] = []

    def gather(value: Any) -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                found.append(str(key))
                gather(inner)
        elif isinstance(value, list):
            for inner in value:
                gather(inner)
        else:
            found.append(str(value))

    gather(content)
    return found


def _archive_parts(content: bytes) -> Iterator[str]:
    """Names, comments and members of a zip archive, hidden sheets and metadata included."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        yield _plain("\n".join(archive.namelist()))
        yield _plain(archive.comment.decode("latin-1"))
        for member in archive.namelist():
            yield from readable_parts(member, archive.read(member))


def _png_parts(content: bytes) -> Iterator[str]:
    """What is written in a picture: the rest are points of colour that nobody reads as digits."""
    place = len(b"\x89PNG\r\n\x1a\n")
    while place + 8 <= len(content):
        length, kind = int.from_bytes(content[place : place + 4]), content[place + 4 : place + 8]
        if kind in (b"tEXt", b"iTXt", b"zTXt", b"eXIf"):
            yield _plain(content[place + 8 : place + 8 + length].decode("utf-8", "replace"))
        place += length + 12


def _pdf_parts(content: bytes) -> Iterator[str]:
    """The text on a PDF's pages, the strings of its objects – titles, alternative texts, links –
    and its metadata. Offsets and references are runs of digits that nobody reads.
    """
    yield from map(_plain, shown_texts(content))
    outside = _STREAM.sub(b" ", content)
    for author in _PDF_AUTHOR.findall(outside):
        yield f"<pdf:Author>{author.decode('latin-1')}"
    literal = (text.decode("latin-1") for text in _PDF_LITERAL.findall(outside))
    wide = (_wide_text(digits) for digits in _PDF_WIDE.findall(outside))
    yield _plain("\n".join((*literal, *wide)))
    for stream in _STREAM.findall(content):
        try:
            unpacked = zlib.decompress(stream)
        except zlib.error:
            unpacked = stream
        if unpacked.lstrip().startswith(b"<"):
            yield from _markup_parts(unpacked.decode("utf-8", errors="replace"))


def _wide_text(digits: bytes) -> str:
    """A string of a PDF written as hexadecimal UTF-16."""
    return bytes.fromhex(digits.decode("ascii")).decode("utf-16-be", errors="replace")


def _plain(text: str) -> str:
    if not text.isascii():
        for hidden, read in _PLAIN:  # ten times as fast as `translate`
            text = text.replace(hidden, read)
    return text


def _as_text(content: str | bytes) -> str:
    return content if isinstance(content, str) else content.decode("utf-8", errors="replace")


def _as_bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content
