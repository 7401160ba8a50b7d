"""What the text says about a claim: of whom, of how many, when, beside what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from evalkit.reading.accepted import clause_of, counted_after, of_at
from evalkit.reading.claims import Claim, is_year
from evalkit.reading.computed import can_be_right
from evalkit.reading.tokens import Sentence

_BASE_REACH = 10
_LIST_REACH = 8
_STEM = 5
_GENERIC = frozenset(
    "person personer personerna deltagare deltagaren deltagarna individer dem dessa vilka de dom inskrivna "
    "people person persons participants participant those them whom they these individuals clients".split()
)
_INTRODUCING = frozenset("av bland hos för of among amongst for".split())
_RELATIVE = frozenset("som who that".split())
_DESCRIBING = frozenset("som who that i med från på vid under in with from at on".split())
_ARTICLES = frozenset(("de", "dem", "the", "those", "these", "dessa"))
_SIZES = ("count", "share", "against_target", "before_after")
_NEEDS_BASE = frozenset(
    {"share", "composition", "mean_duration", "against_target", "before_after", "comparison"}
)


@dataclass(frozen=True, slots=True)
class Base:
    """Those a figure is of: the words for them, which population, and n where it stands there."""

    text: str
    population: frozenset[str] = frozenset()
    n: int | None = None
    is_pronoun: bool = False
    at: int = -1
    word: str = ""


def add_facts(claims: Sequence[Claim], sentences: Sequence[Sentence]) -> None:
    """Fill in base, n, comparison and period of every claim."""
    has_period = any(_tells_period(s, claims) for s in sentences)
    for claim in claims:
        claim.whole_register = _is_whole_register(claim)
        claim.period = has_period
        if claim.kind == "target":
            claim.period = _target_period(claim.s)
    counts = [c for c in claims if c.unit == "persons" and c.kind in _SIZES]
    in_order = list(enumerate(claims))
    # Counts first: a mean told in the heading may be of those counted below.
    for position, claim in sorted(in_order, key=lambda one: one[1].unit != "persons"):
        if claim.kind in _NEEDS_BASE and not claim.whole_register:
            _add_base(claim, claims[:position], counts, sentences)
    for claim in claims:
        claim.comparison = _has_comparison(claim, claims, sentences)
    _share_n_of_changes(claims)


# of whom


def _add_base(
    claim: Claim, before: Sequence[Claim], counts: Sequence[Claim], sentences: Sequence[Sentence]
) -> None:
    same = _told_as_same(claim, before)
    if same is not None and same.of_whom:
        _copy_base(claim, same)
        claim.same_as = same
        return
    base = base_of(claim, before, sentences)
    if base is None:
        inherited = _coordinated_with(claim, before)
        if inherited is not None:
            _copy_base(claim, inherited)
        return
    claim.of_whom, claim.population = (
        base.text,
        base.population | _shared_with_other_sex(claim, base, before),
    )
    if base.n is not None:
        claim.n, claim.n_is_sure = (base.n,), True
    elif not base.is_pronoun:
        _look_up_n(claim, base, counts)
    if claim.is_pair:
        claim.n = _both_n(claim, counts)


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
        or claim.main.q.form in ("fraction", "proportion", "pair")
    ):
        return None
    last = next((c for c in reversed(before) if c.unit != "money"), None)
    if last is None or last.unit != "persons" or last.kind not in ("share", "count"):
        return None
    s, q = claim.s, claim.main.q
    if last.s is s:
        if not _follows_closely(last, claim):
            return None
        return last if _row_base(last, claim, before) or _fitting_base(last, claim, before) else None
    opens = any(a <= 2 for a in s.starts("repeat_of")) and s.index - last.s.index == 1
    return last if opens and last.kind == "share" and q.begins <= 4 else None  # noqa: PLR2004


def _follows_closely(last: Claim, claim: Claim) -> bool:
    """Only the words of the outcome, a comma, a bracket or ``or`` stand between."""
    s, start, end = claim.s, last.main.q.after, claim.main.q.begins
    if any(s.at("of", i) and s.at("person", i + 1) for i in (claim.main.q.after,)):
        return False
    if s.word(end - 1) in (",", "(", "eller", "or", "–"):
        return not any(s.word(i) in ("och", "and") for i in range(end - 1, end))
    return s.between("repeat_of", max(start, end - 3), end) and s.word(end - 1) != "och"


def _row_base(last: Claim, claim: Claim, before: Sequence[Claim]) -> bool:
    """Gives a count of a table row the count before it as its base."""
    if last.of_whom:
        return True
    row = [c for c in before if c.s is last.s and c.kind == "count" and c is not last]
    if not row or last.main.why not in ("coordinated", "persons", "told on"):
        return False
    total = _total_of(last, claim, row)
    last.of_whom, last.population = (
        _text(total.s, total.main.q.first, total.main.q.after),
        count_population(total),
    )
    last.n, last.n_is_sure = (int(total.main.q.values[-1]),), total.hedge is None
    return True


def _fitting_base(last: Claim, claim: Claim, before: Sequence[Claim]) -> bool:
    """Gives ``119 till arbete (38 %)`` of a list the one total above that the percentage fits."""
    k, decimals = int(last.main.q.values[-1]), claim.main.q.decimals or 0
    above = [c for c in before if c.kind == "count" and 0 < last.s.index - c.s.index <= _LIST_REACH]
    fitting = [
        c for c in above
        if can_be_right(k, int(c.main.q.values[-1]), claim.percentage or 0, decimals)
    ]  # fmt: skip
    if len({c.main.q.values[-1] for c in fitting}) != 1 or claim.s.word(claim.main.q.begins - 1) != "(":
        return False
    total = fitting[0]
    last.of_whom, last.population = _text(total.s, total.main.q.first, total.main.q.after), count_population(total)
    last.n, last.n_is_sure = (int(total.main.q.values[-1]),), total.hedge is None
    return True


def _total_of(last: Claim, claim: Claim, row: Sequence[Claim]) -> Claim:
    """The one count of a row that the percentage fits; the first where none or several do."""
    k, decimals = int(last.main.q.values[-1]), claim.main.q.decimals or 0
    fitting = [
        c for c in row if can_be_right(k, int(c.main.q.values[-1]), claim.percentage or 0, decimals)
    ]
    return fitting[0] if len(fitting) == 1 else row[0]


def base_of(claim: Claim, before: Sequence[Claim], sentences: Sequence[Sentence]) -> Base | None:
    """The base as named in the sentence, by the first way of naming one that fits."""
    ways: tuple[Callable[[Claim], Base | None], ...] = (
        _own_words, _relative, _strictly_thereof, _introduced, _thereof, _answering, _event, _gender_split, _subject,
    )  # fmt: skip
    base = next((found for way in ways if (found := way(claim))), None)
    if base is None:
        base = _told_after(claim, sentences)
    if base is not None and base.n is None and base.is_pronoun:
        return _of_pronoun(base, claim, before)
    return base


def _own_words(claim: Claim) -> Base | None:
    """nine of them; 22 of 31 leavers; var tredje deltagare; 54 procent av deltagarna."""
    s, q = claim.s, claim.main.q
    if q.base is not None:
        noun = q.noun if q.noun >= 0 else q.after - 1
        return _base(s, noun, n=q.base)
    at = of_at(s, q)
    if q.unit == "persons" and claim.main.why == "of persons":
        return _base(s, counted_after(s, at) if s.word(q.after) == "(" else q.noun)
    if at and (noun := counted_after(s, at)) >= 0:
        return _base(s, noun, n=_number_before(s, at, noun))
    if q.unit == "percent" and q.noun >= 0 and not claim.is_change:
        return _base(s, q.noun)
    return None


def _number_before(s: Sentence, first: int, noun: int) -> int | None:
    for i in range(first, noun):
        value = s.tokens[i].value
        if value is not None and value == int(value) and not is_year(value):
            return int(value)
    return None


def _relative(claim: Claim) -> Base | None:
    """åtta av tio som varit med."""
    s, q = claim.s, claim.main.q
    if s.word(q.after) in _RELATIVE and q.unit == "percent":
        return Base(
            _text(s, q.after, q.after + 4), _population(s, q.after, -1), at=q.after, word="som"
        )
    return None


def _introduced(claim: Claim) -> Base | None:
    """Bland de avslutade …; för dem som hade en coach …; of 57 women …"""
    s, q = claim.s, claim.main.q
    spots = [i for i, token in enumerate(s.tokens) if token.word in _INTRODUCING]
    before = [i for i in spots if i < q.begins]
    after = [i for i in spots if i >= q.after and claim.unit == "duration"]
    for i in [*reversed(before), *after]:
        noun = counted_after(s, i + 1)
        if noun < 0 or (i < q.begins <= noun) or s.at("jobs", noun) or _is_purpose(s, i, noun):
            continue
        number = _number_before(s, i + 1, noun + 1 + (s.word(noun) in _ARTICLES))
        if number is not None and s.word(noun) in _ARTICLES:
            noun += 1
        return _base(s, noun, n=number if number is not None else _number_at(claim, i, noun))
    return None


def _is_purpose(s: Sentence, i: int, noun: int) -> bool:
    """``jobbspår för nyanlända`` names a programme, not a base: no verb has come before it."""
    return (
        s.word(i) in ("för", "for")
        and i > 0
        and s.word(i - 1).isalpha()
        and not (s.at("pronoun", noun) or s.word(i - 1) in ("och", "tiden", "time", "men", "and"))
        and not s.between("mean", 0, i)
    )


def _number_at(claim: Claim, first: int, noun: int) -> int | None:
    token = claim.s.tokens[noun]
    return int(token.value) if token.value is not None else None


def _strictly_thereof(claim: Claim) -> Base | None:
    """``varav 9``: those told just before, whatever else the sentence names."""
    q = claim.main.q
    if any(b == q.begins for _, b in claim.s.cues.get("thereof", ())):
        return _thereof(claim)
    return None


def _thereof(claim: Claim) -> Base | None:
    """19 left, of whom 13 to work: the persons told just before in the sentence."""
    s, q = claim.s, claim.main.q
    starts = [a for a, b in s.cues.get("thereof", ()) if b == q.begins]
    if not starts:
        starts = [a for a in s.starts("thereof") if a < q.begins and s.word(a) != "där"][:1]
    if s.word(0) in ("där", "there") and claim.unit == "percent":
        return Base("där", _population(s, 0, -1), is_pronoun=True, at=0, word="där")
    return Base(s.word(starts[0]), is_pronoun=True, at=starts[0], word="varav") if starts else None


def _answering(claim: Claim) -> Base | None:
    """A survey that 67 persons answered, told in the same sentence."""
    s = claim.s
    if claim.unit not in ("percent",) or not s.has("respondents") or not s.has("survey"):
        return None
    for i, token in enumerate(s.tokens):
        if (
            token.value is not None
            and s.at("person", i + 1)
            and s.between("respondents", i, len(s.tokens))
        ):
            return Base(
                _text(s, i, i + 3),
                frozenset({"respondents"}),
                n=int(token.value),
                at=i,
                word="svarande",
            )
    return None


def _event(claim: Claim) -> Base | None:
    """The event that defines the base: three months after the programme."""
    found = claim.s.cues.get("of_event")
    if not found or claim.unit == "duration":
        return None
    a, b = found[0]
    return Base(_text(claim.s, a, b), at=a, word="event")


def _gender_split(claim: Claim) -> Base | None:
    if claim.kind == "composition" and claim.s.has("gender_split"):
        a, b = claim.s.cues["gender_split"][0]
        return Base(_text(claim.s, a, b), at=a, word="deltagarna")
    return None


def _subject(claim: Claim) -> Base | None:
    """Persons named earlier in the same sentence: Deltagarna var …, fyra av fem var kvinnor."""
    s, q = claim.s, claim.main.q
    if claim.unit == "percent" and claim.s.has("result_word") and claim.kind == "against_target":
        return None
    nouns = [a for a in s.starts("person") if a < q.begins and not s.at("jobs", a)]
    if s.word(q.begins - 1) == "(":
        nouns.reverse()
    for noun in nouns:
        if noun and (
            s.tokens[noun - 1].value is not None and s.word(noun - 1) not in ("en", "ett", "a")
        ):
            continue
        if s.word(noun) == "avslut" or s.word(noun - 1) in (
            "för",
            "for",
            "till",
            "to",
            "med",
            "with",
            "stöd",
            "helped",
        ):
            continue
        return _base(s, noun)
    return None


def _told_after(claim: Claim, sentences: Sequence[Sentence]) -> Base | None:
    """Siffran gäller de deltagare som fått jobb."""
    following = sentences[claim.s.index + 1] if claim.s.index + 1 < len(sentences) else None
    if following is None or following.word(0) not in (
        "siffran",
        "siffrorna",
        "uppgiften",
        "uppgifterna",
        "the",
    ):
        return None
    if following.word(1) not in ("gäller", "avser", "figure", "figures"):
        return None
    noun = counted_after(following, 2)
    return _base(following, noun) if noun >= 0 else None


def _base(s: Sentence, noun: int, *, n: int | None = None) -> Base:
    word = s.word(noun)
    is_pronoun = s.at("pronoun", noun) > 0 and s.word(noun + 1) not in (
        *_RELATIVE,
        "i",
        "deltagare",
    )
    if s.at("pronoun", noun) and s.at("person", noun + 1):
        noun, is_pronoun = noun + 1, False
        word = s.word(noun)
    start = max(0, noun - 1) if s.word(noun - 1) in ("de", "dem", "the", "those", "alla") else noun
    return Base(
        _text(s, start, noun + (5 if s.word(noun + 1) in _RELATIVE else 1)),
        _population(s, noun, noun), n=n, is_pronoun=is_pronoun, at=noun, word=word,
    )  # fmt: skip


def _text(s: Sentence, first: int, after: int) -> str:
    words = []
    for token in s.tokens[first:after]:
        if not token.text[0].isalnum():
            break
        words.append(token.text)
    return " ".join(words)


def _population(s: Sentence, at: int, noun: int) -> frozenset[str]:
    """Which of those who took part are meant, by the words that follow the noun."""
    is_described = (
        s.word(at + 1) in _DESCRIBING or s.word(at + 1).endswith("ing") or s.word(at) in _RELATIVE
    )
    end = min(at + (_BASE_REACH if is_described else 1), len(s.tokens))
    for i in range(at + 1, end):
        if s.word(i) in (",", ";", ":", "(") or (s.tokens[i].value is not None and i > at + 1):
            end = i
            break
    found = _selected(s, at, end)
    if _leaves(s, max(0, at - 1), end):
        found.add("exits")
    is_relative = any(s.word(i) in _RELATIVE for i in range(at + 1, end))
    if (is_relative or "exits" in found) and s.between("work", at, end):
        found.add("work")
    found |= {tag for tag in ("women", "men") if noun >= 0 and s.at(tag, noun)}
    if s.word(at + 1) in _AGE_LIMITS and at + 2 < len(s.tokens) and s.tokens[at + 2].value is not None:
        found.add("age")
    return frozenset(found)


_AGE_LIMITS = frozenset("under över mellan over between aged".split())


def _selected(s: Sentence, first: int, end: int) -> set[str]:
    tags = {"completers": "completed", "respondents": "respondents"}
    return {name for name, tag in tags.items() if s.between(tag, first, end)}


def _leaves(s: Sentence, first: int, end: int) -> bool:
    spots = [i for i in s.starts("exit") if first <= i < end]
    return any(not s.covers("no_exit", i) for i in spots)


def _of_pronoun(base: Base, claim: Claim, before: Sequence[Claim]) -> Base:
    """Them, of whom, there: the persons told last before."""
    for other in reversed(before):
        if claim.s.index - other.s.index > 1 and base.word != "där":
            break
        if other.unit != "persons" or claim.s.index - other.s.index > 2:  # noqa: PLR2004
            continue
        if other.kind == "share" and base.word in ("varav", "därav"):
            pass
        elif other.kind not in ("count", "before_after", "against_target"):
            continue
        if other.s is claim.s and other.main.q.begins > claim.main.q.begins:
            continue
        return Base(
            base.text,
            count_population(other),
            n=int(other.main.q.values[-1]),
            at=base.at,
            word=base.word,
        )
    return base


# n


def count_population(claim: Claim) -> frozenset[str]:
    """Which population a count is the size of, by the words around it."""
    s, q = claim.s, claim.main.q
    first, after = clause_of(s, q.first)
    if any(s.word(i) in _INTRODUCING for i in range(q.begins - 2, q.begins)):
        return _population(s, q.after - 1, q.noun)
    after = min(after, _next_value(s, q.after))
    found = _selected(s, max(0, first - 8), after)
    if _leaves(s, first, after):
        found.add("exits")
    if _gets_work(s, q.begins, q.after, after):
        found.add("work")
    found |= {tag for tag in ("women", "men") if q.noun >= 0 and s.at(tag, q.noun)}
    return frozenset(found)


def _next_value(s: Sentence, i: int) -> int:
    return next(
        (j for j in range(i, len(s.tokens)) if s.tokens[j].value is not None), len(s.tokens)
    )


_GETS = frozenset(
    "fick fått får till gick gått hittade hittat börjat började into found got gained moved entered".split()
)


def _gets_work(s: Sentence, begins: int, first: int, after: int) -> bool:
    gets = any(s.word(i) in _GETS for i in range(max(0, begins - 2), after))
    return gets and s.between("work", first, after) and not s.between("study", first, after)


def _look_up_n(claim: Claim, base: Base, counts: Sequence[Claim]) -> None:
    chosen, is_sure = _size_of(claim, base, counts)
    if chosen is None:
        return
    claim.n = (int(chosen.main.q.values[-1]),)
    claim.n_is_hedged = chosen.hedge is not None
    claim.n_is_sure = is_sure and not claim.n_is_hedged and len(chosen.main.q.values) == 1


def _size_of(claim: Claim, base: Base, counts: Sequence[Claim]) -> tuple[Claim | None, bool]:
    """The count that is the size of a base, and whether no other count could be."""
    sizes = [c for c in counts if c is not claim and not c.s.is_about_area and not c.is_change]
    told = [(c, _counted_population(c)) for c in sizes]
    wanted = claim.population
    if base.word == "event":
        wanted = frozenset({"exits"})
    of_it = [c for c, population in told if population == wanted]
    if not of_it and "work" in wanted:
        fewer = wanted - {"work"} if wanted & {"women", "men"} else frozenset({"work"})
        of_it = [c for c, population in told if population == fewer]
    if not wanted:
        same_noun = _of_noun(base, of_it)
        if not same_noun and base.word not in _GENERIC:
            of_it = [c for c in of_it if _is_generic_count(c)] if base.word not in _NOT_YET else []
            return (of_it[-1], False) if of_it else (None, False)
        of_it = same_noun or of_it
        if not of_it and base.word in _GENERIC:
            of_it = [c for c, population in told if population in ({"women"}, {"men"})][:1]
    if not of_it:
        return None, False
    values = {c.main.q.values[-1] for c in of_it}
    near = [c for c in of_it if c.s.index <= claim.s.index] or of_it
    return (near[0] if base.word in _GENERIC else near[-1]), len(values) == 1


_NOT_YET = frozenset(
    "sökande arbetslösa arbetslös anvisade remitterade invånare hushåll applicants unemployed residents households".split()
)


def _is_generic_count(c: Claim) -> bool:
    return c.main.q.noun >= 0 and c.s.word(c.main.q.noun) in _GENERIC


def _counted_population(c: Claim) -> frozenset[str]:
    if c.kind != "share":
        return count_population(c)
    s, start = c.s, c.main.q.after
    after = min(clause_of(s, start)[1], _next_value(s, start))
    to_work = s.between("work", start, after) and not s.between("study", start, after)
    begins = max(0, c.main.q.begins - 2)
    tags = {"work"} if to_work else {"some"}
    tags |= _selected(s, begins, after) | ({"exits"} if _leaves(s, begins, after) else set())
    return c.population | tags if to_work or len(tags) == 1 else (c.population | tags) - {"some"}


def _of_noun(base: Base, counts: Sequence[Claim]) -> list[Claim]:
    return [
        c
        for c in counts
        if c.main.q.noun >= 0 and c.s.word(c.main.q.noun)[:_STEM] == base.word[:_STEM]
    ]


def _both_n(claim: Claim, counts: Sequence[Claim]) -> tuple[int | None, ...]:
    """n of the earlier and the later level: two counts of one sentence, or one told."""
    beside = [
        (a, b) for a, b in zip(counts, counts[1:], strict=False)
        if a.s is b.s and b.main.why in ("dated", "contrasted") and a.kind == b.kind == "count"
    ]  # fmt: skip
    if beside and not claim.n_is_sure:
        later, earlier = beside[0]
        return int(earlier.main.q.values[-1]), int(later.main.q.values[-1])
    return (None, claim.n[-1]) if claim.n else ()


def _coordinated_with(claim: Claim, before: Sequence[Claim]) -> Claim | None:
    """47,9 procent till arbete och 14,2 procent till studier: one base for both."""
    for other in reversed(before):
        if other.s is not claim.s:
            return None
        both_shares = {other.unit, claim.unit} <= {"percent", "persons"} and other.kind == "share"
        if both_shares and other.of_whom and claim.kind in ("share", "against_target"):
            return other
    return None


# period, comparison, register


def _tells_period(s: Sentence, claims: Sequence[Claim]) -> bool:
    if s.has("not_period"):
        return _has_relative_period(s, claims) and _has_claim(s, claims)
    has_claim = _has_claim(s, claims)
    if has_claim and _names_month(s):
        return True
    if has_claim and _has_relative_period(s, claims):
        return True
    return any(_is_period_year(s, i) for i, t in enumerate(s.tokens) if t.is_digits) and (
        has_claim or s.has("programme_verb")
    )


def _has_claim(s: Sentence, claims: Sequence[Claim]) -> bool:
    return any(c.s is s and (c.kind != "target" or s.has("relative_period")) for c in claims)


def _has_relative_period(s: Sentence, claims: Sequence[Claim]) -> bool:
    return s.has("relative_period") and not all(
        s.covers("status_date", a) for a in s.starts("relative_period")
    )


def _is_period_year(s: Sentence, i: int) -> bool:
    """A year that is no day's, no name's and no reference's."""
    token = s.tokens[i]
    if not is_year(token.value or 0):
        return bool(token.value) and _is_compact_date(token.text)
    if token.is_glued and s.word(i + 1) in (":", "/"):
        return s.word(i + 1) == "/" and len(s.word(i + 2)) == 2  # noqa: PLR2004
    before = s.tokens[i - 1] if i else None
    if before is not None and before.word in _MONTHS:
        return not (i > 1 and s.tokens[i - 2].is_digits)
    is_name = (
        before is not None and i > 1 and before.text[:1].isupper() and before.word not in _MONTHS
    )
    return not is_name


