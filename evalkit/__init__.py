"""evalkit: from a participant register to an honest, publishable evaluation.

The public names are loaded on first use (PEP 562), so ``import evalkit`` stays cheap.
In JupyterLab a result typed at the end of a cell shows with its sentence.
"""

from __future__ import annotations

import warnings
from importlib import import_module
from typing import Any

from evalkit import shape

__version__ = "0.1.0"

_HOME_OF = {
    "init": "evalkit.documents.preparing.start",
    "open_study": "evalkit.answers.study",
    "section_text": "evalkit.chapters.plain_text",
    "open_portfolio": "evalkit.documents.portfolio.entries",
    "event_table": "evalkit.statistics.time_to_event.event_table",
    "events_of": "evalkit.statistics.time_to_event.frames",
    "kaplan_meier": "evalkit.statistics.time_to_event.frames",
    "aalen_johansen": "evalkit.statistics.time_to_event.frames",
    "share_at": "evalkit.statistics.time_to_event.survival",
    "median": "evalkit.statistics.time_to_event.survival",
    "share_difference_at": "evalkit.statistics.time_to_event.survival",
    "restricted_mean": "evalkit.statistics.time_to_event.restricted_mean",
    "log_rank": "evalkit.statistics.time_to_event.logrank",
    "gray_test": "evalkit.statistics.time_to_event.gray",
    "cox": "evalkit.statistics.regression.cox",
    "logistic": "evalkit.statistics.regression.logistic",
    "proportion": "evalkit.statistics.shares.proportions",
    "newcombe": "evalkit.statistics.shares.differences",
    "share_difference": "evalkit.statistics.shares.differences",
    "risk_ratio": "evalkit.statistics.shares.ratios",
    "odds_ratio": "evalkit.statistics.shares.ratios",
    "table_test": "evalkit.statistics.shares.ratios",
    "mantel_haenszel_odds_ratio": "evalkit.statistics.shares.stratified",
    "stratified_test": "evalkit.statistics.shares.stratified",
    "compare_sites": "evalkit.statistics.sites.comparison",
    "share_funnel": "evalkit.statistics.sites.funnel",
    "before_after_counts": "evalkit.statistics.shares.before_after",
    "interrupted_series": "evalkit.statistics.trends.interrupted",
    "synthetic_control": "evalkit.statistics.trends.synthetic_control",
    "event_study": "evalkit.statistics.trends.panel",
    "panel_difference": "evalkit.statistics.trends.panel",
    "compare_groups": "evalkit.statistics.adjustment.groups",
    "weighted_difference": "evalkit.statistics.adjustment.weighting",
    "doubly_robust_difference": "evalkit.statistics.adjustment.doubly_robust",
    "compared": "evalkit.statistics.adjustment.side_by_side",
    "overlap": "evalkit.statistics.adjustment.balance_table",
    "balance_table": "evalkit.statistics.adjustment.balance_table",
    "e_value": "evalkit.statistics.adjustment.side_by_side",
    "target_verdict": "evalkit.statistics.shares.targets",
    "follow_up_bounds": "evalkit.statistics.follow_up.bounds",
    "tipping_point": "evalkit.statistics.follow_up.bounds",
    "imputed_share": "evalkit.statistics.follow_up.imputation",
    "observed_over_expected": "evalkit.statistics.casemix.verdict",
    "adjusted_verdict": "evalkit.statistics.casemix.verdict",
    "read_histories": "evalkit.statistics.states.histories",
    "share_in_state": "evalkit.statistics.states.on_a_day",
    "sustained_work": "evalkit.statistics.states.on_a_day",
    "state_curves": "evalkit.statistics.states.curves",
    "compare_before_after": "evalkit.statistics.shares.same_persons",
    "randomised_areas": "evalkit.statistics.trends.randomisation",
    "lead_after_bad_year": "evalkit.statistics.trends.after_a_bad_year",
    "decisive_difference": "evalkit.statistics.time_to_event.decisive_figure",
    "equity_gaps": "evalkit.statistics.shares.equity",
    "kronor_by_actor": "evalkit.statistics.society",
    "feasible_counts": "evalkit.statistics.shares.claims",
    "feasible_difference": "evalkit.statistics.shares.claims",
    "read_claims": "evalkit.reading.reader",
    "release_all": "evalkit.disclosure",
    "rule_for": "evalkit.disclosure",
}

# Names of the release before: what to write now, and where the old one still is.
_MOVED = {
    "cumulative_incidence": (
        "ek.aalen_johansen",
        "evalkit.statistics.time_to_event.competing_risks",
    ),
    "load_project": ("ek.open_study(…).project", "evalkit.project"),
    "read_registers": ("ek.open_study(…).persons", "evalkit.intake"),
}

__all__ = list(_HOME_OF)

# What lifelines and statsmodels call the same.
_ELSEWHERE = {"CoxPHFitter": "cox", "wilson": "proportion", "proportion_confint": "proportion"}


def __getattr__(name: str) -> Any:
    if name in _MOVED:
        now, home = _MOVED[name]
        told = f"ek.{name} goes with the next release; write {now}"
        warnings.warn(told, FutureWarning, stacklevel=2)
        return getattr(import_module(home), name)
    if name not in _HOME_OF:
        raise AttributeError(f"module 'evalkit' has no attribute {name!r}{_nearest(name)}")
    from evalkit.options import named_as_it_is  # `import evalkit` stays cheap

    found = named_as_it_is(getattr(import_module(_HOME_OF[name]), name))
    found.__module__ = __name__  # where pickle finds the same function again
    return found


def _nearest(name: str) -> str:
    from evalkit.options import nearest  # only for whoever misspells

    meant = _ELSEWHERE.get(name)
    return f"; did you mean {meant!r}?" if meant else nearest(name, _HOME_OF)


def __dir__() -> list[str]:
    """What an evaluator may use: nothing that only serves this module."""
    return sorted([*_HOME_OF, *(name for name in globals() if name.startswith("__"))])


shape.shown_by(lambda: import_module("evalkit.documents.exploring"))
shape.show_in_notebooks()
