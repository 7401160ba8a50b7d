"""Person counts by one or two dimensions, what checks found, and the order of names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

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

    @classmethod
    def of(cls, rows: Iterable[tuple[object, ...]], *dimensions: str) -> CountTable:
        """Of rows that hold a level of each dimension, the count and whether it is a margin."""
        import pandas as pd  # whoever only reads results back needs no frames

        counts = pd.DataFrame(list(rows), columns=[*dimensions, "n", "is_margin"])
        return cls(counts=counts.assign(is_withheld=False), dimensions=dimensions)

    @property
    def has_withheld(self) -> bool:
        return bool(self.counts["is_withheld"].any())

    @property
    def known(self) -> dict[str, int]:
        """Level of the first dimension → persons; what is withheld is not there."""
        rows = self.counts[~self.counts["is_withheld"].astype(bool)]
        return {
            str(one): int(n) for one, n in zip(rows[self.dimensions[0]], rows["n"], strict=True)
        }


_NUMBER = re.compile(r"(\d+)")
# After z stand å, ä and ö, in that order; other letters stand with what they are made from.
_LAST_LETTERS = {"å": "{", "ä": "|", "æ": "|", "ö": "}", "ø": "}"}


def natural_key(text: str) -> tuple[tuple[int, int, str], ...]:
    """A key that sorts Grupp 2 before Grupp 10, and Å, Ä, Ö last.

    >>> sorted(["Örebro", "Älmhult", "Åmål", "Grupp 10", "Grupp 2"], key=natural_key)
    ['Grupp 2', 'Grupp 10', 'Åmål', 'Älmhult', 'Örebro']
    """
    parts = _NUMBER.split(unicodedata.normalize("NFC", text).casefold())
    key = [
        (0, int(part), "") if part.isdigit() else (1, 0, _letters(part)) for part in parts if part
    ]
    # Texts that differ only in case or accents keep one order, too.
    return (*key, (2, 0, text))


def _letters(part: str) -> str:
    return "".join(
        _LAST_LETTERS.get(letter) or unicodedata.normalize("NFD", letter)[0] for letter in part
    )


Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding(Shape):
    """Something a check found in a file: where and how often, never whose or what value.

    ``check`` is a text key (``finding.<check>``); ``rows`` are row numbers as the
    spreadsheet shows them, counted from 1 with the header rows included. ``listing``
    holds category labels that are safe to print (unmapped exit reasons, header names).
    """

    severity: Severity
    check: str
    file: str
    column: str = ""
    rows: tuple[int, ...] = ()
    count: int = 0
    listing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowStep(Shape):
    """One step from rows read to persons analysed; ``step`` is a text key (``flow.<step>``)."""

    step: str
    count: int
    unit: Literal["rows", "persons", "spells"] = "rows"
