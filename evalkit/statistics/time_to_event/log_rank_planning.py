"""Planning a comparison of two curves by the log-rank test: events, persons, power.

What counts is events, not persons: a large programme seen for a short time has little power.
The hazard ratio compares how fast the two groups leave; 1.5 is half as fast again.
"""

from __future__ import annotations

import math

from scipy import special

from evalkit.results import CannotBeComputed
from evalkit.statistics.shares.power import checked_positive, upper_quantile
from evalkit.statistics.shares.share_counts import checked_share


def _quantiles(power: float, significance_level: float) -> float:
    tail = checked_share(significance_level, "significance_level") / 2
    return upper_quantile(tail) + upper_quantile(1 - checked_share(power, "power"))


def _checked_ratio(hazard_ratio: float) -> float:
    ratio = checked_positive(hazard_ratio, "hazard_ratio")
    if ratio == 1:
        raise CannotBeComputed("no_difference")
    return ratio


def schoenfeld_events(
    *,
    hazard_ratio: float,
    share_first: float = 0.5,
    power: float = 0.8,
    significance_level: float = 0.05,
) -> float:
    """Events needed, both groups together, to show a hazard ratio (Schoenfeld 1981).

    d = (z₁₋α/₂ + z_power)² / (π(1 − π) log² ratio), π the first group's share of the persons.

    Args:
        hazard_ratio: True ratio of the two groups' rates of leaving.
        share_first: Share of the persons in the first group.
        power: Probability wanted of showing it.
        significance_level: Two-sided.

    Raises:
        ValueError: If an argument is out of range.
        CannotBeComputed: ``no_difference`` when the ratio is 1.

    >>> round(schoenfeld_events(hazard_ratio=1.5), 1)
    191.0
    """
    log_ratio = math.log(_checked_ratio(hazard_ratio))
    share = checked_share(share_first, "share_first")
    return (_quantiles(power, significance_level) / log_ratio) ** 2 / (share * (1 - share))


def freedman_events(
    *,
    hazard_ratio: float,
    group_ratio: float = 1.0,
    power: float = 0.8,
    significance_level: float = 0.05,
) -> float:
    """Events needed, both groups together, to show a hazard ratio (Freedman 1982).

    d = (z₁₋α/₂ + z_power)² (1 + r·ratio)² / (r(1 − ratio)²) with r persons in the group the
    ratio speaks of per person in the other. More cautious than Schoenfeld's far from 1.

    Args:
        hazard_ratio: True ratio of the two groups' rates of leaving.
        group_ratio: r, 1 for groups of equal size.
        power: Probability wanted of showing it.
        significance_level: Two-sided.

    Raises:
        ValueError: If an argument is out of range.
        CannotBeComputed: ``no_difference`` when the ratio is 1.

    >>> round(freedman_events(hazard_ratio=1.5), 1)
    196.2
    """
    ratio, r = _checked_ratio(hazard_ratio), checked_positive(group_ratio, "group_ratio")
    root = _quantiles(power, significance_level) * (1 + r * ratio) / (1 - ratio)
    return root**2 / r


def persons_for_events(*, events: float, share_with_event: float) -> float:
    """Persons to follow for an expected number of events, when a share will have one.

    >>> persons_for_events(events=191, share_with_event=0.5)
    382.0
    """
    wanted = checked_positive(events, "events")
    if not 0 < share_with_event <= 1:
        raise ValueError("share_with_event must lie above 0 and not above 1")
    return wanted / share_with_event


def log_rank_power(
    *,
    hazard_ratio: float,
    events: float,
    share_first: float = 0.5,
    significance_level: float = 0.05,
) -> float:
    """Probability that the log-rank test shows a hazard ratio, given events (Schoenfeld 1981).

    Arguments and errors as in `schoenfeld_events`; a ratio of 1 gives half the level, for a
    rejection in the wrong direction does not count.

    >>> round(log_rank_power(hazard_ratio=1.5, events=191), 2)
    0.8
    """
    ratio = checked_positive(hazard_ratio, "hazard_ratio")
    share = checked_share(share_first, "share_first")
    distance = abs(math.log(ratio)) * math.sqrt(
        checked_positive(events, "events") * share * (1 - share)
    )
    z = upper_quantile(checked_share(significance_level, "significance_level") / 2)
    return float(special.ndtr(distance - z))


def smallest_detectable_hazard_ratio(
    *,
    events: float,
    share_first: float = 0.5,
    power: float = 0.8,
    significance_level: float = 0.05,
) -> float:
    """The hazard ratio nearest above 1 that a number of events would show (Schoenfeld 1981).

    Its inverse is the ratio nearest below 1. Arguments and errors as in `schoenfeld_events`.

    >>> round(smallest_detectable_hazard_ratio(events=191), 2)
    1.5
    """
    share = checked_share(share_first, "share_first")
    information = checked_positive(events, "events") * share * (1 - share)
    return math.exp(_quantiles(power, significance_level) / math.sqrt(information))
