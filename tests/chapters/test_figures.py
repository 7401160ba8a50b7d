"""The figures that a manifest keeps: those of the report, as printed, none that it withholds."""

from __future__ import annotations

import pytest

from evalkit.answers.study import open_study
from evalkit.chapters.key_figures import headlines
from evalkit.documents.files.paths import projects_below, sample_folder
from evalkit.language import LANGUAGES
from tests.chapters.test_sites import LARGE, PROJECT, study_of

WITH_TARGET = PROJECT.replace(
    "chapters:", "targets: [{id: work, title: {sv: Mål, en: Target}, goal: 0.6}]\nchapters:"
)


def test_arenas_share_stands_with_its_counts_and_printed_decimals():
    study = open_study(sample_folder() / "arena-for-arbete", language="sv", purpose="release")
    figures = {one.id: one for one in headlines(study).figures}
    share = figures["share.participants"]
    # 163 of 267; Wilson 55.1-66.7 %, the golden facts of the sample.
    assert (share.events, share.n) == (163, 267)
    assert (share.value, share.low, share.high) == (0.610, 0.551, 0.667)
    assert figures["participants"].value == 267
    assert figures["target.work-or-study"].goal == 0.6
    sites = [one for one in figures.values() if one.measure == "site"]
    assert [one.group for one in sites] == ["Simrishamn", "Sjöbo", "Tomelilla", "Ystad"]
    assert sum(one.events for one in sites) == 163


@pytest.mark.parametrize("file", projects_below(sample_folder()), ids=lambda file: file.parent.name)
def test_the_same_figures_stand_in_both_languages(file):
    told = [
        {
            one.id: (one.value, one.low, one.high, one.n, one.events)
            for one in headlines(study).figures
        }
        for study in (open_study(file, language=code, purpose="release") for code in LANGUAGES)
    ]
    assert told[0] == told[1]
    assert told[0]


def test_a_withheld_site_has_no_figure_and_no_other_figure_tells_it(tmp_path):
    study = study_of(tmp_path, {**LARGE, "Perstorp": (3, 40)}, text=WITH_TARGET)
    figures = headlines(study).figures
    sites = [one for one in figures if one.measure == "site"]
    assert "Perstorp" not in {one.group for one in sites}
    total = next(one for one in figures if one.id == "share.participants")
    # Two sites are withheld, so that what is missing to the total is not one of them.
    assert total.n - sum(one.n for one in sites) > 40


def test_sites_that_no_chapter_prints_have_no_figures(tmp_path):
    text = PROJECT.replace("[participants, sites]", "[participants]")
    study = study_of(tmp_path, LARGE, text=text)
    assert not [one for one in headlines(study).figures if one.measure == "site"]
