"""The words a project file may use, and its name: chapters, formats, exit classes, warnings."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, get_args

# Beside a register: its editions, as they were recorded.
EDITIONS = "editions"
PROJECT_FILE = "project.yaml"

LanguageCode = Literal["sv", "en"]
FormatName = Literal["html", "pdf", "docx", "xlsx"]
ExitClass = Literal[
    "employment",
    "studies",
    "municipal_employment",
    "referred_back",
    "health_or_leave",
    "moved_or_deceased",
    "dropout",
    "completed_unknown",
    "unknown",
]
# Classes of exits that do not tell what became of the person.
OUTCOME_UNKNOWN = frozenset({"completed_unknown", "unknown"})
Chapter = Literal[
    "data_quality",
    "participants",
    "time_to_employment",
    "after_leaving",
    "before_after",
    "targets_and_claims",
    "sites",
    "trend_against_reference",
    "comparison_group",
    "costs",
    "society",
    "esf_indicators",
]
# Names of files and parts of a report that a chapter of one's own would collide with.
OWN_NAME = r"^[a-z][a-z0-9_]{0,59}$"
TAKEN = frozenset({"answers", "first_page", "headlines", "methods", "own", "portfolio"})
FollowUpStatus = Literal[
    "employment",
    "municipal_employment",
    "studies",
    "programme",
    "unemployed",
    "long_term_unemployed",
    "inactive",
    "sick",
    "parental_leave",
    "qualification",
    "improved",
    "unknown",
]
CodeListName = Literal["esf_2014_2020", "esf_plus_2021_2027"]
RegionCategory = Literal["less_developed", "transition", "more_developed"]
Warning_ = Literal[
    "rate_without_n",
    "share_of_exits",
    "interim_share",
    "mean_of_completers",
    "one_status_date",
    "work_and_study_pooled",
    "municipal_jobs_counted",
    "before_after_without_reference",
    "part_year",
    "creaming",
    "no_programme_n",
    "target_set_after",
]


def is_own(chapter: str) -> bool:
    """Whether a chapter is a notebook of the evaluator's own and none of evalkit's."""
    return chapter not in get_args(Chapter)


def own_notebooks(chapter: str, folder: Path) -> tuple[Path, Path]:
    """Where a project's own notebook of a chapter may lie; the first that is there counts."""
    return folder / "notebooks" / f"{chapter}.ipynb", folder / f"{chapter}.ipynb"
