"""Every validation test of the common indicators fails when its figures do not fit.

The twelve of ``conftest.py`` are altered one way at a time; who is altered stands beside.
"""

from __future__ import annotations

import pandas as pd
import pytest

from evalkit.statistics.indicators.definitions import CodeList, code_list
from evalkit.statistics.indicators.outcomes import validations
from tests.statistics.indicators.conftest import Records

OLD, NEW = code_list("esf_2014_2020"), code_list("esf_plus_2021_2027")


def failing(records: pd.DataFrame, codes: CodeList) -> set[str]:
    return {test.check for test in validations(records, codes) if test.verdict == "fails"}


def altered(records: pd.DataFrame, row: int, **values: object) -> pd.DataFrame:
    changed = records.copy()
    for column, value in values.items():
        changed.loc[changed.index[row], column] = value
    return changed


@pytest.mark.parametrize(
    ("values", "failed"),
    [
        ({"sex": ""}, {"sexes_sum"}),
        ({"exit": pd.Timestamp("2021-12-31")}, {"exit_after_entry"}),
        ({"age": 101}, {"age_possible"}),
        ({"age": -1}, {"age_possible"}),
        ({"age": 100}, set()),
        ({"age": 0}, set()),
        ({"status": "nowhere"}, {"status_sum"}),  # in neither of the three, so they lack one
    ],
)
def test_a_record_that_cannot_be_fails_its_own_test_only(
    records: Records, codes: CodeList, values: dict[str, object], failed: set[str]
) -> None:
    assert failing(altered(records(codes), 0, **values), codes) == failed  # 1, a complete record


def test_an_exit_on_the_day_of_entry_is_possible(records: Records, codes: CodeList) -> None:
    found = records(codes)
    assert failing(altered(found, 0, exit=found["entry"].iloc[0]), codes) == set()


def test_an_age_that_nobody_knows_is_not_impossible(records: Records) -> None:
    assert failing(altered(records(OLD), 5, age=None), OLD) == set()  # 6, incomplete anyhow


@pytest.mark.parametrize(
    ("check", "left"),
    [
        ("job_search_within", ("EECO05",)),  # 1 is not at most 0
        ("status_sum", ("EECO02", "EECO04")),  # 8 + 3 are not 0
    ],
)
def test_counts_are_compared_as_the_code_list_says(
    records: Records, check: str, left: tuple[str, ...]
) -> None:
    """Nobody is homeless in a register that asks: EECO16 is 0."""
    found = records(NEW).assign(housing_exclusion="no")
    checks = tuple(
        one.model_copy(update={"left": left, "right": ("EECO16",)}) if one.id == check else one
        for one in NEW.checks
    )
    assert failing(found, NEW.model_copy(update={"checks": checks})) == {check}


def test_a_test_of_a_code_that_is_not_collected_is_left_untested(records: Records) -> None:
    checks = (NEW.checks[0].model_copy(update={"left": ("EECO15",)}),)
    (first, *_) = validations(records(NEW), NEW.model_copy(update={"checks": checks}))
    assert (first.verdict, first.formula) == ("not_collected", "EECO15 = complete")
