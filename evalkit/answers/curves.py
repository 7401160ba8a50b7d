"""Counts over time and what is read from them once they are released."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from evalkit.answers.study import Study
from evalkit.disclosure import Rule, release
from evalkit.disclosure.curves import release_curve
from evalkit.results import (
    Answer,
    CannotBeComputed,
    Curve,
    Derived,
    Estimate,
    EstimateRow,
    EventTable,
    Members,
    NotEstimable,
)
from evalkit.results.answers import OUTSIDE, by_level
from evalkit.statistics.time_to_event.competing_risks import cumulative_incidence
from evalkit.statistics.time_to_event.survival import share_at


def events_answer(
    study: Study, *, by: str | None = None, where: dict[str, str] | None = None, name: str = ""
) -> Answer[EventTable]:
    """Exits per day and cause, of everyone or by the levels of a column.

    Raises:
        CannotBeComputed: ``no_persons`` when nobody is chosen.
    """
    table = study.events(by=by, where=where)
    everyone = study.persons
    chosen = everyone.index.isin(study.select(where or {}).index)
    chosen &= ~study.ends_unknown.to_numpy(dtype=bool)
    causes = study.cause_codes(everyone["exit_class"])
    names = ("", *study.project.outcomes.causes)
    groups = np.zeros(len(everyone), dtype=np.int64)
    if by is not None:
        groups = by_level(everyone[by].to_numpy(dtype=object), table.groups).cells
    cells = np.where(chosen & (groups >= 0), groups * len(names) + causes, OUTSIDE)
    members = Members(
        cells=cells,
        keys=tuple((group, name) for group in table.groups for name in names),
        days=everyone["days"].fillna(0).to_numpy(dtype=np.int64),
    )
    return Answer(
        id=name or f"events.{by or 'everyone'}",
        result=table,
        members=(members,),
        rank=0 if by is None else 3,
    )


def reading(study: Study, name: str, of: str, read: Callable[..., Any], *more: str) -> Derived[Any]:
    """A number or rows read from released counts over time, and judged by those counts.

    ``more`` are ids of further answers that ``read`` takes.
    """
    return Derived(id=name, of=(of, *more), compute=partial(_read, read=read, rule=study.rule))


def _read(table: EventTable, *more: Any, read: Callable[..., Any], rule: Rule) -> Any:
    result = read(table, *more)
    return release(result, rule).result if table.protection else result


def incidence(table: EventTable, *, rule: Rule) -> Curve:
    """The cumulative incidence curve, on the rule's grid where its counts are protected."""
    curve = cumulative_incidence(table)
    return release_curve(curve, rule)[0] if table.protection else curve


def incidence_answer(study: Study, name: str, of: str) -> Derived[Curve]:
    """The curve of released counts over time."""
    return Derived(id=name, of=(of,), compute=partial(incidence, rule=study.rule))


def horizons_answer(study: Study, name: str, of: str) -> Derived[tuple[int, ...]]:
    """The project's horizons that at least one group has been followed to.

    It raises `CannotBeComputed` (``beyond_follow_up``) when nobody was followed to any.
    """
    days = tuple(study.project.outcomes.horizons_days)
    return Derived(id=name, of=(of,), compute=partial(_horizons, days=days))


def _horizons(table: EventTable, *, days: tuple[int, ...]) -> tuple[int, ...]:
    longest = max(cumulative_incidence(table).follow_up_days.values())
    within = tuple(day for day in days if day <= longest)
    if not within:
        raise CannotBeComputed("beyond_follow_up")
    return within


def share_row(curve: Curve, day: int, *, cause: str, group: str = "") -> EstimateRow:
    """The share at a day, or why it does not exist, as a row of a table."""
    try:
        estimate: Estimate = share_at(curve, day, group=group, cause=cause)
    except CannotBeComputed as error:
        return NotEstimable(
            measure=curve.measure, reason=error.reason, n=curve.persons[group], group=group
        )
    return estimate
