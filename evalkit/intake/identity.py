"""Identity numbers: checked, used for age and sex, replaced by a keyed pseudonym.

The number never leaves this module: what is returned holds its birth date, sex, status and
pseudonym only. Sources: Skatteverket, SKV 704 (personnummer) and SKV 707 (samordningsnummer).
"""

from __future__ import annotations

import datetime as dt
import hmac
import os
import re
import secrets
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from evalkit.intake.codebook import value_key
from evalkit.intake.errors import IntakeError
from evalkit.project.vocabulary import EDITIONS

Status = Literal["valid", "coordination", "temporary", "invalid", "code", "placeholder", "missing"]

KEY_VARIABLE = "EVALKIT_PSEUDONYM_KEY"
KEY_FILE = "key"  # beside a register's editions, from the first one on
_SHORTEST_KEY, _FEWEST_LETTERS = 16, 8
_COORDINATION_DAYS = 60
_PSEUDONYM_LENGTH = 24
_SHORT = 10
_LARGEST_SAMPLE = 500
_NUMBERED, _RECURRING = 0.8, 3

_NUMBER = re.compile(r"(\d{6}|\d{8})\s*([-+\u2212\u2013]?)\s*(\d{4})$", re.ASCII)
# T- and TF-numbers, and others of that shape: what they are differs between systems.
_TEMPORARY = re.compile(r"(\d{6}|\d{8})-?[A-ZÅÄÖ][A-Z0-9]{3}$", re.IGNORECASE | re.ASCII)
# A day of birth with its last digits masked is shared by all who were born that day.
_MASKED = re.compile(r"(\d{6}|\d{8})[-+]?([X*#]{2,4}|0000|-+)$", re.IGNORECASE | re.ASCII)
_WITH_HYPHENS = re.compile(r"(\d{4})-(\d{2})-(\d{2})([-+]?\d{4})$", re.ASCII)
_SCIENTIFIC = re.compile(r"\d[.,]?\d*E\+?\d+$", re.IGNORECASE)
_NOT_DIGIT = re.compile(r"\D", re.ASCII)
_INSIDE_TEXT = re.compile(r"(?<!\d)(?:\d{2})?\d{6}[-+ \u2212\u2013]?\d{4}(?!\d)", re.ASCII)
# Luhn (SKV 704): every other digit counts twice, and a two-digit product by its digit sum.
_DOUBLED = {str(digit): sum(divmod(2 * digit, 10)) for digit in range(10)}


@dataclass(frozen=True, slots=True)
class Identity:
    """What an identity number says. ``canonical`` is what the pseudonym is made from."""

    status: Status
    canonical: str = field(repr=False)
    birth_date: dt.date | None = field(default=None, repr=False)
    sex: str = "unknown"


@dataclass(frozen=True, slots=True, eq=False)
class Identities:
    """A column of identities.

    ``person`` is the pseudonym, ``""`` where the cell is empty or has lost digits, so that
    no two persons are taken for one.
    """

    person: np.ndarray
    status: np.ndarray
    birth_date: np.ndarray
    sex: np.ndarray
    lost_digits: np.ndarray


_CODE = Identity("code", "")


def secret_key(beside: Path | None = None) -> bytes:
    """The key of the pseudonyms: a lasting one, else random and forgotten with the process."""
    return lasting_key(beside) or _key_of_process()


def lasting_key(beside: Path | None) -> bytes | None:
    """The key from the environment, else the one beside a register since its first edition.

    Raises:
        IntakeError: For a key that is short or easy to guess: whoever tries the keys could try
            all identity numbers with them.
    """
    given = os.environ.get(KEY_VARIABLE, "")
    if given and is_guessable(given):
        raise IntakeError("weak_key", variable=KEY_VARIABLE, shortest=_SHORTEST_KEY)
    if given:
        return given.encode()
    lasting = beside / EDITIONS / KEY_FILE if beside is not None else None
    if lasting is not None and lasting.is_file():
        kept = lasting.read_text(encoding="ascii").strip()
        if not is_guessable(kept):
            return kept.encode()
    return None


def is_guessable(key: str) -> bool:
    """Whether a key is short, of few letters, or mostly runs such as abc and 111."""
    steps = [abs(ord(b) - ord(a)) <= 1 for a, b in pairwise(key)]
    return (
        len(key) < _SHORTEST_KEY
        or len(set(key.casefold())) < _FEWEST_LETTERS
        or sum(steps) > len(steps) / 2
    )


@cache
def _key_of_process() -> bytes:
    return secrets.token_bytes(32)


def luhn_is_right(digits: str) -> bool:
    """Whether ten digits YYMMDDNNNC satisfy the check digit.

    >>> luhn_is_right("1212121212"), luhn_is_right("1212121213")
    (True, False)
    """
    total = sum(_DOUBLED[digit] for digit in digits[0::2]) + sum(map(int, digits[1::2]))
    return total % 10 == 0


