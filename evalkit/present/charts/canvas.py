"""The sheet that charts are drawn on: size, style, colours, and the SVG that leaves it.

No pyplot, so nothing global is left behind; the same numbers give the same bytes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache
from html import escape
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from evalkit.present.blocks import Figure as FigureBlock
from evalkit.present.blocks import Table

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

WIDTH_MM = 170.0
# As wide as a phone of 360 pixels leaves it, so that its letters are as large as the page's.
NARROW_MM = 86.0
NARROW_CHARACTERS = 44
FONT_POINTS = 10.0
SMALL_POINTS = 9.5
LINE_MM = 4.2
POINTS_PER_INCH = 72.0
MM_PER_INCH = 25.4
INK = "#1F2328"
QUIET_INK = "#595959"
FAINT_INK = "#767676"  # 4.5:1 on white
GRID = "#E3E6EA"
# Okabe & Ito (2008), darkened where needed to at least 4.5:1 on white, so that labels may
# carry the colour of their line. Line styles repeat what the colours say.
COLOURS = ("#0072B2", "#B84700", "#00795C", "#A3477F", "#3B3B3B", "#8A6500")
LINE_STYLES: tuple[Any, ...] = (
    "solid",
    (0, (6, 2)),
    (0, (2, 1.4)),
    (0, (7, 2, 1.5, 2)),
    (0, (4, 1.2, 1.2, 1.2, 1.2, 1.2)),
    (0, (10, 3)),
)
# The axes style "ticks" of seaborn, whose import would take longer than many a report's charts.
_TICKS = {
    "axes.axisbelow": True,
    "axes.edgecolor": ".15",
    "axes.grid": False,
    **{f"axes.spines.{side}": True for side in ("bottom", "left", "right", "top")},
    "grid.color": ".8",
    "grid.linestyle": "-",
    "lines.solid_capstyle": "round",
    "patch.edgecolor": "w",
    "patch.force_edgecolor": True,
    **{f"{axis}.color": ".15" for axis in ("xtick", "ytick")},
    **{f"{axis}.direction": "out" for axis in ("xtick", "ytick")},
    "xtick.bottom": True,
    "xtick.top": False,
    "ytick.left": True,
    "ytick.right": False,
}
# A search is quick from a letter it can begin with: what must not stand before comes after it.
_ID = re.compile(r'id="(?<!\wid=")(?=[^"])')
_REFERENCE = re.compile(r'href="#(?=[^"])|url\(#(?=[^)])')
_REFERRED_TO = re.compile(r'(?:href="#|url\(#)([^")]+)')
_PLACES = re.compile(r'[dxy](?<!\w[dxy])="[^"]*"|translate\([^)]*\)')
_LONG = re.compile(r"-?\d+\.\d{3,}")


def colour_of(position: int) -> str:
    """The colour of the line or row at a position."""
    return COLOURS[position % len(COLOURS)]


def line_style_of(position: int) -> Any:
    """The line style at a position."""
    return LINE_STYLES[position % len(LINE_STYLES)]


# While set: the width in millimetres that charts are drawn on, and the figures drawn.
_handed_out: ContextVar[tuple[float, list[Figure]] | None] = ContextVar("drawn", default=None)


@contextmanager
def handed_out(width_mm: float) -> Iterator[list[Figure]]:
    """Charts made inside are matplotlib figures of that width, listed, in place of SVG."""
    figures: list[Figure] = []
    token = _handed_out.set((width_mm, figures))
    try:
        yield figures
    finally:
        _handed_out.reset(token)


def drawn_figure(
    data: Table,
    draw: Callable[[Figure], object],
    *,
    alt: str,
    height_mm: float,
    narrow_mm: float,
    notes: tuple[str, ...] | None = None,
) -> FigureBlock:
    """The chart of a table on a page's width and on a phone's; `is_narrow` says which it is."""
    figure_id = data.id.removesuffix("-data")

    def svg(height: float, width: float, name: str) -> str:
        with sheet(height_mm=height, width_mm=width) as figure:
            draw(figure)
            return svg_of(figure, figure_id=name, title=data.caption, description=alt)

    asked = _handed_out.get()
    if asked is None:
        narrow = svg(narrow_mm, NARROW_MM, f"{figure_id}-narrow")
    else:
        narrow, height_mm = "", narrow_mm if asked[0] < WIDTH_MM - 1 else height_mm
    return FigureBlock(
        id=figure_id,
        caption=data.caption,
        alt=alt,
        svg=svg(height_mm, WIDTH_MM, figure_id),
        narrow=narrow,
        data=data,
        notes=data.notes if notes is None else notes,
        source=data.source,
    )


def is_narrow(axes: Axes) -> bool:
    """Whether words must stand above and below, for there is no room beside."""
    figure: Any = axes.get_figure()
    return bool(figure.get_figwidth() * MM_PER_INCH < WIDTH_MM - 1)


def wrapped(text: str, *, characters: int) -> str:
    """The text on as many lines as it needs; long words are kept whole."""
    return "\n".join(wrap(text, characters, break_long_words=False)) or text


def name_values(axes: Axes, text: str) -> None:
    """What the values are: along the axis, or above it where the sheet is narrow."""
    if is_narrow(axes):
        name = wrapped(text, characters=NARROW_CHARACTERS)
        axes.set_title(name, loc="left", x=0, fontsize=SMALL_POINTS, color=QUIET_INK)
    else:
        axes.set_ylabel(wrapped(text, characters=34))


def write(
    axes: Axes,
    text: str,
    at: tuple[float, float],
    *,
    on: str = "data",
    off: tuple[float, float] | None = None,
    colour: str | None = None,
    **looks: Any,
) -> None:
    """Small words on a chart, where every chart has them from.

    Args:
        axes: The axes.
        text: The words.
        at: Their place, in the units of the data.
        on: Which of the two units is a part of the axes instead: ``x``, ``y`` or ``both``.
        off: How many points right and up from there; they may then lie outside the axes.
        colour: That of the text; ink when left out.
        looks: What else matplotlib is told.
    """
    transforms = {
        "data": axes.transData,
        "x": axes.get_yaxis_transform(),
        "y": axes.get_xaxis_transform(),
        "both": axes.transAxes,
    }
    looks = {"fontsize": SMALL_POINTS, "color": colour, **looks}
    if off is None:
        axes.text(*at, text, transform=transforms[on], **looks)
    else:
        shift: dict[str, Any] = {"xytext": off, "textcoords": "offset points"}
        axes.annotate(text, at, xycoords=transforms[on], annotation_clip=False, **shift, **looks)


def write_above_row(axes: Axes, text: str, top: float, **looks: Any) -> None:
    """The label of a row over what is drawn in it, where there is no room beside."""
    white = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}
    write(axes, text, (0, top), on="x", bbox=white, **looks)


@contextmanager
def sheet(*, height_mm: float, width_mm: float = WIDTH_MM) -> Iterator[Figure]:
    """An empty figure in the report's style; draw and call `svg_of` inside the block."""
    from matplotlib.figure import Figure

    asked = _handed_out.get()
    width_mm = width_mm if asked is None else asked[0]
    with report_style():
        size = (width_mm / MM_PER_INCH, height_mm / MM_PER_INCH)
        figure = Figure(figsize=size, layout="constrained")
        figure.get_layout_engine().set(w_pad=0.04, h_pad=0.04, wspace=0, hspace=0)  # type: ignore[union-attr, call-arg]
        yield figure