def _names_month(s: Sentence) -> bool:
    """``i september``, ``during May``, without a day."""
    return any(
        t.word in _MONTHS
        and i
        and s.word(i - 1) in ("i", "under", "in", "during", "sedan", "since")
        for i, t in enumerate(s.tokens)
    )


def _is_compact_date(text: str) -> bool:
    return len(text) == 6 and text.isdigit() and 1 <= int(text[2:4]) <= 12  # noqa: PLR2004


_MONTHS = frozenset(
    "januari februari mars april maj juni juli augusti september oktober november december january february "
    "march may june july august october december hösten våren sommaren vintern autumn spring summer".split()
)


def _target_period(s: Sentence) -> bool:
    return s.has("target_period") or any(
        _is_period_year(s, i) for i, t in enumerate(s.tokens) if t.is_digits
    )


def _is_whole_register(claim: Claim) -> bool:
    """A rate or count of an area: everybody in it is counted."""
    if (
        claim.unit in ("money", "duration")
        or claim.s.has("time_subject")
        or claim.kind in ("cost", "target", "mean_duration", "other")
    ):
        return False
    return claim.s.is_about_area and not _speaks_of_programme(claim.s)


def _speaks_of_programme(s: Sentence) -> bool:
    return any("deltag" in t.word or t.word.startswith("participant") for t in s.tokens)


