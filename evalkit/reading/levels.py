"""Yardsticks and earlier values: figures that belong to the claim beside them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from evalkit.reading.claim import LEVELS, Claim
from evalkit.reading.context import (
    Candidate,
    clause_of,
    counted_after,
    names_place,
    of_at,
    sites_of,
)
from evalkit.reading.kinds import is_composition, is_difference
from evalkit.reading.lexicon import word_set
from evalkit.reading.moments import in_dated_bracket, order, year_after, years_of
from evalkit.reading.numerals import MONTHS, is_year
from evalkit.reading.tokens import Sentence

_YARD_REACH = 5
_STEM = 4  # letters
_LEFT = ("från", "from")
_FROM_REACH = 5  # words: from a low of
_LAST_YEAR_REACH = 6
_DATED = 3  # words: Under 2022 var siffran
_OPENS = word_set("samma same under during in i år bland among av of för for 2")
_OF_GROUP = word_set("för bland hos for among at")
_TIMES = ("whole_year", "part_year", "season", "later", "same_period", "last_year")
_OF_BASE = frozenset({"of persons", "k of n", "of a base"})


def join_yardstick(one: Candidate, claims: Sequence[Claim]) -> bool:
    """The figure of the nation, the county or a comparison group joins the claim before it."""
    s, q = one.sentence, one.q
    is_beside = _is_of_yard(one) or _is_of_other_group(one) or _is_of_named_place(one, claims)
    if is_difference(one) or not is_beside or _is_told_of_part(one):
        return False
    wanted = [
        c for c in claims
        if s.index - c.s.index <= _YARD_REACH and c.unit == q.unit and c.yardstick is None
        and c.unit in ("percent", "points", "duration", "persons", "money")
    ]  # fmt: skip
    if q.form == "pair":
        wanted = [c for c in wanted if c.is_pair] or wanted
    elif bool(one.facts["change"]):
        wanted = [c for c in wanted if c.is_change] or []
    else:
        wanted = [c for c in wanted if not c.is_change] or wanted
    if not wanted:
        return False
    same = [c for c in wanted if _outcome_of(c.main) == _outcome_of(one) != frozenset()]
    (same or wanted)[-1].yardstick = one
    one.role = "yardstick"
    return True


def _is_told_of_part(one: Candidate) -> bool:
    """Varannan hade aldrig jobbat i Sverige; av länets 18–24-åringar var 6,7 procent arbetslösa."""
    s = one.sentence
    young = s.has("of_age") and s.between("base_intro", 0, one.q.begins) and s.is_about_area
    return not s.has("contrast", "more") and (young or is_composition(one))


def join_yardstick_before(claims: list[Claim]) -> None:
    """Jämfört med länet, där 37 procent fick arbete, ligger vi på 45 procent."""
    for first, second in itertools.pairwise(list(claims)):
        a, b = first.main, second.main
        opens = a.sentence is b.sentence and a.sentence.between("contrast", 0, 2)
        alike = a.q.unit == b.q.unit == "percent" and second.yardstick is None
        if opens and alike and _is_of_yard(a) and not (_is_of_yard(b) or first.is_change):
            second.yardstick, a.role = a, "yardstick"
            claims.remove(first)


def _is_of_yard(one: Candidate) -> bool:
    """Whether the nearest figure to a word for area or comparison group is this one."""
    s, q = one.sentence, one.q
    first, after = clause_of(s, q.first)
    beside = s.has("more") or any(s.word(a) not in _LEFT for a in s.starts("contrast"))
    if q.unit == "persons" and q.form != "pair" and not beside:
        return False  # 47 fick ordinarie stöd, fyra flyttade från länet: as many as they were
    if any(_is_set_against(s, a, q.begins) for a in s.starts("yard")):
        return True
    if s.word(q.begins - 1) == ":":
        first = q.begins - 4  # England: 3.8%
    told_before = any(t.is_digits for t in s.tokens[: q.first])
    if _opens_with_yard(s) and not (told_before and s.between("percent", 0, q.first)):
        return True
    return any(first <= a < after for a in s.starts("yard"))


def _is_of_other_group(one: Candidate) -> bool:
    """Compared with 29 weeks for the mainstream service: a contrast with others, not a time."""
    s, q = one.sentence, one.q
    if s.has("earlier") or q.unit == "persons" or not s.between("contrast", q.begins - 3, q.begins):
        return False
    following = s.tokens[q.after + 1] if q.after + 1 < len(s.tokens) else None
    is_time = following is None or (following.value is not None and is_year(following.value))
    of_group = s.word(q.after) in _OF_GROUP or (counted_after(s, of_at(s, q) or -9) >= 0)
    return of_group and not is_time and not s.has("last_year")


def _is_of_named_place(one: Candidate, claims: Sequence[Claim]) -> bool:
    """``medan Tjärnberg har blivit kvar på 10,9``; ``i Norrby var det 33 procent``."""
    s, q = one.sentence, one.q
    alike = [c for c in claims if c.unit == q.unit and 0 <= s.index - c.s.index <= 1]
    if not alike or q.unit not in ("percent", "duration") or s.has("earlier", "last_year"):
        return False
    last = alike[-1]
    first = clause_of(s, q.first)[0]
    opens = s.word(first - 1) in ("medan", "while", "whereas")
    spots = [i for i in range(first, q.begins) if names_place(s, i) and not s.at("person", i)]
    if not spots or (last.s is not s and not last.s.is_about_area):
        return False
    at_place = s.word(spots[0] - 1) in ("i", "in") and spots[0] - first <= 2
    beside = s.between("contrast", max(0, spots[0] - 3), spots[0])
    told = {t.text for t in last.s.tokens[: last.after]}
    own = any(names_place(last.s, i) for i in range(last.begins))
    is_site = last.s is s and not s.is_about_area and own and at_place
    return (opens or at_place or beside) and s.tokens[spots[0]].text not in told and not is_site


def _opens_with_yard(s: Sentence) -> bool:
    """I grannkommunen, med en liknande satsning, fick 41 procent jobb."""
    return s.word(0) in _OF_GROUP | {"i", "in", "across"} and s.between("yard", 1, 4)


def _is_set_against(s: Sentence, yard: int, begins: int) -> bool:
    """Jämföras med riksgenomsnittet för liknande insatser, 36 procent."""
    is_contrasted = s.between("contrast", max(0, yard - 3), yard)
    numbers = any(s.tokens[i].value is not None for i in range(yard, begins))
    return is_contrasted and 0 < begins - yard < 10 and not numbers


def join_earlier(one: Candidate, claims: Sequence[Claim], found: Sequence[Candidate] = ()) -> bool:
    s, q = one.sentence, one.q
    if q.unit not in (*LEVELS, "money") or one.facts["change"] or q.form == "pair":
        return False
    open_ = [
        c for c in claims if c.unit == q.unit and not c.is_pair and not c.is_change and not
        c.is_difference and s.index - c.s.index <= 2
        and not (c.s is s and _is_base(c.main) and not _goes_from(c.main, one))
    ]  # fmt: skip
    if not open_:
        return False
    last = _of_same_outcome(one, open_)
    own = [x for x in found if x.sentence is s and x is not one and x.q.unit == q.unit]
    if last.s is not s and any(
        order(one, x) for x in own if x.role == "value" and not _is_of_yard(x)
    ):
        return False  # a year ago it was 38 per cent; it is now 46: a pair of its own
    joined = _is_earlier_here(one, last) if last.s is s else _is_earlier_after(one, last)
    is_to = last.s is s and (_goes_from(last.main, one) or one.why == "risen to")
    joined = joined or is_to or _is_of_another_time(one, last)
    if joined and (is_to or _is_told_later(one, last)):
        last.earlier, last.main = last.main, one  # told in the order of time
    elif joined:
        last.earlier, one.role = one, "earlier_value"
    return joined


def _is_base(one: Candidate) -> bool:
    """Av 52 deltagare; of the 52."""
    at = one.q.begins - 1 - (one.sentence.word(one.q.begins - 1) in ("de", "dem", "the", "those"))
    return one.sentence.at("base_intro", at) > 0


def _goes_from(first: Candidate, second: Candidate) -> bool:
    """Från rekordnivån 14,2 procent i februari har den sjunkit till 9,6 procent."""
    s, q = first.sentence, first.q
    opened = any(s.at("from", i) for i in range(max(0, q.begins - _FROM_REACH), q.begins))
    to = s.at("to", second.q.begins - 1) > 0
    return opened and to and s.between("change", q.after, second.q.begins)


def _is_of_another_time(one: Candidate, last: Claim) -> bool:
    """Förra året fick 128 personer jobb. I år blev det 154: the same measure, by its words."""
    s, first = one.sentence, clause_of(one.sentence, one.q.first)[0]
    if not order(last.main, one) or s.index - last.s.index > 1 or last.main.role == "goal":
        return False
    sites = [sites_of(x) for x in (s, last.s)]
    if s.row != last.s.row:
        return False
    is_apart = is_other_place(one) or one.q.unit == "money" or (all(sites) and sites[0] != sites[1])
    if is_apart or s.between("woman_man", first, one.q.after + 2):
        return False
    if one.why == "level told on":
        return True
    nouns = {x.sentence.word(x.q.noun)[:_STEM] for x in (one, last.main) if x.q.noun >= 0}
    if len(nouns) > 1 and not _outcome_of(one):
        return False  # 160 personer, 640 hushåll
    told, told_before = _outcome_of(one), _outcome_of(last.main)
    is_same = told == told_before != frozenset() or not told
    clauses = {clause_of(s, x.q.first) for x in (one, last.main)} if s is last.s else ()
    is_apart = one.q.unit == "persons" and len(clauses) == 1
    is_part = one.why in (*_OF_BASE, "thereof", "base count")
    is_apart |= is_part and (s is last.s or not {one.why, last.main.why} <= _OF_BASE)
    return is_same and not is_apart


def _of_same_outcome(one: Candidate, open_: Sequence[Claim]) -> Claim:
    """The claim that speaks of the same as an earlier level; the last, where none does."""
    wanted = _outcome_of(one)
    same = [c for c in open_ if c.s is open_[-1].s and wanted and _outcome_of(c.main) == wanted]
    return same[-1] if same else open_[-1]


def _outcome_of(one: Candidate) -> frozenset[str]:
    s, tags = one.sentence, ("work", "study", "composition")
    first, after = clause_of(s, one.q.first)
    told = frozenset(tag for tag in tags if s.between(tag, first, after))
    if not told and after + 1 < len(s.tokens):  # 71 av dem, 35 procent, har fått jobb
        told = frozenset(tag for tag in tags if s.between(tag, after, clause_of(s, after + 1)[1]))
    return told


def _is_told_later(one: Candidate, last: Claim) -> bool:
    """Whether the text goes in the order of time, and the later level is the claim's own."""
    if in_order := order(last.main, one):
        return in_order < 0
    return last.s is not one.sentence and (last.s.has("then") or one.sentence.has("now_level"))


