"""What is read in a file is what a person, or an archive tool, finds there."""

from __future__ import annotations

import pytest

from evalkit.disclosure.readable import readable_parts
from evalkit.disclosure.scan import scan


@pytest.mark.parametrize(
    "alternative",
    [
        b"(Deltagare 19121212-1212)",
        b"<FEFF" + "19121212-1212".encode("utf-16-be").hex().encode() + b">",
    ],
    ids=["literal", "UTF-16"],
)
def test_the_strings_of_a_pdf_are_read_and_its_offsets_are_not(alternative):
    # The offset reads as 23 January 2000 with a right check digit.
    offsets = b"xref\n0001234566 00000 n\n"
    report = b"%PDF-1.7\n1 0 obj << /Alt " + alternative + b" >> endobj\n" + offsets
    assert scan("report.pdf", report) == "identity_number"
    assert scan("report.pdf", report.replace(alternative, b"(267 deltagare)")) is None


def test_of_a_picture_what_is_written_in_it_is_read() -> None:
    import struct
    import zlib

    def chunk(kind: bytes, content: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + checksum

    points = b"19121212-1212"  # points of colour are no text
    picture = b"\x89PNG\r\n\x1a\n" + chunk(b"IDAT", points)
    assert "".join(readable_parts("a.png", picture)) == ""
    told = picture + chunk(b"iTXt", b"Description\0\0\0\0\0Ystad 3") + chunk(b"IEND", b"")
    assert "Ystad 3" in "".join(readable_parts("a.png", told))
