"""A number in an Excel cell: the value as printed, and the format code that shows it so."""

from __future__ import annotations

import re
from decimal import Decimal

from evalkit.language import Texts
from evalkit.present.blocks import Cell, NumberKind
from evalkit.present.numbers import printed_value


def held_number(cell: Cell, decimals: int) -> Decimal:
    """The number as printed; of "< 0,001" the bound, which its format puts the sign before."""
    if cell.text[0] in "<>":
        return Decimal(re.sub(r"[^\d.]", "", cell.text.replace(",", ".")))
    return printed_value(cell.value or 0.0, cell.kind, decimals=decimals)


def number_format(kind: NumberKind, decimals: int, texts: Texts) -> str:
    r"""The format code of a kind of number, with the minus and the units of the language.

    >>> number_format("sek", 0, Texts("en"))
    '"SEK\xa0"#,##0;"−""SEK\xa0"#,##0'
    >>> number_format("p_value", 3, Texts("sv"))
    '0.000'
    """
    digits = "0" + (f".{'0' * decimals}" if decimals else "")
    if kind == "percent":
        space = texts["number.percent"].removeprefix("{value}").removesuffix("%")
        return signed(f"{digits}{_quoted(space)}%")
    if kind == "percentage_points":
        return signed(digits)
    if kind == "p_value":
        return digits
    grouped = f"#,##{digits}"
    if kind == "days":
        unit = texts["number.days.other"].removeprefix("{value}")
        return signed(f"{grouped}{_quoted(unit)}")
    if kind == "sek":
        before, after = texts["number.sek"].split("{value}")
        return signed("".join((before and _quoted(before), grouped, after and _quoted(after))))
    return signed(grouped)


def printed_decimals(text: str, texts: Texts) -> int:
    """How many decimals a number was printed with; a p-value has two or three.

    >>> printed_decimals("0,002", Texts("sv")), printed_decimals("1,004", Texts("en"))
    (3, 0)
    """
    _, _, fraction = text.partition(texts["number.decimal_mark"])
    return len(fraction) - len(fraction.lstrip("0123456789"))


def signed(code: str) -> str:
    """Negative numbers with the minus of the other formats, not a hyphen."""
    return f'{code};"−"{code}'


def _quoted(text: str) -> str:
    return f'"{text}"' if text else ""
