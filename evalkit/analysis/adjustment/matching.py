"""Pairs of persons with nearly the same propensity, one from each group."""

from __future__ import annotations

import numpy as np

from evalkit.analysis.adjustment.groups import Groups


def nearest_pairs(groups: Groups) -> tuple[np.ndarray, np.ndarray]:
    """Pairs each treated person with the nearest unused control (Rosenbaum and Rubin 1985).

    Greedy, without replacement, highest propensity first, as MatchIt's default. Controls are
    kept in order of propensity with links past the used ones, so it costs n log n.

    Returns:
        Positions of the treated and of their controls; treated without a control are left out.
    """
    e = groups.propensity
    treated, controls = np.flatnonzero(groups.treated), np.flatnonzero(~groups.treated)
    treated = treated[np.argsort(-e[treated], kind="stable")]
    controls = controls[np.argsort(e[controls], kind="stable")]
    ordered = e[controls]
    unused = _Unused(len(controls))
    pairs = []
    for person in treated[: len(controls)]:
        place = int(np.searchsorted(ordered, e[person]))
        below, above = unused.at_or_below(place - 1), unused.at_or_above(place)
        if below < 0:
            chosen = above
        elif above >= len(controls):
            chosen = below
        else:
            is_below = e[person] - ordered[below] <= ordered[above] - e[person]
            chosen = below if is_below else above
        unused.take(chosen)
        pairs.append((person, controls[chosen]))
    found = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return found[:, 0], found[:, 1]


def matched_difference(groups: Groups) -> tuple[float, int]:
    """Mean difference within the pairs and their number: for the treated who found one.

    No interval: the usual errors of matched pairs ignore that the propensity and the pairs
    were chosen from the data (Abadie and Imbens 2016). Use the weighted estimates for one.
    """
    first, second = nearest_pairs(groups)
    gap = groups.outcome[first] - groups.outcome[second]
    return float(gap.mean()), len(gap)


class _Unused:
    """The nearest unused place in either direction, by links that shorten as they are used."""

    def __init__(self, n: int) -> None:
        self._down = list(range(n + 1))  # place p is stored at p + 1, so that −1 has a home
        self._up = list(range(n + 1))

    def at_or_below(self, place: int) -> int:
        return _follow(self._down, place + 1) - 1

    def at_or_above(self, place: int) -> int:
        return _follow(self._up, place)

    def take(self, place: int) -> None:
        self._down[place + 1] = place
        self._up[place] = place + 1


def _follow(links: list[int], start: int) -> int:
    end = start
    while links[end] != end:
        end = links[end]
    while links[start] != end:
        links[start], start = end, links[start]
    return end
