"""An area chosen for its bad year, by yearly shares whose numbers of persons are known.

How much of each dip is chance then follows from the numbers; that part is given back first.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from evalkit.options import check_option
from evalkit.results import CannotBeComputed, ChosenFor, Estimate, LeadAfterBadYear
from evalkit.statistics.shares.share_counts import check_confidence_level
from evalkit.statistics.trends.after_a_bad_year import (
    FEWEST_YEARS,
    Residual,
    smallest_found,
    unadjusted_lead,
)

FEWEST_WITH_SHARES = 11
_FEWEST_PERSONS = 5


def lead_of_shares_after_bad_year(
    frame: pd.DataFrame,
    *,
    area: str,
    first_after: int,
    last_after: int,
    chosen_for: ChosenFor = "unknown",
    confidence_level: float = 0.95,
) -> LeadAfterBadYear:
    """As `lead_after_bad_year` for yearly shares whose numbers are known.

    Chance moves small areas most, so the one that is chosen is small and its dip mostly chance:
    how much of it, ``share_of_dip``, follows from the numbers, and is given back before the areas
    are compared. The value is a difference of shares, from the last year before to the last.

    Args:
        frame: ``area, year, events, n``, one row per area and year.
        area: The area with the programme.
        first_after: First year with it.
        last_after: The year that is compared.
        chosen_for: Why the area and its start were chosen.
        confidence_level: 0.95 for a 95 % interval.

    Raises:
        CannotBeComputed: ``chosen_for_result``; ``too_few_others`` with fewer than eleven others;
            ``too_few_periods`` with fewer than three years before; ``too_few_persons`` with fewer
            than five in an area and year; ``series_gap`` for a year that an area lacks;
            ``no_variation`` where all areas changed alike.
        ValueError: For an area's year that stands twice, or events that are no part of n.
    """
    check_option("chosen_for", chosen_for, ChosenFor)
    check_confidence_level(confidence_level)
    if chosen_for == "result":
        raise CannotBeComputed("chosen_for_result", area=area)
    if frame.duplicated(["area", "year"]).any():
        raise ValueError("frame: an area and year stand twice")
    if not frame["events"].between(0, frame["n"])[frame["n"].notna()].all():
        raise ValueError("frame: events must be from 0 to n")
    counts = _yearly_counts(frame, area, first_after, last_after)
    found = _by_chance(*counts)
    change = found.change
    lead = found.lead.estimate("lead_adjusted", len(change), confidence_level, area)
    return LeadAfterBadYear(
        area=area,
        adjusted=_of_shares(lead),
        unadjusted=_of_shares(unadjusted_lead(change, confidence_level, area=area)),
        plain=_of_shares(lead),
        change=float(change[0]),
        expected=float(change[0]) - found.lead.value,
        dip=found.dip,
        is_judged=chosen_for != "unknown",
        guard="chosen_unknown" if chosen_for == "unknown" else "",
        n_others=len(change) - 1,
        years_before=found.years_before,
        smallest_found=smallest_found(found.lead.error, found.lead.free, confidence_level),
        share_of_dip=found.share_of_dip,
    )


@dataclass(frozen=True, slots=True)
class ByChance:
    """What section 3b of the method finds on its way."""

    lead: Residual
    change: np.ndarray
    dip: float
    share_of_dip: float
    true_variance: float
    left_over: float
    scale: float
    years_before: int


def _yearly_counts(
    frame: pd.DataFrame, area: str, first_after: int, last_after: int
) -> tuple[np.ndarray, np.ndarray]:
    """``(years before and the last, areas)`` events and persons, the area first."""
    years = frame["year"].astype(int)
    kept = frame[(years < first_after) | (years == last_after)]
    events, n = (
        kept.pivot(index="year", columns="area", values=name).sort_index()
        for name in ("events", "n")
    )
    if area not in n.columns:
        raise CannotBeComputed("area_without_values", area=area)
    order = [area, *(name for name in n.columns if name != area)]
    before = int((n.index.astype(int) < first_after).sum())
    if len(order) - 1 < FEWEST_WITH_SHARES:
        raise CannotBeComputed("too_few_others", n=len(order) - 1, needed=FEWEST_WITH_SHARES)
    if before < FEWEST_YEARS or before == len(n):
        raise CannotBeComputed(
            "too_few_periods", before=before, after=len(n) - before, needed=FEWEST_YEARS, later=1
        )
    for name in order:
        missing = n.index[n[name].isna()]
        if len(missing):
            raise CannotBeComputed("series_gap", area=name, period=str(missing[0]))
    if n.to_numpy().min() < _FEWEST_PERSONS:
        raise CannotBeComputed("too_few_persons", n=int(n.to_numpy().min()))
    return events[order].to_numpy(float), n[order].to_numpy(float)


def _by_chance(events: np.ndarray, n: np.ndarray) -> ByChance:
    """The lead with the part of each dip that is chance given back first."""
    share, before = events / n, len(n) - 1
    last, change = share[before - 1], share[before] - share[before - 1]
    dip = last - share[: before - 1].mean(axis=0)
    pooled = events[:before].sum(axis=0) / n[:before].sum(axis=0)
    q = float(np.mean(pooled * (1 - pooled)))
    if q == 0 or np.ptp(change[1:]) == 0:
        raise CannotBeComputed("no_variation", n=len(change) - 1)
    v_last, v_after = q / n[before - 1], q / n[before]
    v_earlier = q * (1 / n[: before - 1]).sum(axis=0) / (before - 1) ** 2
    noise, mean_dip = v_last + v_earlier, float(dip[1:].mean())
    true = max(0.0, float(dip[1:].var(ddof=1) - noise[1:].mean()))
    chance = v_last / (true + noise)
    y = change + chance * (dip - mean_dip)
    x = true / (true + noise) * (dip - mean_dip)
    own = v_after + v_last * (1 - chance)
    rows = np.column_stack([np.ones(len(y)), x]) if true > 0 else np.ones((len(y), 1))
    free = len(y) - 1 - 2

    def fitted(extra: float) -> tuple[np.ndarray, np.ndarray]:
        weight = 1 / (own[1:] + extra)
        cross = (rows[1:] * weight[:, None]).T @ rows[1:]
        coefficients = np.linalg.solve(cross, (rows[1:] * weight[:, None]).T @ y[1:])
        return cross, y - rows @ coefficients

    _, rest = fitted(true)
    left_over = max(0.0, float(rest[1:] @ rest[1:]) / free - float(own[1:].mean()))
    cross, rest = fitted(left_over)
    scale = float(np.sum(rest[1:] ** 2 / (own[1:] + left_over))) / free
    leverage = float(rows[0] @ np.linalg.solve(cross, rows[0]))
    error = math.sqrt(scale * (own[0] + left_over + leverage))
    return ByChance(
        lead=Residual(float(rest[0]), error, free),
        change=change,
        dip=float(dip[0]),
        share_of_dip=float(chance[0]),
        true_variance=true,
        left_over=left_over,
        scale=scale,
        years_before=before,
    )


def _of_shares(row: Estimate) -> Estimate:
    """The same estimate in points: a difference of shares lies within ± 1."""
    return replace(
        row,
        low=max(row.low, -1.0),
        high=min(row.high, 1.0),
        unit="share_difference",
        method="regression_to_the_mean_shares",
    )
