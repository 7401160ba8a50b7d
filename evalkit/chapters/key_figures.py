"""The key figures of a project, each with its interval: what the portfolio page shows."""

from __future__ import annotations

from collections.abc import Iterator

from evalkit.answers.asking import collected
from evalkit.answers.headlines import headlines as asked
from evalkit.answers.study import Study
from evalkit.chapters.figures import positive_shares, report_figures
from evalkit.chapters.first_page import first_page
from evalkit.chapters.press import press
from evalkit.chapters.report import Report
from evalkit.chapters.section import HEADLINES, Placeholder, explored_report, released_report
from evalkit.chapters.trend_against_reference import judged_series
from evalkit.present.blocks import Headline, Headlines, Section
from evalkit.present.labels import Words
from evalkit.present.sentences import printed_grade
from evalkit.present.sentences.trends import number
from evalkit.project import Series
from evalkit.results import AreaChange, AreaChanges, FlowStep, TargetVerdict
from evalkit.shape import in_words


def headlines(study: Study) -> Headlines | Placeholder:
    """Participants, targets with interval and verdict, and changes of series."""
    if study.purpose == "ask":
        study.ask(collected(study, HEADLINES, asked))
        return Placeholder(HEADLINES)
    if study.purpose == "release":
        return show(released_report(study))
    return show(explored_report(study, HEADLINES, asked))


def show(report: Report) -> Headlines:
    """The key figures of released answers, in one language and as plain data."""
    blocks = () if report.is_internal else (*first_page(report), *press(report))
    made = Headlines(tuple(_entries(report)), report_figures(report), Section(tuple(blocks)))
    return in_words(made, report.words)


def _entries(report: Report) -> Iterator[Headline]:
    words = report.words
    if report.project.registers:
        counted = report.result("persons", FlowStep)
        if counted is not None:
            count = report.words.numbers.count(counted.count)
            yield Headline(report.say("headline.participants"), count)
        # Where the target is a status after leaving, what people left for is another question.
        if not any(target.status_column for target in report.project.targets):
            for _, text, share in positive_shares(report):
                yield Headline(text, words.value(share), words.interval(share))
    for target in report.project.targets:
        result = report.result(f"target.{target.id}", TargetVerdict)
        if result is not None:
            grade = words.labels.level("grade", printed_grade(result, words))
            detail = words.say("headline.with_interval", result.estimate)
            yield Headline(target.title.in_language(report.language), grade, detail)
    yield from _series_entries(report)


def _series_entries(report: Report) -> Iterator[Headline]:
    words = report.words
    for spec in judged_series(report.project):
        changes = report.result(f"change.{spec.id}", AreaChanges)
        if changes is None:
            continue
        text = words.say(
            "headline.change",
            area=changes.area.area,
            change=_change(changes.area, spec, words),
        )
        detail = words.say(
            "headline.change_beside",
            reference=words.labels.level("area", changes.reference.area),
            reference_change=_change(changes.reference, spec, words),
            first=words.numbers.period(changes.first),
            last=words.numbers.period(changes.last),
        )
        yield Headline(spec.title.in_language(report.language), text, detail)


def _change(found: AreaChange, spec: Series, words: Words) -> str:
    """The change with its unit, or in percentage points."""
    change = number(found.change, words, is_percentage=spec.is_percentage)
    if spec.is_percentage:
        return change
    return words.say("headline.unit", change=change, unit=spec.unit.in_language(words.language))