def _is_earlier_here(one: Candidate, last: Claim) -> bool:
    s, q = one.sentence, one.q
    if s.has("women") and s.has("men") and not s.has("earlier"):
        return False
    if last.main.why == "of a base" or one.why in ("of a base", "thereof"):
        return False
    start = last.after
    in_bracket = s.word(q.begins - 1) == "(" and start == q.begins - 1
    dated = s.word(q.begins - 1) == "(" and year_after(s, q.after)  # (38 per cent in 2022)
    if dated or in_dated_bracket(s, q.begins) or (in_bracket and one.facts["bracketed"]):
        return True
    near = range(max(start, q.begins - 6), q.begins)
    numbers = [i for i in near if s.tokens[i].value is not None and not s.covers("contrast", i)]
    numbers = [i for i in numbers if not is_year(s.tokens[i].value or 0)]
    near = range(max([near.start, *numbers]), q.begins)  # yngre än 30 år och en av tre
    if any(s.at("contrast", i) and not s.covers("hedge", i) for i in near):
        return not is_other_place(one)
    if s.word(q.begins - 1) in ("och", "and") and q.unit == "persons":
        return False
    first, after = clause_of(s, q.first)
    return any(first <= a < after and a >= start for a in s.starts("earlier"))


def is_other_place(one: Candidate) -> bool:
    """47 per cent in the north against 37 per cent in the south; better than Y: 63 against 51."""
    s, q = one.sentence, one.q
    at = q.after + 1 + (s.word(q.after + 1) == "the")
    named = at < len(s.tokens) and s.tokens[at].value is None and s.word(at) not in MONTHS
    colon = next((i for i in range(q.begins - 1, 0, -1) if s.word(i) == ":"), 0)
    set_side_by_side = s.between("more", 0, colon) and s.between("contrast", 0, colon)
    is_time = any(q.after <= a <= at for t in _TIMES for a in s.starts(t))
    in_place = s.word(q.after) in ("in", "i") and named and not (is_time or s.has("earlier"))
    return set_side_by_side or (in_place and not s.at("mean", at))


