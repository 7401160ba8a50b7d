"""Text cells → levels: exit classes, sexes, statuses, ISCED groups and plain categories.

Labels are printed in findings only where they cannot be about one person.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from evalkit.forms import holds_identity_shape, pointing_form
from evalkit.intake.codebook import Codebook, value_key
from evalkit.intake.convert import by_distinct
from evalkit.intake.grid import Column

_LONGEST_LABEL = 40
# A label written fewer times may be a note about one person, even a name.
_FEWEST_WRITTEN = 3
# "Gymnasium 3 år", "> 12 mån"; more may be a number of somebody's.
_MOST_DIGITS = 2
_MUNICIPALITY_DIGITS = 4
_INITIALS = re.compile(r"[A-ZÅÄÖ]{2,3}$")
_NAMES = frozenset({"Nan", "Na", "Null"})  # no program writes a missing value so
_ONE = frozenset({"1", "1.0"})
_SUN = re.compile(r"\d{1,3}(\.0)?$")
# "2 Gymnasial", "grundskola (åk 9)": the word says it.
_NUMBERED_LEVEL = re.compile(r"^\d{1,3}[.:)]? *[-–]? *(?=\D)|\s*\([^)]*\)$")
_DIGITS_OF_ANY_LIST = frozenset("123")


@dataclass(frozen=True, slots=True, eq=False)
class Levels:
    """A column of levels.

    ``unmapped`` marks cells the codebook does not know, ``removed`` cells emptied because
    they held an identity number.
    """

    values: np.ndarray
    unmapped: np.ndarray
    removed: np.ndarray


def exit_classes(texts: Column, codebook: Codebook) -> Levels:
    """Exit class of each exit reason: ``""`` where none is given, "unknown" where unmapped."""

    def read(text: str) -> tuple[str, bool]:
        key = value_key(text)
        if not key or key in codebook.ongoing or _is_nothing(key, codebook):
            return "", False
        reason = codebook.exit_class(text)
        return (reason, False) if reason else ("unknown", True)

    return _levels(texts, read)


def column_levels(texts: Column, column: str, kind: str, codebook: Codebook) -> Levels:
    """Canonical level of each cell; what is not mapped stays as written.

    An unmapped sex becomes "unknown", an unmapped education or yes/no answer is empty.
    """
    known = codebook.values.get(column, {})
    kept = _names(texts, codebook) if kind == "category" else frozenset()
    without_key = kind == "education" and has_digits_without_key(texts, codebook, known)
    if kind == "sex" and _is_zero_or_one(texts, known):
        known = {key: level for key, level in known.items() if key not in _ONE}

    def read(text: str) -> tuple[str, bool]:
        key = value_key(text)
        if key in known:
            return known[key], False
        if not key or (text not in kept and _is_nothing(key, codebook)):
            return ("unknown" if kind == "sex" else ""), False
        if kind == "education":
            level = "" if without_key and _SUN.match(key) else _education(key, known, codebook)
            return level, not level
        if kind == "municipality":
            return _municipality(text), False
        fallback = {"sex": "unknown", "yes_no": ""}.get(kind, _tidy(text))
        return fallback, kind != "category"

    return _levels(texts, read)


def _education(key: str, known: Mapping[str, str], codebook: Codebook) -> str:
    """The level that a word says, whatever number stands beside it, else the first digit of SUN."""
    by_digit = codebook.education_sun.get(key[0], "") if _SUN.match(key) else ""
    return known.get(_NUMBERED_LEVEL.sub("", key), by_digit)


def has_digits_without_key(texts: Column, codebook: Codebook, known: Mapping[str, str]) -> bool:
    """Whether a column of education holds 1, 2 and 3 alone, and nothing says what they mean.

    As first digits of SUN all three would be at most upper secondary; most often they stand
    for compulsory, upper secondary and higher education.
    """
    keys = {value_key(text).removesuffix(".0") for text in texts.distinct}
    filled = {key for key in keys if key and not _is_nothing(key, codebook) and key not in known}
    return bool(filled) and filled <= _DIGITS_OF_ANY_LIST


def _is_zero_or_one(texts: Column, known: Mapping[str, str]) -> bool:
    """Whether sex is 0 or 1, which says no more than that it is one or the other."""
    keys = {value_key(text) for text in texts.distinct}
    return "0" in keys and "0" not in known and not keys & {"2", "2.0"}


def _is_nothing(key: str, codebook: Codebook) -> bool:
    return key in codebook.symbols or key in codebook.blanks or key in codebook.errors


def _names(texts: Column, codebook: Codebook) -> frozenset[str]:
    """Marks of a missing value that are names here, or initials as all other levels are."""
    distinct = [text for text in texts.distinct if text]
    marks = {text for text in distinct if _is_nothing(value_key(text), codebook)}
    others = [text for text in distinct if text not in marks]
    are_initials = len(others) > 1 and all(_INITIALS.match(text) for text in others)
    return frozenset(
        text for text in marks if text in _NAMES or (are_initials and _INITIALS.match(text))
    )


def printable_labels(texts: np.ndarray) -> tuple[str, ...]:
    """Labels safe to print, with their counts, the most frequent first.

    Left out, with only their row numbers in the finding: labels with more than two digits or
    ``@``, of a form that points at a person, longer than 40 characters, or written fewer than
    three times.
    """
    counts = pd.Series(texts).value_counts()
    return tuple(
        f"{_tidy(label)} ({count})"
        for label, count in counts.items()
        if count >= _FEWEST_WRITTEN and _is_printable(str(label))
    )


def _is_printable(label: str) -> bool:
    digits = sum(c.isdigit() for c in label)
    is_worded = digits <= _MOST_DIGITS and (not digits or any(map(str.isalpha, label)))
    is_short = len(label) <= _LONGEST_LABEL
    return is_short and is_worded and "@" not in label and pointing_form(label) is None


def _levels(texts: Column, read: Callable[[str], tuple[str, bool]]) -> Levels:
    codes, results = by_distinct(texts, lambda text: (*read(text), holds_identity_shape(text)))
    values = np.array(["" if holds else value for value, _, holds in results], dtype=object)
    unmapped = np.array([is_unmapped for _, is_unmapped, _ in results], dtype=bool)
    removed = np.array([holds for _, _, holds in results], dtype=bool)
    return Levels(values[codes], unmapped[codes], removed[codes])


def _municipality(text: str) -> str:
    """The name as written; a code gets back the leading zero that Excel ate."""
    code = text.strip().removesuffix(".0")
    return code.zfill(_MUNICIPALITY_DIGITS) if code.isdigit() else _tidy(text)


def _tidy(text: object) -> str:
    return " ".join(str(text).split())
