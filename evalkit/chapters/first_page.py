"""The first page: the question, the answer, how sure it is, what it means, the next step.

Made of released answers. The next step names gaps in data and method only: advice about the
programme is the evaluator's own.
"""

from __future__ import annotations

from collections.abc import Iterator

from evalkit.answers.counts import share_id
from evalkit.chapters.claim_verdicts import verdict_of, verdicts_table
from evalkit.chapters.report import Report
from evalkit.chapters.section import Blocks
from evalkit.present.blocks import Block, Bullets, Heading, Paragraph
from evalkit.present.charts import verdicts_figure
from evalkit.present.sentences.parts import count_behind
from evalkit.project import Series, Target
from evalkit.results import (
    AdjustedComparison,
    AreaChanges,
    BeforeAfter,
    CountTable,
    Estimate,
    LeadChange,
    Released,
    TargetVerdict,
    TestResult,
)
from evalkit.results.verdicts import ClaimVerdict

CLAIM_ROWS = 5
FINDINGS = 3
SURE = 0.05
PART = 2


def first_page(report: Report) -> Blocks:
    """The five parts; nothing at all where no question of the project has an answer."""
    main = _main(report)
    if main is None:
        return
    question, answer, sure, picture = main
    if report.project.question is not None:
        question = report.project.question.in_language(report.language)
    yield from _part(report, "question", [Paragraph(question)])
    yield from _part(report, "answer", [Paragraph(answer), *picture])
    yield from _part(report, "sure", [Paragraph(sure)])
    yield from _part(report, "meaning", list(_meaning(report)))
    steps = tuple(_next_steps(report))
    if steps:
        yield from _part(report, "next", [Bullets(steps)])


def _part(report: Report, name: str, blocks: list[Block]) -> Blocks:
    if blocks:
        yield Heading(PART, report.words.texts[f"first.{name}"])
        yield from blocks


Main = tuple[str, str, str, list[Block]]


def _main(report: Report) -> Main | None:
    """Of the project's first target, else of its first real series, else of all participants."""
    for target in report.project.targets:
        found = report.result(f"target.{target.id}", TargetVerdict)
        if found is not None:
            return _of_target(report, target, found)
    for series in report.project.series:
        changes = report.result(f"change.{series.id}", AreaChanges)
        if changes is not None and not series.is_synthetic and series.is_percentage:
            return _of_series(report, series, changes)
    return _of_participants(report)


def _of_target(report: Report, target: Target, found: TargetVerdict) -> Main:
    texts, numbers, row = report.words.texts, report.words.numbers, found.estimate
    title = target.title.in_language(report.language)
    labels = report.words.labels
    is_status = target.status_column is not None
    outcome = (labels.being if is_status else labels.done)(target.outcome)
    facts = {
        "k": numbers.count(count_behind(row)),
        "n": numbers.count(row.n),
        "value": numbers.percent(row.value),
        "goal": numbers.percent_short(found.goal),
        "interval": numbers.interval(row.low, row.high, decimals=0),
        "outcome": outcome,
    }
    question = texts.format("first.question.target", title=title[:1].lower() + title[1:])
    verb = "being" if is_status else "done"
    counted = texts.format(f"first.answer.{verb}", **facts)
    answer = f"{texts[f'first.answer.{found.grade}']} {counted}"
    if target.period is not None:
        of_whom = texts.format(
            f"first.answer.{target.denominator}_in_period",
            start=numbers.date(target.period.start),
            end=numbers.date(target.period.end),
        )
        answer = f"{answer} {of_whom}"
    sure = texts.format("first.sure.target", **facts)
    needed = report.result(f"target.{target.id}.needed", int)
    if needed is not None:
        facts |= {"needed": numbers.count(needed)}
        sure = f"{sure} {texts.format('first.sure.needed', **facts)}"
    released: Released[TargetVerdict] = report.always(f"target.{target.id}", TargetVerdict)
    picture = verdicts_figure(
        [(title, released)], report.words, figure_id="first-target",
        caption=texts["targets.caption"],
    )  # fmt: skip
    return question, answer, sure, [picture]


def _of_series(report: Report, series: Series, changes: AreaChanges) -> Main:
    texts, numbers = report.words.texts, report.words.numbers
    others = [one.change - changes.reference.change for one in changes.others
              if one.area != changes.reference.area]  # fmt: skip
    as_large = sum(abs(change) >= abs(changes.against_reference) for change in others)
    title = series.title.in_language(report.language)
    facts = {
        "title": title[:1].lower() + title[1:],
        "area": changes.area.area,
        "reference": report.words.labels.inline("area", changes.reference.area),
        "area_first": numbers.percent(changes.area.first_value / 100),
        "area_last": numbers.percent(changes.area.last_value / 100),
        "reference_first": numbers.percent(changes.reference.first_value / 100),
        "reference_last": numbers.percent(changes.reference.last_value / 100),
        "more": numbers.points(changes.against_reference / 100),
        "first": numbers.period(changes.first),
        "last": numbers.period(changes.last),
        "as_large": numbers.count(as_large),
        "others": numbers.count(len(others)),
    }
    return (
        texts.format("first.question.series", **facts),
        texts.format("first.answer.series", **facts),
        texts.format("first.sure.series", **facts),
        [],
    )


