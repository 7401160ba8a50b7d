"""Charts of a comparison group: how alike (Love plot), how they overlap, every difference."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from evalkit.present.blocks import Figure as FigureBlock
from evalkit.present.charts.axes import nice_ticks, number_ticks
from evalkit.present.charts.canvas import (
    COLOURS,
    INK,
    LINE_MM,
    NARROW_CHARACTERS,
    QUIET_INK,
    SMALL_POINTS,
    drawn_figure,
    is_narrow,
    name_values,
    quiet,
    wrapped,
    write,
    write_above_row,
)
from evalkit.present.charts.interval_rows import Row, row_middles, rows_figure
from evalkit.present.labels import Words
from evalkit.present.sentences.comparison import ALIKE, covariate_label
from evalkit.present.tables.comparison import (
    balance_data_table,
    differences_table,
    overlap_data_table,
)
from evalkit.results import (
    AdjustedComparison,
    Balance,
    BalanceRow,
    Overlap,
    Released,
    WithheldBalance,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ROW_MM, FRAME_MM = 6.2, 26.0
OVERLAP_MM = 72.0
LABEL_CHARACTERS = 40
_TOP = -1.4


def differences_by_method_figure(
    released: Released[AdjustedComparison], words: Words, *, figure_id: str, caption: str
) -> FigureBlock:
    """Every method's difference with its interval, the unadjusted first."""
    data = differences_table(released, words, table_id=f"{figure_id}-data", caption=caption)
    rows = [
        Row(label=words.say(f"measure.{row.measure}"), estimate=row)
        for row in released.result.differences
    ]
    heading = words.say("comparison.methods.heading")
    return rows_figure(rows, words, data, heading=heading)


def balance_figure(released: Released[Balance], words: Words, *, figure_id: str) -> FigureBlock:
    """Differences of every confounder before and after weighting (Love plot)."""
    data = balance_data_table(released, words, table_id=f"{figure_id}-data")
    rows = _by_size(released.result.rows)
    labels = [covariate_label(row.column, row.level, words) for row in rows]
    alternative = _balance_alternative(rows, labels, words)
    shown = [wrapped(label, characters=LABEL_CHARACTERS) for label in labels]
    lines = sum(label.count("\n") for label in shown)
    above = [wrapped(label, characters=NARROW_CHARACTERS) for label in labels]
    return drawn_figure(
        data,
        lambda sheet: _draw_balance(
            axes := sheet.add_subplot(), rows, above if is_narrow(axes) else shown, words
        ),
        alt=alternative,
        height_mm=FRAME_MM + ROW_MM * len(rows) + LINE_MM * lines,
        narrow_mm=FRAME_MM + LINE_MM + ROW_MM * _places_below(above)[1],
    )


def overlap_figure(released: Released[Overlap], words: Words, *, figure_id: str) -> FigureBlock:
    """Persons by propensity: participants upwards, the comparison group downwards."""
    data = overlap_data_table(released, words, table_id=f"{figure_id}-data")
    alternative = " ".join(
        [
            words.say("alt.overlap"),
            *(
                words.say(
                    "alt.overlap.row", label=row[0].text, treated=row[1].text, control=row[2].text
                )
                for row in data.rows
            ),
        ]
    )
    return drawn_figure(
        data,
        lambda sheet: _draw_overlap(sheet.add_subplot(), released.result, words),
        alt=alternative,
        height_mm=OVERLAP_MM,
        narrow_mm=OVERLAP_MM,
    )


def _by_size(rows: Sequence[BalanceRow | WithheldBalance]) -> list[BalanceRow | WithheldBalance]:
    """The most different before weighting first, the withheld last."""
    shown = [row for row in rows if isinstance(row, BalanceRow)]
    hidden = [row for row in rows if isinstance(row, WithheldBalance)]
    return [*sorted(shown, key=lambda row: -abs(row.before)), *hidden]


def _balance_alternative(
    rows: Sequence[BalanceRow | WithheldBalance], labels: Sequence[str], words: Words
) -> str:
    sentences = [words.say("alt.balance", n=len(rows))]
    for row, label in zip(rows, labels, strict=True):
        if isinstance(row, BalanceRow):
            before, after = (words.numbers.number(abs(gap)) for gap in (row.before, row.after))
            key, values = "alt.balance.row", {"before": before, "after": after}
        else:
            key, values = "alt.item_sentence", {"value": words.say("withheld.marker")}
        sentences.append(words.say(key, label=label, **values))
    return " ".join(sentences)


