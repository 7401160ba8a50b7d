"""A claim while it is being read: its figure and what belongs to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from evalkit.reading.context import Candidate
from evalkit.reading.tokens import Sentence

Kind = Literal[
    "cost", "target", "against_target", "comparison", "before_after", "change",
    "mean_duration", "composition", "area_level", "share", "count", "other",
]  # fmt: skip

LEVELS = frozenset({"percent", "persons", "duration"})


@dataclass(slots=True)
class Claim:
    """A claim with what belongs to it. ``numbers`` are those of the statement itself."""

    main: Candidate
    kind: Kind = "other"
    earlier: Candidate | None = None
    goal: Candidate | None = None
    yardstick: Candidate | None = None
    is_change: bool = False
    is_difference: bool = False
    repeats: list[Candidate] = field(default_factory=list)
    of_whom: str | None = None
    population: frozenset[str] = frozenset()
    n: tuple[int | None, ...] = ()
    n_is_sure: bool = False
    n_is_hedged: bool = False
    n_is_told_last: bool = False  # of them: of those counted just before
    n_may_be_told: bool = False  # a count of the text may be the size of the base
    comparison: bool = False
    whole_register: bool = False
    same_as: Claim | None = None
    missing: tuple[str, ...] = ()
    traps: tuple[str, ...] = ()
    period: bool = False

    @property
    def s(self) -> Sentence:
        return self.main.sentence

    @property
    def sentences(self) -> list[Sentence]:
        """Where the claim and its earlier level stand."""
        return [self.s, *([self.earlier.sentence] if self.earlier else [])]

    @property
    def unit(self) -> str:
        return self.main.q.unit

    @property
    def form(self) -> str:
        return self.main.q.form

    @property
    def begins(self) -> int:
        return self.main.q.begins

    @property
    def after(self) -> int:
        return self.main.q.after

    @property
    def value(self) -> float:
        """The number told, the latest of several."""
        return self.main.q.values[-1]

    @property
    def decimals(self) -> int | None:
        return self.main.q.decimals

    @property
    def numbers(self) -> tuple[float, ...]:
        values = self.main.q.values
        if self.earlier is not None and self.kind not in ("cost", "against_target"):
            return (*self.earlier.q.values, *values)
        return values

    @property
    def is_pair(self) -> bool:
        return self.main.q.form == "pair" or self.earlier is not None

    @property
    def levels(self) -> tuple[float, float] | None:
        """Earlier and later level of a pair."""
        numbers = self.numbers
        return (numbers[0], numbers[-1]) if self.is_pair and len(numbers) > 1 else None

    @property
    def hedge(self) -> str | None:
        return self.main.q.hedge

    @property
    def percentage(self) -> float | None:
        """The latest stated percentage."""
        return self.main.q.values[-1] if self.unit == "percent" else None
