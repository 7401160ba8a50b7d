"""What is shown of a reading: kind words, no codes, every form, any kind of file."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import docx
import pytest
import yaml
from typer.testing import CliRunner

from evalkit.cli import app
from evalkit.documents.reading.claims_block import claims_block
from evalkit.documents.reading.files import UnreadableText, text_of, text_of_bytes
from evalkit.documents.reading.page import reading_page
from evalkit.documents.reading.suggestions import suggestion
from evalkit.documents.reading.terminal import reading_text
from evalkit.documents.reading.views import REWRITE, top_line, view_of
from evalkit.documents.reading.word import reading_docx
from evalkit.language import LANGUAGES, Texts
from evalkit.project.questions import Claim
from evalkit.reading.reader import read_claims
from evalkit.reading.traps import RULES
from tests.claims.support import SETS, gold_texts

TEXTS = [(name, text) for name, _, text in gold_texts(SETS["texts"])]
SAMPLE = dict(TEXTS)["p01"]


def shown(text: str) -> dict[str, str]:
    view = view_of(read_claims(text), text, name="text")
    word = docx.Document(io.BytesIO(reading_docx(view)))
    return {
        "html": reading_page(view),
        "terminal": reading_text(view),
        "word": "\n".join(paragraph.text for paragraph in word.paragraphs),
    }


def test_every_rule_has_its_words_in_both_languages() -> None:
    for language in LANGUAGES:
        missing = {rule for rule in RULES if f"reading.misread.{rule}" not in Texts(language)}
        assert missing == set()
    assert set(RULES) >= REWRITE


@pytest.mark.parametrize(("name", "text"), TEXTS)
def test_codes_never_reach_a_reader_and_every_claim_is_shown(name: str, text: str) -> None:
    reading = read_claims(text)
    for form, content in shown(text).items():
        body = re.sub(r"<style>.*?</style>", "", content, flags=re.DOTALL)
        assert not any(re.search(rf"\b{rule}\b", body) for rule in RULES if "_" in rule), form
        assert view_of(reading, text).top_line.split(".")[0] in " ".join(body.split())


def test_the_line_on_top_counts_claims_verdicts_and_what_was_left_alone() -> None:
    told = top_line(["holds", "rewrite", "holds", "clarify"], 11, Texts("sv"))
    assert told == (
        "4 påståenden med siffror. 2 håller som de står, 1 bör skrivas om, 1 kan förtydligas. "
        "11 andra tal har lämnats i fred."
    )


def test_a_page_says_what_can_be_worked_out_in_the_language_of_the_text() -> None:
    page = shown(SAMPLE)["html"]
    for line in ("115 eller 116 personer", "osäkerheten", "Det saknas", "Förslag – kopiera"):
        assert line in page
    assert '<html lang="sv"' in page
    assert "<script" not in page


def test_what_a_text_says_is_escaped_and_cannot_steer_a_terminal() -> None:
    text = "Under 2023 deltog <script>alert(1)</script> 84 personer \x1b[31m i projektet."
    for form, content in shown(text).items():
        assert "\x1b" not in content, form
    assert "<script>alert" not in shown(text)["html"]


@pytest.mark.parametrize(("name", "text"), TEXTS)
def test_the_claims_block_is_what_a_project_file_takes(name: str, text: str) -> None:
    block = yaml.safe_load(claims_block((read_claims(text), "Kommunen, 2024")))
    claims = [Claim.model_validate(entry) for entry in block["claims"]]
    assert len({claim.id for claim in claims}) == len(claims)


def test_the_command_writes_every_form_and_ends_well(tmp_path: Path) -> None:
    source = tmp_path / "text.txt"
    source.write_text(SAMPLE, encoding="utf-8")
    runner = CliRunner()
    for form in ("html", "docx", "json", "terminal"):
        target = tmp_path / f"out.{form}"
        told = runner.invoke(app, ["read", str(source), "--format", form, "--output", str(target)])
        assert told.exit_code == 0, told.output
        assert target.stat().st_size > 100
    found = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert found == read_claims(SAMPLE).to_dict()


def test_standard_input_is_read() -> None:
    told = CliRunner().invoke(app, ["read", "-", "--write-claims"], input=SAMPLE.encode())
    assert told.exit_code == 0
    assert yaml.safe_load(told.stdout)["claims"][1]["target"] == 0.6


def test_an_unknown_format_is_refused_by_name() -> None:
    told = CliRunner().invoke(app, ["read", "-", "--format", "rtf"], input=b"")
    assert "not 'rtf'" in str(told.exception)


def word_file(text: str) -> bytes:
    word = docx.Document()
    for line in text.split("\n\n"):
        word.add_paragraph(line)
    target = io.BytesIO()
    word.save(target)
    return target.getvalue()


def test_word_and_web_pages_give_the_claims_of_their_text() -> None:
    told = [c.numbers for c in read_claims(SAMPLE).claims]
    paragraphs = "".join(f"<p>{part}</p>" for part in SAMPLE.split("\n\n"))
    head = "<!doctype html><html><head><title>63 procent</title></head>"
    page = f"{head}<body>{paragraphs}</body></html>"
    for content, name in ((word_file(SAMPLE), "a.docx"), (page.encode(), "a.html")):
        text = text_of_bytes(content, name=name)
        assert [c.numbers for c in read_claims(text).claims] == told, name


def test_a_pdf_of_another_program_gives_its_text() -> None:
    """A font of one byte for each letter, as office programs embed them; no table of objects."""
    page = b"BT /F1 12 Tf 72 700 Td (Under 2023 deltog 84 personer i projektet.) Tj ET"
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        (b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>"),
        b"<</Length %d>>stream\n%s\nendstream" % (len(page), page),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    )  # fmt: skip
    body = b"".join(b"%d 0 obj%s\nendobj\n" % (i, one) for i, one in enumerate(objects, 1))
    content = b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R/Size 6>>\n%%EOF"
    text = text_of_bytes(content, name="a.pdf")
    assert [c.numbers for c in read_claims(text, language="sv").claims] == [(84.0,)]


def test_a_pdf_of_ours_gives_its_text(tmp_path: Path) -> None:
    typst = pytest.importorskip("typst")
    source = tmp_path / "a.typ"
    source.write_text("Under 2023 deltog 84 personer i projektet.", encoding="utf-8")
    text = text_of_bytes(typst.compile(str(source)), name="a.pdf")
    assert [c.numbers for c in read_claims(text, language="sv").claims] == [(84.0,)]


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"PK\x03\x04 broken", "a.docx"), (b"%PDF-1.7 broken", "a.pdf"), (b"\x00\x01\x02", "a.txt")],
)
def test_a_damaged_file_is_refused_in_one_sentence(content: bytes, name: str) -> None:
    with pytest.raises(UnreadableText, match=name):
        text_of_bytes(content, name=name)


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    picture = tmp_path / "bild.jpg"
    picture.write_bytes(b"words")
    with pytest.raises(UnreadableText, match="not a text, a Word file, a web page or a PDF"):
        text_of(picture)


def test_old_swedish_files_keep_their_letters() -> None:
    assert text_of_bytes("målet nåddes".encode("cp1252"), name="a.txt") == "målet nåddes"


def test_a_cell_of_a_table_is_shown_in_its_row() -> None:
    text = "Enhet\tInskrivna\tTill arbete\nNord\t120\t41\nSyd\t95\t26\n"
    claims = read_claims(text, language="sv").claims
    assert [(c.quote, c.sentence) for c in claims[:2]] == [
        ("120", "Nord\t120\t41"), ("41", "Nord\t120\t41"),
    ]  # fmt: skip


def test_a_mean_of_all_is_suggested_without_those_who_got_there() -> None:
    text = "I snitt var deltagarna inskrivna i elva månader."
    shown = view_of(read_claims(text), text).claims[-1].suggestion.replace("\u00a0", " ")
    assert shown == "Medeltiden för de [antal] som räknats är 11 månader."


@pytest.mark.parametrize(
    ("text", "suggested"),
    [
        ("Av 64 deltagare var 31 kvinnor. Tack vare insatsen fick 23 personer ett jobb.",
         "Under [tid] hade 23 personer [nått vad], av [antal] deltagare."),
        ("Of 64 participants 31 were women. Thanks to the programme 23 people got a job.",
         "During [time] 23 people had [reached what], of [number] participants."),
    ],
)  # fmt: skip
def test_those_who_found_work_are_not_said_to_have_taken_part(text: str, suggested: str) -> None:
    """And the cause is told of them, not of a figure in another sentence."""
    *others, last = read_claims(text).claims
    assert suggestion(last, Texts("sv" if "fick" in text else "en")) == suggested
    assert "causal_wording" in last.traps
    (base, *_) = read_claims("Av 64 deltagare har 29 fått arbete.").claims
    assert suggestion(base, Texts("sv")) == "64 deltagare deltog under [tid]."
    assert not any("causal_wording" in one.traps for one in others)


def test_lines_are_no_longer_than_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    text = "Av dem som fått jobb hade fyra av fem kvar det i juni."
    assert max(map(len, reading_text(view_of(read_claims(text), text)).splitlines())) <= 60


@pytest.mark.parametrize(("text", "suggested"), [
    ("Fjorton elever hoppade av under resans gång.", "Fjorton elever [gjorde vad] under [tid]."),
    ("Totalt sökte 611 personer till kursen.", "611 personer [gjorde vad] under [tid]."),
    ("Av dem som fått jobb hade fyra av fem kvar det i juni.",
     "Av [antal] deltagare som fått jobb var [antal] i arbete (80\u00a0%)."),
    ("Av de 132 personer som läste på Språkvägen 2021–2023 arbetade 57 procent.",
     "Av 132 deltagare var 75 i arbete (57\u00a0%). Osäkerheten är 48–65\u00a0%."),
    ("För de 96 som fått jobb var mediantiden 19 veckor.",
     ("Hälften av de [antal] som skrevs in hade [nått vad] inom [mediantid]. "
     "Mediantiden för de 96 som nått dit var 19\u00a0veckor.")),
    ("The authority puts the return at £1.75 for every pound spent.",
     ("Every pound spent is estimated to give 1.75 back if nobody had got there without the "
     "programme. How many would have has not been studied.")),
    ("Hit kom 150 deltagare, 81 av dem kvinnor.", "Av [antal] deltagare var 81 [grupp]."),
])  # fmt: skip
def test_a_suggestion_says_no_more_than_the_text(text: str, suggested: str) -> None:
    """Whoever left did not take part, and four of five of those with a job are not of all."""
    reading = read_claims(text)
    assert suggestion(reading.claims[-1], Texts(reading.language)) == suggested


@pytest.mark.parametrize(("text", "comment"), [
    ("Av 64 deltagare fick 29 arbete.", "# Citatet står på båda språken"),
    ("Of 64 participants 29 found work.", "# The quote stands in both languages"),
])  # fmt: skip
def test_the_claims_block_speaks_the_language_of_the_text(text: str, comment: str) -> None:
    assert claims_block((read_claims(text), "Kommunen, 2024")).startswith(comment)
