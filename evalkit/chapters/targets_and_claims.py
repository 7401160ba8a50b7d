"""Chapter: the project's targets tested, and what has been published read again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import get_args

import pandas as pd

from evalkit.answers import targets_and_claims
from evalkit.answers.targets_and_claims import POWER, SHARE_DECIMALS
from evalkit.chapters.casemix import adjusted_grade, adjusted_target, cannot_say
from evalkit.chapters.claim_verdicts import verdict_of, verdicts_table
from evalkit.chapters.first_answer import sure_of_unknown
from evalkit.chapters.not_followed_up import target_not_followed_up
from evalkit.chapters.participants import subsidy_paragraph
from evalkit.chapters.register_figures import register_figure
from evalkit.chapters.report import Report
from evalkit.chapters.section import Blocks, asks, say_box, until_not_computable, warnings
from evalkit.present.blocks import Heading, Paragraph
from evalkit.present.charts import verdicts_figure
from evalkit.present.sentences import (
    against_target_sentence,
    feasible_counts_sentence,
    feasible_intervals_sentence,
    missing_sentence,
    numbers_needed_for_goal,
    unknown_size_sentence,
    verdict_sentences,
)
from evalkit.present.sentences.parts import titled
from evalkit.project import Claim, Target
from evalkit.results import (
    FeasibleCounts,
    FollowUpBounds,
    NotEstimable,
    Released,
    TargetVerdict,
    Withheld,
)
from evalkit.results.claims import Verdict


@asks(targets_and_claims.targets)
def targets(report: Report) -> Blocks:
    """Each target with its verdict in four grades."""
    if not report.project.targets:
        yield Paragraph(report.say("targets.none"))
        return
    verdicts = [
        (target.title.in_language(report.language), verdict(report, target))
        for target in report.project.targets
    ]
    if len(verdicts) > 1:  # of one target the first page has the picture
        yield verdicts_figure(
            verdicts, report.words, figure_id="targets", caption=report.say("targets.caption")
        )
    for target, (title, released) in zip(report.project.targets, verdicts, strict=True):
        yield Heading(3, title)
        yield from map(Paragraph, verdict_sentences(released, report.words))
        yield from _persons_needed(report, target)
        yield from until_not_computable(report, target_not_followed_up(report, target))
        yield from until_not_computable(report, adjusted_target(report, target))
    yield from subsidy_paragraph(report, "target")


@asks(targets_and_claims.claims)
def claims(report: Report) -> Blocks:
    """Each published claim, quoted, with the counts it allows and what is missing in it."""
    if not report.project.claims:
        return
    table = verdicts_table(report, report.project.claims)
    if table.rows:
        yield Paragraph(report.say("verdict.how"))
        sources = [claim.source.in_language(report.language) for claim in report.project.claims]
        yield replace(table, source="; ".join(dict.fromkeys(sources)))
    told: dict[str, str] = {}
    for number, claim in enumerate(report.project.claims, start=1):
        heading = report.say("claims.heading", number=number)
        tested = [
            *_claim(report, claim),
            *warnings(report, [w for w in claim.warnings if w not in told], told=told),
        ]
        if tested:
            yield Heading(3, heading)
            name = claim.short if claim.short is not None and table.rows else claim.quote
            yield Paragraph(name.in_language(report.language))
            yield from tested


@asks(targets_and_claims.conclusions)
def conclusions(report: Report) -> Blocks:
    """What targets and claims can carry."""
    project = report.project
    can, cannot = [*_graded(report)], []
    if "above_uncertain" in {_grade(report, target) for target in project.targets}:
        cannot.append("targets.cannot.rounding")
    if project.targets:
        cannot.append("targets.cannot.cause")
    if len(project.targets) > 1:
        cannot.append("targets.cannot.many")
    if any(_has_bounds(report, target) for target in project.targets):
        cannot.append("follow_up.cannot")
    cannot += sorted({cannot_say(one.casemix) for one in project.targets if one.casemix})
    percentages = [claim.percentage for claim in project.claims if claim.percentage]
    can += _counted_verdicts(report)
    if any(percentage.n is None for percentage in percentages):
        cannot.append("claims.cannot.size")
    if project.claims or not cannot:
        cannot.append("claims.cannot.cause")
    yield from say_box(report, can=can, cannot=[report.say(key) for key in cannot])


def _has_bounds(report: Report, target: Target) -> bool:
    """Whether the extremes are printed, of which the box speaks."""
    name = f"follow_up.{target.id}"
    return f"{name}.modelled" in report and report.result(name, FollowUpBounds) is not None


def verdict(report: Report, target: Target) -> Released[TargetVerdict | NotEstimable | Withheld]:
    """The released verdict of a target, or why there is none."""
    return report.of(f"target.{target.id}", TargetVerdict)


def _grade(report: Report, target: Target) -> str:
    """The grade of a target; none where it could not be judged or may not be shown."""
    result = verdict(report, target).result
    return result.grade if isinstance(result, TargetVerdict) else ""


def _persons_needed(report: Report, target: Target) -> Blocks:
    """Of an uncertain verdict: how many persons would tell such a share from the goal."""
    needed = report.result(f"target.{target.id}.needed", int)
    result = verdict(report, target).result
    if needed is None or not isinstance(result, TargetVerdict):
        return
    sentence = numbers_needed_for_goal(
        report.words,
        share=round(result.estimate.value, SHARE_DECIMALS),
        goal=result.goal,
        n=needed,
        power=POWER,
        confidence_level=result.estimate.confidence_level,
    )
    yield Paragraph(sentence)


def _graded(report: Report) -> Iterator[str]:
    """A sentence per target that could be judged and may be shown."""
    for target in report.project.targets:
        released = verdict(report, target)
        if isinstance(released.result, TargetVerdict):
            is_one = len(report.project.targets) == 1
            title = "" if is_one else target.title.in_language(report.language)
            graded = verdict_sentences(released, report.words)[0]
            graded = titled(graded, report.words, title=title)
            # A verdict is not read without what could turn it.
            yield " ".join([graded, *sure_of_unknown(report, target, released.result)])
            yield from adjusted_grade(report, target)


def _counted_verdicts(report: Report) -> list[str]:
    """How many claims hold, and how many do not."""
    found = [verdict_of(report, claim) for claim in report.project.claims]
    counted = Counter(one.verdict for one in found if one is not None)
    texts, count = report.words.texts, report.words.numbers.count
    said = [
        f"{count(counted[verdict])} {texts[f'verdict.{verdict}'].lower()}"
        for verdict in get_args(Verdict)
        if counted[verdict]
    ]
    if not said:
        return []
    every = report.words.labels.all_of(said)
    return [report.say("claims.can.verdicts", n=counted.total(), verdicts=every)]


def _claim(report: Report, claim: Claim) -> Blocks:
    is_composition = (
        claim.register_figure is not None and claim.register_figure.measure == "composition"
    )
    if is_composition:
        return  # who took part is counted: the table of verdicts says it, without an interval
    if claim.percentage is not None:
        yield from _feasible(report, claim)
    if claim.register_figure is None:
        return
    found = report.answers[f"claim.{claim.id}.register"].result
    if isinstance(found, Withheld) and found.reason == "protected" and claim.register_figure.where:
        gone = report.missing(f"claim.{claim.id}.register")
        yield Paragraph(missing_sentence(gone, report.words, title=report.say("claims.register")))
    else:
        yield from until_not_computable(report, register_figure(report, claim))


def _feasible(report: Report, claim: Claim) -> Blocks:
    """The counts that a percentage allows, and what they mean against a goal."""
    words = report.words
    released = report.always(f"claim.{claim.id}.feasible", FeasibleCounts)
    intervals = report.always(f"claim.{claim.id}.intervals", pd.DataFrame).result
    if intervals["n"].nunique() > 1:
        yield Paragraph(unknown_size_sentence(released, words, intervals=intervals))
        return
    sentences = [feasible_counts_sentence(released, words)]
    if not intervals.empty:
        sentences.append(feasible_intervals_sentence(released, words, intervals=intervals))
        if claim.target is not None:
            sentences.append(
                against_target_sentence(released, words, intervals=intervals, goal=claim.target)
            )
    yield Paragraph(" ".join(sentences))
