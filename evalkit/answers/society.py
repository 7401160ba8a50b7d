"""What the days in work come to in kronor, actor by actor: of released days and dated prices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from evalkit.answers.after_leaving import leavers, work_days
from evalkit.answers.study import Study
from evalkit.project.society import SocietySpec
from evalkit.results import (
    Answer,
    Ask,
    CannotBeComputed,
    DaysRange,
    Derived,
    Estimate,
    Flow,
    FlowStep,
    Society,
    Withheld,
)
from evalkit.results.answers import counted
from evalkit.statistics.society import AssumedBeyond, StatedRange, kronor_by_actor
from evalkit.statistics.states.curves import FEWEST_FOLLOWED


def calculation(study: Study) -> Iterator[Ask]:
    """Days in work of everyone who left, and what they come to for each actor."""
    spec = study.project.society
    if spec is None:
        return
    found = leavers(study)
    everyone = np.ones(found.histories.n, dtype=bool)
    fewest = max(FEWEST_FOLLOWED, study.rule.threshold)
    yield work_days(study, found, "society.days", spec.horizon_days, everyone, fewest)
    step = FlowStep(step="persons_analysed", count=found.histories.n, unit="persons")
    yield Answer(id="society.persons", result=step, members=(counted(found.mask(everyone)),))
    compute = partial(_kronor, spec=spec, flows=flows_of(study, spec), language=study.language)
    yield Derived(id="society", of=("society.days", "society.persons"), compute=compute)


def flows_of(study: Study, spec: SocietySpec) -> tuple[Flow, ...]:
    """The project's prices, shares of other prices worked out."""
    kronor = spec.kronor()
    return tuple(
        Flow(
            id=price.id,
            payer=price.payer,
            receiver=price.receiver,
            kronor_per_day=kronor[price.id],
            year=price.year,
            source=price.source.in_language(study.language),
        )
        for price in spec.prices
    )


def _kronor(
    days: Any, persons: Any, *, spec: SocietySpec, flows: tuple[Flow, ...], language: Any
) -> Society | Withheld:
    """From contacts only the limits are known; between them stands the middle."""
    is_range = isinstance(days, DaysRange)
    if isinstance(days, DaysRange):
        limits = ((days.low + days.high) / 2, days.low, days.high)
    elif isinstance(days, Estimate):
        limits = (days.value, days.low, days.high)
    else:
        return Withheld(measure="society", reason="protected")
    if not isinstance(persons, FlowStep):
        return Withheld(measure="society", reason="protected")
    if limits[1] <= 0:
        raise CannotBeComputed("no_events", n=persons.count)
    stated, beyond = spec.worked_anyway, spec.beyond
    made = kronor_by_actor(
        n=persons.count,
        days=limits,
        horizon_days=spec.horizon_days,
        followed_days=spec.horizon_days,
        flows=flows,
        costs={str(actor): cost for actor, cost in spec.costs.items()},
        worked_anyway=None
        if stated is None
        else StatedRange(
            low=stated.low, high=stated.high, source=stated.source.in_language(language)
        ),
        has_subsidised_days=spec.subsidised_days,
        beyond=None
        if beyond is None
        else AssumedBeyond(days=beyond.days, source=beyond.source.in_language(language)),
        is_made_up=spec.prices_are_made_up,
    )
    return replace(made, is_range=is_range)
