"""The text that a PDF shows: letters set with an embedded font are glyph numbers, read back here.

Every font carries a table from glyph to letter, so that a reader can copy text. Runs are put
together by the document's structure, so that a number broken over lines or set partly in
another font is whole again.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

_SHOWING = "Tf Tj TJ ' \" BDC BMC EMC"
_BF_CHAR = re.compile(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
_BF_RANGE = re.compile(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
_SECTION = re.compile(r"begin(bfchar|bfrange)(.*?)end\1", re.DOTALL)
# Elements inside a line; every other element ends a text.
_INLINE = frozenset({"/Span", "/Link", "/Strong", "/Em", "/Code", "/Quote", "/Reference", "/Sub"})
_GLYPH_BYTES = 2
_WIDE_SPACE = 200  # thousandths of the size of the letters

Runs = dict[int, str]


def shown_texts(content: bytes) -> Iterator[str]:
    """Every run of text in a PDF as it is drawn, then the texts of its structure.

    Args:
        content: The file; one that no program could open shows nothing.
    """
    import pikepdf

    try:
        opened = pikepdf.open(io.BytesIO(content))
    except pikepdf.PdfError:
        return
    with opened as pdf:
        by_page: dict[Any, Runs] = {}
        fonts: dict[Any, dict[int, str]] = {}
        for page in pdf.pages:
            runs, loose = _page_runs(page, fonts)
            by_page[page.obj.objgen] = runs
            yield "\n".join([*runs.values(), *loose])
        root = pdf.Root.get("/StructTreeRoot")
        if root is not None:
            texts: list[str] = [""]
            _walk(root.get("/K"), None, by_page, texts)
            yield "\n".join(text for text in texts if text)


def _page_runs(page: Any, fonts: dict[Any, dict[int, str]]) -> tuple[Runs, list[str]]:
    """Text by marked content, and that without a mark: running heads and page numbers."""
    import pikepdf

    letters: dict[int, str] = {}
    runs: Runs = {}
    loose: list[str] = [""]
    open_marks: list[int | None] = []
    known = page.resources.get("/Font", {})
    for instruction in pikepdf.parse_content_stream(page, operators=_SHOWING):
        name, operands = str(instruction.operator), instruction.operands
        if name == "Tf":
            letters = _letters(known[str(operands[0])], fonts)
        elif name in ("BDC", "BMC"):
            open_marks.append(_mark(operands))
            loose.append("")
        elif name == "EMC":
            if open_marks:
                open_marks.pop()
        else:
            text = _text(operands[-1], letters)
            mark = next((one for one in reversed(open_marks) if one is not None), None)
            if mark is None:
                loose[-1] += text
            else:
                runs[mark] = runs.get(mark, "") + text
    return runs, [text for text in loose if text]


def _mark(operands: Any) -> int | None:
    properties: Any = operands[1] if len(operands) > 1 else None
    number = properties.get("/MCID") if hasattr(properties, "get") else None
    return None if number is None else int(number)


def _text(shown: Any, letters: dict[int, str]) -> str:
    """A string, or strings with distances between them."""
    import pikepdf

    if not isinstance(shown, pikepdf.Array):
        return _decoded(bytes(shown), letters)
    parts = []
    for piece in shown:
        if isinstance(piece, pikepdf.String):
            parts.append(_decoded(bytes(piece), letters))
        elif -float(piece) > _WIDE_SPACE:
            parts.append(" ")
    return "".join(parts)


def _decoded(codes: bytes, letters: dict[int, str]) -> str:
    steps = range(0, len(codes), _GLYPH_BYTES)
    return "".join(letters.get(int.from_bytes(codes[i : i + _GLYPH_BYTES]), "") for i in steps)


def _letters(font: Any, fonts: dict[Any, dict[int, str]]) -> dict[int, str]:
    """Glyph → letters of a font, read once."""
    key = font.objgen
    if key not in fonts:
        table = font.get("/ToUnicode")
        fonts[key] = _table(table.read_bytes().decode("latin-1")) if table is not None else {}
    return fonts[key]


def _table(source: str) -> dict[int, str]:
    """A character map's single entries and ranges (PDF 32000-1:2008, 9.10.3)."""
    found: dict[int, str] = {}
    for kind, body in _SECTION.findall(source):
        if kind == "bfchar":
            for code, letters in _BF_CHAR.findall(body):
                found[int(code, 16)] = bytes.fromhex(letters).decode("utf-16-be", "replace")
        else:
            for first, last, letters in _BF_RANGE.findall(body):
                start = int(letters, 16)
                for step in range(int(last, 16) - int(first, 16) + 1):
                    found[int(first, 16) + step] = chr(start + step)
    return found


def _walk(kids: Any, page: Any, by_page: dict[Any, Runs], texts: list[str]) -> None:
    """Texts in the order of reading; an element that is not inline begins a new one."""
    import pikepdf

    if kids is None:
        return
    if isinstance(kids, pikepdf.Array):
        for kid in kids:
            _walk(kid, page, by_page, texts)
    elif isinstance(kids, pikepdf.Dictionary):
        page = kids.get("/Pg", page)
        if "/MCID" in kids:
            _append(int(kids.MCID), page, by_page, texts)
            return
        is_inline = str(kids.get("/S", "")) in _INLINE
        if not is_inline:
            texts.append("")
        _walk(kids.get("/K"), page, by_page, texts)
        if not is_inline:
            texts.append("")
    else:
        _append(int(kids), page, by_page, texts)


def _append(mark: int, page: Any, by_page: dict[Any, Runs], texts: list[str]) -> None:
    if page is not None:
        texts[-1] += by_page.get(page.objgen, {}).get(mark, "")
