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
    usable_manifest,
)
from evalkit.documents.files.provenance import InputFile
from evalkit.documents.files.state import Damaged, state_text
from evalkit.present.blocks import Headline
from evalkit.project.model import Project
from tests.support.manifests import content_of, entry

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


def test_without_an_entry_there_is_no_report() -> None:
    assert standing_report(None) == Standing()


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", '{"reports": []}', '{"reports": {}, "appendices": 1}', '{"id": "trial"}'],
)
def test_a_manifest_that_cannot_be_read_is_said_to_be_damaged(tmp_path: Path, content: str) -> None:
    assert read_manifest(tmp_path) == {}
    (tmp_path / "manifest.json").write_text(content, encoding="utf-8")
    with pytest.raises(Damaged):
        read_manifest(tmp_path)
    assert usable_manifest(tmp_path) == {}


def test_a_manifest_holds_its_facts_and_swedish_first(tmp_path: Path) -> None:
    facts = {
        key: value
        for key, value in content_of("trial", {}).items()
        if key not in ("reports", "appendices")
    }
    manifest = project_manifest(facts, {"en": entry(), "sv": entry()}, {"en": entry()})
    assert list(manifest["reports"]) == ["sv", "en"]
    folder = tmp_path / "trial"
    folder.mkdir()
    (folder / "manifest.json").write_text(state_text(manifest), encoding="utf-8")
    assert facts_in(read_manifest(folder)) == facts
    folder.rename(tmp_path / "another")
    with pytest.raises(Damaged, match="is of another project"):
        read_manifest(tmp_path / "another")


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
        "has_register": True,
    }  # fmt: skip
    assert facts["period"] == ["2018-01-01", "2018-12-31"]
    assert (facts["code"], facts["project_file_sha256"]) == ("now", "f6")
