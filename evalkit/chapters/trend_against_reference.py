"""Chapter: the area's series beside the nation's and comparable areas', by design."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from evalkit.answers import trend_against_reference
from evalkit.answers.trends import NEEDED_AFTER_BAD_YEAR
from evalkit.chapters.report import Report
from evalkit.chapters.section import Blocks, asks, say_box, until_not_computable, warnings
from evalkit.chapters.trend_designs import DESIGNS
from evalkit.present.blocks import Heading, Paragraph
from evalkit.present.charts import series_figure
from evalkit.present.sentences.parts import titled
from evalkit.present.sentences.trends import (
    changes_sentence,
    design_sentence,
    lead_sentences,
    message,
    number,
    spread_sentences,
)
from evalkit.present.tables.trends import changes_table, lead_table
from evalkit.project import Project, Series
from evalkit.project.model import ReferenceShare
from evalkit.results import (
    AreaChanges,
    AreaSeries,
    Estimate,
    LeadChange,
    Released,
    SyntheticControl,
)

LONGEST_NOTE = 400
"""Characters: a service's notes on all its tables are no note on these figures."""


@asks(trend_against_reference.series)
def series(report: Report) -> Blocks:
    """Each series as a chart with its table, where it came from and what changed in it."""
    if not report.project.series and not report.project.reference_shares:
        yield Paragraph(report.say("trend.no_series"))
    for spec in report.project.series:
        yield from until_not_computable(report, _series(report, spec))


@asks(trend_against_reference.change)
def change(report: Report) -> Blocks:
    """The change over the programme's time, area against reference, for each series and share."""
    for spec in report.project.series:
        yield Heading(3, spec.title.in_language(report.language))
        yield from until_not_computable(report, _change(report, spec))
    if report.project.series:
        yield Paragraph(report.say("trend.no_interval"))
    for share in report.project.reference_shares:
        yield Heading(3, share.title.in_language(report.language))
        yield from until_not_computable(report, _lead(report, share))
    if not report.project.series and not report.project.reference_shares:
        yield Paragraph(report.say("trend.nothing_to_compare"))


@asks(trend_against_reference.designs)
def designs(report: Report) -> Blocks:
    """What broken lines, weighted areas and panels say of each series, and what they cannot."""
    if not report.project.series and not report.project.reference_shares:
        yield Paragraph(report.say("trend.no_designs"))
    real = judged_series(report.project)
    for spec in report.project.series:
        yield Heading(3, spec.title.in_language(report.language))
        yield from _together(report, spec)
        # Of made-up figures beside real ones, one demonstration is enough.
        names = tuple(DESIGNS) if spec in real else tuple(DESIGNS)[:1]
        for name, blocks_of in ((name, DESIGNS[name]) for name in names):
            yield Heading(4, report.say(f"design.{name}"))
            yield from until_not_computable(report, blocks_of(report, spec))


@asks(trend_against_reference.change)
def conclusions(report: Report) -> Blocks:
    """What series of areas can carry."""
    keys = ["programme", "own", "many"] if report.project.series else []
    if report.project.reference_shares or not keys:
        keys += ["lead", "rise"]
    yield from say_box(
        report, can=[*_can_say(report)], cannot=[report.say(f"trend.cannot.{key}") for key in keys]
    )


def _can_say(report: Report) -> Iterator[str]:
    """How each series and each share has moved beside its reference."""
    told = [
        *((spec.title, _beside(report, spec)) for spec in judged_series(report.project)),
        *((one.title, _lead_sentences(report, one)[2:]) for one in report.project.reference_shares),
    ]
    for title, sentences in told:
        name = title.in_language(report.language) if len(told) > 1 else ""
        if sentences:
            yield titled(" ".join(sentences), report.words, title=name)


def _beside(report: Report, spec: Series) -> tuple[str, ...]:
    """The change against the reference with its interval; without one where there is none."""
    if report.result(f"change.{spec.id}", AreaChanges) is None:
        return ()
    if report.result(f"change.{spec.id}.beside", Estimate) is None:
        return (
            changes_sentence(
                report.always(f"change.{spec.id}", AreaChanges),
                report.words,
                unit=spec.unit.in_language(report.language),
                is_percentage=spec.is_percentage,
            ),
        )
    return _spread(report, spec)


def _spread(report: Report, spec: Series) -> tuple[str, ...]:
    return spread_sentences(
        report.always(f"change.{spec.id}.beside", Estimate),
        report.words,
        reference=spec.reference,
        is_percentage=spec.is_percentage,
    )


def _series(report: Report, spec: Series) -> Blocks:
    """The chart with its table, where the figures came from and what changed in them."""
    found = report.always(f"series.{spec.id}", AreaSeries)
    _, last, first_after = report.always(f"span.{spec.id}", tuple).result
    yield series_figure(
        found,
        report.words,
        figure_id=f"series-{spec.id}",
        caption=_captioned(report, spec),
        area=spec.area,
        reference=spec.reference,
        unit=spec.unit.in_language(report.language),
        comparison=spec.comparison,
        goal=spec.goal,
        period=(first_after, last),
        source=spec.source.in_language(report.language),
    )
    if spec.is_synthetic:
        yield Paragraph(report.say("trend.synthetic"))
    yield from _origin(report, spec)
    words = report.words
    for area, period in report.always(f"series.{spec.id}", AreaSeries).result.repeated:
        yield Paragraph(words.say("trend.repeated", area=area, period=words.numbers.period(period)))
    yield from _breaks(report, spec)


