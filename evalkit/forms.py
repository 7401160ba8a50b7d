"""What points at a person by its form: identity numbers in any shape, telephone, e-mail, address.

Looser than `scan`'s runs of digits, for texts that come from a register: whatever a person would
read as the same number is the same number, with a tab, a line break, a slash, dots or a cell's
border between its parts, with letters before it, in full-width digits.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import Literal

Form = Literal["identity_number", "telephone", "email", "address"]

_COORDINATION_DAYS = 60
# Between the parts of a number; ␟ stands for the border of a cell.
_BETWEEN = r"[\s./\\\-+–—−_:,;|\u241f]{0,4}"
_WITHIN_DATE = r"[\s./\-–−]?"
_BIRTH = rf"(?P<year>(?:18|19|20)?\d\d){_WITHIN_DATE}(?P<month>\d\d){_WITHIN_DATE}(?P<day>\d\d)"
_NUMBER = re.compile(
    rf"(?<![\da-f]){_BIRTH}(?P<between>{_BETWEEN})(?P<last>\d{{4}})(?![\da-f]|[\-./]\d)"
)
# Temporary numbers: TF and two digits (protected), or T or another letter and three.
_TEMPORARY = re.compile(
    rf"(?<!\d){_BIRTH}[\s./\-–−_,;|\u241f]{{0,2}}(?:TF\d\d|T\d{{3}}|(?<=[\-–−])[A-ZÅÄÖ]\d{{3}})(?!\w)",
    re.IGNORECASE,
)
# What every number, and every temporary number, holds: beginning with a digit, both are quick
# to look for.
_TEN_DIGITS = re.compile(rf"\d(?:{_BETWEEN}\d){{9}}")
_LETTERED = re.compile(r"\d[\s./\-–−_,;|\u241f]{0,2}(?:TF|[A-ZÅÄÖ]\d)\d", re.IGNORECASE)
# A comma or a semicolon right between two whole numbers is a row of cells.
_SIGNED = re.compile(r"[^\S\n]*[\-+–—−/_][^\S\n]*|[^\S\n]{2,}|\t|[,;|\u241f]")
_EMAIL = re.compile(r"[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+")
_MOBILE = r"(?:(?:\+|00)46[\s\-/.]?(?:\(0\))?|0)7[\s\-/.]?\d(?:[\s\-/.]?\d){7}"
_AREA = r"(?:(?:\+|00)46[\s\-/.]?(?:\(0\))?[1-9]\d{0,2}|0[1-9]\d{0,2})"
_LANDLINE = rf"{_AREA}\s?[\-/]\s?\d{{2,3}}(?:[\s.]?\d{{2,3}}){{1,3}}"
_TELEPHONE = re.compile(rf"(?<![\d.,])(?:{_MOBILE}|{_LANDLINE})(?!\d)")
_STREET = (
    r"(?:väg(?:en)?|gata(?:n)?|gränd(?:en)?|stig(?:en)?|torg(?:et)?|backe(?:n)?|allé(?:n)?|plan)"
)
# Parts of a programme that end like a street: "Delplan 2", "Jobbtorg 3", "Utväg 1", "Plan 2".
_PROGRAMME = (
    r"(?:jobb|karriär|lär|läro|kunskaps|kompetens|medborgar)(?:väg|gata|stig|torg|plan)(?:e[nt]|n)?"
    r"|(?:del|under|delmåls|handlings|projekt|arbets|studie|etapp|steg|kurs|utvecklings|insats"
    r"|genomförande|utbildnings|yrkes|stöd|vård|åtgärds|grund|bas|tids|verksamhets|aktivitets"
    r"|etablerings|rehab|rehabiliterings|huvud|våningss?|ut|in|om|av|gen)(?:väg|stig|torg|plan)"
    r"|vägen|väg|gata|gränd|stig|torg|backe|allé|plan"
)
_NAMED = (
    r"(?:[A-ZÅÄÖ][\w:]*s|(?i:norra|södra|östra|västra|lilla|stora|gamla|nya))\s+"
    r"(?i:väg|gata|gränd|stig|torg|backe|allé)"
)
# "Björkv. 12", and not abbreviations of other words.
_SHORT_STREET = (
    r"(?!(?:Avg|Förv|Ing|Intv|Inv|Niv|Omg|Tillg|Uppg|Utg|Utv|Återg|Överg|Övg)\.)"
    r"[A-ZÅÄÖ]\w+(?:v|g|gr|gat|väg)\."
)
_NUMBER_OF_HOUSE = r"\s*\d{1,3}\s?[A-Za-z]?\b(?!\s*(?:%|procent))"
_ADDRESS = re.compile(
    rf"\b(?:(?i:(?!(?:{_PROGRAMME})\s)\w*{_STREET}\s)|{_NAMED}\s|{_SHORT_STREET}){_NUMBER_OF_HOUSE}"
)


def pointing_form(text: str) -> Form | None:
    """What a heading, a level, a sheet or a file's name looks like, if it points at a person.

    >>> pointing_form("Ring 070-174 06 05"), pointing_form("Ekvägen 3"), pointing_form("Ystad")
    ('telephone', 'address', None)
    """
    plain = folded(text)
    if holds_identity_shape(plain):
        return "identity_number"
    if _EMAIL.search(plain):
        return "email"
    if _TELEPHONE.search(plain):
        return "telephone"
    return "address" if _ADDRESS.search(plain) else None


def veiled(text: str) -> str:
    """A name as a terminal may show it: dots where its form points at a person.

    >>> veiled("deltagare.xlsx"), veiled("070-174 06 05")
    ('deltagare.xlsx', '•••-••• •• ••')
    """
    return re.sub(r"\w", "•", text) if pointing_form(text) else text


def contacts_in(text: str) -> list[str]:
    """Telephone numbers, e-mail and street addresses in a text.

    >>> contacts_in("nås på 070-174 06 05, Ekvägen 3")
    ['070-174 06 05', 'Ekvägen 3']
    """
    plain = folded(text)
    return [one for form in (_EMAIL, _TELEPHONE, _ADDRESS) for one in form.findall(plain)]


def holds_identity_shape(text: str, *, among_decimals: bool = False) -> bool:
    r"""Whether a text holds an identity number in a shape that a person would read as one.

    The date has to exist and the check digit to be right; temporary numbers have none.

    Args:
        text: What is read.
        among_decimals: A file full of numbers, where a short one beside another is no date.

    >>> holds_identity_shape("nr121212 - 1212"), holds_identity_shape("19121212/1213")
    (True, False)
    """
    plain = folded(text)
    if holds_lettered(plain) and any(map(_is_birth, _TEMPORARY.finditer(plain))):
        return True
    start = 0
    # "191212121212.0" is how a spreadsheet turns a number.
    plain = re.sub(r"\.(?<=\d{4}\.)0+(?!\d)", "", plain)
    while ten := _TEN_DIGITS.search(plain, start):
        start = ten.start() + 1
        found = _NUMBER.match(plain, ten.start())
        if found is None or (among_decimals and not _stands_out(plain, found)):
            continue
        if _is_birth(found) and _check_digit_is_right(found):
            return True
    return False


def holds_lettered(text: str) -> bool:
    """Whether a temporary number may stand in a text, where letters take the place of digits."""
    return _LETTERED.search(text) is not None


def _stands_out(text: str, found: re.Match[str]) -> bool:
    """Whether digits among others can only be meant as one number."""
    if found.start() and text[found.start() - 1] in ".,":
        return False
    date, between = text[found.start() : found.start("between")], found["between"]
    if len(found["year"]) == len("1912"):
        return date.isdigit() or (between != "" and "\n" not in between)
    return date.isdigit() and _SIGNED.fullmatch(between) is not None


def folded(text: str) -> str:
    """Full-width and other digits as 0–9, without characters that nobody sees."""
    if text.isascii():
        return text
    plain = unicodedata.normalize("NFKC", text)
    # By the letters that occur: a file has a million characters, and some eighty different ones.
    odd = {ord(c): _as_read(c) for c in set(plain) if not c.isascii() and _as_read(c) != c}
    return plain.translate(odd) if odd else plain


def _as_read(c: str) -> str:
    return "" if unicodedata.category(c) == "Cf" else str(unicodedata.digit(c, c))


def _is_birth(found: re.Match[str]) -> bool:
    """A date that exists, 60 added to a coordination number's day."""
    year, month, day = found["year"], int(found["month"]), int(found["day"])
    day -= _COORDINATION_DAYS if day > _COORDINATION_DAYS else 0
    try:
        dt.date(int(year if len(year) > 2 else f"20{year}"), month, day)
    except ValueError:
        return False
    return True


def _check_digit_is_right(found: re.Match[str]) -> bool:
    digits = found["year"][-2:] + found["month"] + found["day"] + found["last"]
    products = (int(digit) * (2 - place % 2) for place, digit in enumerate(digits))
    return sum(sum(divmod(product, 10)) for product in products) % 10 == 0
