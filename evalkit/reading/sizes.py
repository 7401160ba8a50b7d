"""Of how many: which count of the text is the size of a base."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from evalkit.reading.bases import Base
from evalkit.reading.claim import Claim
from evalkit.reading.computed import fits
from evalkit.reading.context import RELATIVE, clause_of, past_bracket, sites_of
from evalkit.reading.lexicon import word_set, words_named
from evalkit.reading.moments import year_after
from evalkit.reading.populations import count_population, leaves, next_value, selected, text

_LIST_REACH = 8
_STEM = 5
_GENERIC = words_named("generic")
_SIZES = ("count", "share", "against_target", "before_after")
_CLAUSE = 8
_PICKED = frozenset({"women", "men", "completers", "respondents", "exits", "work"})
_NO_BASE = frozenset({"work", "study", "dropped", "waiting"})
_AT = word_set("i in at på on från from")
_PAST = word_set("förra föregående tidigare last previous earlier")
_NOT_YET = words_named("not_yet")


def is_size(claim: Claim) -> bool:
    """Whether a count of persons may be the size of a base."""
    is_of_sex = claim.kind == "composition" and count_population(claim) & {"women", "men"}
    return claim.kind in _SIZES or bool(is_of_sex)


def row_base(last: Claim, claim: Claim, before: Sequence[Claim]) -> bool:
    """Gives a count of a table row the total before it in the sentence as its base."""
    if last.of_whom:
        return True
    told = [c for c in before if c.s is last.s and c.kind == "count" and c is not last]
    row = [c for c in told if not c.of_whom and c.value >= last.value]
    is_counted = last.main.why in ("coordinated", "persons", "told on")
    if not row or len(row) < len(told) or not is_counted:
        return False
    fitting = [c for c in row if fits(claim, last.value, c.value)]
    return _is_part_of(last, fitting[0] if len(fitting) == 1 else row[0])


def fitting_base(last: Claim, claim: Claim, before: Sequence[Claim]) -> bool:
    """Gives ``119 till arbete (38 %)`` of a list the one total above that the percentage fits."""
    above = [c for c in before if c.kind == "count" and 0 < last.s.index - c.s.index <= _LIST_REACH]
    fitting = [c for c in above if fits(claim, last.value, c.value)]
    repeated = any(b == claim.begins for _, b in claim.s.cues.get("repeat_of", ()))
    tells_again = claim.s is not last.s or repeated or claim.s.word(claim.begins - 1) == "("
    if len({c.value for c in fitting}) != 1 or not tells_again:
        return False
    return _is_part_of(last, fitting[0])


def _is_part_of(part: Claim, total: Claim) -> bool:
    part.of_whom = text(total.s, total.main.q.first, total.after)
    part.population = count_population(total)
    part.n, part.n_is_sure = (int(total.value),), total.hedge is None
    return True


def look_up_n(claim: Claim, base: Base, counts: Sequence[Claim]) -> None:
    named = _of_named_group(claim, base, counts)
    if named is None and _is_of_unknown_group(claim, base):
        return
    chosen, is_sure = (named, True) if named else _size_of(claim, base, counts)
    if chosen is None:
        return
    claim.n = (int(chosen.value),)
    claim.n_is_hedged = chosen.hedge is not None
    claim.n_is_sure = is_sure and not claim.n_is_hedged and len(chosen.main.q.values) == 1
    if chosen.s is not claim.s:
        claim.n_is_sure &= not _is_of_another_part(claim, base, chosen)


def _is_of_another_part(claim: Claim, base: Base, count: Claim) -> bool:
    """I Söder fick 37 procent jobb; deltagarna i förra omgången; 14 i Åby och 66 i Norrby."""
    s, at = claim.s, base.at + 1
    is_part = s.word(base.at) == base.word and s.word(at) in _AT and s.word(at + 1) in _PAST
    named, sites = sites_of(s), sites_of(count.s)
    opens = bool(named) and s.word(0) in _AT and s.word(1) in named
    apart = not named & {t.word for t in count.s.tokens}
    return is_part or len(sites) > 1 or (apart and bool(named) and (opens or bool(sites)))


def _of_named_group(claim: Claim, base: Base, counts: Sequence[Claim]) -> Claim | None:
    """``till Stegen (190 personer) eller ordinarie stöd (188)``: n after the group's name."""
    words = claim.s.tokens[max(0, base.at - _CLAUSE) : base.at + _CLAUSE]
    names = {t.text for t in words if t.text[:1].isupper() and t.start != claim.s.tokens[0].start}
    in_bracket = (c for c in counts if c.s.word(c.begins - 1) == "(")
    return next((c for c in in_bracket if c.s.tokens[c.begins - 2].text in names), None)


