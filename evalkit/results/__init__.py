"""The shapes of a finding: what the stages hand to each other.

Plain frozen data. Analysis makes them, disclosure judges them by their ``cells``,
present turns them into words and pictures. Shares are 0–1 here; only present rounds.
"""

from evalkit.results.answers import (
    Answer,
    Ask,
    Derived,
    Late,
    Members,
    NotComputed,
    PublicAnswer,
)
from evalkit.results.areas import (
    AreasCompared,
    BeforeAnswer,
    ChosenFor,
    LeadAfterBadYear,
    YearsBefore,
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
from evalkit.results.curves import Curve, CurveMeasure, EventTable, GroupedEvents
from evalkit.results.decisive import DecisiveFigure, EquityGaps, GroupsOverTime
from evalkit.results.estimates import (
    Between,
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
from evalkit.results.order import natural_key
from evalkit.results.registers import Finding, FlowStep, Severity
from evalkit.results.regressions import Coefficient, Regression
from evalkit.results.released import Released
from evalkit.results.same_persons import CohortsCompared, MissingAfter, Relation
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
from evalkit.results.society import (
    NOBODY,
    SOCIETY,
    ActorLine,
    AtShare,
    BreakEven,
    Flow,
    Society,
)
from evalkit.results.states import (
    BoundedShare,
    DaysRange,
    FollowUpKind,
    StateCurves,
    SustainedWork,
)

__all__ = [
    "NOBODY",
    "SOCIETY",
    "ActorLine",
    "AdjustedComparison",
    "AdjustedVerdict",
    "Allowance",
    "Answer",
    "AreaChange",
    "AreaChanges",
    "AreaSeries",
    "AreasCompared",
    "Ask",
    "AtShare",
    "Balance",
    "BalanceRow",
    "BeforeAfter",
    "BeforeAnswer",
    "Between",
    "BoundedShare",
    "BreakEven",
    "CannotBeComputed",
    "ChosenFor",
    "Coefficient",
    "CohortsCompared",
    "ComparedTarget",
    "CountTable",
    "Curve",
    "CurveMeasure",
    "DaysRange",
    "DecisiveFigure",
    "Derived",
    "EValue",
    "EquityGaps",
    "Estimate",
    "EstimateRow",
    "EventStudy",
    "EventTable",
    "FeasibleCounts",
    "FeasibleDifference",
    "Finding",
    "Flow",
    "FlowStep",
    "FollowUpBounds",
    "FollowUpKind",
    "Funnel",
    "FunnelLine",
    "FunnelPoint",
    "Grade",
    "GradeRange",
    "GroupFlow",
    "GroupStep",
    "GroupedEvents",
    "GroupsOverTime",
    "Late",
    "LeadAfterBadYear",
    "LeadChange",
    "LeadOverReference",
    "Members",
    "MissingAfter",
    "NotComputed",
    "NotEstimable",
    "Overlap",
    "PublicAnswer",
    "Regression",
    "Relation",
    "Released",
    "SegmentedTrend",
    "Severity",
    "SiteComparison",
    "Society",
    "StateCurves",
    "SustainedWork",
    "SyntheticControl",
    "TargetVerdict",
    "TestResult",
    "TippingPoint",
    "Unit",
    "Withheld",
    "WithheldBalance",
    "YearsBefore",
    "Zone",
    "estimates_only",
    "is_reached",
    "natural_key",
]
