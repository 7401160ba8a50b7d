"""Sites at the door: what is pooled tells nothing of a site that is withheld."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.disclosure import release, rule_for
from evalkit.results import (
    CannotBeComputed,
    Estimate,
    Funnel,
    SiteComparison,
    Withheld,
    estimates_only,
)
from evalkit.statistics.shares.proportions import proportion
from evalkit.statistics.sites.comparison import compare_sites
from evalkit.statistics.sites.funnel import share_funnel

STANDARD = rule_for("standard")
LARGE = {"A": (30, 60), "B": (25, 50), "C": (40, 70), "D": (20, 45)}


def shares(counts: dict[str, tuple[int, int]]) -> list[Estimate]:
    return [proportion(events=k, n=n, group=name) for name, (k, n) in counts.items()]


def test_sites_that_are_all_large_pass_whole():
    made = compare_sites(shares(LARGE), dimension="municipality")
    released = release(made, STANDARD)
    assert released.result is made
    assert released.withheld == 0


def test_a_comparison_that_rests_on_a_small_site_is_withheld_whole():
    made = compare_sites(shares({**LARGE, "E": (3, 40)}), dimension="municipality")
    assert release(made, STANDARD).result == Withheld(measure="pooled_share", reason="small_count")


def test_hiding_a_small_site_in_the_list_does_not_hide_it_in_the_mean():
    """The mean, a shrunken site, a point of the funnel and a test would each tell its count."""
    made = compare_sites(shares({**LARGE, "E": (3, 40)}), dimension="municipality")
    hidden = Withheld(measure="share", reason="small_count", group="E")
    masked = replace(made, sites=(*made.sites[:-1], hidden))
    assert isinstance(release(masked, STANDARD).result, Withheld)
    clean = compare_sites([*shares(LARGE), hidden], dimension="municipality")
    assert isinstance(release(clean, STANDARD).result, SiteComparison)
    for part in ("pooled", "further", "shrunken", "test", "funnel"):
        leaking = replace(clean, **{part: getattr(made, part)})
        assert isinstance(release(leaking, STANDARD).result, Withheld), part


def test_a_funnel_with_a_small_site_is_withheld_whole():
    assert isinstance(release(share_funnel(shares(LARGE)), STANDARD).result, Funnel)
    small = share_funnel(shares({**LARGE, "E": (3, 40)}))
    assert release(small, STANDARD).result == Withheld(measure="funnel", reason="small_count")


@given(
    st.lists(
        st.integers(5, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
        min_size=4,
        max_size=7,
    )
)
def test_what_is_pooled_follows_from_the_printed_sites_alone(counts):
    """A reader who repeats the calculation on the printed sites learns nothing new."""
    rows = [proportion(events=k, n=n, group=f"site {i}") for i, (k, n) in enumerate(counts)]
    total = proportion(events=sum(k for k, _ in counts), n=sum(n for _, n in counts))
    printed = release([total, *rows], STANDARD).result[1:]
    try:
        made = compare_sites(printed, dimension="municipality")
    except CannotBeComputed:
        return
    released = release(made, STANDARD).result
    assert isinstance(released, SiteComparison)
    again = compare_sites(estimates_only(printed), dimension="municipality")
    assert released.pooled == again.pooled
    assert released.funnel.reference == again.funnel.reference


@pytest.mark.parametrize("profile", ["strict"])
def test_stricter_profiles_are_stricter_here_too(profile):
    made = compare_sites(shares({**LARGE, "E": (7, 40)}), dimension="municipality")
    assert isinstance(release(made, STANDARD).result, SiteComparison)
    assert isinstance(release(made, rule_for(profile)).result, Withheld)
