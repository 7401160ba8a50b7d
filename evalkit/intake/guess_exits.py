"""What the exits of a file that nobody has described yet seem to be: reasons, and ends without.

A reason is proposed by its words, where they agree, and only written down where it cannot be
one person's story.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any, get_args

import numpy as np

from evalkit.forms import pointing_form
from evalkit.intake.codebook import Codebook, value_key
from evalkit.intake.convert import DateReading, parse_date
from evalkit.intake.dates import FEWEST_ALIKE, FIRST_DAYS, REASONS_KEPT
from evalkit.intake.grid import coded
from evalkit.intake.levels import exit_classes
from evalkit.project.proposal import ProposedEnding, ProposedReason
from evalkit.project.vocabulary import ExitClass
from evalkit.yaml_text import read_yaml

PLANNING_YEARS = 20
# Of a column's cells, how many must be what the field is.
MOSTLY = 0.8
# A column of reasons is a list to choose from when its texts recur; then a rare one is no
# person's story.
_MOST_REASONS, _LONGEST_REASON, _RECURRING = 30, 45, 2
_FEWEST_WRITTEN = 3
NOT_WORD = re.compile(r"[\W_]+")


def guessed_reason(text: str, codebook: Codebook) -> str:
    """The exit class that the words of a reason speak for; empty where they do not agree.

    >>> from evalkit.intake.codebook import built_in
    >>> guessed_reason("Återgått till AF", built_in())
    'referred_back'
    >>> guessed_reason("Anställning utan stöd", built_in())
    'employment'
    >>> guessed_reason("Ej arbete, åter i försörjningsstöd", built_in())
    ''
    """
    known = codebook.exit_class(text)
    if known:
        return known
    words = words_of(text)
    if any(_holds(words, f"utan {pattern}") for pattern in rules()["unsubsidised"]):
        words.remove("utan")
    if any(_is_word(word, pattern) for word in words for pattern in rules()["negations"]):
        return ""
    classes = {
        name
        for name, patterns in rules()["reasons"].items()
        if name in get_args(ExitClass) and any(_holds(words, pattern) for pattern in patterns)
    }
    for louder, other in rules()["before"]:
        if louder in classes:
            classes.discard(other)
    return classes.pop() if len(classes) == 1 else ""


@cache
def rules() -> Mapping[str, Any]:
    file = resources.files("evalkit.intake") / "guess.yaml"
    rules: dict[str, Any] = read_yaml(file.read_text(encoding="utf-8"))
    return rules


def words_of(text: str) -> list[str]:
    return [word for word in NOT_WORD.split(text.casefold()) if word]


def _is_word(word: str, pattern: str) -> bool:
    if pattern.endswith("*"):
        return word.startswith(pattern[:-1])
    return word == pattern


def _holds(words: Sequence[str], pattern: str) -> bool:
    """Whether the words of a pattern stand there in its order, others between them or not."""
    rest = iter(words)
    return all(any(_is_word(word, part) for word in rest) for part in pattern.split())


def speaks_for(heading: str, stems: Sequence[str], field: str) -> bool:
    words = words_of(heading)
    if field in ("entry", "exit") and any(
        word.startswith(stem) for word in words for stem in rules()["planned"]
    ):
        return False
    text = f" {' '.join(words)} "
    return any(f" {stem}" in text for stem in stems)


def share(values: Sequence[str], holds: Any) -> float:
    counted = Counter(values)
    return sum(n for value, n in counted.items() if holds(value)) / len(values)


def is_text(value: str) -> bool:
    return any(sign.isalpha() for sign in value) and not value[0].isdigit()


def may_be_reason(heading: str, values: Sequence[str], field: str, codebook: Codebook) -> bool:
    """Whether a column that is read as nothing might as well hold the reasons for leaving."""
    said = codebook.canonical(heading) or ("", 0)
    is_named = said[0] == "exit_reason" or speaks_for(
        heading, rules()["headings"]["exit_reason"], "exit_reason"
    )
    is_list = len(set(values)) * _RECURRING <= len(values)
    return not field and is_named and is_list and share(values, is_text) >= MOSTLY


def reasons_in(
    body: np.ndarray, fields: Mapping[int, tuple[str, bool]], codebook: Codebook
) -> tuple[tuple[ProposedReason, ...], int]:
    """The reasons that may be written down, and how many may not."""
    index = next((one for one, (name, _) in fields.items() if name == "exit_reason"), None)
    if index is None:
        return (), 0
    spellings: dict[str, Counter[str]] = {}
    nothing = {*codebook.symbols, *codebook.ongoing, *codebook.blanks}
    for value, count in Counter(body[:, index].tolist()).items():
        text = " ".join(value.split())
        key = value_key(text)
        if key and key not in nothing:
            spellings.setdefault(key, Counter())[text] += count
    counted = {spelled.most_common(1)[0][0]: spelled.total() for spelled in spellings.values()}
    total = sum(counted.values())
    is_list = len(counted) <= _MOST_REASONS and total >= _RECURRING * len(counted)
    reasons, rare = [], 0
    for text, count in sorted(counted.items(), key=lambda item: (-item[1], item[0])):
        is_known = codebook.exit_class(text) is not None
        if not is_known and not _may_be_written(text, count, is_list=is_list):
            rare += 1
            continue
        exit_class = guessed_reason(text, codebook)
        reasons.append(
            ProposedReason(text=text, count=count, exit_class=exit_class, is_known=is_known)
        )
    return tuple(reasons), rare


def endings_in(
    body: np.ndarray, fields: Mapping[int, tuple[str, bool]], codebook: Codebook, today: dt.date
) -> Iterator[ProposedEnding]:
    """Texts that several have where an end date should stand, the most frequent first."""
    places = {name: index for index, (name, _) in fields.items()}
    if "exit" not in places:
        return
    texts = body[:, places["exit"]]
    has_column = "exit_reason" in places
    given = np.zeros(len(texts), dtype=bool)
    if has_column:
        given = exit_classes(coded(body[:, places["exit_reason"]]), codebook).values != ""
    states = {text: _ending_state(str(text), codebook, today) for text in set(texts)}
    dated = np.array([states[text] == "date" for text in texts], dtype=bool)
    keeps_reasons = has_column and dated.any() and given[dated].mean() >= REASONS_KEPT
    for text, count in Counter(texts.tolist()).most_common():
        state = states[text]
        if count < FEWEST_ALIKE or state in ("", "date"):
            continue
        if state == "impossible" and not _may_be_written(text, count, is_list=False):
            continue
        nobody_left = not given[texts == text].any()
        is_sure = nobody_left and (state in ("missing", "ongoing") or keeps_reasons)
        yield ProposedEnding(
            text=text,
            count=count,
            is_known=state == "ongoing",
            is_sure=bool(is_sure) and state != "not_available",
        )


def _ending_state(text: str, codebook: Codebook, today: dt.date) -> str:
    """What a text in an end date is: a date, why it is none, or nothing to ask about."""
    if not text or value_key(text) in codebook.errors:
        return ""
    found = parse_date(text, codebook, today.year + PLANNING_YEARS)
    if found == "impossible":
        month_first = DateReading(order="month_first")
        found = parse_date(text, codebook, today.year + PLANNING_YEARS, month_first)
    if isinstance(found, dt.date):
        return "missing" if np.datetime64(found, "D") in FIRST_DAYS else "date"
    return found


def _may_be_written(text: str, count: int, *, is_list: bool) -> bool:
    if len(text) > _LONGEST_REASON or "@" in text or pointing_form(text):
        return False
    return is_list or (count >= _FEWEST_WRITTEN and not any(sign.isdigit() for sign in text))
