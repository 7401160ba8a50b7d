"""The chapter on costs: figures that exist, limits in words, and no sample left without it."""

from __future__ import annotations

import pandas as pd
import pytest

from evalkit.language import LANGUAGES, Language
from evalkit.present.blocks import Figure, Section
from evalkit.project import load_project
from evalkit.report import sections
from evalkit.report.files.paths import sample_folder
from evalkit.report.study.study import Study, open_study
from tests.report.sections.test_sections import text_of

SAMPLES = sorted(folder.parent for folder in sample_folder().glob("*/project.yaml"))


def additional(language: Language) -> Section:
    study = open_study(sample_folder() / "arena-for-arbete", language=language, purpose="release")
    return sections.costs.per_additional_outcome(study)


def the_figure(section: Section) -> Figure:
    (figure,) = [block for block in section.blocks if isinstance(block, Figure)]
    return figure


def test_the_costs_of_arena_are_those_worked_out_by_hand():
    # 4 330 224 / 267, / 163, / (163 − 0.5 · 267); limits over Wilson's 55.1–66.7 %.
    study = open_study(sample_folder() / "arena-for-arbete", language="sv", purpose="release")
    text = text_of(sections.costs.per_outcome(study))
    assert "16 218 kr per deltagare och 26 566 kr per avslut" in text
    assert "24 314–29 443 kr" in text
    text = text_of(additional("sv"))
    assert "146 787 kr" in text
    assert "Från 55,1 %, den nedre gränsen för andelen" in text
    assert "61,0 % eller högre finns inget ytterligare avslut" in text


@pytest.mark.parametrize(("language", "unlimited"), [("sv", "ingen gräns"), ("en", "no limit")])
def test_where_no_exit_may_be_additional_the_upper_limit_is_words(
    language: Language, unlimited: str
):
    figure = the_figure(additional(language))
    uppers = {row[0].text: row[-1] for row in figure.data.rows}
    last = [cell for label, cell in uppers.items() if label.startswith(("60", "55"))]
    assert uppers[next(iter(uppers))].value == pytest.approx(29_443, abs=1)
    assert last[-1].text == unlimited
    assert last[-1].value is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_chart_and_its_table_hold_no_negative_and_no_endless_cost(language: Language):
    figure = the_figure(additional(language))
    costs = [cell.value for row in figure.data.rows for cell in row[2:] if cell.value is not None]
    assert min(costs) > 0
    assert max(costs) < 4_330_224 * 267
    assert "inf" not in figure.svg
    assert "nan" not in figure.svg.casefold().replace("nano", "")
    assert "61" in figure.alt  # from where on nothing is additional


@pytest.mark.parametrize("folder", SAMPLES, ids=lambda folder: folder.name)
def test_a_sample_with_a_budget_has_the_chapter(folder):
    project = load_project(folder)
    assert ("costs" in project.chapters) == (project.budget is not None)


def with_costs(amounts: list[float | None]) -> Study:
    """Arena with a cost for each participant in the register."""
    study = open_study(sample_folder() / "arena-for-arbete", language="sv", purpose="release")
    costs = pd.Series([amounts[i % len(amounts)] for i in range(len(study.persons))], dtype=float)
    persons = study.persons.assign(cost=costs.to_numpy())
    study.__dict__["intake"] = type("Read", (), {"persons": persons})()
    return study


def test_costs_that_the_register_holds_per_person_are_told():
    text = text_of(sections.costs.per_outcome(with_costs([10_000, 20_000, 30_000])))
    assert "kostade en deltagare i genomsnitt 20 000 kr" in text
    assert "n = 267 med uppgift" in text
    assert "26 566 kr" in text


def test_an_amount_that_a_few_make_up_is_withheld():
    study = with_costs([100.0])
    study.persons.loc[study.persons.index[:2], "cost"] = 9_000_000.0
    text = text_of(sections.costs.per_outcome(study))
    assert "några få står för nästan hela beloppet" in text
    assert "kostade en deltagare" not in text


def test_a_mean_is_withheld_where_a_few_have_no_amount_and_refused_below_nought():
    study = with_costs([100.0])
    study.persons.loc[study.persons.index[:3], "cost"] = None
    assert "kostade en deltagare" not in text_of(sections.costs.per_outcome(study))
    study.persons["cost"] = -5.0
    text = text_of(sections.costs.per_outcome(study))
    assert "belopp under noll" in text
    assert "26 566 kr" in text
