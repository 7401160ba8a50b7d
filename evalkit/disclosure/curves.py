"""Counts over time made safe together: base grids, groups in two tiers, a hidden set.

Every curve's points lie inside the base grid of its kind of exit, and each block of each
group, of groups taken together and of everyone holds nobody or as many as the threshold: so
is whatever can be derived from several curves. The main horizon comes first: where the exits
after it are few, they are not counted apart from those who had not left by then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import numpy as np

from evalkit.disclosure.grids import Ladder, Points, binned, blocks, grid, is_good, ladder_of
from evalkit.disclosure.rule import Rule, names_tell
from evalkit.disclosure.system import Judged, Row, UnitKey
from evalkit.results import EventTable, Released
from evalkit.results.answers import OUTSIDE, Answer, Members
from evalkit.results.curves import (
    KINDS,
    REST,
    WAY,
    EventBlock,
    GroupedEvents,
)

NO_GROUP = "\0no_group"
_FEWEST_HIDDEN = 2
_OF_EVERYONE = 5.0  # what everyone's curve is worth, beside a number of its rank


@dataclass(frozen=True, slots=True, eq=False)
class Timed:
    """The persons behind one answer: group and kind of exit, by place; their days."""

    answer: Answer[EventTable]
    groups: tuple[str, ...]
    group: np.ndarray
    kind: np.ndarray
    cause: np.ndarray
    days: np.ndarray

    @property
    def chosen(self) -> np.ndarray:
        return self.group >= 0

    def rows(self, kind: int, ladder: Ladder) -> np.ndarray:
        """``(g, bins)`` exits of a kind, by group."""
        return np.array(
            [
                binned(self.days[(self.group == g) & (self.kind == kind)], ladder)
                for g in range(len(self.groups))
            ]
        )


@dataclass(frozen=True, slots=True, eq=False)
class Tiers:
    """Grids of one kind: the larger groups' and, inside it, the smaller groups'."""

    large: tuple[int, ...]
    small: tuple[int, ...]
    points: Points
    small_points: Points

    def of(self, group: int) -> Points:
        return self.points if group in self.large else self.small_points


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """What is shown of one answer.

    Attributes:
        hidden: Places of groups without a curve.
        tiers: By kind; a kind that is missing is not counted apart by group.
        ends: Up to which day exits are counted apart; ``None`` for all of them.
    """

    timed: Timed
    hidden: tuple[int, ...]
    tiers: dict[int, Tiers]
    ends: int | None = None

    @property
    def shown(self) -> tuple[int, ...]:
        if 0 not in self.tiers:
            return ()
        names = self.timed.groups
        return tuple(g for g, name in enumerate(names) if g not in self.hidden and name != NO_GROUP)


@dataclass(slots=True, eq=False)
class Curves:
    """All curves of a report: their plans, revised as the linked system withholds groups."""

    answers: Sequence[Answer[EventTable]]
    rule: Rule
    only_horizons: bool = False
    _timed: list[Timed] = field(default_factory=list)
    _base: dict[int, Points] = field(default_factory=dict)
    _plans: dict[str, Plan] = field(default_factory=dict)
    _ladder: Ladder | None = None
    _with_totals: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        if not self.answers:
            return
        found = [timed(answer) for answer in self.answers]
        everyone = max(found, key=lambda one: int(one.chosen.sum()))
        self._timed = [_with_rest(one, everyone) for one in found]
        longest = max(int(one.days[one.chosen].max(initial=0)) for one in self._timed)
        self._ladder = ladder_of(longest, self.rule.horizons, self.rule.threshold)
        if self.only_horizons:
            days = tuple(day for day in self._ladder.days if day in self.rule.horizons)
            self._ladder = replace(self._ladder, days=days)
        self._base = base_grids(self._timed, self._ladder)
        self._plans = {one.answer.id: self._planned(one, ()) for one in self._timed}

    @property
    def ladder(self) -> Ladder:
        assert self._ladder is not None
        return self._ladder

    def _planned(self, one: Timed, hidden: Sequence[int], *, with_totals: bool = False) -> Plan:
        if one.groups == ("",):
            whole = {k: one.rows(k, self.ladder).sum(axis=0, keepdims=True) for k in range(3)}
            grids = {k: grid(whole[k], self._base[k], self.ladder) for k in range(3)}
            tiers = {k: Tiers((0,), (), g, g) for k, g in grids.items() if g is not None}
            return Plan(one, (), tiers if len(tiers) == len(KINDS) else {})
        return plan(one, self._base, self.ladder, hidden=hidden, with_totals=with_totals)

    def judged(self) -> dict[str, Judged]:
        """Each answer's rows of the linked system."""
        return {name: judged_curve(own, self.ladder) for name, own in self._plans.items()}

    def revise(self, withheld: Mapping[str, Mapping[UnitKey, str]]) -> bool:
        """Hide the groups that the system withholds; whether any plan changed.

        Groups whose exits are not counted apart to the end are tried with all exits first, on
        the days that then are left: others may print how many left in all.
        """
        changed = False
        for one in self._timed:
            own = self._plans[one.answer.id]
            gone = {one.groups.index(key[0]) for key in withheld.get(one.answer.id, {})}
            if gone and own.ends is not None:
                self._with_totals.add(one.answer.id)
                again = self._planned(one, (), with_totals=True)
                self._plans[one.answer.id] = again
                changed = True
            elif gone:
                hidden = sorted({*own.hidden, *gone})
                with_totals = one.answer.id in self._with_totals
                self._plans[one.answer.id] = self._planned(one, hidden, with_totals=with_totals)
                if one.groups == ("",):
                    self._plans[one.answer.id] = Plan(one, (0,), {})
                changed = True
        if not self._plans:
            return False
        everyone = max(self._plans.values(), key=lambda own: int(own.timed.chosen.sum()))
        if everyone.timed.groups == ("",) and not everyone.tiers:
            self.hide()
        return changed

    def hide(self) -> None:
        """Without everyone's curve there is none by group."""
        for name, own in self._plans.items():
            if own.timed.groups != ("",):
                self._plans[name] = Plan(own.timed, tuple(range(len(own.timed.groups))), {})

    def released(self, notes: tuple[str, ...]) -> dict[str, Released[Any]]:
        """Blocks of every answer; groups without a curve count as withheld."""
        found: dict[str, Released[Any]] = {}
        for name, own in self._plans.items():
            events = grouped_events(own, self._base, self.ladder, single=not self.only_horizons)
            hidden = len(events.hidden)
            sizes = np.bincount(own.timed.group[own.timed.chosen]).tolist()
            if names_tell(sizes, self.rule):
                events = replace(events, hidden=())
            found[name] = Released(events, hidden, self.rule.name, notes=notes)
        return found


