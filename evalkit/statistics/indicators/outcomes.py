"""Results after leaving: started against finished, what cannot be told yet, and the share.

Everyone at risk is in exactly one stage: still enrolled, window not elapsed at the data cut
(not yet observable, never a failure), nothing known, without the result, or with it. Of whom
it is not known when they left, nothing is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from evalkit.results import CannotBeComputed, Estimate, NotEstimable
from evalkit.statistics.indicators.counts import (
    INCOMPLETE,
    TOTAL,
    Division,
    is_complete,
    not_collected,
    output_count,
)
from evalkit.statistics.indicators.definitions import RESULTS, Check, CodeList, Indicator
from evalkit.statistics.indicators.windows import holds, mapped
from evalkit.statistics.shares.proportions import proportion

ENROLLED, OPEN, NO_INFORMATION = "still_enrolled", "not_yet_observable", "no_information"
NOT_REACHED, REACHED, NOT_AT_RISK = "not_reached", "reached", "not_at_risk"
STAGES = (REACHED, NOT_REACHED, NO_INFORMATION, OPEN, ENROLLED)
_WINDOW = {"immediate_result": "immediate_window", "longer_term_result": "longer_window"}
_STATUS = {
    "immediate_result": "status_upon_leaving",
    "longer_term_result": "status_after_six_months",
}
# What Swedish reporting divides those who have left into.
AFTER_LEAVING = {
    "employment": ("employment", "municipal_employment"),
    "studies": ("studies",),
    "programme": ("programme",),
    "other": ("unemployed", "long_term_unemployed", "inactive", "sick", "parental_leave", "other"),
    NO_INFORMATION: ("unknown",),
}
AFTER = tuple(f"after:{level}" for level in (*AFTER_LEAVING, OPEN, ENROLLED))


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeCounts:
    """What a result table says of one sex or of all; ``None`` where a count is withheld.

    ``started`` are all at risk, ``finished`` those of them who have left, ``observed`` those
    whose window has elapsed and whose status is known.
    """

    started: int | None
    finished: int | None
    not_yet_observable: int | None
    no_information: int | None
    observed: int | None
    reached: int | None

    def share(self, *, group: str = "") -> Estimate | NotEstimable | None:
        """Share of those observed with the result (Wilson 1927); none where counts are withheld."""
        if self.observed is None or self.reached is None:
            return None
        try:
            return proportion(events=self.reached, n=self.observed, group=group)
        except CannotBeComputed as reason:
            return NotEstimable(measure="share", reason=reason.reason, n=self.observed, group=group)


def outcome_division(records: pd.DataFrame, indicator: Indicator) -> Division:
    """All records by stage of a result, those not at risk and incomplete ones too."""
    assert indicator.at_risk is not None
    at_risk = holds(indicator.at_risk, records)
    stages = f"{indicator.code}:" + pd.Series(stage_of(records, indicator))
    levels = np.where(at_risk, stages.to_numpy(dtype=object), f"{indicator.code}:{NOT_AT_RISK}")
    levels[~is_complete(records)] = INCOMPLETE
    # Where nobody is outside the risk, readers know it: such a zero hides nothing.
    outside = () if bool((at_risk | ~is_complete(records)).all()) else (NOT_AT_RISK,)
    order = (f"{indicator.code}:{stage}" for stage in (*STAGES, *outside))
    return Division(levels, (*order, INCOMPLETE))


def stage_of(records: pd.DataFrame, indicator: Indicator) -> np.ndarray:
    """The stage of each person, taken to be at risk."""
    assert indicator.rule is not None
    window = records[_WINDOW[indicator.kind]].to_numpy(dtype=object)
    reached = holds(indicator.rule, records)
    unknown = (records[_STATUS[indicator.kind]] == "unknown").to_numpy(dtype=bool)
    return np.select(
        [window == "enrolled", window == "open", window == "end_unknown", reached, unknown],
        [ENROLLED, OPEN, NO_INFORMATION, REACHED, NO_INFORMATION],
        NOT_REACHED,
    ).astype(object)


def outcome_counts(counts: dict[str, int | None], code: str) -> OutcomeCounts:
    """The counts of a result from the cells of one sex, withheld ones being ``None``.

    Worked out from the cells alone, so that they tell no more than those.
    """
    stage = {name: counts[f"{code}:{name}"] for name in STAGES}
    started = _sum(*stage.values())
    if started is None:
        # With everyone else known, those at risk are known without every stage of theirs.
        started = _less(counts[TOTAL], counts.get(f"{code}:{NOT_AT_RISK}", 0), counts[INCOMPLETE])
    return OutcomeCounts(
        started=started,
        finished=_less(started, stage[ENROLLED]),
        not_yet_observable=stage[OPEN],
        no_information=stage[NO_INFORMATION],
        observed=_sum(stage[REACHED], stage[NOT_REACHED]),
        reached=stage[REACHED],
    )


def after_leaving_division(records: pd.DataFrame) -> Division:
    """Records by what came after: too recent, still enrolled and incomplete apart."""
    known = {status: group for group, statuses in AFTER_LEAVING.items() for status in statuses}
    status = mapped(records["status_upon_leaving"], known, otherwise=NO_INFORMATION)
    window = records["immediate_window"].to_numpy(dtype=object)
    stages = np.select(
        [window == "enrolled", window == "open", window == "end_unknown"],
        [ENROLLED, OPEN, NO_INFORMATION],
        status,
    )
    levels = ("after:" + pd.Series(stages.astype(object))).to_numpy(dtype=object)
    levels[~is_complete(records)] = INCOMPLETE
    return Division(levels, (*AFTER, INCOMPLETE))


def _sum(*parts: int | None) -> int | None:
    known = [part for part in parts if part is not None]
    return sum(known) if len(known) == len(parts) else None


def _less(whole: int | None, *parts: int | None) -> int | None:
    rest = _sum(*parts)
    return None if whole is None or rest is None else whole - rest


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
