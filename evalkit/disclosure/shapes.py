"""The shapes of results: which rows they print, of which persons, and how one is withheld."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from evalkit.disclosure.alone import (
    any_small,
    as_withheld,
    is_dominated,
    reason_of_regression,
    reason_to_withhold,
    released_regression,
)
from evalkit.disclosure.comparisons import (
    balance_refusals,
    balance_rows,
    difference_rows,
    flow_refusals,
    flow_rows,
    masked_balance,
    masked_differences,
    masked_flow,
    masked_overlap,
    masked_states,
    overlap_rows,
    state_refusals,
    state_rows,
)
from evalkit.disclosure.flow import withheld_steps
from evalkit.disclosure.rule import Rule, names_tell
from evalkit.disclosure.system import WHOLE, Judged, Row, UnitKey
from evalkit.disclosure.tables import levels_tell, masked_table, table_rows, tables_of
from evalkit.results import (
    AdjustedComparison,
    AdjustedVerdict,
    Balance,
    BeforeAfter,
    BoundedShare,
    CohortsCompared,
    CountTable,
    DaysRange,
    EquityGaps,
    Estimate,
    EValue,
    FlowStep,
    FollowUpBounds,
    GroupFlow,
    LeadChange,
    NotComputed,
    NotEstimable,
    Overlap,
    Regression,
    StateCurves,
    SustainedWork,
    TargetVerdict,
    TestResult,
    TippingPoint,
    Withheld,
)
from evalkit.results.answers import WITH, Answer, Members

COUNTS: UnitKey = ("counts",)  # how many a regression rests on
# Dimensions that are special categories of personal data, or near to them, by nature.
SENSITIVE_DIMENSIONS = frozenset(
    {"disability", "background", "foreign_background", "minority", "homeless", "health"}
)
# Shapes with rows of their own: which they are, and the result without some.
_OWN_ROWS: dict[type, tuple[Callable[..., tuple[Row, ...]], Callable[..., Any]]] = {
    AdjustedComparison: (difference_rows, masked_differences),
    Balance: (balance_rows, masked_balance),
    GroupFlow: (flow_rows, masked_flow),
    Overlap: (overlap_rows, masked_overlap),
    StateCurves: (state_rows, masked_states),
}


def judged(answer: Answer[Any], rule: Rule) -> Judged:
    """The answer's rows, and which of them may not be printed whatever stands beside them.

    Raises:
        TypeError: For a shape that is not known: the door stays shut.
    """
    result = answer.result
    if type(result) in _OWN_ROWS:
        rows = _OWN_ROWS[type(result)][0](answer)
    elif tables_of(result):
        rows = table_rows(answer, rule)
    elif _is_steps(result):
        rows = ()  # of the file; a step that counts a few persons is withheld by itself
    elif _is_rows(result):
        rows = tuple(_row_of_group(answer, i, row) for i, row in enumerate(result))
    else:
        sets = all_sets(answer.members)
        key = COUNTS if isinstance(result, Regression) else WHOLE
        rows = (Row(key, sets, main=_main(answer.members, sets), mean=_mean(result)),)
    refused = frozenset(key for key, reason in refusals(answer, rule).items() if reason)
    return Judged(answer.id, answer.rank, answer.members, rows, refused, _sensitive(answer, rule))


def _row_of_group(answer: Answer[Any], i: int, row: Any) -> Row:
    """A row of shares or means; of nobody it would say so, and withheld it is of somebody."""
    sets = _sets_of_group(answer.members, i, row.group, len(answer.result))
    somebody = int(isinstance(row, Estimate | NotEstimable) and row.n > 0)
    widest: dict[int, int] = {}
    for m, keys in sets:
        widest[m] = max(widest.get(m, 0), len(keys))
    lowest = tuple(somebody * (len(keys) == widest[m]) for m, keys in sets)
    return Row((str(i), row.group), sets, lowest, mean=_mean(row))


def _mean(result: Any) -> str:
    """What a result is the mean of; empty for what is none: a mean has one count behind it."""
    return result.measure if isinstance(result, Estimate) and len(result.cells) == 1 else ""


def refusals(answer: Answer[Any], rule: Rule) -> dict[UnitKey, str]:
    """Row → why it may not be printed, judged by itself; empty when it may."""
    result = answer.result
    tables = tables_of(result)
    if tables:
        return {
            (str(t), str(i)): "small_count"
            for t, table in enumerate(tables)
            if levels_tell(table, rule)
            for i in range(len(table.counts))
        }
    if isinstance(result, Balance):
        return balance_refusals(result, rule)
    if isinstance(result, GroupFlow):
        return flow_refusals(result, rule)
    if isinstance(result, StateCurves):
        return state_refusals(result, rule)
    if isinstance(result, Overlap):
        return {}
    if _is_steps(result):
        return {(str(i), ""): why for i, why in withheld_steps(result, rule).items()}
    if _is_rows(result):
        untold = _rows_tell(result, rule)
        return {
            (str(i), row.group): "small_count"
            if untold and row.group
            else _reason(row, answer.members, rule)
            for i, row in enumerate(result)
        }
    reason = _reason(result, answer.members, rule)
    return {WHOLE: reason, COUNTS: reason} if isinstance(result, Regression) else {WHOLE: reason}


def masked(answer: Answer[Any], withheld: dict[UnitKey, str], rule: Rule) -> tuple[Any, int]:
    """The result without the rows that are withheld, each with its reason; and their number."""
    result = answer.result
    if type(result) in _OWN_ROWS:
        return _OWN_ROWS[type(result)][1](result, withheld, answer), len(withheld)
    if isinstance(result, Regression):
        if WHOLE in withheld:
            return Withheld(measure=result.model, reason=withheld[WHOLE]), 1
        return released_regression(result, rule, with_counts=COUNTS not in withheld)
    tables = tables_of(result)
    if tables:
        shown = tuple(masked_table(t, table, withheld, rule) for t, table in enumerate(tables))
        return (shown[0] if isinstance(result, CountTable) else shown), len(withheld)
    if _is_steps(result):
        steps = tuple(
            _whole_withheld(row, withheld[key]) if (key := (str(i), "")) in withheld else row
            for i, row in enumerate(result)
        )
        return steps, sum(isinstance(row, Withheld) for row in steps)
    if _is_rows(result):
        rows = tuple(
            as_withheld(row, withheld[key]) if (key := (str(i), row.group)) in withheld else row
            for i, row in enumerate(result)
            if not (row.group and _rows_tell(result, rule))
        )
        hidden = len(result) - len(rows) + sum(isinstance(row, Withheld) for row in rows)
        return rows, hidden
    if WHOLE in withheld:
        return _whole_withheld(result, withheld[WHOLE]), 1
    return result, int(isinstance(result, Withheld))


def _is_rows(result: Any) -> bool:
    return isinstance(result, list | tuple) and all(
        isinstance(row, Estimate | NotEstimable | Withheld) for row in result
    )


def _is_steps(result: Any) -> bool:
    return (
        isinstance(result, list | tuple)
        and bool(result)
        and all(isinstance(row, FlowStep | Withheld) for row in result)
    )


def _rows_tell(rows: Sequence[Any], rule: Rule) -> bool:
    """Whether the groups' names tell that each has few."""
    return names_tell([getattr(row, "n", 0) for row in rows if row.group], rule)


