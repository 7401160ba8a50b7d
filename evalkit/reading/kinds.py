"""The kind of a claim: the first that fits, from the top of the list in docs/en/claims.md."""

from __future__ import annotations

from evalkit.reading.claim import Claim, Kind
from evalkit.reading.context import (
    Candidate,
    clause_of,
    counted_after,
    names_place,
    of_at,
    past_bracket,
)
from evalkit.reading.lexicon import word_set, words_named
from evalkit.reading.tokens import Sentence, names_participants
from evalkit.reading.units import Quantity

_JOINS_CHANGE = word_set(", är var blev motsvarar alltså på med of is was been has ( hela drygt")
_BESIDE = word_set("över under above below ahead behind")
_STANDS = word_set("ligger låg är var is are was were lies stands sits")
_SHARE = word_set("share proportion percentage number")
_OF_RESULTS = ("outcome", "exit", "contrast", "more", "level_noun", "diff", "repeat_of")
_LABEL = 8  # words of a table row's label, with its colon
_NO_LABEL = ("work", "study", "exit", "more", "contrast")
_MAKES_UP = words_named("makes_up")
_DESCRIBED = 3
_SHARE_RULES = frozenset({"of persons", "k of n", "thereof"})


def is_change(one: Candidate) -> bool:
    """By how much something moved: fell by, a drop of, 12 per cent more, halved."""
    s, q = one.sentence, one.q
    if q.form == "pair" or q.detail == "return" or q.unit in ("money", "score"):
        return False
    if q.unit == "times" or s.at("moved", q.after) or _is_noun_after(s, q.begins, q.after):
        return True
    if _is_more(one):
        return q.unit == "persons" or not s.between("goal_noun", q.after, q.after + 4)
    before = [(a, b) for a, b in s.cues.get("change", ()) if b <= q.begins]
    if any(_is_subject_of_change(s, change, q.begins) for change, _ in before):
        return True
    if not before:
        return q.unit == "points" and not is_difference(one)
    last = max(b for _, b in before)
    makes_up = s.word(last - 1) == "up" and s.word(last - 2) in _MAKES_UP
    if makes_up or s.between("to", q.begins - 1, q.begins):
        return False  # ökade med 9 000 till 139 000: the level
    by = any(s.at("change_by", i) for i in range(max(last, q.begins - 3), q.begins))
    told_again = s.at("change_by", q.begins - 1) and s.between("repeat_of", last, q.begins)
    return q.unit == "points" or (by and q.begins - last <= 6) or last == q.begins or told_again > 0


def _is_more(one: Candidate) -> bool:
    """300 fler än i fjol; 300 fler deltagare än i fjol."""
    s, q = one.sentence, one.q
    if q.noun >= 0 and s.between("more", q.first + 1, q.noun):
        return s.word(q.first - 1) not in ("än", "than")
    beyond = q.unit == "persons" and q.noun < 0 and s.word(q.after) != ","
    return s.at("more", q.after) > 0 or (beyond and s.at("more", q.after + 1) > 0)


def _is_noun_after(s: Sentence, begins: int, after: int) -> bool:
    """A 1.7 per cent increase."""
    return s.word(begins - 1) in ("a", "an", "en") and s.at("change", after) > 0


def _is_subject_of_change(s: Sentence, change: int, begins: int) -> bool:
    """Nedgången, 8,5 procent; ökningen är 16 procent; the rise was 3 points."""
    has_article = s.word(change - 1) in ("the", "this", "denna", "den")
    opens = change in (0, begins - 1) or has_article  # räknat per månad är uppgången 22 procent
    is_noun = s.word(change).endswith(("gen", "ngen", "tet")) or has_article
    counted = {i for i in range(change + 1, begins)
               if s.tokens[i].value is not None or s.at("person", i)}  # fmt: skip
    between = {s.word(i) for i in range(change + 1, begins) if i not in counted}
    return opens and is_noun and between <= _JOINS_CHANGE


