"""What has no spread, or nobody to compare, is refused: never an interval without width."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from evalkit.language import LANGUAGES, Texts
from evalkit.results import CannotBeComputed
from evalkit.statistics.means import mean_amount, mean_days
from evalkit.statistics.regression.logistic import logistic, robust_covariance
from evalkit.statistics.shares.ratios import odds_ratio, risk_ratio

EVERYBODY = {"events_1": 8, "n_1": 8, "events_2": 5, "n_2": 5}
NOBODY = {"events_1": 0, "n_1": 8, "events_2": 0, "n_2": 5}


def one_office() -> Any:
    frame = pd.DataFrame({"work": [1, 0, 1, 0], "arm": [1, 1, 0, 0], "office": "north"})
    return logistic(frame, outcome="work", covariates=["arm"], cluster="office")


def alone_with_a_level(form: Any) -> Any:
    columns = np.array([[1.0, 1, 1, 1], [1, 0, 0, 0]])
    leverages = np.array([1.0, 1 / 3, 1 / 3, 1 / 3])
    return robust_covariance(columns, np.eye(2), np.ones(4), leverages, form, None)


@pytest.mark.parametrize(
    ("reason", "attempt"),
    [
        ("no_variation", lambda: odds_ratio(**EVERYBODY)),
        ("no_variation", lambda: odds_ratio(**NOBODY)),
        ("no_variation", lambda: risk_ratio(**EVERYBODY)),
        ("zero_cell", lambda: risk_ratio(**NOBODY)),
        ("one_cluster", one_office),
        ("no_variation", lambda: mean_days([30, 30, 30])),
        ("no_variation", lambda: mean_amount([9_000, 9_000])),
        ("full_leverage", lambda: alone_with_a_level("hc3")),
        ("full_leverage", lambda: alone_with_a_level("hc2")),
    ],
)
def test_what_is_degenerate_is_refused_with_a_sentence_in_both_languages(
    reason: str, attempt: Callable[[], Any]
) -> None:
    with pytest.raises(CannotBeComputed) as refused:
        attempt()
    assert refused.value.reason == reason
    for language in LANGUAGES:
        assert Texts(language)[f"cannot.{reason}"].endswith(".")


def test_errors_that_divide_by_nothing_stand_beside_full_leverage() -> None:
    assert np.isfinite(alone_with_a_level("hc1")).all()
