"""Break it once, curves: without the rule a reader sees blocks of a few.

Tables are broken in `test_linked`, editions in `tests.batch.test_recorded_editions`, precision in
`tests.attack.test_attack`.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from evalkit.disclosure import curves, grids, release_all, rule_for
from evalkit.results import Released
from tests.disclosure import reports

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
