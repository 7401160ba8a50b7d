"""Results → released results: the one door between analysis and a reader.

The names are loaded on first use (PEP 562): whoever only looks files over needs no solver.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evalkit.disclosure.comparisons import (
        UnprotectedComparisonError,
        protect_counts,
        protect_shares,
    )
    from evalkit.disclosure.curves import UnprotectedCurveError, protect_events
    from evalkit.disclosure.door import (
        internal,
        release,
        release_beside,
        release_rows_beside,
    )
    from evalkit.disclosure.money import release_amount
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
    "release_beside",
    "release_rows_beside",
    "rule_for",
]

_HOME_OF = {
    "Rule": "rule",
    "UnprotectedComparisonError": "comparisons",
    "UnprotectedCurveError": "curves",
    "internal": "door",
    "protect_counts": "comparisons",
    "protect_events": "curves",
    "protect_shares": "comparisons",
    "release": "door",
    "release_amount": "money",
    "release_beside": "door",
    "release_rows_beside": "door",
    "rule_for": "rule",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'evalkit.disclosure' has no attribute {name!r}")
    return getattr(import_module(f"evalkit.disclosure.{_HOME_OF[name]}"), name)
