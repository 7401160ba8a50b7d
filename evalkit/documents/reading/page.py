"""A reading as one HTML page: no script, nothing fetched, the text escaped."""

from __future__ import annotations

from evalkit.documents.reading.views import ReadingView
from evalkit.documents.webpages import rendered
from evalkit.present.html import Page


def reading_page(view: ReadingView) -> str:
    """The page a communicator reads, in the language of the text."""
    return rendered("reading.html", page=Page(view.texts, numbered=False), view=view)
