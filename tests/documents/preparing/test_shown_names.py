"""Headings, sheets and files named after a person: no terminal shows them. Made-up persons."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from evalkit import cli
from tests.documents.preparing.test_start import HEADINGS, people, workbook

# 19121212-1212 is one of Skatteverket's test numbers; the telephone is of a series never given out.
MARKERS = ("070-174 06 05", "19121212-1212", "121212-T121", "maja.lundqvist@example.se",
           "Ekvägen 13")  # fmt: skip


Said = Callable[..., str]


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Said:
    """What the command says on a terminal."""

    def one(*words: str) -> str:
        monkeypatch.setattr(sys, "argv", ["evalkit", *words])
        with contextlib.suppress(SystemExit):
            cli.main()
        return "".join(capsys.readouterr()).replace("\u00a0", " ")

    return one


def all_said(file: Path, said: Said) -> str:
    """What every look at a register says."""
    folder = str(file.parent)
    return "".join(
        said(*words)
        for words in (("init", str(file), "--yes"), ("check", folder), ("check", folder, "--json"))
    )


@pytest.mark.parametrize("marker", MARKERS)
def test_no_marker_is_shown(tmp_path: Path, said: Said, marker: str) -> None:
    rows = people(30)
    reasons = [(*row[:4], marker if row[4] and i % 2 else row[4]) for i, row in enumerate(rows)]
    beside = [(*row, "x") for row in rows]
    files = {
        "heading": workbook(tmp_path / "a/r.xlsx", [(*HEADINGS, marker), *beside]),
        "no start": workbook(tmp_path / "b/r.xlsx", [("Löpnr", "Kön", marker), *rows]),
        "sheets": workbook(tmp_path / "c/r.xlsx", [HEADINGS, *rows], [HEADINGS, *rows],
                           names=(marker, "Blad1")),
        "reason": workbook(tmp_path / "d/r.xlsx", [HEADINGS, *reasons]),
        "file": workbook(tmp_path / f"e/{marker}.xlsx", [HEADINGS, *rows]),
        "first row": workbook(tmp_path / "f/r.xlsx", [(*row, "Maja", marker) for row in rows]),
    }  # fmt: skip
    for place, file in files.items():
        text = all_said(file, said)
        assert text.strip(), place
        assert marker not in text, place
        assert "Maja" not in text, place
