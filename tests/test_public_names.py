"""What `import evalkit as ek` offers: names that lead somewhere, misuse told in one sentence."""

from __future__ import annotations

import inspect
import pickle
import re
from typing import Any

import pandas as pd
import pytest

import evalkit as ek
from evalkit.answers.card import NAMES
from evalkit.answers.study import Study
from tests.conftest import REPOSITORY

FRAME = pd.DataFrame(
    {
        "days": [3, 5, 8],
        "reason": ["work", "studies", ""],
        "code": [1, 2, 0],
        "site": ["a", "b", None],
    }
)
BELOW = FRAME.assign(dagar=-FRAME.days)


def curve() -> Any:
    return ek.kaplan_meier(FRAME, duration="days", exit="reason")


def test_every_public_name_leads_to_something_that_explains_itself() -> None:
    assert [name for name in ek.__all__ if not getattr(ek, name).__doc__] == []


def test_completion_offers_what_an_evaluator_may_use_and_nothing_else() -> None:
    assert [name for name in dir(ek) if not name.startswith("__")] == sorted(ek.__all__)


def test_a_misspelt_name_is_told_the_nearest() -> None:
    with pytest.raises(AttributeError, match="did you mean 'log_rank'"):
        _ = ek.logrank


@pytest.mark.parametrize("function", ["kaplan_meier", "aalen_johansen", "log_rank"])
def test_persons_given_in_place_of_their_counts_are_told_how_to_count(function: str) -> None:
    with pytest.raises(TypeError, match=r"expected an event table, found DataFrame: study\.events"):
        getattr(ek, function)(pd.DataFrame({"days": [1, 2]}))


def test_a_table_given_in_place_of_a_curve_is_told_how_to_draw_one() -> None:
    table = ek.event_table([3, 5], [1, 0], cause_names=["work"], groups=["a", "b"])
    with pytest.raises(TypeError, match=r"expected a curve, found EventTable: kaplan_meier"):
        ek.median(table)
    with pytest.raises(ValueError, match="group: expected one of a, b, got ''"):
        ek.median(ek.kaplan_meier(table))


@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_a_path_given_in_place_of_a_project_is_told_how_to_open_it() -> None:
    with pytest.raises(TypeError, match=r"expected a project, found str: load_project"):
        ek.read_registers("deltagare.xlsx")


@pytest.mark.parametrize("name", ek._MOVED)
def test_an_old_name_works_and_warns_with_the_new_one(name: str) -> None:
    with pytest.warns(FutureWarning, match=rf"ek\.{name} goes with the next release; write "):
        assert getattr(ek, name).__doc__
    assert name not in dir(ek)


def test_what_an_evaluator_meets_is_at_most_eighty_names_on_one_page_of_the_docs() -> None:
    page = (REPOSITORY / "docs" / "en" / "exploring.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\bek\.(\w+)", page)) == set(ek.__all__)
    assert set(re.findall(r"\bstudy\.(\w+)", page)) == set(NAMES)
    assert len(ek.__all__) + len(NAMES) <= 80
    assert len(page.splitlines()) <= 70


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: ek.proportion(163, 267, confidence_level=95), "0.95 for 95 %"),
        (lambda: ek.target_verdict(163, 267, goal=60), "0.60 for 60 %"),
        (lambda: ek.proportion(163, 267, interval="Wilson"), "did you mean 'wilson'"),
        (lambda: ek.kaplan_meier(FRAME, duration="dayz", exit="reason"), "did you mean 'days'"),
        (lambda: ek.aalen_johansen(FRAME, duration="days", exit="reasn"), "did you mean 'reason'"),
        (lambda: ek.kaplan_meier(FRAME, duration="days", exit="code"), "words for the ways"),
        (lambda: ek.kaplan_meier(BELOW, duration="dagar", exit="reason"), "dagar: negative at"),
        (lambda: ek.proportion("16", 267), "events must be a whole number of persons"),
        (lambda: ek.proportion(16, None), "n must be a whole number of persons"),
        (lambda: ek.proportion(16, 267, confidence_level="0.95"), "confidence_level must lie"),
        (lambda: ek.target_verdict(16, 267, goal="0.6"), "goal must lie strictly between 0 and 1"),
        (lambda: ek.share_at(curve(), 4, cause="work"), "aalen_johansen gives the share"),
        (lambda: ek.kaplan_meier(FRAME, duration="days", exit="reason", by="site"), "by: 1 rows"),
    ],
)
def test_what_is_miswritten_is_told_what_was_perhaps_meant(call: Any, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        call()


def test_counts_are_given_in_their_order() -> None:
    assert ek.proportion(163, 267) == ek.proportion(events=163, n=267)
    assert ek.newcombe(62, 130, 42, 128).cells == (62, 68, 42, 86)


CALLS = [
    *((getattr(ek, name), []) for name in ek.__all__),
    *((call, [None]) for name in NAMES if inspect.isfunction(call := vars(Study).get(name))),
]


@pytest.mark.parametrize(("function", "given"), CALLS, ids=lambda one: getattr(one, "__name__", ""))
def test_an_option_named_wrongly_is_told_the_nearest_before_anything_else(
    function: Any, given: list[None]
) -> None:
    options = [name for name in inspect.signature(function).parameters if name != "self"]
    for name in options:
        with pytest.raises(TypeError, match=f"{function.__name__} has no option '.*'{name}'"):
            function(*given, **{f"{name}x": 1})
    with pytest.raises(TypeError, match="; it takes "):
        function(*given, zzzzzz=1)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: ek.cox(FRAME, duration="days", event="left"), "did you mean 'days'"),
        (
            lambda: ek.cox(FRAME, duration_col="days", event_col="left"),
            "did you mean 'days'|'event'",
        ),
        (lambda: ek.kaplan_meier(FRAME, days="days", exit="reason"), "did you mean 'duration'"),
        (lambda: ek.proportion(163, nobs=267), "did you mean 'n'"),
        (lambda: ek.proportion(163, 267, alpha=0.05), "did you mean 'confidence_level'"),
        (lambda: ek.proportion(163, 267, "wilson"), "events, n without a name; name the rest: int"),
        (lambda: ek.share_funnel({"A": (20, 60)}), r"sites: .*proportion\(20, 60.*, found dict"),
        (lambda: ek.share_funnel([(20, 60)]), "sites: expected one estimate per site.*found tuple"),
        (lambda: ek.compare_sites({"A": (2, 6)}, dimension="a"), "sites: .*, found dict"),
        (lambda: ek.e_value(1.5, 2.0), "takes ratio without a name"),
    ],
)
def test_what_other_packages_call_it_is_told_what_it_is_called_here(call: Any, told: str) -> None:
    with pytest.raises(TypeError, match=told):
        call()


def test_a_public_function_keeps_its_signature_its_docs_and_its_place() -> None:
    for name in ek.__all__:
        function = getattr(ek, name)
        assert pickle.loads(pickle.dumps(function)) is function is getattr(ek, name)
        assert inspect.signature(function) == inspect.signature(inspect.unwrap(function))
