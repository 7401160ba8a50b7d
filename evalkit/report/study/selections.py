"""Every share of the register that a report prints by itself, judged beside the others.

Tables are linked in the door; a target, a cohort and a claim are figures of their own, taken of
persons who may be nearly the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from evalkit.disclosure.selections import SharedPersons, selections_to_withhold
from evalkit.project.questions import Selection
from evalkit.report.study.measures import cohort_persons, is_known, of_whom, target_persons

if TYPE_CHECKING:
    from evalkit.report.study.study import Study

Key = tuple[str, ...]
Outcome = tuple[str | None, tuple[str, ...]]


def hidden_selections(study: Study) -> frozenset[Key]:
    """Shares that would tell of a few persons beside those printed before them.

    Keys are ``("target", id)``, ``("before_after", id)``, ``("reference", id)`` and
    ``("claim", id)``. When exploring nothing is hidden.
    """
    if study.purpose == "explore" or not study.project.registers:
        return frozenset()
    by_outcome: dict[Outcome, list[tuple[Key, pd.DataFrame]]] = {}
    for key, outcome, persons in _printed(study):
        column, names = outcome
        by_outcome.setdefault((column, tuple(sorted(names))), []).append((key, persons))
    hidden: set[Key] = set()
    for outcome, entries in by_outcome.items():
        selections = [_shared(study, persons, outcome) for _, persons in entries]
        withheld = selections_to_withhold(selections, study.rule)
        hidden |= {key for (key, _), gone in zip(entries, withheld, strict=True) if gone}
    return frozenset(hidden)


def _printed(study: Study) -> Iterator[tuple[Key, Outcome, pd.DataFrame]]:
    """Every share of its own: the whole register's first, then in the order of the chapters."""
    positive = study.project.outcomes.positive
    for names in (positive, *((one,) for one in positive)):
        yield ("register", "participants"), (None, names), of_whom(study, {}, "participants")
        yield ("register", "exits"), (None, names), of_whom(study, {}, "exits")
    for target in study.project.targets:
        outcome = (target.status_column, target.outcome)
        yield ("target", target.id), outcome, target_persons(study, target)
    yield from _cohorts(study)
    for claim in study.project.claims:
        figure = claim.register_figure
        if figure is not None and figure.measure == "share" and figure.where:
            persons = of_whom(study, figure.where, figure.denominator)
            yield ("claim", claim.id), (None, figure.outcome), persons


def _cohorts(study: Study) -> Iterator[tuple[Key, Outcome, pd.DataFrame]]:
    """Both sides of comparisons over time, and of shares beside a reference's."""
    for spec in study.project.before_after:
        outcome = (spec.status_column, spec.outcome)
        for cohort in (spec.before, spec.after):
            if cohort.microdata is not None:
                yield ("before_after", spec.id), outcome, cohort_persons(study, cohort.microdata)
    for share in study.project.reference_shares:
        outcome = (share.status_column, share.outcome)
        for side in (share.before, share.after):
            chosen = Selection(by="exit", start=side.start, end=side.end)
            yield ("reference", share.id), outcome, cohort_persons(study, chosen)


def _shared(study: Study, persons: pd.DataFrame, outcome: Outcome) -> SharedPersons:
    """One place per person of the register; those of unknown status are in no share."""
    column, names = outcome
    status = study.persons[column or "exit_class"]
    known = is_known(status) if column else status != ""
    chosen = study.persons.index.isin(persons.index) & known.to_numpy(dtype=bool)
    return SharedPersons(chosen, chosen & status.isin(names).to_numpy(dtype=bool))
