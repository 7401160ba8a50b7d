"""``manifest.json``: what each report of a project rests on and how its chapters went.

The time of rendering stands here and never in a report, so that the same files give the
same report to the byte. A later run reads here what is up to date.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict  # pydantic wants this one before Python 3.12

from evalkit.documents.files.provenance import InputFile, package_versions
from evalkit.documents.files.state import (
    Damaged,
    Day,
    Digest,
    SafeName,
    exactly,
    model_of,
    read_state,
)
from evalkit.project.vocabulary import OWN_NAME, FormatName, LanguageCode

if TYPE_CHECKING:
    from evalkit.present.blocks import Headline
    from evalkit.project import Project

MANIFEST = "manifest.json"
RENDERED = "rendered"
FAILED = "failed"
_ENTRIES = ("reports", "appendices")
Number = Annotated[float, Field(ge=0)]
ChapterName = Annotated[str, Field(pattern=OWN_NAME)]
Name = Annotated[str, Field(min_length=1, max_length=1000)]


@exactly
class LocalTexts(TypedDict):
    sv: str
    en: str


@exactly
class Asks(TypedDict):
    """What the project file asks for; ``inputs`` is None where a path would name the machine."""

    languages: Annotated[list[LanguageCode], Field(min_length=1)]
    formats: Annotated[list[FormatName], Field(min_length=1)]
    chapters: Annotated[list[ChapterName], Field(min_length=1)]
    inputs: list[Name] | None
    has_register: NotRequired[bool]


@exactly
class Input(TypedDict):
    name: Name
    sha256: Digest


@exactly
class ChapterEntry(TypedDict):
    name: ChapterName
    status: Literal["executed", "failed"]
    reason: str
    seconds: Number
    fingerprint: Digest


@exactly
class HeadlineEntry(TypedDict):
    label: str
    text: str
    detail: str


@exactly
class FigureEntry(TypedDict):
    """See `evalkit.figures.ReleasedFigure`; what is not set is left out."""

    id: str
    measure: str
    label: str
    value: float
    unit: str
    decimals: NotRequired[Annotated[int, Field(ge=0, le=20)]]
    low: NotRequired[float]
    high: NotRequired[float]
    n: NotRequired[int]
    events: NotRequired[int]
    group: NotRequired[str]
    dimension: NotRequired[str]
    outcome: NotRequired[list[str]]
    denominator: NotRequired[str]
    goal: NotRequired[float]


def require_figures(content: Any) -> None:
    """See that nothing but figures is there.

    Raises:
        ValueError: If something else is.
    """
    model_of(list[FigureEntry]).validate_python(content)


@exactly
class Previous(TypedDict, total=False):
    """Empty where there is no earlier edition."""

    data_cut: Day
    figures: list[FigureEntry]


@exactly
class StandingEntry(TypedDict):
    chapters: dict[ChapterName, Digest]
    seconds: dict[ChapterName, Number]
    outputs: dict[SafeName, Digest]


@exactly
class Entry(TypedDict):
    """A report that is in place, or, with ``standing``, one that could not be made.

    ``figures``, ``previous`` and ``data_cut`` are of the edition that stands, if there is one.
    """

    status: Literal["rendered", "failed"]
    reason: str
    finished: str
    parameters: dict[str, str]
    inputs: list[Input]
    packages: dict[str, str]
    chapters: list[ChapterEntry]
    headlines: list[HeadlineEntry]
    outputs: dict[SafeName, Digest]
    fingerprint: NotRequired[Digest]
    links: NotRequired[list[LanguageCode]]
    standing: NotRequired[StandingEntry]
    figures: NotRequired[list[FigureEntry]]
    previous: Previous
    data_cut: NotRequired[Day]
    is_draft: NotRequired[bool]


@exactly
class Manifest(TypedDict):
    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
    title: LocalTexts
    summary: LocalTexts
    period: Annotated[list[Day], Field(min_length=2, max_length=2)]
    data_cut: Day
    programme: NotRequired[Literal["esf_2014_2020", "esf_plus", "finsam", "dua", "other"]]
    is_synthetic: bool
    disclosure_profile: Literal["standard", "strict"]
    project_file_sha256: Digest
    code: Digest
    asks: Asks
    reports: dict[LanguageCode, Entry]
    appendices: dict[LanguageCode, Entry]


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
        "programme": project.programme,
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
            "has_register": bool(project.registers),
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
    """The manifest in a project's report folder; empty where there is none.

    Raises:
        Damaged: If it cannot be used, or is another project's.
    """
    found = read_state(folder / MANIFEST, Manifest)
    if found is None:
        return {}
    if found["id"] != folder.name:
        raise Damaged("damaged.other_project")
    return dict(found)


def usable_manifest(folder: Path) -> dict[str, Any]:
    """The manifest, and nothing where it cannot be used: whoever plans a run tells of that."""
    try:
        return read_manifest(folder)
    except Damaged:
        return {}


def facts_in(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """What a manifest tells of the project itself."""
    return {key: value for key, value in manifest.items() if key not in _ENTRIES}


def standing_report(entry: Mapping[str, Any] | None) -> Standing:
    """What stands of a report according to its entry; nothing without one."""
    if not entry:
        return Standing()
    if entry["status"] == RENDERED:
        return Standing(
            fingerprint=entry.get("fingerprint", ""),
            chapters={one["name"]: one["fingerprint"] for one in entry["chapters"]},
            seconds={one["name"]: one["seconds"] for one in entry["chapters"]},
            outputs=dict(entry["outputs"]),
            links=tuple(entry.get("links", ())),
        )
    kept = entry.get("standing") or {"chapters": {}, "seconds": {}, "outputs": {}}
    return Standing(
        chapters=dict(kept["chapters"]),
        seconds=dict(kept["seconds"]),
        outputs=dict(kept["outputs"]),
    )


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
