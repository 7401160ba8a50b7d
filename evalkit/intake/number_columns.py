"""How the numbers of a column are written: one decimal mark and one scale of per cent."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from evalkit.intake.codebook import Codebook, value_key
from evalkit.intake.convert import Mark, Numbers, by_distinct, scale_of, to_numbers, without_unit
from evalkit.intake.grid import Column

_THOUSANDS = {mark: re.compile(rf"-?[1-9]\d{{0,2}}(\{mark}\d{{3}})+$") for mark in ",."}
_SHARE_COLUMNS = frozenset({"extent", "extent_after"})
_NEVER_NEGATIVE = _SHARE_COLUMNS | {"hours", "unemployed_days"}
_NEGATIVE = re.compile(r"\s*\(([^()]*\d[^()]*)\)([^()\d]*)$")  # as accountants write it
_RANGE = re.compile(r"\d[\d ,.]*(-|\u2013|\u2014|till|to)[\d ,.]*\d$")
_THOUSAND = 1000
_PER_CENT = re.compile(r"(%|procent)\s*$")


@dataclass(frozen=True, slots=True, eq=False)
class NumberColumn:
    """The numbers of a column, and the checks that tell how it was read."""

    numbers: Numbers
    checks: tuple[tuple[str, np.ndarray], ...]


def number_column(texts: Column, name: str, codebook: Codebook) -> NumberColumn:
    """The numbers of a register's column, read as one column."""
    checks: list[tuple[str, np.ndarray]] = []
    if name not in _NEVER_NEGATIVE:
        signed = np.array([_NEGATIVE.sub(r"-\1\2", text) for text in texts.distinct], dtype=object)
        checks.append(("numbers_in_parentheses", (signed != texts.distinct)[texts.codes]))
        texts = Column(texts.codes, signed)
    codes, keys = by_distinct(texts, value_key)
    compact = [without_unit(key) for key in keys]
    mark, thousands = _decimal_mark(compact)
    numbers = to_numbers(texts, codebook, mark=mark)
    if thousands:
        grouped = np.array([bool(_THOUSANDS[thousands].match(one)) for one in compact], dtype=bool)
        check = "decimal_mark_unsure" if mark == "either" else "numbers_with_thousands"
        checks.append((check, grouped[codes]))
    is_range = np.array([bool(_RANGE.match(one)) for one in compact], dtype=bool)[codes]
    checks.append(("number_range", is_range & numbers.is_state("not_a_number")))
    in_thousands = np.array([scale_of(key) > 1 for key in keys], dtype=bool)[codes]
    # 12 beside "12 tkr" may be either: nothing tells.
    unsure = ~in_thousands & (numbers.values != 0) & (np.abs(numbers.values) < _THOUSAND)
    if in_thousands.any() and unsure.any():
        numbers = Numbers(np.where(unsure, np.nan, numbers.values), numbers.states)
        checks.append(("unit_unsure", unsure))
    if name in _SHARE_COLUMNS:
        marked = np.array([bool(_PER_CENT.search(key)) for key in keys], dtype=bool)[codes]
        shares = _are_shares(numbers, marked)
        if shares.any():
            values = np.where(shares, numbers.values * 100, numbers.values)
            numbers = Numbers(values, numbers.states)
            checks.append(("per_cent_as_shares", shares))
        mixed = _are_of_two_scales(numbers, marked)
        if mixed.any():
            numbers = Numbers(np.where(mixed, np.nan, numbers.values), numbers.states)
            checks.append(("per_cent_mixed", mixed))
    return NumberColumn(numbers, tuple(checks))


def _decimal_mark(compact: list[str]) -> tuple[Mark, str]:
    """The decimal mark of the column, and the mark that is, or may be, that of thousands.

    A mark with three digits behind it wherever it stands marks thousands; any other use shows
    that it is the decimal mark.
    """
    with_both = {max(",.", key=one.rfind) for one in compact if "," in one and "." in one}
    if len(with_both) == 1:
        decimal = with_both.pop()
        return ("comma", ".") if decimal == "," else ("full_stop", ",")
    uses = {mark: [one for one in compact if mark in one] for mark in ",."}
    grouped = {
        mark: bool(found) and all(_THOUSANDS[mark].match(one) for one in found)
        for mark, found in uses.items()
    }
    if grouped["."] and not grouped[","]:
        return "comma", "."
    if grouped[","] and (uses["."] and not grouped["."]):
        return "full_stop", ","
    # 12,500 alone is a Swedish decimal or an English thousand: read as Swedish, and said.
    return "either", "," if grouped[","] and not uses["."] else ""


def _are_of_two_scales(numbers: Numbers, marked: np.ndarray) -> np.ndarray:
    """0.5 and 1 beside 50 and 100: a half or half a per cent, which nothing tells."""
    values = np.where(np.isnan(numbers.values) | marked, 0.0, numbers.values)
    small: np.ndarray = (values > 0) & (values <= 1)
    is_mixed = (values > 1).any() and (small & (values < 1)).any()
    return small if is_mixed else np.zeros(len(small), dtype=bool)


def _are_shares(numbers: Numbers, marked: np.ndarray) -> np.ndarray:
    """Cells of a column of per cent that are written as shares of one: 0.5 for 50."""
    bare = ~np.isnan(numbers.values) & ~marked
    values = numbers.values[bare]
    is_of_one = bool(len(values)) and 0 < values.max() <= 1
    shares: np.ndarray = bare & is_of_one
    return shares
