"""A verdict per published claim, from released answers alone, by written rules.

The rules stand in docs/en/claim-verdicts.md. What happened in a complete register is a fact and
is compared as it is; only what is said of a target is judged by an interval.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import partial
from math import inf
from typing import Any

from evalkit.answers.asking import public
from evalkit.answers.before_after import comparison_asks
from evalkit.answers.claim_figures import mean_of_others, target_answer
from evalkit.answers.counts import QUESTION, persons_answer, share_of_persons, table_answer
from evalkit.answers.follow_up import target_follow_up_answers
from evalkit.answers.given import GATES, OUTCOMES
from evalkit.answers.measures import of_whom, outcome_counts, share_of
from evalkit.answers.study import Study
from evalkit.answers.time_to_employment import of_groups
from evalkit.answers.trends import programme_changes
from evalkit.project import Claim
from evalkit.project.questions import Percentage, RegisterFigure, TestedBy
from evalkit.results import (
    Answer,
    AreaChanges,
    Ask,
    BeforeAfter,
    Between,
    CannotBeComputed,
    CountTable,
    Derived,
    Estimate,
    FlowStep,
    FollowUpBounds,
    NotComputed,
    PublicAnswer,
    TargetVerdict,
    TestResult,
)
from evalkit.results.claims import ClaimVerdict, Verdict

ABOUT = 0.1  # "about 700" is met within a tenth
BEHIND = ("events.", "incidence.", "horizons.")  # what shares and tests are read from
BESIDE = ("shares.", "test.", "total.", "decisive.")  # results by group: a verdict is without them
WOMAN, MAN = "woman", "man"
_WITHHELD = ClaimVerdict(verdict="cannot_be_tested", rule="not_shown")


def verdict_id(claim: Claim) -> str:
    return f"claim.{claim.id}.verdict"


def verdict_asks(study: Study, claim: Claim, figure_ids: Iterable[str]) -> Iterator[Ask]:
    """The verdict of a claim, after the answers that it rests on.

    ``figure_ids``: what has been asked of the claim already.
    """
    asked = list(_rests_on(study, claim, frozenset(figure_ids)))
    yield from (ask for ask in asked if not isinstance(ask, str))
    names = (ask if isinstance(ask, str) else ask.id for ask in asked)
    ids = tuple(name for name in names if not (name.startswith(BEHIND) or name.endswith(".exact")))
    is_over = study.project.data_cut >= study.project.period.end
    compute = partial(_verdict, claim=claim, ids=ids, is_over=is_over)
    if ids:
        spared = tuple(n for n in ids if n.startswith(BESIDE) or n.endswith((".median", ".share")))
        yield Derived(id=verdict_id(claim), of=ids, compute=compute, without=spared)
    else:
        yield PublicAnswer(id=verdict_id(claim), result=compute())


def _rests_on(study: Study, claim: Claim, asked: frozenset[str]) -> Iterator[Ask | str]:
    """The answers that a verdict needs, those asked already by their ids."""
    project = study.project
    tested, figure = claim.tested_by, claim.register_figure
    if tested is not None:
        yield from _of_another_part(study, tested)
    if project.registers:
        yield persons_answer(study)
    if claim.count is not None and project.registers:
        yield from (table_answer(study, column) for column in claim.count.where)
    if figure is not None and tested is None:
        yield from _of_the_figure(study, claim, figure, asked)


def _of_the_figure(
    study: Study, claim: Claim, figure: RegisterFigure, asked: frozenset[str]
) -> Iterator[Ask | str]:
    name = f"claim.{claim.id}"
    yield from (one for one in (f"{name}.register", f"{name}.median") if one in asked)
    if figure.measure == "composition":
        yield from (table_answer(study, column) for column in figure.where)
    elif figure.measure == "share":
        yield from GATES[OUTCOMES](study)
        if figure.denominator == "exits":
            yield _share_of_all(study, f"{name}.all", figure)
    elif claim.days is not None and claim.days.beside:
        yield mean_of_others(study, claim)
    if claim.result_by is not None and claim.result_by in study.groupings:
        with suppress(CannotBeComputed):  # shares and test, with all that they are derived from
            yield from list(of_groups(study, claim.result_by))


def _of_another_part(study: Study, tested: TestedBy) -> Iterator[Ask]:
    project = study.project
    for target in (one for one in project.targets if one.id == tested.target):
        yield target_answer(study, target)
        unknown = target_follow_up_answers(study, target)
        yield from (ask for ask in unknown if ask.id == f"follow_up.{target.id}")
    for spec in (one for one in project.before_after if one.id == tested.before_after):
        name = f"before_after.{spec.id}"
        yield from (ask for ask in comparison_asks(study, spec) if ask.id == name)
    for series in (one for one in project.series if one.id == tested.series):
        yield public(f"change.{series.id}", partial(programme_changes, study, series))


def _share_of_all(study: Study, name: str, figure: RegisterFigure) -> Answer[Any]:
    """The same outcome among all, those still enrolled too."""
    persons = of_whom(study, figure.where, "participants")
    share = share_of(outcome_counts(study, persons, figure.outcome, status_column=None))
    members = share_of_persons(study, persons, figure.outcome)
    return Answer(id=name, result=share, members=(members,), rank=QUESTION)


def _verdict(*results: Any, claim: Claim, ids: tuple[str, ...], is_over: bool) -> ClaimVerdict:
    pairs = zip(ids, results, strict=True)
    found = {name: one for name, one in pairs if not isinstance(one, NotComputed)}
    judged = _judged(claim, found, is_over=is_over)
    if claim.needs is not None and judged.verdict == "holds":
        return ClaimVerdict(verdict="holds_partly", rule=judged.rule, facts=judged.facts)
    return judged


def _judged(claim: Claim, found: dict[str, Any], *, is_over: bool) -> ClaimVerdict:
    figure, persons = claim.register_figure, found.get("persons")
    participants = persons.count if isinstance(persons, FlowStep) else None
    if claim.tested_by is not None:
        return _tested_by(claim.tested_by, claim.percentage, found)
    if claim.count is not None:
        return _count(claim, found, participants, is_over=is_over)
    if figure is not None and claim.days is not None:
        parts = (found.get(f"claim.{claim.id}.{one}") for one in ("register", "median", "beside"))
        return days_rule(claim, *parts)
    if figure is not None and (claim.percentage is not None or figure.measure == "share"):
        return _percentage(claim, figure, claim.percentage, found)
    stated = claim.percentage.n if claim.percentage is not None else None
    if stated is not None and participants is not None and stated > participants:
        return _of("cannot_be_tested", "beyond_register", count_own=participants, count_said=stated)
    return ClaimVerdict(verdict="cannot_be_tested", rule="no_figure")


def _tested_by(tested: TestedBy, said: Percentage | None, found: dict[str, Any]) -> ClaimVerdict:
    if tested.target is not None:
        target, unknown = f"target.{tested.target}", f"follow_up.{tested.target}"
        return target_rule(found.get(target), found.get(unknown))
    if tested.before_after is not None:
        return cohort_rule(found.get(f"before_after.{tested.before_after}"), tested, said)
    return series_rule(found.get(f"change.{tested.series}"), tested)


def _percentage(
    claim: Claim, figure: RegisterFigure, said: Percentage | None, found: dict[str, Any]
) -> ClaimVerdict:
    name = f"claim.{claim.id}"
    if figure.measure == "composition" and said is not None:
        ((column, level),) = figure.where.items()
        return composition_rule(
            found.get(f"persons.{column}"),
            level,
            said,
            shares=found.get(f"shares.{claim.result_by}"),
            test=found.get(f"test.{claim.result_by}"),
        )
    own = found.get(f"{name}.register")
    share = found.get("unrecorded.share")
    most = share.value if isinstance(share, Estimate) and not figure.where else inf
    unknown = 0.0 if found.get("unrecorded") == "none" else most
    return share_rule(own, found.get(f"{name}.all", own), said, unknown=unknown)


def target_rule(result: Any, unknown: Any = None) -> ClaimVerdict:
    """A target is met only where the whole interval lies above it.

    Where those of whom it is not known how it went, ``unknown``, could turn that, it cannot be
    tested.
    """
    if not isinstance(result, TargetVerdict):
        return _WITHHELD
    verdict: Verdict = "holds" if result.grade == "clearly_above" else "does_not_hold"
    row = result.estimate
    if isinstance(unknown, FollowUpBounds) and unknown.missing:
        low = unknown.low if verdict == "holds" else unknown.every.low
        if (low > result.goal) != (verdict == "holds"):
            return _of("cannot_be_tested", "target_unknown", share_own=row.value, count_own=row.n,
                       count_with=round(row.value * row.n), goal_own=result.goal,
                       count_unknown=unknown.missing, bound_low=unknown.none.value,
                       bound_high=unknown.every.value)  # fmt: skip
    return _of(verdict, f"target_{result.grade}", share_own=row.value, bound_low=row.low,
               bound_high=row.high, count_with=round(row.value * row.n), count_own=row.n,
               goal_own=result.goal)  # fmt: skip


def share_rule(
    own: Any, everyone: Any, said: Percentage | None, *, unknown: float = 0.0
) -> ClaimVerdict:
    """Against the claim's own denominator, then against all of the group.

    ``unknown``: how much larger the share may be, as it is not known how it went for everyone.
    """
    if not isinstance(own, Estimate):
        return _WITHHELD
    facts = {"share_own": own.value, "count_own": own.n, "count_with": round(own.value * own.n)}
    if said is None:
        return _of("cannot_be_tested", "nothing_said", **facts)
    if not _is_said(own.value, said):
        if unknown and own.value < said.value / 100 <= own.value + unknown:
            return _of("cannot_be_tested", "share_unrecorded", **facts)
        return _of("does_not_hold", "share_differs", **facts)
    if not isinstance(everyone, Estimate):
        return _of("holds_partly", "share_own_only", **facts)
    facts |= {"share_all": everyone.value, "count_all": everyone.n}
    if everyone.n == own.n:
        return _of("holds", "share_all", **facts)
    if _is_said(everyone.value, said):
        return _of("holds", "share_all_too", **facts)
    return _of("holds_partly", "share_exits_only", **facts)


def composition_rule(
    table: Any, level: str, said: Percentage, *, shares: Any = None, test: Any = None,
) -> ClaimVerdict:  # fmt: skip
    """Who took part is counted in a complete register: no interval."""
    counts = _counts(table)
    part, total = counts.get(level), counts.get("total")
    if part is None or not total:
        return _WITHHELD
    facts = {"count_with": part, "count_own": total, "share_own": part / total}
    if not _is_said(part / total, said):
        return _of("does_not_hold", "composition_differs", **facts)
    rows = {row.group: row.value for row in shares or () if isinstance(row, Estimate)}
    if isinstance(test, TestResult) and {WOMAN, MAN} <= set(rows):
        facts |= {"short_women": rows[WOMAN], "short_men": rows[MAN]}
        if test.p_value < 0.05:
            return _of("holds_partly", "composition_not_result", **facts)
    return _of("holds", "composition", **facts)


def days_rule(claim: Claim, mean: Any, median: Any, beside: Any) -> ClaimVerdict:
    """A mean of completed enrolments is short only beside others', and leaves out who remain."""
    assert claim.days is not None
    if not isinstance(mean, Estimate):
        return _WITHHELD
    facts = {"days_mean": mean.value, "count_own": mean.n}
    if round(mean.value) != round(claim.days.value):
        return _of("does_not_hold", "days_differ", **facts)
    if isinstance(median, Estimate):
        facts |= {"days_median": median.value, "count_all": median.n}
    if claim.days.says_short and isinstance(beside, Estimate):
        facts |= {"days_beside": beside.value}
        if beside.value <= mean.value:
            return _of("does_not_hold", "days_not_short", **facts)
    is_alone = claim.days.says_short and not isinstance(beside, Estimate)
    return _days_of_all(mean, median, is_alone, facts)


