"""The package's own functions, from bare columns to a finished result."""

from __future__ import annotations

import numpy as np

from benchmarks.contenders import Contender
from benchmarks.data import CAUSES, COVARIATES, HORIZON_DAYS, Spells
from evalkit.results import Coefficient, Curve, Estimate, EventTable, Regression, TestResult
from evalkit.statistics.regression.cox import cox
from evalkit.statistics.time_to_event.competing_risks import cumulative_incidence
from evalkit.statistics.time_to_event.event_table import event_table
from evalkit.statistics.time_to_event.logrank import log_rank
from evalkit.statistics.time_to_event.restricted_mean import restricted_mean
from evalkit.statistics.time_to_event.survival import kaplan_meier, share_at

NAME = "evalkit"


def counted(spells: Spells, *, by_group: bool) -> EventTable:
    """The counting pass, part of every estimate's time."""
    groups = spells.groups if by_group else None
    return event_table(spells.days, spells.causes, cause_names=CAUSES, groups=groups)


def _kaplan_meier(spells: Spells) -> Curve:
    return kaplan_meier(counted(spells, by_group=True))


def _log_rank(spells: Spells) -> TestResult:
    return log_rank(counted(spells, by_group=True))


def _cumulative_incidence(spells: Spells) -> Curve:
    return cumulative_incidence(counted(spells, by_group=False))


def _restricted_mean(spells: Spells) -> Estimate:
    return restricted_mean(counted(spells, by_group=False), days=HORIZON_DAYS)


def _cox(spells: Spells) -> Regression:
    return cox(spells.frame, days="days", event="left", covariates=COVARIATES)


def _survival_by_group(curve: Curve) -> np.ndarray:
    return np.array([1 - share_at(curve, HORIZON_DAYS, group=g).value for g in curve.groups])


def _share_and_error_by_cause(curve: Curve) -> np.ndarray:
    upto = curve.steps[curve.steps["day"] <= HORIZON_DAYS]
    last = upto.groupby("cause", sort=False).tail(1).set_index("cause").loc[list(CAUSES)]
    return np.concatenate([last["value"], last["standard_error"].astype(float)])


def _coefficients(model: Regression) -> np.ndarray:
    return np.array([c.estimate for c in model.coefficients if isinstance(c, Coefficient)])


OURS = (
    Contender(name=NAME, task="kaplan_meier", run=_kaplan_meier, read=_survival_by_group),
    Contender(
        name=NAME, task="log_rank", run=_log_rank, read=lambda test: np.array([test.statistic])
    ),
    Contender(
        name=NAME,
        task="cumulative_incidence",
        run=_cumulative_incidence,
        read=_share_and_error_by_cause,
    ),
    Contender(
        name=NAME,
        task="restricted_mean",
        run=_restricted_mean,
        read=lambda mean: np.array([mean.value]),
    ),
    Contender(name=NAME, task="cox", run=_cox, read=_coefficients),
)


def columns_of(task: str, spells: Spells) -> list[np.ndarray]:
    """The columns a task reads: its input in bytes, and what one pass over it takes."""
    if task == "cox":
        return [spells.frame[name].to_numpy() for name in spells.frame.columns]
    columns = [spells.days, spells.causes]
    return [*columns, spells.groups] if task in ("kaplan_meier", "log_rank") else columns