def _with_rest(one: Timed, everyone: Timed) -> Timed:
    """Whoever has a day but no group is a group, too, that is never shown."""
    rest = everyone.chosen & ~one.chosen
    if one.groups == ("",) or not rest.any():
        return one
    group = np.where(rest, len(one.groups), one.group)
    kind = np.where(rest, everyone.kind, one.kind)
    return replace(one, groups=(*one.groups, NO_GROUP), group=group, kind=kind)


def timed(answer: Answer[EventTable]) -> Timed:
    """The persons behind an answer of counts over time."""
    (members,) = answer.members
    if members.days is None:
        raise TypeError(f"{answer.id}: counts over time need the days")
    causes = answer.result.causes
    groups = tuple(dict.fromkeys(key[0] for key in members.keys))
    of_key = {name: i for i, name in enumerate(causes)}
    inside = np.maximum(members.cells, 0)
    group = np.array([groups.index(key[0]) for key in members.keys])[inside]
    cause = np.array([of_key.get(key[-1], len(causes)) for key in members.keys])[inside]
    kind = np.where(cause == 0, 0, np.where(cause == len(causes), 2, 1))
    outside = members.cells < 0
    group, kind = (np.where(outside, OUTSIDE, column) for column in (group, kind))
    return Timed(answer, groups, group, kind, cause, members.days)


