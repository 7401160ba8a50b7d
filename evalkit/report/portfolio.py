"""The portfolio page: every project that has a manifest, with its headline figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evalkit.language import LANGUAGES
from evalkit.project.vocabulary import LanguageCode
from evalkit.report.chapters import Headline
from evalkit.report.manifest import MANIFEST, RENDERED, read_manifest
from evalkit.report.names import FORMATS, file_name, index_name
from evalkit.report.webpages import index_page, siblings
from evalkit.report.workfolder import write_whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A project on the portfolio page.

    ``link`` is empty when its report failed; ``siblings`` are names and addresses of the
    same report in other formats.
    """

    id: str
    title: str
    summary: str
    period: str
    data_cut: str
    is_synthetic: bool
    headlines: tuple[Headline, ...]
    link: str
    siblings: tuple[tuple[str, str], ...] = ()


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
    there = [
        one
        for one in FORMATS
        if report["status"] == RENDERED and (folder / file_name(language, one)).is_file()
    ]
    others = siblings(language, there[1:], folder=f"{folder.name}/")
    return Entry(
        id=manifest["id"],
        title=manifest["title"][language],
        summary=manifest["summary"][language],
        period=" – ".join(manifest["period"]),
        data_cut=manifest["data_cut"],
        is_synthetic=manifest["is_synthetic"],
        headlines=tuple(Headline(**line) for line in report["headlines"]),
        link=f"{folder.name}/{file_name(language, there[0])}" if there else "",
        siblings=tuple(others),
    )
