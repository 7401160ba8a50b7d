"""What may be misunderstood of whom a figure is, and of when they were counted."""

from __future__ import annotations

from evalkit.reading.claim import Claim
from evalkit.reading.context import clause_of
from evalkit.reading.lexicon import word_set, words_named
from evalkit.reading.numerals import MONTHS
from evalkit.reading.results import RESULTS, STATUSES, Text
from evalkit.reading.tokens import Sentence

SMALL = 30
_PICKED = frozenset({"completers", "respondents", "dropped"})
_SMALL_KINDS = RESULTS - {"comparison"}
_SHARE_WORDS = word_set("andelen andel share proportion")
_WAITS = word_set(
    "vägen road route path väntan väntetiden wait waiting komma hitta få find get enter finding"
)
_SOME = words_named("some")
_STATE = word_set("hade had were was var arbetade studerade jobbade worked studied held")
_FIGURES = word_set("siffra siffran siffrorna figure figures resultaten results")
_THEY = word_set("de dessa they these")


def share_of_exits(claim: Claim, text: Text) -> bool:
    if claim.kind not in STATUSES or claim.unit not in ("percent", "persons"):
        return False
    if "exits" in claim.population:
        return True
    s, q = claim.s, claim.main.q
    first, after = clause_of(s, q.first)
    spots = [
        a for a in s.starts("exit")
        if first <= a < after and not (s.covers("no_exit", a) or s.at("off_benefits", a))
    ]  # fmt: skip
    near = [a for a in spots if q.after <= a <= q.after + 4]
    return claim.unit == "percent" and (bool(near) or _share_who_leave(claim, text))


def _share_who_leave(claim: Claim, text: Text) -> bool:
    """Andelen som avslutas till arbete har ökat … till 56 procent: the subject leaves."""
    s = claim.s
    start = next((i for i, t in enumerate(s.tokens) if t.word in _SHARE_WORDS), -1)
    others = [c for c in text.of(s) if c.unit == "persons"]
    return 0 <= start < claim.begins and not others and s.between("exit", start, start + 4)


def mean_of_completers(claim: Claim, text: Text) -> bool:
    s = claim.s
    if claim.unit != "duration" and not (
        claim.is_change and s.has("time_subject") and claim.kind == "change"
    ):
        return False
    if claim.population & {"exits", "work", "completers"}:
        return True
    if claim.is_change and any(
        c.unit == "duration" and c.population & {"exits", "work"} for c in text.of(s)
    ):
        return True
    before = [c for c in text.claims if s.index - c.s.index == 1 and c.kind in STATUSES]
    took = s.has("takes_time") and not s.has("person", "wait") and not claim.is_change
    return _counts_to_outcome(s) or (took and any(c.s.has("work") for c in before))


def _counts_to_outcome(s: Sentence) -> bool:
    """The time to a job exists only for those who got one."""
    work = [*s.starts("work"), *s.starts("ending")]
    return any(
        s.word(i) in ("till", "to", "före", "before", "första", "first", "innan", "until") or
        s.word(i - 1) in _WAITS for a in work for i in range(max(0, a - 5), a)
    )  # fmt: skip


def small_n(claim: Claim, text: Text) -> bool:
    if claim.kind not in _SMALL_KINDS or claim.whole_register:
        return False
    if claim.unit == "persons" and claim.is_pair and claim.levels:
        return claim.levels[0] < SMALL
    known = [n for n in claim.n if n is not None]
    return bool(known) and min(known) < SMALL and claim.n_is_sure and not claim.n_is_hedged


def selected_subgroup(claim: Claim, text: Text) -> bool:
    s, q = claim.s, claim.main.q
    if claim.kind not in STATUSES or claim.unit not in ("percent", "persons"):
        return False
    if "respondents" not in claim.population and text.draws_lots:
        return False  # the lot picked the group
    if _is_of_the_best(s, q.begins, text) or claim.population & _PICKED:
        return True
    if s.between("base_intro", 0, 1) and s.between("completed", 0, q.begins):
        return claim.of_whom is None  # among the most motivated, 71 per cent
    first, _ = clause_of(s, q.first)
    if s.word(first - 1) == ":" and s.between("completed", *clause_of(s, max(0, first - 2))):
        return True  # those who met their adviser ten times did better: 19 of 33
    if s.at("best", q.begins - 1) or (s.covers("best", q.begins) and q.hedge_at < 0):
        is_of_some = bool(s.has("person", "pronoun")) and claim.n == ()
        return is_of_some and claim.unit == "percent"
    if s.between("respondents", q.after, q.after + 2) and s.word(q.after + 1) != "att":
        return False  # 58 per cent answered the survey
    asked = s.has("survey") or (s.has("believes", "respondents") and text.has_survey_before(s))
    return bool(claim.of_whom is None and asked and not s.has("no_exit"))


def _is_of_the_best(s: Sentence, begins: int, text: Text) -> bool:
    """Bäst gick det för undersköterskorna, där …; the course did best. There …."""
    before = text.sentences[s.index - 1] if s.index else s
    points_back = s.word(0) in ("där", "there", "här", "here")
    return s.between("did_best", 0, begins) or (points_back and before.has("did_best"))


def interim_share(claim: Claim, text: Text) -> bool:
    kinds = ("share", "against_target", "mean_duration", "comparison")
    goes_on = text.goes_on(claim) or (claim.same_as is not None and claim.same_as.s.has("interim"))
    return claim.kind in kinds and not claim.whole_register and goes_on


