"""What a project asks of its data: a result, and whose persons each printed number is.

Disclosure control judges answers by their members alone and need not know the topic. An
answer of persons cannot be made without them; what is of no persons says so by its type.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import numpy as np

T_co = TypeVar("T_co", covariant=True)
Key = tuple[str, ...]

OUTSIDE = -1  # the figure is not about this person
UNKNOWN = -2  # it is, but the person is left out for want of a known value
WITHOUT, WITH = "without", "with"
# After a level: the few persons without one are counted with those who have it.
OR_UNKNOWN = "+unknown"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Members:
    """The printed cell that each person falls in: one column per partition of the persons.

    Attributes:
        cells: ``(n,)`` whole numbers, one per person of the population in its order: the
            position of the person's cell in ``keys``, `OUTSIDE` or `UNKNOWN`.
        keys: What each cell is. A count table: its levels. A share: the group (empty for
            everyone) and `WITHOUT` or `WITH`. Counts over time: the group and the exit, empty
            for those still enrolled. Whoever a test or a model rests on: one empty key.
        days: ``(n,)`` whole days to the exit or the data cut, for counts over time.
        amounts: ``(n,)`` money behind a mean or a sum.
        population: Whose persons: those of the project's registers, or a comparison group's.
        impossible: Positions of keys that nobody can have by definition, as a reader knows.
    """

    cells: np.ndarray
    keys: tuple[Key, ...]
    days: np.ndarray | None = None
    amounts: np.ndarray | None = None
    population: str = "participants"
    impossible: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        if self.cells.ndim != 1 or (len(self.cells) and self.cells.max() >= len(self.keys)):
            raise ValueError("each person falls in one of the cells that have a key")
        for column in (self.days, self.amounts):
            if column is not None and column.shape != self.cells.shape:
                raise ValueError("days and amounts have one number per person")

    @property
    def counts(self) -> np.ndarray:
        """``(k,)`` persons in each cell."""
        inside = self.cells[self.cells >= 0]
        return np.bincount(inside, minlength=len(self.keys))


def counted(mask: np.ndarray, *, population: str = "participants") -> Members:
    """Those a figure is of, in one cell: a test, a model, a mean."""
    return Members(cells=np.where(mask, 0, OUTSIDE), keys=((),), population=population)


def by_level(values: np.ndarray, levels: Sequence[str]) -> Members:
    """Everybody by the level of a column; whoever has another value is outside."""
    place = {level: index for index, level in enumerate(levels)}
    cells = np.array([place.get(value, OUTSIDE) for value in values], dtype=np.int64)
    return Members(cells=cells, keys=tuple((level,) for level in levels))


def share_members(
    chosen: np.ndarray,
    reached: np.ndarray,
    *,
    unknown: np.ndarray | None = None,
    groups: np.ndarray | None = None,
    levels: Sequence[str] = ("",),
    population: str = "participants",
) -> Members:
    """With and without an outcome among the chosen, in one group or in several.

    Args:
        chosen: ``(n,)`` whom the share is of, those of unknown outcome left out.
        reached: ``(n,)`` who has the outcome.
        unknown: ``(n,)`` who would be chosen if their outcome were known.
        groups: ``(n,)`` level of each person; ``None`` when there is one group.
        levels: Printed groups; whoever has another level is outside.
        population: See `Members`.
    """
    if groups is None:
        place = np.zeros(len(chosen), dtype=np.int64)
    else:
        place = by_level(groups, levels).cells
    cells = np.where(chosen & (place >= 0), 2 * place + reached.astype(np.int64), OUTSIDE)
    if unknown is not None:
        cells = np.where(unknown & (place >= 0), UNKNOWN, cells)
    keys = tuple((level, part) for level in levels for part in (WITHOUT, WITH))
    return Members(cells=cells, keys=keys, population=population)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answer(Generic[T_co]):
    """A result of persons, exact, with its members.

    Attributes:
        id: What is asked; the same in every language, format and edition.
        result: A shape of `evalkit.results`; counts over time as an `EventTable`.
        members: One column per partition of the persons behind the printed numbers. A table
            or a list of rows has one; rows that overlap, or a total whose persons are not
            just those of its groups, have one each.
        rank: What is given up last: 0 the headline and what everyone is asked of, 1 targets
            and claims, 2 comparisons over time, 3 whatever is split by group, 4 the funder's
            tables, which add up by themselves.
        given: Id of a derived answer; where it does not exist, neither does this, for its
            reason. It is judged all the same, so that only what is released decides.

    Raises:
        TypeError: Without members.
    """

    id: str
    result: T_co
    members: tuple[Members, ...]
    rank: int = 3
    given: str = ""

    def __post_init__(self) -> None:
        if not self.members or not all(isinstance(one, Members) for one in self.members):
            raise TypeError(f"{self.id}: an answer of persons needs its members")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PublicAnswer(Generic[T_co]):
    """A result of no persons: an official series, a budget, counts of rows, published figures."""

    id: str
    result: T_co


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Derived(Generic[T_co]):
    """A result computed from released ones alone, which therefore reveals nothing more.

    Attributes:
        id: What is asked.
        of: Ids of the answers it rests on, in the order of ``compute``'s arguments.
        compute: A function of the released results. It may raise `CannotBeComputed`.
        without: Ids of those it can do without: they may be `NotComputed`.
        given: See `Answer`.
    """

    id: str
    of: tuple[str, ...]
    compute: Callable[..., T_co]
    without: tuple[str, ...] = ()
    given: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Late(Generic[T_co]):
    """An answer of persons whose question depends on what else may be shown.

    Attributes:
        id: What is asked.
        of: Ids of the answers that decide, in the order of ``make``'s arguments.
        make: From those released results to an answer, judged like any other.
        is_last: It stands where it has room beside all others, late ones too.
    """

    id: str
    of: tuple[str, ...]
    make: Callable[..., Answer[T_co]]
    is_last: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NotComputed:
    """Stands for an answer that does not exist: the reason and facts of `CannotBeComputed`."""

    reason: str
    facts: dict[str, Any] = field(default_factory=dict)


Ask = Answer[Any] | PublicAnswer[Any] | Derived[Any] | Late[Any]
