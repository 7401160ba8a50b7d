"""Numbers in digits and in words at a place of a sentence, whatever unit follows."""

from __future__ import annotations

from dataclasses import dataclass

from evalkit.reading.lexicon import Lexicon, words_named
from evalkit.reading.tokens import Sentence

MONTHS = words_named("months")
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_HALVES = {"half": "and", "halvt": "och", "halv": "och"}  # tre och ett halvt


def is_year(value: float) -> bool:
    return _FIRST_YEAR <= value < _LAST_YEAR and value == int(value)


@dataclass(frozen=True, slots=True)
class Number:
    values: tuple[float, ...]
    decimals: int | None
    after: int
    is_digits: bool
    is_spaced: bool = False  # 1 987 persons, and no year

    @property
    def looks_like_a_year(self) -> bool:
        return (
            self.is_digits
            and not self.is_spaced
            and all(_FIRST_YEAR <= v < _LAST_YEAR and not self.decimals for v in self.values)
        )


class Numerals:
    """Reads the numbers of one sentence."""

    def __init__(self, sentence: Sentence, words: Lexicon) -> None:
        self.s, self.words, self.n = sentence, words, len(sentence.tokens)

    def number(self, i: int, *, articles: bool = False) -> Number | None:
        """A number in digits or words at ``i``; ranges (20–25) give two values."""
        first = self.simple(i, articles=articles)
        if first is None or not self._is_dash(first.after):
            return None if first is None or self._glued(i, first) else first
        second = self.simple(first.after + 1)
        if second is None or not (first.is_digits and second.is_digits):
            return None if self._glued(i, first) else first
        beyond = self.s.word(second.after)
        if beyond in ("-", ":", "/"):
            return None
        return Number(
            (*first.values, *second.values), max(first.decimals or 0, second.decimals or 0),
            second.after, True,
        )  # fmt: skip

    def _glued(self, i: int, number: Number) -> bool:
        return number.is_digits and self.s.tokens[i].is_glued

    def _is_dash(self, i: int) -> bool:
        return self.s.word(i) in ("–", "-") and i + 1 < self.n

    def simple(self, i: int, *, articles: bool = False) -> Number | None:
        if half := self._half_of_scale(i):
            return half
        if i >= self.n or (value := self.s.tokens[i].value) is None:
            return self.article(i) if articles else None
        token = self.s.tokens[i]
        if token.is_digits:
            return Number((value,), token.decimals, i + 1, True, " " in token.text)
        return self._words(i, value)

    def _half_of_scale(self, i: int) -> Number | None:
        """``half a million``, ``en halv miljon``."""
        at = i + 1 if self.s.word(i) in ("en", "a") else i
        if self.s.word(at) not in ("half", "halv"):
            return None
        at += 2 if self.s.word(at + 1) == "a" else 1
        return Number((0.5,), 0, at, False) if self.s.word(at) in self.words.scales else None

    def article(self, i: int) -> Number | None:
        return (
            Number((1.0,), 0, i + 1, False) if self.s.word(i) in ("a", "an", "en", "ett") else None
        )

    def _words(self, i: int, value: float) -> Number:
        """A number in words, with hundreds and thousands told apart: two hundred and six."""
        total, after = 0.0, i + 1
        while after < self.n:
            word = self.s.word(after)
            if word in self.words.hundred and value < 100:
                value, after = value * 100, after + 1
            elif word in self.words.thousand and value < 1000 and not total:
                total, value, after = value * 1000, 0, after + 1
            elif (more := self._more(after, value or total)) is not None:
                value, after = value + more[0], more[1]
            else:
                break
        half = _HALVES.get(self.s.word(after + 2), "") == self.s.word(after)
        half = half and self.s.word(after + 1) in ("a", "en", "ett")
        return Number((total + value + half / 2,), 0, after + 3 * half, False)

    def _more(self, i: int, value: float) -> tuple[float, int] | None:
        if value < 100 or value % 100:
            return None
        at = i + 1 if self.words.number_and and self.s.word(i) == self.words.number_and else i
        token = self.s.tokens[at] if at < self.n else None
        if token is None or token.is_digits or token.value is None or token.value >= 1000:
            return None
        return token.value, at + 1
