"""Of whom a figure is: the ways of naming a base, each a function."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from evalkit.reading.claim import Claim
from evalkit.reading.context import RELATIVE, clause_of, counted_after, is_who, of_at
from evalkit.reading.lexicon import word_set, words_named
from evalkit.reading.numerals import is_year
from evalkit.reading.populations import (
    INTRODUCING,
    count_population,
    end_of_description,
    population,
    text,
)
from evalkit.reading.tokens import Sentence

_NO_SUBJECT = word_set(
    "bort exklusive förutom excluding except varit been för for till to med with stöd helped"
)
_ARTICLES = word_set("de dem the those these dessa")
_FAR = {"där": 2, "dem": 2, "dessa": 2, "them": 2, "they": 4, "their": 4, "deras": 4}
_THEY = word_set("de dem they them their deras")
_THESE = ("dessa", "these", "those")
_OF_PART = ("varav", "därav", "them")
_TOOK = word_set("took tog dröjde tagit dröjt")  # until what they got, and not how they stayed
_SUBJECT_REACH = 5
_FIGURE = words_named("figure")
_IS_OF = word_set("gäller avser omfattar for covers cover includes include concerns concern")


@dataclass(frozen=True, slots=True)
class Base:
    """Those a figure is of: the words for them, which population, and n where it stands there."""

    text: str
    population: frozenset[str] = frozenset()
    n: int | None = None
    is_pronoun: bool = False
    is_sure: bool = True
    is_told_last: bool = False
    at: int = -1
    word: str = ""


def base_of(claim: Claim, before: Sequence[Claim], sentences: Sequence[Sentence]) -> Base | None:
    """The base as named in the sentence, by the first way of naming one that fits."""
    ways: tuple[Callable[[Claim], Base | None], ...] = (
        _own_words, _relative, _introduced, _thereof, _apposed, _answered,
        _event, _gender_split, _subject, _pronoun_subject,
    )  # fmt: skip
    base = next((found for way in ways if (found := way(claim))), None)
    if base is None:
        base = _told_after(claim, sentences)
    if base is not None and base.n is None and (n := _stated(claim)):
        return replace(base, n=n)
    if base is not None and base.n is None and base.is_pronoun:
        return _of_pronoun(base, claim, before)
    return base


def _stated(claim: Claim) -> int:
    """(n = 25), where only one stands in the sentence; 69 procent av 96."""
    s, at = claim.s, of_at(claim.s, claim.main.q)
    if at and s.tokens[at].value and s.word(at + 1) in (".", ",", ";", ")"):
        return int(s.tokens[at].value or 0)
    told = [s.tokens[i + 2].value for i in range(len(s.tokens) - 2)
            if s.word(i) == "n" and s.word(i + 1) == "="]  # fmt: skip
    return int(told[0] or 0) if len(told) == 1 else 0


def _own_words(claim: Claim) -> Base | None:
    """Nine of them; 22 of 31 leavers; var tredje deltagare; 54 procent av deltagarna."""
    s, q = claim.s, claim.main.q
    introduced = _introduced(claim) if q.base is not None and q.noun < 0 else None
    if introduced is not None and not introduced.is_pronoun:
        return replace(introduced, n=q.base)  # av de utskrivna männen gick 26 av 50
    if q.base is not None:
        noun = q.noun if q.noun >= 0 else q.after - 1
        return _base(s, noun, n=q.base)
    at = of_at(s, q)
    if q.unit == "persons" and claim.main.why == "of persons":
        return _base(s, counted_after(s, at) if at and s.word(q.after) == "(" else q.noun)
    if at and (noun := counted_after(s, at)) >= 0:
        stop = noun + 1 + (s.word(noun) in _ARTICLES)
        return _base(s, noun, n=_number_before(s, at, min(stop, len(s.tokens))))
    if q.unit == "percent" and q.noun >= 0 and not claim.is_change:
        return _base(s, q.noun)
    return None


def _number_before(s: Sentence, first: int, noun: int) -> int | None:
    for i in range(first, noun):
        value = s.tokens[i].value
        is_article = value == 1 and not s.tokens[i].is_digits
        if value is not None and value == int(value) and not is_year(value) and not is_article:
            return int(value)
    return None


def _relative(claim: Claim) -> Base | None:
    """åtta av tio som varit med."""
    s, q = claim.s, claim.main.q
    is_definite = s.word(q.begins - 1) in _ARTICLES  # de 54 procent som fick arbete
    if s.word(q.after) in RELATIVE and q.unit == "percent" and not is_definite:
        return Base(
            text(s, q.after, q.after + 4), population(s, q.after, -1), at=q.after, word="som"
        )
    return None


def _introduced(claim: Claim) -> Base | None:
    """Bland de avslutade …; för dem som hade en coach …; of 57 women …."""
    s, q = claim.s, claim.main.q
    spots = [i for i, token in enumerate(s.tokens) if token.word in INTRODUCING]
    before = [i for i in spots if i < q.begins]
    follows = claim.unit == "duration" or claim.kind == "composition"
    after = [i for i in spots if i >= q.after and follows]
    # 9 månader för män; 49 procent för männen
    beside = [i for i in spots if i == q.after and (follows or _is_sex(s, i + 1))]
    first = clause_of(s, q.first)[0]
    own = any(is_who(s, j) for j in range(first, q.begins))
    before = [i for i in before if i >= first] if own else before  # those who found a job did so
    for i in [*beside, *reversed(before), *after]:
        noun = counted_after(s, i + 1)
        if noun < 0 or (i < q.begins <= noun) or s.at("jobs", noun):
            continue
        number = _number_before(s, i + 1, noun + 1 + (s.word(noun) in _ARTICLES))
        return _base(s, noun, n=number)
    return None


def _is_sex(s: Sentence, i: int) -> bool:
    return any(s.at(tag, j) for tag in ("women", "men") for j in (i, i + 1))


def _thereof(claim: Claim) -> Base | None:
    """19 left, of whom 13 to work: the persons told just before in the sentence."""
    s, q = claim.s, claim.main.q
    starts = [a for a, b in s.cues.get("thereof", ()) if b == q.begins]
    if not starts:
        starts = [a for a in s.starts("thereof") if a < q.begins and s.word(a) != "där"][:1]
    where = q.begins - 1 - (s.at("best", q.begins - 1) > 0)
    if s.word(where) in ("där", "where"):
        starts = [where]  # bäst gick det för undersköterskorna, där 71 procent
    if s.word(0) in ("där", "there") and claim.unit == "percent":
        return Base("där", population(s, 0, -1), is_pronoun=True, at=0, word="där")
    return Base(s.word(starts[0]), is_pronoun=True, at=starts[0], word="varav") if starts else None


def _event(claim: Claim) -> Base | None:
    """The event that defines the base: three months after the programme."""
    found = claim.s.cues.get("of_event")
    if not found or claim.unit == "duration":
        return None
    a, b = found[0]
    return Base(text(claim.s, a, b), at=a, word="event")


def _apposed(claim: Claim) -> Base | None:
    """Siffran, 49 procent, avser alla som lämnat insatsen."""
    s, after = claim.s, claim.after
    at = next((i for i in range(after, after + 3) if s.word(i) in _IS_OF - {"for"}), 0)
    noun = counted_after(s, at + 1) if at else -1
    return _base(s, noun) if noun >= 0 else None


def _answered(claim: Claim) -> Base | None:
    """I enkäten, som 21 personer besvarade, var två av tre nöjda."""
    s = claim.s
    for a in s.starts("respondents"):
        spots = [i for i in range(max(0, a - 3), a) if (s.tokens[i].value or 0) > 1]
        if spots and a < claim.begins and s.has("survey") and claim.unit == "percent":
            n = int(s.tokens[spots[-1]].value or 0)
            return Base(text(s, spots[-1], a), frozenset({"respondents"}), n=n, at=spots[-1])
    return None


def _gender_split(claim: Claim) -> Base | None:
    if claim.kind == "composition" and claim.s.has("gender_split"):
        a, b = claim.s.cues["gender_split"][0]
        return Base(text(claim.s, a, b), at=a, word="deltagarna")
    return None


def _subject(claim: Claim) -> Base | None:
    """Persons named earlier in the same sentence: Deltagarna var …, fyra av fem var kvinnor."""
    s, q = claim.s, claim.main.q
    nouns = [a for a in s.starts("person") if a < q.begins and not s.at("jobs", a)]
    nouns = sorted({*nouns, *(i for i in range(q.begins) if is_who(s, i))})
    if claim.kind == "composition":
        nouns = [a for a in nouns if not s.at("women", a) and not s.at("men", a)]
    in_clause = (a for a in nouns if clause_of(s, q.first)[0] <= a)
    own = [a for a in in_clause if _is_sex(s, a) or is_who(s, a)]
    if own[1:] or (own and own != nouns):
        nouns = [*reversed(own), *reversed(nouns)]
    for noun in nouns:
        if noun and (
            s.tokens[noun - 1].value is not None
            and s.word(noun - 1) not in ("en", "ett", "a")
            and (s.at("exit", noun) or not is_year(s.tokens[noun - 1].value or 0))
        ):
            continue
        if s.word(noun) == "avslut" or s.word(noun - 1) in _NO_SUBJECT:
            continue
        end = min(noun + 1 + is_who(s, noun), len(s.tokens))  # alla 241 som varit inskrivna
        return _base(s, noun, n=_number_before(s, noun + 1, end))
    return None


def _pronoun_subject(claim: Claim) -> Base | None:
    """It took them seven months; they had been out of work for four years."""
    s, q = claim.s, claim.main.q
    if claim.kind != "mean_duration":
        return None
    for i in range(max(0, q.begins - 1)):  # the 45 had spent; for the 96, the wait was
        follows = s.at("verb_after", i + 2) > 0 if i == 0 else s.word(i + 2) == ","
        if s.word(i) in _ARTICLES and s.tokens[i + 1].value and follows:
            return Base(s.word(i + 1), is_pronoun=True, at=i + 1, word="them")
    at = next((i for i in range(min(q.begins, _SUBJECT_REACH)) if s.word(i) in _THEY), -1)
    return Base(s.word(at), is_pronoun=True, at=at, word=s.word(at)) if at >= 0 else None


def _told_after(claim: Claim, sentences: Sequence[Sentence]) -> Base | None:
    """Siffran gäller de deltagare som fått jobb."""
    following = sentences[claim.s.index + 1] if claim.s.index + 1 < len(sentences) else None
    if following is None or following.word(0) not in _FIGURE:
        return None
    at = next((i for i in (1, 2, 3) if following.word(i) in _IS_OF), 0)
    noun = counted_after(following, at + 1) if at else -1
    return _base(following, noun) if noun >= 0 else None


def _base(s: Sentence, noun: int, *, n: int | None = None) -> Base:
    word = s.word(noun)
    following = s.tokens[noun + 1] if noun + 1 < len(s.tokens) else None
    is_pronoun = s.at("pronoun", noun) > 0 and not (
        following is None
        or (following.value is not None and (following.is_digits or following.value > 1))
        or following.word in (*RELATIVE, "i", "deltagare")
    )
    if word in _ARTICLES - {"dem"} and s.at("pronoun", noun) and s.at("person", noun + 1):
        noun, is_pronoun = noun + 1, False
        word = s.word(noun)
    if n is None and s.at("woman_man", noun) and s.word(noun + 1) == "(":
        n = _number_before(s, noun + 2, noun + 3)
    start = max(0, noun - 1) if s.word(noun - 1) in ("de", "dem", "the", "those", "alla") else noun
    return Base(
        text(s, start, end_of_description(s, noun) if s.word(noun + 1) in RELATIVE else noun + 1),
        population(s, noun, noun), n=n, is_pronoun=is_pronoun, at=noun, word=word,
    )  # fmt: skip


def _of_last_share(base: Base, claim: Claim, before: Sequence[Claim]) -> Base | None:
    """Av de avslutade har 47 procent gått till jobb. De hade varit inskrivna i 9 månader."""
    if base.text.isdigit():  # the 45 had spent
        those = [c for c in before if c.unit == "persons" and c.value == float(base.text)]
        for c in those[:1]:
            whom = count_population(c) | c.population | {"work"} & {*c.s.cues}
            return replace(base, population=whom, n=int(base.text))
    last = before[-1] if before and claim.kind == "mean_duration" else None
    if last is None or last.unit != "percent" or claim.s.index - last.s.index != 1:
        return None
    if not (last.population and last.of_whom):
        return None
    return Base(base.text, last.population, at=base.at, word=base.word, is_pronoun=True)


def _of_pronoun(base: Base, claim: Claim, before: Sequence[Claim]) -> Base:
    """Them, of whom, there: the persons told last before."""
    if (found := _of_last_share(base, claim, before)) is not None:
        return found
    passed_share = False  # av dem: of all, or of those the share told
    for other in reversed(before):
        back = claim.s.index - other.s.index
        if back > 1 and base.word not in _FAR:
            break
        is_smaller = claim.unit == "persons" and other.value < claim.value
        if other.unit != "persons" or back > _FAR.get(base.word, 2) or is_smaller:
            continue
        is_mean = claim.kind == "mean_duration" and back == 1
        took = any(t.word in _TOOK for t in claim.s.tokens)
        these = base.word in _THESE and (back > 0 or base.at >= other.after)
        if other.kind == "share" and not (base.word in _OF_PART or is_mean or these):
            passed_share |= back > 0 and base.word == "dem"
            continue
        if other.kind not in ("share", "count", "before_after", "against_target"):
            continue
        if other.s is claim.s and other.begins > claim.begins:
            continue
        return Base(
            base.text,
            count_population(other)
            | other.population
            | ({"work"} if is_mean and took and other.s.has("work") else set()),
            n=int(other.value),
            at=base.at,
            word=base.word,
            is_told_last=back <= 1 and other.kind == "count" and not passed_share,
            # they: those who got work, or all
            is_sure=(took or not (other.kind == "share" and (is_mean or (these and back))))
            and not passed_share
            and (back < 2 or not any(c.unit == "persons" and c is not other for c in before)),
        )
    return base
