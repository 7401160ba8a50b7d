"""Several sites, or several projects, set beside each other without ranking them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from evalkit.results.estimates import Estimate, EstimateRow, TestResult
from evalkit.shape import Shape

if TYPE_CHECKING:
    import numpy as np

Zone = Literal["inside", "warning_below", "warning_above", "outside_below", "outside_above"]
Allowance = Literal["none", "additive"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelLine(Shape):
    """The limits within which chance keeps a site, at each size; ``(m,)`` arrays.

    ``level`` is the part of sites without a difference of their own that fall inside.
    """

    level: float
    size: np.ndarray
    low: np.ndarray
    high: np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelPoint(Shape):
    """A site in the funnel: its figure, its size, and on which side of which limit it lies.

    ``warning`` is beyond the narrower limits, ``outside`` beyond the wider. ``size`` is persons;
    ``narrow`` and ``wide`` are the limits at that size.
    """

    row: Estimate
    size: float
    zone: Zone
    narrow: tuple[float, float]
    wide: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel(Shape):
    """Sites against the limits of chance around what they have in common.

    Attributes:
        reference: The share that all sites are compared with.
        lines: Narrower limits first.
        points: In the order they are printed.
        allowance: Whether the limits are wider than chance makes them, since the sites
            differ by more: by a variance added to each.
        dispersion: Mean squared distance from the reference, in standard errors, the
            most extreme drawn in; 1 where chance is all.
        test: That the dispersion is chance.
    """

    reference: float
    lines: tuple[FunnelLine, ...]
    points: tuple[FunnelPoint, ...]
    allowance: Allowance
    dispersion: float
    test: TestResult


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteComparison(Shape):
    """What sites have in common, and how much they differ beyond chance.

    Everything but ``sites`` is worked out from those rows of ``sites`` that hold an estimate,
    so that where a site is withheld nothing here rests on it.

    Attributes:
        dimension: What the sites are levels of.
        sites: One row per site in printed order, withheld ones among them.
        pooled: The mean over sites, with its interval.
        further: Between which values a further site of the same kind is to be expected;
            ``value`` is that of ``pooled``.
        shrunken: Each site with an estimate, drawn towards the mean by what chance makes up.
        spread: Standard deviation of the true effects between sites, on the scale pooled on.
        i_squared: The part of the variation seen that chance does not make up.
        test: Cochran's test that chance is all.
        funnel: The same sites against the limits of chance.
    """

    dimension: str
    sites: tuple[EstimateRow, ...]
    pooled: Estimate
    further: Estimate
    shrunken: tuple[Estimate, ...]
    spread: float
    i_squared: float
    test: TestResult
    funnel: Funnel