def _sets_of_group(
    members: Sequence[Members], position: int, group: str, n_rows: int
) -> tuple[tuple[int, frozenset[int]], ...]:
    """A row's own partition if each row has one, else the group's part of those that have it."""
    own_partition = len(members) == n_rows > 1
    chosen = [position] if own_partition else range(len(members))
    places = {
        m: frozenset(i for i, key in enumerate(members[m].keys) if key[:1] == (group,))
        for m in chosen
    }
    if not any(places.values()):
        places = {m: frozenset(range(len(members[m].keys))) for m in chosen}
    return tuple(
        one for m, own in places.items() if own for one in _parts_and_whole(m, members[m], own)
    )


def _main(members: Sequence[Members], sets: Sequence[tuple[int, frozenset[int]]]) -> int:
    """The set of those with the outcome."""
    for i, (m, keys) in enumerate(sets):
        if all(members[m].keys[k][-1:] == (WITH,) for k in keys):
            return i
    return -1


def all_sets(members: Sequence[Members]) -> tuple[tuple[int, frozenset[int]], ...]:
    """Every cell, every group and all together."""
    found: dict[tuple[int, frozenset[int]], None] = {}
    for m, one in enumerate(members):
        everyone = frozenset(range(len(one.keys)))
        for level in dict.fromkeys(key[:1] for key in one.keys):
            own = frozenset(i for i, key in enumerate(one.keys) if key[:1] == level)
            found |= dict.fromkeys((m, frozenset({i})) for i in sorted(own))
            found[m, own] = None
        found |= dict.fromkeys(_parts_and_whole(m, one, everyone))
    return tuple(found)


