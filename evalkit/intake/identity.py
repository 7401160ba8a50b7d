"""Identity numbers: checked, used for age and sex, replaced by a keyed pseudonym.

The number never leaves this module: what is returned holds its birth date, sex, status and
pseudonym only. Sources: Skatteverket, SKV 704 (personnummer) and SKV 707 (samordningsnummer).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import re
import unicodedata
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from evalkit.intake.codebook import value_key
from evalkit.intake.grid import Column

Status = Literal["valid", "coordination", "temporary", "invalid", "lost_digits", "code",
                 "placeholder", "missing"]  # fmt: skip

_COORDINATION_DAYS = 60
_PSEUDONYM_LENGTH = 24
_BLOCK, _PADS = 64, (0x36, 0x5C)
_SHORT = 10
_LARGEST_SAMPLE = 500
_NUMBERED, _RECURRING = 0.8, 3

_NUMBER = re.compile(r"(\d{6}|\d{8})([-+]?)(\d{4})$", re.ASCII)
# T- and TF-numbers, and others of that shape: what they are differs between systems.
_TEMPORARY = re.compile(r"(\d{6}|\d{8})-?[A-ZÅÄÖ][A-Z0-9]{3}$", re.IGNORECASE | re.ASCII)
# A day of birth with its last digits masked is shared by all who were born that day.
_MASKED = re.compile(r"(\d{6}|\d{8})[-+]?([X*#]{2,4}|0000|-+)$", re.IGNORECASE | re.ASCII)
_WITH_HYPHENS = re.compile(r"(\d{4})-(\d{2})-(\d{2})([-+]?\d{4})$", re.ASCII)
# As spreadsheets write a number that is too wide; a code such as 12E7 has no plus sign.
_SCIENTIFIC = re.compile(r"(\d)[.,]?(\d*)E\+(\d+)$", re.IGNORECASE)
_WHOLE = re.compile(r"^([\d+-]+)[.,]0+$", re.ASCII)
_DASHES = str.maketrans(dict.fromkeys("\u2012\u2013\u2014\u2212", "-"))
_PLAIN_CODE = r"^([A-Za-z][0-9A-Za-z]*|[0-9]{1,9})$"
_YEAR_PLACES = 10_000
_NOT_DIGIT = re.compile(r"\D", re.ASCII)
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


_CODE = Identity("code", "")


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
    compact = compacted(text)
    if not compact or _SCIENTIFIC.match(compact):
        return Identity("lost_digits" if compact else "missing", "")
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


def compacted(text: str) -> str:
    """An identity without what tells no two apart: spaces, case, width, the kind of dash, ",00",
    the sign by which a spreadsheet takes a number for text, and a power of ten with every digit.

    >>> compacted("d \u2013 7"), compacted("12,00"), compacted("'007"), compacted("1,24E+2")
    ('D-7', '12', '007', '124')
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(_DASHES)
    compact = _WHOLE.sub(r"\1", "".join(text.split()).upper().lstrip("'"))
    power = _SCIENTIFIC.match(compact) if "E+" in compact else None
    return power[1] + power[2] if power and len(power[2]) == int(power[3]) else compact


def code_key(code: str) -> str:
    """A code as it is compared: the zeros before a number are what spreadsheets lose.

    >>> code_key("0007"), code_key("D007")
    ('7', 'D007')
    """
    return (code.lstrip("0") or "0") if code.isdigit() else code


def placeholders_in(texts: Column, words: frozenset[str]) -> frozenset[str]:
    """Texts of an identity column that name nobody, as they are compared.

    Besides known words: one digit repeated in a number of identity length, among codes with
    digits a text without any that stands in several rows, and 9999 among codes of other forms.
    """
    codes, distinct = texts.codes, texts.distinct
    counts = np.bincount(codes, minlength=len(distinct))
    sample = _sample(distinct)
    is_numbered = sum(map(_has_digit, sample)) >= _NUMBERED * len(sample)
    found = set()
    # What ends in a digit and is no placeholder begins with another: so do most codes.
    arrow = pa.array(distinct, pa.string())
    first, last = (pc.utf8_slice_codeunits(arrow, *ends) for ends in ((0, 1), (-1, None)))
    is_odd = pc.or_(pc.or_(pc.equal(first, last), pc.equal(first, "-")),
                    pc.invert(pc.match_substring_regex(last, "[0-9]")))  # fmt: skip
    for place in np.flatnonzero(is_odd.to_numpy(zero_copy_only=False)).tolist():
        text = distinct[place]
        if not text:
            continue
        key = value_key(text)
        digits = key.replace("-", "").replace(" ", "")
        is_one_digit = digits.isdigit() and len(set(digits)) == 1
        recurs = is_numbered and counts[place] >= _RECURRING
        is_other = not _has_digit(key) or (
            is_one_digit and len(digits) >= _RECURRING and not _is_alike(text, sample)
        )
        if key in words or (is_one_digit and len(digits) >= _SHORT) or (recurs and is_other):
            found.add(text)
    return frozenset(found)


def _is_alike(text: str, sample: list[str]) -> bool:
    """Whether a number is as long as some other of the codes."""
    return any(one.isdigit() and len(one) == len(text) and one != text for one in sample)


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))


