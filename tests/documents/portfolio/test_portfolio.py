"""The portfolio: read from manifests, however they came about; no ranks, nothing withheld."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from evalkit import chapters as sections
from evalkit.batch.portfolio_page import write_portfolio
from evalkit.batch.portfolio_report import NoReports, _document, render_portfolio
from evalkit.batch.run import render
from evalkit.documents.editions.history import history_of
from evalkit.documents.files.state import state_text
from evalkit.documents.portfolio.comparison import compared_projects, compared_sites
from evalkit.documents.portfolio.entries import open_portfolio
from evalkit.documents.portfolio.state import is_current, standing_documents
from evalkit.figures import ReleasedFigure, figures_to_json
from evalkit.language import LANGUAGES
from evalkit.present.blocks import Box, Figure, Table
from evalkit.results import Estimate
from tests.chapters.test_sections import text_of
from tests.documents.page_audit import faults
from tests.support.manifests import chapter_entry, content_of, entry

FOUR = {"delta": (45, 80), "alfa": (38, 60), "gamma": (30, 57), "beta": (50, 70)}


def share(events: int, n: int, *, of_whom: str = "participants", **given: Any) -> ReleasedFigure:
    told = {
        "id": f"share.{of_whom}",
        "measure": "share",
        "label": "Till arbete, av alla deltagare",
        "outcome": ("employment",),
        **given,
    }
    return ReleasedFigure(
        value=round(events / n, 3), low=0.0, high=1.0, n=n, events=events, unit="share",
        decimals=1, denominator=of_whom, **told,
    )  # fmt: skip


def persons(n: int) -> ReleasedFigure:
    return ReleasedFigure(
        id="participants", measure="participants", label="Deltagare", value=n, n=n, unit="persons"
    )


def report(*figures: ReleasedFigure, **given: Any) -> dict[str, Any]:
    return (
        entry(figures=figures_to_json(figures), **given)
        if "figures" not in given
        else entry(**given)
    )


def manifest(
    folder: Path, name: str, entry: dict[str, Any], *, with_file: bool = True, **given: Any
) -> Path:
    content = content_of(name, {"sv": entry, "en": entry}, **given)
    (folder / name).mkdir(parents=True, exist_ok=True)
    for language in LANGUAGES:
        if with_file:
            (folder / name / f"report.{language}.html").write_text("x")
    file = folder / name / "manifest.json"
    file.write_text(state_text(content), encoding="utf-8")
    return file


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    """Four projects with the counts whose pooled share is checked against metafor."""
    for name, (k, n) in FOUR.items():
        manifest(tmp_path, name, report(persons(n), share(k, n)))
    return tmp_path


def page(folder: Path, language: str = "sv") -> str:
    write_portfolio(folder)
    return (folder / ("index.html" if language == "sv" else "index.en.html")).read_text("utf-8")


def test_two_projects_are_not_compared_and_their_page_loads_no_solver(tmp_path):
    for name, (k, n) in [*FOUR.items()][:2]:
        manifest(tmp_path, name, report(persons(n), share(k, n)))
    program = (
        "import sys; from pathlib import Path\n"
        "from evalkit.batch.portfolio_page import write_portfolio\n"
        "write_portfolio(Path(sys.argv[1])); assert 'scipy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=True)
    assert "Alfa" in (tmp_path / "index.html").read_text("utf-8")


def test_projects_stand_in_alphabetical_order_and_never_by_their_figures(reports):
    titles = [entry.title for entry in open_portfolio(reports).entries]
    assert titles == ["Alfa", "Beta", "Delta", "Gamma"]


def test_the_comparison_rests_on_the_counts_that_the_reports_print(reports):
    found = compared_projects(open_portfolio(reports), "participants")
    assert found is not None
    # metafor: rma(measure="PLO", xi=c(45,38,30,50), ni=c(80,60,57,70), test="adhoc").
    assert found.released.result.pooled.value == pytest.approx(0.609732271663, rel=1e-9)
    assert found.labels == ("Alfa", "Beta", "Delta", "Gamma")


def test_projects_that_count_something_else_are_left_out_aloud(reports):
    manifest(reports, "annan", report(share(10, 50, outcome=("studies",))))
    found = compared_projects(open_portfolio(reports), "participants")
    assert found is not None
    assert (found.others, len(found.labels)) == (1, 4)
    text = text_of(sections.portfolio.comparisons(open_portfolio(reports)))
    assert "1 räknar andra utfall eller har annan finansiering och ingår inte" in text


def test_a_share_that_a_report_withholds_is_in_no_comparison(reports):
    manifest(reports, "hemlig", report(persons(40)))
    found = compared_projects(open_portfolio(reports), "participants")
    assert found is not None
    assert "Hemlig" not in found.labels
    assert "portfolio" in page(reports)
    assert "Streck: andelen är skyddad eller finns inte." in page(reports)


def test_a_small_count_in_a_manifest_written_by_hand_does_not_pass_the_door(reports):
    manifest(reports, "liten", report(share(3, 50)))
    found = compared_projects(open_portfolio(reports), "participants")
    assert found is not None
    rows = dict(zip(found.labels, found.released.result.sites, strict=True))
    assert not isinstance(rows["Liten"], Estimate)
    assert found.released.result.pooled.n == sum(
        row.n for row in rows.values() if isinstance(row, Estimate)
    )


def test_beside_a_stricter_project_all_are_judged_as_strictly(reports):
    manifest(reports, "liten", report(share(7, 50)))

    def small() -> object:
        found = compared_projects(open_portfolio(reports), "participants")
        assert found is not None
        return dict(zip(found.labels, found.released.result.sites, strict=True))["Liten"]

    assert isinstance(small(), Estimate)
    manifest(reports, "noga", report(share(30, 60)), disclosure_profile="strict")
    assert not isinstance(small(), Estimate)


def test_sites_are_compared_over_projects_only_when_several_have_them(reports):
    def site(name: str, k: int, n: int) -> ReleasedFigure:
        return share(
            k, n, id=f"site.kommuner.{name}", measure="site", group=name, dimension="municipality"
        )

    manifest(reports, "alfa", report(site("Bjuv", 20, 50), site("Höör", 25, 60)))
    assert compared_sites(open_portfolio(reports)) is None
    manifest(reports, "beta", report(site("Osby", 30, 50)))
    found = compared_sites(open_portfolio(reports))
    assert found is not None
    assert found.labels == ("Bjuv, Alfa", "Höör, Alfa", "Osby, Beta")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_has_no_fault_a_machine_can_find(reports, language):
    old = report(persons(255), share(120, 255), data_cut="2018-12-31")
    made = history_of(
        [persons(267), share(163, 267)], data_cut="2019-06-30", earlier=old, threshold=5
    )
    manifest(reports, "changed", report(**made))
    failed = report(persons(50), status="failed", outputs={}, chapters=[
        chapter_entry(status="failed", reason="exit before entry in rows 14, 88")])  # fmt: skip
    manifest(reports, "broken", failed, with_file=False)
    manifest(reports, "stands", failed)
    html = page(reports, language)
    assert faults(html, language) == []
    assert "exit before entry in rows 14, 88" in html


def test_the_page_tells_what_changed_from_and_to(reports):
    old = report(persons(255), share(120, 255), data_cut="2018-12-31")
    made = history_of(
        [persons(267), share(163, 267)], data_cut="2019-06-30", earlier=old, threshold=5
    )
    manifest(reports, "alfa", report(**made))
    html = page(reports).replace("\u00a0", " ")
    assert "Deltagare: från 255 till 267" in html
    assert "från 47,1 % till 61,0 %" in html
    assert "mot uppgifterna till och med december 2018" in html


def test_a_draft_is_called_one_in_the_portfolio_too(reports):
    manifest(reports, "alfa", report(persons(56), is_draft=True))
    portfolio = open_portfolio(reports)
    blocks = sections.portfolio.status(portfolio).blocks
    table = next(block for block in blocks if isinstance(block, Table))
    assert [row[1].text for row in table.rows].count("Utkast") == 1
    document = _document(portfolio, {"cells": []}, ("html",), ())
    assert document.draft_note.startswith("En eller flera av rapporterna är utkast")


def test_a_report_that_failed_is_told_from_one_that_is_only_old(reports):
    failed = report(status="failed", outputs={}, reason="it could not be written")
    manifest(reports, "alfa", failed)
    (reports / "alfa" / "report.sv.html").unlink()
    manifest(reports, "beta", failed)
    states = {entry.title: entry.state for entry in open_portfolio(reports).entries}
    assert states == {
        "Alfa": "failed",
        "Beta": "outdated",
        "Delta": "rendered",
        "Gamma": "rendered",
    }
    html = page(reports)
    assert "4 projekt: 2 med klar rapport, 1 med en äldre rapport kvar, 1 utan rapport." in html
    assert 'href="beta/report.sv.html"' in html
    assert 'href="alfa/' not in html


def test_projects_that_came_and_went_are_told_until_that_changes_again(reports):
    write_portfolio(reports)
    manifest(reports, "epsilon", report(share(20, 50)))
    (reports / "delta" / "manifest.json").unlink()
    first = page(reports)
    assert "Nya projekt: Epsilon." in first
    assert "Projekt som inte längre finns här: Delta." in first
    assert page(reports) == first


def test_the_pages_are_current_until_a_manifest_changes(reports):
    assert not is_current(reports)
    write_portfolio(reports)
    assert is_current(reports)
    manifest(reports, "alfa", report(share(39, 60)))
    assert not is_current(reports)


@pytest.mark.parametrize(
    "content",
    ["", "7", "{}", '{"reports": {"sv": 7}}', '{"reports": {"sv": {}}, "title": {"sv": "x"}}'],
)
def test_a_manifest_that_cannot_be_read_is_passed_over(reports, content):
    (reports / "alfa" / "manifest.json").write_text(content)
    (reports / "portfolio.json").write_text(content)
    assert "Alfa" not in page(reports)
    assert len(open_portfolio(reports).entries) == 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_section_of_the_chapter_has_words_with_many_projects_and_with_none(
    reports, tmp_path_factory, language
):
    empty = open_portfolio(tmp_path_factory.mktemp("none"), language=language)
    for portfolio in (open_portfolio(reports, language=language), empty):
        for name in ("status", "changes", "comparisons", "sites", "conclusions"):
            assert getattr(sections.portfolio, name)(portfolio).blocks
        assert isinstance(sections.portfolio.conclusions(portfolio).blocks[-1], Box)


@pytest.mark.slow
def test_many_projects_are_drawn_on_several_sheets_and_then_stand_in_a_table(tmp_path):
    for number in range(130):
        manifest(tmp_path, f"p{number:03}", report(share(20 + number % 9, 60)))
        if number == 69:
            blocks = sections.portfolio.comparisons(open_portfolio(tmp_path)).blocks
            forests = [b for b in blocks if isinstance(b, Figure) and b.id.startswith("forest")]
            assert [len(figure.data.rows) for figure in forests] == [26, 26, 24]
            assert forests[1].caption.endswith("(2 av 3)")
    blocks = sections.portfolio.comparisons(open_portfolio(tmp_path)).blocks
    (table,) = [block for block in blocks if isinstance(block, Table)]
    assert len(table.rows) == 132


def test_a_language_that_does_not_exist_is_refused(reports):
    with pytest.raises(ValueError, match="language must be one of"):
        open_portfolio(reports, language="fi")


@pytest.mark.slow
def test_the_chapter_is_written_as_a_document_in_every_format_and_kept_with_the_pages(reports):
    made = render_portfolio(reports, languages=("sv",), formats=("html", "xlsx"))
    assert [outcome.failures for outcome in made] == [()]
    html = (reports / "portfolio.sv.html").read_text("utf-8")
    assert faults(html, "sv") == []
    assert "I genomsnitt för projekten hade" in html
    assert "Projekten bredvid varandra" in html
    assert "The projects beside each other" not in html
    assert 'href="portfolio.sv.xlsx"' in html
    assert str(reports) not in html
    assert 'href="portfolio.sv.html"' in (reports / "index.html").read_text("utf-8")
    assert standing_documents(reports) == ("html", "xlsx")
    render_portfolio(reports, languages=("sv",), formats=("html",))
    assert not (reports / "portfolio.sv.xlsx").exists()


def test_a_folder_without_reports_is_refused_in_one_sentence(tmp_path):
    with pytest.raises(NoReports, match="no reports here"):
        render_portfolio(tmp_path)


@pytest.mark.slow
def test_an_earlier_document_does_not_stand_beside_newer_figures(reports):
    render_portfolio(reports, languages=("sv",), formats=("html",))
    before = (reports / "portfolio.sv.html").read_text("utf-8")
    manifest(reports, "epsilon", report(share(20, 50)))
    assert render([], output=reports) == ()
    after = (reports / "portfolio.sv.html").read_text("utf-8")
    assert "Epsilon" not in before
    assert "Epsilon" in after
