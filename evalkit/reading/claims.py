"""Candidates → claims: which number is a goal, a yardstick or an earlier value, and the kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from evalkit.reading.accepted import Candidate, clause_of, counted_after, of_at
from evalkit.reading.numbers import is_year
from evalkit.reading.tokens import Sentence

Kind = Literal[
    "cost", "target", "against_target", "comparison", "before_after", "change",
    "mean_duration", "composition", "area_level", "share", "count", "other",
]  # fmt: skip
_LEVELS = frozenset({"percent", "persons", "duration"})
_GOAL_REACH = 14
_YARD_REACH = 5
_LAST_YEAR_REACH = 6
_HEADING_CLOSE = 0.05


@dataclass(slots=True)
class Claim:
    """A claim with what belongs to it. ``numbers`` are those of the statement itself."""

    main: Candidate
    kind: Kind = "other"
    earlier: Candidate | None = None
    goal: Candidate | None = None
    yardstick: Candidate | None = None
    is_change: bool = False
    is_difference: bool = False
    repeats: list[Candidate] = field(default_factory=list)
    of_whom: str | None = None
    population: frozenset[str] = frozenset()
    n: tuple[int | None, ...] = ()
    n_is_sure: bool = False
    n_is_hedged: bool = False
    comparison: bool = False
    whole_register: bool = False
    same_as: Claim | None = None
    missing: tuple[str, ...] = ()
    traps: tuple[str, ...] = ()
    period: bool = False

    @property
    def s(self) -> Sentence:
        return self.main.sentence

    @property
    def unit(self) -> str:
        return self.main.q.unit

    @property
    def numbers(self) -> tuple[float, ...]:
        values = self.main.q.values
        if self.earlier is not None and self.kind != "cost":
            return (*self.earlier.q.values, *values)
        return values

    @property
    def is_pair(self) -> bool:
        return self.main.q.form == "pair" or self.earlier is not None

    @property
    def levels(self) -> tuple[float, float] | None:
        """Earlier and later level of a pair."""
        numbers = self.numbers
        return (numbers[0], numbers[-1]) if self.is_pair and len(numbers) > 1 else None

    @property
    def hedge(self) -> str | None:
        return self.main.q.hedge

    @property
    def percentage(self) -> float | None:
        """The latest stated percentage."""
        return self.main.q.values[-1] if self.unit == "percent" else None


def claims_of(found: Sequence[Candidate], sentences: Sequence[Sentence]) -> list[Claim]:
    """Claims in reading order; goals, yardsticks and earlier values have found their claim."""
    for one in found:
        one.facts["change"] = is_change(one)
        if is_goal(one, [c for c in found if c.sentence is one.sentence]):
            one.role = "goal"
    claims: list[Claim] = []
    for one in found:
        if one.role == "goal":
            continue
        if not (_join_yardstick(one, claims) or _join_earlier(one, claims)):
            claims.append(_new(one))
    _join_last_year(claims)
    goals = [one for one in found if one.role == "goal"]
    for goal in goals:
        if not _join_goal(goal, claims, sentences):
            claims.append(Claim(goal, kind="target"))
    claims.sort(key=lambda claim: (claim.s.index, claim.main.q.begins))
    for claim in claims:
        claim.kind = kind_of(claim)
    return merged_repeats(claims)


def _new(one: Candidate) -> Claim:
    return Claim(one, is_change=bool(one.facts["change"]), is_difference=is_difference(one))


# changes and differences


def is_change(one: Candidate) -> bool:
    """By how much something moved: fell by, a drop of, 12 per cent more, halved."""
    s, q = one.sentence, one.q
    if q.form == "pair" or q.detail == "return" or q.unit in ("money", "score"):
        return False
    if q.unit == "times":
        return True
    if s.at("more", q.after) or (q.unit == "persons" and q.noun < 0 and s.at("more", q.after + 1)):
        return not s.between("goal_noun", q.after, q.after + 4)
    before = [(a, b) for a, b in s.cues.get("change", ()) if b <= q.begins]
    if not before:
        return q.unit == "points" and not is_difference(one)
    last = max(b for _, b in before)
    if s.word(last - 1) == "up" and s.word(last - 2) in _MAKES_UP:
        return False
    if q.unit == "points":
        return not s.between("to", q.begins - 1, q.begins)
    by = any(s.at("change_by", i) for i in range(max(last, q.begins - 2), q.begins))
    return (by and q.begins - last <= 6) or last == q.begins  # noqa: PLR2004


def is_difference(one: Candidate) -> bool:
    """How far two groups or areas lie from each other: the gap is 8 points."""
    s, q = one.sentence, one.q
    if q.unit not in ("points", "percent"):
        return False
    if any(q.after <= a <= q.after + 2 for a in s.starts("diff_side")):
        return True
    in_front = any(a < q.begins for a in s.starts("diff"))
    if any(a <= 1 for a in s.starts("diff")) and q.begins <= 5 and not s.has("earlier"):  # noqa: PLR2004
        return True
    return in_front and (q.unit == "points" or s.has("yard", "woman_man")) and not s.has("earlier")


# goals


def is_goal(one: Candidate, here: Sequence[Candidate]) -> bool:
    s, q = one.sentence, one.q
    if q.unit in ("money", "score", "points") and q.detail != "return":
        return False
    if s.has("no_goal") and not s.has("goal_verb"):
        return False
    follows = any(a == q.after for a in s.starts("goal_noun"))
    if follows and not s.at("of", q.after) or _ends_with_goal_word(q.after, s):
        return True
    nouns = [(a, b) for a, b in s.cues.get("goal_noun", ()) if b <= q.begins]
    if nouns:
        return _is_after_goal(one, here, max(a for a, _ in nouns))
    return _is_planned(one)


def _ends_with_goal_word(after: int, s: Sentence) -> bool:
    """``60 procent, som var målet`` is told by the noun alone."""
    return s.word(after) in ("som", "which") and s.between("goal_noun", after, after + 4)


def _is_after_goal(one: Candidate, here: Sequence[Candidate], goal: int) -> bool:
    s, q = one.sentence, one.q
    first = min((b for a, b in s.cues["goal_noun"] if a == goal), default=goal)
    results = [i for i in s.starts("result_word") if first <= i < q.begins]
    if results and not s.between("goal_verb", results[-1], q.begins):
        return False
    between = [c for c in here if first <= c.q.begins < q.begins and c.q.unit == q.unit]
    if between:
        joined = {s.word(i) for i in range(between[-1].q.after, q.begins)}
        return bool(joined & {"och", "and"}) and not joined & _BREAKING
    return q.begins - first <= _GOAL_REACH or s.has("goal_verb")


_BREAKING = frozenset({",", ";", ":", "men", "but", "medan", "while"})


def _is_planned(one: Candidate) -> bool:
    """will, are expected to, ska: told of what has not happened."""
    s, q = one.sentence, one.q
    verbs = s.starts("goal_verb")
    if not verbs or q.unit == "times" and q.detail == "return":
        return False
    told = [i for i in s.starts("result_word") if i < q.begins]
    if told and all(v < told[-1] for v in verbs):
        return False
    return any(v < q.begins or v - q.after <= 6 for v in verbs) and not (  # noqa: PLR2004
        s.has("survey", "respondents")
    )


def _join_goal(goal: Candidate, claims: Sequence[Claim], sentences: Sequence[Sentence]) -> bool:
    s, unit = goal.sentence, goal.q.unit
    open_ = [c for c in claims if c.unit == unit and c.goal is None and not c.is_change
             and c.main.role != "goal" and not c.is_difference]  # fmt: skip
    if s.has("goal_noun") or s.has("result_word"):
        same = [c for c in open_ if c.s is s and not _is_of_other_measure(c, goal)]
        if same:
            return _with_goal(min(same, key=lambda c: abs(c.main.q.begins - goal.q.begins)), goal)
    near = [
        c for c in open_ if 0 < abs(c.s.index - s.index) <= 2 and c.s.paragraph >= s.paragraph - 1
    ]  # noqa: PLR2004
    if not near or not _tells_reached(goal, sentences, near):
        return False
    return _with_goal(min(near, key=lambda c: _distance(c, s)), goal)


def _distance(claim: Claim, s: Sentence) -> tuple[int, int, int]:
    after = claim.s.index > s.index
    told = claim.s.has("result_word") and after
    return (0 if told else 1, abs(claim.s.index - s.index), int(after))


def _is_of_other_measure(claim: Claim, goal: Candidate) -> bool:
    return claim.s.has("composition") and claim.unit == "percent" and _is_composition(claim.main)


def _tells_reached(goal: Candidate, sentences: Sequence[Sentence], near: Sequence[Claim]) -> bool:
    """Whether the text says of this goal that it was reached, missed or exceeded."""
    s = goal.sentence
    if s.has("reached"):
        return True
    following = sentences[s.index + 1] if s.index + 1 < len(sentences) else None
    if following is None or following.paragraph > s.paragraph + 1:
        return False
    if following.has("reached") and (
        following.has("goal_noun") or following.word(0) in ("det", "it", "this", "den")
    ):
        return True
    return following.has("result_word") and any(c.s is following for c in near)


def _with_goal(claim: Claim, goal: Candidate) -> bool:
    claim.goal = goal
    return True


# yardsticks and earlier values


def _join_yardstick(one: Candidate, claims: Sequence[Claim]) -> bool:
    """The figure of the nation, the county or a comparison group joins the claim before it."""
    s, q = one.sentence, one.q
    if not _is_of_yard(one) or is_difference(one):
        return False
    wanted = [c for c in claims if s.index - c.s.index <= _YARD_REACH and c.unit == q.unit and c.yardstick is None
              and c.kind != "target" and c.main.q.unit in ("percent", "points", "duration", "persons")]  # fmt: skip
    if q.form == "pair":
        wanted = [c for c in wanted if c.is_pair] or wanted
    elif bool(one.facts["change"]):
        wanted = [c for c in wanted if c.is_change] or []
    else:
        wanted = [c for c in wanted if not c.is_change] or wanted
    if not wanted:
        return False
    wanted[-1].yardstick = one
    one.role = "yardstick"
    return True


def _is_of_yard(one: Candidate) -> bool:
    """Whether the nearest figure to a word for area or comparison group is this one."""
    s, q = one.sentence, one.q
    first, after = clause_of(s, q.first)
    return any(first <= a < after and not _is_contrast_to(s, a, q.begins) for a in s.starts("yard"))


def _is_contrast_to(s: Sentence, yard: int, begins: int) -> bool:
    """``mer än i riket`` after the figure is no figure of the nation's."""
    return yard > begins and any(
        s.word(i) in ("än", "than") for i in range(yard - 4, yard) if i >= begins
    )


