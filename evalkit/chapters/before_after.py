"""Chapter: before/after comparisons, from the register, from counts or from percentages."""

from __future__ import annotations

from collections.abc import Iterator

from evalkit.answers import before_after
from evalkit.answers.before_after import POWER, SIDES, is_followed_unequally, is_percentage
from evalkit.chapters.not_followed_up import not_yet
from evalkit.chapters.report import Report
from evalkit.chapters.section import Blocks, asks, say_box, until_not_computable, warnings
from evalkit.present.blocks import Block, Heading, Paragraph
from evalkit.present.charts import feasible_difference_figure, interval_figure
from evalkit.present.sentences import (
    before_after_sentences,
    change_sentences,
    feasible_counts_sentence,
    feasible_difference_sentences,
    numbers_needed_for_groups,
)
from evalkit.present.sentences.same_persons import same_persons_sentences
from evalkit.present.tables import estimates_table, who_table
from evalkit.project import BeforeAfterSpec, Target
from evalkit.project.model import ReferenceFigure, ReferenceShare
from evalkit.results import (
    BeforeAfter,
    CohortsCompared,
    Estimate,
    EstimateRow,
    FeasibleCounts,
    FeasibleDifference,
    FlowStep,
    Released,
    Withheld,
)


@asks(before_after.comparisons)
def comparisons(report: Report) -> Blocks:
    """Each comparison of the project file, with what happened elsewhere."""
    if not report.project.before_after:
        yield Paragraph(report.say("before_after.none"))
    told: dict[str, str] = {}
    for spec in report.project.before_after:
        title = spec.title.in_language(report.language)
        yield Heading(3, title)
        yield from until_not_computable(report, _comparison(report, spec))
        if spec.reference is not None:
            elsewhere = spec.reference.in_language(report.language)
            yield Paragraph(report.say("before_after.reference", text=elsewhere))
        yield from warnings(report, _warnings(spec), told=told, under=title)


@asks(before_after.comparisons)
def conclusions(report: Report) -> Blocks:
    """What the comparisons can carry."""
    keys = ["cause"]
    if any(_are_others(report, spec) for spec in report.project.before_after):
        keys.append("same_persons")
    if any(is_percentage(spec) for spec in report.project.before_after):
        keys.append("no_n")
    yield from say_box(
        report,
        can=[*_can_say(report)],
        cannot=[report.say(f"before_after.cannot.{key}") for key in keys],
    )


def _comparison(report: Report, spec: BeforeAfterSpec) -> Blocks:
    if _by_person(report, spec):
        released = report.of(f"before_after.{spec.id}", CohortsCompared)
        yield from map(Paragraph, same_persons_sentences(released, report.words))
        if isinstance(released.result, CohortsCompared):
            yield _shares(report, spec, released.result)
    elif is_percentage(spec):
        yield from _from_percentages(report, spec)
    else:
        yield from _from_counts(report, spec)
    if _is_published(spec):
        yield Paragraph(report.say("same_persons.unknown_overlap"))
    yield from not_yet(report, f"before_after.{spec.id}", key="before_after.not_yet")


def _is_published(spec: BeforeAfterSpec) -> bool:
    """Whether a side is known by its figures alone: nobody can say who was in both."""
    return any(one.counts or one.percentage for one in (spec.before, spec.after))


def _are_others(report: Report, spec: BeforeAfterSpec) -> bool:
    """Whether the register says that nobody is on both sides."""
    return not _is_published(spec) and not _by_person(report, spec)


def _by_person(report: Report, spec: BeforeAfterSpec) -> bool:
    """Whether the persons are the same on both sides, or some of them."""
    name = f"before_after.{spec.id}"
    return spec.same_persons or report.result(name, CohortsCompared) is not None


def _shares(report: Report, spec: BeforeAfterSpec, found: CohortsCompared) -> Block:
    """Both shares and the difference as a table."""
    of = report.of(f"before_after.{spec.id}", CohortsCompared)
    rows: tuple[EstimateRow, ...] = (found.before, found.after)
    return estimates_table(
        Released(rows, of.withheld, of.rule, is_internal=of.is_internal),
        report.words,
        table_id=f"shares-{spec.id}",
        caption=spec.title.in_language(report.language),
        row_labels=[one.label.in_language(report.language) for one in (spec.before, spec.after)],
    )


def _from_counts(report: Report, spec: BeforeAfterSpec) -> Blocks:
    released = report.of(f"before_after.{spec.id}", BeforeAfter)
    for side in SIDES:
        if f"before_after.{spec.id}.{side}" in report:
            known = report.always(f"before_after.{spec.id}.{side}", FeasibleCounts)
            yield Paragraph(feasible_counts_sentence(known, report.words))
    yield from map(Paragraph, before_after_sentences(released, report.words))
    if not isinstance(released.result, Withheld):
        yield from _unknown(report, spec)
    yield from _persons_needed(report, spec)
    if isinstance(released.result, BeforeAfter):
        yield _levels(report, spec, released.result)
    if f"before_after.{spec.id}.who" in report:
        labels = [one.label.in_language(report.language) for one in (spec.before, spec.after)]
        yield who_table(
            report.always(f"before_after.{spec.id}.who", tuple),
            report.words,
            table_id=f"who-{spec.id}",
            caption=report.say("before_after.who"),
            groups=dict(zip(SIDES, labels, strict=True)),
        )


