"""Two groups compared, and states over time: which rows they print, of whose persons.

Every number of persons is a row of the linked system: those left out are what remains of
everyone, and an exact number beside it would tell how few they are. Where the system
withholds a row nothing of it is shown; no number is altered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from evalkit.disclosure.alone import PROTECTED
from evalkit.disclosure.rule import Rule, is_small
from evalkit.disclosure.system import WHOLE, Row, UnitKey
from evalkit.results import (
    AdjustedComparison,
    Balance,
    BalanceRow,
    Estimate,
    GroupFlow,
    GroupStep,
    Overlap,
    StateCurves,
    Withheld,
    WithheldBalance,
)
from evalkit.results.answers import WITH, Answer, Members

ARMS = ("treated", "control")
PAIRS: UnitKey = ("pairs",)
OUTSIDE_ROW: UnitKey = ("outside",)
_SHARE_CELLS = 4
_FEWEST_NAMED = 10
Reasons = Mapping[UnitKey, str]


def _everyone(members: Members) -> frozenset[int]:
    return frozenset(range(len(members.keys)))


def _both(answer: Answer[Any]) -> tuple[tuple[int, frozenset[int]], ...]:
    """Those compared of both groups, who stand in the first two partitions."""
    return tuple((arm, _everyone(answer.members[arm])) for arm in range(len(ARMS)))


def difference_rows(answer: Answer[AdjustedComparison]) -> tuple[Row, ...]:
    """The differences with the counts they rest on; and how many found a partner."""
    parts = tuple((arm, frozenset({k})) for arm in range(len(ARMS)) for k in (0, 1))
    main = next(k for k, key in enumerate(answer.members[0].keys) if key[-1] == WITH)
    pairs = tuple((2, frozenset({k})) for k in (0, 1))
    return Row(WHOLE, (*parts, *_both(answer)), main=main), Row(PAIRS, pairs)


def masked_differences(
    result: AdjustedComparison, gone: Reasons, _: Answer[Any]
) -> AdjustedComparison | Withheld:
    """Without the counts that only the door needs, and the pairs where few found none."""
    if WHOLE in gone:
        return Withheld(measure=result.main, reason=gone[WHOLE])
    return replace(
        result,
        differences=tuple(
            replace(row, cells=()) if isinstance(row, Estimate) else row
            for row in result.differences
        ),
        n_pairs=0 if PAIRS in gone else result.n_pairs,
    )


def flow_rows(answer: Answer[GroupFlow]) -> tuple[Row, ...]:
    """Each step of each group; a step is there because somebody of either is."""
    steps, rows = answer.result.steps, []
    for arm, name in enumerate(ARMS):
        members = answer.members[arm]
        for i, step in enumerate(steps):
            own = frozenset(k for k, key in enumerate(members.keys) if key == (step.step,))
            other = step.control if arm == 0 else step.treated
            sets = ((arm, own or _everyone(members)),)
            rows.append(Row((str(i), name), sets, (int(not other),)))
    return tuple(rows)


def flow_refusals(result: GroupFlow, rule: Rule) -> dict[UnitKey, str]:
    """Also where everyone knows how many they are, few are not counted."""
    return {
        (str(i), name): "small_count"
        for i, step in enumerate(result.steps)
        for name, count in zip(ARMS, (step.treated, step.control), strict=True)
        if count is not None and is_small(count, rule)
    }


def masked_flow(result: GroupFlow, gone: Reasons, _: Answer[Any]) -> GroupFlow:
    return GroupFlow(
        steps=tuple(
            GroupStep(
                step=step.step,
                treated=None if (str(i), ARMS[0]) in gone else step.treated,
                control=None if (str(i), ARMS[1]) in gone else step.control,
            )
            for i, step in enumerate(result.steps)
        )
    )


def balance_rows(answer: Answer[Balance]) -> tuple[Row, ...]:
    """Those with a level and those without, in both groups: a difference tells all four."""
    rows = [Row(WHOLE, _both(answer))]
    columns = list(dict.fromkeys(row.column for row in answer.result.rows))
    for i, row in enumerate(answer.result.rows):
        sets: list[tuple[int, frozenset[int]]] = []
        for arm in range(len(ARMS)):
            place = len(ARMS) * (1 + columns.index(row.column)) + arm
            every = _everyone(answer.members[place])
            keys = answer.members[place].keys
            own = frozenset(k for k in every if keys[k] == (row.level,)) if row.level else every
            sets += [(place, part) for part in (own, every - own, every) if part]
        rows.append(Row((str(i),), tuple(dict.fromkeys(sets))))
    return tuple(rows)


def balance_refusals(result: Balance, rule: Rule) -> dict[UnitKey, str]:
    """Few persons, and all or none with a level that is sensitive."""
    found: dict[UnitKey, str] = {}
    for i, row in enumerate(result.rows):
        if isinstance(row, WithheldBalance):
            found[str(i),] = row.reason
        elif any(is_small(count, rule) for count in row.cells):
            found[str(i),] = "small_count"
        elif len(row.cells) != _SHARE_CELLS and min(row.cells) < rule.smallest_group:
            found[str(i),] = "small_group"
        elif len(row.cells) == _SHARE_CELLS and row.column in rule.sensitive and 0 in row.cells:
            found[str(i),] = "uniform_group"
    return found


def masked_balance(result: Balance, gone: Reasons, _: Answer[Any]) -> Balance | Withheld:
    if WHOLE in gone:
        return Withheld(measure="share", reason=gone[WHOLE])
    return replace(
        result,
        rows=tuple(
            WithheldBalance(column=row.column, level=row.level, reason=gone[str(i),])
            if (str(i),) in gone
            else replace(row, cells=())
            if isinstance(row, BalanceRow)
            else row
            for i, row in enumerate(result.rows)
            if (str(i),) not in gone or not _is_rare(row)
        ),
    )


def _is_rare(row: BalanceRow | WithheldBalance) -> bool:
    """Whether so few of both groups have the level that its very name may point at them."""
    if not isinstance(row, BalanceRow) or not row.level:
        return False
    return row.cells[0] + row.cells[2] < _FEWEST_NAMED


def overlap_rows(answer: Answer[Overlap]) -> tuple[Row, ...]:
    """Each class of the propensity, and the participants who have nobody like them."""
    rows = [Row(WHOLE, _both(answer))]
    for arm, name in enumerate(ARMS):
        keys = range(len(answer.members[arm].keys))
        rows += [Row((str(k), name), ((arm, frozenset({k})),)) for k in keys]
    parts = tuple((2, part) for part in (frozenset({0}), frozenset({1}), frozenset({0, 1})))
    return (*rows, Row(OUTSIDE_ROW, parts))


def masked_overlap(result: Overlap, gone: Reasons, _: Answer[Any]) -> Overlap | Withheld:
    """Nothing of one person's own: the largest weight, and what follows of whole numbers."""
    if WHOLE in gone:
        return Withheld(measure="share", reason=gone[WHOLE])

    def shown(counts: tuple[int | None, ...], name: str) -> tuple[int | None, ...]:
        return tuple(None if (str(k), name) in gone else n for k, n in enumerate(counts))

    return replace(
        result,
        treated=shown(result.treated, ARMS[0]),
        control=shown(result.control, ARMS[1]),
        outside=None if OUTSIDE_ROW in gone else result.outside,
        effective_treated=_in_tens(result.effective_treated, result.n_treated),
        effective_control=_in_tens(result.effective_control, result.n_control),
        largest_weight=None,
    )


