"""The report of a small project: little may be shown, and every page says what is not known."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from evalkit.documents.model import Document
from evalkit.language import LANGUAGES, Language, Texts
from evalkit.present.blocks import Figure, Paragraph, Table, printed
from tests.support.reports import document_of

EXITS = ["Arbete"] * 9 + ["Studier"] * 3 + ["Sjukdom"] * 3 + ["Åter till kommunen"] * 3 + [""] * 8
PROJECT = """id: liten
title: {sv: Liten insats, en: A small programme}
summary: {sv: En liten insats., en: A small programme.}
actors: [Exempels kommun]
programme: other
is_synthetic: true
period: {start: 2023-01-01, end: 2024-12-31}
data_cut: 2024-12-31
registers:
  - file: deltagare.csv
    columns: {id: person_id, kon: sex, kommun: municipality,
              in: entry, ut: exit, orsak: exit_reason}
    exit_reasons: {Arbete: employment, Studier: studies, Sjukdom: health_or_leave}
groups: [sex, municipality]
chapters: [data_quality, participants, time_to_employment]
"""
# Three of eighteen left for a reason that the project file does not know.
STILL = {"sv": "var 8 personer fortfarande inskrivna", "en": "8 people were still enrolled"}
NOT_KNOWN = {
    "sv": "Hur det gick är inte känt för alla som har avslutat, så andelen kan vara större.",
    "en": "What became of everyone who left is not known, so the share may be larger.",
}
OTHER = {"sv": "Annat avslut, eller okänt", "en": "Other exits, or not known"}
WITHHELD = {"sv": "Kort svar: Visas inte, eftersom", "en": "In short: Not shown, as there"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("liten"), EXITS)


@pytest.fixture(scope="module")
def unknown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of forty persons 12 left for work or study, 16 for a reason nobody has explained."""
    exits = ["Arbete"] * 6 + ["Studier"] * 6 + ["Sjukdom"] * 6 + ["Klar"] * 16 + [""] * 6
    return written(tmp_path_factory.mktemp("okand"), exits)


def written(folder: Path, exits: list[str]) -> Path:
    rows = ["id;kon;kommun;in;ut;orsak"]
    for i, reason in enumerate(exits):
        entry = date(2023, 1, 10) + timedelta(days=13 * i)
        end = entry + timedelta(days=40 + (i * 53) % 150)
        sex = "Kvinna" if i % 3 else "Man"
        place = "Lessebo" if i % 5 < 2 else "Tingsryd"
        rows.append(f"D{i:03};{sex};{place};{entry};{end if reason else ''};{reason}")
    (folder / "deltagare.csv").write_text("\n".join(rows), encoding="utf-8")
    (folder / "project.yaml").write_text(PROJECT, encoding="utf-8")
    return folder


def texts_of(document: Document, chapter: str) -> list[str]:
    pages = [document.first_page, *document.chapters]
    (found,) = (one for one in pages if one is not None and one.id == chapter)
    blocks = [block for part in found.parts for block in part.blocks]
    blocks += [block.data for block in blocks if isinstance(block, Figure)]
    return [text for block in blocks for text in printed(block)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_exits_that_nobody_knows_are_said_beside_the_answer(
    folder: Path, language: Language
) -> None:
    document = document_of(str(folder), language)
    page = texts_of(document, "first-page")
    assert any("12 (46" in text for text in page)
    assert any(NOT_KNOWN[language] in text for text in page)
    assert OTHER[language] in page
    press = texts_of(document, "press")
    assert any(STILL[language] in text for text in press)
    # A number for the papers would be of too few, and of an outcome that is not known.
    assert not any("12" in text for text in press)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_chapter_that_can_show_nothing_says_why_once(folder: Path, language: Language) -> None:
    document = document_of(str(folder), language)
    (chapter,) = (one for one in document.chapters if one.id == "time-to-employment")
    blocks = [block for part in chapter.parts for block in part.blocks]
    assert not any(isinstance(block, Figure | Table) for block in blocks)
    told = [block.text for block in blocks if isinstance(block, Paragraph)]
    assert sum(text.startswith(WITHHELD[language]) for text in told) == 1
    assert len(told) == 2, "what the chapter asks, and the answer"


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("sv", ("Det går inte att säga", "mellan 30 % och 70 %", "Ta reda på hur det gick")),
        ("en", ("It cannot be said", "between 30% and 70%", "Find out how it went")),
    ],
)
def test_where_too_much_is_unknown_the_first_page_says_so_and_what_to_do(
    unknown: Path, language: Language, told: tuple[str, ...]
) -> None:
    page = " ".join(texts_of(document_of(str(unknown), language), "first-page"))
    page = page.replace("\u00a0", " ")
    assert [one for one in told if one not in page] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_chart_of_one_way_out_is_not_said_to_hold_everyone(
    tmp_path: Path, language: Language
) -> None:
    """Too few left in the other ways for parts of a whole: one line, named and read as a line."""
    exits = ["Arbete"] * 30 + ["Studier"] * 6 + ["Sjukdom"] * 6 + ["Åter till kommunen"] * 6
    document = document_of(str(written(tmp_path, [*exits, *[""] * 14])), language)
    (chapter,) = (one for one in document.chapters if one.id == "time-to-employment")
    figures = [b for part in chapter.parts for b in part.blocks if isinstance(b, Figure)]
    (lines,) = (one for one in figures if one.id.startswith("ways-out"))
    texts = Texts(language)
    assert lines.reading == texts["chart_reading.curve"]
    assert lines.caption == texts["time.ways_out_lines.caption"]
