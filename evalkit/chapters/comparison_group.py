"""Chapter: participants beside persons who did not take part, made alike in what is known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evalkit.answers import comparison_group
from evalkit.chapters.report import Report
from evalkit.chapters.section import Blocks, asks, say_box
from evalkit.present.blocks import Heading, Paragraph
from evalkit.present.charts.comparison import (
    balance_figure,
    differences_by_method_figure,
    overlap_figure,
)
from evalkit.present.sentences import missing_sentence, outcome_is
from evalkit.present.sentences.comparison import (
    LEVEL_OF,
    balance_sentences,
    came_about_sentences,
    comparison_sentences,
    e_value_sentences,
    main_sentences,
    overlap_sentences,
)
from evalkit.present.tables.comparison import group_flow_table
from evalkit.project import Comparison
from evalkit.results import (
    AdjustedComparison,
    Balance,
    CannotBeComputed,
    Estimate,
    EValue,
    FlowStep,
    GroupFlow,
    Overlap,
    Released,
    Withheld,
)

__all__ = ["conclusions", "differences", "groups", "likeness", "sensitivity"]

_CANNOT = {
    "chance": ("offer", "later", "others"),
    "similar": ("unknown", "later", "others"),
    "self_selected": ("chosen", "unknown", "later", "others"),
}


@asks(comparison_group.groups)
def groups(report: Report) -> Blocks:
    """Who is compared, how that came about, on which day, and who was left out."""
    spec = _specification(report)
    yield Heading(3, spec.title.in_language(report.language))
    if spec.is_synthetic:
        yield Paragraph(report.say("comparison.synthetic"))
    yield Paragraph(spec.description.in_language(report.language).strip())
    yield Paragraph(came_about_sentences(spec.came_about, report.words)[0])
    yield Paragraph(report.say("comparison.clock", **_wording(report, spec)))
    yield from _also_participants(report)
    yield from _confounders(report, spec)
    yield group_flow_table(
        report.always("comparison.flow", GroupFlow), report.words, table_id="comparison-flow"
    )


@asks(comparison_group.differences)
def likeness(report: Report) -> Blocks:
    """How alike the groups are before and after weighting, and whether they overlap."""
    if isinstance(_released(report).result, Withheld):
        yield Paragraph(missing_sentence(report.missing("comparison.differences"), report.words))
        return
    if not (
        report.result("comparison.balance", Balance)
        and report.result("comparison.overlap", Overlap)
    ):
        yield Paragraph(report.say("withheld.protected"))
        return
    balance = report.always("comparison.balance", Balance)
    overlap = report.always("comparison.overlap", Overlap)
    yield from map(Paragraph, balance_sentences(balance, report.words))
    yield balance_figure(balance, report.words, figure_id="comparison-balance")
    yield from map(Paragraph, overlap_sentences(overlap, report.words))
    yield overlap_figure(overlap, report.words, figure_id="comparison-overlap")


@asks(comparison_group.differences)
def differences(report: Report) -> Blocks:
    """The difference by every method, and what it can carry."""
    spec = _specification(report)
    released = _released(report)
    wording = _wording(report, spec)
    yield from map(
        Paragraph,
        comparison_sentences(
            released,
            report.words,
            came_about=spec.came_about,
            outcome=wording["outcome"],
            day=spec.outcome.day,
        ),
    )
    if isinstance(released.result, AdjustedComparison):
        yield differences_by_method_figure(
            released,
            report.words,
            figure_id="comparison-differences",
            caption=" ".join(
                (
                    _message(report, released.result),
                    report.say("comparison.methods.caption", **wording),
                )
            ),
        )
    yield Paragraph(came_about_sentences(spec.came_about, report.words)[1])


@asks(comparison_group.differences)
def sensitivity(report: Report) -> Blocks:
    """How strong something unknown would have to be to match the difference."""
    yield from map(
        Paragraph, e_value_sentences(report.of("comparison.e_value", EValue), report.words)
    )


@asks(comparison_group.conclusions)
def conclusions(report: Report) -> Blocks:
    """What the comparison can carry."""
    spec = _specification(report)
    day = report.words.numbers.days(spec.outcome.day)
    yield from say_box(
        report,
        can=list(_can_say(report, spec)),
        cannot=[
            report.say(f"comparison.cannot.{key}", day=day)
            for key in _CANNOT[LEVEL_OF[spec.came_about]]
        ],
    )


def _message(report: Report, found: AdjustedComparison) -> str:
    """What the chart shows, by the method that the text uses."""
    row = found.main_difference
    key = "none"
    if isinstance(row, Estimate) and not row.low <= 0 <= row.high:
        key = "higher" if row.value > 0 else "lower"
    return report.say(f"comparison.message.{key}")


def _can_say(report: Report, spec: Comparison) -> Iterator[str]:
    """The main sentence and the rest, where they exist and may be shown."""
    made = report.result("comparison.differences", AdjustedComparison)
    if made is None:
        return
    yield " ".join(main_sentences(made, report.words, came_about=spec.came_about)[:2])
    yield report.say("comparison.can.balance")
    found = report.result("comparison.e_value", EValue)
    if found is not None:
        value = report.words.numbers.number(found.point, decimals=1)
        yield report.say("comparison.can.e_value", value=value)


def _specification(report: Report) -> Comparison:
    """The comparison part of the project file, or that there is none."""
    if report.project.comparison is None:
        raise CannotBeComputed("no_comparison_group")
    return report.project.comparison


def _released(report: Report) -> Released[Any]:
    """The differences, or that they are withheld."""
    return report.of("comparison.differences", AdjustedComparison)


def _wording(report: Report, spec: Comparison) -> dict[str, str]:
    return {
        "outcome": outcome_is(report.words, *spec.outcome.statuses),
        "day": report.words.numbers.days(spec.outcome.day),
    }


def _confounders(report: Report, spec: Comparison) -> Blocks:
    columns = report.always("comparison.confounders", dict).result
    yield Paragraph(_columns(report, "comparison.confounders", columns["used"]))
    if spec.missing == "complete":
        yield Paragraph(report.say("comparison.filled.complete"))
    elif columns["filled"]:
        yield Paragraph(_columns(report, "comparison.filled", columns["filled"]))
    if columns["constant"]:
        yield Paragraph(_columns(report, "comparison.constant", columns["constant"], starts=True))


def _columns(report: Report, key: str, columns: tuple[str, ...], *, starts: bool = False) -> str:
    """A sentence with the headings of some columns, small letters unless they open it."""
    labels = report.words.labels
    names = labels.all_of(
        name if starts and not place else name[:1].lower() + name[1:]
        for place, name in enumerate(labels.dimension(column) for column in columns)
    )
    return report.say(key, columns=names)


def _also_participants(report: Report) -> Blocks:
    if "comparison.also_participants" not in report:
        return
    released = report.of("comparison.also_participants", FlowStep).result
    if isinstance(released, FlowStep):
        yield Paragraph(report.say("comparison.also_participants", count=released.count))
    else:
        yield Paragraph(report.say("comparison.also_participants.withheld"))
