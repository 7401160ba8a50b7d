"""Documents → self-contained HTML pages: no script, nothing fetched, no time of rendering."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader

from evalkit.language import LANGUAGES, Texts
from evalkit.present.html import Page, block_style, environment
from evalkit.project.vocabulary import FormatName, LanguageCode
from evalkit.report.documents import Document
from evalkit.report.names import file_name, index_name
from evalkit.report.provenance import evalkit_version


def report_page(document: Document) -> str:
    """The report as one HTML file."""
    page = Page(Texts(document.language))
    return _render(
        "report.html",
        document=document,
        page=page,
        others=[
            (Texts(code), file_name(code, is_appendix=document.is_appendix))
            for code in document.other_languages
        ],
        siblings=siblings(document.language, document.formats, is_appendix=document.is_appendix),
        version=evalkit_version(),
    )


def index_page(entries: Sequence[Any], *, language: LanguageCode) -> str:
    """The portfolio page in one language; ``entries`` are `portfolio.Entry`."""
    others = [Texts(code) for code in LANGUAGES if code != language]
    return _render("index.html", entries=entries, page=Page(Texts(language)), others=others)


def siblings(
    language: LanguageCode,
    formats: Sequence[FormatName],
    *,
    folder: str = "",
    is_appendix: bool = False,
) -> list[tuple[str, str]]:
    """Name and address of the same report in other formats than HTML."""
    texts = Texts(language)
    return [
        (
            texts[f"document.format.{one}"],
            folder + file_name(language, one, is_appendix=is_appendix),
        )
        for one in formats
        if one != "html"
    ]


def _render(template: str, *, page: Page, **values: Any) -> str:
    html = (
        _environment()
        .get_template(template)
        .render(
            page=page,
            texts=page.texts,
            style=block_style(),
            index_name=index_name,
            **values,
        )
    )
    return html.strip() + "\n"


@cache
def _environment() -> Environment:
    blocks = environment()
    return blocks.overlay(
        loader=ChoiceLoader([PackageLoader("evalkit.report"), blocks.loader])  # type: ignore[list-item]
    )
