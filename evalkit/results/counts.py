"""Person counts by one or two dimensions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalkit.shape import Shape

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class CountTable(Shape):
    """Person counts by one or two dimensions, margins marked.

    Attributes:
        counts: One row per cell: one column per dimension (printed levels), ``n``
            (``pd.NA`` where withheld), ``is_margin`` and ``is_withheld``. ``is_told``, where
            it is there, marks cells that another table of the report has told already.
        dimensions: Names of the dimension columns, at most two.
        measure: Text key of what is counted.
    """

    counts: pd.DataFrame
    dimensions: tuple[str, ...]
    measure: str = "persons"