def _has_comparison(claim: Claim, claims: Sequence[Claim], sentences: Sequence[Sentence]) -> bool:
    if claim.kind == "comparison" or claim.yardstick is not None:
        return True
    beside = [c for c in claims if c is not claim and c.s is claim.s]
    if claim.is_change and any(c.yardstick is not None for c in beside):
        return True
    if claim.unit not in ("percent", "duration"):
        return False
    if _is_other_sex(claim, beside):
        return True
    if _is_row_of_several(claim, claims):
        return True
    speaks_on = "completers" in claim.population and any(
        a < claim.main.q.begins for a in claim.s.starts("same_measure")
    )
    return speaks_on and any(
        c.unit == claim.unit and claim.s.index - c.s.index == 1 for c in claims
    )


def _is_other_sex(claim: Claim, beside: Sequence[Claim]) -> bool:
    others = {
        sex for c in beside if c.unit == claim.unit for sex in c.population & {"women", "men"}
    }
    own = claim.population & {"women", "men"}
    return len(own) == 1 and bool(others - own)


def _is_row_of_several(claim: Claim, claims: Sequence[Claim]) -> bool:
    """Nord: 48 deltagare …, 56 %. Syd: 37 deltagare …, 43 %."""
    if not _is_labelled(claim.s):
        return False
    return any(
        c is not claim and c.unit == claim.unit and c.s is not claim.s and _is_labelled(c.s)
        and abs(c.s.index - claim.s.index) <= 3 for c in claims
    )  # fmt: skip