def _of_participants(report: Report) -> Main | None:
    positive, words = report.project.outcomes.positive, report.words
    everyone = report.result(share_id(positive, "participants"), Estimate)
    if everyone is None:
        return None
    left = report.result(share_id(positive, "exits"), Estimate)
    facts = {
        "outcome": words.labels.done(positive),
        "k": words.numbers.count(count_behind(everyone)),
        "n": words.numbers.count(everyone.n),
        "value": words.numbers.percent(everyone.value),
    }
    answer = words.texts.format("first.answer.participants", **facts)
    sure = words.texts["first.sure.all_left"]
    if left is not None and left.n < everyone.n:
        facts |= {
            "left": words.numbers.count(left.n),
            "left_value": words.numbers.percent(left.value),
            "remain": words.numbers.count(everyone.n - left.n),
        }
        answer = f"{answer} {words.texts.format('first.answer.left', **facts)}"
        sure = words.texts.format("first.sure.remain", **facts)
    question = words.texts.format("first.question.participants", **facts)
    return question, answer, sure, []


def _meaning(report: Report) -> Iterator[Block]:
    """The main findings that a test carries, then the claims."""
    findings = tuple(_findings(report))[:FINDINGS]
    if findings:
        yield Bullets(findings)
    table = verdicts_table(
        report, report.project.claims[:CLAIM_ROWS], is_short=True, table_id="first-claims"
    )
    if table.rows:
        yield table


def _findings(report: Report) -> Iterator[str]:
    yield from _rise(report)
    yield from _compared(report)
    told = {
        claim.result_by
        for claim in report.project.claims[:CLAIM_ROWS]
        if (found := verdict_of(report, claim)) and found.rule == "composition_not_result"
    }
    for column in report.groupings:
        if column not in told:  # the verdict of a claim says it below
            yield from _groups(report, column)


def _rise(report: Report) -> Iterator[str]:
    """The first change from before to after that is surely more than chance, and the nation's."""
    texts, numbers = report.words.texts, report.words.numbers
    for spec in report.project.before_after:
        found = report.result(f"before_after.{spec.id}", BeforeAfter)
        if found is None or found.difference.low <= 0 <= found.difference.high:
            continue
        yield texts.format(
            "first.rise",
            before_label=spec.before.label.in_language(report.language),
            after_label=spec.after.label.in_language(report.language),
            before=numbers.percent(found.before.value),
            after=numbers.percent(found.after.value),
        )
        break
    for share in report.project.reference_shares:
        lead = report.result(f"lead.{share.id}", LeadChange)
        if lead is not None:
            yield texts.format(
                "first.lead",
                name=share.name.in_language(report.language),
                before=numbers.percent_short(share.before.share),
                after=numbers.percent_short(share.after.share),
                ours_before=numbers.percent_short(round(lead.before.share.value, 2)),
                ours_after=numbers.percent_short(round(lead.after.share.value, 2)),
            )


def _compared(report: Report) -> Iterator[str]:
    found = report.result("comparison.differences", AdjustedComparison)
    row = None if found is None else found.main_difference
    if not isinstance(row, Estimate):
        return
    is_sure = row.low > 0 or row.high < 0
    yield report.words.texts.format(
        f"first.compared.{'sure' if is_sure else 'unsure'}",
        value=report.words.numbers.points(row.value),
        interval=report.words.numbers.interval(row.low, row.high, "percentage_points"),
    )


def _groups(report: Report, column: str) -> Iterator[str]:
    """The groups furthest apart, where the test of the whole curves says that they differ."""
    test = report.result(f"test.{column}", TestResult)
    shares = report.result(f"shares.{column}", tuple)
    days = report.result(f"horizons.{column}", tuple)
    if test is None or test.p_value >= SURE or not shares or not days:
        return
    rows = sorted((row for row in shares if isinstance(row, Estimate)), key=lambda row: row.value)
    if len(rows) < PART:
        return
    words, cause = report.words, next(iter(report.project.outcomes.causes))
    low, high = rows[0], rows[-1]
    yield words.texts.format(
        "first.groups.two" if column == "sex" else "first.groups",
        outcome=words.labels.done([cause]),
        days=words.numbers.days(int(days[-1])),
        high=words.labels.inline(column, high.group),
        low=words.labels.inline(column, low.group),
        high_value=words.numbers.percent(high.value, decimals=0),
        low_value=words.numbers.percent(low.value, decimals=0),
    )


def _next_steps(report: Report) -> Iterator[str]:
    """Gaps in data and method, each named by what it would let the reader know."""
    texts, numbers = report.words.texts, report.words.numbers
    ongoing = _level(report, "exit_class", "ongoing")
    days = report.result("horizons.everyone", tuple)
    of_participants = all(one.denominator == "participants" for one in report.project.targets)
    if ongoing and days and of_participants:
        yield texts.format(
            "first.next.follow", n=numbers.count(ongoing), days=numbers.days(int(days[-1]))
        )
    if report.project.registers and report.project.comparison is None:
        yield texts["first.next.comparison"]
    if _untested(report):
        yield texts.format("first.next.claims", n=numbers.count(_untested(report)))


def _untested(report: Report) -> int:
    found = (verdict_of(report, claim) for claim in report.project.claims)
    return sum(isinstance(one, ClaimVerdict) and one.verdict == "cannot_be_tested" for one in found)


def _level(report: Report, column: str, level: str) -> int:
    """Persons of a level in a released table; nought where it is withheld or not there."""
    table = report.result(f"persons.{column}", CountTable)
    if table is None:
        return 0
    rows = table.counts[(table.counts[column] == level) & ~table.counts["is_withheld"].astype(bool)]
    return int(rows["n"].sum())
