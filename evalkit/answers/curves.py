"""Counts over time and what is read from them once they are released."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from evalkit.answers.given import ENDS
from evalkit.answers.study import Study
from evalkit.results import (
    Answer,
    CannotBeComputed,
    Curve,
    Derived,
    EventTable,
    GroupedEvents,
    Members,
)
from evalkit.results.answers import OR_UNKNOWN, OUTSIDE, by_level
from evalkit.statistics.time_to_event import grouped
from evalkit.statistics.time_to_event.competing_risks import cumulative_incidence

# Exact when exploring; as released otherwise.
Events = EventTable | GroupedEvents
EVERYONE = ("",)


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
    levels = tuple(table.groups)
    missing = chosen & (groups < 0)
    if study.purpose != "explore" and 0 < missing.sum() < study.rule.threshold:
        # Shown apart they would be known to be few, and the smallest group with them.
        smallest = int(np.bincount(groups[chosen & ~missing], minlength=len(levels)).argmin())
        groups = np.where(missing, smallest, groups)
        levels = tuple(name + OR_UNKNOWN * (i == smallest) for i, name in enumerate(levels))
    cells = np.where(chosen & (groups >= 0), groups * len(names) + causes, OUTSIDE)
    members = Members(
        cells=cells,
        keys=tuple((group, name) for group in levels for name in names),
        days=everyone["days"].fillna(0).to_numpy(dtype=np.int64),
    )
    return Answer(
        id=name or f"events.{by or 'everyone'}",
        result=table,
        members=(members,),
        rank=0 if by is None else 3,
        given=ENDS,
    )


def reading(name: str, of: str, read: Callable[..., Any], *more: str) -> Derived[Any]:
    """A number or rows read from released counts over time, and from nothing else.

    ``more`` are ids of further answers that ``read`` takes.
    """
    return Derived(id=name, of=(of, *more), compute=read)


def incidence(events: Events) -> Curve:
    """The cumulative incidence curve: every day, or at the points of released counts."""
    if isinstance(events, EventTable):
        return cumulative_incidence(events)
    curves = []
    for cause in events.causes if events.groups == EVERYONE else events.causes[:1]:
        with suppress(CannotBeComputed):
            curves.append(grouped.incidence(events, cause=cause))
    if not curves:
        raise CannotBeComputed("few_exits")
    days = {g: max(c.follow_up_days.get(g, 0.0) for c in curves) for g in curves[0].persons}
    steps = pd.concat([curve.steps for curve in curves], ignore_index=True)
    return replace(curves[0], steps=steps, follow_up_days=days)


def incidence_answer(name: str, of: str) -> Derived[Curve]:
    """The curve of released counts over time."""
    return Derived(id=name, of=(of,), compute=incidence)


def horizons_answer(study: Study, name: str, of: str) -> Derived[tuple[int, ...]]:
    """The project's horizons that at least one group has been followed to.

    By released counts: those up to the last point of everyone; of groups, the last point that
    all of them have. It raises `CannotBeComputed` (``beyond_follow_up``) when nobody was
    followed to any, ``few_exits`` where there is no such point.
    """
    days = tuple(study.project.outcomes.horizons_days)
    return Derived(id=name, of=(of,), compute=partial(_horizons, days=days))


def _horizons(events: Events, *, days: tuple[int, ...]) -> tuple[int, ...]:
    if isinstance(events, EventTable):
        longest = max(cumulative_incidence(events).follow_up_days.values())
        within = tuple(day for day in days if day <= longest)
        if not within:
            raise CannotBeComputed("beyond_follow_up")
        return within
    outcome = events.causes[0]
    points = [set(events.points.get((group, outcome), ())) for group in events.groups]
    common = set.intersection(*points) if points else set()
    if not common:
        raise CannotBeComputed("few_exits")
    if events.groups != EVERYONE:
        return (max(common),)
    return tuple(day for day in days if day <= max(common)) or (max(common),)
