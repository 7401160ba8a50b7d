"""What the text says about a claim: of whom, of how many, when, beside what."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from evalkit.reading.bases import Base, base_of
from evalkit.reading.claim import Claim
from evalkit.reading.computed import fits
from evalkit.reading.context import counted_after, of_at
from evalkit.reading.lexicon import word_set
from evalkit.reading.numerals import is_year
from evalkit.reading.periods import target_period, tells_period
from evalkit.reading.populations import count_population, text
from evalkit.reading.side_by_side import fits_pair, has_comparison, is_labelled, is_site_of_several
from evalkit.reading.sizes import (
    both_n,
    earlier_n,
    fitting_base,
    is_size,
    look_up_n,
    may_be_told,
    row_base,
)
from evalkit.reading.tokens import Sentence, names_participants

_NEEDS_BASE = frozenset(
    {"share", "composition", "mean_duration", "against_target", "before_after", "comparison"}
)

_SHARE = word_set("andelen share proportion")
_THUS = word_set("alltså därmed thus therefore")
_CLAUSE = 10  # words
_AGAIN = 4  # words: , vilket är
_OTHER_FIGURE = (
    "earlier", "yard", "goal_noun", "women", "men", "composition", "last_year", "time_after",
    "later", "time_last", "status_date",
)  # fmt: skip


def add_facts(claims: Sequence[Claim], sentences: Sequence[Sentence]) -> None:
    """Fill in base, n, comparison and period of every claim."""
    has_period = any(tells_period(s, claims) for s in sentences)
    for position, claim in enumerate(claims):
        claim.whole_register = _is_whole_register(claim, claims[:position])
        claim.period = has_period
        if claim.kind == "target":
            claim.period = target_period(claim.s)
    counts = [c for c in claims if c.unit == "persons" and is_size(c)]
    in_order = list(enumerate(claims))
    # Counts first: a mean told in the heading may be of those counted below.
    for position, claim in sorted(in_order, key=lambda one: one[1].unit != "persons"):
        if claim.kind in _NEEDS_BASE and not claim.whole_register:
            _add_base(claim, claims[:position], counts, sentences, claims)
    for claim in claims:
        _share_apposed_n(claim, claims)
    for count, share in itertools.pairwise(claims):
        _share_base_back(count, share)
    for claim in claims:
        claim.n_may_be_told = may_be_told(claim, counts)
        told_here = {t.value for t in claim.s.tokens} >= set(claim.n)
        claim.n_is_sure &= (
            told_here or claim.n_is_told_last or claim.same_as is not None
            or not claim.n_may_be_told
        )  # fmt: skip
        claim.comparison = has_comparison(claim, claims)
    _share_n_of_changes(claims)


def _add_base(
    claim: Claim,
    before: Sequence[Claim],
    counts: Sequence[Claim],
    sentences: Sequence[Sentence],
    others: Sequence[Claim],
) -> None:
    same = _told_as_same(claim, before)
    if same is not None and same.of_whom:
        _copy_base(claim, same)
        if claim.is_pair:
            claim.n = (earlier_n(claim, counts), *claim.n[-1:])
        claim.same_as = same
        return
    base = base_of(claim, before, sentences)
    if base is not None and base.n is None and is_site_of_several(claim, [claim, *others]):
        claim.of_whom, claim.population = base.text, base.population
        return  # those of one site: how many is not told by the size of all
    past = claim.earlier if claim.earlier and claim.earlier.sentence is not claim.s else None
    old = base_of(Claim(past, kind=claim.kind), before, sentences) if past else None
    base = base or old
    inherited = _coordinated_with(claim, before) if base is None else None
    if inherited is not None:
        _copy_base(claim, inherited)
    if base is not None:
        _take_base(claim, base, before, counts)
    if old is not None and old.n and claim.unit == "percent" and base is not old and claim.n:
        claim.n = (old.n, claim.n[-1])  # av de 92 …. av de 80 som avslutades 2023


def _take_base(claim: Claim, base: Base, before: Sequence[Claim], counts: Sequence[Claim]) -> None:
    claim.of_whom, claim.population = (
        base.text,
        base.population | _shared_with_other_sex(claim, base, before),
    )
    if claim.s.has("survey") and claim.unit == "percent":
        claim.population |= {"respondents"}  # an answer is known only of those who gave one
    if base.n is not None and claim.unit == "persons" and base.n < claim.numbers[-1]:
        return  # no base of this count
    if base.n is not None:
        claim.n, claim.n_is_sure = (base.n,), base.is_sure
        claim.n_is_told_last = base.is_told_last
    elif not base.is_pronoun:
        look_up_n(claim, base, counts)
    old = claim.earlier.sentence if claim.earlier else claim.s
    if claim.is_pair and (claim.s.has("at_entry") or old.has("at_entry")) and claim.n_is_sure:
        claim.n = claim.n * 2  # the same persons at the start and later
    elif claim.is_pair:
        claim.n = both_n(claim, counts)


def _shared_with_other_sex(claim: Claim, base: Base, before: Sequence[Claim]) -> frozenset[str]:
    """Bland de kvinnor som avslutade 57 procent, bland männen 49: the men left, too."""
    if not base.population or not base.population <= {"women", "men"}:
        return frozenset()
    beside = [
        c for c in before if c.s is claim.s and c.population & {"women", "men"} - base.population
    ]
    return beside[-1].population - {"women", "men"} if beside else frozenset()


def _copy_base(claim: Claim, other: Claim) -> None:
    claim.of_whom, claim.population = other.of_whom, other.population
    claim.n, claim.n_is_sure, claim.n_is_hedged = other.n, other.n_is_sure, other.n_is_hedged
    if claim.is_pair and len(claim.n) == 1:
        claim.n = (None, *claim.n)


def _told_as_same(claim: Claim, before: Sequence[Claim]) -> Claim | None:
    """The count that a percentage tells again: ``27 till arbete, 56 %``; ``det motsvarar``."""
    if (
        claim.unit != "percent"
        or not before
        or (claim.form in ("fraction", "proportion", "pair") and not _opens_again(claim))
    ):
        return None
    last = next((c for c in reversed(before) if c.unit != "money"), None)
    if last is None or last.unit != "persons" or last.kind not in ("share", "count"):
        return None
    s, q = claim.s, claim.main.q
    if last.s is s:
        if not _follows_closely(last, claim):
            return None
        return last if row_base(last, claim, before) or fitting_base(last, claim, before) else None
    opens = any(a <= 2 for a in s.starts("repeat_of")) and q.begins <= 7
    opens |= _names_share_again(claim, last)
    return _repeated(claim, last, before) if opens and s.index - last.s.index == 1 else None


def _names_share_again(claim: Claim, last: Claim) -> bool:
    """``Andelen i arbete blev 55 procent``; ``alltså``: of the outcome just told, and no other."""
    s, told = claim.s, {t.word for t in claim.s.tokens[: claim.after + 8]}
    opens = s.word(0) in _SHARE or (s.word(0) in ("the", "that") and s.word(1) in _SHARE)
    is_same = all(s.has(tag) == last.s.has(tag) for tag in ("work", "study"))
    is_same &= s.has("work", "study") and not s.has(*_OTHER_FIGURE)
    return is_same and last.kind == "share" and (opens or bool(told & _THUS))


def _opens_again(claim: Claim) -> bool:
    """``That's almost two thirds``: the figure before, told as a part."""
    spots = claim.s.cues.get("repeat_of", ())
    return claim.form != "pair" and (0, claim.begins) in spots


