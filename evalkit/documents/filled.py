"""Executed chapters filled in: where a chapter asked, the released answers in one language."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from evalkit.answers.spool import HandedOver, handed_over
from evalkit.answers.store import Store, from_json
from evalkit.chapters.own import refusal
from evalkit.chapters.report import Report
from evalkit.chapters.section import show
from evalkit.disclosure import Rule, rule_of
from evalkit.disclosure.answers import judge_edition, release_all
from evalkit.disclosure.editions import History, NotFoundAgain
from evalkit.disclosure.record import Edition
from evalkit.documents.editions import records
from evalkit.documents.editions.page import record_file, record_page
from evalkit.documents.exploring import stored_data
from evalkit.documents.files.answers import answers_text
from evalkit.documents.guard import texts_in_registers
from evalkit.language import Language
from evalkit.present.blocks import PLACEHOLDER_MIME_TYPE, REFUSED, Headlines, Section
from evalkit.present.labels import words_in, words_of
from evalkit.project import Project
from evalkit.results import Ask, NotComputed, PublicAnswer


class EditionRefused(ValueError):
    """Why nothing can be shown beside earlier editions, in the project's language."""


def released_answers(project: Project, asked: Iterable[Path], *, signed_by: str = "") -> str:
    """The text of ``answers.json``: all that the chapters of a project asked, judged together,
    beside every edition that is recorded of its register.

    Args:
        project: The validated project file.
        asked: Files in which the chapters' kernel left what they asked.
        signed_by: Who answers for the edition, which is laid ready to be recorded; empty for a
            draft, which leaves nothing.

    Raises:
        EditionRefused: If nothing can be shown beside earlier editions.
        OSError: If the record cannot be written.
    """
    handed = handed_over(asked)
    try:
        return _released(project, handed, signed_by)
    except (EditionRefused, OSError):
        raise
    except Exception:
        own = dict.fromkeys(ask.id.split(".")[1] for ask in handed.asks if _is_own(ask))
        if not own:
            raise
    handed.asks = _with_what_can_be_judged(handed.asks, own, rule_of(project))
    return _released(project, handed, signed_by)


def _is_own(ask: Ask) -> bool:
    return ask.id.startswith("own.")


def _with_what_can_be_judged(asks: list[Ask], own: Iterable[str], rule: Rule) -> list[Ask]:
    """An own notebook whose results cannot be judged takes no other figure with it."""
    kept = [ask for ask in asks if not _is_own(ask)]
    for chapter in own:
        more = [ask for ask in asks if ask.id.startswith(f"own.{chapter}.")]
        try:
            release_all([*kept, *more], rule)
        except Exception:  # noqa: BLE001 - of the author's making; the reader is told
            unjudged = NotComputed(reason="own.unjudged")
            more = [one if isinstance(one, PublicAnswer) else
                    PublicAnswer(id=one.id, result=unjudged) for one in more]  # fmt: skip
        kept += more
    return kept


def _released(project: Project, handed: HandedOver, signed_by: str) -> str:
    rule = rule_of(project)
    if project.is_synthetic or not project.registers:
        return answers_text(release_all(handed.asks, rule))
    words = words_in(project.languages[0])
    texts = words.texts
    try:
        history = History(
            pseudonyms=handed.pseudonyms,
            earlier=records.earlier_editions(project),
            project=project.id,
            files=tuple(register.file.name for register in project.registers),
        )
        judged = judge_edition(handed.asks, rule, history, with_record=bool(signed_by))
    except NotFoundAgain as lost:
        share = words.numbers.percent(lost.share)
        raise EditionRefused(
            texts.format("document.edition_lost", edition=lost.edition, share=share)
        ) from None
    except records.UnreadableRecord as damage:
        raise EditionRefused(
            texts.format(
                "document.edition_unreadable", damage=damage.in_language(project.languages[0])
            )
        ) from None
    answers = answers_text(judged.store)
    if signed_by:
        edition = Edition(
            name=project.title.model_dump()[project.languages[0]],
            date=records.today(),
            by=signed_by,
            rule=rule.name,
            register=records.register_digest(project),
            persons=tuple(sorted(handed.pseudonyms)),
            rows=judged.rows,
            withheld=judged.withheld,
            project=project.id,
            files=history.files,
            answers=answers,
            curves=judged.curves,
            steps=judged.steps,
            data_cut=project.data_cut.isoformat(),
        )
        page = record_page(project, edition, judged, texts_in_registers(project))
        records.keep_pending(
            project, edition, [(f".{kind}", record_file(page, kind)) for kind in ("html", "pdf")]
        )
    return answers


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
        _shown(Section((refusal(report.words, f"own.{kind}"),)))
        for kind in cell.get("metadata", {}).get(REFUSED, ())
    ]
    if not refused and not any(PLACEHOLDER_MIME_TYPE in one.get("data", {}) for one in outputs):
        return cell
    return {**cell, "outputs": [*(_filled_output(one, report) for one in outputs), *refused]}


def _filled_output(output: dict[str, Any], report: Report) -> dict[str, Any]:
    asked = output.get("data", {}).get(PLACEHOLDER_MIME_TYPE)
    return output if asked is None else _shown(show(str(asked["section"]), report))


def _shown(section: Section | Headlines) -> dict[str, Any]:
    return {"output_type": "display_data", "metadata": {}, "data": stored_data(section)}


def failed_chapter(failure: str, report: Report) -> dict[str, Any]:
    """What stands for an own notebook that could not be run: why, in the report's language."""
    box = refusal(report.words, "own.failed", failure=failure)
    cell = {"cell_type": "code", "outputs": [_shown(Section((box,)))]}
    return {"cells": [cell], "metadata": {"failed": True}}
