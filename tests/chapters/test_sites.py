"""The chapter on sites: from a register to sentences, with what is small kept out of all of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from evalkit import chapters as sections
from evalkit.answers.study import Study, open_study
from evalkit.chapters import key_figures
from evalkit.documents.files.paths import projects_below, sample_folder
from evalkit.documents.preparing.checking import checked
from evalkit.language import LANGUAGES
from evalkit.present.blocks import Figure
from evalkit.project import ProjectError
from tests.chapters.test_sections import text_of

PROJECT = """
id: trial
title: {sv: Prov, en: Trial}
summary: {sv: Prov., en: Trial.}
period: {start: 2018-01-01, end: 2018-12-31}
data_cut: 2018-12-31
registers: [{file: register.csv}]
sites: [{id: offices, title: {sv: Kommunerna, en: Municipalities}, by: municipality}]
chapters: [participants, sites]
"""
HEADER = "Löpnr;Kön;Kommun;Startdatum;Slutdatum;Avslutsorsak\n"
Counts = dict[str, tuple[int, int]]
LARGE: Counts = {"Bjuv": (30, 60), "Höör": (25, 50), "Lomma": (40, 70), "Osby": (20, 45)}


def study_of(
    folder: Path, counts: Counts, *, text: str = PROJECT, others: str = "avbrott"
) -> Study:
    """A register with ``k`` of ``n`` gone to work per municipality, the others dropped out."""
    rows = [
        f"{name}{i};{'KM'[i % 2]};{name};2018-02-01;2018-0{3 + i % 6}-11;"
        f"{'arbete' if i < k else others}\n"
        for name, (k, n) in counts.items()
        for i in range(n)
    ]
    (folder / "project.yaml").write_text(text, encoding="utf-8")
    (folder / "register.csv").write_text(HEADER + "".join(rows), encoding="cp1252")
    return open_study(folder, language="sv", purpose="release")


def said(study: Study) -> str:
    return text_of(sections.sites.comparisons(study))


def test_arena_says_that_the_municipalities_differ_by_no_more_than_chance():
    study = open_study(sample_folder() / "arena-for-arbete", language="sv", purpose="release")
    text = said(study)
    assert "inte större än slumpen kan ge" in text
    # By name: the largest of the four stands last.
    names = ["Simrishamn", "Sjöbo", "Tomelilla", "Ystad"]
    figure = next(b for b in sections.sites.comparisons(study).blocks if isinstance(b, Figure))
    assert [row[0].text for row in figure.data.rows[:4]] == names


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "file", [f for f in projects_below(sample_folder()) if "sites:" in f.read_text("utf-8")]
)
def test_every_figure_of_the_samples_has_text_and_numbers(file, language):
    study = open_study(file, language=language, purpose="release")
    figures = [b for b in sections.sites.comparisons(study).blocks if isinstance(b, Figure)]
    assert len(figures) == len(study.project.sites)  # a forest; a funnel where places are many
    assert all(figure.alt and figure.data.rows for figure in figures)


def test_a_small_site_and_the_one_that_would_tell_it_are_left_out_of_the_mean(tmp_path):
    text = said(study_of(tmp_path, {**LARGE, "Perstorp": (3, 40)}))
    assert "Perstorp | skyddad | skyddad" in text
    # The total is known: with one site withheld alone, its count would be what is missing.
    assert "2 visas inte och ingår inte i beräkningen" in text
    assert "3 i beräkningen" in text


def test_no_sum_over_sites_tells_a_way_out_that_is_withheld(tmp_path):
    """Three of all have gone to studies: work is withheld, or what the sites add up to tells."""
    assert "mellan kommunerna" in said(study_of(tmp_path, LARGE))
    register = (tmp_path / "register.csv").read_text("cp1252")
    changed = register.replace("avbrott", "studier", 3)
    (tmp_path / "register.csv").write_text(changed, encoding="cp1252")
    hidden = open_study(tmp_path, language="sv", purpose="release")
    pooled = text_of(sections.participants.outcomes(hidden))
    assert "Till arbete eller studier, av alla deltagare | 225 | 118 | 52,4 %" in pooled
    assert "Till arbete, av alla deltagare | skyddad" in pooled
    assert "Till studier, av alla deltagare | skyddad" in pooled
    # The sites add up to the 118 that stand, and to nothing else.
    assert "Osby | 45 | 20 | 44,4 %" in said(hidden)


def test_a_site_that_only_a_few_come_from_is_not_even_named(tmp_path):
    text = said(study_of(tmp_path, {**LARGE, "Malå": (1, 2)}))
    assert "Malå" not in text
    assert "mellan kommunerna" in text


def test_two_sites_are_shown_side_by_side_and_not_pooled(tmp_path):
    two = {name: LARGE[name] for name in ("Osby", "Lomma")}
    text = said(study_of(tmp_path, two))
    # statsmodels: confint_proportions_2indep(40, 70, 20, 45, method="newcomb", compare="diff")
    assert "57,1 % (Lomma) och 44,4 % (Osby): en skillnad på 12,7 procentenheter" in text
    assert "från −5,8 till 30,1 procentenheter). Intervallet rymmer noll" in text
    assert "Alla tillsammans | 115 | 60 | 52,2 %" in text
    # No limits are drawn: the box does not speak of a place outside them.
    box = text_of(sections.sites.conclusions(study_of(tmp_path, two)))
    assert "hur platserna arbetar" in box
    assert "utanför gränserna" not in box
    assert "utanför gränserna" in text_of(sections.sites.conclusions(study_of(tmp_path, LARGE)))


def test_one_of_two_sites_that_is_too_small_takes_their_difference_with_it(tmp_path):
    text = said(study_of(tmp_path, {"Lomma": LARGE["Lomma"], "Malå": (3, 8)}))
    assert "en skillnad på" not in text


def test_a_report_is_made_where_mostly_nobody_knows_what_people_left_for(tmp_path):
    study = study_of(tmp_path, LARGE, others="okänd")
    assert "sites" in study.project.chapters
    assert key_figures.headlines(study).figures


def test_the_check_says_that_two_places_are_too_few(tmp_path):
    told = "sites: ”Kommunerna” har färre än tre platser."
    for counts, is_told in ((LARGE, False), ({n: LARGE[n] for n in ("Bjuv", "Höör")}, True)):
        study_of(tmp_path, counts)
        remarks = checked(tmp_path / "project.yaml", language="sv").remarks
        assert any(one.text.startswith(told) for one in remarks) is is_told


def test_a_project_without_sites_says_so(tmp_path):
    text = PROJECT.replace("sites: [{", "claims: []\n#")
    assert said(study_of(tmp_path, LARGE, text=text)) == ("Projektet har inga platser att jämföra.")


def test_a_site_column_the_register_lacks_is_named(tmp_path):
    text = PROJECT.replace("by: municipality", "by: office")
    with pytest.raises(ProjectError, match="kolumnen ”office” finns inte i registren; där finns"):
        said(study_of(tmp_path, LARGE, text=text))


def test_exploring_shows_every_site_and_marks_it_internal(tmp_path):
    study_of(tmp_path, {**LARGE, "Perstorp": (3, 40)})
    exploring = open_study(tmp_path, language="sv", purpose="explore")
    section = sections.sites.comparisons(exploring)
    assert section.is_internal
    # With all five in it the mean is no other than the project's own share, said elsewhere.
    (figure,) = [block for block in section.blocks if isinstance(block, Figure)]
    assert [row[0].text for row in figure.data.rows[:5]] == [*LARGE, "Perstorp"]
    assert "Perstorp | 40 | 3 | 7,5 %" in text_of(section)
    assert "ingår inte i beräkningen" not in text_of(section)
    assert "Internt" in text_of(section)
