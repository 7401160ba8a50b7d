"""The key figures of a project, each with its interval: what the portfolio page shows."""

from __future__ import annotations

from collections.abc import Iterator

from evalkit.answers.measures import positive_shares
from evalkit.answers.study import Study
from evalkit.chapters.figures import study_figures
from evalkit.chapters.targets_and_claims import verdict
from evalkit.chapters.trend_against_reference import programme_changes
from evalkit.documents.kept import Headline, Headlines
from evalkit.present.sentences import interval_text
from evalkit.present.sentences.parts import value_text
from evalkit.present.sentences.trends import number
from evalkit.results import CannotBeComputed, Estimate, FlowStep, TargetVerdict


def headlines(study: Study) -> Headlines:
    """Participants, targets with interval and verdict, and changes of series."""
    return Headlines(tuple(_entries(study)), study_figures(study))


def _entries(study: Study) -> Iterator[Headline]:
    words = study.words
    if study.project.registers:
        yield from _participants(study)
        yield from _positive_entries(study)
    for target in study.project.targets:
        result = verdict(study, target).result
        if isinstance(result, TargetVerdict):
            grade = words.labels.level("grade", result.grade)
            detail = words.texts.format(
                "headline.with_interval",
                value=value_text(result.estimate, words),
                interval=interval_text(result.estimate, words),
            )
            yield Headline(target.title.in_language(study.language), grade, detail)
    yield from _series_entries(study)


def _participants(study: Study) -> Iterator[Headline]:
    words = study.words
    counted = FlowStep(step="persons_analysed", count=len(study.persons), unit="persons")
    released = study.through_door(counted).result
    if isinstance(released, FlowStep):
        count = words.numbers.count(released.count)
        yield Headline(words.texts["headline.participants"], count)


def _positive_entries(study: Study) -> Iterator[Headline]:
    words, positive = study.words, study.project.outcomes.positive
    outcome = words.labels.any_of(words.labels.inline("exit_class", one) for one in positive)
    of_whom = ("participants", "exits")
    for row, denominator in zip(positive_shares(study, positive), of_whom, strict=True):
        released = study.through_door(row).result
        if isinstance(released, Estimate):
            label = words.texts.format(f"participants.outcomes.{denominator}", outcome=outcome)
            yield Headline(label, value_text(released, words), interval_text(released, words))


def _series_entries(study: Study) -> Iterator[Headline]:
    words = study.words
    for spec in study.project.series:
        try:
            changes = programme_changes(study, spec)
        except CannotBeComputed:
            continue
        text = words.texts.format(
            "headline.change",
            area=changes.area.area,
            change=number(changes.area.change, words, is_percentage=spec.is_percentage),
        )
        detail = words.texts.format(
            "headline.change_beside",
            reference=words.labels.level("area", changes.reference.area),
            reference_change=number(
                changes.reference.change, words, is_percentage=spec.is_percentage
            ),
            first=words.numbers.period(changes.first),
            last=words.numbers.period(changes.last),
        )
        yield Headline(spec.title.in_language(study.language), text, detail)
