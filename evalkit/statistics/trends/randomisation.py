"""Few treated areas: whether the difference is larger than between areas chosen by lot.

With two or three treated areas of twelve, errors clustered by area (CR1, CR2) call a difference
in 6–21 of 100 panels where nothing happened. Counting the ways to choose the areas does not err
so, and needs no distribution: see ``docs/en/estimates.md``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import combinations

import numpy as np

from evalkit.results import AreasCompared, CannotBeComputed, Estimate, TestResult
from evalkit.statistics.means import t_estimate
from evalkit.statistics.shares.share_counts import check_confidence_level

MOST_ASSIGNMENTS = 10_000
SAME_SIZE = 1e-9
FEWEST_STUDENTISED = 3
"""Treated areas: with two Welch's t loses a third of the power."""
_SEED = 4711
_HALVINGS = 60
_DOUBLINGS = 60


def randomised_areas(
    change: Sequence[float] | np.ndarray,
    treated: Sequence[bool] | np.ndarray,
    *,
    confidence_level: float = 0.95,
    rng: np.random.Generator | None = None,
) -> AreasCompared:
    """How much more the treated areas changed, and how many other choices give as much.

    The p-value is the share of all C(N, G) ways to choose the treated areas whose absolute
    difference of means is at least as large, the real one included (Fisher 1935); above 10 000
    ways, of 9 999 random ones and the real one. ``low``–``high`` are the differences that this
    test does not refuse. ``difference`` has the pooled Student's t with N − 2 degrees of freedom
    (Donald and Lang 2007, REStat 89:221), the interval to print.

    Args:
        change: One number per area: its mean after the start less its mean before.
        treated: Whether the area has the programme.
        confidence_level: 0.95 for a 95 % interval, and a test at 5 %.
        rng: For the random choices; the same ones every time when left out.

    Raises:
        CannotBeComputed: ``too_few_assignments`` where no result could be told from chance, as
            with 2 of 6 areas or 1 of fewer than 20; ``too_few_areas`` with no treated area or
            fewer than two others; ``no_variation`` when all areas of a kind changed alike.

    >>> found = randomised_areas([4, 5, 0, 1, -1, 2, 0, 1], [1, 1, 0, 0, 0, 0, 0, 0])
    >>> found.assignments, round(found.p_value, 4), round(found.difference.value, 2)
    (28, 0.0357, 4.0)
    """
    found = compare_by_lot(change, treated, confidence_level=confidence_level, rng=rng)
    if found.smallest_p > 1 - confidence_level + SAME_SIZE:
        raise CannotBeComputed(
            "too_few_assignments",
            treated=found.n_treated,
            n=found.n_treated + found.n_others,
            smallest_p=found.smallest_p,
        )
    return found


def compare_by_lot(
    change: Sequence[float] | np.ndarray,
    treated: Sequence[bool] | np.ndarray,
    *,
    confidence_level: float = 0.95,
    rng: np.random.Generator | None = None,
) -> AreasCompared:
    """As `randomised_areas`, with infinite limits where that refuses."""
    check_confidence_level(confidence_level)
    y, own = _checked(change, treated)
    n, g = len(y), int(own.sum())
    chosen = assignments(own, rng)
    weights = _weights(chosen)
    differences, shifts = weights @ y, weights @ own
    observed = float(differences[0])
    alpha = 1 - confidence_level

    def p_at(shift: float) -> float:
        return _share_as_large(np.abs(differences - shift * shifts))

    smallest = smallest_p(n, g)
    low, high = -math.inf, math.inf
    if smallest <= alpha + SAME_SIZE:
        reach = float(np.ptp(y)) or 1.0
        low = _limit(p_at, observed, -reach, alpha)
        high = _limit(p_at, observed, reach, alpha)
    return AreasCompared(
        difference=pooled_t(y, own, confidence_level=confidence_level),
        low=low,
        high=high,
        p_value=p_at(0.0),
        smallest_p=smallest,
        assignments=math.comb(n, g),
        n_treated=g,
        n_others=n - g,
        studentised=_studentised(y, chosen) if g >= FEWEST_STUDENTISED else None,
    )


