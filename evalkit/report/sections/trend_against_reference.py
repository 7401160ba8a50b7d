"""Chapter: the area's series beside the nation's and comparable areas'. Descriptive."""

from __future__ import annotations

import pandas as pd

from evalkit.analysis.trends.changes import changes_between
from evalkit.present.blocks import Heading, Paragraph
from evalkit.present.charts import series_figure
from evalkit.present.sentences.changes import changes_sentence
from evalkit.present.tables.changes import changes_table
from evalkit.project import Series
from evalkit.report.sections.section import Blocks, say_box, section, until_not_computable
from evalkit.report.study import Study
from evalkit.results import AreaChanges


@section
def series(study: Study) -> Blocks:
    """Each series as a chart with its table."""
    for spec in study.project.series:
        title = spec.title.in_language(study.language)
        yield series_figure(
            study.through_door(study.series(spec.id)),
            study.words,
            figure_id=f"series-{spec.id}",
            caption=title,
            area=spec.area,
            reference=spec.reference,
            unit=spec.unit.in_language(study.language),
            comparison=spec.comparison,
            goal=spec.goal,
            source=spec.source.in_language(study.language),
        )
        if spec.is_synthetic:
            yield Paragraph(study.words.texts["trend.synthetic"])


@section
def change(study: Study) -> Blocks:
    """The change over the programme's time, area against reference, for each series."""
    texts = study.words.texts
    for spec in study.project.series:
        unit = spec.unit.in_language(study.language)
        yield Heading(3, spec.title.in_language(study.language))
        yield from until_not_computable(study, _change(study, spec, unit))
    yield Paragraph(texts["trend.no_interval"])


@section
def conclusions(study: Study) -> Blocks:
    """What series of areas can carry."""
    texts = study.words.texts
    yield from say_box(
        study,
        can=[texts["trend.can.together"]],
        cannot=[texts["trend.cannot.programme"], texts["trend.cannot.own"]],
    )


def programme_changes(study: Study, spec: Series) -> AreaChanges:
    """The changes from the last period before the programme to its last."""
    first, last = programme_span(study, spec)
    return changes_between(
        study.series(spec.id), first=first, last=last, area=spec.area, reference=spec.reference
    )


def programme_span(study: Study, spec: Series) -> tuple[str, str]:
    """The last period before the programme started and the last period within it."""
    start, end = study.project.period.start, study.project.period.end
    if "-" not in spec.period[0]:
        return str(start.year - 1), str(end.year)
    before = pd.Period(start, freq="M") - 1
    return str(before), str(pd.Period(end, freq="M"))


def _change(study: Study, spec: Series, unit: str) -> Blocks:
    released = study.through_door(programme_changes(study, spec))
    first, last = (study.words.numbers.period(p) for p in programme_span(study, spec))
    yield Paragraph(changes_sentence(released, study.words, unit=unit))
    yield changes_table(
        released,
        study.words,
        table_id=f"change-{spec.id}",
        caption=study.words.texts.format("trend.table_caption", first=first, last=last, unit=unit),
        source=spec.source.in_language(study.language),
    )
    if spec.goal is not None:
        yield Paragraph(_goal(study, spec))


def _goal(study: Study, spec: Series) -> str:
    series = study.series(spec.id).observations
    own = series[series["area"] == spec.area].sort_values("period").iloc[-1]
    numbers = study.words.numbers
    return study.words.texts.format(
        "trend.goal",
        goal=numbers.number(spec.goal or 0.0, decimals=1),
        period=numbers.period(str(own["period"])),
        value=numbers.number(float(own["value"]), decimals=1),
    )
