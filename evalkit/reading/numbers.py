"""Quantities in a sentence: a number with its unit, however it is written.

Each form is a function that looks at one position and gives a `Quantity` or nothing; the first
form that fits is taken. Whether a quantity is a claim is not decided here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache

from evalkit.reading.fractions import Fractions
from evalkit.reading.lexicon import Language, Lexicon, lexicon
from evalkit.reading.numerals import Number, is_year
from evalkit.reading.tokens import Sentence
from evalkit.reading.units import Quantity, Unit

_CURRENCIES = {"£": "GBP", "€": "EUR", "$": "USD"}
_FARTHEST_TO = 6
_SO_MANY = {"sv": ("så",), "en": ("as", "more", "higher", "the")}
_OPENING = ("from", "between", "return", "every", "all")


def quantities_of(sentence: Sentence, words: Lexicon) -> list[Quantity]:
    """The quantities of a sentence in reading order."""
    return list(_Reader(sentence, words).quantities())


@cache
def _openers(language: Language) -> frozenset[str]:
    """Words other than numbers that a quantity can begin with."""
    words = lexicon(language)
    more = ("a", "an", "en", "ett", "dubbelt", "twice", "varannan", "vartannat", *_CURRENCIES)
    return frozenset((*more, *words.times, *words.parts, *words.about_tens))


class _Reader(Fractions):
    def __init__(self, sentence: Sentence, words: Lexicon) -> None:
        super().__init__(sentence, words)
        self._openers = _openers(words.language)
        self._forms: tuple[Callable[[int], Quantity | None], ...] = (
            self._pair, self._between, self._multiple, self._proportion, self._every,
            self._part, self._about_tens, self._all, self._counted,
        )  # fmt: skip

    def quantities(self) -> Iterator[Quantity]:
        i = 0
        while i < self.n:
            if not self._may_begin(i):
                i += 1
                continue
            found = next((q for form in self._forms if (q := form(i))), None)
            if found is None:
                i += 1
                continue
            yield self._hedged(found)
            i = found.after

    def _may_begin(self, i: int) -> bool:
        """Whether any form can begin here: most words are passed by at once."""
        token = self.s.tokens[i]
        word = token.word
        return (
            token.value is not None
            or word in self._openers
            or "-" in word
            or any((tag, i) in self.s.ends for tag in _OPENING)
        )

    def _hedged(self, q: Quantity) -> Quantity:
        ends = [(a, b) for a, b in self.s.cues.get("hedge", ()) if b == q.first]
        if not ends:
            return q
        start = min(a for a, _ in ends)
        told = " ".join(token.word for token in self.s.tokens[start : q.first])
        return replace(q, hedge=told, hedge_at=start)

    def _pair(self, i: int) -> Quantity | None:
        """From A to B."""
        after = self.s.at("from", i)
        first = self.number(self._past_mean(after)) if after else None
        if first is None or len(first.values) > 1:
            return None
        unit_1 = self._unit(first)
        to = self._next_to(unit_1.after if unit_1 else first.after)
        second = self.number(to) if to else None
        if second is None or len(second.values) > 1:
            return None
        unit_2 = self._unit(second)
        unit = unit_2 or unit_1
        if unit is None and (first.looks_like_a_year or second.looks_like_a_year):
            return None
        scale = (unit_2.values[0] / second.values[0]) if unit_2 and second.values[0] else 1
        earlier = unit_1.values[0] if unit_1 else first.values[0] * scale
        return Quantity(
            first=i, after=self._with_year(unit_2.after if unit_2 else second.after),
            values=(earlier, unit_2.values[0] if unit_2 else second.values[0] * scale),
            unit=unit.unit if unit else "bare", form="pair", decimals=max(first.decimals or 0,
            second.decimals or 0), noun=unit.noun if unit else -1, detail=unit.detail if unit else
            "",
        )  # fmt: skip

    def _past_mean(self, i: int) -> int:
        """Past the words of ``från i genomsnitt 46 dagar``."""
        ends = [b for a, b in self.s.cues.get("mean", ()) if i <= a <= i + 2]
        at = max(ends, default=i)
        return at + (self.s.word(at) in ("of", "på"))

    def _next_to(self, i: int) -> int:
        """The position after a ``to`` that soon follows, with no number but a year between."""
        if self.s.word(i) == "(":  # från 38 procent (av 92) till
            i = next((j + 1 for j in range(i, min(i + 7, self.n)) if self.s.word(j) == ")"), i)
        for j in range(i, min(i + _FARTHEST_TO, self.n)):
            if after := self.s.at("to", j):
                return after
            token = self.s.tokens[j]
            if token.text in (",", ";", ".") or (
                token.value is not None and not is_year(token.value)
            ):
                return 0
        return 0

    def _with_year(self, i: int) -> int:
        """Past ``2022`` or ``in 2022`` that closes a pair."""
        at = i + 1 if self.s.word(i) in ("in", "i", "år") else i
        token = self.s.tokens[at] if at < self.n else None
        is_dated = token is not None and token.is_digits and is_year(token.value or 0)
        return at + 1 if is_dated else i

    def _between(self, i: int) -> Quantity | None:
        """Between A and B; also ``30 to 35 per cent``."""
        after = self.s.at("between", i)
        start = after or i
        first = self.number(start)
        if first is None or len(first.values) > 1 or first.looks_like_a_year:
            return None
        joins = ("och", "and", "till", "to") if after else ("till", "to")
        if self.s.word(first.after) not in joins:
            return None
        second = self.number(first.after + 1)
        if second is None or len(second.values) > 1 or second.looks_like_a_year:
            return None
        unit = self._unit(second)
        if unit is None and after and self.s.at("of", second.after):  # mellan 20 och 25 av dem
            unit = Quantity(first=i, after=second.after, values=second.values, unit="bare")
            return replace(unit, values=(*first.values, *second.values), form="range", decimals=0)
        if unit is None or unit.unit == "bare" or (not after and unit.unit != "percent"):
            return None
        scale = unit.values[0] / second.values[0] if second.values[0] else 1
        return replace(
            unit, first=i, form="range", values=(first.values[0] * scale, unit.values[0])
        )

    def _multiple(self, i: int) -> Quantity | None:
        """halved, doubled, three times as many, every krona gives four back."""
        word = self.s.word(i)
        if word in self.words.times:
            return Quantity(
                first=i, after=i + 1, values=(self.words.times[word],), unit="times", form="word"
            )
        so = _SO_MANY[self.words.language]
        if word in ("dubbelt", "twice") and self.s.word(i + 1) in so:
            return Quantity(first=i, after=i + 3, values=(2.0,), unit="times", form="word")
        if after := self.s.at("return", i):
            return self._return(i, after)
        number = self.number(i)
        if number is None or self.s.word(number.after) not in ("gånger", "times"):
            return None
        if after := self.s.at("return", number.after):  # fem gånger pengarna
            return Quantity(
                first=i, after=after, values=number.values[:1], unit="times", detail="return"
            )
        if self.s.word(number.after + 1) not in so and not self.s.at("more", number.after + 1):
            return None
        return Quantity(
            first=i, after=min(number.after + 3, self.n), values=number.values[:1], unit="times"
        )

    def _return(self, i: int, after: int) -> Quantity | None:
        for j in range(after, min(after + 8, self.n)):
            number = self.number(j)
            if number and not number.looks_like_a_year:
                closes = next(
                    (k + 1 for k in range(number.after, min(number.after + 4, self.n))
                     if self.s.word(k) in ("tillbaka", "back")), number.after)  # fmt: skip
                return Quantity(
                    first=i, after=closes, values=number.values[:1], unit="times", detail="return",
                    decimals=number.decimals,
                )  # fmt: skip
        return None

    def _counted(self, i: int) -> Quantity | None:
        """A number with the unit after it, or alone."""
        currency = _CURRENCIES.get(self.s.word(i))
        number = self.number(i + 1 if currency else i)
        if number is None:
            one = self.article(i)
            return self._one(one) if one else None
        if currency:
            scale, after = self._scale(number.after)
            values = tuple(v * scale for v in number.values)
            if returns := self.s.at("return", after):
                after = returns + (self.number(returns) is not None)
                return Quantity(
                    first=i, after=after, values=values, unit="times", detail="return",
                    decimals=number.decimals,
                )  # fmt: skip
            return Quantity(
                first=i, after=after, values=values, unit="money", decimals=number.decimals,
                detail=currency,
            )  # fmt: skip
        unit = self._unit(number)
        if unit is None:
            ahead, noun = self._unit_ahead(number)
            return Quantity(
                first=i, after=number.after, values=number.values, unit=ahead, noun=noun,
                decimals=number.decimals,
            )  # fmt: skip
        returns = max(self.s.at("return", j) for j in range(unit.after, unit.after + 3))
        if unit.unit == "money" and returns:  # 1.80 for every £1; 3,40 kronor för varje krona
            return replace(unit, first=i, unit="times", detail="return", after=returns)
        return replace(unit, first=i, form="range" if len(number.values) > 1 else "number")

    def _unit_ahead(self, number: Number) -> tuple[Unit, int]:
        """``48 respektive 41 procent``: the unit is told once, after the second number."""
        if (
            self.s.word(number.after) not in ("respektive", "och", "and", "eller", "or", "mot")
            or number.looks_like_a_year
        ):
            return "bare", -1
        second = self.number(number.after + 1)
        if second is None or second.looks_like_a_year:
            return "bare", -1
        if self.s.word(number.after) == "respektive" and self._noun(second.after) >= 0:
            return "persons", self._noun(second.after)
        is_percent = self.s.at("percent", second.after) > 0
        return ("percent" if is_percent else "bare"), -1

    def _one(self, one: Number) -> Quantity | None:
        """En procentenhet, a percentage point."""
        after = self.s.at("points", one.after)
        return (
            Quantity(first=one.after - 1, after=after, values=(1.0,), unit="points", decimals=0)
            if after
            else None
        )
