"""Series of areas and the designs that read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalkit.results.areas import YearsBefore
from evalkit.results.estimates import Estimate, NotEstimable, TestResult
from evalkit.shape import Shape

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaSeries(Shape):
    """A published or synthetic series per area and period.

    ``observations`` has ``area, period, value``; ``period`` is ``2017`` or ``2017-01``. Shares
    whose numbers of persons are published have ``n`` as well.
    ``breaks`` are the first periods of a new definition: values on either side of one are
    not comparable. ``repeated`` names areas and periods that the source gave two values for;
    neither is among the observations.
    """

    observations: pd.DataFrame
    unit: str
    source: str
    is_synthetic: bool
    breaks: tuple[str, ...] = ()
    repeated: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaChange(Shape):
    """How a series moved in one area between two periods; values in the series' unit."""

    area: str
    first_value: float
    last_value: float

    @property
    def change(self) -> float:
        return self.last_value - self.first_value


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaChanges(Shape):
    """An area's change beside those of others, the reference among them.

    ``others`` holds every other area with both periods; ``missing`` names those without;
    ``breaks`` are changes of definition after the first period and up to the last.
    """

    first: str
    last: str
    area: AreaChange
    reference: AreaChange
    others: tuple[AreaChange, ...]
    missing: tuple[str, ...] = ()
    breaks: tuple[str, ...] = ()

    @property
    def against_reference(self) -> float:
        """The area's change minus the reference's, in the series' unit."""
        return self.area.change - self.reference.change


@dataclass(frozen=True, slots=True, kw_only=True)
class EventStudy(Shape):
    """Differences between areas with a programme and others, period by period.

    ``differences`` are against ``reference_period``, one `Estimate` per other period, its
    ``group``; ``trends_before`` tests that all before ``first_treated_period`` are nought,
    where there are areas enough to test them all at once. ``before`` is what may be said of the
    years before with few treated areas.
    """

    differences: tuple[Estimate, ...]
    reference_period: str
    first_treated_period: str
    trends_before: TestResult | NotEstimable
    before: YearsBefore | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentedTrend(Shape):
    """A series read as a straight line with a break.

    Attributes:
        area, reference: What the series is of; with a reference it is the area less it.
        intervention: First period after the break.
        changes: ``level_change``, ``slope_change`` (per period) and ``change_at_end``, which
            is the sum at the last period.
        lines: ``period, observed, fitted, without_break``; the last continues the line before.
        tests: Of serial correlation.
        autocorrelation: Of each residual with the one before.
        lag: Periods over which the errors let values hang together.
        n_before, n_after: Periods on either side.
    """

    area: str
    reference: str
    intervention: str
    changes: tuple[Estimate, ...]
    lines: pd.DataFrame
    tests: tuple[TestResult, ...]
    autocorrelation: float
    lag: int
    n_before: int
    n_after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SyntheticControl(Shape):
    """An area beside a weighted mean of others that moved as it did before the start.

    Attributes:
        area, intervention: The area and the first period after the start.
        weights: Area of the pool → its weight; they sum to one.
        lines: ``period, observed, synthetic``.
        difference: Mean of observed less synthetic after the start, in the series' unit.
        error_before: Root mean squared difference before the start.
        placebos: ``area, ratio, difference``: every area treated as if it were the one, with
            the ratio of root mean squared differences after and before.
        test: Rank of the area's ratio among all, as a share: the smallest is 1 of all.
        leave_one_out: Area with weight → the difference without it.
        gaps: ``period`` and every area, itself first: observed less synthetic, each area
            treated as if it were the one.
        lines_without: ``period`` and every area with weight: the synthetic area without it.
    """

    area: str
    intervention: str
    weights: dict[str, float]
    lines: pd.DataFrame
    difference: float
    error_before: float
    placebos: pd.DataFrame
    test: TestResult
    leave_one_out: dict[str, float]
    gaps: pd.DataFrame
    lines_without: pd.DataFrame


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadOverReference(Shape):
    """A share from counts less a published share of a reference, in one period."""

    label: str
    reference_share: float
    share: Estimate
    lead: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadChange(Shape):
    """How the lead over a reference changed between two periods."""

    before: LeadOverReference
    after: LeadOverReference
    change: Estimate
