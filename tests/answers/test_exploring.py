"""Some persons, columns and outcomes of one's own, a card, Tab, and what a notebook keeps."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell

import evalkit as ek
from evalkit import chapters as sections
from evalkit.answers.card import NAMES
from evalkit.answers.study import Study
from evalkit.chapters.plain_text import plain_text
from evalkit.project import ProjectError
from evalkit.results import CannotBeComputed, NotEstimable
from tests.conftest import REPOSITORY

ARENA = REPOSITORY / "data" / "sample" / "arena-for-arbete"
POSITIVE = "exit_class == 'employment' or exit_class == 'studies'"
# Generous: a first Tab took 7.7 s, and 0.15 s when this was written.
SECONDS = 0.5


@pytest.fixture(scope="module")
def study() -> Study:
    return ek.open_study(ARENA)


@pytest.fixture
def shell() -> Iterator[InteractiveShell]:
    made = InteractiveShell.instance()
    made.run_cell(f"import evalkit as ek; study = ek.open_study({str(ARENA)!r})", silent=True)
    yield made
    InteractiveShell.clear_instance()


def completions(shell: InteractiveShell, text: str) -> list[str]:
    with provisionalcompleter():
        found = shell.Completer.completions(text, len(text))
        return [one.text.removeprefix(".") for one in found]


def test_the_share_of_an_outcome_of_ones_own_is_the_published_one(study: Study) -> None:
    # Ystad's press release: 163 of 267; the sample's women and men add up to it.
    everyone, *groups = study.share(POSITIVE, by="sex")
    assert (everyone.n, everyone.cells) == (267, (163, 104))
    assert sum(row.cells[0] for row in groups) == 163
    assert [row.group for row in groups] == ["woman", "man"]


def test_a_study_of_some_persons_answers_as_the_whole_does_of_them(study: Study) -> None:
    persons = study.persons
    chosen = persons[(persons["sex"] == "woman") & (persons["age_at_entry"] < 30)]
    some = study.where("sex == 'woman' and age < 30")
    assert some.persons["person"].tolist() == chosen["person"].tolist()
    assert set(some.spells["person"]) <= set(chosen["person"])
    assert some.events().persons.tolist() == [len(chosen)]
    assert str(len(chosen)) in plain_text(sections.participants.outcomes(some))
    assert len(study.persons) == 267


@pytest.mark.parametrize("chapter", ["participants", "time_to_employment", "targets_and_claims"])
def test_every_section_works_on_some_persons(study: Study, chapter: str) -> None:
    from evalkit.chapters.section import AskedSection

    some = study.where("age >= 25")
    for name, section in vars(getattr(sections, chapter)).items():
        if isinstance(section, AskedSection) and section.name == f"{chapter}.{name}":
            shown = section(some)
            assert getattr(shown, "is_internal", False), name


def test_some_persons_are_never_part_of_a_report() -> None:
    report = ek.open_study(ARENA, purpose="release")
    assert report.where("age < 30").purpose == "explore"


def test_a_column_of_ones_own_is_a_group_and_an_outcome(study: Study) -> None:
    with_age = study.with_column("young", study.persons["age_at_entry"] < 30)
    assert with_age.events(by="young").groups == ("False", "True")
    assert "Ja" in with_age.share(POSITIVE, by="young")._repr_mimebundle_()["text/plain"]
    (share,) = with_age.share("young")
    assert share.cells[0] == int((study.persons["age_at_entry"] < 30).sum())
    made = study.with_column("entered", lambda persons: persons["entry"].dt.year.astype("str"))
    assert made.levels("entered") == ("2018", "2019")
    assert "young" not in study.persons


def test_who_lacks_a_known_value_is_left_out_of_a_share(study: Study) -> None:
    half = ["yes", "no", ""] * 89
    made = study.with_column("asked", half)
    (share,) = made.share("asked == 'yes'")
    assert (share.n, share.cells[0]) == (178, 89)
    nobody = study.with_column("asked", [""] * 267).share("asked == 'yes'")
    assert isinstance(nobody[0], NotEstimable)


def test_the_same_study_in_the_other_language(study: Study) -> None:
    english = study.in_language("en")
    assert english.persons.equals(study.persons)
    assert "Women" in english.share(POSITIVE, by="sex")._repr_mimebundle_()["text/plain"]
    swedish = ek.aalen_johansen(study.events(by="sex"))._repr_mimebundle_()["text/html"]
    assert "Kvinnor" in swedish
    assert "woman" not in swedish


@pytest.mark.parametrize(
    ("language", "said"),
    [("sv", "Kan inte skiljas från slump"), ("en", "Cannot be told from chance")],
)
def test_what_cannot_be_computed_is_said_in_the_language_of_the_study(
    study: Study, language: Any, said: str
) -> None:
    ek.open_study(ARENA, language=language)
    with pytest.raises(CannotBeComputed, match=f"{said}.*too_few_assignments"):
        ek.randomised_areas([1, 2, 3, 4, 5, 6], [1, 1, 0, 0, 0, 0])
    ek.open_study(ARENA)


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("sexx == 'woman'", "no column 'sexx'; did you mean 'sex'"),
        ("sex == 'Kvinna'", "no level 'Kvinna' in sex; the most frequent are man, woman"),
        ("age > 30 and exit_class == 'employed'", "no level 'employed' in exit_class"),
        ("age > 130 and sex == 'man'", "nobody is left; there are sex: man, woman"),
        ("exit == 'employment'", "exit holds no words"),  # pandas: of nobody
        ("age == '30'", "age holds no words"),
        ("sex ==", "cannot read 'sex =='; write as \"sex == 'woman' and age < 30\""),
        ("age", "is not yes or no"),
        ("@secret > 1", "only columns and values"),
        ([True, False], "yes or no for each of 267 persons"),
    ],
)
def test_what_is_no_condition_is_refused_in_words(study: Study, condition: Any, told: str) -> None:
    with pytest.raises(ProjectError, match=told):
        study.where(condition)


def test_a_misspelt_outcome_is_refused_and_is_no_share_of_nobody(study: Study) -> None:
    with pytest.raises(ProjectError, match="no level 'employed' in exit_class"):
        study.share("exit_class == 'employed'", by="sex")
    women = study.where("sex == 'woman'")
    assert women.share("sex == 'man'")[0].value == 0  # a level of others: nobody of these
    with pytest.raises(ProjectError, match="no level 'studes'"):
        women.share("exit_class in ['employment', 'studes']")


@pytest.mark.parametrize(
    ("name", "values", "told"),
    [
        ("row", [1] * 267, "cannot be a column's name"),
        ("two words", [1] * 267, "cannot be a column's name"),
        ("few", [1, 2], "one value for each of 267 persons"),
    ],
)
def test_what_is_no_column_is_refused_in_words(
    study: Study, name: str, values: Any, told: str
) -> None:
    with pytest.raises(ProjectError, match=told):
        study.with_column(name, values)


def test_the_card_says_what_there_is_and_what_to_ask(study: Study) -> None:
    told = study._repr_mimebundle_()["text/plain"]
    for text in ("Arena för arbete", "267", "2018-01-01", "Kön (sex)", "Personer i analysen",
                 "varning: 3", 'study.share("exit_class'):  # fmt: skip
        assert text in told
    line = next(one for one in told.split("\n") if "study.share(" in one)
    assert eval(line.partition(": ")[2], {"study": study})[0].cells[0] == 163


def test_persons_carry_no_row_number_of_the_register(study: Study) -> None:
    assert "row" not in study.persons
    assert "row" in study.spells


def test_tab_offers_what_an_evaluator_asks_for(shell: InteractiveShell) -> None:
    assert completions(shell, "study.") == sorted(NAMES)
    assert completions(shell, "ek.") == sorted(ek.__all__)
    assert {"age_at_entry", "query"} <= set(completions(shell, "study.persons."))
    assert "exit_class" in completions(shell, "study.persons['")


def test_the_first_tab_answers_within_half_a_second_of_processor_time(
    shell: InteractiveShell,
) -> None:
    for text in ("study.persons.", "study.", "ek."):
        start = time.process_time()
        assert completions(shell, text)
        assert time.process_time() - start < SECONDS, text


def test_the_first_display_of_persons_says_that_the_file_keeps_them(
    shell: InteractiveShell,
) -> None:
    assert shell.display_formatter is not None
    persons = shell.user_ns["study"].persons
    first, second, other = (
        shell.display_formatter.format(frame)[0]["text/html"]
        for frame in (persons.head(2), persons, pd.DataFrame({"a": [1]}))
    )
    assert "evalkit strip" in first
    assert "evalkit strip" not in second
    assert "<table" in other


def test_the_controls_answer_at_once_with_chart_sentence_and_table(study: Study) -> None:
    pytest.importorskip("ipywidgets")
    box = study.explore()
    (outcome, group), day, shown = box.children[0].children, *box.children[1:]
    assert [value for _, value in outcome.options] == ["employment", "studies", "other"]
    start = time.process_time()
    outcome.value, group.value, day.value = "studies", "", 180
    assert time.process_time() - start < 5
    told = ek.share_at(ek.aalen_johansen(study.events()), 180, cause="studies")
    assert f"{told.value:.1%}".replace(".", ",").rstrip("%") in shown.value
    assert "<svg" in shown.value
    assert "<table" in shown.value
    assert "studier" in shown.value
    day.value = 10_000
    assert day.value == day.max == 693  # nobody was followed longer


def test_without_widgets_the_first_answer_stands_alone(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "ipywidgets", None)
    told = study.explore()._repr_mimebundle_()["text/plain"]
    assert "nom 365\u00a0dagar" in told
    assert "pip install" in told


def test_a_refusal_before_any_study_is_opened_is_a_sentence(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("evalkit.shape._words", [])
    with pytest.raises(CannotBeComputed) as refused:
        ek.risk_ratio(events_1=0, n_1=10, events_2=0, n_2=10)
    assert str(refused.value) == "Kan inte beräknas: ett av antalen är noll. [zero_cell]"
