"""Nothing that points at a person leaves in a file, however it is written or packed."""

from __future__ import annotations

import io
import json
import zipfile
import zlib

import pytest

from evalkit.disclosure.scan import register_texts, scan

# Skatteverket's published test numbers, and one coordination number (day + 60).
NUMBERS = ["191212121212", "189001019802", "198507099805", "197802022389", "197010632391"]
SOFT_HYPHEN, HARD_SPACE, THIN_SPACE = "\u00ad", "\u00a0", "\u202f"


def written(number: str) -> list[str]:
    """The ways a number gets into a document, by hand, by a spreadsheet or by a formatter."""
    year, day, last = number[:4], number[4:8], number[8:]
    thousands = f"{int(number):,}"
    return [
        number,
        f"{year}{day}-{last}",
        f"{year}{day}+{last}",
        f"{year[2:]}{day}-{last}",
        number[2:],
        f"{year}{day}{HARD_SPACE}{last}",
        f"{year}{SOFT_HYPHEN}{day}{SOFT_HYPHEN}{last}",
        f"{year}{day}\u2013{last}",
        f"{year} {day[:2]} {day[2:]} {last}",
        thousands.replace(",", HARD_SPACE),
        thousands.replace(",", THIN_SPACE),
        f"{number}.0",
    ]


@pytest.mark.parametrize("number", NUMBERS)
def test_an_identity_number_is_seen_however_it_is_written(number):
    for text in written(number):
        assert scan("a.html", f"<td>{text}</td>") == "identity_number", text
        assert scan("a.csv", f"kod;{text};1\n") == "identity_number", text


def test_emphasis_and_entities_do_not_hide_a_number():
    assert scan("a.html", "<p>1912<b>1212</b>-1212</p>") == "identity_number"
    assert scan("a.html", "<p>19121212&nbsp;1212</p>") == "identity_number"
    assert scan("a.html", '<img alt="19121212-1212">') == "identity_number"
    assert scan("a.html", "<!-- 19121212-1212 -->") == "identity_number"


def test_a_protected_identity_is_seen():
    assert scan("a.txt", "Kod 19780202TF29") == "identity_number"


@pytest.mark.parametrize(
    "text",
    [
        "191212121213",  # the check digit is wrong
        "mellan 191 212\u2013121 212 kronor",  # two sums of money
        "191213121212",  # there is no month 13
        "20180205",
        "2018-02-05 – 2019-12-31",
        "0.191212121212",
        "1912121212123",
        "a191212121212f",
        "3f786850e387550fdab836ed7e6dc881de23001b3f786850e387550fdab836ed",  # a checksum
        "4 330 224 kr",
        "2 345 678 901 kr",  # ten digits that are no date
        "267 163 61 55 1 000",
        "<td>1912</td><td>1212</td><td>1212</td>",
        '<path d="M 1912 1212 1212 L 0 0"/>',
    ],
)
def test_ordinary_figures_raise_no_alarm(text):
    assert scan("a.html", f"<p>{text}</p>") is None


def test_pseudonyms_rows_paths_and_authors_are_seen():
    assert scan("a.html", "<td>3f786850e387550fdab836ed</td>") == "pseudonym"
    assert scan("a.ipynb", json.dumps({"x": '<table class="dataframe"></table>'})) == (
        "rows_of_persons"
    )
    assert scan("a.csv", "person,entry,exit,exit_class\n") == "rows_of_persons"
    days = "\n".join(f"2018-{month:02d}-{day:02d}" for month in (1, 2) for day in range(1, 29))
    assert scan("a.csv", days) == "rows_of_persons"
    assert scan("a.log", "could not open /home/anna/deltagare.xlsx") == "local_path"
    assert scan("a.log", r"could not open C:\Users\anna\deltagare.xlsx") == "local_path"
    core = "<cp:coreProperties><dc:creator>Anna</dc:creator></cp:coreProperties>"
    assert scan("core.xml", core) == "author"


