"""A project file that cannot be used says where and what, with the nearest valid key."""

from __future__ import annotations

import pytest

from evalkit.project import ProjectError, load_project
from evalkit.report.files.paths import projects_in, sample_folder

MINIMAL = """
id: trial
title: {sv: Prov, en: Trial}
summary: {sv: Prov., en: Trial.}
period: {start: 2018-01-01, end: 2018-12-31}
data_cut: 2018-12-31
chapters: [data_quality]
"""
TARGET = MINIMAL.replace("{", "{{").replace("}", "}}") + (
    "targets: [{{id: a, title: {{sv: a, en: a}}, goal: 0.6, {}}}]"
)


def problems(tmp_path, text: str) -> str:
    file = tmp_path / "project.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ProjectError) as refused:
        load_project(file)
    return str(refused.value)


def test_every_sample_is_valid():
    assert len([load_project(file) for file in projects_in(sample_folder())]) == 5


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (MINIMAL + "targtes: []", "targtes: unknown key; did you mean 'targets'?"),
        (
            MINIMAL + "targets: [{id: a, title: {sv: a, en: a}, gaol: 0.6, goal: 0.6}]",
            "targets[0].gaol: unknown key; did you mean 'goal'?",
        ),
        (MINIMAL.replace("id: trial\n", ""), "id: this key is required"),
        (MINIMAL.replace("en: Trial}", "}"), "title.en: this key is required"),
        (MINIMAL.replace("end: 2018", "end: 2017"), "period: end is before start"),
        (MINIMAL + "funder: [", "not valid YAML"),
        (MINIMAL.replace("2018-12-31", "2018-13-31"), "holds a date that does not exist"),
        ("just text", "expected keys such as 'id' and 'title', found none"),
        (
            MINIMAL + "outcomes: {causes: {a: [employment], b: [employment]}}",
            "outcomes: an exit class stands under two causes",
        ),
        (
            TARGET.format("casemix: {covariates: [sex], table: [{where: {sex: man}, share: 0.4}]}"),
            "targets[0].casemix: give exactly one of covariates, table and coefficients",
        ),
        (
            TARGET.format("casemix: {table: [{where: {sex: man}, share: 0.4}]}"),
            "targets[0].casemix: a published reference needs reference_share and source",
        ),
        (
            TARGET.format("casemix: {covariates: [sex, support_after], by: municipality}"),
            "targets[0].casemix: 'support_after' is known only after the start",
        ),
        (
            TARGET.format("casemix: {covariates: [sex, municipality], by: municipality}"),
            "targets[0].casemix: 'municipality' cannot be both by and adjusted for",
        ),
        (
            TARGET.format("casemix: {coefficients: {age_at_entry: 0.1}}"),
            "targets[0].casemix: intercept and coefficients belong together",
        ),
        (
            TARGET.format("casemix: {covariates: [sex]}"),
            "targets[0]: casemix: with covariates only",
        ),
        (
            TARGET.format("status_column: later, casemix: {covariates: [later], by: sex}"),
            "targets[0]: casemix: 'later' is the outcome of the target",
        ),
        (
            TARGET.format("missing: {ratio: [1.0, 0.5], grounds: {sv: a, en: a}}"),
            "targets[0].missing: ratio: give the smaller number first",
        ),
        (
            TARGET.format("casemix: {covariate: [sex], by: municipality}"),
            "targets[0].casemix.covariate: unknown key; did you mean 'covariates'?",
        ),
    ],
)
def test_each_problem_names_its_key_path(tmp_path, text, message):
    found = problems(tmp_path, text)
    assert message in found
    assert "project.yaml" in found


def test_all_problems_are_listed_at_once(tmp_path):
    found = problems(tmp_path, MINIMAL.replace("id: trial\n", "") + "targtes: []")
    assert len(found.splitlines()) == 2


def test_a_missing_file_is_said_so(tmp_path):
    with pytest.raises(ProjectError, match="no such project file"):
        load_project(tmp_path)


def test_a_cohort_has_exactly_one_source(tmp_path):
    cohort = "{label: {sv: a, en: a}, counts: {k: 1, n: 2}, percentage: {value: 50}}"
    spec = f"[{{id: a, title: {{sv: a, en: a}}, before: {cohort}, after: {cohort}}}]"
    found = problems(tmp_path, MINIMAL + f"before_after: {spec}")
    assert "exactly one of counts, percentage and microdata" in found
