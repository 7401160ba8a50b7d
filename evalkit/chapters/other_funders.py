"""The part on the same exits by two other funders' definitions, and step by step between them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from evalkit.answers.esf_indicators import codes_of, work_results
from evalkit.answers.other_funders import definitions
from evalkit.chapters.report import Report
from evalkit.chapters.section import Blocks
from evalkit.present.blocks import Paragraph
from evalkit.present.tables import estimates_table
from evalkit.present.tables.indicators import (
    MOVES,
    TOTAL,
    StepLine,
    before_and_after_table,
    steps_table,
)
from evalkit.results import CountTable, EstimateRow, Released, Withheld


def side_by_side_part(report: Report) -> Blocks:
    """The result of the same exits by the project's, Kolada's, SUS's and the fund's definitions."""
    to_esf, to_sus = (chain.id for chain in definitions().chains)
    codes = {kind: one.code for kind, one in work_results(codes_of(report.project)).items()}
    measures: dict[str, EstimateRow | None] = {
        _own_measure(report, "esf.side.own"): _step_share(report, to_esf, "own"),
        _measure(report, "kolada"): _step_share(report, to_esf, "kolada"),
        _measure(report, "sus"): _step_share(report, to_sus, "sus"),
        report.say("esf.side.immediate", code=codes["immediate_result"]): _step_share(
            report, to_esf, "last_event_decides"
        ),
        report.say("esf.side.longer_term", code=codes["longer_term_result"]): _step_share(
            report, to_esf, "six_months_status"
        ),
    }
    rows = [(label, share) for label, share in measures.items() if share is not None]
    shares = tuple(row for _, row in rows)
    withheld = sum(isinstance(row, Withheld) for row in shares)
    rule = report.always("esf.parts", tuple).rule
    yield estimates_table(
        Released(shares, withheld, rule, is_internal=report.is_internal),
        report.words,
        table_id="esf-side-by-side",
        caption=report.say("esf.side.caption"),
        row_labels=[label for label, _ in rows],
        row_heading=report.say("column.definition"),
    )
    absent = [label for label, share in measures.items() if share is None]
    if absent:
        listed = report.words.labels.all_of(absent)
        yield Paragraph(report.say("esf.side.not_recorded", measures=listed))


def reconciliation_part(report: Report) -> Blocks:
    """Step by step from one share to the other: whom one definition counts and the next not."""
    for chain in definitions().chains:
        steps = _steps(report, chain.id)
        if not steps:
            yield Paragraph(report.say("withheld.protected"))
            continue
        lines = [
            StepLine(
                text=_step_text(report, step["changes"], is_first=number == 0),
                moves=dict(zip(MOVES, step["moves"], strict=True)) if number else {},
                share=step["share"],
            )
            for number, step in enumerate(steps)
        ]
        note = () if report.is_internal else (report.say("reconcile.note"),)
        yield steps_table(
            lines,
            report.words,
            table_id=f"esf-{chain.id.replace('_', '-')}",
            caption=report.say(f"reconcile.caption.{chain.id}"),
            notes=(report.say("reconcile.columns"), *note),
        )


def before_and_after_part(report: Report) -> Blocks:
    """Employment and income support of those who have left, before and after."""
    dimensions = [one for one in ("situation", "support_after") if f"esf.{one}.before" in report]
    for dimension in dimensions:
        heading = report.say(f"esf.before_after.{dimension}")
        yield before_and_after_table(
            _paired_lines(report, dimension),
            report.words,
            table_id=f"esf-{dimension.replace('_', '-')}",
            caption=report.say("esf.before_after.caption", what=heading.lower()),
            heading=heading,
        )
    if "support_after" not in dimensions:
        yield Paragraph(report.say("esf.before_after.not_recorded"))


def _steps(report: Report, chain: str) -> tuple[dict[str, Any], ...]:
    """The steps of a chain; none where its first measure may not be shown."""
    return report.result(f"esf.{chain}", tuple) or ()


def _step_share(report: Report, chain: str, change: str) -> EstimateRow | None:
    """The share of the step that ends with a change; nothing where the register cannot tell it.

    Withheld where the change is taken together with others, or is of too few persons. Where the
    chain may not be shown at all, each share is as it was released by itself.
    """
    for step in _steps(report, chain):
        if step["changes"][-1] == change:
            share: EstimateRow = step["share"]
            return share
    if not report.always("esf.collected", dict).result.get(f"{chain}.{change}", False):
        return None
    if not _steps(report, chain):
        alone: EstimateRow = report.always(f"esf.{chain}.shares", dict).result[change]
        return alone
    return Withheld(measure="share", reason="protected")


def _step_text(report: Report, changes: Sequence[str], *, is_first: bool) -> str:
    if is_first:
        return _own_measure(report, "reconcile.own")
    return " ".join(report.say(f"reconcile.{change}") for change in changes)


def _own_measure(report: Report, key: str) -> str:
    """A text on the project's own outcome."""
    labels = report.words.labels
    outcomes = (labels.inline("exit_class", one) for one in report.project.outcomes.positive)
    return report.say(key, outcome=labels.any_of(outcomes))


def _measure(report: Report, measure_id: str) -> str:
    label = definitions().measure(measure_id).label
    assert label is not None
    return label.in_language(report.language)


def _paired_lines(report: Report, dimension: str) -> list[tuple[str, int | None, int | None]]:
    """Situations before and after of those who have left."""
    labels = report.words.labels
    first, second = (
        report.always(f"esf.{dimension}.{side}", CountTable).result for side in ("before", "after")
    )
    before, after = first.known, second.known
    special = {"": report.say("label.missing"), TOTAL: report.say("label.total")}
    return [
        (special.get(level) or labels.level(dimension, level), before.get(level), after.get(level))
        for level in map(str, first.counts[first.dimensions[0]])
    ]
