"""The designs of the chapter on trends: each with its sentences, chart, tables and level."""

from __future__ import annotations

from collections.abc import Callable

from evalkit.answers.trends import treated_areas
from evalkit.chapters.report import Report
from evalkit.chapters.section import Blocks, until_not_computable
from evalkit.present.blocks import Paragraph
from evalkit.present.charts.intervals import two_leads_figure
from evalkit.present.charts.period_lines import Shown
from evalkit.present.charts.trends import (
    event_study_figure,
    placebo_figure,
    segmented_figure,
    synthetic_figure,
)
from evalkit.present.sentences.areas import areas_sentences, bad_year_sentences
from evalkit.present.sentences.trends import (
    Design,
    average_sentence,
    design_sentence,
    event_study_sentences,
    message,
    segmented_sentences,
    synthetic_sentences,
)
from evalkit.present.tables.trends import placebo_table, segmented_table, weights_table
from evalkit.project import Series
from evalkit.results import (
    AreasCompared,
    Estimate,
    EventStudy,
    LeadAfterBadYear,
    SegmentedTrend,
    SyntheticControl,
)


def _interrupted(report: Report, spec: Series) -> Blocks:
    released = report.always(f"interrupted.{spec.id}", SegmentedTrend)
    title, source = (text.in_language(report.language) for text in (spec.title, spec.source))
    caption = report.say(
        "trend.segmented.caption",
        area=spec.area,
        reference=report.words.labels.inline("area", spec.reference),
    )
    yield from map(
        Paragraph, segmented_sentences(released, report.words, is_percentage=spec.is_percentage)
    )
    caption = f"{message('segmented.', released.result.changes, report.words)} {caption} {title}"
    yield segmented_figure(
        released, report.words, _chart(report, spec, "interrupted", caption, is_difference=True)
    )
    yield segmented_table(
        released,
        report.words,
        table_id=f"interrupted-changes-{spec.id}",
        caption=report.say("trend.segmented.table_caption", title=title),
        source=source,
    )
    yield Paragraph(design_sentence("interrupted", report.words))


def _synthetic(report: Report, spec: Series) -> Blocks:
    released = report.always(f"synthetic_control.{spec.id}", SyntheticControl)
    title, source = (text.in_language(report.language) for text in (spec.title, spec.source))
    yield from map(
        Paragraph, synthetic_sentences(released, report.words, is_percentage=spec.is_percentage)
    )
    caption = report.say("trend.synthetic_control.caption", area=spec.area, title=title)
    yield synthetic_figure(released, report.words, _chart(report, spec, "synthetic", caption))
    caption = report.say("trend.synthetic_control.gaps", title=title)
    caption = f"{message('gaps.', [released.result.test], report.words, area=spec.area)} {caption}"
    yield placebo_figure(
        released, report.words, _chart(report, spec, "gaps", caption, is_difference=True)
    )
    tables = {"weights": weights_table, "placebos": placebo_table}
    for name, table in tables.items():
        yield table(
            released,
            report.words,
            table_id=f"{name}-{spec.id}",
            caption=report.say(f"trend.synthetic_control.{name}", area=spec.area, title=title),
            source=source,
        )
    yield Paragraph(design_sentence("synthetic_control", report.words))


def _panel(report: Report, spec: Series) -> Blocks:
    treated = treated_areas(spec)
    area = treated[0] if len(treated) == 1 else ""
    if f"by_lot.{spec.id}" in report:
        yield from until_not_computable(report, _by_lot(report, spec))
    else:
        yield from until_not_computable(report, _average(report, spec, area))
    title = report.say("trend.event_study.over_time")
    yield from until_not_computable(report, _over_time(report, spec, area), title=title)


def _over_time(report: Report, spec: Series, area: str) -> Blocks:
    released = report.always(f"panel.{spec.id}", EventStudy)
    yield from map(Paragraph, event_study_sentences(released, report.words, area=area))
    key = "trend.event_study.caption_area" if area else "trend.event_study.caption"
    caption = report.say(key, area=area, title=spec.title.in_language(report.language))
    shown = report.result(f"panel.average.{spec.id}", Estimate)
    if shown is not None:  # one figure that says what the chart shows
        caption = f"{message('panel.', [shown], report.words)} {caption}"
    yield event_study_figure(
        released, report.words, _chart(report, spec, "panel", caption.strip(), is_difference=True)
    )
    yield Paragraph(design_sentence("panel", report.words))


def _chart(
    report: Report, spec: Series, name: str, caption: str, *, is_difference: bool = False
) -> Shown:
    unit = spec.unit.in_language(report.language)
    if is_difference:
        points = report.say("document.sheet.unit.percentage_points")
        unit = report.say("trend.unit_difference", unit=points if spec.is_percentage else unit)
    return Shown(
        figure_id=f"{name}-{spec.id}",
        caption=caption,
        unit=unit,
        is_synthetic=spec.is_synthetic,
        source=spec.source.in_language(report.language),
    )


def _by_lot(report: Report, spec: Series) -> Blocks:
    """A few areas with the programme: how many other choices give as large a difference."""
    by_lot = report.of(f"by_lot.{spec.id}", AreasCompared)
    yield from map(
        Paragraph, areas_sentences(by_lot, report.words, is_percentage=spec.is_percentage)
    )


def _average(report: Report, spec: Series, area: str) -> Blocks:
    average = report.always(f"panel.average.{spec.id}", Estimate)
    yield Paragraph(
        average_sentence(average, report.words, area=area, is_percentage=spec.is_percentage)
    )


def _bad_year(report: Report, spec: Series) -> Blocks:
    """What such a comparison could find, and the lead with regard to the bad year."""
    released = report.of(f"bad_year.{spec.id}", LeadAfterBadYear)
    yield from map(
        Paragraph, bad_year_sentences(released, report.words, is_percentage=spec.is_percentage)
    )
    if isinstance(released.result, LeadAfterBadYear):
        found = report.always(f"bad_year.{spec.id}", LeadAfterBadYear)
        yield two_leads_figure(found, report.words, figure_id=f"bad-year-{spec.id}")
        yield Paragraph(design_sentence("bad_year", report.words))


DESIGNS: dict[Design, Callable[[Report, Series], Blocks]] = {
    "interrupted": _interrupted,
    "synthetic_control": _synthetic,
    "panel": _panel,
    "bad_year": _bad_year,
}
"""Every design that a series is read by; each says why when it cannot be."""
