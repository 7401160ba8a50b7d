"""What each chapter needs of the project file and the registers, and what it lacks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from evalkit.answers.study import Study
from evalkit.project import Project
from evalkit.project.vocabulary import is_own, own_notebooks
from evalkit.statistics.sites.comparison import FEWEST_SITES


@dataclass(frozen=True, slots=True)
class Need:
    """One of some keys of the project file, or one of some columns of the registers.

    ``is_vital``: without it the chapter has nothing to say.
    """

    names: tuple[str, ...]
    is_column: bool = True
    is_vital: bool = True


@dataclass(frozen=True, slots=True)
class ChapterState:
    """What a chosen chapter lacks; nothing where it has all that it needs."""

    chapter: str
    lacks: tuple[Need, ...]

    @property
    def is_empty(self) -> bool:
        """Whether it would have nothing to say."""
        return any(need.is_vital for need in self.lacks)


def _keys(*names: str) -> Need:
    return Need(names, is_column=False)


def _helps(*names: str) -> Need:
    return Need(names, is_vital=False)


_EXITS = (Need(("exit",)), Need(("exit_reason",)))
_NEEDS: dict[str, tuple[Need, ...]] = {
    "data_quality": (_keys("registers", "series"),),
    "participants": (_keys("registers"), *_EXITS, _helps("sex"), _helps("age_at_entry")),
    "time_to_employment": (_keys("registers"), *_EXITS),
    "before_after": (_keys("before_after"),),
    "targets_and_claims": (_keys("targets", "claims"),),
    "sites": (_keys("registers"), _keys("sites"), *_EXITS),
    "trend_against_reference": (_keys("series", "reference_shares"),),
    "comparison_group": (_keys("comparison"),),
    "costs": (_keys("registers"), Need(("budget", "cost"), is_column=False)),
    "esf_indicators": (
        _keys("registers"),
        Need(("education",)),
        Need(("status_at_entry",)),
        *_EXITS,
        _helps("sex"),
        _helps("age_at_entry"),
        _helps("status_6m", "follow_up"),
        _helps("foreign_background"),
        _helps("disability"),
    ),
}


def chapter_states(project: Project, filled: Iterable[str]) -> Iterator[ChapterState]:
    """Each chosen chapter that has a notebook, with what it lacks.

    Args:
        project: The project.
        filled: Canonical columns that hold something for somebody.
    """
    there, folder = {*filled, *_keys_given(project)}, project.folder
    for chapter in project.chapters:
        if is_own(chapter) and not any(one.is_file() for one in own_notebooks(chapter, folder)):
            continue
        lacks = tuple(need for need in _NEEDS.get(chapter, ()) if not there & set(need.names))
        yield ChapterState(chapter, lacks)


def few_places(study: Study) -> Iterator[str]:
    """Titles of the chapter's comparisons of fewer places than can be set beside chance."""
    for spec in study.project.sites if "sites" in study.project.chapters else ():
        if spec.by in study.persons.columns and len(study.levels(spec.by)) < FEWEST_SITES:
            yield spec.title.in_language(study.language)


def _keys_given(project: Project) -> Iterator[str]:
    for name in ("registers", "series", "before_after", "targets", "claims", "sites",
                 "reference_shares", "comparison", "budget"):  # fmt: skip
        if getattr(project, name):
            yield name
    if any(register.follow_up is not None for register in project.registers):
        yield "follow_up"
