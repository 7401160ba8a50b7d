"""Every published figure is the one first kept, or its change is listed with a reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.golden import figures
from tests.golden.figures import SAMPLES, Change, Record, differences

COUNTED: Record = {
    "cells": {
        "participants.status | t | Women | n": ["141", "141"],
        "participants.status | t | Men | n": ["126", "126"],
    },
    "sentences": {"participants.status": ["Of 267 participants 141 were women."]},
    "headlines": {"share.participants": {"value": 0.61, "n": 267}},
    "results": ["share | | 0.610 (0.551; 0.667) share | wilson | n=267 | 163,104"],
}
QUICK = ("arena-for-arbete", "eskilstuna-fler-jobb")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return figures.project_files(tmp_path_factory.mktemp("made_up"))


def _made_up() -> list[str]:
    from benchmarks.samples.many import plan

    return [plan(number).id for number in range(1, figures.MADE_UP + 1)]


@pytest.mark.parametrize(
    "project_id", [*SAMPLES, *(pytest.param(one, marks=pytest.mark.slow) for one in _made_up())]
)
def test_the_published_figures_are_those_kept_or_listed(
    project_id: str, files: dict[str, Path]
) -> None:
    """Also stale entries fail: a listed change that is no longer there."""
    listed = figures.listed_changes()
    found = figures.changed(project_id, files[project_id])
    unlisted = [d for d in found if not any(change.covers(d) for change in listed)]
    stale = [
        change.id
        for change in listed
        if change.id.startswith(f"{project_id} | ") and not any(map(change.covers, found))
    ]
    assert not unlisted, "\n".join(
        f"{name}: {old or '(nothing)'} -> {new or '(nothing)'}" for name, old, new in unlisted
    )
    assert not stale


def test_every_listed_change_has_a_reason() -> None:
    assert not [change.id for change in figures.listed_changes() if not change.reason.strip()]


@pytest.mark.parametrize(
    "project_id",
    [one if one in QUICK else pytest.param(one, marks=pytest.mark.slow) for one in SAMPLES],
)
def test_the_english_figures_are_the_swedish_ones(project_id: str, files: dict[str, Path]) -> None:
    swedish, english = (figures.published(files[project_id], code) for code in ("sv", "en"))
    assert _numbers(swedish) == _numbers(english)
    assert swedish["headlines"].keys() == english["headlines"].keys()


def _numbers(record: Record) -> list[tuple[str, str]]:
    """Section and number of every cell that holds one; sites are ordered by their names."""
    return sorted(
        (name.partition(" | ")[0], value)
        for name, (value, _) in record["cells"].items()
        if value is not None
    )


def test_the_same_figures_do_not_differ() -> None:
    assert differences(COUNTED, COUNTED) == []


@pytest.mark.parametrize(
    ("part", "changed", "expected"),
    [
        (
            "cells",
            COUNTED["cells"] | {"participants.status | t | Men | n": ["125", "125"]},
            ("participants.status | t | Men | n", "126 [126]", "125 [125]"),
        ),
        (
            "cells",
            {"participants.status | t | Women | n": ["141", "141"]},
            ("participants.status | t | Men | n", "126 [126]", ""),
        ),
        (
            "sentences",
            {"participants.status": ["Of 267 participants 140 were women."]},
            (
                "participants.status | sentence | Of # participants # were women.",
                "267, 141",
                "267, 140",
            ),
        ),
        (
            "sentences",
            {"participants.status": ["140 women took part."]},
            ("participants.status | sentence | # women took part.", "", "140"),
        ),
        (
            "headlines",
            {"share.participants": {"value": 0.62, "n": 267}},
            (
                "headline | share.participants",
                '{"n": 267, "value": 0.61}',
                '{"n": 267, "value": 0.62}',
            ),
        ),
        (
            "results",
            [],
            (f"result | {COUNTED['results'][0]}", "released", ""),
        ),
    ],
)
def test_a_changed_figure_is_found(part: str, changed: Any, expected: tuple[str, str, str]) -> None:
    assert expected in differences(COUNTED, COUNTED | {part: changed})


def test_a_figure_under_another_label_and_a_reworded_sentence_are_no_difference() -> None:
    reworded = COUNTED | {
        "cells": {
            "participants.who | t2 | Kvinnor | Antal": ["141", "141"],
            "participants.who | t2 | Män | Antal": ["126", "126"],
        },
        "sentences": {"participants.who": ["141 women were among the 267."]},
    }
    assert differences(COUNTED, reworded) == []


def test_a_change_covers_its_own_figures_only() -> None:
    difference = ("a | participants.status | t | Men | n", "126", "125")
    assert Change(id=difference[0], old="126", new="125", reason="-").covers(difference)
    assert not Change(id=difference[0], old="126", new="124", reason="-").covers(difference)
    assert Change(id="a | participants.status | t | *", reason="-").covers(difference)
    assert not Change(id="b | participants.status | t | *", reason="-").covers(difference)