def pooled_t(
    change: np.ndarray,
    treated: np.ndarray,
    *,
    confidence_level: float = 0.95,
    measure: str = "difference_in_change",
    method: str = "pooled_t",
    group: str = "",
) -> Estimate:
    """Difference of mean changes, Student's t with the pooled variance and N − 2 degrees.

    With one treated area the variance is the others' own (Donald and Lang 2007).
    """
    one, others = change[treated], change[~treated]
    free = len(change) - 2
    squares = float(np.sum((one - one.mean()) ** 2) + np.sum((others - others.mean()) ** 2))
    error = math.sqrt(squares / free * (1 / len(one) + 1 / len(others)))
    return t_estimate(
        float(one.mean() - others.mean()),
        error,
        free,
        measure=measure,
        method=method,
        confidence_level=confidence_level,
        n=len(change),
        group=group,
    )


def smallest_p(n: int, treated: int) -> float:
    """The smallest p-value there can be: with as many treated as others the mirror image ties."""
    return (2 if 2 * treated == n else 1) / math.comb(n, treated)


def assignments(treated: np.ndarray, rng: np.random.Generator | None = None) -> np.ndarray:
    """``(M, N)`` ways to choose as many areas, the real one first."""
    n, g = len(treated), int(treated.sum())
    if math.comb(n, g) > MOST_ASSIGNMENTS:
        rng = rng or np.random.default_rng(_SEED)
        places = np.argpartition(rng.random((MOST_ASSIGNMENTS - 1, n)), g - 1, axis=1)[:, :g]
        return np.vstack([treated, _as_rows(places, n)])
    rows = _as_rows(np.array(list(combinations(range(n), g))), n)
    is_real = (rows == treated).all(axis=1)
    return np.vstack([treated, rows[~is_real]])


def _studentised(y: np.ndarray, chosen: np.ndarray) -> TestResult:
    statistics = np.abs(_welch(y, chosen))
    return TestResult(
        name="studentised_randomisation",
        statistic=float(statistics[0]),
        degrees_of_freedom=float(len(y) - 2),
        p_value=_share_as_large(statistics),
        n=len(y),
        cells=(),
    )


def _welch(y: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """Welch's t of every choice; infinite where neither kind differs within itself."""
    squared = np.zeros(len(chosen))
    for inside in (chosen, ~chosen):
        count = inside.sum(axis=1)
        mean = inside @ y / count
        rest = np.maximum(inside @ y**2 - count * mean**2, 0.0)
        squared += rest / (count - 1) / count
    differences = _weights(chosen) @ y
    tiny = squared <= SAME_SIZE**2 * np.ptp(y) ** 2
    infinite = np.where(np.abs(differences) > SAME_SIZE * np.ptp(y), np.inf, 0.0)
    return np.where(tiny, infinite, np.abs(differences) / np.sqrt(np.where(tiny, 1.0, squared)))


def _share_as_large(sizes: np.ndarray) -> float:
    """Share of the choices with a statistic at least the real one's, which comes first."""
    return float(np.mean(sizes >= sizes[0] * (1 - SAME_SIZE)))


def _limit(p_at: Callable[[float], float], start: float, reach: float, alpha: float) -> float:
    """Where p falls to alpha on one side of the difference: p falls on both sides of it."""
    for _ in range(_DOUBLINGS):
        if p_at(start + reach) <= alpha + SAME_SIZE:
            break
        reach *= 2
    else:
        return math.copysign(math.inf, reach)
    inside, outside = start, start + reach
    for _ in range(_HALVINGS):
        middle = (inside + outside) / 2
        inside, outside = (
            (middle, outside) if p_at(middle) > alpha + SAME_SIZE else (inside, middle)
        )
    return outside


def _weights(chosen: np.ndarray) -> np.ndarray:
    """Rows that take the mean of the chosen less the mean of the rest."""
    count = chosen.sum(axis=1, keepdims=True)
    return np.asarray(np.where(chosen, 1 / count, -1 / (chosen.shape[1] - count)))


def _as_rows(places: np.ndarray, n: int) -> np.ndarray:
    rows = np.zeros((len(places), n), dtype=bool)
    np.put_along_axis(rows, places, True, axis=1)
    return rows


def _checked(
    change: Sequence[float] | np.ndarray, treated: Sequence[bool] | np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    y, own = np.asarray(change, dtype=float), np.asarray(treated, dtype=bool)
    if y.shape != own.shape or y.ndim != 1:
        raise ValueError("change and treated must be of the same length, one value per area")
    if not np.isfinite(y).all():
        raise ValueError("change must be numbers, one per area")
    g = int(own.sum())
    if g < 1 or len(y) - g < 2:
        raise CannotBeComputed("too_few_areas", treated=g, controls=len(y) - g)
    if max(np.ptp(y[own]), np.ptp(y[~own])) == 0:
        raise CannotBeComputed("no_variation", n=len(y))
    return y, own
