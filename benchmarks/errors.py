"""``python -m benchmarks.errors``: how often each method errs, and writes the table in docs.

Size: of 100 comparisons where nothing happened, how many are called (5 is right). Coverage: of
100 intervals at 95 %, how many hold the truth. Seeds are fixed: the same runs, the same table.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from evalkit.results import AreaSeries, CannotBeComputed, Estimate
from evalkit.statistics.adjustment.doubly_robust import doubly_robust_difference
from evalkit.statistics.adjustment.groups import compare_groups
from evalkit.statistics.adjustment.matching import matched_estimate
from evalkit.statistics.adjustment.weighting import weighted_difference
from evalkit.statistics.shares.equity import equal_gaps
from evalkit.statistics.shares.same_persons import compare_before_after
from evalkit.statistics.states.curves import mean_days_in, share_on_day, state_curves
from evalkit.statistics.states.histories import Histories, read_histories
from evalkit.statistics.time_to_event.decisive_figure import decisive_difference
from evalkit.statistics.trends.after_a_bad_year import (
    lead_after_bad_year,
)
from evalkit.statistics.trends.bad_year_of_shares import lead_of_shares_after_bad_year
from evalkit.statistics.trends.few_areas import years_before
from evalkit.statistics.trends.randomisation import compare_by_lot

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGES = {"en": DOCS / "en" / "how-often-this-errs.md", "sv": DOCS / "sv" / "hur-ofta-fel.md"}
TEMPLATES = {code: Path(__file__).with_name(f"errors.template.{code}.md") for code in PAGES}
STATES = ("work", "studies", "unemployed", "other", "unknown")


Run = Callable[[np.random.Generator], dict[str, bool]]
Maker = Callable[..., Run]
Cases = Sequence[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Design:
    """What is simulated; ``run`` gives figure → whether it erred (size) or held (coverage)."""

    topic: str
    name: str
    run: Run
    runs: int


def called(row: Estimate) -> bool:
    return row.low > 0 or row.high < 0


def small_arm(n: int, share: float) -> Run:
    """No difference; participants somewhat unlike the others, nearly all with the outcome."""

    def run(rng: np.random.Generator) -> dict[str, bool]:
        t = np.repeat([1, 0], [n, 120])
        x = rng.normal(0.3 * t)
        y = (rng.uniform(size=len(t)) < special.expit(special.logit(share) + 0.5 * x)).astype(int)
        frame = pd.DataFrame({"t": t, "x": x, "y": y})
        groups = compare_groups(frame, outcome="y", treatment="t", covariates=["x"])
        ways: dict[str, Callable[[], Estimate]] = {
            "weighted, treated": lambda: weighted_difference(groups, target="treated").difference,
            "weighted, everyone": lambda: weighted_difference(groups).difference,
            "weighted, overlap": lambda: weighted_difference(groups, target="overlap").difference,
            "doubly robust, treated": lambda: (
                doubly_robust_difference(groups, target="treated").difference
            ),
            "doubly robust, everyone": lambda: doubly_robust_difference(groups).difference,
            "matched": lambda: matched_estimate(groups)[0],
        }
        found = {}
        for name, make in ways.items():
            try:
                row = make()
            except CannotBeComputed:  # weights worth under five persons, or all alike
                continue
            found[name] = row.low <= 0 <= row.high
        return found

    return run


def by_lot(n: int, g: int) -> Run:
    def run(rng: np.random.Generator) -> dict[str, bool]:
        found = compare_by_lot(rng.normal(size=n), np.arange(n) < g)
        return {"by lot": found.p_value <= 0.05, "pooled t": called(found.difference)}

    return run


def before(n: int, g: int) -> Run:
    """A sound design: three years before, and no drift."""

    def run(rng: np.random.Generator) -> dict[str, bool]:
        noise = rng.normal(size=(4, n))
        answer = years_before(noise[:3] - noise[3], np.arange(n) < g).answer
        return {"called different before": answer == "differed"}

    return run


def bad_year(n: int, years: int, choice: str, spread: float = 0.0) -> Run:
    """Values that hang together over time (0.5); the area chosen, nothing happens."""

    def run(rng: np.random.Generator) -> dict[str, bool]:
        noise = np.zeros((years + 2, n))
        noise[0] = rng.normal(size=n)
        for year in range(1, len(noise)):
            noise[year] = 0.5 * noise[year - 1] + np.sqrt(0.75) * rng.normal(size=n)
        scale = np.exp(rng.normal(0, spread, n))
        values = 50 + rng.normal(0, 2, n) + noise * scale
        last, dip = values[years - 1], values[years - 1] - values[: years - 1].mean(axis=0)
        place = {"dip": int(np.argmin(dip)), "level": int(np.argmin(last)), "random": 0}[choice]
        names = [f"A{i}" for i in range(n)]
        table = pd.DataFrame(values, columns=names, index=[str(2000 + t) for t in range(years + 2)])
        long = table.reset_index(names="period").melt("period", var_name="area", value_name="value")
        series = AreaSeries(observations=long, unit="", source="", is_synthetic=True)
        found = lead_after_bad_year(
            series,
            area=names[place],
            others=names,
            first_after=str(2000 + years),
            chosen_for="worst_year",
        )
        return {
            "unadjusted": called(found.unadjusted),
            "adjusted, areas alike": called(found.plain),
            "adjusted, as printed": called(found.adjusted),
        }

    return run


def bad_year_of_shares(n: int, smallest: int, largest: int) -> Run:
    def run(rng: np.random.Generator) -> dict[str, bool]:
        size, level = rng.integers(smallest, largest, n), rng.normal(0.4, 0.03, n)
        events = rng.binomial(size, level, (4, n))
        share = events / size
        place = int(np.argmin(share[2] - share[:2].mean(axis=0)))
        rows = [
            (f"A{i}", 2010 + t, int(size[i]), int(events[t, i])) for t in range(4) for i in range(n)
        ]
        found = lead_of_shares_after_bad_year(
            pd.DataFrame(rows, columns=["area", "year", "n", "events"]),
            area=f"A{place}",
            first_after=2013,
            last_after=2013,
        )
        return {"unadjusted": called(found.unadjusted), "adjusted": called(found.adjusted)}

    return run


def histories(rng: np.random.Generator, n: int, *, all_followed: bool = False) -> Histories:
    """Spells of random length, staggered cuts; everyone starts in work."""
    lengths = rng.exponential(200, (n, 60)).astype(int) + 1
    starts = np.column_stack([np.zeros(n, int), np.cumsum(lengths, axis=1)[:, :-1]])
    states = np.column_stack([np.zeros(n, int), rng.integers(0, 5, (n, 59))])
    person, place = np.nonzero(starts < 730)
    statuses = pd.DataFrame(
        {
            "id": person,
            "day": starts[person, place],
            "status": np.array(STATES)[states[person, place]],
        }
    )
    followed = np.full(n, 730) if all_followed else rng.integers(365, 731, n)
    return read_histories(statuses, pd.Series(followed), states=STATES)


def states(n: int) -> Run:
    days = (90, 180, 365)
    everyone = histories(np.random.default_rng(0), 40_000, all_followed=True)
    whole = state_curves(everyone, kind="changes", horizon=365, days=days)
    truth = {f"in work on day {day}": whole.shares[i, 0] for i, day in enumerate(days)}
    truth["mean days in a year"] = whole.mean_days[0]

    def run(rng: np.random.Generator) -> dict[str, bool]:
        curves = state_curves(histories(rng, n), kind="changes", horizon=365, days=days)
        rows = [share_on_day(curves, state="work", day=day) for day in days]
        rows.append(mean_days_in(curves, state="work"))
        return {
            name: row.low <= value <= row.high
            for (name, value), row in zip(truth.items(), rows, strict=True)
            if isinstance(row, Estimate)
        }

    return run


def overlap(shared: int) -> Run:
    """Cohorts of 80, the rise 0.2, those in both with situations that hang together."""

    def run(rng: np.random.Generator) -> dict[str, bool]:
        level = rng.uniform(size=160)
        place = slice(80 - shared, 160 - shared)
        kept = rng.uniform(size=80) < 0.6
        later = np.where(kept, level[place], rng.uniform(size=80))
        found = compare_before_after(
            pd.Series(level[:80] < 0.3), pd.Series(later < 0.5, index=range(160)[place])
        )
        return {"rise": found.difference.low <= 0.2 <= found.difference.high}

    return run


def decisive(n: int) -> Run:
    def run(rng: np.random.Generator) -> dict[str, bool]:
        ways = [
            rng.exponential(400, 2 * n),
            rng.exponential(700, 2 * n),
            rng.uniform(300, 700, 2 * n),
        ]
        days, cause = np.min(ways, axis=0), np.array([1, 2, 0])[np.argmin(ways, axis=0)]
        group = np.repeat(["a", "b"], n)
        found = {}
        for figure in ("share", "mean_days"):
            made = decisive_difference(np.ceil(days), cause, group, day=300, figure=figure)  # type: ignore[arg-type]
            found[figure] = called(made.differences[0])
        return found

    return run


def equity(places: int, size: int) -> Run:
    def run(rng: np.random.Generator) -> dict[str, bool]:
        k = rng.binomial(size, [0.45, 0.55], (places, 2))
        found = equal_gaps([((int(w), size), (int(m), size)) for w, m in k])
        return {"equal gaps": getattr(found, "p_value", 1.0) < 0.05}

    return run


def designs(runs: int) -> list[Design]:
    few, half, many = max(runs // 5, 100), runs // 2, 10 * runs
    bad_years = (
        (13, 4, "dip", 0.0), (21, 4, "dip", 0.0), (21, 4, "random", 0.0), (41, 4, "level", 0.0),
        (21, 6, "dip", 0.0), (31, 6, "dip", 0.5), (31, 10, "dip", 0.5), (31, 4, "dip", 0.5),
    )  # fmt: skip

    def all_of(topic: str, count: int, name: str, make: Maker, cases: Cases) -> list[Design]:
        return [Design(topic, name.format(*case), make(*case), count) for case in cases]

    return [
        *all_of("Adjusted differences (coverage)", few, "{0} participants, {1:.0%}", small_arm,
                [(n, share) for n in (12, 15, 30, 60) for share in (0.85, 0.93)]),
        *all_of("Few treated areas (size)", runs, "{1} of {0}", by_lot,
                [(8, 2), (12, 2), (12, 4), (21, 2), (33, 4), (20, 1)]),
        *all_of("The years before a sound design (size)", runs, "{1} of {0}", before,
                [(12, 2), (21, 2), (12, 4)]),
        *all_of("A bad year (size)", half,
                "{0} areas, {1} years before, chosen for {2}, log sd between areas {3}",
                bad_year, bad_years),
        *all_of("A bad year, shares of known n (size)", half, "{0} areas, {1}–{2} persons",
                bad_year_of_shares, [(15, 20, 60), (25, 20, 200), (40, 60, 120)]),
        *all_of("State over time (coverage)", few, "{0} persons", states, [(25,), (60,), (150,)]),
        *all_of("Before and after (coverage)", half, "80 and 80, {0} in both", overlap,
                [(0,), (20,), (60,)]),
        *all_of("One figure decides (size)", few, "{0} in each group", decisive,
                [(40,), (80,), (200,)]),
        *all_of("Equal gaps (size)", many, "{0} places, {1} of each sex", equity,
                [(2, 20), (4, 20), (6, 40)]),
    ]  # fmt: skip


def told(design: Design) -> dict[str, str]:
    """Figure → per cent and its simulation error."""
    found: dict[str, list[bool]] = {}
    for seed in range(design.runs):
        for name, value in design.run(np.random.default_rng(seed)).items():
            found.setdefault(name, []).append(value)
    written = {}
    for name, values in found.items():
        share = float(np.mean(values))
        error = np.sqrt(share * (1 - share) / len(values))
        written[name] = f"{100 * share:.1f} ± {100 * error:.1f}"
    return written


def tables(results: list[tuple[Design, dict[str, str]]]) -> str:
    """One table per topic, a row per design, a column per figure."""
    parts = []
    for topic in dict.fromkeys(design.topic for design, _ in results):
        own = [(design, found) for design, found in results if design.topic == topic]
        figures = list(dict.fromkeys(name for _, found in own for name in found))
        parts.append(f"## {topic}\n\n| design | {' | '.join(figures)} | runs |\n")
        parts.append("|---" * (len(figures) + 2) + "|\n")
        for design, found in own:
            cells = " | ".join(found.get(name, "–") for name in figures)
            parts.append(f"| {design.name} | {cells} | {design.runs} |\n")
        parts.append("\n")
    return "".join(parts).rstrip() + "\n"


SWEDISH = (
    (r"(\d)\.(\d)", r"\1,\2"),
    (r"(\d)%", r"\1 %"),
    ("Adjusted differences", "Justerade skillnader"),
    ("Few treated areas", "Få områden med insats"),
    ("The years before a sound design", "Åren före, när upplägget håller"),
    ("A bad year, shares of known n", "Ett dåligt år, andelar med känt antal"),
    ("A bad year", "Ett dåligt år"),
    ("State over time", "Läget över tid"),
    ("Before and after", "Före och efter"),
    ("One figure decides", "Ett tal avgör"),
    (r"Equal gaps \(", "Lika stora skillnader mellan kvinnor och män ("),
    (r"\(coverage\)", "(täckning)"),
    (r"\(size\)", "(falskt larm)"),
    (r"\| design \|", "| upplägg |"),
    (r"\| runs \|", "| försök |"),
    ("weighted, treated", "vägt, deltagarna"),
    ("weighted, everyone", "vägt, alla"),
    ("weighted, overlap", "vägt, de jämförbara"),
    ("doubly robust, treated", "dubbelt robust, deltagarna"),
    ("doubly robust, everyone", "dubbelt robust, alla"),
    (r"\| matched \|", "| matchat |"),
    ("by lot", "slumpval"),
    ("pooled t", "sammanvägt t"),
    ("called different before", "kallat olika före"),
    ("unadjusted", "ojusterat"),
    ("adjusted, areas alike", "justerat, lika områden"),
    ("adjusted, as printed", "justerat, som i rapporten"),
    (r"\| adjusted \|", "| justerat |"),
    (r"in work on day", "i arbete dag"),
    ("mean days in a year", "medeldagar under ett år"),
    (r"\| rise \|", "| ökning |"),
    (r"\| share \|", "| andel |"),
    ("mean_days", "medeldagar"),
    (r"\| equal gaps \|", "| lika stora |"),
    ("participants,", "deltagare,"),
    ("areas, (\\d+) years before, chosen for", r"områden, \1 år före, valt för"),
    ("log sd between areas", "log-sd mellan områden"),
    ("valt för dip", "valt för svackan"),
    ("valt för level", "valt för nivån"),
    ("valt för random", "valt av slumpen"),
    (r"(\d) areas,", r"\1 områden,"),
    ("persons", "personer"),
    (r"80 and 80, (\d+) in both", r"80 och 80, \1 i båda"),
    ("in each group", "i varje grupp"),
    (r"(\d) places, (\d+) of each sex", r"\1 delar, \2 av varje kön"),
    (r"(\d) of (\d)", r"\1 av \2"),
)
"""English → Swedish, in order."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.errors", description=__doc__)
    parser.add_argument("--runs", type=int, default=2000)
    asked = parser.parse_args()
    results = []
    for design in designs(asked.runs):
        results.append((design, told(design)))
        print(f"{design.topic}: {design.name}", file=sys.stderr, flush=True)
    write(tables(results))


def write(made: str) -> None:
    """The page in both languages."""
    for code, told in (("en", made), ("sv", in_swedish(made))):
        page = TEMPLATES[code].read_text(encoding="utf-8").replace("{tables}\n", told)
        PAGES[code].write_text(page, encoding="utf-8")


def in_swedish(made: str) -> str:
    """The tables in Swedish, decimals with a comma."""
    for english, swedish in SWEDISH:
        made = re.sub(english, swedish, made)
    return made


if __name__ == "__main__":
    main()