def _is_of_unknown_group(claim: Claim, base: Base) -> bool:
    """``dem som lottades till IPS``: a relative clause that nothing counted in the text is of."""
    s = claim.s
    is_relative = s.word(base.at + 1) in RELATIVE
    if s.word(base.at) != base.word:
        return False
    if s.word(base.at + 1) in ("with", "without", "med", "utan"):
        return True
    if claim.population or not is_relative:
        return False
    return not s.between("participation", base.at, base.at + _CLAUSE)


def may_be_told(claim: Claim, counts: Sequence[Claim]) -> bool:
    """Whether a count of the text may be the size of a base that no rule found it for."""
    if claim.of_whom is None:
        return _names_somebody(claim, counts)
    wanted = claim.population & _PICKED
    if not wanted and any(c.main.q.base and c is not claim for c in counts):
        return True
    told = ((c, count_population(c)) for c in counts
            if c.kind in ("count", "against_target") and c is not claim)  # fmt: skip
    return any(
        bool(population & wanted) if wanted else not population & _NO_BASE
        for c, population in told
        if int(c.numbers[-1]) not in claim.n and not c.s.is_about_area
    )


def _names_somebody(claim: Claim, counts: Sequence[Claim]) -> bool:
    """Whether the sentence tells of persons in a way that no rule took for a base."""
    s = claim.s
    named = (a for t in ("person", "pronoun") for a in s.starts(t))
    named = (a for a in named if not any(s.covers(t, a) for t in ("composition", "women", "men")))
    beside = any(c.s is s and c is not claim and not c.is_change for c in counts)
    return beside or any(named) or s.has("the_rest")


def _size_of(claim: Claim, base: Base, counts: Sequence[Claim]) -> tuple[Claim | None, bool]:
    """The count that is the size of a base, and whether no other count could be."""
    smallest = claim.value if claim.unit == "persons" else 0
    sizes = [
        c for c in counts
        if c is not claim and not c.s.is_about_area and not c.is_change
        and c.value >= smallest
    ]  # fmt: skip
    told = [(c, _counted_population(c)) for c in sizes]
    wanted = claim.population
    if base.word == "event":
        wanted = frozenset({"exits"})
    of_it = _of_population(wanted, told)
    if not of_it and wanted in ({"women"}, {"men"}):
        of_it = [c for c, population in told if population == wanted | {"exits"}]
        return (of_it[0], False) if len(of_it) == 1 else (None, False)
    if not wanted:
        of_it = [c for c in of_it if not _is_restricted(c)]
        same_noun = _of_noun(base, of_it)
        if not same_noun and base.word not in _GENERIC:
            of_it = [c for c in of_it if _is_generic_count(c)] if base.word not in _NOT_YET else []
            return (of_it[0], False) if of_it else (None, False)
        of_it = same_noun or of_it
        if not of_it and base.word in _GENERIC:
            of_it = [c for c, population in told if population in ({"women"}, {"men"})][:1]
    if not of_it:
        return None, False
    left = {int(c.value) for c, population in told if population == {"exits"}}
    if wanted and wanted <= {"women", "men"} and left and not left & {*of_it[0].n}:
        return of_it[0], False  # women of all who took part, or of those who left
    values = {c.value for c in of_it}
    near = [c for c in of_it if c.s.index <= claim.s.index] or of_it
    is_of_all = base.word in _GENERIC and not wanted
    told_before = is_of_all or any(c.s.index <= claim.s.index for c in of_it)
    return (near[0] if base.word in _GENERIC else near[-1]), len(values) == 1 and told_before


