"""Sites compared, made safe: a mean over sites may rest only on sites that are shown.

A mean, a spread or a test that a withheld site is part of would, beside the sites that are
shown, be an equation for the one that is not. So sites are released first, together with
their total; what is worked out from those that passed tells nothing new.
"""

from __future__ import annotations

from collections.abc import Sequence

from evalkit.disclosure.estimates import release_rows
from evalkit.disclosure.rule import Rule
from evalkit.results import (
    Estimate,
    EstimateRow,
    Funnel,
    SiteComparison,
    TestResult,
    Withheld,
    estimates_only,
)


def release_sites(result: SiteComparison, rule: Rule) -> tuple[SiteComparison | Withheld, int]:
    """The comparison, or nothing of it when it rests on a site that may not be shown."""
    shown = estimates_only(result.sites)
    whole = (result.pooled, result.further, result.test, result.funnel.test)
    own = [*result.shrunken, *(point.row for point in result.funnel.points)]
    if not (_all_pass(result.sites, rule) and _rest_on(whole, own, shown)):
        return Withheld(measure=result.pooled.measure, reason="small_count"), 1
    return result, sum(isinstance(row, Withheld) for row in result.sites)


def release_funnel(result: Funnel, rule: Rule) -> tuple[Funnel | Withheld, int]:
    """The funnel, or nothing of it when one of its sites may not be shown."""
    shown = [point.row for point in result.points]
    if not (_all_pass(shown, rule) and _rest_on([result.test], shown, shown)):
        return Withheld(measure="funnel", reason="small_count"), 1
    return result, 0


def _all_pass(rows: Sequence[EstimateRow], rule: Rule) -> bool:
    released, _ = release_rows(rows, rule)
    return released == tuple(rows)


def _rest_on(
    whole: Sequence[Estimate | TestResult], own: Sequence[Estimate], shown: Sequence[Estimate]
) -> bool:
    """Whether figures of all sites, and of each, rest on the counts of those shown alone."""
    cells = tuple(count for site in shown for count in site.cells)
    of_site = {(site.group, site.cells) for site in shown}
    return all(one.cells == cells for one in whole) and all(
        (one.group, one.cells) in of_site for one in own
    )
