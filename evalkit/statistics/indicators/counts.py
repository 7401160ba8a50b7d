"""Counting records: how many there are, what they lack, and how many each output code has.

Every division is of all the records: the codes, the rest that no code names, and the records
too incomplete to count. Counted together, the same persons have the same name in every table,
so that disclosure control sees where the tables meet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from evalkit.results import CountTable, Estimate
from evalkit.statistics.indicators.definitions import CodeList, Indicator
from evalkit.statistics.indicators.records import is_missing
from evalkit.statistics.indicators.windows import holds, is_collected
from evalkit.statistics.shares.proportions import proportion

TOTAL = "total"
REST = "rest"
COMPLETE, INCOMPLETE = "complete", "incomplete"
INCOMPLETE_LEFT, INCOMPLETE_ENROLLED = "incomplete:left", "incomplete:still_enrolled"
ALL_ENROLLED = "all:still_enrolled"
# Levels that a record without a required item may have.
WITHOUT_ITEMS = (INCOMPLETE, INCOMPLETE_LEFT, INCOMPLETE_ENROLLED, ALL_ENROLLED)
DIMENSION = "code"
SEXES = ("woman", "man", "non_binary", "")


@dataclass(frozen=True, slots=True, eq=False)
class Division:
    """All records divided: the level of each, and every level in the order of print."""

    levels: np.ndarray
    order: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LinkedTables:
    """Tables of several divisions of the same records by sex.

    Attributes:
        names: Level → the name its persons have in the tables: that of the level they were
            first met under.
    """

    tables: tuple[CountTable, ...]
    names: dict[str, str]


def linked_tables(records: pd.DataFrame, divisions: Sequence[Division]) -> LinkedTables:
    """The tables of divisions; levels of exactly the same persons get the same name."""
    names: dict[str, str] = {}
    first_met: dict[bytes, str] = {}
    tables = []
    for division in divisions:
        for level in division.order:
            persons = division.levels == level
            # Nobody is no group of persons: empty levels keep their names apart.
            names[level] = first_met.setdefault(persons.tobytes(), level) if any(persons) else level
        levels = np.array([names[level] for level in division.levels.tolist()], dtype=object)
        order = tuple(names[level] for level in division.order)
        tables.append(by_sex(records, Division(levels, order)))
    return LinkedTables(tables=tuple(tables), names=names)


def record_division(records: pd.DataFrame) -> Division:
    """Records that count in the indicators, and those too incomplete to."""
    levels = np.where(is_complete(records), COMPLETE, INCOMPLETE)
    return Division(levels.astype(object), (COMPLETE, INCOMPLETE))


def leaving_divisions(records: pd.DataFrame, complete_levels: Division) -> tuple[Division, ...]:
    """Incomplete records by whether the person has left, and everybody still enrolled together.

    No table prints them: they are how the tables of the codes meet a report's other tables,
    where everybody who has left is counted, with complete records or not.

    Args:
        records: One row per person.
        complete_levels: What came after for complete records, as `after_leaving_division`.
    """
    is_enrolled = (records["immediate_window"] == "enrolled").to_numpy(dtype=bool)
    complete = is_complete(records)
    parts = np.select(
        [complete, is_enrolled], [COMPLETE, INCOMPLETE_ENROLLED], INCOMPLETE_LEFT
    ).astype(object)
    everyone = np.where(
        is_enrolled,
        ALL_ENROLLED,
        np.where(complete, complete_levels.levels, INCOMPLETE_LEFT),
    ).astype(object)
    # Also levels that nobody has: where readers do not know that, such a zero hides others.
    still_here = set(complete_levels.levels[is_enrolled].tolist()) | {INCOMPLETE}
    left = [level for level in complete_levels.order if level not in still_here]
    return (
        Division(parts, (COMPLETE, INCOMPLETE_LEFT, INCOMPLETE_ENROLLED)),
        Division(everyone, (*left, INCOMPLETE_LEFT, ALL_ENROLLED)),
    )


def output_divisions(records: pd.DataFrame, codes: CodeList) -> dict[str, Division]:
    """Block → the records by its codes at entry, for every block the register can tell.

    A code that is part of another one divides that other's block further, so that both
    add up to the same persons.
    """
    blocks: dict[str, list[Indicator]] = {}
    for indicator in codes.of_kind("output"):
        if not indicator.counts_incomplete and is_told(indicator, records):
            blocks.setdefault(indicator.block, []).append(indicator)
    divisions = {}
    for block, indicators in blocks.items():
        levels = _levels(records, codes, indicators)
        usual = (INCOMPLETE, f"{block}:{REST}")
        named = dict.fromkeys(level for level in levels.tolist() if level not in usual)
        own = (indicator.code for indicator in indicators)
        divisions[block] = Division(levels, (*dict.fromkeys((*own, *named)), *usual))
    return divisions


def is_told(indicator: Indicator, records: pd.DataFrame) -> bool:
    """Whether the register holds what the indicator's rules ask about."""
    rules = (rule for rule in (indicator.rule, indicator.at_risk) if rule is not None)
    return all(is_collected(rule, records) for rule in rules)


