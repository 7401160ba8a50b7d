"""Identity numbers from Skatteverket's published test series only."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.intake.errors import IntakeError
from evalkit.intake.grid import coded
from evalkit.intake.identity import (
    pseudonym,
    read_identities,
    read_identity,
)
from evalkit.intake.keys import KEY_VARIABLE, secret_key

# Number → birth date, sex by its eleventh digit (odd is man), status.
PUBLISHED = {
    "191212121212": (dt.date(1912, 12, 12), "man", "valid"),
    "189001019802": (dt.date(1890, 1, 1), "woman", "valid"),
    "198507099805": (dt.date(1985, 7, 9), "woman", "valid"),
    "197802022389": (dt.date(1978, 2, 2), "woman", "valid"),
    "197010632391": (dt.date(1970, 10, 3), "man", "coordination"),
}
numbers = st.sampled_from(sorted(PUBLISHED))


def _read(text: str, year: int = 2018, *, expects_number: bool = True):
    return read_identity(text, reference_year=year, expects_number=expects_number)


@pytest.mark.parametrize("number", PUBLISHED)
def test_published_numbers_give_birth_date_and_sex(number: str) -> None:
    birth, sex, status = PUBLISHED[number]
    found = _read(number)
    assert (found.birth_date, found.sex, found.status) == (birth, sex, status)


@given(number=numbers, year=st.integers(1995, 2040))
def test_ten_digits_and_the_separator_of_the_year_give_the_same_person(
    number: str, year: int
) -> None:
    age = year - int(number[:4])
    if not 0 <= age < 200:
        return
    separator = "+" if age >= 100 else "-"
    assert _read(f"{number[2:8]}{separator}{number[8:]}", year).canonical == number


@pytest.mark.parametrize(
    "text",
    [
        "19780202-2389",
        "780202-2389",
        "7802022389",
        "197802022389.0",
        " 19780202 2389 ",
        "780202–2389",
    ],
)
def test_all_ways_of_writing_a_number_are_one_person(text: str) -> None:
    assert _read(text).canonical == "197802022389"


@given(number=numbers, position=st.integers(2, 11), shift=st.integers(1, 9))
def test_one_wrong_digit_is_always_found(number: str, position: int, shift: int) -> None:
    wrong = str((int(number[position]) + shift) % 10)
    assert _read(number[:position] + wrong + number[position + 1 :]).status == "invalid"


def test_a_hundred_year_old_is_told_by_the_plus_sign() -> None:
    assert _read("121212+1212", 2018).birth_date == dt.date(1912, 12, 12)
    assert _read("121212-1212", 2018).birth_date == dt.date(2012, 12, 12)


def test_the_century_depends_on_the_enrolment_and_not_on_today() -> None:
    assert _read("121212-1212", 2010).birth_date == dt.date(1912, 12, 12)


@pytest.mark.parametrize("text", ["19850709Tf29", "19850709-TF29", "850709tf29"])
def test_numbers_with_letters_keep_their_birth_date_and_no_sex(text: str) -> None:
    found = _read(text)
    assert (found.status, found.birth_date, found.sex) == (
        "temporary",
        dt.date(1985, 7, 9),
        "unknown",
    )


def test_temporary_numbers_are_told_apart_from_invalid_ones() -> None:
    assert _read("850709-T123").status == "temporary"
    assert _read("850799-T123").status == "invalid"


def test_what_is_no_number_is_a_code_where_codes_are_expected() -> None:
    assert _read("D017", expects_number=False).status == "code"
    assert _read("D017").status == "invalid"


@given(text=st.text(max_size=30), year=st.integers(1990, 2030), expects=st.booleans())
def test_no_text_can_break_the_reading(text: str, year: int, expects: bool) -> None:
    found = read_identity(text, reference_year=year, expects_number=expects)
    assert found.sex in ("man", "woman", "unknown")


def test_an_identity_does_not_show_its_number() -> None:
    shown = repr(_read("197802022389"))
    assert "2389" not in shown
    assert "1978" not in shown


def test_the_pseudonym_is_hmac_sha256_of_the_number() -> None:
    expected = hmac.new(b"k", b"\x1f197802022389", hashlib.sha256).hexdigest()[:24]
    assert pseudonym(_read("780202-2389"), key=b"k", scope="a.csv") == expected


def test_another_key_gives_another_pseudonym() -> None:
    found = _read("197802022389")
    assert pseudonym(found, key=b"k", scope="") != pseudonym(found, key=b"l", scope="")


def test_numbers_are_one_person_across_files_and_codes_are_not() -> None:
    number, code = _read("197802022389"), _read("17", expects_number=False)
    assert pseudonym(number, key=b"k", scope="a") == pseudonym(number, key=b"k", scope="b")
    assert pseudonym(code, key=b"k", scope="a") != pseudonym(code, key=b"k", scope="b")


def test_numbers_that_lost_their_digits_are_not_taken_for_one_person() -> None:
    texts = coded(np.array(["1,97802E+11", "1.97802E+11"], dtype=object))
    found = read_identities(texts, np.array([2018, 2018]), key=b"k", scope="", expects_number=True)
    assert found.status.tolist() == ["lost_digits", "lost_digits"]
    assert found.person.tolist() == ["", ""]


def test_the_key_comes_from_the_environment_when_it_is_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, "q7Rz-19dk-LmWe-40vX")
    assert secret_key() == b"q7Rz-19dk-LmWe-40vX"
    monkeypatch.delenv(KEY_VARIABLE)
    assert len(secret_key()) == 32
    assert secret_key() == secret_key()


@pytest.mark.parametrize(
    "key", ["k", "hemligt", "a" * 40, "abcdefghijklmnopqrstuvwxyz", "0123456789" * 3]
)
def test_a_key_that_can_be_guessed_is_refused_and_not_repeated(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, key)
    with pytest.raises(IntakeError, match="easy to guess") as refused:
        secret_key()
    assert f" {key} " not in str(refused.value)


def test_the_key_beside_the_register_is_used_when_none_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    (tmp_path / "editions").mkdir()
    key = "9f3a77c1d0e24b5688aa01c3e5d7f912" * 2
    (tmp_path / "editions/key").write_text(key, encoding="ascii")
    assert secret_key(tmp_path) == key.encode()


def test_as_many_codes_are_as_many_persons() -> None:
    """More than 32 bits hold of code and year together."""
    texts = coded(np.array([f"D{number}" for number in range(250_000)], dtype=object))
    years = np.full(len(texts), 2024)
    found = read_identities(texts, years, key=b"k", scope="", expects_number=False)
    assert len(set(found.person)) == len(texts)
