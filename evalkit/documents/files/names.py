"""What the files of a report are called, in one place for whoever writes or links them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import get_args

from evalkit.project.vocabulary import FormatName, LanguageCode

FORMATS: tuple[FormatName, ...] = get_args(FormatName)
BRIEF_FORMATS: tuple[FormatName, ...] = ("html", "pdf")
PORTFOLIO = "portfolio.json"
# All released figures of a project, from which every language and format is written.
ANSWERS_FILE = "answers.json"
# One file or more for each figure; which, the report itself says.
FIGURES = "figures/"


def file_name(
    language: LanguageCode, format_name: FormatName = "html", *, is_appendix: bool = False
) -> str:
    """The file of a report in a language and a format, within the project's folder.

    >>> file_name("sv"), file_name("en", "xlsx"), file_name("sv", "pdf", is_appendix=True)
    ('report.sv.html', 'tables.en.xlsx', 'appendix.sv.pdf')
    """
    stem = "tables" if format_name == "xlsx" else "report"
    return f"{'appendix' if is_appendix else stem}.{language}.{format_name}"


def brief_name(language: LanguageCode, format_name: FormatName = "html") -> str:
    """The two pages of a report for people who decide.

    >>> brief_name("sv", "pdf")
    'report.sv.brief.pdf'
    """
    return f"report.{language}.brief.{format_name}"


def report_files(
    language: LanguageCode, formats: Sequence[FormatName], *, is_appendix: bool = False
) -> dict[str, tuple[FormatName, bool]]:
    """Every file that is written of a report: its name, its format, and whether it is the brief."""
    whole = {file_name(language, one, is_appendix=is_appendix): (one, False) for one in formats}
    if is_appendix:
        return whole
    return whole | {
        brief_name(language, one): (one, True) for one in formats if one in BRIEF_FORMATS
    }


def figure_name(
    language: LanguageCode, number: int, figure_id: str, *, is_appendix: bool = False
) -> str:
    """The files of a figure, without their endings, within the project's folder.

    >>> figure_name("sv", 3, "time_by sex")
    'figures/figure-03-time-by-sex.sv'
    """
    told = re.sub(r"[^a-z0-9]+", "-", figure_id.lower()).strip("-")
    kind = "appendix-figure" if is_appendix else "figure"
    return f"{FIGURES}{kind}-{number:02}{'-' * bool(told)}{told}.{language}"


def index_name(language: LanguageCode) -> str:
    """Swedish stands at the front door; the other languages beside it."""
    return "index.html" if language == "sv" else f"index.{language}.html"


def chapter_file(chapter: str, language: LanguageCode) -> str:
    """The executed chapter that is kept beside a report."""
    return f"chapters/{kept_name(chapter, language)}"


def kept_name(chapter: str, language: LanguageCode) -> str:
    """The executed chapter before its report is in place."""
    return f"{chapter}.{language}.ipynb"


def portfolio_name(language: LanguageCode, format_name: FormatName = "html") -> str:
    """The portfolio chapter as a document, in the folder of the reports."""
    return f"portfolio.{language}.{format_name}"
