"""How a result shows at the end of a cell in JupyterLab: as a table or chart with its sentence.

Registered with IPython by type name, so that importing evalkit loads nothing. What is
shown this way is exact and marked internal.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evalkit.language import Language
    from evalkit.present.blocks import Section

# By the module that defines each: IPython compares with the type's own ``__module__``.
_SHOWN = {
    "evalkit.present.blocks": ("Section",),
    "evalkit.documents.kept": ("Headlines",),
    "evalkit.results.casemix": ("AdjustedVerdict",),
    "evalkit.statistics.adjustment.doubly_robust": ("ModelledDifference",),
    "evalkit.statistics.adjustment.weighting": ("WeightedDifference",),
    "evalkit.results.claims": (
        "BeforeAfter",
        "FeasibleCounts",
        "FeasibleDifference",
        "TargetVerdict",
    ),
    "evalkit.results.comparisons": (
        "AdjustedComparison",
        "Balance",
        "EValue",
        "GroupFlow",
        "Overlap",
    ),
    "evalkit.results.counts": ("CountTable",),
    "evalkit.results.curves": ("Curve",),
    "evalkit.results.estimates": ("Estimate", "NotEstimable", "TestResult", "Withheld"),
    "evalkit.results.follow_up": ("FollowUpBounds", "TippingPoint"),
    "evalkit.results.regressions": ("Regression",),
    "evalkit.results.series": (
        "AreaChanges",
        "AreaSeries",
        "EventStudy",
        "LeadChange",
        "SegmentedTrend",
        "SyntheticControl",
    ),
    "evalkit.results.sites": ("Funnel", "SiteComparison"),
}


def register_display(language: Language = "sv") -> None:
    """Let IPython show sections and results in ``language``; nothing happens outside IPython."""
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    if shell is None or shell.display_formatter is None:
        return

    def bundle(shown: Any, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        del include, exclude  # IPython filters the bundle itself
        return mime_bundle(shown, language)

    formatter = shell.display_formatter.mimebundle_formatter
    for module, names in _SHOWN.items():
        for name in names:
            formatter.for_type_by_name(module, name, bundle)


def mime_bundle(shown: Any, language: Language) -> dict[str, Any]:
    """A section, headlines or a bare result as the MIME types that a notebook stores."""
    from evalkit.documents.figures import FIGURES_MIME_TYPE, figures_to_json
    from evalkit.documents.kept import FIRST_PAGE_MIME_TYPE, HEADLINE_MIME_TYPE, Headlines
    from evalkit.present.blocks import MIME_TYPE, Section, to_json
    from evalkit.present.html import section_html

    if isinstance(shown, Headlines):
        entries = [dataclasses.asdict(entry) for entry in shown.entries]
        text = "\n".join(
            f"{entry.label}: {entry.text} {entry.detail}".rstrip() for entry in shown.entries
        )
        figures = figures_to_json(shown.figures)
        shown_as: dict[str, Any] = {
            HEADLINE_MIME_TYPE: entries,
            FIGURES_MIME_TYPE: figures,
            "text/plain": text,
        }
        if shown.first_page.blocks:
            shown_as[FIRST_PAGE_MIME_TYPE] = to_json(shown.first_page)
        return shown_as
    section = shown if isinstance(shown, Section) else _section_of(shown, language)
    return {
        MIME_TYPE: to_json(section),
        "text/html": section_html(section, language),
        "text/plain": f"{type(shown).__name__}",
    }


def _section_of(result: Any, language: Language) -> Section:
    """A bare result as a section; what draws them all is loaded for those alone."""
    from evalkit.chapters.explore.display import section_of

    return section_of(result, language)
