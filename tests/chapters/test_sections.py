"""What the reports of the sample projects say: golden facts, read off the sections."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from evalkit import chapters as sections
from evalkit.answers.study import Study, open_study
from evalkit.chapters.report import Report
from evalkit.documents.exploring import mime_bundle
from evalkit.documents.files.paths import projects_below, sample_folder
from evalkit.language import LANGUAGES
from evalkit.present.blocks import Box, Figure, Paragraph, Section, Table, from_json, to_json
from evalkit.present.labels import words_of
from evalkit.project import load_project
from evalkit.results import CannotBeComputed
from tests.support.reports import answers_of

PROJECTS = {file.parent.name: file for file in projects_below(sample_folder())}
HARD_SPACE = "\u00a0"


@pytest.fixture(scope="module")
def arena() -> Study:
    return open_study(PROJECTS["arena-for-arbete"], language="sv", purpose="release")


@pytest.fixture(scope="module")
def trelleborg() -> Study:
    return open_study(PROJECTS["trelleborg-samordnad-etablering"], language="sv", purpose="release")


def opened_again(study: Study) -> Study:
    """The same project with its register read, so that what a test changes is seen."""
    own = open_study(study.project.folder, language=study.language, purpose=study.purpose)
    assert len(own.persons)
    return own


def text_of(section: Section) -> str:
    """Everything a reader meets, with ordinary spaces."""
    parts: list[str] = []
    for block in section.blocks:
        if isinstance(block, Table):
            parts += [cell.text for row in block.rows for cell in row]
        elif isinstance(block, Figure):
            parts += [block.alt, *(cell.text for row in block.data.rows for cell in row)]
        elif isinstance(block, Box):
            parts += [block.title, *block.items]
        else:
            parts.append(str(getattr(block, "text", "")))
    return " | ".join(parts).replace(HARD_SPACE, " ")


def test_arena_is_over_its_target_but_not_clearly(arena):
    text = text_of(sections.targets_and_claims.targets(arena))
    assert "163 av 267; 95 % konfidensintervall 55,1–66,7 %" in text
    assert "Över målet, men inte säkert" in text
    assert "minst 176 av 267 (65,9 %)" in text


def test_arena_counts_women_as_published(arena):
    assert "Alla deltagare | 141 | 100,0 % | 126 | 100,0 % | 267" in text_of(
        sections.participants.composition(arena)
    )


def test_the_rounded_claim_of_arena_is_read_as_all_counts_it_allows(arena):
    text = text_of(sections.targets_and_claims.claims(arena))
    assert "61 % av 267 är 162, 163 eller 164 personer." in text
    assert "varken klart över eller klart under" in text  # what was claimed is "klart"


def test_haninge_shows_the_share_of_participants_beside_that_of_exits():
    study = open_study(PROJECTS["haninge-arbetsmarknadscenter"], language="en", purpose="release")
    text = text_of(sections.participants.outcomes(study))
    assert "of all participants | 412 | 87 | 21.1%" in text
    assert "of those who have left | 150 | 87 | 58.0%" in text


def test_trelleborg_differs_by_the_published_points_with_interval_and_reference(trelleborg):
    text = text_of(sections.before_after.comparisons(trelleborg))
    assert "42 av 128" in text
    assert "62 av 130" in text
    assert "14,9 procentenheter" in text
    assert "2,9–26,3 procentenheter" in text  # Newcombe for (128, 130), checked facts
    assert "44 procent" in text  # what happened in the nation over the same time


def test_a_percentage_without_n_gives_the_range_over_possible_counts(trelleborg):
    text = text_of(sections.before_after.comparisons(trelleborg))
    assert "Minst 58 personer krävs för att få 32,8 % (19 av 58)" in text
    assert "58, 61, 64, 67, 116, 119" in text
    assert "från −4,0 till 32,8" in text  # the fewest possible persons, (58, 44)


def test_eskilstuna_is_set_against_the_nation_without_interval():
    study = open_study(PROJECTS["eskilstuna-fler-jobb"], language="sv", purpose="release")
    text = text_of(sections.trend_against_reference.change(study))
    # Kolada N03937: Eskilstuna 5.46 → 4.73, the nation 3.16 → 3.04 (2016 → 2018).
    assert "Eskilstuna | 5,46 | 4,73 | −0,73" in text
    assert "Något urvalsfel finns inte" in text


def test_exact_figures_are_marked_internal_and_released_ones_are_not(arena):
    exploring = open_study(PROJECTS["arena-for-arbete"], language="sv", purpose="explore")
    assert sections.time_to_employment.ways_out(exploring).is_internal
    assert not sections.time_to_employment.ways_out(arena).is_internal


def test_released_curves_differ_from_exact_ones(arena):
    exploring = open_study(PROJECTS["arena-for-arbete"], language="sv", purpose="explore")
    shown, exact = (
        next(b for b in sections.time_to_employment.ways_out(s).blocks if isinstance(b, Figure))
        for s in (arena, exploring)
    )
    assert len(shown.data.rows) < len(exact.data.rows) or shown.data != exact.data
    # Blocks of persons took the place of rounded counts.
    assert any("mellan bestämda dagar" in note for note in (*shown.notes, *shown.data.notes))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", sorted(PROJECTS))
def test_every_chapter_ends_with_what_cannot_be_said(name, language):
    study = open_study(PROJECTS[name], language=language, purpose="release")
    for chapter in study.project.chapters:
        blocks = getattr(sections, chapter).conclusions(study).blocks
        assert blocks[-1].kind == "cannot_say"
        assert blocks[-1].items


def test_where_half_never_left_the_first_quarter_is_told():
    study = open_study(PROJECTS["arena-for-arbete"], language="sv", purpose="release")
    persons = study.persons.sort_values("days", kind="stable").copy()
    persons.loc[persons.index[100:], "exit_class"] = "ongoing"
    persons.loc[persons.index[100:], "days"] = 400
    study.__dict__["intake"] = replace(study.intake, persons=persons)
    text = text_of(sections.participants.enrolment(study))
    assert "Efter 365 dagar hade färre än hälften avslutat" in text
    assert "Det tog mellan 90 och 120 dagar innan en fjärdedel hade avslutat insatsen" in text


def test_times_of_an_earlier_edition_say_so():
    store = dict(answers_of("arena-for-arbete"))
    note = "repeated:2026-11-30:2025-06-30"
    store["enrolment.median"] = replace(store["enrolment.median"], notes=(note,))
    project = load_project(PROJECTS["arena-for-arbete"])
    report = Report(project, words_of(project, "sv"), store)
    text = text_of(sections.participants.enrolment.show(report))
    assert "utgåvan från den 30 november 2026, med uppgifter till och med den 30 juni 2025" in text


def test_a_section_survives_the_notebook_that_carries_it(arena):
    section = sections.targets_and_claims.targets(arena)
    assert from_json(json.loads(json.dumps(to_json(section)))) == section


def test_what_cannot_be_computed_is_said_in_words(arena, monkeypatch):
    def nobody(*_: object, **__: object) -> None:
        raise CannotBeComputed("no_persons")

    monkeypatch.setattr(Study, "events", nobody)
    own = opened_again(arena)
    (block,) = sections.time_to_employment.ways_out(own).blocks
    assert isinstance(block, Paragraph)
    assert "NaN" not in block.text


def test_a_bare_result_shows_with_its_sentence_in_either_language():
    import evalkit as ek

    verdict = ek.target_verdict(events=163, n=267, goal=0.60)
    shown = {language: mime_bundle(verdict, language)["text/html"] for language in LANGUAGES}
    assert "Över målet, men inte säkert" in shown["sv"]
    assert "uncertain" in shown["en"]
    assert "61,0" in shown["sv"]
    assert "61.0" in shown["en"]


@pytest.mark.parametrize(
    "make",
    [
        lambda ek: ek.proportion(events=3, n=10),
        lambda ek: ek.before_after_counts(before=(42, 128), after=(62, 130)),
        lambda ek: ek.feasible_counts(percentage=32.8, decimals=1),
        lambda ek: ek.kaplan_meier(
            ek.event_table([3, 5, 5, 8], [1, 0, 1, 0], cause_names=["employment"])
        ),
    ],
    ids=["share", "before/after", "claim", "curve"],
)
def test_every_shape_that_ends_a_cell_can_be_shown(make):
    import evalkit as ek

    shown = mime_bundle(make(ek), "sv")
    assert shown["application/vnd.evalkit.section+json"]["is_internal"]


def test_the_groups_are_tested_and_modelled_with_competing_exits(arena):
    assert "(Grays test, p < 0,01)" in text_of(sections.time_to_employment.by_group(arena))
    rows = next(b for b in sections.time_to_employment.model(arena).blocks if isinstance(b, Table))
    sex = next(row for row in rows.rows if row[0].text.startswith("Kön"))
    # cmprsk::crr on the same covariates: 0.6154 (se 0.1947) for men against women,
    # which is the ratio 1.850 (1.263–2.710).
    assert [cell.text for cell in sex[1:4]] == ["1,85", "1,26", "2,71"]


def test_too_few_outcomes_for_a_model_are_said_in_words(arena, monkeypatch):
    monkeypatch.setattr("evalkit.answers.models.EVENTS_PER_COEFFICIENT", 1000)
    (block,) = sections.time_to_employment.model(opened_again(arena)).blocks
    assert block.text.startswith("Kan inte beräknas: för få har nått utfallet")


@pytest.mark.parametrize(
    ("chapter", "sentence"),
    [
        ("participants", "Av 267 deltagare hade 163 gått till arbete eller studier: 61,0 %"),
        ("time_to_employment", "Inom 365 dagar hade "),
        (
            "targets_and_claims",
            "Över målet, men inte säkert: 61,0 % mot målet 60 % (163 av 267;",
        ),
        ("costs", "16 200 kr per deltagare och 26 600 kr per avslut till arbete eller studier"),
        ("sites", "Skillnaderna mellan kommunerna är inte större än slumpen kan ge (p = 0,88)."),
    ],
)
def test_what_can_be_said_is_said_with_its_figures(arena, chapter, sentence):
    can, _ = getattr(sections, chapter).conclusions(arena).blocks
    assert any(sentence in item.replace("\u00a0", " ") for item in can.items)


def test_before_and_after_end_in_the_difference_and_the_lead_over_the_nation(trelleborg):
    can, _ = sections.before_after.conclusions(trelleborg).blocks
    assert "14,9 procentenheter högre efter än före" in can.items[0].replace("\u00a0", " ")
    can, cannot = sections.trend_against_reference.conclusions(trelleborg).blocks
    assert "Försprånget mot hela landet krympte med 3,8" in can.items[0].replace("\u00a0", " ")
    assert "Intervallet rymmer noll" in can.items[0]
    assert "Serien" not in " ".join(cannot.items)  # the project has none


def test_only_a_share_above_its_target_is_warned_of_being_just_above(arena, trelleborg):
    assert "bara för att den är högre" in text_of(sections.targets_and_claims.conclusions(arena))
    text = text_of(sections.targets_and_claims.conclusions(trelleborg))  # clearly below
    assert "bara för att den är högre" not in text


def test_a_chapter_without_its_figure_claims_nothing():
    study = open_study(PROJECTS["eskilstuna-fler-jobb"], language="sv", purpose="release")
    (box,) = sections.before_after.conclusions(study).blocks
    assert box.kind == "cannot_say"


def test_many_counts_that_fit_a_claim_are_told_by_their_ends():
    study = open_study(PROJECTS["haninge-arbetsmarknadscenter"], language="sv", purpose="release")
    text = text_of(sections.targets_and_claims.claims(study))
    assert "35 % av 696 är 241 till 247 personer." in text  # 0.345 · 696 to 0.355 · 696


def test_a_warning_is_explained_once(trelleborg):
    text = text_of(sections.targets_and_claims.claims(trelleborg))
    assert text.count("Ange hur många som räknas och av hur många.") == 1
    # Wilson for 47.7 per cent of at most 200: 95 of 199.
    assert "Med högst 199 personer är osäkerheten minst 40,9–54,7 %" in text


def test_the_register_answers_the_claims_on_the_coordinators(arena):
    text = text_of(sections.targets_and_claims.claims(arena))
    assert "av 112 som avslutat insatsen hade 93 gått till arbete eller studier: 83,0 %" in text
    assert "286 dagar bland de 112 som har avslutat" in text


@pytest.mark.parametrize(("purpose", "is_shown"), [("explore", True), ("release", False)])
def test_row_numbers_are_for_whoever_corrects_the_file_and_never_released(purpose, is_shown):
    study = open_study(PROJECTS["arena-for-arbete"], language="en", purpose=purpose)
    (table,) = sections.data_quality.findings(study).blocks
    assert ("Rows" in table.columns) is is_shown
