"""How strong an unknown difference between the groups would have to be: the E-value.

VanderWeele and Ding (2017), Annals of Internal Medicine 167:268. Other measures are first put
as an approximate ratio of shares, by the formulas of their Table 2.
"""

from __future__ import annotations

import math

from evalkit.results import Estimate, EValue


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
