from __future__ import annotations

import subprocess
import sys

import pytest

from evalkit.disclosure.scan import scan

# Skatteverket's published test numbers, and one coordination number (day + 60).
NUMBERS = ["191212121212", "189001019802", "198507099805", "197802022389", "197010632391"]


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("written", ["{0}{1}", "{0}-{1}", "{0}+{1}"])
@pytest.mark.parametrize("digits", [12, 10])
def test_an_identity_number_is_seen_however_it_is_written(
    number: str, written: str, digits: int
) -> None:
    short = number[-digits:]
    text = f"<td>{written.format(short[:-4], short[-4:])}</td>"
    assert scan("text.html", text) == "identity_number"


@pytest.mark.parametrize(
    "text",
    [
        "191212121213",  # the check digit is wrong
        "191213121212",  # there is no month 13
        "0.191212121212",
        "1912121212123",
        "a191212121212f",  # part of a checksum
        "2018-01-01 – 2019-12-31",
        "4 330 224 kr",
        "M 191212.1212 12",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert scan("text.html", text) != "identity_number"


def test_whoever_only_looks_files_over_loads_no_solver() -> None:
    """Each worker would pay for it before its first chapter."""
    program = (
        "import sys, evalkit.documents.guard\n"
        "import evalkit.documents.editions.manifest, evalkit.documents.writers\n"
        "assert 'evalkit.disclosure.scan' in sys.modules and 'scipy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
