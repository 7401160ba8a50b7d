"""What may be misunderstood in how figures are set beside each other."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from evalkit.reading.amounts import HORIZON
from evalkit.reading.claim import Claim
from evalkit.reading.computed import can_be_right, counts_of, goal_is_within
from evalkit.reading.context import clause_of, names_place
from evalkit.reading.moments import years_of
from evalkit.reading.numerals import MONTHS, is_year
from evalkit.reading.results import Text
from evalkit.reading.tokens import Sentence
from evalkit.reading.units import Quantity

_KINDER_BY = 1.0
_SAME_QUANTITY = 8.0
_STARTS = ("earlier", "last_year", "contrast", "time_last", "time_before", "start_level")
_PAST_NOW = ("time_last", "time_now")
_SIDE = ("figures", "yard", "earlier", "time_last", "since_then", "there", "others")
_WITHIN = ("inom", "efter", "within", "after")
_EVER_SINCE = ("sedan", "since")


def _is_testable(claim: Claim) -> bool:
    """A percentage of a known n, told without a hedge."""
    return claim.unit == "percent" and claim.n_is_sure and not claim.hedge


def target_within_interval(claim: Claim, text: Text) -> bool:
    if claim.goal is None or not _is_testable(claim) or claim.form == "pair":
        return False
    counts = counts_of(claim)
    return bool(counts) and goal_is_within(counts, claim.goal.q.values[-1])


def regression_to_mean(claim: Claim, text: Text) -> bool:
    if not (claim.is_pair or claim.kind == "change") or claim.main.q.detail == "return":
        return False
    s = claim.s
    if any(_names_extreme_start(claim, one) for one in claim.sentences):
        return _is_moved(claim)
    years = set().union(*(_start_years(c, text) for c in (claim, claim.same_as) if c))
    told = [
        t for t in text.sentences
        if -2 <= t.index - s.index <= 5 and t.has("extreme") and not text.of(t)
    ]  # fmt: skip
    return _is_moved(claim) and any(years & {*years_of(t)} or _is_of_start(t) for t in told)


def _is_of_start(s: Sentence) -> bool:
    """Fjolårets nivå var den högsta på tio år: the start, named by no year."""
    named = [i for i, t in enumerate(s.tokens) if t.is_digits and is_year(t.value or 0)]
    is_named = any(s.word(i - 1) not in _EVER_SINCE for i in named)
    return s.has(*_STARTS, "then") and not is_named


def _start_years(claim: Claim, text: Text) -> set[int]:
    """The years a change starts from: all named but the last, and the one before ``last year``."""
    sentences = claim.sentences
    named: set[int] = set().union(*(years_of(s) for s in sentences))
    sentences += [text.sentences[s.index - 1] for s in sentences if s.index and s.has("then")]
    named |= set().union(*(years_of(s) for s in sentences))
    before = {max(named) - 1} if named and any(s.has("last_year") for s in sentences) else set()
    return (named - {max(named)} if len(named) > 1 else named) | before


def _is_moved(claim: Claim) -> bool:
    return claim.kind in ("before_after", "change", "comparison", "against_target")


def _names_extreme_start(claim: Claim, s: Sentence) -> bool:
    """An extreme told of an earlier time: last spring's was the highest in ten years."""
    opens = "efter" in (s.word(0), s.word(1)) or s.word(0) in ("after", "following")
    marks = {a for tag in _STARTS for a in s.starts(tag)} | ({0} if opens else set())
    marks |= {i for i, t in enumerate(s.tokens) if t.is_digits and is_year(t.value or 0)
              and s.word(i - 1) not in _EVER_SINCE}  # fmt: skip
    return any(_is_of_marked_time(claim, s, a, marks) for a in s.starts("extreme"))


