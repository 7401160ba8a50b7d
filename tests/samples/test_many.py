"""Made-up projects: valid, different, the same every time, with the spread they promise."""

from __future__ import annotations

import re
from math import log
from pathlib import Path
from statistics import fmean, stdev

import numpy as np
import pandas as pd
import pytest

from benchmarks.samples.many import BETWEEN_PROJECTS, MEAN_SHARE, plan, write_many
from benchmarks.samples.many_register import persons
from benchmarks.samples.many_words import AREAS, ROUNDS
from benchmarks.samples.people import SUCCESS
from evalkit.documents.preparing.checking import checked
from evalkit.project import Project, load_project

COUNT = 24


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_many(tmp_path_factory.mktemp("many"), COUNT)


@pytest.fixture(scope="module")
def projects(files: list[Path]) -> list[Project]:
    return [load_project(file) for file in files]


def test_every_project_passes_the_check_without_an_error(files: list[Path]) -> None:
    for file in files:
        assert not checked(file).is_wrong, file.parent


def test_the_same_projects_are_written_every_time_byte_for_byte(
    files: list[Path], tmp_path: Path
) -> None:
    for again in write_many(tmp_path, 5):
        for file in again.parent.iterdir():
            before = files[0].parents[1] / file.relative_to(tmp_path)
            assert file.read_bytes() == before.read_bytes()


def test_a_thousand_projects_have_a_thousand_identifiers() -> None:
    identifiers = [plan(number).id for number in range(1, 1001)]
    assert len(set(identifiers)) == 1000
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9-]*", one) for one in identifiers)


def test_beyond_all_names_and_places_a_project_is_told_from_its_namesake() -> None:
    identifiers = [plan(number).id for number in range(1, 2601)]
    assert len(set(identifiers)) == 2600


def test_true_shares_have_the_promised_mean_and_spread() -> None:
    # 2 000 draws: the standard error of the mean is 0.45 / sqrt(2000) = 0.01 in log odds, that
    # of the standard deviation 0.007; four of each are allowed.
    shares = np.array([plan(number).true_share for number in range(1, 2001)])
    odds = np.log(shares / (1 - shares))
    assert fmean(odds) == pytest.approx(log(MEAN_SHARE / (1 - MEAN_SHARE)), abs=0.04)
    assert stdev(odds) == pytest.approx(BETWEEN_PROJECTS, abs=0.03)


def test_those_followed_to_the_end_leave_with_the_true_share_of_their_project() -> None:
    """Over finished projects, standardised differences have mean 0 and spread about 1."""
    scores = []
    for planned in (plan(number) for number in range(1, 121)):
        everyone = persons(planned)
        # Entries of the first months have been followed for three times the typical stay.
        followed = everyone["entry"] < pd.Timestamp(planned.data_cut) - pd.Timedelta(days=810)
        outcome = everyone.loc[followed, "outcome"]
        n, share = len(outcome), planned.true_share
        if n >= 20:
            expected, spread = n * share, (n * share * (1 - share)) ** 0.5
            scores.append((outcome.isin(SUCCESS).sum() - expected) / spread)
    assert len(scores) > 20
    assert abs(fmean(scores)) < 4 / len(scores) ** 0.5
    assert 0.7 < stdev(scores) < 1.4


def test_sizes_vary_and_some_are_so_small_that_figures_are_withheld() -> None:
    sizes = sorted(plan(number).n for number in range(1, 101))
    assert sizes[0] < 20
    assert sizes[-1] > 300
    assert 60 < sizes[50] < 130


def test_all_rounds_and_both_kinds_of_file_occur(projects: list[Project]) -> None:
    assert {plan(number).round for number in range(1, 101)} == set(ROUNDS)
    suffixes = {register.file.suffix for one in projects for register in one.registers}
    assert suffixes == {".xlsx", ".csv"}


def test_each_project_is_marked_synthetic_and_says_so_in_both_languages(
    projects: list[Project],
) -> None:
    for project in projects:
        assert project.is_synthetic
        assert "slumpgenerator" in project.summary.sv
        assert "at random" in project.summary.en


def test_every_project_has_a_target_a_budget_and_its_municipalities(
    projects: list[Project],
) -> None:
    for number, project in enumerate(projects, start=1):
        assert len(project.targets) == 1
        assert project.budget is not None
        levels = project.registers[0].levels["municipality"]
        assert list(levels) == list(AREAS[plan(number).area])
    assert any(project.before_after for project in projects)
    assert any(project.claims for project in projects)


def test_nobody_enters_or_leaves_after_the_data_cut() -> None:
    for planned in (plan(number) for number in range(1, 31)):
        everyone = persons(planned)
        cut = pd.Timestamp(planned.data_cut)
        assert (everyone["entry"] < cut).all()
        assert not (everyone["exit"] > cut).any()
        assert len(everyone) == planned.n


def test_a_number_below_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="from 1, found 0"):
        write_many(tmp_path, 0)
