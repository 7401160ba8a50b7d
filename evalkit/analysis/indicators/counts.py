"""Counting records: how many there are, what they lack, and how many each output code has.

Every table divides all the records by sex, with both margins: the codes, the rest that no
code names, and the records too incomplete to count. A level that two tables have in common
has the same name in both, so that disclosure control sees where they meet.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from evalkit.analysis.indicators.definitions import CodeList, Indicator
from evalkit.analysis.indicators.records import is_missing
from evalkit.analysis.indicators.rules import holds, is_collected
from evalkit.analysis.proportions import proportion
from evalkit.results import CountTable, Estimate

TOTAL = "total"
REST = "rest"
COMPLETE, INCOMPLETE = "complete", "incomplete"
DIMENSION = "code"
SEXES = ("woman", "man", "non_binary", "")


def record_table(records: pd.DataFrame) -> CountTable:
    """All records by sex: those that count in the indicators and those too incomplete to."""
    levels = np.where(is_complete(records), COMPLETE, INCOMPLETE)
    return by_sex(records, levels, order=(COMPLETE, INCOMPLETE))


def region_table(records: pd.DataFrame) -> CountTable:
    """Records that count, by category of region and sex, and the incomplete ones."""
    region = ("region:" + records["region_category"]).to_numpy(dtype=object)
    levels = np.where(is_complete(records), region, INCOMPLETE)
    return by_sex(records, levels, order=(*sorted(set(region.tolist())), INCOMPLETE))


def output_tables(records: pd.DataFrame, codes: CodeList) -> dict[str, CountTable]:
    """Block → its codes counted at entry, for every block the register can tell.

    A code that is part of another one divides that other's block further, so that both
    tables add up to the same persons.
    """
    blocks: dict[str, list[Indicator]] = {}
    for indicator in codes.of_kind("output"):
        if not indicator.counts_incomplete and is_told(indicator, records):
            blocks.setdefault(indicator.block, []).append(indicator)
    tables = {}
    for block, indicators in blocks.items():
        levels = _levels(records, codes, indicators)
        usual = (INCOMPLETE, REST)
        named = dict.fromkeys(level for level in levels.tolist() if level not in usual)
        own = (indicator.code for indicator in indicators)
        tables[block] = by_sex(records, levels, order=(*dict.fromkeys((*own, *named)), *usual))
    return tables


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


def by_sex(records: pd.DataFrame, levels: np.ndarray, *, order: Sequence[str]) -> CountTable:
    """Records by level and sex with both margins; a sex that nobody has is left out."""
    sex = records["sex"].to_numpy(dtype=object)
    sexes = [one for one in SEXES if one in ("woman", "man") or (sex == one).any()]
    rows = []
    for level in (*order, TOTAL):
        in_level = np.ones(len(sex), dtype=bool) if level == TOTAL else levels == level
        for one in (*sexes, TOTAL):
            in_sex = np.ones(len(sex), dtype=bool) if one == TOTAL else sex == one
            rows.append((level, one, int((in_level & in_sex).sum()), TOTAL in (level, one)))
    counts = pd.DataFrame(rows, columns=[DIMENSION, "sex", "n", "is_margin"])
    return CountTable(counts=counts.assign(is_withheld=False), dimensions=(DIMENSION, "sex"))


def is_complete(records: pd.DataFrame) -> np.ndarray:
    """Whether each record counts in the indicators."""
    return (records["complete"] == "yes").to_numpy(dtype=bool)


def _levels(records: pd.DataFrame, codes: CodeList, indicators: list[Indicator]) -> np.ndarray:
    """The code of each record in a block, the code beside it where a block divides another."""
    levels = np.full(len(records), REST, dtype=object)
    within = indicators[0].within
    inside = np.ones(len(records), dtype=bool)
    if within:
        parent = codes.indicator(within)
        beside = [one for one in codes.indicators if one.block == parent.block]
        for one in beside:
            assert one.rule is not None
            levels[holds(one.rule, records)] = one.code
        inside = levels == within
        levels[inside] = f"{REST}:{within}"
    for indicator in indicators:
        assert indicator.rule is not None
        levels[inside & holds(indicator.rule, records)] = indicator.code
    levels[~is_complete(records)] = INCOMPLETE
    return levels


def _share_of(missing: np.ndarray) -> Estimate:
    return proportion(events=int(missing.sum()), n=len(missing), measure="share_missing")
