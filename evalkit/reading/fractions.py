"""Parts and proportions: six of ten, every third, two thirds, some fifty, all."""

from __future__ import annotations

from dataclasses import replace

from evalkit.reading.lexicon import word_set
from evalkit.reading.units import Quantity, Units

_PERCENT_BASES = frozenset({3, 4, 5, 10, 100})
_SIZED = word_set("knapp dryg god bare mere full good")
_LEADING = word_set("totalt de the alla our våra its their deras sina every total")


class Fractions(Units):
    """Reads what is told as a part of a whole."""

    def _proportion(self, i: int) -> Quantity | None:
        """Six of ten, one in three, 34 of 60."""
        first = self.number(i, articles=True)
        of = self.s.at("of", first.after) if first else 0
        if not first or not of or len(first.values) > 1:
            return None
        at = of + (self.s.word(of) in _LEADING)
        if at > of and self.number(at) is None:
            at += 1  # 29 av de ursprungliga 46 deltagarna
        second = self.number(at)
        if second is None or len(second.values) > 1 or second.looks_like_a_year:
            return None
        k, n = first.values[0], second.values[0]
        if not first.is_digits and k == 1 and at != of:
            return None  # en av de 540 deltagare som …
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
        is_definite = self.s.word(at - 1) in ("the", "de")  # nine of the ten: nine of 10
        if int(n) in _PERCENT_BASES and at == of and not is_definite:
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
                first=i, after=i + 1, values=(50.0,), unit="percent", form="fraction",
                noun=self._noun(i + 1),
            )  # fmt: skip
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


def _percent(k: float, n: float) -> float:
    share = 100 * k / n
    return float(int(share)) if share == int(share) else round(share, 1)
