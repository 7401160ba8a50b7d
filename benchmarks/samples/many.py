"""Any number of made-up projects, for trying a portfolio, a batch or a funnel plot.

The eventual shares that leave for work or study differ between projects by a known amount
(`MEAN_SHARE`, `BETWEEN_PROJECTS`), so that an estimate of the spread has a truth to be held
against. The first projects are the same however many are written.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from math import exp, log
from pathlib import Path
from statistics import NormalDist

import numpy as np

from benchmarks.samples.calibration import allot
from benchmarks.samples.many_words import AREAS, NAMES, ROUNDS, TARGET_GROUPS, Round, TargetGroup

SEED = 4711
MEAN_SHARE = 0.45
"""Eventual share to work or study in the middle project."""
BETWEEN_PROJECTS = 0.45
"""Standard deviation between projects, on the log odds of the eventual share."""
TYPICAL_SIZE, SIZE_SPREAD, LEAST, MOST = 90, 0.85, 9, 900

_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One made-up project before anybody is enrolled.

    Attributes:
        number: From 1; with the seed it decides everything else.
        true_share: The chance of a participant to leave for work or study in the end.
        goal: The share that the project set out to reach, in whole tens of per cent.
        end: Last day of the project; the data may be cut before or after.
    """

    number: int
    id: str
    name: tuple[str, str]
    area: str
    round: Round
    n: int
    true_share: float
    goal: float
    budget: int
    start: date
    end: date
    data_cut: date
    target_groups: tuple[TargetGroup, ...]

    @property
    def municipalities(self) -> dict[str, str]:
        """Code → name."""
        return AREAS[self.area]

    @property
    def last_entry(self) -> date:
        """Nobody is enrolled in the last four months, nor after the data cut."""
        return min(self.end - timedelta(days=120), self.data_cut - timedelta(days=1))

    @property
    def register(self) -> str:
        return "deltagare.xlsx" if self.number % 2 else "deltagare.csv"

    @property
    def follow_up(self) -> str:
        """File of later events, kept where the common indicators are reported."""
        return "uppfoljning.csv" if self.has("esf_indicators") else ""

    def has(self, chapter: str) -> bool:
        """Sites are compared where there are several."""
        if chapter == "sites" and len(self.municipalities) < 2:
            return False
        return chapter in self.round.extra


def plan(number: int) -> Plan:
    """The project with a number.

    >>> plan(1).id, plan(1).n
    ('spranget-sodertalje-och-nynashamn', 69)
    """
    rng = np.random.default_rng([SEED, number])
    size, spread, ambition, cost = (_normal(rng) for _ in range(4))
    names, areas = list(NAMES), list(AREAS)
    turn, area = divmod(number, len(areas))
    name = names[(number * 5 + turn) % len(names)]
    repeated = number // (len(areas) * len(names))
    funding = ROUNDS[int(rng.random() * len(ROUNDS))]
    n = round(min(MOST, max(LEAST, TYPICAL_SIZE * exp(SIZE_SPREAD * size))))
    share = 1 / (1 + exp(-log(MEAN_SHARE / (1 - MEAN_SHARE)) - BETWEEN_PROJECTS * spread))
    start = _first_of_month(funding.start, months=int(rng.random() * 4))
    end = _first_of_month(start, months=funding.months) - timedelta(days=1)
    return Plan(
        number=number,
        id=_identifier(f"{name[0]} {areas[area]}") + (f"-{repeated + 1}" if repeated else ""),
        name=name,
        area=areas[area],
        round=funding,
        n=n,
        true_share=share,
        goal=round(min(0.8, max(0.3, 0.5 + 0.1 * ambition)), 1),
        budget=10_000 * round(n * funding.unit_cost * exp(0.25 * cost) / 10_000),
        start=start,
        end=end,
        data_cut=funding.data_cut or end + timedelta(days=int(rng.random() * 180)),
        target_groups=_target_groups(rng),
    )


def write_many(folder: Path, count: int) -> list[Path]:
    """Write ``count`` made-up projects, one folder each, below ``folder``.

    Returns:
        The project files. The same bytes every time.

    Raises:
        ValueError: If ``count`` is less than one.
    """
    if count < 1:
        raise ValueError(f"expected a number of projects from 1, found {count}")
    return [write_project(folder, plan(number)) for number in range(1, count + 1)]


def write_project(folder: Path, planned: Plan) -> Path:
    """Write one made-up project in a folder of its own below ``folder``; its project file."""
    # Heavy, and these import this module: a plan alone needs no spreadsheet library.
    from benchmarks.samples.many_project import write_project_file
    from benchmarks.samples.many_register import write_register

    target = folder / planned.id
    target.mkdir(parents=True, exist_ok=True)
    return write_project_file(target, planned, write_register(target, planned))


def _normal(rng: np.random.Generator) -> float:
    return _NORMAL.inv_cdf(max(rng.random(), 1e-9))


def _target_groups(rng: np.random.Generator) -> tuple[TargetGroup, ...]:
    """Two or three of them."""
    chosen = allot(rng, np.ones(len(TARGET_GROUPS)), 2 + int(rng.random() < 0.4))
    return tuple(one for one, is_in in zip(TARGET_GROUPS, chosen, strict=True) if is_in)


def _first_of_month(day: date, *, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, 1)


def _identifier(name: str) -> str:
    """``Öppna dörrar Ådalen`` → ``oppna-dorrar-adalen``."""
    plain = unicodedata.normalize("NFKD", name.lower())
    return "-".join("".join(c for c in plain if c.isascii()).split())
