"""The one door: everything a project will print, judged together.

Answers of persons are one linked system; what is of no persons, or computed from released
answers alone, passes; an answer that others decide about is judged by whom it counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from evalkit.disclosure import linked
from evalkit.disclosure.alone import PROTECTED
from evalkit.disclosure.editions import (
    REPEATED,
    History,
    curve_rows,
    decide_edition,
    late_rows,
    recorded_curves,
)
from evalkit.disclosure.programme import MOST_STEPS
from evalkit.disclosure.record import RecordedRow, WithheldRow, judged_rows, withheld_rows
from evalkit.disclosure.rule import Rule
from evalkit.disclosure.system import Judged
from evalkit.results import (
    Answer,
    Ask,
    CannotBeComputed,
    Derived,
    Estimate,
    FlowStep,
    Late,
    NotComputed,
    NotEstimable,
    PublicAnswer,
    Released,
    TargetVerdict,
    Withheld,
)

T = TypeVar("T")
Store = Mapping[str, Released[Any]]
# Reasons whose numbers are of areas, periods and columns; those of others may be of persons.
COUNTS_OF_NOBODY = frozenset(
    {
        "mixed_periods", "pool_follows_exactly", "pool_too_small", "too_few_areas",
        "too_few_clusters_for_test", "too_few_others", "too_few_periods",
        "too_few_periods_for_model", "too_few_to_compare",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Judgement:
    """Released answers, what was decided about each row, and what is to be recorded of it.

    Attributes:
        store: Every answer as it may be published.
        rows: Rows of participants. ``withheld``: why some were not printed.
        curves: Released counts over time, as data. ``steps``: from rows to persons.
        tried: What the audit looked at, by name, and how many there were.
    """

    store: Store
    rows: tuple[RecordedRow, ...]
    withheld: tuple[WithheldRow, ...]
    curves: dict[str, Any]
    steps: dict[str, int]
    tried: dict[str, int]


def release_all(asks: Sequence[Ask], rule: Rule, *, most_steps: float = MOST_STEPS) -> Store:
    """Every answer as it may be published, by its id.

    Args:
        asks: Answers of persons with their members, answers of nobody, and what is derived
            from released answers. The first with an id counts.
        rule: The project's disclosure profile.
        most_steps: As for `evalkit.disclosure.linked.release_all`.

    Raises:
        TypeError: For a result whose shape the door does not know: it stays shut.
        KeyError: For a derived answer of an answer that was not asked.
    """
    return judge_edition(asks, rule, History(), most_steps=most_steps).store


def judge_edition(
    asks: Sequence[Ask],
    rule: Rule,
    history: History,
    *,
    most_steps: float = MOST_STEPS,
    with_record: bool = False,
) -> Judgement:
    """As `release_all`, beside earlier editions; ``with_record``: what is to be recorded, too.

    Raises:
        evalkit.disclosure.editions.NotFoundAgain: If earlier persons cannot be found again.
    """
    distinct, answers, public = _sorted_out(asks, rule)
    decision = decide_edition(answers, rule, history, most_steps=most_steps)
    released = {
        name: replace(one, result=_without_counts(one.result))
        for name, one in (public | decision.released).items()
    }
    late: list[Answer[Any]] = []
    judged: list[Judged] = []

    def may_stand(answer: Answer[Any]) -> bool:
        late.append(answer)
        return linked.admitted(decision, answer, rule, judged)

    store = with_derived(distinct, released, may_stand)
    if not with_record:
        return Judgement(store, (), (), {}, {}, {})
    names = history.pseudonyms
    rows = [*judged_rows(decision, names), *curve_rows(answers, decision.released, history)]
    rows += [late_rows(one, names) for one in late if _is_shown(store, one.id)]
    steps = {
        step.step: step.count
        for answer in answers
        if isinstance(answer.result, tuple)
        for step in store[answer.id].result
        if isinstance(step, FlowStep)
    }
    systems = [choice.system for choice in decision.choices]
    tried = {
        "answers": len(store),
        "cells": sum(len(system.counts) for system in systems),
        "sums": sum(len(system.sums) for system in systems),
        "needs": sum(len(system.needs) for system in systems),
        "editions": len(history.related()),
    }
    return Judgement(
        store,
        tuple(rows),
        withheld_rows(decision),
        recorded_curves(decision.released),
        steps,
        tried,
    )


def _sorted_out(
    asks: Sequence[Ask], rule: Rule
) -> tuple[list[Ask], list[Answer[Any]], dict[str, Released[Any]]]:
    """What is asked, each once; the answers of persons; and what is of nobody, released."""
    by_id: dict[str, Ask] = {}
    for ask in asks:
        by_id.setdefault(ask.id, ask)
    answers = [ask for ask in by_id.values() if isinstance(ask, Answer)]
    public = {
        ask.id: Released(ask.result, 0, rule.name)
        for ask in by_id.values()
        if isinstance(ask, PublicAnswer)
    }
    return list(by_id.values()), answers, public


def _without_counts(result: Any) -> Any:
    """Why nothing can be computed, without how many persons that were."""
    if not isinstance(result, NotComputed) or result.reason in COUNTS_OF_NOBODY:
        return result
    told = {name: fact for name, fact in result.facts.items() if isinstance(fact, str)}
    return NotComputed(reason=result.reason, facts=told)


def _is_shown(store: Store, name: str) -> bool:
    return name in store and not isinstance(store[name].result, Withheld | NotComputed)


def internal(result: T) -> Released[T]:
    """The exact result, marked as not released: for exploring one's own data only."""
    return Released(result, 0, "internal", is_internal=True)


