"""Women and men: the gap in a main result, and whether it is the same in every place.

Clear for men and not for women is no difference between them; the difference of gaps is.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import special

from evalkit.results import (
    CannotBeComputed,
    EquityGaps,
    Estimate,
    EstimateRow,
    NotEstimable,
    TestResult,
)
from evalkit.statistics.shares.differences import newcombe
from evalkit.statistics.shares.proportions import estimates_apart
from evalkit.statistics.shares.share_counts import checked_counts

FEWEST, FEWEST_OF_MANY, MANY_PLACES = 10, 20, 4
Sides = tuple[tuple[int, int], tuple[int, int]]


def equity_gaps(
    places: Sequence[Sides],
    *,
    names: Sequence[str] = (),
    others: int = 0,
    missing: tuple[int, int] = (0, 0),
    looked_at: int | None = None,
    confidence_level: float = 0.95,
) -> EquityGaps:
    """The gap women less men in each place or track, and whether it differs between them.

    Newcombe's interval (1998b, method 10) for each gap; with two places MOVER of the two gaps for
    their difference, whose limits may reach ± 2. With two or more Q = Σw(d − d̄)² of gaps with
    half a person added on either side, against χ² with K − 1; without the half it calls equal
    gaps different in up to 35 of 100.

    Args:
        places: Per place ``((k, n) of women, (k, n) of men)``: with the outcome and all.
        names: Printed names of the places.
        others: Persons of other or unknown sex: counted, never in a gap.
        missing: Women and men without a known outcome.
        looked_at: Gaps looked at in the whole report; those here when left out.
        confidence_level: 0.95 for a 95 % interval.

    Raises:
        ValueError: If a count is impossible.
        CannotBeComputed: ``no_persons`` without a single place.

    Edge cases: ``equal_gaps`` is `NotEstimable` with one place (``one_group``), and where a
    place has fewer than ten women or men, twenty with more than four places
    (``groups_too_few_for_gaps``): pool small places first.

    >>> found = equity_gaps([((40, 90), (60, 100)), ((22, 50), (20, 48))])
    >>> [round(row.value, 3) for row in found.gaps], round(found.equal_gaps.p_value, 3)
    ([-0.156, 0.023], 0.147)
    """
    if not places:
        raise CannotBeComputed("no_persons")
    labels = [*names, *[""] * (len(places) - len(names))]
    gaps = tuple(
        _gap(place, label, confidence_level) for place, label in zip(places, labels, strict=True)
    )
    return EquityGaps(
        gaps=gaps,
        difference=_difference(gaps),
        equal_gaps=equal_gaps(places),
        others=others,
        missing_women=missing[0],
        missing_men=missing[1],
        looked_at=len(gaps) if looked_at is None else looked_at,
    )


def gap_of(women: Estimate, men: Estimate) -> Estimate:
    """Women less men for any main figure – days, an adjusted share, a curve's – by MOVER.

    Raises:
        ValueError: If the two have different units or levels.
    """
    if (women.unit, women.confidence_level) != (men.unit, men.confidence_level):
        raise ValueError("women and men: expected the same unit and confidence level")
    return estimates_apart(women, men, measure="gap")


def equal_gaps(places: Sequence[Sides]) -> TestResult | NotEstimable:
    """Test that the gap is the same in all places, see `equity_gaps`."""
    counts = np.array(places, dtype=float)  # places, women and men, k and n
    total = int(counts[:, :, 1].sum())
    if len(places) < 2:
        return NotEstimable(measure="gap", reason="one_group", n=total)
    fewest = FEWEST_OF_MANY if len(places) > MANY_PLACES else FEWEST
    if counts[:, :, 1].min() < fewest:
        return NotEstimable(measure="gap", reason="groups_too_few_for_gaps", n=total)
    k, n = counts[:, :, 0], counts[:, :, 1]
    share = (k + 0.5) / (n + 1)
    gap = share[:, 0] - share[:, 1]
    weight = 1 / (share * (1 - share) / (n + 1)).sum(axis=1)
    q = float(weight @ (gap - weight @ gap / weight.sum()) ** 2)
    free = len(places) - 1
    return TestResult(
        name="equal_gaps",
        statistic=q,
        degrees_of_freedom=float(free),
        p_value=float(special.chdtrc(free, q)),
        n=total,
        cells=tuple(int(x) for row in counts for kk, nn in row for x in (kk, nn - kk)),
    )


def _gap(place: Sides, name: str, confidence_level: float) -> EstimateRow:
    (k_women, n_women), (k_men, n_men) = place
    if not (n_women and n_men):
        return NotEstimable(measure="gap", reason="one_group", n=n_women + n_men, group=name)
    k1, n1 = checked_counts(k_women, n_women, names=("women", "women in all"))
    k0, n0 = checked_counts(k_men, n_men, names=("men", "men in all"))
    return newcombe(
        events_1=k1,
        n_1=n1,
        events_2=k0,
        n_2=n0,
        confidence_level=confidence_level,
        measure="gap",
        group=name,
    )


def _difference(gaps: Sequence[EstimateRow]) -> Estimate | None:
    if len(gaps) != 2:
        return None
    one, two = gaps
    if not (isinstance(one, Estimate) and isinstance(two, Estimate)):
        return None
    return estimates_apart(one, two, measure="difference_of_gaps")
