from __future__ import annotations

from pathlib import Path

import pytest

from evalkit.intake.delimited import decode, read_delimited
from evalkit.intake.errors import IntakeError

HEADER = "Kön;Kommun;Startdatum"
ROW = "Kvinna;Sjöbo;2018-02-01"


def _read(tmp_path: Path, content: bytes):
    file = tmp_path / "a.csv"
    file.write_bytes(content)
    return read_delimited(file, name="a.csv")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_swedish_letters_survive_every_encoding_in_use(tmp_path: Path, encoding: str) -> None:
    grid = _read(tmp_path, f"{HEADER}\r\n{ROW}\r\n".encode(encoding))
    assert grid.cells.tolist() == [HEADER.split(";"), ROW.split(";")]
    assert grid.findings == ()


def test_letters_encoded_twice_are_repaired_and_reported(tmp_path: Path) -> None:
    twice = f"{HEADER}\n{ROW}\n".encode().decode("cp1252").encode("utf-8")
    grid = _read(tmp_path, twice)
    assert grid.cells[1].tolist() == ROW.split(";")
    assert [(found.check, found.rows) for found in grid.findings] == [("mojibake_repaired", (1, 2))]


def test_a_byte_order_mark_encoded_twice_does_not_hide_the_first_header(tmp_path: Path) -> None:
    twice = f"{HEADER}\n{ROW}\n".encode("utf-8-sig").decode("cp1252").encode("utf-8")
    assert _read(tmp_path, twice).cells[0, 0] == "Kön"


def test_one_foreign_byte_does_not_garble_the_rest_of_the_file(tmp_path: Path) -> None:
    content = f"{HEADER}\n{ROW}\n".encode() + "Man;Malmö;2018-02-02\n".encode("cp1252")
    cells = _read(tmp_path, content).cells
    assert cells[:, 1].tolist() == ["Kommun", "Sjöbo", "Malmö"]


def test_letters_that_cannot_be_repaired_are_an_error_with_their_row() -> None:
    _, findings = decode("Kön\nÃ¥\u0394\n".encode(), name="a.csv")
    assert [(found.severity, found.check, found.rows) for found in findings] == [
        ("error", "mojibake", (2,))
    ]


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_the_delimiter_is_recognised(tmp_path: Path, delimiter: str) -> None:
    lines = [delimiter.join(line.split(";")) for line in (HEADER, ROW, ROW)]
    assert _read(tmp_path, "\n".join(lines).encode()).cells.shape == (3, 3)


def test_decimal_commas_are_not_taken_for_delimiters(tmp_path: Path) -> None:
    content = b"Kostnad;Timmar\n1,5;2,5\n2,5;3,5\n"
    assert _read(tmp_path, content).cells[1].tolist() == ["1,5", "2,5"]


def test_the_sep_line_decides_and_is_not_counted_as_a_row(tmp_path: Path) -> None:
    grid = _read(tmp_path, f"sep=;\r\n{HEADER}\r\n{ROW}\r\n".encode("utf-8-sig"))
    assert grid.cells[0].tolist() == HEADER.split(";")


def test_a_line_break_inside_quotes_is_one_row(tmp_path: Path) -> None:
    grid = _read(tmp_path, b'Kommun;Startdatum\n"Ystad\nkommun";2018-02-01\n')
    assert len(grid.cells) == 2


def test_a_quotation_mark_that_is_never_closed_names_its_row(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match="near row 2 is neither doubled nor closed"):
        _read(tmp_path, b'Kommun;Startdatum\n"Ystad;2018-02-01\nMarkervarde;2018-02-01\n')


def test_a_binary_file_called_csv_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match="not a text file"):
        _read(tmp_path, b"PK\x03\x04\x00\x00\x00")
