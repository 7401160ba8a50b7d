"""A table that is given up in part still adds up."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from evalkit.disclosure import own_sums, rule_for
from evalkit.disclosure.audit import unmet
from evalkit.disclosure.own_sums import rows_of_stumps
from evalkit.disclosure.shapes import judged
from evalkit.disclosure.system import PARTICIPANTS, linked_system
from tests.disclosure.reports import two_way

# The two who were in work are women: that no man is among them must not follow.
PERSONS = pd.DataFrame(
    [("woman", "unemployed")] * 12
    + [("woman", "inactive")] * 6
    + [("woman", "work")] * 2
    + [("man", "unemployed")] * 14
    + [("man", "inactive")] * 6,
    columns=["sex", "status"],
)
RULE = rule_for("standard")


def test_rows_that_stay_of_a_table_given_up_do_not_add_up_to_a_zero() -> None:
    answer = two_way(PERSONS, "status", "sex")
    table = answer.result.counts
    one = judged(answer, RULE)
    keys = {(str(a), str(b)): ("0", str(i)) for i, (a, b) in
            enumerate(zip(table["status"], table["sex"], strict=True))}  # fmt: skip
    dropped = {(answer.id, key) for (status, _), key in keys.items() if status == "work"}
    women = {keys["inactive", "woman"], keys["inactive", "total"]}

    whole = linked_system([one], RULE, n_persons=len(PERSONS))
    names = [(unit.answer, unit.key) for unit in whole.units]
    shown = np.array([name in dropped or name[1] in women for name in names])
    zero = next(n for n in unmet(whole, whole.withheld_cells(shown)) if not whole.counts[n.cell])
    assert zero.more == 1  # as printed so far, 20 men are 14 and 6

    more, _ = rows_of_stumps([one], RULE, whole, shown, dropped, PARTICIPANTS, len(PERSONS))
    left = unmet(whole, whole.withheld_cells(shown | more))
    assert zero.cell not in {need.cell for need in left}
    assert 0 < (more & ~shown).sum() <= 3  # and little else goes


def test_where_the_rounds_end_all_rows_of_such_tables_go_and_the_report_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(own_sums, "_MOST_ROUNDS", 0)
    answer = two_way(PERSONS, "status", "sex")
    whole = linked_system([judged(answer, RULE)], RULE, n_persons=len(PERSONS))
    levels = list(zip(answer.result.counts["status"], answer.result.counts["sex"], strict=True))
    dropped = {(answer.id, ("0", str(i))) for i, (status, _) in enumerate(levels)
               if status == "work"}  # fmt: skip
    shown = np.zeros(len(whole.units), dtype=bool)
    more, is_all = rows_of_stumps(
        [judged(answer, RULE)], RULE, whole, shown, dropped, PARTICIPANTS, len(PERSONS)
    )
    assert is_all
    gone = whole.withheld_cells(more)
    assert all(gone[cell] for unit in whole.units for cell in unit.cells if cell not in whole.known)
