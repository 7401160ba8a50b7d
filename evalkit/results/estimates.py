"""Estimates with their intervals, tests, and what stands where a number does not exist."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar

from evalkit.shape import Shape, refusal_words

Unit = Literal["share", "share_difference", "days", "persons", "ratio", "sek", "rate"]


class CannotBeComputed(ValueError):
    """An estimate that does not exist for these data, with the reason as a text key.

    ``reason`` is a key of the text catalogues (``cannot.<reason>``); ``facts`` are the
    counts the sentence needs. Never holds a person's value.
    """

    def __init__(self, reason: str, **facts: int | float | str) -> None:
        self.reason = reason
        self.facts = facts
        details = ", ".join(f"{name}={value}" for name, value in facts.items())
        super().__init__(f"cannot be computed: {reason}" + (f" ({details})" if details else ""))

    def __str__(self) -> str:
        """In the words of the study that is open, with the key to look it up by."""
        said = refusal_words(self)
        if not said:
            return super().__str__()
        return f"{said} [{self.args[0].removeprefix('cannot be computed: ')}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate(Shape):
    """One number with its interval, method and the person counts behind it.

    Attributes:
        measure: What is estimated, a text key (``share``, ``difference``, ``median_days``).
        value, low, high: The estimate and its confidence limits in ``unit``; ``inf``
            means "not reached", for example a median beyond the follow-up.
        unit: ``share`` and ``share_difference`` are on the 0–1 scale.
        method: The field's name of the interval method (``wilson``, ``newcombe``).
        confidence_level: 0.95 for a 95 % interval.
        n: Persons the estimate rests on.
        cells: Every person count a reader could deduce from the figures, the evidence
            disclosure control judges by.
        group: Printed level of the group, empty for everyone.

    Raises:
        ValueError: If the value lies outside its own interval, or anything is NaN.
    """

    measure: str
    value: float
    low: float
    high: float
    unit: Unit
    method: str
    confidence_level: float
    n: int
    cells: tuple[int, ...]
    group: str = ""

    def __post_init__(self) -> None:
        if not self.low <= self.value <= self.high:
            raise ValueError(f"{self.measure}: value outside its own interval, or not a number")
        if not 0 < self.confidence_level < 1:
            raise ValueError("confidence_level must lie strictly between 0 and 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class NotEstimable(Shape):
    """Stands in a list of estimates where one could not be computed; says why."""

    measure: str
    reason: str
    n: int
    group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld(Shape):
    """Stands where disclosure control took an estimate away; carries no number."""

    measure: str
    reason: str
    group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Between(Shape):
    """Limits that hold for certain, where released counts carry no number.

    Attributes:
        measure: What lies between them.
        low, high: In ``unit``; ``inf`` means that it was not reached by ``low``.
        n: Persons.
        group: Printed level of the group, empty for everyone.
    """

    measure: str
    low: float
    high: float
    unit: Unit
    n: int
    group: str = ""


EstimateRow = Estimate | NotEstimable | Withheld


@dataclass(frozen=True, slots=True, kw_only=True)
class TestResult(Shape):
    """A significance test: statistic, degrees of freedom and p-value."""

    __test__ = False  # keeps pytest from collecting the shape

    name: str
    statistic: float
    degrees_of_freedom: float
    p_value: float
    n: int
    cells: tuple[int, ...]

    def __post_init__(self) -> None:
        if not 0 <= self.p_value <= 1:
            raise ValueError(f"{self.name}: p_value outside 0–1, or not a number")


def estimates_only(rows: Sequence[EstimateRow]) -> list[Estimate]:
    """The rows that hold a number."""
    return [row for row in rows if isinstance(row, Estimate)]


def is_reached(value: float) -> bool:
    """Whether a quantile was reached within the follow-up."""
    return math.isfinite(value)


T_co = TypeVar("T_co", covariant=True)
U = TypeVar("U")


@dataclass(frozen=True, slots=True)
class Released(Shape, Generic[T_co]):
    """A result that has passed the disclosure door. Made only by ``disclosure.release_all``.

    ``notes`` are text keys (``disclosure.<note>``) of what a reader should know of how the
    figures were protected.
    """

    result: T_co
    withheld: int
    rule: str
    is_internal: bool = field(default=False, kw_only=True)
    notes: tuple[str, ...] = field(default=(), kw_only=True)

    def part(self, result: U) -> Released[U]:
        """A part of this result, or its parts in another order: released with it."""
        return Released(
            result, self.withheld, self.rule, is_internal=self.is_internal, notes=self.notes
        )