def _join_earlier(one: Candidate, claims: Sequence[Claim]) -> bool:
    s, q = one.sentence, one.q
    if q.unit not in (*_LEVELS, "money") or one.facts["change"] or q.form == "pair":
        return False
    open_ = [c for c in claims if c.unit == q.unit and not c.is_pair and not c.is_change
             and not c.is_difference and s.index - c.s.index <= 2]  # fmt: skip
    if not open_:
        return False
    last = open_[-1]
    joined = _is_earlier_here(one, last) if last.s is s else _is_earlier_after(one, last)
    if joined and last.s is not s and last.s.has("then"):
        last.earlier, last.main = last.main, one  # told in the order of time
    elif joined:
        last.earlier, one.role = one, "earlier_value"
    return joined


def _is_earlier_here(one: Candidate, last: Claim) -> bool:
    s, q = one.sentence, one.q
    if {tag for tag in ("women", "men") if s.has(tag)} == {"women", "men"} and not s.has("earlier"):
        return False
    if last.main.why == "of a base" or one.why in ("of a base", "thereof"):
        return False
    start = last.main.q.after
    if s.word(q.begins - 1) == "(" and (_year_after(s, q.after) or s.at("earlier", q.after) or s.at("earlier", q.after + 1)):
        return True
    near = range(max(start, q.begins - 6), q.begins)
    if any(s.at("contrast", i) for i in near):
        return True
    if s.word(q.begins - 1) in ("och", "and") and q.unit == "persons":
        return False
    first, after = clause_of(s, q.first)
    if any(first <= a < after and a >= start for a in s.starts("earlier")):
        return True
    return (
        q.unit != "persons"
        and _year_after(s, last.main.q.after) != _year_after(s, q.after) != 0
        and _year_after(s, last.main.q.after) > 0
    )


