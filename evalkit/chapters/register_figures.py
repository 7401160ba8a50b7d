"""What the register says about a published claim, beside the claim."""

from __future__ import annotations

from evalkit.answers.measures import (
    is_mostly_unknown,
    of_whom,
    outcome_counts,
    tells_hidden_leavers,
    whole_register_share,
)
from evalkit.answers.study import Study
from evalkit.chapters.section import Blocks
from evalkit.present.blocks import Paragraph
from evalkit.present.sentences import (
    interval_text,
    median_sentence,
    missing_sentence,
    outcome_was,
    share_sentence,
)
from evalkit.project.questions import RegisterFigure
from evalkit.results import Estimate, EstimateRow, NotEstimable, Withheld
from evalkit.statistics.means import mean_days
from evalkit.statistics.shares.proportions import proportion
from evalkit.statistics.time_to_event.survival import kaplan_meier, median

# With an even intake and a constant rate out, no mean of completed enrolments can exceed
# this part of the project's days, however slow the exits truly are.
LARGEST_PART = 3


def register_figure(study: Study, figure: RegisterFigure) -> Blocks:
    """The share or the mean that the claim is about, counted in the register."""
    if figure.measure == "share":
        yield from _share(study, figure)
    else:
        yield from _mean(study, figure)


def _share(study: Study, figure: RegisterFigure) -> Blocks:
    words = study.words
    released = study.through_door(_share_row(study, figure))
    yield Paragraph(
        share_sentence(
            released,
            words,
            outcome=outcome_was(words, *figure.outcome),
            denominator=figure.denominator,
            title=words.texts["claims.register"],
        )
    )


def _share_row(study: Study, figure: RegisterFigure) -> EstimateRow:
    if not figure.where:
        return whole_register_share(study, figure.outcome, figure.denominator)
    persons = of_whom(study, figure.where, figure.denominator)
    if is_mostly_unknown(study):
        return NotEstimable(measure="share", reason="outcome_unknown", n=len(persons))
    counted = outcome_counts(study, persons, figure.outcome, status_column=None)
    return proportion(events=counted.events, n=counted.n)


def _mean_row(study: Study, figure: RegisterFigure) -> EstimateRow:
    if not figure.where and tells_hidden_leavers(study):
        return Withheld(measure="mean_days", reason="complement")
    return mean_days(of_whom(study, figure.where, "exits")["days"].dropna())


def _mean(study: Study, figure: RegisterFigure) -> Blocks:
    words = study.words
    released = study.through_door(_mean_row(study, figure))
    mean = released.result
    if not isinstance(mean, Estimate):
        yield Paragraph(missing_sentence(released, words, title=words.texts["claims.register"]))
        return
    period = study.project.period
    days = (period.end - period.start).days + 1
    yield Paragraph(
        words.texts.format(
            "claims.mean",
            n=words.numbers.count(mean.n),
            value=words.numbers.days(mean.value),
            interval=interval_text(mean, words),
        )
    )
    yield Paragraph(
        words.texts.format(
            "claims.largest_mean",
            days=words.numbers.days(days),
            largest=words.numbers.days(days / LARGEST_PART),
        )
    )
    if mean.value > days / LARGEST_PART:
        yield Paragraph(words.texts["claims.larger_mean"])
    curve = kaplan_meier(study.protected(study.events(where=figure.where)))
    yield Paragraph(
        median_sentence(study.through_door(median(curve)), words, outcome=outcome_was(words, "any"))
    )
