"""The part on women and men in the main results, for the projects of the Social Fund."""

from __future__ import annotations

from dataclasses import replace

from evalkit.answers.equity import OVER_TIME, POSITIVE
from evalkit.chapters.report import Report
from evalkit.chapters.section import Blocks, until_not_computable
from evalkit.present.blocks import Heading, Paragraph
from evalkit.present.sentences.equity import equity_sentences, gap_sentence, looked_at_sentence
from evalkit.present.tables import estimates_table
from evalkit.results import EquityGaps, Estimate, GroupsOverTime


def equity_part(report: Report) -> Blocks:
    """Result by result: both shares, the gap, and the gap within places where asked."""
    texts, looked_at = report.words.texts, 0
    titles = {POSITIVE: texts["equity.positive"]}
    titles |= {one.id: one.title.in_language(report.language) for one in report.project.targets}
    for name, title in titles.items():
        if f"equity.{name}" not in report:
            continue
        yield Heading(3, title)
        yield from until_not_computable(report, _result(report, name, title))
        found = report.result(f"equity.{name}", EquityGaps)
        looked_at = found.looked_at if found is not None else looked_at
    if OVER_TIME in report and report.result("decisive.sex", GroupsOverTime) is not None:
        yield from until_not_computable(report, _over_time(report))
    if looked_at > 1:
        yield Paragraph(looked_at_sentence(looked_at, report.words, topic="equity"))


def _result(report: Report, name: str, title: str) -> Blocks:
    words = report.words
    released = report.of(f"equity.{name}", EquityGaps)
    if not isinstance(released.result, EquityGaps):
        yield Paragraph(" ".join(equity_sentences(released, words)))
        return
    rows = report.always(f"equity.{name}.shares", tuple)
    shares = [row for row in rows.result if isinstance(row, Estimate)]
    women, men = shares if len(shares) == len(("woman", "man")) else (None, None)
    # How many were looked at is said once, at the end.
    alone = replace(released, result=replace(released.result, looked_at=1))
    yield Paragraph(" ".join(equity_sentences(alone, words, women=women, men=men)))
    yield estimates_table(
        rows,
        words,
        table_id=f"equity-{name}",
        caption=words.texts.format("equity.caption", title=title),
        dimension="sex",
    )
    for column in report.project.equity.by if report.project.equity else ():
        yield from _by_place(report, name, column)


def _over_time(report: Report) -> Blocks:
    """The gap in the figure that decides over time, named beforehand."""
    found = report.always("decisive.sex", GroupsOverTime).result
    day = report.words.numbers.days(found.day)
    yield Heading(3, report.words.texts.format(f"equity.over_time.{found.judged_by}", day=day))
    gap = report.of(OVER_TIME, Estimate)
    yield Paragraph(gap_sentence(gap, report.words, rows=found.groups))


def _by_place(report: Report, name: str, column: str) -> Blocks:
    released = report.of(f"equity.{name}.{column}", EquityGaps)
    found = released.result
    if isinstance(found, EquityGaps):
        labels = report.words.labels
        gaps = tuple(replace(gap, group=labels.level(column, gap.group)) for gap in found.gaps)
        released = replace(released, result=replace(found, gaps=gaps, looked_at=1))
    yield Paragraph(" ".join(equity_sentences(released, report.words)))