def _year_after(s: Sentence, i: int) -> int:
    for token in s.tokens[i : i + 3]:
        if token.is_digits and is_year(token.value or 0):
            return int(token.value or 0)
    return 0


def _is_earlier_after(one: Candidate, last: Claim) -> bool:
    """The year before the share was 50 per cent; during the whole of 2022 there were 121."""
    s, q = one.sentence, one.q
    if (
        any(c in ("of persons", "k of n", "of a base") for c in (one.why,))
        or last.main.role == "goal"
    ):
        return False
    if s.index - last.s.index > 1 and not s.has("earlier"):
        return False
    speaks_on = s.has("level_noun") or s.between("contrast", 0, q.begins)
    if s.has("earlier") and (speaks_on or q.unit == "percent"):
        return s.starts("earlier")[0] < q.after + 6 and not _names_other_measure(one, last)
    if last.s.has("earlier") and s.has("level_noun") and s.has("relative_period", "this_year"):
        return True
    year, year_of_last = _years(s), _years(last.s)
    opens = s.tokens[0].word in ("under", "during", "in", "i", "år", "bland", "among", "av", "of", "för", "for", "2", "för")
    is_older = bool(year and year_of_last and max(year) < max(year_of_last))
    return is_older and (speaks_on and opens or s.has("same_measure"))


