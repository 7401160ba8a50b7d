"""A register as columns of text: header found, rows that are no persons set aside and counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from evalkit.intake.codebook import Codebook, codebook_for, codebook_for_follow_up, header_key
from evalkit.intake.convert import USUAL_DATES, DateReading, per_row, to_dates
from evalkit.intake.errors import IntakeError
from evalkit.intake.grid import ERROR_CELL, Column, Grid
from evalkit.intake.headers import Header, find_header, lowest_heading
from evalkit.project.registers import FollowUp, Register
from evalkit.results import Finding, Severity

# Only whether a start date is a date matters here, not its century.
_LATEST_YEAR = 2099
_WORD_FIRST = r"^\p{L}+[:.;,]?(\s|$)"
# What a cell holds whose formula was never computed.
_ZEROS = ("0", "1899-12-30", "1899-12-31", "00:00:00")
_FEWEST_IN_A_GROUP = 4
# A word that stands as the number of so many is a part of their numbers.
_MOST_NAMED = 0.5
_ORDERS = (USUAL_DATES, DateReading(order="month_first"))
# What a row that sums up others may hold: no words of anybody.
_SUMMED = frozenset({"identity", "date", "birth", "drawn", "number"})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TextTable:
    """The rows of a register that may be persons.

    Attributes:
        file: Name to print. ``rows``: row numbers as the spreadsheet shows them.
        texts: Canonical column → its cells.
        names: Canonical column → header as the file has it.
        n_read: Rows with anything in them below the header.
        set_aside: Flow step → number of rows that were no persons.
        counts_from_1904: Whether the workbook counts days from 1904-01-01.
    """

    file: str
    rows: np.ndarray
    texts: dict[str, Column]
    names: dict[str, str]
    n_read: int
    set_aside: dict[str, int]
    findings: tuple[Finding, ...]
    counts_from_1904: bool = False

    def has(self, column: str) -> bool:
        return column in self.texts

    def found(
        self,
        severity: Severity,
        check: str,
        mask: np.ndarray,
        *,
        column: str = "",
        listing: tuple[str, ...] = (),
    ) -> tuple[Finding, ...]:
        """A finding about the rows in ``mask``; none where the mask is empty."""
        return finding(
            severity,
            check,
            self.file,
            self.rows[mask],
            column=self.names.get(column, column),
            listing=listing,
        )


def finding(
    severity: Severity,
    check: str,
    file: str,
    rows: np.ndarray,
    *,
    column: str = "",
    listing: tuple[str, ...] = (),
) -> tuple[Finding, ...]:
    """A finding about ``rows``, or nothing where there are none."""
    if not len(rows):
        return ()
    numbers = tuple(sorted(int(row) for row in rows))
    return (
        Finding(
            severity=severity,
            check=check,
            file=file,
            column=column,
            rows=numbers,
            count=len(numbers),
            listing=listing,
        ),
    )


def text_table(
    grid: Grid, codebook: Codebook, register: Register | FollowUp, *, dated_by: str = "entry"
) -> TextTable:
    """The persons' rows of a grid as text columns.

    Raises:
        IntakeError: If the header is not recognised or nothing stands below it.
    """
    header = find_header(grid.cells, codebook, file=grid.file, dated_by=dated_by)
    has_any = np.zeros(len(grid.cells), dtype=bool)
    for index in range(grid.cells.shape[1]):
        has_any |= grid.column(index).filled
    has_any[: header.last + 1] = False
    if not has_any.any():
        raise IntakeError("empty_register", file=grid.file, row=header.last + 1)
    rows = np.flatnonzero(has_any) + 1
    texts = {name: grid.column(index).at(has_any) for name, index in header.columns.items()}
    _require_headings(grid, header, has_any)
    asides = rows_aside(grid.cells, rows - 1, texts, header.columns, header.names, codebook)
    findings = [*grid.findings, *_header_findings(grid, header, register)]
    for step, mask in asides.items():
        findings += finding("note", step, grid.file, rows[mask])
    kept = ~np.logical_or.reduce(list(asides.values()))
    findings += _grid_findings(grid, rows[kept])
    if not kept.all():
        texts = {name: column.at(kept) for name, column in texts.items()}
    texts, found = _as_meant(texts, grid, header, codebook, rows[kept])
    findings += found
    return TextTable(
        file=grid.file,
        rows=rows[kept],
        texts=texts,
        names=header.names,
        n_read=len(rows),
        set_aside={step: int(mask.sum()) for step, mask in asides.items() if mask.any()},
        findings=tuple(findings),
        counts_from_1904=grid.counts_from_1904,
    )


def columns_below(
    grid: Grid, source: Register | FollowUp, *, beside: Sequence[Register] = ()
) -> Iterator[tuple[str, Column]]:
    """Each column's heading and the cells below it; titles and headings are nobody's."""
    last = 0
    with suppress(IntakeError):
        if isinstance(source, FollowUp):
            book, dated_by = codebook_for_follow_up(source), "event_date"
        else:
            book, dated_by = codebook_for(source, beside=beside), "entry"
        last = find_header(grid.cells, book, file=grid.file, dated_by=dated_by).last
    for index, column in enumerate(grid.cells.T):
        below = grid.column(index).at(slice(last + 1, None))
        yield lowest_heading(column[: last + 1], index), below


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


def _require_headings(grid: Grid, header: Header, rows: np.ndarray) -> None:
    """Refuse rows of a text file that go on beyond the headings: a separator stands in a cell."""
    n_headings = grid.widths[header.last] if grid.widths else grid.cells.shape[1]
    wider = rows & (grid.cells[:, n_headings:] != "").any(axis=1)
    if wider.any():
        row = int(np.argmax(wider)) + 1
        raise IntakeError("wider_rows", file=grid.file, count=int(wider.sum()), row=row)


def _as_meant(
    texts: dict[str, Column], grid: Grid, header: Header, codebook: Codebook, rows: np.ndarray
) -> tuple[dict[str, Column], list[Finding]]:
    """The columns where a value once a group is every row's, and 0 is no formula's result."""
    meant = dict(texts)
    findings: list[Finding] = []
    for name, column in texts.items():
        kind, heading = codebook.kinds[name], header.names[name]
        if kind in ("sex", "municipality") and (down := _filled_down(column)) is not None:
            meant[name], changed = down, ~column.filled
            findings += finding("warning", "stands_once", grid.file, rows[changed], column=heading)
        elif header.columns[name] in grid.zero_formulas and kind in ("date", "exit_reason"):
            is_zero = np.isin(column.distinct, _ZEROS)
            meant[name] = Column(column.codes, np.where(is_zero, ERROR_CELL, column.distinct))
            changed = rows[is_zero[column.codes]]
            findings += finding(
                "error", "formula_without_value", grid.file, changed, column=heading
            )
    return meant, findings


def _filled_down(column: Column) -> Column | None:
    """The column with each text on every row of its group, where it stands on the first alone."""
    places = np.flatnonzero(column.filled)
    codes = column.codes[places]
    is_once = 1 < len(places) <= len(column) / _FEWEST_IN_A_GROUP and places[0] == 0
    if not is_once or (codes[1:] == codes[:-1]).any():
        return None
    return Column(np.repeat(codes, np.diff(places, append=len(column))), column.distinct)


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


def _header_findings(grid: Grid, header: Header, register: Register | FollowUp) -> list[Finding]:
    found: list[Finding] = []
    titles = np.flatnonzero((grid.cells[: header.first] != "").any(axis=1)) + 1
    found += finding("note", "title_rows", grid.file, titles)
    absent = [name for name in register.columns if header_key(name) not in header.keys]
    lists: tuple[tuple[Severity, str, tuple[str, ...]], ...] = (
        ("note", "unused_columns", header.unused),
        ("warning", "repeated_columns", header.repeated),
        ("error", "absent_columns", tuple(absent)),
    )
    found += [
        Finding(severity=severity, check=check, file=grid.file, count=len(listing), listing=listing)
        for severity, check, listing in lists
        if listing
    ]
    return found


def _grid_findings(grid: Grid, rows: np.ndarray) -> list[Finding]:
    """What the spreadsheet hides or lacks in the rows that are kept."""
    marks: tuple[tuple[Severity, str, frozenset[int]], ...] = (
        ("warning", "hidden_rows", grid.hidden_rows),
        ("note", "merged_cells", grid.merged_rows),
        ("error", "formula_without_value", grid.formula_rows),
        ("error", "error_cells", grid.error_rows),
    )
    found: list[Finding] = []
    for severity, check, marked in marks:
        if marked:
            found += finding(severity, check, grid.file, rows[np.isin(rows, list(marked))])
    return found
