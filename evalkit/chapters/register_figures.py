"""What the register says about a published claim, beside the claim."""

from __future__ import annotations

from typing import Any

from evalkit.chapters.report import Report
from evalkit.chapters.section import Blocks, until_not_computable
from evalkit.present.blocks import Paragraph
from evalkit.present.sentences import median_sentence, missing_sentence, outcome_was, share_sentence
from evalkit.present.tables.cells import internal_notes
from evalkit.project import Claim
from evalkit.results import Estimate, Released


def register_figure(report: Report, claim: Claim) -> Blocks:
    """The share or the mean that the claim is about, counted in the register."""
    figure, words = claim.register_figure, report.words
    assert figure is not None
    name = f"claim.{claim.id}.register"
    if figure.measure == "share":
        yield Paragraph(
            share_sentence(
                report.of(name, Estimate),
                words,
                outcome=outcome_was(words, *figure.outcome),
                denominator=figure.denominator,
                title=words.say("claims.register"),
            )
        )
        return
    mean = report.of(name, Estimate).result
    if not isinstance(mean, Estimate):
        title = words.say("claims.register")
        yield Paragraph(missing_sentence(report.missing(name), words, title=title))
        return
    yield from _mean(report, mean)
    title = words.say("measure.median_days")
    yield from until_not_computable(report, _median(report, claim), title=title)


def _median(report: Report, claim: Claim) -> Blocks:
    """The median time that counts those who remain."""
    left = outcome_was(report.words, "any")
    half: Released[Any] = report.of(f"claim.{claim.id}.median", object)
    yield Paragraph(median_sentence(half, report.words, outcome=left))
    if not report.is_internal:
        yield from map(Paragraph, internal_notes(half, report.words))


def _mean(report: Report, mean: Estimate) -> Blocks:
    words = report.words
    yield Paragraph(words.say("claims.mean", mean, value=words.numbers.days(mean.value)))