def _draw_balance(
    axes: Axes, rows: Sequence[BalanceRow | WithheldBalance], labels: Sequence[str], words: Words
) -> None:
    quiet(axes, grid="y")
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)
    if is_narrow(axes):
        places, bottom = _places_below(labels)
        _labels_above(axes, places, labels)
    else:
        places, bottom = _places(labels)
        axes.set_yticks(places, labels)
    axes.set_ylim(bottom, _TOP)
    shown = [(p, row) for p, row in zip(places, rows, strict=True) if isinstance(row, BalanceRow)]
    largest = max((max(abs(row.before), abs(row.after)) for _, row in shown), default=0.0)
    ticks = nice_ticks(0.0, max(largest, 2 * ALIKE))
    axes.set_xlim(-0.01 * ticks[-1], ticks[-1])
    axes.set_xticks(ticks, number_ticks(ticks, "number", words))
    name = words.say("comparison.balance.axis")
    axes.set_xlabel(wrapped(name, characters=NARROW_CHARACTERS) if is_narrow(axes) else name)
    axes.axvline(ALIKE, color=INK, linewidth=1.0, linestyle=(0, (4, 2)), zorder=1)
    write(axes, words.say("comparison.balance.limit"), (ALIKE, _TOP), off=(4, -8))
    for place, row in shown:
        before, after = abs(row.before), abs(row.after)
        axes.plot([before, after], [place, place], color=QUIET_INK, linewidth=0.8, zorder=2)
        axes.plot([before], [place], "o", color=COLOURS[1], markerfacecolor="white", markersize=6.5,
                  markeredgewidth=1.6, zorder=3)  # fmt: skip
        axes.plot([after], [place], "o", color=COLOURS[0], markersize=6.0, zorder=4)
    for place in set(places) - {place for place, _ in shown}:
        at = (0.02 * ticks[-1], place)
        write(axes, words.say("withheld.marker"), at, colour=QUIET_INK, va="center")
    _key(axes, words)


def _places(labels: Sequence[str]) -> tuple[list[float], float]:
    """The middle of each row from the top, the first at nought where it has one line."""
    middles, edge = row_middles(labels, ROW_MM)
    return [middle - 0.5 for middle in middles], edge - 0.4


def _places_below(labels: Sequence[str]) -> tuple[list[float], float]:
    """The place of each row under its label, and where the last ends."""
    places, edge = [], 0.2
    for label in labels:
        edge += (label.count("\n") + 1) * LINE_MM / ROW_MM
        places.append(edge + 0.4)
        edge += 1.0
    return places, edge


def _labels_above(axes: Axes, places: Sequence[float], labels: Sequence[str]) -> None:
    axes.set_yticks([])
    for place, label in zip(places, labels, strict=True):
        write_above_row(axes, label, place - 0.5, va="bottom")


def _key(axes: Axes, words: Words) -> None:
    """Which mark is which; shape and filling say it without the colours."""
    from matplotlib.lines import Line2D

    marks = [
        Line2D([], [], marker="o", linestyle="none", color=COLOURS[1], markerfacecolor="white",
               markeredgewidth=1.6, markersize=6.5),
        Line2D([], [], marker="o", linestyle="none", color=COLOURS[0], markersize=6.0),
    ]  # fmt: skip
    names = [words.say(f"comparison.balance.{name}") for name in ("before", "after")]
    axes.legend(
        marks,
        names,
        loc="lower right",
        bbox_to_anchor=(1.0, 1.0),
        ncols=1 if is_narrow(axes) else 2,
        frameon=False,
        fontsize=SMALL_POINTS,
        handletextpad=0.3,
        borderaxespad=0.0,
    )


def _draw_overlap(axes: Axes, overlap: Overlap, words: Words) -> None:
    quiet(axes, grid="y")
    width = overlap.edges[1] - overlap.edges[0]
    known = [count for count in (*overlap.treated, *overlap.control) if count is not None]
    top = max(known, default=1) or 1
    sides = ((overlap.treated, 1, COLOURS[0], ""), (overlap.control, -1, COLOURS[1], "//"))
    for counts, sign, colour, hatch in sides:
        for edge, count in zip(overlap.edges[:-1], counts, strict=True):
            if count is None:
                at, va = (edge + width / 2, sign * 0.04 * top), "bottom" if sign > 0 else "top"
                text = words.say("withheld.marker")
                write(axes, text, at, colour=QUIET_INK, ha="center", va=va, rotation=90)
                continue
            axes.bar(edge + width / 2, sign * count, width=width * 0.92, color=colour,
                     hatch=hatch, edgecolor="white", linewidth=0.6)  # fmt: skip
    axes.axhline(0, color=INK, linewidth=1.0)
    _overlap_axes(axes, overlap, top, words)


def _overlap_axes(axes: Axes, overlap: Overlap, top: float, words: Words) -> None:
    ticks = [tick for tick in nice_ticks(0.0, 2 * top) if tick <= top] or [0.0, top]
    both = [*(-tick for tick in reversed(ticks[1:])), *ticks]
    axes.set_ylim(-1.22 * top, 1.22 * top)
    axes.set_yticks(both, [words.numbers.count(abs(tick)) for tick in both])
    axes.set_xlim(overlap.edges[0], overlap.edges[-1])
    shares = overlap.edges[:: 4 if is_narrow(axes) else 2]
    axes.set_xticks(shares, [words.numbers.percent(share, decimals=0) for share in shares])
    axes.set_xlabel(words.say("comparison.column.propensity"))
    name_values(axes, words.say("comparison.overlap.axis"))
    for name, place, colour in (("treated", 0.97, COLOURS[0]), ("control", 0.03, COLOURS[1])):
        heading, va = words.say(f"comparison.column.{name}"), "top" if place > 0.5 else "bottom"
        write(axes, heading, (0.01, place), on="both", colour=colour, va=va, fontweight="bold")
