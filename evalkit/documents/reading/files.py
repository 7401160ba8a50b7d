"""The text of a file: plain text, Word, a saved web page, a PDF, or standard input."""

from __future__ import annotations

import io
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path

from evalkit.project.problems import Spoken

LARGEST = 20_000_000
_TEXT_SUFFIXES = frozenset({".txt", ".md", ".text", ""})
_SKIPPED = frozenset(("script", "style", "noscript", "template", "head", "nav", "svg"))
_BLOCKS = frozenset(
    (
        "p", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "br", "tr", "table",
        "section", "article", "header", "footer", "main", "blockquote", "figcaption", "dt", "dd",
        "hr", "aside", "form",
    )
)  # fmt: skip


class UnreadableText(Spoken, ValueError):
    """A file whose text cannot be had; the message says which and why."""


def text_of(file: Path) -> str:
    """The text of a file, by what it holds and what it is called.

    Raises:
        UnreadableText: If it is too large, damaged, or of a kind that is not read.
    """
    if file.stat().st_size > LARGEST:
        raise UnreadableText("text.too_large", name=file, most=LARGEST // 1_000_000)
    return text_of_bytes(file.read_bytes(), name=str(file))


def text_of_bytes(content: bytes, *, name: str = "-") -> str:
    """The text in some bytes; ``name`` tells the kind where the bytes do not."""
    if content.startswith(b"%PDF"):
        return _of_pdf(content, name)
    if content.startswith(b"PK"):
        return _of_word(content, name)
    text = _decoded(content, name)
    suffix = Path(name).suffix.lower()
    if suffix in (".html", ".htm", ".xhtml") or re.match(
        r"\s*<(?:!doctype html|html)\b", text, re.IGNORECASE
    ):
        return _of_html(text)
    if suffix not in _TEXT_SUFFIXES and name != "-":
        raise UnreadableText("text.kind", name=name)
    return text


def _decoded(content: bytes, name: str) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    if b"\x00" in content[:4096]:
        raise UnreadableText("text.not_text", name=name)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _of_word(content: bytes, name: str) -> str:
    """Paragraphs and table rows in the order of the document."""
    import docx  # takes a fifth of a second to load
    from docx.table import Table

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > 10 * LARGEST:
                raise UnreadableText("text.bomb", name=name)
        word = docx.Document(io.BytesIO(content))
        lines = []
        for block in word.iter_inner_content():
            if isinstance(block, Table):
                lines += [" | ".join(cell.text for cell in row.cells) for row in block.rows]
            else:
                lines.append(block.text)
    except (KeyError, ValueError, zipfile.BadZipFile, OSError, SyntaxError) as error:
        if isinstance(error, UnreadableText):
            raise
        raise UnreadableText("text.not_word", name=name) from None
    return "\n\n".join(lines)


def _of_pdf(content: bytes, name: str) -> str:
    """The text of the pages, as whoever marks and copies it gets it."""
    import pypdfium2  # loads on use

    try:
        with pypdfium2.PdfDocument(content) as pdf:
            pages = [page.get_textpage().get_text_bounded() for page in pdf]
    except (pypdfium2.PdfiumError, ValueError):
        raise UnreadableText("text.not_pdf", name=name) from None
    text = "\n\n".join(page.replace("\r\n", "\n").strip() for page in pages)
    if not text.strip():
        raise UnreadableText("text.no_text", name=name)
    return text


def _of_html(text: str) -> str:
    parser = _Words()
    parser.feed(text)
    parser.close()
    lines = (" ".join(line.split(" ")) for line in "".join(parser.found).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.strip() for line in lines)).strip() + "\n"


class _Words(HTMLParser):
    """The words of a page, a blank line between blocks."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._skipped: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag in _SKIPPED:
            self._skipped.append(tag)
        elif tag in _BLOCKS:
            self.found.append("\n\n")

    def handle_endtag(self, tag: str) -> None:
        if self._skipped and tag == self._skipped[-1]:
            self._skipped.pop()
        elif tag in _BLOCKS:
            self.found.append("\n\n")
        elif tag in ("td", "th"):
            self.found.append(" | ")

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self.found.append(data.replace("\n", " ").replace("\r", " "))
