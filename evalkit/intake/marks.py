"""What a workbook knows of its cells beyond their values, whatever kind of file it is."""

from __future__ import annotations

from dataclasses import dataclass, field

Place = tuple[int, int]  # row and column, counted from 0


@dataclass(slots=True, kw_only=True, eq=False)
class Marks:
    """Collected while a sheet is looked through.

    Attributes:
        hidden: Rows that the sheet does not show. ``errors``: cells with an error value.
        uncomputed: Formulas without a stored result. ``percents``: numbers shown in per cent.
        zero_formulas: Columns of formulas, where all of the sheet have the stored result 0.
        merged: First and last cell of each merged range.
        counts_from_1904: Whether days count from 1904-01-01.
        extent: Rows and columns up to the last cell with anything in it; none where unknown.
        beyond: A cell that stands far beyond that and holds nothing a reader would see.
        is_looked_through: Whether the file let itself be looked through at all.
    """

    hidden: set[int] = field(default_factory=set)
    errors: set[Place] = field(default_factory=set)
    uncomputed: set[Place] = field(default_factory=set)
    percents: set[Place] = field(default_factory=set)
    zero_formulas: set[int] = field(default_factory=set)
    merged: list[tuple[Place, Place]] = field(default_factory=list)
    counts_from_1904: bool = False
    extent: Place | None = None
    beyond: Place | None = None
    is_looked_through: bool = True
