"""Panels against R: lm, sandwich::vcovCL and clubSandwich's CR2 with Satterthwaite."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from evalkit.results import NotEstimable
from evalkit.statistics.trends.least_squares import (
    bias_reduced_errors,
    classical_covariance,
    cluster_covariance,
    least_squares,
)
from evalkit.statistics.trends.panel import Panel, clustered_event_study
from tests.oracles_support import Case, case_id, cases
from tests.statistics.trends.formulas import Design, read_formula

PANELS = cases("did", keep=lambda case: "formula" in case.spec)
EVENT_STUDIES = cases("did", keep=lambda case: "reference_period" in case.spec)


@pytest.mark.parametrize("case", PANELS, ids=case_id)
def test_panels_agree_with_r(case: Case) -> None:
    frame = case.frame()
    design = read_formula(frame, case.spec["formula"])
    line = least_squares(design.columns, design.outcome, names=design.names)
    clusters = frame[case.spec["cluster"]].to_numpy()
    chosen = [line.place(name) for name in case.at("terms")]
    count = len(np.unique(clusters))
    nested = nested_columns(frame, design, case.spec["cluster"])

    def errors(covariance: np.ndarray) -> np.ndarray:
        return np.sqrt(np.diag(covariance))[chosen]

    coefficients = line.coefficients[chosen]
    stata = errors(cluster_covariance(line, clusters))
    reduced = bias_reduced_errors(line, clusters, chosen=chosen)
    got: dict[str, Any] = {
        "terms": [line.names[i] for i in chosen],
        "coef": coefficients,
        "n": line.n,
        "clusters": count,
        "rank": line.rank,
        "se_classical": errors(classical_covariance(line)),
        "se_hc1": line.ordinary.HC1_se[chosen],
        "se_cr0": errors(cluster_covariance(line, clusters, absorbed=None)),
        "se_cr1_stata": stata,
        "se_cr1_nested_fe": errors(cluster_covariance(line, clusters, absorbed=nested)),
        "k_nested_convention": line.rank - nested,
        "cr2": {
            "se": reduced.standard_errors,
            "df_satterthwaite": reduced.degrees_of_freedom,
            "p": 2
            * stats.t.sf(
                np.abs(coefficients) / reduced.standard_errors, reduced.degrees_of_freedom
            ),
        },
        "t_cr1": {
            "t": coefficients / stata,
            "df": count - 1,
            "p": 2 * stats.t.sf(np.abs(coefficients / stata), count - 1),
        },
    }
    for name in case.expected:
        if name in got:
            case.assert_close(name, got[name])
    case.finish()


def nested_columns(frame: pd.DataFrame, design: Design, cluster: str) -> int:
    """Dummies of factors whose every level lies within one cluster."""
    return sum(
        len(dummies)
        for factor, dummies in design.factors.items()
        if frame.groupby(factor)[cluster].nunique().max() == 1
    )


@pytest.mark.parametrize("case", EVENT_STUDIES, ids=case_id)
def test_event_studies_agree_with_r(case: Case) -> None:
    frame, spec = case.frame(), case.spec
    controls = [part.strip() for part in spec["controls"].split(",")]
    fixed = [part.removesuffix(" FE") for part in controls if part.endswith(" FE")]
    unit = next(name for name in fixed if not period_like(frame, name, spec))
    (period,) = [name for name in fixed if name != unit]
    panel = Panel(
        frame,
        outcome=spec.get("outcome", "y"),
        unit=unit,
        period=period,
        treated=spec.get("treatment", "treated"),
        first_treated_period=spec["first_treated_period"],
        covariates=[name for name in controls if not name.endswith(" FE")],
        cluster=spec["cluster"],
    )
    study = clustered_event_study(panel, reference_period=spec["reference_period"])
    case.assert_close("period", [int(row.group) for row in study.differences])
    case.assert_close("coef", [row.value for row in study.differences])
    half = stats.t.ppf(0.975, len(frame[spec["cluster"]].unique()) - 1)
    case.assert_close("se_cr1", [(row.high - row.low) / 2 / half for row in study.differences])
    test = study.trends_before
    if isinstance(test, NotEstimable):
        case.assert_close("pretrend_wald", test)
        case.finish()
        return
    count = frame[spec["cluster"]].nunique()
    before = sum(int(row.group) < spec["first_treated_period"] for row in study.differences)
    chisq = test.statistic * before
    case.assert_close(
        "pretrend_wald",
        {
            "chisq": chisq,
            "df": test.degrees_of_freedom,
            "p_chisq": stats.chi2.sf(chisq, before),
            "F": test.statistic,
            "df2": count - 1,
            "p_F": test.p_value,
        },
    )
    case.finish()


def period_like(frame: pd.DataFrame, name: str, spec: Any) -> bool:
    """Whether a fixed effect is of time: every unit of the cluster meets its levels."""
    return name != spec["cluster"] and frame[name].isin([spec["reference_period"]]).any()
