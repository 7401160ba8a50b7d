"""Claims as read → what a reader of the page meets, in the text's language.

Verdict, what can be worked out, what is missing, what may be misunderstood, a fair sentence.
The codes of the reader's rules stay behind; every sentence comes from the text catalogue.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from evalkit.documents.reading.beside import Beside
from evalkit.documents.reading.suggestions import fill_in, suggestion, written
from evalkit.language import Texts
from evalkit.present.numbers import Numbers
from evalkit.reading.compare import Holds
from evalkit.reading.reader import ReadClaim, Reading

Verdict = Literal["holds", "clarify", "rewrite"]
REWRITE = frozenset(
    {
        "impossible", "contradiction", "percent_points", "rounding", "target_within_interval",
        "part_year", "different_definitions", "gross_cost", "causal_wording",
    }
)  # fmt: skip
"""What may be misunderstood in a way that no added fact mends: the words must change."""
_TWO = 2
_CLARIFY_MISSING = frozenset({"n", "denominator", "period"})
_COMPARED_KINDS = frozenset({"before_after", "change", "area_level"})
# The most serious first: what cannot be right, then what the words promise, then of whom it is.
_ORDER = (
    "impossible", "contradiction", "percent_points", "rounding", "different_definitions",
    "target_within_interval", "part_year", "causal_wording", "gross_cost", "share_of_exits",
    "selected_subgroup", "mean_of_completers", "interim_share", "one_status_date",
    "work_and_study_pooled", "municipal_jobs_counted", "regression_to_mean", "small_n",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterView:
    """A claim beside the register: the report's verdict, its figure, what to ask the report."""

    verdict: Holds
    verdict_words: str
    sentence: str
    line: str
    add: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimView:
    """One claim as its reader meets it; ``before``, ``quote`` and ``after`` are its sentence."""

    number: int
    before: str
    quote: str
    after: str
    verdict: Verdict
    verdict_words: str
    computed: tuple[str, ...]
    missing: tuple[str, ...]
    misread: tuple[str, ...]
    suggestion: str
    fill_in: tuple[str, ...]
    is_repeated: bool
    register: RegisterView | None = None

    @property
    def is_plain(self) -> bool:
        """Whether nothing is left to say of it."""
        return not (self.computed or self.missing or self.misread)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingView:
    """A whole text as read: the line on top, its claims, the text cut at its marks."""

    name: str
    texts: Texts
    top_line: str
    register_line: str
    claims: tuple[ClaimView, ...]
    marked: tuple[tuple[str, int], ...]


def view_of(
    reading: Reading, text: str, *, name: str = "", beside: Sequence[Beside] = ()
) -> ReadingView:
    """What to show of a reading, in the language of the text.

    Args:
        reading: The claims of the text.
        text: The text itself.
        name: What the text is called.
        beside: The register's word on each claim, where a project was named.
    """
    texts = Texts(reading.language)
    claims = tuple(
        _claim(n, claim, texts, reading, text) for n, claim in enumerate(reading.claims, 1)
    )
    if beside:
        claims = tuple(
            replace(claim, register=_register(one, texts))
            for claim, one in zip(claims, beside, strict=True)
        )
    return ReadingView(
        name=name,
        texts=texts,
        top_line=top_line([one.verdict for one in claims], reading.left_alone, texts),
        register_line=_register_line(beside, texts),
        claims=claims,
        marked=tuple(_marked(reading, text)),
    )


def _register(one: Beside, texts: Texts) -> RegisterView:
    return RegisterView(
        verdict=one.verdict,
        verdict_words=texts[f"reading.compare.{one.verdict}"],
        sentence=one.sentence,
        line=one.line,
        add=texts[one.add] if one.line else "",
    )


def _register_line(beside: Sequence[Beside], texts: Texts) -> str:
    """Against the register: 2 hold, 1 does not, 3 cannot be tested."""
    counted = Counter(one.verdict for one in beside)
    parts = [
        f"{Numbers(texts.language).count(counted[verdict])} {texts[f'reading.compare.{verdict}']}"
        for verdict in get_args(Holds)
        if counted[verdict]
    ]
    return texts.format("reading.register.line", verdicts=", ".join(parts)) if parts else ""