def _parts_and_whole(
    position: int, members: Members, own: frozenset[int]
) -> list[tuple[int, frozenset[int]]]:
    """Those of a set by the last word of their key – with and without – and together."""
    parts: dict[tuple[str, ...], set[int]] = {}
    for i in sorted(own):
        parts.setdefault(members.keys[i][-1:], set()).add(i)
    sets = [(position, frozenset(part)) for part in parts.values()]
    return sets if len(sets) == 1 else [*sets, (position, own)]


def _reason(result: Any, members: Sequence[Members], rule: Rule) -> str:
    """Why a result may not be printed, judged by itself; empty when it may."""
    if isinstance(result, Withheld):
        return result.reason
    if isinstance(result, NotEstimable):
        return "small_count" if 0 < result.n < rule.threshold else ""
    if isinstance(result, NotComputed):
        return ""
    if isinstance(result, Regression):
        return reason_of_regression(result, rule)
    counts, parts = _parts(result)
    if any_small(counts, rule):
        return "small_count"
    reasons = (reason_to_withhold(part, rule) for part in parts)
    return next(filter(None, reasons), "") or _reason_of_money(result, members, rule)


def _parts(result: Any) -> tuple[Sequence[int], Sequence[Estimate]]:
    """Counts and estimates that give each other away."""
    if type(result) not in _PARTS:
        raise TypeError(f"no disclosure rule for {type(result).__name__}")
    return _PARTS[type(result)](result)


_PARTS: dict[type, Callable[[Any], tuple[Sequence[int], Sequence[Estimate]]]] = {
    Estimate: lambda one: ((), (one,)),
    TargetVerdict: lambda one: ((), (one.estimate,)),
    BeforeAfter: lambda one: ((), (one.before, one.after, one.difference)),
    LeadChange: lambda one: ((), (one.before.share, one.after.share, one.change)),
    FollowUpBounds: lambda one: ((), one.parts),
    TippingPoint: lambda one: (one.cells, (one.followed_up,)),
    AdjustedVerdict: lambda one: (
        (one.left_out, *one.reference_cells),
        (one.observed, one.ratio, one.adjusted),
    ),
    TestResult: lambda one: (one.cells, ()),
    BoundedShare: lambda one: ((one.n - one.known,), (one.of_known,)),
    SustainedWork: lambda one: (one.counts, ()),
    CohortsCompared: lambda one: (one.counts, one.parts),
    EquityGaps: lambda one: (one.counts, one.parts),
    DaysRange: lambda one: ((one.n,), ()),
    AdjustedComparison: lambda one: (one.cells, one.shares),
    EValue: lambda one: ((), (one.ratio,)),
    FlowStep: lambda one: ((one.count,) if one.unit == "persons" else (), ()),
}


def _reason_of_money(result: Any, members: Sequence[Members], rule: Rule) -> str:
    for one in members if isinstance(result, Estimate) else ():
        if one.amounts is not None:
            amounts = np.asarray(one.amounts, dtype=float)[one.cells >= 0].tolist()
            if 0 < len(amounts) < rule.threshold:
                return "small_count"
            if is_dominated(amounts, rule):
                return "dominated"
    return ""


def _whole_withheld(result: Any, reason: str) -> Withheld:
    match result:
        case Estimate() | NotEstimable() | Withheld():
            return as_withheld(result, reason)
        case TestResult():
            return Withheld(measure=result.name, reason=reason)
        case FlowStep():
            return Withheld(measure=result.step, reason=reason)
        case EValue():
            return Withheld(measure="e_value", reason=reason)
        case NotComputed():
            measure, group = (result.facts.get(fact, "") for fact in ("measure", "group"))
            return Withheld(measure=measure or "share", reason=reason, group=group)
        case SustainedWork() | DaysRange():
            return Withheld(measure="days_in_state", reason=reason)
        case _:
            parts = _parts(result)[1]
            own = parts[0] if parts else Withheld(measure="share", reason=reason)
            return as_withheld(own, reason)


def _sensitive(answer: Answer[Any], rule: Rule) -> bool:
    names: set[str] = set()
    for table in tables_of(answer.result):
        names |= {*table.dimensions, table.measure}
    rows = answer.result if _is_rows(answer.result) else _parts_or_none(answer.result)
    names |= {row.measure for row in rows}
    return bool(names & (rule.sensitive | SENSITIVE_DIMENSIONS))


def _parts_or_none(result: Any) -> Sequence[Estimate]:
    known = TargetVerdict | BeforeAfter | Estimate
    return _parts(result)[1] if isinstance(result, known) else ()