def work_and_study_pooled(claim: Claim, text: Text) -> bool:
    kinds = STATUSES | {"target"} if claim.unit == "percent" else STATUSES - {"against_target"}
    is_level = claim.unit in ("percent", "persons") and claim.kind in kinds
    if not is_level or claim.is_difference or claim.is_change:
        return False
    if _is_sum(claim, text):
        return True
    others = [c.sentence for c in (claim.goal, claim.earlier) if c is not None]
    return _pooled_in(claim, text) or any(_pool_spots(s) for s in others if s is not claim.s)


def _is_sum(claim: Claim, text: Text) -> bool:
    """45 procent till arbete och 13 procent till studier, sammantaget 58 procent."""
    s, told = claim.s, [c for c in text.of(claim.s) if c.begins < claim.begins]
    parts = [c.value for c in told if c.unit == claim.unit][-2:]
    both = s.between("work", 0, claim.begins) and s.between("study", 0, claim.begins)
    return both and len(parts) > 1 and abs(sum(parts) - claim.value) < 1


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
    others = [
        c for c in text.of(claim.s)
        if c is not claim and c.unit in ("percent", "persons")
        and not (c.kind == "count" and claim.n and int(c.value) in claim.n)
    ]  # fmt: skip
    if spot < q.first and any(c.begins < spot for c in others if c is not claim.same_as):
        return True  # the words came after a figure of their own
    return any(
        low <= c.main.q.first < high and claim is not c.same_as and c is not claim.same_as and not
        _shares_predicate(claim, c) for c in others
    )  # fmt: skip


def _shares_predicate(claim: Claim, other: Claim) -> bool:
    """31 procent av kvinnorna och 42 procent av männen hade arbete: one verb for both."""
    first, after = claim.after, other.begins
    verbs = [a for a in other.s.starts("verb_after") if not other.s.at("person", a)]
    return other.s.word(after - 1) in ("och", "and") and not any(first <= a < after for a in verbs)


def _pool_spots(s: Sentence) -> list[int]:
    """Positions where work and study stand as one: jobb eller studier."""
    spots = [a for a in s.starts("work") if _joins(s, a)]
    for a in s.starts("study"):
        near = range(a + 1, min(a + 3, len(s.tokens)))
        if any(s.at("or", i) and s.at("work", i + 1) for i in near):
            spots.append(a)
    return [a for a in spots if not s.between("neither", a - 5, a)]


def _joins(s: Sentence, work: int) -> bool:
    """Whether a word for study is joined to one for work, with no number between."""
    last = min(work + 7, len(s.tokens))
    spots = range(work + 1, last)
    end = next((j for j in spots if (s.tokens[j].value or 0) > 1 or s.tokens[j].is_digits), last)
    return any(
        s.at("or", i) and any(s.at("study", j) for j in range(i + 1, min(i + 4, end)))
        for i in range(work + 1, min(work + 4, end))
    )


def _is_status(claim: Claim) -> bool:
    is_of_persons = claim.unit in ("percent", "persons") and not claim.whole_register
    return is_of_persons and claim.kind in STATUSES


def one_status_date(claim: Claim, text: Text) -> bool:
    if not _is_status(claim):
        return False
    s = claim.s
    spots = [a for a in s.starts("status_date")
             if not s.covers("interim", a) and not s.between("presents", a, a + 4)]  # fmt: skip
    first, after = clause_of(s, claim.main.q.first)
    if any(s.between(t, first, after) for t in ("work", "study")):
        spots += [a for a in _days(s) if first <= a < after or a == 1]
    if not spots or not s.has("outcome", "work", "study"):
        return claim.same_as is not None and one_status_date(claim.same_as, text)
    return any(a < claim.main.q.first or not _other_between(claim, a, text) for a in spots)


def _days(s: Sentence) -> list[int]:
    """51 hade egen inkomst den 1 mars; on 1 March 48 were in work."""
    return [
        i for i in range(1, len(s.tokens) - 1)
        if s.word(i - 1) in ("den", "on") and 1 <= (s.tokens[i].value or 0) <= 31
        and s.word(i + 1) in MONTHS and any(t.word in _STATE for t in s.tokens)
    ]  # fmt: skip


def municipal_jobs_counted(claim: Claim, text: Text) -> bool:
    if not _is_status(claim) or claim.is_difference:
        return False
    first = -1 if claim.s.has("counted") and claim.s.word(0) in _THEY else 0
    near = [
        t for t in text.sentences
        if first <= t.index - claim.s.index <= 5
        or (t.index - claim.s.index == -1 and t.has("counted") and text.opens(t))
    ]  # fmt: skip
    near = [t for t in near if t.index < claim.s.index or _counts_them(t)]
    told = next((t for t in near if t.has("municipal_jobs")), None)
    is_of_all = told is not None and any(t.word in _FIGURES for t in told.tokens)
    if told is None or (told.index - claim.s.index > 2 and not is_of_all):
        return False
    between = (c for c in text.claims if claim.s.index < c.s.index < told.index)
    return is_of_all or not any(c.kind in STATUSES for c in between)


def _counts_them(s: Sentence) -> bool:
    if s.has("not_counted"):
        return False
    of_jobs = s.has("jobs") and any(t.value is not None or t.word in _SOME for t in s.tokens)
    told = s.has("pronoun") and any(t.value is not None or t.word in _SOME for t in s.tokens)
    return s.has("counted") or told or of_jobs
