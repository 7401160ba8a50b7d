"""`read_claims`: a text in, its claims out. Nothing is stored and nothing is logged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from evalkit.options import check_option
from evalkit.reading.accepted import candidates
from evalkit.reading.claim import Claim
from evalkit.reading.claims import claims_of
from evalkit.reading.computed import verdict_of
from evalkit.reading.context import Candidate
from evalkit.reading.facts import add_facts
from evalkit.reading.lexicon import Language, lexicon, words_named
from evalkit.reading.missing import missing_of
from evalkit.reading.populations import count_population
from evalkit.reading.tokens import Sentence, language_of, sentences_of
from evalkit.reading.traps import add_traps

LONGEST = 400_000
_ADDS, _WITHOUT = words_named("adds"), words_named("without")
_NEXT = 2  # characters between a sentence and the next
_OTHER = {"work": "study", "study": "work"}
_STRETCH = 2_500  # words read together: some five pages


class TextTooLong(ValueError):
    """A text longer than any press release; the reader says so and reads nothing."""

    def __init__(self, length: int) -> None:
        super().__init__(f"the text has {length} characters; at most {LONGEST} are read")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A stretch of the text that belongs to a claim."""

    span: tuple[int, int]
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadClaim:
    """One claim as read. Offsets count characters from 0, end exclusive.

    ``numbers`` are those of the statement; ``n`` is the size of its base, earlier first.
    """

    span: tuple[int, int]
    parts: tuple[Part, ...]
    quote: str
    sentence: str
    sentence_span: tuple[int, int]
    kind: str
    numbers: tuple[float, ...]
    unit: str
    decimals: int | None
    hedge: str | None
    goal: float | None
    reference_numbers: tuple[float, ...]
    of_whom: str | None
    population: tuple[str, ...]
    n: tuple[int | None, ...]
    n_is_sure: bool
    has_period: bool
    has_comparison: bool
    whole_register: bool
    outcome: str
    missing: tuple[str, ...]
    traps: tuple[str, ...]
    computed: Mapping[str, Any] | None

    def to_dict(self) -> dict[str, Any]:
        return {
            "span": list(self.span), "parts": [{"span": list(p.span), "role": p.role} for p in
            self.parts], "quote": self.quote, "kind": self.kind, "numbers": [_plain(v) for v in
            self.numbers], "unit": self.unit, "decimals": self.decimals, "hedge": self.hedge,
            "goal": None if self.goal is None else _plain(self.goal), "reference_numbers":
            [_plain(v) for v in self.reference_numbers], "of_whom": self.of_whom, "n": list(self.n)
            if len(self.n) > 1 else (self.n[0] if self.n else None), "whole_register":
            self.whole_register, "missing": list(self.missing), "traps": list(self.traps),
            "verdict_possible": None if self.computed is None else dict(self.computed),
        }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The claims of a text, and how many other numbers were left alone."""

    language: Language
    claims: tuple[ReadClaim, ...]
    left_alone: int = field(default=0)

    def to_dict(self) -> dict[str, Any]:
        """Plain data: what ``evalkit read --format json`` writes."""
        return {
            "language": self.language,
            "left_alone": self.left_alone,
            "claims": [claim.to_dict() for claim in self.claims],
        }


def read_claims(text: str, *, language: Language | None = None) -> Reading:
    """The quantitative claims of a text, what each lacks and what a reader may misunderstand.

    Rules only, no model: the same text gives the same answer, and nothing leaves the machine.

    Args:
        text: As published; Swedish or English.
        language: Told by the text itself when not given.

    Raises:
        TextTooLong: Above 400 000 characters.

    >>> reading = read_claims("Under 2023 deltog 184 personer. 63 procent av dem fick arbete.")
    >>> [(claim.kind, claim.numbers, claim.n) for claim in reading.claims]
    [('count', (184.0,), ()), ('share', (63.0,), (184,))]
    """
    check_option("language", language, Language | None)
    if len(text) > LONGEST:
        raise TextTooLong(len(text))
    chosen = language or language_of(text)
    claims: list[ReadClaim] = []
    left_alone = 0
    for sentences in _stretches(sentences_of(text, chosen)):
        found = candidates(sentences, lexicon(chosen))
        for claim in _judged(found, sentences):
            claims.append(_added_to(claim, _finished(claim, text), claims))
        left_alone += _left_alone(sentences, found)
    return Reading(language=chosen, claims=tuple(claims), left_alone=left_alone)


def _judged(found: list[Candidate], sentences: list[Sentence]) -> list[Claim]:
    claims = claims_of(found, sentences)
    add_facts(claims, sentences)
    for claim in claims:
        claim.missing = missing_of(claim)
    add_traps(claims, sentences)
    return claims


def _stretches(sentences: list[Sentence]) -> Iterator[list[Sentence]]:
    """Some pages at a time: what stands ten pages away says little of a figure here.

    It also keeps the time in step with the length of the text.
    """
    held: list[Sentence] = []
    words = 0
    for sentence in sentences:
        if words + len(sentence.tokens) > _STRETCH and held:
            yield held
            held, words = [], 0
        sentence.index = len(held)
        held.append(sentence)
        words += len(sentence.tokens)
    if held:
        yield held


def _left_alone(sentences: list[Any], found: list[Candidate]) -> int:
    """Numbers in digits, and in words from two, that are part of no claim."""
    taken = {
        (c.sentence.index, i)
        for c in found
        for i in range(c.q.begins, max(c.q.after, c.q.base_at + 1))
    }
    count, last = 0, (-1, -9)
    for s in sentences:
        for i, token in enumerate(s.tokens):
            if token.value is None or (not token.is_digits and token.value < 2):
                continue
            if (s.index, i) not in taken:
                count += last != (s.index, i - 2) or s.word(i - 1) not in ("-", "/", ":")
                last = (s.index, i)
    return count


def _finished(claim: Claim, text: str) -> ReadClaim:
    main = span_of(claim.main)
    parts = [Part(span=main, role="value")]
    for one, role in (
        (claim.earlier, "earlier_value"), (claim.goal, "goal"), (claim.yardstick, "yardstick"),
    ):  # fmt: skip
        if one is not None:
            parts.append(Part(span=span_of(one), role=role))
    parts += [Part(span=span_of(one), role="repeat") for one in claim.repeats]
    tokens = claim.s.tokens
    told = claim.s.row or (tokens[0].start, tokens[-1].end)
    references = claim.yardstick.q.values if claim.yardstick else ()
    if claim.kind == "cost" and claim.earlier is not None:
        references = (*references, *claim.earlier.q.values)
    return ReadClaim(
        span=main, parts=tuple(sorted(parts, key=lambda part: part.span)), quote=text[main[0] :
        main[1]], sentence=text[slice(*told)], sentence_span=told, kind=claim.kind,
        numbers=claim.numbers, unit=_unit_name(claim), decimals=claim.decimals, hedge=claim.hedge,
        goal=claim.goal.q.values[-1] if claim.goal else None, reference_numbers=references,
        of_whom=claim.of_whom, population=tuple(sorted(_population(claim))), n=claim.n,
        n_is_sure=claim.n_is_sure, has_period=claim.period, has_comparison=claim.comparison,
        whole_register=claim.whole_register, outcome=_outcome(claim), missing=claim.missing,
        traps=claim.traps, computed=verdict_of(claim),
    )  # fmt: skip


def _population(claim: Claim) -> frozenset[str]:
    """Of whom a figure is; of a count, who are counted."""
    is_count = claim.unit == "persons" and claim.kind in ("count", "target", "against_target")
    return count_population(claim) if is_count else claim.population


def _outcome(claim: Claim) -> str:
    """``work``, ``study``, ``work_or_study`` or nothing, by the nearest word of outcome.

    ``other`` where that word is one of more that are counted, or of what they are without.
    """
    if "work_and_study_pooled" in claim.traps:
        return "work_or_study"
    if claim.same_as is not None and not claim.s.has(*_OTHER):
        return _outcome(claim.same_as)
    at, tag = _nearest(claim)
    return (
        "other"
        if tag and (_is_added(claim.s, at) or _near(claim.s, range(at - 2, at), _WITHOUT))
        else tag
    )


def _nearest(claim: Claim) -> tuple[int, str]:
    """Where the nearest word of outcome stands, and of what; nothing where there is none."""
    s, after = claim.s, claim.main.q.after
    spots = ((abs(a - after), a, tag) for tag in _OTHER for a in s.starts(tag))
    return min(spots, default=(0, 0, ""))[1:]


def _is_added(s: Sentence, at: int) -> bool:
    """``Tillsammans med studier är det 60 procent``: an outcome beside one told before."""
    return _near(s, range(at - 3, at + 4), _ADDS)


def _near(s: Sentence, places: Iterable[int], words: frozenset[str]) -> bool:
    return any(s.word(i) in words for i in places if i >= 0)


def _added_to(claim: Claim, one: ReadClaim, before: Sequence[ReadClaim]) -> ReadClaim:
    """A share that adds an outcome to the share told just before it is of both, of the same."""
    at, tag = _nearest(claim)
    last = before[-1] if before else None
    if last is None or one.unit != "percent" or not tag or not _is_added(claim.s, at):
        return one
    gap = one.sentence_span[0] - last.sentence_span[1]
    if last.unit != "percent" or last.outcome != _OTHER[tag] or gap > _NEXT:
        return one
    return replace(one, outcome="work_or_study", of_whom=last.of_whom, population=last.population)


def span_of(one: Candidate) -> tuple[int, int]:
    tokens = one.sentence.tokens
    return tokens[one.q.begins].start, tokens[min(one.q.after, len(tokens)) - 1].end


def _unit_name(claim: Claim) -> str:
    q = claim.main.q
    if q.unit in ("duration", "money"):
        return q.detail or q.unit
    return {"points": "percentage_points"}.get(q.unit, q.unit)


def _plain(value: float) -> float | int:
    return int(value) if value == int(value) else value
