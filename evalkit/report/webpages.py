"""Documents → self-contained HTML pages: no script, nothing fetched, no time of rendering."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader

from evalkit.language import LANGUAGES, Texts
from evalkit.present.html import Page, block_style, environment
from evalkit.project.model import LanguageCode
from evalkit.report.documents import Document
from evalkit.report.provenance import evalkit_version


def report_page(document: Document) -> str:
    """The report as one HTML file."""
    page = Page(Texts(document.language))
    return _render(
        "report.html",
        document=document,
        page=page,
        others=[Texts(code) for code in document.other_languages],
        version=evalkit_version(),
    )


def index_page(entries: Sequence[Any], *, language: LanguageCode) -> str:
    """The portfolio page in one language; ``entries`` are `portfolio.Entry`."""
    others = [Texts(code) for code in LANGUAGES if code != language]
    return _render("index.html", entries=entries, page=Page(Texts(language)), others=others)


def report_name(language: LanguageCode) -> str:
    return f"report.{language}.html"


def index_name(language: LanguageCode) -> str:
    """Swedish stands at the front door; the other languages beside it."""
    return "index.html" if language == "sv" else f"index.{language}.html"


def _render(template: str, *, page: Page, **values: Any) -> str:
    html = (
        _environment()
        .get_template(template)
        .render(
            page=page,
            texts=page.texts,
            style=block_style(),
            report_name=report_name,
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
