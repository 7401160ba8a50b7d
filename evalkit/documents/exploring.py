"""Results as they show themselves: in a notebook, as a figure, as a file; exact ones marked.

The package's first file names this module to `evalkit.shape`; it loads with the first result
that is shown.
"""

from __future__ import annotations

import dataclasses
import io
import math
import re
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from evalkit.disclosure import internal
from evalkit.documents.kept import FIRST_PAGE_MIME_TYPE, HEADLINE_MIME_TYPE
from evalkit.documents.writers.one_result import OneResult, result_docx, result_xlsx
from evalkit.figures import FIGURES_MIME_TYPE, figures_to_json
from evalkit.language import LANGUAGES, Language
from evalkit.present.blocks import (
    MIME_TYPE,
    Block,
    Box,
    Bullets,
    Heading,
    Headlines,
    Paragraph,
    Section,
    Table,
    to_json,
)
from evalkit.present.blocks import Figure as FigureBlock
from evalkit.present.charts.canvas import SMALL_POINTS, handed_out, svg_of
from evalkit.present.charts.words import draw_words, table_lines
from evalkit.present.html import section_html
from evalkit.present.labels import Words, words_in
from evalkit.present.sentences.notices import not_computed_sentence
from evalkit.present.show import chart, estimates, show
from evalkit.results import CannotBeComputed, FeasibleCounts, Released
from evalkit.results.frames import frame_of
from evalkit.shape import words_for
from evalkit.statistics.shares.claims import feasible_intervals

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from matplotlib.figure import Figure

Ending = Literal["svg", "png", "xlsx", "docx"]
ENDINGS: tuple[Ending, ...] = ("svg", "png", "xlsx", "docx")
LARGEST_INCHES, NARROWEST, WIDEST = 30, 60, 420
_INCH = 25.4
_PIXELS_PER_INCH = 220
_PAGE = 170.0
_MARK = "#9B1C1C"
_MARK_MM, _POINTS_PER_MM = 6.0, 72 / 25.4
_SIZE = re.compile(r'<svg ([^>]*?)width="([\d.]+)pt" height="([\d.]+)pt"')


def frame(result: Any) -> pd.DataFrame:
    """The figures as a tidy frame; of a section, its tables as printed."""
    if not isinstance(result, Section):
        return frame_of(result)
    import pandas as pd

    shown = [one.data if isinstance(one, FigureBlock) else one for one in result.blocks]
    rows = [
        {"table": table.caption, **{
            head: cell.text if cell.value is None else cell.value
            for head, cell in zip(table.columns, row, strict=True)
        }}
        for table in shown if isinstance(table, Table)
        for row in table.rows
    ]  # fmt: skip
    return pd.DataFrame(rows)


def figure(result: Any, *, width: float = _PAGE, language: Language | None = None) -> Figure:
    """See `evalkit.shape.Shown.figure`."""
    return _drawn(result, _words(result, language), _millimetres(width))[0]


def save(result: Any, path: str | Path, *, language: Language | None = None) -> Path:
    """See `evalkit.shape.Shown.save`."""
    words, wanted = _words(result, language), Path(path)
    ending = wanted.suffix.lower().removeprefix(".")
    if ending not in ENDINGS:
        allowed = ", ".join(f".{one}" for one in ENDINGS)
        raise ValueError(f"the name of the file must end in one of {allowed}, not {wanted.name!r}")
    if not wanted.parent.is_dir():
        raise ValueError(f"there is no folder {wanted.parent} to save in")
    mark = _mark(result, words)
    target = wanted.with_name(f"{_marked(wanted.stem, words, mark)}{wanted.suffix}")
    target.write_bytes(_written(result, words, ending, mark))
    return target


def bundle(result: Any) -> dict[str, Any]:
    """The result as a notebook stores it, in the words of its study."""
    return mime_bundle(result, _words(result, None))


def refusal(error: CannotBeComputed, words: Words | None) -> str:
    """Why an evaluator's own question has no answer, in a sentence."""
    return not_computed_sentence(error, words or words_in("sv"))