def _names_other_measure(one: Candidate, last: Claim) -> bool:
    return one.sentence.has("composition") and not last.s.has("composition")


def _years(s: Sentence) -> list[int]:
    return [int(t.value) for t in s.tokens if t.is_digits and t.value and is_year(t.value)]


def _join_last_year(claims: list[Claim]) -> None:
    """This year 312 young people … last year we had 260 places."""
    levels = [c for c in claims if c.unit == "persons" and not c.is_pair and not c.is_change]
    now = [c for c in levels if c.s.has("this_year") and not c.s.has("last_year")]
    for old in levels:
        if not (old.s.has("last_year") and old.s.has("level_word")):
            continue
        new = next((c for c in now if 0 < old.s.index - c.s.index <= _LAST_YEAR_REACH), None)
        if new is not None and not new.is_pair:
            new.earlier, old.main.role = old.main, "earlier_value"
            claims.remove(old)


# kinds


def kind_of(claim: Claim) -> Kind:
    """The first kind that fits, from the top of the list in docs/claims.md."""
    q = claim.main.q
    if claim.main.is_employers or q.unit == "score" or claim.main.why in ("income", "payback"):
        return "other"
    if q.unit == "money" or q.detail == "return":
        return "cost"
    if claim.main.role == "goal":
        return "target"
    if claim.goal is not None:
        return "against_target"
    if is_comparison(claim):
        return "comparison"
    if claim.is_pair:
        return "before_after"
    if claim.is_change or q.unit == "points":
        return "change"
    if q.unit == "duration":
        return "mean_duration"
    return _level_kind(claim)


def is_comparison(claim: Claim) -> bool:
    if claim.yardstick is not None or claim.is_difference:
        return True
    s = claim.s
    is_set_against = s.has("yard") and s.has("contrast", "more") and claim.unit != "persons"
    opens_with_area = s.has("yard") and s.word(0) in ("medan", "while", "whereas")
    return (is_set_against and claim.is_change) or opens_with_area


def _level_kind(claim: Claim) -> Kind:
    q, s = claim.main.q, claim.s
    if _is_composition(claim.main):
        return "composition"
    if q.unit == "percent":
        of_area = s.is_about_area and (s.has("jobless", "area") or not _has_base(claim.main))
        of_area = of_area and not any("deltag" in t.word or t.word.startswith("participant") for t in s.tokens)
        return "area_level" if of_area else "share"
    return "share" if _is_share_in_persons(claim.main) else "count"


