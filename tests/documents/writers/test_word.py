"""The Word file read as the XML it is: headings, captions, headers, alternative texts."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import docx
import docx.shared
import pytest

from evalkit.documents.model import Looks
from evalkit.documents.writers.figures import png_charts
from evalkit.documents.writers.word import report_docx
from evalkit.present.blocks import Cell, Table
from tests.documents.writers.documents import document, figure
from tests.documents.writers.reading import word_part

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"


@pytest.fixture(scope="module")
def written() -> bytes:
    return report_docx(document())


def test_headings_are_headings(written) -> None:
    paragraphs = docx.Document(io.BytesIO(written)).paragraphs
    headings = [
        (p.style.name, p.text) for p in paragraphs if p.style.name in ("Heading 1", "Heading 2")
    ]
    assert ("Heading 1", "2 Mål 2018") in headings
    assert ("Heading 2", "Vilka?") in headings
    assert ("Heading 1", "Talen bakom figurerna") in headings


def test_every_picture_has_its_alternative_text(written) -> None:
    pictures = list(word_part(written, "word/document.xml").iter(f"{_DRAWING}docPr"))
    assert [found.get("descr") for found in pictures] == ["Andelen stiger till 45,2 %."]
    names = zipfile.ZipFile(io.BytesIO(written)).namelist()
    assert [name for name in names if name.endswith(".png")]


def test_the_header_row_of_every_table_repeats_and_its_first_column_heads_rows(written) -> None:
    tables = list(word_part(written, "word/document.xml").iter(f"{_W}tbl"))
    assert len(tables) == 3
    for table in tables:
        repeated = [
            row.find(f"{_W}trPr/{_W}tblHeader") is not None for row in table.iter(f"{_W}tr")
        ]
        assert repeated == [True] + [False] * (len(repeated) - 1)
        look = table.find(f"{_W}tblPr/{_W}tblLook")
        assert look is not None
        assert (look.get(f"{_W}firstRow"), look.get(f"{_W}firstColumn")) == ("1", "1")
        assert table.find(f"{_W}tblPr/{_W}tblCaption") is not None
        assert not list(table.iter(f"{_W}gridSpan")) + list(table.iter(f"{_W}vMerge"))


@pytest.mark.parametrize(("language", "tag"), [("sv", "sv-SE"), ("en", "en-GB")])
def test_the_language_of_the_text_is_that_of_the_report(language, tag) -> None:
    written = report_docx(document(language=language))
    styles = word_part(written, "word/styles.xml")
    assert {found.get(f"{_W}val") for found in styles.iter(f"{_W}lang")} == {tag}
    assert docx.Document(io.BytesIO(written)).core_properties.language == language


def test_title_and_page_numbers_are_set(written) -> None:
    assert docx.Document(io.BytesIO(written)).core_properties.title == "Arena för exempel"
    names = zipfile.ZipFile(io.BytesIO(written)).namelist()
    assert not any("thumbnail" in name for name in names)  # of python-docx's own document
    feet = [word_part(written, name) for name in names if name.startswith("word/footer")]
    fields = [{(t.text or "").strip() for t in foot.iter(f"{_W}instrText")} for foot in feet]
    assert fields == [{"PAGE", "NUMPAGES"}] * 2


def test_the_contents_are_a_field_whose_links_all_lead_somewhere(written) -> None:
    body = word_part(written, "word/document.xml")
    assert any("TOC" in (found.text or "") for found in body.iter(f"{_W}instrText"))
    marks = {
        found.get(f"{_W}name"): paragraph
        for paragraph in body.iter(f"{_W}p")
        for found in paragraph.iter(f"{_W}bookmarkStart")
    }
    links = list(body.iter(f"{_W}hyperlink"))
    assert len(links) == 5  # two chapters, one part, the numbers, about the report
    for link in links:
        text = "".join(t.text or "" for t in link.iter(f"{_W}t"))
        target = marks[link.get(f"{_W}anchor")]
        assert "".join(t.text or "" for t in target.iter(f"{_W}t")) == text


def test_the_contents_say_how_to_have_page_numbers_until_word_counts_them(written) -> None:
    # Word replaces what stands between "separate" and "end" when it updates a field.
    body = word_part(written, "word/document.xml")
    inside, shown = 0, list[str]()
    (first,) = [t for t in body.iter(f"{_W}instrText") if "TOC" in (t.text or "")]
    nodes = list(body.iter())
    for node in nodes[nodes.index(first) :]:
        if node.tag == f"{_W}fldChar":
            inside += {"separate": 1, "end": -1}.get(node.get(f"{_W}fldCharType", ""), 0)
        if node.tag == f"{_W}t" and inside:
            shown.append(node.text or "")
        if shown and not inside:
            break
    assert shown[-1] == "Listan får sidnummer när den uppdateras: markera den och tryck F9."
    assert shown[0] == "1 Deltagarna"
    styles = word_part(written, "word/styles.xml")
    names = {found.get(f"{_W}val") for found in styles.iter(f"{_W}name")}
    assert {"toc 1", "toc 2"} <= names  # those Word sets updated contents in


def sequences(written: bytes) -> list[tuple[str, str]]:
    """What each caption counts, and its whole text."""
    body = word_part(written, "word/document.xml")
    found = []
    for paragraph in body.iter(f"{_W}p"):
        fields = [t.text or "" for t in paragraph.iter(f"{_W}instrText") if "SEQ" in (t.text or "")]
        text = "".join(t.text or "" for t in paragraph.iter(f"{_W}t"))
        found += [(field.strip(), text) for field in fields]
    return found


def test_captions_are_numbered_by_word_itself(written) -> None:
    assert sequences(written) == [
        ("SEQ Tabell \\* ARABIC", "Tabell 1. Utfall efter grupp, 55,1–66,7 %"),
        ("SEQ Figur \\* ARABIC", "Figur 1. Andel över tid"),
    ]


def test_a_table_that_goes_on_keeps_its_number() -> None:
    columns = ("Område", *(f"Mätning {i}" for i in range(1, 40)))
    row = (Cell("Ystad"), *(Cell("50,0 %", 0.5, "percent", 1) for _ in range(39)))
    table = Table(id="wide", caption="Bred", columns=columns, rows=(row,))
    fields = [field for field, _ in sequences(report_docx(document([table])))]
    assert fields[0] == "SEQ Tabell \\* ARABIC"
    assert set(fields[1:]) == {"SEQ Tabell \\c \\* ARABIC"}


def test_the_reader_has_a_place_to_write_in(written) -> None:
    (control,) = word_part(written, "word/document.xml").iter(f"{_W}sdt")
    assert control.find(f"{_W}sdtPr/{_W}showingPlcHdr") is not None
    text = "".join(t.text or "" for t in control.iter(f"{_W}t"))
    assert text == "Skriv här. Texten försvinner när du börjar skriva."


def own_template(*, is_template: bool = False) -> bytes:
    """A Word file as an organisation has it: its own heading, header and page."""
    word = docx.Document()
    word.add_paragraph("Mallens egen hjälptext")
    word.styles["Heading 1"].font.name = "Georgia"
    word.sections[0].header.paragraphs[0].text = "Exempelköpings kommun"
    word.sections[0].left_margin = docx.shared.Mm(40)
    parts = word.part.package.iter_parts()
    (app,) = [one for one in parts if one.partname == "/docProps/app.xml"]
    app._blob = app.blob.replace(b"<Company/>", b"<Company>Anna AB</Company>")
    assert b"Anna AB" in app.blob
    target = io.BytesIO()
    word.save(target)
    if not is_template:
        return target.getvalue()
    packed = io.BytesIO()
    with zipfile.ZipFile(target) as source, zipfile.ZipFile(packed, "w") as made:
        for name in source.namelist():
            content = source.read(name).replace(b"document.main+xml", b"template.main+xml")
            made.writestr(name, content)
    return packed.getvalue()


@pytest.mark.parametrize("is_template", [False, True], ids=["docx", "dotx"])
def test_an_own_template_gives_its_styles_page_and_header(is_template) -> None:
    looks = Looks(docx_template=own_template(is_template=is_template))
    written = report_docx(replace(document(), looks=looks))
    with zipfile.ZipFile(io.BytesIO(written)) as members:
        assert b"Anna AB" not in members.read("docProps/app.xml")
    word = docx.Document(io.BytesIO(written))
    assert word.styles["Heading 1"].font.name == "Georgia"
    assert round(word.sections[0].left_margin.mm) == 40
    assert word.sections[0].header.paragraphs[0].text == "Exempelköpings kommun"
    texts = [paragraph.text for paragraph in word.paragraphs]
    page = word.sections[0]
    room = page.page_width - page.left_margin - page.right_margin
    assert all(shape.width <= room for shape in word.inline_shapes)
    assert all(sum(cell.width for cell in table.rows[0].cells) <= room for table in word.tables)
    assert "Mallens egen hjälptext" not in texts
    assert "2 Mål 2018" in texts


def test_styles_that_an_own_template_lacks_rest_on_its_own() -> None:
    # As Word in Swedish keeps it: "Normal" under another id, and hardly any style beside it.
    word = docx.Document()
    styles = word.styles.element
    for style in list(word.styles):
        if style.name not in ("Normal", "Default Paragraph Font", "Normal Table"):
            styles.remove(style.element)
    normal = word.styles["Normal"].element
    normal.set(f"{_W}styleId", "Brdtext0")
    target = io.BytesIO()
    word.save(target)
    looks = Looks(docx_template=target.getvalue())
    made = docx.Document(io.BytesIO(report_docx(replace(document(), looks=looks))))
    assert made.styles["Box Can Say Title"].base_style.style_id == "Brdtext0"
    ids = {style.style_id for style in made.styles}
    resting = [one.get(f"{_W}val") for one in made.styles.element.iter(f"{_W}basedOn")]
    assert resting and set(resting) <= ids
    assert not list(made.styles["List Bullet"].element.iter(f"{_W}numPr"))


def test_an_own_logo_stands_first_and_is_passed_over_by_screen_readers() -> None:
    (png,) = png_charts((figure().svg,))
    written = report_docx(replace(document([]), looks=Looks(logo=png)))
    body = word_part(written, "word/document.xml")
    first = next(body.iter(f"{_W}p"))
    (picture,) = first.iter(f"{_DRAWING}docPr")
    assert picture.get("descr") == ""
    assert [node.get("val") for node in picture.iter() if node.tag.endswith("decorative")] == ["1"]


def test_rows_are_never_divided_and_a_short_table_stays_on_a_page_with_its_notes(written) -> None:
    table = next(word_part(written, "word/document.xml").iter(f"{_W}tbl"))
    rows = list(table.iter(f"{_W}tr"))
    assert all(row.find(f"{_W}trPr/{_W}cantSplit") is not None for row in rows)
    kept = [{p.find(f"{_W}pPr/{_W}keepNext") is not None for p in row.iter(f"{_W}p")}
            for row in rows]  # fmt: skip
    assert kept == [{True}] * 3


def test_a_long_table_may_go_on_over_the_page() -> None:
    rows = tuple((Cell(f"Plats {n}"), Cell("x")) for n in range(40))
    long = Table(id="x", caption="x", columns=("Plats", "Om"), rows=rows)
    table = next(word_part(report_docx(document([long])), "word/document.xml").iter(f"{_W}tbl"))
    assert len(list(table.iter(f"{_W}keepNext"))) == 2  # the cells of the heading


def test_the_same_document_gives_the_same_bytes(written) -> None:
    assert report_docx(document()) == written