def mime_bundle(shown: Any, spoken: Words | Language) -> dict[str, Any]:
    """A section, headlines or a bare result as the MIME types that a notebook stores."""
    words = spoken if isinstance(spoken, Words) else words_in(spoken)
    if isinstance(shown, Headlines):
        lines = (f"{one.label}: {one.text} {one.detail}".rstrip() for one in shown.entries)
        return {**stored_data(shown), "text/plain": "\n".join(lines)}
    made = shown if isinstance(shown, Section) else section_of(shown, words)
    return {
        **stored_data(made),
        "text/html": section_html(made, words.language),
        "text/plain": "\n".join(_plain(made.blocks)) or type(shown).__name__,
    }


def stored_data(shown: Section | Headlines) -> dict[str, Any]:
    """What a report is made from; whoever keeps it writes the ways to show it anew."""
    if isinstance(shown, Section):
        return {MIME_TYPE: to_json(shown)}
    page = {FIRST_PAGE_MIME_TYPE: to_json(shown.first_page)} if shown.first_page.blocks else {}
    return {
        HEADLINE_MIME_TYPE: [dataclasses.asdict(entry) for entry in shown.entries],
        FIGURES_MIME_TYPE: figures_to_json(shown.figures),
        **page,
    }


def section_of(result: Any, words: Words) -> Section:
    """A result's sentences, tables and charts; exact ones marked internal."""
    released = _released(result)
    return Section(tuple(_blocks(released, words)), is_internal=released.is_internal)


def _released(result: Any) -> Released[Any]:
    if isinstance(result, Released):
        return result
    return internal(tuple(result) if isinstance(result, tuple) else result)


def _blocks(released: Released[Any], words: Words) -> Iterator[Block]:
    if isinstance(released.result, FeasibleCounts):
        intervals = feasible_intervals(released.result)
        return estimates.feasible(released, words, intervals=intervals)
    return show(released, words)


def _words(result: Any, language: Language | None) -> Words:
    """The words of the study a result came from, in another language where one is asked for."""
    said: Words = words_for(result) or words_in("sv")
    if language is None or language == said.language:
        return said
    if language not in LANGUAGES:
        raise ValueError(f"language must be one of {', '.join(LANGUAGES)}, not {language!r}")
    return words_in(language, said.labels.levels, titles=said.labels.titles)


def _mark(result: Any, words: Words) -> str:
    is_exact = result.is_internal if isinstance(result, Section | Released) else True
    return words.texts["show.mark"] if is_exact else ""


def _marked(name: str, words: Words, mark: str) -> str:
    """The name of a file with its mark, once."""
    end = words.texts["show.mark.file"]
    return f"{name}-{end}" if mark and not name.endswith(end) else name


def _millimetres(width: float) -> float:
    if isinstance(width, bool) or not isinstance(width, int | float) or not math.isfinite(width):
        raise TypeError(f"width: expected a number of millimetres, found {type(width).__name__}")
    wide = width * _INCH if 0 < width < LARGEST_INCHES else width
    if not NARROWEST <= wide <= WIDEST:
        raise ValueError(f"width: expected {NARROWEST} to {WIDEST} millimetres, found {width:g}")
    return float(wide)


@contextmanager
def _style() -> Iterator[None]:
    import matplotlib as mpl

    with mpl.rc_context({"svg.fonttype": "path", "svg.hashsalt": "evalkit"}):
        yield


def _drawn(result: Any, words: Words, width: float) -> tuple[Figure, str, str]:
    """The figure, its title and its alternative text; its mark stands in the picture."""
    with handed_out(width) as figures:
        title, alt = _draw(result, words, width)
    drawn = figures[0]
    mark = _mark(result, words)
    if mark:
        drawn.suptitle(mark, x=0.995, ha="right", fontsize=SMALL_POINTS, color=_MARK)
        alt = f"{mark}. {alt}"
    drawn.set_label(title)
    return drawn, title, alt


