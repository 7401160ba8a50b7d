"""evalkit: from a participant register to an honest, publishable evaluation.

The public names are loaded on first use (PEP 562), so ``import evalkit`` stays cheap.
In JupyterLab a result typed at the end of a cell shows with its sentence.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_HOME_OF = {
    "open_study": "evalkit.report.study.study",
    "open_portfolio": "evalkit.report.portfolio.entries",
    "load_project": "evalkit.project",
    "read_registers": "evalkit.intake",
    "event_table": "evalkit.analysis.time_to_event.event_table",
    "kaplan_meier": "evalkit.analysis.time_to_event.survival",
    "share_at": "evalkit.analysis.time_to_event.survival",
    "median": "evalkit.analysis.time_to_event.survival",
    "share_difference_at": "evalkit.analysis.time_to_event.curve_differences",
    "restricted_mean": "evalkit.analysis.time_to_event.restricted_mean",
    "log_rank": "evalkit.analysis.time_to_event.logrank",
    "gray_test": "evalkit.analysis.time_to_event.gray",
    "cox": "evalkit.analysis.regression.cox",
    "cumulative_incidence": "evalkit.analysis.time_to_event.competing_risks",
    "proportion": "evalkit.analysis.shares.proportions",
    "newcombe": "evalkit.analysis.shares.differences",
    "compare_sites": "evalkit.analysis.sites.comparison",
    "share_funnel": "evalkit.analysis.sites.funnel",
    "before_after_counts": "evalkit.analysis.shares.before_after",
    "interrupted_series": "evalkit.analysis.trends.interrupted",
    "synthetic_control": "evalkit.analysis.trends.synthetic_control",
    "event_study": "evalkit.analysis.trends.event_study",
    "panel_difference": "evalkit.analysis.trends.panel",
    "compare_groups": "evalkit.analysis.adjustment.groups",
    "weighted_difference": "evalkit.analysis.adjustment.weighting",
    "doubly_robust_difference": "evalkit.analysis.adjustment.doubly_robust",
    "compared": "evalkit.analysis.adjustment.side_by_side",
    "overlap": "evalkit.analysis.adjustment.overlap",
    "balance_table": "evalkit.analysis.adjustment.balance_table",
    "e_value": "evalkit.analysis.adjustment.sensitivity",
    "target_verdict": "evalkit.analysis.shares.targets",
    "follow_up_bounds": "evalkit.analysis.follow_up.bounds",
    "tipping_point": "evalkit.analysis.follow_up.tipping",
    "imputed_share": "evalkit.analysis.follow_up.imputation",
    "observed_over_expected": "evalkit.analysis.casemix.verdict",
    "adjusted_verdict": "evalkit.analysis.casemix.verdict",
    "feasible_counts": "evalkit.analysis.shares.claims",
    "feasible_difference": "evalkit.analysis.shares.claims",
    "release": "evalkit.disclosure",
    "rule_for": "evalkit.disclosure",
}

__all__ = list(_HOME_OF)


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'evalkit' has no attribute {name!r}{_nearest(name)}")
    return getattr(import_module(_HOME_OF[name]), name)


def _nearest(name: str) -> str:
    from difflib import get_close_matches  # only for whoever misspells

    near = get_close_matches(name, _HOME_OF, n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def __dir__() -> list[str]:
    """What an evaluator may use: nothing that only serves this module."""
    return sorted([*_HOME_OF, *(name for name in globals() if name.startswith("__"))])


if "IPython" in sys.modules:
    from evalkit.report.explore.cells import register_display

    register_display()
