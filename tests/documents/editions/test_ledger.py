"""Which figures of a report its ledger remembers, and when it is asked."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from evalkit.disclosure.ledger import Figure
from evalkit.documents.editions.ledger import edition_of, refused_edition, released_figures
from evalkit.documents.editions.store import UnreadableLedger, editions, ledger_with
from evalkit.present.blocks import MIME_TYPE, Cell, Paragraph, Section, Table, to_json
from evalkit.present.blocks import Figure as Chart
from evalkit.project.model import Project

TEXT = {"sv": "Prov", "en": "Trial"}


def table(persons: int = 60, reached: int = 40, *, name: str = "outcomes") -> Table:
    """Two rows of the same name, as a table over two periods has them."""
    return Table(
        id=name,
        caption="Ways out",
        columns=("Way", "Persons", "Share", "Days"),
        rows=tuple(
            (
                Cell("work"),
                Cell(str(k), k, "count"),
                Cell("withheld") if k == 0 else Cell("x", k / persons, "percent", 1),
                Cell("30", 30.0, "days"),
            )
            for k in (reached, 0)
        ),
    )


def chapter(*blocks: object) -> dict[str, Any]:
    section = to_json(Section(tuple(blocks)))  # type: ignore[arg-type]
    return {"cells": [{"cell_type": "code", "outputs": [{"data": {MIME_TYPE: section}}]}]}


def project(*, is_synthetic: bool = False, profile: str = "standard") -> Project:
    return Project.model_validate(
        {
            "id": "trial",
            "title": TEXT,
            "summary": TEXT,
            "period": {"start": "2018-01-01", "end": "2018-12-31"},
            "data_cut": "2018-12-31",
            "is_synthetic": is_synthetic,
            "disclosure": {"profile": profile},
            "registers": [{"file": "register.csv"}],
            "chapters": ["participants"],
        }
    )


def test_counts_and_shares_are_remembered_and_other_numbers_are_not() -> None:
    assert released_figures({"participants": chapter(Paragraph("60"), table())}) == {
        "outcomes/work 1/Persons": Figure("count", 40),
        # Of the largest count of its row; rounded as printed: 66.7 %.
        "outcomes/work 1/Share": Figure("share", 0.667, 40, 1),
        "outcomes/work 2/Persons": Figure("count", 0),
    }


def test_the_numbers_behind_a_chart_are_remembered_too() -> None:
    chart = Chart(id="chart", caption="Ways out", alt="Ways out", svg="<svg/>", data=table())
    found = released_figures({"participants": chapter(chart)})
    assert len(found) == 3


@pytest.mark.parametrize("name", ["claim-1", "feasible-1", "findings"])
def test_what_is_published_or_about_the_file_is_not_remembered(name: str) -> None:
    assert released_figures({"participants": chapter(table(name=name))}) == {}


@pytest.mark.parametrize(
    "name", ["comparison_group", "time_to_employment", "trend_against_reference"]
)
def test_chapters_of_rounded_or_published_figures_are_not_remembered(name: str) -> None:
    assert released_figures({name: chapter(table())}) == {}


def put_in_place(folder: Path, persons: int, reached: int, *, language: str = "en") -> None:
    edition = edition_of(
        project(),
        {"participants": chapter(table(persons, reached))},
        language=language,  # type: ignore[arg-type]
        signed_by="Kim Exempel, utvärderare",
    )
    assert edition is not None
    (folder / "ledger.json").write_text(ledger_with(folder, [edition]), encoding="utf-8")


def refused(folder: Path, persons: int, reached: int, **options: Any) -> str:
    chapters = {"participants": chapter(table(persons, reached))}
    return refused_edition(project(**options), chapters, folder=folder, language="en")


def test_an_edition_is_refused_that_differs_by_few_from_any_before(tmp_path: Path) -> None:
    put_in_place(tmp_path, 60, 40)
    put_in_place(tmp_path, 90, 60)
    assert refused(tmp_path, 60, 40) == ""
    sentence = refused(tmp_path, 60, 42)
    assert "2018-12-31 (no. 1)" in sentence
    assert "no. 2" not in sentence
    assert "fewer than 5 persons in outcomes" in sentence
    assert f"{tmp_path.parent.name}/{tmp_path.name}/ledger.json" in sentence
    assert str(tmp_path) not in sentence
    assert "fewer than 10 persons" in refused(tmp_path, 60, 48, profile="strict")
    assert refused(tmp_path, 60, 48) == ""


def test_editions_in_another_language_are_judged_by_themselves(tmp_path: Path) -> None:
    put_in_place(tmp_path, 60, 40, language="sv")
    assert refused(tmp_path, 60, 42) == ""


def test_made_up_persons_have_no_ledger(tmp_path: Path) -> None:
    put_in_place(tmp_path, 60, 40)
    assert refused(tmp_path, 60, 42, is_synthetic=True) == ""
    made_up = project(is_synthetic=True)
    chapters = {"participants": chapter(table())}
    assert edition_of(made_up, chapters, language="en", signed_by="Kim Exempel") is None


def test_the_same_edition_is_kept_once(tmp_path: Path) -> None:
    for reached in (40, 40, 50):
        put_in_place(tmp_path, 60, reached)
    assert len(editions(tmp_path)) == 2


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"editions": [{"language": "en"}]}'])
def test_a_ledger_that_cannot_be_read_lets_nothing_through(tmp_path: Path, content: str) -> None:
    (tmp_path / "ledger.json").write_text(content, encoding="utf-8")
    with pytest.raises(UnreadableLedger, match="earlier editions cannot be compared"):
        refused(tmp_path, 60, 42)


def test_an_edition_tells_who_published_it_and_when(tmp_path: Path) -> None:
    put_in_place(tmp_path, 60, 40)
    (edition,) = editions(tmp_path)
    assert edition["by"] == "Kim Exempel, utvärderare"
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", edition["published"])


def test_an_edition_is_refused_in_the_language_of_its_report(tmp_path: Path) -> None:
    put_in_place(tmp_path, 60, 40, language="sv")
    chapters = {"participants": chapter(table(60, 42))}
    sentence = refused_edition(project(), chapters, folder=tmp_path, language="sv")
    assert "med färre än 5 personer i outcomes" in sentence


def test_no_ledger_is_no_earlier_edition(tmp_path: Path) -> None:
    assert editions(tmp_path) == []
    assert json.loads(ledger_with(tmp_path, []))["editions"] == []