def _days_of_all(
    mean: Estimate, median: Any, is_alone: bool, facts: dict[str, float]
) -> ClaimVerdict:
    """A mean of those who have left beside the median that counts those who remain."""
    everyone_left = isinstance(median, Estimate | Between) and median.n == mean.n
    verdict: Verdict = "holds" if everyone_left and not is_alone else "holds_partly"
    if isinstance(median, Between) and median.high < inf:
        limits = {"days_low": median.low, "days_high": median.high}
        return _of(verdict, "days_of_leavers_between", **facts, **limits)
    if not isinstance(median, Estimate):
        return _of("holds_partly", "days_of_leavers", **facts)
    return _of(verdict, "days_of_leavers_median", **facts)


def _count(
    claim: Claim, found: dict[str, Any], participants: int | None, *, is_over: bool
) -> ClaimVerdict:
    assert claim.count is not None
    counted: float | None = participants
    for column, level in claim.count.where.items():
        counted = _counts(found.get(f"persons.{column}")).get(level)
    if counted is None:
        return _WITHHELD
    facts = {"count_own": counted, "count_said": claim.count.value}
    if participants is not None:
        facts["count_all"] = participants
    if claim.count.beyond_participants:
        return _of("cannot_be_tested", "count_of_others", **facts)
    allowed = claim.count.value * (ABOUT if claim.count.about else 0)
    if abs(counted - claim.count.value) <= allowed:
        return _of("holds", "count", **facts)
    if claim.count.expected and not is_over:
        return _of("cannot_be_tested", "count_too_early", **facts)
    return _of("does_not_hold", "count", **facts)


