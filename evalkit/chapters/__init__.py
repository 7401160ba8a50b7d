"""The sections of the chapters: one module per chapter, one function per section.

Each takes a study and returns a `Section` in the study's language. `headlines` gives the
key figures for the portfolio page. A chapter is loaded when it is first used (PEP 562):
a kernel runs one of them, and need not load the others and what they rest on.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evalkit.chapters.key_figures import headlines

__all__ = [
    "after_leaving",
    "before_after",
    "comparison_group",
    "costs",
    "data_quality",
    "esf_indicators",
    "headlines",
    "participants",
    "portfolio",
    "sites",
    "society",
    "targets_and_claims",
    "time_to_employment",
    "trend_against_reference",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name == "headlines":
        return import_module(f"{__name__}.key_figures").headlines
    return import_module(f"{__name__}.{name}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