def is_difference(one: Candidate) -> bool:
    """How far two groups or areas lie from each other: the gap is 8 points."""
    s, q = one.sentence, one.q
    if q.unit not in ("points", "percent"):
        return False
    beside = s.at("more", q.after) or s.word(q.after) in _BESIDE
    if q.unit == "points" and beside and _is_of_position(s, q.begins):
        return True
    if s.word(q.after) != "," and any(q.after <= a <= q.after + 2 for a in s.starts("diff_side")):
        return True
    if s.word(q.after) in _BESIDE and s.between("yard", q.after + 1, q.after + 4):
        return True  # 6 procent över länet
    if s.at("more", q.after) and s.between("women", 0, q.first) and s.between("men", 0, q.first):
        return True
    in_front = any(a < q.begins for a in s.starts("diff"))
    if any(a <= 2 for a in s.starts("diff")) and q.begins <= 5 and not s.has("earlier"):
        return True
    return in_front and (q.unit == "points" or s.has("yard", "woman_man")) and not s.has("earlier")


def _is_of_position(s: Sentence, begins: int) -> bool:
    """Hedåker ligger nästan 20 procentenheter högre: where it stands, not how it moved."""
    stands = any(s.word(i) in _STANDS for i in range(max(0, begins - 8), begins))
    is_now = any(s.word(i) in ("nu", "now") for i in range(begins))
    return stands and not (is_now or s.has("change", "earlier", "last_year"))


def kind_of(claim: Claim) -> Kind:
    """The first kind that fits, from the top of the list in docs/en/claims.md."""
    q = claim.main.q
    if (
        claim.main.is_employers
        or (q.unit == "score" and not claim.is_pair)
        or claim.main.why in ("income", "payback")
    ):
        return "other"
    fits: tuple[tuple[Kind, bool], ...] = (
        ("cost", q.unit == "money" or q.detail == "return"),
        ("target", claim.main.role == "goal"),
        ("against_target", claim.goal is not None),
        ("comparison", is_comparison(claim)),
        ("before_after", claim.is_pair),
        ("change", claim.is_change or q.unit == "points"),
        ("mean_duration", q.unit == "duration"),
    )
    return next((kind for kind, does in fits if does), _level_kind(claim))


def is_comparison(claim: Claim) -> bool:
    if claim.yardstick is not None or claim.is_difference:
        return True
    s = claim.s
    near = any(s.between("contrast", a - 4, a + 1) for a in s.starts("yard"))
    is_set_against = s.has("yard") and (near or s.has("more")) and claim.unit != "persons"
    q = claim.main.q
    than = next((i for i in range(q.after, len(s.tokens)) if s.word(i) in ("än", "than")), -1)
    is_beside_place = than > 0 and names_place(s, than + 1) and s.has("more")
    if claim.is_change and (is_beside_place or (q.unit == "times" and _as_others(s, q))):
        return True
    opens_with_area = s.has("yard") and s.word(0) in ("medan", "while", "whereas")
    return (is_set_against and claim.is_change) or opens_with_area


def _as_others(s: Sentence, q: Quantity) -> bool:
    """Twice as likely as those in the comparison group."""
    said = [i for i in range(q.after, len(s.tokens)) if s.word(i) in ("som", "as", "än", "than")]
    return bool(said) and s.between("yard", said[0], len(s.tokens))


def _level_kind(claim: Claim) -> Kind:
    q, s = claim.main.q, claim.s
    is_of_people = s.is_about_area and s.between("inhabitants", q.after, q.after + 3)
    if is_composition(claim.main) and not is_of_people:
        return "composition"
    if q.unit == "percent":
        of_area = s.is_about_area and True
        of_area = of_area and not names_participants(s)
        return "area_level" if of_area else "share"
    return "share" if _is_share_in_persons(claim.main) else "count"