def base_grids(curves: Sequence[Timed], ladder: Ladder) -> dict[int, Points]:
    """One grid for each kind of exit, of everyone that any curve is of."""
    everyone = max(curves, key=lambda one: int(one.chosen.sum()))
    found = {}
    for kind in range(len(KINDS)):
        rows = everyone.rows(kind, ladder).sum(axis=0, keepdims=True)
        found[kind] = grid(rows, ladder.days, ladder) or ()
    return found


def plan(
    one: Timed,
    base: dict[int, Points],
    ladder: Ladder,
    *,
    hidden: Sequence[int] = (),
    with_totals: bool = False,
) -> Plan:
    """The most that can be shown of an answer by group, ``hidden`` groups not among it.

    ``with_totals``: only what counts all exits, on whatever days that leaves.
    """
    main = ladder.horizons[0] if ladder.horizons else None
    later = sorted((day for day in ladder.horizons if day != main), reverse=True)
    tries: list[tuple[int | None, int | None]] = [(None, main)] if main is not None else []
    tries += [(day, day) for day in (main, *later) if day is not None]
    for ends, must in [*([] if with_totals else tries), (None, None)]:
        for kinds in ((0, 1, 2),) if ends is None else ((0, 1, 2), (0, 1), (0, 2)):
            found = _plan(one, base, ladder, ends, must, kinds, hidden)
            if found is not None and found.shown:
                return found
    return Plan(one, tuple(range(len(one.groups))), {})


def _plan(
    one: Timed,
    base: dict[int, Points],
    ladder: Ladder,
    ends: int | None,
    must: int | None,
    kinds: tuple[int, ...],
    hidden: Sequence[int],
) -> Plan | None:
    if must is not None and must not in base[0]:
        return None
    if ends is not None and any(ends not in base[kind] for kind in kinds):
        return None
    rows = {kind: _cut(one.rows(kind, ladder), ends, ladder) for kind in kinds}
    sizes = np.array([(one.group == g).sum() for g in range(len(one.groups))])
    rest = sizes - sum(rows[kind].sum(axis=1) for kind in kinds)
    totals = np.array([*(rows[kind].sum(axis=1) for kind in kinds), rest, sizes])
    gone = _hidden(totals, sizes, hidden, ladder.threshold)
    if len(gone) == len(sizes):
        return None
    order = [int(g) for g in np.argsort(sizes, kind="stable") if g not in gone]
    tiers = {}
    for kind in kinds:
        within = [day for day in base[kind] if ends is None or day <= ends]
        needed = must if kind == 0 else ends
        best = _tiers(rows[kind], within, order, gone, ladder, needed)
        if best is None:
            return None
        tiers[kind] = best
    return Plan(one, gone, tiers, ends)


def _cut(rows: np.ndarray, ends: int | None, ladder: Ladder) -> np.ndarray:
    """Nobody after the day."""
    if ends is None:
        return rows
    kept = rows.copy()
    kept[:, int(np.searchsorted(ladder.days, ends)) + 1 :] = 0
    return kept


def _hidden(
    totals: np.ndarray, sizes: np.ndarray, hidden: Sequence[int], threshold: int
) -> tuple[int, ...]:
    """Groups with a total of few, and so many more that together they have none of few."""
    few = ((totals > 0) & (totals < threshold)).any(axis=0) | (sizes < threshold)
    few[list(hidden)] = True
    order = [int(g) for g in np.argsort(sizes, kind="stable")]
    gone = [g for g in order if few[g]]
    rest = [g for g in order if not few[g]]
    while gone and rest:
        pool = totals[:, gone].sum(axis=1)
        if len(gone) >= _FEWEST_HIDDEN and is_good(pool, threshold):
            break
        gone.append(rest.pop(0))
    return tuple(sorted(gone))


