"""``index.html``: the portfolio as one page, readable with five projects and with a thousand.

The intervals of all projects are drawn in the table's own cells, so that a row costs a few
hundred bytes and follows the reader's width and colours; only the funnel is a chart.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from evalkit.chapters.portfolio import (
    comparison_blocks,
    heading_of,
    main_share,
    news_texts,
    states_text,
)
from evalkit.disclosure.scan import RegisterTexts
from evalkit.documents.files.names import PORTFOLIO, index_name, portfolio_name
from evalkit.documents.files.state import state_text, write_whole
from evalkit.documents.guard import fault_of
from evalkit.documents.portfolio.comparison import (
    OF_WHOM,
    Compared,
    change_texts,
    compared_projects,
    compared_sites,
    month_of,
    share_of_project,
    since_text,
)
from evalkit.documents.portfolio.entries import Entry, Portfolio, assembled
from evalkit.documents.portfolio.state import (
    LANGUAGES,
    manifests_fingerprint,
    next_state,
    read_manifests,
    usable_state,
)
from evalkit.documents.webpages import index_page
from evalkit.figures import ReleasedFigure
from evalkit.present.blocks import Block, Heading
from evalkit.present.labels import Words

FEW = 12
HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Bar:
    """An interval drawn in a cell: per cent from the left, and what it says."""

    low: float
    value: float
    width: float
    text: str
    interval: str
    alternative: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row of the overview."""

    entry: Entry
    persons: str
    month: str
    bar: Bar | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The table of all projects: one measure, drawn on the same scale, with its mean last."""

    caption: str
    lines: tuple[Line, ...]
    mean: Bar | None

    @property
    def has_gaps(self) -> bool:
        """Whether some share is withheld or does not exist."""
        return any(line.bar is None for line in self.lines)


def write_portfolio(output: Path, texts: RegisterTexts | None = None) -> str:
    """Write ``index.html`` and its sisters from the manifests under ``output``.

    Returns why they may not be written, as one sentence; empty when they are.
    """
    manifests = read_manifests(output)
    state = next_state(usable_state(output), manifests, manifests_fingerprint(output))
    pages = {
        index_name(language): portfolio_page(
            assembled(output, manifests, state, language), folder=output
        )
        for language in LANGUAGES
    }
    fault = fault_of(pages, texts or RegisterTexts())
    if fault:
        return fault
    for name, page in pages.items():
        write_whole(output / name, page)
    state["pages"] = {name: sha256(page.encode()).hexdigest() for name, page in pages.items()}
    write_whole(output / PORTFOLIO, state_text(state))
    return ""


def portfolio_page(portfolio: Portfolio, *, folder: Path) -> str:
    """The page in the portfolio's language; ``folder`` is where it will lie."""
    words = portfolio.words
    found = [compared_projects(portfolio, of_whom) for of_whom in OF_WHOM]
    is_many = len(portfolio.entries) > 1
    whole = portfolio_name(portfolio.language)
    return index_page(
        portfolio.entries,
        language=portfolio.language,
        counted=states_text(portfolio) if portfolio.entries else "",
        attention=[entry for entry in portfolio.entries if entry.state != "rendered"],
        changed=[
            (entry, since_text(entry, words), change_texts(entry, words))
            for entry in portfolio.entries
            if entry.changes
        ],
        news=news_texts(portfolio),
        overview=_overview(portfolio, found[0]) if is_many else None,
        comparison=tuple(_comparison([*found, compared_sites(portfolio)], words)),
        whole=whole if (folder / whole).is_file() else "",
        with_cards=len(portfolio.entries) <= FEW,
    )


def _comparison(found: list[Compared | None], words: Words) -> Iterator[Block]:
    for one in found:
        if one is not None:
            yield Heading(2, heading_of(one, words))
            yield from comparison_blocks(one, words, with_forest=False)


def _overview(portfolio: Portfolio, found: Compared | None) -> Overview:
    words = portfolio.words
    mean = found.released.result.pooled if found else None
    return Overview(
        caption=_caption(portfolio, found),
        lines=tuple(
            Line(
                entry=entry,
                persons=_persons(entry, words),
                month=month_of(entry.data_cut, words),
                bar=_bar(_share(entry, found), words),
            )
            for entry in portfolio.entries
        ),
        mean=_drawn(mean.value, mean.low, mean.high, words) if mean else None,
    )


def _caption(portfolio: Portfolio, found: Compared | None) -> str:
    words = portfolio.words
    if found is not None:
        return heading_of(found, words)
    labels = {share.label for entry in portfolio.entries if (share := main_share(entry))}
    return labels.pop() if len(labels) == 1 else words.texts["portfolio.overview"]


def _share(entry: Entry, found: Compared | None) -> ReleasedFigure | None:
    if found is None:
        return main_share(entry)
    return share_of_project(entry, found.denominator, found.outcome)


def _persons(entry: Entry, words: Words) -> str:
    counted = next((one for one in entry.figures if one.measure == "participants"), None)
    return words.numbers.count(counted.value) if counted else words.texts["cannot.marker"]


def _bar(figure: ReleasedFigure | None, words: Words) -> Bar | None:
    if figure is None or figure.low is None or figure.high is None:
        return None
    return _drawn(figure.value, figure.low, figure.high, words)


def _drawn(value: float, low: float, high: float, words: Words) -> Bar:
    text, interval = words.numbers.percent(value), words.numbers.interval(low, high)
    return Bar(
        low=round(low * HUNDRED, 1),
        value=round(value * HUNDRED, 1),
        width=round((high - low) * HUNDRED, 1),
        text=text,
        interval=interval,
        alternative=words.texts.format("portfolio.bar", value=text, interval=interval),
    )
