"""What is printed in several places agrees: curves with tables, totals with their groups."""

from __future__ import annotations

import numpy as np
import pytest

from evalkit.answers.time_to_employment import _total_outside
from evalkit.disclosure import linked
from evalkit.disclosure.rule import rule_for
from evalkit.results import Estimate
from evalkit.statistics.time_to_event.competing_risks import cumulative_incidence
from evalkit.statistics.time_to_event.curve_readings import share_at
from evalkit.statistics.time_to_event.grouped import share_by
from tests.disclosure import reports

HORIZONS = (365, 180, 90)
# A tenth of a percentage point: as finely as a share is printed.
PRINTED = 0.001


@pytest.fixture(scope="module", params=[(1, 80), (2, 150), (3, 267), (4, 500)])
def report(request):
    seed, n = request.param
    persons = reports.register(70 + seed, n)
    answers = reports.report(persons, groupings=("sex", "place"), curves=True)
    out = linked.release_all(answers, rule_for("standard", horizons=HORIZONS))
    return {answer.id: answer for answer in answers}, out


def test_a_curves_blocks_are_the_exits_printed_elsewhere(report):
    _, out = report
    share, events = out["share.all"].result, out["events.everyone"].result
    if not events.blocks:
        pytest.skip("no curve of everyone")
    exits = [block.n for block in events.blocks if not block.groups and block.kind == "outcome"]
    assert sum(exits) == share.cells[0]
    assert events.persons[""] == share.n


@pytest.mark.parametrize("column", ["sex", "place"])
def test_groups_of_a_curve_are_as_many_as_in_their_table(report, column):
    _, out = report
    table, events = out[f"persons.{column}"].result.counts, out[f"events.{column}"].result
    for group in events.groups:
        row = table.loc[table[column] == group].iloc[0]
        assert not row["is_withheld"]
        assert row["n"] == events.persons[group]


@pytest.mark.parametrize("column", ["sex", "place"])
def test_the_total_lies_between_its_groups_as_far_as_the_exact_one_does(report, column):
    asked, out = report
    events, everyone = out[f"events.{column}"].result, out["events.everyone"].result
    if events.hidden or not events.groups:
        pytest.skip("not all groups have a curve")
    exact = cumulative_incidence(asked[f"events.{column}"].result)
    of_all = cumulative_incidence(asked["events.everyone"].result)
    cause = events.causes[0]
    common = set.intersection(*(set(events.points[group, cause]) for group in events.groups))
    for day in sorted(common & set(everyone.points["", cause])):
        rows = [share_by(events, day, group=group) for group in events.groups]
        total = share_by(everyone, day)
        assert isinstance(total, Estimate)
        low, high = min(row.value for row in rows), max(row.value for row in rows)
        true = [share_at(exact, day, group=g, cause=cause).value for g in events.groups]
        truth = share_at(of_all, day, cause=cause).value
        outside = not min(true) - PRINTED <= truth <= max(true) + PRINTED
        assert outside or low - PRINTED <= total.value <= high + PRINTED


@pytest.mark.parametrize(("followed", "outside"), [(60, True), (200, False)])
def test_a_total_outside_its_groups_is_said_and_one_between_them_is_not(followed, outside):
    """Sixteen of forty women leave on day 50, sixteen of forty men on day 150.

    Followed to day 60 all women but one are gone when the men leave: everyone's share is then
    1 − 64/80 · 25/41, beside two fifths in each group.
    """
    persons = reports.register(0, 80, {"sex": {"woman": 1.0}})
    place = np.arange(80)
    leaves = place % 40 < 16
    persons["sex"] = np.where(place < 40, "woman", "man")
    persons["exit_class"] = np.where(leaves, "employment", "ongoing")
    days = np.where(place < 40, np.where(leaves, 50, followed), np.where(leaves, 150, 200))
    days[39] = 200
    persons["days"] = days
    everyone, by_sex = (reports.events(persons, by).result for by in (None, "sex"))
    curve, cause = cumulative_incidence(by_sex), reports.CAUSES[0]
    rows = [share_at(curve, 180, group=group, cause=cause) for group in curve.groups]
    assert [row.value for row in rows] == pytest.approx([0.4, 0.4])
    found = _total_outside(everyone, rows, (180,), cause=cause)
    expected = [1 - 64 / 80 * 25 / 41] if outside else []
    assert [row.value for row in found] == pytest.approx(expected)
