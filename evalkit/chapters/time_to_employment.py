"""Chapter: how long it took until the participants went to work, and who left otherwise."""

from __future__ import annotations

from dataclasses import replace

from evalkit.answers import time_to_employment
from evalkit.answers.given import OUTCOMES
from evalkit.chapters.first_findings import SURE, group_phrase
from evalkit.chapters.participants import subsidy_paragraph
from evalkit.chapters.report import Report
from evalkit.chapters.section import Blocks, asks, say_box, until_not_computable
from evalkit.present.blocks import Bullets, Figure, Heading, Paragraph
from evalkit.present.charts import common_days, curve_figure, stacked_figure
from evalkit.present.regression import regression_sentences, regression_table
from evalkit.present.sentences import (
    missing_sentence,
    not_computed_sentence,
    outcome_was,
    share_at_sentence,
    test_sentences,
)
from evalkit.present.sentences.equity import curves_sentence, decisive_sentences, looked_at_sentence
from evalkit.present.sentences.sites import the_sites
from evalkit.present.tables import differences_table, estimates_table
from evalkit.present.tables.cells import internal_notes
from evalkit.results import (
    Between,
    CannotBeComputed,
    Curve,
    Estimate,
    FlowStep,
    GroupsOverTime,
    Regression,
    Released,
    TestResult,
)


@asks(time_to_employment.ways_out)
def ways_out(report: Report) -> Blocks:
    """Cumulative incidence of every exit, everyone together."""
    released = report.always("incidence.everyone", Curve)
    # Parts of a whole where all of them are known at the same days.
    if common_days(released.result):
        caption = report.say("time.ways_out.caption")
        yield stacked_figure(released, report.words, figure_id="ways-out", caption=caption)
    else:
        caption = report.say("time.ways_out_lines.caption")
        yield curve_figure(released, report.words, figure_id="ways-out-lines", caption=caption)
    if report.always("ends_unknown", bool).result:
        yield Paragraph(report.say("time.ends_unknown"))
    if not report.is_internal:
        yield Paragraph(report.say("time.protected"))


@asks(time_to_employment.shares_at_horizons)
def shares_at_horizons(report: Report) -> Blocks:
    """The share gone to the outcome of interest at the project's horizons."""
    numbers = report.words.numbers
    days = report.days("horizons.everyone")
    yield estimates_table(
        report.always("shares.everyone", tuple),
        report.words,
        table_id="shares-at-horizons",
        caption=report.say("time.horizons.caption", outcome=_outcome_label(report)),
        row_labels=[numbers.days(day) for day in days],
        row_heading=report.say("time.horizons.column"),
    )
    yield Paragraph(_at_last_horizon(report))
    yield from subsidy_paragraph(report, "over_time")


@asks(time_to_employment.by_group)
def by_group(report: Report) -> Blocks:
    """The outcome of interest by each grouping of the project."""
    report.of(OUTCOMES, bool)
    for column in report.groupings:
        yield Heading(3, report.words.labels.dimension(column))
        shown = list(until_not_computable(report, _one_grouping(report, column)))
        yield from shown
        if any(isinstance(block, Figure) for block in shown):
            yield from until_not_computable(report, _decided(report, column))
    looked_at = sum(
        _judged(report, column) is not None or _tested(report, column) is not None
        for column in report.groupings
    )
    if looked_at > 1:
        yield Paragraph(looked_at_sentence(looked_at, report.words))


@asks(time_to_employment.model)
def model(report: Report) -> Blocks:
    """What was known at entry and how fast the outcome came, all at once."""
    if report.result("model", Regression) is None:
        yield Paragraph(missing_sentence(report.missing("model"), report.words))
        return
    released = report.always("model", Regression)
    references = report.always("model.references", dict).result
    done = outcome_was(report.words, _outcome(report))
    left_out = report.result("model.left_out", FlowStep)
    yield regression_table(
        released,
        report.words,
        references=references,
        outcome=done,
        table_id="model",
        caption=report.say("regression.caption", outcome=_outcome_label(report)),
        left_out=left_out.count if left_out is not None else None,
    )
    yield Bullets(regression_sentences(released, report.words, references=references, outcome=done))
    if report.groupings:
        yield Paragraph(report.say("time.model.decides"))


@asks(time_to_employment.shares_at_horizons)
def conclusions(report: Report) -> Blocks:
    """What the curves can carry."""
    *_, last = report.result("shares.everyone", tuple) or (None,)
    can = [_at_last_horizon(report)] if isinstance(last, Estimate | Between) else []
    keys = ("cause", "lasting", "groups")
    yield from say_box(report, can=can, cannot=[report.say(f"time.cannot.{key}") for key in keys])


def _one_grouping(report: Report, column: str) -> Blocks:
    alone = _alone(report, column)
    if alone is not None:
        yield Paragraph(alone)
        return
    yield from _at_day_that_all_have(report, column)
    for total in report.result(f"total.{column}", tuple) or ():
        value = report.words.value(total)
        yield Paragraph(report.say("time.by_group.total_outside", total=value))
    main = report.result(f"shares.main.{column}", tuple)
    shown = [row for row in main or () if isinstance(row, Estimate | Between)]
    if main and len(shown) <= 1:
        day = report.words.numbers.days(report.project.outcomes.horizons_days[-1])
        yield Paragraph(report.say("time.by_group.too_few", day=day))
    elif main:
        dimension = report.words.labels.dimension(column).lower()
        day = report.words.numbers.days(report.project.outcomes.horizons_days[-1])
        yield estimates_table(
            report.always(f"shares.main.{column}", tuple),
            report.words,
            table_id=f"main-by-{column}",
            caption=report.say(
                "time.by_group.table_caption",
                day=day,
                outcome=_outcome_label(report),
                dimension=dimension,
            ),
            dimension=column,
        )


