"""The main question of a report with its answer, how sure it is, and one picture.

Of the project's first target, else of its first real series; `first_participants` has the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from evalkit.chapters.report import Report
from evalkit.present.blocks import Figure
from evalkit.present.charts import interval_figure, series_figure, verdicts_figure
from evalkit.present.labels import count_behind
from evalkit.present.numbers import decimals_of, printed_value, whole_percent
from evalkit.present.sentences import printed_grade
from evalkit.project import Series, Target
from evalkit.results import (
    AdjustedVerdict,
    AreaChange,
    AreaChanges,
    AreaSeries,
    BeforeAfter,
    Estimate,
    FollowUpBounds,
    Released,
    SyntheticControl,
    TargetVerdict,
)

# The verdicts that begin with yes or no → the same without.
_STATED = {"clearly_above": "stated_above", "clearly_below": "stated_below"}
_OTHERS = 3


@dataclass(frozen=True, slots=True)
class Main:
    """The question, its answer, how sure it is, and the picture."""

    question: str
    answer: str
    sure: str
    picture: Figure | None


def main_answer(report: Report) -> Main | None:
    """Of its first target, else of its first real series; none where neither has an answer."""
    verdicts = [(one, report.result(f"target.{one.id}", TargetVerdict))
                for one in report.project.targets]  # fmt: skip
    told = [(target, found) for target, found in verdicts if found is not None]
    if told:
        (target, found), *others = told
        main = _of_target(report, target, found)
        first = report.project.targets[0]
        main = main if target is first else _of_another(report, first, target, main)
        # One target met is no answer to a question of several.
        beside = (_beside(report, *other) for other in others[:_OTHERS])
        return replace(main, answer=" ".join((main.answer, *beside)))
    for series in report.project.series:
        changes = report.result(f"change.{series.id}", AreaChanges)
        if changes is not None and not series.is_synthetic and series.is_percentage:
            return _of_series(report, series, changes)
    return None


def _of_another(report: Report, first: Target, answered: Target, main: Main) -> Main:
    """The first target has no figure to show: that is its answer, then another target's."""
    asked, other = (_title(report, one) for one in (first, answered))
    question = written(report, "question.target", title=asked)
    gone = report.say("verdict.rule.not_shown")
    answer = f"{gone} {written(report, 'answer.other_target', title=other)} {main.answer}"
    return replace(main, question=question, answer=answer)


def _beside(report: Report, target: Target, found: TargetVerdict) -> str:
    """Another target and how it went, in two sentences."""
    grade = _STATED.get(grade := _grade(report, target, found), grade)
    title = written(report, "answer.other_target", title=_title(report, target))
    return f"{title} {written(report, f'answer.{grade}')}"


def _grade(report: Report, target: Target, found: TargetVerdict) -> str:
    """The verdict as the page words it: with those whom nobody knows of, and at the goal."""
    grade = printed_grade(found, report.words)
    return grade.replace("clearly", "unknown") if _may_turn(report, target, found) else grade


def _title(report: Report, target: Target) -> str:
    title = target.title.in_language(report.language)
    return title[:1].lower() + title[1:]


def written(report: Report, key: str, **facts: Any) -> str:
    return report.say(f"first.{key}", **facts)


def _of_target(report: Report, target: Target, found: TargetVerdict) -> Main:
    numbers, row = report.words.numbers, found.estimate
    labels = report.words.labels
    is_status = target.status_column is not None
    outcome = (labels.being if is_status else labels.done)(target.outcome)
    (value,) = whole_percent(numbers, row.value)
    if value == numbers.percent_short(found.goal) and row.value != found.goal:
        value = numbers.percent(row.value)  # 49.8 % is not told as 50 % under a goal of 50 %
    counted = written(
        report,
        f"answer.{'being' if is_status else 'done'}",
        k=numbers.count(count_behind(row)),
        whom=_whom(report, target, row.n),
        value=value,
        outcome=outcome,
    )
    question = written(report, "question.target", title=_title(report, target))
    goal, grade = numbers.percent_short(found.goal), _grade(report, target, found)
    asked = report.project.question
    # Without a question of its own the question is the target's title.
    is_other = asked is not None and (
        goal.rstrip("%\u00a0") not in asked.in_language(report.language)
    )
    if is_other or (asked is not None and len(report.project.targets) > 1):
        grade = _STATED.get(grade, grade)  # "yes" is no answer to what was not asked
    answer = f"{written(report, f'answer.{grade}')} {counted}"
    if is_other:
        answer = f"{answer} {written(report, 'answer.goal', goal=goal)}"
    sure = " ".join(_sure_of_target(report, target, found))
    return Main(question, answer, sure, _target_picture(report, target, found))


