"""An area's series beside its reference and its comparison areas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from evalkit.present.blocks import Figure as FigureBlock
from evalkit.present.charts.alternatives import series_alternative
from evalkit.present.charts.axes import axis_name, every_period, nice_ticks, number_ticks, unbroken
from evalkit.present.charts.canvas import (
    COLOURS,
    INK,
    LINE_MM,
    LINE_STYLES,
    MM_PER_INCH,
    QUIET_INK,
    drawn_figure,
    write,
)
from evalkit.present.charts.direct_labels import EndLabel, draw_end_labels, key_lines
from evalkit.present.charts.multiples import draw_multiples, height_mm
from evalkit.present.charts.period_lines import mark_synthetic, period_axes
from evalkit.present.labels import Words
from evalkit.present.tables import series_table
from evalkit.results import AreaSeries, Released

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PANEL_MM, NARROW_PANEL_MM = 56.0, 58.0
FRAME_MM = 16.0
MOST_TICKS, SMALL_TICKS = (8, 5), (3, 3)
ZERO_BELOW = 0.6
COLOURED_COMPARISONS = 3
GOAL_LINE = (0, (4, 2))
PERIOD_FILL = "#EEF0F3"
Points = list[tuple[str, float]]


@dataclass(frozen=True, slots=True)
class _Style:
    colour: str
    width: float
    line: Any


@dataclass(frozen=True, slots=True)
class _Shown:
    """What is drawn, and how its values are written."""

    values: dict[str, Points]
    styles: dict[str, _Style]
    goal: float | None
    period: tuple[str, str] | None
    unit: str
    is_synthetic: bool

    def told(self, name: str, words: Words) -> str:
        """A name and its last value."""
        points = self.values[name]
        last = words.numbers.number(points[-1][1], decimals=1) if points else ""
        return f"{name} {last}".strip()

    @property
    def ticks(self) -> list[float]:
        numbers = [value for points in self.values.values() for _, value in points]
        numbers += [] if self.goal is None else [self.goal]
        low, high = min(numbers, default=0.0), max(numbers, default=1.0)
        return nice_ticks(0.0 if 0 <= low <= ZERO_BELOW * high else low, high)


def series_figure(
    released: Released[AreaSeries],
    words: Words,
    *,
    figure_id: str,
    caption: str,
    unit: str,
    area: str = "",
    reference: str = "",
    comparison: Sequence[str] = (),
    goal: float | None = None,
    period: tuple[str, str] | None = None,
    source: str = "",
) -> FigureBlock:
    """The area, its reference and comparison areas, labelled at the end of their lines.

    Args:
        unit: What the values are, printed at the axis.
        area: The area of the programme, drawn strongest, where there is one.
        reference: What it is read against, such as the country.
        comparison: Further areas.
        goal: A goal in the unit of the series.
        period: First and last period of the programme, shaded.
        source: Source line; the series' own when left out.
    """
    series = released.result
    leads = [one for one in (area, reference) if one]
    printed = {one: words.labels.level("area", one) for one in (*leads, *comparison)}
    values = {printed[one]: points for one, points in _values(series, list(printed)).items()}
    styles = _styles([printed[one] for one in leads], [printed[one] for one in comparison])
    alternative = series_alternative(values, words, unit=unit, is_synthetic=series.is_synthetic)

    names = [printed[one] for one in (*leads, *comparison)]
    shown = _Shown(values, styles, goal, period, unit, series.is_synthetic)
    is_crowd, crowd = len(comparison) > COLOURED_COMPARISONS, len(comparison)
    data = series_table(
        released, words, table_id=f"{figure_id}-data", caption=caption, source=source
    )
    return drawn_figure(
        data,
        lambda sheet: (
            _draw_crowd(sheet, names, len(leads), shown, words)
            if is_crowd
            else _draw(sheet, shown, words)
        ),
        alt=alternative,
        height_mm=height_mm(crowd) if is_crowd else PANEL_MM + FRAME_MM,
        narrow_mm=height_mm(crowd, narrow=True)
        if is_crowd
        else NARROW_PANEL_MM + FRAME_MM + LINE_MM * (key_lines(list(values), unit) + 1),
        notes=(*_gaps(values, words), *data.notes),
    )


def _values(series: AreaSeries, areas: Sequence[str]) -> dict[str, Points]:
    observations = series.observations.dropna(subset=["value"])
    return {
        area: sorted(
            (str(period), float(value))
            for period, value in observations.loc[
                observations["area"] == area, ["period", "value"]
            ].itertuples(index=False)
        )
        for area in dict.fromkeys(areas)
    }


def _key_line(style: _Style) -> Any:
    from matplotlib.lines import Line2D

    return Line2D([], [], color=style.colour, linestyle=style.line, linewidth=style.width)


def _styles(leads: Sequence[str], comparison: Sequence[str]) -> dict[str, _Style]:
    """The area is the first of the leads, its reference the second."""
    is_crowd = len(comparison) > COLOURED_COMPARISONS
    others = {
        name: _Style(COLOURS[1], 1.8, "solid")
        if is_crowd
        else _Style(COLOURS[2 + i], 1.3, LINE_STYLES[2 + i % 4])
        for i, name in enumerate(comparison)
    }
    strong = (_Style(COLOURS[0], 2.8, "solid"), _Style(INK, 2.0, LINE_STYLES[1]))
    return others | dict(reversed([*zip(leads, strong, strict=False)]))


def _draw(sheet: Figure, shown: _Shown, words: Words) -> None:
    axes = sheet.add_subplot()
    periods = _axes(axes, shown, words)
    _shade(axes, periods, shown.period, words.say("chart.period"))
    _lines(axes, shown, periods, words)
    if shown.goal is not None:
        axes.axhline(shown.goal, color=COLOURS[1], linewidth=1.3, linestyle=GOAL_LINE, zorder=1)
        written = number_ticks([shown.goal], "number", words)[0]
        goal = words.say("chart.goal", goal=written)
        write(axes, goal, (0, shown.goal), on="x", off=(4, 3), colour=COLOURS[1])
    if shown.is_synthetic:
        mark_synthetic(axes, words)


def _draw_crowd(
    sheet: Figure, names: Sequence[str], n_leads: int, shown: _Shown, words: Words
) -> None:
    """Each area in a panel of its own, with the area of the programme and the reference."""
    leads, others = names[:n_leads], names[n_leads:]
    goal_style = _Style(COLOURS[3], 1.3, GOAL_LINE)

    def draw_one(axes: Axes, position: int) -> None:
        periods = _axes(axes, shown, words, most=SMALL_TICKS)
        _shade(axes, periods, shown.period)
        for name in (others[position], *reversed(leads)):
            _plot(axes, shown.values[name], shown.styles[name], periods)
        if shown.goal is not None:
            axes.axhline(shown.goal, color=goal_style.colour, linestyle=GOAL_LINE, linewidth=1.3)

    key = [(shown.told(name, words), shown.styles[name]) for name in leads]
    key.append((words.say("chart.area_above"), shown.styles[others[0]]))
    if shown.goal is not None:
        written = number_ticks([shown.goal], "number", words)[0]
        key.append((words.say("chart.goal", goal=written), goal_style))
    heading = axis_name(shown.unit, shown.ticks, words)
    if shown.is_synthetic:
        heading = f"{heading}. {words.say('chart.synthetic')}"
    draw_multiples(
        sheet,
        [shown.told(name, words) for name in others],
        draw_one,
        key=[(name, _key_line(style)) for name, style in key],
        heading=heading,
    )


def _axes(
    axes: Axes, shown: _Shown, words: Words, *, most: tuple[int, int] = MOST_TICKS
) -> list[str]:
    """Sets both axes; returns the periods in order, which are the positions along x."""
    periods = every_period({period for points in shown.values.values() for period, _ in points})
    period_axes(axes, periods, shown.ticks, words, unit=shown.unit, most=most)
    return periods


def _shade(
    axes: Axes, periods: Sequence[str], period: tuple[str, str] | None, name: str = ""
) -> None:
    if period is None:
        return
    within = [i for i, name in enumerate(periods) if period[0] <= name <= period[1]]
    if not within:
        return
    axes.axvspan(within[0], within[-1], color=PERIOD_FILL, linewidth=0, zorder=0)
    label = f" {name}".rstrip()
    write(axes, label, (within[0], 0.02), on="y", colour=QUIET_INK, va="bottom")


def _lines(axes: Axes, shown: _Shown, periods: Sequence[str], words: Words) -> None:
    labels = []
    for name, style in shown.styles.items():
        points = shown.values[name]
        if not points:
            continue
        _plot(axes, points, style, periods)
        end_at = (float(periods.index(points[-1][0])), points[-1][1])
        told = shown.told(name, words)
        labels.append(EndLabel(told, *end_at, style.colour, style.line, style.width))
    heading = axis_name(shown.unit, shown.ticks, words)
    draw_end_labels(axes, labels, height_inches=PANEL_MM / MM_PER_INCH, heading=heading)


def _plot(axes: Axes, points: Points, style: _Style, periods: Sequence[str]) -> None:
    place = {period: i for i, period in enumerate(periods)}
    x, y = [place[period] for period, _ in points], [value for _, value in points]
    for first, end in unbroken(x):
        axes.plot(
            x[first:end],
            y[first:end],
            color=style.colour,
            linewidth=style.width,
            linestyle=style.line,
            marker="." if end - first == 1 else None,  # alone between two gaps
            clip_on=False,
        )


def _gaps(values: dict[str, Points], words: Words) -> tuple[str, ...]:
    """Which areas lack values between their first and last, and the first period each lacks."""
    periods = every_period({period for points in values.values() for period, _ in points})
    lacking = []
    for area, points in values.items():
        has = {period for period, _ in points}
        within = [p for p in periods if has and min(has) < p < max(has) and p not in has]
        if within:
            key = "chart.gap" if len(within) == 1 else "chart.gap.more"
            first = words.numbers.period(within[0])
            count = {} if len(within) == 1 else {"count": words.numbers.count(len(within) - 1)}
            lacking.append(words.say(key, area=area, period=first, **count))
    return (words.say("chart.gaps", gaps=words.labels.all_of(lacking)),) if lacking else ()