def read_identity(text: str, *, reference_year: int, expects_number: bool) -> Identity:
    """The identity in a cell.

    The century of a ten-digit number comes from its separator and the reference year: ``-``
    or none means younger than 100, ``+`` a hundred or older that year.

    Args:
        text: The cell, possibly a number that lost its leading zero on the way.
        reference_year: Year the person was enrolled, never today.
        expects_number: The column is for identity numbers, so anything else is invalid.
    """
    compact = "".join(text.split()).upper().removesuffix(".0")
    if not compact:
        return Identity("missing", "")
    if not expects_number and not compact[:6].isdigit():
        return Identity("code", code_key(compact))
    if expects_number and compact.isdigit() and 7 < len(compact) < _SHORT:
        compact = compact.zfill(_SHORT)
    compact = _WITH_HYPHENS.sub(r"\1\2\3\4", compact) if expects_number else compact
    if match := _NUMBER.match(compact):
        full = _with_century(match[1], match[2], reference_year) + match[3]
        found = _checked(full)
        if found:
            return found
    stand_in = _stand_in(compact, reference_year)
    if stand_in:
        return stand_in
    if expects_number:
        return _in_any_dress(compact, reference_year) or Identity("invalid", compact)
    return Identity("code", code_key(compact))


def _in_any_dress(compact: str, reference_year: int) -> Identity | None:
    """A number between other signs: "SE19121212-1212", "1912.12.12/1212"."""
    digits = _NOT_DIGIT.sub("", compact)
    if len(digits) not in (_SHORT, _SHORT + 2):
        return None
    return _checked(_with_century(digits[:-4], "", reference_year) + digits[-4:])


def _stand_in(compact: str, reference_year: int) -> Identity | None:
    """A day of birth with letters or a mask behind it."""
    for status, pattern in _STAND_INS:
        match = pattern.match(compact)
        full = _with_century(match[1], "", reference_year) if match else ""
        birth = _birth_date(full) if full else None
        if birth:
            canonical = full + compact[-4:] if status == "temporary" else ""
            return Identity(status, canonical, birth)
    return None


_STAND_INS: tuple[tuple[Status, re.Pattern[str]], ...] = (
    ("placeholder", _MASKED),
    ("temporary", _TEMPORARY),
)


def code_key(code: str) -> str:
    """A code as it is compared: the zeros before a number are what spreadsheets lose.

    >>> code_key("0007"), code_key("D007")
    ('7', 'D007')
    """
    return (code.lstrip("0") or "0") if code.isdigit() else code


def placeholders_in(texts: np.ndarray, words: frozenset[str]) -> frozenset[str]:
    """Texts of an identity column that name nobody, as they are compared.

    Besides known words: one digit repeated in a number of identity length, and among codes
    with digits a text without any that stands in several rows.
    """
    codes, distinct = pd.factorize(texts)
    counts = np.bincount(codes, minlength=len(distinct)).tolist()
    sample = _sample(distinct)
    is_numbered = sum(map(_has_digit, sample)) >= _NUMBERED * len(sample)
    found = set()
    for text, n in zip(distinct, counts, strict=True):
        # What ends in a digit and is no placeholder begins with another: most codes end here.
        if not text or (text[-1].isdigit() and text[0] not in (text[-1], "-")):
            continue
        key = value_key(text)
        digits = key.replace("-", "").replace(" ", "")
        is_one_digit = digits.isdigit() and len(digits) >= _SHORT and len(set(digits)) == 1
        is_word = is_numbered and n >= _RECURRING and not _has_digit(key)
        if key in words or is_one_digit or is_word:
            found.add(text)
    return frozenset(found)


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))


