"""The tutorial is walked as it stands: its register, its answers, the lines that it shows."""

from __future__ import annotations

import builtins
import datetime as dt
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from openpyxl import Workbook

from evalkit.cli import app
from evalkit.documents.preparing.check_display import show_check
from evalkit.documents.preparing.checking import checked
from evalkit.documents.preparing.dialogue import Dialogue
from evalkit.documents.preparing.start import start_project
from evalkit.language import LANGUAGES, Language
from evalkit.project import load_project

DOCS = Path(__file__).parents[1] / "docs"
# By language: the page, the folder, the register, the programme, how what check finds begins.
WALKED: dict[Language, tuple[str, str, str, str, str]] = {
    "sv": ("sv/fran-excel-till-rapport.md", "vagen-in", "deltagare.xlsx", "Vägen in", "Allvar"),
    "en": ("en/from-excel-to-report.md", "the-way-in", "participants.xlsx", "The way in",
           "Severity"),
}  # fmt: skip
HEADINGS = ("Löpnr", "Kön", "Födelseår", "Hemkommun", "Dag då insatsen började",
            "Planerat slutdatum", "Dag då insatsen avslutades", "Orsak till avslut",
            "Handläggare", "Anteckning")  # fmt: skip
REASONS = {
    "Arbete": 16, "Jobb som vikarie": 10, "Komvux": 12, "Åter till försörjningsstöd": 14,
    "Flytt": 6, "Avbrott": 10, "Sjukdom": 7,
    "Anvisningen upphörde": 5,
}  # fmt: skip
CUT = dt.date(2024, 12, 31)


def register(file: Path) -> None:
    """The made-up register of the tutorial."""
    draw, book = random.Random(5), Workbook()
    sheet = book.active
    for row in (["Vägen in – deltagarlista"], ["Uttag 2024-12-31"], [], list(HEADINGS)):
        sheet.append(row)
    for i in range(120):
        start = dt.date(2023, 1, 9) + dt.timedelta(days=draw.randrange(650))
        end = start + dt.timedelta(days=draw.randrange(40, 400))
        reason = draw.choices([*REASONS], [*REASONS.values()])[0]
        has_left = end <= CUT
        sheet.append(
            [f"K{i + 1:04d}", draw.choice(["Kvinna", "Man"]), draw.randrange(1962, 2004),
             draw.choice(["Ystad", "Sjöbo", "Tomelilla"]), start, start + dt.timedelta(days=180),
             end if has_left else None, reason if has_left else None,
             draw.choice(["AL", "BK", "CS"]), f"Möte bokat {i}" if i % 3 == 0 else None]
        )  # fmt: skip
    book.save(file)


@dataclass(frozen=True)
class Walk:
    page: str
    file: Path
    register: str
    first_finding: str


@pytest.fixture(params=LANGUAGES)
def walk(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Walk:
    page, name, table, title, found = WALKED[request.param]
    folder = tmp_path / name
    folder.mkdir()
    register(folder / table)
    answers: Iterator[str] = iter([title, "", "", "2", "", ""])
    monkeypatch.setattr(builtins, "input", lambda _prompt="": next(answers))
    monkeypatch.setenv("COLUMNS", "100")
    start_project([folder / table], folder, Dialogue(request.param), today=dt.date(2025, 1, 20))
    return Walk((DOCS / page).read_text("utf-8"), folder / "project.yaml", table, found)


def blocks(page: str, kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", page, flags=re.MULTILINE | re.DOTALL)


def told(line: str) -> str:
    """A line as it is compared: alignment aside."""
    return " ".join(line.split())


def test_the_project_file_is_the_one_shown(walk: Walk) -> None:
    project_file = walk.file
    written = {told(line) for line in project_file.read_text(encoding="utf-8").splitlines()}
    shown, changed = blocks(walk.page, "yaml")
    assert [line for line in shown.splitlines() if told(line) not in written] == []
    # The one edit of the tutorial.
    text = project_file.read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if "# Anvisningen upphörde" in line)
    project_file.write_text(text.replace(line, changed.rstrip("\n")), encoding="utf-8")
    assert load_project(project_file).registers[0].exit_reasons["Anvisningen upphörde"]
    found = checked(project_file)
    assert not found.is_wrong
    assert found.paste == ()


def test_what_init_says_is_what_is_shown(capsys: pytest.CaptureFixture[str], walk: Walk) -> None:
    out, _ = capsys.readouterr()
    printed = {told(line.removeprefix("  > ")) for line in out.splitlines()}
    start, dialogue = blocks(walk.page, "")[2:4]
    for line in [*start.splitlines(), *dialogue.splitlines()]:
        is_answer = line.strip().startswith(">")
        assert is_answer or line == "…" or told(line) in printed or told(line) in told(out), line


def test_what_check_says_is_what_is_shown(capsys: pytest.CaptureFixture[str], walk: Walk) -> None:
    capsys.readouterr()
    show_check(checked(walk.file))
    printed = {told(line) for line in capsys.readouterr().out.splitlines()}
    shown = walk.page.partition(f"```\n{walk.register}\n{walk.first_finding}")[2].partition("```")[
        0
    ]
    assert len(shown.splitlines()) > 9
    assert [line for line in shown.splitlines()[1:] if told(line) not in printed] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_of_the_tutorial_is_one(language: Language) -> None:
    page = (DOCS / WALKED[language][0]).read_text("utf-8")
    named = set(re.findall(r"(?:^|`)evalkit ([a-z]+)", page, flags=re.MULTILINE))
    known = {command.callback.__name__ for command in app.registered_commands if command.callback}
    assert named <= known
