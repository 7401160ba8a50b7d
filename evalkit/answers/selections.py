"""Every figure of the register that a report prints by itself, judged beside the others.

Tables are linked in the door; a target, a cohort, a site and a claim are figures of their own,
taken of persons who may be nearly the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evalkit.answers.follow_up import OUTCOME, target_follow_up
from evalkit.answers.measures import (
    cohort_persons,
    count_table,
    is_known,
    missing_persons,
    of_whom,
    target_persons,
    whole_register_share,
)
from evalkit.disclosure.counts import is_small
from evalkit.disclosure.selections import ToldGroups, selections_to_withhold, told_by_share
from evalkit.project.questions import Selection
from evalkit.results import Estimate

if TYPE_CHECKING:
    from evalkit.answers.study import Study

Key = tuple[str, ...]
REGISTER: Key = ("register",)


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """A figure of the report by its key, and whom it tells of."""

    key: Key
    groups: ToldGroups


def hidden_selections(study: Study) -> frozenset[Key]:
    """Figures that would tell of a few persons beside those printed before them.

    Keys are ``("target", id)``, ``("before_after", id)``, ``("reference", id)``,
    ``("claim", id)``, ``("site", id, level)``, ``("casemix", id, level)``,
    ``("follow_up", id)``, ``("response", id, column, level)`` and ``("missing", column)``.
    When exploring nothing is hidden.
    """
    if study.purpose == "explore" or not study.project.registers:
        return frozenset()
    figures = list(told_figures(study))
    withheld = selections_to_withhold([figure.groups for figure in figures], study.rule)
    keys = (figure.key for figure, gone in zip(figures, withheld, strict=True) if gone)
    return frozenset(key for key in keys if key != REGISTER)


def printed_groups(study: Study) -> list[ToldGroups]:
    """The groups that the figures of their own tell of, less what is withheld for being small."""
    hidden = study.hidden_selections
    return [
        figure.groups
        for figure in told_figures(study)
        if figure.key not in hidden
        and not any(is_small(int(group.sum()), study.rule) for group in figure.groups.groups)
    ]


def told_figures(study: Study) -> Iterator[Told]:
    """Every figure of its own: those of the whole register first, then by what weighs most."""
    yield from _of_the_register(study)
    for target in study.project.targets:
        outcome = (target.status_column, target.outcome)
        yield _share(study, ("target", target.id), target_persons(study, target), *outcome)
    yield from _cohorts(study)
    yield from _claims(study)
    yield from _sites(study)
    yield from _by_level(study)
    yield from _followed_up(study)
    for column, can_have, missing in missing_persons(study):
        scope, lacks = _places(study, can_have), _places(study, missing)
        yield Told(("missing", column), ToldGroups((scope, lacks, scope & ~lacks)))


def _of_the_register(study: Study) -> Iterator[Told]:
    """What the tables of the participants release, and the shares of the whole register."""
    for column in dict.fromkeys([*study.groupings, "exit_class"]):
        yield from _table(study, column)
    positive = study.project.outcomes.positive
    for names in (positive, *((one,) for one in positive)):
        for denominator in ("participants", "exits"):
            if isinstance(whole_register_share(study, names, denominator), Estimate):
                yield _share(study, REGISTER, of_whom(study, {}, denominator), None, names)


def _table(study: Study, column: str) -> Iterator[Told]:
    """The levels that are shown, and those withheld taken together: the total less the shown."""
    counts = study.through_door(count_table(study, column)).result.counts
    inner = counts[~counts["is_margin"].astype(bool)]
    shown = inner.loc[~inner["is_withheld"].astype(bool), column].astype(str).tolist()
    values = study.persons[column].replace("unknown", "").to_numpy(dtype=object)
    everyone = np.ones(len(values), dtype=bool)
    printed = [values == level for level in shown if level in set(values)]
    together = everyone & ~np.logical_or.reduce([~everyone, *printed])
    yield from (Told(REGISTER, ToldGroups((group,))) for group in (everyone, *printed, together))


def _cohorts(study: Study) -> Iterator[Told]:
    """Both sides of comparisons over time, and of shares beside a reference's."""
    for spec in study.project.before_after:
        for cohort in (spec.before, spec.after):
            if cohort.microdata is not None:
                persons = cohort_persons(study, cohort.microdata)
                key = ("before_after", spec.id)
                yield _share(study, key, persons, spec.status_column, spec.outcome)
    for share in study.project.reference_shares:
        for side in (share.before, share.after):
            chosen = Selection(by="exit", start=side.start, end=side.end)
            persons = cohort_persons(study, chosen)
            key = ("reference", share.id)
            yield _share(study, key, persons, share.status_column, share.outcome)


def _claims(study: Study) -> Iterator[Told]:
    """Shares and means of chosen persons; the median beside a mean tells how many there are."""
    for claim in study.project.claims:
        figure = claim.register_figure
        if figure is None or not figure.where:
            continue
        key = ("claim", claim.id)
        if figure.measure == "share":
            persons = of_whom(study, figure.where, figure.denominator)
            yield _share(study, key, persons, None, figure.outcome)
        else:
            left, chosen = (
                _places(study, of_whom(study, figure.where, denominator))
                for denominator in ("exits", "participants")
            )
            yield Told(key, ToldGroups((left, chosen, chosen & ~left)))


def _sites(study: Study) -> Iterator[Told]:
    for spec in study.project.sites:
        persons = of_whom(study, spec.where, spec.denominator)
        outcome = (spec.status_column, spec.outcome)
        yield _share(study, ("site", spec.id, ""), persons, *outcome)
        for level in study.levels(spec.by):
            own = persons[persons[spec.by] == level]
            yield _share(study, ("site", spec.id, level), own, *outcome)


def _by_level(study: Study) -> Iterator[Told]:
    """Targets judged with regard to who took part, level by level."""
    for target in study.project.targets:
        if target.casemix is None or target.casemix.by is None:
            continue
        persons = target_persons(study, target)
        for level in study.levels(target.casemix.by):
            own = persons[persons[target.casemix.by] == level]
            key = ("casemix", target.id, level)
            yield _share(study, key, own, target.status_column, target.outcome)


def _followed_up(study: Study) -> Iterator[Told]:
    """Whom the follow-up of a target reached, of everybody and of each group."""
    for target in study.project.targets:
        found = target_follow_up(study, target)
        if not found.missing:
            continue
        followed = _places(study, found.persons[found.persons[OUTCOME].notna()])
        due = _places(study, found.persons)
        yield Told(("follow_up", target.id), told_by_share(due, followed))
        for by in study.groupings:
            values = study.persons[by].to_numpy(dtype=object)
            for level in study.levels(by):
                own = due & (values == level)
                yield Told(("response", target.id, by, level), told_by_share(own, followed))


def _share(
    study: Study,
    key: Key,
    persons: pd.DataFrame,
    column: str | None,
    names: Sequence[str],
) -> Told:
    """Those of unknown status are in no share."""
    status = study.persons[column or "exit_class"]
    known = (is_known(status) if column else status != "").to_numpy(dtype=bool)
    chosen = _places(study, persons)
    reached = status.isin(names).to_numpy(dtype=bool)
    return Told(key, told_by_share(chosen & known, reached, lacking=chosen & ~known))


def _places(study: Study, persons: pd.DataFrame) -> np.ndarray:
    places: np.ndarray = study.persons.index.isin(persons.index)
    return places
