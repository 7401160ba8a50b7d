"""Every number of persons in an answer is one of the numbers its members count."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evalkit.answers.study import Study, open_study
from evalkit.chapters.section import asked_of
from evalkit.disclosure.shapes import judged
from evalkit.results import CountTable, EventTable, FlowStep, Regression
from evalkit.results.answers import Answer
from tests.disclosure.small_groups import small_register, write_small_project

OF_PERSONS = frozenset({"n", "cells", "count", "counts", "missing", "known"})
# Sums and differences of numbers that are judged; what is known of persons elsewhere.
SUMS = frozenset({"difference", "ratio", "reference_cells", "change"})


def numbers(value: Any) -> Iterator[int]:
    """Whole numbers of persons, wherever they stand in a result."""
    if is_dataclass(value):
        for field in fields(value):
            own = getattr(value, field.name)
            if field.name in OF_PERSONS and isinstance(own, int | tuple):
                yield from (one for one in np.atleast_1d(own) if isinstance(one, np.integer))
            if field.name not in SUMS:
                yield from numbers(own)
    elif isinstance(value, tuple | list):
        for one in value:
            yield from numbers(one)


def uncounted(study: Study) -> set[str]:
    """Answers with a number of persons that is the size of none of their sets."""
    found = set()
    for ask in asked_of(study):
        if not isinstance(ask, Answer) or isinstance(ask.result, EventTable | Regression):
            continue
        rows = ask.result if isinstance(ask.result, tuple | list) else (ask.result,)
        if isinstance(rows[0], CountTable) or (ask.id == "flow" and isinstance(rows[0], FlowStep)):
            continue
        sizes = {0, *(int((one.cells >= 0).sum()) for one in ask.members)}
        for row in judged(ask, study.rule).rows:
            for place, keys in row.sets:
                sizes.add(int(np.isin(ask.members[place].cells, list(keys)).sum()))
        if set(map(int, numbers(ask.result))) - sizes:
            found.add(ask.id)
    return found


@pytest.mark.parametrize("seed", [1, 4])
def test_no_answer_holds_a_number_that_its_members_do_not_count(tmp_path: Path, seed: int) -> None:
    file = write_small_project(tmp_path, small_register(seed, 90), profile="standard", seed=seed)
    assert uncounted(open_study(file, purpose="release")) == set()
