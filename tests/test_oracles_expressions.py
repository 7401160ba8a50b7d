"""The reader of R expressions, by cases worked by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.oracles_columns import derive_columns, filter_rows
from tests.oracles_expressions import Unreadable, evaluate, split_outside_brackets

FRAME = pd.DataFrame({"ph.ecog": [0, 1, np.nan], "sex": ["f", "m", "f"], "t": [10.0, 20.0, 40.0]})


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("sex == 'f'", [1, 0, 1]),
        ("sex=='f' & t > 10", [0, 0, 1]),
        ("!(sex == 'f') | t >= 40", [0, 1, 1]),
        ("t %in% c(10, 40)", [1, 0, 1]),
        ("ifelse(sex == 'f', 2*t, -1)", [20, -1, 80]),
        ("1 if sex == 'f' else 0", [1, 0, 1]),
        ("as.integer(t/15)", [0, 1, 2]),
        ("log(t)^2", [np.log(10) ** 2, np.log(20) ** 2, np.log(40) ** 2]),
        ("is.na(ph.ecog)", [0, 0, 1]),
        ("pmax(t - 15, 0)", [0, 5, 25]),
    ],
)
def test_an_expression_is_worked_out_on_whole_columns(text: str, values: list[float]) -> None:
    assert list(evaluate(text, FRAME)) == pytest.approx(values)


def test_a_missing_value_stays_missing_in_a_comparison() -> None:
    assert evaluate("ph.ecog == 1", FRAME).isna().tolist() == [False, False, True]


@pytest.mark.parametrize(
    "text", ["complete cases", "nosuch > 1", "open('x')", "t.__class__()", "(1).real", "[1]"]
)
def test_anything_but_columns_and_known_functions_is_unreadable(text: str) -> None:
    with pytest.raises(Unreadable):
        evaluate(text, FRAME)


def test_separators_in_brackets_and_quotations_do_not_separate() -> None:
    assert split_outside_brackets("a = f(b, c), d = 'e, f'", ",") == [
        "a = f(b, c)",
        " d = 'e, f'",
    ]


def test_columns_and_rows_are_made_as_the_spec_says() -> None:
    spec = {"derive": "late = t > 15, female = sex == 'f'", "rows": "rows with t == 20 dropped"}
    made = filter_rows(derive_columns(FRAME, spec, {}, {}), spec, {}, {})
    assert made[["late", "female"]].to_numpy().tolist() == [[0, 1], [1, 1]]
    kept = filter_rows(FRAME, {"rows": "sex == 'f'"}, {}, {})
    assert kept["t"].tolist() == [10, 40]
