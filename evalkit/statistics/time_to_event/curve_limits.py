"""Pointwise confidence limits of a step function, on the scale the method names.

R's ``survfit`` calls these ``conf.type``. The scale decides how the limits behave near 0
and 1, so the name travels with every curve.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from evalkit.options import check_option
from evalkit.statistics.shares.share_counts import normal_quantile

IntervalScale = Literal["log-log", "log", "plain", "logit", "arcsin"]


def pointwise_limits(
    share: np.ndarray, standard_error: np.ndarray, *, confidence_level: float, scale: IntervalScale
) -> tuple[np.ndarray, np.ndarray]:
    """Limits (low, high) of shares in 0–1; NaN where the scale leaves them undefined.

    Delta-method limits: share ± z·se on the transformed scale, transformed back, cut to 0–1
    (Kalbfleisch & Prentice 2002, §1.4; Borgan & Liestøl 1990 for arcsin). NaN marks, inside
    analysis only, a limit that does not exist: a log(−log) or logit limit where the share is
    exactly 0 or 1, any limit where the standard error is undefined.

    Raises:
        ValueError: For an unknown scale.
    """
    check_option("scale", scale, IntervalScale)
    z = normal_quantile(confidence_level)
    transform = {
        "plain": _plain,
        "log": _log,
        "log-log": _log_log,
        "logit": _logit,
        "arcsin": _arcsin,
    }[scale]
    with np.errstate(divide="ignore", invalid="ignore"):
        return transform(share, z * standard_error)


def _plain(share: np.ndarray, half: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return np.maximum(share - half, 0.0), np.minimum(share + half, 1.0)


def _log(share: np.ndarray, half: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    factor = np.where(share > 0, np.exp(half / share), np.nan)
    return share / factor, np.minimum(share * factor, 1.0)


def _log_log(share: np.ndarray, half: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    inside = np.where((share > 0) & (share < 1), share, np.nan)
    logarithm = np.log(inside)
    factor = np.exp(half / (inside * -logarithm))
    return np.exp(logarithm * factor), np.exp(logarithm / factor)


def _logit(share: np.ndarray, half: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    inside = np.where((share > 0) & (share < 1), share, np.nan)
    logit = np.log(inside / (1 - inside))
    distance = half / (inside * (1 - inside))
    return 1 / (1 + np.exp(distance - logit)), 1 / (1 + np.exp(-distance - logit))


def _arcsin(share: np.ndarray, half: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    angle = np.arcsin(np.sqrt(share))
    inside = np.where((share > 0) & (share < 1), share, np.nan)
    distance = half / (2 * np.sqrt(inside * (1 - inside)))
    low = np.sin(np.maximum(angle - distance, 0.0)) ** 2
    return low, np.sin(np.minimum(angle + distance, np.pi / 2)) ** 2
