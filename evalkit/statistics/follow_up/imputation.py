"""Multiple imputation of a yes/no outcome that some lack, pooled: a sensitivity analysis.

It assumes that among persons alike in the covariates, those missing are like those followed
up ("missing at random"). No number here can show that they are.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from evalkit.results import CannotBeComputed, Estimate
from evalkit.statistics.regression.inputs import existing
from evalkit.statistics.regression.logistic import maximise_logistic
from evalkit.statistics.regression.model_matrix import Covariate, Levels, model_matrix
from evalkit.statistics.shares.proportions import wilson_at
from evalkit.statistics.shares.share_counts import check_confidence_level, interval_estimate

IMPUTATIONS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ImputedShare:
    """The pooled share, and where its uncertainty comes from."""

    share: Estimate
    pooled: Pooled
    imputations: int


def imputed_share(
    frame: pd.DataFrame,
    *,
    outcome: str,
    covariates: Sequence[Covariate],
    generator: np.random.Generator,
    levels: Levels | None = None,
    imputations: int = IMPUTATIONS,
    confidence_level: float = 0.95,
    group: str = "",
) -> ImputedShare:
    """The share of all persons, the unknown outcomes drawn from a logistic model many times.

    For each imputation the model is fitted to those followed up under weights of the
    Bayesian bootstrap (Rubin 1981), which makes the draws proper, and each missing outcome
    is drawn from its fitted chance. Levels where all or nobody have the outcome are kept
    finite by White, Daniel & Royston's (2010) augmentation. The shares are pooled by Rubin's
    rules; Wilson's interval for imputed shares (Lott & Reiter 2020) with Barnard & Rubin's
    degrees of freedom.

    Args:
        frame: One row per person.
        outcome: Column with 1 or 0, missing for those not followed up.
        covariates: Columns known of everyone, see `design`.
        generator: Source of the draws; the same seed gives the same answer.
        levels: Column → its levels, the reference first.
        imputations: Number of completed data sets.
        confidence_level: 0.95 for a 95 % interval.
        group: Printed level of the group, empty for everyone.

    Raises:
        RegressionInputError: If a column is absent or holds impossible values.
        CannotBeComputed: ``no_persons`` without rows, ``nobody_followed_up``, or
            ``no_events`` when nobody, or everybody, followed up has the outcome.

    Edge cases: with nobody missing the interval is that of the counted share, but for the
    t distribution's tails.

    >>> frame = pd.DataFrame({"work": [1, 0, 1, 0, None] * 20, "sex": ["woman", "man"] * 50})
    >>> found = imputed_share(
    ...     frame, outcome="work", covariates=["sex"], generator=np.random.default_rng(1))
    >>> round(found.share.value, 1)
    0.5
    """
    check_confidence_level(confidence_level)
    y, known = known_outcomes(frame, outcome)
    n = len(y)
    matrix = model_matrix(frame, covariates, levels=levels, event=y == 1, intercept=True)
    shares = _completed_shares(matrix.columns, y, known, generator, imputations)
    made = pooled(
        shares.tolist(), (shares * (1 - shares) / n).tolist(), complete_degrees_of_freedom=n - 1
    )
    quantile = float(-special.stdtrit(made.degrees_of_freedom, (1 - confidence_level) / 2))
    k, missing = int(y[known].sum()), int((~known).sum())
    share = interval_estimate(
        value=made.value,
        limits=wilson_at(made.value, n / (1 + made.relative_increase), quantile)[1:],
        unit="share",
        method="wilson_rubin",
        confidence_level=confidence_level,
        n=n,
        cells=(k, n - missing - k, missing),
        measure="imputed_share",
        group=group,
    )
    return ImputedShare(share=share, pooled=made, imputations=imputations)


def known_outcomes(frame: pd.DataFrame, outcome: str) -> tuple[np.ndarray, np.ndarray]:
    """The outcome as 0/1 (0 where unknown), and of whom it is known."""
    if len(frame) == 0:
        raise CannotBeComputed("no_persons")
    column = existing(frame, outcome, "outcome")
    known = column.notna().to_numpy(dtype=bool)
    if not known.any():
        raise CannotBeComputed("nobody_followed_up", n=len(frame))
    y = column.astype("Float64").fillna(0).to_numpy(dtype=float)
    if not np.isin(y, (0.0, 1.0)).all():
        raise ValueError("outcome must be 1, 0 or missing")
    if y[known].all() or not y[known].any():
        raise CannotBeComputed("no_events", n=int(known.sum()))
    return y, known


def _completed_shares(
    columns: np.ndarray,
    y: np.ndarray,
    known: np.ndarray,
    generator: np.random.Generator,
    imputations: int,
) -> np.ndarray:
    """The share of each completed data set."""
    seen, unseen = columns[:, known], columns[:, ~known]
    extra, extra_y, extra_weight = augmentation(seen)
    rows, outcomes = np.hstack((seen, extra)), np.append(y[known], extra_y) == 1
    followed = int(known.sum())
    shares = np.empty(imputations)
    for number in range(imputations):
        weights = followed * generator.dirichlet(np.ones(followed))
        fit = maximise_logistic(rows, outcomes, np.append(weights, extra_weight))
        chances = special.expit(fit.parameters @ unseen)
        drawn = generator.random(len(chances)) < chances
        shares[number] = (y[known].sum() + drawn.sum()) / len(y)
    return shares


def augmentation(columns: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Invented rows of little weight that keep every coefficient finite.

    For each column beside the intercept, four rows: half a standard deviation to either
    side of the mean, with and without the outcome, the other columns at their means.
    Together they weigh one person per column and one more (White, Daniel & Royston 2010).

    Returns:
        Columns, outcomes and weights of the rows.
    """
    p = len(columns) - 1
    if p == 0:
        return np.empty((1, 0)), np.empty(0), np.empty(0)
    rows = np.repeat(columns.mean(axis=1)[:, None], 4 * p, axis=1)
    spread = columns.std(axis=1, ddof=1) if columns.shape[1] > 1 else np.zeros(p + 1)
    for column in range(1, p + 1):
        own = slice(4 * (column - 1), 4 * column)
        rows[column, own] += spread[column] * np.array([0.5, -0.5, 0.5, -0.5])
    rows = np.clip(rows, columns.min(axis=1)[:, None], columns.max(axis=1)[:, None])
    outcomes = np.tile([0.0, 0.0, 1.0, 1.0], p)
    return rows, outcomes, np.full(4 * p, (p + 1) / (4 * p))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pooled:
    """An estimate pooled over imputations, with where its variance comes from.

    Attributes:
        value: Mean of the estimates.
        within, between: Mean of their variances, and the variance between them.
        total: within + (1 + 1/m)·between.
        relative_increase: What the missing add to the variance, as a share of ``within``.
        degrees_of_freedom: Of the t distribution of the pooled estimate.
        missing_information: Share of the information that the missing took along.
    """

    value: float
    within: float
    between: float
    total: float
    relative_increase: float
    degrees_of_freedom: float
    missing_information: float


