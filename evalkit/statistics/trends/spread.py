"""How unusual an area's change is, judged by how much areas differ anyway."""

from __future__ import annotations

import numpy as np
from scipy import special

from evalkit.results import AreaChanges, CannotBeComputed, Estimate

FEWEST_OTHERS = 4
"""With fewer areas beside, their spread is not known well enough to judge by."""


def change_against_reference(changes: AreaChanges, *, confidence_level: float = 0.95) -> Estimate:
    """The area's change less the reference's, with the spread of other areas as its interval.

    Other areas, without the programme, also moved away from the reference; the mean square of
    those distances, with J degrees of freedom, is what the area's own is judged against, as in
    Donald and Lang's (2007, REStat 89:221) two-step difference in differences with one area.
    The reference's change counts as known, for it is that of the whole country.

    Raises:
        CannotBeComputed: ``too_few_others`` with fewer than four areas beside;
            ``definition_break`` when the definition changed between the periods.
    """
    _refuse(changes)
    distances = np.array([row.change - changes.reference.change for row in changes.others])
    return _estimate(
        changes.against_reference,
        spread=float(np.sqrt(np.mean(distances**2))),
        free=len(distances),
        changes=changes,
        measure="change_against_reference",
        confidence_level=confidence_level,
    )


def _refuse(changes: AreaChanges) -> None:
    for period in changes.breaks:
        raise CannotBeComputed("definition_break", period=period)
    if len(changes.others) < FEWEST_OTHERS:
        raise CannotBeComputed("too_few_others", n=len(changes.others), needed=FEWEST_OTHERS)


def _estimate(
    value: float,
    *,
    spread: float,
    free: int,
    changes: AreaChanges,
    measure: str,
    confidence_level: float,
) -> Estimate:
    margin = float(special.stdtrit(free, (1 + confidence_level) / 2)) * spread
    return Estimate(
        measure=measure,
        value=value,
        low=value - margin,
        high=value + margin,
        unit="rate",
        method="spread_of_areas",
        confidence_level=confidence_level,
        n=len(changes.others) + 1,
        cells=(),
        group=changes.area.area,
    )
