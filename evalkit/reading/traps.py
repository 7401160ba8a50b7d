"""What a reader may misunderstand: asserted only where the text itself shows it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from evalkit.reading.accepted import clause_of
from evalkit.reading.claims import Claim
from evalkit.reading.computed import can_be_right, counts_of, goal_is_within
from evalkit.reading.facts import fits_pair
from evalkit.reading.tokens import Sentence

RESULTS = frozenset(
    {"share", "against_target", "comparison", "before_after", "change", "mean_duration"}
)
_STATUSES = frozenset({"share", "against_target", "comparison", "before_after"})
SMALL = 30
_KINDER_BY = 1.0
_SAME_QUANTITY = 8.0
_SMALL_KINDS = RESULTS - {"comparison"}


def add_traps(claims: Sequence[Claim], sentences: Sequence[Sentence]) -> None:
    """Give every claim the names of its traps, sorted."""
    text = Text(claims, sentences)
    caused = text.caused()
    for claim in claims:
        found = {name for name, shows in _OF_ONE.items() if shows(claim, text)}
        if any(claim is one for one in caused):
            found.add("causal_wording")
        claim.traps = tuple(sorted(found))
    for claim in claims:
        if any(_contradicts(claim, other) for other in claims if other is not claim):
            claim.traps = tuple(sorted({*claim.traps, "contradiction"}))
        earlier = claim.same_as
        if earlier is not None and _carries_on(claim, earlier):
            kept = {
                t
                for t in earlier.traps
                if t
                in (
                    "share_of_exits",
                    "one_status_date",
                    "work_and_study_pooled",
                    "part_year",
                    "mean_of_completers",
                )
            }
            claim.traps = tuple(
                sorted({*claim.traps, *kept} - (set() if claim.kind in RESULTS else kept))
            )


def _carries_on(claim: Claim, earlier: Claim) -> bool:
    return claim.kind in _STATUSES or claim.kind == "change" and earlier.unit == "duration"


class Text:
    """The claims of a text with what the text as a whole shows."""

    def __init__(self, claims: Sequence[Claim], sentences: Sequence[Sentence]) -> None:
        self.claims, self.sentences = claims, sentences
        head = sentences[:3]
        self.is_interim = any(s.has("interim_text") for s in head) and not any(
            s.has("no_interim") for s in head
        )

    def of(self, s: Sentence) -> list[Claim]:
        return [c for c in self.claims if c.s is s]

    def near(self, s: Sentence, steps: int = 1) -> list[Sentence]:
        return [t for t in self.sentences if abs(t.index - s.index) <= steps]

    def caused(self) -> list[Claim]:
        """The results that words of cause belong to."""
        return [c for s in self.sentences if _tells_cause(s) for c in self._caused_by(s)]

    def _caused_by(self, s: Sentence) -> list[Claim]:
        here = [c for c in self.of(s) if _is_result(c)]
        if here:
            return here
        for back in (1, 2):
            if s.index - back >= 0:
                before = [c for c in self.of(self.sentences[s.index - back]) if _is_result(c)]
                if before:
                    return before[-1:]
        if s.index + 1 < len(self.sentences):
            after = [c for c in self.of(self.sentences[s.index + 1]) if _is_result(c)]
            return after[:1]
        return []


def _tells_cause(s: Sentence) -> bool:
    if s.is_heading and s.paragraph == 0:
        return False
    return any(not s.covers("not_cause", a) for a in s.starts("cause")) and not s.has("lots")


def _is_result(claim: Claim) -> bool:
    return claim.kind in RESULTS or (claim.kind == "cost" and _is_saving(claim))


def _is_saving(claim: Claim) -> bool:
    is_told = claim.s.has("save") or claim.main.why == "saved"
    return is_told and not claim.is_pair and not _is_per_head(claim)


def _is_per_head(claim: Claim) -> bool:
    s, q = claim.s, claim.main.q
    return s.between("per_outcome", q.after, q.after + 1) or s.word(q.after) == "per"


# traps of one claim


def _share_of_exits(claim: Claim, text: Text) -> bool:
    if claim.kind not in _STATUSES or claim.unit not in ("percent", "persons"):
        return False
    if "exits" in claim.population:
        return True
    s, q = claim.s, claim.main.q
    if s.has("base_intro") and claim.of_whom and claim.population & {"completers", "respondents"}:
        return False
    first, after = clause_of(s, q.first)
    spots = [a for a in s.starts("exit") if first <= a < after and not s.covers("no_exit", a)]
    near = [a for a in spots if q.after <= a <= q.after + 4]
    return bool(near) and claim.unit == "percent"


def _mean_of_completers(claim: Claim, text: Text) -> bool:
    s = claim.s
    if claim.unit != "duration" and not (
        claim.is_change and s.has("time_subject") and claim.kind == "change"
    ):
        return False
    if claim.kind not in (
        "mean_duration",
        "before_after",
        "change",
        "against_target",
        "comparison",
    ):
        return False
    if claim.population & {"exits", "work", "completers"}:
        return True
    return _counts_to_outcome(s)


def _counts_to_outcome(s: Sentence) -> bool:
    """The time to a job exists only for those who got one."""
    work = s.starts("work")
    return any(
        s.word(i) in ("till", "to", "före", "before", "första", "first")
        for a in work
        for i in range(max(0, a - 3), a)
    )


def _target_within_interval(claim: Claim, text: Text) -> bool:
    if (
        claim.goal is None
        or claim.hedge
        or not claim.n_is_sure
        or claim.unit != "percent"
        or claim.is_pair
    ):
        return False
    counts = counts_of(claim)
    return bool(counts) and goal_is_within(counts, claim.goal.q.values[-1])


def _small_n(claim: Claim, text: Text) -> bool:
    if claim.kind not in _SMALL_KINDS or claim.whole_register:
        return False
    if claim.unit == "persons" and claim.is_pair and claim.levels:
        return claim.levels[0] < SMALL
    known = [n for n in claim.n if n is not None]
    return (
        bool(known)
        and min(known) < SMALL
        and (claim.n_is_sure or claim.kind == "change")
        and not claim.n_is_hedged
    )


def _regression_to_mean(claim: Claim, text: Text) -> bool:
    if not (claim.is_pair or claim.kind == "change") or claim.main.q.detail == "return":
        return False
    s = claim.s
    if _names_extreme_start(s):
        return _is_moved(claim)
    years = _start_years(claim, text) | (_start_years(claim.same_as, text) if claim.same_as else set())
    told = [
        t for t in text.sentences
        if -2 <= t.index - s.index <= 4 and t.has("extreme") and not text.of(t)  # noqa: PLR2004
    ]  # fmt: skip
    return _is_moved(claim) and any(years & _years(t) for t in told)


def _start_years(claim: Claim, text: Text) -> set[int]:
    """The years a change starts from: all named but the last, and the one before ``last year``."""
    sentences = [claim.s, *([claim.earlier.sentence] if claim.earlier else [])]
    named: set[int] = set().union(*(_years(s) for s in sentences))
    sentences += [text.sentences[s.index - 1] for s in sentences if s.index and s.has("then")]
    named |= set().union(*(_years(s) for s in sentences))
    before = {max(named) - 1} if named and any(s.has("last_year") for s in sentences) else set()
    return (named - {max(named)} if len(named) > 1 else named) | before


def _years(s: Sentence) -> set[int]:
    return {int(word) for word in _year_words(s)}


def _is_moved(claim: Claim) -> bool:
    return claim.kind in ("before_after", "change", "comparison", "against_target")


def _names_extreme_start(s: Sentence) -> bool:
    """An extreme told of an earlier time: last spring's was the highest in ten years."""
    if not s.has("extreme"):
        return False
    return (
        s.has("earlier", "last_year")
        or bool(_year_words(s))
        or s.has("contrast")
        or "efter" in (s.word(0), s.word(1))
        or s.word(0) == "after"
    )


