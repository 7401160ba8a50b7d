"""``manifest.json``: what each report of a project rests on and how its chapters went.

The time of rendering stands here and never in a report, so that the same files give the
same report to the byte. A later run reads here what is up to date.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evalkit.documents.files.provenance import InputFile, package_versions

if TYPE_CHECKING:
    from evalkit.documents.kept import Headline
    from evalkit.project import Project

MANIFEST = "manifest.json"
RENDERED = "rendered"
FAILED = "failed"
_ENTRIES = ("reports", "appendices")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChapterState:
    """How a chapter of a report went; ``fingerprint`` says what it was made from."""

    name: str
    fingerprint: str
    failure: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The report that an earlier run left in place, also when a later one failed.

    Attributes:
        fingerprint: Of the report; empty when the last attempt to make it failed.
        chapters: Name → fingerprint of each chapter in it.
        seconds: Name → seconds that each chapter took.
        outputs: File → checksum.
        links: Languages in which its page links to the same report.
    """

    fingerprint: str = ""
    chapters: Mapping[str, str] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)
    links: tuple[str, ...] = ()


def project_facts(
    project: Project, *, code: str, project_file_digest: str, inputs: Sequence[str]
) -> dict[str, Any]:
    """What a manifest tells of the project itself, enough to plan the next run from it.

    Args:
        project: The project.
        code: Fingerprint of the code that read the project file.
        project_file_digest: By which a later run knows the project file again.
        inputs: Names of the project's files; see `evalkit.documents.files.provenance.input_names`.
    """
    elsewhere = any(Path(name).is_absolute() or ".." in Path(name).parts for name in inputs)
    return {
        "id": project.id,
        "title": project.title.model_dump(),
        "summary": project.summary.model_dump(),
        "period": [project.period.start.isoformat(), project.period.end.isoformat()],
        "data_cut": project.data_cut.isoformat(),
        "is_synthetic": project.is_synthetic,
        "disclosure_profile": project.disclosure.profile,
        "project_file_sha256": project_file_digest,
        "code": code,
        "asks": {
            "languages": list(project.languages),
            "formats": list(project.formats),
            "chapters": list(project.chapters),
            # A path outside the project's folder would name the machine.
            "inputs": None if elsewhere else list(inputs),
        },
    }


def project_manifest(
    facts: Mapping[str, Any], reports: Mapping[str, Any], appendices: Mapping[str, Any]
) -> dict[str, Any]:
    """The manifest of a project from its facts and one entry per language."""
    return {
        **facts,
        "reports": {language: reports[language] for language in sorted(reports, reverse=True)},
        "appendices": {code: appendices[code] for code in sorted(appendices, reverse=True)},
    }


def rendered_entry(
    chapters: Sequence[ChapterState],
    *,
    fingerprint: str,
    parameters: Mapping[str, str],
    inputs: Iterable[InputFile],
    headlines: Iterable[Headline],
    outputs: Mapping[str, str],
    links: Sequence[str],
) -> dict[str, Any]:
    """The entry of a report that is in place; ``outputs`` are its files and their checksums."""
    return {
        **_entry(RENDERED, chapters, parameters, inputs),
        "headlines": [asdict(headline) for headline in headlines],
        "outputs": dict(outputs),
        "fingerprint": fingerprint,
        "links": list(links),
    }


def failed_entry(
    chapters: Sequence[ChapterState],
    *,
    failure: str,
    parameters: Mapping[str, str],
    inputs: Iterable[InputFile],
    standing: Standing,
) -> dict[str, Any]:
    """The entry of a report that could not be made; an earlier one may stand on disk."""
    return {
        **_entry(FAILED, chapters, parameters, inputs),
        "reason": failure,
        "headlines": [],
        "outputs": {},
        "standing": {
            "chapters": dict(standing.chapters),
            "seconds": dict(standing.seconds),
            "outputs": dict(standing.outputs),
        },
    }


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest in a project's report folder; empty where none can be read."""
    try:
        content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(content, dict) or not all(
        isinstance(content.get(kind, {}), dict) for kind in _ENTRIES
    ):
        return {}
    return content if "reports" in content else {}


def facts_in(manifest: Mapping[str, Any], *, code: str) -> dict[str, Any]:
    """What a manifest written by this very code tells of the project itself; else nothing."""
    facts = {key: value for key, value in manifest.items() if key not in _ENTRIES}
    try:
        is_known = facts["code"] == code and all(
            isinstance(facts["asks"][name], list)
            for name in ("languages", "formats", "chapters", "inputs")
        )
        return facts if is_known and {"id", "project_file_sha256"} <= set(facts) else {}
    except (KeyError, TypeError):
        return {}


def standing_report(entry: Any) -> Standing:
    """What stands of a report according to its entry; nothing where that cannot be read."""
    try:
        if entry["status"] == RENDERED:
            chapters = {one["name"]: one["fingerprint"] for one in entry["chapters"]}
            seconds = {one["name"]: float(one["seconds"]) for one in entry["chapters"]}
            return Standing(
                fingerprint=str(entry["fingerprint"]),
                chapters=chapters,
                seconds=seconds,
                outputs=dict(entry["outputs"]),
                links=tuple(entry["links"]),
            )
        kept = entry["standing"]
        return Standing(
            chapters=dict(kept["chapters"]),
            seconds=dict(kept["seconds"]),
            outputs=dict(kept["outputs"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        return Standing()


def _entry(
    status: str,
    chapters: Sequence[ChapterState],
    parameters: Mapping[str, str],
    inputs: Iterable[InputFile],
) -> dict[str, Any]:
    return {
        "status": status,
        "reason": "",
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "parameters": {**parameters, "purpose": "release"},
        "inputs": [asdict(file) for file in inputs],
        "packages": package_versions(),
        "chapters": [_chapter(chapter) for chapter in chapters],
    }


def _chapter(chapter: ChapterState) -> dict[str, Any]:
    return {
        "name": chapter.name,
        "status": FAILED if chapter.failure else "executed",
        "reason": chapter.failure,
        "seconds": round(chapter.seconds, 1),
        "fingerprint": chapter.fingerprint,
    }