def cohort_rule(compared: Any, tested: TestedBy, said: Percentage | None) -> ClaimVerdict:
    """One side of a comparison, and whether the share is sure to have risen."""
    if not isinstance(compared, BeforeAfter):
        return _WITHHELD
    row = compared.before if tested.side == "before" else compared.after
    facts = {"share_own": row.value, "count_own": row.n, "count_with": round(row.value * row.n)}
    if tested.above is not None:
        facts["goal_own"] = tested.above
        if row.value <= tested.above:
            return _of("does_not_hold", "cohort_not_above", **facts)
        return _of("holds", "cohort_above", **facts)
    if said is not None and not _is_said(row.value, said):
        return _of("does_not_hold", "cohort_differs", **facts)
    if not tested.rises:
        return _of("holds", "cohort", **facts)
    gap = compared.difference
    facts |= {"points_more": gap.value, "points_low": gap.low, "points_high": gap.high}
    if gap.low > 0:
        return _of("holds", "cohort_rose", **facts)
    return _of("holds_partly", "cohort_rise_uncertain", **facts)


def series_rule(changes: Any, tested: TestedBy) -> ClaimVerdict:
    """Whether an area moved further than its reference; no series tells why."""
    if not isinstance(changes, AreaChanges):
        return _WITHHELD
    more = changes.against_reference * (-1 if tested.moves == "down" else 1)
    facts = {"points_more": abs(more) / 100, "points_area": changes.area.change / 100,
             "points_reference": changes.reference.change / 100}  # fmt: skip
    if more > 0:
        return _of("holds", "series_further", **facts)
    return _of("does_not_hold", "series_not_further", **facts)


def _is_said(value: float, said: Percentage) -> bool:
    """Whether a share rounds to the published percentage, by any common rounding."""
    half = 0.5 * 10.0**-said.decimals + 1e-9
    if said.about:
        half = max(half, ABOUT * said.value)
    return abs(100 * value - said.value) <= half


def _counts(table: Any) -> dict[str, int]:
    """Level → persons of a released table; what is withheld is not there."""
    return table.known if isinstance(table, CountTable) else {}


def _of(verdict: Verdict, rule: str, **facts: float) -> ClaimVerdict:
    return ClaimVerdict(verdict=verdict, rule=rule, facts=facts)