def _year_words(s: Sentence) -> list[str]:
    return [
        t.text for t in s.tokens if t.is_digits and len(t.text) == 4 and t.text[:2] in ("19", "20")
    ]  # noqa: PLR2004


def _different_definitions(claim: Claim, text: Text) -> bool:
    if claim.kind not in ("comparison", "before_after", "change") or claim.whole_register and False:
        return False
    around = [t for t in text.sentences if -1 <= t.index - claim.s.index <= 2]
    told = [
        t
        for t in around
        if t.has("definitions")
        and (t.has("level_word", "yard", "earlier") or t is claim.s or _year_words(t))
    ]
    return any(
        t.index >= claim.s.index or claim.is_difference or claim.kind == "change" for t in told
    )


def _selected_subgroup(claim: Claim, text: Text) -> bool:
    if claim.kind not in ("share", "against_target", "comparison", "before_after", "mean_duration"):
        return False
    s, q = claim.s, claim.main.q
    if claim.kind == "mean_duration" or claim.unit not in ("percent", "persons"):
        return False
    if claim.population & {"completers", "respondents"}:
        return True
    if s.at("best", q.begins - 1) or (s.covers("best", q.begins) and q.hedge_at < 0):
        return bool(s.has("person", "pronoun")) and claim.n == ()
    if claim.of_whom is None and s.has("survey") and not s.has("no_exit"):
        return True
    return False


