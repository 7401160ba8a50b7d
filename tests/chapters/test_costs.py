"""The chapter on costs: figures that exist, limits in words, and no sample left without it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import pandas as pd
import pytest

from evalkit import chapters as sections
from evalkit.answers import comparison_group
from evalkit.answers.comparison_group import ComparisonFigures, comparison_figures
from evalkit.answers.study import Study, open_study
from evalkit.documents.files.paths import sample_folder
from evalkit.language import LANGUAGES, Language
from evalkit.present.blocks import Figure, Section
from evalkit.project import load_project
from evalkit.results import Estimate
from tests.chapters.test_sections import text_of

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
    assert "16 200 kr per deltagare och 26 600 kr per avslut" in text
    assert "24 300–29 400 kr" in text
    assert "Per avslut till arbete eller studier | 267 | 26 566 kr | 24 314 kr | 29 443 kr" in text
    text = text_of(additional("sv"))
    assert "146 787 kr" in text
    assert "Om minst 55,1 % hade kommit dit ändå har kostnaden ingen övre gräns" in text
    assert "Om minst 61,0 % hade kommit dit ändå gav insatsen inga ytterligare utfall" in text


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
    study.__dict__["intake"] = replace(study.intake, persons=persons)
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
    assert "gäller för få personer" in text
    assert "kostade en deltagare" not in text


def test_a_mean_is_withheld_where_a_few_have_no_amount_and_refused_below_nought():
    study = with_costs([100.0])
    study.persons.loc[study.persons.index[:3], "cost"] = None
    assert "kostade en deltagare" not in text_of(sections.costs.per_outcome(study))
    study = with_costs([-5.0])
    text = text_of(sections.costs.per_outcome(study))
    assert "belopp under noll" in text
    assert "26 566 kr" in text


BUDGET = 9_000_000


def job_tracks(language: Language = "sv", **changes: Any) -> Study:
    """The sample with a budget and a comparison group, the latter changed."""
    study = open_study(
        sample_folder() / "sydostra-skane-jobbspar", language=language, purpose="release"
    )
    comparison = study.project.comparison.model_copy(update=changes)  # type: ignore[union-attr]
    own = replace(study, project=study.project.model_copy(update={"comparison": comparison}))
    assert len(own.persons)  # read, so that what a test changes is seen
    return own


@cache
def as_it_came_about(language: Language = "sv") -> Study:
    """The sample with its own comparison group, judged once for the tests that change nothing."""
    return job_tracks(language)


def with_difference(monkeypatch: pytest.MonkeyPatch, **limits: float) -> None:
    """The comparison's main difference replaced before the door."""

    def changed(study: Study) -> ComparisonFigures:
        figures = comparison_figures(study)
        made = figures.differences
        rows = tuple(
            replace(row, **limits)
            if isinstance(row, Estimate) and row.measure == made.main
            else row
            for row in made.differences
        )
        return replace(figures, differences=replace(made, differences=rows))

    monkeypatch.setattr(comparison_group, "comparison_figures", changed)


def test_the_cost_by_a_comparison_group_is_the_budget_over_its_difference():
    study = as_it_came_about()
    made = comparison_figures(study).differences
    cost = BUDGET / (len(study.persons) * made.main_difference.value)
    text = text_of(sections.costs.per_additional_outcome(study))
    written = f"{round(cost, -3):,.0f}".replace(",", " ")
    assert f"kostade varje ytterligare person omkring {written} kr" in text
    assert "fördelad på alla 1 004 deltagare" in text
    assert "Jämförelsegruppen är påhittad" in text


@pytest.mark.parametrize(
    ("language", "words"),
    [("sv", "kostnaden ingen övre gräns"), ("en", "the cost has no upper limit")],
)
def test_a_difference_whose_interval_holds_nought_is_a_cost_without_limit_in_plain_words(
    language: Language, words: str
):
    assert words in text_of(sections.costs.per_additional_outcome(as_it_came_about(language)))


def test_a_difference_above_nought_has_a_cost_with_both_limits(monkeypatch):
    # 9 000 000 / (1 004 × 0.10), and over 0.05 and 0.15.
    with_difference(monkeypatch, value=0.10, low=0.05, high=0.15)
    text = text_of(sections.costs.per_additional_outcome(job_tracks()))
    cost = "omkring 89 600 kr (95 % konfidensintervall 59 800–179 000 kr)"
    assert f"kostade varje ytterligare person {cost}" in text
    assert "rymmer noll" not in text


def test_a_difference_not_above_nought_has_no_cost_and_is_marked_all_the_same(monkeypatch):
    with_difference(monkeypatch, value=-0.02, low=-0.09, high=0.05)
    study = job_tracks()
    section = sections.costs.per_additional_outcome(study)
    assert "Skillnaden är inte större än noll" in text_of(section)
    figure = the_figure(section)
    assert "Kostnaden där: ingen gräns" in figure.alt
    (row,) = [row for row in figure.data.rows if "jämförelsegruppen" in row[0].text]
    assert [cell.value for cell in row[2:]] == [None, None, None]
    cannot = text_of(sections.costs.conclusions(study))
    assert "varje ytterligare person" not in cannot


def test_the_chart_marks_the_comparison_between_the_shares_it_lies_between():
    figure = the_figure(sections.costs.per_additional_outcome(as_it_came_about()))
    labels = [row[0].text for row in figure.data.rows]
    place = next(i for i, label in enumerate(labels) if "jämförelsegruppen" in label)
    assert labels[place - 1].startswith("30")
    assert labels[place + 1].startswith("35")
    costs = [row[2].value for row in figure.data.rows]
    assert costs == sorted(costs)  # it lies on the line
    assert "Jämförelsegruppen är markerad vid 33,1" in figure.alt
    assert "markerad" not in the_figure(additional("sv")).alt


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"came_about": "declined"}, "tackade själva nej"),
        ({"estimand": "overlap"}, "vidare eller snävare grupp"),
    ],
)
def test_a_comparison_that_cannot_carry_additional_outcomes_gives_no_cost(changes, words):
    study = job_tracks(**changes)
    section = sections.costs.per_additional_outcome(study)
    text = text_of(section)
    assert words in text
    assert "kostade varje ytterligare person" not in text
    assert "per ytterligare avslut till" in the_figure(section).caption
    assert "varje ytterligare person" not in text_of(sections.costs.conclusions(study))


def test_a_withheld_comparison_leaves_no_cost_that_would_tell_it(monkeypatch):
    def small(study: Study) -> ComparisonFigures:
        figures = comparison_figures(study)
        made = figures.differences
        return replace(figures, differences=replace(made, cells=(3, *made.cells[1:])))

    monkeypatch.setattr(comparison_group, "comparison_figures", small)
    study = job_tracks()
    section = sections.costs.per_additional_outcome(study)
    text = text_of(section)
    assert "kostade varje ytterligare person" not in text
    assert "jämförelsegruppen" not in the_figure(section).alt.casefold()
    assert "20 882 kr" in text_of(sections.costs.per_outcome(study))