def _captioned(report: Report, spec: Series) -> str:
    """What the chart shows, where an interval of real figures carries it, and of what."""
    title, beside = spec.title.in_language(report.language), f"change.{spec.id}.beside"
    row = report.result(beside, Estimate)
    if row is None or spec.is_synthetic:
        return title
    reference = report.words.labels.inline("area", spec.reference)
    return f"{message('', [row], report.words, area=spec.area, reference=reference)} {title}"


def _origin(report: Report, spec: Series) -> Blocks:
    """From where and when a fetched file came; nothing for a file that was put there by hand."""
    origin = report.result(f"origin.{spec.id}", dict)
    if origin is None:
        return
    words = report.words
    yield Paragraph(
        words.say(
            "trend.origin",
            source=origin["source"],
            date=words.numbers.date(origin["day"]),
            licence=origin["licence"],
        )
    )
    if origin["definition"]:
        yield Paragraph(words.say("trend.definition", ages=origin["definition"]))
    for note in origin["notes"]:
        if len(note) <= LONGEST_NOTE:
            yield Paragraph(words.say("trend.source_says", note=note))
    if not origin["is_as_fetched"]:
        yield Paragraph(words.say("trend.changed_after_fetching"))


def _breaks(report: Report, spec: Series) -> Blocks:
    words = report.words
    for found in spec.breaks:
        yield Paragraph(
            words.say(
                "trend.break",
                period=words.numbers.period(found.period),
                text=found.text.in_language(report.language),
            )
        )
    if spec.breaks:
        yield from warnings(report, ["definition_break"])


def _change(report: Report, spec: Series) -> Blocks:
    released = report.always(f"change.{spec.id}", AreaChanges)
    span = report.always(f"span.{spec.id}", tuple).result
    unit = spec.unit.in_language(report.language)
    first, last = (report.words.numbers.period(p) for p in span[:2])
    yield Paragraph(
        changes_sentence(released, report.words, unit=unit, is_percentage=spec.is_percentage)
    )
    yield changes_table(
        released,
        report.words,
        table_id=f"change-{spec.id}",
        caption=report.say("trend.table_caption", first=first, last=last, unit=unit),
        source=spec.source.in_language(report.language),
    )
    if spec.goal is not None:
        yield Paragraph(_goal(report, spec))
    yield from map(Paragraph, _spread(report, spec))
    yield Paragraph(design_sentence("change_against_reference", report.words))


def _lead(report: Report, spec: ReferenceShare) -> Blocks:
    released = _named(report, spec)
    name = spec.name.in_language(report.language)
    yield from map(Paragraph, lead_sentences(released, report.words, name=name))
    if isinstance(released.result, LeadChange):
        yield lead_table(
            released,
            report.words,
            name=name,
            table_id=f"lead-{spec.id}",
            caption=spec.title.in_language(report.language),
        )
    source = spec.source.in_language(report.language)
    yield Paragraph(report.say("trend.lead.source", text=source))
    count = report.words.numbers.count
    needed = {name: count(n) for name, n in NEEDED_AFTER_BAD_YEAR.items()}
    yield Paragraph(report.say("trend.lead.bad_year", **needed))
    yield Paragraph(design_sentence("lead", report.words))


def _named(report: Report, spec: ReferenceShare) -> Released[Any]:
    """The lead with its periods named in the language of the report."""
    released: Released[Any] = report.of(f"lead.{spec.id}", LeadChange)
    found = released.result
    if not isinstance(found, LeadChange):
        return released
    before, after = (
        replace(side, label=figure.label.in_language(report.language))
        for side, figure in ((found.before, spec.before), (found.after, spec.after))
    )
    return replace(released, result=replace(found, before=before, after=after))


def _lead_sentences(report: Report, spec: ReferenceShare) -> tuple[str, ...]:
    """The sentences on a lead; none where it cannot be computed."""
    if report.result(f"lead.{spec.id}", LeadChange) is None:
        return ()
    name = spec.name.in_language(report.language)
    return lead_sentences(_named(report, spec), report.words, name=name)


def judged_series(project: Project) -> tuple[Series, ...]:
    """The series that conclusions are of: none of noise beside real figures."""
    real = tuple(one for one in project.series if not one.is_synthetic)
    return real or project.series


def _together(report: Report, spec: Series) -> Blocks:
    """One sentence over the designs that compare with other areas, before each by itself."""
    beside = report.result(f"change.{spec.id}.beside", Estimate)
    weighted = report.result(f"synthetic_control.{spec.id}", SyntheticControl)
    panel = report.result(f"panel.average.{spec.id}", Estimate)
    if beside is None or weighted is None or panel is None or spec.is_synthetic:
        return
    found = {"reference": beside.value, "weighted": weighted.difference, "others": panel.value}
    agree = len({value > 0 for value in found.values()}) == 1
    yield Paragraph(
        report.say(
            f"trend.together.{'agree' if agree else 'differ'}",
            area=spec.area,
            against=report.words.labels.inline("area", spec.reference),
            **{
                name: number(value, report.words, is_percentage=spec.is_percentage)
                for name, value in found.items()
            },
        )
    )


def _goal(report: Report, spec: Series) -> str:
    found = report.always(f"series.{spec.id}", AreaSeries).result.observations
    own = found[found["area"] == spec.area].sort_values("period").iloc[-1]
    numbers = report.words.numbers
    return report.say(
        "trend.goal_at" if spec.goal_at else "trend.goal",
        at=spec.goal_at,
        goal=numbers.number(spec.goal or 0.0, decimals=1),
        period=numbers.period(str(own["period"])),
        value=numbers.number(float(own["value"]), decimals=1),
    )
