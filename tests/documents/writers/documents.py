"""A small document with every kind of block and number, to be written in every format."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from evalkit.documents.files.provenance import InputFile
from evalkit.documents.model import Chapter, Document, Fact, Part
from evalkit.documents.summary import summary_of
from evalkit.language import Texts
from evalkit.present.blocks import (
    Block,
    Box,
    Bullets,
    Cell,
    Figure,
    Heading,
    Headline,
    NumberKind,
    Paragraph,
    Table,
)
from evalkit.present.numbers import Numbers
from tests.support.templates import SVG

Language = Literal["sv", "en"]


def number(value: float, kind: NumberKind, decimals: int, language: Language) -> Cell:
    printed = Numbers(language)
    text = (
        printed.bare(value, kind, decimals=decimals)
        if kind in ("percentage_points", "p_value")
        else printed.format(value, kind, decimals=decimals)
    )
    return Cell(text, value, kind, decimals)


def results_table(language: Language = "sv", *, table_id: str = "results") -> Table:
    """Every kind of number, one withheld, one negative, one that a binary float holds badly."""
    return Table(
        id=table_id,
        caption="Utfall efter grupp, 55,1–66,7 %",
        columns=("Grupp", "Antal", "Andel", "Skillnad", "Dagar", "Kvot", "Belopp", "p-värde"),
        rows=(
            (
                Cell("Kvinnor"),
                number(1004, "count", 0, language),
                number(0.575, "percent", 0, language),
                number(-0.123, "percentage_points", 1, language),
                number(286, "days", 0, language),
                number(1.005, "number", 2, language),
                number(4_330_224, "sek", 0, language),
                number(0.421, "p_value", 2, language),
            ),
            (
                Cell("Män"),
                Cell("färre än 5"),
                *(Cell("–") for _ in range(5)),
                Cell("< 0,001" if language == "sv" else "< 0.001", 0.0004, "p_value"),
            ),
        ),
        notes=("95 % konfidensintervall: Wilsons metod (1927).",),
        source="Källa: Deltagarregistret",
    )


def figure(language: Language = "sv", *, alt: str = "Andelen stiger till 45,2 %.") -> Figure:
    data = results_table(language, table_id="curve-data")
    return Figure(id="curve", caption="Andel över tid", alt=alt, svg=SVG, data=data)


def all_blocks(language: Language = "sv") -> tuple[Block, ...]:
    return (
        Paragraph("Av 267 deltagare fick 61,0 % (95 % konfidensintervall 55,1–66,7 %) arbete."),
        Bullets(("Kvinnor: 12", "Män: 34")),
        Heading(3, "Underrubrik"),
        Box("can_say", "Det här går att säga", ("Andelen är 55–67 %.", "Två.")),
        Box("cannot_say", "Det här går inte att säga", ("Att insatsen gav 9 arbete.",)),
        Box("warning", "Att tänka på", ("Litet antal: 7.",)),
        Box("note", "Not", ("Avrundat till 5.",)),
        results_table(language),
        figure(language),
    )


def document(
    blocks: Sequence[Block] | None = None,
    *,
    language: Language = "sv",
    title: str = "Arena för exempel",
    is_appendix: bool = False,
) -> Document:
    chosen = tuple(all_blocks(language) if blocks is None else blocks)
    chapters = (
        Chapter(id="one", title="Deltagarna", parts=(Part(id="one-1", title="", blocks=()),)),
        Chapter(
            id="two", title="Mål 2018", parts=(Part(id="two-1", title="Vilka?", blocks=chosen),)
        ),
    )
    return Document(
        project_id="exempel",
        language=language,
        title=title,
        summary="En insats för 267 långtidsarbetslösa.",
        data_cut=date(2019, 12, 31),
        facts=(Fact("Aktörer", ("Ystads kommun", "Arbetsförmedlingen")),),
        synthetic_note="Deltagarna är påhittade.",
        chapters=chapters,
        headlines=(
            Headline("Deltagare", "267"),
            Headline("Till arbete", "61,0 %", "95 % konfidensintervall 55,1–66,7 %"),
        ),
        front=summary_of(["participants"], [chosen], Texts(language)),
        inputs=(InputFile("project.yaml", "0123456789abcdef" * 4),),
        formats=("html", "pdf", "docx", "xlsx"),
        is_appendix=is_appendix,
    )