def _tiers(
    rows: np.ndarray,
    within: Sequence[int],
    order: Sequence[int],
    hidden: Sequence[int],
    ladder: Ladder,
    must: int | None,
) -> Tiers | None:
    """The split into larger and smaller groups with the most horizons, then points."""
    best: tuple[tuple[int, ...], Tiers] | None = None
    fewest = 1 if hidden else _FEWEST_HIDDEN
    for m in (0, *range(fewest, len(order) + 1)):
        small, large = tuple(order[:m]), tuple(order[m:])
        rest = [*small, *hidden]
        upper = [*(rows[g] for g in large), *([rows[rest].sum(axis=0)] if rest else [])]
        points = grid(np.array(upper), within, ladder, must=must)
        if points is None:
            continue
        small_points: Points | None = points
        if small:
            lower = [*(rows[g] for g in small), *([rows[list(hidden)].sum(0)] if hidden else [])]
            small_points = grid(np.array(lower), points, ladder, must=must)
        if small_points is None:
            continue
        worth = [ladder.value(points)] * len(large) + [ladder.value(small_points)] * len(small)
        score = tuple(int(part) for part in np.sum(worth, axis=0))
        if best is None or score > best[0]:
            best = (score, Tiers(large, small, points, small_points))
    return best[1] if best else None


def judged_curve(own: Plan, ladder: Ladder) -> Judged:
    """Exits by group and kind, and between horizons, as rows of the linked system, one per group.

    Those who have no curve are one group of the table: everyone's exits less what is shown.
    """
    one, shown = own.timed, own.shown
    names = [one.groups[g] if g in shown else NO_GROUP for g in range(len(one.groups))]
    if not shown:
        return Judged(one.answer.id, one.answer.rank, (), ())
    kinds = [KINDS[kind] for kind in own.tiers] + [REST] * (own.ends is not None)
    keys = tuple((name, kind) for name in dict.fromkeys(names) for kind in kinds)
    cells, split = (np.full(len(one.group), OUTSIDE) for _ in range(2))
    days: list[tuple[str, ...]] = []
    for g, name in enumerate(names):
        within = one.group == g
        if own.ends is not None:
            cells[within] = keys.index((name, REST))
            within &= one.days <= own.ends
        for kind, tiers in own.tiers.items():
            inside = within & (one.kind == kind)
            cells[inside] = keys.index((name, KINDS[kind]))
            points = [day for day in tiers.of(g) if day in ladder.horizons]
            if g not in shown or len(points) + (own.ends is None) < 2:
                continue
            limits = [0, *points, *(["end"] if own.ends is None else [])]
            split[inside] = np.searchsorted(points, one.days[inside], side="left") + len(days)
            days += [(name, KINDS[kind], f"{a}-{b}") for a, b in pairwise(limits)]
    members = [Members(cells=cells, keys=keys, population=one.answer.members[0].population)]
    members += [replace(members[0], cells=split, keys=tuple(days))] if days else []
    weight = _OF_EVERYONE if one.groups == ("",) else 1.0
    rows = []
    for name in (one.groups[g] for g in shown):
        sets = [
            (m, frozenset({i}))
            for m, of_members in enumerate(members)
            for i, key in enumerate(of_members.keys)
            if key[0] in (name, NO_GROUP)
        ]
        sets.append((0, frozenset(i for i, key in enumerate(keys) if key[0] == name)))
        rows.append(Row((name,), tuple(sets), weight=weight))
    return Judged(one.answer.id, one.answer.rank, tuple(members), tuple(rows))