def _repeated(claim: Claim, last: Claim, before: Sequence[Claim]) -> Claim | None:
    """Of several shares in the sentence before, the one that the percentage can be of."""
    shares = [c for c in before if c.s is last.s and c.kind == "share" and c.unit == "persons"]
    if len(shares) > 1:
        shares = [c for c in shares if c.n and c.n[-1] and fits(claim, c.value, c.n[-1])]
    beyond = [t.value for t in last.s.tokens[last.after :] if (t.value or 0) > 1]
    if any(not is_year(value or 0) for value in beyond) and len(shares) == 1:
        told = shares[0].n[-1] if shares[0].n else None
        return shares[0] if told and fits(claim, shares[0].value, told) else None
    if not shares and last.kind == "count" and fitting_base(last, claim, before):
        return last
    return shares[0] if len(shares) == 1 else None


def _share_apposed_n(claim: Claim, claims: Sequence[Claim]) -> None:
    """44 procent av de nyanlända har en anställning, 53 av 121: the percentage told as counts."""
    for other in claims:
        k, n = int(other.numbers[-1]), other.main.q.base
        is_open = claim.unit == "percent" and not claim.n and not claim.is_pair
        if other.s is not claim.s or not n or not is_open:
            continue
        if fits(claim, k, n):
            claim.n, claim.n_is_sure = (n,), True
        elif _is_apposed(claim, other):
            claim.same_as = other  # 55 procent (29 av 64): the same told again, and another figure


