"""The part on a target with regard to who took part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evalkit.answers.casemix import Judgement, adjusted_verdicts
from evalkit.answers.measures import tells_hidden_way_out
from evalkit.answers.study import Study
from evalkit.chapters.section import Blocks
from evalkit.present.blocks import Heading, Paragraph
from evalkit.present.charts import funnel_figure
from evalkit.present.charts.casemix import adjusted_verdicts_figure
from evalkit.present.sentences.casemix import adjusted_verdict_sentences
from evalkit.present.sentences.parts import titled
from evalkit.project import Casemix, Target
from evalkit.results import AdjustedVerdict, Withheld
from evalkit.statistics.sites.funnel import ratio_funnel

FEWEST_IN_FUNNEL = 3


def adjusted_target(study: Study, target: Target) -> Blocks:
    """What was to be expected of these participants; nothing unless the project asks for it."""
    chosen = target.casemix
    if chosen is None or tells_hidden_way_out(study, target):
        return
    words, by = study.words, chosen.by
    judged = adjusted_verdicts(study, target)
    titles = [words.labels.level(by or "group", one.level) for one in judged]
    yield Heading(4, words.texts["casemix.heading"])
    yield Paragraph(_reference(study, target))
    if by is not None:
        yield adjusted_verdicts_figure(
            [(title, one.released) for title, one in zip(titles, judged, strict=True)],
            words,
            figure_id=f"casemix-{target.id}",
            caption=words.texts.format(
                "casemix.caption", dimension=words.labels.dimension(by).lower()
            ),
            row_heading=words.labels.dimension(by),
        )
        yield from _against_published(study, target, titles, judged)
    for title, one in zip(titles, judged, strict=True):
        shown = title if by is not None else ""
        yield Paragraph(" ".join(adjusted_verdict_sentences(one.released, words, title=shown)))
    yield Paragraph(words.texts["casemix.limits"])


def _against_published(
    study: Study, target: Target, titles: Sequence[str], judged: Sequence[Judgement]
) -> Blocks:
    """Places by size against a published reference, instead of ranks.

    Only where what to expect is known from outside: learnt from the other places it is as
    uncertain as they are small, and the limits of chance would be too narrow.
    """
    chosen, words = target.casemix, study.words
    assert chosen is not None
    assert chosen.by is not None
    shown = [
        (title, one.released.result)
        for title, one in zip(titles, judged, strict=True)
        if isinstance(one.released.result, AdjustedVerdict)
    ]
    if not chosen.is_published or len(shown) < FEWEST_IN_FUNNEL:
        return
    verdicts = [verdict for _, verdict in shown]
    found = ratio_funnel(
        [verdict.ratio for verdict in verdicts],
        expected=[verdict.expected * verdict.ratio.n for verdict in verdicts],
        n=[verdict.ratio.n for verdict in verdicts],
    )
    released = study.through_door(found)
    if isinstance(released.result, Withheld):
        return
    yield funnel_figure(
        released,
        words,
        figure_id=f"casemix-funnel-{target.id}",
        caption=words.texts.format(
            "casemix.funnel_caption", dimension=words.labels.dimension(chosen.by).lower()
        ),
        labels=[title for title, _ in shown],
        dimension=chosen.by,
    )


def adjusted_grade(study: Study, target: Target) -> Iterator[str]:
    """The adjusted share of everybody against the goal, in one sentence, where it may be told."""
    chosen = target.casemix
    if chosen is None or chosen.by is not None or tells_hidden_way_out(study, target):
        return
    for one in adjusted_verdicts(study, target):
        if isinstance(one.released.result, AdjustedVerdict):
            sentence = adjusted_verdict_sentences(one.released, study.words)[1]
            title = target.title.in_language(study.language)
            yield titled(sentence, study.words, title=title)


def cannot_say(chosen: Casemix) -> str:
    """Key of what the adjustment cannot carry."""
    return "casemix.cannot.place" if chosen.by is not None else "casemix.cannot.whole"


def _reference(study: Study, target: Target) -> str:
    chosen, words = target.casemix, study.words
    assert chosen is not None
    columns = words.labels.all_of(words.labels.dimension(name).lower() for name in chosen.columns)
    if not chosen.is_published:
        key = "casemix.reference.by" if chosen.by is not None else "casemix.reference.others"
        return words.texts.format(key, columns=columns)
    assert chosen.reference_share is not None
    assert chosen.source is not None
    return words.texts.format(
        "casemix.reference.published",
        columns=columns,
        share=words.numbers.percent(chosen.reference_share),
        source=chosen.source.in_language(study.language),
    )
