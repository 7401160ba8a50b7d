"""Registers that hold nothing to estimate: words in the report, never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from evalkit import chapters as sections
from evalkit.answers.study import open_study
from evalkit.documents.preparing.checking import Check, checked
from evalkit.intake import IntakeError
from evalkit.project import ProjectError
from tests.chapters.test_sections import text_of

PROJECT = """
id: trial
title: {sv: Prov, en: Trial}
summary: {sv: Prov., en: Trial.}
period: {start: 2018-01-01, end: 2018-12-31}
data_cut: 2018-12-31
registers: [{file: register.csv}]
targets: [{id: target, title: {sv: Mål, en: Target}, goal: 0.6, denominator: exits}]
groups: [sex]
budget: {amount: 1000000}
chapters: [data_quality, participants, time_to_employment, targets_and_claims, costs]
"""
HEADER = "Löpnr;Kön;Startdatum;Slutdatum;Avslutsorsak\n"
CHAPTERS = {
    "participants": ("composition", "status", "outcomes", "enrolment", "conclusions"),
    "time_to_employment": ("ways_out", "shares_at_horizons", "by_group", "conclusions"),
    "targets_and_claims": ("targets", "claims", "conclusions"),
    "costs": ("per_outcome", "per_additional_outcome", "conclusions"),
}


def project(folder: Path, rows: str, *, text: str = PROJECT) -> Path:
    (folder / "project.yaml").write_text(text, encoding="utf-8")
    (folder / "register.csv").write_text(HEADER + rows, encoding="cp1252")
    return folder


def everything_said(folder: Path, language: str) -> str:
    study = open_study(folder, language=language, purpose="release")
    return " ".join(
        text_of(getattr(getattr(sections, chapter), name)(study))
        for chapter, names in CHAPTERS.items()
        for name in names
    )


def enrolled(n: int) -> str:
    return "".join(f"{i};{'KM'[i % 2]};2018-02-01;;\n" for i in range(n))


@pytest.mark.parametrize(
    ("language", "words"),
    [("sv", "det finns inga personer i gruppen"), ("en", "there is nobody in the group")],
)
def test_when_everyone_is_still_enrolled_shares_of_leavers_are_said_not_to_exist(
    tmp_path, language, words
):
    said = everything_said(project(tmp_path, enrolled(40)), language)
    assert words in said.lower() or "cannot be computed" in said.lower()
    assert "nan" not in said.lower().split()
    assert "inf" not in said.lower().split()


def test_a_group_without_events_stays_at_zero_with_an_interval(tmp_path):
    rows = "".join(f"{i};K;2018-02-01;2018-0{3 + i % 6}-11;arbete\n" for i in range(30))
    rows += "".join(f"{i};M;2018-02-01;;\n" for i in range(30, 60))
    said = everything_said(project(tmp_path, rows), "sv")
    assert "Män | 30 | 0,0 %" in said or "Män | 27 | 0,0 %" in said
    assert "NaN" not in said


def test_where_nobody_got_there_no_cost_of_an_outcome_is_told_and_the_box_still_ends_the_chapter(
    tmp_path,
):
    study = open_study(project(tmp_path, enrolled(40)), language="sv", purpose="release")
    assert "ingen i gruppen har nått utfallet" in text_of(sections.costs.per_outcome(study))
    assert not sections.costs.per_additional_outcome(study).blocks
    (box,) = sections.costs.conclusions(study).blocks
    assert box.kind == "cannot_say"


def test_nobody_and_everybody_are_said_as_one_says_it(tmp_path):
    rows = "".join(f"{i};{'KM'[i % 2]};2018-02-01;2018-06-11;arbete\n" for i in range(30))
    said = everything_said(project(tmp_path, rows), "sv")
    assert "Av 30 deltagare hade alla gått till arbete" in said
    said = everything_said(project(tmp_path, rows.replace("arbete", "avbrott")), "sv")
    assert "Av 30 deltagare hade ingen gått till arbete" in said


def test_a_number_of_persons_that_the_table_withholds_is_in_no_sentence(tmp_path):
    study = open_study(project(tmp_path, enrolled(3)), language="sv", purpose="release")
    assert "skyddad" in text_of(sections.data_quality.flow(study))
    assert "3 personer" not in text_of(sections.data_quality.conclusions(study))


def test_a_group_too_small_for_a_curve_is_said_in_words(tmp_path):
    said = everything_said(project(tmp_path, enrolled(8)), "en")
    assert "too few exits between the days compared" in said


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("", "the register is empty"),
        ("1;K;2018-02-01;2018-05-01;arbete\n", "single person"),
        ("1;K;2018-05-01;2018-02-01;arbete\n", "single person"),
    ],
    ids=["empty", "one person", "only impossible rows"],
)
def test_a_register_that_cannot_be_analysed_is_refused_in_one_sentence(tmp_path, rows, words):
    study = open_study(project(tmp_path, rows), language="en", purpose="release")
    with pytest.raises(IntakeError, match=words) as refused:
        _ = study.persons
    assert "\n" not in str(refused.value)


def test_a_grouping_that_the_register_lacks_names_the_columns_it_has(tmp_path):
    text = PROJECT.replace("groups: [sex]", "groups: [colour]")
    study = open_study(project(tmp_path, enrolled(20), text=text), purpose="release")
    with pytest.raises(ProjectError, match="kolumnen ”colour” finns inte i registren; där finns"):
        sections.participants.composition(study)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("sv", "kolumnen ”colour” finns inte i registren; där finns"),
        ("en", "no column 'colour' in the registers; there are"),
    ],
)
def test_a_chapter_that_fails_says_why_in_the_language_it_was_asked_in(tmp_path, language, words):
    text = PROJECT.replace("groups: [sex]", "groups: [colour]")
    folder = project(tmp_path, enrolled(20), text=text)
    study = open_study(folder, language=language, purpose="ask")
    with pytest.raises(ProjectError) as refused:
        sections.participants.composition(study)
    assert words in str(refused.value)


def test_an_outcome_that_nobody_can_have_is_refused_and_not_counted_as_nought(tmp_path):
    text = PROJECT.replace("denominator: exits", "denominator: exits, outcome: [employmnt]")
    study = open_study(project(tmp_path, enrolled(20), text=text), purpose="release")
    with pytest.raises(
        ProjectError, match="utfallet ”employmnt” finns inte i exit_class; där finns"
    ):
        sections.targets_and_claims.targets(study)


@pytest.mark.parametrize(
    ("given", "instead", "words"),
    [
        ("groups: [sex]", "groups: [colour]", 'no column "colour"'),
        ("goal: 0.6", "goal: 0.6, where: {sexx: woman}", 'no column "sexx"'),
        ("goal: 0.6", "goal: 0.6, outcome: [job]", 'no outcome "job" in exit_class'),
        (
            "goal: 0.6",
            "goal: 0.6, where: {sex: women}",
            'no level "women" in sex. The most frequent are woman, man',
        ),
        (
            "budget: {amount: 1000000}",
            (
                "claims: [{id: a, quote: &a {sv: a, en: a}, source: *a, register_figure: "
                "{where: {sex: women}}}]"
            ),
            'no level "women" in sex',
        ),
        (
            "budget: {amount: 1000000}",
            "sites: [{id: a, title: {sv: a, en: a}, by: office}]",
            'no column "office"',
        ),
    ],
    ids=["group", "selection", "outcome", "level", "claim", "site"],
)
def test_check_refuses_a_project_file_that_names_what_the_register_lacks(
    tmp_path, given, instead, words
):
    look = looked_through(tmp_path, PROJECT.replace(given, instead))
    assert look.has_stop
    assert any(words in one.text for one in look.remarks if one.severity == "error")


def looked_through(tmp_path: Path, text: str, rows: str | None = None) -> Check:
    folder = project(tmp_path, rows or enrolled(20), text=text)
    return checked(folder / "project.yaml", language="en")


def test_a_level_that_nobody_has_yet_may_be_chosen_where_it_is_known(tmp_path):
    text = PROJECT.replace("goal: 0.6", "goal: 0.6, where: {sex: non_binary}")
    look = looked_through(tmp_path, text)
    assert not look.has_stop
    assert [one for one in look.findings if one.check != "identity_placeholder"] == []


def test_a_level_of_few_persons_is_not_listed_in_the_refusal(tmp_path):
    text = PROJECT.replace("goal: 0.6", "goal: 0.6, where: {sex: women}")
    look = looked_through(tmp_path, text, enrolled(20).replace("0;K", "0;Icke-binär", 1))
    assert look.has_stop
    assert "non_binary" not in str(look.remarks)


def test_a_series_that_the_project_lacks_is_said_so(tmp_path):
    study = open_study(project(tmp_path, enrolled(20)))
    with pytest.raises(ProjectError, match="no series 'jobs' in the project; there are none"):
        study.series("jobs")


def test_a_study_says_in_one_line_what_it_is(tmp_path):
    study = open_study(project(tmp_path, enrolled(20)))
    assert repr(study) == "Study('trial', language='sv', purpose='explore')"
    table = "EventTable(20 persons, groups woman, man; employment, studies, other, days 333–333)"
    assert repr(study.events(by="sex")) == table


def test_a_model_cannot_contrast_a_register_where_everybody_is_alike(tmp_path):
    rows = "".join(f"{i};K;2018-02-01;2018-0{3 + i % 6}-11;arbete\n" for i in range(60))
    study = open_study(project(tmp_path, rows), language="en", purpose="release")
    assert "only one group" in text_of(sections.time_to_employment.model(study))
    assert "only one group" in text_of(sections.time_to_employment.by_group(study))


def test_a_group_without_events_is_not_said_to_be_like_the_others(tmp_path):
    rows = "".join(f"{i};K;2018-02-01;2018-0{3 + i % 6}-11;arbete\n" for i in range(30))
    rows += "".join(f"{i};M;2018-02-01;;\n" for i in range(30, 60))
    said = text_of(
        sections.time_to_employment.model(open_study(project(tmp_path, rows), purpose="release"))
    )
    assert "Kön: män (mot kvinnor)" in said or "Kön: kvinnor (mot män)" in said
    assert "rymmer 1" not in said


def test_two_persons_are_not_counted_aloud(tmp_path):
    rows = "1;K;2018-02-01;2018-05-01;arbete\n2;M;2018-02-01;;\n"
    study = open_study(project(tmp_path, rows), purpose="release")
    assert "2 personer" not in text_of(sections.participants.conclusions(study))


def test_without_targets_nothing_is_said_of_their_being_met(tmp_path):
    lines = [line for line in PROJECT.splitlines() if not line.startswith("targets")]
    study = open_study(project(tmp_path, enrolled(20), text="\n".join(lines)), language="en")
    assert "four grades" not in text_of(sections.targets_and_claims.conclusions(study))


def test_an_unknown_purpose_or_language_is_refused(tmp_path):
    folder = project(tmp_path, enrolled(20))
    with pytest.raises(ValueError, match="purpose must be one of"):
        open_study(folder, purpose="publish")
    with pytest.raises(ValueError, match="language must be one of"):
        open_study(folder, language="de")
