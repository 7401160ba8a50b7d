"""The area's series beside the nation's and comparable areas', by design."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from evalkit.answers import trends
from evalkit.answers.asking import attempt, public
from evalkit.answers.counts import OVER_TIME, share_of_persons
from evalkit.answers.measures import cohort_persons
from evalkit.answers.study import Study
from evalkit.answers.trends import programme_changes, programme_span
from evalkit.intake.official.origin import is_as_fetched, read_origin
from evalkit.project import Series
from evalkit.project.model import ReferenceShare
from evalkit.project.questions import Selection
from evalkit.results import Answer, AreaSeries, Ask, PublicAnswer
from evalkit.statistics.trends.aligned import change_against_reference, refuse_mixed
from evalkit.statistics.trends.few_areas import FEWEST_CLUSTERED


def series(study: Study) -> Iterator[Ask]:
    """Each series, where it came from and the span of the programme in it."""
    for spec in study.project.series:
        yield from _spans(study, spec)
        yield public(f"series.{spec.id}", partial(_series, study, spec))
        file = study.project.folder / spec.file
        origin = read_origin(file)
        if origin is not None:
            kept = {
                "source": origin.source,
                "day": origin.day,
                "licence": origin.licence,
                "definition": origin.definition,
                "notes": tuple(origin.notes),
                "is_as_fetched": is_as_fetched(file, origin),
            }
            yield PublicAnswer(id=f"origin.{spec.id}", result=kept)


def change(study: Study) -> Iterator[Ask]:
    """The change over the programme's time, area against reference, for series and shares."""
    for spec in study.project.series:
        yield from _spans(study, spec)
        yield public(f"change.{spec.id}", partial(programme_changes, study, spec))
        yield public(f"change.{spec.id}.beside", partial(_beside, study, spec))
        yield public(f"series.{spec.id}", partial(_series, study, spec))
    for share in study.project.reference_shares:
        yield attempt(f"lead.{share.id}", partial(_lead, study, share))


def designs(study: Study) -> Iterator[Ask]:
    """What broken lines, weighted areas and panels say of each series."""
    for spec in study.project.series:
        made: dict[str, Callable[[Study, Series], Any]] = {
            "interrupted": trends.broken_line,
            "synthetic_control": trends.synthetic_area,
            "panel.average": trends.average_difference,
            "panel": trends.areas_over_time,
            "bad_year": trends.lead_after_the_bad_year,
        }
        for name, compute in made.items():
            yield public(f"{name}.{spec.id}", partial(compute, study, spec))
        if 1 < len(trends.treated_areas(spec)) < FEWEST_CLUSTERED:
            yield public(f"by_lot.{spec.id}", partial(trends.areas_by_lot, study, spec))


def _spans(study: Study, spec: Series) -> Iterator[Ask]:
    span = (*programme_span(study, spec), trends.first_after(study, spec))
    yield PublicAnswer(id=f"span.{spec.id}", result=span)


def _series(study: Study, spec: Series) -> AreaSeries:
    found = study.series(spec.id)
    refuse_mixed(found.observations["period"])
    if not spec.bad_year_areas:
        return found
    shown = (spec.area, spec.reference, *spec.treated, *spec.comparison)
    unseen = found.observations["area"].isin(set(spec.bad_year_areas) - set(shown))
    return replace(found, observations=found.observations[~unseen])


def _beside(study: Study, spec: Series) -> Any:
    return change_against_reference(programme_changes(study, spec))


def _lead(study: Study, spec: ReferenceShare) -> Ask:
    sides = [
        Selection(by="exit", start=one.start, end=one.end) for one in (spec.before, spec.after)
    ]
    members = tuple(
        share_of_persons(
            study, cohort_persons(study, side), spec.outcome, status_column=spec.status_column
        )
        for side in sides
    )
    result = trends.lead(study, spec)
    return Answer(id=f"lead.{spec.id}", result=result, members=members, rank=OVER_TIME)