def not_collected(records: pd.DataFrame, indicators: Sequence[Indicator]) -> tuple[str, ...]:
    """Codes of persons that the register cannot tell."""
    return tuple(
        indicator.code
        for indicator in indicators
        if indicator.rule is not None and not is_told(indicator, records)
    )


def lost_records(records: pd.DataFrame, codes: CodeList) -> list[tuple[str, Estimate]]:
    """Variable → share of records that lack it, for every variable asked of everyone.

    Raises:
        CannotBeComputed: ``no_persons`` when there are no records.
    """
    return [(variable, _share_of(is_missing(records, variable))) for variable in codes.variables]


def refused_records(records: pd.DataFrame, codes: CodeList) -> list[tuple[str, Estimate]]:
    """Variable → share of records where a sensitive question was refused or left open."""
    return [
        (
            variable,
            _share_of(is_missing(records, variable) | (records[variable] == "refused").to_numpy()),
        )
        for variable in codes.refusable
        if variable in records.columns
    ]


def output_count(records: pd.DataFrame, codes: CodeList, code: str) -> int:
    """Exact number of records with an output code."""
    indicator = codes.indicator(code)
    if indicator.rule is None:
        raise ValueError(f"{code} does not count persons")
    counts = holds(indicator.rule, records)
    if indicator.within:
        parent = codes.indicator(indicator.within).rule
        assert parent is not None
        counts = counts & holds(parent, records)
    return int((counts if indicator.counts_incomplete else counts & is_complete(records)).sum())


def by_sex(records: pd.DataFrame, division: Division) -> CountTable:
    """Records by level and sex with both margins; a sex that nobody has is left out."""
    sex = records["sex"].to_numpy(dtype=object)
    sexes = [one for one in SEXES if one in ("woman", "man") or (sex == one).any()]
    rows = []
    for level in (*division.order, TOTAL):
        in_level = np.ones(len(sex), dtype=bool) if level == TOTAL else division.levels == level
        for one in (*sexes, TOTAL):
            in_sex = np.ones(len(sex), dtype=bool) if one == TOTAL else sex == one
            rows.append((level, one, int((in_level & in_sex).sum()), TOTAL in (level, one)))
    return CountTable.of(rows, DIMENSION, "sex")


def is_complete(records: pd.DataFrame) -> np.ndarray:
    """Whether each record counts in the indicators."""
    return (records["complete"] == "yes").to_numpy(dtype=bool)


def _levels(records: pd.DataFrame, codes: CodeList, indicators: list[Indicator]) -> np.ndarray:
    """The code of each record in a block, the code beside it where a block divides another."""
    levels = np.full(len(records), f"{indicators[0].block}:{REST}", dtype=object)
    within = indicators[0].within
    inside = np.ones(len(records), dtype=bool)
    if within:
        parent = codes.indicator(within)
        beside = [one for one in codes.indicators if one.block == parent.block]
        for one in beside:
            assert one.rule is not None
            levels[holds(one.rule, records)] = one.code
        inside = levels == within
        levels[inside] = f"{within}:{REST}"
    for indicator in indicators:
        assert indicator.rule is not None
        levels[inside & holds(indicator.rule, records)] = indicator.code
    levels[~is_complete(records)] = INCOMPLETE
    return levels


def _share_of(missing: np.ndarray) -> Estimate:
    return proportion(events=int(missing.sum()), n=len(missing), measure="share_missing")
