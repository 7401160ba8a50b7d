"""Asking: what a section wants to know of a study, until something does not exist."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from evalkit.answers.given import with_gates
from evalkit.answers.study import Study
from evalkit.project import ProjectError
from evalkit.results import Answer, Ask, CannotBeComputed, Members, NotComputed, PublicAnswer

Asking = Callable[[Study], Iterable[Ask]]


def collected(study: Study, name: str, asks: Asking) -> Iterator[Ask]:
    """What a section asks; where that cannot be computed, the reason under its name."""
    try:
        yield from with_gates(study, asks(study))
    except CannotBeComputed as error:
        yield PublicAnswer(
            id=f"{name}.stopped", result=NotComputed(reason=error.reason, facts=error.facts)
        )
    except ProjectError as error:  # becomes the sentence of a chapter that failed
        raise error.told_in(study.language) from None


def attempt(name: str, make: Callable[[], Ask]) -> Ask:
    """An answer, or the reason why it does not exist under the same id."""
    try:
        return make()
    except CannotBeComputed as error:
        return PublicAnswer(id=name, result=NotComputed(reason=error.reason, facts=error.facts))


def judged(
    name: str,
    members: tuple[Members, ...],
    compute: Callable[[], Any],
    *,
    measure: str = "share",
    group: str = "",
    **more: Any,
) -> Answer[Any]:
    """An answer of persons; why it does not exist is judged as the figure itself would be.

    A reason tells how many they are: too few, one, nobody of them with the outcome. ``measure``
    and ``group`` are the figure's, so that both are alike where they are withheld.
    """
    try:
        result = compute()
    except CannotBeComputed as error:
        facts = {**error.facts, "measure": measure, "group": group}
        result = NotComputed(reason=error.reason, facts=facts)
    return Answer(id=name, result=result, members=members, **more)


def public(name: str, make: Callable[[], object]) -> Ask:
    """An answer of no persons, or why there is none."""
    return attempt(name, lambda: PublicAnswer(id=name, result=make()))
