"""Where persons are over time: curves at rounded numbers, and the parts of what is counted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from evalkit.disclosure.rule import Rule
from evalkit.results import StateCurves, Withheld


def release_state_curves(curves: StateCurves, rule: Rule) -> tuple[StateCurves | Withheld, int]:
    """Shares and numbers followed to whole multiples of the rule's base of persons.

    Two days side by side would else tell of the one who moved between them. The largest state
    of each day takes what rounding leaves, so that the states add up to all; the mean days are
    the area under the rounded curves.
    """
    keep = curves.followed >= rule.smallest_group
    if curves.n < rule.smallest_group or not keep.any():
        return Withheld(measure="state_share", reason="small_group"), 1
    base = rule.midpoint_base
    persons = np.round(curves.shares[keep] * curves.n / base) * base
    shares = np.clip(persons / curves.n, 0.0, 1.0)
    rows, largest = np.arange(len(shares)), shares.argmax(axis=1)
    shares[rows, largest] = 0.0
    shares[rows, largest] = 1.0 - shares.sum(axis=1)
    days = curves.days[keep]
    last = float(min(curves.horizon, days[-1]))
    return (
        replace(
            curves,
            days=days,
            shares=shares,
            standard_errors=curves.standard_errors[keep],
            followed=np.round(curves.followed[keep] / base).astype(int) * base,
            last_day=int(days[-1]),
            n=int(round(curves.n / base) * base),
            horizon=last,
            mean_days=_area(days, shares, last),
            mean_days_errors=np.zeros(shares.shape[1]),
        ),
        0,
    )


def _area(days: np.ndarray, shares: np.ndarray, horizon: float) -> np.ndarray:
    ends = np.minimum(np.append(days[1:], horizon), horizon)
    lengths = np.maximum(ends - np.minimum(days, horizon), 0.0)
    found = lengths @ shares
    return np.asarray(found if found.sum() else np.append(horizon, np.zeros(shares.shape[1] - 1)))
