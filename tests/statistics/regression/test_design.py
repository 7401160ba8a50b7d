"""From columns of a register to columns of a model."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from evalkit.statistics.regression.inputs import RegressionInputError
from evalkit.statistics.regression.model_matrix import design, model_matrix

FRAME = pd.DataFrame(
    {
        "age": [20, 30, 40, 50],
        "sex": ["woman", "man", "man", "woman"],
        "education": pd.Categorical(
            ["short", "long", "short", "middle"], categories=["short", "middle", "long"]
        ),
        "ongoing": [True, False, True, False],
    }
)


def test_text_is_set_against_the_first_sorted_level_and_categories_keep_their_order() -> None:
    made = design(FRAME, ["age", "sex", "education"])
    assert made.names == ("age", "sex=woman", "education=middle", "education=long")
    assert made.columns[1].tolist() == [1, 0, 0, 1]
    assert made.is_level == (False, True, True, True)


def test_a_level_that_nobody_has_is_no_reference() -> None:
    # R: levels(model.frame(work ~ sex)$sex) after lm, drop.unused.levels = TRUE.
    work = np.array([True, False, True, False])
    frame = FRAME.assign(sex=pd.Categorical(FRAME["sex"], ["other", "woman", "man"]))
    for data, levels in ((frame, None), (FRAME, {"sex": ["other", "woman", "man"]})):
        made = model_matrix(data, ["sex"], levels=levels, event=work, intercept=True)
        assert made.names == ("intercept", "sex=man")
        assert made.rows(pd.DataFrame({"sex": ["man"]})).tolist() == [[1], [1]]


def test_an_interaction_is_every_product_of_its_columns() -> None:
    made = design(FRAME, [("education", "sex"), ("age", "ongoing")])
    assert made.names == (
        "education=middle:sex=woman",
        "education=long:sex=woman",
        "age:ongoing",
    )
    assert made.columns[2].tolist() == [20, 0, 40, 0]


def test_a_number_becomes_a_category_when_its_levels_are_stated() -> None:
    made = design(FRAME, ["age"], levels={"age": [30, 20, 40, 50]})
    assert made.names == ("age=20", "age=40", "age=50")


def test_a_value_beyond_the_stated_levels_is_refused_by_row_and_not_by_value() -> None:
    with pytest.raises(RegressionInputError) as raised:
        design(FRAME, ["sex"], levels={"sex": ["woman"]})
    assert raised.value.rows == (1, 2)
    assert "man" not in str(raised.value).replace("'sex'", "")


def test_a_missing_value_is_refused_by_row() -> None:
    with pytest.raises(RegressionInputError) as raised:
        design(FRAME.assign(sex=["woman", None, "man", None]), ["sex"])
    assert raised.value.rows == (1, 3)


def test_the_same_covariate_twice_is_refused() -> None:
    with pytest.raises(RegressionInputError, match="twice"):
        design(FRAME, ["age", "age"])
