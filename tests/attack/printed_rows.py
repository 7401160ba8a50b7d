"""Every number of persons that a table prints, whatever it is of: none of a few.

Reads the tidy sheet of a workbook, the funder's tables and any other, by their columns' names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tests.attack.reading import Read, language_of, number

WHOLE = frozenset({"n", "antal personer", "number of persons", "persons", "people", "avlästa",
                   "observed"})  # fmt: skip
PART = frozenset({"antal", "varav", "of whom", "count", "resultat", "result"})
OTHERS = frozenset({
    "number", "kvinnor", "män", "icke-binära", "totalt", "women", "men", "non-binary", "total",
    "kvinnor, antal", "män, antal", "alla, antal", "women, number", "men, number",
    "everyone, number", "började", "slutade", "ännu inte", "okänt", "started", "finished",
    "not yet", "unknown", "ut", "in", "räknas ej", "räknas nu", "out", "no longer counted",
    "now counted", "före", "efter", "before", "after",
})  # fmt: skip
UNIT, VALUE = frozenset({"enhet", "unit"}), frozenset({"värde", "value"})
OF_PERSONS = frozenset({"antal", "number", "personer", "persons"})
# Rows of the file, months and places are no persons.
OTHER_UNITS = frozenset({"rader", "rows", "månader", "months", "dagar", "days"})


def few_printed(tables: Iterable[Read], threshold: int) -> list[str]:
    """Counts from 1 to threshold − 1, and those that are left of a whole beside its part."""
    return [
        f"{table.file}: {' · '.join(row[:4])}: {n:g}"
        for table in tables
        for row in table.rows
        for n in _persons(table, row)
        if 0 < n < threshold
    ]


def _persons(table: Read, row: tuple[str, ...]) -> Iterator[float]:
    cells = dict(zip((name.casefold() for name in table.columns), row, strict=False))
    unit = next((cells[name].casefold() for name in UNIT if name in cells), "")
    if unit in OTHER_UNITS or (unit and "antal" not in cells and "number" not in cells):
        return
    whole, part = (_first(cells, names, table) for names in (WHOLE, PART))
    yield from (n for n in (whole, part) if n is not None)
    if whole is not None and part is not None:
        yield whole - part
    for name in OTHERS & set(cells):
        if (n := _count(cells[name], table)) is not None:
            yield n
    if unit in OF_PERSONS and (n := _first(cells, VALUE, table)) is not None:
        yield n


def _first(cells: dict[str, str], names: frozenset[str], table: Read) -> float | None:
    found = (_count(cells[name], table) for name in cells if name in names)
    return next((n for n in found if n is not None), None)


def _count(text: str, table: Read) -> float | None:
    """A whole number; a share or a sum of money is none."""
    found = None if "%" in text else number(text, language_of(table.file))
    return found if found is not None and found == int(found) else None
