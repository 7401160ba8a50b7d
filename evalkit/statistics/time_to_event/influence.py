"""What each person's row does to an estimate: the infinitesimal jackknife, in linear time.

An influence is a sum of "own event minus what was expected while at risk". So a person's
part is a jump at the exit less a compensator run through since entry, and sums over persons
become running sums over the table's times.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evalkit.statistics.time_to_event.event_counts import Spells


@dataclass(frozen=True, slots=True, kw_only=True)
class Paths:
    """Where each person enters and leaves on the grid of times, with weight and cluster.

    ``entered`` is the last time not after the entry, −1 without delay; ``cluster`` numbers
    the clusters from 0, ``None`` when each person stands alone.
    """

    entered: np.ndarray
    left: np.ndarray
    kind: np.ndarray
    weight: np.ndarray
    cluster: np.ndarray | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One martingale: ``jump`` (1 + C, T) at a person's exit, 0 for a censoring, less the
    growth of ``compensator`` (T,) over the person's time at risk.
    """

    jump: np.ndarray
    compensator: np.ndarray


def paths_of(spells: Spells, times: np.ndarray, group: int, clusters: np.ndarray | None) -> Paths:
    """The persons of one group as paths over the table's times."""
    rows = slice(None) if spells.groups is None else np.flatnonzero(spells.groups == group)
    left = np.searchsorted(times, spells.days[rows], side="right") - 1
    entered = np.full(len(left), -1)
    if spells.entry is not None:
        start = spells.entry[rows]
        entered = np.where(start > 0, np.searchsorted(times, start, side="right") - 1, -1)
    weight = np.ones(len(left)) if spells.weights is None else spells.weights[rows].astype(float)
    cluster = None
    if clusters is not None:
        cluster = np.unique(clusters[rows], return_inverse=True)[1]
    return Paths(
        entered=entered, left=left, kind=spells.causes[rows], weight=weight, cluster=cluster
    )


def variance_along(paths: Paths, parts: list[Part], factors: list[np.ndarray]) -> np.ndarray:
    """Σ over persons (or clusters) of (weight × Σₘ factorₘ(t) × partₘ(t))² at each time."""
    n_times = len(factors[0])
    total = np.zeros(n_times)
    if paths.cluster is not None:
        pairs = zip(parts, factors, strict=True)
        sums = [f * _cluster_sums(paths, paths.cluster, part) for part, f in pairs]
        clustered: np.ndarray = (sum(sums) ** 2).sum(axis=0)
        return clustered
    for part, factor in zip(parts, factors, strict=True):
        for other, other_factor in zip(parts, factors, strict=True):
            total += factor * other_factor * _sum_of_products(paths, part, other, n_times)
    return np.maximum(total, 0.0)


def influence_at(paths: Paths, part: Part, index: int) -> np.ndarray:
    """Each person's influence, unweighted, up to and including the time at ``index``."""
    if index < 0:
        return np.zeros(len(paths.left))
    has_left = paths.left <= index
    jump = np.where(has_left, part.jump[paths.kind, paths.left], 0.0)
    last = np.minimum(paths.left, index)
    run = np.where(paths.entered < last, _until(part, last) - _until(part, paths.entered), 0.0)
    influence: np.ndarray = jump - run
    return influence


def _until(part: Part, place: np.ndarray) -> np.ndarray:
    """The compensator at a time, 0 before the first."""
    padded = np.concatenate([[0.0], part.compensator])
    value: np.ndarray = padded[place + 1]
    return value


def _own(paths: Paths, part: Part) -> np.ndarray:
    """A person's whole part, known once the person has left."""
    run = _until(part, paths.left) - _until(part, paths.entered)
    own: np.ndarray = part.jump[paths.kind, paths.left] - run
    return own


def _sum_of_products(paths: Paths, one: Part, two: Part, n_times: int) -> np.ndarray:
    """Σ weight² × one(t) × two(t): those gone keep theirs, those at risk still run."""
    weight = paths.weight**2
    start_one, start_two = _until(one, paths.entered), _until(two, paths.entered)

    def at_risk_sum(values: np.ndarray) -> np.ndarray:
        begun = np.bincount(paths.entered + 1, values, minlength=n_times + 1)[: n_times + 1]
        ended = np.bincount(paths.left, values, minlength=n_times)
        running: np.ndarray = np.cumsum(begun)[1:] - np.cumsum(ended)
        return running

    a, b = one.compensator, two.compensator
    gone = np.bincount(paths.left, weight * _own(paths, one) * _own(paths, two), minlength=n_times)
    at_risk = a * b * at_risk_sum(weight) + at_risk_sum(weight * start_one * start_two)
    crossed = a * at_risk_sum(weight * start_two) + b * at_risk_sum(weight * start_one)
    total: np.ndarray = np.cumsum(gone) + at_risk - crossed
    return total


def _cluster_sums(paths: Paths, cluster: np.ndarray, part: Part) -> np.ndarray:
    """Σ weight × part(t) within each cluster, ``(clusters, T)``."""
    n_times, n_clusters = len(part.compensator), int(cluster.max()) + 1

    def placed(place: np.ndarray, values: np.ndarray) -> np.ndarray:
        key = cluster * (n_times + 1) + place
        flat = np.bincount(key, values, minlength=n_clusters * (n_times + 1))
        sums: np.ndarray = np.cumsum(flat.reshape(n_clusters, n_times + 1), axis=1)
        return sums

    begun, ended = paths.entered + 1, paths.left + 1
    start = paths.weight * _until(part, paths.entered)
    at_risk = (placed(begun, paths.weight) - placed(ended, paths.weight))[:, 1:]
    started = (placed(begun, start) - placed(ended, start))[:, 1:]
    gone = placed(ended, paths.weight * _own(paths, part))[:, 1:]
    sums: np.ndarray = gone - (part.compensator * at_risk - started)
    return sums
