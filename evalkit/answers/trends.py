"""Designs on the series of a study: from the project file to results, or why there is none."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from evalkit.answers.measures import cohort_counts
from evalkit.answers.study import Study
from evalkit.project import Series
from evalkit.project.model import ReferenceShare
from evalkit.project.questions import Selection
from evalkit.results import (
    AreaChanges,
    AreasCompared,
    AreaSeries,
    CannotBeComputed,
    Estimate,
    EventStudy,
    LeadAfterBadYear,
    LeadChange,
    SegmentedTrend,
    SyntheticControl,
)
from evalkit.statistics.trends.after_a_bad_year import FEWEST_YEARS, LIKE_SIZE, lead_after_bad_year
from evalkit.statistics.trends.aligned import aligned, changes_between
from evalkit.statistics.trends.bad_year_of_shares import (
    FEWEST_WITH_SHARES,
    lead_of_shares_after_bad_year,
)
from evalkit.statistics.trends.few_areas import (
    FEWEST_CLUSTERED,
    area_difference,
    areas_difference,
    areas_event_study,
)
from evalkit.statistics.trends.interrupted import interrupted_series
from evalkit.statistics.trends.panel import event_study, panel_difference
from evalkit.statistics.trends.shares import lead_change, lead_over_reference
from evalkit.statistics.trends.synthetic_control import synthetic_control

MONTHS_A_YEAR = 12
_COLUMNS: dict[str, Any] = {
    "outcome": "value",
    "unit": "area",
    "period": "period",
    "treated": "treated",
}

# What it would take to see how much of a rise is a return after a low year.
NEEDED_AFTER_BAD_YEAR = {"others": FEWEST_WITH_SHARES, "years": FEWEST_YEARS}


def programme_changes(study: Study, spec: Series) -> AreaChanges:
    """The changes from the last period before the programme to its last.

    Raises:
        CannotBeComputed: ``definition_break`` when the definition changed in between.
    """
    first, last = programme_span(study, spec)
    changes = changes_between(
        _compared(study.series(spec.id), spec),
        first=first,
        last=last,
        area=spec.area,
        reference=spec.reference,
    )
    for period in changes.breaks:
        raise CannotBeComputed("definition_break", period=period)
    return changes


def _compared(series: AreaSeries, spec: Series) -> AreaSeries:
    """The area, its reference and those it is compared with; every area when none is named.

    Other areas with the programme are no comparison.
    """
    found = series.observations["area"]
    chosen = [spec.area, spec.reference, *_others(spec)]
    kept = found.isin(chosen) if spec.comparison else ~found.isin(set(spec.treated) - {spec.area})
    return replace(series, observations=series.observations[kept])


def programme_span(study: Study, spec: Series) -> tuple[str, str]:
    """The last period before the programme started and the last period within it."""
    start, end = study.project.period.start, study.project.period.end
    if not is_monthly(spec):
        return str(start.year - 1), str(end.year)
    before = pd.Period(start, freq="M") - 1
    return str(before), str(pd.Period(end, freq="M"))


def first_after(study: Study, spec: Series) -> str:
    """The first period with the programme."""
    start = study.project.period.start
    return str(pd.Period(start, freq="M")) if is_monthly(spec) else str(start.year)


def is_monthly(spec: Series) -> bool:
    return "-" in spec.period[0]


def broken_line(study: Study, spec: Series) -> SegmentedTrend:
    """The area less its reference, with a break where the programme started."""
    return interrupted_series(
        study.series(spec.id),
        area=spec.area,
        reference=spec.reference,
        first_after=first_after(study, spec),
        season=MONTHS_A_YEAR if is_monthly(spec) else None,
    )


def synthetic_area(study: Study, spec: Series) -> SyntheticControl:
    """The area beside a weighted mean of its comparison areas."""
    return synthetic_control(
        study.series(spec.id),
        area=spec.area,
        pool=_others(spec),
        first_after=first_after(study, spec),
    )


def areas_over_time(study: Study, spec: Series) -> EventStudy:
    """Areas with the programme against the comparison areas, period by period.

    One area is judged by how much the others differ, a few by the pooled t and by lot, ten or
    more by errors clustered by area.
    """
    treated, start = treated_areas(spec), first_after(study, spec)
    if len(treated) < FEWEST_CLUSTERED:
        return areas_event_study(
            study.series(spec.id),
            treated=treated,
            others=_others(spec),
            first_after=start,
            margin=spec.alike_within,
        )
    before, _ = programme_span(study, spec)
    return event_study(
        _panel(study, spec), reference_period=before, first_treated_period=start, **_COLUMNS
    )


def areas_by_lot(study: Study, spec: Series) -> AreasCompared:
    """How much more a few areas changed than the comparison areas, judged by lot.

    Raises:
        CannotBeComputed: As `areas_difference`; ``areas_of_unlike_size``.
    """
    _refuse_unlike_sizes(study, spec)
    return areas_difference(
        study.series(spec.id),
        treated=treated_areas(spec),
        others=_others(spec),
        first_after=first_after(study, spec),
    )


def _refuse_unlike_sizes(study: Study, spec: Series) -> None:
    """Few areas much larger or smaller than the others do not vary as they: no verdict.

    Raises:
        CannotBeComputed: ``areas_of_unlike_size`` beyond a factor two, where sizes are known.
    """
    found, sizes = study.series(spec.id).observations, pd.Series(spec.sizes, dtype=float)
    if sizes.empty and "n" in found:
        sizes = found.groupby("area")["n"].mean()
    own, others = (sizes.reindex(areas).median() for areas in (treated_areas(spec), _others(spec)))
    # Of areas whose size nobody states nothing is said: the comparison is with a missing number.
    if own > others * LIKE_SIZE or own * LIKE_SIZE < others:
        raise CannotBeComputed("areas_of_unlike_size")


def lead_after_the_bad_year(study: Study, spec: Series) -> LeadAfterBadYear:
    """The area's lead adjusted for how low it stood before the start, beside the unadjusted.

    Yearly shares of known numbers are judged by how much of the dip chance makes.

    Raises:
        CannotBeComputed: As `lead_after_bad_year` and `lead_of_shares_after_bad_year`.
    """
    series = study.series(spec.id)
    if "n" in series.observations and not is_monthly(spec):
        return lead_of_shares_after_bad_year(
            _yearly_shares(series, spec),
            area=spec.area,
            first_after=int(first_after(study, spec)),
            last_after=int(programme_span(study, spec)[1]),
            chosen_for=spec.choice,
        )
    return lead_after_bad_year(
        series,
        area=spec.area,
        others=_others_after_bad_year(spec),
        first_after=first_after(study, spec),
        chosen_for=spec.choice,
        sizes=spec.sizes,
        is_share_without_n=spec.is_share_without_n,
    )


def _yearly_shares(series: AreaSeries, spec: Series) -> pd.DataFrame:
    """``area, year, events, n`` of the area and those it is compared with."""
    areas = [spec.area, *_others_after_bad_year(spec)]
    aligned(series, areas=areas)  # refuses what cannot be compared
    found = series.observations[series.observations["area"].isin(areas)]
    share = found["value"] / (100 if spec.is_percentage else 1)
    return pd.DataFrame(
        {
            "area": found["area"],
            "year": found["period"].astype(int),
            "events": (share * found["n"]).round(),
            "n": found["n"],
        }
    )


def average_difference(study: Study, spec: Series) -> Estimate:
    """How much more the areas with the programme changed than the comparison areas.

    Raises:
        CannotBeComputed: As the designs; ``areas_of_unlike_size`` for a few areas.
    """
    treated, start = treated_areas(spec), first_after(study, spec)
    if len(treated) < FEWEST_CLUSTERED:
        _refuse_unlike_sizes(study, spec)
    if len(treated) == 1:
        return area_difference(
            study.series(spec.id), area=treated[0], others=_others(spec), first_after=start
        )
    return panel_difference(_panel(study, spec), first_treated_period=start, **_COLUMNS)


def treated_areas(spec: Series) -> tuple[str, ...]:
    """The areas with the programme."""
    return spec.treated or (spec.area,)


def _others(spec: Series) -> list[str]:
    return [name for name in spec.comparison if name not in treated_areas(spec)]


def _others_after_bad_year(spec: Series) -> list[str]:
    named = spec.bad_year_areas or spec.comparison
    return [name for name in named if name not in treated_areas(spec)]


def _panel(study: Study, spec: Series) -> pd.DataFrame:
    """One row per area and period.

    Raises:
        CannotBeComputed: As `aligned`.
    """
    treated, series = treated_areas(spec), study.series(spec.id)
    table = aligned(series, areas=[*treated, *_others(spec)])
    frame = table.reset_index(names="period").melt("period", var_name="area", value_name="value")
    return frame.assign(treated=frame["area"].isin(treated).astype(int))


def lead(study: Study, spec: ReferenceShare) -> LeadChange:
    """The register's share beside the published one, in both periods."""
    sides, counts, published = [], [], []
    for figure in (spec.before, spec.after):
        selection = Selection(by="exit", start=figure.start, end=figure.end)
        counted = cohort_counts(study, selection, spec.outcome, status_column=spec.status_column)
        counts.append((counted.events, counted.n))
        sides.append(
            lead_over_reference(
                label=figure.label.in_language(study.language),
                counts=counts[-1],
                reference_share=figure.share,
            )
        )
        if figure.n is not None:
            published.append((round(figure.share * figure.n), figure.n))
    return lead_change(
        *sides,
        before_counts=counts[0],
        after_counts=counts[1],
        reference_counts=(published[0], published[1]) if len(published) == len(sides) else None,
    )
