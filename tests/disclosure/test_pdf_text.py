"""A PDF made by the report's own compiler is read as a reader sees it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from evalkit.disclosure.pdf_text import shown_texts
from evalkit.disclosure.scan import register_texts, scan
from evalkit.documents.writers.pdf import compile_typst

# Skatteverket's published test number.
NUMBER = "19121212-1212"
PAGE = """#set document(title: "Prov")
#set text(lang: "sv", font: ("Source Sans 3", "DejaVu Sans"))
"""


def pdf(body: str) -> bytes:
    return compile_typst(PAGE + body, {}, day=dt.date(2018, 2, 5))


def flat(text: str) -> str:
    return " ".join(text.split())


def test_the_text_of_a_page_is_read_back_letter_by_letter() -> None:
    sentence = "Åtta ”öar” på 267 deltagare – 61,0 % (från −4,0 till 32,8), fi fl ffi."
    *pages, structure = shown_texts(pdf(sentence))
    assert sentence in flat(pages[0])
    assert sentence in flat(structure)


@pytest.mark.parametrize(
    "body",
    [
        f"Deltagaren {NUMBER} började.",
        "Deltagaren #strong[1912]1212-1212 började.",
        "Deltagaren 19121212\u20111212 började.",
        f"#table(columns: 2, [Kod], [{NUMBER}])",
        f"= {NUMBER}",
        f"#set page(header: [{NUMBER}])\nText",
        "#box(width: 2.2cm)[Nummer 19121212-1212]",
    ],
    ids=["sentence", "bold", "hard hyphen", "table", "heading", "running head", "over lines"],
)
def test_an_identity_number_on_a_page_is_found(body: str) -> None:
    assert scan("report.pdf", pdf(body)) == "identity_number"


def test_numbers_in_neighbouring_cells_are_not_put_together() -> None:
    cells = ", ".join(f"[{part}]" for part in ("191212", "121212", "1912", "12121212"))
    assert scan("report.pdf", pdf(f"#table(columns: 4, {cells})")) is None


def test_a_text_of_the_register_on_a_page_is_found_and_not_quoted() -> None:
    texts = register_texts(["Bor hos sin moster i Tomelilla"])
    body = "En deltagare bor hos sin moster i Tomelilla sedan maj."
    assert scan("report.pdf", pdf(body), texts) == "register_text"
    assert scan("report.pdf", pdf("En deltagare bor i Tomelilla."), texts) is None


def test_a_file_that_cannot_be_opened_shows_nothing() -> None:
    assert list(shown_texts(b"%PDF-1.7 cut short")) == []


@pytest.mark.slow
def test_a_whole_report_passes_and_reads_the_same_as_its_page(tmp_path: Path) -> None:
    """What the page says stands in the PDF too, word for word."""
    import re

    from typer.testing import CliRunner

    from evalkit import cli
    from evalkit.documents.files.paths import sample_folder

    sample = sample_folder() / "eskilstuna-fler-jobb"
    ended = CliRunner().invoke(
        cli.app, ["render", str(sample), "--formats", "html,pdf", "--output", str(tmp_path)]
    )
    assert ended.exit_code == 0, ended.output
    folder = tmp_path / "eskilstuna-fler-jobb"
    *_, structure = shown_texts((folder / "report.sv.pdf").read_bytes())
    inside = re.sub(r"\s", "", structure)
    html = (folder / "report.sv.html").read_text(encoding="utf-8")
    paragraphs = re.findall(r"<p>([^<]{40,})</p>", html)
    assert len(paragraphs) > 10
    missing = [p for p in paragraphs if re.sub(r"\s", "", p) not in inside]
    assert missing == []
