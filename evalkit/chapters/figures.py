"""The figures of a project that a portfolio compares: only what was released, as printed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evalkit.answers.counts import Denominator, share_id
from evalkit.answers.participants import DENOMINATORS
from evalkit.chapters.report import Report
from evalkit.chapters.sites import site_labels
from evalkit.figures import ReleasedFigure
from evalkit.present.labels import count_behind
from evalkit.present.numbers import DECIMALS, KIND_OF_UNIT, printed_value
from evalkit.results import AreaChanges, Estimate, FlowStep, TargetVerdict

_HUNDRED = 100


def report_figures(report: Report) -> tuple[ReleasedFigure, ...]:
    """Participants, shares with a positive exit, sites, targets, and changes of series."""
    figures = list(_of_series(report))
    if report.project.registers:
        figures = [*_participants(report), *_shares(report), *_sites(report), *figures]
    return (*figures, *_targets(report))


def _participants(report: Report) -> Iterator[ReleasedFigure]:
    counted = report.result("persons", FlowStep)
    if counted is not None:
        yield ReleasedFigure(
            id="participants",
            measure="participants",
            label=report.say("headline.participants"),
            value=counted.count,
            n=counted.count,
            unit="persons",
        )


def positive_shares(report: Report) -> Iterator[tuple[Denominator, str, Estimate]]:
    """Of whom, in a few words, and the released share with a positive exit."""
    words, positive = report.words, report.project.outcomes.positive
    outcome = words.labels.any_of(words.labels.inline("exit_class", one) for one in positive)
    for denominator in DENOMINATORS:
        share = report.result(share_id(positive, denominator), Estimate)
        if share is not None:
            text = words.say(f"participants.outcomes.{denominator}", outcome=outcome)
            yield denominator, text, share


def _shares(report: Report) -> Iterator[ReleasedFigure]:
    for denominator, text, share in positive_shares(report):
        yield ReleasedFigure(
            id=f"share.{denominator}",
            measure="share",
            label=text,
            outcome=tuple(report.project.outcomes.positive),
            denominator=denominator,
            **_numbers(share),
        )


def _sites(report: Report) -> Iterator[ReleasedFigure]:
    if "sites" not in report.project.chapters:
        return  # printed nowhere
    for spec in report.project.sites:
        rows = report.result(f"site.{spec.id}", tuple)  # none where mostly nobody knows how it went
        if rows is None:
            continue
        for label, row in zip(site_labels(report, spec), rows[1:], strict=True):
            if isinstance(row, Estimate):
                yield ReleasedFigure(
                    id=f"site.{spec.id}.{row.group}",
                    measure="site",
                    label=spec.title.in_language(report.language),
                    group=label,
                    dimension=spec.by,
                    outcome=spec.outcome,
                    denominator=spec.denominator,
                    **_numbers(row),
                )


def _targets(report: Report) -> Iterator[ReleasedFigure]:
    for target in report.project.targets:
        verdict = report.result(f"target.{target.id}", TargetVerdict)
        if verdict is not None:
            yield ReleasedFigure(
                id=f"target.{target.id}",
                measure="target",
                label=target.title.in_language(report.language),
                outcome=target.outcome,
                denominator=target.denominator,
                goal=target.goal,
                **_numbers(verdict.estimate),
            )


def _of_series(report: Report) -> Iterator[ReleasedFigure]:
    for spec in report.project.series:
        changes = report.result(f"change.{spec.id}", AreaChanges)
        if changes is not None:
            yield ReleasedFigure(
                id=f"change.{spec.id}",
                measure="change",
                label=spec.title.in_language(report.language),
                value=float(printed_value(changes.area.change, "number", decimals=2)),
                unit=spec.unit.in_language(report.language),
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
