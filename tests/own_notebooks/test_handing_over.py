"""What of a result is counted again, and what is refused, without a kernel."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import evalkit as ek
from evalkit.answers.own import own_asks
from evalkit.answers.study import Study
from evalkit.disclosure.answers import release_all
from evalkit.results import Answer, CountTable, NotComputed, Withheld
from tests.own_notebooks.planted import write_planted


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return ek.open_study(write_planted(tmp_path_factory.mktemp("p"), ["participants"]))


def refused(study: Study, result: Any, **how: Any) -> str:
    *_, last = own_asks(study, result, **how)[1]
    return last.result.reason if isinstance(last.result, NotComputed) else ""  # type: ignore[union-attr]


def masks(study: Study) -> tuple[Any, Any, Any]:
    persons = study.persons
    return persons["sex"] == "woman", persons["sex"] == "man", persons["exit_class"] == "employment"


def share(chosen: Any, reached: Any, group: str = "") -> Any:
    events, n = int((chosen & reached).sum()), int(chosen.sum())
    return ek.proportion(events=events, n=n, group=group)


def test_members_say_who_has_the_outcome(study: Study) -> None:
    women, _, worked = masks(study)
    _, (_, ask) = own_asks(study, share(women, worked), of=women, reached=worked, name="w")
    assert isinstance(ask, Answer)
    assert ask.id == "own.notebook.w"
    assert ask.members[0].counts.tolist() == [90, 68]
    by_rows = own_asks(study, share(women, worked), of=study.persons[women], reached=worked)[1]
    np.testing.assert_array_equal(by_rows[1].members[0].cells, ask.members[0].cells)  # type: ignore[union-attr]


def test_rows_by_group_are_counted_group_by_group(study: Study) -> None:
    women, men, worked = masks(study)
    rows = [share(women, worked, "woman"), share(men, worked, "man"), share(women | men, worked)]
    _, (words, ask) = own_asks(study, rows, reached=worked, by="sex")
    assert words.result["dimension"] == "sex"  # type: ignore[union-attr]
    assert ask.members[0].counts.tolist() == [90, 68, 47, 35]  # type: ignore[union-attr]
    assert refused(study, [share(men, worked, "woman")], reached=worked, by="sex") == "own.n"
    assert refused(study, rows, reached=worked) == "own.needs_by"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, ""),
        ({"of": None}, "own.n"),
        ({"reached": None}, "own.needs_reached"),
        ({"reached": "not"}, "own.reached"),
        ({"of": "short"}, "own.mask"),
        ({"of": "numbers"}, "own.mask"),
        ({"of": "unsorted"}, "own.mask"),
        ({"of": "reset"}, "own.mask"),
        ({"by": "nothing"}, "own.column"),
        ({"title": {"sv": "Bara svenska"}}, "own.words"),
        ({"name": "Två ord"}, "own.name"),
    ],
)
def test_a_claim_that_does_not_agree_is_refused(
    study: Study, change: dict[str, Any], reason: str
) -> None:
    women, _, worked = masks(study)
    wrong = {
        "not": ~worked, "short": women.to_numpy()[:-1], "numbers": women * 1,
        "unsorted": women.sort_values(), "reset": study.persons[["sex"]][women].reset_index(),
    }  # fmt: skip
    how: dict[str, Any] = {"of": women, "reached": worked}
    how |= {
        key: wrong[value] if isinstance(value, str) and value in wrong else value
        for key, value in change.items()
    }
    assert refused(study, share(women, worked), **how) == reason


def test_counts_are_compared_cell_by_cell_and_rare_names_counted_together(study: Study) -> None:
    persons = study.persons
    counts = pd.crosstab(persons["municipality"], persons["sex"], margins=True)
    _, (_, ask) = own_asks(study, counts)
    table = ask.result  # type: ignore[union-attr]
    assert isinstance(table, CountTable)
    assert table.dimensions == ("municipality", "sex")
    assert "Arjeplog" not in set(table.counts["municipality"])
    released = release_all([ask], study.rule)[ask.id].result.counts
    assert released.loc[released["municipality"] == "other_levels", "n"].isna().all()
    assert refused(study, counts, of=persons["sex"] == "woman") == "own.counts"
    assert refused(study, persons["days"].value_counts().rename_axis("long")) == "own.column"
    assert refused(study, pd.crosstab(persons["sex"], persons["sex"], normalize=True)) != ""


def test_two_groups_that_overlap_have_a_column_each(study: Study) -> None:
    women, _, worked = masks(study)
    everyone = women | True
    counts = [int(x.sum()) for x in (women & worked, women, worked, everyone)]
    difference = ek.newcombe(events_1=counts[0], n_1=counts[1], events_2=counts[2], n_2=counts[3])
    _, (_, ask) = own_asks(study, difference, of=(women, everyone), reached=worked)
    assert [one.counts.tolist() for one in ask.members] == [[90, 68], [137, 103]]  # type: ignore[union-attr]


def test_a_curve_is_counted_again(study: Study) -> None:
    curve = ek.kaplan_meier(study.events(by="sex"))
    identity, asks = own_asks(study, curve, by="sex")
    released = release_all(asks, study.rule)
    assert released[identity].result.protection
    women, *_ = masks(study)
    assert refused(study, curve, of=women, by="sex") == "own.curve"
    assert refused(study, study.events(), by="sex") == "own.curve"


def test_a_model_tells_the_mean_of_its_reference_group(study: Study) -> None:
    import statsmodels.formula.api as smf

    identity, asks = own_asks(study, smf.ols("days ~ C(municipality)", study.persons).fit())
    assert isinstance(release_all(asks, study.rule)[identity].result, Withheld)


@pytest.fixture
def frame(study: Study) -> pd.DataFrame:
    persons = study.persons
    return pd.DataFrame({
        "days": persons["days"],
        "left": persons["exit_class"] != "ongoing",
        "woman": (persons["sex"] == "woman").astype(int),
        "way": persons["exit_class"].map({"employment": 1, "ongoing": 0}).fillna(2).astype(int),
    })  # fmt: skip


def test_a_cox_model_of_either_library_has_the_persons_of_each_level(
    study: Study, frame: pd.DataFrame
) -> None:
    from lifelines import CoxPHFitter
    from statsmodels.duration.hazard_regression import PHReg

    fitted = CoxPHFitter().fit(frame[["days", "left", "woman"]], "days", "left")
    other = PHReg(frame["days"], frame[["woman"]], status=frame["left"], ties="efron").fit()
    one, two = (
        own_asks(study, model, **how)[1][1].result  # type: ignore[union-attr]
        for model, how in ((fitted, {"by": [frame["woman"]]}), (other, {}))
    )
    by_hand = pd.crosstab(frame["woman"], frame["left"])
    cells = (
        by_hand.loc[1, True],
        by_hand.loc[1, False],
        by_hand.loc[0, True],
        by_hand.loc[0, False],
    )
    for model in (one, two):
        assert (model.model, model.n, model.events) == ("cox", 240, int(frame["left"].sum()))
        (row,) = model.coefficients
        assert row.cells == tuple(map(int, cells))
        # The libraries end their iterations apart: 0.01157 and 0.01160, at an error of 0.14.
        assert row.estimate == pytest.approx(float(fitted.params_["woman"]), abs=1e-4)
        assert row.p_value == pytest.approx(float(fitted.summary["p"]["woman"]), abs=1e-3)
    assert one.log_likelihood_null == pytest.approx(two.log_likelihood_null, abs=1e-2)


def test_a_cox_model_whose_columns_are_not_those_is_refused(
    study: Study, frame: pd.DataFrame
) -> None:
    from lifelines import CoxPHFitter

    columns = frame[["days", "left", "woman"]]
    fitted = CoxPHFitter().fit(columns, "days", "left")
    assert refused(study, fitted) == "own.covariates"
    assert refused(study, fitted, by=[1 - frame["woman"]]) == "own.covariates"
    women = study.persons["sex"] == "woman"
    assert refused(study, fitted, by=[frame["woman"]], of=women) == "own.covariates"
    drawn = CoxPHFitter(penalizer=0.1).fit(columns, "days", "left")
    assert refused(study, drawn, by=[frame["woman"]]) == "own.shape"
    heavy = columns.assign(weight=2.0)
    weighted = CoxPHFitter().fit(heavy, "days", "left", weights_col="weight", robust=True)
    assert refused(study, weighted, by=[frame["woman"]]) == "own.shape"


def test_competing_curves_of_libraries_are_counted_again(study: Study, frame: pd.DataFrame) -> None:
    from lifelines import AalenJohansenFitter
    from statsmodels.duration.survfunc import SurvfuncRight

    curve = AalenJohansenFitter().fit(frame["days"], frame["way"], event_of_interest=1)
    _, (_, table, _) = own_asks(study, curve)
    left = table.result.left.sum(axis=(0, 1)).tolist()  # type: ignore[union-attr]
    assert left == [int((frame["way"] == 1).sum()), int((frame["way"] == 2).sum())]
    assert sorted(set(table.result.times)) == sorted(set(frame["days"]))  # type: ignore[union-attr]
    plain = SurvfuncRight(frame["days"], frame["left"].astype(int))
    _, (_, table, _) = own_asks(study, plain)
    assert table.result.left.sum() == frame["left"].sum()  # type: ignore[union-attr]
    some = frame["woman"] == 1
    of_women = AalenJohansenFitter().fit(frame["days"][some], frame["way"][some], 1)
    assert refused(study, of_women) == "own.n"
    assert len(own_asks(study, of_women, of=some)[1]) == 3


@pytest.mark.parametrize("result", [3, 0.61, np.float64(2), "text", None, {"a": 1}, [1, 2]])
def test_what_is_no_result_is_refused(study: Study, result: object) -> None:
    assert refused(study, result) in ("own.bare", "own.shape")


def test_a_study_of_some_persons_is_judged_over_all(study: Study) -> None:
    women, _, worked = masks(study)
    some = Study(study.project, "sv", "explore")
    narrowed = replace(study.intake, persons=study.persons[women])
    some.__dict__.update(intake=narrowed, _whole=study)
    _, (_, ask) = own_asks(some, share(women, worked), reached=worked[women])
    _, (_, whole) = own_asks(study, share(women, worked), of=women, reached=worked)
    assert isinstance(ask, Answer)
    assert isinstance(whole, Answer)
    np.testing.assert_array_equal(ask.members[0].cells, whole.members[0].cells)
    curve = ek.kaplan_meier(some.events())
    _, (_, events, _) = own_asks(some, curve)
    assert len(events.members[0].cells) == len(study.persons)  # type: ignore[union-attr]
