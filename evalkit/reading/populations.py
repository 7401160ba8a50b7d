"""Which of those who took part are meant: all, those who left, women, those who answered."""

from __future__ import annotations

from evalkit.reading.claim import Claim
from evalkit.reading.context import RELATIVE, clause_of, is_past_tense
from evalkit.reading.lexicon import word_set, words_named
from evalkit.reading.numerals import is_year
from evalkit.reading.tokens import Sentence

_BASE_REACH = 10
_OWN_VERB = 3  # som under 2023 lämnade: the verb of the relative clause itself

INTRODUCING = frozenset(["av", "bland", "hos", "för", "of", "among", "amongst", "for"])
_DESCRIBING = word_set("vi we som who that i med från på vid under in with from at on")
_AGE_LIMITS = word_set("under över mellan over between aged")
_FINITE = words_named("finite")
_GETS = words_named("gets")
_SOUGHT = word_set("sökte sökt söker ansökte ansökt anmälde anmält applied asked")
_NOT = word_set("inte not ej utan without")


def text(s: Sentence, first: int, after: int) -> str:
    words = []
    for token in s.tokens[first:after]:
        if not token.text[0].isalnum():
            break
        words.append(token.text)
    return " ".join(words)


def population(s: Sentence, at: int, noun: int) -> frozenset[str]:
    """Which of those who took part are meant, by the words that follow the noun."""
    if (
        (s.at("pronoun", at) or s.word(at) == "the")
        and at + 1 < len(s.tokens)
        and s.tokens[at + 1].value is not None
    ):
        at += 1  # de 131 som svarade
    end = end_of_description(s, at)
    is_relative = any(s.word(i) in RELATIVE for i in range(at + 1, end))
    found = selected(s, max(0, at - 2) if s.at("person", at) else at, end)
    found |= {tag for tag in ("women", "men") if noun >= 0 and s.at(tag, noun)}
    # A word of a name, as in Millbrook Job Club, is no outcome.
    works = any(at <= a < end and s.tokens[a].text[:1].islower() for a in s.starts("work"))
    is_not = any(s.word(i) in _NOT for i in range(at + 1, end))
    exits = leaves(s, max(0, at - 1), end)
    is_of_age = s.word(at + 1) in _AGE_LIMITS and at + 2 < len(s.tokens)
    limit = s.tokens[at + 2].value if is_of_age else None
    told = {
        "exits": exits,
        "work": (is_relative or exits) and works,
        "not": is_not,
        # de inskrivna som träffade en mentor
        "completers": is_relative
        and not is_not
        and s.between("support", at, end)
        and not any(s.word(i) in _SOUGHT for i in range(at, end)),
        "age": limit is not None and not is_year(limit),
    }
    return frozenset(found | {name for name, is_told in told.items() if is_told})


def end_of_description(s: Sentence, at: int) -> int:
    """The position after the words that say which persons a noun or pronoun means."""
    is_described = (
        s.word(at + 1) in _DESCRIBING or s.word(at + 1).endswith("ing") or s.word(at) in RELATIVE
    )
    end = min(at + (_BASE_REACH if is_described else 1), len(s.tokens))
    for i in range(at + 1, end):
        relative = at if s.word(at) in RELATIVE else at + 1
        verbs = (j for j in range(relative + 1, i) if s.at("exit", j) or s.at("participation", j))
        own = any(verbs) or any(_is_verb(s, j) for j in range(relative + 1, i))
        is_main_verb = own and s.word(relative) in RELATIVE and s.word(i) in _FINITE
        token = s.tokens[i]
        is_number = i > at + 1 and (token.is_digits or (token.value or 0) > 1)
        is_number &= not any(s.at("trait", j) for j in (i + 1, i + 2))  # minst 80 procents närvaro
        is_number = is_number and not (token.is_digits and is_year(token.value or 0))
        after_year = is_year(s.tokens[i - 1].value or 0) and s.at("verb_after", i) > 0
        told = max((j for j in range(at, i) if s.word(j) in RELATIVE), default=i)
        is_main_verb |= after_year and i > told + _OWN_VERB
        # lone parents on the programme completed it
        is_main_verb |= told == i and i > at + 2 and _is_verb(s, i)
        if s.word(i) in (",", ";", ":", "(") or is_number or is_main_verb:
            return i
    return end


def _is_verb(s: Sentence, i: int) -> bool:
    is_participle = s.word(i).endswith("ed") and s.at("completed", i) > 0
    return s.word(i) in _FINITE or is_past_tense(s.word(i)) or is_participle


def selected(s: Sentence, first: int, end: int) -> set[str]:
    tags = {"completers": "completed", "respondents": "respondents", "dropped": "dropped"}
    return {name for name, tag in tags.items() if s.between(tag, first, end)}


def leaves(s: Sentence, first: int, end: int) -> bool:
    spots = [i for i in s.starts("exit") if first <= i < end]
    return any(not s.covers("no_exit", i) for i in spots)


def goes_out(s: Sentence, i: int) -> bool:
    """85 skrevs in och 60 ut."""
    return s.word(i) == "ut" and not s.word(i + 1).isalpha()


def count_population(claim: Claim) -> frozenset[str]:
    """Which population a count is the size of, by the words around it."""
    s, q = claim.s, claim.main.q
    first, after = clause_of(s, q.first)
    if any(s.word(i) in INTRODUCING for i in range(q.begins - 2, q.begins)):
        return population(s, q.after - 1, q.noun) | selected(s, first, q.begins)
    after = min(after, next_value(s, q.after))
    if claim.main.why == "row":  # Avslutade: 98
        first = clause_of(s, max(0, q.begins - 2))[0]
    found = selected(s, max(0, first - 8), after)
    if leaves(s, first, after) or goes_out(s, q.after):
        found.add("exits")
    if _gets(s, q.begins, after):
        found |= {tag for tag in ("work", "study") if s.between(tag, q.after, after)}
    found |= {tag for tag in ("dropped", "waiting") if s.between(tag, max(0, first), after)}
    found |= {tag for tag in ("women", "men") if s.between(tag, q.after - 2, q.noun + 1)}
    return frozenset(found)


def next_value(s: Sentence, i: int) -> int:
    """The position of the next number; ``en`` and ``a`` are articles as often as not."""
    for j in range(i, len(s.tokens)):
        token = s.tokens[j]
        is_a_year = token.is_digits and is_year(token.value or 0)
        if token.value is not None and not is_a_year and (token.is_digits or token.value > 1):
            return j
    return len(s.tokens)


def _gets(s: Sentence, begins: int, after: int) -> bool:
    return any(s.word(i) in _GETS for i in range(max(0, begins - 2), after))