def _share_base_back(count: Claim, share: Claim) -> None:
    """Till arbete gick 37, vilket är 41 procent av de avslutade: the count is of them, too."""
    s, told = share.s, share.unit == "percent" and count.unit == "persons"
    again = s.between("repeat_of", count.after, share.begins)
    near = count.s is s and 0 < share.begins - count.after <= _AGAIN
    if told and again and near and count.kind == "count" and of_at(s, share.main.q):
        _copy_base(count, share)
        count.kind, share.same_as = "share", count


def _is_apposed(claim: Claim, other: Claim) -> bool:
    """Whether ``29 av 64`` stands alone beside the only percentage of a sentence."""
    s, begins, after = other.s, other.begins, other.after
    alone = s.word(begins - 1) in ("(", ",", ":", "–") and s.word(after) in (")", ",", ".", ";", "")
    percent = [i for i in range(len(s.tokens)) if s.at("percent", i)]
    is_same = other.main.q.noun < 0 and 0 < begins - claim.after <= _CLAUSE
    return alone and is_same and len(percent) == 1 and not s.has(*_OTHER_FIGURE)


def _follows_closely(last: Claim, claim: Claim) -> bool:
    """Only the words of the outcome, a comma, a bracket or ``or`` stand between."""
    s, start, end = claim.s, last.after, claim.begins
    own = s.at("of", claim.after)
    in_bracket = s.word(end - 1) == "("
    if s.at("verb_after", claim.after) and s.between("verb_after", start, end) and not in_bracket:
        return False  # 44 av 84 fick jobb eller studier, 37 procent fick jobb
    if own and not in_bracket and counted_after(s, own) in range(own, own + 3):
        return False  # 70 procent av de sökande, 44 procent av dem: a base of its own
    if any(s.between("base_intro", last.begins - k, last.begins) for k in (1, 2)):
        return False  # av de 26 männen 50 procent
    if s.word(end - 1) in (",", "(", "eller", "or", "–"):
        return not any(s.word(i) in ("och", "and") for i in range(end - 1, end))
    return s.between("repeat_of", max(start, end - 3), end) and s.word(end - 1) != "och"


def _as_base(count: Claim) -> Claim:
    """118 individer, 73 % kvinnor: the count itself is the base."""
    said = Claim(count.main, population=count_population(count))
    said.of_whom = text(count.s, count.main.q.first, count.after)
    said.n, said.n_is_sure = (int(count.value),), count.hedge is None
    said.n_is_hedged = count.hedge is not None
    return said


def _coordinated_with(claim: Claim, before: Sequence[Claim]) -> Claim | None:
    """47,9 procent till arbete och 14,2 procent till studier: one base for both."""
    for other in reversed(before):
        if other.s is not claim.s:
            return None
        both_shares = {other.unit, claim.unit} <= {"percent", "persons"} and other.kind == "share"
        if both_shares and other.of_whom and claim.kind in ("share", "against_target"):
            return other
        if claim.kind == other.kind == "composition" and other.of_whom:
            return other
        is_part = claim.unit == "percent" or claim.main.why == "thereof"
        if claim.kind == "composition" and other.kind == "count" and is_part:
            return _as_base(other)
        if other.kind == "count" and is_labelled(claim.s) and claim.unit == "percent":
            return _as_base(other)  # Norr: 41 deltagare, 45 % till jobb
    return None


def _is_whole_register(claim: Claim, before: Sequence[Claim]) -> bool:
    """A rate or count of an area: everybody in it is counted."""
    if claim.unit in ("money", "duration") or claim.kind in (
        "cost",
        "target",
        "mean_duration",
        "other",
    ):
        return False
    of_last = claim.is_difference and bool(before) and before[-1].whole_register
    is_of_last = of_last and claim.s.index - before[-1].s.index <= 2
    return (claim.s.is_about_area or is_of_last) and not names_participants(claim.s)


def _share_n_of_changes(claims: Sequence[Claim]) -> None:
    """A change has the n of the levels it was computed from, where they stand beside it."""
    for claim in claims:
        if claim.kind != "change":
            continue
        pair = next((c for c in claims if c.is_pair and abs(c.s.index - claim.s.index) <= 2
                     and fits_pair(claim, c)), None)  # fmt: skip
        if pair is None:
            continue
        claim.same_as = pair
        if claim.whole_register:
            continue
        if pair.unit == "persons" and pair.levels:
            claim.n, claim.n_is_sure = (int(pair.levels[0]),), True
        elif pair.n and pair.s.paragraph != claim.s.paragraph - 9:
            claim.n = tuple(n for n in pair.n if n is not None)
            claim.n_is_sure = pair.n_is_sure
