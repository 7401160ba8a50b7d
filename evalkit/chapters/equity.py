"""The part on women and men in the main results, for the projects of the Social Fund."""

from __future__ import annotations

from dataclasses import replace

from evalkit.answers.equity import OVER_TIME, of_both
from evalkit.chapters.report import Report
from evalkit.chapters.section import Blocks, until_not_computable
from evalkit.present.blocks import Heading, Paragraph
from evalkit.present.sentences import outcome_was
from evalkit.present.sentences.equity import equity_sentences, gap_sentence, looked_at_sentence
from evalkit.present.tables import estimates_table
from evalkit.project import Target
from evalkit.project.over_time import POSITIVE
from evalkit.results import EquityGaps, Estimate, GroupsOverTime


def equity_part(report: Report) -> Blocks:
    """Result by result: both shares, the gap, and the gap within places where asked."""
    looked_at = 0
    labels = report.words.labels
    positive = (labels.inline("exit_class", one) for one in report.project.outcomes.positive)
    titles = {POSITIVE: report.say("equity.positive", outcome=labels.any_of(positive))}
    n_asked = 1 + len(of_both(report.project))
    titles |= {
        one.id: one.title.in_language(report.language)
        for one in of_both(report.project)
        if not _is_of_positive(report, one)
    }
    for name, title in titles.items():
        if f"equity.{name}" not in report:
            continue
        yield Heading(3, title)
        yield from until_not_computable(report, _result(report, name, title))
        found = report.result(f"equity.{name}", EquityGaps)
        # Said of those that stand here: a target that is the same outcome is one of them.
        looked_at = found.looked_at - n_asked + len(titles) if found is not None else looked_at
    if OVER_TIME in report and report.result("decisive.sex", GroupsOverTime) is not None:
        yield from until_not_computable(report, _over_time(report))
    if looked_at > 1:
        yield Paragraph(looked_at_sentence(looked_at, report.words, topic="equity"))


def _is_of_positive(report: Report, target: Target) -> bool:
    """Whether a target counts just what the first row does."""
    is_all = (target.status_column, target.period, target.denominator) == (
        None,
        None,
        "participants",
    )
    return is_all and set(target.outcome) == set(report.project.outcomes.positive)


def _judged(report: Report) -> str | None:
    """The result whose gap is judged, by the id that it stands under here."""
    named = report.project.equity.verdict if report.project.equity else None
    targets = report.project.targets
    is_same = any(one.id == named and _is_of_positive(report, one) for one in targets)
    return POSITIVE if is_same else named


def _result(report: Report, name: str, title: str) -> Blocks:
    words, asked = report.words, report.project.equity
    released = report.of(f"equity.{name}", EquityGaps)
    if not isinstance(released.result, EquityGaps):
        yield Paragraph(" ".join(equity_sentences(released, words)))
        return
    rows = report.always(f"equity.{name}.shares", tuple)
    shares = [row for row in rows.result if isinstance(row, Estimate)]
    women, men = shares if len(shares) == len(("woman", "man")) else (None, None)
    # How many were looked at is said once, at the end.
    alone = replace(released, result=replace(released.result, looked_at=1))
    is_judged = name == _judged(report)
    told = equity_sentences(alone, words, women=women, men=men, is_judged=is_judged)
    yield Paragraph(" ".join(told))
    yield estimates_table(
        rows,
        words,
        table_id=f"equity-{name}",
        caption=words.say("equity.caption", title=title),
        dimension="sex",
    )
    for column in asked.by if asked else ():
        yield from _by_place(report, name, column)


def _over_time(report: Report) -> Blocks:
    """The gap in the figure that decides over time, named beforehand."""
    found = report.always("decisive.sex", GroupsOverTime).result
    day = report.words.numbers.days(found.day)
    cause = next(iter(report.project.outcomes.causes))
    heading = report.say(
        f"equity.over_time.{found.judged_by}", day=day, outcome=outcome_was(report.words, cause)
    )
    yield Heading(3, heading[:1].upper() + heading[1:])
    gap = report.of(OVER_TIME, Estimate)
    yield Paragraph(gap_sentence(gap, report.words, rows=found.groups, outcome=cause))


def _by_place(report: Report, name: str, column: str) -> Blocks:
    released = report.of(f"equity.{name}.{column}", EquityGaps)
    found = released.result
    if isinstance(found, EquityGaps):
        labels = report.words.labels
        gaps = tuple(replace(gap, group=labels.level(column, gap.group)) for gap in found.gaps)
        released = replace(released, result=replace(found, gaps=gaps, looked_at=1))
    yield Paragraph(" ".join(equity_sentences(released, report.words)))