def _is_labelled(s: Sentence) -> bool:
    return ":" in (s.word(i) for i in range(1, 5))


def _share_n_of_changes(claims: Sequence[Claim]) -> None:
    """A change has the n of the levels it was computed from, where they stand beside it."""
    for claim in claims:
        if claim.kind != "change" or claim.whole_register:
            continue
        pair = next((c for c in claims if c.is_pair and abs(c.s.index - claim.s.index) <= 2
                     and fits_pair(claim, c)), None)  # fmt: skip
        if pair is None:
            continue
        claim.same_as = pair
        if pair.unit == "persons" and pair.levels:
            claim.n = (int(pair.levels[0]),)
        elif pair.n and pair.s.paragraph != claim.s.paragraph - 9:
            claim.n = tuple(n for n in pair.n if n is not None)


def fits_pair(claim: Claim, pair: Claim) -> bool:
    """Whether a change can be the step between two levels, in points or in relation."""
    levels = pair.levels
    if levels is None or not levels[0]:
        return False
    step, told = abs(levels[1] - levels[0]), claim.main.q.values[-1]
    relative = 100 * step / levels[0]
    ratio = levels[1] / levels[0]
    if claim.unit == "times":
        return ratio / told > 0.9 and ratio / told < 1.5  # noqa: PLR2004
    return min(abs(step - told), abs(relative - told)) <= max(0.6, 0.05 * told)  # noqa: PLR2004
