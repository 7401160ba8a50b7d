"""What the first page says beside its answer: findings that a test carries, and next steps.

The next steps name gaps in data and method only: advice about the programme is the evaluator's
own.
"""

from __future__ import annotations

from collections.abc import Iterator

from evalkit.answers.before_after import is_followed_unequally
from evalkit.chapters.claim_verdicts import in_text, verdict_of
from evalkit.chapters.first_answer import written
from evalkit.chapters.first_participants import is_partly_unknown
from evalkit.chapters.report import Report
from evalkit.present.numbers import whole_percent
from evalkit.project.questions import Sites
from evalkit.results import (
    AdjustedComparison,
    BeforeAfter,
    CountTable,
    Estimate,
    FlowStep,
    GroupsOverTime,
    LeadChange,
    SiteComparison,
    TestResult,
)

SURE = 0.05
PAIR = 2


def findings(report: Report) -> Iterator[str]:
    """The main ones first: over time, against others, between groups, between places.

    Places of a column that the project names itself, as its tracks, are what it consists of.
    """
    yield from _later(report)
    yield from _rise(report)
    yield from _compared(report)
    own = {column for register in report.project.registers for column in register.titles}
    told = {column: tuple(_groups(report, column)) for column in report.groupings}
    for spec in report.project.sites:
        if spec.by in own and not told.get(spec.by):
            yield from _places(report, spec, is_own=True)
    for sentences in told.values():
        yield from sentences
    for spec in report.project.sites:
        if spec.by not in own and not told.get(spec.by):
            yield from _places(report, spec)
    yield from _subsidised(report)


def _subsidised(report: Report) -> Iterator[str]:
    """How many of those who went to work have a subsidised job, where it may be shown."""
    table = report.result("work.subsidy", CountTable)
    if table is None or table.has_withheld:
        return
    counts, numbers = table.known, report.words.numbers
    unknown = counts.get("subsidy_unrecorded", 0)
    yield written(
        report,
        "subsidy_at_least" if unknown else "subsidy",
        n=numbers.count(counts["total"]),
        k=numbers.count(counts.get("subsidised", 0)),
        **({"unknown": numbers.count(unknown)} if unknown else {}),
    )


def _later(report: Report) -> Iterator[str]:
    """A share of those who had left, and what has later been published of more persons."""
    numbers, early = report.words.numbers, None
    for claim in report.project.claims:
        found, said = verdict_of(report, claim), claim.percentage
        if found is None or said is None:
            continue
        if found.rule == "share_exits_only":
            early = found.facts
        elif found.rule == "beyond_register" and early is not None and said.n is not None:
            yield written(
                report,
                "later",
                value=numbers.percent_short(said.value / 100),
                n=numbers.count(said.n),
                before=numbers.percent(early["share_own"], decimals=0),
                left=numbers.count(early["count_own"]),
            )


def _rise(report: Report) -> Iterator[str]:
    """The first change from before to after that is surely more than chance, and the nation's."""
    numbers = report.words.numbers
    for spec in report.project.before_after:
        found = report.result(f"before_after.{spec.id}", BeforeAfter)
        if found is None or found.difference.low <= 0 <= found.difference.high:
            continue
        if is_followed_unequally(spec):
            continue  # those who began last have had the shortest time
        yield written(
            report,
            "rise" if found.difference.value > 0 else "fall",
            before_label=spec.before.label.in_language(report.language),
            after_label=spec.after.label.in_language(report.language),
            before=numbers.percent(found.before.value),
            after=numbers.percent(found.after.value),
        )
        break
    for share in report.project.reference_shares:
        lead = report.result(f"lead.{share.id}", LeadChange)
        if lead is None:
            continue
        is_sure = lead.change.low > 0 or lead.change.high < 0
        yield written(
            report,
            f"lead.{'sure' if is_sure else 'unsure'}",
            name=share.name.in_language(report.language),
            before=numbers.bare(share.before.share, "percent", decimals=0),
            after=numbers.percent_short(share.after.share),
            ours_before=numbers.bare(lead.before.lead.value, "percentage_points"),
            ours_after=numbers.points(lead.after.lead.value),
        )


