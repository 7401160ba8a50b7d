"""Those who could not be followed up, from the register to the report."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from evalkit import chapters as sections
from evalkit.answers.esf_indicators import codes_of, work_results
from evalkit.answers.followed_persons import (
    FollowUp,
    imputed_row,
    target_follow_up,
)
from evalkit.answers.measures import target_counts
from evalkit.answers.study import Purpose, Study, open_study
from evalkit.chapters.section import released_report
from evalkit.documents.files.paths import sample_folder
from evalkit.language import LANGUAGES, Language
from evalkit.present.blocks import Figure, Heading, Section, Table
from evalkit.results import FollowUpBounds, NotEstimable
from tests.chapters.test_sections import text_of
from tests.chapters.test_selections import nearly_the_same_target, opened
from tests.support.answers import withheld_beside_others

TRELLEBORG, JOBBSPAR = "trelleborg-samordnad-etablering", "sydostra-skane-jobbspar"
HANINGE, ARENA = "haninge-arbetsmarknadscenter", "arena-for-arbete"
REGISTER = "etablering_trelleborg.csv"


def study_of(name: str, language: Language = "sv", purpose: Purpose = "release") -> Study:
    return open_study(sample_folder() / name, language=language, purpose=purpose)


def targets_of(study: Study) -> Section:
    return sections.targets_and_claims.targets(study)


def captions(section: Section) -> str:
    return " | ".join(b.caption for b in section.blocks if isinstance(b, Figure | Table))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Trelleborg's project, to be changed."""
    folder = tmp_path / TRELLEBORG
    folder.mkdir()
    for file in (sample_folder() / TRELLEBORG).iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    return folder


def with_missing(folder: Path, number: int) -> Study:
    """The target's leavers all followed up but for the first so many of May 2017."""
    file = folder / REGISTER
    rows = pd.read_csv(file, dtype=str, keep_default_na=False)
    status = "Status efter 90 dagar"
    due = rows["Slutdatum"].between("2017-02-01", "2018-09-30")
    rows.loc[due & (rows[status] == ""), status] = "Arbetssökande"
    rows.loc[rows.index[due][:number], status] = ""
    rows.to_csv(file, index=False)
    return open_study(folder, language="sv", purpose="release")


def test_trelleborg_says_what_those_not_reached_could_change() -> None:
    text = text_of(targets_of(study_of(TRELLEBORG)))
    assert "Av 220 personer kunde 200 följas upp: 90,9 %" in text
    assert "För 20 är det inte känt hur det gick." in text
    # 99 + 18 of 220 is 53.2 %, Wilson 46.6–59.7 %; with 19, 53.6 % and 47.0–60.1 %.
    assert "står sig bedömningen om högst 18 av de 20 övriga var i arbete" in text
    assert "annars blir den ”under, men inte säkert”" in text
    assert "Registret kan inte visa om det stämmer." in text


def test_the_unknown_are_neither_successes_nor_failures_in_the_verdict() -> None:
    study = study_of(TRELLEBORG)
    (target,) = study.project.targets
    counted, found = target_counts(study, target), target_follow_up(study, target)
    assert (counted.events, counted.n, counted.unknown) == (99, 200, 20)
    assert (found.events, found.followed_up, found.missing, found.not_yet) == (99, 200, 20, 0)


def test_those_whose_ninety_days_have_not_passed_are_not_missing() -> None:
    study = study_of(TRELLEBORG)
    (target,) = study.project.targets
    assert target.period is not None
    until_cut = target.period.model_copy(update={"end": study.project.data_cut})
    found = target_follow_up(study, target.model_copy(update={"period": until_cut}))
    assert (found.n, found.missing) == (220, 20)
    assert found.not_yet == 33  # README: the leavers after September 2018


def test_a_status_filled_in_before_its_day_is_not_followed_up_yet(copy: Path) -> None:
    file = copy / REGISTER
    rows = pd.read_csv(file, dtype=str, keep_default_na=False)
    rows.loc[rows["Slutdatum"] > "2018-09-30", "Status efter 90 dagar"] = "Arbete"
    rows.to_csv(file, index=False)
    project = copy / "project.yaml"
    text = project.read_text(encoding="utf-8")
    project.write_text(text.replace("end: 2018-09-30", "end: 2018-12-31", 1), encoding="utf-8")
    study = open_study(copy, language="sv", purpose="release")
    (target,) = study.project.targets
    counted, found = target_counts(study, target), target_follow_up(study, target)
    # As without them: the 33 who left after September are in neither share.
    assert (counted.events, counted.n, counted.unknown) == (99, 200, 20)
    assert (found.n, found.missing, found.not_yet) == (220, 20, 33)
    assert "För ytterligare 33 har tiden fram till uppföljningen inte gått" in text_of(
        targets_of(study)
    )


@pytest.mark.parametrize("missing", [1, 4])
def test_one_to_four_missing_are_not_told_anywhere(copy: Path, missing: int) -> None:
    section = targets_of(with_missing(copy, missing))
    assert "Uppgiften är skyddad" in text_of(section)
    assert "följdes upp" not in captions(section)
    assert f"För {missing} är det inte känt" not in text_of(section)


def test_with_nobody_missing_it_is_said_that_nobody_is(copy: Path) -> None:
    text = text_of(targets_of(with_missing(copy, 0)))
    assert "Alla 220 kunde följas upp. Ingen uppgift saknas." in text
    cannot = text_of(sections.targets_and_claims.conclusions(with_missing(copy, 0)))
    assert "Hur det gick för dem som inte kunde följas upp." not in cannot


def test_few_missing_in_every_group_give_no_table_of_groups(copy: Path) -> None:
    section = targets_of(with_missing(copy, 6))
    assert "Andelen i varje grupp är skyddad" in text_of(section)
    assert "Andel som kunde följas upp" not in captions(section)
    assert "Vad de som inte följdes upp kan ändra" in captions(section)