def pooled(
    values: Sequence[float],
    variances: Sequence[float],
    *,
    complete_degrees_of_freedom: float = math.inf,
) -> Pooled:
    """Pools estimates of completed data sets (Rubin 1987, section 3.3), as mice's ``pool.scalar``.

    Degrees of freedom for small samples by Barnard & Rubin (1999); with infinite complete
    degrees of freedom, Rubin's own (m − 1)(1 + 1/r)².

    Args:
        values: One estimate per imputation, at least two.
        variances: Its squared standard error.
        complete_degrees_of_freedom: Had nobody been missing.

    Raises:
        ValueError: For fewer than two imputations, or a negative or missing number.

    Edge cases: where the imputations agree entirely there is no variance between them, and
    the degrees of freedom are those that the observed data alone would have.

    >>> found = pooled([0.40, 0.44, 0.42], [0.0010, 0.0011, 0.0010])
    >>> round(found.total, 6), round(found.degrees_of_freedom, 2)
    (0.001567, 17.26)
    """
    estimates, errors = np.asarray(values, dtype=float), np.asarray(variances, dtype=float)
    m = len(estimates)
    if m < 2 or errors.shape != estimates.shape:
        raise ValueError("pooled needs at least two imputations, each with its variance")
    if not (np.isfinite(estimates).all() and (errors >= 0).all()):
        raise ValueError("pooled: estimates and variances must be numbers, variances not negative")
    within, between = float(errors.mean()), float(estimates.var(ddof=1))
    added = (1 + 1 / m) * between
    total = within + added
    increase = added / within if within > 0 else (math.inf if added > 0 else 0.0)
    part = added / total if total > 0 else 0.0
    freedom = _degrees_of_freedom(m, part, complete_degrees_of_freedom)
    lost = 2 / (freedom + 3)
    information = (increase + lost) / (increase + 1) if math.isfinite(increase) else 1.0
    return Pooled(
        value=float(estimates.mean()),
        within=within,
        between=between,
        total=total,
        relative_increase=increase,
        degrees_of_freedom=freedom,
        missing_information=information,
    )


def _degrees_of_freedom(m: int, part: float, complete: float) -> float:
    """Barnard & Rubin's; ``part`` is the part of the variance that the missing make."""
    by_imputations = (m - 1) / part**2 if part > 0 else math.inf
    if math.isinf(complete):
        return by_imputations
    by_observed = (complete + 1) / (complete + 3) * complete * (1 - part)
    if math.isinf(by_imputations) or by_observed == 0:
        return by_observed
    return by_imputations * by_observed / (by_imputations + by_observed)