def _draw(result: Any, words: Words, width: float) -> tuple[str, str]:
    if isinstance(result, Section):
        if any(isinstance(one, FigureBlock) for one in result.blocks):
            raise ValueError(
                "a section holds finished pictures: save it as .docx, or, where it is one "
                "picture, as .svg or .png; or draw one of its results"
            )
        told = draw_words(result.blocks, width_mm=width)
        return told[0] if told else "", "\n".join(told)
    released = _released(result)
    made = chart(released, words)
    if made is not None:
        return made.caption, made.alt
    told = draw_words(list(_blocks(released, words)), width_mm=width)
    return told[0], "\n".join(told)


def _written(result: Any, words: Words, ending: str, mark: str) -> bytes:
    if isinstance(result, Section):
        picture, title, alt = b"", type(result).__name__, ""
        title = next((one.caption for one in result.blocks if hasattr(one, "caption")), title)
        blocks = result.blocks
        drawings = [one for one in blocks if isinstance(one, FigureBlock)]
        if ending in ("svg", "png") and len(drawings) == 1:
            return _finished(drawings[0], ending, mark)
        if ending in ("svg", "png"):
            _draw(result, words, _PAGE)
    else:
        drawn, title, alt = _drawn(result, words, _PAGE)
        if ending == "svg":
            return _svg(drawn, title, alt)
        target = io.BytesIO()
        told = {"Title": title, "Description": alt, "Software": None}
        drawn.savefig(target, format="png", dpi=_PIXELS_PER_INCH, metadata=told)
        picture = target.getvalue()
        if ending == "png":
            return picture
        blocks = tuple(_blocks(_released(result), words))
    one = OneResult(
        title=title, blocks=blocks, picture=picture, alt=alt, frame=frame(result), mark=mark
    )
    return result_xlsx(one, words) if ending == "xlsx" else result_docx(one, words)


def _finished(drawing: FigureBlock, ending: str, mark: str) -> bytes:
    """The one picture of a section as it stands there, its mark above it."""
    svg, alt = drawing.svg, f"{mark}. {drawing.alt}" if mark else drawing.alt
    if mark:
        svg = _under(mark, svg)
    if ending == "svg":
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{svg}\n'.encode()
    from evalkit.documents.writers.figures import png_charts, with_description

    return with_description(png_charts((svg,))[0], drawing.caption, alt)


def _under(mark: str, svg: str) -> str:
    """A picture with a line above it, the letters as shapes like all others."""
    from evalkit.present.charts.canvas import sheet

    width, height = map(float, _SIZE.search(svg).groups()[1:])  # type: ignore[union-attr]
    with sheet(height_mm=_MARK_MM, width_mm=width / _POINTS_PER_MM) as above:
        above.text(0.995, 0.5, mark, ha="right", va="center", fontsize=SMALL_POINTS, color=_MARK)
        line = svg_of(above, figure_id="mark", title=mark, description=mark)
    top = _MARK_MM * _POINTS_PER_MM
    # Inside the box of another picture a point is its unit.
    line, moved = (_SIZE.sub(r'<svg \1width="\2" height="\3"', one, count=1) for one in (line, svg))
    moved = moved.replace("<svg ", f'<svg y="{top:.2f}" ', 1)
    size = f'width="{width}pt" height="{height + top:.2f}pt"'
    box = f'viewBox="0 0 {width} {height + top:.2f}"'
    start = f'<svg xmlns="http://www.w3.org/2000/svg" {size} {box}>'
    return f"{start}\n{line}\n{moved}\n</svg>"


def _svg(drawn: Figure, title: str, alt: str) -> bytes:
    with _style():
        svg = svg_of(drawn, figure_id="figure", title=title, description=alt)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{svg}\n'.encode()


def _plain(blocks: tuple[Block, ...]) -> Iterator[str]:
    """What a terminal shows."""
    for block in blocks:
        if isinstance(block, Paragraph | Heading):
            yield block.text
        elif isinstance(block, Bullets | Box):
            yield from block.items
        elif isinstance(block, Table):
            yield block.caption
            yield from table_lines(block)
        elif isinstance(block, FigureBlock):
            yield f"{block.caption}. {block.alt}"