def test_texts_of_the_register_are_seen_but_not_what_is_public():
    cells = ["Xerxes Qvistgaard", "vill bli svetsare i Flen", "Arbete, tillsvidare", "D-00417", "K"]
    texts = register_texts(cells, public="exit_reasons: Arbete, tillsvidare")
    assert scan("a.html", "<p>XERXES&nbsp;Qvistgaard slutade.</p>", texts) == "register_text"
    assert scan("a.html", "<p>Hon vill bli svetsare i Flen.</p>", texts) == "register_text"
    assert scan("a.html", "<td>D-00417</td>", texts) == "register_text"
    assert scan("a.html", "<p>Arbete, tillsvidare. K. Ville bli svetsare.</p>", texts) is None
    assert "Qvistgaard" not in repr(texts)


def test_a_number_of_the_register_is_seen_even_with_a_wrong_check_digit():
    texts = register_texts(["19121212-1213"])
    assert scan("a.html", "<p>191212121213</p>", texts) == "identity_number"


def archive(**members: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in members.items():
            packed.writestr(name.replace("__", "/"), text)
    return target.getvalue()


@pytest.mark.parametrize("whose", ["Company", "Manager"])
def test_company_and_manager_of_office_files_are_read(whose):
    told = archive(**{"docProps__app.xml": f"<Properties><{whose}>Anna</{whose}></Properties>"})
    for name in ("a.docx", "a.xlsx"):
        assert scan(name, told) == "author"
    empty = archive(**{"docProps__app.xml": f"<{whose}/>\n<Application>Word</Application>"})
    assert scan("a.docx", empty) is None


def test_authors_of_pages_and_pdfs_are_read():
    assert scan("a.html", '<meta name="author" content="Anna">') == "author"
    assert scan("a.pdf", b"%PDF-1.7\n1 0 obj << /Author (Anna) >> endobj") == "author"
    assert scan("a.pdf", b"%PDF-1.7\n1 0 obj << /Author () /Title (Rapport) >> endobj") is None


def test_members_of_office_files_are_read():
    runs = "<w:p><w:r><w:t>19121212</w:t></w:r><w:r><w:t>-1212</w:t></w:r></w:p>"
    assert scan("a.docx", archive(**{"word__document.xml": runs})) == "identity_number"
    hidden = '<sheet state="hidden"/><si><t>19121212-1212</t></si>'
    assert scan("a.xlsx", archive(**{"xl__sharedStrings.xml": hidden})) == "identity_number"
    core = "<dc:creator>anna</dc:creator>"
    assert scan("a.xlsx", archive(**{"docProps__core.xml": core})) == "author"
    assert scan("a.xlsx", archive(**{"xl__sheet1.xml": "<v>267</v><v>163</v>"})) is None


def test_metadata_of_a_pdf_is_read_also_where_it_is_packed():
    plain = b"%PDF-1.7\n1 0 obj << /Author (19121212-1212) >> endobj"
    assert scan("a.pdf", plain) == "identity_number"
    packed = zlib.compress(b"<x:xmpmeta>19121212-1212</x:xmpmeta>")
    content = b"%PDF-1.7\nstream\n" + packed + b"\nendstream"
    assert scan("a.pdf", content) == "identity_number"


@pytest.mark.parametrize(
    "text",
    ["121212 - 1212", "121212  1212", "121212\t1212", "1912.12.12-1212", "19121212/1212",
     "121212,1212", "121212;1212", "nr191212121212", "１９１２１２１２－１２１２", "19121212 TF29",
     "</td><td>19121212</td><td>1212"],
)  # fmt: skip
def test_a_number_is_seen_in_the_shapes_that_a_person_reads(text):
    assert scan("a.html", f"<table><tr><td>{text}</td></tr></table>") == "identity_number"
    assert scan("a.txt", f"Deltagare {text.replace('</td><td>', ' ')}") == "identity_number"


@pytest.mark.parametrize("text", ["<p>TRE0123 slutade</p>", "<td>ab123</td>", "<i>x</i> AB123."])
def test_a_code_of_the_register_is_seen(text):
    texts = register_texts(["TRE0123", "AB123", "K2018"], public="k2018")
    assert scan("a.html", text, texts) == "register_text"
    for other in ("<p>TRE01234, AB12, fig123, K2018</p>", '<path id="A11">'):
        assert scan("a.html", other, texts) is None
