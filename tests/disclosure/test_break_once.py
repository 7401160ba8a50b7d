"""Break it once, curves and groups: without the rule a reader sees blocks of a few, or that all
of a group are ill.

Tables are broken in `test_linked`, editions in `tests.batch.test_recorded_editions`, precision in
`tests.attack.test_attack`.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from evalkit.disclosure import curves, grids, registry, release_all, rule_for
from evalkit.results import Released
from tests.disclosure import reports
from tests.disclosure.attacker import reader_of

RULE = rule_for("standard")


def few_by_day(released: Mapping[str, Released]) -> list[str]:
    """Blocks of a few that the counts over time print."""
    blocks = released["events.everyone"].result.blocks
    return [f"{one.kind} {one.start}-{one.end}" for one in blocks if 0 < one.n < RULE.threshold]


def test_the_attack_finds_blocks_of_a_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between horizons only the grids protect: the system judges the blocks between those."""
    persons = reports.register(3, 120)
    answers = [reports.report(persons, groupings=())[0], reports.events(persons)]
    assert few_by_day(release_all(answers, RULE)) == []
    for room in (grids, curves):
        monkeypatch.setattr(room, "is_good", lambda _rows, _threshold: True)
    assert few_by_day(release_all(answers, RULE))


def test_the_attack_finds_that_all_of_a_group_are_ill(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twelve of twelve men: no small number, but known of each of them."""
    persons = reports.register(4, 60, {"sex": {"woman": 1}})
    persons["exit_class"] = np.repeat(["employment", "ongoing", "health_or_leave"], [24, 14, 22])
    persons.loc[48:, "sex"] = "man"
    answers = [
        reports.table(persons, "exit_class", rank=0),
        reports.table(persons, "sex"),
        reports.two_way(persons, "exit_class", "sex"),
    ]

    def is_known_of_all() -> bool:
        reader = reader_of(persons, release_all(answers, RULE), ("sex",))
        others = (reader.kinds["sex"] == "man") & (reader.kinds["exit_class"] != "health_or_leave")
        return reader.most(others.to_numpy(), cap=1) < 1

    assert not is_known_of_all()
    monkeypatch.setattr(registry, "_uniform", lambda *_: [])
    assert is_known_of_all()