def _percent_points(claim: Claim, text: Text) -> bool:
    """A step between two percentages that is told in per cent and fits the points only."""
    q = claim.main.q
    if claim.unit != "percent" or not (claim.kind == "change" or claim.is_difference):
        return False
    for other in text.claims:
        levels = _percent_levels(other)
        if other is claim or levels is None or abs(other.s.index - claim.s.index) > 3:  # noqa: PLR2004
            continue
        step = abs(levels[1] - levels[0])
        relative = 100 * step / levels[0] if levels[0] else 0
        is_rough = any(one.q.form in ("fraction", "proportion") for one in (other.main, other.earlier) if one)
        if abs(step - q.values[-1]) < (0.51 if is_rough else 0.051) and abs(relative - q.values[-1]) >= 1:  # noqa: PLR2004
            return True
    return False


def _percent_levels(claim: Claim) -> tuple[float, float] | None:
    if claim.unit != "percent" or claim.is_change:
        return None
    if claim.levels is not None:
        return claim.levels
    if claim.yardstick is not None and claim.yardstick.q.form != "pair":
        return claim.yardstick.q.values[-1], claim.numbers[-1]
    return None


def _rounding(claim: Claim, text: Text) -> bool:
    """Told twice, and the rounder told is at least one percentage point kinder."""
    q = claim.main.q
    is_round = q.form in ("fraction", "proportion") or claim.s.is_heading
    if claim.kind not in ("share", "against_target") or not is_round or claim.unit != "percent":
        return False
    for other in text.claims:
        if (
            other is claim
            or other.unit != "percent"
            or other.main.q.form in ("fraction", "proportion", "pair", "range")
        ):
            continue
        if other.kind not in ("share", "against_target") or other.is_change:
            continue
        kinder = q.values[-1] - (other.percentage or 0)
        if _KINDER_BY <= kinder <= _SAME_QUANTITY and _same_quantity(claim, other):
            return True
    return False


def _same_quantity(a: Claim, b: Claim) -> bool:
    """Of the same people or of nobody named, and of the same outcomes."""
    if b.s.index < a.s.index or b.s.index - a.s.index > 4 or b.main.role == "goal":  # noqa: PLR2004
        return False
    if (a.population ^ b.population) & {"women", "men", "completers", "respondents"} and b.of_whom:
        return False
    return _outcomes(a.s) == _outcomes(b.s) or not (_outcomes(a.s) and _outcomes(b.s))


def _outcomes(s: Sentence) -> frozenset[str]:
    return frozenset(tag for tag in ("work", "study", "survey") if s.has(tag))


def _interim_share(claim: Claim, text: Text) -> bool:
    if (
        claim.kind not in ("share", "against_target", "mean_duration", "comparison")
        or claim.whole_register
    ):
        return False
    if claim.s.has("interim") or text.is_interim:
        return True
    return claim.same_as is not None and claim.same_as.s.has("interim")


def _part_year(claim: Claim, text: Text) -> bool:
    """Part of a year beside a whole one."""
    if claim.kind not in ("before_after", "change", "against_target", "comparison"):
        return False
    parts = [claim.s] if claim.earlier is None else [claim.s, claim.earlier.sentence]
    if claim.kind == "change" and claim.same_as is not None:
        other = claim.same_as
        parts += [other.s, *([other.earlier.sentence] if other.earlier else [])]
    has_part = any(s.has("part_year") for s in parts)
    has_whole = any(s.has("whole_year") for s in parts)
    beside = any(s.has("part_year") for s in text.near(claim.s, 1)) and has_whole
    return (has_part and has_whole) or beside


def _work_and_study_pooled(claim: Claim, text: Text) -> bool:
    if claim.kind not in (*_STATUSES, "target", "change") or claim.unit not in (
        "percent",
        "persons",
    ):
        return False
    if claim.kind in ("target", "change") and claim.unit != "percent":
        return False
    if claim.is_difference or claim.is_change:
        return False
    spots = [
        c.sentence
        for c in (claim.main, claim.goal, claim.earlier)
        if c is not None and c is not claim.main
    ]
    if claim.unit != "percent" and claim.kind == "against_target":
        return False
    return _pooled_in(claim, text) or any(_pools(s) for s in spots if s is not claim.s)


def _pooled_in(claim: Claim, text: Text) -> bool:
    spots = _pool_spots(claim.s)
    if not spots:
        return False
    nearest = min(spots, key=lambda a: abs(a - claim.main.q.first))
    return claim.goal is not None or claim.is_pair or not _other_between(claim, nearest, text)


