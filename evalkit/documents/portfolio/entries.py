"""The portfolio: every project that has a manifest, its state, its figures and what changed.

Read from the manifests alone, so that whoever has the reports has the portfolio; light to
import, so that a run that finds nothing changed is short.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from evalkit.documents.editions.history import Change, changes
from evalkit.documents.editions.manifest import RENDERED
from evalkit.documents.files.names import FORMATS, file_name
from evalkit.documents.portfolio.state import read_manifests, usable_state
from evalkit.figures import ReleasedFigure, figures_from_json
from evalkit.options import check_option
from evalkit.present.blocks import Headline
from evalkit.project.vocabulary import LanguageCode
from evalkit.shape import show_in_notebooks

if TYPE_CHECKING:
    from evalkit.disclosure.rule import ProfileName
    from evalkit.present.labels import Words

State = Literal["rendered", "outdated", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A project in the portfolio, in one language.

    Attributes:
        programme: Who funded it: only projects of one kind are pooled.
        link: Its report; empty when there is none.
        siblings: Names and addresses of the same report in other formats.
        state: ``outdated`` when the last attempt failed and an earlier report still stands.
        failures: Why it failed, one sentence each.
        figures: Released figures of the report that stands.
        changes: What differs from the edition before, cut at ``previous_data_cut``.
        digest: Checksum of the report that stands, empty where it is not known.
        profile: By which disclosure profile the report is judged.
    """

    id: str
    title: str
    summary: str
    period: tuple[str, ...]
    data_cut: str
    programme: str = ""
    is_synthetic: bool
    headlines: tuple[Headline, ...]
    link: str
    siblings: tuple[tuple[str, str], ...] = ()
    state: State = "rendered"
    failures: tuple[str, ...] = ()
    figures: tuple[ReleasedFigure, ...] = ()
    changes: tuple[Change, ...] = ()
    previous_data_cut: str = ""
    digest: str = ""
    is_draft: bool = False
    profile: ProfileName = "standard"


@dataclass(frozen=True)
class Portfolio:
    """All projects of a folder of reports, in one language and in alphabetical order.

    Attributes:
        came, gone: Titles of projects that are new, or no longer there, since the folder's
            projects last changed.
    """

    language: LanguageCode
    entries: tuple[Entry, ...]
    came: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    purpose: Literal["explore", "release"] = field(default="release", kw_only=True)

    @cached_property
    def words(self) -> Words:
        from evalkit.present.labels import words_in

        return words_in(self.language)


def open_portfolio(
    folder: str | Path,
    *,
    language: LanguageCode = "sv",
    purpose: Literal["explore", "release"] = "release",
) -> Portfolio:
    """The projects whose reports lie in a folder, for the portfolio chapter.

    Only released figures lie there, so both purposes show the same.

    Raises:
        ValueError: For a language that does not exist.
    """
    check_option("language", language, LanguageCode)
    check_option("purpose", purpose, Literal["explore", "release"])
    manifests = read_manifests(Path(folder))
    state = usable_state(Path(folder))
    opened = assembled(Path(folder), manifests, state, language)
    show_in_notebooks()
    return Portfolio(language, opened.entries, opened.came, opened.gone, purpose=purpose)


def assembled(
    folder: Path,
    manifests: Mapping[str, dict[str, Any]],
    state: Mapping[str, Any],
    language: LanguageCode,
) -> Portfolio:
    """The portfolio of some manifests, as the state of their folder has it."""
    from evalkit.present.labels import in_name_order

    entries = {
        name: _entry(folder / name, manifest, manifest["reports"][language], language)
        for name, manifest in manifests.items()
        if language in manifest["reports"]
    }
    # Two projects may have the same title; the name of the folder tells them apart.
    named = {f"{entry.title}\0{name}": name for name, entry in entries.items()}
    order = in_name_order(named.items())
    return Portfolio(
        language,
        tuple(entries[name] for name in order.values()),
        came=tuple(title[language] for title in state.get("came", {}).values()),
        gone=tuple(title[language] for title in state.get("gone", {}).values()),
    )


def _entry(
    folder: Path, manifest: dict[str, Any], report: dict[str, Any], language: LanguageCode
) -> Entry:
    is_rendered = report["status"] == RENDERED
    there = [one for one in FORMATS if (folder / file_name(language, one)).is_file()]
    names = [file_name(language, one) for one in there]
    state: State = "rendered" if is_rendered else "outdated" if there else "failed"
    from evalkit.documents.webpages import siblings

    others = siblings(language, there[1:], folder=f"{folder.name}/")
    return Entry(
        id=manifest["id"],
        title=manifest["title"][language],
        summary=manifest["summary"][language],
        period=tuple(manifest["period"]),
        data_cut=manifest["data_cut"],
        programme=manifest.get("programme", ""),
        is_synthetic=manifest["is_synthetic"],
        headlines=tuple(Headline(**line) for line in report["headlines"]),
        link=f"{folder.name}/{file_name(language, there[0])}" if there else "",
        siblings=tuple(others),
        state=state,
        failures=() if is_rendered else tuple(_failures(report)),
        figures=figures_from_json(report.get("figures", ())),
        changes=changes(report),
        previous_data_cut=report["previous"].get("data_cut", ""),
        digest=_digest(report, names),
        is_draft=report.get("is_draft", False),
        profile=manifest["disclosure_profile"],
    )


def _digest(report: Mapping[str, Any], there: Sequence[str]) -> str:
    """Checksum of the first file of the report that stands, whichever run made it."""
    outputs = report["outputs"] or report.get("standing", {}).get("outputs", {})
    return str(outputs.get(there[0], "")) if there else ""


def _failures(report: Mapping[str, Any]) -> Iterator[str]:
    """Each reason once, with the chapters that had it."""
    chapters: dict[str, list[str]] = {}
    for chapter in report["chapters"]:
        if chapter["reason"]:
            chapters.setdefault(chapter["reason"], []).append(chapter["name"])
    for reason, names in chapters.items():
        yield f"{', '.join(names)}: {reason}"
    if report["reason"]:
        yield report["reason"]
