"""What a chapter may show: released answers, the project file and words. No register.

Sections read everything they print here, so the same figure is the same wherever it stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from evalkit.language import Language
from evalkit.present.labels import Words
from evalkit.project import Project
from evalkit.results import (
    CannotBeComputed,
    Estimate,
    EstimateRow,
    NotComputed,
    NotEstimable,
    Released,
    Withheld,
)

T = TypeVar("T")


class NotAsked(KeyError):
    """An answer that no section has asked."""


@dataclass(frozen=True, slots=True)
class Report:
    """A project's released answers in one language.

    Attributes:
        project: The validated project file.
        words: Texts, numbers and labels of the language, with the project's own words.
        answers: Released answers by id.
        is_internal: Exact figures of one's own data, for exploring only.
        shown: What several chapters show alike, so that it is made and drawn once.
    """

    project: Project
    words: Words
    answers: Mapping[str, Released[Any]]
    is_internal: bool = False
    shown: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def language(self) -> Language:
        return self.words.texts.language

    @property
    def groupings(self) -> tuple[str, ...]:
        """Columns that the project compares groups by."""
        return self.project.groups

    def say(self, key: str, row: Estimate | None = None, /, **facts: str | float) -> str:
        """A text of the report's language, see `Words.say`."""
        return self.words.say(key, row, **facts)

    def __contains__(self, name: str) -> bool:
        return name in self.answers

    def of(self, name: str, shape: type[T]) -> Released[T | NotEstimable | Withheld]:
        """An answer by its id: the shape asked for, or why there is none.

        Raises:
            CannotBeComputed: For an answer that does not exist, with its reason.
            NotAsked: For an answer that nobody asked.
            TypeError: For an answer of another shape.
        """
        if name not in self.answers:
            raise NotAsked(name)
        released = self.answers[name]
        if isinstance(released.result, NotComputed):
            raise CannotBeComputed(released.result.reason, **released.result.facts)
        if not isinstance(released.result, shape | NotEstimable | Withheld):
            raise TypeError(f"{name}: expected {shape.__name__}")
        return released

    def always(self, name: str, shape: type[T]) -> Released[T]:
        """An answer that has its shape whatever is withheld in it, as a table has."""
        found: Any = self.of(name, shape)
        if not isinstance(found.result, shape):
            raise TypeError(f"{name}: expected {shape.__name__}")
        return found  # type: ignore[no-any-return]

    def missing(self, name: str) -> Released[Any]:
        """An answer that is not there, or may not be shown; raises as `of` does."""
        return self.of(name, NotEstimable)

    def result(self, name: str, shape: type[T]) -> T | None:
        """The result itself where it was computed and released, else nothing."""
        released = self.answers.get(name)
        found = released.result if released is not None else None
        return found if isinstance(found, shape) else None

    def days(self, name: str) -> tuple[int, ...]:
        """Whole days, as the horizons that somebody was followed to."""
        return tuple(int(day) for day in self.of(name, tuple).result)  # type: ignore[union-attr]

    def rows(self, ids: Sequence[str]) -> Released[tuple[EstimateRow, ...]]:
        """Answers of one estimate each, as the rows of one table."""
        found = [self.of(name, object) for name in ids]
        rows = tuple(one.result for one in found)
        withheld = sum(one.withheld for one in found)
        first = found[0]
        return Released(rows, withheld, first.rule, is_internal=first.is_internal)  # type: ignore[arg-type]
