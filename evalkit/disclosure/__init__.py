"""Results → released results: the one door between analysis and a reader."""

from evalkit.disclosure.comparisons import (
    UnprotectedComparisonError,
    protect_counts,
    protect_shares,
)
from evalkit.disclosure.curves import UnprotectedCurveError, protect_events
from evalkit.disclosure.money import release_amount
from evalkit.disclosure.release import internal, release
from evalkit.disclosure.rule import Rule, rule_for

__all__ = [
    "Rule",
    "UnprotectedComparisonError",
    "UnprotectedCurveError",
    "internal",
    "protect_counts",
    "protect_events",
    "protect_shares",
    "release",
    "release_amount",
    "rule_for",
]
