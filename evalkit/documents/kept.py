"""The executed chapter as it is kept: prose of one language and released sections, no more.

Code, parameters, the other language, streams, tracebacks and every output that is not a
section or a headline are dropped before anything reaches ``reports/``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from evalkit.documents.editions.manifest import require_figures
from evalkit.figures import FIGURES_MIME_TYPE
from evalkit.language import LANGUAGES
from evalkit.present import blocks
from evalkit.present.html import section_html
from evalkit.present.prose import blocks_from_markdown
from evalkit.project.problems import Spoken
from evalkit.project.vocabulary import LanguageCode

KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
HEADLINE_MIME_TYPE = "application/vnd.evalkit.headline+json"
FIRST_PAGE_MIME_TYPE = "application/vnd.evalkit.first-page+json"
_ILLEGIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_LANGUAGE_LINE = re.compile(r"\s*<!-- *(sv|en) *-->[ \t]*\n?")
_LANGUAGE_TAGS = {f"lang:{code}": code for code in LANGUAGES}


class ChapterError(Spoken, ValueError):
    """An executed chapter that may not become a report; the message is safe to print."""


def released_chapter(notebook: dict[str, Any], language: LanguageCode) -> dict[str, Any]:
    """The notebook to keep in ``reports/``: the same for the same figures, on any machine.

    Raises:
        ChapterError: If a section is internal, that is, holds figures that have not
            passed disclosure control.
    """
    kept = [cell for raw in notebook["cells"] if (cell := _kept_cell(raw, language)) is not None]
    for number, cell in enumerate(kept, start=1):
        cell["id"] = f"cell-{number}"
    return {
        "cells": kept,
        "metadata": {
            "kernelspec": KERNEL,
            "language_info": {"name": "python"},
            "lang": language,
            **({"failed": True} if notebook.get("metadata", {}).get("failed") else {}),
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def chapter_blocks(chapter: dict[str, Any]) -> tuple[blocks.Block, ...]:
    """The blocks of a released chapter in reading order."""
    return tuple(_blocks_of(chapter))


def chapter_headlines(chapter: dict[str, Any]) -> tuple[blocks.Headline, ...]:
    """The headline figures a released chapter carries."""
    return tuple(
        blocks.Headline(str(entry["label"]), str(entry["text"]), str(entry.get("detail", "")))
        for data in _outputs(chapter)
        for entry in data.get(HEADLINE_MIME_TYPE, ())
    )


def first_page_blocks(chapter: dict[str, Any]) -> tuple[blocks.Block, ...]:
    """The first page that a released chapter carries; every chapter of a report has the same."""
    for data in _outputs(chapter):
        if FIRST_PAGE_MIME_TYPE in data:
            return blocks.from_json(data[FIRST_PAGE_MIME_TYPE]).blocks
    return ()


def _kept_cell(cell: dict[str, Any], language: LanguageCode) -> dict[str, Any] | None:
    if cell["cell_type"] == "markdown":
        tags = cell["metadata"].get("tags", [])
        languages, source = prose_of(cell)
        if not source.strip() or language not in languages:
            return None
        return {"cell_type": "markdown", "metadata": {"tags": list(tags)}, "source": source}
    return _kept_outputs(cell, language) if cell["cell_type"] == "code" else None


def prose_of(cell: dict[str, Any]) -> tuple[frozenset[LanguageCode], str]:
    """The languages of a Markdown cell, by its tags or a first line ``<!-- sv -->``; its text.

    Without either it is of every language.
    """
    source = "".join(cell["source"])
    tags = {
        _LANGUAGE_TAGS[tag] for tag in cell["metadata"].get("tags", []) if tag in _LANGUAGE_TAGS
    }
    marked = _LANGUAGE_LINE.match(source)
    if marked:
        tags.add(marked[1])  # type: ignore[arg-type]
        source = source[marked.end() :]
    return frozenset(tags or LANGUAGES), source


def prose_in(file: Path) -> Iterator[tuple[frozenset[LanguageCode], str]]:
    """The text cells of a notebook, with their languages; none where it cannot be read."""
    try:
        cells = json.loads(file.read_text("utf-8"))["cells"]
    except (OSError, ValueError, LookupError, TypeError):
        return
    for cell in cells:
        if cell.get("cell_type") == "markdown":
            yield prose_of(cell)


def _kept_outputs(cell: dict[str, Any], language: LanguageCode) -> dict[str, Any] | None:
    outputs = [
        {"output_type": "display_data", "metadata": {}, "data": data}
        for output in cell["outputs"]
        if (data := _kept_data(output.get("data", {}), language))
    ]
    if not outputs:
        return None
    hidden = {"jupyter": {"source_hidden": True}}
    return {
        "cell_type": "code",
        "metadata": hidden,
        "source": "",
        "execution_count": None,
        "outputs": outputs,
    }


def _kept_data(data: dict[str, Any], language: LanguageCode) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    if blocks.MIME_TYPE in data:
        section = blocks.from_json(_legible(data[blocks.MIME_TYPE]))
        if section.is_internal:
            raise ChapterError("chapter.internal")
        kept[blocks.MIME_TYPE] = blocks.to_json(section)
        # Written anew from the blocks: HTML beside them could hold anything.
        kept["text/html"] = section_html(section, language)
    if FIGURES_MIME_TYPE in data:
        kept[FIGURES_MIME_TYPE] = _legible(data[FIGURES_MIME_TYPE])
        require_figures(kept[FIGURES_MIME_TYPE])
    if FIRST_PAGE_MIME_TYPE in data:
        page = blocks.from_json(_legible(data[FIRST_PAGE_MIME_TYPE]))
        if page.is_internal:
            raise ChapterError("chapter.internal")
        kept[FIRST_PAGE_MIME_TYPE] = blocks.to_json(page)
    if HEADLINE_MIME_TYPE in data:
        kept[HEADLINE_MIME_TYPE] = _legible(data[HEADLINE_MIME_TYPE])
    return kept


def _legible(content: Any) -> Any:
    """The content without control characters: XML, and so Word, Excel and SVG, forbids them."""
    if isinstance(content, str):
        return _ILLEGIBLE.sub("", content)
    if isinstance(content, list):
        return [_legible(item) for item in content]
    if isinstance(content, dict):
        return {key: _legible(item) for key, item in content.items()}
    return content


def _blocks_of(chapter: dict[str, Any]) -> Iterator[blocks.Block]:
    """In order; a section that has nothing to show takes the heading before it away."""
    prose: tuple[blocks.Block, ...] = ()
    for cell in chapter["cells"]:
        if cell["cell_type"] == "markdown":
            yield from prose
            prose = blocks_from_markdown(cell["source"])
            continue
        for data in (output["data"] for output in cell["outputs"]):
            if blocks.MIME_TYPE in data:
                shown = blocks.from_json(data[blocks.MIME_TYPE]).blocks
                yield from prose if shown or not _opens_a_part(prose) else ()
                yield from shown
                prose = ()
    yield from prose


def _opens_a_part(prose: tuple[blocks.Block, ...]) -> bool:
    return any(isinstance(one, blocks.Heading) and one.level > 1 for one in prose[:1])


def _outputs(chapter: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for cell in chapter["cells"]:
        for output in cell.get("outputs", ()):
            yield output["data"]
