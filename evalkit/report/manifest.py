"""``manifest.json``: what each report of a project rests on and how its chapters went.

The time of rendering stands here and never in a report, so that the same files give the
same report to the byte.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from evalkit.project import Project
from evalkit.report.chapters import Headline
from evalkit.report.execute import ChapterRun
from evalkit.report.provenance import InputFile, package_versions

MANIFEST = "manifest.json"
RENDERED = "rendered"
FAILED = "failed"


def project_manifest(
    project: Project, reports: Mapping[str, Any], appendices: Mapping[str, Any]
) -> dict[str, Any]:
    """The manifest of a project from one entry per language."""
    return {
        "id": project.id,
        "title": project.title.model_dump(),
        "summary": project.summary.model_dump(),
        "period": [project.period.start.isoformat(), project.period.end.isoformat()],
        "data_cut": project.data_cut.isoformat(),
        "is_synthetic": project.is_synthetic,
        "disclosure_profile": project.disclosure.profile,
        "reports": {language: reports[language] for language in sorted(reports, reverse=True)},
        "appendices": {code: appendices[code] for code in sorted(appendices, reverse=True)},
    }


def report_entry(
    runs: Sequence[ChapterRun],
    *,
    project_file: Path,
    inputs: Iterable[InputFile],
    headlines: Iterable[Headline],
    outputs: Mapping[str, str],
    failure: str = "",
) -> dict[str, Any]:
    """The entry of one language: parameters, inputs, packages, chapters and files written.

    ``outputs`` are file names and their checksums, empty for a report that failed.
    """
    return {
        "status": RENDERED if outputs else FAILED,
        "reason": failure,
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "parameters": {
            "project_file": project_file.name,
            "language": runs[0].task.language,
            "purpose": "release",
        },
        "inputs": [asdict(file) for file in inputs],
        "packages": package_versions(),
        "chapters": [_chapter(run) for run in runs],
        "headlines": [asdict(headline) for headline in headlines],
        "outputs": dict(outputs),
    }


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest in a project's report folder; empty where none can be read."""
    try:
        content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) and "reports" in content else {}


def _chapter(run: ChapterRun) -> dict[str, Any]:
    return {
        "name": run.task.chapter,
        "status": FAILED if run.failure else "executed",
        "reason": run.failure,
        "seconds": round(run.seconds, 1),
    }