def verdict_of(claim: ReadClaim) -> Verdict:
    """Rewrite where the words mislead, clarify where facts are missing, else it holds."""
    if REWRITE & set(claim.traps):
        return "rewrite"
    compares = claim.kind in _COMPARED_KINDS and "comparison" in claim.missing
    if claim.traps or _CLARIFY_MISSING & set(claim.missing) or compares:
        return "clarify"
    return "holds"


def top_line(verdicts: list[Verdict], left_alone: int, texts: Texts) -> str:
    """How many claims, how many of each verdict, how many other numbers."""
    parts = [_counted("count", len(verdicts), texts)]
    by_verdict = [
        _counted(verdict, verdicts.count(verdict), texts)
        for verdict in ("holds", "rewrite", "clarify")
        if verdict in verdicts
    ]
    if by_verdict:
        parts.append(f"{', '.join(by_verdict)}.")
    parts.append(_counted("left", left_alone, texts))
    return " ".join(part for part in parts if part)


def _counted(name: str, count: int, texts: Texts) -> str:
    if count == 0:
        return texts[f"reading.{name}.none"]
    if count == 1:
        return texts[f"reading.{name}.one"]
    return texts.format(f"reading.{name}.other", count=Numbers(texts.language).count(count))


def _claim(number: int, claim: ReadClaim, texts: Texts, reading: Reading, text: str) -> ClaimView:
    verdict = verdict_of(claim)
    offer = "" if verdict == "holds" else suggestion(claim, texts)
    start, end = claim.sentence_span
    return ClaimView(
        number=number,
        before=text[start : claim.span[0]],
        quote=claim.quote,
        after=text[claim.span[1] : end],
        verdict=verdict,
        verdict_words=texts[f"reading.verdict.{verdict}"],
        computed=tuple(_computed(claim, reading, texts)),
        missing=tuple(_missing(claim, texts)),
        misread=tuple(texts[f"reading.misread.{name}"] for name in _ORDER if name in claim.traps),
        suggestion=offer,
        fill_in=fill_in(offer, texts),
        is_repeated=any(part.role == "repeat" for part in claim.parts),
    )


def _missing(claim: ReadClaim, texts: Texts) -> Iterator[str]:
    for name in claim.missing:
        if name == "uncertainty" and (claim.computed or {}).get("interval_range"):
            continue  # worked out above
        key = name
        if name == "n" and claim.unit in ("days", "weeks", "months", "years"):
            key = "n_mean"
        elif name == "n" and len(claim.n) > 1:
            key = "n_pair"
        yield texts[f"reading.ask.{key}"]


# what can be worked out


def _computed(claim: ReadClaim, reading: Reading, texts: Texts) -> Iterator[str]:
    numbers, found = Numbers(texts.language), dict(claim.computed or {})
    if "counts" in found:
        yield from _counts(claim, found, numbers, texts)
    elif found.get("smallest_n") and not _states_interval(claim):
        yield _without_n(claim, found, numbers, texts)
    if (
        len(claim.numbers) > 1
        and claim.kind in ("before_after", "comparison")
        and claim.unit != "times"
        and not claim.hedge
        and "part_year" not in claim.traps
    ):
        yield _step(claim, numbers, texts)
    if claim.kind == "against_target" and claim.unit == "persons" and claim.goal:
        yield texts.format(
            "reading.compute.over_goal",
            value=numbers.count(claim.numbers[-1]), goal=numbers.count(claim.goal),
            percent=numbers.percent(claim.numbers[-1] / claim.goal, decimals=0),
        )  # fmt: skip
    if "contradiction" in claim.traps:
        yield from _not_both(claim, reading, numbers, texts)


