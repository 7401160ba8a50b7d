"""The published figures come out of the committed files through the whole of intake."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from evalkit import intake
from evalkit.project import load_project

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "sample"
SUCCESS = ("employment", "studies")
REGISTERS = (
    "arena-for-arbete",
    "haninge-arbetsmarknadscenter",
    "sydostra-skane-jobbspar",
    "trelleborg-samordnad-etablering",
)


@cache
def read(name: str) -> intake.Intake:
    return intake.read_registers(load_project(SAMPLES / name))


@pytest.fixture
def arena() -> pd.DataFrame:
    return read("arena-for-arbete").persons


def test_arena_163_of_267_left_for_work_or_study_and_141_are_women(arena: pd.DataFrame) -> None:
    assert len(arena) == 267
    assert arena["exit_class"].isin(SUCCESS).sum() == 163
    assert (arena["sex"] == "woman").sum() == 141


def test_arena_completed_supported_enrolments_last_286_days_and_83_percent_succeed(
    arena: pd.DataFrame,
) -> None:
    supported = arena[arena["coordinator"] == "own_coordinator"]
    completed = supported[supported["exit_class"] != "ongoing"]
    assert len(completed) == 112
    assert completed["days"].mean() == 286.0
    assert completed["exit_class"].isin(SUCCESS).sum() == 93  # 83.04 %


def test_trelleborg_cohorts_give_the_published_shares() -> None:
    project = load_project(SAMPLES / "trelleborg-samordnad-etablering")
    persons = read(project.id).persons
    for comparison, expected in zip(
        project.before_after[:2], [((42, 128), (62, 130)), ((19, 43), (24, 46))], strict=True
    ):
        for cohort, (k, n) in zip((comparison.before, comparison.after), expected, strict=True):
            assert cohort.microdata is not None
            start, end = cohort.microdata.start, cohort.microdata.end
            leavers = persons[persons["exit"].between(pd.Timestamp(start), pd.Timestamp(end))]
            assert len(leavers) == n
            assert leavers["status_90d"].isin(comparison.outcome).sum() == k
    assert (persons["joint_enrolment"] == "joint").sum() == 11


def test_haninge_58_percent_of_exits_but_21_percent_of_participants() -> None:
    persons = read("haninge-arbetsmarknadscenter").persons
    success = persons["exit_class"].isin(SUCCESS).sum()
    exits = (persons["exit_class"] != "ongoing").sum()
    assert (success, exits, len(persons)) == (87, 150, 412)
    assert set(persons["sex"]) == {"woman", "man"}
    assert set(persons["municipality"]) == {"0136"}


def test_jobbspar_has_1004_participants_in_three_groups_and_five_tracks() -> None:
    persons = read("sydostra-skane-jobbspar").persons
    assert len(persons) == 1004
    assert persons["exit_class"].isin(SUCCESS).sum() == 431
    assert set(persons["target_group"]) == {"newly_arrived", "young", "long_term_unemployed"}
    assert persons["track"].nunique() == 5
    assert persons["unemployed_days"].max() > 1000  # "1 203" with a hard space is a number
    assert set(persons["extent"]) <= {50, 62.5, 75, 87.5, 100}


def test_the_comparison_group_of_the_job_tracks_has_860_persons_none_of_them_a_participant() -> (
    None
):
    made = read("sydostra-skane-jobbspar")
    assert made.comparison is not None
    others = made.comparison.persons
    assert len(others) == 860
    assert not others["person"].isin(made.persons["person"]).any()
    assert made.comparison.also_participants == 0
    assert set(others["target_group"]) == set(made.persons["target_group"])
    assert made.comparison.findings == ()
    # A status a year after the start, for those whose year had passed by the data cut.
    statuses = made.comparison.events.groupby(
        made.comparison.events["person"].isin(others["person"])
    )
    assert {bool(of_others): len(events) for of_others, events in statuses} == {
        False: 516,
        True: 442,
    }


@pytest.mark.parametrize("name", REGISTERS)
def test_no_register_holds_an_error(name: str) -> None:
    errors = [(f.check, f.column) for f in read(name).findings if f.severity == "error"]
    assert errors == []


@pytest.mark.parametrize("name", REGISTERS)
def test_every_level_of_a_group_is_worded_in_the_project_file(name: str) -> None:
    project = load_project(SAMPLES / name)
    persons = read(name).persons
    (register,) = project.registers
    for group in set(project.groups) - {"sex", "education"}:
        assert set(persons[group]) == set(register.levels[group])


def test_both_series_of_eskilstuna_are_read_whole() -> None:
    project = load_project(SAMPLES / "eskilstuna-fler-jobb")
    yearly, monthly = (intake.read_series(project, spec)[0] for spec in project.series)
    assert len(yearly.observations) == 25 * 9  # areas, years 2011–2019
    assert not yearly.is_synthetic
    assert len(monthly.observations) == 8 * 48  # areas, months 2015–2018
    assert monthly.is_synthetic
    eskilstuna_2018 = yearly.observations.query("area == 'Eskilstuna' and period == '2018'")
    assert eskilstuna_2018["value"].round(2).tolist() == [4.73]  # Kolada N03937
