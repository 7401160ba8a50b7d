"""The share followed up, the extremes around it, and what models of the missing say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from evalkit.present.blocks import Figure
from evalkit.present.charts.intervals import interval_figure
from evalkit.present.labels import Words
from evalkit.present.sentences.follow_up import ratio_text
from evalkit.results import EstimateRow, FollowUpBounds, Released

_MODELS = ("imputed", "weighted")


def bounds_figure(
    released: Released[FollowUpBounds],
    words: Words,
    *,
    figure_id: str,
    caption: str,
    modelled: Sequence[EstimateRow] = (),
    goal: float | None = None,
) -> Figure:
    """Each share of all persons as a row, from none to every one of the missing.

    Args:
        modelled: The released imputed share, and the weighted one where it exists.
        goal: A goal to draw as a line.
    """
    bounds, texts = released.result, words.texts
    rows: list[tuple[EstimateRow, str]] = [
        (bounds.followed_up, texts["follow_up.row.followed_up"]),
        (bounds.none, texts["follow_up.row.none"]),
        *(
            (share, texts.format("follow_up.row.ratio", ratio=ratio_text(ratio, words)))
            for ratio, share in zip(bounds.ratios, bounds.assumed, strict=True)
        ),
        (bounds.every, texts["follow_up.row.every"]),
        *(
            (row, texts[f"follow_up.row.{name}"])
            for row, name in zip(modelled, _MODELS, strict=False)
        ),
    ]
    figure = interval_figure(
        Released(
            [row for row, _ in rows],
            released.withheld,
            released.rule,
            is_internal=released.is_internal,
        ),
        words,
        figure_id=figure_id,
        caption=caption,
        row_labels=[label for _, label in rows],
        goal=goal,
        value_heading=texts["column.share"],
    )
    notes = (*figure.notes, texts.format("follow_up.note.limits", method=_method(bounds, words)))
    return replace(figure, notes=notes, data=replace(figure.data, notes=notes))


def _method(bounds: FollowUpBounds, words: Words) -> str:
    return words.texts[f"method.{bounds.method}"]
