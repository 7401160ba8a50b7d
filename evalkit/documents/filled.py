"""Executed chapters filled in: where a chapter asked, the released answers in one language."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from evalkit.answers.spool import handed_over
from evalkit.answers.store import Store, from_json, to_json
from evalkit.chapters.own import refusal
from evalkit.chapters.report import Report
from evalkit.chapters.section import show
from evalkit.disclosure import rule_of
from evalkit.disclosure.answers import release_all
from evalkit.documents.exploring import mime_bundle
from evalkit.language import Language
from evalkit.present.blocks import PLACEHOLDER_MIME_TYPE, REFUSED, Section
from evalkit.present.labels import words_of
from evalkit.project import Project
from evalkit.results import Ask, NotComputed, PublicAnswer

_IN_CELL = re.compile(r"(?P<kind>\w+) in cell (?P<cell>\d+)")


def released_answers(project: Project, asked: Iterable[Path]) -> str:
    """The text of ``answers.json``: all that the chapters of a project asked, judged together.

    Args:
        project: The validated project file.
        asked: Files in which the chapters' kernel left what they asked.
    """
    rule = rule_of(project)
    asks = list(handed_over(asked))
    try:
        return to_json(release_all(asks, rule))
    except Exception:
        if not any(map(_is_own, asks)):
            raise
        # An author's result that cannot be judged takes no other figure with it.
        unjudged = NotComputed(reason="own.unjudged")
        asks = [PublicAnswer(id=ask.id, result=unjudged) if _is_own(ask) else ask for ask in asks]
        return to_json(release_all(asks, rule))


def _is_own(ask: Ask) -> bool:
    return ask.id.startswith("own.")


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
    refused = [
        _shown(Section((refusal(report.words, f"own.{kind}"),)), report)
        for kind in cell.get("metadata", {}).get(REFUSED, ())
    ]
    if not refused and not any(PLACEHOLDER_MIME_TYPE in one.get("data", {}) for one in outputs):
        return cell
    return {**cell, "outputs": [*(_filled_output(one, report) for one in outputs), *refused]}


def _filled_output(output: dict[str, Any], report: Report) -> dict[str, Any]:
    asked = output.get("data", {}).get(PLACEHOLDER_MIME_TYPE)
    return output if asked is None else _shown(show(str(asked["section"]), report), report)


def _shown(section: Any, report: Report) -> dict[str, Any]:
    bundle = mime_bundle(section, report.words)
    return {"output_type": "display_data", "metadata": {}, "data": bundle}


def failed_chapter(failure: str, report: Report) -> dict[str, Any]:
    """What stands for an own notebook that could not be run: why, as far as may be told."""
    where = _IN_CELL.fullmatch(failure)
    facts = where.groupdict() if where else {"failure": failure}
    box = refusal(report.words, "own.failed_in_cell" if where else "own.failed", **facts)
    cell = {"cell_type": "code", "outputs": [_shown(Section((box,)), report)]}
    return {"cells": [cell], "metadata": {"failed": True}}