@contextmanager
def report_style(*, is_default: bool = False) -> Iterator[None]:
    """What is drawn inside the block has the report's fonts and lines.

    ``is_default``: its width and colours, too, for whoever draws without our functions.
    """
    import matplotlib as mpl

    _fonts()
    style: Any = {**_TICKS, **_style()}
    if is_default:
        import seaborn as sns  # takes as long as everything that it stands on

        width = WIDTH_MM / MM_PER_INCH
        style = (
            sns.axes_style("ticks")
            | style
            | {
                "figure.figsize": (width, width / 2),
                "figure.constrained_layout.use": True,
                "axes.prop_cycle": f"cycler('color', {list(COLOURS)!r})",
                "axes.spines.top": False,
                "axes.spines.right": False,
            }
        )
    with mpl.rc_context(style):
        yield


def svg_of(figure: Figure, *, figure_id: str, title: str, description: str) -> str:
    """The figure as an SVG element with title and description, the same bytes every time.

    Ids are those that something refers to, prefixed so that several figures can stand in
    one document.
    """
    asked = _handed_out.get()
    if asked is not None:
        asked[1].append(figure)
        return ""
    from matplotlib.backends.backend_svg import FigureCanvasSVG, RendererSVG

    # Not `savefig`: it draws the whole figure a first time only to have it placed, and every
    # figure measures its words anew.
    target, canvas, dpi = io.StringIO(), FigureCanvasSVG(figure), figure.dpi
    figure.dpi = POINTS_PER_INCH
    width, height = figure.get_size_inches() * POINTS_PER_INCH
    renderer: Any = RendererSVG(width, height, target, image_dpi=dpi, metadata={"Date": None})  # type: ignore[no-untyped-call]
    renderer.get_text_width_height_descent = _measured
    canvas.get_renderer = lambda: renderer  # type: ignore[attr-defined]
    figure.draw(renderer)
    renderer.finalize()
    svg = target.getvalue()
    svg = re.sub(r"<metadata>.*?</metadata>\s*", "", svg, flags=re.DOTALL)
    svg = _PLACES.sub(_to_a_hundredth, svg[svg.index("<svg") :])
    return _described(_own_ids(svg, figure_id), figure_id, title, description)