def _is_of_marked_time(claim: Claim, s: Sentence, extreme: int, marks: set[int]) -> bool:
    """Whether an extreme stands in the clause of an earlier time, or tells of the one before it."""
    first, after = clause_of(s, extreme)
    later, earlier = claim.main, claim.earlier
    in_front = range(clause_of(s, max(0, first - 2))[0], first) if first else range(0)
    if earlier is not None and earlier.sentence is s and earlier.q.first in in_front:
        return True
    if later.sentence is s:
        to = max((i for i in range(later.q.first, later.q.after) if s.at("to", i)), default=-9)
        if (-1 <= later.q.first - extreme <= 3 and later.q.form != "pair") or extreme == to + 1:
            return False  # till rekordhöga 44 procent
        if later.q.first in in_front and not marks & {*range(first - 4, after)}:
            return False  # från 38 till 46 procent, den högsta nivån på tio år
    return bool(marks & {*range(min(first, *in_front, first), after)})


def different_definitions(claim: Claim, text: Text) -> bool:
    if claim.kind not in ("comparison", "before_after", "change") and not claim.is_pair:
        return False
    years = set().union(*(years_of(s) for s in claim.sentences))
    around = [
        t for t in text.sentences
        if -1 <= t.index - claim.s.index <= (5 if years & {*years_of(t)} else 3)
    ]  # fmt: skip
    told = [
        t for t in around
        if (t.has("definitions") or _counts_apart(t, _names_before(text, t))
            or (claim.earlier and _is_of_part(t, claim)))
        and (t.index - claim.s.index < 3 or t.has("figures", "others"))
        and (t.has("level_word", *_SIDE) or t is claim.s or years_of(t) or _names_before(text, t))
    ]  # fmt: skip
    return any(
        t.index >= claim.s.index or claim.is_difference or claim.kind == "change" or not text.of(t)
        for t in told
    )


def _names_before(text: Text, s: Sentence) -> bool:
    """Vilket Tallvik inte gör: a place that a figure before was of."""
    names = {s.word(i) for i in range(len(s.tokens)) if names_place(s, i)}
    before = text.sentences[max(0, s.index - 3) : s.index]
    return any(names & {t.word for t in one.tokens} for one in before)


def _counts_apart(s: Sentence, names_side: bool) -> bool:
    """Kommunen räknar även in dem som …, medan statistiken bara tar med övriga."""
    if any(t.word in ("båda", "both") for t in s.tokens):
        return False  # counted alike
    strict = [a for a in s.starts("counting") if not _expects(s, a)]
    if any(s.between("apart", a - 4, a + 12) for a in strict) and (names_side or s.has(*_SIDE)):
        return True
    told = [*strict, *s.starts("based_on")]
    near = any(s.between("apart", a - 4, a + 8) for a in told) and s.has("figures")
    return (bool(told) and (near or _sets_apart(s))) or (_follows_apart(s) and _sets_apart(s))


def _follows_apart(s: Sentence) -> bool:
    """2021 efter tre månader, 2023 efter ett år: followed for times of two lengths."""
    told = [i for i in range(len(s.tokens) - 1) if s.word(i) in (*_WITHIN, "for")
            and (s.tokens[i + 1].value or s.word(i + 1) in ("a", "an", "ett", "en"))]  # fmt: skip
    return len({s.word(i + 1) for i in told}) > 1


def _is_of_part(s: Sentence, claim: Claim) -> bool:
    """2022 års 38 procent gällde endast dem som fullföljt: what one of two figures is of."""
    told = any(s.between("apart", a, a + 4) for a in s.starts("based_on"))
    return told and any(s is one for one in claim.sentences)


def _expects(s: Sentence, i: int) -> bool:
    """Vi räknar med att fler får jobb."""
    return any(s.word(i + k) == "med" and s.word(i + k + 1) == "att" for k in (1, 2))


def _sets_apart(s: Sentence) -> bool:
    """Two times, or the others and us, in two clauses: i fjol efter tre månader, i år efter sex."""
    pairs = [("yard", "own"), ("time_last", "time_now"), ("earlier", "later")]
    marks = {tag: {clause_of(s, a) for a in s.starts(tag)} for tag in itertools.chain(*pairs)}
    years = {int(t.value or 0): clause_of(s, i) for i, t in enumerate(s.tokens)
             if t.is_digits and is_year(t.value or 0)}  # fmt: skip
    apart = any(marks[a] and marks[b] and not marks[a] & marks[b] for a, b in pairs)
    told = s.has("figures") or _follows_apart(s)
    return apart or (len(years) > 1 and len(set(years.values())) > 1 and told)


