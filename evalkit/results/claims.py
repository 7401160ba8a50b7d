"""Targets and claims judged, cohorts and the same persons compared, bounds for the missing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from evalkit.results.estimates import Estimate, TestResult
from evalkit.shape import Shape

if TYPE_CHECKING:
    import pandas as pd

Grade = Literal["clearly_above", "above_uncertain", "below_uncertain", "clearly_below"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetVerdict(Shape):
    """An estimate against a goal, graded by its interval.

    ``p_above`` is the exact one-sided p-value of "the true share is above the goal";
    ``smallest_clear_count`` the smallest count that would be clearly above at this n,
    ``None`` when not even n of n would be.
    """

    estimate: Estimate
    goal: float
    grade: Grade
    p_above: float
    smallest_clear_count: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeasibleCounts(Shape):
    """All (k, n) that round to a published percentage, n ascending.

    ``value`` is the published percentage as a share, ``decimals`` its decimals in per cent.
    """

    value: float
    decimals: int
    counts: tuple[tuple[int, int], ...]
    largest_n_searched: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FeasibleDifference(Shape):
    """A published before/after pair read honestly: the intervals over all possible n.

    ``pairs`` has one row per pair considered: ``k_before, n_before, k_after, n_after,
    value, low, high`` (shares).
    """

    before: FeasibleCounts
    after: FeasibleCounts
    pairs: pd.DataFrame
    method: str
    confidence_level: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BeforeAfter(Shape):
    """Two cohorts' shares and the difference after − before."""

    before: Estimate
    after: Estimate
    difference: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustedVerdict(Shape):
    """A share beside the one to be expected of these participants, judged against a goal.

    Attributes:
        observed: The share with the outcome among the participants.
        expected: The share that the reference has among persons like the participants.
        reference: The share of the reference as it is.
        ratio: Observed over expected.
        adjusted: The reference's share times that ratio: indirectly standardised.
        goal: The goal, stated for a mix of persons like the reference's.
        grade: By the interval of ``adjusted`` against ``goal``.
        left_out: Participants without what the reference asks of them.
        reference_cells: Person counts behind the reference that a reader could deduce;
            empty for a published one.
    """

    observed: Estimate
    expected: float
    reference: float
    ratio: Estimate
    adjusted: Estimate
    goal: float
    grade: Grade
    left_out: int = 0
    reference_cells: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if not (0 < self.expected < 1 and 0 < self.reference < 1):
            raise ValueError("expected and reference must lie strictly between 0 and 1")


Verdict = Literal["holds", "holds_partly", "does_not_hold", "cannot_be_tested"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimVerdict(Shape):
    """The verdict of a claim by the rules of docs/en/claim-verdicts.md.

    Attributes:
        verdict: The word.
        rule: The rule that gave it.
        facts: The numbers that the rule looked at, by what they are (``share_own``,
            ``count_own``, ``days_mean``, ``points_more``).
    """

    verdict: Verdict
    rule: str
    facts: dict[str, float] = field(default_factory=dict)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpBounds(Shape):
    """A share among those followed up, and how far the others could move it.

    Attributes:
        response: Share of the persons who could be followed up.
        followed_up: The share with the outcome among those.
        none: The share of all persons had none of the others reached the outcome.
        every: The share of all persons had every one of the others reached it.
        low, high: Limits that hold the share of all persons with the confidence level,
            whatever became of the others.
        method: Name of those limits.
        assumed: The share of all persons under each stated assumption: the others reach the
            outcome ``ratio`` times as often as those followed up.
        ratios: The ratios of ``assumed``, in the same order.

    Raises:
        ValueError: If the limits do not hold both extremes, or anything is NaN.
    """

    response: Estimate
    followed_up: Estimate
    none: Estimate
    every: Estimate
    low: float
    high: float
    method: str
    confidence_level: float
    assumed: tuple[Estimate, ...] = ()
    ratios: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if not self.low <= self.none.value <= self.every.value <= self.high:
            raise ValueError("the limits do not hold both extremes, or are not numbers")
        if len(self.assumed) != len(self.ratios):
            raise ValueError("assumed and ratios must be as many")

    @property
    def missing(self) -> int:
        """Persons whose outcome is unknown."""
        return self.response.n - self.followed_up.n

    @property
    def parts(self) -> tuple[Estimate, ...]:
        """Every estimate: disclosure control judges them together."""
        return (self.response, self.followed_up, self.none, self.every, *self.assumed)


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeRange(Shape):
    """The grade of a target when from ``fewest`` to ``most`` of those missing succeeded."""

    grade: Grade
    fewest: int
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TippingPoint(Shape):
    """How many of those not followed up must have succeeded for a target's grade to turn.

    Attributes:
        followed_up: The share among those followed up.
        missing: Persons whose outcome is unknown.
        goal: The goal as a share.
        grade: The grade of the share among those followed up.
        ranges: The grades that are possible over all persons, from none of the missing
            with the outcome to all of them.
        cells: Counts that a reader could deduce.
    """

    followed_up: Estimate
    missing: int
    goal: float
    grade: Grade
    ranges: tuple[GradeRange, ...]
    cells: tuple[int, ...]
