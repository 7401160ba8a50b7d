"""What a result table still tells where cells of it are withheld, worked by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from evalkit.results import Estimate, NotEstimable
from evalkit.statistics.indicators.definitions import code_list
from evalkit.statistics.indicators.outcomes import (
    OutcomeCounts,
    after_leaving_division,
    outcome_counts,
    stage_of,
)

# 50 persons: 6 incomplete, 4 not at risk, and of the 40 at risk 7 enrolled, 5 too recent, 8 of
# whom nothing is known, 9 without the result and 11 with it.
CELLS: dict[str, int | None] = {
    "X:reached": 11,
    "X:not_reached": 9,
    "X:no_information": 8,
    "X:not_yet_observable": 5,
    "X:still_enrolled": 7,
    "X:not_at_risk": 4,
    "incomplete": 6,
    "total": 50,
}


def told(*withheld: str, without: str = "") -> tuple[int | None, ...]:
    cells = {k: None if k in withheld else n for k, n in CELLS.items() if k != without}
    counts = outcome_counts(cells, "X")
    return (counts.started, counts.finished, counts.observed, counts.reached)


def test_all_cells_tell_all_counts() -> None:
    assert told() == (40, 33, 20, 11)


@pytest.mark.parametrize(
    ("withheld", "counts"),
    [
        (("X:reached", "X:not_reached"), (40, 33, None, None)),  # 50 − 4 − 6
        (("X:still_enrolled", "X:no_information"), (40, None, 20, 11)),
        (("X:not_reached", "X:not_at_risk"), (None, None, None, 11)),
        (("X:not_reached", "incomplete"), (None, None, None, 11)),
        (("X:not_reached", "total"), (None, None, None, 11)),
        (("X:not_at_risk", "incomplete"), (40, 33, 20, 11)),  # the stages alone add up
    ],
)
def test_a_count_is_told_only_where_the_printed_cells_tell_it(
    withheld: tuple[str, ...], counts: tuple[int | None, ...]
) -> None:
    assert told(*withheld) == counts


def test_where_everyone_is_at_risk_nobody_is_taken_away() -> None:
    assert told("X:reached", "X:not_reached", without="X:not_at_risk") == (44, 37, None, None)


@pytest.mark.parametrize(("observed", "reached"), [(None, 11), (20, None)])
def test_there_is_no_share_of_withheld_counts(observed: int | None, reached: int | None) -> None:
    assert _counts(observed, reached).share() is None


def test_the_share_is_of_those_observed() -> None:
    share = _counts(20, 11).share(group="woman")
    assert isinstance(share, Estimate)
    assert (share.value, share.n, share.group) == (11 / 20, 20, "woman")


def test_a_share_of_nobody_is_told_to_be_none() -> None:
    assert _counts(0, 0).share() == NotEstimable(
        measure="share", reason="no_persons", n=0, group=""
    )


def _counts(observed: int | None, reached: int | None) -> OutcomeCounts:
    return OutcomeCounts(
        started=40,
        finished=33,
        not_yet_observable=5,
        no_information=8,
        observed=observed,
        reached=reached,
    )


def test_who_left_on_a_day_nobody_knows_is_neither_enrolled_nor_out_of_work() -> None:
    windows = ["enrolled", "end_unknown", "end_unknown", "elapsed"]
    records = pd.DataFrame(
        {
            "immediate_window": windows,
            "status_upon_leaving": ["unknown", "employment", "unknown", "employment"],
            "complete": "yes",
            "status": "unemployed",
        }
    )
    indicator = code_list("esf_plus_2021_2027").indicator("EECR04")
    wanted = ["still_enrolled", "no_information", "no_information"]
    assert stage_of(records, indicator).tolist() == [*wanted, "reached"]
    after = after_leaving_division(records).levels.tolist()
    assert after == [*(f"after:{stage}" for stage in wanted), "after:employment"]