def test_unknown_ways_out_are_told_where_a_target_counts_ways_out() -> None:
    study = study_of(ARENA)
    (target,) = study.project.targets
    persons = study.persons.copy()
    left = persons.index[persons["exit_class"] == "referred_back"]
    persons.loc[left[:8], "exit_class"] = "unknown"
    study.__dict__["intake"] = replace(study.intake, persons=persons)
    found = target_follow_up(study, target)
    assert (found.events, found.n, found.missing) == (163, 267, 8)
    section = targets_of(study)
    headings = [block.text for block in section.blocks if isinstance(block, Heading)]
    assert "De som inte kunde följas upp" in headings
    assert "hade gått till arbete eller studier" in text_of(section)


def test_jobbspar_counts_those_followed_up_as_its_result_table_does() -> None:
    study = study_of(JOBBSPAR)
    report = released_report(study)
    code = work_results(codes_of(study.project))["longer_term_result"].code
    counts = report.always("esf.", dict).result["results"][code]["total"]["counts"]
    bounds = report.always(f"follow_up.{code}", FollowUpBounds).result
    assert bounds.followed_up.cells[0] == counts["reached"]
    assert bounds.followed_up.n == counts["observed"]
    assert bounds.missing == counts["no_information"]
    text = text_of(sections.esf_indicators.not_followed_up(study))
    assert "Av 396 personer kunde 321 följas upp" in text
    # 147 of 396, and 147 + 75 of 396
    assert "mellan 37,1 %, om ingen av de övriga var i arbete, och 56,1 %, om alla" in text
    assert "från hälften så ofta till lika ofta" in text


def test_a_sex_withheld_in_the_result_table_is_withheld_here_with_the_other() -> None:
    study = study_of(JOBBSPAR)
    report = released_report(study)
    code = work_results(codes_of(study.project))["longer_term_result"].code
    report.always("esf.", dict).result["results"][code]["woman"]["counts"]["no_information"] = None
    section = sections.esf_indicators.not_followed_up(study)
    table = next(block for block in section.blocks if isinstance(block, Table))
    shown = {row[0].text: {cell.text for cell in row[1:]} for row in table.rows}
    assert shown["Kvinnor"] == shown["Män"] == {"skyddad"}
    assert shown["Unga"] != {"skyddad"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("purpose", ["release", "explore"])
def test_every_sample_speaks_both_languages(language: Language, purpose: Any) -> None:
    for name in (HANINGE, JOBBSPAR):
        section = sections.esf_indicators.not_followed_up(study_of(name, language, purpose))
        assert section.blocks
        assert section.is_internal == (purpose == "explore")


def test_the_same_register_gives_the_same_draws() -> None:
    first, second = (text_of(targets_of(study_of(TRELLEBORG, "en"))) for _ in range(2))
    assert first == second


def test_cohorts_say_how_many_are_left_out_for_nobody_knows(copy: Path) -> None:
    rows = pd.read_csv(copy / REGISTER, dtype=str, keep_default_na=False)
    year = rows["Slutdatum"].str.startswith("2016")
    rows.loc[rows.index[year][:9], "Status efter 90 dagar"] = ""
    rows.loc[
        rows.index[rows["Slutdatum"].str.startswith("2017-09")][:2], "Status efter 90 dagar"
    ] = ""
    rows.to_csv(copy / REGISTER, index=False)
    # Who was in each cohort would tell the nine by subtraction.
    written = (copy / "project.yaml").read_text("utf-8")
    (copy / "project.yaml").write_text(written.replace("who: true", "who: false"), "utf-8")
    study = open_study(copy, language="sv", purpose="release")
    text = text_of(sections.before_after.comparisons(study))
    assert "2016: för 9 personer är utfallet inte känt. De ingår inte." in text
    assert "2017: de vars utfall inte är känt ingår inte. Hur många de är visas inte" in text


def test_an_unclear_comparison_says_how_many_persons_it_would_take() -> None:
    text = text_of(sections.before_after.comparisons(study_of(TRELLEBORG)))
    # R: power.prop.test(p1 = .442, p2 = .522, power = .8)$n is 611.2: about 620
    assert "mellan 44,2 % och 52,2 % krävs omkring 620 personer" in text


def test_an_uncertain_verdict_says_how_many_persons_it_would_take() -> None:
    text = text_of(targets_of(study_of(ARENA)))
    # (1.96 + 0.8416)² · 0.61 · 0.39 / 0.01² = 18 673
    said = (
        "För att med 80 % sannolikhet kunna skilja 61 % från 60 % hade det behövts omkring "
        "19 000 personer"
    )
    assert said in text


def test_a_target_withheld_for_another_tells_nothing_of_its_missing(tmp_path: Path) -> None:
    study = opened(tmp_path, nearly_the_same_target)
    assert "target.shorter" in withheld_beside_others(study)
    assert f"target.{study.project.targets[0].id}" not in withheld_beside_others(study)
    headings = [b.text for b in targets_of(study).blocks if isinstance(b, Heading)]
    assert headings.count("De som inte kunde följas upp") == 1


def test_too_few_outcomes_for_a_model_are_said_and_not_modelled() -> None:
    study = study_of(TRELLEBORG)
    (target,) = study.project.targets
    found = target_follow_up(study, target)
    few = found.persons[found.persons["reached"] == 1].head(6)
    others = found.persons[found.persons["reached"] != 1]
    chosen = FollowUp(persons=pd.concat([few, others]))
    row, columns = imputed_row(study, chosen, by_way_out=True)
    assert columns == ()
    assert row == NotEstimable(measure="imputed_share", reason="too_few_to_model", n=107)
