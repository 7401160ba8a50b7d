"""The chapter of common indicators, as the samples print it."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from evalkit import chapters as sections
from evalkit.answers import equity
from evalkit.answers.esf_indicators import study_records
from evalkit.answers.study import Study, open_study
from evalkit.chapters.other_funders import side_by_side_part
from evalkit.chapters.section import released_report
from evalkit.documents.files.paths import sample_folder
from evalkit.language import LANGUAGES
from evalkit.present.blocks import Box, Table
from evalkit.results import Withheld
from tests.chapters.test_sections import text_of
from tests.support.answers import results_of

HANINGE, JOBBSPAR = "haninge-arbetsmarknadscenter", "sydostra-skane-jobbspar"
CHAPTER = sections.esf_indicators


@cache
def study_of(name: str, language: str = "en", purpose: str = "release") -> Study:
    return open_study(sample_folder() / name, language=language, purpose=purpose)  # type: ignore[arg-type]


def rows(section: object, number: int = 0) -> list[list[str]]:
    tables = [block for block in section.blocks if isinstance(block, Table)]  # type: ignore[attr-defined]
    return [[cell.text for cell in row] for row in tables[number].rows]


def test_haninge_reports_by_the_list_of_its_period_and_jobbspar_by_the_present_one() -> None:
    assert rows(CHAPTER.outputs(study_of(HANINGE)))[0][0] == "CO01"
    assert rows(CHAPTER.outputs(study_of(JOBBSPAR)))[0][:5] == [
        "EECO01", "Total number of participants", "482", "522", "1,004",
    ]  # fmt: skip


def test_a_list_of_another_programme_is_marked_as_an_illustration() -> None:
    assert not any(isinstance(b, Box) for b in CHAPTER.records(study_of(HANINGE)).blocks)
    assert isinstance(CHAPTER.records(study_of(JOBBSPAR)).blocks[0], Box)


def test_nobody_registered_as_non_binary_has_no_column_of_zeros() -> None:
    for name in (HANINGE, JOBBSPAR):
        (table, *_) = (b for b in CHAPTER.outputs(study_of(name)).blocks if isinstance(b, Table))
        assert list(table.columns[2:5]) == ["Women", "Men", "Total"]


def test_the_chain_starts_at_58_per_cent_and_ends_at_a_result_of_the_tables() -> None:
    def chain_and_total(purpose: str) -> tuple[list[list[str]], list[str]]:
        study = study_of(HANINGE, purpose=purpose)
        results = rows(CHAPTER.longer_term_results(study))
        return rows(CHAPTER.reconciliation(study)), next(r for r in results if r[0] == "CR06")

    chain, total = chain_and_total("explore")
    assert chain[0][5:8] == ["87", "150", "58.0%"]
    assert chain[-1][5:8] == [total[7], total[6], total[8]]
    # 149 of the 150 have complete records: the table may not say so. Beside it the steps between
    # would tell of a few persons; both ends of the chain stand all the same.
    chain, total = chain_and_total("release")
    assert chain[0][5:8] == ["87", "150", "58.0%"]
    assert [total[7], total[6], total[8]] == ["15", "35", "42.9%"]
    assert set(total[3:6]) == {"withheld"}


def test_a_chain_that_is_withheld_takes_no_definition_with_it() -> None:
    """Each share was released by itself; the first page prints the same 87 of 150."""
    report = released_report(study_of(HANINGE))
    chain = replace(
        report.answers["esf.own_to_esf"], result=Withheld(measure="share", reason="protected")
    )
    (table,) = side_by_side_part(
        replace(report, answers={**report.answers, "esf.own_to_esf": chain})
    )
    assert isinstance(table, Table)
    printed = {row[0].text: [cell.text for cell in row[1:]] for row in table.rows}
    (own,) = (cells for label, cells in printed.items() if label.startswith("The project"))
    assert {"87", "150"} <= set(own) or "87 of 150" in " ".join(own)


def test_no_share_stands_where_its_counts_are_withheld() -> None:
    for name in (HANINGE, JOBBSPAR):
        for section in (CHAPTER.immediate_results, CHAPTER.longer_term_results):
            for row in rows(section(study_of(name))):
                if "withheld" in row[6:8]:
                    assert set(row[8:]) == {"withheld"}


def test_no_step_moves_fewer_persons_than_the_threshold() -> None:
    for name, chains in ((HANINGE, 1), (JOBBSPAR, 2)):
        section = CHAPTER.reconciliation(study_of(name))
        assert sum(isinstance(block, Table) for block in section.blocks) == chains
        for number in range(chains):
            for row in rows(section, number)[1:]:
                moves = [int(text.replace(",", "")) for text in row[1:5]]
                assert not any(0 < move < 5 for move in moves)


def test_every_validation_test_of_the_samples_holds_or_says_why_not() -> None:
    for name in (HANINGE, JOBBSPAR):
        section = CHAPTER.validation(study_of(name))
        assert {row[2] for row in rows(section)} == {"Cannot be tested: data missing"}
        held, of = map(int, re.findall(r"^(\d+) of (\d+) checks", text_of(section))[0])
        assert (held, of - held) == (of - 1, len(rows(section)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_section_speaks_both_languages_in_both_purposes(language: str) -> None:
    names = ("records", "outputs", "after_leaving", "side_by_side", "before_and_after")
    for purpose in ("explore", "release"):
        study = study_of(HANINGE, language, purpose)
        for name in names:
            section = getattr(CHAPTER, name)(study)
            assert section.blocks
            assert section.is_internal == (purpose == "explore")


def test_regions_of_several_categories_get_tables_of_their_own() -> None:
    study = open_study(sample_folder() / JOBBSPAR, language="en", purpose="release")
    indicators = study.project.indicators.model_copy(update={"regions": {"1291": "transition"}})
    split = study.project.model_copy(update={"indicators": indicators}).placed_in(
        study.project.folder
    )
    both = Study(split, "en", "release")
    tables = [b for b in CHAPTER.outputs(both).blocks if isinstance(b, Table)]
    assert [table.id for table in tables] == [
        "esf-outputs-more-developed",
        "esf-outputs-transition",
    ]
    totals = [int(table.rows[0][-1].text.replace(",", "")) for table in tables]
    assert sum(totals) == 1004


def test_the_gap_in_the_figure_that_decides_over_time_is_among_the_main_results() -> None:
    study = study_of(HANINGE, "sv")
    blocks = CHAPTER.women_and_men(study).blocks
    shown = [getattr(block, "text", "").replace("\u00a0", " ") for block in blocks]
    (told,) = [
        below for above, below in pairwise(shown) if above == "Gått till arbete inom 180 dagar"
    ]
    (row,) = results_of(study)["decisive.sex"].differences
    assert f"{abs(100 * row.value):.1f} procentenheter".replace(".", ",") in told
    assert "kvinnorna" in told
    assert shown[-1].startswith("2 skillnader mellan kvinnor och män har prövats")


def test_the_gap_within_places_is_counted_and_few_have_no_test(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(sample_folder() / HANINGE, tmp_path / HANINGE))
    file = folder / "project.yaml"
    file.write_text(f"{file.read_text('utf-8')}\nequity: {{ by: [target_group] }}\n", "utf-8")
    study = open_study(file, language="sv", purpose="explore")
    persons = study.persons
    good = persons["exit_class"].isin(study.project.outcomes.positive)
    asks = {ask.id: ask for ask in equity.women_and_men(study)}
    found = asks["equity.positive.target_group"].result
    assert tuple(gap.group for gap in found.gaps) == study.levels("target_group")
    for gap in found.gaps:
        here = persons["target_group"] == gap.group
        shares = [
            good[here & (persons["sex"] == side) & (persons["exit_class"] != "")].mean()
            for side in ("woman", "man")
        ]
        assert gap.value == pytest.approx(shares[0] - shares[1])
    # One result, its places and the figure over time: what stands out by chance counts them all.
    assert asks["equity.positive"].result.looked_at == 2 + len(found.gaps)
    told = text_of(CHAPTER.women_and_men(study))
    assert ("olika stor i olika delar av insatsen" in told) != ("färre än" in told)


@pytest.mark.parametrize("named", ["", "positive"])
def test_only_the_gap_that_the_project_names_is_judged(tmp_path: Path, named: str) -> None:
    folder = Path(shutil.copytree(sample_folder() / HANINGE, tmp_path / HANINGE))
    file = folder / "project.yaml"
    if named:
        file.write_text(f"{file.read_text('utf-8')}\nequity: {{ verdict: {named} }}\n", "utf-8")
    study = open_study(file, language="en")
    (gap,) = {ask.id: ask for ask in equity.women_and_men(study)}["equity.positive"].result.gaps
    told = text_of(CHAPTER.women_and_men(study))
    assert told.count("chose beforehand to judge") == bool(named)
    assert ("larger than chance usually gives" in told) == (
        bool(named) and not gap.low <= 0 <= gap.high
    )


def test_a_target_of_women_alone_has_no_gap(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(sample_folder() / HANINGE, tmp_path / HANINGE))
    file = folder / "project.yaml"
    women = {"id": "women", "title": {"sv": "Kvinnorna", "en": "The women"}, "goal": 0.5,
             "outcome": ["employment"], "denominator": "participants", "source": "–",
             "where": {"sex": "woman"}}  # fmt: skip
    file.write_text(f"{file.read_text('utf-8')}\ntargets: {json.dumps([women])}\n", "utf-8")
    study = open_study(file, language="sv")
    assert "equity.women" not in {ask.id for ask in equity.women_and_men(study)}
    assert "Kvinnorna" not in text_of(CHAPTER.women_and_men(study))


def test_one_incomplete_record_among_the_leavers_cannot_be_worked_out() -> None:
    """150 have left by the table of ways out; 149 of them, complete, would point one out.

    The reader's linear programme: what came after and who is enrolled, with what is printed.
    """
    from scipy.optimize import linprog

    names = ["employment", "studies", "programme", "other", "nothing", "open", "enrolled",
             "incomplete left", "incomplete enrolled"]  # fmt: skip
    printed = [row[-1] for row in rows(CHAPTER.after_leaving(study_of(HANINGE)))]
    *cells, incomplete, total = [
        None if text == "withheld" else float(text.replace(",", "")) for text in printed
    ]
    assert (incomplete, total) == (16.0, 412.0)
    bounds = [(cell, cell) if cell is not None else (0, None) for cell in cells]
    equal = [
        ([1] * 9, 412.0),
        ([1, 1, 1, 1, 1, 1, 0, 1, 0], 150.0),  # all who have left, as the participants' chapter
        ([0] * 7 + [1, 1], incomplete),
    ]
    place = names.index("incomplete left")
    ends = []
    for sign in (1.0, -1.0):
        solved = linprog(
            [sign * (i == place) for i in range(9)], A_eq=[a for a, _ in equal],
            b_eq=[b for _, b in equal], bounds=[*bounds, (0, None), (0, None)],
        )  # fmt: skip
        assert solved.status == 0
        ends.append(sign * solved.fun)
    assert ends[1] - ends[0] >= 5
    # Nor by a result that everybody is at risk of: started less finished.
    for row in rows(CHAPTER.immediate_results(study_of(HANINGE))):
        if row[2] == "396" and row[3] != "withheld":
            assert not 0 < 150 - int(row[3]) < 5


@pytest.mark.parametrize("name", [HANINGE, JOBBSPAR])
def test_what_the_indicators_can_carry_is_the_same_when_explored_alone(name: str) -> None:
    assert "participants count in the indicat" in text_of(
        CHAPTER.conclusions(study_of(name, purpose="explore"))
    )


def test_six_months_after_is_asked_as_the_register_says(tmp_path: Path) -> None:
    """Of thirty asked five days late and thirty asked within four weeks, the first are known."""
    register = ["löpnr;kön;födelseår;startdatum;slutdatum;avslutsorsak;status vid start"]
    asked = ["löpnr;datum;status"]
    for i in range(60):
        row = f"{101 + i};{('kvinna', 'man')[i % 2]};1990;2023-01-09;2023-03-01;Arbete;Arbetslös"
        register.append(row)
        asked.append(f"{101 + i};{'2023-09-06' if i < 30 else '2023-03-20'};Arbete")
    (tmp_path / "r.csv").write_text("\n".join(register), encoding="utf-8")
    (tmp_path / "f.csv").write_text("\n".join(asked), encoding="utf-8")
    (tmp_path / "project.yaml").write_text(ASKED, encoding="utf-8")
    project = open_study(tmp_path, language="en", purpose="explore")
    known = study_records(project)["status_after_six_months"]
    assert known.value_counts().to_dict() == {"employment": 30, "unknown": 30}


ASKED = """id: asked
title: { sv: Frågade, en: Asked }
summary: { sv: Ett projekt., en: A project. }
programme: esf_plus
period: { start: 2023-01-01, end: 2023-12-31 }
data_cut: 2023-12-31
registers:
  - file: r.csv
    follow_up:
      file: f.csv
      columns: { löpnr: person_id, datum: event_date, status: event_status }
chapters: [participants, after_leaving, esf_indicators]
"""