def _counts(
    claim: ReadClaim, found: dict[str, Any], numbers: Numbers, texts: Texts
) -> Iterator[str]:
    pairs = found["counts"]
    n = numbers.count(pairs[0][1] if pairs else found["n"])
    if claim.unit == "persons":
        k, total = pairs[0]
        yield texts.format(
            "reading.compute.share", k=numbers.count(k), n=n, percent=numbers.percent(k / total)
        )
    elif not pairs:
        yield texts.format("reading.compute.no_count", n=n, percent=_percent(claim, numbers))
        return
    elif len(pairs) == 1:
        yield texts.format(
            "reading.compute.counts.one",
            percent=_percent(claim, numbers),
            n=n,
            k=numbers.count(pairs[0][0]),
        )
    else:
        yield texts.format(
            f"reading.compute.counts.{'two' if len(pairs) == _TWO else 'other'}",
            percent=_percent(claim, numbers), n=n,
            first=numbers.count(pairs[0][0]), last=numbers.count(pairs[-1][0]),
        )  # fmt: skip
    if claim.kind != "composition":
        yield texts.format(
            "reading.compute.interval", n=n, interval=_interval(found["interval_range"], numbers)
        )
    if found.get("grades"):
        grade = found["grades"][0] if len(found["grades"]) == 1 else "mixed"
        yield texts.format(
            f"reading.compute.grade.{grade}", goal=numbers.percent_short((claim.goal or 0) / 100)
        )


def _states_interval(claim: ReadClaim) -> bool:
    """Whether the text itself tells how sure a comparison is."""
    return claim.kind == "comparison" and "uncertainty" not in claim.missing


def _without_n(claim: ReadClaim, found: dict[str, Any], numbers: Numbers, texts: Texts) -> str:
    n = found["smallest_n"][0]
    value = found["percentage"] / 100
    return texts.format(
        "reading.compute.without_n",
        percent=_percent(claim, numbers),
        k=numbers.count(_nearest(value, n)),
        n=numbers.count(n),
        interval=_interval(found["interval_at_smallest"], numbers),
        largest=numbers.count(400),
        interval_largest=_interval(found["interval_at_largest"], numbers),
    )


def _nearest(share: float, n: int) -> int:
    return int(share * n + 0.5)


def _step(claim: ReadClaim, numbers: Numbers, texts: Texts) -> str:
    earlier, later = claim.numbers[0], claim.numbers[-1]
    relative = numbers.percent(abs(later - earlier) / earlier, decimals=0) if earlier else "–"
    if claim.unit == "percent":
        points = numbers.points(abs(later - earlier) / 100, decimals=claim.decimals or 0)
        return texts.format(
            "reading.compute.points", earlier=_percent(claim, numbers, earlier),
            later=_percent(claim, numbers, later), step=points, relative=relative,
        )  # fmt: skip
    return texts.format(
        f"reading.compute.step.{'up' if later > earlier else 'down'}",
        earlier=written(earlier, claim, texts), later=written(later, claim, texts),
        step=written(abs(later - earlier), claim, texts), relative=relative,
    )  # fmt: skip


def _not_both(claim: ReadClaim, reading: Reading, numbers: Numbers, texts: Texts) -> Iterator[str]:
    both = [c for c in reading.claims if "contradiction" in c.traps and c.n == claim.n]
    count = next((c for c in both if c.unit == "persons"), None)
    share = next((c for c in both if c.unit == "percent"), None)
    if count is None or share is None or not count.n or not count.n[-1]:
        return
    k, n = count.numbers[-1], count.n[-1]
    yield texts.format(
        "reading.compute.not_both", k=numbers.count(k), n=numbers.count(n),
        percent=numbers.percent(k / n), told=_percent(share, numbers),
    )  # fmt: skip


def _percent(claim: ReadClaim, numbers: Numbers, value: float | None = None) -> str:
    share = (claim.numbers[-1] if value is None else value) / 100
    return numbers.percent(share, decimals=claim.decimals or 0)


def _interval(limits: list[float], numbers: Numbers) -> str:
    return numbers.interval(limits[0] / 100, limits[1] / 100, decimals=0)


def _marked(reading: Reading, text: str) -> Iterator[tuple[str, int]]:
    """The text cut in pieces, each with the number of its claim or 0."""
    spans = sorted(
        (part.span, number)
        for number, claim in enumerate(reading.claims, 1)
        for part in claim.parts
        if part.role in ("value", "earlier_value", "repeat")
    )
    at = 0
    for (start, end), number in spans:
        if start < at:
            continue
        yield text[at:start], 0
        yield text[start:end], number
        at = end
    yield text[at:], 0
