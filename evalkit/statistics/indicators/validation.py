"""The validation tests of the common indicators: which hold, which fail, which do not apply."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from evalkit.statistics.indicators.counts import not_collected, output_count
from evalkit.statistics.indicators.definitions import RESULTS, Check, CodeList
from evalkit.statistics.indicators.outcomes import REACHED, stage_of
from evalkit.statistics.indicators.rules import holds

_OLDEST = 100
Verdict = Literal["holds", "fails", "not_collected"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Validation:
    """One test and its outcome. ``formula`` is written in codes, empty for tests of records."""

    check: str
    verdict: Verdict
    formula: str = ""


def validations(records: pd.DataFrame, codes: CodeList) -> tuple[Validation, ...]:
    """Every test of the code list, then those of single records.

    Counts are exact here: only the outcome leaves, never a number.
    """
    complete = records[records["complete"] == "yes"]
    of_records = {
        "sexes_sum": complete["sex"].isin(["woman", "man", "non_binary"]).to_numpy(),
        "exit_after_entry": ~(records["exit"] < records["entry"]).to_numpy(),
        "age_possible": _age_possible(complete),
        "exclusive_results": _exclusive(complete, codes),
    }
    return (
        *(_validated(check, records, codes) for check in codes.checks),
        *(
            Validation(check=name, verdict="holds" if bool(np.all(mask)) else "fails")
            for name, mask in of_records.items()
        ),
    )


def reached_count(records: pd.DataFrame, codes: CodeList, code: str) -> int:
    """Exact number of records with a result."""
    indicator = codes.indicator(code)
    assert indicator.at_risk is not None
    complete = records[records["complete"] == "yes"]
    at_risk = complete[holds(indicator.at_risk, complete)]
    return int((stage_of(at_risk, indicator) == REACHED).sum())


def _validated(check: Check, records: pd.DataFrame, codes: CodeList) -> Validation:
    formula = f"{' + '.join(check.left)} {_SIGNS[check.relation]} {' + '.join(check.right)}"
    absent = not_collected(records, codes.indicators)
    if {*absent} & {*check.left, *check.right}:
        return Validation(check=check.id, verdict="not_collected", formula=formula)
    left = sum(_count(records, codes, code) for code in check.left)
    right = sum(_count(records, codes, code) for code in check.right)
    is_right = left == right if check.relation == "equals" else left <= right
    return Validation(check=check.id, verdict="holds" if is_right else "fails", formula=formula)


_SIGNS = {"equals": "=", "at_most": "≤"}


def _count(records: pd.DataFrame, codes: CodeList, code: str) -> int:
    if code == "complete":
        return int((records["complete"] == "yes").sum())
    if codes.indicator(code).kind in RESULTS:
        return reached_count(records, codes, code)
    return output_count(records, codes, code)


def _age_possible(records: pd.DataFrame) -> np.ndarray:
    if "age" not in records.columns:
        return np.ones(len(records), dtype=bool)
    return (records["age"].isna() | records["age"].between(0, _OLDEST)).to_numpy(dtype=bool)


def _exclusive(records: pd.DataFrame, codes: CodeList) -> np.ndarray:
    """Nobody both searches for work and is in work upon leaving: one event decides."""
    prefix = "EECR" if codes.id == "esf_plus_2021_2027" else "CR"
    both = np.ones(len(records), dtype=bool)
    for code in (f"{prefix}01", f"{prefix}04"):
        rule = codes.indicator(code).rule
        assert rule is not None
        both = both & holds(rule, records)
    return ~both