def _alone(report: Report, column: str) -> str | None:
    """Of a grouping where one group alone may be shown: its share, and no comparison."""
    rows = report.result(f"shares.{column}", tuple) or ()
    shown = [row for row in rows if isinstance(row, Estimate | Between)]
    if len(shown) != 1 or not isinstance(shown[0], Estimate):
        return None
    words, row = report.words, shown[0]
    return words.say(
        "time.by_group.one",
        row,
        group=words.labels.inline(column, row.group),
        day=words.numbers.days(report.days(f"horizons.{column}")[-1]),
        outcome=_outcome_label(report),
    )


def _at_day_that_all_have(report: Report, column: str) -> Blocks:
    curve = report.always(f"incidence.{column}", Curve)
    dimension = report.words.labels.dimension(column).lower()
    wording = {"outcome": _outcome_label(report), "dimension": dimension}
    yield curve_figure(
        curve,
        report.words,
        figure_id=f"by-{column}",
        caption=" ".join(
            filter(None, (_message(report, column), report.say("time.by_group.caption", **wording)))
        ),
        dimension=column,
        causes=[_outcome(report)],
    )
    day = report.days(f"horizons.{column}")[-1]
    caption = report.say(
        "time.by_group.table_caption", day=report.words.numbers.days(day), **wording
    )
    shares, decided = report.always(f"shares.{column}", tuple), _judged(report, column)
    if decided is not None and _is_in_table(report, column):
        yield differences_table(
            shares,
            decided.differences,
            report.words,
            reference=decided.groups[-1].group,
            dimension=column,
            table_id=f"shares-by-{column}",
            caption=caption,
        )
        return
    yield estimates_table(
        shares, report.words, table_id=f"shares-by-{column}", caption=caption, dimension=column
    )


def _is_in_table(report: Report, column: str) -> bool:
    """Whether the table of shares is of the day and figure that decide."""
    found = _judged(report, column)
    day = report.days(f"horizons.{column}")[-1]
    return found is not None and found.day == day and found.judged_by == "share"


def _judged(report: Report, column: str) -> GroupsOverTime | None:
    return report.result(f"decisive.{column}", GroupsOverTime)


def _tested(report: Report, column: str) -> TestResult | None:
    return report.result(f"test.{column}", TestResult)


def _message(report: Report, column: str) -> str:
    """What the chart shows, where the rule of its grouping carries it: the interval of the
    difference between two groups, the test of the whole curves between several.
    """
    found = _judged(report, column)
    test = _tested(report, column)
    groups = (
        report.say("label.women_and_men") if column == "sex" else the_sites(column, report.words)
    )
    is_judged = found is not None and found.is_judged
    if not is_judged and test is None:
        return ""
    if (
        found is not None
        and is_judged
        and not found.differences[0].low <= 0 <= found.differences[0].high
    ):
        first, last = sorted(found.groups, key=lambda row: row.value)
        message = report.say(
            "time.message.two",
            high=group_phrase(report, column, last.group),
            low=group_phrase(report, column, first.group),
            outcome=report.words.labels.done([_outcome(report)]),
        )
        return message[:1].upper() + message[1:]
    is_sure = not is_judged and test is not None and test.p_value < SURE
    return report.say(f"time.message.{'several' if is_sure else 'none'}", groups=groups)


def _decided(report: Report, column: str) -> Blocks:
    """The figure named beforehand, whose interval is the verdict, and Gray's test once."""
    if f"decisive.{column}" not in report:
        return
    try:
        found = report.of(f"decisive.{column}", GroupsOverTime)
    except CannotBeComputed as error:
        test, day = _tested(report, column), report.project.decisive.day
        # Of the last horizon the table, or what stands in its place, has said it.
        if test is None or day != report.project.outcomes.horizons_days[-1]:
            yield Paragraph(not_computed_sentence(error, report.words))
        if test is not None:
            told = curves_sentence(test, report.words), report.say("decisive.only_test")
            yield Paragraph(" ".join(told))
        return
    if not isinstance(found.result, GroupsOverTime):
        yield from _only_the_test(report, column)
        return
    named = replace(
        found.result,
        groups=tuple(_labelled(report, column, row) for row in found.result.groups),
        differences=tuple(_labelled(report, column, row) for row in found.result.differences),
    )
    in_table = _is_in_table(report, column)
    yield from map(
        Paragraph,
        decisive_sentences(
            replace(found, result=named), report.words, outcome=_outcome(report), in_table=in_table
        ),
    )


def _only_the_test(report: Report, column: str) -> Blocks:
    yield from map(Paragraph, test_sentences(report.of(f"test.{column}", TestResult), report.words))


def _labelled(report: Report, column: str, row: Estimate) -> Estimate:
    return replace(row, group=report.words.labels.level(column, row.group))


def _at_last_horizon(report: Report) -> str:
    day = report.days("horizons.everyone")[-1]
    outcome = outcome_was(report.words, _outcome(report))
    last = _last(report)
    said = share_at_sentence(last, report.words, day=day, outcome=outcome)
    earlier = () if report.is_internal else internal_notes(last, report.words)
    return " ".join((said, *earlier))


def _last(report: Report) -> Released[Estimate | Between]:
    """The share gone to the outcome by the last horizon."""
    rows = report.always("shares.everyone", tuple)
    return rows.part(rows.result[-1])


def _outcome(report: Report) -> str:
    """The outcome of interest: the first cause of the project file."""
    return next(iter(report.project.outcomes.causes))


def _outcome_label(report: Report) -> str:
    return report.words.labels.inline("cause", _outcome(report))
