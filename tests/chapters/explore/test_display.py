"""What a cell of JupyterLab shows when it ends in a result, asked of IPython itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell

from evalkit.chapters.explore import cells as explore
from evalkit.chapters.explore.display import shown_types
from evalkit.present.blocks import MIME_TYPE
from evalkit.results import AreaSeries, Estimate, GroupFlow, GroupStep, NotEstimable, Withheld
from evalkit.statistics.adjustment.balance_table import balance_table
from evalkit.statistics.adjustment.doubly_robust import doubly_robust_difference
from evalkit.statistics.adjustment.groups import Groups, compare_groups
from evalkit.statistics.adjustment.overlap import overlap
from evalkit.statistics.adjustment.sensitivity import e_value_of
from evalkit.statistics.adjustment.side_by_side import compared
from evalkit.statistics.adjustment.weighting import weighted_difference
from evalkit.statistics.casemix.reference import Expected
from evalkit.statistics.casemix.verdict import adjusted_verdict
from evalkit.statistics.follow_up.bounds import follow_up_bounds
from evalkit.statistics.follow_up.tipping import tipping_point
from evalkit.statistics.regression.cox import cox
from evalkit.statistics.shares.proportions import proportion
from evalkit.statistics.sites.comparison import compare_sites
from evalkit.statistics.sites.funnel import share_funnel
from evalkit.statistics.trends.changes import changes_between
from evalkit.statistics.trends.interrupted import interrupted_series
from evalkit.statistics.trends.one_area import area_event_study
from evalkit.statistics.trends.shares import lead_change, lead_over_reference
from evalkit.statistics.trends.synthetic_control import synthetic_control

START = "2017-01"
OTHERS = ["B", "C", "D", "E", "F"]


@pytest.fixture
def shell() -> Iterator[InteractiveShell]:
    made = InteractiveShell.instance()
    explore.register_display("sv")
    yield made
    InteractiveShell.clear_instance()


def a_series() -> AreaSeries:
    rng = np.random.default_rng(1)
    months = pd.period_range("2016-01", "2017-12", freq="M").astype(str)
    rows = [
        (area, month, value)
        for area in ("A", *OTHERS)
        for month, value in zip(months, 8 + np.cumsum(rng.normal(0, 0.1, 24)), strict=True)
    ]
    table = pd.DataFrame(rows, columns=["area", "period", "value"])
    return AreaSeries(observations=table, unit="%", source="", is_synthetic=True)


def a_lead() -> Any:
    counts = ((40, 100), (60, 100))
    sides = [
        lead_over_reference(label=label, counts=count, reference_share=0.4)
        for label, count in zip(("2017", "2018"), counts, strict=True)
    ]
    return lead_change(*sides, before_counts=counts[0], after_counts=counts[1])


def compared_groups() -> Groups:
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({"arm": np.arange(120) % 2, "age": rng.integers(20, 60, 120)})
    frame["work"] = rng.integers(0, 2, 120)
    return compare_groups(frame, outcome="work", treatment="arm", covariates=["age"])


def a_balance() -> Any:
    groups = compared_groups()
    frame = pd.DataFrame({"age": groups.columns[1]})
    return balance_table(frame, groups, confounders=["age"])


def some_sites() -> list[Estimate]:
    return [
        proportion(events=k, n=60, group=name)
        for name, k in zip("ABCD", (20, 30, 35, 28), strict=True)
    ]


RESULTS = {
    "comparison by every method": lambda: compared(compared_groups()),
    "weighted difference": lambda: weighted_difference(compared_groups(), target="treated"),
    "difference by models": lambda: doubly_robust_difference(compared_groups()),
    "balance": a_balance,
    "overlap": lambda: overlap(compared_groups()),
    "E-value": lambda: e_value_of(compared(compared_groups()).ratio),
    "flow of two groups": lambda: GroupFlow(
        steps=(GroupStep(step="group_members", treated=80, control=90),)
    ),
    "series": a_series,
    "changes": lambda: changes_between(
        a_series(), first="2016-12", last="2017-12", area="A", reference="B"
    ),
    "broken line": lambda: interrupted_series(a_series(), area="A", first_after=START),
    "broken line of a difference": lambda: interrupted_series(
        a_series(), area="A", reference="B", first_after=START
    ),
    "synthetic control": lambda: synthetic_control(
        a_series(), area="A", pool=OTHERS, first_after=START
    ),
    "event study": lambda: area_event_study(a_series(), area="A", others=OTHERS, first_after=START),
    "lead": a_lead,
    "extremes": lambda: follow_up_bounds(events=40, followed_up=80, n=97, ratios=[0.5]),
    "tipping point": lambda: tipping_point(events=40, followed_up=80, n=97, goal=0.5),
    "adjusted verdict": lambda: adjusted_verdict(
        Expected(chances=np.full(60, 0.4), reference=0.5), events=20, goal=0.5
    ),
    "sites": lambda: compare_sites(some_sites(), dimension="municipality"),
    "funnel": lambda: share_funnel(some_sites()),
    "not estimable": lambda: NotEstimable(measure="share", reason="no_persons", n=0),
    "withheld": lambda: Withheld(measure="share", reason="small_count"),
}


@pytest.mark.parametrize("name", RESULTS)
def test_a_result_that_ends_a_cell_is_shown_in_words_and_marked_internal(
    shell: InteractiveShell, name: str
) -> None:
    assert shell.display_formatter is not None
    data, _ = shell.display_formatter.format(RESULTS[name]())
    assert data[MIME_TYPE]["is_internal"]
    assert "<p" in data["text/html"] or "<table" in data["text/html"]
    assert "internt" in data["text/html"].casefold()


def test_every_type_with_a_display_is_registered_under_the_module_that_defines_it() -> None:
    """IPython compares with ``__module__``: a type that moves would fall silent."""
    registered = {(module, name) for module, names in explore._SHOWN.items() for name in names}
    missing = {(t.__module__, t.__name__) for t in shown_types()} - registered
    assert missing == set()


def test_everything_registered_exists() -> None:
    from importlib import import_module

    for module, names in explore._SHOWN.items():
        for name in names:
            assert getattr(import_module(module), name).__module__ == module


def test_a_regression_shows_its_ratios() -> None:
    rng = np.random.default_rng(2)
    frame = pd.DataFrame({"days": rng.integers(1, 300, 80), "cause": rng.integers(0, 2, 80)})
    frame["age"] = rng.integers(20, 60, 80)
    model = cox(frame, days="days", event="cause", covariates=["age"])
    shown = explore.mime_bundle(model, "en")["text/html"]
    assert "age" in shown
    assert "Ratio" in shown
