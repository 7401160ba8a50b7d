"""Shares against a reference's over the same time, from counts or from a published figure."""

from __future__ import annotations

from dataclasses import replace

from evalkit.results import Estimate, LeadChange, LeadOverReference
from evalkit.statistics.shares.differences import newcombe
from evalkit.statistics.shares.proportions import estimates_apart, proportion

Counts = tuple[int, int]


def share_difference_in_differences(
    *,
    before: Counts,
    after: Counts,
    reference_before: Counts,
    reference_after: Counts,
    confidence_level: float = 0.95,
) -> Estimate:
    """How many points more a share changed than a reference's: (p2 − p1) − (q2 − q1).

    Each change has Newcombe's (1998) interval, and the two are put together by MOVER (Zou and
    Donner 2008, Stat Med 27:1693): distances to the limits squared and added.

    Args:
        before: Persons with the outcome, and persons, of the area in the first period.
        after: Likewise in the second.
        reference_before: Likewise of the reference in the first period.
        reference_after: Likewise in the second.
        confidence_level: 0.95 for a 95 % interval.

    Raises:
        CannotBeComputed: ``no_persons`` when a cell has nobody.

    >>> difference = share_difference_in_differences(before=(40, 100), after=(60, 100),
    ...     reference_before=(300, 1000), reference_after=(400, 1000))
    >>> round(difference.value, 3)
    0.1
    """
    own = _change(before, after, confidence_level)
    other = _change(reference_before, reference_after, confidence_level)
    return estimates_apart(own, other, measure="difference_in_differences", method="newcombe_mover")


def lead_over_reference(
    *,
    label: str,
    counts: Counts,
    reference_share: float,
    confidence_level: float = 0.95,
) -> LeadOverReference:
    """A share less a reference's published share, with Wilson's interval moved by it.

    The reference is a whole country's figure and counts as known.

    >>> lead = lead_over_reference(label="2018", counts=(50, 100), reference_share=0.44)
    >>> round(lead.lead.value, 2), round(lead.lead.low, 3)
    (0.06, -0.036)
    """
    k, n = counts
    share = proportion(events=k, n=n, confidence_level=confidence_level)
    lead = Estimate(
        measure="lead",
        value=share.value - reference_share,
        low=share.low - reference_share,
        high=share.high - reference_share,
        unit="share_difference",
        method="wilson",
        confidence_level=confidence_level,
        n=n,
        cells=share.cells,
    )
    return LeadOverReference(label=label, reference_share=reference_share, share=share, lead=lead)


def lead_change(
    before: LeadOverReference,
    after: LeadOverReference,
    *,
    before_counts: Counts,
    after_counts: Counts,
    reference_counts: tuple[Counts, Counts] | None = None,
    confidence_level: float = 0.95,
) -> LeadChange:
    """How many points the lead grew (or, below zero, shrank).

    Newcombe's (1998) interval of the own change, moved by a reference that counts as known; or,
    with the persons behind both of the reference's shares, `share_difference_in_differences`.

    Args:
        before: The lead in the first period.
        after: The lead in the second.
        before_counts: Persons with the outcome, and persons, in the first period.
        after_counts: Likewise in the second.
        reference_counts: Likewise of the reference, first and second period, where published.
        confidence_level: 0.95 for a 95 % interval.

    Raises:
        CannotBeComputed: ``no_persons`` when a period has nobody.

    >>> sides = [lead_over_reference(label="", counts=(k, 100), reference_share=share)
    ...     for k, share in ((40, 0.3), (60, 0.4))]
    >>> found = lead_change(*sides, before_counts=(40, 100), after_counts=(60, 100))
    >>> round(found.change.value, 3)
    0.1
    """
    own = _change(before_counts, after_counts, confidence_level)
    if reference_counts is not None:
        compared = share_difference_in_differences(
            before=before_counts,
            after=after_counts,
            reference_before=reference_counts[0],
            reference_after=reference_counts[1],
            confidence_level=confidence_level,
        )
        # The reference's persons are published; the register's are those to protect.
        change = replace(compared, measure="lead_change", n=own.n, cells=own.cells)
        return LeadChange(before=before, after=after, change=change)
    moved = after.reference_share - before.reference_share
    change = Estimate(
        measure="lead_change",
        value=own.value - moved,
        low=own.low - moved,
        high=own.high - moved,
        unit="share_difference",
        method="newcombe",
        confidence_level=confidence_level,
        n=own.n,
        cells=own.cells,
    )
    return LeadChange(before=before, after=after, change=change)


def _change(before: Counts, after: Counts, confidence_level: float) -> Estimate:
    return newcombe(
        events_1=after[0],
        n_1=after[1],
        events_2=before[0],
        n_2=before[1],
        confidence_level=confidence_level,
    )
