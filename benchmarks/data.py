"""Synthetic spells in whole days, and the forms of them that each tool works with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

CAUSES = ("work", "studies", "dropout")
FOLLOW_UP_DAYS = 730
HORIZON_DAYS = 365
COVARIATES = ("woman", "age", "months_without_work", "newly_arrived", "days_of_support")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spells:
    """Columns as a register holds them; the float and Boolean forms are what peers ask for.

    ``days``, ``causes`` (0 censored) and ``groups`` (0 or 1) are 64-bit whole numbers.
    """

    days: np.ndarray
    causes: np.ndarray
    groups: np.ndarray
    frame: pd.DataFrame
    float_days: np.ndarray
    happened: np.ndarray

    @property
    def n(self) -> int:
        return len(self.days)


def spells(n: int, *, seed: int = 20180101) -> Spells:
    """``n`` enrolments: intake over two years, three ways to leave, five covariates."""
    random = np.random.default_rng(seed)
    x = np.empty((n, len(COVARIATES)))
    x[:, 0] = random.integers(0, 2, n)
    x[:, 1] = random.integers(18, 65, n)
    x[:, 2] = random.integers(0, 61, n)
    x[:, 3] = random.random(n) < 0.3
    x[:, 4] = np.round(random.gamma(2.0, 20.0, n))
    effects = np.array([-0.1, -0.015, -0.01, -0.3, 0.003])
    scale = 350 * np.exp(-(x - x.mean(axis=0)) @ effects)
    leaving = np.ceil(random.exponential(scale))
    last_seen = np.ceil(random.uniform(0, FOLLOW_UP_DAYS, n))
    days = np.minimum(leaving, last_seen).astype(np.int64)
    causes = np.where(leaving <= last_seen, random.choice([1, 1, 2, 3], n), 0).astype(np.int64)
    frame = pd.DataFrame(x, columns=list(COVARIATES), copy=False)
    frame["days"], frame["left"] = days, causes > 0
    return Spells(
        days=days,
        causes=causes,
        groups=x[:, 0].astype(np.int64),
        frame=frame,
        float_days=days.astype(float),
        happened=causes > 0,
    )