def _is_earlier_after(one: Candidate, last: Claim) -> bool:
    """The year before the share was 50 per cent; during the whole of 2022 there were 121."""
    s, q = one.sentence, one.q
    both_of_n = one.why == last.main.why == "k of n" and s.has("earlier")  # 30 av 61
    if (one.why in _OF_BASE and not both_of_n) or last.main.role == "goal":
        return False
    if s.index - last.s.index > 1 and not s.has("earlier"):
        return False
    if 0 in s.starts("now_level"):
        return True
    speaks_on = (
        s.has("level_noun") or one.why == "level told on" or s.between("contrast", 0, q.begins)
    )
    if s.has("earlier") and (speaks_on or q.unit == "percent"):
        return s.starts("earlier")[0] < q.after + 6
    return _is_dated_apart(one, last, speaks_on=speaks_on)


def _is_dated_apart(one: Candidate, last: Claim, *, speaks_on: bool) -> bool:
    """2022 var andelen 55 procent: the same measure of another year."""
    s = one.sentence
    year, year_of_last = years_of(s), years_of(last.s)
    opens = s.tokens[0].word in _OPENS or is_year(s.tokens[0].value or 0)
    is_older = bool(year and year_of_last and max(year) < max(year_of_last))
    is_dated = any(t.is_digits and is_year(t.value or 0) for t in s.tokens[:_DATED])
    is_dated = is_older or (is_dated and not year_of_last) or s.has("whole_year")
    is_told_on = s.has("same_measure") or (s.has("whole_year") and s.has("level_noun") and opens)
    return (is_older and speaks_on and opens) or (is_dated and is_told_on)


def join_last_year(claims: list[Claim]) -> None:
    """I år: this year 312 young people … last year we had 260 places."""
    levels = [c for c in claims if c.unit == "persons" and not c.is_pair and not c.is_change]
    now = [c for c in levels if c.s.has("this_year") and not c.s.has("last_year")]
    for old in levels:
        if not (old.s.has("last_year") and old.s.has("level_word")):
            continue
        new = next((c for c in now if 0 < old.s.index - c.s.index <= _LAST_YEAR_REACH), None)
        if new is not None and not new.is_pair:
            new.earlier, old.main.role = old.main, "earlier_value"
            claims.remove(old)