def _sample(distinct: np.ndarray) -> list[str]:
    """An even sample of the distinct texts that hold anything."""
    return [text for text in distinct[:: max(1, len(distinct) // _LARGEST_SAMPLE)] if text]


def read_identities(
    texts: Column,
    reference_years: np.ndarray,
    *,
    key: bytes,
    scope: str,
    expects_number: bool,
    placeholders: frozenset[str] = frozenset(),
) -> Identities:
    """Every cell's identity, with the number replaced by its pseudonym.

    Args:
        texts: The cells.
        reference_years: Year of enrolment per row.
        key: Secret key of the pseudonyms; the same key gives the same pseudonym.
        scope: Where codes that are no identity numbers are unique, the file and sheet.
        expects_number: The column is for identity numbers, so anything else is invalid.
        placeholders: Texts that name nobody.
    """
    codes, distinct = texts.codes, texts.distinct
    is_plain = np.zeros(len(distinct), dtype=bool) if expects_number else _are_codes(distinct)
    if placeholders:
        is_plain &= ~np.array([text in placeholders for text in distinct], dtype=bool)
    others = np.flatnonzero(~is_plain)
    # A number needs the year to tell its century. Everything else is the same in every year.
    has_century = np.zeros(len(distinct), dtype=bool)
    has_century[others] = [expects_number or text[:6].isdigit() for text in distinct[others]]
    places, of_text, years = codes, np.arange(len(distinct)), np.zeros(len(distinct), dtype=int)
    if has_century.any():
        pairs = codes * _YEAR_PLACES + np.where(has_century[codes], reference_years, 0)
        places, found = pd.factorize(pairs)
        of_text, years = np.divmod(found, _YEAR_PLACES)
    is_code = is_plain[of_text]
    names = np.full(len(of_text), "", dtype=object)
    names[is_code] = _code_pseudonyms(distinct[of_text[is_code]], key=key, scope=scope)
    people = [
        Identity("placeholder", "")
        if text in placeholders
        else read_identity(text, reference_year=year, expects_number=expects_number)
        for text, year in zip(distinct[of_text[~is_code]], years[~is_code].tolist(), strict=True)
    ]
    names[~is_code] = [pseudonym(one, key=key, scope=scope) for one in people]
    who = np.zeros(len(of_text), dtype=int)
    who[~is_code] = np.arange(1, len(people) + 1)
    who, people = who[places], [_CODE, *people]
    return Identities(
        person=names[places],
        status=np.array([one.status for one in people], dtype=object)[who],
        birth_date=np.array([one.birth_date for one in people], dtype="datetime64[D]")[who],
        sex=np.array([one.sex for one in people], dtype=object)[who],
    )


def _are_codes(distinct: np.ndarray) -> np.ndarray:
    """Texts of ASCII that are codes and no identity number, as most that are not numbers are."""
    texts = pa.array(distinct, pa.string())
    is_code: np.ndarray = pc.match_substring_regex(texts, _PLAIN_CODE).to_numpy(
        zero_copy_only=False
    )
    return is_code


def _code_pseudonyms(codes: np.ndarray, *, key: bytes, scope: str) -> list[str]:
    """What `pseudonym` gives for each plain code, a million of them in a second."""
    upper = pc.ascii_upper(pa.array(codes, pa.string()))
    keys = pc.ascii_ltrim(upper, "0").to_pylist()
    # RFC 2104 with the key's two halves hashed once: twice as fast as asking for each anew.
    block = (key if len(key) <= _BLOCK else hashlib.sha256(key).digest()).ljust(_BLOCK, b"\0")
    inner, outer = (hashlib.sha256(bytes(byte ^ pad for byte in block)) for pad in _PADS)
    inner.update(f"{scope}\x1f".encode())
    names = []
    for code in keys:
        message, whole = inner.copy(), outer.copy()
        message.update(code.encode() or b"0")
        whole.update(message.digest())
        names.append(whole.hexdigest()[:_PSEUDONYM_LENGTH])
    return names


def pseudonym(identity: Identity, *, key: bytes, scope: str) -> str:
    """HMAC-SHA256 (RFC 2104) of the canonical identity, shortened to 96 bits.

    Identity numbers give the same pseudonym in every file; codes only within ``scope``.
    """
    if not identity.canonical:
        return ""
    local = scope if identity.status in ("code", "invalid") else ""
    message = f"{local}\x1f{identity.canonical}".encode()
    return hmac.digest(key, message, "sha256").hex()[:_PSEUDONYM_LENGTH]


def lone_persons(rows: np.ndarray, *, key: bytes, scope: str) -> np.ndarray:
    """A pseudonym per row, for rows that name nobody: each is a person of its own."""
    messages = (f"{scope}\x1frow\x1f{row}" for row in rows)
    return np.array(
        [hmac.digest(key, m.encode(), "sha256").hex()[:_PSEUDONYM_LENGTH] for m in messages],
        dtype=object,
    )


def share_of_numbers(texts: Column, reference_year: int) -> float:
    """Share of the distinct filled cells, or of an even sample, that are identity numbers."""
    sample = _sample(texts.distinct)
    statuses = [
        read_identity(text, reference_year=reference_year, expects_number=False).status
        for text in sample
    ]
    return sum(status != "code" for status in statuses) / max(len(sample), 1)


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
