"""The portfolio page: every project that has a manifest, with its headline figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evalkit.language import LANGUAGES
from evalkit.project.model import LanguageCode
from evalkit.report.chapters import Headline
from evalkit.report.manifest import MANIFEST, RENDERED, read_manifest
from evalkit.report.publish import write_whole
from evalkit.report.webpages import index_name, index_page, report_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A project on the portfolio page; ``link`` is empty when its report failed."""

    id: str
    title: str
    summary: str
    period: str
    data_cut: str
    is_synthetic: bool
    headlines: tuple[Headline, ...]
    link: str


def write_portfolio(output: Path) -> None:
    """Write ``index.html`` and its sisters from the manifests under ``output``."""
    for language in LANGUAGES:
        page = index_page(tuple(entries(output, language)), language=language)
        write_whole(output / index_name(language), page)


def entries(output: Path, language: LanguageCode) -> Iterator[Entry]:
    """The projects with a report in the language, tried or made, in id order."""
    for file in sorted(output.glob(f"*/{MANIFEST}")):
        manifest = read_manifest(file.parent)
        report = manifest.get("reports", {}).get(language)
        if report:
            yield _entry(file.parent, manifest, report, language)


def _entry(
    folder: Path, manifest: dict[str, Any], report: dict[str, Any], language: LanguageCode
) -> Entry:
    name = report_name(language)
    is_readable = report["status"] == RENDERED and (folder / name).is_file()
    return Entry(
        id=manifest["id"],
        title=manifest["title"][language],
        summary=manifest["summary"][language],
        period=" – ".join(manifest["period"]),
        data_cut=manifest["data_cut"],
        is_synthetic=manifest["is_synthetic"],
        headlines=tuple(Headline(**line) for line in report["headlines"]),
        link=f"{folder.name}/{name}" if is_readable else "",
    )
