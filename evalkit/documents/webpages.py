"""Documents → self-contained HTML pages: no script, nothing fetched, no time of rendering."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader

from evalkit.documents.files.names import brief_name, file_name, index_name
from evalkit.documents.files.provenance import evalkit_version
from evalkit.documents.model import Document, Looks
from evalkit.language import LANGUAGES, Texts
from evalkit.present.html import Page, block_style, environment
from evalkit.present.numbers import Numbers
from evalkit.project.vocabulary import FormatName, LanguageCode

_NO_PARTS: dict[str, Any] = {
    "counted": "",
    "attention": (),
    "changed": (),
    "news": (),
    "overview": None,
    "comparison": (),
    "whole": "",
    "with_cards": True,
}


def report_page(document: Document) -> str:
    """The report, or its brief, as one HTML file."""
    page = Page(Texts(document.language))
    if document.is_brief:
        whole = file_name(document.language, "html")
        return rendered("brief.html", document=document, page=page, whole=whole)
    return rendered(
        "report.html",
        document=document,
        page=page,
        others=[(Texts(code), document.file(code)) for code in document.other_languages],
        siblings=[
            (page.texts[f"document.format.{one}"], document.file(document.language, one))
            for one in document.formats
            if one != "html"
        ],
        brief=brief_name(document.language) if document.has_brief else "",
        version=evalkit_version(),
    )


def index_page(entries: Sequence[Any], *, language: LanguageCode, **parts: Any) -> str:
    """The portfolio page in one language; ``entries`` are `portfolio.Entry`.

    ``parts`` are those of the page that need more than one project; see `portfolio_page`.
    """
    others = [Texts(code) for code in LANGUAGES if code != language]

    def day(iso: str) -> str:
        return Numbers(language).date(date.fromisoformat(iso))

    given = {**_NO_PARTS, **parts, "day": day}
    return rendered(
        "index.html", entries=entries, page=Page(Texts(language)), others=others, **given
    )


def siblings(
    language: LanguageCode, formats: Sequence[FormatName], *, folder: str
) -> list[tuple[str, str]]:
    """Name and address of a report in other formats than HTML."""
    texts = Texts(language)
    return [
        (texts[f"document.format.{one}"], folder + file_name(language, one))
        for one in formats
        if one != "html"
    ]


def rendered(template: str, *, page: Page, **values: Any) -> str:
    """A page from its template, with the styles of all pages."""
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
    made = blocks.overlay(
        loader=ChoiceLoader([PackageLoader("evalkit.documents"), blocks.loader])  # type: ignore[list-item]
    )
    made.filters = {**blocks.filters, "logo_address": _logo_address}
    return made


def _logo_address(looks: Looks) -> str:
    """The picture itself as an address: a page fetches nothing."""
    return f"data:image/{looks.logo_type};base64,{b64encode(looks.logo).decode()}"