def grouped_events(
    own: Plan, base: dict[int, Points], ladder: Ladder, *, single: bool = True
) -> GroupedEvents:
    """What is released: counts of persons in blocks; ``single``: of single other causes, too."""
    one = own.timed
    shown = own.shown
    whole = [one.rows(kind, ladder).sum(axis=0, keepdims=True) for kind in range(len(KINDS))]
    everyone = {kind: grid(whole[kind], base[kind], ladder) for kind in range(len(KINDS))}
    found: list[EventBlock] = []
    points: dict[tuple[str, str], Points] = {}
    is_all = one.groups == ("",)
    known = all(own_points is not None for own_points in everyone.values())
    for kind, own_points in everyone.items():
        if own_points is not None:
            found += _blocks((), KINDS[kind], own_points, whole[kind][0], ladder)
    outcome = one.answer.result.causes[0]
    if not shown:
        found = []
    elif is_all:
        points["", outcome] = (everyone[0] or ()) if known else ()
        found += _other_causes(one, everyone[1], ladder, points) if single else ()
    else:
        found += _of_groups(own, ladder)
        points |= {(one.groups[g], outcome): own.tiers[0].of(g) for g in shown}
    sizes = {one.groups[g]: int((one.group == g).sum()) for g in shown}
    return GroupedEvents(
        groups=tuple(one.groups[g] for g in shown),
        hidden=tuple(g for i, g in enumerate(one.groups) if i not in shown and g != NO_GROUP),
        causes=one.answer.result.causes,
        blocks=tuple(found),
        points=points,
        persons={**sizes, "": int(one.chosen.sum())},
        horizons=ladder.horizons,
        ends=float("inf") if own.ends is None else float(own.ends),
    )


def _blocks(
    groups: Sequence[str],
    kind: str,
    points: Sequence[int],
    row: np.ndarray,
    ladder: Ladder,
    ends: int | None = None,
) -> Iterator[EventBlock]:
    counts = blocks(row[None], tuple(points), ladder)[0]
    limits = [0.0, *map(float, points), float("inf")]
    for i in range(len(points) + (ends is None)):
        yield EventBlock(
            groups=tuple(groups), kind=kind, start=limits[i], end=limits[i + 1], n=int(counts[i])
        )


def _of_groups(own: Plan, ladder: Ladder) -> Iterator[EventBlock]:
    one = own.timed
    names = one.groups
    for kind, tiers in own.tiers.items():
        rows = _cut(one.rows(kind, ladder), own.ends, ladder)
        pools = (
            (tiers.small + own.hidden if tiers.small else (), tiers.points),
            (own.hidden, tiers.small_points),
        )
        for g in own.shown:
            yield from _blocks((names[g],), KINDS[kind], tiers.of(g), rows[g], ladder, own.ends)
        for pool, points in pools:
            if pool:
                of_pool = rows[list(pool)].sum(axis=0)
                pooled = [names[g] for g in pool]
                yield from _blocks(pooled, KINDS[kind], points, of_pool, ladder, own.ends)
    for group in (*((g,) for g in own.shown), own.hidden) if own.ends is not None else ():
        if group:
            inside = np.isin(one.group, group)
            counted = np.zeros(len(inside), dtype=bool)
            for kind in own.tiers:
                counted |= inside & (one.kind == kind) & (one.days <= own.ends)
            yield EventBlock(
                groups=tuple(names[g] for g in group),
                kind=REST,
                start=0.0,
                end=float("inf"),
                n=int((inside & ~counted).sum()),
            )


def _other_causes(
    one: Timed, within: Points | None, ladder: Ladder, points: dict[tuple[str, str], Points]
) -> Iterator[EventBlock]:
    """Single other ways to leave, for everyone: rows below all of them together."""
    causes = one.answer.result.causes
    if within is None or len(causes) <= 2:
        if len(causes) == 2:
            points["", causes[1]] = within or ()
        return
    rows = np.array([binned(one.days[(one.cause == c) & (one.kind == 1)], ladder)
                     for c in range(1, len(causes))])  # fmt: skip
    totals = rows.sum(axis=1)
    gone = _hidden(totals[None], np.maximum(totals, ladder.threshold), (), ladder.threshold)
    order = [int(c) for c in np.argsort(totals, kind="stable") if c not in gone]
    tiers = _tiers(rows, within, order, gone, ladder, None) if order else None
    for c in order if tiers else ():
        assert tiers is not None
        points["", causes[c + 1]] = tiers.of(c)
        yield from _blocks((), WAY + causes[c + 1], tiers.of(c), rows[c], ladder)
