"""What has changed in a project's figures since the edition before it, in words."""

from __future__ import annotations

from evalkit.documents.editions.history import Change
from evalkit.documents.figures import ReleasedFigure
from evalkit.documents.portfolio.entries import Entry
from evalkit.present.labels import Words

MOST_TOLD = 8


def change_texts(entry: Entry, words: Words) -> tuple[str, ...]:
    """One text per changed figure, at most eight."""
    told = [change_text(change, words) for change in entry.changes[:MOST_TOLD]]
    rest = len(entry.changes) - len(told)
    if rest:
        count = words.numbers.count(rest)
        told.append(words.texts.format("portfolio.change.more", count=count))
    return tuple(told)


def since_text(entry: Entry, words: Words) -> str:
    """Against which edition the changes are told."""
    date = month_of(entry.previous_data_cut, words)
    return words.texts.format("portfolio.change.since", date=date)


def month_of(day: str, words: Words) -> str:
    """The month of an ISO date: a day for every project is more than a reader needs.

    Many days in one file are also what rows of persons look like to the last look before a
    report is put in place.
    """
    return words.numbers.period(day[:7]) if day else words.texts["cannot.marker"]


def figure_text(figure: ReleasedFigure, words: Words) -> str:
    """The value as the report prints it."""
    if figure.unit == "share":
        return words.numbers.percent(figure.value, decimals=figure.decimals)
    return words.numbers.number(figure.value, decimals=figure.decimals)


def figure_label(figure: ReleasedFigure, words: Words) -> str:
    """What a figure is called; a site after what is compared."""
    if not figure.group:
        return figure.label
    return words.texts.format("sentence.labelled", title=figure.label, sentence=figure.group)


def change_text(change: Change, words: Words) -> str:
    """A figure with its value before and after."""
    return words.texts.format(
        f"portfolio.change.{change.kind}",
        label=figure_label(change.figure, words),
        before=figure_text(change.before, words) if change.before else "",
        after=figure_text(change.after, words) if change.after else "",
    )
