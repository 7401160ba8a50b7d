"""Sites: one share per site, and how much they differ beyond chance."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from evalkit.answers.counts import share_of_persons
from evalkit.answers.given import OUTCOMES
from evalkit.answers.measures import (
    OTHER,
    TOTAL,
    count_table,
    of_whom,
    outcome_counts,
    share_of,
)
from evalkit.answers.study import Study
from evalkit.present.labels import in_name_order, words_of
from evalkit.project.questions import Sites
from evalkit.results import (
    Answer,
    Ask,
    CannotBeComputed,
    Derived,
    Estimate,
    EstimateRow,
    SiteComparison,
)
from evalkit.results.answers import share_members
from evalkit.statistics.shares.differences import newcombe
from evalkit.statistics.sites.comparison import compare_sites

PAIR = 3
"""Rows of two places: everyone's and theirs."""


def comparisons(study: Study) -> Iterator[Ask]:
    """Each comparison of the project file."""
    for spec in study.project.sites:
        answer = site_answer(study, spec)
        yield answer
        compute = partial(_compared, dimension=spec.by)
        yield Derived(id=f"site.{spec.id}.comparison", of=(answer.id,), compute=compute)
        if len(answer.result) == PAIR:
            yield Derived(id=f"site.{spec.id}.gap", of=(answer.id,), compute=_gap)


def site_answer(study: Study, spec: Sites) -> Answer[tuple[EstimateRow, ...]]:
    """The share of everyone, then one per site, in the alphabetical order of their names.

    A level that few persons have and the project file does not name is no site: its very name
    could point somebody out.

    Raises:
        ProjectError: For a column the registers lack, or an outcome that no one can have.
    """
    study.require(spec.by)
    printed = count_table(study, spec.by).counts[spec.by].astype(str)
    names = words_of(study.project, "sv").labels
    levels = tuple(
        in_name_order(
            (names.level(spec.by, level), level)
            for level in printed
            if level not in (TOTAL, OTHER, "")
        ).values()
    )
    persons = of_whom(study, spec.where, spec.denominator)
    everyone = share_of_persons(study, persons, spec.outcome, status_column=spec.status_column)
    groups = study.persons[spec.by].to_numpy(dtype=object)
    by_site = share_members(everyone.cells >= 0, everyone.cells == 1, groups=groups, levels=levels)
    rows = []
    for level in ("", *levels):
        own = persons[persons[spec.by] == level] if level else persons
        found = outcome_counts(study, own, spec.outcome, status_column=spec.status_column)
        rows.append(share_of(found, group=level))
    given = OUTCOMES if spec.status_column is None else ""
    members = (everyone, by_site)
    return Answer(id=f"site.{spec.id}", result=tuple(rows), members=members, given=given)


def _gap(rows: tuple[EstimateRow, ...]) -> Estimate:
    """The larger share of two places less the smaller."""
    shown = [row for row in rows[1:] if isinstance(row, Estimate)]
    if len(shown) < len(rows[1:]):
        raise CannotBeComputed("one_group")
    low, high = sorted(shown, key=lambda row: row.value)
    return newcombe(round(high.value * high.n), high.n, round(low.value * low.n), low.n)


def _compared(rows: tuple[EstimateRow, ...], *, dimension: str) -> SiteComparison:
    """The sites that may be shown, compared."""
    return compare_sites(rows[1:], dimension=dimension)
