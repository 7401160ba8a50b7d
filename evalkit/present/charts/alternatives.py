"""Alternative texts, written from the numbers that are drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from evalkit.present.curve_lines import DAYS_PER_MONTH, Line
from evalkit.present.labels import Words
from evalkit.present.numbers import KIND_OF_UNIT
from evalkit.present.tables.cells import NO_INTERVAL
from evalkit.results import Curve, Estimate, EstimateRow, Released, Withheld

MONTHS_TOLD = (3, 6, 12, 24)


def curve_alternative(
    released: Released[Curve], lines: Sequence[Line], words: Words, *, dimension: str, value: str
) -> str:
    """What the curve shows: each line at a few months and at its end, and those remaining."""
    with_group = len(released.result.groups) > 1
    with_cause = len({line.cause for line in lines}) > 1
    sentences = [
        words.say("alt.curve", value=value),
        *(
            _line(line, words, names=_names(line, words, dimension, with_group, with_cause))
            for line in lines
        ),
        *_remaining(lines, words, dimension),
    ]
    return " ".join(sentences)


def _remaining(lines: Sequence[Line], words: Words, dimension: str) -> list[str]:
    """Persons at risk at the start and at the end of each group's line."""
    if any(line.has_points for line in lines):
        return []
    first_lines = {line.group: line for line in reversed(lines) if len(line.days)}
    return [
        words.say(
            "alt.curve.remaining",
            name=words.labels.inline(dimension, group),
            start=round(first_lines[group].at_risk_on(0)),
            end=round(first_lines[group].at_risk_on(first_lines[group].follow_up)),
        )
        for group in dict.fromkeys(line.group for line in lines)
        if group in first_lines
    ]


def rows_alternative(
    rows: Sequence[EstimateRow],
    labels: Sequence[str],
    goals: Sequence[float | None],
    words: Words,
    *,
    opening: str,
) -> str:
    """Each row's value, interval and goal in words."""
    sentences = [
        _row(row, label, goal, words) for row, label, goal in zip(rows, labels, goals, strict=True)
    ]
    return " ".join([opening, *sentences])


def counts_alternative(labelled: Sequence[tuple[str, int | None]], words: Words) -> str:
    """Each bar's label and count."""
    items = [
        words.say(
            "alt.item",
            label=label,
            value=words.say("withheld.marker") if count is None else words.numbers.count(count),
        )
        for label, count in labelled
    ]
    return words.say("alt.counts", items="; ".join(items))


def series_alternative(
    values: Mapping[str, Sequence[tuple[str, float]]],
    words: Words,
    *,
    unit: str,
    is_synthetic: bool,
) -> str:
    """Each area's first and last value, and its lowest and highest between."""
    opening = words.say("alt.series", unit=unit)
    marks = [words.say("note.synthetic")] if is_synthetic else []

    written = partial(words.numbers.number, decimals=1)
    sentences = [
        words.say(
            f"alt.series.{_direction(points, words)}",
            area=area,
            first=written(points[0][1]),
            first_period=words.numbers.period(points[0][0]),
            last=written(points[-1][1]),
            last_period=words.numbers.period(points[-1][0]),
            lowest=written(min(value for _, value in points)),
            highest=written(max(value for _, value in points)),
        )
        for area, points in values.items()
        if points
    ]
    return " ".join([opening, *marks, *sentences])


def _direction(points: Sequence[tuple[str, float]], words: Words) -> str:
    first, last = points[0][1], points[-1][1]
    written = partial(words.numbers.number, decimals=1)
    if written(first) == written(last):
        return "same"
    return "up" if last > first else "down"


def _names(
    line: Line, words: Words, dimension: str, with_group: bool, with_cause: bool
) -> list[str]:
    group = [words.labels.level(dimension, line.group)] if with_group else []
    cause = [words.labels.level("cause", line.cause)] if with_cause else []
    return [*group, *cause] or [words.say("label.everyone")]


def _line(line: Line, words: Words, *, names: Sequence[str]) -> str:
    name = ", ".join(names)
    last_months = line.follow_up / DAYS_PER_MONTH
    told = [month for month in MONTHS_TOLD if month < last_months]
    points: list[tuple[float, float]] = [
        *((month, month * DAYS_PER_MONTH) for month in told),
        (last_months, line.follow_up),
    ]
    if line.has_points:
        points = [(float(day) / DAYS_PER_MONTH, float(day)) for day in line.days]
    parts = []
    for month, day in points:
        reading = line.reading(day)
        if reading is not None:
            whole = float(month).is_integer()
            parts.append(
                words.say(
                    "alt.curve.point_days",
                    value=words.numbers.percent(reading.value),
                    days=words.numbers.days(day),
                )
                if line.has_points
                else words.say(
                    "alt.curve.point",
                    value=words.numbers.percent(reading.value),
                    months=words.numbers.number(month, decimals=0 if whole else 1),
                )
            )
    if not parts:
        return words.say("alt.item_sentence", label=name, value=words.say("alt.nothing"))
    return words.say("alt.curve.line", name=name, points=words.labels.all_of(parts))


def _row(row: EstimateRow, label: str, goal: float | None, words: Words) -> str:
    if not isinstance(row, Estimate):
        marker = "withheld.marker" if isinstance(row, Withheld) else "alt.nothing"
        return words.say("alt.item_sentence", label=label, value=words.say(marker))
    kind = KIND_OF_UNIT[row.unit]
    values = {
        "label": label,
        "value": words.numbers.format(row.value, kind),
        "interval": words.numbers.interval(row.low, row.high, kind),
    }
    if row.method in NO_INTERVAL:
        return words.say("alt.item_sentence", label=label, value=values["value"])
    if goal is None:
        return words.say("alt.row", **values)
    return words.say("alt.row_with_goal", goal=words.numbers.percent_short(goal), **values)
