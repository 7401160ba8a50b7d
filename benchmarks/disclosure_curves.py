"""Curves from released blocks beside exact ones: what is printed, and how far off it is.

``python -m benchmarks.disclosure_curves 40`` prints the table of ``docs/en/disclosure.md``.
Weibull times to three exits (means about 480, 900 and 800 days, group effects exp(N(0, 0.3))),
followed for 60–730 days.
"""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd

from evalkit.disclosure.curves import Curves
from evalkit.disclosure.rule import rule_for
from evalkit.results import Estimate
from evalkit.statistics.time_to_event.competing_risks import cumulative_incidence
from evalkit.statistics.time_to_event.curve_readings import share_at
from evalkit.statistics.time_to_event.grouped import share_by
from tests.disclosure import reports

HORIZONS = (365, 180, 90)
SIZES = ((40, 2), (80, 2), (150, 2), (150, 4), (267, 2), (267, 4), (700, 3), (1004, 5))
_MEANS, _SHAPES = np.array([480, 900, 800]), np.array([1.25, 1.1, 1.0])


def simulated(rng: np.random.Generator, n: int, groups: int) -> pd.DataFrame:
    """One register."""
    sizes = rng.multinomial(n, rng.dirichlet([6] * groups))
    group = np.repeat(np.arange(groups), sizes)
    effect = np.exp(rng.normal(0, 0.3, (groups, 3)))
    times = np.ceil(_MEANS / effect[group] * rng.weibull(_SHAPES, (n, 3))).astype(int)
    censored = rng.integers(60, 731, n)
    first = times.argmin(axis=1)
    names = np.array(["employment", "referred_back", "dropout"])
    way = np.where(times.min(axis=1) <= censored, names[first], "ongoing")
    days = np.maximum(np.minimum(times.min(axis=1), censored), 1)
    return pd.DataFrame({"g": [f"g{i}" for i in group], "exit_class": way, "days": days})


def measured(n: int, groups: int, *, registers: int) -> str:
    """A row of the table."""
    rng, rule = np.random.default_rng(1), rule_for("standard", horizons=HORIZONS)
    asked, errors, main, whole = 0, [], [], []
    for _ in range(registers):
        persons = simulated(rng, n, groups)
        answers = [reports.events(persons), reports.events(persons, "g")]
        out = Curves(answers, rule).released(())
        for answer in answers:
            exact = cumulative_incidence(answer.result)
            events = out[answer.id].result
            cause = events.causes[0]
            for group in answer.result.groups:
                for day in HORIZONS:
                    asked += bool(group)
                    if group not in events.groups:
                        continue
                    found = share_by(events, day, group=group)
                    if not isinstance(found, Estimate):
                        continue
                    try:
                        true = share_at(exact, day, group=group, cause=cause).value
                    except ValueError:
                        continue
                    error = abs(found.value - true) * 100
                    (errors if group else whole).append(error)
        events = out["events.g"].result
        names = set(persons["g"])
        main.append(all(HORIZONS[0] in events.points.get((g, cause), ()) for g in names))
    far = f"{np.mean(errors):.1f} / {np.max(errors):.1f}" if errors else "–"
    return (
        f"| {n} / {groups} | {np.mean(main):.0%} | {len(errors) / asked:.0%} | {far} "
        f"| {len(whole) / registers / len(HORIZONS):.0%} "
        f"| {np.mean(whole):.1f} / {np.max(whole):.1f} |"
    )


if __name__ == "__main__":
    for size, count in SIZES:
        print(measured(size, count, registers=int(sys.argv[1])), flush=True)
