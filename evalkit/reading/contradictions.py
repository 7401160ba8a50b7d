"""Two stated numbers that cannot both be right."""

from __future__ import annotations

from evalkit.reading.claim import Claim
from evalkit.reading.computed import can_be_right
from evalkit.reading.lexicon import word_set
from evalkit.reading.numerals import is_year
from evalkit.reading.populations import count_population
from evalkit.reading.side_by_side import fits_pair
from evalkit.reading.tokens import Sentence

_ANAPHORA = 4  # words: det är alltså en
_ARTICLES = word_set("en ett a an the")


def contradicts(claim: Claim, other: Claim) -> bool:
    """A count and the percentage that tells it again, or two levels and the step between."""
    return (
        _are_too_many(claim, other)
        or _miscounted(claim, other)
        or _misses(claim, other)
        or _misses(other, claim)
    )


def _are_too_many(a: Claim, b: Claim) -> bool:
    """Av de 60 deltagarna är 35 kvinnor och 30 män."""
    told = [c.population | count_population(c) for c in (a, b)]
    of_both = a.kind == b.kind == "composition" and a.unit == b.unit == "persons"
    apart = ("women" in told[0]) != ("women" in told[1]) and ("men" in told[0]) != (
        "men" in told[1]
    )
    is_sure = a.s is b.s and a.n == b.n and a.n_is_sure and b.n_is_sure and bool(a.n)
    return of_both and apart and is_sure and a.value + b.value > (a.n[-1] or 0)


def _misses(change: Claim, pair: Claim) -> bool:
    """Från 512 till 438; det är en nedgång med 17 procent: no rounding makes it that."""
    levels, told = pair.levels, change.main.q
    if levels is None or not levels[0] or change.kind != "change" or change.hedge or pair.hedge:
        return False
    if told.form != "number" or told.unit not in ("percent", "points", "persons"):
        return False
    if not _is_step_of(change, pair):
        return False
    loose = 0.0 if pair.unit == "persons" else 0.5 * 10.0 ** -(pair.decimals or 0)
    ends = [(a, b) for a in (levels[0] - loose, levels[0] + loose)
            for b in (levels[1] - loose, levels[1] + loose)]  # fmt: skip
    steps = [abs(b - a) for a, b in ends]
    relative = [100 * abs(b - a) / a for a, b in ends]
    slack = 0.51 * 10.0 ** -(told.decimals or 0)
    meant = {"percent": [relative, *([steps] if pair.unit == "percent" else [])]}
    return not any(
        min(one) - slack <= told.values[-1] <= max(one) + slack
        for one in meant.get(told.unit, [steps] * (pair.unit in ("percent", told.unit)))
    ) and bool(meant.get(told.unit) or pair.unit in ("percent", told.unit))


def _is_step_of(change: Claim, pair: Claim) -> bool:
    """Whether a change is told as that of the two levels just before it."""
    s, begins = change.s, change.begins
    if s is pair.s:
        start = pair.after
        spots = [i for i in range(start, begins) if s.word(i) in (",", "(", "–", "eller")]
        told = [t.value for t in s.tokens[start:begins] if t.is_digits]
        if not spots or begins - spots[0] > 2 * _ANAPHORA or not all(is_year(v or 0) for v in told):
            return False  # från 640 till 512 mellan 2022 och 2025, en minskning med
        return _speaks_of_step(s, spots[0], begins)
    follows = s.index - pair.s.index == 1 and s.paragraph == pair.s.paragraph
    return follows and begins <= 2 * _ANAPHORA and _speaks_of_step(s, -1, begins)


def _speaks_of_step(s: Sentence, first: int, begins: int) -> bool:
    """Det är en nedgång med; minskningen motsvarar; a drop of: no other measure is named."""
    opens = s.between("repeat_of", first, first + _ANAPHORA)
    is_noun = s.between("change", first, begins) and s.word(first + 1) in _ARTICLES
    others = s.between("person", first, begins) or s.between("jobs", first, begins)
    return (opens or is_noun) and s.between("change", first, begins + 6) and not others


def _miscounted(claim: Claim, other: Claim) -> bool:
    pairs = [(a, b) for a, b in ((claim, other), (other, claim)) if b.same_as is a]
    if not pairs:
        return False
    count, share = pairs[0]
    if (
        count.unit != "persons"
        or share.unit != "percent"
        or count.hedge
        or share.hedge
        or (share.is_pair and not share.n)
    ):
        return False
    n = count.n[-1] if count.n else None
    if n is None or not count.n_is_sure or share.decimals is None or fits_pair(share, count):
        return False
    return not can_be_right(int(count.value), n, share.percentage or 0.0, share.decimals)
