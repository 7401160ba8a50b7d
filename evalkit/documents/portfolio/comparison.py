"""Projects, and sites of several projects, compared from their released figures alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalkit.documents.editions.history import Change
from evalkit.documents.portfolio.entries import Entry, Portfolio
from evalkit.figures import ReleasedFigure
from evalkit.present.labels import Words
from evalkit.results import CannotBeComputed, Released, SiteComparison

if TYPE_CHECKING:
    from evalkit.disclosure.rule import ProfileName

OF_WHOM = ("participants", "exits")
_FEWEST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Projects or sites that count the same outcome, compared.

    Attributes:
        released: The comparison of released figures.
        labels: Printed names, in alphabetical order of the projects.
        outcome: What all of them count.
        denominator: ``participants`` or ``exits``.
        dimension: ``project``, or what the sites are.
        others: How many have a share of another outcome and are left out.
    """

    released: Released[SiteComparison]
    labels: tuple[str, ...]
    outcome: tuple[str, ...]
    denominator: str
    dimension: str
    others: int = 0


def compared_projects(portfolio: Portfolio, denominator: str) -> Compared | None:
    """The projects' shares with a positive exit: those of the most common outcome and programme.

    What has different aims, lengths and rules has no common mean. ``None`` when fewer than
    three projects can be compared.
    """
    found = [
        (entry, figure)
        for entry in portfolio.entries
        for figure in entry.figures
        if figure.measure == "share" and figure.denominator == denominator and _is_share(figure)
    ]
    if not found:
        return None
    kinds = Counter((figure.outcome, entry.programme) for entry, figure in found)
    (outcome, programme), _ = kinds.most_common(1)[0]
    same = [
        (entry, figure)
        for entry, figure in found
        if (figure.outcome, entry.programme) == (outcome, programme)
    ]
    labelled = [(entry.title, figure) for entry, figure in same]
    profile = _strictest(entry for entry, _ in same)
    others = len(found) - len(same)
    return _compared(labelled, profile, outcome, denominator, "project", others=others)


def compared_sites(portfolio: Portfolio) -> Compared | None:
    """The sites of all projects that compare sites of the same kind, outcome and denominator.

    ``None`` when only one project has such sites: its own report shows them.
    """
    found = [
        (entry, figure)
        for entry in portfolio.entries
        for figure in entry.figures
        if figure.measure == "site" and _is_share(figure)
    ]
    kinds = Counter(_kind(figure) for _, figure in found)
    if not kinds:
        return None
    kind = kinds.most_common(1)[0][0]
    same = [(entry, figure) for entry, figure in found if _kind(figure) == kind]
    if len({entry.id for entry, _ in same}) < 2:
        return None
    labelled = [(_site_label(portfolio, entry, figure), figure) for entry, figure in same]
    dimension, outcome, denominator = kind
    profile = _strictest(entry for entry, _ in same)
    others = len(found) - len(same)
    return _compared(labelled, profile, outcome, denominator, dimension, others=others)


def share_of_project(
    entry: Entry, denominator: str, outcome: Sequence[str]
) -> ReleasedFigure | None:
    """The share of a project that a comparison is about."""
    for figure in entry.figures:
        if figure.measure == "share" and figure.denominator == denominator:
            return figure if figure.outcome == tuple(outcome) else None
    return None


def _kind(figure: ReleasedFigure) -> tuple[str, tuple[str, ...], str]:
    return figure.dimension, figure.outcome, figure.denominator


def _site_label(portfolio: Portfolio, entry: Entry, figure: ReleasedFigure) -> str:
    return portfolio.words.say("portfolio.site", site=figure.group, project=entry.title)


def _strictest(entries: Iterable[Entry]) -> ProfileName:
    """What stands beside a stricter project's figures is judged as they are."""
    return "strict" if any(entry.profile == "strict" for entry in entries) else "standard"


def _is_share(figure: ReleasedFigure) -> bool:
    """Whether the counts behind the share are there; a manifest may be from another version."""
    n, events = figure.n, figure.events
    return n is not None and events is not None and 0 <= events <= n and n > 0


def _compared(
    labelled: Sequence[tuple[str, ReleasedFigure]],
    profile: ProfileName,
    outcome: tuple[str, ...],
    denominator: str,
    dimension: str,
    *,
    others: int,
) -> Compared | None:
    """What projects have published, compared: nobody can read more from it than from them.

    A manifest may have been written by hand: a share that no report prints is not one here.
    """
    if len(labelled) < _FEWEST:
        return None
    # Only here: a folder of one project is spared the time that these take to load.
    from evalkit.disclosure.alone import as_withheld, reason_to_withhold
    from evalkit.disclosure.rule import rule_for
    from evalkit.statistics.shares.proportions import proportion
    from evalkit.statistics.sites.comparison import compare_sites

    rule = rule_for(profile)
    shares = [
        proportion(events=int(figure.events or 0), n=int(figure.n or 0), group=str(position))
        for position, (_, figure) in enumerate(labelled)
    ]
    reasons = [reason_to_withhold(share, rule) for share in shares]
    rows = [
        as_withheld(share, reason) if reason else share
        for share, reason in zip(shares, reasons, strict=True)
    ]
    try:
        found = compare_sites(rows, dimension=dimension, allowance="additive")
    except CannotBeComputed:
        return None
    return Compared(
        released=Released(found, sum(map(bool, reasons)), rule.name),
        labels=tuple(label for label, _ in labelled),
        outcome=outcome,
        denominator=denominator,
        dimension=dimension,
        others=others,
    )


MOST_TOLD = 8


def change_texts(entry: Entry, words: Words) -> tuple[str, ...]:
    """One text per changed figure, at most eight."""
    told = [change_text(change, words) for change in entry.changes[:MOST_TOLD]]
    rest = len(entry.changes) - len(told)
    if rest:
        told.append(words.say("portfolio.change.more", count=rest))
    return tuple(told)


def since_text(entry: Entry, words: Words) -> str:
    """Against which edition the changes are told."""
    date = month_of(entry.previous_data_cut, words)
    return words.say("portfolio.change.since", date=date)


def month_of(day: str, words: Words) -> str:
    """The month of an ISO date: a day for every project is more than a reader needs.

    Many days in one file are also what rows of persons look like to the output check before a
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
    return words.say("sentence.labelled", title=figure.label, sentence=figure.group)


def change_text(change: Change, words: Words) -> str:
    """A figure with its value before and after."""
    return words.say(
        f"portfolio.change.{change.kind}",
        label=figure_label(change.figure, words),
        before=figure_text(change.before, words) if change.before else "",
        after=figure_text(change.after, words) if change.after else "",
    )
