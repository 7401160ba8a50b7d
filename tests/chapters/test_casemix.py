"""Targets with regard to who took part, from the project file to the report."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from evalkit import chapters as sections
from evalkit.answers import targets_and_claims
from evalkit.answers.study import Purpose, Study, open_study
from evalkit.documents.files.paths import sample_folder
from evalkit.documents.preparing.names import unknown_names
from evalkit.language import LANGUAGES, Language
from evalkit.present.blocks import Figure, Section
from evalkit.project import Casemix, LocalText, ProjectError, Target
from evalkit.project.casemix import ReferenceStratum
from evalkit.results import AdjustedVerdict, NotEstimable, Withheld
from tests.chapters.test_sections import text_of
from tests.support.answers import results_of

SOURCE = LocalText(sv="Påhittad referens.", en="A made-up reference.")
TABLE: dict[str, Any] = {
    "table": (
        ReferenceStratum(where={"sex": "woman"}, share=0.55),
        ReferenceStratum(where={"sex": "man"}, share=0.65),
    ),
    "reference_share": 0.58,
    "source": SOURCE,
}


def study_with(
    casemix: Casemix | None = None,
    *,
    language: Language = "sv",
    purpose: Purpose = "release",
    **changed: Any,
) -> tuple[Study, Target]:
    """Arena's project with its target adjusted otherwise."""
    study = open_study(sample_folder() / "arena-for-arbete", language=language, purpose=purpose)
    (target,) = study.project.targets
    target = target.model_copy(update={"casemix": casemix or target.casemix, **changed})
    project = study.project.model_copy(update={"targets": (target,)})
    return Study(project.placed_in(study.project.folder), language, purpose), target


def adjusted_verdicts(study: Study, target: Target) -> dict[str, Any]:
    """Level → verdict, empty for everybody."""
    found = results_of(study, targets_and_claims.targets(study))
    name = f"casemix.{target.id}"
    return {level: found[f"{name}.{level}"] for level in found[f"{name}.levels"]}


def targets_of(study: Study) -> Section:
    return sections.targets_and_claims.targets(study)


def test_arena_is_judged_municipality_by_municipality() -> None:
    study, target = study_with()
    results = list(adjusted_verdicts(study, target).values())
    assert all(isinstance(result, AdjustedVerdict) for result in results)
    # Counted in the register: 163 of 267 over the four municipalities.
    assert sum(r.observed.n for r in results) == 267
    assert sum(round(r.observed.value * r.observed.n) for r in results) == 163
    figure = next(b for b in targets_of(study).blocks if getattr(b, "id", "").startswith("casemix"))
    assert isinstance(figure, Figure)
    assert [row[0].text for row in figure.data.rows] == [
        "Ystad",
        "Simrishamn",
        "Sjöbo",
        "Tomelilla",
    ]
    assert all(len(row) == len(figure.data.columns) for row in figure.data.rows)


def test_a_published_table_gives_the_plain_sentence() -> None:
    study, _ = study_with(Casemix(**TABLE))
    text = text_of(targets_of(study))
    # 141 women at 55 % and 126 men at 65 %: 159.45 of 267 is 59.7 %; 163 / 159.45 = 1.02
    expected = "Med tanke på vilka som deltog var 59,7 % väntat."
    assert f"{expected} Utfallet blev 61,0 % (163 av 267), 1,02 gånger det väntade" in text
    # 58 % · 1.0223 = 59.3 %
    assert "Justerad för vilka som deltog är andelen 59,3 %" in text
    assert "mot målet 60 %: under, men inte säkert." in text
    assert "Påhittad referens." in text


def test_the_job_tracks_are_clearly_below_only_before_who_took_part_is_regarded() -> None:
    project = sample_folder() / "sydostra-skane-jobbspar"
    study = open_study(project, language="sv", purpose="release")
    text = text_of(targets_of(study))
    # (564 · 0.38 + 208 · 0.55 + 232 · 0.46) / 1004 = 43.37 %; 0.45 · 42.93 / 43.37 = 44.5 %
    assert "Klart under målet: 42,9 % mot målet 47 %" in text
    assert "var 43,4 % väntat. Utfallet blev 42,9 % (431 av 1 004)" in text
    assert "är andelen 44,5 % (95 % konfidensintervall 41,4–47,7 %) mot målet 47 %: under" in text
    said = text_of(sections.targets_and_claims.conclusions(study))
    assert "Justerad för vilka som deltog är andelen 44,5 %" in said
    assert "Att insatsen ligger bakom skillnaden" in said


def test_a_target_on_one_place_learns_from_the_others() -> None:
    chosen = Casemix(covariates=("sex", "education"))
    study, target = study_with(chosen, where={"municipality": "1286"})
    (one,) = adjusted_verdicts(study, target).values()
    assert one.observed.n == 119
    assert one.reference_cells == (93, 55)
    assert "hur det gick för de övriga deltagarna" in text_of(targets_of(study))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_table_that_does_not_fit_the_register_is_told_in_the_projects_language(
    language: Language,
) -> None:
    short = {**TABLE, "table": TABLE["table"][:1]}
    study, _ = study_with(Casemix(**short), language=language)
    with pytest.raises(ProjectError, match="work-or-study: casemix: ") as refused:
        targets_of(study)
    told = "alla hör inte till en rad" if language == "sv" else "not everybody"
    assert told in str(refused.value)


def test_a_column_that_the_register_lacks_is_found_by_the_check() -> None:
    study, _ = study_with(Casemix(by="municipality", covariates=("shoe_size",)))
    assert "shoe_size" in [unknown.name for unknown in unknown_names(study)]


def test_small_places_are_withheld_with_another_so_that_none_follows() -> None:
    study, target = study_with()
    persons = study.persons.copy()
    rows = persons.index[persons["municipality"] == "1270"]
    persons.loc[rows[7:], "municipality"] = "1286"
    study.__dict__["intake"] = replace(study.intake, persons=persons)
    results = adjusted_verdicts(study, target)
    assert isinstance(results["1270"], Withheld)
    assert sum(isinstance(result, Withheld) for result in results.values()) >= 2
    text = text_of(targets_of(study))
    assert "skyddad" in text


def test_nobody_to_judge_and_nobody_to_learn_from_are_said_in_words() -> None:
    period = {"start": "2030-01-01", "end": "2030-12-31"}
    study, target = study_with()
    empty = target.model_validate({**target.model_dump(), "period": period})
    project = study.project.model_copy(update={"targets": (empty,)})
    study = Study(project.placed_in(study.project.folder), "sv", "release")
    (one,) = adjusted_verdicts(study, empty).values()
    assert isinstance(one, NotEstimable)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("purpose", ["release", "explore"])
@pytest.mark.parametrize("casemix", [None, Casemix(**TABLE), Casemix(**TABLE, by="municipality")])
def test_every_reference_is_told_in_both_languages(
    language: Language, purpose: Purpose, casemix: Casemix | None
) -> None:
    study, _ = study_with(casemix, language=language, purpose=purpose)
    section = targets_of(study)
    assert ("Med hänsyn till" if language == "sv" else "Allowing for") in text_of(section)
    assert section.is_internal == (purpose == "explore")
