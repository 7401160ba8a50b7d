"""Which amounts are claims: money, time, multiples, scores."""

from __future__ import annotations

from evalkit.reading.context import RELATIVE, Candidate, Context, clause_of, is_step
from evalkit.reading.lexicon import word_set, words_named
from evalkit.reading.tokens import Sentence
from evalkit.reading.units import Quantity

HORIZON = words_named("horizon")
_HORIZON_BEFORE = word_set("efter inom within after upp max")
_YOUNGEST = 15  # years: nobody takes part as long
_PROGRAMME = 50_000
_SMALLEST_COST = 500  # what a ticket or an hour costs is no programme's cost
_MULTIPLIED = ("time_subject", "area", "outcome", "person", "jobs")


def money(q: Quantity, c: Context) -> Candidate | None:
    s = c.s
    if s.has("income"):
        return c.take(q, "income")
    if _is_other_money(q, s):
        return None
    is_told_on = q.detail == "implied" and c.recent("money") is not None
    # what a programme has, gets or takes; not its cakes
    is_told_on |= s.has("programme") and q.values[-1] >= _PROGRAMME and not s.has("event")
    if c.previous is not None and c.previous.tokens[-1].text == "?" and c.previous.has("cost"):
        is_told_on = True  # Vad kostar det?
    if not (s.has("cost", "save", "return", "per_outcome") or is_told_on):
        return None
    if is_step(q, s) or (s.at("more", q.after) and s.has("cost", "save", "households")):
        return c.take(q, "saved")
    if q.values[-1] < _SMALLEST_COST and not s.has("per_outcome") and s.word(q.after) != "per":
        return None
    subject = s.word(0)
    is_of_report = (
        c.previous is not None
        and c.previous.has("not_cost")
        and subject in ("den", "det", "it", "this")
    )
    return None if is_of_report else c.take(q, "money")


def _is_other_money(q: Quantity, s: Sentence) -> bool:
    """Wages, rents and the like in the clause; in another clause where this one names no cost."""
    first, after = clause_of(s, q.first)
    counted = q.after + 1 < len(s.tokens) and s.tokens[q.after + 1].value is not None
    if s.at("to", q.after) and counted and s.at("org", q.after + 2):
        return True  # 22 miljoner kronor till 14 insatser
    if s.between("event", 0, q.first):
        return True  # slutkonferensen kostade 85 000 kronor
    if s.between("document", 0, q.first) and not s.has("participation"):
        return True
    if s.has("budget") and s.has("authority") and not s.has("programme"):
        return True  # socialförvaltningens budget är 212 miljoner
    if s.word(first) in RELATIVE | {"vilket", "which"} and not s.between("save", first, after):
        first = clause_of(s, max(0, first - 2))[0]  # granskningen, som kostade 45 000 kr
    is_cost = any(s.between(tag, first, after) for tag in ("cost", "save", "per_outcome"))
    return s.between("not_cost", first, after) or (s.has("not_cost") and not is_cost)


def duration(q: Quantity, c: Context) -> Candidate | None:
    s = c.s
    if s.has("payback") and s.starts("payback")[0] < q.first:
        return c.take(q, "payback")
    told_as_mean = any(
        a < q.begins and not any((t.value or 0) > 1 for t in s.tokens[a : q.begins])
        for a in s.starts("mean")
    )
    if s.word(q.after) in HORIZON and q.form != "pair" and not told_as_mean:
        return None
    is_ceiling = (q.hedge or "") in ("högst", "upp till", "up to", "at most")
    is_ceiling &= not s.between("goal_noun", 0, q.first)  # målet om högst 8 månader
    is_age = q.detail == "years" and q.values[-1] >= _YOUNGEST
    is_horizon = s.word(q.begins - 1) in _HORIZON_BEFORE and not s.at("mean", q.after + 1)
    if is_horizon or is_ceiling or is_age:
        return None
    is_limit = s.word(q.begins - 1) in ("än", "than") and s.at("more", q.begins - 2)
    if any(a < q.first for a in s.starts("age")) or (is_limit and s.has("percent")):
        return None  # andelen med bistånd längre än tio månader
    clause = clause_of(s, q.first)[1]
    has_mean = any(
        a <= q.after + 2 or (a < clause and not any(t.value for t in s.tokens[q.after : a]))
        for a in s.starts("mean")
    )
    has_time = any(a < q.first for a in s.starts("time_subject")) and (
        q.form == "pair"
        or s.has("mean", "change", "level_word", "earlier", "contrast", "goal_noun")
    )
    if not (has_mean or has_time):
        recent = c.recent("duration", sentences=6 if s.has("goal_noun") else 2)
        is_told_on = recent is not None and s.has(
            "earlier", "yard", "goal_noun", "level_noun", "repeat_of"
        )
        took = recent is not None and recent.sentence.has("takes_time")
        is_told_on = is_told_on or (took and s.has("takes_time"))
        waits = c.previous is not None and c.previous.has("time_subject") and s.has("takes_time")
        is_told_on = (
            is_told_on
            or waits
            or (s.has("wait") and s.starts("wait")[0] < q.first and not s.has("goal_verb"))
        )
        return c.take(q, "duration goes on") if is_told_on else None
    return c.take(q, "mean time")


def times(q: Quantity, c: Context) -> Candidate | None:
    s = c.s
    told_on = c.recent("persons", "percent", sentences=1) is not None
    if q.detail == "return" or told_on or s.has(*_MULTIPLIED) or s.is_heading:
        return c.take(q, "times")
    return None


def score(q: Quantity, c: Context) -> Candidate | None:
    return c.take(q, "score") if c.s.has("score", "outcome", "survey") else None
