"""Which quantities are claims: about persons, what became of them, time, cost or an area.

Every form has its own rule, and a number that no rule wants is left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from evalkit.reading.lexicon import Lexicon
from evalkit.reading.numbers import Quantity, Unit, is_year, quantities_of
from evalkit.reading.tokens import Sentence

_ABOUT_RESULTS = (
    "outcome",
    "person",
    "area",
    "exit",
    "composition",
    "goal_noun",
    "survey",
    "work",
    "study",
)
_HORIZON_AFTER = frozenset(
    "efter senare före innan tidigare därefter after later before earlier afterwards".split()
)
_HORIZON_BEFORE = frozenset("efter inom within after upp max".split())
_NOTHING_COUNTED = frozenset(("en", "ett", "one", "a"))
_OF_BASE = frozenset(("of persons", "k of n", "thereof", "of a base"))
_SMALLEST_COST = 500  # what a ticket or an hour costs is no programme's cost
_PAIRABLE = frozenset({"percent", "persons", "duration"})


@dataclass(slots=True)
class Candidate:
    """An accepted quantity in its sentence. ``why`` names the rule that took it."""

    sentence: Sentence
    q: Quantity
    why: str
    is_employers: bool = False
    role: str = "value"
    facts: dict[str, object] = field(default_factory=dict)


def candidates(sentences: Sequence[Sentence], words: Lexicon) -> list[Candidate]:
    """The quantities that are claims or parts of claims, in reading order."""
    found: list[Candidate] = []
    for sentence in sentences:
        quantities = quantities_of(sentence, words)
        here: list[Candidate] = []
        for position, q in enumerate(quantities):
            context = Context(sentence, here, found, sentences, quantities[:position])
            taken = _RULES[q.unit](q, context)
            if taken is not None:
                here.append(taken)
        found += here
    return found


@dataclass(frozen=True, slots=True)
class Context:
    s: Sentence
    here: list[Candidate]
    before: list[Candidate]
    sentences: Sequence[Sentence]
    passed: Sequence[Quantity]

    def recent(self, *units: Unit, sentences: int = 2) -> Candidate | None:
        """The nearest earlier candidate of a unit, in this sentence or a few before it."""
        for one in reversed([*self.before, *self.here]):
            if self.s.index - one.sentence.index > sentences:
                return None
            if one.q.unit in units:
                return one
        return None

    def take(self, q: Quantity, why: str) -> Candidate:
        return Candidate(self.s, q, why)

    @property
    def previous(self) -> Sentence | None:
        return self.sentences[self.s.index - 1] if self.s.index else None


def clause_of(s: Sentence, i: int) -> tuple[int, int]:
    """The positions between the commas, brackets and contrasting words around ``i``."""
    first, after = i, i
    while first > 0 and not _closes_clause(s, first - 1):
        first -= 1
    while after < len(s.tokens) and not _closes_clause(s, after):
        after += 1
    return first, after


_BREAKS = frozenset((",", ";", ":", "(", ")", "medan", "men", "while", "but", "whereas"))


def _closes_clause(s: Sentence, i: int) -> bool:
    return s.word(i) in _BREAKS


def _is_one_in_words(q: Quantity, s: Sentence) -> bool:
    return q.values == (1.0,) and s.word(q.first) in _NOTHING_COUNTED


def _percent(q: Quantity, c: Context) -> Candidate | None:
    s = c.s
    if _is_left_alone(q, c):
        return None
    if _counts_employers(q, s):
        return replace_employers(c.take(q, "employers"))
    if q.form in ("proportion", "fraction"):
        return _fraction(q, c)
    if s.is_about_area or s.has(*_ABOUT_RESULTS) or _goes_on(q, c):
        return c.take(q, "percent")
    return None


def replace_employers(one: Candidate) -> Candidate:
    one.is_employers = True
    return one


def _is_left_alone(q: Quantity, c: Context) -> bool:
    """Posts, sick leave of staff, taxes, page numbers."""
    s = c.s
    first, after = clause_of(s, q.first)
    if s.between("not_share", first, after):
        return True
    if q.form == "proportion" and s.at("ref", q.begins - 1):
        return True
    return q.form in ("fraction", "proportion") and s.word(q.after) in c_time_words(s, q)


def c_time_words(s: Sentence, q: Quantity) -> frozenset[str]:
    return _PERIODS


_PERIODS = frozenset(
    "år vecka veckor dag dagar månad månader gång torsdag fredag måndag tisdag onsdag lördag söndag timme "
    "year years week weeks day days month months hour time times monday tuesday wednesday thursday friday".split()
)


def _counts_employers(q: Quantity, s: Sentence) -> bool:
    return any(s.at("employer", i) for i in range(q.after, min(q.after + 3, len(s.tokens))))


def _goes_on(q: Quantity, c: Context) -> bool:
    """The sentence speaks on about the figure before it: the share was 50 per cent."""
    recent = c.recent("percent", "points", "times")
    speaks_on = c.s.has(
        "level_noun", "earlier", "yard", "result_word", "goal_noun", "repeat_of", "diff"
    )
    speaks_on = speaks_on or (c.s.has("change") and _first_word(c.s) in _SPEAKS_ON)
    if recent is not None:
        return speaks_on or bool(c.here)
    if c.recent("persons", sentences=1) and c.s.has("repeat_of"):
        return True
    if c.s.has("result_word") and c.recent("persons"):
        return True
    if c.s.at("more", q.after) and c.recent("persons", "duration", sentences=1):
        return True
    return c.s.is_heading and q.form == "pair"


_SPEAKS_ON = frozenset(
    "en det detta den att vi ökningen minskningen förbättringen uppgången nedgången an a this that the we it".split()
)


def _first_word(s: Sentence) -> str:
    return next((t.word for t in s.tokens if t.text[0].isalpha()), "")


def _fraction(q: Quantity, c: Context) -> Candidate | None:
    s = c.s
    at = of_at(s, q)
    if s.at("org", q.after) or (at and _is_of_things(s, at)) or _counts_places(q, s):
        return None
    if q.noun >= 0 or (at and counted_after(s, at) >= 0):
        return c.take(q, "fraction of persons")
    if s.at("every", q.first) or s.word(q.first) in ("varannan", "vartannat"):
        return c.take(q, "fraction of persons") if s.at("verb_after", q.after) else None
    if any(a < q.begins and counted_after(s, a + 1) >= 0 for a in s.starts("base_intro")):
        return c.take(q, "fraction of a base")
    if s.has("change") and (s.is_about_area or s.has(*_ABOUT_RESULTS)):
        return c.take(q, "part of a change")
    if s.has("outcome", "composition", "goal_noun") or (
        s.has("level_noun") and c.recent("percent")
    ):
        return c.take(q, "fraction")
    return None


def _is_of_things(s: Sentence, at: int) -> bool:
    """Whether ``half of`` is followed by municipalities, the budget and the like."""
    return (
        any(s.at("org", i) for i in range(at, min(at + 3, len(s.tokens))))
        and counted_after(s, at) < 0
    )


def _counts_places(q: Quantity, s: Sentence) -> bool:
    return q.noun >= 0 and s.at("jobs", q.noun) > 0 and not s.at("person", q.noun)


def of_at(s: Sentence, q: Quantity) -> int:
    """The position after the ``of`` that follows a figure, past a bracket: 28 (70 procent) av."""
    at = q.after
    if s.word(at) == ")":
        at += 1
    elif s.word(at) == "(":
        at = next((i + 1 for i in range(at, min(at + 7, len(s.tokens))) if s.word(i) == ")"), at)
    return s.at("of", at)


def counted_after(s: Sentence, i: int) -> int:
    """The position of a noun for persons or a pronoun soon after ``i``; -1 without one."""
    for j in range(i, min(i + 5, len(s.tokens))):
        if s.at("person", j) or _stands_alone(s, j):
            return j
        if _closes_clause(s, j) or s.at("org", j):
            return -1
    return -1


def _stands_alone(s: Sentence, j: int) -> bool:
    """Whether a pronoun stands for persons and is no article: ``de`` needs who or a verb after."""
    if not s.at("pronoun", j):
        return False
    if s.word(j) not in ("de", "these", "those", "dessa"):
        return True
    if (
        j + 2 < len(s.tokens)
        and s.tokens[j + 1].value is not None
        and s.word(j + 2) in ("som", "who", "that")
    ):
        return True
    return (
        j + 1 >= len(s.tokens) or s.word(j + 1) in _AFTER_PRONOUN or s.at("verb_after", j + 1) > 0
    )


_AFTER_PRONOUN = frozenset(("som", "who", "that", ",", ".", "i", "med", "in", "with"))


def _points(q: Quantity, c: Context) -> Candidate | None:
    if c.s.has("area", "outcome", "diff", "change", "goal_noun") or c.recent("percent"):
        return c.take(q, "points")
    return None


def _money(q: Quantity, c: Context) -> Candidate | None:
    s = c.s
    if s.has("income"):
        return c.take(q, "income")
    if s.has("not_cost") or not s.has("cost", "save", "return", "per_outcome"):
        return None
    if is_step(q, s):
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


def _duration(q: Quantity, c: Context) -> Candidate | None:
    s = c.s
    told_as_mean = any(0 < q.begins - a <= 3 for a in s.starts("mean"))  # noqa: PLR2004
    if s.word(q.after) in _HORIZON_AFTER and q.form != "pair" and not told_as_mean:
        return None
    if s.word(q.begins - 1) in _HORIZON_BEFORE or (q.hedge or "") in (
        "högst",
        "upp till",
        "up to",
        "at most",
    ):
        return None
    if any(a < q.first for a in s.starts("age")):
        return None
    if s.has("payback"):
        return c.take(q, "payback")
    has_mean = any(a <= q.after + 2 for a in s.starts("mean"))
    has_time = any(a < q.first for a in s.starts("time_subject")) and (
        q.form == "pair"
        or s.has("mean", "change", "level_word", "earlier", "contrast", "goal_noun")
    )
    if not (has_mean or has_time):
        recent = c.recent("duration")
        is_told_on = recent is not None and s.has(
            "earlier", "yard", "goal_noun", "level_noun", "repeat_of"
        )
        is_told_on = is_told_on or (
            s.has("wait") and s.starts("wait")[0] < q.first and not s.has("goal_verb")
        )
        return c.take(q, "duration goes on") if is_told_on else None
    return c.take(q, "mean time")


def _times(q: Quantity, c: Context) -> Candidate | None:
    s = c.s
    if q.detail == "return" or s.has("area", "outcome", "person") or s.is_heading:
        return c.take(q, "times")
    return None


def _score(q: Quantity, c: Context) -> Candidate | None:
    return c.take(q, "score") if c.s.has("score", "outcome", "survey") else None


def _persons(q: Quantity, c: Context) -> Candidate | None:
    s = c.s
    if _is_one_in_words(q, s) and (q.base is None or q.noun < 0):
        return None
    if q.form == "proportion":
        return _of_n(q, c)
    if (
        (q.hedge or "") in ("högst", "max", "at most", "up to", "upp till")
        or s.word(q.after) in ("per", "varje")
        or _is_place_background(q, s)
    ):
        return None
    is_participants = "deltag" in s.word(q.noun) or "participant" in s.word(q.noun)
    if s.has("staff") and not is_participants:
        return None
    if (
        any(b == q.begins for _, b in s.cues.get("thereof", ()))
        and c.here
        and c.here[-1].q.unit == "persons"
    ):
        return c.take(q, "thereof")
    if _is_split(q, c):
        return c.take(q, "thereof")
    if (at := of_at(s, q)) and s.word(q.after) == "(" and counted_after(s, at) >= 0:
        return c.take(q, "of persons")
    if is_participants or s.has(
        "participation", "exit", "area", "outcome", "goal_noun", "goal_verb"
    ):
        return c.take(q, "persons")
    if s.has("composition") or s.has("earlier", "level_word", "respondents") or s.is_heading:
        return c.take(q, "persons told on")
    return None


def _is_split(q: Quantity, c: Context) -> bool:
    """148 (81 kvinnor och 67 män)."""
    s = c.s
    if not c.here or c.here[-1].q.unit != "persons" or not (s.at("women", q.noun) or s.at("men", q.noun)):
        return False
    opens = s.word(q.begins - 1) == "("
    return opens or (c.here[-1].why == "thereof" and s.word(q.begins - 1) in ("och", "and", ","))


def _is_place_background(q: Quantity, s: Sentence) -> bool:
    """30 000 inhabitants: a place has them; a programme reached them."""
    if not s.at("inhabitants", q.noun):
        return False
    near = s.between("has", max(0, q.begins - 3), q.begins)
    return near or not s.has("participation")


def _of_n(q: Quantity, c: Context) -> Candidate | None:
    s = c.s
    if (
        s.at("org", q.after)
        or s.at("employer", q.after)
        or _counts_places(q, s)
        or s.at("stop_noun", q.after)
    ):
        return None
    if s.at("ref", q.begins - 1) or _is_one_in_words(q, s):
        return None
    if q.noun >= 0 or s.has("outcome", "exit", "person"):
        return c.take(q, "k of n")
    return None


def _bare(q: Quantity, c: Context) -> Candidate | None:
    """A number without a unit counts only where the words around it say of whom."""
    s = c.s
    if _cannot_be_persons(q, s):
        return None
    for rule in (
        _row,
        _more_than,
        _scored,
        _after_of_persons,
        _base_count,
        _thereof,
        _contrasted,
        _of_base,
        _coordinated,
        _told_on,
        _result,
        _remaining,
        _bare_goal,
        _households,
    ):
        if (found := rule(q, c)) is not None:
            return found
    return None


def _cannot_be_persons(q: Quantity, s: Sentence) -> bool:
    token = s.tokens[q.first if q.form != "pair" else q.first + 1]
    if token.is_digits and any(is_year(v) for v in q.values):
        return True
    if _is_one_in_words(q, s) and not s.at("of", q.after):
        return True
    if s.at("org", q.after) or s.at("stop_noun", q.after) or s.at("ref", q.first - 1):
        return True
    if s.covers("composition", q.begins) or s.covers("composition", q.first):
        return True
    return s.word(q.first - 1) in ("§", "#", "den", "klockan", "kl") and not s.at(
        "verb_after", q.after
    )


def as_unit(q: Quantity, unit: Unit) -> Quantity:
    decimals = q.decimals if unit == "percent" else 0
    return replace(q, unit=unit, decimals=decimals)


def _after_of_persons(q: Quantity, c: Context) -> Candidate | None:
    """nine of them, 12 of the women."""
    at = of_at(c.s, q)
    noun = counted_after(c.s, at) if at else -1
    if noun < 0 or q.decimals or c.s.has("staff"):
        return None
    return c.take(replace(as_unit(q, "persons"), after=noun + 1, noun=noun), "of persons")


def _thereof(q: Quantity, c: Context) -> Candidate | None:
    """13 of whom; it needs persons before it in the sentence."""
    starts = [b for _, b in c.s.cues.get("thereof", ()) if b == q.begins]
    base = c.here[-1] if c.here else None
    if not starts or base is None or base.q.unit != "persons" or q.decimals:
        return None
    return c.take(as_unit(q, "persons"), "thereof")


def _more_than(q: Quantity, c: Context) -> Candidate | None:
    """240 färre än för ett år sedan: persons counted just before."""
    if not c.s.at("more", q.after) or q.decimals or c.recent("persons", sentences=1) is None:
        return None
    return c.take(as_unit(q, "persons"), "more than before")


def _scored(q: Quantity, c: Context) -> Candidate | None:
    """6,8 på en tiogradig skala."""
    near = any(q.begins - 6 <= a <= q.after + 4 for a in c.s.starts("score"))  # noqa: PLR2004
    return c.take(replace(q, unit="score"), "score") if near and q.decimals else None


def _row(q: Quantity, c: Context) -> Candidate | None:
    """Till arbete: 168 – a line of a table, with its label before the colon."""
    s = c.s
    label = range(q.begins - 1)
    if s.word(q.begins - 1) not in (":", "|") or q.decimals or len(label) > 7:  # noqa: PLR2004
        return None
    if any(s.at("org", i) or s.at("staff", i) or s.at("ref", i) for i in label):
        return None
    if not any(s.at(tag, i) for tag in ("person", "exit", "work", "study") for i in label):
        return None
    ends = q.after >= len(s.tokens) or s.word(q.after) in ("(", ".", ",", ";", "|", "–", "st")
    return c.take(as_unit(q, "persons"), "row") if ends else None


def _base_count(q: Quantity, c: Context) -> Candidate | None:
    """Of the 45 who have left: a base told as a number alone."""
    s = c.s
    opens = s.word(q.begins - 1) in ("av", "de", "dem", "the", "of", "those", "bland", "among")
    relative = s.word(q.after) in ("som", "who", "that") and s.word(q.first - 1) != "om"
    if not (opens and relative) or q.decimals or s.has("staff"):
        return None
    return c.take(as_unit(q, "persons"), "base count")


def _contrasted(q: Quantity, c: Context) -> Candidate | None:
    """compared with 30; 81 the year before; (30 in 2006): the unit of the figure before."""
    last = c.here[-1] if c.here else None
    s = c.s
    if last is None or last.q.unit not in _PAIRABLE or q.form == "pair":
        return None
    near = s.between("contrast", max(0, q.begins - 3), q.begins) and last.q.after <= q.begins
    dated = any(q.after <= a <= q.after + 1 for a in s.starts("earlier"))
    in_yard = last.q.unit == "percent" and any(
        last.q.after <= a < q.begins for a in s.starts("yard")
    )
    if not (near or dated or in_yard) or q.begins - last.q.after > 12:  # noqa: PLR2004
        return None
    taken = c.take(as_unit(q, last.q.unit), "contrasted" if near or in_yard else "dated")
    return taken


def _coordinated(q: Quantity, c: Context) -> Candidate | None:
    """41 of them got a job, and 18 began to study."""
    last = c.here[-1] if c.here else None
    if last is None or last.q.unit != "persons" or q.decimals or not c.s.at("verb_after", q.after):
        return None
    taken = c.take(as_unit(q, "persons"), "coordinated")
    taken.facts["after_share"] = (
        not s_composition(last) and last.why in _OF_BASE or last.facts.get("after_share", False)
    )
    return taken


def s_composition(one: Candidate) -> bool:
    """Whether a count of persons is one of women, men and the like."""
    s, q = one.sentence, one.q
    return any(s.at("composition", i) for i in (q.noun, q.after, q.after - 1) if i >= 0)


def is_step(q: Quantity, s: Sentence) -> bool:
    """Whether money is told as what something fell or rose by."""
    by = any(s.at("change_by", i) for i in range(max(0, q.begins - 2), q.begins))
    return by and any(b <= q.begins for _, b in s.cues.get("change", ()))


def _past_bracket(s: Sentence, i: int) -> int:
    if s.word(i) != "(":
        return i
    return next((j + 1 for j in range(i, min(i + 7, len(s.tokens))) if s.word(j) == ")"), i)


def _of_base(q: Quantity, c: Context) -> Candidate | None:
    """Of 43 participants, 26 had …; Of the 326 enrolled 288 left."""
    s = c.s
    intro = [a for a in s.starts("base_intro") if a < q.begins]
    if not intro or q.decimals or counted_after(s, intro[0] + 1) < 0 and not c.here:
        return None
    follows = (
        s.at("verb_after", _past_bracket(s, q.after))
        or s.at("verb_after", q.begins - 1)
        or q.after >= len(s.tokens) - 1
    )
    has_result = s.has("outcome", "exit", "participation")
    return c.take(as_unit(q, "persons"), "of a base") if follows and has_result else None


def _told_on(q: Quantity, c: Context) -> Candidate | None:
    """Persons in the sentence before, and here a verb of what became of them."""
    s, persons = c.s, c.recent("persons")
    if persons is None or q.decimals:
        return None
    has_result = s.has("outcome", "exit", "participation") and not s.has("staff")
    if s.at("verb_after", q.after) and has_result:
        return c.take(as_unit(q, "persons"), "told on")
    is_level = any(s.at("level_noun", k) for k in range(max(0, q.begins - 4), q.begins))
    if is_level and s.has("earlier", "this_year", "relative_period"):
        return c.take(as_unit(q, "persons"), "level told on")
    return None


def _result(q: Quantity, c: Context) -> Candidate | None:
    """The result was 231: of the measure whose goal the sentence before told."""
    s, recent = c.s, c.recent("persons", "percent")
    told = any(s.at("result_word", k) for k in range(max(0, q.begins - 3), q.begins))
    if recent is None or q.decimals or not told or not recent.sentence.has("goal_noun"):
        return None
    return c.take(as_unit(q, recent.q.unit), "result of a goal")


def _remaining(q: Quantity, c: Context) -> Candidate | None:
    ends = any(b == q.begins for _, b in c.s.cues.get("remaining", ()))
    recent = c.recent("persons")
    if not ends or recent is None or c.s.at("org", q.after):
        return None
    return c.take(as_unit(q, "persons"), "remaining")


def _bare_goal(q: Quantity, c: Context) -> Candidate | None:
    recent = c.recent("persons", "percent")
    after_goal = any(a < q.begins and q.begins - a <= 6 for a in c.s.starts("goal_noun"))  # noqa: PLR2004
    if recent is None or not after_goal or recent.q.unit != "persons":
        return None
    at_end = q.after >= len(c.s.tokens) - 1 or c.s.word(q.after) in (",", ")", ";")
    return c.take(as_unit(q, "persons"), "goal") if at_end else None


def _households(q: Quantity, c: Context) -> Candidate | None:
    """The number of households fell from 634 to 463: the noun stands before the pair."""
    s = c.s
    near = [a for a in s.starts("person") + s.starts("jobs") if a < q.begins]
    if (
        q.form == "pair"
        and s.has("change", "area", "level_word", "contrast")
        and (near or c.recent("persons"))
    ):
        return c.take(as_unit(q, "persons"), "pair of counts")
    if (
        s.has("area")
        and near
        and s.has("change", "level_word")
        and s.between("to", q.begins - 1, q.begins)
    ):
        return c.take(as_unit(q, "persons"), "count of an area")
    return None


_RULES: Mapping[Unit, Callable[[Quantity, Context], Candidate | None]] = {
    "percent": _percent,
    "points": _points,
    "money": _money,
    "duration": _duration,
    "times": _times,
    "score": _score,
    "persons": _persons,
    "bare": _bare,
}