def _has_base(one: Candidate) -> bool:
    at = of_at(one.sentence, one.q)
    return one.q.noun >= 0 or bool(at and counted_after(one.sentence, at) >= 0)


def _is_composition(one: Candidate) -> bool:
    """Told of who took part: women, born abroad, with children – and not what became of them."""
    s, q = one.sentence, one.q
    if not s.has("composition") or q.unit not in ("percent", "persons"):
        return False
    if q.unit == "persons":
        inside = s.at("composition", q.noun if q.noun >= 0 else q.after) > 0
        return (
            one.why == "thereof"
            and inside
            or one.why in ("of persons", "k of n")
            and _predicate(one, q.after)
        )
    start = _after_base(one)
    if _predicate(one, start):
        return True
    first, _ = clause_of(s, q.first)
    made_of = any(s.word(i) in _MAKES_UP for i in range(first, q.begins))
    named = any(
        s.word(a - 1) in ("andelen", "andel", "of")
        for a in s.starts("composition")
        if first <= a < q.begins
    )
    return (
        (made_of or named)
        and s.between("composition", first, q.begins)
        and not s.between("outcome", first, q.begins)
    )


_MAKES_UP = frozenset("utgör utgjorde utgjordes make made up".split())


def _after_base(one: Candidate) -> int:
    s, q = one.sentence, one.q
    at = of_at(s, q)
    noun = counted_after(s, at) if at else q.noun
    return max(q.after, noun + 1)


def _predicate(one: Candidate, start: int) -> bool:
    """Whether words of composition, and none of outcome, follow in the clause."""
    s = one.sentence
    _, after = clause_of(s, min(start, len(s.tokens) - 1))
    after = min(after, _next_number(s, start))
    if not s.between("composition", start, after):
        return False
    return not any(
        start <= a < after and not s.covers("composition", a) for a in s.starts("outcome")
    )


def _next_number(s: Sentence, start: int) -> int:
    for i in range(start, len(s.tokens) - 1):
        if s.tokens[i].is_digits and s.at("percent", i + 1):
            return i
    return len(s.tokens)


_SHARE_RULES = frozenset({"of persons", "k of n", "thereof"})


def _is_share_in_persons(one: Candidate) -> bool:
    """A count is a share when its base stands in the same sentence."""
    s, q = one.sentence, one.q
    if one.why in _SHARE_RULES:
        return True
    if one.why == "of a base":
        first, after = clause_of(s, q.first)
        only_left = s.between("exit", first, after) and not s.between("outcome", q.after, after)
        return not only_left or s.has("work", "study")
    if one.why == "coordinated":
        return bool(one.facts.get("after_share"))
    return False


# repeats


def merged_repeats(claims: list[Claim]) -> list[Claim]:
    """A heading's claim that the text tells in full below is a repeat of it, not a claim more."""
    kept = list(claims)
    for head in claims:
        if not (head.s.is_heading and head.s.paragraph == 0):
            continue
        full = next(
            (c for c in kept if c is not head and c.s.index > head.s.index and _is_repeat(head, c)),
            None,
        )
        if full is not None:
            full.repeats.append(head.main)
            kept.remove(head)
    return kept


def _is_repeat(head: Claim, full: Claim) -> bool:
    if head.unit != full.unit or len(head.numbers) > len(full.numbers):
        return False
    is_fraction = head.main.q.form in ("fraction", "proportion")
    decimals = head.main.q.decimals or 0
    pairs = zip(head.numbers, full.numbers[-len(head.numbers) :], strict=True)
    if is_fraction:
        return all(abs(a - b) < _HEADING_CLOSE for a, b in pairs)
    return all(_rounded(b, decimals) == a for a, b in pairs)


def _rounded(value: float, decimals: int) -> float:
    return int(value * 10**decimals + 0.5) / 10**decimals
