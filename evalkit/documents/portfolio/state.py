"""``portfolio.json``: which projects a folder of reports held when its pages were made.

Light to import, so that a run that finds nothing changed is short.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from evalkit.documents.editions.manifest import MANIFEST, read_manifest
from evalkit.documents.files.fingerprints import code_fingerprint
from evalkit.documents.files.names import FORMATS, PORTFOLIO, index_name, portfolio_name
from evalkit.project.vocabulary import FormatName, LanguageCode

LANGUAGES: tuple[LanguageCode, ...] = get_args(LanguageCode)


def is_current(folder: Path) -> bool:
    """Whether the pages stand and were made from these manifests by this code."""
    pages = all((folder / index_name(language)).is_file() for language in LANGUAGES)
    return pages and read_state(folder).get("fingerprint") == manifests_fingerprint(folder)


def manifests_fingerprint(folder: Path) -> str:
    """Of every manifest under a folder, and of the code that reads them."""
    digest = hashlib.sha256(code_fingerprint().encode())
    for file in _manifest_files(folder):
        digest.update(file.parent.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def standing_documents(folder: Path) -> tuple[FormatName, ...]:
    """Formats in which the portfolio chapter already lies in a folder as a document."""
    return tuple(
        one
        for one in FORMATS
        if any((folder / portfolio_name(language, one)).is_file() for language in LANGUAGES)
    )


def read_manifests(folder: Path) -> dict[str, dict[str, Any]]:
    """Folder name → manifest; what cannot be read is passed over."""
    found = {file.parent.name: read_manifest(file.parent) for file in _manifest_files(folder)}
    return {name: manifest for name, manifest in found.items() if _is_whole(manifest)}


def read_state(folder: Path) -> dict[str, Any]:
    """What ``portfolio.json`` holds; empty where none can be read."""
    try:
        content = json.loads((folder / PORTFOLIO).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def next_state(
    before: Mapping[str, Any], manifests: Mapping[str, dict[str, Any]], fingerprint: str
) -> dict[str, Any]:
    """What the folder holds now, and which projects came and went when that last changed."""
    titles = {name: manifest["title"] for name, manifest in manifests.items()}
    earlier = before.get("projects")
    state: dict[str, Any] = {"fingerprint": fingerprint, "projects": titles}
    if not isinstance(earlier, dict):
        return {**state, "came": {}, "gone": {}}
    if set(earlier) == set(titles):
        return {**state, "came": before.get("came", {}), "gone": before.get("gone", {})}
    came = {name: title for name, title in titles.items() if name not in earlier}
    gone = {name: title for name, title in earlier.items() if name not in titles}
    return {**state, "came": came, "gone": gone}


def _manifest_files(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"*/{MANIFEST}"))


def _is_whole(manifest: Mapping[str, Any]) -> bool:
    """Whether a manifest says what a page tells of every project."""
    words = (manifest.get("title"), manifest.get("summary"))
    return (
        all(isinstance(one, dict) and set(LANGUAGES) <= set(one) for one in words)
        and {"id", "period", "data_cut", "is_synthetic"} <= set(manifest)
        and all(
            isinstance(one, dict) and {"status", "headlines"} <= set(one)
            for one in manifest["reports"].values()
        )
    )
