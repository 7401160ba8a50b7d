"""What decides between groups over time and between women and men: named beforehand."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from evalkit.project.base import Block, Identifier

# The result that is no target: a good exit, of everyone.
POSITIVE = "positive"
ChosenFor = Literal["worst_year", "random", "result", "unknown"]


class Decisive(Block):
    """The one figure that decides whether groups differ over time, and its day.

    Attributes:
        figure: The share with the outcome by the day, or the mean days after it up to the day.
        day: Days from entry.
    """

    figure: Literal["share", "mean_days"] = "share"
    day: Annotated[int, Field(gt=0)] = 365


class Equity(Block):
    """Women and men in the main results.

    Attributes:
        verdict: The result whose gap is judged, named beforehand: ``positive`` or a target's id;
            none when left out.
        by: Columns within whose levels the gap is shown as well: places, tracks.
    """

    verdict: Identifier | None = None
    by: tuple[Identifier, ...] = ()


def least_favourable(*reasons: ChosenFor) -> ChosenFor:
    """The reason that forbids most, where area and start year were chosen for two.

    >>> least_favourable("random", "worst_year")
    'worst_year'
    """
    order: tuple[ChosenFor, ...] = ("result", "unknown", "worst_year", "random")
    return min(reasons, key=order.index)