def _whom(report: Report, target: Target, n: int) -> str:
    """Those counted: in the target's period, those followed up, the group that it is about."""
    numbers, facts = report.words.numbers, dict[str, str]()
    kind: str = target.denominator
    if target.period is not None:
        facts = {"start": numbers.date(target.period.start), "end": numbers.date(target.period.end)}
        kind += "_in_period"
    whom = written(report, f"whom.{kind}", n=numbers.count(n), **facts)
    bounds = _bounds(report, target)
    if target.status_column is not None and (bounds is None or bounds.missing):
        followed = "participants_followed" if kind == "participants" else "followed"
        whom = written(report, f"whom.{followed}", whom=whom)
    labels = report.words.labels
    groups = ", ".join(labels.inline(column, one) for column, one in target.where.items())
    return f"{whom} ({groups})" if groups else whom


def _bounds(report: Report, target: Target) -> FollowUpBounds | None:
    return report.result(f"follow_up.{target.id}", FollowUpBounds)


def _may_turn(report: Report, target: Target, found: TargetVerdict) -> bool:
    """Whether those of whom it is not known how it went could take the share to the goal."""
    bounds = _bounds(report, target)
    return bounds is not None and bounds.missing > 0 and bounds.low < found.goal < bounds.high


def _sure_of_target(report: Report, target: Target, found: TargetVerdict) -> Iterator[str]:
    """How far chance reaches, how to read it, and what would have been needed."""
    numbers, row = report.words.numbers, found.estimate
    goal = printed_value(found.goal, "percent", decimals=4)
    is_inside = not found.grade.startswith("clearly")
    decimals = 0 if is_inside else _apart(goal, row.low, row.high)
    low, high = (numbers.bare(end, "percent", decimals=decimals) for end in (row.low, row.high))
    said = {printed_value(end, "percent", decimals=decimals) for end in (row.low, row.high)}
    side = "inside" if is_inside or goal in said else "outside"
    yield written(report, f"sure.{side}", low=low, high=high)
    yield from sure_of_unknown(report, target, found, is_short=True)
    needed = report.result(f"target.{target.id}.needed", int)
    in_goal = max(0, -int(goal.normalize().as_tuple().exponent))
    if needed is not None and is_inside:
        yield written(
            report,
            "sure.needed",
            value=numbers.bare(
                row.value, "percent", decimals=max(in_goal, _apart(goal, row.value))
            ),
            goal=numbers.percent_short(found.goal),
            needed=numbers.count(needed),
        )
    adjusted = report.result(f"casemix.{target.id}.", AdjustedVerdict)
    if adjusted is not None and adjusted.grade != found.grade:
        ends = (adjusted.adjusted.low, adjusted.adjusted.high)
        yield written(
            report,
            f"sure.adjusted.{adjusted.grade}",
            value=whole_percent(numbers, adjusted.adjusted.value)[0],
            interval=numbers.interval(*ends, decimals=decimals_of(adjusted.adjusted.value)),
        )


def _apart(goal: Decimal, *shares: float) -> int:
    """Decimals: one where a share that is not the goal would be printed as the goal."""
    return int(any(printed_value(share, "percent", decimals=0) == goal for share in shares))


def sure_of_unknown(
    report: Report, target: Target, found: TargetVerdict, *, is_short: bool = False
) -> Iterator[str]:
    """Between what the share of all lies, where that could change the verdict."""
    bounds = _bounds(report, target)
    if bounds is not None and _may_turn(report, target, found):
        numbers = report.words.numbers
        ends = (bounds.none.value, bounds.every.value)
        low, high = whole_percent(numbers, *ends) if is_short else map(numbers.percent, ends)
        yield written(
            report,
            "sure.unknown",
            missing=numbers.count(bounds.missing),
            n=numbers.count(bounds.response.n),
            low=low,
            high=high,
        )
    elif bounds is None and f"follow_up.{target.id}" in report and target.status_column is None:
        yield written(report, "sure.unrecorded")


def _target_picture(report: Report, target: Target, found: TargetVerdict) -> Figure:
    """The levels before and after against the goal where they are known, else the share alone."""
    words = report.words
    levels = _levels(report, target, found)
    if levels:
        return interval_figure(
            Released(tuple(levels.values()), 0, report.answers[f"target.{target.id}"].rule),
            words,
            figure_id="first-levels",
            caption=words.say("first.picture"),
            row_labels=list(levels),
            goal=found.goal,
        )
    title = target.title.in_language(report.language)
    released: Released[TargetVerdict] = report.always(f"target.{target.id}", TargetVerdict)
    return verdicts_figure(
        [(title, released)], words, figure_id="first-target", caption=words.say("first.picture")
    )


