"""The one door: everything a project will print, judged together.

Tables come first, then every other answer in the order of its rank: what another figure has
disclosed already is not printed beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from evalkit.disclosure.counts import is_small
from evalkit.disclosure.curves import protect_events
from evalkit.disclosure.door import release, release_beside
from evalkit.disclosure.estimates import release_rows
from evalkit.disclosure.money import release_amount
from evalkit.disclosure.rule import Rule
from evalkit.disclosure.selections import ToldGroups, selections_to_withhold, told_by_share
from evalkit.results import (
    Answer,
    Ask,
    BeforeAfter,
    CannotBeComputed,
    CountTable,
    Derived,
    Estimate,
    EstimateRow,
    EventTable,
    Late,
    Members,
    NotComputed,
    PublicAnswer,
    Released,
    Withheld,
)
from evalkit.results.answers import UNKNOWN, WITH, Key

Store = Mapping[str, Released[Any]]
LINKED = 4  # rank of tables that add up by themselves
TOTAL = "total"


def release_all(asks: Sequence[Ask], rule: Rule) -> Store:
    """Every answer as it may be published, by its id.

    Args:
        asks: Answers of persons with their members, answers of nobody, and what is derived
            from released answers. The first with an id counts.
        rule: The project's disclosure profile.

    Raises:
        TypeError: For a result whose shape the door does not know: it stays shut.
        KeyError: For a derived answer of an answer that was not asked.
    """
    by_id: dict[str, Ask] = {}
    for ask in asks:
        by_id.setdefault(ask.id, ask)
    answers = [ask for ask in by_id.values() if isinstance(ask, Answer)]
    released: dict[str, Released[Any]] = {
        ask.id: Released(ask.result, 0, rule.name)
        for ask in by_id.values()
        if isinstance(ask, PublicAnswer)
    }
    tables = [one for one in answers if _are_tables(one.result) and one.rank < LINKED]
    linked = [one for one in answers if _are_tables(one.result) and one.rank >= LINKED]
    for answer in tables:
        released[answer.id] = release(answer.result, rule)
    hidden = _hidden(answers, tables, released, rule)
    for answer in answers:
        if answer.id not in released and answer not in linked:
            released[answer.id] = _released(answer, hidden.get(answer.id, frozenset()), tables,
                                            released, rule)  # fmt: skip
    printed = _printed(answers, released, rule)
    for answer in linked:
        released[answer.id] = _beside(answer, printed, rule)
        printed += [ToldGroups((group,)) for group in _shown_groups(answer, released[answer.id])]
    return {**released, **derived_answers(by_id.values(), released, rule)}


def internal_all(asks: Sequence[Ask]) -> Store:
    """The exact answers, marked as not released: for exploring one's own data only."""
    released: dict[str, Released[Any]] = {
        ask.id: Released(ask.result, 0, "internal", is_internal=True)
        for ask in reversed(asks)
        if not isinstance(ask, Derived | Late)
    }
    return {**released, **derived_answers(asks, released)}


def derived_answers(asks: Iterable[Ask], released: Store, rule: Rule | None = None) -> Store:
    """What is computed from released results, or asked because of them, in the order asked."""
    made: dict[str, Released[Any]] = {}
    for ask in asks:
        if isinstance(ask, Derived | Late) and ask.id not in made:
            sources = [made[name] if name in made else released[name] for name in ask.of]
            made[ask.id] = _derived(ask, sources, rule)
    return made


def _derived(
    ask: Derived[Any] | Late[Any], sources: Sequence[Released[Any]], rule: Rule | None
) -> Released[Any]:
    first = sources[0]
    result: Any
    for source in sources:
        if isinstance(source.result, NotComputed):
            return source
    results = [source.result for source in sources]
    try:
        result = _made(ask, results, rule)
    except CannotBeComputed as error:
        result = NotComputed(reason=error.reason, facts=error.facts)
    rows = result if isinstance(result, tuple) else (result,)
    withheld = sum(isinstance(row, Withheld) for row in rows)
    return Released(result, withheld, first.rule, is_internal=first.is_internal)


def _made(ask: Derived[Any] | Late[Any], results: Sequence[Any], rule: Rule | None) -> Any:
    if isinstance(ask, Late):
        return _late(ask.make(*results), rule)
    return ask.compute(*results)


def _late(answer: Answer[Any], rule: Rule | None) -> Any:
    """The answer, or that it is withheld where it would count a few persons."""
    if rule is None or not any(
        is_small(int(count), rule) for members in answer.members for count in members.counts
    ):
        return answer.result
    return Withheld(measure="share", reason="small_count")


