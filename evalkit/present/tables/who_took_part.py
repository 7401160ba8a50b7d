"""Table one: women, men and everyone in columns, what was known at the start in rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from evalkit.present.blocks import Cell, Table
from evalkit.present.labels import Words
from evalkit.present.tables.cells import (
    count_cell,
    headings,
    number_cell,
    table_notes,
    withheld_cell,
)
from evalkit.results import CountTable, Released

TOTAL = "total"
_BANDS = {"age": "age_band", "days": "days_band"}


def who_table(
    released: Released[Sequence[CountTable]],
    words: Words,
    *,
    table_id: str,
    caption: str,
    groups: Mapping[str, str] | None = None,
) -> Table:
    """Count and share of each level, the shares of all women, all men and everyone.

    Shares are worked out from the released counts alone, so they tell no more than those.

    Args:
        groups: Their printed names, where they are not the sexes.
    """
    everyone, *tables = released.result
    totals = _by_group(everyone.counts)
    columns = [*headings(words, "background")]
    for group in totals:
        label = (
            words.say("label.everyone")
            if group == TOTAL
            else (groups or {}).get(group) or words.labels.level("sex", group)
        )
        columns += [words.say(f"column.{part}_of", group=label) for part in ("n", "share")]
    rows = [(Cell(words.say("label.all_participants")), *_cells(totals, totals, words))]
    for table in tables:
        rows += _rows(table, totals, words)
    return Table(
        id=table_id,
        caption=caption,
        columns=tuple(columns),
        rows=tuple(rows),
        notes=(words.say("note.shares_of_column"), *table_notes(released, rows, words)),
    )


def _rows(
    table: CountTable, totals: dict[str, int | None], words: Words
) -> Iterator[tuple[Cell, ...]]:
    column = table.dimensions[0]
    heading = words.labels.dimension(column)
    for level, own in table.counts.groupby(column, sort=False):
        label = Cell(f"{heading}: {level_text(column, str(level), words)}")
        yield (label, *_cells(_by_group(own), totals, words))


def _by_group(counts: pd.DataFrame) -> dict[str, int | None]:
    """Sex, or everyone → persons; nothing where they are withheld."""
    name = next((one for one in ("cohort", "sex") if one in counts), "")
    sex = counts[name] if name else [TOTAL] * len(counts)
    return {
        str(group): None if pd.isna(n) else int(n)
        for group, n in zip(sex, counts["n"], strict=True)
    }


def _cells(
    counts: dict[str, int | None], totals: dict[str, int | None], words: Words
) -> Iterator[Cell]:
    for group, total in totals.items():
        n = counts.get(group)
        yield withheld_cell(words) if n is None else count_cell(n, words)
        if n is None or not total:
            yield withheld_cell(words)
        else:
            yield number_cell(n / total, "percent", words)


def level_text(column: str, level: str, words: Words) -> str:
    """A level's label; of a band its limits, "25–34 år" or "55 år eller äldre"."""
    if not level:
        return words.say("label.missing")
    kind, *limits = level.split("_")
    if kind not in _BANDS or len(limits) != len(("low", "high")):
        return words.labels.level(column, level)
    low, high = limits
    if not low:
        return words.say(f"label.{_BANDS[kind]}.below", limit=_limit(kind, high, words))
    if not high:
        return words.say(f"label.{_BANDS[kind]}.from", limit=_limit(kind, low, words))
    last = str(int(high) - 1) if kind == "age" else _limit(kind, high, words)
    first = _limit(kind, low, words)
    return words.say(f"label.{_BANDS[kind]}.between", low=first, high=last)


def _limit(kind: str, limit: str, words: Words) -> str:
    """Years of age as they are; days as months."""
    return limit if kind == "age" else words.numbers.count(round(int(limit) * 12 / 365))
