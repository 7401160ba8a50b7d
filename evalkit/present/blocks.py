"""The readable shapes: what a section of a report is made of, in one language.

Present writes these, notebooks carry them (``MIME_TYPE``), and every document format is
written from them, so the formats cannot disagree. A figure keeps its data table and a
table cell keeps its number beside its text.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

from evalkit.figures import ReleasedFigure
from evalkit.shape import Shape

MIME_TYPE = "application/vnd.evalkit.section+json"
PLACEHOLDER_MIME_TYPE = "application/vnd.evalkit.placeholder+json"
# On a notebook's cell: the kinds of what it showed and may not.
REFUSED = "evalkit_refused"

# Hard spaces bind a number and its unit.
_WORD = re.compile(r"[^ \n]*\w[^ \n]*")

NumberKind = Literal[
    "text", "count", "percent", "percentage_points", "days", "number", "sek", "p_value"
]
IN_HUNDREDTHS = frozenset({"percent", "percentage_points"})
BoxKind = Literal["can_say", "cannot_say", "note", "warning", "internal"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell: the text as printed and, where it is a number, the number itself.

    ``value`` of a percentage is the share (0–1); ``decimals`` are those printed.
    """

    text: str
    value: float | None = None
    kind: NumberKind = "text"
    decimals: int = 0

    def __post_init__(self) -> None:
        """No digit that is not printed: from 0.5135135 a reader works out 38 of 74."""
        if isinstance(self.value, float) and self.kind != "text" and math.isfinite(self.value):
            step = Decimal(1).scaleb(-self.decimals - 2 * (self.kind in IN_HUNDREDTHS))
            exact = Decimal(repr(float(self.value)))
            printed = float(exact.quantize(step, rounding=ROUND_HALF_UP))
            object.__setattr__(self, "value", printed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A data table: one header row, the first ``row_headers`` columns head their rows."""

    id: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    row_headers: int = 1
    notes: tuple[str, ...] = ()
    source: str = ""

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"table {self.id}: a row is not as long as the header")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A chart as SVG with its caption, alternative text and the numbers it is drawn from.

    ``narrow`` is the same chart for a phone's screen; empty where there is only one.
    ``reading`` is how a chart of its kind is read, for whoever unfolds it.
    """

    id: str
    caption: str
    alt: str
    svg: str
    data: Table
    notes: tuple[str, ...] = ()
    source: str = ""
    narrow: str = ""
    reading: str = ""

    def __post_init__(self) -> None:
        if not self.alt.strip():
            raise ValueError(f"figure {self.id} has no alternative text")


@dataclass(frozen=True, slots=True)
class Heading:
    """``level`` 1 is the chapter's title."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Box:
    """A framed list of sentences: what can be said, what cannot, a note or a warning."""

    kind: BoxKind
    title: str
    items: tuple[str, ...]


Block = Heading | Paragraph | Bullets | Box | Table | Figure


@dataclass(frozen=True, slots=True)
class Section(Shape):
    """Blocks in reading order. ``is_internal`` marks exact figures that are not released."""

    blocks: tuple[Block, ...]
    is_internal: bool = False


@dataclass(frozen=True, slots=True)
class Headline:
    """A key figure of a project, already formatted in the chapter's language.

    ``detail`` is what belongs to the figure but is read after it: its interval, its period.
    """

    label: str
    text: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Headlines(Shape):
    """Key figures in the study's language, released figures as plain data, and the first page."""

    entries: tuple[Headline, ...]
    figures: tuple[ReleasedFigure, ...] = ()
    first_page: Section = field(default_factory=lambda: Section(()))


def printed(block: Block) -> Iterator[str]:
    """Every text of a block that a reader meets without unfolding anything."""
    if isinstance(block, Heading | Paragraph):
        yield block.text
    elif isinstance(block, Bullets):
        yield from block.items
    elif isinstance(block, Box):
        yield from (block.title, *block.items)
    elif isinstance(block, Table):
        yield from (block.caption, *block.columns, *block.notes, block.source)
        yield from (cell.text for row in block.rows for cell in row)
    else:
        yield from (block.caption, *block.notes, block.source)


def words_of(blocks: Iterable[Block]) -> int:
    """How many words the blocks print; a number with its unit is one."""
    return sum(len(_WORD.findall(text)) for block in blocks for text in printed(block))


_KINDS: dict[str, type[Block]] = {
    "heading": Heading,
    "paragraph": Paragraph,
    "bullets": Bullets,
    "box": Box,
    "table": Table,
    "figure": Figure,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}


def to_json(section: Section) -> dict[str, Any]:
    """A section as plain JSON data, the content of a notebook output of ``MIME_TYPE``."""
    blocks = [{"block": _NAMES[type(block)], **asdict(block)} for block in section.blocks]
    content = {"blocks": blocks, "is_internal": section.is_internal}
    plain: dict[str, Any] = json.loads(json.dumps(content))
    return plain


def from_json(content: dict[str, Any]) -> Section:
    """The section that `to_json` wrote."""
    blocks = tuple(_block(dict(entry)) for entry in content["blocks"])
    return Section(blocks, is_internal=content["is_internal"])


def _block(entry: dict[str, Any]) -> Block:
    kind = _KINDS[entry.pop("block")]
    if kind is Table:
        return _table(entry)
    if kind is Figure:
        return Figure(**{**_tuples(entry), "data": _table(dict(entry["data"]))})
    return kind(**_tuples(entry))


def _table(entry: dict[str, Any]) -> Table:
    rows = tuple(tuple(Cell(**cell) for cell in row) for row in entry.pop("rows"))
    return Table(rows=rows, **_tuples(entry))


def _tuples(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(v) if isinstance(v, list) else v for name, v in entry.items()}
