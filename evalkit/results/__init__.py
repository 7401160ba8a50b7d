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
from evalkit.results.claims import (
    AdjustedVerdict,
    BeforeAfter,
    CohortsCompared,
    FeasibleCounts,
    FeasibleDifference,
    FollowUpBounds,
    Grade,
    GradeRange,
    MissingAfter,
    Relation,
    TargetVerdict,
    TippingPoint,
)
from evalkit.results.comparisons import (
    AdjustedComparison,
    Balance,
    BalanceRow,
    Coefficient,
    ComparedTarget,
    EValue,
    GroupFlow,
    GroupStep,
    ModelledDifference,
    Overlap,
    Regression,
    WeightedDifference,
    WithheldBalance,
)
from evalkit.results.counts import CountTable, Finding, FlowStep, Severity, natural_key
from evalkit.results.curves import (
    Curve,
    CurveMeasure,
    DecisiveFigure,
    EquityGaps,
    EventTable,
    GroupedEvents,
    GroupsOverTime,
)
from evalkit.results.estimates import (
    Between,
    CannotBeComputed,
    Estimate,
    EstimateRow,
    NotEstimable,
    Released,
    TestResult,
    Unit,
    Withheld,
    estimates_only,
    is_reached,
)
from evalkit.results.series import (
    AreaChange,
    AreaChanges,
    AreasCompared,
    AreaSeries,
    BeforeAnswer,
    ChosenFor,
    EventStudy,
    LeadAfterBadYear,
    LeadChange,
    LeadOverReference,
    SegmentedTrend,
    SyntheticControl,
    YearsBefore,
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