def _printed(answers: Sequence[Answer[Any]], released: Store, rule: Rule) -> list[ToldGroups]:
    """Whom the released tables and shares are of."""
    found: list[ToldGroups] = []
    for answer in answers:
        shown = released.get(answer.id)
        if shown is None or isinstance(shown.result, Withheld):
            continue
        if _are_tables(answer.result):
            found += [ToldGroups((group,)) for group in _printed_groups(answer, shown)]
            continue
        for members in answer.members:
            groups = dict.fromkeys(key[:1] for key in members.keys if key[1:])
            shares = [_share(members, group) for group in groups]
            found += [
                share
                for share in shares
                if not any(is_small(int(group.sum()), rule) for group in share.groups)
            ]
    return found


def _beside(answer: Answer[Any], printed: Sequence[ToldGroups], rule: Rule) -> Released[Any]:
    """Linked tables, less what would disclose a few persons beside the other figures."""
    single = isinstance(answer.result, CountTable)
    tables = (answer.result,) if single else answer.result
    rows = [_rows_of(one, table) for one, table in zip(answer.members, tables, strict=True)]
    elsewhere = {group.tobytes() for figure in printed for group in figure.groups}
    marked = [
        replace(table, counts=table.counts.assign(
            is_told=[bool(group.any()) and group.tobytes() in elsewhere for group in groups]))
        for table, groups in zip(tables, rows, strict=True)
    ]  # fmt: skip

    def telling(shown: Sequence[CountTable]) -> list[np.ndarray]:
        marks = [~table.counts["is_withheld"].to_numpy(dtype=bool) for table in shown]
        groups = [
            ToldGroups((group,))
            for own, mark in zip(rows, marks, strict=True)
            for group, is_shown in zip(own, mark, strict=True)
            if is_shown
        ]
        gone = iter(selections_to_withhold([*printed, *groups], rule)[len(printed) :])
        return [np.array([is_shown and next(gone) for is_shown in mark]) for mark in marks]

    released = release_beside(marked, rule, telling=telling)
    result = released.result[0] if single else released.result
    return Released(result, released.withheld, rule.name, notes=released.notes)


def _rows_of(members: Members, table: CountTable) -> list[np.ndarray]:
    """Who is counted in each row of a table, margins included."""
    found = []
    for _, row in table.counts[list(table.dimensions)].astype(str).iterrows():
        levels = tuple(row)
        places = [
            i
            for i, key in enumerate(members.keys)
            if all(level in (own, TOTAL) for level, own in zip(levels, key, strict=True))
        ]
        found.append(np.isin(members.cells, places))
    return found


def _shown_groups(answer: Answer[Any], released: Released[Any]) -> list[np.ndarray]:
    tables = released.result if isinstance(released.result, tuple) else (released.result,)
    return [
        group
        for members, table in zip(answer.members, tables, strict=True)
        for group, gone in zip(
            _rows_of(members, table), table.counts["is_withheld"].to_numpy(dtype=bool), strict=True
        )
        if not gone
    ]


def _released(
    answer: Answer[Any],
    hidden: frozenset[Key],
    tables: Sequence[Answer[Any]],
    released: Store,
    rule: Rule,
) -> Released[Any]:
    result = answer.result
    if isinstance(result, EventTable):
        return _protected(answer, tables, released, rule)
    if isinstance(result, Estimate) and answer.members[0].amounts is not None:
        chosen = answer.members[0].cells >= 0
        return release_amount(result, rule, amounts=answer.members[0].amounts[chosen].tolist())
    if isinstance(result, tuple) and all(isinstance(row, EstimateRow) for row in result):
        # With the total, whatever adds up to it.
        places = [i for i, row in enumerate(result) if hidden & {("",), (row.group,)}]
        rows, withheld = release_rows(result, rule, telling=places)
        return Released(rows, withheld, rule.name)
    if hidden:
        return Released(_complement(result), 1, rule.name)
    return release(result, rule)


def _complement(result: Any) -> Withheld:
    """What stands for a figure that others would disclose a few persons beside."""
    measure = "difference" if isinstance(result, BeforeAfter) else "share"
    group = str(getattr(result, "group", ""))
    return Withheld(measure=getattr(result, "measure", measure), reason="complement", group=group)


def _protected(
    answer: Answer[Any], tables: Sequence[Answer[Any]], released: Store, rule: Rule
) -> Released[Any]:
    """Counts over time rounded, less the groups that the table of the groups must hide."""
    table: EventTable = answer.result
    groups = {key[0] for key in answer.members[0].keys}
    left_out: frozenset[str] = frozenset()
    for other in tables:
        if isinstance(other.result, CountTable) and groups & {k[0] for k in other.members[0].keys}:
            exact, shown = other.result.counts, released[other.id].result.counts
            hidden = shown["is_withheld"].to_numpy(dtype=bool)
            sizes = exact[hidden].set_index(other.result.dimensions[0])["n"].astype(int)
            left_out |= _without_curve(sizes[sizes.index.isin(groups)], sizes, rule)
    try:
        kept = _without(table, left_out)
        return Released(protect_events(kept, rule), len(left_out), rule.name)
    except CannotBeComputed as error:
        return Released(NotComputed(reason=error.reason, facts=error.facts), 0, rule.name)


