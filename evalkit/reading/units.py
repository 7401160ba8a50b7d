"""What a number is of: per cent, points, money, time or persons, by the words after it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from evalkit.reading.lexicon import word_set, words_named
from evalkit.reading.numerals import Number, Numerals, is_year

Unit = Literal["percent", "points", "money", "duration", "persons", "times", "score", "bare"]
Form = Literal["number", "pair", "range", "proportion", "fraction", "word"]
_BEFORE_YEARS = word_set("under i år sedan sen in during since year from till of for för")
_NO_ADJECTIVE = (
    "verb_after", "org", "employer", "of", "more", "change", "contrast", "goal_noun", "staff",
)  # fmt: skip
_ENGLISH_ADJECTIVES = words_named("english_adjectives")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number as written: positions of its words, values, unit.

    Attributes:
        first: Position of the first word, the hedge left out.
        after: Position after the last word.
        base: The n of ``k of n``.
        noun: Position of the noun counted, -1 when none follows.
    """

    first: int
    after: int
    values: tuple[float, ...]
    unit: Unit
    form: Form = "number"
    decimals: int | None = None
    hedge: str | None = None
    hedge_at: int = -1
    base: int | None = None
    base_at: int = -1
    noun: int = -1
    detail: str = ""

    @property
    def begins(self) -> int:
        return self.hedge_at if self.hedge_at >= 0 else self.first


class Units(Numerals):
    """Reads a number with the unit that follows it."""

    def _unit(self, number: Number) -> Quantity | None:
        i, values = number.after, number.values
        if self.s.word(i) in ("-", "–") and self.s.at("percent", i + 1):
            i += 1
        plain = Quantity(first=i, after=i, values=values, unit="bare", decimals=number.decimals)
        if after := self.s.at("points", i):
            return replace(plain, after=after, unit="points")
        if after := self.s.at("percent", i):
            return replace(plain, after=after, unit="percent")
        if (money := self._money(number)) is not None:
            return money
        time_unit = self.words.time_units.get(self.s.word(i))
        dated = time_unit == "years" and self._next_is_year(i + 1)  # 1 530 år 2020: no years
        if time_unit and not self._is_age(i) and not dated:
            return replace(plain, after=i + 1, unit="duration", detail=time_unit)
        scale, at = self._scale(i)
        noun = self._noun(at)
        if number.looks_like_a_year and noun > at:
            return None  # the 2023 figure counts apprenticeships
        if noun >= 0 and (scale > 1 or not number.decimals) and not self._is_date(number):
            counted = tuple(v * scale for v in values)
            return replace(
                plain, after=noun + 1, values=counted, unit="persons", decimals=0, noun=noun
            )
        return None

    def _next_is_year(self, i: int) -> bool:
        token = self.s.tokens[i] if i < self.n else None
        return token is not None and token.is_digits and is_year(token.value or 0)

    def _is_date(self, number: Number) -> bool:
        """``Under 2023 avslutade 142 personer``: a year after a word of time counts nobody."""
        return number.looks_like_a_year and self.s.word(number.after - 2) in _BEFORE_YEARS

    def _is_age(self, i: int) -> bool:
        return self.s.at("age", i + 1) > 0 or self.s.word(i) == "årig"

    def _money(self, number: Number) -> Quantity | None:
        scale, i = self._scale(number.after)
        word = self.s.word(i)
        has_unit = word in self.words.money
        if not has_unit and (scale < 1_000_000 or self._noun(i) >= 0 or self.s.has("area")):
            return None
        factor = scale * self.words.money.get(word, 1)
        return Quantity(
            first=number.after, after=i + has_unit, values=tuple(v * factor for v in number.values),
            unit="money", decimals=number.decimals,
            detail=(word.upper() if word in ("euro", "gbp") else "SEK") if has_unit else "implied",
        )  # fmt: skip

    def _scale(self, i: int) -> tuple[int, int]:
        word = self.s.word(i)
        return (self.words.scales[word], i + 1) if word in self.words.scales else (1, i)

    def _noun(self, i: int) -> int:
        """The position of the noun counted, past a few adjectives; -1 when there is none."""
        reach = 4 if self.words.language == "sv" else 3
        for j in range(i, min(i + reach, self.n)):
            if j > i and self.s.word(j - 1) in ("av", "of"):
                return -1
            if self.s.at("person", j) or self.s.at("jobs", j):
                return self._last_noun(j)
            if not self._may_precede_noun(j):
                return -1
        return -1

    def _last_noun(self, j: int) -> int:
        """``unga arbetslösa``, ``young people``: the last of several nouns in a row."""
        while (
            j + 1 < self.n and self.s.at("person", j + 1) and self.s.word(j + 1) not in ("sökande",)
        ):
            j += 1
        return j

    def _may_precede_noun(self, j: int) -> bool:
        token = self.s.tokens[j]
        if token.value is not None or not token.text[0].isalpha():
            return False
        if self.words.language == "sv":
            return self.s.at("more", j) > 0 or (
                len(token.word) > 2
                and token.word.endswith(("a", "na", "la", "de", "re"))
                and not (self.s.at("verb_after", j) or self.s.at("org", j))
            )
        if token.word in _ENGLISH_ADJECTIVES:
            return True
        is_known = any((tag, j) in self.s.ends for tag in _NO_ADJECTIVE)
        return len(token.word) > 3 and token.word.islower() and not is_known