def _is_restricted(c: Claim) -> bool:
    """29 participants who returned our survey: some of those who took part, and not all."""
    s, noun = c.s, c.main.q.noun
    is_relative = noun >= 0 and s.word(noun + 1) in RELATIVE
    gets = any(s.at("gets", i) for i in (noun + 1, noun + 2)) and s.between(
        "support", noun + 1, clause_of(s, noun)[1]
    )
    return gets or (is_relative and not s.between("participation", noun + 1, noun + _CLAUSE))


def _of_population(
    wanted: frozenset[str], told: Sequence[tuple[Claim, frozenset[str]]]
) -> list[Claim]:
    """Those counted as of a population; of work, also where only leavers or all were told."""
    wishes = [wanted]
    if "work" in wanted:
        of_sex = wanted & {"women", "men"}
        wishes += [wanted | {"exits"}, wanted - {"work"} if of_sex else frozenset({"work"})]
    found = ([c for c, population in told if population == wish] for wish in wishes)
    return next((one for one in found if one), [])


def _is_generic_count(c: Claim) -> bool:
    return c.main.q.noun >= 0 and c.s.word(c.main.q.noun) in _GENERIC


def _counted_population(c: Claim) -> frozenset[str]:
    if c.kind != "share":
        return count_population(c)
    s, start = c.s, past_bracket(c.s, c.after)
    after = min(clause_of(s, start)[1], next_value(s, start))
    to_work = s.between("work", start, after) and not s.between("study", start, after)
    begins = max(0, c.begins - 2)
    tags = {"work"} if to_work else {"some"}
    more = selected(s, begins, after) | ({"exits"} if leaves(s, begins, after) else set())
    is_more = not to_work and more - c.population
    return (c.population | more) if is_more else c.population | more | tags


def _of_noun(base: Base, counts: Sequence[Claim]) -> list[Claim]:
    return [
        c for c in counts if c.main.q.noun >= 0 and (c.s.word(c.main.q.noun)[:_STEM] ==
        base.word[:_STEM] or (len(base.word) > _STEM and any(t.word[:_STEM] == base.word[:_STEM]
        for t in c.s.tokens)))
    ]  # fmt: skip


def both_n(claim: Claim, counts: Sequence[Claim]) -> tuple[int | None, ...]:
    """N of the earlier and the later level: two counts of one sentence, or one told."""
    if claim.earlier is not None and claim.earlier.q.base and claim.main.q.base:
        return claim.earlier.q.base, claim.main.q.base
    if not claim.n_is_sure and (beside := next(_dated(counts), None)):
        return beside
    moved = [c for c in counts if c.is_pair and c.levels]
    moved = [c for c in moved if not claim.population] or [
        c for c in counts
        if claim.population and c.is_pair and c.levels and count_population(c) == claim.population
    ]  # fmt: skip
    if moved and moved[0].levels and not claim.n_is_sure:
        return int(moved[0].levels[0]), int(moved[0].levels[1])
    return (None, claim.n[-1]) if claim.n else ()


def _dated(counts: Sequence[Claim]) -> Iterator[tuple[int, int]]:
    """66 personer 2021 och 72 personer 2023; 212 mot 190 året före: earlier first."""
    for a, b in itertools.pairwise(counts):
        if a.s is not b.s or not a.kind == b.kind == "count":
            continue
        first, second = (int(c.value) for c in (a, b))
        years = [year_after(c.s, c.after) for c in (a, b)]
        if b.main.why in ("dated", "contrasted") or 0 < years[1] < years[0]:
            yield second, first
        elif b.main.why == "dated later" or 0 < years[0] < years[1]:
            yield first, second


def earlier_n(claim: Claim, counts: Sequence[Claim]) -> int | None:
    """Året före låg andelen på 38,7 procent. Då skrevs 50 personer ut."""
    old = claim.earlier.sentence.index if claim.earlier else claim.s.index
    told = (c for c in counts if c.kind == "count" and c.s.has("then") and c.s.index - old == 1)
    return next((int(c.value) for c in told), None)
