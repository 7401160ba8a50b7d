"""What words do, read from ``words/<language>.yaml``: cues, number words, units, months.

A cue is a few words; a star stands for the rest of a word, a tilde for up to four words, and
``<month>`` for the name of one, as ``<most>`` for any word of that set.
Words are looked up, never searched for by long alternations, so reading takes linear time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any, Literal

from evalkit.yaml_text import read_yaml

Language = Literal["sv", "en"]
_LONGEST_WORD = 40
_GAP_WORDS = 4
_SHORTEST_AFFIX = 2
_OUTCOMES = ("work", "study")  # every word for them is one of outcome, too


def word_set(words: str) -> frozenset[str]:
    """The words of a list written as running text."""
    return frozenset(words.split())


def words_named(name: str) -> frozenset[str]:
    """The words of a list in ``words/rules.yaml``."""
    return word_set(_given("rules")[name])


@cache
def _given(name: str) -> dict[str, Any]:
    file = resources.files("evalkit.reading") / "words" / f"{name}.yaml"
    return dict(read_yaml(file.read_text(encoding="utf-8")))


@dataclass(frozen=True, slots=True)
class _Cue:
    tag: str
    rest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of one language, ready to be looked up."""

    language: Language
    numbers: Mapping[str, int]
    hundred: frozenset[str]
    thousand: frozenset[str]
    number_and: str
    parts: Mapping[str, int]
    ordinals: Mapping[str, int]
    about_tens: Mapping[str, int]
    scales: Mapping[str, int]
    money: Mapping[str, int]
    times: Mapping[str, float]
    time_units: Mapping[str, str]
    months: frozenset[str]
    abbreviations: frozenset[str]
    exact: Mapping[str, tuple[_Cue, ...]]
    prefixes: Mapping[str, tuple[_Cue, ...]]
    suffixes: Mapping[str, tuple[_Cue, ...]]

    def knows(self, word: str) -> bool:
        return bool(_first(self.language, word))

    def cues_at(self, words: Sequence[str], i: int, end: int) -> list[tuple[str, int]]:
        """Tags of the cues that begin at word ``i``, each with the position after its last."""
        found = []
        for cue in _first(self.language, words[i]):
            after = _end_of(cue.rest, words, i + 1, end)
            if after:
                found.append((cue.tag, after))
        return found


@lru_cache(maxsize=20_000)
def _first(language: Language, word: str) -> tuple[_Cue, ...]:
    """The cues whose first word this is. Words of a language recur, so they are kept."""
    words = lexicon(language)
    if len(word) > _LONGEST_WORD:
        return ()
    found = list(words.exact.get(word, ()))
    for length in range(_SHORTEST_AFFIX, len(word) + 1):
        found += words.prefixes.get(word[:length], ())
        found += words.suffixes.get(word[-length:], ())
    return tuple(found)


def _end_of(rest: Sequence[str], words: Sequence[str], i: int, end: int) -> int:
    """The position after the last word of a cue, or 0 when the words do not follow."""
    for position, wanted in enumerate(rest):
        if wanted == "~":
            ends = (
                _end_of(rest[position + 1 :], words, i + skipped, end)
                for skipped in range(_GAP_WORDS + 1)
            )
            return next((after for after in ends if after), 0)
        if i >= end or not _is_word(words[i], wanted):
            return 0
        i += 1
    return i


def _is_word(word: str, wanted: str) -> bool:
    if wanted.endswith("*"):
        return word.startswith(wanted[:-1])
    return word == wanted


def number_words(given: Mapping[str, Any]) -> dict[str, int]:
    """Every whole number below a thousand that is written as one word."""
    small = {word: value for value, word in enumerate(given["small"])}
    tens = {word: value for value, word in given["tens"].items()}
    joined = {
        f"{ten}{given['joint']}{unit}": t + u
        for ten, t in tens.items()
        for unit, u in small.items()
        if 0 < u < 10
    }
    ones = [word for word, value in given["also"].items() if value == 1]
    joined |= {f"{ten}{given['joint']}{one}": t + 1 for ten, t in tens.items() for one in ones}
    below = {**small, **tens, **joined}
    if given["joint"]:
        return {**below, **given["also"]}
    below |= given["also"]
    hundreds = {
        f"{word}{hundred}": 100 * max(value, 1)
        for hundred in given["hundred"]
        for word, value in [("", 1), *small.items()]
        if value < 10 and (not word or value)
    }
    over = {f"{h}{word}": v + n for h, v in hundreds.items() for word, n in below.items() if n}
    return {**below, **hundreds, **over}


@cache
def lexicon(language: Language) -> Lexicon:
    """The words of a language.

    >>> lexicon("sv").numbers["etthundraåttiofyra"]
    184
    """
    given = _given(language)
    exact: dict[str, list[_Cue]] = {}
    prefixes: dict[str, list[_Cue]] = {}
    suffixes: dict[str, list[_Cue]] = {}
    cues = {tag: list(map(str, phrases)) for tag, phrases in given["cues"].items()}
    if language == "sv":
        cues["person"] += [f"{w}na" for w in cues["person"] if w.endswith(("ar", "er", "or"))]
    for tag in _OUTCOMES:
        cues["outcome"] += cues[tag]
    for tag, phrases in cues.items():
        for phrase in dict.fromkeys(_each(phrases, {"month": given["months"], **given["sets"]})):
            first, *rest = phrase.split()
            cue = _Cue(tag, tuple(rest))
            if first.startswith("*"):
                suffixes.setdefault(first[1:], []).append(cue)
            elif first.endswith("*"):
                prefixes.setdefault(first[:-1], []).append(cue)
            else:
                exact.setdefault(first, []).append(cue)
    return Lexicon(
        language=language, numbers=number_words(given["numbers"]),
        hundred=frozenset(given["numbers"]["hundred"]),
        thousand=frozenset(given["numbers"]["thousand"]), number_and=given["numbers"]["and"],
        parts=given["parts_of_one"], ordinals=given["ordinals"], about_tens=given["about_tens"],
        scales=given["scales"], money=given["money"], times=given["times"],
        time_units=given["time_units"], months=frozenset(given["months"]),
        abbreviations=frozenset(given["abbreviations"]), exact=_fixed(exact),
        prefixes=_fixed(prefixes), suffixes=_fixed(suffixes),
    )  # fmt: skip


def _each(phrases: Iterable[str], sets: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Every phrase that a pattern stands for: ``<most> ~ <ever>``."""
    for phrase in phrases:
        before, opened, rest = phrase.partition("<")
        name, _, after = rest.partition(">")
        if opened:
            yield from _each((f"{before}{word}{after}" for word in sets[name]), sets)
        else:
            yield phrase


def _fixed(cues: dict[str, list[_Cue]]) -> dict[str, tuple[_Cue, ...]]:
    return {word: tuple(found) for word, found in cues.items()}
