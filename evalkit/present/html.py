"""Blocks → HTML: the one way a section looks, in a notebook and in a report alike.

Tables are real tables, charts carry their text and their numbers, and nothing needs a
script. The templates stand in ``present/templates``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from evalkit.language import Language, Texts
from evalkit.present.blocks import Block, Cell, Figure, Section, Table
from evalkit.present.svg import inline_svg

# What a column needs beside its letters, and the width of a letter, in rem.
_LETTER, _PADDING, _WORDS = 0.58, 1.8, 6.0
# Where there is less room than a table needs, its rows stand as lists; a table that needs more
# than the widest is scrolled sideways instead, on screens where it is a table at all.
_NEEDS = (20, 26, 32, 38, 44, 50)
_TOO_HEAVY = 1.06
_RANGE = re.compile(r"[\d.,]*\d–\d[\d.,]*")


@dataclass
class Page:
    """What one page must keep count of: numbers of tables and figures, ids already given."""

    texts: Texts
    numbered: bool = True
    _counts: dict[str, int] = field(default_factory=dict)
    _ids: set[str] = field(default_factory=set)

    def number(self, kind: str) -> str:
        """``Tabell 3. `` for the third table of a numbered page, otherwise nothing."""
        if not self.numbered:
            return ""
        self._counts[kind] = self._counts.get(kind, 0) + 1
        return f"{self.texts[f'document.{kind}']} {self._counts[kind]}. "

    def unfolds(self, what: str, number: str) -> str:
        """What unfolds something of a figure is called: no two on a page alike."""
        if not number:
            return self.texts[f"document.{what}"]
        word, _, count = number.strip(". ").partition(" ")
        figure = f"{word.lower()}\u00a0{count}"
        return self.texts.format(f"document.{what}_of", figure=figure)

    def source(self, given: str) -> str:
        """``Källa: SCB``, once, in the page's language, also where the label came along."""
        name = given.removeprefix("Källa:").removeprefix("Source:").strip()
        return f"{self.texts['document.source']} {name}"

    def unique_id(self, wanted: str) -> str:
        """An id nobody on the page has: ``flow``, then ``flow-2``."""
        base = re.sub(r"[^a-z0-9]+", "-", wanted.lower()).strip("-") or "part"
        candidate, number = base, 1
        while candidate in self._ids:
            number += 1
            candidate = f"{base}-{number}"
        self._ids.add(candidate)
        return candidate

    def charts(self, figure: Figure) -> list[tuple[str, Markup]]:
        """The chart as it stands on a wide page and on a phone; a style shows one of them."""
        wide = [("ek-wide" if figure.narrow else "", figure.svg)]
        return [
            (form, self._chart(svg, figure))
            for form, svg in [*wide, *([("ek-narrow", figure.narrow)] if figure.narrow else [])]
        ]

    def _chart(self, svg: str, figure: Figure) -> Markup:
        prefix = self.unique_id(f"chart-{figure.id}")
        return Markup(
            inline_svg(svg, id_prefix=prefix, title=figure.caption, description=figure.alt)
        )


def blocks_html(blocks: Iterable[Block], page: Page) -> Markup:
    """Blocks in reading order. A heading of level n becomes ``h(n+1)``: ``h1`` is the page's."""
    render_block = environment().get_template("blocks.html").module.__dict__["render_block"]
    return Markup("\n").join(render_block(block, page) for block in blocks)


def section_html(section: Section, language: Language) -> str:
    """A section on its own, with its style: the display of a notebook cell."""
    template = environment().get_template("section.html")
    page = Page(Texts(language), numbered=False)
    return template.render(section=section, page=page, style=block_style()).strip() + "\n"


def block_style() -> Markup:
    """The CSS of the blocks; every rule is confined to ``.evalkit``."""
    return Markup(environment().get_template("blocks.css").render())


@cache
def environment() -> Environment:
    """The block templates; a report's own environment extends it."""
    made = Environment(
        loader=PackageLoader("evalkit.present"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.tests["block"] = _is_block
    made.filters["number_columns"] = number_columns
    made.filters["unbroken"] = unbroken
    made.filters["room_needed"] = room_needed
    made.filters["in_one_piece"] = in_one_piece
    made.globals["blocks_html"] = blocks_html
    return made


def unbroken(text: str) -> Markup:
    """Text in which no line ends at the dash of an interval; the characters stay as they are.

    >>> str(unbroken("55,1–66,7 % & mer"))
    '<span class="ek-range">55,1–66,7</span> % &amp; mer'
    """
    return Markup(_RANGE.sub(r'<span class="ek-range">\g<0></span>', str(escape(text))))


def in_one_piece(text: Markup) -> Markup:
    """A cell's text as one item beside its heading, where a narrow table's rows are lists."""
    return Markup("<span>{}</span>").format(text) if "<" in text else text


def number_columns(table: Table) -> frozenset[int]:
    """Positions of the columns set to the right: those with a number in any row, or only dashes.

    The words that stand where a number is withheld or missing line up with the numbers.
    """
    return frozenset(
        position
        for position in range(table.row_headers, len(table.columns))
        if _is_of_numbers([row[position] for row in table.rows])
    )


def room_needed(table: Table) -> int:
    """The width below which the rows of a table stand as lists, in rem; 0 if it is wider still.

    Weighed a little too heavily: a table that is set as a table must never be cut.
    """
    numbers = number_columns(table)
    widths = [
        _column_need(head, [row[i].text for row in table.rows], is_number=i in numbers)
        for i, head in enumerate(table.columns)
    ]
    needed = sum(widths)
    if _NEEDS[-1] < needed <= _NEEDS[-1] * _TOO_HEAVY:
        return _NEEDS[-1]
    return next((need for need in _NEEDS if needed <= need), 0)


def _column_need(head: str, texts: Sequence[str], *, is_number: bool) -> float:
    """Numbers stand on one line; words are broken at their spaces."""
    broken = [head] if is_number else [head, *texts]
    whole = texts if is_number else []
    longest = max([*map(len, whole), *(len(word) for text in broken for word in text.split(" "))])
    return max(longest * _LETTER, 0 if is_number else _WORDS) + _PADDING


def _is_of_numbers(cells: Sequence[Cell]) -> bool:
    if any(cell.kind != "text" for cell in cells):
        return True
    return bool(cells) and not any(cell.text.strip("–") for cell in cells)


def _is_block(block: object, kind: str) -> bool:
    return type(block).__name__ == kind
