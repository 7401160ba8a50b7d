"""Chapter: how much sites differ beyond chance – a forest and a funnel, and no league table."""

from __future__ import annotations

from collections.abc import Iterator

from evalkit.answers.site_shares import SiteShares, site_comparison, site_shares
from evalkit.answers.study import Study
from evalkit.chapters.section import Blocks, say_box, section
from evalkit.present.blocks import Figure as FigureBlock
from evalkit.present.blocks import Heading, Paragraph
from evalkit.present.charts import forest_figure, funnel_figure, interval_figure
from evalkit.present.sentences import (
    chance_sentence,
    not_computed_sentence,
    outcome_is,
    outcome_was,
    sites_sentences,
)
from evalkit.project.questions import Sites
from evalkit.results import CannotBeComputed, Estimate, Withheld


@section
def comparisons(study: Study) -> Blocks:
    """Each comparison of the project file: sentences, forest, funnel."""
    if not study.project.sites:
        yield Paragraph(study.words.texts["sites.none"])
    for spec in study.project.sites:
        yield Heading(3, spec.title.in_language(study.language))
        yield from _comparison(study, spec)


@section
def conclusions(study: Study) -> Blocks:
    """What a comparison between sites can carry."""
    texts = study.words.texts
    cannot = [texts[f"sites.cannot.{name}"] for name in ("rank", "work", "single")]
    yield from say_box(study, can=list(_can_say(study)), cannot=cannot)


def _comparison(study: Study, spec: Sites) -> Blocks:
    words, shares = study.words, site_shares(study, spec)
    if all(isinstance(row, Withheld) for row in shares.rows.result):
        yield Paragraph(words.texts["sites.hidden"])
        return
    try:
        released = site_comparison(study, shares)
    except CannotBeComputed as error:
        yield Paragraph(not_computed_sentence(error, words))
        yield _plain_figure(study, shares)
        return
    found = released.result
    outcome = (outcome_is if spec.status_column else outcome_was)(words, *spec.outcome)
    for sentence in sites_sentences(released, words, labels=shares.labels, outcome=outcome):
        yield Paragraph(sentence)
    title = spec.title.in_language(study.language)
    yield forest_figure(
        released,
        words,
        figure_id=f"forest-{spec.id}",
        caption=words.texts.format("sites.forest_caption", title=title),
        labels=shares.labels,
    )
    named = zip(shares.labels, found.sites, strict=True)
    yield funnel_figure(
        study.through_door(found.funnel),
        words,
        figure_id=f"funnel-{spec.id}",
        caption=words.texts.format("sites.funnel_caption", title=title),
        labels=[label for label, row in named if isinstance(row, Estimate)],
        dimension=spec.by,
    )


def _plain_figure(study: Study, shares: SiteShares) -> FigureBlock:
    """The sites as they are, where there are too few of them to pool."""
    words, spec = study.words, shares.spec
    title = spec.title.in_language(study.language)
    return interval_figure(
        shares.rows,
        words,
        figure_id=f"sites-{spec.id}",
        caption=words.texts.format("sites.forest_caption", title=title),
        dimension=spec.by,
        row_labels=[words.texts["sites.everyone"], *shares.labels],
    )


def _can_say(study: Study) -> Iterator[str]:
    """A sentence per comparison that could be made."""
    for spec in study.project.sites:
        shares = site_shares(study, spec)
        if all(isinstance(row, Withheld) for row in shares.rows.result):
            continue
        try:
            released = site_comparison(study, shares)
        except CannotBeComputed:
            continue
        title = spec.title.in_language(study.language)
        yield chance_sentence(released, study.words, title=title)
