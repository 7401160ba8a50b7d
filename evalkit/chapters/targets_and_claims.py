"""Chapter: the project's targets tested, and what has been published read again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evalkit.answers.follow_up import target_follow_up
from evalkit.answers.measures import require_outcomes, target_counts, tells_hidden_way_out
from evalkit.answers.study import Study
from evalkit.chapters.before_after import feasible
from evalkit.chapters.casemix import adjusted_grade, adjusted_target, cannot_say
from evalkit.chapters.not_followed_up import target_not_followed_up
from evalkit.chapters.register_figures import register_figure
from evalkit.chapters.section import Blocks, say_box, section, until_not_computable, warnings
from evalkit.present.blocks import Heading, Paragraph
from evalkit.present.charts import verdicts_figure
from evalkit.present.sentences import (
    against_target_sentence,
    feasible_counts_sentence,
    feasible_intervals_sentence,
    missing_sentence,
    numbers_needed_for_goal,
    verdict_sentences,
)
from evalkit.present.tables import feasible_table
from evalkit.project import Claim, Target
from evalkit.results import CannotBeComputed, NotEstimable, Released, TargetVerdict, Withheld
from evalkit.statistics.shares.claims import feasible_intervals
from evalkit.statistics.shares.precision import about, persons_to_tell_from_goal
from evalkit.statistics.shares.targets import target_verdict

POWER = 0.8  # the chance of showing what is there that plans usually ask for
SHARE_DECIMALS = 3  # as printed: 61,0 %


@section
def targets(study: Study) -> Blocks:
    """Each target with its verdict in four grades."""
    texts = study.words.texts
    if not study.project.targets:
        yield Paragraph(texts["targets.none"])
        return
    verdicts = [
        (target.title.in_language(study.language), verdict(study, target))
        for target in study.project.targets
    ]
    yield verdicts_figure(
        verdicts, study.words, figure_id="targets", caption=texts["targets.caption"]
    )
    for target, (title, released) in zip(study.project.targets, verdicts, strict=True):
        yield Heading(3, title)
        for sentence in verdict_sentences(released, study.words):
            yield Paragraph(sentence)
        yield from _persons_needed(study, released)
        yield from until_not_computable(study, target_not_followed_up(study, target))
        yield from until_not_computable(study, adjusted_target(study, target))


@section
def claims(study: Study) -> Blocks:
    """Each published claim, quoted, with the counts it allows and what is missing in it."""
    if not study.project.claims:
        yield Paragraph(study.words.texts["claims.none"])
    told: dict[str, str] = {}
    for number, claim in enumerate(study.project.claims, start=1):
        heading = study.words.texts.format(
            "claims.heading", number=study.words.numbers.count(number)
        )
        yield Heading(3, heading)
        yield from _claim(study, claim)
        yield from warnings(study, claim.warnings, told=told, under=heading)


@section
def conclusions(study: Study) -> Blocks:
    """What targets and claims can carry."""
    texts, project = study.words.texts, study.project
    can, cannot = [*_graded(study)], []
    if "above_uncertain" in {_grade(study, target) for target in project.targets}:
        cannot.append("targets.cannot.rounding")
    if project.targets:
        cannot.append("targets.cannot.cause")
    if len(project.targets) > 1:
        cannot.append("targets.cannot.many")
    if any(target_follow_up(study, target).missing for target in project.targets):
        cannot.append("follow_up.cannot")
    cannot += sorted({cannot_say(one.casemix) for one in project.targets if one.casemix})
    percentages = [claim.percentage for claim in project.claims if claim.percentage]
    if percentages:
        can.append(texts["claims.can.counts"])
    if any(percentage.n is None for percentage in percentages):
        cannot.append("claims.cannot.size")
    if project.claims or not cannot:
        cannot.append("claims.cannot.cause")
    yield from say_box(study, can=can, cannot=[texts[key] for key in cannot])


def verdict(study: Study, target: Target) -> Released[TargetVerdict | NotEstimable | Withheld]:
    """The released verdict of a target, or why there is none."""
    if tells_hidden_way_out(study, target):
        return study.through_door(Withheld(measure="share", reason="complement"))
    counted = target_counts(study, target)
    try:
        if target.status_column is None:
            require_outcomes(study)
        judged = target_verdict(events=counted.events, n=counted.n, goal=target.goal)
    except CannotBeComputed as error:
        return study.through_door(NotEstimable(measure="share", reason=error.reason, n=counted.n))
    return study.through_door(judged)


def _grade(study: Study, target: Target) -> str:
    """The grade of a target; none where it could not be judged or may not be shown."""
    result = verdict(study, target).result
    return result.grade if isinstance(result, TargetVerdict) else ""


def _persons_needed(study: Study, released: Released[Any]) -> Blocks:
    """Of an uncertain verdict: how many persons would tell such a share from the goal."""
    result = released.result
    if not isinstance(result, TargetVerdict) or not result.grade.endswith("uncertain"):
        return
    share = round(result.estimate.value, SHARE_DECIMALS)
    if not 0 < share < 1 or share == result.goal:
        return
    level = result.estimate.confidence_level
    needed = persons_to_tell_from_goal(
        share=share, goal=result.goal, confidence_level=level, power=POWER
    )
    sentence = numbers_needed_for_goal(
        study.words,
        share=share,
        goal=result.goal,
        n=about(needed),
        power=POWER,
        confidence_level=level,
    )
    yield Paragraph(sentence)


def _graded(study: Study) -> Iterator[str]:
    """A sentence per target that could be judged and may be shown."""
    for target in study.project.targets:
        released = verdict(study, target)
        if isinstance(released.result, TargetVerdict):
            title = target.title.in_language(study.language)
            yield verdict_sentences(released, study.words, title=title)[0]
            yield from adjusted_grade(study, target)


def _claim(study: Study, claim: Claim) -> Blocks:
    texts = study.words.texts
    yield Paragraph(claim.quote.in_language(study.language))
    yield Paragraph(texts.format("claims.source", source=claim.source.in_language(study.language)))
    if claim.percentage is not None:
        counts = feasible(claim.percentage)
        released = study.through_door(counts)
        intervals = feasible_intervals(counts)
        yield Paragraph(feasible_counts_sentence(released, study.words))
        yield Paragraph(feasible_intervals_sentence(released, study.words, intervals=intervals))
        if claim.target is not None:
            against = against_target_sentence(
                released, study.words, intervals=intervals, goal=claim.target
            )
            yield Paragraph(against)
        yield feasible_table(
            released,
            study.words,
            table_id=f"claim-{claim.id}",
            caption=texts.format(
                "claims.feasible_caption",
                percentage=study.words.numbers.percent(
                    counts.value, decimals=claim.percentage.decimals
                ),
            ),
            intervals=intervals,
        )
    if ("claim", claim.id) in study.hidden_selections:
        gone = study.through_door(Withheld(measure="share", reason="complement"))
        yield Paragraph(missing_sentence(gone, study.words, title=texts["claims.register"]))
    elif claim.register_figure is not None:
        yield from until_not_computable(study, register_figure(study, claim.register_figure))
