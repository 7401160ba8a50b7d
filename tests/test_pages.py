"""What the pages show to copy works: blocks of the project file, commands, Python."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import docx
import matplotlib.pyplot as plt
import numpy as np
import pytest
import yaml
from typer.testing import CliRunner

from evalkit.cli import app
from evalkit.project import load_project
from tests.test_docs import MADE

ROOT = Path(__file__).parent.parent
# These are walked as they stand by tests of their own.
WALKED = (
    "project-file.md",
    "fran-excel-till-rapport.md",
    "from-excel-to-report.md",
    "eget-kapitel.md",
    "own-chapters.md",
)
PAGES = [page for page in sorted(ROOT.glob("docs/*/*.md")) if page.name not in (*WALKED, *MADE)]
REGISTER = "Löpnr;Kön;Målgrupp;Kommun;Startdatum;Slutdatum;Avslutsorsak;coach\n" + "".join(
    f"K{i:03};{'KM'[i % 2]};{('Unga', 'Nyanlända')[i % 3 == 0]};{('Ystad', 'Sjöbo')[i % 2]};"
    f"2023-0{1 + i % 8}-09;2024-0{1 + i % 8}-11;{('Arbete', 'Komvux', 'Avbrott')[i % 3]};Ja\n"
    for i in range(60)
)
SERIES = "omrade;ar;varde\n" + "".join(
    f"{area};{year};{8 + year % 5 + place / 10}\n"
    for place, area in enumerate(
        ("Riket", "Trelleborg", "Landskrona", "Helsingborg", "Hässleholm", "Kristianstad")
    )
    for year in range(2012, 2021)
)
SMALLEST: dict[str, Any] = {
    "id": "prov",
    "title": "Prov",
    "summary": "Ett prov.",
    "languages": ["sv"],
    "period": {"start": "2023-01-01", "end": "2024-12-31"},
    "data_cut": "2024-12-31",
    "registers": [{"file": "deltagare.csv"}],
    "chapters": ["participants"],
}
# Commands that write no report and ask nothing.
QUICK = ("check", "read", "schema")
# What a page names that its reader has.
AT_HAND = {
    "deltagare.csv": REGISTER,
    "arbetsloshet.csv": SERIES,
    "slutsatser.md": "Hälften gick till arbete.",
    "rekommendationer.md": "Följ upp igen.",
    "recommendations.md": "Follow up again.",
    "pressmeddelande.docx": "",
    "release.docx": "",
    "kommunens-mall.docx": "",
    "municipality.docx": "",
}


def blocks(page: Path, kind: str) -> list[str]:
    text = page.read_text(encoding="utf-8")
    found = re.findall(rf"^( *)```{kind}\n(.*?)^ *```", text, flags=re.MULTILINE | re.DOTALL)
    return [re.sub(rf"^{indent}", "", block, flags=re.MULTILINE) for indent, block in found]


def shown(kind: str) -> list[Any]:
    return [
        pytest.param(page, block, id=f"{page.parent.name}-{page.stem}-{number}")
        for page in PAGES
        for number, block in enumerate(blocks(page, kind))
    ]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in AT_HAND.items():
        if name.endswith(".docx"):
            document = docx.Document()
            document.add_paragraph("61 procent av 267 deltagare gick till arbete eller studier.")
            document.save(str(tmp_path / name))
        else:
            (tmp_path / name).write_text(text, encoding="utf-8")
    for name in ("logotyp.png", "logo.png"):
        plt.imsave(tmp_path / name, np.zeros((4, 4)))
    write(tmp_path, {})
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder: Path, more: dict[str, Any]) -> None:
    text = yaml.safe_dump({**SMALLEST, **more}, allow_unicode=True)
    text = text.replace("deltagare.xlsx", "deltagare.csv")
    (folder / "project.yaml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(("page", "block"), shown("yaml"))
def test_what_is_to_be_written_in_a_project_file_is_read(folder, page, block):
    given = yaml.safe_load(block)
    if "equity" in given:  # the pages say in which chapter it is shown
        chapters = [*SMALLEST["chapters"], "esf_indicators"]
        given = {"chapters": chapters, "programme": "esf_plus", **given}
    write(folder, given)
    assert load_project(folder).id


@pytest.mark.parametrize(("page", "block"), shown(""))
def test_a_command_is_understood_and_the_quick_ones_are_run(folder, page, block):
    for line in block.splitlines():
        words = shlex.split(line, comments=True) if line.startswith("evalkit ") else []
        if words[1:2] and words[1] in QUICK:
            done = CliRunner().invoke(app, words[1:])
            assert done.exit_code in (0, 1), f"{line}: {done.output}"


@pytest.mark.parametrize(("page", "block"), shown("python"))
def test_python_runs_as_it_stands(page, block, monkeypatch):
    monkeypatch.chdir(ROOT)
    lines = [line for line in block.splitlines() if not line.startswith((">>>", "..."))]
    if ">>>" not in block:
        exec(compile("\n".join(lines), page.name, "exec"), {})
