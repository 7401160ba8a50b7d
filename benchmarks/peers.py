"""The same estimates by lifelines, scikit-survival and statsmodels, each in its own habit.

Imports stand inside the functions: a peer that is not installed is left out, and its import
is never timed because each contender runs once before it counts.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.contenders import Contender, step_value
from benchmarks.data import COVARIATES, HORIZON_DAYS, Spells


def _lifelines_kaplan_meier(spells: Spells) -> list[Any]:
    from lifelines import KaplanMeierFitter

    groups = [spells.groups == g for g in (0, 1)]
    return [KaplanMeierFitter().fit(spells.float_days[g], spells.happened[g]) for g in groups]


def _lifelines_log_rank(spells: Spells) -> Any:
    from lifelines.statistics import logrank_test

    a, b = spells.groups == 0, spells.groups == 1
    days, left = spells.float_days, spells.happened
    return logrank_test(days[a], days[b], left[a], left[b])


def _lifelines_cumulative_incidence(spells: Spells) -> list[Any]:
    from lifelines import AalenJohansenFitter

    return [
        AalenJohansenFitter(seed=0).fit(spells.float_days, spells.causes, event_of_interest=cause)
        for cause in (1, 2, 3)
    ]


def _lifelines_restricted_mean(spells: Spells) -> float:
    from lifelines import KaplanMeierFitter
    from lifelines.utils import restricted_mean_survival_time

    fitted = KaplanMeierFitter().fit(spells.float_days, spells.happened)
    return float(restricted_mean_survival_time(fitted, t=HORIZON_DAYS))


def _lifelines_cox(spells: Spells) -> Any:
    from lifelines import CoxPHFitter

    return CoxPHFitter().fit(spells.frame, "days", "left")


def _sksurv_kaplan_meier(spells: Spells) -> list[Any]:
    from sksurv.nonparametric import kaplan_meier_estimator

    groups = [spells.groups == g for g in (0, 1)]
    return [
        kaplan_meier_estimator(spells.happened[g], spells.float_days[g], conf_type="log-log")
        for g in groups
    ]


def _sksurv_log_rank(spells: Spells) -> Any:
    from sksurv.compare import compare_survival

    return compare_survival(_sksurv_outcome(spells), spells.groups)


def _sksurv_cumulative_incidence(spells: Spells) -> Any:
    from sksurv.nonparametric import cumulative_incidence_competing_risks

    return cumulative_incidence_competing_risks(
        spells.causes, spells.float_days, conf_type="log-log"
    )


def _sksurv_cox(spells: Spells) -> Any:
    from sksurv.linear_model import CoxPHSurvivalAnalysis

    covariates = spells.frame[list(COVARIATES)]
    return CoxPHSurvivalAnalysis(ties="efron").fit(covariates, _sksurv_outcome(spells))


def _sksurv_outcome(spells: Spells) -> np.ndarray:
    outcome = np.empty(spells.n, dtype=[("left", bool), ("days", float)])
    outcome["left"], outcome["days"] = spells.happened, spells.float_days
    return outcome


def _statsmodels_kaplan_meier(spells: Spells) -> list[Any]:
    from statsmodels.duration.survfunc import SurvfuncRight

    left = spells.happened.astype(int)
    groups = [spells.groups == g for g in (0, 1)]
    return [SurvfuncRight(spells.float_days[g], left[g]) for g in groups]


def _statsmodels_log_rank(spells: Spells) -> Any:
    from statsmodels.duration.survfunc import survdiff

    return survdiff(spells.float_days, spells.happened.astype(int), spells.groups)


def _statsmodels_cumulative_incidence(spells: Spells) -> Any:
    from statsmodels.duration.survfunc import CumIncidenceRight

    return CumIncidenceRight(spells.float_days, spells.causes)


def _statsmodels_cox(spells: Spells) -> Any:
    from statsmodels.duration.hazard_regression import PHReg

    covariates = spells.frame[list(COVARIATES)].to_numpy()
    left = spells.happened.astype(int)
    return PHReg(spells.float_days, covariates, status=left, ties="efron").fit()


def _each(values: list[float]) -> np.ndarray:
    return np.array(values, dtype=float)


def _frame_at_horizon(frames: list[Any]) -> np.ndarray:
    return _each([step_value(f.index.to_numpy(), f.iloc[:, 0], HORIZON_DAYS) for f in frames])


def _sksurv_shares(found: Any) -> np.ndarray:
    return _each([step_value(found[0], found[1][i], HORIZON_DAYS) for i in (1, 2, 3)])


def _statsmodels_shares(found: Any) -> np.ndarray:
    shares = [step_value(found.times, found.cinc[i], HORIZON_DAYS) for i in range(3)]
    errors = [step_value(found.times, found.cinc_se[i], HORIZON_DAYS) for i in range(3)]
    return _each(shares + errors)


LIFELINES = (
    Contender(
        name="lifelines",
        task="kaplan_meier",
        run=_lifelines_kaplan_meier,
        read=lambda fits: _frame_at_horizon([f.survival_function_ for f in fits]),
    ),
    Contender(
        name="lifelines",
        task="log_rank",
        run=_lifelines_log_rank,
        read=lambda test: _each([test.test_statistic]),
    ),
    Contender(
        name="lifelines",
        task="cumulative_incidence",
        run=_lifelines_cumulative_incidence,
        read=lambda fits: _frame_at_horizon([f.cumulative_density_ for f in fits]),
        note="breaks ties by chance; its answer is not exact",
    ),
    Contender(
        name="lifelines",
        task="restricted_mean",
        run=_lifelines_restricted_mean,
        read=lambda mean: _each([mean]),
        note="without a standard error",
    ),
    Contender(
        name="lifelines",
        task="cox",
        run=_lifelines_cox,
        read=lambda model: model.params_.to_numpy(),
        note="its baseline hazard included",
    ),
)
SKSURV = (
    Contender(
        name="scikit-survival",
        task="kaplan_meier",
        run=_sksurv_kaplan_meier,
        read=lambda fits: _each([step_value(f[0], f[1], HORIZON_DAYS) for f in fits]),
    ),
    Contender(
        name="scikit-survival",
        task="log_rank",
        run=_sksurv_log_rank,
        read=lambda test: _each([test[0]]),
    ),
    Contender(
        name="scikit-survival",
        task="cumulative_incidence",
        run=_sksurv_cumulative_incidence,
        read=_sksurv_shares,
    ),
    Contender(
        name="scikit-survival",
        task="cox",
        run=_sksurv_cox,
        read=lambda model: model.coef_,
        note="without standard errors",
    ),
)
STATSMODELS = (
    Contender(
        name="statsmodels",
        task="kaplan_meier",
        run=_statsmodels_kaplan_meier,
        read=lambda fits: _each(
            [step_value(f.surv_times, f.surv_prob, HORIZON_DAYS) for f in fits]
        ),
        note="standard errors, no interval",
    ),
    Contender(
        name="statsmodels",
        task="log_rank",
        run=_statsmodels_log_rank,
        read=lambda test: _each([test[0]]),
    ),
    Contender(
        name="statsmodels",
        task="cumulative_incidence",
        run=_statsmodels_cumulative_incidence,
        read=_statsmodels_shares,
        note="standard errors, no interval",
    ),
    Contender(
        name="statsmodels",
        task="cox",
        run=_statsmodels_cox,
        read=lambda model: model.params,
    ),
)
PEERS = {"lifelines": LIFELINES, "sksurv": SKSURV, "statsmodels": STATSMODELS}
