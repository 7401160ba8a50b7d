"""What a chapter and a report were made from, as one short text each.

Two fingerprints are equal exactly when the same files, code and packages would be used:
contents count, times and places do not, so a folder may be moved or copied.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from evalkit.documents.files.provenance import InputFile, digest, package_versions

_PACKAGE = Path(__file__).resolve().parents[2]
# What Python and editors leave beside the code.
_NOT_CODE = ("__pycache__", "_bundled")


@cache
def code_fingerprint() -> str:
    """The files of evalkit – code, texts, templates of documents – and the packages' versions."""
    files = [
        [file.relative_to(_PACKAGE).as_posix(), digest(file)]
        for file in sorted(_PACKAGE.rglob("*"))
        if file.is_file() and not set(file.relative_to(_PACKAGE).parts) & set(_NOT_CODE)
    ]
    return _fingerprint(files, package_versions())


def chapter_fingerprint(
    *, inputs: Sequence[InputFile], template: str, chapter: str, editions: str = ""
) -> str:
    """A chapter in every language: the project's files, its template by digest, the code, and
    which earlier editions it is judged beside.
    """
    files = [[file.name, file.sha256] for file in inputs]
    beside = (editions,) if editions else ()
    return _fingerprint(code_fingerprint(), files, template, chapter, *beside)


def answers_fingerprint(chapters: Sequence[str]) -> str:
    """The answers of a project: what its chapters ask in one run is judged together, and is the
    same in every language.
    """
    return _fingerprint(sorted(set(chapters)))


def report_fingerprint(
    *,
    chapters: Sequence[str],
    formats: Sequence[str],
    facts: Mapping[str, Any],
    is_draft: bool = False,
) -> str:
    """A report: its chapters by fingerprint, in order, the formats written, and its project.

    ``facts`` are what the manifest holds of the project: a manifest that tells them otherwise than
    the project file cannot claim that the report is up to date. A draft is marked, and so another.
    """
    drafted = ("draft",) if is_draft else ()
    return _fingerprint(code_fingerprint(), list(chapters), sorted(formats), facts, *drafted)


def _fingerprint(*parts: Any) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
