"""A target judged with regard to who took part."""

from __future__ import annotations

from dataclasses import dataclass

from evalkit.results.claims import Grade
from evalkit.results.estimates import Estimate
from evalkit.shape import Shape


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustedVerdict(Shape):
    """A share beside the one to be expected of these participants, judged against a goal.

    Attributes:
        observed: The share with the outcome among the participants.
        expected: The share that the reference has among persons like the participants.
        reference: The share of the reference as it is.
        ratio: Observed over expected.
        adjusted: The reference's share times that ratio: indirectly standardised.
        goal: The goal, stated for a mix of persons like the reference's.
        adjusted_goal: The same goal for the participants as they are.
        grade: By the interval of ``adjusted`` against ``goal``.
        left_out: Participants without what the reference asks of them.
        reference_cells: Person counts behind the reference that a reader could deduce;
            empty for a published one.
    """

    observed: Estimate
    expected: float
    reference: float
    ratio: Estimate
    adjusted: Estimate
    goal: float
    adjusted_goal: float
    grade: Grade
    left_out: int = 0
    reference_cells: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if not (0 < self.expected < 1 and 0 < self.reference < 1):
            raise ValueError("expected and reference must lie strictly between 0 and 1")
