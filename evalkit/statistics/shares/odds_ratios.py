"""The odds ratio of two independent groups, first over second: one function per interval."""

from __future__ import annotations

from evalkit.results import CannotBeComputed, Estimate
from evalkit.statistics.shares.conditional_odds import (
    conditional_odds_limits,
    conditional_odds_ratio,
)
from evalkit.statistics.shares.ratio_limits import (
    miettinen_nurminen_odds_limits,
    odds_score_limits,
    woolf_limits,
)
from evalkit.statistics.shares.ratios import quotient
from evalkit.statistics.shares.two_groups import (
    Counts,
    cells_of,
    two_group_estimate,
    two_groups,
)


def odds_ratio(counts: Counts) -> float:
    """odds1/odds2 of ``k1, n1, k2, n2``."""
    k1, n1, k2, n2 = counts
    return quotient(k1 * (n2 - k2), k2 * (n1 - k1))


def woolf(
    *,
    events_1: int,
    n_1: int,
    events_2: int,
    n_2: int,
    confidence_level: float = 0.95,
    measure: str = "odds_ratio",
    group: str = "",
) -> Estimate:
    """The odds ratio with Woolf's (1955) logit interval.

    Args:
        events_1: Persons with the event in the first group.
        n_1: Persons in the first group.
        events_2: Persons with the event in the second group.
        n_2: Persons in the second group.
        confidence_level: 0.95 for a 95 % interval.
        measure: Text key of what is estimated.
        group: Printed level of the group, empty for everyone.

    Raises:
        ValueError: If a count is impossible or ``confidence_level`` is not between 0 and 1.
        CannotBeComputed: ``no_persons``; ``zero_cell`` when any of the four counts is 0.

    >>> ratio = woolf(events_1=56, n_1=70, events_2=48, n_2=80)
    >>> round(ratio.value, 4), round(ratio.low, 4), round(ratio.high, 4)
    (2.6667, 1.2762, 5.572)
    """
    counts = two_groups(events_1, n_1, events_2, n_2)
    if 0 in cells_of(counts):
        raise CannotBeComputed("zero_cell")
    return two_group_estimate(
        odds_ratio(counts),
        woolf_limits,
        "woolf_logit",
        counts,
        unit="ratio",
        confidence_level=confidence_level,
        measure=measure,
        group=group,
    )


def odds_score(
    *,
    events_1: int,
    n_1: int,
    events_2: int,
    n_2: int,
    confidence_level: float = 0.95,
    measure: str = "odds_ratio",
    group: str = "",
) -> Estimate:
    """The odds ratio with the score interval (Cornfield 1956, uncorrected).

    Arguments as in `woolf`.

    Raises:
        ValueError: If a count is impossible or ``confidence_level`` is not between 0 and 1.
        CannotBeComputed: ``no_persons``; ``ratio_undefined`` when nobody or everybody has
            the event.

    >>> ratio = odds_score(events_1=56, n_1=70, events_2=48, n_2=80)
    >>> round(ratio.low, 4), round(ratio.high, 4)
    (1.2847, 5.527)
    """
    counts = two_groups(events_1, n_1, events_2, n_2)
    return two_group_estimate(
        odds_ratio(counts),
        odds_score_limits,
        "score",
        counts,
        unit="ratio",
        confidence_level=confidence_level,
        measure=measure,
        group=group,
    )


def miettinen_nurminen_odds(
    *,
    events_1: int,
    n_1: int,
    events_2: int,
    n_2: int,
    confidence_level: float = 0.95,
    measure: str = "odds_ratio",
    group: str = "",
) -> Estimate:
    """The odds ratio with Miettinen & Nurminen's (1985) score interval.

    Arguments and errors as in `odds_score`.

    >>> ratio = miettinen_nurminen_odds(events_1=24, n_1=73, events_2=53, n_2=65)
    >>> round(ratio.low, 3), round(ratio.high, 3)
    (0.05, 0.245)
    """
    counts = two_groups(events_1, n_1, events_2, n_2)
    return two_group_estimate(
        odds_ratio(counts),
        miettinen_nurminen_odds_limits,
        "miettinen_nurminen",
        counts,
        unit="ratio",
        confidence_level=confidence_level,
        measure=measure,
        group=group,
    )


def conditional_odds(
    *,
    events_1: int,
    n_1: int,
    events_2: int,
    n_2: int,
    confidence_level: float = 0.95,
    measure: str = "conditional_odds_ratio",
    group: str = "",
) -> Estimate:
    """The odds ratio given both margins, with exact limits, as R's ``fisher.test``.

    The value is the conditional maximum-likelihood estimate, a little nearer 1 than the
    observed ratio (Fisher 1935; Cornfield 1956). Arguments as in `woolf`.

    Raises:
        ValueError: If a count is impossible or ``confidence_level`` is not between 0 and 1.
        CannotBeComputed: ``no_persons`` when a group is empty.

    Edge cases: when nobody or everybody has the event the margins leave one table only; the
    value is then 0 by R's convention and the interval 0…∞, which says nothing.

    >>> ratio = conditional_odds(events_1=56, n_1=70, events_2=48, n_2=80)
    >>> round(ratio.value, 3), round(ratio.low, 3), round(ratio.high, 3)
    (2.649, 1.209, 6.04)
    """
    counts = two_groups(events_1, n_1, events_2, n_2)
    return two_group_estimate(
        conditional_odds_ratio(*counts),
        conditional_odds_limits,
        "exact_conditional",
        counts,
        unit="ratio",
        confidence_level=confidence_level,
        measure=measure,
        group=group,
    )


def haldane_anscombe(
    *,
    events_1: int,
    n_1: int,
    events_2: int,
    n_2: int,
    confidence_level: float = 0.95,
    measure: str = "odds_ratio",
    group: str = "",
) -> Estimate:
    """The odds ratio after adding ½ to every count, with Woolf's interval (Haldane 1956).

    Both value and interval are of the adjusted counts, so they exist for every table.
    Arguments and errors as in `conditional_odds`; ``cells`` holds the real counts.

    >>> ratio = haldane_anscombe(events_1=0, n_1=10, events_2=0, n_2=10)
    >>> ratio.value, round(ratio.low, 4), round(ratio.high, 2)
    (1.0, 0.0181, 55.27)
    """
    counts = two_groups(events_1, n_1, events_2, n_2)
    a, b, c, d = (cell + 0.5 for cell in cells_of(counts))
    return two_group_estimate(
        a * d / (b * c),
        lambda k1, n1, k2, n2, level: woolf_limits(k1 + 0.5, n1 + 1, k2 + 0.5, n2 + 1, level),
        "haldane_anscombe",
        counts,
        unit="ratio",
        confidence_level=confidence_level,
        measure=measure,
        group=group,
    )
