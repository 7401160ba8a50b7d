"""Same persons, chosen areas, society and follow-up: what a project file takes and refuses."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from evalkit.project import Project, ProjectError, load_project

PRICE = {"payer": "employer", "receiver": "individual", "year": 2024, "source": "made up"}
PROJECT: dict[str, Any] = {
    "id": "a-project",
    "title": {"sv": "Ett", "en": "One"},
    "summary": {"sv": "Ett", "en": "One"},
    "period": {"start": "2018-01-01", "end": "2018-12-31"},
    "data_cut": "2019-12-31",
    "registers": [{"file": "register.csv", "follow_up": {"file": "later.csv", "kind": "changes"}}],
    "programme": "esf_plus",
    "chapters": ["participants", "esf_indicators"],
    "before_after": [
        {
            "id": "same",
            "title": {"sv": "Samma", "en": "Same"},
            "before": {"status_column": "status_at_entry"},
            "after": {"status_column": "status_6m"},
        }
    ],
    "society": {
        "prices": [
            {"id": "wage", "kronor": 1000, **PRICE},
            {"id": "fees", "share_of": "wage", "share": 0.3142, **PRICE, "receiver": "state"},
            {"id": "production", "share_of": "wage", "share": 1.3142, **PRICE,
             "payer": "nobody", "receiver": "employer"},
        ],
        "costs": {"municipality": 100_000},
        "worked_anyway": {"low": 0.3, "high": 0.6, "source": "SCB"},
        "prices_are_made_up": True,
    },
    "equity": {"by": ["municipality"]},
}  # fmt: skip


@pytest.fixture
def written(tmp_path: Path) -> Callable[[Callable[[dict[str, Any]], None]], Project]:
    def write(change: Callable[[dict[str, Any]], None] = lambda _: None) -> Project:
        content = yaml.safe_load(yaml.safe_dump(PROJECT))
        change(content)
        (tmp_path / "project.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
        return load_project(tmp_path)

    return write


def test_the_careful_choices_are_the_ones_made_when_nothing_is_said(written) -> None:
    project = written(lambda c: c["registers"][0]["follow_up"].pop("kind"))
    follow_up = project.registers[0].follow_up
    assert (follow_up.kind, follow_up.window_days) == ("contacts", 45)
    assert (project.decisive.figure, project.decisive.day) == ("share", 365)


def test_same_persons_need_no_label_and_know_which_side_they_are(written) -> None:
    (spec,) = written().before_after
    assert spec.same_persons
    assert (spec.before.label.sv, spec.after.label.en) == ("Före", "After")


def test_what_is_wrong_with_the_whole_file_has_no_place_in_it(written) -> None:
    with pytest.raises(ProjectError) as caught:
        written(lambda c: c.update(chapters=["participants"]))
    told = caught.value.in_language("sv")
    assert "project.yaml: equity visas i kapitlet esf_indicators" in told


def test_prices_that_are_shares_of_others_are_worked_out(written) -> None:
    society = written().society
    assert society.kronor() == pytest.approx({"wage": 1000, "fees": 314.2, "production": 1314.2})


def prices(content: dict[str, Any]) -> list[dict[str, Any]]:
    return content["society"]["prices"]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda c: c.update(chapters=["participants"]), "equity is shown in the chapter esf_ind"),
        (lambda c: prices(c)[0].pop("source"), "society.prices[0].source: this key is required"),
        (lambda c: prices(c)[0].pop("year"), "society.prices[0].year: this key is required"),
        (lambda c: prices(c)[0].update(year=2020), "of two years"),
        (lambda c: prices(c)[1].update(share_of="pay"), "'fees' is a share of no price"),
        (lambda c: prices(c)[1].pop("share"), "share_of and share belong together"),
        (lambda c: prices(c)[0].update(receiver="employer"), "payer and receiver are the same"),
        (lambda c: prices(c)[0].update(id="fees"), "two have the same id"),
        (lambda c: c["society"].update(subsidised_days=True), "needs a price with the id subsidy"),
        (lambda c: c["society"].update(costs={"nobody": 5}), "nobody bears no cost"),
        (lambda c: c["society"].update(horizon_days=730), "society.horizon_days"),
        (lambda c: c["society"]["worked_anyway"].pop("source"), "worked_anyway.source"),
        (lambda c: c["society"]["worked_anyway"].update(low=0.9), "give the smaller share as low"),
        (lambda c: c["registers"][0]["follow_up"].update(kind="contact"), "follow_up.kind"),
        (lambda c: c["before_after"][0].update(after={"label": {"sv": "e", "en": "a"},
         "counts": {"k": 1, "n": 2}}), "on both before and after, or on neither"),
        (lambda c: c["before_after"][0]["after"].update(status_column="status_at_entry"),
         "are the same column"),
        (lambda c: c["before_after"][0].update(status_column="x"), "not beside them"),
        (lambda c: c.update(decisive={"figure": "gray"}), "decisive.figure"),
        (lambda c: c.update(equity={"verdict": "happy"}), "no result named happy"),
    ],
)  # fmt: skip
def test_what_does_not_hold_is_refused_by_name(written, change, problem) -> None:
    with pytest.raises(ProjectError) as raised:
        written(change)
    assert problem in str(raised.value)


def test_a_series_takes_the_reason_that_forbids_most(written) -> None:
    series = {
        "id": "s", "title": {"sv": "S", "en": "S"}, "file": "s.csv", "unit": {"sv": "%", "en": "%"},
        "source": "SCB", "area": "A", "reference": "Riket", "period": ["2015", "2018"],
        "chosen_for": "worst_year", "start_chosen_for": "result",
    }  # fmt: skip
    project = written(lambda c: c.update(series=[series]))
    assert project.series[0].choice == "result"
