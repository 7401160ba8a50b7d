"""Every figure as files of its own: SVG and PNG with its alternative text, for other documents.

The alternative text stands in the SVG, in the PNG's description, and as a text file to copy.
"""

from __future__ import annotations

import struct
import tempfile
import zlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from evalkit.documents.files.names import figure_name
from evalkit.documents.files.workfolder import workplace
from evalkit.documents.model import Document
from evalkit.documents.writers.content import numbered_blocks, numbered_chapters
from evalkit.present.blocks import Figure

_END_OF_HEADER = 8 + 25  # the signature of a PNG, and its first chunk


def figure_files(document: Document, *, with_png: bool = True) -> Iterator[tuple[str, str | bytes]]:
    """Name within the report's folder, and content, of three files for each figure."""
    figures = [
        one.block
        for one in numbered_blocks(numbered_chapters(document))
        if isinstance(one.block, Figure)
    ]
    svgs = tuple(figure.svg for figure in figures)
    pictures = png_charts(svgs) if with_png else (b"",) * len(svgs)
    for number, (figure, png) in enumerate(zip(figures, pictures, strict=True), start=1):
        name = figure_name(document.language, number, figure.id, is_appendix=document.is_appendix)
        yield f"{name}.svg", f'<?xml version="1.0" encoding="UTF-8"?>\n{figure.svg}\n'
        if png:
            yield f"{name}.png", with_description(png, figure.caption, figure.alt)
        yield f"{name}.txt", f"{figure.caption}\n\n{figure.alt}\n"


def with_description(png: bytes, title: str, description: str) -> bytes:
    """The picture with its title and alternative text in the chunks that PNG has for them."""
    chunks = b"".join(
        _chunk(b"iTXt", keyword + b"\0\0\0\0\0" + text.encode())
        for keyword, text in ((b"Title", title), (b"Description", description))
    )
    return png[:_END_OF_HEADER] + chunks + png[_END_OF_HEADER:]


def _chunk(kind: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)


PIXELS_PER_INCH = 220
WIDTH_MM = 165


# The Word report and the files of the figures show the same pictures, one after the other.
@lru_cache(maxsize=1)
def png_charts(svgs: tuple[str, ...]) -> tuple[bytes, ...]:
    """One PNG per SVG, `WIDTH_MM` wide; charts hold their letters as shapes and need no font."""
    if not svgs:
        return ()
    import typst

    with tempfile.TemporaryDirectory(dir=workplace(), ignore_cleanup_errors=True) as folder:
        pages = ["#set page(width: auto, height: auto, margin: 0pt, fill: white)"]
        for position, svg in enumerate(svgs):
            (Path(folder) / f"{position}.svg").write_text(svg, encoding="utf-8")
            pages.append(f'#page(image("{position}.svg", width: {WIDTH_MM}mm))')
        main = Path(folder) / "main.typ"
        main.write_text("\n".join(pages), encoding="utf-8")
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False)
        compiler = typst.Compiler(str(main), root=folder, font_paths=fonts)
        made = compiler.compile(format="png", ppi=PIXELS_PER_INCH)
    return (made,) if isinstance(made, bytes) else tuple(made or ())
