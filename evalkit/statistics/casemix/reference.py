"""What a reference expects of each participant: from a table, published coefficients, or others.

The reference is another population than the participants, and what it knows of a person was
known at entry. Expected shares say how the reference would have fared with these persons.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from evalkit.results import CannotBeComputed
from evalkit.statistics.regression.design import Covariate, Levels
from evalkit.statistics.regression.inputs import RegressionInputError, existing, numbers, refuse
from evalkit.statistics.regression.logistic import ShareFit, fit_logistic
from evalkit.statistics.regression.maximise import COLLINEAR_REASON, SEPARATION_REASON

SAME = 1e-8
Coefficients = Mapping[str, float | Mapping[str, float]]


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


def expected_from_coefficients(
    frame: pd.DataFrame, *, intercept: float, coefficients: Coefficients, reference: float
) -> Expected:
    """Chances by a published logistic model.

    Args:
        frame: One row per person.
        intercept: On the log-odds scale.
        coefficients: Column → log odds per unit, or level → log odds against the level
            that is the published reference (coefficient 0, to be stated).
        reference: The share over the whole reference.

    Raises:
        RegressionInputError: If a column is absent or has a level without a coefficient.

    >>> frame = pd.DataFrame({"sex": ["woman", "man"], "age": [30.0, 30.0]})
    >>> made = expected_from_coefficients(frame, intercept=-0.6, reference=0.4,
    ...     coefficients={"sex": {"woman": -0.3, "man": 0.0}, "age": 0.02})
    >>> [round(chance, 3) for chance in made.chances.tolist()]
    [0.426, 0.5]
    """
    log_odds = np.full(len(frame), float(intercept))
    composition: list[int] = []
    for column, slope in coefficients.items():
        if isinstance(slope, Mapping):
            values = existing(frame, column, "coefficients")
            strange = np.flatnonzero(~values.isin(list(slope)))
            if len(strange):
                problem = f"no coefficient for the level of {column!r}"
                raise RegressionInputError(
                    "coefficients", problem, rows=strange.tolist(), column=column
                )
            log_odds += np.array([slope[level] for level in values], dtype=float)
            composition += [int((values == level).sum()) for level in slope]
        else:
            log_odds += slope * numbers(frame, column, "coefficients")
    return Expected(
        chances=np.asarray(special.expit(log_odds)),
        reference=reference,
        composition=tuple(composition),
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
