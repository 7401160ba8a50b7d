"""Executed chapters filled in: where a chapter asked, the released answers in one language."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from evalkit.answers.spool import handed_over
from evalkit.answers.store import Store, from_json, to_json
from evalkit.answers.study import rule_of
from evalkit.chapters.report import Report
from evalkit.chapters.section import show
from evalkit.disclosure.answers import release_all
from evalkit.documents.exploring import mime_bundle
from evalkit.language import Language
from evalkit.present.blocks import PLACEHOLDER_MIME_TYPE
from evalkit.present.labels import words_of
from evalkit.project import Project


def released_answers(project: Project, asked: Iterable[Path]) -> str:
    """The text of ``answers.json``: all that the chapters of a project asked, judged once.

    Args:
        project: The validated project file.
        asked: Files in which the chapters' kernel left what they asked.
    """
    return to_json(release_all(list(handed_over(asked)), rule_of(project)))


def opened_report(project: Project, answers: str | Store, language: Language) -> Report:
    """A project's released answers in one language.

    Raises:
        ValueError: For a text that is no store of answers.
    """
    store = from_json(answers) if isinstance(answers, str) else answers
    return Report(project, words_of(project, language), store)


def filled(notebook: dict[str, Any], report: Report) -> dict[str, Any]:
    """The executed chapter with its sections in place of the placeholders.

    Raises:
        AttributeError, ImportError: For a placeholder that names no section.
    """
    made = copy.copy(notebook)
    made["cells"] = [_filled_cell(cell, report) for cell in notebook["cells"]]
    return made


def _filled_cell(cell: dict[str, Any], report: Report) -> dict[str, Any]:
    outputs = cell.get("outputs", [])
    if not any(PLACEHOLDER_MIME_TYPE in one.get("data", {}) for one in outputs):
        return cell
    return {**cell, "outputs": [_filled_output(one, report) for one in outputs]}


def _filled_output(output: dict[str, Any], report: Report) -> dict[str, Any]:
    asked = output.get("data", {}).get(PLACEHOLDER_MIME_TYPE)
    if asked is None:
        return output
    bundle = mime_bundle(show(str(asked["section"]), report), report.words)
    return {"output_type": "display_data", "metadata": {}, "data": bundle}
