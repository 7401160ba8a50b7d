"""The one door: everything a project will print, judged together.

Answers of persons are one linked system; what is of no persons, or computed from released
answers alone, passes; an answer that others decide about is judged by whom it counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from evalkit.disclosure import linked
from evalkit.disclosure.rule import Rule, is_small
from evalkit.results import (
    Answer,
    Ask,
    CannotBeComputed,
    Derived,
    Late,
    NotComputed,
    PublicAnswer,
    Released,
    Withheld,
)

T = TypeVar("T")
Store = Mapping[str, Released[Any]]
TIME_LIMIT_SECONDS = 30.0


def release_all(
    asks: Sequence[Ask], rule: Rule, *, time_limit_seconds: float = TIME_LIMIT_SECONDS
) -> Store:
    """Every answer as it may be published, by its id.

    Args:
        asks: Answers of persons with their members, answers of nobody, and what is derived
            from released answers. The first with an id counts.
        rule: The project's disclosure profile.
        time_limit_seconds: As for `evalkit.disclosure.linked.release_all`.

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
    released |= linked.release_all(answers, rule, time_limit_seconds=time_limit_seconds)
    return {**released, **derived_answers(by_id.values(), released, rule)}


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
    spared = ask.without if isinstance(ask, Derived) else ()
    for name, source in zip(ask.of, sources, strict=True):
        if isinstance(source.result, NotComputed) and name not in spared:
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
