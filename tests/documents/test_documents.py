from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from evalkit.documents import model
from evalkit.documents.kept import HEADLINE_MIME_TYPE, released_chapter
from evalkit.documents.model import Document, Part, build_document
from evalkit.documents.summary import summary_of
from evalkit.language import Texts
from evalkit.present.blocks import Box, Heading, Headline, Paragraph, Table
from evalkit.project import load_project
from evalkit.project.vocabulary import Chapter
from tests.support.templates import code, markdown, template, write_project


def document_of(folder: Path, *texts: str) -> Document:
    project = load_project(write_project(folder))
    notebook = template(*(markdown(text) for text in texts))
    return build_document(
        project, {"participants": released_chapter(notebook, "sv")}, language="sv"
    )


def test_the_first_heading_of_a_chapter_is_its_title(tmp_path: Path) -> None:
    (chapter,) = document_of(tmp_path, "# Vilka kom?", "Ingress.", "## Ålder", "Text.").chapters
    assert chapter.title == "Vilka kom?"
    assert [(part.title, part.blocks) for part in chapter.parts] == [
        ("", (Paragraph("Ingress."),)),
        ("Ålder", (Paragraph("Text."),)),
    ]


def test_a_chapter_without_a_heading_takes_its_title_from_the_texts(tmp_path: Path) -> None:
    (chapter,) = document_of(tmp_path, "Bara text.").chapters
    assert chapter.title == "Deltagarna"


def test_no_heading_skips_a_level(tmp_path: Path) -> None:
    (chapter,) = document_of(tmp_path, "# A", "## B", "##### C", "### D").chapters
    assert chapter.parts[0].blocks == (Heading(3, "C"), Heading(3, "D"))


def test_the_front_part_tells_who_when_and_how_persons_are_protected(tmp_path: Path) -> None:
    facts = {fact.label: fact.values for fact in document_of(tmp_path, "Text.").facts}
    assert facts["Aktörer"] == ("Ystads kommun", "Arbetsförmedlingen")
    assert facts["Insatsens period"] == ("1 januari 2018 – 31 december 2019",)
    assert facts["Uppgifter till och med"] == ("31 december 2019",)
    assert facts["Skydd av enskilda"][0].startswith("Antal under 5 visas inte")
    assert facts["Källor"] == ("Slutrapport 2020, sida 4",)


def test_a_project_without_sources_has_no_empty_line_for_them(tmp_path: Path) -> None:
    file = write_project(tmp_path)
    file.write_text(file.read_text().replace('["Slutrapport 2020, sida 4"]', "[]"))
    chapter = released_chapter(template(markdown("Text.")), "en")
    document = build_document(load_project(file), {"participants": chapter}, language="en")
    assert "Sources" not in {fact.label for fact in document.facts}


def test_key_figures_that_two_chapters_end_with_stand_once(tmp_path: Path) -> None:
    lines = [{"label": "Deltagare", "text": "267"}]
    shown = code("sections.headlines(study)")
    shown["outputs"] = [{"output_type": "display_data", "data": {HEADLINE_MIME_TYPE: lines}}]
    chapter = released_chapter(template(shown), "sv")
    file = write_project(tmp_path, chapters=("participants", "targets_and_claims"))
    executed = {"participants": chapter, "targets_and_claims": chapter}
    document = build_document(load_project(file), executed, language="sv")
    assert document.headlines == (Headline("Deltagare", "267"),)


def test_the_note_on_made_up_data_says_whether_it_is_persons_or_series(tmp_path: Path) -> None:
    assert "En eller flera av serierna" in document_of(tmp_path, "Text.").synthetic_note
    file = write_project(tmp_path)
    file.write_text(file.read_text() + "registers: [{file: deltagare.csv}]\n")
    executed = {"participants": released_chapter(template(markdown("Text.")), "sv")}
    with_persons = build_document(load_project(file), executed, language="sv")
    assert "Deltagarna är påhittade" in with_persons.synthetic_note
    file.write_text(file.read_text().replace("is_synthetic: true", "is_synthetic: false"))
    assert build_document(load_project(file), executed, language="sv").synthetic_note == ""


def chapter_of(*items: str) -> list[Box]:
    return [Box("cannot_say", "", items)]


def test_the_summary_gives_answers_before_what_they_rest_on() -> None:
    chapters = {
        "data_quality": chapter_of("Att allt stämmer."),
        "participants": chapter_of("Att deltagarna liknar alla."),
    }
    (box,) = summary_of(list(chapters), chapters.values(), Texts("sv")).boxes
    assert box.items == ("Att deltagarna liknar alla.", "Att allt stämmer.")


def test_the_summary_says_nothing_twice() -> None:
    chapters = {
        "time_to_employment": chapter_of("Att insatsen gjorde det. Kurvorna visar deltagare."),
        "before_after": chapter_of("Att insatsen gjorde det. Allt steg.", "Att det är samma."),
    }
    (box,) = summary_of(list(chapters), chapters.values(), Texts("sv")).boxes
    assert box.items == (
        "Att insatsen gjorde det. Kurvorna visar deltagare.",
        "Att det är samma.",
    )


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_chapter_has_a_title_and_a_question_for_the_summary(language) -> None:
    texts = Texts(language)
    for chapter in get_args(Chapter):
        assert texts[f"document.chapter.{chapter}"]
        assert texts[f"document.question.{chapter}"].endswith("?")


def test_ratios_stand_in_the_appendix_and_the_chapter_says_so() -> None:
    def part(name: str, table: str) -> Part:
        shown = Table(id=table, caption=name, columns=("a",), rows=())
        return Part(id=name, title=name.title(), blocks=(Paragraph(f"Text {name}."), shown))

    parts = (part("groups", "main-by-sex"), part("several", "model"))
    chapter = model.Chapter(id="time", title="Tid till arbete", parts=parts)
    made, last = model._said_once([chapter], Texts("sv"), before=())
    assert made.parts[0] == parts[0]
    (moved,) = made.parts[1].blocks
    assert isinstance(moved, Paragraph)
    assert "avgör ingenting" in moved.text
    assert (last.id, last.parts[-1].title) == ("methods", "Tid till arbete: Several")
    assert last.parts[-1].blocks == parts[1].blocks