def percent_points(claim: Claim, text: Text) -> bool:
    """A step between two percentages that is told in per cent and fits the points only."""
    q = claim.main.q
    if claim.unit != "percent" or not (claim.is_change or claim.is_difference):
        return False
    near = [c for c in text.claims if c is not claim and abs(c.s.index - claim.s.index) <= 3]
    if any(_is_step(q, levels) for other in near for levels in _percent_levels(other)):
        return True
    return claim.is_difference and any(_is_step(q, levels) for levels in _levels_of_groups(near))


def _is_step(q: Quantity, levels: tuple[float, float]) -> bool:
    close = 0.51 * 10.0 ** -(q.decimals or 0)
    told, printed = q.values[-1], 0.6 * 10.0 ** -(q.decimals or 0)
    step = abs(levels[1] - levels[0])
    relative = 100 * step / levels[0] if levels[0] else 0
    return abs(step - told) < close and abs(relative - told) > max(printed, 0.05 * told)


def _levels_of_groups(near: Sequence[Claim]) -> Iterator[tuple[float, float]]:
    """Two shares of a sentence: 31 procent av kvinnorna och 42 procent av männen."""
    shares = [c for c in near if c.kind == "share" and c.unit == "percent" and not c.is_pair]
    for a, b in itertools.pairwise(shares):
        if b.s.index - a.s.index <= 1:
            yield a.numbers[-1], b.numbers[-1]


def _percent_levels(claim: Claim) -> Iterator[tuple[float, float]]:
    if claim.unit != "percent" or claim.is_change:
        return
    if claim.levels is not None:
        yield claim.levels
    if claim.yardstick is not None and claim.yardstick.q.form != "pair":
        yield claim.yardstick.q.values[-1], claim.numbers[-1]


def rounding(claim: Claim, text: Text) -> bool:
    """Told twice, and the rounder told is at least one percentage point kinder."""
    q = claim.main.q
    is_round = q.form in ("fraction", "proportion") or (claim.s.is_heading and not claim.s.row)
    if claim.kind not in ("share", "against_target") or not is_round or claim.unit != "percent":
        return False
    for other in text.claims:
        exact = _exact(other)
        if other is claim or exact is None or other.is_change:
            continue
        kinder = q.values[-1] - exact
        if _KINDER_BY <= kinder <= _SAME_QUANTITY and _same_quantity(claim, other):
            return True
    return False


def _exact(claim: Claim) -> float | None:
    """The percentage of a share told exactly: 66 %, or 39 of 61."""
    if claim.kind not in ("share", "against_target"):
        return None
    if claim.unit == "persons":
        k, n = claim.value, claim.n[-1] if claim.n else None
        return 100 * k / n if n and claim.n_is_sure and not claim.hedge else None
    is_exact = claim.form not in ("fraction", "proportion", "pair", "range")
    return claim.percentage if is_exact else None


def _same_quantity(a: Claim, b: Claim) -> bool:
    """Of the same people or of nobody named, and of the same outcomes."""
    if (a.population ^ b.population) & {"women", "men", "completers", "respondents"} and a.of_whom:
        return False
    told = _outcomes(a.s), _outcomes(b.s)
    return bool(told[0] & told[1]) or not (told[0] and told[1])


def _outcomes(s: Sentence) -> frozenset[str]:
    return frozenset(tag for tag in ("work", "study", "survey") if s.has(tag))


