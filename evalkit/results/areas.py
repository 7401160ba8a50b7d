"""Few areas with a programme beside others, and an area that was chosen for its bad year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from evalkit.results.estimates import Estimate, TestResult
from evalkit.shape import Shape

BeforeAnswer = Literal["differed", "alike", "cannot_tell"]
ChosenFor = Literal["worst_year", "random", "result", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AreasCompared(Shape):
    """How much more the areas with a programme changed than others, judged by chance.

    Attributes:
        difference: Mean change of the treated less that of the others, with the pooled t's
            interval, the one to print.
        low, high: All differences that randomisation does not refuse; infinite where no result
            could be told from chance.
        p_value: Share of all ways to choose as many areas with a difference as large.
        smallest_p: The smallest that could have been found.
        assignments: Ways to choose them, C(N, G), also where only some were tried.
        studentised: By Welch's t in place of the difference, from three treated areas on.
    """

    difference: Estimate
    low: float
    high: float
    p_value: float
    smallest_p: float
    assignments: int
    n_treated: int
    n_others: int
    studentised: TestResult | None


@dataclass(frozen=True, slots=True, kw_only=True)
class YearsBefore(Shape):
    """Whether the areas moved alike before the start: three answers, the third the usual one.

    ``margin`` is what the project states as alike, ``None`` when it says nothing; ``widest`` is
    the limit furthest from zero of the differences before, all held at once (Bonferroni).
    """

    answer: BeforeAnswer
    p_value: float
    smallest_p: float
    widest: float
    margin: float | None
    n_treated: int
    n_others: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadAfterBadYear(Shape):
    """An area's lead after its start, unadjusted and adjusted for how low it stood before.

    Attributes:
        area: The area.
        adjusted: Its change less what others as low changed; the interval to print.
        unadjusted: Its change less the others' mean.
        change: How much it changed itself, and ``expected``, what others as low did.
        dip: Its last value before the start less the mean of its earlier ones.
        plain: The adjusted lead with every area taken as alike in variability; ``adjusted`` is
            weighted where there are six years before or more.
        is_judged: Whether a word of verdict may be said; ``guard`` says why not, a text key.
        n_others, years_before: What it rests on.
        share_of_dip: How much of the dip is chance, where the numbers behind shares are known.
        smallest_found: The lead that would be found in four of five such comparisons.
    """

    area: str
    adjusted: Estimate
    unadjusted: Estimate
    plain: Estimate
    change: float
    expected: float
    dip: float
    is_judged: bool
    guard: str
    n_others: int
    years_before: int
    smallest_found: float
    share_of_dip: float | None = None
