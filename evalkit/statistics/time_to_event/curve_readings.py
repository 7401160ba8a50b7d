"""Numbers read off a curve: the share at a day, the day a share is reached.

Never extrapolates: beyond the follow-up there is no number, only a reason.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from evalkit.options import check_option, nearest
from evalkit.results import CannotBeComputed, Curve, Estimate, EstimateRow, NotEstimable
from evalkit.shape import as_from
from evalkit.statistics.shares.proportions import clopper_pearson_limits

MEASURES = {
    "share_exited": "share_exited",
    "survival": "share_remaining",
    "cumulative_incidence": "cumulative_incidence",
}
# Products of at most some thousand ratios: rounding stays far below this.
ROUNDING = 1e-10

Convention = Literal["step", "midpoint"]


def share_at(curve: Curve, day: float, *, group: str = "", cause: str = "") -> Estimate:
    """The curve's share on a day, its interval, and the counts behind it.

    Where the curve's interval is undefined or has no width (nobody has left yet, or
    everybody has), the exact binomial interval (Clopper & Pearson 1934) of those whose
    state that day is known takes its place, and ``method`` says so. For "nobody yet" those
    are the persons observed on the day, which ignores the earlier censored and so errs
    towards the wider side; for "everybody" it needs that none was censored before.

    Args:
        curve: From `kaplan_meier` or `cumulative_incidence`.
        day: Days from the start of the clock.
        group: Printed level; empty for a curve of everyone.
        cause: Way to leave, for a cumulative incidence.

    Raises:
        ValueError: If the curve has no such group or cause, or is a cumulative hazard.
        CannotBeComputed: ``beyond_follow_up`` when the day lies after the last
            observation and not everyone has left; ``risk_set_emptied`` when, with delayed
            entry, everyone at risk left early and others came later; ``no_events`` or
            ``interval_undefined`` when the exact interval does not exist either;
            ``no_persons`` for a group without persons.

    >>> from evalkit.statistics.time_to_event.event_table import event_table
    >>> from evalkit.statistics.time_to_event.survival import kaplan_meier
    >>> table = event_table([3, 5, 5, 8], [1, 0, 1, 0], cause_names=["work"])
    >>> share_at(kaplan_meier(table), 6).value
    0.5
    """
    if curve.measure not in MEASURES:
        raise ValueError(f"curve: expected shares, got {curve.measure}")
    rows = _rows(curve, group, cause)
    _check_followed(curve, rows, day, group)
    so_far = int(np.searchsorted(rows["day"].to_numpy(), day, side="right"))
    value = float(rows["value"].iloc[so_far - 1]) if so_far else _value_at_start(curve)
    low, high, method = _limits_at(curve, rows, so_far, day, group)
    events = round(float(rows["events"].iloc[:so_far].sum()))
    n = curve.persons[group]
    read = Estimate(
        measure=MEASURES[curve.measure],
        value=value,
        low=min(low, value),  # the two are equal but for the last bit where a band closes
        high=max(high, value),
        unit="share",
        method=method,
        confidence_level=curve.confidence_level,
        n=n,
        cells=_cells(curve, n, events, rows, so_far),
        group=group,
    )
    return as_from(curve, read)


def share_row(curve: Curve, day: float, *, cause: str, group: str = "") -> EstimateRow:
    """`share_at`, or why it does not exist, as a row of a table."""
    try:
        return share_at(curve, day, group=group, cause=cause)
    except CannotBeComputed as error:
        n = curve.persons[group]
        return NotEstimable(measure=curve.measure, reason=error.reason, n=n, group=group)


def quantile(
    curve: Curve,
    probability: float,
    *,
    group: str = "",
    convention: Convention = "step",
    measure: str = "",
) -> Estimate:
    """The day by which a share has left, those still waiting counted in; ``inf`` if not reached.

    Brookmeyer & Crowley (1982): the limits are the days where the curve's pointwise band
    crosses the same share (as R's ``quantile.survfit``).

    Args:
        curve: From `kaplan_meier`.
        probability: Share that has left, 0.5 for the median.
        group: Printed level; empty for a curve of everyone.
        convention: ``step`` is inf{t: S(t) ≤ 1 − p}, a day on which someone left;
            ``midpoint`` takes the middle of the flat stretch where S equals 1 − p exactly,
            as R does.
        measure: Text key; ``median_days`` or ``quantile_days`` when empty.

    Raises:
        ValueError: If ``probability`` is not strictly between 0 and 1, or there is no such
            group.
        CannotBeComputed: ``interval_undefined`` when the band ends before it crosses
            (everyone left at once), ``risk_set_emptied``, ``no_persons``.

    >>> from evalkit.statistics.time_to_event.event_table import event_table
    >>> from evalkit.statistics.time_to_event.survival import kaplan_meier
    >>> table = event_table([3, 5, 5, 8], [1, 0, 1, 0], cause_names=["work"])
    >>> quantile(kaplan_meier(table), 0.5).value
    5.0
    """
    check_option("convention", convention, Convention)
    value, low, high = quantile_days(curve, probability, group=group, convention=convention)
    rows = _rows(curve, group, "")
    if _emptied_early(rows):
        raise CannotBeComputed("risk_set_emptied")
    if value is not None and low is None:
        raise CannotBeComputed("interval_undefined", n=curve.persons[group])
    reached = np.inf if value is None else value
    by_then = int(np.searchsorted(rows["day"].to_numpy(), reached, side="right"))
    events = round(float(rows["events"].iloc[:by_then].sum()))
    n = curve.persons[group]
    read = Estimate(
        measure=measure or ("median_days" if probability == 0.5 else "quantile_days"),
        value=reached,
        low=min(np.inf if low is None else low, reached),
        high=np.inf if high is None else max(high, reached),
        unit="days",
        method=curve.method,
        confidence_level=curve.confidence_level,
        n=n,
        cells=_cells(curve, n, events, rows, by_then),
        group=group,
    )
    return as_from(curve, read)


def median(curve: Curve, *, group: str = "") -> Estimate:
    """The day by which half have left, those still waiting counted in.

    Arguments, errors and method as `quantile` with probability 0.5.

    >>> from evalkit.statistics.time_to_event.event_table import event_table
    >>> from evalkit.statistics.time_to_event.survival import kaplan_meier
    >>> days, left = [10, 20, 30, 40, 50, 60], [1, 1, 1, 0, 1, 0]
    >>> median(kaplan_meier(event_table(days, left, cause_names=["work"]))).value
    30.0
    """
    return quantile(curve, 0.5, group=group)


def quantile_days(
    curve: Curve, probability: float, *, group: str = "", convention: Convention = "step"
) -> tuple[float | None, float | None, float | None]:
    """Value, low and high of a quantile as bare days; ``None`` where not reached or undefined."""
    check_option("convention", convention, Convention)
    if not 0 < probability < 1:
        raise ValueError("probability must lie strictly between 0 and 1")
    rows = _rows(curve, group, "")
    days = rows["day"].to_numpy(dtype=float)
    value, low, high = (rows[c].to_numpy(dtype=float, na_value=np.nan) for c in _BAND)
    if curve.measure == "survival":
        value, low, high = 1 - value, 1 - high, 1 - low
    found = _crossing(days, value, probability, convention)
    return (
        found,
        _crossing(days, high, probability, "midpoint"),
        _crossing(days, low, probability, "midpoint"),
    )


def _cells(curve: Curve, n: int, events: int, rows: pd.DataFrame, so_far: int) -> tuple[int, ...]:
    """Counts a reader could work out; none of a curve of released blocks."""
    if curve.protection:
        return ()
    return events, n - events, round(_still_at_risk(rows, so_far))


_BAND = ("value", "low", "high")


def _crossing(
    days: np.ndarray, shares: np.ndarray, probability: float, convention: Convention
) -> float | None:
    """First day where a rising step function reaches ``probability``, within rounding.

    A limit need not rise all the way. As in R, the step that reaches the share by the least
    margin is then taken, and a stretch exactly on the share gives its middle.
    """
    times = np.concatenate([[0.0], days])
    levels = np.concatenate([[0.0], shares])
    defined = np.flatnonzero(~np.isnan(levels))
    moves = np.concatenate([[True], np.abs(np.diff(levels[defined])) > ROUNDING])
    kept = defined[moves]
    order = kept[np.argsort(levels[kept], kind="stable")]
    ordered = levels[order]
    reaches = int(np.searchsorted(ordered, probability - ROUNDING, side="left"))
    if reaches == len(order):
        return None
    on_it = abs(ordered[reaches] - probability) < ROUNDING
    if convention == "step" or not on_it:
        return float(times[order[reaches]])
    begins = times[order[reaches]]
    passes = int(np.searchsorted(ordered, probability + ROUNDING, side="left"))
    if passes < len(order):
        return float((begins + times[order[passes]]) / 2)
    ends_there = abs(levels[-1] - probability) < ROUNDING
    return float((begins + times[-1]) / 2) if ends_there else None


def _rows(curve: Curve, group: str, cause: str) -> pd.DataFrame:
    if not isinstance(curve, Curve):
        raise TypeError(
            f"expected a curve, found {type(curve).__name__}: kaplan_meier(table) or "
            "aalen_johansen(table)"
        )
    if group not in curve.persons:
        meant = nearest(group, curve.groups)
        raise ValueError(f"group: expected one of {', '.join(curve.groups)}, got {group!r}{meant}")
    if curve.persons[group] == 0:
        raise CannotBeComputed("no_persons")
    steps = curve.steps
    rows = steps[(steps["group"] == group) & (steps["cause"] == cause)]
    if rows.empty:
        known = [str(name) for name in steps["cause"].unique()]
        if known == [""]:
            raise ValueError(
                f"cause: the curve is of leaving in any way, got {cause!r}; "
                "aalen_johansen gives the share by each way to leave"
            )
        meant = nearest(cause, known)
        raise ValueError(f"cause: expected one of {', '.join(known)}, got {cause!r}{meant}")
    return rows


def _value_at_start(curve: Curve) -> float:
    return 1.0 if curve.measure == "survival" else 0.0


def _all_have_left(curve: Curve, group: str) -> bool:
    """Whether the curve has reached its end: later days hold no surprises."""
    rows = curve.steps[curve.steps["group"] == group]
    last = rows.groupby("cause", sort=False)["value"].last().sum()
    return bool(last == 0 if curve.measure == "survival" else last > 1 - ROUNDING)


def _emptied_early(rows: pd.DataFrame) -> bool:
    """Whether everyone at risk left while others were still to enter."""
    left = rows["events"].to_numpy() >= rows["at_risk"].to_numpy()
    return bool((left & (rows["events"].to_numpy() > 0))[:-1].any())


def _check_followed(curve: Curve, rows: pd.DataFrame, day: float, group: str) -> None:
    if day < 0 or not np.isfinite(day):
        raise ValueError("day: expected a number of days from 0")
    if _emptied_early(rows):
        raise CannotBeComputed("risk_set_emptied")
    last = curve.follow_up_days[group]
    if day > last and not _all_have_left(curve, group):
        raise CannotBeComputed("beyond_follow_up", day=day, follow_up_days=last)


def _still_at_risk(rows: pd.DataFrame, so_far: int) -> float:
    """Persons still waiting after the first ``so_far`` rows."""
    if so_far < len(rows):
        return float(rows["at_risk"].iloc[so_far])
    last = rows.iloc[-1]
    return max(float(last["at_risk"] - last["events"] - last["censored"]), 0.0)


def _limits_at(
    curve: Curve, rows: pd.DataFrame, so_far: int, day: float, group: str
) -> tuple[float, float, str]:
    if so_far:
        row = rows.iloc[so_far - 1]
        if row["low"] is not pd.NA and row["low"] < row["high"]:
            return float(row["low"]), float(row["high"]), curve.method
    k, n = _exact_counts(curve, rows, so_far, day, group)
    low, high = clopper_pearson_limits(k, n, curve.confidence_level)
    if curve.measure == "survival":
        low, high = 1 - high, 1 - low
    return float(low), float(high), "clopper_pearson"


def _exact_counts(
    curve: Curve, rows: pd.DataFrame, so_far: int, day: float, group: str
) -> tuple[int, int]:
    """(events, persons) of those whose state on the day is known, where binomial counts apply."""
    events, persons = float(rows["events"].iloc[:so_far].sum()), curve.persons[group]
    reason = "interval_undefined" if events else "no_events"
    by_day = curve.steps[curve.steps["group"] == group].groupby("day", sort=False)
    censored = rows["censored"].to_numpy(dtype=float)
    gone = by_day["events"].sum().to_numpy(dtype=float) + censored
    risk = rows["at_risk"].to_numpy(dtype=float)
    is_weighted = not np.array_equal(risk + np.cumsum(gone) - gone, np.full(len(rows), persons))
    if curve.delayed_entry or is_weighted:
        raise CannotBeComputed(reason, n=persons)
    before = int(np.searchsorted(rows["day"].to_numpy(), day, side="left"))
    if censored[:before].sum() == 0:
        return round(events), persons
    if events or before == len(rows):
        raise CannotBeComputed(reason, n=persons)
    return 0, round(float(risk[before]))
