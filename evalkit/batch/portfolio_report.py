"""The portfolio chapter as a document: ``reports/portfolio.<language>.<format>``.

Run like any chapter, from the template ``portfolio``, over the manifests of a folder.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from evalkit.batch.kernels.execute import run_chapter
from evalkit.batch.kernels.tasks import ChapterTask
from evalkit.batch.portfolio_page import write_portfolio
from evalkit.disclosure.scan import RegisterTexts
from evalkit.documents.editions.outcomes import Outcome
from evalkit.documents.facts import Fact
from evalkit.documents.files.names import FORMATS, portfolio_name
from evalkit.documents.files.paths import notebooks_folder
from evalkit.documents.files.provenance import InputFile
from evalkit.documents.files.state import write_whole
from evalkit.documents.guard import fault_of
from evalkit.documents.kept import chapter_blocks, released_chapter
from evalkit.documents.model import Document, document_chapter
from evalkit.documents.portfolio.entries import Portfolio, open_portfolio
from evalkit.documents.portfolio.state import LANGUAGES
from evalkit.documents.summary import summary_of
from evalkit.documents.writers import written
from evalkit.language import Texts
from evalkit.project.problems import Spoken
from evalkit.project.vocabulary import FormatName, LanguageCode

CHAPTER = "portfolio"


class NoReports(Spoken, ValueError):
    """A folder without any report; the message is one clear sentence."""

    def __init__(self, folder: Path) -> None:
        super().__init__("no_reports", folder=folder)


def render_portfolio(
    folder: Path,
    *,
    languages: Sequence[LanguageCode] = LANGUAGES,
    formats: Sequence[FormatName] = FORMATS,
    templates: Path | None = None,
    texts: RegisterTexts | None = None,
) -> tuple[Outcome, ...]:
    """Run the portfolio chapter over the reports in a folder and write it in each language.

    The index pages are written anew, so that they lead to it. ``texts``: what stands in the
    registers of projects that were rendered just now, which no page may hold.

    Raises:
        NoReports: If nothing has been rendered there.
    """
    template = (templates or notebooks_folder()) / f"{CHAPTER}.ipynb"
    opened = {language: open_portfolio(folder, language=language) for language in languages}
    chosen = [language for language in languages if opened[language].entries]
    if not chosen:
        raise NoReports(folder)
    looked_for = texts or RegisterTexts()
    outcomes = tuple(
        _rendered(opened[language], folder, template, tuple(formats), chosen, looked_for)
        for language in chosen
    )
    fault = write_portfolio(folder, looked_for)
    page = Outcome(project_id=CHAPTER, language=chosen[0], failures=(fault,))
    return (*outcomes, page) if fault else outcomes


def _rendered(
    portfolio: Portfolio,
    folder: Path,
    template: Path,
    formats: tuple[FormatName, ...],
    languages: Sequence[LanguageCode],
    texts: RegisterTexts,
) -> Outcome:
    language = portfolio.language
    run = run_chapter(
        ChapterTask(
            project_file=folder.resolve(),
            project_id=CHAPTER,
            chapter=CHAPTER,
            language=language,
            template=template.resolve(),
            subject="reports_folder",
        )
    )
    if run.failure:
        return Outcome(project_id=CHAPTER, language=language, failures=(run.failure,))
    others = tuple(code for code in languages if code != language)
    chapter = released_chapter(run.notebook, language)
    document = _document(portfolio, chapter, formats, others)
    files = {portfolio_name(language, one): written(document, one) for one in formats}
    fault = fault_of(files, texts)
    if fault:
        return Outcome(project_id=CHAPTER, language=language, failures=(fault,))
    _put_in_place(folder, language, files)
    return Outcome(
        project_id=CHAPTER,
        language=language,
        file=folder / portfolio_name(language, formats[0]),
    )


def _put_in_place(folder: Path, language: LanguageCode, files: Mapping[str, str | bytes]) -> None:
    """Whole files; a format not asked for is taken away: no older figures beside the new."""
    for name, content in files.items():
        write_whole(folder / name, content)
    for one in FORMATS:
        if portfolio_name(language, one) not in files:
            (folder / portfolio_name(language, one)).unlink(missing_ok=True)


def _document(
    portfolio: Portfolio,
    chapter: dict[str, Any],
    formats: tuple[FormatName, ...],
    others: tuple[LanguageCode, ...],
) -> Document:
    texts = portfolio.words.texts
    latest = max(entry.data_cut for entry in portfolio.entries)
    made_up = any(entry.is_synthetic for entry in portfolio.entries)
    is_draft = any(entry.is_draft for entry in portfolio.entries)
    return Document(
        project_id=CHAPTER,
        language=portfolio.language,
        title=texts["portfolio.title"],
        summary=texts["portfolio.summary"],
        data_cut=date.fromisoformat(latest),
        facts=tuple(_facts(portfolio, latest, texts)),
        synthetic_note=texts["portfolio.synthetic"] if made_up else "",
        chapters=(document_chapter(CHAPTER, chapter, texts),),
        headlines=(),
        front=summary_of([CHAPTER], [chapter_blocks(chapter)], texts),
        inputs=tuple(_inputs(portfolio)),
        other_languages=others,
        formats=formats,
        is_portfolio=True,
        draft_note=texts["portfolio.draft"] if is_draft else "",
    )


def _facts(portfolio: Portfolio, latest: str, texts: Texts) -> Iterator[Fact]:
    count = portfolio.words.numbers.count(len(portfolio.entries))
    yield Fact(texts["portfolio.projects"], (count,))
    until = portfolio.words.numbers.date(date.fromisoformat(latest))
    yield Fact(texts["portfolio.latest"], (until,))


def _inputs(portfolio: Portfolio) -> Iterator[InputFile]:
    """The reports that were read, by the checksum that their manifests hold."""
    for entry in portfolio.entries:
        if entry.link and entry.digest:
            yield InputFile(name=entry.link, sha256=entry.digest)
