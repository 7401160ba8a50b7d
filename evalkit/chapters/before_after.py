"""Chapter: before/after comparisons, from the register, from counts or from percentages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evalkit.answers.measures import cohort_counts, require_outcomes, require_two_cohorts
from evalkit.answers.study import Study
from evalkit.chapters.section import Blocks, say_box, section, until_not_computable, warnings
from evalkit.present.blocks import Heading, Paragraph
from evalkit.present.charts import difference_figure, feasible_difference_figure
from evalkit.present.sentences import (
    before_after_sentences,
    change_sentences,
    feasible_counts_sentence,
    feasible_difference_sentences,
    numbers_needed_for_groups,
)
from evalkit.project import BeforeAfterSpec, Cohort
from evalkit.project.questions import Percentage
from evalkit.results import (
    BeforeAfter,
    CannotBeComputed,
    FeasibleCounts,
    FeasibleDifference,
    FlowStep,
    Released,
    Withheld,
)
from evalkit.statistics.shares.before_after import before_after_counts
from evalkit.statistics.shares.claims import feasible_counts, feasible_difference
from evalkit.statistics.shares.power import persons_for_two_shares
from evalkit.statistics.shares.precision import about

POWER = 0.8  # the chance of showing what is there that plans usually ask for


@section
def comparisons(study: Study) -> Blocks:
    """Each comparison of the project file, with what happened elsewhere."""
    texts = study.words.texts
    if not study.project.before_after:
        yield Paragraph(texts["before_after.none"])
    told: dict[str, str] = {}
    for spec in study.project.before_after:
        require_two_cohorts(study, spec)
        title = spec.title.in_language(study.language)
        yield Heading(3, title)
        yield from until_not_computable(study, _comparison(study, spec))
        if spec.reference is not None:
            elsewhere = spec.reference.in_language(study.language)
            yield Paragraph(texts.format("before_after.reference", text=elsewhere))
        yield from warnings(study, _warnings(spec), told=told, under=title)


@section
def conclusions(study: Study) -> Blocks:
    """What the comparisons can carry."""
    texts = study.words.texts
    keys = ["cause", "same_persons"]
    if any(_is_percentage(spec) for spec in study.project.before_after):
        keys.append("no_n")
    yield from say_box(
        study,
        can=[*_can_say(study)],
        cannot=[texts[f"before_after.cannot.{key}"] for key in keys],
    )


def _comparison(study: Study, spec: BeforeAfterSpec) -> Blocks:
    if _is_percentage(spec):
        yield from _from_percentages(study, spec)
    else:
        yield from _from_counts(study, spec)


def _from_counts(study: Study, spec: BeforeAfterSpec) -> Blocks:
    released = _compared(study, spec)
    title = spec.title.in_language(study.language)
    labels = {
        "before_label": spec.before.label.in_language(study.language),
        "after_label": spec.after.label.in_language(study.language),
    }
    for cohort in (spec.before, spec.after):
        if cohort.percentage is not None:
            known = study.through_door(_feasible(cohort))
            yield Paragraph(feasible_counts_sentence(known, study.words))
    for sentence in before_after_sentences(released, study.words):
        yield Paragraph(sentence)
    if not _is_hidden(study, spec):
        yield from _unknown(study, spec)
    yield from _persons_needed(study, released)
    yield difference_figure(
        released,
        study.words,
        figure_id=f"difference-{spec.id}",
        caption=study.words.texts.format("before_after.figure_caption", title=title),
        **labels,
    )


def _compared(study: Study, spec: BeforeAfterSpec) -> Released[Any]:
    """The two cohorts of a comparison, as far as they may be shown."""
    if spec.status_column is None and any(side.microdata for side in (spec.before, spec.after)):
        require_outcomes(study)
    before, after = (_counts(study, spec, cohort) for cohort in (spec.before, spec.after))
    return study.through_door(
        Withheld(measure="difference", reason="complement")
        if _is_hidden(study, spec)
        else before_after_counts(before=before, after=after)
    )


def _is_hidden(study: Study, spec: BeforeAfterSpec) -> bool:
    return ("before_after", spec.id) in study.hidden_selections


def _can_say(study: Study) -> Iterator[str]:
    """How much each comparison differs, and how sure that is."""
    for spec in study.project.before_after:
        title = spec.title.in_language(study.language)
        try:
            if _is_percentage(spec):
                released = study.through_door(_possible(spec))
                told = feasible_difference_sentences(released, study.words)[-1:]
            else:
                told = change_sentences(_compared(study, spec), study.words)
        except CannotBeComputed:
            continue
        if told:
            yield study.words.texts.format("sentence.titled", title=title, sentence=" ".join(told))


def _possible(spec: BeforeAfterSpec) -> FeasibleDifference:
    """All pairs of counts that fit two published figures."""
    return feasible_difference(_feasible(spec.before), _feasible(spec.after))


def _unknown(study: Study, spec: BeforeAfterSpec) -> Blocks:
    """Of each cohort from the register, those left out since nobody knows how it went."""
    for cohort in (spec.before, spec.after):
        if cohort.microdata is None:
            continue
        counted = cohort_counts(
            study, cohort.microdata, spec.outcome, status_column=spec.status_column
        )
        if not counted.unknown:
            continue
        step = FlowStep(step="persons_analysed", count=counted.unknown, unit="persons")
        is_told = isinstance(study.through_door(step).result, FlowStep)
        yield Paragraph(
            study.words.texts.format(
                f"before_after.unknown.{'count' if is_told else 'few'}",
                cohort=cohort.label.in_language(study.language),
                count=study.words.numbers.count(counted.unknown) if is_told else "",
            )
        )


def _persons_needed(study: Study, released: Released[Any]) -> Blocks:
    """Of a difference that could be none: how many persons would show one of its size."""
    result = released.result
    if not isinstance(result, BeforeAfter):
        return
    difference = result.difference
    share_1, share_2 = (round(side.value, 3) for side in (result.before, result.after))
    spans_nought = difference.low <= 0 <= difference.high
    if not spans_nought or share_1 == share_2 or {share_1, share_2} & {0.0, 1.0}:
        return
    level = difference.confidence_level
    needed = persons_for_two_shares(
        share_1=share_1, share_2=share_2, power=POWER, significance_level=1 - level
    )
    yield Paragraph(
        numbers_needed_for_groups(
            study.words,
            share_1=share_1,
            share_2=share_2,
            n=about(needed),
            power=POWER,
            confidence_level=level,
        )
    )


def _from_percentages(study: Study, spec: BeforeAfterSpec) -> Blocks:
    sides = [_feasible(cohort) for cohort in (spec.before, spec.after)]
    for side in sides:
        yield Paragraph(feasible_counts_sentence(study.through_door(side), study.words))
    released = study.through_door(_possible(spec))
    for sentence in feasible_difference_sentences(released, study.words):
        yield Paragraph(sentence)
    yield feasible_difference_figure(
        released,
        study.words,
        figure_id=f"feasible-{spec.id}",
        caption=spec.title.in_language(study.language),
    )


def _warnings(spec: BeforeAfterSpec) -> tuple[str, ...]:
    """Those of the project file; a comparison without reference warns by itself."""
    own = () if spec.reference is not None else ("before_after_without_reference",)
    return tuple(dict.fromkeys([*own, *spec.warnings]))


def _is_percentage(spec: BeforeAfterSpec) -> bool:
    """Whether a side is published as a percentage that more than one count allows."""
    return any(
        cohort.percentage is not None
        and (cohort.percentage.n is None or len(feasible(cohort.percentage).counts) != 1)
        for cohort in (spec.before, spec.after)
    )


def _counts(study: Study, spec: BeforeAfterSpec, cohort: Cohort) -> tuple[int, int]:
    """The k and n of a cohort, as published or counted in the register."""
    if cohort.counts is not None:
        return cohort.counts.k, cohort.counts.n
    if cohort.percentage is not None:
        (known,) = feasible(cohort.percentage).counts
        return known
    if cohort.microdata is None:
        raise ValueError("a cohort without counts needs a selection from the register")
    counted = cohort_counts(study, cohort.microdata, spec.outcome, status_column=spec.status_column)
    return counted.events, counted.n


def _feasible(cohort: Cohort) -> FeasibleCounts:
    """The counts that fit a cohort: its percentage, or its known counts."""
    if cohort.percentage is not None:
        return feasible(cohort.percentage)
    if cohort.counts is None:
        raise ValueError("a published percentage can only be set against published figures")
    k, n = cohort.counts.k, cohort.counts.n
    return FeasibleCounts(value=k / n, decimals=1, counts=((k, n),), largest_n_searched=n)


def feasible(published: Percentage) -> FeasibleCounts:
    """All counts that fit a published percentage, or those of its n when that is stated."""
    return feasible_counts(
        percentage=published.value,
        decimals=published.decimals,
        largest_n=published.n or published.largest_n,
        smallest_n=published.n or 1,
        rounding="any",  # a figure is impossible only if no common rounding gives it
    )
