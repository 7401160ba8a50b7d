"""The sections of the chapters: one module per chapter, one function per section.

Each takes a study and returns a `Section` in the study's language. `headlines` gives the
key figures for the portfolio page.
"""

from evalkit.report.sections import (
    before_after,
    costs,
    data_quality,
    esf_indicators,
    participants,
    sites,
    targets_and_claims,
    time_to_employment,
    trend_against_reference,
)
from evalkit.report.sections.headlines import headlines

__all__ = [
    "before_after",
    "costs",
    "data_quality",
    "esf_indicators",
    "headlines",
    "participants",
    "sites",
    "targets_and_claims",
    "time_to_employment",
    "trend_against_reference",
]
