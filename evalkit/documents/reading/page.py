"""A reading as one HTML page: no script, nothing fetched, the text escaped."""

from __future__ import annotations

import re

from evalkit.documents.reading.views import ReadingView
from evalkit.documents.webpages import rendered
from evalkit.present.html import Page

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def reading_page(view: ReadingView) -> str:
    """The page a communicator reads, in the language of the text."""
    page = rendered("reading.html", page=Page(view.texts, numbered=False), view=view)
    return _CONTROL.sub(" ", page)