@lru_cache(maxsize=4096)
def _measured(text: str, font: FontProperties, is_formula: bool) -> tuple[float, float, float]:
    """Width, height and descent of a text; both widths and languages have most of them."""
    from matplotlib.textpath import text_to_path

    return text_to_path.get_text_width_height_descent(text, font, is_formula)


def _to_a_hundredth(places: re.Match[str]) -> str:
    """Of a point, which nobody sees: what is drawn has no more digits than what is printed."""
    return _LONG.sub(lambda number: f"{float(number[0]):.2f}", places[0])


def quiet(axes: Axes, *, grid: str = "y") -> None:
    """Only the axes a reader needs, with light lines to follow."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(QUIET_INK)
    axes.tick_params(length=3, width=0.8, color=QUIET_INK, labelcolor=INK)
    axes.set_axisbelow(True)
    axes.grid(visible=True, axis=grid, color=GRID, linewidth=0.8)  # type: ignore[arg-type]


@cache
def _fonts() -> None:
    """Make the font of the report's text known: it comes with a package, the same everywhere."""
    import font_source_sans_pro
    from matplotlib import font_manager

    for style in ("Regular", "Bold", "It"):
        file = Path(font_source_sans_pro.font_directory) / f"SourceSansPro-{style}.ttf"
        font_manager.fontManager.addfont(file)


def _style() -> dict[str, Any]:
    return {
        # A label may hold "$", which would begin a formula.
        "text.parse_math": False,
        # The second, which comes with matplotlib, for letters that the first lacks.
        "font.family": ["Source Sans Pro", "DejaVu Sans"],
        "font.size": FONT_POINTS,
        "axes.labelsize": FONT_POINTS,
        "axes.titlesize": FONT_POINTS,
        "xtick.labelsize": SMALL_POINTS,
        "ytick.labelsize": SMALL_POINTS,
        "text.color": INK,
        "axes.labelcolor": INK,
        "axes.linewidth": 0.8,
        "lines.linewidth": 2.0,
        "hatch.linewidth": 0.8,
        "svg.fonttype": "path",
        "svg.hashsalt": "evalkit",
        "figure.facecolor": "white",
        "axes.facecolor": "white",
    }


def _own_ids(svg: str, figure_id: str) -> str:
    used = set(_REFERRED_TO.findall(svg))
    unused = re.compile(r' id="([^"]+)"')
    svg = unused.sub(lambda found: found.group(0) if found.group(1) in used else "", svg)
    svg = _ID.sub(lambda found: f"{found[0]}{figure_id}-", svg)
    return _REFERENCE.sub(lambda found: f"{found[0]}{figure_id}-", svg)


def _described(svg: str, figure_id: str, title: str, description: str) -> str:
    names = f"{figure_id}-title {figure_id}-desc"
    texts = (
        f'<title id="{figure_id}-title">{escape(title)}</title>\n'
        f'<desc id="{figure_id}-desc">{escape(description)}</desc>\n'
    )
    opening, rest = svg.split(">", 1)
    return f'{opening} role="img" aria-labelledby="{names}">\n{texts}{rest.lstrip()}'.strip()
