"""Before and after: the same persons, others, or some of both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from evalkit.results.estimates import Estimate, TestResult
from evalkit.shape import Shape

Relation = Literal["same", "separate", "overlapping", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingAfter(Shape):
    """The difference of all persons when some have no status after: the extremes.

    ``low`` and ``high`` count the unknown as without and as with the outcome; the outer limits
    are the confidence limits of those two.
    """

    n: int
    missing: int
    before: float
    low: float
    high: float
    outer_low: float
    outer_high: float

    @property
    def bounds_come_first(self) -> bool:
        """Whether more than one in five is missing, so that the bounds are the headline."""
        return self.missing > 0.2 * self.n


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortsCompared(Shape):
    """Shares before and after and their difference, after − before.

    Attributes:
        relation: Whether before and after are the same persons.
        n_both: Persons in both.
        before, after, difference: The figures.
        gained, lost, unchanged: Of those in both: no before and yes after, the reverse, and
            neither; a difference of zero may be ten each way.
        correlation: Between the two shares, from those in both.
        test: McNemar's mid-p for the same persons; ``None`` where nobody changed, and otherwise.
        with_missing: The extremes where some lack a status after.
        missing_before: Persons left out since nothing is known of them before.
    """

    relation: Relation
    n_both: int
    before: Estimate
    after: Estimate
    difference: Estimate
    gained: int
    lost: int
    unchanged: int
    correlation: float
    test: TestResult | None
    with_missing: MissingAfter | None = None
    missing_before: int = 0

    @property
    def parts(self) -> tuple[Estimate, ...]:
        """The estimates that give each other away."""
        return self.before, self.after, self.difference

    @property
    def counts(self) -> tuple[int, ...]:
        """Persons that the sentences tell of."""
        rest = self.with_missing.missing if self.with_missing else 0
        return self.gained, self.lost, self.unchanged, rest, self.missing_before
