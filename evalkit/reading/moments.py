"""When a figure is of: enough to tell which of two levels is the earlier."""

from __future__ import annotations

from evalkit.reading.context import Candidate, Context, as_unit, clause_of
from evalkit.reading.lexicon import word_set
from evalkit.reading.numerals import MONTHS, is_year
from evalkit.reading.tokens import Sentence
from evalkit.reading.units import Quantity

_RANKS = {
    "month": -0.5, "time_start": -9.0, "time_ago": -2.0, "time_last": -1.0, "time_now": 0.0,
    "time_end": 9.0,
}  # fmt: skip
_TIMES = (*_RANKS, "time_before", "time_after")
_ENDS = word_set(", ; . ) did det som who") | {""}
_MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec"
_IN = ("i", "in", "under", "during", "for")


def year_after(s: Sentence, i: int) -> int:
    for token in s.tokens[i : i + 3]:
        if token.text in ",;.":
            return 0
        if token.is_digits and is_year(token.value or 0):
            return int(token.value or 0)
    return 0


def years_of(s: Sentence) -> list[int]:
    return [int(t.value) for t in s.tokens if t.is_digits and t.value and is_year(t.value)]


def in_dated_bracket(s: Sentence, begins: int) -> bool:
    """512 (2022: 478); 264 (hela 2022: 351): an earlier level in a bracket."""
    opens = next((i for i in range(begins - 2, max(-1, begins - 6), -1) if s.word(i) == "("), -1)
    dated = any(t.is_digits and is_year(t.value or 0) for t in s.tokens[opens + 1 : begins - 1])
    return opens >= 0 and s.word(begins - 1) in (":", "(", ",") and dated


def order(first: Candidate, second: Candidate) -> int:
    """-1 where the first figure is of the earlier time, 1 where the second is, 0 in doubt."""
    a, b = _moment(first.sentence, first.q), _moment(second.sentence, second.q)
    if not a and b and b[0] in ("time_before", "time_after"):
        a = ("time_of", 0)
    if not a or not b or a == b:
        return 0
    for one, other, sign in ((b, a, 1), (a, b, -1)):
        if one[0] == "time_before":
            return sign
        if one[0] == "time_after" and other[0] != "time_after":
            return -sign
    if a[0] == b[0] in ("year", "month"):
        return -1 if a[1] < b[1] else 1
    return -1 if _rank(a) < _rank(b) else 1 if _rank(b) < _rank(a) else 0


def _distance(s: Sentence, q: Quantity, at: int, tag: str) -> int:
    """Words between a figure and a time, however long the words for the time are."""
    return at - q.after if at >= q.after else q.begins - (s.at(tag, at) or at + 1)


def _rank(moment: tuple[str, int]) -> float:
    return _RANKS.get(moment[0], -1.5)  # a year told stands before last year, after years ago


def _moment(s: Sentence, q: Quantity) -> tuple[str, int] | None:
    """The time told after a figure, else the nearest before it with no other figure between."""
    if year := year_after(s, q.after) or (
        s.column is not None and max(years_of(s.column), default=0)
    ):
        return "year", year
    if s.word(q.after) in _IN and (month := _month(s, q.after + 1)):
        return "month", month
    first, after = clause_of(s, q.first)
    told = [(a, tag) for tag in _TIMES for a in s.starts(tag)]
    told += [(i, "year") for i, t in enumerate(s.tokens) if t.is_digits and is_year(t.value or 0)]
    told += [(i, "month") for i in range(len(s.tokens)) if s.word(i - 1) in _IN and _month(s, i)]
    here = [one for one in told if first <= one[0] < after]
    here = here or [one for one in told if one[0] < q.begins and not _figures(s, one[0], q.begins)]
    if not here:
        years = years_of(s.last) if s.last else []
        return ("year", years[0]) if len(years) == 1 else None
    at, tag = min(here, key=lambda one: _distance(s, q, *one))
    known = {"year": int(s.tokens[at].value or 0), "month": _month(s, at)}
    return tag, known.get(tag, 0)


def _month(s: Sentence, i: int) -> int:
    return month_number(s.word(i))


def month_number(word: str) -> int:
    """1 … 12 for the name of a month, by its first letters; 0 for another word."""
    first = word.replace("maj", "may").replace("okt", "oct")[:3]
    return 1 + _MONTHS.find(first) // 3 if word in MONTHS and first in _MONTHS else 0


def _figures(s: Sentence, first: int, after: int) -> bool:
    return any(t.is_digits and not is_year(t.value or 0) for t in s.tokens[first:after])


def of_another_time(q: Quantity, c: Context) -> Candidate | None:
    """I år blev det 154; in the whole of 2022, 97 did: a level told before, of another time."""
    s, recent = c.s, c.recent("persons", "percent", "duration", sentences=1)
    first = clause_of(s, q.first)[0]
    takes = any(s.between(t, first, q.begins) for t in ("respondents", "participation", "exit"))
    if takes and not (recent and recent.sentence is s):
        recent = c.recent("persons") or recent  # the year before we traced only 40
    if recent is None or (q.decimals and recent.q.unit != "percent"):
        return None
    one = c.take(as_unit(q, recent.q.unit), "level told on")
    after = s.word(q.after)
    ends = after in _ENDS or any(s.at(tag, q.after) for tag in _TIMES)
    return one if ends and order(recent, one) else None
