"""Made-up registers and every answer that an ordinary report takes of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from evalkit.results import CountTable, FlowStep, NotEstimable
from evalkit.results.answers import Answer, Members, by_level, counted, share_members
from evalkit.statistics.shares.proportions import proportion
from evalkit.statistics.time_to_event.event_table import event_table

EXITS = {"employment": .30, "studies": .14, "referred_back": .12, "health_or_leave": .05,
         "dropout": .06, "moved": .02}  # fmt: skip
GROUPS = {
    "sex": {"woman": 0.53, "man": 0.46, "non_binary": 0.01},
    "place": {"Ystad": 0.45, "Tomelilla": 0.30, "Sjöbo": 0.17, "Simrishamn": 0.08},
    "education": {"primary": 0.45, "secondary": 0.38, "tertiary": 0.17},
}
CAUSES = ("employment_or_studies", "other")
PERIOD = 365


def register(seed: int, n: int, groups: dict[str, dict[str, float]] | None = None) -> pd.DataFrame:
    """One row per person: groupings, exit class, day, whether one entered in the first year."""
    rng = np.random.default_rng(seed)
    columns = {
        name: rng.choice(list(shares), p=np.array(list(shares.values())) / sum(shares.values()),
                         size=n)
        for name, shares in (groups or GROUPS).items()
    }  # fmt: skip
    way = rng.choice([*EXITS, "ongoing"], p=[*EXITS.values(), 1 - sum(EXITS.values())], size=n)
    days = np.where(way == "ongoing", rng.integers(30, 700, n), rng.integers(10, 600, n))
    late = rng.random(n) < 0.5
    return pd.DataFrame({**columns, "exit_class": way, "days": days, "is_late": late})


def table(
    persons: pd.DataFrame, column: str, *, rank: int = 3, empty: Sequence[str] = ()
) -> Answer[CountTable]:
    levels = sorted({*persons[column], *empty})
    counts = [int((persons[column] == level).sum()) for level in levels]
    frame = pd.DataFrame({column: [*levels, "total"], "n": [*counts, len(persons)]})
    frame = frame.assign(is_margin=[False] * len(levels) + [True], is_withheld=False)
    members = by_level(persons[column].to_numpy(dtype=object), levels)
    return Answer(
        id=f"persons.{column}",
        result=CountTable(counts=frame, dimensions=(column,)),
        members=(members,),
        rank=rank,
    )


def two_way(persons: pd.DataFrame, row: str, column: str) -> Answer[CountTable]:
    rows, columns = sorted(set(persons[row])), sorted(set(persons[column]))
    keys = [(a, b) for a in rows for b in columns]
    cells = np.full(len(persons), -1)
    for i, (a, b) in enumerate(keys):
        cells[(persons[row] == a) & (persons[column] == b)] = i
    counted_in = np.bincount(cells, minlength=len(keys)).reshape(len(rows), len(columns))
    lines = [
        (a, b, int(counted_in[i, j]), False)
        for i, a in enumerate(rows)
        for j, b in enumerate(columns)
    ]
    lines += [(a, "total", int(counted_in[i].sum()), True) for i, a in enumerate(rows)]
    lines += [("total", b, int(counted_in[:, j].sum()), True) for j, b in enumerate(columns)]
    lines.append(("total", "total", len(persons), True))
    frame = pd.DataFrame(lines, columns=[row, column, "n", "is_margin"]).assign(is_withheld=False)
    return Answer(
        id=f"persons.{row}.{column}",
        result=CountTable(counts=frame, dimensions=(row, column)),
        members=(Members(cells=cells, keys=tuple(keys)),),
    )


def share(
    persons: pd.DataFrame, name: str, chosen: np.ndarray, reached: np.ndarray, *, rank: int
) -> Answer:
    estimate = proportion(events=int((chosen & reached).sum()), n=int(chosen.sum()))
    return Answer(id=name, result=estimate, members=(share_members(chosen, reached),), rank=rank)


def shares_by(
    persons: pd.DataFrame, column: str, chosen: np.ndarray, reached: np.ndarray, *, name: str
) -> Answer:
    levels = sorted(set(persons[column]))
    values = persons[column].to_numpy(dtype=object)
    rows = []
    for level in levels:
        own = chosen & (values == level)
        rows.append(
            proportion(events=int((own & reached).sum()), n=int(own.sum()), group=level)
            if own.any()
            else NotEstimable(measure="share", reason="no_persons", n=0, group=level)
        )
    members = share_members(chosen, reached, groups=values, levels=levels)
    return Answer(id=name, result=tuple(rows), members=(members,))


def events(persons: pd.DataFrame, by: str | None = None, *, rank: int = 2) -> Answer:
    causes = np.where(
        persons["exit_class"] == "ongoing",
        0,
        np.where(persons["exit_class"].isin(["employment", "studies"]), 1, 2),
    )
    groups = np.zeros(len(persons), dtype=np.int64)
    names: Sequence[str] = ("",)
    if by is not None:
        names = sorted(set(persons[by]))
        groups = pd.Categorical(persons[by], categories=names).codes.astype(np.int64)
    result = event_table(
        persons["days"].to_numpy(),
        causes,
        cause_names=CAUSES,
        groups=groups,
        group_names=tuple(names),
    )
    kinds = ("", *CAUSES)
    members = Members(
        cells=groups * len(kinds) + causes,
        keys=tuple((group, kind) for group in names for kind in kinds),
        days=persons["days"].to_numpy(dtype=np.int64),
    )
    return Answer(
        id=f"events.{by or 'everyone'}",
        result=result,
        members=(members,),
        rank=0 if by is None else rank,
    )


def report(
    persons: pd.DataFrame, *, groupings: Sequence[str] = tuple(GROUPS), curves: bool = False
) -> list[Answer]:
    """Participants, exits, targets, cohorts, groups: what an ordinary report asks."""
    n = len(persons)
    everyone = np.ones(n, dtype=bool)
    way = persons["exit_class"].to_numpy()
    left = way != "ongoing"
    pooled = np.isin(way, ["employment", "studies"])
    step = FlowStep(step="persons_analysed", count=n, unit="persons")
    found: list[Answer] = [
        Answer(id="persons", result=step, members=(counted(everyone),), rank=0),
        share(persons, "share.all", everyone, pooled, rank=0),
        share(persons, "share.left", left, pooled, rank=0),
        table(persons, "exit_class", rank=0),
    ]
    for outcome in ("employment", "studies"):
        found.append(share(persons, f"share.{outcome}", everyone, way == outcome, rank=0))
        found.append(share(persons, f"share.left.{outcome}", left, way == outcome, rank=0))
    late = persons["is_late"].to_numpy()
    found.append(share(persons, "target.pooled", left, pooled, rank=1))
    found.append(share(persons, "target.late", left & late, pooled, rank=1))
    for side, chosen in (("before", left & ~late), ("after", left & late)):
        found.append(share(persons, f"cohort.{side}", chosen, pooled, rank=2))
    for column in groupings:
        found.append(table(persons, column))
        found.append(shares_by(persons, column, everyone, pooled, name=f"share.by.{column}"))
        found.append(shares_by(persons, column, left, pooled, name=f"share.left.by.{column}"))
    if "sex" in groupings:
        found.append(two_way(persons, "exit_class", "sex"))
    if curves:
        found += [events(persons), *(events(persons, by) for by in groupings)]
    return found
