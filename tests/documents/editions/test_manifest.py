"""What a later run reads back from a manifest, and what it takes for nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from evalkit.documents.editions.manifest import (
    ChapterState,
    Standing,
    facts_in,
    failed_entry,
    project_facts,
    project_manifest,
    read_manifest,
    rendered_entry,
    standing_report,
)
from evalkit.documents.files.provenance import InputFile
from evalkit.documents.kept import Headline
from evalkit.project.model import Project

CHAPTERS = (
    ChapterState(name="participants", fingerprint="a1", seconds=1.26),
    ChapterState(name="costs", fingerprint="b2", seconds=0.5),
)
COMMON: dict[str, Any] = {
    "parameters": {"language": "en"},
    "inputs": [InputFile("register.csv", "c3")],
}
RENDERED = rendered_entry(
    CHAPTERS,
    fingerprint="d4",
    headlines=[Headline("Work", "61%")],
    outputs={"report.en.html": "e5"},
    links=["sv"],
    **COMMON,
)
STANDING = Standing(
    fingerprint="d4",
    chapters={"participants": "a1", "costs": "b2"},
    seconds={"participants": 1.3, "costs": 0.5},
    outputs={"report.en.html": "e5"},
    links=("sv",),
)
FACTS = {
    "id": "trial",
    "project_file_sha256": "f6",
    "code": "now",
    "asks": {"languages": ["en"], "formats": ["html"], "chapters": ["costs"], "inputs": []},
}


def test_a_report_in_place_is_read_back_as_it_was_made() -> None:
    assert standing_report(json.loads(json.dumps(RENDERED))) == STANDING


def test_what_stood_before_a_failure_stands_after_it_and_is_tried_again() -> None:
    failed = failed_entry(
        (ChapterState(name="costs", fingerprint="b3", failure="no costs"),),
        failure="costs: no costs",
        standing=STANDING,
        **COMMON,
    )
    assert (failed["status"], failed["reason"]) == ("failed", "costs: no costs")
    assert failed["chapters"][0]["status"] == "failed"
    kept = standing_report(json.loads(json.dumps(failed)))
    # Without a fingerprint nothing is up to date.
    assert kept == Standing(
        chapters=STANDING.chapters, seconds=STANDING.seconds, outputs=STANDING.outputs
    )
    again = failed_entry(CHAPTERS, failure="x", standing=kept, **COMMON)
    assert standing_report(again) == kept


@pytest.mark.parametrize(
    "entry",
    [
        None,
        {},
        "rendered",
        {"status": "rendered"},
        {**RENDERED, "chapters": [{"name": "costs"}]},
        {**RENDERED, "chapters": [{"name": "costs", "fingerprint": "b", "seconds": "long"}]},
        {**RENDERED, "outputs": None},
        {"status": "failed"},
        {"status": "failed", "standing": {"chapters": {}, "seconds": {}, "outputs": 3}},
    ],
)
def test_an_entry_that_cannot_be_read_is_no_report(entry: object) -> None:
    assert standing_report(entry) == Standing()


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", '{"reports": []}', '{"reports": {}, "appendices": 1}', '{"id": "trial"}'],
)
def test_a_manifest_that_cannot_be_read_is_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "manifest.json").write_text(content, encoding="utf-8")
    assert read_manifest(tmp_path) == {}


def test_a_manifest_holds_its_facts_and_swedish_first(tmp_path: Path) -> None:
    manifest = project_manifest(FACTS, {"en": RENDERED, "sv": RENDERED}, {"en": RENDERED})
    assert list(manifest["reports"]) == ["sv", "en"]
    (tmp_path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert facts_in(read_manifest(tmp_path), code="now") == FACTS


@pytest.mark.parametrize(
    ("inputs", "told"),
    [
        (["project.yaml", "data/register.csv"], ["project.yaml", "data/register.csv"]),
        (["project.yaml", "/srv/register.csv"], None),
        (["project.yaml", "../register.csv"], None),
    ],
)
def test_a_path_outside_the_projects_folder_is_not_told(
    inputs: list[str], told: list[str] | None
) -> None:
    project = Project.model_validate(
        {
            "id": "trial",
            "title": {"sv": "Prov", "en": "Trial"},
            "summary": {"sv": "Prov", "en": "Trial"},
            "period": {"start": "2018-01-01", "end": "2018-12-31"},
            "data_cut": "2018-12-31",
            "registers": [{"file": "register.csv"}],
            "languages": ["en"],
            "formats": ["pdf"],
            "chapters": ["costs"],
        }
    )
    facts = project_facts(project, code="now", project_file_digest="f6", inputs=inputs)
    assert facts["asks"] == {
        "languages": ["en"], "formats": ["pdf"], "chapters": ["costs"], "inputs": told,
    }  # fmt: skip
    assert facts["period"] == ["2018-01-01", "2018-12-31"]
    assert (facts["code"], facts["project_file_sha256"]) == ("now", "f6")


@pytest.mark.parametrize(
    "facts",
    [
        {**FACTS, "code": "before"},
        {key: value for key, value in FACTS.items() if key != "id"},
        {key: value for key, value in FACTS.items() if key != "project_file_sha256"},
        {**FACTS, "asks": {**FACTS["asks"], "inputs": None}},  # type: ignore[dict-item]
        {**FACTS, "asks": {"languages": ["en"]}},
        {**FACTS, "asks": None},
        {},
    ],
)
def test_facts_of_other_code_or_with_something_missing_are_read_anew(
    facts: dict[str, object],
) -> None:
    assert facts_in(facts, code="now") == {}
