"""Groups over time judged by one figure, and the gap between women and men."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from evalkit.results.estimates import Estimate, EstimateRow, NotEstimable, TestResult
from evalkit.shape import Shape

DecisiveFigure = Literal["share", "mean_days"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupsOverTime(Shape):
    """Two or more groups at a day, by the figure the project named beforehand.

    Attributes:
        judged_by: The share who had the outcome by the day, or the mean days after it, to then.
        day: The horizon.
        groups: The figure of each group.
        differences: Each other group less the reference; with two groups its interval decides.
        curves_differ: Gray's test of whether the curves differ anywhere; it never overrules.
    """

    judged_by: DecisiveFigure
    day: int
    groups: tuple[Estimate, ...]
    differences: tuple[Estimate, ...]
    curves_differ: TestResult | NotEstimable

    @property
    def is_judged(self) -> bool:
        """Whether a word of verdict may be said: with two groups, not with several pairs."""
        return len(self.differences) == 1

    @property
    def disagree(self) -> bool:
        """Whether the figure and the test of the whole curves say different things."""
        if not self.is_judged or isinstance(self.curves_differ, NotEstimable):
            return False
        row = self.differences[0]
        stands_out = row.low > 0 or row.high < 0
        return stands_out != (self.curves_differ.p_value < 1 - row.confidence_level)


@dataclass(frozen=True, slots=True, kw_only=True)
class EquityGaps(Shape):
    """Women less men in one main result, in every place or track.

    Attributes:
        gaps: One per place; `NotEstimable` where there are no women or no men.
        difference: First place's gap less the second's, where there are two.
        equal_gaps: Test that the gap is the same everywhere, where there are two or more places.
        others: Persons of other or unknown sex: counted, never in a gap.
        missing_women, missing_men: Persons without a known outcome.
        looked_at: Gaps looked at in the whole report: about one in twenty stands out by chance.
    """

    gaps: tuple[EstimateRow, ...]
    difference: Estimate | None
    equal_gaps: TestResult | NotEstimable
    others: int = 0
    missing_women: int = 0
    missing_men: int = 0
    looked_at: int = 1

    @property
    def parts(self) -> tuple[Estimate, ...]:
        """The estimates that give each other away."""
        return tuple(gap for gap in self.gaps if isinstance(gap, Estimate))

    @property
    def counts(self) -> tuple[int, ...]:
        """Persons that the sentences tell of."""
        return self.others, self.missing_women, self.missing_men
