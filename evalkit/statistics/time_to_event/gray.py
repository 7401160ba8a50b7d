"""Gray's test: whether the share leaving by one cause differs between groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaincc

from evalkit.results import CannotBeComputed, EventTable, TestResult
from evalkit.statistics.time_to_event.competing_risks import survival_before
from evalkit.statistics.time_to_event.event_table import at_risk
from evalkit.statistics.time_to_event.logrank import aligned_strata, chi_square


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stratum:
    """``n`` at risk, own-cause ``d`` and other-cause ``o``, each ``(G, T)``."""

    n: np.ndarray
    d: np.ndarray
    o: np.ndarray


def gray_test(
    table: EventTable | Sequence[EventTable], *, cause: str, rho: float = 0.0
) -> TestResult:
    """Test that the cumulative incidence of one cause is the same in all groups.

    Gray (1988, Ann Stat 16:1141): compares the hazards of the cumulative incidence, so that
    it answers "do larger shares leave this way", which a log-rank test of the cause does not.

    Args:
        table: Counts per group; several tables are strata, see `tables_by_stratum`.
        cause: The way to leave that is compared.
        rho: Weight (1 − F)^rho; 0 weighs all days alike.

    Raises:
        ValueError: For an unknown cause, or strata with different causes.
        CannotBeComputed: ``one_group`` when fewer than two groups hold persons,
            ``delayed_entry`` (the test is not defined for it), ``no_events`` when nobody
            leaves by the cause.

    >>> from evalkit.statistics.time_to_event.event_table import event_table
    >>> table = event_table(
    ...     [1, 2, 3, 4, 5, 6], [1, 1, 2, 1, 2, 0], cause_names=["work", "studies"],
    ...     groups=["a", "a", "a", "b", "b", "b"],
    ... )
    >>> round(gray_test(table, cause="work").p_value, 3)
    0.118
    """
    strata = aligned_strata(table)
    if cause not in strata[0].causes:
        raise ValueError(f"cause: expected one of {', '.join(strata[0].causes)}, got {cause!r}")
    if any(stratum.entered.any() for stratum in strata):
        raise CannotBeComputed("delayed_entry")
    k = strata[0].causes.index(cause)
    persons = np.sum([s.persons for s in strata], axis=0)
    events = np.sum([s.left[:, :, k].sum(axis=1) for s in strata], axis=0)
    kept = np.flatnonzero(persons > 0)
    if len(kept) < 2:
        raise CannotBeComputed("one_group")
    if not events.sum():
        raise CannotBeComputed("no_events", n=int(persons.sum()))
    scores = [_scores(_stratum(s, kept, k), rho) for s in strata]
    score, variance = (np.sum(parts, axis=0) for parts in zip(*scores, strict=True))
    statistic = chi_square(score[:-1], variance[:-1, :-1])
    freedom = len(kept) - 1
    return TestResult(
        name="gray",
        statistic=statistic,
        degrees_of_freedom=freedom,
        p_value=float(gammaincc(freedom / 2, statistic / 2)),
        n=int(persons.sum()),
        cells=tuple(round(float(c)) for c in (*events, *(persons - events))),
    )


def _stratum(table: EventTable, kept: np.ndarray, cause: int) -> _Stratum:
    d = table.left[kept][:, :, cause]
    all_left = table.left[kept].sum(axis=2)
    happens = all_left.sum(axis=0) > 0
    n = at_risk(table)[kept]
    return _Stratum(n=n[:, happens], d=d[:, happens], o=(all_left - d)[:, happens])


def _scores(stratum: _Stratum, rho: float) -> tuple[np.ndarray, np.ndarray]:
    """Score and variance of each group in one stratum, Gray's equations 2.6 and 3.2 ff.

    ``r`` is Gray's risk set on the scale of the subdistribution, n/S(t−); ``spread`` his
    matrix of how an event in one group moves the score of another, ``run`` its integral.
    """
    n, d, o = stratum.n, stratum.d, stratum.o
    present = n > 0
    somebody = np.where(present, n, 1)
    before = survival_before(n, d + o)
    after = before * (n - d - o) / somebody
    own_before = _lagged(np.cumsum(before * d / somebody, axis=1))
    r = np.where(present, n / np.where(present, before, 1.0), 0.0)
    total, events = r.sum(axis=0), d.sum(axis=0)
    share = np.cumsum(events / total)
    left_of = 1 - _lagged(share[None])[0]
    weight = np.maximum(left_of, 0.0) ** rho
    scaled = r * (1 - own_before)
    score = (weight * (d - events * scaled / scaled.sum(axis=0))).sum(axis=1)
    spread = weight * (r[:, None] * np.eye(len(r))[:, :, None] - r[:, None] * r[None] / total)
    run = np.cumsum(spread * events / (total * np.where(left_of > 0, left_of, 1.0)), axis=2)
    own = _own_terms(before, total, events, somebody) * present
    ties = np.where(o > 1, 1 - (o - 1) / np.where(somebody > 1, somebody - 1, 1), 1.0)
    others = np.where(after > 0, ties * before**2 * o / somebody.astype(float) ** 2, 0.0)
    return score, _variance(after, share, spread, run, own, others)


def _own_terms(
    before: np.ndarray, total: np.ndarray, events: np.ndarray, n: np.ndarray
) -> np.ndarray:
    ties = np.ones_like(before)
    scaled = total * before - 1
    np.divide(events - 1, scaled, out=ties, where=(events > 1) & (scaled != 0))
    ties = np.where(events > 1, 1 - ties, 1.0)
    terms: np.ndarray = ties * before * events / (total * n)
    return terms


def _variance(
    after: np.ndarray,
    share: np.ndarray,
    spread: np.ndarray,
    run: np.ndarray,
    own: np.ndarray,
    others: np.ndarray,
) -> np.ndarray:
    """Σ over groups k and days of (its effect on score i) × (on score j) × its variance.

    An event at t moves the score at t and, through F, at every later day: the effect is
    what stands at t plus (run to the end − run to t) times how far it moves F.
    """
    alive = after > 0
    over = np.where(alive, (1 - share) / np.where(alive, after, 1.0), 0.0)
    end = run[:, :, -1:]
    own_effect = spread + (end - run) * (1 - over)
    other_effect = (run - end) * over
    variance: np.ndarray = np.einsum("ikt,jkt,kt->ij", own_effect, own_effect, own)
    variance += np.einsum("ikt,jkt,kt->ij", other_effect, other_effect, others)
    return variance


def _lagged(values: np.ndarray) -> np.ndarray:
    """Each row a step later, 0 first: just before the day instead of on it."""
    return np.concatenate([np.zeros_like(values[:, :1]), values[:, :-1]], axis=1)
