"""A project file that cannot be used says where and what, with the nearest valid key."""

from __future__ import annotations

from pathlib import Path

import pytest

from evalkit.documents.files.paths import projects_below, sample_folder
from evalkit.project import ProjectError, load_project

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


@pytest.mark.parametrize(
    ("line", "content", "message"),
    [
        ("logo: a.svg", b"<svg/>", "logo: expected a file that ends with .png, .jpg or .jpeg"),
        ("logo: a.png", b"GIF89a", "logo: a.png does not hold what its ending says"),
        ("logo: b.png", b"", "logo: cannot read the file b.png"),
        ("docx_template: a.doc", b"x", "docx_template: expected a file that ends with .docx or"),
        ("docx_template: a.docx", b"text", "docx_template: a.docx does not hold what its"),
    ],
)
def test_a_template_or_a_logo_that_cannot_be_used_is_named(tmp_path, line, content, message):
    name = line.split()[1]
    if content:
        (tmp_path / name).write_bytes(content)
    assert message in problems(tmp_path, MINIMAL + line)


def test_every_sample_is_valid():
    assert len([load_project(file) for file in projects_below(sample_folder())]) == 5


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
            "outcomes: an exit class stands under two outcomes",
        ),
        (
            TARGET.format("casemix: {covariates: [sex], table: [{where: {sex: man}, share: 0.4}]}"),
            "targets[0].casemix: give either covariates or table",
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


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            MINIMAL + "budget: 4500000",
            "budget: expected the keys amount, currency, is_made_up, source below",
        ),
        (MINIMAL + "budget: {amount: 4 500 000}", "budget.amount: expected a number such as"),
        (MINIMAL.replace("[data_quality]", "costs"), "chapters: expected a list, such as"),
        (MINIMAL.replace("id: trial", "id: Mål 1"), "id: use only the letters a–z, digits"),
        (MINIMAL.replace("end: 2018-12-31", "end: 31/12 2018"), "period.end: expected a date such"),
        (
            MINIMAL + "registers: [{file: a.xlsx, sheet: {sv: x}}]",
            "registers[0].sheet: expected one text, with no keys or list below it",
        ),
        (MINIMAL + "funder: yes", "funder.sv: expected a text; put words such as yes, no"),
        (
            MINIMAL + "targets: [{id: a, title: {sv: a, en: a}, goal: 40}]",
            "targets[0].goal: expected a share between 0 and 1, such as 0.4 for 40 per cent",
        ),
        (MINIMAL + "funder:\n\t- a", "line 9, column 1: not valid YAML; indent with spaces"),
        (MINIMAL + "funder: Fond: A", "a text that holds a colon must stand in quotes"),
        (
            MINIMAL + "groups: [sex]\nactors: []\ngroups: []",
            "line 10, column 1: not valid YAML; this key stands twice in its block",
        ),
        (
            MINIMAL.replace("{sv: Prov, en: Trial}", "Prov"),
            "title: give the text in both languages, {sv: …, en: …}, or name only one",
        ),
    ],
)
def test_each_problem_says_what_to_write_instead(tmp_path, text, message):
    assert message in problems(tmp_path, text)


def test_what_stands_in_the_wrong_place_is_never_quoted(tmp_path):
    planted = "Kim Exempel"
    text = MINIMAL + f"budget: {planted}\nactors: {planted}\nlanguages: {planted}\n"
    assert planted not in problems(tmp_path, text.replace("2018-12-31", planted))


def test_in_a_project_of_one_language_its_texts_are_enough(tmp_path):
    text = MINIMAL.replace("{sv: Prov, en: Trial}", "Prov").replace(", en: Trial.", "")
    (tmp_path / "project.yaml").write_text(text + "languages: [sv]\n", encoding="utf-8")
    project = load_project(tmp_path)
    assert project.title.sv == "Prov"
    assert project.summary.sv == "Prov."
    (tmp_path / "project.yaml").write_text(text + "languages: [en]\n", encoding="utf-8")
    with pytest.raises(ProjectError, match=r"summary\.en: this key is required"):
        load_project(tmp_path)


@pytest.mark.parametrize("source", ["Avtal", "{sv: Avtal, en: Agreement}"])
def test_the_source_of_a_target_is_one_text_or_one_in_each_language(tmp_path, source):
    target = f"targets: [{{id: a, title: {{sv: a, en: a}}, goal: 0.4, source: {source}}}]"
    (tmp_path / "project.yaml").write_text(MINIMAL + target, encoding="utf-8")
    found = load_project(tmp_path).targets[0].source
    assert found is not None
    assert found.sv == "Avtal"


def test_a_sheet_or_a_code_of_digits_needs_no_quotes(tmp_path):
    registers = "registers: [{file: a.xlsx, sheet: 2023, values: {municipality: {1440: Ale}}}]"
    (tmp_path / "project.yaml").write_text(MINIMAL + registers, encoding="utf-8")
    register = load_project(tmp_path).registers[0]
    assert (register.sheet, register.values["municipality"]) == ("2023", {"1440": "Ale"})


@pytest.mark.parametrize("written", ["\ufeff" + MINIMAL, MINIMAL.replace("\n", "\r\n")])
def test_a_file_as_notepad_saves_it_is_read(tmp_path, written):
    (tmp_path / "project.yaml").write_text(written, encoding="utf-8", newline="")
    assert load_project(tmp_path).id == "trial"


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
    assert "exactly one of counts, percentage, microdata and status_column" in found


def test_a_chapter_of_ones_own_is_named_and_a_misspelt_one_told_by_its_neighbour(tmp_path: Path):
    file = tmp_path / "project.yaml"
    file.write_text(MINIMAL.replace("[data_quality]", "[data_quality, min_egen]"), "utf-8")
    assert load_project(file).own_chapters == ("min_egen",)
    file.write_text(MINIMAL.replace("[data_quality]", "[data_qualty]"), "utf-8")
    with pytest.raises(ProjectError, match=r"chapters: .*Did you mean data_quality\?"):
        load_project(file)
    (tmp_path / "data_qualty.ipynb").write_text("{}", "utf-8")
    assert load_project(file).own_chapters == ("data_qualty",)
    file.write_text(MINIMAL.replace("[data_quality]", "[answers]"), "utf-8")
    with pytest.raises(ProjectError, match="the report itself uses"):
        load_project(file)
