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
from evalkit.project.vocabulary import FormatName, LanguageCode
from evalkit.report.chapters import Headline
from evalkit.report.documents import build_document
from evalkit.report.execute import ChapterRun
from evalkit.report.guard import fault_of, texts_in_registers
from evalkit.report.ledger import keep_edition, refused_edition
from evalkit.report.manifest import (
    MANIFEST,
    RENDERED,
    project_manifest,
    read_manifest,
    report_entry,
)
from evalkit.report.names import FORMATS, file_name
from evalkit.report.provenance import InputFile, input_files
from evalkit.report.writers import written


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a report: its file, or one sentence per failure."""

    project_id: str
    language: LanguageCode | None = None
    file: Path | None = None
    failures: tuple[str, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """Which files are wanted of a report, and the languages it may link to."""

    formats: tuple[FormatName, ...]
    others: tuple[LanguageCode, ...]
    is_appendix: bool


@dataclass(frozen=True, slots=True)
class _Written:
    """File name → content of one report, and what its manifest entry needs."""

    files: Mapping[str, str | bytes]
    headlines: tuple[Headline, ...] = ()
    failure: str = ""


def publish_project(
    project: Project,
    project_file: Path,
    runs: Sequence[ChapterRun],
    *,
    output: Path,
    formats: Sequence[FormatName] = FORMATS,
    is_appendix: bool = False,
) -> tuple[Outcome, ...]:
    """Write the reports whose chapters all ran, and the manifest of the project.

    A report that failed leaves an earlier one on disk as it was, and the manifest says
    that it failed. The files of a report change together: a format that is not asked for
    this time is taken away, so that no older figures lie beside the new.
    """
    folder = output / project.id
    inputs = input_files(project, project_file=project_file)
    by_language: dict[LanguageCode, list[ChapterRun]] = {}
    for run in runs:
        by_language.setdefault(run.task.language, []).append(run)
    before = read_manifest(folder)
    kinds = {name: dict(before.get(name, {})) for name in ("reports", "appendices")}
    entries = kinds["appendices" if is_appendix else "reports"]
    whole = {code for code, own in by_language.items() if not any(run.failure for run in own)}
    standing = _standing(entries, folder, is_appendix=is_appendix) - set(by_language)
    readable = (whole if "html" in formats else set()) | standing
    outcomes = []
    for language, own in by_language.items():
        asked = _Asked(
            formats=tuple(formats),
            others=tuple(c for c in project.languages if c in readable and c != language),
            is_appendix=is_appendix,
        )
        made = _looked_over(_written(project, own, inputs, asked), project, own, folder)
        _put_in_place(made, folder, language, asked)
        if made.files:
            keep_edition(project, own, folder)
        entries[language] = report_entry(
            own,
            project_file=project_file,
            inputs=inputs,
            headlines=made.headlines,
            outputs={name: _checksum(content) for name, content in made.files.items()},
            failure=made.failure,
        )
        outcomes.append(_outcome(project, language, own, made, folder))
    write_whole(folder / MANIFEST, as_json(project_manifest(project, **kinds)))
    return tuple(outcomes)


def write_whole(file: Path, content: str | bytes) -> None:
    """Write a file so that it is either the old one or the whole new one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_name(f".{file.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(_bytes(content))
        temporary.replace(file)
    finally:
        temporary.unlink(missing_ok=True)


def as_json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _standing(entries: Mapping[str, Any], folder: Path, *, is_appendix: bool) -> set[str]:
    """Languages rendered on another occasion whose report is still there."""
    return {
        language
        for language, entry in entries.items()
        if entry.get("status") == RENDERED
        and any(
            (folder / name).is_file()
            for name in entry["outputs"]
            if name == f"{'appendix' if is_appendix else 'report'}.{language}.html"
        )
    }


def _written(
    project: Project, runs: Sequence[ChapterRun], inputs: Sequence[InputFile], asked: _Asked
) -> _Written:
    """The files of one report, all made before the first is put in place."""
    if any(run.failure for run in runs):
        return _Written({})
    language = runs[0].task.language
    executed = {run.task.chapter: run.notebook for run in runs}
    files: dict[str, str | bytes] = {}
    if not asked.is_appendix:
        for name, notebook in executed.items():
            files[f"chapters/{name}.{language}.ipynb"] = as_json(notebook)
    what = "report"
    try:
        document = build_document(
            project,
            executed,
            language=language,
            inputs=inputs,
            other_languages=asked.others,
            formats=asked.formats,
            is_appendix=asked.is_appendix,
        )
        for one in asked.formats:
            what = f"report as {one}"
            name = file_name(language, one, is_appendix=asked.is_appendix)
            files[name] = written(document, one)
    except Exception as error:  # noqa: BLE001 - one report's fault must not stop the others
        return _Written({}, failure=f"the {what} could not be put together ({_kind(error)})")
    return _Written(files, document.headlines)


def _looked_over(
    made: _Written, project: Project, runs: Sequence[ChapterRun], folder: Path
) -> _Written:
    """The report, or why it may not be put in place: for what it holds, or beside an earlier."""
    if not made.files:
        return made
    fault = fault_of(made.files, texts_in_registers(project), authors=project.actors)
    fault = fault or refused_edition(project, runs, folder)
    return _Written({}, failure=fault) if fault else made


def _put_in_place(made: _Written, folder: Path, language: LanguageCode, asked: _Asked) -> None:
    for name, content in made.files.items():
        write_whole(folder / name, content)
    if made.files:
        for one in set(FORMATS) - set(asked.formats):
            stale = folder / file_name(language, one, is_appendix=asked.is_appendix)
            stale.unlink(missing_ok=True)


def _outcome(
    project: Project,
    language: LanguageCode,
    runs: Sequence[ChapterRun],
    made: _Written,
    folder: Path,
) -> Outcome:
    failures = _sentences(runs)
    if made.failure:
        failures.append(made.failure)
    reports = [name for name in made.files if "/" not in name]
    return Outcome(
        project_id=project.id,
        language=language,
        file=folder / reports[0] if reports else None,
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


def _checksum(content: str | bytes) -> str:
    return hashlib.sha256(_bytes(content)).hexdigest()


def _bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


def _kind(error: Exception) -> str:
    return type(error).__name__
