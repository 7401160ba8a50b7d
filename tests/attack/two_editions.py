"""A reader of two editions: who came, who left meanwhile, and whom another grouping sets apart.

Between the editions some are new and some who were enrolled have left; nobody disappears, and
nobody's sex or place changes. Everything printed in either edition is one set of equations.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tests.attack.attacker import Bounder, World


def leaks_between(before: World, after: World, threshold: int = 5) -> list[str]:
    """New ones, or ones who have left since, that are known to be 1 to threshold − 1.

    Both worlds have the same levels; ``places`` of the later one says what its rows hold.
    """
    zero = np.zeros(len(before.atoms))
    left = before.mask({"exit": frozenset(before.levels["exit"]) - {"ongoing"}}).astype(float)
    # Unknowns: persons of the first edition, those of them who have left since by what they
    # became, and the new ones.
    known = [
        (np.concatenate([before.mask(predicate), zero, zero]), least, most)
        for _, predicate, least, most in before.known
    ]
    for _, predicate, least, most in after.known:
        own = after.mask(predicate).astype(float)
        known.append((np.concatenate([own, own * left - _as_before(after, own), own]), least, most))
    known += list(_logic(before))
    rows, low, high = zip(*known, strict=True)
    bounder = Bounder.of(rows, low, high)
    found = []
    for name, level in [("", ""), *((k, v) for k in before.levels for v in before.levels[k])]:
        own = before.mask({name: frozenset({level})} if name else {}).astype(float)
        for what, group in (
            ("new", [zero, zero, own]),
            ("left since", [zero, own * left, zero]),
            ("new or left since", [zero, own * left, own]),
            ("before", [own, zero, zero]),
        ):
            least, most = bounder.bounds(np.concatenate(group), threshold)
            if least >= 1 - 1e-6 and most < threshold - 1e-6:
                found.append(f"{what} {level}: {least:g}–{most:g}")
    return found


def _logic(before: World) -> Iterator[tuple[np.ndarray, float, float]]:
    """Whoever has left since was enrolled, and of the same sex and place."""
    n = len(before.atoms)
    for i, atom in enumerate(before.atoms):
        if atom["exit"] != "ongoing":
            continue
        row, nobody = np.zeros(3 * n), np.zeros(3 * n)
        row[i], nobody[n + i] = 1.0, 1.0
        row[[n + j for j, other in enumerate(before.atoms) if _became(atom, other)]] = -1.0
        yield row, 0.0, np.inf
        yield nobody, 0.0, 0.0


def _became(atom: dict[str, str], other: dict[str, str]) -> bool:
    same = all(other[name] == atom[name] for name in atom if name not in ("exit", "time"))
    return other["exit"] != "ongoing" and same


def _as_before(world: World, own: np.ndarray) -> np.ndarray:
    """For each exit, whether who left by it was counted among those who were enrolled."""
    still = np.array(
        [
            any(
                own[j]
                for j, other in enumerate(world.atoms)
                if other["exit"] == "ongoing"
                and all(other[k] == atom[k] for k in atom if k not in ("exit", "time"))
            )
            for atom in world.atoms
        ],
        dtype=float,
    )
    is_exit = np.array([atom["exit"] != "ongoing" for atom in world.atoms], dtype=float)
    return still * is_exit
