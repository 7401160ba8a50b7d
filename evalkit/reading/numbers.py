"""Quantities in a sentence: a number with its unit, however it is written.

Each form is a function that looks at one position and gives a `Quantity` or nothing; the first
form that fits is taken. Whether a quantity is a claim is not decided here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache

from evalkit.reading.lexicon import Language, Lexicon, lexicon, word_set
from evalkit.reading.numerals import Number, is_year
from evalkit.reading.tokens import Sentence
from evalkit.reading.units import Quantity, Unit, Units

_PERCENT_BASES = frozenset({3, 4, 5, 10, 100})


_CURRENCIES = {"£": "GBP", "€": "EUR", "$": "USD"}


_FARTHEST_TO = 6


_SIZED = word_set("knapp dryg god bare mere full good")


_SO_MANY = {"sv": ("så",), "en": ("as", "more", "higher", "the")}


def quantities_of(sentence: Sentence, words: Lexicon) -> list[Quantity]:
    """The quantities of a sentence in reading order."""
    return list(_Reader(sentence, words).quantities())


_OPENING = ("from", "between", "return", "every", "all")


@cache
def _openers(language: Language) -> frozenset[str]:
    """Words other than numbers that a quantity can begin with."""
    words = lexicon(language)
    more = ("a", "an", "en", "ett", "dubbelt", "twice", "varannan", "vartannat", *_CURRENCIES)
    return frozenset((*more, *words.times, *words.parts, *words.about_tens))


class _Reader(Units):
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
        first = self.number(after) if after else None
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
            first=i,
            after=self._with_year(unit_2.after if unit_2 else second.after),
            values=(earlier, unit_2.values[0] if unit_2 else second.values[0] * scale),
            unit=unit.unit if unit else "bare",
            form="pair",
            decimals=max(first.decimals or 0, second.decimals or 0),
            noun=unit.noun if unit else -1,
            detail=unit.detail if unit else "",
        )

    def _next_to(self, i: int) -> int:
        """The position after a ``to`` that soon follows, with no number but a year between."""
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
                    first=i, after=closes, values=number.values[:1], unit="times", detail="return"
                )
        return None

    def _proportion(self, i: int) -> Quantity | None:
        """Six of ten, one in three, 34 of 60."""
        first = self.number(i, articles=True)
        of = self.s.at("of", first.after) if first else 0
        if not first or not of or len(first.values) > 1:
            return None
        at = (
            of + 1
            if self.s.word(of) in ("totalt", "de", "the", "alla", "our", "våra", "every", "total")
            else of
        )
        second = self.number(at)
        if second is None or len(second.values) > 1 or second.looks_like_a_year:
            return None
        k, n = first.values[0], second.values[0]
        if (
            self.s.at("percent", second.after)
            or self.s.word(second.after) in self.words.money
            or n < 1
        ):
            return None
        if first.decimals or k > n:
            is_score = bool(first.decimals) and k <= n
            return Quantity(first=i, after=second.after, values=(k,), unit="score",
                            decimals=first.decimals) if is_score else None  # fmt: skip
        noun = self._noun(second.after)
        if int(n) in _PERCENT_BASES and at == of:
            return Quantity(
                first=i, after=second.after, values=(_percent(k, n),), unit="percent",
                form="proportion", noun=noun, base_at=at, detail=f"{int(k)}/{int(n)}",
            )  # fmt: skip
        return Quantity(
            first=i, after=second.after if noun < 0 else noun + 1, values=(k,), unit="persons",
            form="proportion", decimals=0, base=int(n), base_at=at, noun=noun,
        )  # fmt: skip

    def _every(self, i: int) -> Quantity | None:
        """Every third, varannan."""
        word = self.s.word(i)
        if word in ("varannan", "vartannat"):
            return Quantity(
                first=i,
                after=i + 1,
                values=(50.0,),
                unit="percent",
                form="fraction",
                noun=self._noun(i + 1),
            )
        after = self.s.at("every", i)
        part = self.words.ordinals.get(self.s.word(after)) if after else None
        if part is None:
            return None
        return Quantity(
            first=i, after=after + 1, values=(_percent(1, part),), unit="percent", form="fraction",
            noun=self._noun(after + 1),
        )  # fmt: skip

    def _part(self, i: int) -> Quantity | None:
        """half, a third, two thirds."""
        compound = self.s.word(i).split("-")
        if (
            len(compound) == 2
            and compound[1] in self.words.parts
            and compound[0] in self.words.numbers
        ):
            return self._parts(
                i, i + 1, self.words.numbers[compound[0]], self.words.parts[compound[1]]
            )
        if (part := self.words.parts.get(self.s.word(i))) == 2 and self._is_half(i):
            return self._parts(i, i + 1, 1, part)
        number = self.simple(i, articles=True)
        if number is None:
            return None
        sized = self.s.word(number.after) in _SIZED
        part = self.words.parts.get(self.s.word(number.after + sized))
        if part is None or number.values[0] > part:
            return None
        found = self._parts(i, number.after + sized + 1, number.values[0], part)
        return replace(found, hedge=self.s.word(number.after), hedge_at=i) if sized else found

    def _is_half(self, i: int) -> bool:
        before, after = self.s.word(i - 1), self.s.word(i + 1)
        if before in ("first", "second", "other", "andra", "första") or after in (
            "-",
            "way",
            "year",
            "året",
            "a",
        ):
            return False
        return self.s.word(i) != "halva" or self._noun(i + 1) >= 0

    def _parts(self, i: int, after: int, k: float, part: int) -> Quantity:
        return Quantity(
            first=i, after=after, values=(_percent(k, part),), unit="percent", form="fraction",
            detail=f"{int(k)}/{part}",
        )  # fmt: skip

    def _about_tens(self, i: int) -> Quantity | None:
        """Ett femtiotal, ett 30-tal."""
        start = i + 1 if self.s.word(i) in ("ett", "en") else i
        word = self.s.word(start)
        if word in self.words.about_tens:
            return self._about(i, start + 1, self.words.about_tens[word])
        token = self.s.tokens[start] if start < self.n else None
        if (
            token
            and token.is_digits
            and self.s.word(start + 1) == "-"
            and self.s.word(start + 2) == "tal"
        ):
            return self._about(i, start + 3, token.value or 0)
        return None

    def _about(self, i: int, after: int, value: float) -> Quantity:
        noun = self._noun(after)
        return Quantity(
            first=i, after=max(after, noun + 1), values=(float(value),), unit="persons", noun=noun,
            decimals=0, hedge="about", hedge_at=i,
        )  # fmt: skip

    def _all(self, i: int) -> Quantity | None:
        after = self.s.at("all", i)
        noun = self._noun(after) if after else -1
        is_base = self.s.at("base_intro", i - 1) > 0
        if noun < 0 or is_base or self.s.word(noun + 1) in ("utom", "except"):
            return None
        return Quantity(
            first=i, after=after, values=(100.0,), unit="percent", form="fraction", noun=noun
        )

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
            return Quantity(
                first=i,
                after=after,
                values=values,
                unit="money",
                decimals=number.decimals,
                detail=currency,
            )
        unit = self._unit(number)
        if unit is None:
            return Quantity(
                first=i, after=number.after, values=number.values, unit=self._unit_ahead(number),
                decimals=number.decimals,
            )  # fmt: skip
        return replace(unit, first=i, form="range" if len(number.values) > 1 else "number")

    def _unit_ahead(self, number: Number) -> Unit:
        """``48 respektive 41 procent``: the unit is told once, after the second number."""
        if (
            self.s.word(number.after) not in ("respektive", "och", "and", "eller", "or")
            or number.looks_like_a_year
        ):
            return "bare"
        second = self.number(number.after + 1)
        if second is None or second.looks_like_a_year or not self.s.at("percent", second.after):
            return "bare"
        return "percent"

    def _one(self, one: Number) -> Quantity | None:
        """En procentenhet, a percentage point."""
        after = self.s.at("points", one.after)
        return (
            Quantity(first=one.after - 1, after=after, values=(1.0,), unit="points", decimals=0)
            if after
            else None
        )


def _percent(k: float, n: float) -> float:
    share = 100 * k / n
    return float(int(share)) if share == int(share) else round(share, 1)
