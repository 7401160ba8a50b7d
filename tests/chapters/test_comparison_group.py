"""The chapter on a comparison group: the sample, registers made for the purpose, and bad input."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from evalkit import chapters as sections
from evalkit.answers.comparison_group import comparison_figures
from evalkit.answers.comparison_persons import compared_persons
from evalkit.answers.study import Purpose, Study, open_study
from evalkit.documents.files.paths import sample_folder
from evalkit.documents.preparing.checking import checked
from evalkit.intake import IntakeError
from evalkit.language import LANGUAGES
from evalkit.present.blocks import Box, Figure, Section
from evalkit.project import ProjectError
from evalkit.results import CannotBeComputed, Estimate
from tests.chapters.test_sections import text_of

CHAPTER = sections.comparison_group
PROJECT = "sydostra-skane-jobbspar"
PARTS = ("groups", "likeness", "differences", "sensitivity", "conclusions")
Made = Callable[..., Study]


@pytest.fixture(scope="module")
def jobbspar() -> Study:
    return open_study(sample_folder() / PROJECT, language="sv", purpose="release")


def test_made_alike_the_groups_of_the_job_tracks_differ_less(jobbspar: Study) -> None:
    """Calibrated: about nine points as they are, about three between persons alike."""
    made = comparison_figures(jobbspar).differences
    raw, main = made.differences[0], made.main_difference
    assert isinstance(raw, Estimate)
    assert isinstance(main, Estimate)
    assert raw.low > 0
    assert raw.value == pytest.approx(0.09, abs=0.005)
    assert main.low < 0 < main.value < 0.05
    text = text_of(CHAPTER.differences(jobbspar))
    assert "Jämfört med liknande personer som inte deltog" in text
    assert "Intervallet rymmer noll" in text
    assert "krymper skillnaden från 8,8 procentenheter till 3,3 procentenheter" in text


def test_the_sample_says_that_its_comparison_group_is_made_up(jobbspar: Study) -> None:
    assert "Jämförelsegruppen är påhittad" in text_of(CHAPTER.groups(jobbspar))


def test_weighting_leaves_no_difference_above_a_tenth(jobbspar: Study) -> None:
    text = text_of(CHAPTER.likeness(jobbspar))
    assert "13 av 18 uppgifter, efter den i ingen" in text
    figures = [b.id for b in CHAPTER.likeness(jobbspar).blocks if isinstance(b, Figure)]
    assert figures == ["comparison-balance", "comparison-overlap"]


def test_an_interval_with_nought_needs_nothing_unknown(jobbspar: Study) -> None:
    # 1.10 + √(1.10 × 0.10) = 1.4
    text = text_of(CHAPTER.sensitivity(jobbspar))
    assert "(E-värde 1,4)" in text
    assert "E-värde för gränsen: 1" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_boxes_say_what_can_and_cannot_be_said(language: str) -> None:
    study = open_study(sample_folder() / PROJECT, language=language, purpose="release")  # type: ignore[arg-type]
    can, cannot = (b for b in CHAPTER.conclusions(study).blocks if isinstance(b, Box))
    assert (can.kind, cannot.kind) == ("can_say", "cannot_say")
    assert "3,3" in can.items[0] or "3.3" in can.items[0]
    assert len(cannot.items) == 3


def test_exploring_shows_exact_numbers_and_the_heaviest_weight() -> None:
    study = open_study(sample_folder() / PROJECT, language="en", purpose="explore")
    assert "516 | 442" in text_of(CHAPTER.groups(study))
    assert "The heaviest person weighs 3.9 times" in text_of(CHAPTER.likeness(study))
    assert all(getattr(CHAPTER, part)(study).is_internal for part in PARTS)


def people(n: int, *, mark: str, first: int, shift: int = 0) -> pd.DataFrame:
    """Made-up register rows; ``shift`` years older."""
    rng = np.random.default_rng(first)
    entry = pd.Timestamp("2018-01-08") + pd.to_timedelta(rng.integers(0, 300, n), unit="D")
    return pd.DataFrame(
        {
            "Deltagar-ID": [f"P{first + i}" for i in range(n)],
            "Kön": np.where(rng.random(n) < 0.5, "Kvinna", "Man"),
            "Ålder": rng.integers(20, 50, n) + shift,
            "Grupp": mark,
            "Startdatum": entry.strftime("%Y-%m-%d"),
            "Utbildningsnivå": rng.choice(["Förgymnasial", "Gymnasial"], n),
            "Inkomst": np.where(rng.random(n) < 0.9, rng.integers(0, 300, n).astype(str), ""),
            "Inkomstdag": (entry - pd.Timedelta(days=30)).strftime("%Y-%m-%d"),
            "Läge": np.where(rng.random(n) < 0.4, "Arbete", "Arbetslös"),
        }
    )


OWN = {
    "columns": {
        "Grupp": "arm",
        "Inkomst": "income",
        "Inkomstdag": "income_day",
        "Läge": "status_1y",
    },
    "kinds": {"income": "number", "income_day": "date", "status_1y": "status"},
}


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """A study of two registers, or of one whose rows mark the groups."""

    def make(
        participants: pd.DataFrame | None = None,
        others: pd.DataFrame | None = None,
        *,
        purpose: Purpose = "release",
        **changes: Any,
    ) -> Study:
        own = people(150, mark="in", first=1000) if participants is None else participants
        rest = people(170, mark="queue", first=5000, shift=5) if others is None else others
        own.to_csv(tmp_path / "own.csv", sep=";", index=False)
        rest.to_csv(tmp_path / "others.csv", sep=";", index=False)
        comparison = {
            "title": {"sv": "Kö", "en": "Queue"},
            "from_register": {"file": "others.csv", **OWN},
            "came_about": "waiting_list",
            "description": {"sv": "Kön.", "en": "The queue."},
            "confounders": ["sex", "age_at_entry", "education", "income"],
            "dated_by": {"income": "income_day"},
            "outcome": {"day": 365, "statuses": ["employment"], "column": "status_1y"},
            **changes,
        }
        content = {
            "id": "two-groups",
            "title": {"sv": "Två grupper", "en": "Two groups"},
            "summary": {"sv": "Två.", "en": "Two."},
            "period": {"start": "2018-01-01", "end": "2018-12-31"},
            "data_cut": "2020-06-30",
            "registers": [{"file": "own.csv", **OWN}],
            "groups": [],
            "chapters": ["comparison_group"],
            "comparison": {k: v for k, v in comparison.items() if v is not None},
        }
        file = tmp_path / "project.yaml"
        file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
        return open_study(file, language="sv", purpose=purpose)

    return make


def reason(study: Study) -> str:
    with pytest.raises(CannotBeComputed) as raised:
        comparison_figures(study)
    text = text_of(CHAPTER.differences(study))
    assert text.startswith("Kan inte beräknas:")
    assert text_of(CHAPTER.conclusions(study)).startswith("Det här går inte att säga")
    return raised.value.reason


def everything(study: Study) -> list[Section]:
    return [getattr(CHAPTER, part)(study) for part in PARTS]


def test_a_number_that_some_lack_gets_a_mark_of_its_own(made: Made) -> None:
    persons = compared_persons(made())
    assert persons.filled == ("income",)
    assert persons.covariates[-1] == "income_is_missing"
    assert persons.frame["income"].notna().all()
    assert 20 <= persons.frame["income_is_missing"].sum() <= 45
    assert "Uppgift saknas" not in text_of(CHAPTER.groups(made()))


def test_complete_rows_leave_out_and_count_those_with_a_gap(made: Made) -> None:
    study = made(missing="complete", purpose="explore")
    persons = compared_persons(study)
    assert persons.filled == ()
    steps = {step.step: step for step in persons.flow.steps}
    left_out = steps["confounder_unknown"]
    assert left_out.treated is not None
    assert steps["group_compared"].treated == 150 - left_out.treated
    assert "Personer som saknar någon uppgift ingår inte." in text_of(CHAPTER.groups(study))


def test_rows_of_one_register_may_be_the_comparison_group_and_are_no_participants(
    made: Made,
) -> None:
    both = pd.concat([people(150, mark="in", first=1000), people(170, mark="queue", first=5000)])
    study = made(
        both,
        from_register=None,
        marked_by={"column": "arm", "levels": ["queue"]},
        purpose="explore",
    )
    assert len(study.persons) == 150
    assert {step.step: step.count for step in study.flow}["comparison_rows"] == 170
    figures = comparison_figures(study)
    assert (figures.differences.n_treated, figures.differences.n_control) == (150, 170)


def test_a_mark_that_nobody_has_is_refused(made: Made) -> None:
    study = made(from_register=None, marked_by={"column": "arm", "levels": ["kö"]})
    with pytest.raises(IntakeError, match="ingen rad i registren har kö i kolumnen arm"):
        _ = study.intake


def test_those_whose_day_has_not_come_or_whose_status_is_unknown_are_counted_not_failed(
    made: Made,
) -> None:
    own = people(150, mark="in", first=1000)
    own.loc[:9, "Läge"] = "Okänd"
    own.loc[10:29, "Startdatum"] = "2019-12-01"  # a year later lies after the data cut
    own.loc[10:29, "Inkomstdag"] = "2019-11-01"
    steps = {s.step: s.treated for s in compared_persons(made(own)).flow.steps}
    assert steps == {
        "group_members": 150, "not_followed": 20, "status_unknown": 10, "group_compared": 120,
    }  # fmt: skip


def test_a_person_in_both_groups_counts_as_a_participant_only(made: Made) -> None:
    number = "198507099805"  # of the Swedish Tax Agency's published test numbers
    own, others = people(150, mark="in", first=1000), people(170, mark="queue", first=5000)
    for frame in (own, others):
        frame.loc[0, "Deltagar-ID"] = number
    study = made(own, others, purpose="explore")
    assert study.intake.comparison is not None
    assert study.intake.comparison.also_participants == 1
    assert len(study.intake.comparison.persons) == 169
    assert "1 personer" in text_of(CHAPTER.groups(study))
    released = made(own, others)
    assert "Några personer i jämförelseregistret" in text_of(CHAPTER.groups(released))
    found = [f.check for f in checked(released.project.folder / "project.yaml").findings]
    assert "comparison_participant" in found


def test_a_programme_that_began_after_day_0_is_immortal_time(made: Made) -> None:
    own, others = people(150, mark="in", first=1000), people(170, mark="queue", first=5000)
    for frame in (own, others):
        frame["Inkomstdag"] = frame["Startdatum"]  # the day of registering, day 0
    own.loc[3, "Startdatum"] = "2018-12-20"
    own.loc[3, "Inkomstdag"] = "2018-06-01"
    changes = {"starts": "income_day", "dated_by": {}}
    assert reason(made(own, others, **changes)) == "immortal_time"
    study = made(own, others, **changes)
    found = checked(study.project.folder / "project.yaml").findings
    (late,) = (f for f in found if f.check == "immortal_time")
    assert (late.severity, late.rows) == ("error", (5,))


def test_a_confounder_measured_after_the_start_is_refused_by_name(made: Made) -> None:
    own = people(150, mark="in", first=1000)
    own.loc[7, "Inkomstdag"] = "2019-03-01"
    study = made(own)
    assert reason(study) == "measured_after_start"
    assert "Income är mätt efter starten" in text_of(CHAPTER.differences(study))
    found = checked(study.project.folder / "project.yaml").findings
    (late,) = (f for f in found if f.check == "measured_after_start")
    assert (late.column, late.rows) == ("income", (9,))


def test_groups_that_age_tells_wholly_apart_cannot_be_compared(made: Made) -> None:
    assert reason(made(others=people(170, mark="queue", first=5000, shift=40))) == "no_overlap"


def test_a_level_found_in_one_group_only_is_named(made: Made) -> None:
    own = people(150, mark="in", first=1000)
    own.loc[:19, "Utbildningsnivå"] = "Eftergymnasial"
    study = made(own)
    assert reason(study) == "confounder_separates"
    assert "Utbildningsnivå har ett värde som bara finns" in text_of(CHAPTER.likeness(study))


def test_five_comparison_persons_are_refused_in_one_sentence(made: Made) -> None:
    others = people(170, mark="queue", first=5000).iloc[:5]
    study = made(others=others, confounders=["age_at_entry"], dated_by={})
    assert reason(study) == "too_few_to_compare"


def test_a_constant_confounder_is_told_and_left_out(made: Made) -> None:
    own, others = people(150, mark="in", first=1000), people(170, mark="queue", first=5000)
    for frame in (own, others):
        frame["Utbildningsnivå"] = "Gymnasial"
    study = made(own, others)
    assert "Utbildningsnivå är lika för alla" in text_of(CHAPTER.groups(study))
    assert isinstance(comparison_figures(study).differences.main_difference, Estimate)
    alone = made(own, others, confounders=["education"], dated_by={})
    assert reason(alone) == "no_confounder_varies"


def test_a_column_that_a_register_lacks_is_named_with_its_register(made: Made) -> None:
    study = made(confounders=["sex", "municipality"], dated_by={})
    look = checked(study.project.folder / "project.yaml")
    assert look.is_unusable
    assert "municipality" in str(look.remarks)
    others = people(170, mark="queue", first=5000).drop(columns="Utbildningsnivå")
    with pytest.raises(ProjectError, match="no column 'education' in the register of the compari"):
        compared_persons(made(others=others))


def test_a_misspelt_status_would_be_a_share_of_nought_and_is_refused(made: Made) -> None:
    outcome = {"day": 365, "statuses": ["arbete"], "column": "status_1y"}
    with pytest.raises(ProjectError, match="comparison: no status 'arbete'; there are"):
        compared_persons(made(outcome=outcome))


def test_dated_statuses_of_one_group_only_are_refused(made: Made) -> None:
    outcome = {"day": 365, "statuses": ["employment"]}
    with pytest.raises(
        ProjectError, match=r"a column \(column\), or a follow-up register for each group"
    ):
        compared_persons(made(outcome=outcome))


def test_a_group_of_few_with_the_outcome_is_withheld_in_every_part(made: Made) -> None:
    own = people(150, mark="in", first=1000)
    own["Läge"] = np.where(np.arange(150) < 3, "Arbete", "Arbetslös")
    study = made(own)
    texts = [text_of(section) for section in everything(study)]
    assert "gäller för få personer" in texts[1]
    assert all("skyddad" in text for text in texts[1:4])
    assert not [
        b for section in everything(study)[1:] for b in section.blocks if b.__class__ is Figure
    ]


@pytest.mark.parametrize(
    ("came_about", "says"),
    [
        ("lottery", "Jämfört med dem som lotten inte föll på"),
        ("not_offered", "Jämfört med liknande personer som inte deltog"),
        ("declined", "Jämfört med dem som tackade nej"),
    ],
)
def test_the_wording_follows_how_the_comparison_came_about(
    made: Made, came_about: str, says: str
) -> None:
    study = made(came_about=came_about)
    assert says in text_of(CHAPTER.differences(study))
    texts = " ".join(text_of(section) for section in everything(study))
    assert ("liknande personer som inte deltog" in texts) == (came_about == "not_offered")
