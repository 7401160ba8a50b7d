"""The figures of a project that a portfolio compares: only what passed the door, as printed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evalkit.answers.measures import positive_shares
from evalkit.answers.site_shares import site_shares
from evalkit.answers.study import Study
from evalkit.answers.trends import programme_changes
from evalkit.chapters.targets_and_claims import verdict
from evalkit.documents.figures import ReleasedFigure
from evalkit.present.numbers import DECIMALS, KIND_OF_UNIT, printed_value
from evalkit.present.sentences.parts import count_behind
from evalkit.results import CannotBeComputed, Estimate, FlowStep, TargetVerdict

_HUNDRED = 100


def study_figures(study: Study) -> tuple[ReleasedFigure, ...]:
    """Participants, shares with a positive exit, sites, targets, and changes of series."""
    figures = list(_of_series(study))
    if study.project.registers:
        figures = [*_participants(study), *_shares(study), *_sites(study), *figures]
    return (*figures, *_targets(study))


def _participants(study: Study) -> Iterator[ReleasedFigure]:
    counted = FlowStep(step="persons_analysed", count=len(study.persons), unit="persons")
    released = study.through_door(counted).result
    if isinstance(released, FlowStep):
        yield ReleasedFigure(
            id="participants",
            measure="participants",
            label=study.words.texts["headline.participants"],
            value=released.count,
            n=released.count,
            unit="persons",
        )


def _shares(study: Study) -> Iterator[ReleasedFigure]:
    words, positive = study.words, study.project.outcomes.positive
    outcome = words.labels.any_of(words.labels.inline("exit_class", one) for one in positive)
    for row, of_whom in zip(
        positive_shares(study, positive), ("participants", "exits"), strict=True
    ):
        released = study.through_door(row).result
        if isinstance(released, Estimate):
            yield ReleasedFigure(
                id=f"share.{of_whom}",
                measure="share",
                label=words.texts.format(f"participants.outcomes.{of_whom}", outcome=outcome),
                outcome=tuple(positive),
                denominator=of_whom,
                **_numbers(released),
            )


def _sites(study: Study) -> Iterator[ReleasedFigure]:
    if "sites" not in study.project.chapters:
        return  # printed nowhere
    for spec in study.project.sites:
        shares = site_shares(study, spec)
        for label, row in zip(shares.labels, shares.sites, strict=True):
            if isinstance(row, Estimate):
                yield ReleasedFigure(
                    id=f"site.{spec.id}.{row.group}",
                    measure="site",
                    label=spec.title.in_language(study.language),
                    group=label,
                    dimension=spec.by,
                    outcome=spec.outcome,
                    denominator=spec.denominator,
                    **_numbers(row),
                )


def _targets(study: Study) -> Iterator[ReleasedFigure]:
    for target in study.project.targets:
        result = verdict(study, target).result
        if isinstance(result, TargetVerdict):
            yield ReleasedFigure(
                id=f"target.{target.id}",
                measure="target",
                label=target.title.in_language(study.language),
                outcome=target.outcome,
                denominator=target.denominator,
                goal=target.goal,
                **_numbers(result.estimate),
            )


def _of_series(study: Study) -> Iterator[ReleasedFigure]:
    for spec in study.project.series:
        try:
            changes = programme_changes(study, spec)
        except CannotBeComputed:
            continue
        yield ReleasedFigure(
            id=f"change.{spec.id}",
            measure="change",
            label=spec.title.in_language(study.language),
            value=float(printed_value(changes.area.change, "number", decimals=2)),
            unit=spec.unit.in_language(study.language),
            decimals=2,
        )


def _numbers(estimate: Estimate) -> dict[str, Any]:
    """Value, limits and counts of a share to the decimals that the report prints."""
    kind = KIND_OF_UNIT[estimate.unit]
    decimals = DECIMALS[kind]
    value, low, high = (
        float(printed_value(one, kind, decimals=decimals) / _HUNDRED)
        for one in (estimate.value, estimate.low, estimate.high)
    )
    return {
        "value": value,
        "low": low,
        "high": high,
        "n": estimate.n,
        "events": count_behind(estimate),
        "unit": estimate.unit,
        "decimals": decimals,
    }