def _levels(report: Report, spec: BeforeAfterSpec, found: BeforeAfter) -> Block:
    """Both shares as levels, beside the target of the same outcome and what is known elsewhere."""
    language, project = report.language, report.project
    rows: list[EstimateRow] = [found.before, found.after]
    labels = [one.label.in_language(language) for one in (spec.before, spec.after)]
    for share in project.reference_shares:
        if _is_of(share, spec):
            for figure in (share.before, share.after):
                rows.append(_published(figure))
                name, label = (one.in_language(language) for one in (share.name, figure.label))
                lowered = label if language == "en" else label[:1].lower() + label[1:]
                labels.append(f"{name[:1].upper()}{name[1:]}, {lowered}")
    goals = [target.goal for target in project.targets if _is_of(target, spec)]
    of = report.always(f"before_after.{spec.id}", BeforeAfter)
    return interval_figure(
        Released(tuple(rows), of.withheld, of.rule, is_internal=of.is_internal, notes=of.notes),
        report.words,
        figure_id=f"levels-{spec.id}",
        caption=f"{_message(report, found)} {spec.title.in_language(language)}",
        row_labels=labels,
        goal=goals[0] if goals else None,
    )


def _message(report: Report, found: BeforeAfter) -> str:
    """What the chart shows, by the interval of the difference."""
    row = found.difference
    key = "rose" if row.low > 0 else "fell" if row.high < 0 else "none"
    return report.say(f"before_after.message.{key}")


def _is_of(one: ReferenceShare | Target, spec: BeforeAfterSpec) -> bool:
    return (set(one.outcome), one.status_column) == (set(spec.outcome), spec.status_column)


def _published(figure: ReferenceFigure) -> Estimate:
    """A published share as a row: a number without an interval."""
    return Estimate(
        measure="share",
        value=figure.share,
        low=figure.share,
        high=figure.share,
        unit="share",
        method="published",
        confidence_level=0.95,
        n=figure.n or 0,
        cells=(),
    )


def _can_say(report: Report) -> Iterator[str]:
    """How much each comparison differs, and how sure that is."""
    for spec in report.project.before_after:
        name = f"before_after.{spec.id}"
        said: tuple[str, ...] = ()
        if report.result(name, CohortsCompared) is not None:
            said = same_persons_sentences(report.of(name, CohortsCompared), report.words)[:-1]
        elif report.result(name, FeasibleDifference) is not None:
            possible = report.always(name, FeasibleDifference)
            said = feasible_difference_sentences(possible, report.words)[-1:]
        elif report.result(name, BeforeAfter) is not None:
            said = change_sentences(report.of(name, BeforeAfter), report.words)
        if said:
            yield " ".join((said[0], _when(report, spec), *said[1:]))


def _when(report: Report, spec: BeforeAfterSpec) -> str:
    """Which two are compared; of the same persons, what."""
    if spec.same_persons:
        return spec.title.in_language(report.language)
    before, after = (one.label.in_language(report.language) for one in (spec.before, spec.after))
    return report.say("before_after.when", before=before, after=after)


def _unknown(report: Report, spec: BeforeAfterSpec) -> Blocks:
    """Of each cohort from the register, those left out since nobody knows how it went."""
    for side, cohort in zip(SIDES, (spec.before, spec.after), strict=True):
        name = f"before_after.{spec.id}.unknown.{side}"
        if name not in report:
            continue
        step = report.result(name, FlowStep)
        if step is not None and not step.count:
            continue
        yield Paragraph(
            report.say(
                f"before_after.unknown.{'withheld' if step is None else 'count'}",
                cohort=cohort.label.in_language(report.language),
                count="" if step is None else report.words.numbers.count(step.count),
            )
        )


def _persons_needed(report: Report, spec: BeforeAfterSpec) -> Blocks:
    """Of a difference that could be none: how many persons would show one of its size."""
    needed = report.result(f"before_after.{spec.id}.needed", int)
    compared = report.result(f"before_after.{spec.id}", BeforeAfter)
    if needed is None or compared is None:
        return
    yield Paragraph(
        numbers_needed_for_groups(
            report.words,
            share_1=round(compared.before.value, 3),
            share_2=round(compared.after.value, 3),
            n=needed,
            power=POWER,
            confidence_level=compared.difference.confidence_level,
        )
    )


def _from_percentages(report: Report, spec: BeforeAfterSpec) -> Blocks:
    for side in SIDES:
        counts = report.always(f"before_after.{spec.id}.{side}", FeasibleCounts)
        yield Paragraph(feasible_counts_sentence(counts, report.words))
    released = report.always(f"before_after.{spec.id}", FeasibleDifference)
    yield from map(Paragraph, feasible_difference_sentences(released, report.words))
    yield feasible_difference_figure(
        released,
        report.words,
        figure_id=f"feasible-{spec.id}",
        caption=spec.title.in_language(report.language),
    )


def _warnings(spec: BeforeAfterSpec) -> tuple[str, ...]:
    """Those of the project file; one without reference, or of unequal times, warns by itself."""
    own = [] if spec.reference is not None else ["before_after_without_reference"]
    own += ["one_status_date"] * is_followed_unequally(spec)
    return tuple(dict.fromkeys([*own, *spec.warnings]))