def _compared(report: Report) -> Iterator[str]:
    found = report.result("comparison.differences", AdjustedComparison)
    row = None if found is None else found.main_difference
    if not isinstance(row, Estimate):
        return
    side = "unsure" if row.low <= 0 <= row.high else "sure"
    numbers = report.words.numbers
    yield written(
        report,
        f"compared.{side}.{'more' if row.value >= 0 else 'less'}",
        value=numbers.points(abs(row.value), decimals=0),
        interval=report.say(
            "number.interval.signed" if row.low < 0 else "number.interval.plain",
            low=numbers.bare(row.low, "percentage_points", decimals=0),
            high=numbers.bare(row.high, "percentage_points", decimals=0),
        ),
    )


def _groups(report: Report, column: str) -> Iterator[str]:
    """Two groups where the interval of their difference says so; the extremes of several where
    the test of the whole curves does.
    """
    found = report.result(f"decisive.{column}", GroupsOverTime)
    if found is None or found.judged_by != "share":
        return
    test, gap = report.result(f"test.{column}", TestResult), found.differences[0]
    is_pair = len(found.groups) == PAIR
    is_sure = gap.low > 0 or gap.high < 0 if is_pair else bool(test and test.p_value < SURE)
    if not is_sure:
        return
    rows = sorted(found.groups, key=lambda row: row.value)
    words, cause = report.words, next(iter(report.project.outcomes.causes))
    ends = sorted((abs(gap.low), abs(gap.high)))
    named = [words.labels.inline(column, row.group) for row in rows]
    low, high = whole_percent(words.numbers, rows[0].value, rows[-1].value)
    yield written(
        report,
        "groups.two" if is_pair else "groups",
        outcome=words.labels.done([cause]),
        days=_time(report, found.day),
        high=group_phrase(report, column, rows[-1].group) if is_pair else named[-1],
        low=group_phrase(report, column, rows[0].group) if is_pair else named[0],
        high_value=high,
        low_value=low,
        gap=words.numbers.bare(abs(gap.value), "percentage_points", decimals=0),
        interval="–".join(words.numbers.bare(end, "percentage_points", decimals=0) for end in ends),
    )


def group_phrase(report: Report, column: str, level: str) -> str:
    """A sex as in "of the women", any other group by its label."""
    key = f"of.{level}" if column == "sex" and level in ("woman", "man") else "of.other"
    return written(report, key, label=report.words.labels.inline(column, level))


def _places(report: Report, spec: Sites, *, is_own: bool = False) -> Iterator[str]:
    """How far places lie apart, where it is more than chance makes; one's own in any case."""
    words, labels = report.words, report.words.labels
    found = report.result(f"site.{spec.id}.comparison", SiteComparison)
    if found is None:
        return
    is_sure = found.test.p_value < SURE
    shares = [row.value for row in found.sites if isinstance(row, Estimate)]
    if is_sure or is_own:
        yield written(
            report,
            f"places.{'sure' if is_sure else 'unsure'}",
            outcome=(labels.being if spec.status_column else labels.done)(spec.outcome),
            interval=words.numbers.interval(min(shares), max(shares), decimals=0),
            dimension=labels.dimension(spec.by),
        )


def _time(report: Report, days: int) -> str:
    """A year is a year to a reader, and 180 days are half of one."""
    key = f"first.days.{days}"
    texts = report.words.texts
    return report.say(key) if key in texts else report.words.numbers.days(days)


def next_steps(report: Report) -> Iterator[str]:
    """Gaps in data and method, each named by what it would let the reader know."""
    numbers = report.words.numbers
    if is_partly_unknown(report):
        yield written(report, "next.unknown")
    ongoing = _level(report, "exit_class", "ongoing")
    days = report.project.outcomes.horizons_days[-1]
    of_participants = all(one.denominator == "participants" for one in report.project.targets)
    if ongoing and of_participants:
        yield written(report, "next.follow", n=numbers.count(ongoing), days=_time(report, days))
    persons = report.result("persons", FlowStep)
    if report.project.reference_shares:
        yield written(report, "next.reference")
    elif persons is not None and report.project.comparison is None:
        yield written(report, "next.comparison", n=numbers.count(persons.count))
    needs = dict.fromkeys(_needs(report))
    if needs:
        yield written(report, "next.claims", needs="; ".join(needs))


def _needs(report: Report) -> Iterator[str]:
    """What the project file says would be needed to test its claims."""
    for claim in report.project.claims:
        found = verdict_of(report, claim)
        if claim.needs is not None and found is not None:
            yield in_text(claim.needs.in_language(report.language).rstrip("."))


def _level(report: Report, column: str, level: str) -> int:
    """Persons of a level in a released table; zero where it is withheld or not there."""
    table = report.result(f"persons.{column}", CountTable)
    return 0 if table is None else table.known.get(level, 0)
