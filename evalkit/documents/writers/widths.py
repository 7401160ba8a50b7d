"""How wide a table wants to be, in digits of its type: the paged formats and Excel alike.

None of the writers has the fonts of its reader at hand, so letters are weighed by class;
the classes fit the sans serif faces that the reports are set in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from evalkit.present.blocks import Table
from evalkit.present.html import number_columns

_CLASSES = {
    0.45: " \u00a0.,:;'’|iIjl",
    0.65: "ftr()[]-/",
    0.85: "cszk”",
    1.07: "bdghnopqu",
    1.55: "mMwW%—",
}
_DIGITS = {letter: width for width, letters in _CLASSES.items() for letter in letters}
_CAPITAL = 1.2
BOLD = 1.08  # the letters of a heading against those below it
_HEADING = 15  # where room is short, a longer heading is set on several lines
_WORDS = 24  # running text is readable in a column of this width
_NARROWEST = 3
_SLACK = 0.6  # words that are weighed too lightly are broken; numbers never are
# In Excel: columns in digits, rows in points.
SHEET_PADDING = 2
_WIDEST_COLUMN, _NARROWEST_COLUMN = 46, 9
_SHEET_HEADING = 16
_LINE_POINTS, _ROW_POINTS = 15, 2
_APART = 1  # words beside a column of numbers keep a distance to it
_STEP = 0.25
_LEAST_MARGIN = 1.03
_NOTHING = 0.01  # what a sum of rounded widths may be off


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page: what columns may take, and the space in each after its text, in digits."""

    digits: float
    between: float


@lru_cache(maxsize=4096)
def digits_wide(text: str) -> float:
    """The width of a text in widths of a digit.

    >>> digits_wide("1\u00a0004"), digits_wide("mil")
    (4.45, 2.45)
    """
    return round(
        sum(_DIGITS.get(letter, _CAPITAL if letter.isupper() else 1) for letter in text), 2
    )


def longest_word(texts: Sequence[str]) -> float:
    """The widest part of the texts that no space divides, in digits."""
    return max((digits_wide(word) for text in texts for word in text.split(" ")), default=0)


