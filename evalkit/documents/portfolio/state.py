"""``portfolio.json``: which projects a folder of reports held when its pages were made.

Light to import, so that a run that finds nothing changed is short.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NotRequired, get_args

from typing_extensions import TypedDict  # pydantic wants this one before Python 3.12

from evalkit.documents.editions.manifest import MANIFEST, LocalTexts, read_manifest
from evalkit.documents.files.fingerprints import code_fingerprint
from evalkit.documents.files.names import FORMATS, PORTFOLIO, index_name, portfolio_name
from evalkit.documents.files.state import (
    Damaged,
    Digest,
    SafeName,
    damage_note,
    digest_of,
    exactly,
    read_bytes,
    read_state,
)
from evalkit.language import readers_language
from evalkit.project.vocabulary import FormatName, LanguageCode

LANGUAGES: tuple[LanguageCode, ...] = get_args(LanguageCode)


@exactly
class _State(TypedDict):
    """Titles by the name of a project's folder; the pages that were made with their checksums."""

    fingerprint: Digest
    pages: NotRequired[dict[SafeName, Digest]]
    projects: dict[str, LocalTexts]
    came: dict[str, LocalTexts]
    gone: dict[str, LocalTexts]


def is_current(folder: Path) -> bool:
    """Whether the pages stand and were made from these manifests by this code."""
    state, names = usable_state(folder), [index_name(language) for language in LANGUAGES]
    made = state.get("pages", {})
    is_whole = all(name in made and digest_of(folder / name) == made[name] for name in names)
    return is_whole and state.get("fingerprint") == manifests_fingerprint(folder)


def manifests_fingerprint(folder: Path) -> str:
    """Of every manifest under a folder, and of the code that reads them."""
    digest = hashlib.sha256(code_fingerprint().encode())
    for file in _manifest_files(folder):
        try:
            content = read_bytes(file)
        except (OSError, Damaged):
            content = b""
        digest.update(file.parent.name.encode() + b"\0" + content + b"\0")
    return digest.hexdigest()


def standing_documents(folder: Path) -> tuple[FormatName, ...]:
    """Formats in which the portfolio chapter already lies in a folder as a document."""
    return tuple(
        one
        for one in FORMATS
        if any((folder / portfolio_name(language, one)).is_file() for language in LANGUAGES)
    )


def read_manifests(folder: Path) -> dict[str, dict[str, Any]]:
    """Folder name → manifest; what cannot be read is passed over, see `damage_in`."""
    found = {}
    for file in _manifest_files(folder):
        try:
            found[file.parent.name] = read_manifest(file.parent)
        except Damaged:
            continue
    return {name: manifest for name, manifest in found.items() if manifest}


def damage_in(folder: Path) -> dict[str, str]:
    """What of a folder of reports cannot be read: name → one sentence."""
    told, language = {}, readers_language()
    for file in _manifest_files(folder):
        try:
            read_manifest(file.parent)
        except Damaged as damage:
            told[file.parent.name] = damage_note(
                MANIFEST, damage, "damage.not_in_portfolio", language
            )
    try:
        read_state(folder / PORTFOLIO, _State)
    except Damaged as damage:
        told[folder.name] = damage_note(PORTFOLIO, damage, "damage.portfolio", language)
    return told


def usable_state(folder: Path) -> dict[str, Any]:
    """What ``portfolio.json`` holds; empty where none can be read."""
    try:
        return dict(read_state(folder / PORTFOLIO, _State) or {})
    except Damaged:
        return {}


def next_state(
    before: Mapping[str, Any], manifests: Mapping[str, dict[str, Any]], fingerprint: str
) -> dict[str, Any]:
    """What the folder holds now, and which projects came and went when that last changed."""
    titles = {name: manifest["title"] for name, manifest in manifests.items()}
    earlier = before.get("projects")
    state: dict[str, Any] = {"fingerprint": fingerprint, "projects": titles}
    if earlier is None:
        return {**state, "came": {}, "gone": {}}
    if set(earlier) == set(titles):
        return {**state, "came": before.get("came", {}), "gone": before.get("gone", {})}
    came = {name: title for name, title in titles.items() if name not in earlier}
    gone = {name: title for name, title in earlier.items() if name not in titles}
    return {**state, "came": came, "gone": gone}


def _manifest_files(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"*/{MANIFEST}"))
