"""What a reference expects of each participant, and what came of it: indirect standardisation.

The reference (a published table, or others) is another population, and what it knows of a person
was known at entry. Expected shares say how it would have fared with these persons.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from evalkit.results import AdjustedVerdict, CannotBeComputed, Estimate
from evalkit.statistics.regression.inputs import existing, refuse
from evalkit.statistics.regression.logistic import ShareFit, fit_logistic
from evalkit.statistics.regression.maximise import COLLINEAR_REASON, SEPARATION_REASON
from evalkit.statistics.regression.model_matrix import Covariate, Levels
from evalkit.statistics.shares.proportions import clopper_pearson_limits, proportion
from evalkit.statistics.shares.share_counts import (
    check_confidence_level,
    checked_counts,
    checked_share,
    interval_estimate,
    normal_quantile,
)
from evalkit.statistics.shares.targets import grade_of

SAME = 1e-8


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """The chance of the outcome that the reference gives each person.

    Attributes:
        chances: One per person, strictly between 0 and 1.
        reference: The reference's own share.
        log_spread: Standard error of log(reference / expected share): how uncertain a
            reference estimated from few persons is; 0 for a published one.
        reference_cells: Persons with and without the outcome in a reference from the
            register; empty for a published one.
        composition: Persons at each level that a published reference tells apart: with it,
            the expected share would tell them.
    """

    chances: np.ndarray
    reference: float
    log_spread: float = 0.0
    reference_cells: tuple[int, ...] = ()
    composition: tuple[int, ...] = ()


def expected_from_table(
    frame: pd.DataFrame, strata: Sequence[tuple[Mapping[str, str], float]], *, reference: float
) -> Expected:
    """The share of each person's stratum in a published table.

    Args:
        frame: One row per person, the columns holding levels as text.
        strata: The levels of a stratum, column → level, and its share.
        reference: The share over the whole reference.

    Raises:
        RegressionInputError: If a column is absent, or somebody belongs to no stratum or to
            several.

    >>> frame = pd.DataFrame({"sex": ["woman", "man", "man"]})
    >>> table = [({"sex": "woman"}, 0.4), ({"sex": "man"}, 0.5)]
    >>> expected_from_table(frame, table, reference=0.46).chances.tolist()
    [0.4, 0.5, 0.5]
    """
    members = np.array([_belongs(frame, levels) for levels, _ in strata], dtype=bool)
    found = members.sum(axis=0) if len(strata) else np.zeros(len(frame), dtype=int)
    refuse("strata", "not in one stratum and no other", found != 1)
    shares = np.array([share for _, share in strata])
    return Expected(
        chances=shares @ members,
        reference=reference,
        composition=tuple(int(size) for size in members.sum(axis=1)),
    )


def expected_from_others(
    frame: pd.DataFrame,
    others: pd.DataFrame,
    *,
    outcome: str,
    covariates: Sequence[Covariate],
    levels: Levels | None = None,
    standard: pd.DataFrame | None = None,
) -> Expected:
    """Chances by a logistic model fitted to other participants: other sites, other years.

    The reference's share is what the model expects of ``standard``, the mix of persons that
    sites are to be put on one footing with; without it, of the others, whose own share it is.

    Args:
        frame: One row per person to be judged.
        others: One row per person of the reference, with the outcome.
        outcome: Column of ``others`` with 1 for the outcome, else 0.
        covariates: Columns of both, known at entry, see `design`.
        levels: Column → its levels, the reference first; the frames have no others.
        standard: One row per person of the mix that a goal is stated for.

    Raises:
        RegressionInputError: If a column is absent or somebody has a level, or a number, that
            tells nobody of ``others`` apart.
        CannotBeComputed: ``no_persons`` without anybody on either side; ``no_events`` when
            nobody, or everybody, of the others has the outcome; ``separation`` when the
            model cannot tell what to expect at a level.

    >>> others = pd.DataFrame({"work": [1, 0, 1, 0, 0, 0, 1, 1], "sex": ["a", "b"] * 4})
    >>> made = expected_from_others(
    ...     pd.DataFrame({"sex": ["a", "a", "b"]}), others, outcome="work", covariates=["sex"])
    >>> [round(chance, 4) for chance in made.chances.tolist()]
    [0.75, 0.75, 0.25]
    """
    if len(frame) == 0 or len(others) == 0:
        raise CannotBeComputed("no_persons")
    fit = fit_logistic(others, outcome=outcome, covariates=covariates, levels=levels)
    if SEPARATION_REASON in fit.estimated.reasons:
        raise CannotBeComputed("separation", n=len(others))
    known = fit.matrix.rows(others)
    rows = _told_apart(fit, known, fit.matrix.rows(frame))
    chances = special.expit(fit.estimated.estimates @ rows)
    mix = known if standard is None else _told_apart(fit, known, fit.matrix.rows(standard))
    in_mix = special.expit(fit.estimated.estimates @ mix)
    slope = _log_slope(mix, in_mix) - _log_slope(rows, chances)
    events = fit.estimated.events
    return Expected(
        chances=np.asarray(chances),
        reference=float(in_mix.mean()),
        log_spread=float(np.sqrt(max(slope @ fit.estimated.covariance @ slope, 0.0))),
        reference_cells=(events, len(others) - events),
    )


def _told_apart(fit: ShareFit, known: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """The rows, none of which differs from the others in what those do not differ in."""
    lost = np.array([reason == COLLINEAR_REASON for reason in fit.estimated.reasons])
    if lost.any():
        tie = np.linalg.lstsq(known[~lost].T, known[lost].T)[0]
        gap = np.abs(rows[lost] - tie.T @ rows[~lost])
        size = np.abs(known[lost]).max(axis=1, keepdims=True) + np.abs(rows[lost])
        refuse("covariates", "unlike all others", (gap > SAME * (1 + size)).any(axis=0))
    return rows


def _log_slope(rows: np.ndarray, chances: np.ndarray) -> np.ndarray:
    """Derivative of the log of the mean chance by the coefficients."""
    return np.asarray(rows @ (chances * (1 - chances)) / chances.sum())


def _belongs(frame: pd.DataFrame, levels: Mapping[str, str]) -> np.ndarray:
    belongs = np.ones(len(frame), dtype=bool)
    for column, level in levels.items():
        belongs &= (existing(frame, column, "strata") == level).to_numpy(dtype=bool)
    return belongs


def observed_over_expected(
    *, events: int, expected: float, n: int, confidence_level: float = 0.95, group: str = ""
) -> Estimate:
    """Persons with the outcome over those expected, with the exact interval of a share.

    Clopper & Pearson's (1934) limits of events of n, over the expected share. They hold
    also when the persons' chances differ: a sum of unlike chances varies less than the
    binomial with their mean (Hoeffding 1956). The expected number is taken as known.

    Args:
        events: Persons with the outcome.
        expected: The number expected, the sum of the persons' chances.
        n: Persons in all.
        confidence_level: 0.95 for a 95 % interval.
        group: Printed level of the group, empty for everyone.

    Raises:
        ValueError: If a count is impossible, or ``expected`` is not within 0–n.
        CannotBeComputed: ``no_persons`` when ``n`` is 0.

    >>> ratio = observed_over_expected(events=81, expected=92.4, n=210)
    >>> round(ratio.value, 3), round(ratio.low, 3), round(ratio.high, 3)
    (0.877, 0.726, 1.034)
    """
    check_confidence_level(confidence_level)
    k, total = checked_counts(events, n)
    if not 0 < expected <= total:
        raise ValueError("expected must be above 0 and not exceed n")
    low, high = clopper_pearson_limits(k, total, confidence_level)
    return interval_estimate(
        value=k / expected,
        limits=(low * total / expected, high * total / expected),
        unit="ratio",
        method="clopper_pearson",
        confidence_level=confidence_level,
        n=total,
        cells=(k, total - k),
        measure="observed_over_expected",
        group=group,
    )


def adjusted_verdict(
    expected: Expected,
    *,
    events: int,
    goal: float,
    left_out: int = 0,
    confidence_level: float = 0.95,
    group: str = "",
) -> AdjustedVerdict:
    """A target judged with regard to who took part (indirect standardisation).

    The adjusted share is the reference's share times observed over expected: what would
    have been observed had the participants been a mix like the reference's and their lead
    over it the same. Its interval is Wilson's, scaled; with a reference estimated from the
    register, the spread of its own ratio is added on the log scale (variance recovery;
    Zou & Donner 2008). The grade reads it against the goal. An adjusted share has no upper
    bound of 1; where it exceeds 1, the lead cannot be carried over.

    Args:
        expected: What the reference expects of the participants.
        events: Participants with the outcome.
        goal: The goal as a share, stated for a mix like the reference's.
        left_out: Participants without what the reference asks of them.
        confidence_level: 0.95 for a 95 % interval.
        group: Printed level of the group, empty for everyone.

    Raises:
        ValueError: If a count is impossible or ``goal`` is not strictly between 0 and 1.
        CannotBeComputed: ``no_persons`` without participants; ``adjusted_beyond_one`` when
            the adjusted share or goal would exceed 1.

    >>> import numpy as np
    >>> hard = Expected(chances=np.full(210, 0.44), reference=0.50)
    >>> found = adjusted_verdict(hard, events=101, goal=0.50)
    >>> round(found.observed.value, 3), round(found.adjusted.value, 3), found.grade
    (0.481, 0.547, 'above_uncertain')
    """
    checked_share(goal, "goal")
    n = len(expected.chances)
    observed = proportion(events=events, n=n, confidence_level=confidence_level, group=group)
    number = float(expected.chances.sum())
    share = number / n
    scale = expected.reference / share
    if goal / scale >= 1 or observed.value * scale > 1:
        raise CannotBeComputed("adjusted_beyond_one", n=n)
    adjusted = _adjusted(observed, scale, expected.log_spread)
    return AdjustedVerdict(
        observed=observed,
        expected=share,
        reference=expected.reference,
        ratio=observed_over_expected(
            events=events,
            expected=number,
            n=n,
            confidence_level=confidence_level,
            group=group,
        ),
        adjusted=adjusted,
        goal=goal,
        grade=grade_of(adjusted.value, adjusted.low, adjusted.high, goal),
        left_out=left_out,
        reference_cells=(*expected.reference_cells, *expected.composition),
    )


def _adjusted(observed: Estimate, scale: float, log_spread: float) -> Estimate:
    """The observed share times ``scale``, the uncertainty of the scale added to its interval."""
    z = normal_quantile(observed.confidence_level)
    value, low, high = (scale * end for end in (observed.value, observed.low, observed.high))
    if log_spread > 0 and value > 0:
        below = math.hypot(math.log(value / low), z * log_spread) if low > 0 else math.inf
        above = math.hypot(math.log(high / value), z * log_spread)
        low, high = value * math.exp(-below), value * math.exp(above)
    elif log_spread > 0:
        high *= math.exp(z * log_spread)
    return interval_estimate(
        value=value,
        limits=(low, min(high, 1.0)),
        unit="share",
        method="wilson_scaled",
        confidence_level=observed.confidence_level,
        n=observed.n,
        cells=observed.cells,
        measure="adjusted_share",
        group=observed.group,
    )
