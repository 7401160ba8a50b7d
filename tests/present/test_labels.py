from __future__ import annotations

import math
from pathlib import Path

from evalkit.present.labels import words_in, words_of
from evalkit.project import load_project
from evalkit.project.base import LocalText
from evalkit.results import Estimate

OWN = {"track": {"sfi": LocalText(sv="Yrkes-SFI", en="Vocational Swedish")}}
SV, EN = words_in("sv", OWN).labels, words_in("en", OWN).labels


def test_known_levels_are_in_the_language() -> None:
    assert [SV.level("sex", "woman"), EN.level("sex", "woman")] == ["Kvinnor", "Women"]


def test_the_projects_own_words_come_first() -> None:
    assert [SV.level("track", "sfi"), EN.level("track", "sfi")] == [
        "Yrkes-SFI",
        "Vocational Swedish",
    ]


def test_names_are_data_and_printed_as_they_are() -> None:
    assert [SV.level("municipality", "Sjöbo"), EN.level("municipality", "Sjöbo")] == ["Sjöbo"] * 2


def test_the_empty_level_is_everyone() -> None:
    assert [SV.level("sex", ""), EN.level("sex", "")] == ["Alla", "Everyone"]


def test_inside_a_sentence_only_names_keep_their_capital() -> None:
    assert [SV.inline("sex", "woman"), SV.inline("municipality", "Ystad")] == ["kvinnor", "Ystad"]
    assert EN.inline("profile", "standard").startswith("standard")


def test_outcomes_that_begin_alike_are_joined() -> None:
    assert SV.done(["employment", "studies"]) == "gått till arbete eller studier"
    assert EN.done(["employment", "studies"]) == "moved into work or study"
    assert SV.being(["employment", "studies"]) == "i arbete eller studier"


def test_outcomes_that_begin_differently_are_listed() -> None:
    assert SV.done(["employment", "dropout"]) == "gått till arbete eller avbrutit insatsen"


def test_an_outcome_of_the_projects_own_is_quoted() -> None:
    own = {"cause": {"own": LocalText(sv="Praktik", en="Placement")}}

    assert words_in("sv", own).labels.done(["own"]) == "avslutat till ”Praktik”"


def test_dimensions_the_catalogue_lacks_are_headings_of_their_name() -> None:
    assert [SV.dimension("sex"), SV.dimension("own_column")] == ["Kön", "Own column"]


def test_a_column_named_by_its_heading_is_printed_as_the_heading(tmp_path: Path) -> None:
    """`init` proposes ``ovrigt`` for Övrigt; a name of one's own and a known field stay."""
    (tmp_path / "project.yaml").write_text(
        "id: t\ntitle: T\nsummary: T.\nlanguages: [sv]\ndata_cut: 2024-12-31\n"
        "period: {start: 2023-01-01, end: 2024-12-31}\nchapters: [participants]\n"
        "registers: [{file: r.csv, columns: {Läge efter 6 mån: lage_efter_6_man,"
        " Egen coach: coach, Age: age}, kinds: {lage_efter_6_man: status}}]\n",
        encoding="utf-8",
    )
    labels = words_of(load_project(tmp_path), "sv").labels
    assert labels.dimension("lage_efter_6_man") == "Läge efter 6 mån"
    assert labels.level("lage_efter_6_man", "employment") == "I arbete"
    assert [labels.dimension("coach"), labels.dimension("age")] == ["Coach", "Ålder"]


# DOMAIN.md §1: 163 of 267 is 61,0 %, 55,1–66,7 % by Wilson.
ARENA = Estimate(
    measure="share", value=163 / 267, low=0.551, high=0.667, unit="share", method="wilson",
    confidence_level=0.95, n=267, cells=(163, 104),
)  # fmt: skip


def test_a_text_says_of_an_estimate_what_it_has_places_for() -> None:
    told = words_in("sv").say("sentence.before", ARENA).replace("\u00a0", " ")

    assert told == "Före: 163 av 267, 61,0 % (95 % konfidensintervall 55,1–66,7 %)."


def test_what_is_said_beside_an_estimate_goes_before_its_own() -> None:
    assert words_in("en").say("sentence.before", ARENA, n=1234).startswith("Before: 163 of 1,234,")


def test_a_cost_without_limit_has_no_persons_to_round() -> None:
    endless = Estimate(
        measure="cost_per_additional_outcome", value=math.inf, low=1.0, high=math.inf, unit="sek",
        method="wilson", confidence_level=0.95, n=267, cells=(),
    )  # fmt: skip

    assert words_in("sv").say("headline.with_interval", endless)