def lines_needed(text: str, width: float) -> int:
    """How many lines a text takes in a column of so many digits, broken at its spaces.

    >>> lines_needed("ett två tre", 8), lines_needed("ett två tre", 7), lines_needed("", 7)
    (2, 2, 1)
    """
    lines, used = 1, 0.0
    for word in text.split(" "):
        long = digits_wide(word)
        if used and used + _DIGITS[" "] + long > width + _NOTHING:
            lines, used = lines + 1, 0.0
        used += long + (_DIGITS[" "] if used else 0)
        if used > width + _NOTHING:  # a word that is longer than the line is broken within
            lines, used = lines + int(used // width), used % width
    return lines


def is_narrow(table: Table, line: Line) -> bool:
    """Whether no cell and no heading has to be broken for the table to fit the line."""
    return sum(need.whole for need in _needs(table, line)) <= line.digits


def column_widths(table: Table, line: Line, *, margin: float = 1) -> list[float]:
    """The width of each column, with the space after it; together no more than the line.

    Each gets what it needs. Where that is too much, headings are broken at their spaces, and
    then columns of words give way, the widest first, down to their longest word; what is left
    is shared by all.

    Args:
        table: Any table.
        line: What a line of the page holds.
        margin: How much wider than reckoned numbers and words may turn out, where there is room:
            a reader without the font gets another.
    """
    needs = _needs(table, line, margin)
    whole = [need.whole for need in needs]
    if sum(whole) <= line.digits:
        return whole
    widths = _narrowed(needs, line.digits)
    excess = sum(widths) / line.digits
    if excess > 1 and margin > 1:
        less = (margin + 1) / 2
        return column_widths(table, line, margin=less if less > _LEAST_MARGIN else 1)
    if excess > 1:
        return [width / excess for width in widths]
    spare = (line.digits - sum(widths)) / len(widths)
    return [width + spare for width in widths]


def has_room(table: Table, line: Line, *, margin: float) -> bool:
    """Whether no word and no number is broken, were they so much wider than reckoned."""
    return sum(need.least for need in _needs(table, line, margin)) <= line.digits


def page_wide_parts(table: Table, line: Line) -> tuple[Table, ...]:
    """The table, cut between columns where a page is too narrow; row headers stand in each part.

    Args:
        table: Any table with at least one row header.
        line: What a line of the page holds.
    """
    widths = [need.readable for need in _needs(table, line)]
    heads = list(range(table.row_headers))
    room = max(line.digits - sum(widths[position] for position in heads), 1)
    rest = range(table.row_headers, len(table.columns))
    groups = _groups(rest, widths, room)
    # As even as they can be made: no part is left with a single column.
    tries = (float(digits) for digits in range(1, int(room) + 1))
    even = next((r for r in tries if len(_groups(rest, widths, r)) <= len(groups)), room)
    return tuple(_columns(table, heads + group) for group in _groups(rest, widths, even))


@dataclass(frozen=True, slots=True)
class _Need:
    """What a column takes: with nothing broken, with a long heading broken, and at the least."""

    whole: float
    wanted: float
    least: float
    readable: float


def _needs(table: Table, line: Line, margin: float = 1) -> list[_Need]:
    numbers = number_columns(table)
    needs = []
    for i, head in enumerate(table.columns):
        texts = [row[i].text for row in table.rows]
        slack = 0 if i in numbers else _SLACK + _APART * (i - 1 in numbers)
        needs.append(_need(head, texts, slack=slack, between=line.between, margin=margin))
    return needs


def _need(head: str, texts: Sequence[str], *, slack: float, between: float, margin: float) -> _Need:
    """A number is never broken; words are broken at spaces, names without end anywhere."""
    is_number = not slack
    body = max((digits_wide(text) for text in texts), default=0) * margin + slack
    bold = BOLD * margin
    heading, part = bold * digits_wide(head), bold * longest_word([head])
    whole = max(body, heading, _NARROWEST) + between
    word = longest_word(texts) * margin + slack
    least = max(body if is_number else word, part, _NARROWEST) + between
    wanted = max(body, min(heading, BOLD * _HEADING), part, _NARROWEST) + between
    words = min(max(least, min(wanted, _WORDS)), _WORDS + between)
    return _Need(whole, least if is_number else wanted, least, least if is_number else words)


def _narrowed(needs: Sequence[_Need], room: float) -> list[float]:
    """What columns want, the widest cut to what the others leave, never below the least."""
    widths = [need.wanted for need in needs]
    while sum(widths) > room:
        movable = [i for i in range(len(widths)) if widths[i] > needs[i].least + _STEP]
        if not movable:
            break
        widths[max(movable, key=lambda i: widths[i])] -= _STEP
    return widths


def _groups(positions: Sequence[int], widths: Sequence[float], room: float) -> list[list[int]]:
    """Positions in order, as many together as there is room for, at least one."""
    groups: list[list[int]] = [[]]
    used = 0.0
    for position in positions:
        if groups[-1] and used + widths[position] > room:
            groups.append([])
            used = 0.0
        groups[-1].append(position)
        used += widths[position]
    return groups


def _columns(table: Table, positions: Sequence[int]) -> Table:
    return replace(
        table,
        columns=tuple(table.columns[position] for position in positions),
        rows=tuple(tuple(row[position] for position in positions) for row in table.rows),
    )


def row_height(texts: Sequence[str], widths: Sequence[float], *, letters: float = 1) -> float:
    """Points for the fullest cell: not every program heightens rows of wrapped text itself."""
    rooms = ((width - SHEET_PADDING) / letters for width in widths)
    return _LINE_POINTS * max(map(lines_needed, texts, rooms)) + _ROW_POINTS


def column_width(head: str, *texts: str) -> float:
    """What the cells need, and the heading if it is short, up to the widest."""
    heading = BOLD * max(min(digits_wide(head), _SHEET_HEADING), longest_word([head]))
    longest = max(map(digits_wide, texts), default=0)
    return min(max(heading, longest, _NARROWEST_COLUMN), _WIDEST_COLUMN) + SHEET_PADDING
