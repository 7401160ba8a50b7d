"""The part on a target with regard to who took part."""

from __future__ import annotations

from collections.abc import Iterator

from evalkit.chapters.report import Report
from evalkit.chapters.section import Blocks
from evalkit.present.blocks import Heading, Paragraph
from evalkit.present.charts.intervals import adjusted_verdicts_figure
from evalkit.present.sentences.casemix import adjusted_verdict_sentences
from evalkit.present.sentences.parts import titled
from evalkit.project import Casemix, Target
from evalkit.results import AdjustedVerdict, NotEstimable, Released, Withheld

Judged = Released[AdjustedVerdict | NotEstimable | Withheld]


def adjusted_target(report: Report, target: Target) -> Blocks:
    """What was to be expected of these participants; nothing unless the project asks for it."""
    chosen = target.casemix
    if chosen is None or is_hidden(report, target):
        return
    words, by = report.words, chosen.by
    judged = _judged(report, target)
    titles = [words.labels.level(by or "group", level) for level, _ in judged]
    yield Heading(4, words.say("casemix.heading"))
    yield Paragraph(_reference(report, target))
    if by is not None:
        yield adjusted_verdicts_figure(
            [(title, one) for title, (_, one) in zip(titles, judged, strict=True)],
            words,
            figure_id=f"casemix-{target.id}",
            caption=_message(report, judged)
            + words.say("casemix.caption", dimension=words.labels.dimension(by).lower()),
            row_heading=words.labels.dimension(by),
        )
    else:
        for _, one in judged:
            yield Paragraph(" ".join(adjusted_verdict_sentences(one, words)))
    yield Paragraph(words.say("casemix.limits"))


def _message(report: Report, judged: list[tuple[str, Judged]]) -> str:
    """What the chart shows where no interval leaves out the target."""
    found = [one.result for _, one in judged if isinstance(one.result, AdjustedVerdict)]
    if not found or any(one.grade.startswith("clearly") for one in found):
        return ""
    return f"{report.say('casemix.message.none')} "


def is_hidden(report: Report, target: Target) -> bool:
    """Whether a target would disclose a few persons beside the report's other figures."""
    result = report.of(f"target.{target.id}", object).result
    return isinstance(result, Withheld) and result.reason == "protected"


def _judged(report: Report, target: Target) -> list[tuple[str, Judged]]:
    levels = report.always(f"casemix.{target.id}.levels", tuple).result
    return [(level, report.of(f"casemix.{target.id}.{level}", AdjustedVerdict)) for level in levels]


def adjusted_grade(report: Report, target: Target) -> Iterator[str]:
    """The adjusted share of everybody against the goal, in one sentence, where it may be told."""
    chosen = target.casemix
    if chosen is None or chosen.by is not None or is_hidden(report, target):
        return
    for _, one in _judged(report, target):
        if isinstance(one.result, AdjustedVerdict):
            sentence = adjusted_verdict_sentences(one, report.words)[1]
            is_one = len(report.project.targets) == 1
            title = "" if is_one else target.title.in_language(report.language)
            yield titled(sentence, report.words, title=title)


def cannot_say(chosen: Casemix) -> str:
    """Key of what the adjustment cannot carry."""
    return "casemix.cannot.place" if chosen.by is not None else "casemix.cannot.whole"


def _reference(report: Report, target: Target) -> str:
    chosen, words = target.casemix, report.words
    assert chosen is not None
    columns = words.labels.all_of(words.labels.dimension(name).lower() for name in chosen.columns)
    if not chosen.is_published:
        key = "casemix.reference.by" if chosen.by is not None else "casemix.reference.others"
        return words.say(key, columns=columns)
    assert chosen.reference_share is not None
    assert chosen.source is not None
    return words.say(
        "casemix.reference.published",
        columns=columns,
        share=words.numbers.percent(chosen.reference_share),
        source=chosen.source.in_language(report.language),
    )
