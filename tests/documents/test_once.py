"""What is said once in a report, and what is said wherever it stands."""

from __future__ import annotations

import pytest

from evalkit.documents.once import OFTEN, Said, refusals, short_answer, without_empty_headings
from evalkit.language import LANGUAGES, Language
from evalkit.present.blocks import Box, Bullets, Cell, Heading, Paragraph, Table
from evalkit.present.labels import words_in
from evalkit.present.tables.cells import internal_notes
from evalkit.results import Released

DATED = {
    "sv": ("30 november 2026", "30 juni 2025"),
    "en": ("30 November 2026", "30 June 2025"),
}


def tables(*notes: str) -> list[Table]:
    return [
        Table(id=f"t{i}", caption="", columns=("a",), rows=((Cell("1"),),), notes=notes)
        for i in range(OFTEN)
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_figures_of_an_earlier_edition_say_so_wherever_they_stand(language: Language) -> None:
    words = words_in(language)
    released = Released((), 0, "standard", notes=("repeated:2026-11-30:2025-06-30",))
    (note,) = internal_notes(released, words)
    assert all(day in note for day in DATED[language])
    said = Said([tables(note)], words.texts)
    assert all(block.notes == (note,) for block in said.once(tables(note)))
    assert not said.appendix()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_record_without_the_day_of_its_data_gives_that_of_the_edition(language: Language) -> None:
    words = words_in(language)
    released = Released((), 0, "standard", notes=("repeated:2026-11-30:",))
    (note,) = internal_notes(released, words)
    assert DATED[language][0] in note
    assert "{" not in note


def test_a_heading_whose_sentences_stand_elsewhere_goes_with_them() -> None:
    one, two, below = Heading(3, "Ett"), Heading(3, "Två"), Heading(4, "Under")
    said = Paragraph("Sagt.")
    assert without_empty_headings([one, two, below, said, one]) == (two, below, said)
    assert without_empty_headings([one]) == ()


def test_how_figures_were_made_is_said_once_in_the_appendix() -> None:
    words = words_in("sv")
    note = "95 % konfidensintervall: Wilsons metod (1927)."
    said = Said([tables(note)], words.texts)
    assert all(block.notes == () for block in said.once(tables(note)))
    assert said.appendix()[-1] == Bullets((note,))


def test_what_is_all_that_stands_under_a_heading_is_said_again() -> None:
    told = Paragraph("Av 103 som gick till arbete arbetade 61 efter 180 dagar.")
    day, other = Heading(3, "Efter 180 dagar"), Heading(3, "Efter 90 dagar")
    said = Said([], words_in("sv").texts, [told.text])
    assert list(said.once([day, told, other, told, Paragraph("Det är nytt.")])) == [
        day, told, other, Paragraph("Det är nytt.")
    ]  # fmt: skip
    assert list(said.once([day, told])) == [day, told]
    assert list(said.once([told, told])) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_chapter_that_has_an_answer_keeps_the_part_where_a_detail_is_withheld(
    language: Language,
) -> None:
    texts = words_in(language).texts
    gone = Paragraph(texts["withheld.protected"])
    assert refusals([Paragraph("29 / 64"), gone], texts) == [gone.text]  # after an introduction
    assert refusals([gone, Paragraph("29 / 64")], texts) == []
    assert refusals([gone, Box(kind="can_say", title="", items=("29 / 64",))], texts) == []


def test_the_reason_why_nothing_can_be_shown_is_the_answer_and_told_with_one_colon() -> None:
    texts = words_in("sv").texts
    gone = [Paragraph("Hur lika?"), Paragraph(texts["cannot.too_few_persons"])]
    answer = short_answer([[Paragraph("Vilka?")], gone, gone], texts)
    assert answer == Paragraph("Kort svar: Kan inte beräknas. För få personer.")


def test_a_column_that_says_nothing_in_any_row_is_not_printed() -> None:
    rows = tuple((Cell(one), Cell("–"), Cell("")) for one in ("a", "b"))
    (table,) = Said([], words_in("sv").texts).once(
        [Table(id="t", caption="", columns=("Vad", "Fil", "Kolumn"), rows=rows)]
    )
    assert isinstance(table, Table)
    assert table.columns == ("Vad",)