def _levels(report: Report, target: Target, found: TargetVerdict) -> dict[str, Estimate]:
    """The same share for the cohorts of the project's comparisons, and last for the target."""
    levels: dict[str, Estimate] = {}
    for spec in report.project.before_after:
        pair = report.result(f"before_after.{spec.id}", BeforeAfter)
        is_same = (spec.status_column, *spec.outcome) == (target.status_column, *target.outcome)
        if pair is None or not is_same:
            continue
        sides = (spec.after, pair.after), (spec.before, pair.before)
        for side, row in sides[: 1 if levels else 2][::-1]:
            levels.setdefault(side.label.in_language(report.language), row)
    if levels:
        numbers, period = report.words.numbers, target.period
        label = report.say("sites.everyone")
        if period is not None:
            days = numbers.date(period.start), numbers.date(period.end)
            label = written(report, "picture.period", start=days[0], end=days[1])
        levels[label] = found.estimate
    return levels


def _of_series(report: Report, series: Series, changes: AreaChanges) -> Main:
    numbers = report.words.numbers
    title = series.title.in_language(report.language)
    own, other = changes.area, changes.reference
    beside = report.result(f"change.{series.id}.beside", Estimate)
    is_sure = beside is not None and (beside.low > 0 or beside.high < 0)
    name = report.words.labels.inline("area", other.area)
    decimals = _enough_decimals(own, other)
    facts = {
        "title": title[:1].lower() + title[1:],
        "area": own.area,
        "reference": name,
        "a": numbers.bare(own.first_value / 100, "percent", decimals=decimals),
        "b": numbers.percent(own.last_value / 100, decimals=decimals),
        "c": numbers.bare(other.first_value / 100, "percent", decimals=decimals),
        "d": numbers.percent(other.last_value / 100, decimals=decimals),
        "first": numbers.period(changes.first),
        "last": numbers.period(changes.last),
        "more": numbers.points(abs(changes.against_reference) / 100, decimals=decimals),
    }
    is_further = own.change * other.change > 0
    more = abs(own.change) > abs(other.change)
    kind = ("more" if more else "less") if is_further else "apart"
    certainty = "sure" if is_sure else "unsure"
    answer = " ".join(
        (
            written(report, f"answer.series.{certainty}"),
            written(report, f"answer.series.{kind}", **facts),
        )
    )
    sure = " ".join(_sure_of_series(report, series, changes, beside))
    question = written(report, "question.series", **facts)
    return Main(question, answer, sure, _series_picture(report, series))


def _enough_decimals(*changes: AreaChange) -> int:
    """One, or two where the printed levels would differ by another figure than their change."""
    return 1 + any(
        round(round(one.last_value, 1) - round(one.first_value, 1), 1) != round(one.change, 1)
        for one in changes
    )


def _sure_of_series(
    report: Report, series: Series, changes: AreaChanges, beside: Estimate | None
) -> Iterator[str]:
    numbers = report.words.numbers
    others = [one.change - changes.reference.change for one in changes.others
              if one.area != changes.reference.area]  # fmt: skip
    as_large = sum(abs(change) >= abs(changes.against_reference) for change in others)
    if beside is not None:
        yield written(
            report,
            "sure.series.interval",
            low=numbers.bare(beside.low / 100, "percentage_points"),
            high=numbers.points(beside.high / 100),
        )
    yield written(
        report,
        "sure.series",
        as_large=numbers.count(as_large),
        others=numbers.count(len(others)),
        reference=report.words.labels.inline("area", changes.reference.area),
    )
    weighed = report.result(f"synthetic_control.{series.id}", SyntheticControl)
    average = report.result(f"panel.average.{series.id}", Estimate)
    if weighed is not None and average is not None:
        yield written(
            report,
            "sure.series.designs",
            weighed=numbers.bare(weighed.difference / 100, "percentage_points"),
            average=numbers.points(average.value / 100),
        )


def _series_picture(report: Report, series: Series) -> Figure:
    _, last, first_after = report.always(f"span.{series.id}", tuple).result
    return series_figure(
        report.always(f"series.{series.id}", AreaSeries),
        report.words,
        figure_id="first-series",
        caption=series.title.in_language(report.language),
        area=series.area,
        reference=series.reference,
        unit=series.unit.in_language(report.language),
        goal=series.goal,
        period=(first_after, last),
        source=series.source.in_language(report.language),
    )
