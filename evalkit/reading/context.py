"""What a rule may look at: the sentence, the figures before it, and where a base is named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from evalkit.reading.lexicon import word_set
from evalkit.reading.numerals import MONTHS
from evalkit.reading.tokens import Sentence
from evalkit.reading.units import Quantity, Unit

_PREPOSITIONS = word_set("av bland för hos")
_DETERMINERS = word_set("the this last that previous calendar")
_AT = word_set("i in at på on från from")
_NUMBERED = word_set("number nummer nr no")
_NOTHING_COUNTED = word_set("en ett one a")
PAIRABLE = frozenset({"percent", "persons", "duration"})
_BREAKS = word_set(", ; : ( ) medan men while but whereas")
_WHO = word_set("alla de dem den the those everyone all anyone")
RELATIVE = frozenset(("som", "who", "that"))
_AFTER_PRONOUN = word_set("vi we som who that , . ; ( ) i med in with on from at på från vid")
_OPENS_SPEECH = frozenset('–:."')


@dataclass(slots=True)
class Candidate:
    """An accepted quantity in its sentence. ``why`` names the rule that took it."""

    sentence: Sentence
    q: Quantity
    why: str
    is_employers: bool = False
    role: str = "value"
    facts: dict[str, object] = field(default_factory=dict)


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


def _closes_clause(s: Sentence, i: int) -> bool:
    return s.word(i) in _BREAKS and not s.at("person", i)  # men: but, and not those of English


def about_staff(s: Sentence, q: Quantity) -> bool:
    """Whether a number is of those who do the work: a word for them in its clause, or near it."""
    if not s.has("staff"):
        return False
    first, after = clause_of(s, q.first)
    joined = [i for i in range(first, q.begins) if s.word(i) in ("och", "and")]
    if joined and any(s.between(t, q.after, after) for t in ("work", "study", "exit")):
        first = joined[-1]  # teamet saknade personal och bara 11 personer gick till arbete
    subject = max((a for a in s.starts("staff") if first <= a < q.begins), default=after)
    if (
        q.noun >= 0
        and s.between("gets", subject + 1, q.begins)
        and s.between("work", q.after, after)
    ):
        return False  # tack vare våra coacher fick 43 personer jobb
    speaks_of_others = any(s.between(t, first, after) for t in ("participation", "exit"))
    return s.between("staff", first, after) or not speaks_of_others


def is_one_in_words(q: Quantity, s: Sentence) -> bool:
    return q.values == (1.0,) and s.word(q.first) in _NOTHING_COUNTED


def refers(s: Sentence, i: int) -> bool:
    """Page 12, year 2; not the number after ``at the end of the year`` or ``this year``."""
    is_named = s.word(i) in _NUMBERED or s.word(i - 1) not in _DETERMINERS
    return s.at("ref", i) > 0 and is_named


def counts_places(q: Quantity, s: Sentence) -> bool:
    return q.noun >= 0 and s.at("jobs", q.noun) > 0 and not s.at("person", q.noun)


def of_at(s: Sentence, q: Quantity) -> int:
    """The position after the ``of`` that follows a figure, past a bracket: 28 (70 procent) av."""
    at = q.after
    closing = {"(": ")", ",": ","}.get(s.word(at))
    if s.word(at) in (")", ",") and s.at("of", at + 1):
        at += 1
    elif closing:
        spots = range(at + 1, min(at + 7, len(s.tokens)))
        at = next((i + 1 for i in spots if s.word(i) == closing and s.at("of", i + 1)), at)
    return s.at("of", at)


def counted_after(s: Sentence, i: int) -> int:
    """The position of a noun for persons or a pronoun soon after ``i``; -1 without one."""
    if s.word(i + 1) in RELATIVE and 0 <= i < len(s.tokens) and s.tokens[i].is_digits:
        return i  # of 30 who joined
    for j in range(i, min(i + 5, len(s.tokens))):
        if s.at("person", j):
            return _last_of_row(s, j)
        if s.word(j) == "de" and s.word(j - 1) in _PREPOSITIONS and is_past_tense(s.word(j + 1)):
            return j + 1  # av de coachade: an article
        if _stands_alone(s, j) or is_who(s, j):
            return j
        if _closes_clause(s, j) or s.at("org", j):
            return -1
    return -1


def _last_of_row(s: Sentence, j: int) -> int:
    """``de unga kvinnorna``: the last of several nouns in a row."""
    while s.at("person", j + 1) and not (s.at("verb_after", j + 1) or s.at("exit", j + 1)):
        j += 1
    return j


def is_past_tense(word: str) -> bool:
    """Whether a word has the ending of a Swedish past tense that hardly any noun has."""
    return word.endswith(("ade", "dde", "ttes", "ades", "ogs", "evs", "jde", "gde", "lde", "kte"))


def is_who(s: Sentence, j: int) -> bool:
    """``den som``, ``alla som``, ``the 41 who``: a base told by what follows."""
    if s.word(j) not in _WHO or j + 1 >= len(s.tokens):
        return False
    return s.word(j + 2 if s.tokens[j + 1].value is not None else j + 1) in RELATIVE


def _stands_alone(s: Sentence, j: int) -> bool:
    """Whether a pronoun stands for persons and is no article: ``de`` needs who or a verb after."""
    if not s.at("pronoun", j):
        return False
    if s.word(j) not in ("de", "these", "those", "dessa") or is_past_tense(s.word(j + 1)):
        return True
    if s.at("person", j + 1):
        return False  # de inskrivna: an article
    if j + 2 < len(s.tokens) and s.tokens[j + 1].value is not None:
        # de 41 som; för dessa 17 dröjde det
        is_alone = not s.word(j + 2).isalpha() or is_past_tense(s.word(j + 2))
        is_alone |= s.word(j + 2) in ("var", "är", "were", "are")
        if s.word(j + 2) in RELATIVE or is_alone:
            return True
    if s.word(j) in ("these", "those") and s.word(j + 1).endswith("ed"):
        return True  # those registered
    return (
        j + 1 >= len(s.tokens) or s.word(j + 1) in _AFTER_PRONOUN or s.at("verb_after", j + 1) > 0
    )


def names_place(s: Sentence, i: int) -> bool:
    """``än Tjärnberg``, ``mot Norrbys 9,1``: a name that no sentence opens with."""
    if not 0 < i < len(s.tokens):
        return False
    token = s.tokens[i]
    is_name = token.text[:1].isupper() and token.value is None
    return is_name and token.word not in MONTHS and s.tokens[i - 1].text not in _OPENS_SPEECH


def sites_of(s: Sentence) -> set[str]:
    """The places told after ``in``."""
    return {
        s.word(i) for i in range(1, len(s.tokens)) if s.word(i - 1) in _AT and names_place(s, i)
    }


def as_unit(q: Quantity, unit: Unit) -> Quantity:
    decimals = q.decimals if unit == "percent" else 0
    return replace(q, unit=unit, decimals=decimals)


def is_step(q: Quantity, s: Sentence) -> bool:
    """Whether money is told as what something fell or rose by."""
    by = any(s.at("change_by", i) for i in range(max(0, q.begins - 2), q.begins))
    return by and any(b <= q.begins for _, b in s.cues.get("change", ()))


def past_bracket(s: Sentence, i: int) -> int:
    """The position after a bracket, or after ``, 16 procent,``."""
    closing = {"(": ")", ",": ","}.get(s.word(i))
    spots = range(i + 1, min(i + 7, len(s.tokens)))
    if closing is None or (closing == "," and not s.between("percent", i, i + 4)):
        return i
    return next((j + 1 for j in spots if s.word(j) == closing), i)
