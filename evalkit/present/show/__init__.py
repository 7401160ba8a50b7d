"""Every result as blocks of one language, once per shape: for notebooks, files and pictures.

`show` gives sentences, tables and charts; `chart` the one picture of a result.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

from evalkit.present.blocks import Figure
from evalkit.present.charts import interval_figure
from evalkit.present.labels import Words
from evalkit.present.show import (  # noqa: F401 - each says what it shows
    estimates,
    over_time,
    persons,
    series,
)
from evalkit.present.show.registry import SHOWN, Blocks, Shows
from evalkit.results import (
    Between,
    Estimate,
    Finding,
    FlowStep,
    NotEstimable,
    Regression,
    Released,
    Withheld,
)

_OF_ROWS: dict[type, Shows] = {
    Estimate: estimates.rows,
    Finding: estimates.findings,
    FlowStep: estimates.flow,
}


def show(released: Released[Any], words: Words) -> Blocks:
    """The sentences, tables and charts of a result, or of a list of results as one table.

    Parts of larger results have a table under the names of their fields.
    """
    result = released.result
    if isinstance(result, tuple):
        yield from _of_rows(result)(released, words)
    elif isinstance(result, Finding | FlowStep):
        yield from show(released.part((result,)), words)
    else:
        shows: Shows = SHOWN.get(type(result), estimates.plain)
        yield from shows(released, words)


def chart(released: Released[Any], words: Words) -> Figure | None:
    """The picture of a result: its chart, or its estimates of one unit as dots; else ``None``."""
    drawn = next((one for one in show(released, words) if isinstance(one, Figure)), None)
    if drawn is not None:
        return drawn
    found = _estimates(released.result)
    listed = [row for row in found if row.unit == found[0].unit]
    measures = list(dict.fromkeys(words.say(f"measure.{row.measure}") for row in listed))
    labels = [
        words.labels.level("group", row.group)
        if len(measures) == 1
        else words.say(f"measure.{row.measure}")
        for row in listed
    ]
    if not listed or len({*labels}) < len(labels):
        return None
    caption = measures[0] if len(measures) == 1 else words.say("show.figures")
    return interval_figure(
        released.part(tuple(listed)),
        words,
        figure_id="estimates",
        caption=caption,
        row_labels=labels,
    )


def _of_rows(listed: tuple[Any, ...]) -> Shows:
    if all(isinstance(row, Estimate | Between | NotEstimable | Withheld) for row in listed):
        return estimates.rows
    kinds = {*map(type, listed)}
    return _OF_ROWS.get(kinds.pop(), estimates.plain) if len(kinds) == 1 else estimates.plain


def _estimates(result: Any) -> list[Estimate]:
    """The estimates a result holds, in its order."""
    if isinstance(result, Estimate):
        return [result]
    if isinstance(result, Regression):
        return list(estimates.coefficients(result))
    if isinstance(result, tuple):
        return [row for one in result for row in _estimates(one)]
    if not is_dataclass(result):
        return []
    return [row for field in fields(result) for row in _estimates(getattr(result, field.name))]
