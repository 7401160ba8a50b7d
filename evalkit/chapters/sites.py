"""Chapter: how much sites differ beyond chance – a forest and a funnel, and no league table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from evalkit.answers import sites
from evalkit.chapters.report import Report
from evalkit.chapters.section import Blocks, asks, say_box, until_not_computable
from evalkit.present.blocks import Figure as FigureBlock
from evalkit.present.blocks import Heading, Paragraph
from evalkit.present.charts import forest_figure, funnel_figure, interval_figure
from evalkit.present.sentences import (
    chance_sentence,
    message_sentence,
    not_computed_sentence,
    outcome_is,
    outcome_was,
    sites_sentences,
)
from evalkit.present.sentences.shares import zero_verdict
from evalkit.project.questions import Sites
from evalkit.results import CannotBeComputed, Estimate, Released, SiteComparison, Withheld

MOST_ROWS = 12


@asks(sites.comparisons)
def comparisons(report: Report) -> Blocks:
    """Each comparison of the project file: sentences, forest, funnel."""
    if not report.project.sites:
        yield Paragraph(report.say("sites.none"))
    for spec in report.project.sites:
        yield Heading(3, spec.title.in_language(report.language))
        yield from until_not_computable(report, _comparison(report, spec))


@asks(sites.comparisons)
def conclusions(report: Report) -> Blocks:
    """What a comparison between sites can carry."""
    can = list(_can_say(report))
    # Without a comparison there are no limits for a place to lie outside.
    found = [f"site.{spec.id}.comparison" for spec in report.project.sites]
    has_limits = any(report.result(name, SiteComparison) for name in found)
    names = ("rank", "work", "single") if has_limits else ("rank", "work")
    yield from say_box(
        report, can=can, cannot=[report.say(f"sites.cannot.{name}") for name in names]
    )


def site_labels(report: Report, spec: Sites) -> list[str]:
    """Printed names of the sites, as their rows are ordered: never by value."""
    rows = report.always(f"site.{spec.id}", tuple).result[1:]
    return [report.words.labels.level(spec.by, row.group) for row in rows]


def _is_hidden(report: Report, spec: Sites) -> bool:
    rows = report.always(f"site.{spec.id}", tuple).result
    return len(rows) == 1 or all(isinstance(row, Withheld) for row in rows)


def _comparison(report: Report, spec: Sites) -> Blocks:
    words = report.words
    if _is_hidden(report, spec):
        yield Paragraph(words.say("sites.hidden"))
        return
    try:
        released = report.always(f"site.{spec.id}.comparison", SiteComparison)
    except CannotBeComputed as error:
        yield Paragraph(_of_two(report, spec) or not_computed_sentence(error, words))
        yield _plain_figure(report, spec)
        return
    found, labels = released.result, site_labels(report, spec)
    outcome = (outcome_is if spec.status_column else outcome_was)(words, *spec.outcome)
    yield from map(Paragraph, sites_sentences(released, words, labels=labels, outcome=outcome))
    title = spec.title.in_language(report.language)
    if len(found.sites) > MOST_ROWS:
        yield _funnel(report, spec, released, labels)
        return
    yield forest_figure(
        released,
        words,
        figure_id=f"forest-{spec.id}",
        caption=words.say(
            "sites.forest_caption", message=message_sentence(found, words), title=title
        ),
        labels=labels,
    )


def _funnel(
    report: Report, spec: Sites, released: Released[SiteComparison], labels: list[str]
) -> FigureBlock:
    """Many places as dots: a row for each could not be read."""
    words, found = report.words, released.result
    named = zip(labels, found.sites, strict=True)
    return funnel_figure(
        replace(released, result=found.funnel, withheld=0),  # type: ignore[arg-type]
        words,
        figure_id=f"funnel-{spec.id}",
        caption=words.say(
            "sites.funnel_caption",
            message=message_sentence(found, words),
            title=spec.title.in_language(report.language),
        ),
        labels=[label for label, row in named if isinstance(row, Estimate)],
        dimension=spec.by,
    )


def _of_two(report: Report, spec: Sites) -> str:
    """Of two places their difference, which there is no spread to set beside; else nothing."""
    gap = report.result(f"site.{spec.id}.gap", Estimate)
    if gap is None:
        return ""
    rows, words = report.always(f"site.{spec.id}", tuple).result[1:], report.words
    named = zip(rows, site_labels(report, spec), strict=True)
    (low, lower), (high, higher) = sorted(named, key=lambda pair: pair[0].value)
    shares = {"high": words.value(high), "low": words.value(low)}
    key = f"sites.two.{zero_verdict(gap)}"
    return words.say(key, gap, higher=higher, lower=lower, **shares)


def _plain_figure(report: Report, spec: Sites) -> FigureBlock:
    """The sites as they are, where there are too few of them to pool."""
    words = report.words
    title = spec.title.in_language(report.language)
    return interval_figure(
        report.always(f"site.{spec.id}", tuple),
        words,
        figure_id=f"sites-{spec.id}",
        caption=words.say("sites.forest_caption", message="", title=title).lstrip(),
        dimension=spec.by,
        row_labels=[words.say("sites.everyone"), *site_labels(report, spec)],
    )


def _can_say(report: Report) -> Iterator[str]:
    """A sentence per comparison that could be made."""
    for spec in report.project.sites:
        name = f"site.{spec.id}.comparison"
        if _is_hidden(report, spec):
            continue
        if report.result(name, SiteComparison) is not None:
            yield chance_sentence(report.always(name, SiteComparison), report.words)
        elif two := _of_two(report, spec):
            yield two
