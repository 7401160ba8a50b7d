"""Numbers of persons that tell of no result: ceilings, rates, the people of a place."""

from __future__ import annotations

from evalkit.reading.context import clause_of
from evalkit.reading.lexicon import word_set
from evalkit.reading.numerals import is_year
from evalkit.reading.tokens import Sentence
from evalkit.reading.units import Quantity

_PLACES = word_set("kommunen staden länet regionen council town city borough county district")
_HAS = word_set("har has had hade")
_CEILINGS = frozenset(("högst", "max", "at most", "up to", "upp till"))
_PER = word_set("per varje vardera each apiece")
_EACH = word_set("varje each")
_SEATS = word_set("platser places")
_OFFERS = word_set("med with har hade has have had erbjuder rymmer offers offer")


def is_no_result(q: Quantity, s: Sentence) -> bool:
    """A ceiling, a number per term, a place's inhabitants."""
    is_rate = any(s.word(i) in _PER for i in (q.after, q.after + 1))
    is_rate |= s.word(q.begins - 1) == "per"  # 61 per 10 000 invånare
    is_rate |= s.word(q.after) == "var" and s.word(q.after + 1) in (".", ",")  # 25 deltagare var
    is_rate |= s.between("at_a_time", q.after, q.after + 4)
    is_offered = s.has("next_round") and not s.has("waiting")
    is_rate |= any(s.word(i) in _EACH for i in range(clause_of(s, q.first)[0], q.begins))
    is_room = any(b == q.begins for _, b in s.cues.get("capacity", ()))
    is_room &= not s.between("goal_verb", q.begins - 6, q.begins)
    is_capacity = is_room or (s.word(q.begins - 1) in _OFFERS and s.word(q.noun) in _SEATS)
    is_goal = s.between("goal_noun", 0, q.begins) or s.has(
        "goal_verb"
    )  # målet är 60 deltagare per år
    by_employers = s.between("employer", q.begins - 3, q.begins - 1) and not s.at("jobs", q.noun)
    by_employers &= "deltag" not in s.word(q.noun)  # två företag har nyanställt 300 personer
    return (
        (is_rate and not is_goal)
        or by_employers
        or is_offered
        or is_capacity
        or ((q.hedge or "") in _CEILINGS and not is_goal)
        or _is_place_background(q, s)
    )


def _is_place_background(q: Quantity, s: Sentence) -> bool:
    """30 000 inhabitants: a place has them; a programme reached them."""
    near = range(max(0, q.begins - 4), q.begins)
    owns = any(s.word(i) in _PLACES for i in near) and any(s.word(i) in _HAS for i in near)
    if owns and not s.has("participation", "exit", "area"):
        return True  # kommunen har i dag 1 900 ungdomar
    if s.has("lives") and not (s.has("households", "exit", "outcome")):
        return True  # i Rönnholm bor 31 200 personer
    if not s.at("inhabitants", q.noun):
        return False
    near = range(max(0, q.begins - 3), q.begins)
    has = any(s.at("has", i) for i in near) and not any(s.at("participation", i) for i in near)
    return has or not (s.has("participation") or (is_dated(s) and not s.has("change")))


def is_dated(s: Sentence) -> bool:
    """Whether a sentence tells of a time: what was counted then, and not what a place has."""
    return s.has("relative_period") or any(t.is_digits and is_year(t.value or 0) for t in s.tokens)
