"""Side by side: whether the text sets a claim beside another area, group, site or level."""

from __future__ import annotations

from collections.abc import Sequence

from evalkit.reading.claim import Claim
from evalkit.reading.context import clause_of
from evalkit.reading.levels import is_other_place
from evalkit.reading.lexicon import word_set
from evalkit.reading.tokens import Sentence

_GROUP_REACH = 3  # sentences from the figure of all to that of a group
_MEASURES = ("outcome", "work", "study", "exit", "survey", "time_subject")
_PARTS = word_set("; while medan och and men but")
_AT = word_set("in i at på")
_SIDES = word_set("north south east west norr söder öster väster centrum")


def has_comparison(claim: Claim, claims: Sequence[Claim]) -> bool:
    if claim.kind == "comparison" or claim.yardstick is not None:
        return True
    beside = [c for c in claims if c is not claim and c.s is claim.s]
    if claim.is_change and any(c.yardstick is not None for c in beside):
        return True
    if claim.is_change and any(
        c.yardstick is not None and 0 <= claim.s.index - c.s.index <= 3 and fits_pair(claim, c)
        for c in claims
    ):
        return True
    if claim.unit not in ("percent", "duration") and claim.kind != "share":
        return False
    if (
        _is_of_the_rest(claim, claims)
        or _is_other_sex(claim, claims)
        or _is_of_both_sexes(claim, beside)
        or any(_told_on_beside(*sorted((claim, c), key=_where)) for c in claims if c is not claim)
    ):
        return True
    if _is_row_of_several(claim, claims) or is_site_of_several(claim, claims):
        return True
    speaks_on = "completers" in claim.population and any(
        a < claim.begins for a in (*claim.s.starts("same_measure"), *claim.s.starts("level_noun"))
    )
    return speaks_on and any(
        c.unit == claim.unit and 0 < claim.s.index - c.s.index <= _GROUP_REACH for c in claims
    )


def _where(claim: Claim) -> tuple[int, int]:
    return claim.s.index, claim.begins


def _told_on_beside(a: Claim, b: Claim) -> bool:
    """39 procent …, bland de äldre 28; i Söder var siffran 52: one measure of two groups."""
    s, after = b.s, b.s.index - a.s.index
    is_same = b.same_as is a or (b.kind, b.unit) != (a.kind, a.unit) or b.is_pair or a.is_pair
    if is_same or after > 1 or a.s.paragraph != s.paragraph:
        return False
    if after and not s.has("level_noun"):
        return _are_parts(a, b) and a.s.between("base_intro", 0, 1)
    told = [("completers" in c.population, c.form in ("fraction", "proportion"), c.main.why)
            for c in (a, b)]  # fmt: skip
    if told[0] != told[1]:
        return _are_parts(a, b)  # one of all, or the same told twice
    first, end = (0, len(s.tokens)) if after else clause_of(s, b.main.q.first)
    first = first if after else max(first, a.after)
    return not any(s.between(t, first, end) for t in _MEASURES) and not s.has("repeat_of")


def _are_parts(a: Claim, b: Claim) -> bool:
    """Av dem som fullföljde fick tre av fyra jobb. Av dem som hoppade av var det en av tio."""
    opens = b.s.between("base_intro", 0, 1) and a.of_whom and b.of_whom
    return (
        bool(opens)
        and a.s is not b.s
        and (a.of_whom, a.n) != (b.of_whom, b.n)
        and a.kind == b.kind == "share"
    )


def _is_other_sex(claim: Claim, beside: Sequence[Claim]) -> bool:
    others = {
        sex
        for c in beside
        if c.unit == claim.unit and abs(c.s.index - claim.s.index) <= 1 and c.kind == claim.kind
        for sex in c.population & {"women", "men"}
    }
    own = claim.population & {"women", "men"}
    return len(own) == 1 and bool(others - own)


def _is_of_the_rest(claim: Claim, claims: Sequence[Claim]) -> bool:
    """With a tutor 59 per cent …. Without a tutor the figure was 41: two groups, side by side."""
    return any(
        c.unit == claim.unit and c is not claim and 0 <= abs(c.s.index - claim.s.index) <= 1
        and max(c, claim, key=lambda one: one.s.index).s.between("the_rest", 0, 2)
        and c.s is not claim.s
        for c in claims
    )  # fmt: skip


def _is_of_both_sexes(claim: Claim, beside: Sequence[Claim]) -> bool:
    """Women did better than men: 63 per cent against 54."""
    s, first = claim.s, min(c.begins for c in (claim, *beside))
    both = s.between("women", 0, first) and s.between("men", 0, first)
    alike = [c.main for c in beside if c.unit == claim.unit]
    apart = any(is_other_place(one) for one in (*alike, claim.main)) and s.has("contrast")
    return (both or apart) and len(alike) == 1


def is_site_of_several(claim: Claim, claims: Sequence[Claim]) -> bool:
    """In Ashby, 46 per cent …; in Burton, 38 per cent: two sites of one sentence."""
    beside = [c for c in claims if c.unit == claim.unit and abs(c.s.index - claim.s.index) <= 1]
    sites = {
        _place(c) for c in beside if c.s is claim.s or (_opens_with_place(c, claim) and _place(c))
    }
    return bool(_place(claim)) and len(sites - {""}) > 1


def _opens_with_place(*claims: Claim) -> bool:
    return all(c.s.word(0) in _AT and _place(c) for c in claims)


def _place(claim: Claim) -> str:
    """The name after ``in`` at the beginning of the claim's part of the sentence."""
    s, begins = claim.s, claim.begins
    first = next(
        (i + 1 for i in range(begins - 1, -1, -1) if s.word(i) in _PARTS and not s.at("person", i)),
        0,
    )
    for i in reversed(range(first, begins - 1)):
        at = i + 1 + (s.at("org", i + 1) > 0)  # i delprojekt Kusten
        at += s.word(at) == "the"
        if s.word(i) in _AT and (s.tokens[at].text[:1].isupper() or s.word(at) in _SIDES):
            return s.word(at)
    return ""


def _is_row_of_several(claim: Claim, claims: Sequence[Claim]) -> bool:
    """Nord: 48 deltagare …, 56 %. Syd: 37 deltagare …, 43 %."""
    if not is_labelled(claim.s):
        return False
    return any(
        c is not claim and c.unit == claim.unit and c.s is not claim.s and is_labelled(c.s)
        and abs(c.s.index - claim.s.index) <= 3 for c in claims
    )  # fmt: skip


def is_labelled(s: Sentence) -> bool:
    """Whether a sentence opens with the name of a site and a colon."""
    colon = next((i for i in range(1, 5) if s.word(i) == ":"), 0)
    return colon > 0 and not any(s.between(t, 0, colon) for t in ("work", "study", "exit"))


def fits_pair(claim: Claim, pair: Claim) -> bool:
    """Whether a change can be the step between two levels, in points or in relation."""
    levels = pair.levels
    if levels is None or not levels[0]:
        return False
    step, told = abs(levels[1] - levels[0]), claim.value
    relative = 100 * step / levels[0]
    ratio = levels[1] / levels[0]
    if claim.unit == "times":
        return ratio / told > 0.9 and ratio / told < 1.5
    slack = 2.5 if claim.hedge and claim.form == "fraction" else max(0.6, 0.05 * told)
    return min(abs(step - told), abs(relative - told)) <= slack
