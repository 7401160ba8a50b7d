"""Public series per area and period: read as text, checked for gaps and duplicates."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
import pandas as pd

from evalkit.intake.codebook import built_in, header_key
from evalkit.intake.convert import Numbers, per_row, to_numbers
from evalkit.intake.errors import IntakeError
from evalkit.intake.grid import Column, Grid
from evalkit.intake.official.areas import area_named
from evalkit.intake.read import read_grid
from evalkit.intake.table import finding
from evalkit.project.model import Project, Series
from evalkit.results import AreaSeries, Finding

_ROWS_SEARCHED = 40
_MOST_LISTED = 12
_MONTH = re.compile(r"(\d{4})[-/M.]?(0[1-9]|1[0-2])(-\d{2})?$", re.IGNORECASE)
_YEAR = re.compile(r"(\d{4})$")


def read_series(project: Project, series: Series) -> tuple[AreaSeries, tuple[Finding, ...]]:
    """The observations of a series within its period, and what is wrong with them.

    Args:
        project: The project; the file's path is relative to its folder.
        series: Names the columns, the areas and the first and last period.

    Returns:
        Observations sorted by area and period, ``period`` as ``2017`` or ``2017-01``; of a
        period with two different values for an area neither is kept, and it is named in
        ``repeated``. And findings: duplicated periods, gaps, missing areas, values that are
        no numbers.

    Raises:
        IntakeError: If the file cannot be used, a column is missing, or the area or its
            reference has no observation.
    """
    name = series.file.name
    grid = read_grid(project.folder / series.file, name=name)
    first, columns = _columns(grid, series)
    body = grid.cells[first + 1 :]
    filled = (body != "").any(axis=1)
    rows = np.arange(first + 2, len(grid.cells) + 1)[filled]
    area, period, value, *n = (grid.column(index).at(rows - 1) for index in columns)
    numbers = to_numbers(value, built_in())
    table = pd.DataFrame(
        {
            "area": _tidy(area, series.areas),
            "period": _periods(period),
            "value": numbers.values,
            "row": rows,
        }
    )
    findings = (*grid.findings, *_cell_findings(name, series, table, numbers))
    usable = table[(table["period"] != "") & table["value"].notna() & (table["area"] != "")]
    if n:
        table["n"] = to_numbers(n[0], built_in()).values
        uncounted = usable.index[~(table.loc[usable.index, "n"] >= 1)]
        findings += finding(
            "error", "not_a_number", name, usable.loc[uncounted, "row"], column=series.n_column
        )
        usable = table.loc[usable.index.difference(uncounted)]
    repeated = usable.duplicated(["area", "period"]).to_numpy()
    findings += finding("error", "period_twice", name, usable["row"].to_numpy()[repeated])
    usable, repeated_periods = _without_contradictions(usable[~_same_again(usable)])
    inside = _within(usable["period"], series.period)
    findings += finding("note", "outside_period", name, usable["row"].to_numpy()[~inside])
    kept = ["area", "period", "value", *(["n"] if n else [])]
    observations = usable[inside].sort_values(["area", "period"])[kept]
    findings += _area_findings(name, series, observations)
    return (
        AreaSeries(
            observations=observations.reset_index(drop=True),
            unit=series.unit.en,
            source=series.source.sv,
            is_synthetic=series.is_synthetic,
            breaks=tuple(sorted(found.period for found in series.breaks)),
            repeated=repeated_periods,
        ),
        findings,
    )


def _columns(grid: Grid, series: Series) -> tuple[int, list[int]]:
    """Index of the header row and of the area, period, value and, where named, n columns."""
    wanted = [series.area_column, series.period_column, series.value_column]
    wanted += [series.n_column] if series.n_column else []
    for index, row in enumerate(grid.cells[:_ROWS_SEARCHED]):
        keys = [header_key(text) for text in row]
        if all(header_key(header) in keys for header in wanted):
            return index, [keys.index(header_key(header)) for header in wanted]
    raise IntakeError(
        "no_series_columns", file=grid.file, columns=", ".join(wanted), series=series.id
    )


def _tidy(texts: Column, wanted: tuple[str, ...]) -> np.ndarray:
    """Names of areas as the project writes them."""
    return per_row(texts, lambda text: area_named(" ".join(text.split()), wanted), object)


def _periods(texts: Column) -> np.ndarray:
    """``2017`` or ``2017-01``; ``""`` where the text is neither year nor month."""
    return per_row(texts, parse_period, object)


def parse_period(text: str) -> str:
    """A year or month as statistics offices write them; ``""`` for anything else.

    >>> parse_period("2017M01"), parse_period("2017"), parse_period("maj")
    ('2017-01', '2017', '')
    """
    if match := _MONTH.match(text):
        return f"{match[1]}-{match[2]}"
    return text if _YEAR.match(text) else ""


def _same_again(usable: pd.DataFrame) -> np.ndarray:
    """Rows that say once more what an earlier row says."""
    return usable.duplicated(["area", "period", "value"]).to_numpy(dtype=bool)


def _without_contradictions(
    usable: pd.DataFrame,
) -> tuple[pd.DataFrame, tuple[tuple[str, str], ...]]:
    """Without periods that an area has two different values for, and which those are."""
    twice = usable.duplicated(["area", "period"], keep=False).to_numpy(dtype=bool)
    found = usable[twice].sort_values(["period", "area"])
    pairs = zip(found["area"], found["period"], strict=True)
    return usable[~twice], tuple(dict.fromkeys(pairs))


def _within(periods: pd.Series, span: tuple[str, str]) -> np.ndarray:
    """Periods from the first to the last; a year as bound holds all its months."""
    first, last = span
    inside = (periods.str[: len(first)] >= first) & (periods.str[: len(last)] <= last)
    return inside.to_numpy(dtype=bool)


def _cell_findings(
    name: str, series: Series, table: pd.DataFrame, numbers: Numbers
) -> tuple[Finding, ...]:
    rows = table["row"].to_numpy()
    column = series.value_column
    no_number = numbers.is_state("not_a_number")
    absent = numbers.is_state("missing", "nothing", "not_available", "not_applicable")
    no_period = (table["period"] == "").to_numpy()
    return (
        *finding("error", "period_unreadable", name, rows[no_period], column=series.period_column),
        *finding("error", "not_a_number", name, rows[no_number], column=column),
        *finding(
            "warning",
            "suppressed_number",
            name,
            rows[numbers.is_state("suppressed")],
            column=column,
        ),
        *finding("warning", "value_absent", name, rows[absent], column=column),
    )


def _area_findings(name: str, series: Series, observations: pd.DataFrame) -> tuple[Finding, ...]:
    """Areas without any observation, and periods that wanted areas lack."""
    present = {
        str(area): set(part["period"]) for area, part in observations.groupby("area", sort=True)
    }
    for area in (series.area, series.reference):
        if area not in present:
            raise IntakeError(
                "no_area", file=name, area=area, series=series.id, areas=_listed(present)
            )
    compared = (*series.comparison, *series.bad_year_areas)
    absent = tuple(area for area in dict.fromkeys(compared) if area not in present)
    gaps = []
    for area in dict.fromkeys((series.area, series.reference, *compared)):
        expected = _expected_periods(series.period, present.get(area, set()))
        gaps += [f"{area} {period}" for period in expected if period not in present[area]]
    found: list[Finding] = []
    for check, listing in (("area_missing", absent), ("period_gap", tuple(gaps))):
        if listing:
            found.append(
                Finding(
                    severity="error" if check == "area_missing" else "warning",
                    check=check,
                    file=name,
                    count=len(listing),
                    listing=listing[:_MOST_LISTED],
                )
            )
    return tuple(found)


def _expected_periods(span: tuple[str, str], present: set[str]) -> list[str]:
    """All periods an area should have: months where it reports months, else years."""
    if not present:
        return []
    months = any(len(period) > len("2017") for period in present)
    frequency = "M" if months else "Y"
    first, last = span
    if months and len(last) == len("2017"):
        last = f"{last}-12"
    periods = pd.period_range(first, last, freq=frequency)
    return [str(period) for period in periods]


def _listed(areas: Iterable[str]) -> str:
    names = sorted(areas)
    more = f" and {len(names) - _MOST_LISTED} more" if len(names) > _MOST_LISTED else ""
    return ", ".join(names[:_MOST_LISTED]) + more