def _without_curve(of_groups: Any, hidden: Any, rule: Rule) -> frozenset[str]:
    """Levels whose rounded number would narrow what the table of a grouping withholds.

    A curve discloses how many it is of, up to its rounding. Taken from all that the table
    withholds together, that can leave a few: then the smallest go without a curve.
    """
    shown = of_groups[of_groups >= rule.smallest_group].sort_values()
    left_out: set[str] = set()
    for level in shown.index:
        kept = shown[~shown.index.isin(left_out)]
        fewest = ((kept - 1) // rule.midpoint_base * rule.midpoint_base + 1).sum()
        if kept.sum() == hidden.sum() or hidden.sum() - fewest >= rule.threshold:
            break
        left_out.add(str(level))
    return frozenset(left_out)


def _without(table: EventTable, left_out: frozenset[str]) -> EventTable:
    keep = [i for i, group in enumerate(table.groups) if group not in left_out]
    if len(keep) == len(table.groups):
        return table
    if not keep:
        raise CannotBeComputed("no_persons")
    return replace(
        table,
        groups=tuple(table.groups[i] for i in keep),
        started=table.started[keep],
        entered=table.entered[keep],
        left=table.left[keep],
        censored=table.censored[keep],
        persons=table.persons[keep],
    )


def _hidden(
    answers: Sequence[Answer[Any]],
    tables: Sequence[Answer[Any]],
    released: Store,
    rule: Rule,
) -> dict[str, frozenset[Key]]:
    """Per answer the groups whose share would disclose a few persons beside what is printed."""
    told = [
        ToldGroups((group,))
        for answer in tables
        for group in _printed_groups(answer, released[answer.id])
    ]
    before, owners = len(told), []
    for answer in sorted(answers, key=lambda one: one.rank):
        for members in answer.members if answer not in tables else ():
            for group in dict.fromkeys(key[:1] for key in members.keys if key[1:]):
                told.append(_share(members, group))
                owners.append((answer.id, group))
    gone = selections_to_withhold(told, rule)[before:]
    hidden: dict[str, frozenset[Key]] = {}
    for (name, group), is_hidden, share in zip(owners, gone, told[before:], strict=True):
        if is_hidden or _cuts_a_withheld_set(share, tables, released):
            hidden[name] = hidden.get(name, frozenset()) | {group}
    return hidden


def _share(members: Members, group: Key) -> ToldGroups:
    def inside(part: str) -> np.ndarray:
        places = [i for i, key in enumerate(members.keys) if key == (*group, part)]
        return np.isin(members.cells, places)

    own = [i for i, key in enumerate(members.keys) if key[:1] == group]
    persons = np.isin(members.cells, own)
    unknown = members.cells == UNKNOWN
    return told_by_share(persons, inside(WITH), lacking=unknown)


def _printed_groups(answer: Answer[Any], released: Released[Any]) -> list[np.ndarray]:
    """Everyone, the levels that are shown, and those withheld taken together."""
    members = answer.members[0]
    if not isinstance(released.result, CountTable):
        return []
    everyone = members.cells >= 0
    shown = [members.cells == i for i in np.flatnonzero(~_withheld_cells(released.result))]
    rest = everyone & ~np.logical_or.reduce([~everyone, *shown])
    return [everyone, *shown, rest]


def _withheld_cells(table: CountTable) -> np.ndarray:
    inner = table.counts[~table.counts["is_margin"].astype(bool)]
    return inner["is_withheld"].to_numpy(dtype=bool)


def _cuts_a_withheld_set(share: ToldGroups, tables: Sequence[Answer[Any]], released: Store) -> bool:
    """Whether a figure is made of whole levels of a table, and of some that it withholds."""
    for answer in tables:
        if not isinstance(answer.result, CountTable):
            continue
        members, withheld = answer.members[0], _withheld_cells(released[answer.id].result)
        for group in share.groups:
            inside = np.bincount(members.cells[group & (members.cells >= 0)],
                                 minlength=len(members.keys))  # fmt: skip
            whole = bool(((inside == members.counts) | (inside == 0)).all())
            cut = (inside > 0) & withheld
            if whole and group.sum() == inside.sum() and cut.any() and not cut[withheld].all():
                return True
    return False


def _are_tables(result: Any) -> bool:
    return isinstance(result, CountTable) or (
        isinstance(result, tuple) and bool(result) and isinstance(result[0], CountTable)
    )
