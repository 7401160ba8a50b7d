"""Charts as PNG, for the formats that cannot hold SVG: drawn by typst, which we have anyway."""

from __future__ import annotations

import tempfile
from functools import lru_cache
from pathlib import Path

from evalkit.batch.processes.worker import workplace

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