def _other_between(claim: Claim, spot: int, text: Text) -> bool:
    """Whether another figure stands between a claim and some words, and takes them for its own."""
    q = claim.main.q
    low, high = (q.after, spot) if spot > q.first else (spot, q.begins)
    others = [c for c in text.of(claim.s) if c is not claim and c.unit in ("percent", "persons")]
    return any(
        low <= c.main.q.first < high and claim is not c.same_as and c is not claim.same_as
        for c in others
        if c.kind != "count"
    )


def _pool_spots(s: Sentence) -> list[int]:
    """Positions where work and study stand as one: jobb eller studier."""
    spots = []
    for a in s.starts("work"):
        end = next(
            (j for j in range(a + 1, min(a + 7, len(s.tokens))) if s.tokens[j].value is not None),
            min(a + 7, len(s.tokens)),
        )
        for i in range(a + 1, min(a + 4, end)):
            if s.at("or", i) and any(s.at("study", j) for j in range(i + 1, min(i + 4, end))):
                spots.append(a)
    for a in s.starts("study"):
        if any(
            s.at("or", i) and s.at("work", i + 1) for i in range(a + 1, min(a + 3, len(s.tokens)))
        ):
            spots.append(a)
    return spots


def _pools(s: Sentence) -> bool:
    return bool(_pool_spots(s))


def _one_status_date(claim: Claim, text: Text) -> bool:
    if (
        claim.kind not in _STATUSES
        or claim.whole_register
        or claim.unit not in ("percent", "persons")
    ):
        return False
    s = claim.s
    spots = [a for a in s.starts("status_date") if not s.covers("interim", a)]
    if not spots or not s.has("outcome", "work", "study"):
        return False
    return any(a < claim.main.q.first or not _other_between(claim, a, text) for a in spots)


def _gross_cost(claim: Claim, text: Text) -> bool:
    if claim.kind != "cost" or claim.is_pair:
        return False
    s, q = claim.s, claim.main.q
    if (
        q.detail == "return"
        or claim.main.why == "saved"
        or any(q.after - 1 <= a <= q.after + 1 for a in s.starts("per_outcome"))
    ):
        return True
    first, after = clause_of(s, q.first)
    return s.between("save", first, after) or s.between("per_outcome", first, q.begins)


def _municipal_jobs(claim: Claim, text: Text) -> bool:
    if (
        claim.kind not in _STATUSES
        or claim.whole_register
        or claim.is_difference
        or claim.kind == "change"
    ):
        return False
    near = [t for t in text.sentences if 0 <= t.index - claim.s.index <= 2]
    told = next((t for t in near if t.has("municipal_jobs") and _counts_them(t)), None)
    if told is None or told is claim.s:
        return told is not None
    later = [
        c for c in text.claims if c.kind in _STATUSES and claim.s.index < c.s.index <= told.index
    ]
    return not later


def _counts_them(s: Sentence) -> bool:
    if s.has("not_counted"):
        return False
    if s.has("definitions"):
        return any(t.word in ("gör", "does", "vilket") for t in s.tokens)
    return s.has("counted")


def _impossible(claim: Claim, text: Text) -> bool:
    if (
        claim.unit != "percent"
        or claim.hedge
        or not claim.n_is_sure
        or claim.is_change
        or claim.is_difference
    ):
        return False
    if (
        claim.main.q.decimals is None
        or claim.main.q.form not in ("number", "pair")
        or claim.whole_register
    ):
        return False
    return not counts_of(claim)


def _contradicts(claim: Claim, other: Claim) -> bool:
    """A count and the percentage that tells it again cannot both be right."""
    pairs = [(a, b) for a, b in ((claim, other), (other, claim)) if b.same_as is a]
    if not pairs:
        return False
    count, share = pairs[0]
    if (
        count.unit != "persons"
        or share.unit != "percent"
        or count.hedge
        or share.hedge
        or share.is_pair
        and not share.n
    ):
        return False
    n = count.n[-1] if count.n else None
    if n is None or not count.n_is_sure or share.main.q.decimals is None or fits_pair(share, count):
        return False
    return not can_be_right(
        int(count.main.q.values[-1]), n, share.percentage or 0.0, share.main.q.decimals
    )


_OF_ONE: dict[str, Callable[[Claim, Text], bool]] = {
    "share_of_exits": _share_of_exits,
    "mean_of_completers": _mean_of_completers,
    "target_within_interval": _target_within_interval,
    "small_n": _small_n,
    "regression_to_mean": _regression_to_mean,
    "different_definitions": _different_definitions,
    "selected_subgroup": _selected_subgroup,
    "percent_points": _percent_points,
    "rounding": _rounding,
    "interim_share": _interim_share,
    "part_year": _part_year,
    "work_and_study_pooled": _work_and_study_pooled,
    "one_status_date": _one_status_date,
    "gross_cost": _gross_cost,
    "municipal_jobs_counted": _municipal_jobs,
    "impossible": _impossible,
}