def _in_tens(effective: float, n: int) -> float:
    """An effective number is a function of every weight; with weights of one it is all."""
    return float(n if round(effective) >= n else min(round(effective, -1), n))


def state_rows(answer: Answer[StateCurves]) -> tuple[Row, ...]:
    """Each day: the persons in each state, and all who were followed to it."""
    return tuple(
        Row((str(i),), tuple((i, part) for part in (*_singly(own), _everyone(own))))
        for i, own in enumerate(answer.members)
    )


def _singly(members: Members) -> list[frozenset[int]]:
    return [frozenset({k}) for k in range(len(members.keys))]


def state_refusals(result: StateCurves, rule: Rule) -> dict[UnitKey, str]:
    return {
        (str(i),): "small_group"
        for i, followed in enumerate(result.followed)
        if followed < rule.smallest_group
    }


def masked_states(
    result: StateCurves, gone: Reasons, answer: Answer[Any]
) -> StateCurves | Withheld:
    """The days whose counts stand, each share that of the persons counted on the day."""
    kept = [i for i in range(len(result.days)) if (str(i),) not in gone]
    if len(kept) < 2:  # a single day is no curve
        return Withheld(measure="state_share", reason=next(iter(gone.values()), PROTECTED))
    counts = np.array([answer.members[i].counts for i in kept])
    followed, days = counts.sum(axis=1), result.days[kept]
    shares = counts / followed[:, None]
    last = float(min(result.horizon, days[-1]))
    # Before the first day that stands its shares are taken to hold.
    limits = np.minimum([0.0, *days[1:], np.inf], last)
    return replace(
        result,
        days=days,
        shares=shares,
        standard_errors=np.sqrt(shares * (1 - shares) / followed[:, None]),
        followed=followed,
        last_day=int(days[-1]),
        n=int(followed[0]),
        horizon=last,
        mean_days=np.diff(limits) @ shares,
        mean_days_errors=np.zeros(shares.shape[1]),
    )
