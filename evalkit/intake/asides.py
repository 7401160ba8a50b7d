"""Rows of a register that are no persons: totals, notes, headings said again, rows of nothing."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from evalkit.intake.codebook import Codebook, header_key
from evalkit.intake.convert import USUAL_DATES, DateReading, per_row, to_dates
from evalkit.intake.grid import Column

# Only whether a start date is a date matters here, not its century.
_LATEST_YEAR = 2099
_WORD_FIRST = r"^\p{L}+[:.;,]?(\s|$)"
# A word that stands as the number of so many is a part of their numbers.
_MOST_NAMED = 0.5
_ORDERS = (USUAL_DATES, DateReading(order="month_first"))
# What a row that sums up others may hold: no words of anybody.
_SUMMED = frozenset({"identity", "date", "birth", "drawn", "number"})
_FEWEST_ALIKE = 3


def rows_aside(
    cells: np.ndarray,
    places: np.ndarray,
    texts: Mapping[str, Column],
    columns: Mapping[str, int],
    headings: Mapping[str, str],
    codebook: Codebook,
) -> dict[str, np.ndarray]:
    """Rows that are no persons: totals and notes without a date, repeated headers.

    Where a word for a total, a note or an example stands as somebody's number the row is one,
    dated or not; where nobody's number stands, beside any such word for a total, and where
    nothing but the first and last days of others does.
    """
    dated_by = "entry" if "entry" in texts else "event_date"
    undated = np.flatnonzero(_is_undated(texts[dated_by], codebook))
    odd = cells[places[undated]]
    n_filled = (odd != "").sum(axis=1)
    first_filled = odd[np.arange(len(odd)), (odd != "").argmax(axis=1)]
    first_word = np.array([_first_word(text) for text in first_filled], dtype=object)
    is_total = np.isin(first_word, list(codebook.totals))
    is_note = np.isin(first_word, list(codebook.notes)) & (n_filled == 1)
    is_note |= _say_nothing(odd, columns)
    repeats = _repeats_header(odd, columns, headings)
    found = {
        "totals_rows": is_total,
        "note_rows": is_note & ~is_total,
        "repeated_headers": repeats & ~is_total & ~is_note,
    }
    masks = {step: np.zeros(len(places), dtype=bool) for step in found}
    for step, mask in found.items():
        masks[step][undated] = mask
    if "person_id" in texts:
        numbers = texts["person_id"]
        is_word = pc.match_substring_regex(pa.array(numbers.distinct, pa.string()), _WORD_FIRST)
        worded = np.flatnonzero(is_word.to_numpy(zero_copy_only=False))
        first_words = np.array([_first_word(one) for one in numbers.distinct[worded]], dtype=object)
        for step, words in (("totals_rows", codebook.totals), ("note_rows", codebook.notes)):
            named = np.isin(numbers.codes, worded[np.isin(first_words, [*words])])
            if named.mean() < _MOST_NAMED:
                masks[step] |= named
        if numbers.filled.mean() > _MOST_NAMED:
            recognised = [*columns.values()]
            for row in np.flatnonzero(~numbers.filled).tolist():
                texts_of_row = filter(None, cells[places[row], recognised])
                ends = {end for one in texts_of_row for end in (one.split()[0], one.split()[-1])}
                ends |= {one for one in cells[places[row]] if one and " " not in one}
                masks["totals_rows"][row] |= not codebook.totals.isdisjoint(map(_first_word, ends))
            masks["totals_rows"] |= _sums_up(texts, codebook)
        masks["note_rows"] &= ~masks["totals_rows"]
    return masks


def _say_nothing(rows: np.ndarray, columns: Mapping[str, int]) -> np.ndarray:
    """Rows that are alike and hold nothing that is read: a list prepared for more persons."""
    bare: np.ndarray = (rows[:, [*columns.values()]] == "").all(axis=1)
    is_alike = bare.sum() >= _FEWEST_ALIKE and (rows[bare] == rows[bare][0]).all()
    return bare & bool(is_alike)


def _sums_up(texts: Mapping[str, Column], codebook: Codebook) -> np.ndarray:
    """Rows of dates alone, without a number of their own or with how many there are, that are
    the first, last or mean days of the rows above, or of all.
    """
    numbers = texts["person_id"]
    found = np.zeros(len(numbers), dtype=bool)
    says = [one for name, one in texts.items() if codebook.kinds[name] not in _SUMMED]
    has_text = np.logical_or.reduce([one.filled for one in says]) if says else found
    if has_text.all():
        return found
    counts = per_row(numbers, lambda text: int(text) if text.isdecimal() else -1, object)
    is_nobody = ~numbers.filled | (counts == np.cumsum(numbers.filled) - 1)
    candidates = np.flatnonzero(is_nobody & ~has_text & texts.get("entry", numbers).filled)
    if not len(candidates) or not {"entry", "exit"} <= texts.keys():
        return found
    starts = np.concatenate([[0], candidates[:-1] + 1])
    others = np.delete(np.arange(len(numbers)), candidates)
    for reading in _ORDERS:
        pair = [
            to_dates(texts[name], codebook, latest_year=_LATEST_YEAR, reading=reading).days
            for name in ("entry", "exit")
        ]
        of_all = [_summary(days[others]) for days in pair]
        for start, row in zip(starts.tolist(), candidates.tolist(), strict=True):
            above = [_summary(days[start:row]) for days in pair]
            found[row] |= any(
                all(np.isin(days[row], one) for days, one in zip(pair, ways, strict=True))
                for ways in (above, of_all)
            )
    return found


def _summary(days: np.ndarray) -> np.ndarray:
    """First, last and mean day, the mean rounded down."""
    known: np.ndarray = days[~np.isnat(days)]
    if len(known):
        mean = np.datetime64(int(known.astype(int).mean()), "D")
        known = np.array([known.min(), known.max(), mean])
    return known


def _is_undated(texts: Column, codebook: Codebook) -> np.ndarray:
    """Rows without a date. Either order of day and month will do: which it is, is not asked."""
    undated = np.ones(len(texts), dtype=bool)
    for order in _ORDERS:  # most columns have none left after the first
        left = texts.at(undated)
        days = to_dates(left, codebook, latest_year=_LATEST_YEAR, reading=order).days
        undated[undated] = np.isnat(days)
    return undated


def _first_word(text: str) -> str:
    if text.startswith("*"):
        return "*"
    words = text.split(maxsplit=1)
    return words[0].rstrip(":.;,").casefold() if words else ""


def _repeats_header(
    body: np.ndarray, columns: Mapping[str, int], headings: Mapping[str, str]
) -> np.ndarray:
    """Rows that say the header again, as page-wise exports do."""
    keys = {index: header_key(headings[name]) for name, index in columns.items()}
    says = [
        [bool(text) and header_key(text) == key for text in body[:, index]]
        for index, key in keys.items()
    ]
    matches: np.ndarray = np.array(says, dtype=bool).sum(axis=0) >= min(2, len(keys))
    return matches
