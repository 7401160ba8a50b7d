from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from evalkit.batch.events import ChapterDone, Event
from evalkit.batch.run import render
from evalkit.documents.editions.outcomes import Outcome
from evalkit.present import blocks
from tests.support.templates import (
    code,
    section,
    showing,
    template,
    whole_template,
    write_project,
    write_template,
)

# Skatteverket's published test number: stands for whatever must never be told.
PLANTED = "191212121212"

# The kernel's parent is the nursery that forked it, and that one's parent the worker.
KILL_WORKER = """
import os, signal
with open(f"/proc/{os.getppid()}/stat") as stat:
    os.kill(int(stat.read().split()[3]), signal.SIGKILL)
"""


def everything_under(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


def names_under(folder: Path) -> set[str]:
    return {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[Outcome, ...]]:
    """One whole project, one whose chapter fails with a planted value, one without a file."""
    folder = tmp_path_factory.mktemp("batch")
    templates = folder / "notebooks"
    write_template(templates, "participants", whole_template())
    failing = template(
        code(showing(blocks.MIME_TYPE, blocks.to_json(section()))),
        code(f"import os; os.write(2, b'{PLANTED}'); rows = [{PLANTED!r}]"),
        code("raise ValueError(f'row {rows[0]} is wrong')"),
    )
    write_template(templates, "data_quality", failing)
    good = write_project(folder / "good", identity="good")
    bad = write_project(folder / "bad", identity="bad", chapters=("participants", "data_quality"))
    outcomes = render(
        [good, bad, folder / "nowhere"], output=folder / "reports", templates=templates
    )
    return folder, outcomes


def test_every_project_and_language_has_an_outcome(
    rendered: tuple[Path, tuple[Outcome, ...]],
) -> None:
    _, outcomes = rendered
    found = {(o.project_id, o.language): bool(o.file) for o in outcomes}
    assert found == {
        ("nowhere", None): False,
        ("good", "sv"): True,
        ("good", "en"): True,
        ("bad", "sv"): False,
        ("bad", "en"): False,
    }


def test_a_failing_chapter_keeps_its_report_away_and_no_other(
    rendered: tuple[Path, tuple[Outcome, ...]],
) -> None:
    folder, _ = rendered
    assert names_under(folder / "reports") == {
        "index.html",
        "index.en.html",
        "portfolio.json",
        *(f"good/report.{code}.{end}" for code in ("sv", "en") for end in ("html", "pdf", "docx")),
        "good/answers.json",
        *(f"good/report.{code}.brief.{end}" for code in ("sv", "en") for end in ("html", "pdf")),
        "good/tables.sv.xlsx",
        "good/tables.en.xlsx",
        *(
            f"good/figures/figure-01-curve.{code}.{end}"
            for code in ("sv", "en")
            for end in ("svg", "png", "txt")
        ),
        "good/chapters/participants.sv.ipynb",
        "good/chapters/participants.en.ipynb",
        *(f"{name}/{file}" for name in ("good", "bad") for file in ("manifest.json", "render.log")),
    }


def test_a_value_quoted_by_a_failing_chapter_is_told_nowhere(
    rendered: tuple[Path, tuple[Outcome, ...]],
) -> None:
    folder, outcomes = rendered
    assert PLANTED not in repr(outcomes)
    assert PLANTED.encode() not in everything_under(folder / "reports")
    reasons = {failure for o in outcomes if o.project_id == "bad" for failure in o.failures}
    assert reasons == {"data_quality: ValueError i cell 4"}


def test_the_manifest_says_what_failed_and_why(
    rendered: tuple[Path, tuple[Outcome, ...]],
) -> None:
    manifest = json.loads((rendered[0] / "reports/bad/manifest.json").read_text())
    report = manifest["reports"]["sv"]
    assert report["status"] == "failed"
    assert [(c["name"], c["status"], c["reason"]) for c in report["chapters"]] == [
        ("participants", "executed", ""),
        ("data_quality", "failed", "ValueError i cell 4"),
    ]


def test_the_manifest_holds_inputs_packages_parameters_and_headlines(
    rendered: tuple[Path, tuple[Outcome, ...]],
) -> None:
    folder, _ = rendered
    report = json.loads((folder / "reports/good/manifest.json").read_text())["reports"]["sv"]
    assert report["status"] == "rendered"
    assert [file["name"] for file in report["inputs"]] == ["project.yaml"]
    assert re.fullmatch("[0-9a-f]{64}", report["inputs"][0]["sha256"])
    assert {"python", "evalkit", "pandas"} <= set(report["packages"])
    assert report["parameters"] == {
        "project_file": "project.yaml",
        "language": "sv",
        "purpose": "release",
    }
    assert report["headlines"] == [{"label": "Deltagare", "text": "267", "detail": ""}]


def test_nothing_that_is_kept_names_a_path_of_the_machine(
    rendered: tuple[Path, tuple[Outcome, ...]],
) -> None:
    folder, _ = rendered
    kept = everything_under(folder / "reports")
    assert str(folder).encode() not in kept
    assert str(Path.home()).encode() + b"/" not in kept


def test_the_portfolio_links_reports_that_exist_and_names_those_that_failed(
    rendered: tuple[Path, tuple[Outcome, ...]],
) -> None:
    index = (rendered[0] / "reports/index.en.html").read_text()
    assert 'href="good/report.en.html"' in index
    assert "bad/report" not in index
    # Among what is to be looked into, and in its own place.
    assert index.count("could not be produced") == 2
    assert "267" in index


@pytest.mark.slow
def test_the_same_files_give_the_same_report_to_the_byte(
    rendered: tuple[Path, tuple[Outcome, ...]], tmp_path: Path
) -> None:
    folder, _ = rendered
    render([folder / "good"], output=tmp_path, templates=folder / "notebooks", workers=1)
    for name in names_under(tmp_path / "good") - {"manifest.json", "render.log"}:
        assert (tmp_path / "good" / name).read_bytes() == (
            folder / "reports" / "good" / name
        ).read_bytes()


@pytest.mark.slow
def test_one_language_rendered_again_leaves_the_other_in_the_manifest(
    tmp_path: Path,
) -> None:
    write_template(tmp_path / "nb", "participants", whole_template())
    project = write_project(tmp_path / "p")
    options = {"output": tmp_path / "out", "templates": tmp_path / "nb"}
    render([project], languages=["en"], **options)
    page = tmp_path / "out/exempel/report.en.html"
    assert "report.sv.html" not in page.read_text()
    render([project], languages=["sv"], **options)
    manifest = json.loads((tmp_path / "out/exempel/manifest.json").read_text())
    assert set(manifest["reports"]) == {"sv", "en"}
    assert "report.en.html" in (tmp_path / "out/exempel/report.sv.html").read_text()


@pytest.mark.slow
def test_a_report_that_fails_leaves_the_earlier_one_as_it_was(tmp_path: Path) -> None:
    write_template(tmp_path / "nb", "participants", whole_template())
    project = write_project(tmp_path / "p")
    options = {"output": tmp_path / "out", "templates": tmp_path / "nb", "languages": ["sv"]}
    render([project], **options)
    page = tmp_path / "out/exempel/report.sv.html"
    before = page.read_bytes()
    write_template(tmp_path / "nb", "participants", template(code("1 / 0")))
    (outcome,) = render([project], **options)
    assert outcome.file is None
    assert page.read_bytes() == before
    assert "could not be produced" not in before.decode()
    assert "kunde inte framställas" in (tmp_path / "out/index.html").read_text()


@pytest.mark.slow
def test_a_project_may_bring_its_own_chapter_with_its_interpretation(tmp_path: Path) -> None:
    write_template(tmp_path / "nb", "participants", whole_template())
    own = template({"cell_type": "markdown", "metadata": {}, "source": "Vår egen tolkning."})
    write_template(tmp_path / "p" / "notebooks", "participants", own)
    project = write_project(tmp_path / "p")
    render([project], output=tmp_path / "out", templates=tmp_path / "nb", languages=["sv"])
    assert "Vår egen tolkning." in (tmp_path / "out/exempel/report.sv.html").read_text()


@pytest.mark.slow
def test_a_chapter_that_kills_the_process_running_it_takes_no_other_with_it(
    tmp_path: Path,
) -> None:
    write_template(tmp_path / "nb", "participants", whole_template())
    write_template(
        tmp_path / "nb",
        "data_quality",
        template(code(KILL_WORKER)),
    )
    good = write_project(tmp_path / "good", identity="good")
    bad = write_project(tmp_path / "bad", identity="bad", chapters=("data_quality",))
    told: list[Event] = []
    outcomes = render(
        [bad, good],
        output=tmp_path / "out",
        templates=tmp_path / "nb",
        languages=["sv"],
        workers=2,
        progress=told.append,
    )
    assert {o.project_id: bool(o.file) for o in outcomes} == {"bad": False, "good": True}
    assert "avslutades utifrån" in outcomes[0].failures[0]
    steps = [(event.done, event.state) for event in told if isinstance(event, ChapterDone)]
    assert Counter(state for _, state in steps) == {"again": 1, "done": 1, "failed": 1}
    # "Again" counts as nothing done. Which of the two ends first is the machine's to say.
    assert [done for done, state in steps if state != "again"] == [1, 2]


def test_two_projects_with_one_id_are_refused(tmp_path: Path) -> None:
    write_template(tmp_path / "nb", "participants", template(code("1")))
    projects = [write_project(tmp_path / name) for name in ("a", "b")]
    outcomes = render(
        projects, output=tmp_path / "out", templates=tmp_path / "nb", languages=["sv"]
    )
    refused = [o for o in outcomes if o.failures]
    assert [o.project_id for o in refused] == ["b"]
    assert "ett annat projekt här heter också ”exempel”" in refused[0].failures[0]


def test_a_folder_name_breaks_no_line_and_commands_no_terminal(tmp_path: Path) -> None:
    wild = tmp_path / "rad\nbryt \x1b[31m\u202e \udcff"
    wild.mkdir()
    (wild / "project.yaml").write_text("id: [")
    (outcome,) = render([wild], output=tmp_path / "out")
    (failure,) = outcome.failures
    assert outcome.project_id == "rad\ufffdbryt \ufffd[31m\ufffd \ufffd"
    assert failure.startswith(str(tmp_path / outcome.project_id))


@pytest.mark.parametrize("name", ["Participants", "participantS", "Egen_analys"])
def test_names_that_differ_in_case_alone_cannot_be(tmp_path: Path, name: str) -> None:
    """A disk that tells no cases apart would lay one report upon another."""
    projects = [
        write_project(tmp_path / "a", identity=name),
        write_project(tmp_path / "b", chapters=(name,)),
    ]
    outcomes = render(projects, output=tmp_path / "out")
    assert [len(outcome.failures) for outcome in outcomes] == [1, 1]
    assert all(
        key in one.failures[0] for key, one in zip(("id", "chapters"), outcomes, strict=True)
    )
    assert [one.name for one in (tmp_path / "out").iterdir() if one.is_dir()] == []


def test_a_report_that_holds_an_identity_number_is_not_written(tmp_path: Path) -> None:
    typed = f"Vi minns särskilt {PLANTED[:8]}-{PLANTED[8:]}."
    own = template({"cell_type": "markdown", "metadata": {}, "source": typed})
    write_template(tmp_path / "nb", "participants", own)
    project = write_project(tmp_path / "p")
    (outcome,) = render(
        [project], output=tmp_path / "out", templates=tmp_path / "nb", languages=["sv"]
    )
    assert outcome.failures == ("participants: innehåller vad som ser ut som ett personnummer",)
    assert names_under(tmp_path / "out") == {
        "index.html", "index.en.html", "portfolio.json", "exempel/manifest.json",
            "exempel/render.log",
    }  # fmt: skip
    assert PLANTED[8:].encode() not in everything_under(tmp_path / "out/exempel")
