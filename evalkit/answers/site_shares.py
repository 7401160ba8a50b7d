"""Counting sites: from the project file to one released share per site, in name order."""

from __future__ import annotations

from dataclasses import dataclass

from evalkit.answers.measures import (
    OTHER,
    TOTAL,
    count_table,
    of_whom,
    outcome_counts,
    require_outcomes,
    share_of,
    whole_register_share,
)
from evalkit.answers.study import Study
from evalkit.present.labels import in_name_order
from evalkit.project.questions import Sites
from evalkit.results import CannotBeComputed, EstimateRow, Released, SiteComparison, Withheld
from evalkit.statistics.sites.comparison import compare_sites


@dataclass(frozen=True, slots=True)
class SiteShares:
    """What of a comparison between sites may be shown.

    Attributes:
        labels: Printed names of the sites, in the reader's alphabetical order: never by value.
        rows: The share of everyone, then one row per site.
    """

    spec: Sites
    labels: tuple[str, ...]
    rows: Released[tuple[EstimateRow, ...]]

    @property
    def sites(self) -> tuple[EstimateRow, ...]:
        return self.rows.result[1:]


def site_shares(study: Study, spec: Sites) -> SiteShares:
    """The sites of a comparison with their shares, released together with their total.

    A level that few persons have and the project file does not name is no site: its very name
    could point somebody out. Sites add up to the whole register, so none is told where the
    table of ways out withholds a part of the whole.

    Raises:
        ProjectError: For a column the registers lack, or an outcome that no one can have.
    """
    study.require(spec.by)
    printed = count_table(study, spec.by).counts[spec.by].astype(str)
    levels = [level for level in printed if level not in (TOTAL, OTHER, "")]
    labelled = in_name_order((study.words.labels.level(spec.by, level), level) for level in levels)
    levels = ["", *labelled.values()]
    rows = study.rows_through_door(
        [_share(study, spec, level) for level in levels],
        [("site", spec.id, level) for level in levels],
    )
    return SiteShares(spec, tuple(labelled), rows)


def site_comparison(study: Study, shares: SiteShares) -> Released[SiteComparison]:
    """The sites that may be shown, compared.

    Raises:
        CannotBeComputed: ``too_few_sites``, ``no_variation``.
    """
    released = study.through_door(compare_sites(shares.sites, dimension=shares.spec.by))
    if isinstance(released.result, Withheld):
        raise CannotBeComputed("too_few_sites")
    return released


def _share(study: Study, spec: Sites, level: str) -> EstimateRow:
    """The share at a site, or of everyone."""
    is_whole_register = not spec.where and spec.status_column is None
    if is_whole_register:
        whole = whole_register_share(study, spec.outcome, spec.denominator)
        if isinstance(whole, Withheld):
            return Withheld(measure="share", reason="complement", group=level)
    if spec.status_column is None:
        require_outcomes(study)
    persons = of_whom(study, spec.where, spec.denominator)
    if level:
        persons = persons[persons[spec.by] == level]
    counted = outcome_counts(study, persons, spec.outcome, status_column=spec.status_column)
    return share_of(counted, group=level)
