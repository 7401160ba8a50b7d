"""The output check of a file before it is put in place: nothing in it may point at a person.

Looks for identity numbers however they are written, pseudonyms, texts that stand in the
register, rows of persons and metadata that tell whose machine wrote the file. An answer
names the kind of a hit and never quotes it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from evalkit.disclosure.readable import readable_parts
from evalkit.forms import contacts_in, holds_identity_shape, holds_lettered

Hit = Literal[
    "identity_number", "pseudonym", "register_text", "rows_of_persons", "local_path", "author"
]

_SHORT, _LONG = 10, 12
_COORDINATION_DAYS = 60
# What is looked for comes first, and what must not stand before it after: a search is quick from
# a character it can begin with.
# A run of digits with at most one space or sign between two of them; not inside a word, a
# checksum or a decimal, but "191212121212.0", as a spreadsheet turns it, is one.
_RUN = re.compile(r"\d(?<![\w.,]\d)(?:[ +\-]?\d){9,}(?!\w)(?![.,](?!0+\b)\d)")
_PROTECTED = re.compile(r"(?<!\d)(?:18|19|20)?\d{6}-?TF\d{2}\b", re.IGNORECASE)
# Pseudonyms are 96 bits in hexadecimal; checksums are longer.
_PSEUDONYM = re.compile(r"[0-9a-f]{24}(?<!\w[0-9a-f]{24})(?!\w)")
_LOCAL_PATH = re.compile(r"(?:/home/|/Users/|/root/|\b[A-Za-z]:\\{1,2}Users\\{1,2})[\w.\-]")
_PARTS_OF_PATHS = ("/home/", "/Users/", "/root/", ":\\")
_FRAME = re.compile(r"class=\\?[\"']dataframe")
_DAY = re.compile(r"(?:19|20)(?<!\d\d\d)\d{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?!\d)")
_AUTHOR = re.compile(r"<(?:dc:creator|cp:lastModifiedBy|pdf:Author|Company|Manager)\b[^>]*>([^<]+)")
_WORD = re.compile(r"\w+")
# Letters with three digits or more and nothing else; shorter ones are names of figures, too.
_CODE = re.compile(r"(?=.{5})[^\W\d_]+\d{3,}[^\W_]*")
# Cheap to look for in every cell: an e-mail's sign, a long number, a word before a house number.
_MAY_BE_CONTACT = re.compile(r"@|\d[\d\s()/.-]{6,}\d|[a-zåäö]\s+\d{1,3}\b")
# More days than this in one file are somebody's rows, not dates of a report.
_MOST_DAYS = 40
_ROW_COLUMNS = frozenset({"person", "entry", "exit", "exit_class", "age_at_entry", "n_spells"})
_FEWEST_ROW_COLUMNS = 4
_SHORTEST_TEXT = 6
_FEWEST_WORDS_ALONE = 2


@dataclass(frozen=True, slots=True)
class RegisterTexts:
    """Texts that stand in the register and nowhere in what is public; kept in memory only.

    Attributes:
        by_first_word: First word of each text → the texts as tuples of words.
        numbers: Runs of digits that name a person, right check digit or not.
        codes: Letters and digits in one that name a person: "AB123".
    """

    by_first_word: dict[str, frozenset[tuple[str, ...]]] = field(default_factory=dict, repr=False)
    numbers: frozenset[str] = field(default_factory=frozenset, repr=False)
    codes: frozenset[str] = field(default_factory=frozenset, repr=False)


def register_texts(values: Iterable[str], *, public: str = "") -> RegisterTexts:
    """What a scan looks for, from the cells of columns that tell persons apart.

    Args:
        values: Cells: names, notes, codes, identity numbers. Those that are plain numbers
            or dates are left out, and short ones.
        public: Texts that may be printed: the project file, the text catalogues.
    """
    public_words = words_of(public)
    known = dict.fromkeys(public_words, True)
    phrases = dict.fromkeys(pairwise(public_words), True)
    by_first: dict[str, set[tuple[str, ...]]] = {}
    numbers, codes = set(), set()
    for value in set(values):
        if _CODE.fullmatch(value):
            codes.add(value.casefold())
            continue
        digits = re.sub(r"[ +\-]|\.0$", "", value)
        if digits.isdigit() and len(digits) in (_SHORT, _LONG):
            numbers.add(digits)
            continue
        words = tuple(words_of(value))
        for contact in contacts_in(value) if _MAY_BE_CONTACT.search(value) else ():
            parts = tuple(words_of(contact))
            by_first.setdefault(parts[0], set()).add(parts)
        if len(value) < _SHORTEST_TEXT or not any(word.isalpha() for word in words):
            continue
        is_public = (
            all(pair in phrases for pair in pairwise(words))
            if len(words) >= _FEWEST_WORDS_ALONE
            else words[0] in known
        )
        if not is_public:
            by_first.setdefault(words[0], set()).add(words)
    told = {word: frozenset(phrases) for word, phrases in by_first.items()}
    return RegisterTexts(told, frozenset(numbers), frozenset(codes.difference(public_words)))


def together(texts: Iterable[RegisterTexts]) -> RegisterTexts:
    """What several registers hold."""
    by_first: dict[str, frozenset[tuple[str, ...]]] = {}
    numbers = codes = frozenset[str]()
    for one in texts:
        numbers, codes = numbers | one.numbers, codes | one.codes
        for word, phrases in one.by_first_word.items():
            by_first[word] = by_first.get(word, frozenset()) | phrases
    return RegisterTexts(by_first, numbers, codes)


_NO_PERSON = frozenset({"", "evalkit"})  # what the metadata name as author


def scan(
    name: str,
    content: str | bytes,
    texts: RegisterTexts | None = None,
) -> Hit | None:
    """The first thing found in a file that may point at a person; nothing of it is quoted.

    Args:
        name: File name; its ending says how to read the content.
        content: Text, or bytes of a docx, xlsx, pdf or other file.
        texts: What the register holds; without it only forms are looked for.

    Test numbers that Skatteverket publishes, the second as a spreadsheet may show it:

    >>> scan("a.html", "<p>Deltagare 19121212-1212</p>")
    'identity_number'
    >>> scan("a.csv", "191\u00a0212\u00a0121\u00a0212;1")
    'identity_number'
    >>> scan("a.html", "<p>267 deltagare, 2018-02-05, 20180205</p>") is None
    True
    """
    for part in readable_parts(name, content):
        found = _scan_text(part, texts or RegisterTexts())
        if found:
            return found
    return None


def holds_identity_number(text: str) -> bool:
    """Whether a readable text holds an identity or coordination number, or a protected one."""
    if holds_lettered(text) and _PROTECTED.search(text):
        return True
    if holds_identity_shape(text, among_decimals=True):
        return True
    return any(
        _is_identity_number(digits) for run in _RUN.finditer(text) for digits in _windows(run[0])
    )


def _scan_text(text: str, texts: RegisterTexts) -> Hit | None:
    if holds_identity_number(text) or _holds_number(text, texts.numbers):
        return "identity_number"
    if any(not one.isdigit() and not one.isalpha() for one in _PSEUDONYM.findall(text)):
        return "pseudonym"
    if _holds_rows(text):
        return "rows_of_persons"
    if any(part in text for part in _PARTS_OF_PATHS) and _LOCAL_PATH.search(text):
        return "local_path"
    if any(found[1].strip().casefold() not in _NO_PERSON for found in _AUTHOR.finditer(text)):
        return "author"
    if (texts.by_first_word or texts.codes) and _holds_phrase(text, texts):
        return "register_text"
    return None


def _windows(run: str) -> Iterable[str]:
    """Neighbouring groups of digits put together, where they make up 10 or 12.

    A sign stands before the last four, if anywhere: "15 100-18 300" is two sums of money.
    """
    groups = re.split(r"([ +\-])", re.sub(r"\.0+$", "", run))
    for start in range(0, len(groups), 2):
        joined, signs = "", set()
        for i in range(start, len(groups), 2):
            if joined and groups[i - 1] != " ":
                signs.add(len(joined))
            joined += groups[i]
            if len(joined) > _LONG:
                break
            if len(joined) in (_SHORT, _LONG) and (not signs or len(joined) - 4 in signs):
                yield joined


def _is_identity_number(digits: str) -> bool:
    """SKV 704 and 707: a real date, 60 added to a coordination number's day, and Luhn."""
    if len(digits) == _LONG and digits[:2] not in ("18", "19", "20"):
        return False
    short = digits[-_SHORT:]
    century = digits[:2] if len(digits) == _LONG else "20"
    day = int(short[4:6])
    day -= _COORDINATION_DAYS if day > _COORDINATION_DAYS else 0
    try:
        dt.date(int(century + short[:2]), int(short[2:4]), day)
    except ValueError:
        return False
    products = (int(digit) * (2 - place % 2) for place, digit in enumerate(short))
    return sum(product // 10 + product % 10 for product in products) % 10 == 0


def _holds_number(text: str, numbers: frozenset[str]) -> bool:
    if not numbers:
        return False
    return any(digits in numbers for run in _RUN.finditer(text) for digits in _windows(run[0]))


def _holds_rows(text: str) -> bool:
    """A printed data frame, headings of the rows of persons, or more days than a report has."""
    if _FRAME.search(text):
        return True
    if sum(name in text for name in _ROW_COLUMNS) >= _FEWEST_ROW_COLUMNS:
        cells = {cell.strip(" \"'") for cell in re.split(r"[\n;,\t]", text)}
        if len(_ROW_COLUMNS & cells) >= _FEWEST_ROW_COLUMNS:
            return True
    return len(set(_DAY.findall(text))) > _MOST_DAYS


def _holds_phrase(text: str, texts: RegisterTexts) -> bool:
    words = words_of(text)
    if not texts.codes.isdisjoint(words):
        return True
    for position, word in enumerate(words):
        for phrase in texts.by_first_word.get(word, ()):
            if tuple(words[position : position + len(phrase)]) == phrase:
                return True
    return False


def words_of(text: str) -> list[str]:
    """The words of a text as they are compared."""
    return _WORD.findall(text.casefold())


def may_stand_in(values: Iterable[str], said: frozenset[str]) -> list[str]:
    """The texts out of a register that may be met among the words said: a quick first look."""
    return [
        value
        for value in values
        if (first := _WORD.search(value))
        and (first[0].casefold() in said or _MAY_BE_CONTACT.search(value))
    ]
