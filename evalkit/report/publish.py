"""Putting a project's reports in place: whole files only, the manifest last."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evalkit.project import Project
from evalkit.project.model import LanguageCode
from evalkit.report.chapters import Headline
from evalkit.report.documents import build_document
from evalkit.report.execute import ChapterRun
from evalkit.report.guard import holds_identity_number
from evalkit.report.manifest import (
    MANIFEST,
    RENDERED,
    project_manifest,
    read_manifest,
    report_entry,
)
from evalkit.report.provenance import InputFile, input_files
from evalkit.report.webpages import report_name, report_page


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a report: its file, or one sentence per failure."""

    project_id: str
    language: LanguageCode | None = None
    file: Path | None = None
    failures: tuple[str, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class _Written:
    """File name → content of one report, and what its manifest entry needs."""

    files: Mapping[str, str]
    headlines: tuple[Headline, ...] = ()
    failure: str = ""


def publish_project(
    project: Project, project_file: Path, runs: Sequence[ChapterRun], *, output: Path
) -> tuple[Outcome, ...]:
    """Write the reports whose chapters all ran, and the manifest of the project.

    A report that failed leaves an earlier one on disk as it was, and the manifest says
    that it failed.
    """
    folder = output / project.id
    inputs = input_files(project, project_file=project_file)
    by_language: dict[LanguageCode, list[ChapterRun]] = {}
    for run in runs:
        by_language.setdefault(run.task.language, []).append(run)
    entries = dict(read_manifest(folder).get("reports", {}))
    whole = {code for code, own in by_language.items() if not any(run.failure for run in own)}
    readable = whole | _standing(entries, folder) - set(by_language)
    outcomes = []
    for language, own in by_language.items():
        others = [code for code in project.languages if code in readable and code != language]
        written = _written(project, own, inputs, others)
        for name, content in written.files.items():
            write_whole(folder / name, content)
        entries[language] = report_entry(
            own,
            project_file=project_file,
            inputs=inputs,
            headlines=written.headlines,
            outputs={name: _checksum(content) for name, content in written.files.items()},
            failure=written.failure,
        )
        outcomes.append(_outcome(project, language, own, written, folder))
    write_whole(folder / MANIFEST, as_json(project_manifest(project, entries)))
    return tuple(outcomes)


def write_whole(file: Path, content: str) -> None:
    """Write a file so that it is either the old one or the whole new one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_name(f".{file.name}.{os.getpid()}.tmp")
    try:
        temporary.write_text(content, encoding="utf-8", newline="\n")
        temporary.replace(file)
    finally:
        temporary.unlink(missing_ok=True)


def as_json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _standing(entries: Mapping[str, Any], folder: Path) -> set[str]:
    """Languages rendered on another occasion whose report is still there."""
    return {
        language
        for language, entry in entries.items()
        if entry.get("status") == RENDERED and (folder / f"report.{language}.html").is_file()
    }


def _written(
    project: Project,
    runs: Sequence[ChapterRun],
    inputs: Sequence[InputFile],
    others: Sequence[LanguageCode],
) -> _Written:
    """The files of one report, all made before the first is put in place."""
    if any(run.failure for run in runs):
        return _Written({})
    language = runs[0].task.language
    executed = {run.task.chapter: run.notebook for run in runs}
    try:
        document = build_document(
            project, executed, language=language, inputs=inputs, other_languages=others
        )
        page = report_page(document)
    except Exception as error:  # noqa: BLE001 - one report's fault must not stop the others
        return _Written({}, failure=f"the report could not be put together ({_kind(error)})")
    files = {
        f"chapters/{name}.{language}.ipynb": as_json(notebook)
        for name, notebook in executed.items()
    }
    files[report_name(language)] = page
    if any(holds_identity_number(content) for content in files.values()):
        return _Written({}, failure="holds what looks like a personal identity number")
    return _Written(files, document.headlines)


def _outcome(
    project: Project,
    language: LanguageCode,
    runs: Sequence[ChapterRun],
    written: _Written,
    folder: Path,
) -> Outcome:
    failures = _sentences(runs)
    if written.failure:
        failures.append(written.failure)
    return Outcome(
        project_id=project.id,
        language=language,
        file=folder / report_name(language) if written.files else None,
        failures=tuple(failures),
        seconds=sum(run.seconds for run in runs),
    )


def _sentences(runs: Sequence[ChapterRun]) -> list[str]:
    """Each failure once: by itself when every chapter had it, else with its chapters."""
    chapters: dict[str, list[str]] = {}
    for run in runs:
        if run.failure:
            chapters.setdefault(run.failure, []).append(run.task.chapter)
    return [
        failure if len(names) == len(runs) > 1 else f"{', '.join(names)}: {failure}"
        for failure, names in chapters.items()
    ]


def _checksum(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def _kind(error: Exception) -> str:
    return type(error).__name__
