"""Chapter: all projects of a folder – their state, what changed, and how much they differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evalkit.chapters.section import Blocks, say_box, section
from evalkit.documents.portfolio.comparison import (
    OF_WHOM,
    Compared,
    compared_projects,
    compared_sites,
    figure_label,
    figure_text,
    month_of,
)
from evalkit.documents.portfolio.entries import Entry, Portfolio
from evalkit.figures import ReleasedFigure
from evalkit.present.blocks import Bullets, Cell, Figure, Heading, NumberKind, Paragraph, Table
from evalkit.present.charts import forest_figure, funnel_figure
from evalkit.present.labels import Words
from evalkit.present.sentences import is_beyond_chance, outcome_was, sites_sentences
from evalkit.present.tables.cells import count_cell, missing_cell, number_cell
from evalkit.present.tables.sites import sites_table
from evalkit.results import Estimate, Released

ROWS_A_FIGURE = 30
MOST_FIGURES = 4


@section
def status(portfolio: Portfolio) -> Blocks:
    """Each project with the state of its report and its main figures."""
    if not portfolio.entries:
        yield Paragraph(portfolio.words.say("portfolio.none"))
        return
    yield Paragraph(states_text(portfolio))
    failed = [entry for entry in portfolio.entries if entry.failures]
    if failed:
        yield Bullets(tuple(f"{entry.title}: {' '.join(entry.failures)}" for entry in failed))
    yield _status_table(portfolio)


@section
def changes(portfolio: Portfolio) -> Blocks:
    """What differs from the editions before."""
    words = portfolio.words
    news = news_texts(portfolio)
    for text in news:
        yield Paragraph(text)
    changed = [entry for entry in portfolio.entries if entry.changes]
    if not changed and not news:
        yield Paragraph(words.say("portfolio.changed.none"))
    if changed:
        yield _changes_table(changed, words)


@section
def comparisons(portfolio: Portfolio) -> Blocks:
    """The projects beside each other: of all participants, and of those who have left."""
    words = portfolio.words
    found = [compared_projects(portfolio, of_whom) for of_whom in OF_WHOM]
    if not any(found):
        yield Paragraph(words.say("portfolio.too_few"))
    for one in found:
        if one is not None:
            yield Heading(3, heading_of(one, words))
            yield from comparison_blocks(one, words, with_forest=True)


@section
def sites(portfolio: Portfolio) -> Blocks:
    """The sites of all projects beside each other."""
    words, found = portfolio.words, compared_sites(portfolio)
    if found is None:
        yield Paragraph(words.say("portfolio.no_sites"))
    else:
        yield Heading(3, heading_of(found, words))
        yield from comparison_blocks(found, words, with_forest=True)


@section
def conclusions(portfolio: Portfolio) -> Blocks:
    """What a comparison of projects can carry."""
    protected = any(_persons(one) and not main_share(one) for one in portfolio.entries)
    names = ("rank", "work", *(["small"] if protected else []))
    cannot = [portfolio.words.say(f"portfolio.cannot.{name}") for name in names]
    yield from say_box(portfolio, can=list(_can_say(portfolio)), cannot=cannot)


def states_text(portfolio: Portfolio) -> str:
    """How many projects there are, and how their reports went."""
    words, total = portfolio.words, len(portfolio.entries)
    counted = words.say(f"portfolio.count.{'one' if total == 1 else 'many'}", count=total)
    states = [entry.state for entry in portfolio.entries]
    if set(states) <= {"rendered"}:
        return words.say("portfolio.states.all", projects=counted)
    return words.say(
        "portfolio.states",
        projects=counted,
        rendered=states.count("rendered"),
        outdated=states.count("outdated"),
        failed=states.count("failed"),
    )


def news_texts(portfolio: Portfolio) -> tuple[str, ...]:
    """Projects that came and went."""
    words = portfolio.words
    named = (("came", portfolio.came), ("gone", portfolio.gone))
    return tuple(
        words.say(f"portfolio.{kind}", names=words.labels.all_of(titles))
        for kind, titles in named
        if titles
    )


def heading_of(found: Compared, words: Words) -> str:
    """What is compared: "Till arbete eller studier, av alla deltagare"."""
    outcome = _outcome(found, words)
    if found.dimension == "project":
        return words.say(f"portfolio.heading.{found.denominator}", outcome=outcome)
    dimension = words.labels.dimension(found.dimension)
    return words.say("portfolio.sites_heading", dimension=dimension, outcome=outcome)


def comparison_blocks(found: Compared, words: Words, *, with_forest: bool) -> Blocks:
    """Sentences and funnel; the forest in as many figures as it needs, or a table."""
    done = outcome_was(words, *found.outcome)
    yield from map(
        Paragraph, sites_sentences(found.released, words, labels=found.labels, outcome=done)
    )
    if found.dimension == "project":
        yield Paragraph(words.say("portfolio.follow_up"))
    if found.others:
        yield Paragraph(words.say("portfolio.other_outcomes", count=found.others))
    if with_forest:
        yield from _forest(found, words)
    yield _funnel(found, words)


def _forest(found: Compared, words: Words) -> Blocks:
    name, caption = _id(found), _caption(found, words, "forest")
    total = len(found.labels)
    pages = -(-total // ROWS_A_FIGURE)
    if pages > MOST_FIGURES:
        yield Paragraph(words.say("portfolio.table_only"))
        yield sites_table(
            found.released, words, table_id=f"table-{name}", caption=caption, labels=found.labels
        )
        return
    rows = -(-total // pages)
    for page in range(pages):
        yield forest_figure(
            found.released,
            words,
            figure_id=f"forest-{name}-{page + 1}",
            caption=_paged(caption, page, pages, words),
            labels=found.labels,
            rows=slice(page * rows, (page + 1) * rows),
        )


def _paged(caption: str, page: int, pages: int, words: Words) -> str:
    if pages == 1:
        return caption
    return words.say("portfolio.forest_page", caption=caption, page=page + 1, pages=pages)


def _funnel(found: Compared, words: Words) -> Figure:
    comparison = found.released.result
    named = zip(found.labels, comparison.sites, strict=True)
    return funnel_figure(
        Released(comparison.funnel, 0, found.released.rule),
        words,
        figure_id=f"funnel-{_id(found)}",
        caption=_caption(found, words, "funnel"),
        labels=[label for label, row in named if isinstance(row, Estimate)],
        dimension=found.dimension,
    )


def _id(found: Compared) -> str:
    return found.denominator if found.dimension == "project" else "sites"


def _caption(found: Compared, words: Words, kind: str) -> str:
    outcome = _outcome(found, words)
    if found.dimension == "project":
        measure = words.say(f"portfolio.measure.{found.denominator}", outcome=outcome)
        return words.say(f"portfolio.{kind}_caption", measure=measure)
    key = "portfolio.sites_funnel_caption" if kind == "funnel" else "portfolio.sites_caption"
    return words.say(key, outcome=outcome)


def _outcome(found: Compared, words: Words) -> str:
    return words.labels.any_of(words.labels.inline("exit_class", one) for one in found.outcome)


def _status_table(portfolio: Portfolio) -> Table:
    words = portfolio.words
    names = ("project", "state", "persons")
    headings = [words.say(f"portfolio.column.{name}") for name in names]
    return Table(
        id="portfolio-status",
        caption=words.say("portfolio.status_caption"),
        columns=(*headings, words.say("document.data_cut"), words.say("column.share")),
        rows=tuple(_status_cells(entry, words) for entry in portfolio.entries),
        notes=tuple(_share_notes(portfolio)),
    )


def _changes_table(changed: Sequence[Entry], words: Words) -> Table:
    """One row per figure that changed, came or went."""
    names = ("project", "figure", "before", "after", "since")
    return Table(
        id="portfolio-changes",
        caption=words.say("portfolio.changes_caption"),
        columns=tuple(words.say(f"portfolio.column.{name}") for name in names),
        rows=tuple(
            (
                Cell(entry.title),
                Cell(figure_label(change.figure, words)),
                _value_cell(change.before, words),
                _value_cell(change.after, words),
                Cell(month_of(entry.previous_data_cut, words)),
            )
            for entry in changed
            for change in entry.changes
        ),
        row_headers=2,
    )


def _value_cell(figure: ReleasedFigure | None, words: Words) -> Cell:
    if figure is None:
        return missing_cell(words)
    kind: NumberKind = {"share": "percent", "persons": "count"}.get(figure.unit, "number")  # type: ignore[assignment]
    return Cell(figure_text(figure, words), figure.value, kind, figure.decimals)


def _status_cells(entry: Entry, words: Words) -> tuple[Cell, ...]:
    persons, share = _persons(entry), main_share(entry)
    is_draft = entry.is_draft and entry.state == "rendered"
    state = "document.draft_title" if is_draft else f"portfolio.state.{entry.state}"
    return (
        Cell(entry.title),
        Cell(words.say(state)),
        count_cell(persons.value, words) if persons else missing_cell(words),
        Cell(month_of(entry.data_cut, words)),
        number_cell(share.value, "percent", words) if share else missing_cell(words),
    )


def _persons(entry: Entry) -> ReleasedFigure | None:
    return next((one for one in entry.figures if one.measure == "participants"), None)


def main_share(entry: Entry) -> ReleasedFigure | None:
    """The share with a positive exit of all participants."""
    return next((one for one in entry.figures if one.id == "share.participants"), None)


def _share_notes(portfolio: Portfolio) -> Iterator[str]:
    labels = {share.label for entry in portfolio.entries if (share := main_share(entry))}
    if len(labels) == 1:
        heading = portfolio.words.say("column.share")
        yield portfolio.words.say("sentence.labelled", title=heading, sentence=labels.pop())


def _can_say(portfolio: Portfolio) -> Iterator[str]:
    for of_whom in OF_WHOM:
        found = compared_projects(portfolio, of_whom)
        if found is not None:
            key = "beyond" if is_beyond_chance(found.released.result) else "within"
            title = heading_of(found, portfolio.words)
            yield portfolio.words.say(f"portfolio.can.{key}", title=title)
