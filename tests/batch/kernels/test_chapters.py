from __future__ import annotations

import json

import pytest

from evalkit.documents.kept import (
    HEADLINE_MIME_TYPE,
    ChapterError,
    chapter_blocks,
    chapter_headlines,
    released_chapter,
)
from evalkit.present import blocks
from evalkit.present.blocks import Headline
from tests.support.templates import code, markdown, section, template


def executed(*outputs: dict[str, object]) -> dict[str, object]:
    shown = code("sections.participants.composition(study)")
    shown["outputs"] = list(outputs)
    return template(
        code('project_file = "/somewhere/secret"', "injected-parameters"),
        markdown("# Deltagarna", "lang:sv"),
        markdown("# The participants", "lang:en"),
        shown,
        markdown("", "interpretation"),
        markdown("Min tolkning.", "interpretation"),
    )


def displayed(data: dict[str, object]) -> dict[str, object]:
    return {"output_type": "display_data", "data": data, "metadata": {"path": "/somewhere"}}


def test_only_prose_of_the_language_and_sections_are_kept() -> None:
    mime = {blocks.MIME_TYPE: blocks.to_json(section()), "text/plain": "secret"}
    notebook = executed(
        {"output_type": "stream", "name": "stdout", "text": "secret"},
        {"output_type": "error", "ename": "E", "evalue": "secret", "traceback": ["secret"]},
        displayed({"text/html": "<table>secret</table>", "text/plain": "secret"}),
        displayed(mime),
    )
    kept = released_chapter(notebook, "sv")
    text = json.dumps(kept)
    assert "secret" not in text
    assert "somewhere" not in text
    assert "sections." not in text
    assert "The participants" not in text
    assert [cell["cell_type"] for cell in kept["cells"]] == ["markdown", "code", "markdown"]
    assert kept["cells"][2]["source"] == "Min tolkning."


def test_the_html_kept_is_written_anew_from_the_blocks() -> None:
    content = blocks.to_json(section())
    notebook = executed(displayed({blocks.MIME_TYPE: content, "text/html": "<p>planted</p>"}))
    (output,) = released_chapter(notebook, "sv")["cells"][1]["outputs"]
    assert "planted" not in output["data"]["text/html"]
    assert "Återinskrivna räknas en gång." in output["data"]["text/html"]


def test_blocks_come_in_reading_order_and_headings_of_prose_are_blocks_too() -> None:
    notebook = executed(displayed({blocks.MIME_TYPE: blocks.to_json(section())}))
    read = chapter_blocks(released_chapter(notebook, "en"))
    assert read[0] == blocks.Heading(1, "The participants")
    assert read[1:-1] == section().blocks
    assert read[-1] == blocks.Paragraph("Min tolkning.")


def test_headlines_are_read_from_their_own_output() -> None:
    lines = [{"label": "Deltagare", "text": "267"}]
    kept = released_chapter(executed(displayed({HEADLINE_MIME_TYPE: lines})), "sv")
    assert chapter_headlines(kept) == (Headline("Deltagare", "267"),)


def test_an_internal_section_is_refused() -> None:
    content = blocks.to_json(section(is_internal=True))
    with pytest.raises(ChapterError, match="not passed disclosure control"):
        released_chapter(executed(displayed({blocks.MIME_TYPE: content})), "sv")
