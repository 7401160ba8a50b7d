"""The shapes of a finding: what the stages hand to each other.

Plain frozen data. Analysis makes them, disclosure judges them by their ``cells``,
present turns them into words and pictures. Shares are 0–1 here; only present rounds.
"""

from evalkit.results.answers import (
    Answer,
    Ask,
    Derived,
    Members,
    NotComputed,
    PublicAnswer,
)
from evalkit.results.casemix import AdjustedVerdict
from evalkit.results.claims import (
    BeforeAfter,
    FeasibleCounts,
    FeasibleDifference,
    Grade,
    TargetVerdict,
)
from evalkit.results.comparisons import (
    AdjustedComparison,
    Balance,
    BalanceRow,
    ComparedTarget,
    EValue,
    GroupFlow,
    GroupStep,
    Overlap,
    WithheldBalance,
)
from evalkit.results.counts import CountTable
from evalkit.results.curves import Curve, CurveMeasure, EventTable
from evalkit.results.estimates import (
    CannotBeComputed,
    Estimate,
    EstimateRow,
    NotEstimable,
    TestResult,
    Unit,
    Withheld,
    estimates_only,
    is_reached,
)
from evalkit.results.follow_up import FollowUpBounds, GradeRange, TippingPoint
from evalkit.results.registers import Finding, FlowStep, Severity
from evalkit.results.regressions import Coefficient, Regression
from evalkit.results.released import Released
from evalkit.results.series import (
    AreaChange,
    AreaChanges,
    AreaSeries,
    EventStudy,
    LeadChange,
    LeadOverReference,
    SegmentedTrend,
    SyntheticControl,
)
from evalkit.results.sites import (
    Allowance,
    Funnel,
    FunnelLine,
    FunnelPoint,
    SiteComparison,
    Zone,
)

__all__ = [
    "AdjustedComparison",
    "AdjustedVerdict",
    "Allowance",
    "Answer",
    "AreaChange",
    "AreaChanges",
    "AreaSeries",
    "Ask",
    "Balance",
    "BalanceRow",
    "BeforeAfter",
    "CannotBeComputed",
    "Coefficient",
    "ComparedTarget",
    "CountTable",
    "Curve",
    "CurveMeasure",
    "Derived",
    "EValue",
    "Estimate",
    "EstimateRow",
    "EventStudy",
    "EventTable",
    "FeasibleCounts",
    "FeasibleDifference",
    "Finding",
    "FlowStep",
    "FollowUpBounds",
    "Funnel",
    "FunnelLine",
    "FunnelPoint",
    "Grade",
    "GradeRange",
    "GroupFlow",
    "GroupStep",
    "LeadChange",
    "LeadOverReference",
    "Members",
    "NotComputed",
    "NotEstimable",
    "Overlap",
    "PublicAnswer",
    "Regression",
    "Released",
    "SegmentedTrend",
    "Severity",
    "SiteComparison",
    "SyntheticControl",
    "TargetVerdict",
    "TestResult",
    "TippingPoint",
    "Unit",
    "Withheld",
    "WithheldBalance",
    "Zone",
    "estimates_only",
    "is_reached",
]