def internal_all(asks: Sequence[Ask]) -> Store:
    """The exact answers, marked as not released: for exploring one's own data only."""
    released: dict[str, Released[Any]] = {
        ask.id: internal(ask.result)
        for ask in reversed(asks)
        if not isinstance(ask, Derived | Late)
    }
    return with_derived(asks, released)


def with_derived(
    asks: Iterable[Ask],
    released: Store,
    may_stand: Callable[[Answer[Any]], bool] | None = None,
) -> Store:
    """Released results, what is computed from them, and what is asked because of them, in order.

    An answer that exists only where such a result does goes where it does not. ``may_stand`` is
    asked of every answer that others decided about; all are shown without it.
    """
    by_id: dict[str, Ask] = {}
    made: dict[str, Released[Any]] = {}
    for ask in asks:
        by_id.setdefault(ask.id, ask)

    def found(name: str) -> Released[Any]:
        ask = by_id.get(name)
        if name in made or ask is None:
            return made[name]
        if isinstance(ask, Derived | Late):
            made[name] = _derived(ask, [found(one) for one in ask.of], may_stand)
        else:
            made[name] = released[name]
        if isinstance(ask, Answer | Derived) and ask.given:
            gate = found(ask.given).result
            if isinstance(gate, NotComputed):
                made[name] = replace(made[name], result=_absent(made[name].result, gate))
        return made[name]

    for name in sorted(by_id, key=lambda one: getattr(by_id[one], "is_last", False)):
        found(name)
    return {name: made[name] for name in by_id}


def _absent(result: Any, why: NotComputed) -> Any:
    """What stands for a released result that may not be computed: of how many it would be."""
    row = result.estimate if isinstance(result, TargetVerdict) else result
    if isinstance(row, Withheld | NotEstimable):
        return row
    if not isinstance(row, Estimate):
        return why
    return NotEstimable(measure=row.measure, reason=why.reason, n=row.n, group=row.group)


def _derived(
    ask: Derived[Any] | Late[Any],
    sources: Sequence[Released[Any]],
    may_stand: Callable[[Answer[Any]], bool] | None,
) -> Released[Any]:
    first = sources[0]
    result: Any
    spared = ask.without if isinstance(ask, Derived) else ()
    for name, source in zip(ask.of, sources, strict=True):
        if isinstance(source.result, NotComputed) and name not in spared:
            return source
    results = [source.result for source in sources]
    try:
        if isinstance(ask, Late):
            answer = ask.make(*results)
            stands = may_stand is None or may_stand(answer)
            made = _without_counts(answer.result)
            result = made if stands else Withheld(measure="share", reason=PROTECTED)
        else:
            result = ask.compute(*results)
    except CannotBeComputed as error:
        result = NotComputed(reason=error.reason, facts=error.facts)
    rows = result if isinstance(result, tuple) else (result,)
    withheld = sum(isinstance(row, Withheld) for row in rows)
    repeated = tuple(
        dict.fromkeys(
            note for source in sources for note in source.notes if note.startswith(REPEATED)
        )
    )
    return Released(result, withheld, first.rule, notes=repeated, is_internal=first.is_internal)