def is_composition(one: Candidate) -> bool:
    """Told of who took part: women, born abroad, with children – and not what became of them."""
    s, q = one.sentence, one.q
    if not s.has("composition", "women", "men") or q.unit not in ("percent", "persons"):
        return False
    if q.unit == "persons":
        inside = s.at("composition", q.noun if q.noun >= 0 else q.after) > 0
        is_sex = s.between("women", q.first, q.noun + 1) or s.between("men", q.first, q.noun + 1)
        is_row = one.why == "row" and bool(s.at("women", q.noun) or s.at("men", q.noun))
        if is_row or (is_sex and s.between("gender_split", 0, q.begins)):
            return True
        is_woman_man = s.at("women", q.noun) > 0 or s.at("men", q.noun) > 0
        first, after = clause_of(s, q.first)
        is_sex = is_sex and not any(s.between(t, first, after) for t in ("work", "study", "exit"))
        is_sex &= not s.between("base_intro", q.first - 2, q.first)  # among the 29 men it was 13
        return (
            (one.why == "thereof" and inside)
            or (one.why == "of a base" and is_sex)
            or (
                one.why in ("of persons", "k of n", "of a base", "coordinated", "told on")
                and _predicate(one, q.noun if inside and not (is_sex or is_woman_man) else q.after)
            )
        )
    start = _after_base(one)
    is_label = s.word(q.begins - 1) == ":" and q.begins <= _LABEL
    is_row = is_label and s.between("composition", 0, q.begins) and not s.has("outcome")
    is_row = is_row and not any(s.between(tag, 0, q.begins) for tag in _NO_LABEL)
    at_entry = not s.has("contrast") and s.between(
        "at_entry", start, clause_of(s, min(start, len(s.tokens) - 1))[1]
    )
    if is_row or at_entry or _predicate(one, start):
        return True
    if s.has("women") != s.has("men") and not s.has(*_OF_RESULTS):
        return True  # flickorna var i majoritet, 58 procent
    first, _ = clause_of(s, q.first)
    made_of = any(s.word(i) in _MAKES_UP for i in range(first, q.begins))
    made_of |= s.word(q.begins - 1) == "(" and any(
        s.at(t, q.begins - 2) for t in ("composition", "women", "men")
    )
    first -= s.word(first - 1) == "(" and first
    named = any(
        s.word(a - 1) in ("andelen", "andel") or (s.word(a - 1) == "of" and s.word(a - 2) in _SHARE)
        for a in s.starts("composition")
        if first <= a < q.begins
    )
    return (
        (made_of or named)
        and any(s.between(t, first, q.begins) for t in ("composition", "women", "men"))
        and not s.between("outcome", first, q.begins)
    )


def _after_base(one: Candidate) -> int:
    s, q = one.sentence, one.q
    at = of_at(s, q)
    noun = counted_after(s, at) if at else q.noun
    start = past_bracket(s, max(q.after, noun + 1))
    # just over half (52%) were women; hälften, 48 procent, var kvinnor
    is_apposition = s.word(start) == s.word(q.begins - 1) == ","
    return start + (s.word(start) == ")" or is_apposition)


def _predicate(one: Candidate, start: int) -> bool:
    """Whether words of composition, and none of outcome, follow in the clause."""
    s = one.sentence
    _, after = clause_of(s, min(start, len(s.tokens) - 1))
    after = min(after, _next_number(s, start))
    told = [
        a for a in s.starts("composition")
        if start <= a < after and not (s.is_about_area and s.covers("jobless", a))
        and not s.between("contrast", a - 1, a)  # mår bättre än när de började
        and not (s.at("woman_man", a) and _is_counted(s, a))
    ]  # fmt: skip
    if s.word(start) in ("med", "with"):  # var tionde person med funktionsnedsättning får jobb
        told = [a for a in told if a - start > _DESCRIBED]
    outcomes = [a for a in s.starts("outcome") if start <= a and not s.covers("composition", a)]
    return bool(told) and not any(a < min(told) for a in outcomes)


def _is_counted(s: Sentence, i: int) -> bool:
    """19 of the 44 women and 23 of the 39 men found work: a base, and nothing told of them."""
    return s.tokens[i - 1].value is not None or s.word(i - 1) in ("of", "av")


def _next_number(s: Sentence, start: int) -> int:
    for i in range(start, len(s.tokens) - 1):
        if s.tokens[i].is_digits and s.at("percent", i + 1):
            return i
    return len(s.tokens)


def _is_share_in_persons(one: Candidate) -> bool:
    """A count is a share when its base stands in the same sentence."""
    s, q = one.sentence, one.q
    if one.why in _SHARE_RULES:
        return True
    if one.why == "of a base":
        first, after = clause_of(s, q.first)
        told = [a for a in s.starts("outcome") if q.after <= a < after and not s.covers("exit", a)]
        only_left = s.between("exit", first, after) and not told
        return not only_left or any(s.between(t, first, after) for t in ("work", "study"))
    if one.why == "coordinated":
        return bool(one.facts.get("after_share"))
    return False
