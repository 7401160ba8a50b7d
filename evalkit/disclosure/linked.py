"""Everything a project will print, judged as one system of linked cells.

The optimiser chooses, the auditor has the last word. Where time runs out or whole numbers
refuse, what is printed becomes coarser – splits go first, the headline last – and says so;
nothing is printed that was not audited.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from evalkit.disclosure.alone import published_reason
from evalkit.disclosure.audit import unmet
from evalkit.disclosure.choose import units_to_withhold
from evalkit.disclosure.curves import Curves
from evalkit.disclosure.knowable import cells_that_close, known, open_to_choice
from evalkit.disclosure.moves import NoSafeChoice
from evalkit.disclosure.own_sums import rows_of_stumps
from evalkit.disclosure.programme import MOST_STEPS, Effort
from evalkit.disclosure.rule import Rule
from evalkit.disclosure.shapes import all_sets, judged, masked, refusals
from evalkit.disclosure.system import (
    COST_OF_RANK,
    PARTICIPANTS,
    Judged,
    Partition,
    Row,
    System,
    UnitKey,
    linked_system,
)
from evalkit.results import EventTable, Released
from evalkit.results.answers import OUTSIDE, Answer, Members

LATE: UnitKey = ("late",)  # the row of an answer that others decided about
COARSER = "coarser"  # no cheaper choice was found in time
_MOST_REVISIONS = 6
_LARGE = 30  # rows of a split


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """One population's system, what is withheld of it, and rows that are not given at all.

    Attributes:
        kept: Answers less the rows that are not given. ``population``, ``n_persons``: whose.
        earlier: What earlier editions printed of them.
    """

    system: System
    units: np.ndarray
    kept: tuple[Judged, ...]
    population: str
    n_persons: int
    earlier: tuple[Partition, ...] = ()
    dropped: tuple[tuple[str, UnitKey], ...] = ()
    notes: tuple[str, ...] = ()

    def has_room_for(self, more: Sequence[Judged], rule: Rule) -> bool:
        """Whether all of some more answers may stand beside what is printed."""
        if not any(one.population == self.population for own in more for one in own.members):
            return True
        system = linked_system(
            [*self.kept, *more],
            rule,
            n_persons=self.n_persons,
            population=self.population,
            earlier=self.earlier,
        )
        pairs = zip(self.system.units, self.units, strict=True)
        gone = {(unit.answer, unit.key) for unit, is_gone in pairs if is_gone}
        withheld = np.array([(unit.answer, unit.key) in gone for unit in system.units], dtype=bool)
        hidden = system.withheld_cells(withheld)
        if not unmet(system, hidden):  # nor with fewer sums than all that hold
            return True
        try:
            system = known(system, rule.threshold, is_first=not self.earlier)
        except NoSafeChoice:
            return False
        if self.earlier:
            system = open_to_choice(system)
        return not unmet(system, hidden)


@dataclass(frozen=True, slots=True, eq=False)
class Decision:
    """Released answers, and what was decided about each row.

    Attributes:
        released: By id.
        rows: The rows of every answer as they were judged.
        withheld: Answer → its withheld rows and why.
        choices: The systems behind it.
    """

    released: dict[str, Released[Any]]
    rows: tuple[Judged, ...]
    withheld: dict[str, dict[UnitKey, str]]
    choices: tuple[Choice, ...]


def release_all(
    answers: Sequence[Answer[Any]],
    rule: Rule,
    *,
    earlier: Sequence[Partition] = (),
    most_steps: float = MOST_STEPS,
) -> dict[str, Released[Any]]:
    """Every answer as it may be published, by its id; the first with an id counts.

    Args:
        answers: Exact, with their members.
        rule: The project's disclosure profile.
        earlier: What earlier editions printed, over the same persons; see `editions`.
        most_steps: Of each search, the same on every machine; beyond them what is printed is
            coarser, and a note says so.

    Raises:
        TypeError: For a result whose shape is not known: the door stays shut.
        ValueError: For members that are not of one population.
    """
    return decide(answers, rule, earlier=earlier, most_steps=most_steps).released


def decide(
    answers: Sequence[Answer[Any]],
    rule: Rule,
    *,
    earlier: Sequence[Partition] = (),
    most_steps: float = MOST_STEPS,
) -> Decision:
    """As `release_all`, with what was decided: for the record of an edition."""
    distinct = list({answer.id: answer for answer in reversed(answers)}.values())[::-1]
    plain = [answer for answer in distinct if not isinstance(answer.result, EventTable)]
    asked = {answer.id: judged(answer, rule) for answer in plain}
    events = [a for a in distinct if isinstance(a.result, EventTable)]
    # Beside earlier editions only points that the system itself judges.
    curves = Curves(events, rule, only_horizons=bool(earlier))
    choices, order = [], []
    for population, n in populations(distinct).items():
        for _ in range(_MOST_REVISIONS):
            both = {**asked, **curves.judged()}
            order = [both[answer.id] for answer in distinct]
            before = earlier if population == PARTICIPANTS else ()
            choice = choose(
                order, rule, most_steps, population=population, n_persons=n, earlier=before
            )
            if not curves.revise(_withheld(choice, rule)):
                break
        else:
            curves.hide()
        choices.append(choice)
    withheld: dict[str, dict[UnitKey, str]] = {}
    for choice in choices:
        for name, reasons in _withheld(choice, rule).items():
            withheld.setdefault(name, {}).update(reasons)
    notes = tuple(dict.fromkeys(note for choice in choices for note in choice.notes))
    released = _released(plain, withheld, notes, rule) | curves.released(notes)
    in_order = {answer.id: released[answer.id] for answer in distinct}
    return Decision(in_order, tuple(order), withheld, tuple(choices))


def admitted(decision: Decision, answer: Answer[Any], rule: Rule, before: list[Judged]) -> bool:
    """Whether an answer that others decided about may stand beside all that is printed.

    ``before``: those admitted already; it is added to them where it may.
    """
    sizes = {choice.population: choice.n_persons for choice in decision.choices}
    members = tuple(padded(one, sizes.get(one.population, 0)) for one in answer.members)
    own = Judged(answer.id, answer.rank, members, (Row(LATE, all_sets(members)),))
    known = {one.population for one in members} <= set(sizes)
    if not known or not all(c.has_room_for([*before, own], rule) for c in decision.choices):
        return False
    before.append(own)
    return True


def padded(members: Members, n: int) -> Members:
    """The members over so many persons, those beyond them outside."""
    more = n - len(members.cells)
    if more <= 0:
        return members

    def longer(column: np.ndarray | None, fill: int) -> np.ndarray | None:
        if column is None:
            return None
        return np.concatenate([column, np.full(more, fill, column.dtype)])

    cells = np.concatenate([members.cells, np.full(more, OUTSIDE, members.cells.dtype)])
    days, amounts = longer(members.days, 0), longer(members.amounts, 0)
    return replace(members, cells=cells, days=days, amounts=amounts)


def populations(answers: Sequence[Answer[Any]]) -> dict[str, int]:
    """Persons of each population."""
    sizes: dict[str, int] = {}
    for answer in answers:
        for members in answer.members:
            size = sizes.setdefault(members.population, len(members.cells))
            if size != len(members.cells):
                raise ValueError(f"{answer.id}: members are not of one population")
    return sizes


def choose(
    asked: Sequence[Judged],
    rule: Rule,
    most_steps: float,
    *,
    population: str,
    n_persons: int,
    earlier: Sequence[Partition] = (),
) -> Choice:
    """What to withhold of one population: the optimiser's choice if the auditor agrees.

    Where nothing could hide a cell, the least table that has it is not given, or the least
    answer with what closes it: whoever is not told that a table exists cannot read it.
    """
    kept, dropped = list(asked), dict[tuple[str, UnitKey], None]()

    def made(system: System, units: np.ndarray, notes: tuple[str, ...] = ()) -> Choice:
        persons = (population, n_persons, tuple(earlier))
        if dropped:
            own = Effort(most_steps)
            more, is_all = rows_of_stumps(
                asked, rule, system, units, dropped.keys(), *persons[:2], own
            )
            units, notes = units | more, (COARSER,) if is_all else notes
        return Choice(system, units, tuple(kept), *persons, tuple(dropped), notes)

    effort, notes = Effort(most_steps), tuple[str, ...]()
    while True:
        system = linked_system(
            kept, rule, n_persons=n_persons, population=population, earlier=earlier
        )
        try:
            system = known(system, rule.threshold, is_first=not earlier, effort=effort)
            if earlier:
                system = open_to_choice(system)
            return made(system, _agreed(system, rule, effort), notes)
        except NoSafeChoice as error:
            goes = _not_given(kept, system, error.cells, rule.threshold)
            if not goes or effort.is_over:
                notes = (COARSER,)
                effort = Effort(most_steps)
                goes = _largest(system)
            if not goes:
                return made(system, _coarser(system, effort), notes)
            kept = _without(kept, goes)
            dropped |= dict.fromkeys(goes)


def _not_given(
    kept: Sequence[Judged], system: System, cells: Sequence[int], threshold: int
) -> list[tuple[str, UnitKey]]:
    """The rows that go because nothing can hide some cells; none where no cell is known."""
    goes = _least_of_each(kept, system, cells)
    if goes or not cells:
        return goes
    around = cells_that_close(system, threshold, cells)
    least = {name for name, _ in _least_with(kept, system, sorted(around))}
    return [(unit.answer, unit.key) for unit in system.units if unit.answer in least]


def _largest(system: System) -> list[tuple[str, UnitKey]]:
    """The rows of the largest split, if it is large: what takes time goes before what tells."""
    rows: dict[str, list[tuple[str, UnitKey]]] = {}
    for unit in system.units:
        if unit.cost < 2 * COST_OF_RANK[-1]:
            rows.setdefault(unit.answer, []).append((unit.answer, unit.key))
    largest = max(rows.values(), key=len, default=[])
    return largest if len(largest) >= _LARGE else []


def _agreed(system: System, rule: Rule, effort: Effort) -> np.ndarray:
    audited = partial(unmet, effort=effort)
    return units_to_withhold(system, rule.threshold, effort=effort, unmet=audited)


def _least_of_each(
    answers: Sequence[Judged], system: System, cells: Sequence[int]
) -> list[tuple[str, UnitKey]]:
    """For each cell that nothing can hide the least table with it, unless one goes already."""
    goes: dict[tuple[str, UnitKey], None] = {}
    printed: dict[int, set[tuple[str, UnitKey]]] = {}
    for unit in system.units:
        for cell in unit.cells:
            printed.setdefault(cell, set()).add((unit.answer, unit.key))
    for cell in cells:
        if not printed.get(cell, set()) & set(goes):
            goes |= dict.fromkeys(_least_with(answers, system, [cell]))
    return list(goes)


def _least_with(
    answers: Sequence[Judged], system: System, cells: Sequence[int]
) -> list[tuple[str, UnitKey]]:
    """Rows of the table of least weight that prints one of the cells, or a sum with it.

    Rows that another table prints, too, are told by that one and stay.
    """
    order = {answer.id: i for i, answer in enumerate(answers)}
    part = {(a.id, row.key): _part(a, row) for a in answers for row in a.rows}
    wanted = set(cells)
    with_sums = wanted.union(*({w, *p} for w, p in system.sums if wanted & {w, *p}))
    for those in (wanted, with_sums):
        costs: dict[tuple[str, int], float] = {}
        for unit in system.units:
            if those & set(unit.cells):
                costs[unit.answer, part[unit.answer, unit.key]] = unit.cost
        if costs:
            least = min(costs, key=lambda one: (costs[one] // 10.0, -order[one[0]], -one[1]))
            own = [u for u in system.units if (u.answer, part[u.answer, u.key]) == least]
            others = {c for u in system.units if u not in own for c in u.cells} - wanted
            return [(u.answer, u.key) for u in own if not set(u.cells) <= others]
    return []


def _part(answer: Judged, row: Row) -> int:
    """The table that a row is of, where an answer is several; else the whole answer."""
    positions = {position for position, _ in row.sets}
    return positions.pop() if len(positions) == 1 and len(answer.members) > 1 else -1


def _without(answers: Sequence[Judged], goes: Sequence[tuple[str, UnitKey]]) -> list[Judged]:
    """The answers less some rows, and less what else their tables say."""
    gone, found = set(goes), []
    for answer in answers:
        parts = {_part(answer, row) for row in answer.rows if (answer.id, row.key) in gone}
        rows = tuple(row for row in answer.rows if (answer.id, row.key) not in gone)
        untold = frozenset(range(len(answer.members)) if -1 in parts else parts)
        found.append(replace(answer, rows=rows, untold=answer.untold | untold))
    return found


def _coarser(system: System, effort: Effort) -> np.ndarray:
    """Units with a small cell go, then the cheapest tiers whole, until the auditor agrees.

    Nothing is printed where that costs more than it may.
    """
    needy = {need.cell for need in system.needs}
    cost = np.array([unit.cost for unit in system.units])
    gone = np.array(
        [unit.refused or bool(needy & set(unit.cells)) for unit in system.units], dtype=bool
    )
    for limit in sorted({0.0, *np.ceil(cost / 10.0) * 10.0}):
        tried = gone | (cost <= limit)
        if not unmet(system, system.withheld_cells(tried), effort=effort):
            return np.asarray(tried)
    return np.ones(len(system.units), dtype=bool)


def _withheld(choice: Choice, rule: Rule) -> dict[str, dict[UnitKey, str]]:
    """Answer → its rows that are withheld, and why."""
    found: dict[str, dict[UnitKey, str]] = {}
    for unit, gone in zip(choice.system.units, choice.units, strict=True):
        if gone:
            small = any(0 < choice.system.counts[c] < rule.threshold for c in unit.cells)
            reasons = found.setdefault(unit.answer, {})
            reasons[unit.key] = "small_count" if small else "complement"
    for name, key in choice.dropped:
        found.setdefault(name, {})[key] = "complement"
    return found


def _released(
    answers: Sequence[Answer[Any]],
    withheld: Mapping[str, Mapping[UnitKey, str]],
    notes: tuple[str, ...],
    rule: Rule,
) -> dict[str, Released[Any]]:
    released = {}
    for answer in answers:
        own = dict(withheld.get(answer.id, {}))
        own |= {key: reason for key, reason in refusals(answer, rule).items() if reason}
        told = {key: published_reason(reason) for key, reason in own.items()}
        result, hidden = masked(answer, told, rule)
        released[answer.id] = Released(result, hidden, rule.name, notes=notes)
    return released


__all__ = ["COARSER", "Choice", "Decision", "admitted", "choose", "decide", "release_all"]
