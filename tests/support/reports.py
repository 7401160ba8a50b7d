"""A sample's whole report in this process, as its chapters' templates make it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from evalkit.answers.store import Store, answered, from_json, to_json
from evalkit.answers.study import open_study
from evalkit.chapters.report import Report
from evalkit.chapters.section import HEADLINES, asked_of, show
from evalkit.documents.exploring import mime_bundle
from evalkit.documents.kept import released_chapter
from evalkit.documents.model import Document, build_document
from evalkit.language import Language
from evalkit.present.labels import words_of
from evalkit.project import load_project

REPOSITORY = Path(__file__).resolve().parents[2]
SAMPLES = sorted(file.parent.name for file in (REPOSITORY / "data/sample").glob("*/project.yaml"))


def project_file(name: str) -> Path:
    return REPOSITORY / "data/sample" / name / "project.yaml"


@cache
def answers_of(name: str) -> Store:
    """A sample's answers, judged once and read again from the form that is kept."""
    study = open_study(project_file(name), language="sv", purpose="release")
    return from_json(to_json(answered(study, asked_of(study))))


@cache
def document_of(name: str, language: Language) -> Document:
    """A sample's report in one language."""
    return document_from(name, language, answers_of(name))


def document_from(name: str, language: Language, answers: Store) -> Document:
    project = load_project(project_file(name))
    report = Report(project, words_of(project, language), answers)
    chapters = {chapter: _run(chapter, report) for chapter in project.chapters}
    return build_document(project, chapters, language=language)


def _run(chapter: str, report: Report) -> dict[str, Any]:
    """A template with the outputs of its calls, as a kernel leaves it."""
    template = REPOSITORY / "notebooks" / f"{chapter}.ipynb"
    notebook: dict[str, Any] = json.loads(template.read_text("utf-8"))
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])
        if cell["cell_type"] == "code":
            cell["outputs"] = [{"data": _bundle(name, report)} for name in _called(cell["source"])]
    return released_chapter(notebook, report.language)


def _called(source: str) -> list[str]:
    """``participants.outcomes`` of ``sections.participants.outcomes(study)``."""
    if "headlines(study)" in source:
        return [HEADLINES]
    if not source.startswith("sections."):
        return []
    return [source.removeprefix("sections.").partition("(")[0]]


def _bundle(name: str, report: Report) -> Mapping[str, Any]:
    return mime_bundle(show(name, report), report.language)
