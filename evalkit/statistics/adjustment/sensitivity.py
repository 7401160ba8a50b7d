"""How strong an unknown difference between the groups would have to be: the E-value.

VanderWeele and Ding (2017), Annals of Internal Medicine 167:268. Other measures are first put
as an approximate ratio of shares, by the formulas of their Table 2.
"""

from __future__ import annotations

import math

from evalkit.results import Estimate, EValue

# Standardised differences: RR ≈ exp(0.91 d), limits exp(0.91 d ± 1.78 s) (Chinn 2000).
_PER_STANDARD_DEVIATION = 0.91
_SPREAD_PER_STANDARD_ERROR = 1.78


def e_value(ratio: float) -> float:
    """The E-value of a ratio of shares: RR + √(RR (RR − 1)), of 1/RR where RR is below 1.

    The smallest ratio by which something unknown must be tied to both membership and outcome,
    beyond what is adjusted for, to explain the whole ratio away.

    Args:
        ratio: Ratio of shares, above 0.

    Raises:
        ValueError: If the ratio is not a positive number.

    >>> round(e_value(3.9), 2), round(e_value(1.0), 2)
    (7.26, 1.0)
    """
    if not 0 < ratio < math.inf:
        raise ValueError("ratio: expected a positive number")
    upwards = max(ratio, 1 / ratio)
    return upwards + math.sqrt(upwards * (upwards - 1))


def e_value_of(ratio: Estimate) -> EValue:
    """The E-value of an estimated ratio and of the limit of its interval nearest to 1.

    Args:
        ratio: A ratio of shares with its interval.

    Edge cases: an interval that includes 1 has the limit 1: nothing unknown is needed.

    >>> row = Estimate(measure="adjusted_ratio", value=3.9, low=1.8, high=8.7, unit="ratio",
    ...     method="aipw", confidence_level=0.95, n=800, cells=(400, 400))
    >>> round(e_value_of(row).limit, 1)  # VanderWeele and Ding (2017), Table 1
    3.0
    """
    crosses = ratio.low <= 1 <= ratio.high
    nearest = ratio.low if ratio.value > 1 else ratio.high
    return EValue(
        ratio=ratio,
        point=e_value(ratio.value),
        limit=1.0 if crosses else e_value(nearest),
    )


def ratio_from_odds_ratio(odds_ratio: float, *, is_common: bool) -> float:
    """An odds ratio as a ratio of shares: itself for a rare outcome, its root for a common one.

    Args:
        odds_ratio: Above 0.
        is_common: Whether more than 15 % have the outcome at the end of follow-up.

    >>> ratio_from_odds_ratio(4.0, is_common=True)
    2.0
    """
    return math.sqrt(odds_ratio) if is_common else odds_ratio


def ratio_from_hazard_ratio(hazard_ratio: float, *, is_common: bool) -> float:
    """A hazard ratio as a ratio of shares; for a common outcome (1 − ½^√HR) / (1 − ½^√(1/HR)).

    >>> round(ratio_from_hazard_ratio(0.56, is_common=True), 3)
    0.67
    """
    if not is_common:
        return hazard_ratio
    up, down = math.sqrt(hazard_ratio), math.sqrt(1 / hazard_ratio)
    return float((1 - 0.5**up) / (1 - 0.5**down))


def ratio_from_standardised_difference(
    difference: float, standard_error: float
) -> tuple[float, float, float]:
    """A difference in standard deviations as a ratio of shares: value, lower, upper limit.

    Args:
        difference: Difference of means over their common standard deviation.
        standard_error: Of that difference; the limits are for 95 %.

    >>> [round(x, 3) for x in ratio_from_standardised_difference(0.5, 0.25)]
    [1.576, 1.01, 2.46]
    """
    centre = _PER_STANDARD_DEVIATION * difference
    half = _SPREAD_PER_STANDARD_ERROR * standard_error
    return math.exp(centre), math.exp(centre - half), math.exp(centre + half)