def part_year(claim: Claim, text: Text) -> bool:
    """Part of a year beside a whole one."""
    if claim.kind not in ("before_after", "change", "against_target", "comparison"):
        return False
    before = text.sentences[claim.s.index - 1] if claim.s.index else None
    parts = claim.sentences
    pairs = (c for c in text.claims if c.earlier and c.unit == "persons" and before in c.sentences)
    other = claim.same_as or next(pairs, None)
    if claim.kind == "change" and other is not None:
        parts += other.sentences
    has_part = any(_tells_part(s) or s.has("season") for s in parts)
    has_whole = any(s.has("whole_year") for s in parts)
    around = [*text.near(claim.s, 1), text.sentences[0]]
    beside = any(_tells_part(s) for s in around) and has_whole
    return (has_part and has_whole) or beside or _is_beside_a_year(claim)


def _tells_part(s: Sentence) -> bool:
    """Part of a year, and not how long after: ett halvår senare."""
    told = [(a, b) for a, b in s.cues.get("part_year", ()) if s.word(b) not in HORIZON]
    return any(a < 3 or not any(s.word(a - k) in _WITHIN for k in (1, 2)) for a, _ in told)


def _is_beside_a_year(claim: Claim) -> bool:
    """Under våren 44 procent, mot 39 procent 2023; 2023 var det 110: a season beside a year."""
    old = claim.earlier
    if old is None or not (_tells_part(claim.s) or claim.s.has("season")):
        return False
    s, q = old.sentence, old.q
    first, after = clause_of(s, q.first) if s is claim.s else (0, len(s.tokens))
    at = q.after + (s.word(q.after) in ("under", "år", "in", "during", "for", "i"))
    spots = [at, first, first + 1] if s is not claim.s else [at]
    dated = [i for i in spots if s.word(i).isdigit() and int(s.word(i)) in years_of(s)]
    is_part = any(s.between(t, first, after) for t in ("same_period", "season", "part_year"))
    return bool(dated) and not is_part and not any(s.word(i) in MONTHS for i in range(first, after))


def gross_cost(claim: Claim, text: Text) -> bool:
    if claim.kind != "cost" or claim.is_pair:
        return False
    s, q = claim.s, claim.main.q
    if s.at("to", q.begins - 1) and s.between("percent", 0, q.begins):
        return False  # minskade med 11 procent, till 42 miljoner: the level
    if (
        q.detail == "return"
        or claim.main.why == "saved"
        or any(q.after - 1 <= a <= q.after + 1 for a in s.starts("per_outcome"))
    ):
        return True
    first, after = clause_of(s, q.first)
    before = text.sentences[s.index - 1] if s.index else s
    points_back = s.has("repeat_of") or any(t.word in ("det", "that") for t in s.tokens[: q.first])
    if points_back and before is not s and not s.has("cost", "budget"):
        return any(c.kind == "cost" and gross_cost(c, text) for c in text.of(before))
    saved = any(gross_cost(c, text) for c in _costs_before(claim, text))
    is_told_on = s.word(q.begins - 1) in ("eller", "or", "(", "alltså")
    told_on = saved and (is_told_on or not s.between("cost", first, after))
    alone = sum(c.kind == "cost" for c in text.of(s)) == 1  # slapp vi, tack vare den, betala
    first = 0 if alone else first
    return told_on or s.between("save", first, after) or s.between("per_outcome", first, q.begins)


def _costs_before(claim: Claim, text: Text) -> list[Claim]:
    begins = claim.begins
    return [c for c in text.of(claim.s) if c.kind == "cost" and c.after <= begins]


def impossible(claim: Claim, text: Text) -> bool:
    if not _is_testable(claim) or claim.is_change or claim.is_difference:
        return False
    if claim.decimals is None or claim.form not in ("number", "pair") or claim.whole_register:
        return False
    return not counts_of(claim) or _earlier_is_impossible(claim)


def _earlier_is_impossible(claim: Claim) -> bool:
    """38,7 procent av 50: the level of the year before."""
    old, n = claim.earlier, claim.n[0] if len(claim.n) > 1 else None
    if old is None or not n or old.q.hedge or old.q.decimals is None or old.q.form != "number":
        return False
    level = old.q.values[-1]
    return not any(
        can_be_right(k, n, level, old.q.decimals) for k in range(int(level * n / 100), n + 1)
    )
