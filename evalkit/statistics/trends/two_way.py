"""Area and period effects of a panel without gaps, taken out by means and not by columns.

A yes/no column per area and period costs the square of their number; means cost the rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True, slots=True)
class TwoWayEffects:
    """Where each row stands in a panel with one row per area and period.

    Attributes:
        unit, period: ``(n,)`` numbers 0, 1 … of the row's area and period.
        n_units, n_periods: Their numbers; n is their product.
    """

    unit: np.ndarray
    period: np.ndarray
    n_units: int
    n_periods: int

    @property
    def count(self) -> int:
        """Coefficients that the effects use up, the intercept among them."""
        return self.n_units + self.n_periods - 1

    def taken_out(self, values: np.ndarray) -> np.ndarray:
        """``(n, k)`` less the means of their area and period, plus the mean of all.

        What least squares with both kinds of effects leaves (Frisch and Waugh 1933, Lovell
        1963); exact because every area has every period.
        """
        place = self.unit * self.n_periods + self.period
        table = np.asarray(values, dtype=float)[np.argsort(place)]
        cube = table.reshape(self.n_units, self.n_periods, -1)
        rest = cube - cube.mean(axis=1, keepdims=True)
        rest -= rest.mean(axis=0, keepdims=True)
        return np.asarray(rest.reshape(values.shape)[place])

    def hat(self, members: np.ndarray) -> np.ndarray:
        """``(m, m)`` the part of the hat matrix that the effects make, for some rows."""
        unit, period = self.unit[members], self.period[members]
        same_unit, same_period = (one[:, None] == one for one in (unit, period))
        n = self.n_units * self.n_periods
        return np.asarray(same_unit / self.n_periods + same_period / self.n_units - 1 / n)

    def spanned(self, members: np.ndarray, values: np.ndarray) -> np.ndarray:
        """Coordinates along the effects of a vector with ``values`` at some rows, else nought."""
        by_unit = np.bincount(self.unit[members], values, minlength=self.n_units)
        by_period = np.bincount(self.period[members], values, minlength=self.n_periods)
        centred = by_period - by_period.mean()
        along = (by_unit / np.sqrt(self.n_periods), centred / np.sqrt(self.n_units))
        return np.concatenate(along)


def two_way_effects(frame: pd.DataFrame, *, unit: str, period: str) -> TwoWayEffects:
    """The effects of a panel that `check_panel` let through."""
    (units, n_units), (periods, n_periods) = (_numbered(frame[name]) for name in (unit, period))
    return TwoWayEffects(units, periods, n_units, n_periods)


def _numbered(labels: pd.Series) -> tuple[np.ndarray, int]:
    numbers, levels = pd.factorize(labels)
    return numbers, len(levels)
