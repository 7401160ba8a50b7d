"""Ordinary half-year editions of six registers: how many are published, and what they lose."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from evalkit.disclosure.answers import Judgement, judge_edition
from evalkit.disclosure.editions import REPEATED, History
from evalkit.disclosure.record import Edition
from evalkit.disclosure.rule import rule_for
from evalkit.results import Estimate, FlowStep, GroupedEvents, Released
from tests.disclosure import reports

RULE = rule_for("standard", horizons=(365, 180, 90))
# Persons at first, and how many editions follow: twenty in all.
REGISTERS = ((80, 3), (120, 3), (150, 3), (200, 4), (267, 4), (400, 3))
FIRST_DAY = 400


@dataclass(frozen=True)
class Half:
    """What became of an edition: rows outside curves that it prints, and would without earlier
    ones; its curves, and those of them that are an earlier edition's with its date.
    """

    is_published: bool
    rows: int
    rows_alone: int
    curves: int
    curves_repeated: int
    curves_alone: int


def register_at(whole: pd.DataFrame, day: int) -> pd.DataFrame:
    """Those who had entered by a day, and whether they had left by then."""
    known = whole[whole["entry"] <= day].copy()
    left = (known["exit_class"] != "ongoing") & (known["entry"] + known["days"] <= day)
    known.loc[~left, "exit_class"] = "ongoing"
    known["days"] = np.where(left, known["days"], day - known["entry"] + 1)
    return known


def rows_of(judged: Judgement) -> int:
    return sum(row.is_printed and not row.answer.startswith("events.") for row in judged.rows)


def curves_of(judged: Judgement) -> list[Released[GroupedEvents]]:
    return [
        one
        for one in judged.store.values()
        if isinstance(one.result, GroupedEvents) and one.result.blocks
    ]


def editions_of(n: int, later: int, seed: int) -> list[Half]:
    rng = np.random.default_rng(seed)
    whole = reports.register(seed, round(n * (1 + 0.2 * later)))
    entry = np.arange(len(whole)) / n * FIRST_DAY + rng.integers(-60, 1, len(whole))
    whole = whole.assign(entry=np.maximum(entry.astype(int), 0))
    earlier: tuple[Edition, ...] = ()
    found = []
    for half in range(later + 1):
        now = register_at(whole, FIRST_DAY + 182 * half)
        names = tuple(f"p{i}" for i in now.index)
        answers = reports.report(now, groupings=("sex",), curves=True)
        judged = judge_edition(
            answers, RULE, History(names, earlier, "project", ("r.csv",)), with_record=True
        )
        alone = judge_edition(answers, RULE, History(names), with_record=True)
        if half:
            store = judged.store
            curves = curves_of(judged)
            found.append(
                Half(
                    is_published=isinstance(store["persons"].result, FlowStep)
                    and isinstance(store["share.all"].result, Estimate),
                    rows=rows_of(judged),
                    rows_alone=rows_of(alone),
                    curves=len(curves),
                    curves_repeated=sum(
                        any(note.startswith(REPEATED) for note in one.notes) for one in curves
                    ),
                    curves_alone=len(curves_of(alone)),
                )
            )
        edition = Edition(
            name="e", date=f"2024-{half + 1:02}-01", by="b", rule=RULE.name, register="0" * 64,
            persons=names, rows=judged.rows, withheld=judged.withheld, project="project",
            files=("r.csv",), curves=judged.curves, steps=judged.steps,
        )  # fmt: skip
        earlier = (*earlier, edition)
    return found


def test_a_half_year_later_the_headline_stands():
    (half,) = editions_of(150, 1, 3)
    assert half.is_published


@pytest.mark.slow
def test_eighteen_of_twenty_ordinary_editions_are_published():
    found = [
        half for seed, (n, later) in enumerate(REGISTERS) for half in editions_of(n, later, seed)
    ]
    assert len(found) == 20
    lost = 1 - sum(one.rows for one in found) / sum(one.rows_alone for one in found)
    assert sum(one.is_published for one in found) >= 18, found
    assert lost < 0.25, found
    # Where only whole numbers do not meet a need, not the whole edition goes.
    assert all(one.rows for one in found), found