def _sample(distinct: np.ndarray) -> list[str]:
    """An even sample of the distinct texts that hold anything."""
    return [text for text in distinct[:: max(1, len(distinct) // _LARGEST_SAMPLE)] if text]


def read_identities(
    texts: np.ndarray,
    reference_years: np.ndarray,
    *,
    key: bytes,
    scope: str,
    expects_number: bool,
    placeholders: frozenset[str] = frozenset(),
) -> Identities:
    """Every cell's identity, with the number replaced by its pseudonym.

    Args:
        texts: Object array of strings.
        reference_years: Year of enrolment per row.
        key: Secret key of the pseudonyms; the same key gives the same pseudonym.
        scope: Where codes that are no identity numbers are unique, the file and sheet.
        expects_number: The column is for identity numbers, so anything else is invalid.
        placeholders: Texts that name nobody.
    """
    codes, distinct = pd.factorize(texts)
    nobody = Identity("placeholder", "")
    people, names = [_CODE], [""]
    # A number needs the year to tell its century. Everything else is the same in every year.
    is_plain = _are_codes(distinct, placeholders) if not expects_number else None
    if is_plain is None:
        is_plain = np.zeros(len(distinct), dtype=bool)
    read: dict[tuple[int, int], int] = {}
    places = np.zeros(len(texts), dtype=np.int64)
    for row in np.flatnonzero(~is_plain[codes]).tolist():
        pair = (int(codes[row]), int(reference_years[row]))
        place = read.get(pair)
        if place is None:
            place = read[pair] = len(people)
            text = distinct[pair[0]]
            found = (
                nobody
                if text in placeholders
                else read_identity(text, reference_year=pair[1], expects_number=expects_number)
            )
            people.append(found)
            names.append(pseudonym(found, key=key, scope=scope))
        places[row] = place
    person = np.array(names, dtype=object)[places]
    if is_plain.any():
        named = np.full(len(distinct), "", dtype=object)
        named[is_plain] = _code_pseudonyms(distinct[is_plain], key=key, scope=scope)
        person = np.where(is_plain[codes], named[codes], person)
    lost = [text[:1].isdigit() and _SCIENTIFIC.match(text) is not None for text in distinct]
    return Identities(
        person=person,
        status=np.array([one.status for one in people], dtype=object)[places],
        birth_date=np.array([one.birth_date for one in people], dtype="datetime64[D]")[places],
        sex=np.array([one.sex for one in people], dtype=object)[places],
        lost_digits=np.array(lost, dtype=bool)[codes],
    )


def _are_codes(distinct: np.ndarray, placeholders: frozenset[str]) -> np.ndarray:
    """Texts that are no identity number for want of six digits in front, and name somebody."""
    return np.array(
        [bool(text) and not text[:6].isdigit() and text not in placeholders for text in distinct],
        dtype=bool,
    )


def _code_pseudonyms(codes: np.ndarray, *, key: bytes, scope: str) -> np.ndarray:
    """What `pseudonym` gives for each code, a million of them in a few seconds."""
    before, digest, length = f"{scope}\x1f", hmac.digest, _PSEUDONYM_LENGTH
    names = []
    for text in codes:
        compact = (
            text.upper() if text.isalnum() else "".join(text.split()).upper().removesuffix(".0")
        )
        if compact[0] < "A" and _SCIENTIFIC.match(compact):
            names.append("")
        else:
            message = f"{before}{code_key(compact)}".encode()
            names.append(digest(key, message, "sha256").hex()[:length])
    return np.array(names, dtype=object)


def pseudonym(identity: Identity, *, key: bytes, scope: str) -> str:
    """HMAC-SHA256 (RFC 2104) of the canonical identity, shortened to 96 bits.

    Identity numbers give the same pseudonym in every file; codes only within ``scope``.
    """
    canonical = identity.canonical
    if not canonical or ("E" in canonical and _SCIENTIFIC.match(canonical)):
        return ""
    local = scope if identity.status in ("code", "invalid") else ""
    return hmac.digest(key, f"{local}\x1f{canonical}".encode(), "sha256").hex()[:_PSEUDONYM_LENGTH]


def lone_persons(rows: np.ndarray, *, key: bytes, scope: str) -> np.ndarray:
    """A pseudonym per row, for rows that name nobody: each is a person of its own."""
    messages = (f"{scope}\x1frow\x1f{row}" for row in rows)
    return np.array(
        [hmac.digest(key, m.encode(), "sha256").hex()[:_PSEUDONYM_LENGTH] for m in messages],
        dtype=object,
    )


def share_of_numbers(texts: np.ndarray, reference_year: int) -> float:
    """Share of the distinct filled cells, or of an even sample, that are identity numbers."""
    sample = _sample(pd.unique(texts))
    statuses = [
        read_identity(text, reference_year=reference_year, expects_number=False).status
        for text in sample
    ]
    return sum(status != "code" for status in statuses) / max(len(sample), 1)


def holds_identity_number(text: str) -> bool:
    """Whether a free text holds an identity number anywhere."""
    for match in _INSIDE_TEXT.finditer(text):
        digits = re.sub(r"\D", "", match[0])[-_SHORT:]
        if luhn_is_right(digits) and _birth_date("20" + digits[:6]) is not None:
            return True
    return False


def _checked(digits: str) -> Identity | None:
    """The identity of twelve digits, if date and check digit are right."""
    birth = _birth_date(digits[:8])
    if birth is None or not luhn_is_right(digits[-_SHORT:]):
        return None
    is_coordination = int(digits[6:8]) > _COORDINATION_DAYS
    sex = "man" if int(digits[10]) % 2 else "woman"
    return Identity("coordination" if is_coordination else "valid", digits, birth, sex)


def _birth_date(digits: str) -> dt.date | None:
    """YYYYMMDD as a date; a coordination number adds 60 to the day."""
    day = int(digits[6:8])
    day -= _COORDINATION_DAYS if day > _COORDINATION_DAYS else 0
    try:
        return dt.date(int(digits[:4]), int(digits[4:6]), day)
    except ValueError:
        return None


def _with_century(digits: str, separator: str, reference_year: int) -> str:
    """YYMMDD → YYYYMMDD by the separator and the year of enrolment."""
    if len(digits) == len("YYYYMMDD"):
        return digits
    age = (reference_year - int(digits[:2])) % 100
    year = reference_year - age - (100 if separator == "+" else 0)
    return f"{year:04d}{digits[2:]}"
