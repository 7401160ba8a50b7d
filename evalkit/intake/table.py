"""A register as columns of text: header found, rows that are no persons set aside and counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from evalkit.intake.asides import rows_aside
from evalkit.intake.codebook import Codebook, codebook_for, codebook_for_follow_up, header_key
from evalkit.intake.errors import IntakeError
from evalkit.intake.grid import ERROR_CELL, Column, Grid
from evalkit.intake.headers import Header, find_header, lowest_heading
from evalkit.project.registers import FollowUp, Register
from evalkit.results import Finding, Severity

# What a cell holds whose formula was never computed.
_ZEROS = ("0", "1899-12-30", "1899-12-31", "00:00:00")
_FEWEST_IN_A_GROUP, _FEW_LEVELS = 4, 5


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

    def refuse(
        self, key: str, mask: np.ndarray, *, column: str = "person_id", reason: str = ""
    ) -> None:
        """Refuse the register for the rows in ``mask``, where there are any."""
        if mask.any():
            raise IntakeError(
                key, file=self.file, column=self.names[column], count=int(mask.sum()),
                row=int(self.rows[mask][0]), reason=reason,
            )  # fmt: skip


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
    if isinstance(register, Register):
        _require_participants(grid, header, has_any, codebook)
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


def _require_headings(grid: Grid, header: Header, rows: np.ndarray) -> None:
    """Refuse rows of a text file that go on beyond the headings: a separator stands in a cell."""
    n_headings = grid.widths[header.last] if grid.widths else grid.cells.shape[1]
    wider = rows & (grid.cells[:, n_headings:] != "").any(axis=1)
    if wider.any():
        row = int(np.argmax(wider)) + 1
        raise IntakeError("wider_rows", file=grid.file, count=int(wider.sum()), row=row)


def _require_participants(grid: Grid, header: Header, rows: np.ndarray, codebook: Codebook) -> None:
    """Refuse persons who, as a column says that is not read, are some other group's."""
    for index in set(range(grid.cells.shape[1])) - set(header.columns.values()):
        column = grid.column(index)
        if len(column.distinct) > _FEW_LEVELS + header.last + 1:
            continue
        is_other = np.array([codebook.is_of_others(text) for text in column.distinct], dtype=bool)
        others = is_other[column.codes] & rows
        if others.any() and (column.filled & rows & ~others).any():
            heading = lowest_heading(grid.cells[: header.last + 1, index], index)
            raise IntakeError("others_beside", file=grid.file, column=heading,
                              count=int(others.sum()), row=int(np.argmax(others)) + 1)  # fmt: skip


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
