"""Editions of a report beside each other: what changed is told, unless it tells of a few."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from evalkit.documents.editions.history import carried_history, changes, history_of
from evalkit.documents.kept import released_chapter
from evalkit.figures import (
    FIGURES_MIME_TYPE,
    ReleasedFigure,
    figures_of,
    figures_to_json,
)

SHARE = ReleasedFigure(
    id="share.participants",
    measure="share",
    label="Till arbete, av alla deltagare",
    value=0.61,
    low=0.551,
    high=0.667,
    n=267,
    events=163,
    unit="share",
    decimals=1,
    outcome=("employment",),
    denominator="participants",
)
LATER = replace(SHARE, value=0.587, low=0.53, high=0.642, n=300, events=176)
PERSONS = ReleasedFigure(
    id="participants", measure="participants", label="Deltagare", value=267, n=267, unit="persons"
)


def entry(*figures: ReleasedFigure, earlier: dict[str, Any] | None = None, threshold: int = 5):
    return history_of(figures, data_cut="2019-12-31", earlier=earlier or {}, threshold=threshold)


def test_a_first_report_has_nothing_to_look_back_at():
    assert entry(SHARE)["previous"] == {}
    assert changes(entry(SHARE)) == ()


def test_a_figure_that_changed_is_told_from_and_to():
    (change,) = changes(entry(LATER, earlier=entry(SHARE)))
    assert change.kind == "changed"
    assert (change.before, change.after) == (SHARE, LATER)


def test_figures_that_came_and_went_are_told():
    made = entry(SHARE, earlier=entry(PERSONS))
    assert [(one.kind, one.figure.id) for one in changes(made)] == [
        ("new", "share.participants"),
        ("gone", "participants"),
    ]


def test_a_run_that_changes_nothing_keeps_what_the_one_before_had_to_tell():
    second = entry(LATER, earlier=entry(SHARE))
    third = entry(LATER, earlier=second)
    assert third == second


def test_another_name_is_no_other_figure():
    renamed = replace(SHARE, label="Till arbete av alla")
    assert changes(entry(renamed, earlier=entry(SHARE))) == ()


@pytest.mark.parametrize(
    "few",
    [
        replace(SHARE, n=269, events=163),
        replace(SHARE, n=300, events=165),
        replace(SHARE, n=300, events=194),
    ],
    ids=["two more persons", "two more events", "two more without the event"],
)
def test_editions_that_would_tell_of_a_few_persons_are_not_set_beside_each_other(few):
    assert entry(few, earlier=entry(SHARE))["previous"] == {}
    made_up = entry(few, earlier=entry(SHARE), threshold=0)
    assert len(changes(made_up)) == 1


def test_a_number_of_persons_alone_tells_of_few_too():
    assert entry(replace(PERSONS, n=269), earlier=entry(PERSONS))["previous"] == {}
    assert len(changes(entry(replace(PERSONS, n=272), earlier=entry(PERSONS)))) == 1


def test_a_report_that_failed_keeps_the_figures_of_the_one_that_stands():
    second = entry(LATER, earlier=entry(SHARE))
    assert carried_history(second) == second
    assert carried_history({}) == {"previous": {}}


@pytest.mark.parametrize(
    "broken",
    [None, "x", [1, {"id": "a"}], [{"id": "a", "measure": "share", "label": "", "unit": "share"}],
     [{"id": "a", "measure": "m", "label": "", "unit": "", "value": "1"}],
     [{"id": "a", "measure": "m", "label": "", "unit": "", "value": float("nan")}]],
)  # fmt: skip
def test_a_notebook_that_holds_something_else_than_figures_is_not_kept(broken):
    output = {"output_type": "display_data", "data": {FIGURES_MIME_TYPE: broken}}
    cell = {"cell_type": "code", "metadata": {}, "outputs": [output]}
    with pytest.raises(ValueError, match=r"FigureEntry|list"):
        released_chapter({"cells": [cell], "metadata": {}}, "sv")


def test_figures_survive_the_manifest_and_stand_once_however_many_chapters_carry_them():
    cell = {"outputs": [{"data": {FIGURES_MIME_TYPE: figures_to_json([SHARE, PERSONS])}}]}
    chapter = {"cells": [{"cell_type": "markdown"}, cell]}
    assert figures_of([chapter, chapter]) == (SHARE, PERSONS)


def test_a_first_attempt_that_failed_is_no_earlier_edition():
    made = entry(SHARE, PERSONS, earlier=carried_history({}))
    assert made["previous"] == {}
    assert changes(made) == ()
    assert entry(SHARE, earlier=carried_history(carried_history({})))["previous"] == {}


def test_an_attempt_that_failed_with_a_later_data_cut_does_not_date_the_edition_before_it():
    first = history_of([SHARE], data_cut="2018-12-31", earlier={}, threshold=5)
    second = history_of([LATER], data_cut="2020-12-31", earlier=carried_history(first), threshold=5)
    assert second["previous"]["data_cut"] == "2018-12-31"
