"""Figures of no persons that a claim can be set beside: a project's budget, official series.

Only agreement is told. Another amount may be of another year, another rate of another
definition: then the claim is left untested, and what to add to the project file is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from evalkit.language import Texts
from evalkit.present.numbers import Numbers
from evalkit.project import Project, Series
from evalkit.reading.compare import Figure, compare_with_figure
from evalkit.reading.reader import ReadClaim
from evalkit.results import AreaSeries, Released

_AREA_KINDS = frozenset({"area_level", "comparison", "before_after"})
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_MOST_ROUNDED = 6  # amounts are told in millions at the most


def is_of_area(claim: ReadClaim) -> bool:
    """Whether a claim is a rate of a whole area."""
    return claim.whole_register and claim.unit == "percent" and claim.kind in _AREA_KINDS


def is_total(claim: ReadClaim) -> bool:
    """Whether a claim is what a whole programme cost: of no head, of no outcome, no saving."""
    return (
        claim.kind == "cost"
        and claim.unit == "SEK"
        and "gross_cost" not in claim.traps
        and " per " not in own_words(claim)
    )


def own_words(claim: ReadClaim) -> str:
    """What stands behind a number, up to the next: *9.8 million, or 70 000 each* are two."""
    end = claim.span[1] - claim.sentence_span[0]
    return re.split(r"\d", claim.sentence[end:].lower(), maxsplit=1)[0]


def budget_figure(claim: ReadClaim, project: Project, texts: Texts) -> tuple[Figure, str] | None:
    """The budget of the project file where the amount told rounds it, and the words for it."""
    if project.budget is None or not is_total(claim):
        return None
    told, amount = claim.numbers[-1], project.budget.amount
    zeros = len(str(int(told))) - len(str(int(told)).rstrip("0"))
    step = 10.0 ** min(zeros, _MOST_ROUNDED)
    if round(amount / step) * step != told:
        return None
    words = texts.format("reading.register.budget", amount=Numbers(texts.language).sek(amount))
    return Figure(value=told, unit="sek"), words


def area_figures(
    claim: ReadClaim, project: Project, answers: Mapping[str, Released[Any]], texts: Texts
) -> Iterator[tuple[str, Figure, str]]:
    """The levels of a series that a claim of an area tells: answer, figure and words of each."""
    if not is_of_area(claim):
        return
    for spec in project.series:
        released = answers.get(f"series.{spec.id}")
        if released is None or not isinstance(released.result, AreaSeries):
            continue
        found = [_level(claim, value, spec, released.result) for value in claim.numbers]
        levels = [one for one in found if one is not None]
        if spec.is_percentage and len(levels) == len(claim.numbers):
            numbers = Numbers(texts.language)
            for period, value in levels:
                words = texts.format(
                    "reading.register.area", area=spec.area, period=period,
                    percent=numbers.percent(value / 100), source=released.result.source,
                )  # fmt: skip
                yield f"series.{spec.id}", Figure(value=value, unit="percent"), words
            return


def _level(
    claim: ReadClaim, told: float, spec: Series, series: AreaSeries
) -> tuple[str, float] | None:
    """The period named in the sentence, or else the last, whose value is printed so."""
    rows = series.observations[series.observations["area"] == spec.area]
    years = set(_YEAR.findall(claim.sentence))
    periods = rows["period"].astype(str)
    kept = rows[periods.str[:4].isin(years)] if years else rows[periods == periods.max()]
    alone = replace(claim, numbers=(told,))
    for period, value in zip(kept["period"], kept["value"], strict=True):
        if pd.isna(value):
            continue
        if compare_with_figure(alone, Figure(value=float(value), unit="percent")) == "holds":
            return str(period), float(value)
    return None
