"""An error says in either language what is wrong with a file, wherever it is told."""

from __future__ import annotations

import pickle
import re
from pathlib import Path

import pytest

from evalkit.answers.study import open_study
from evalkit.documents.preparing.checking import checked
from evalkit.intake import IntakeError
from evalkit.language import LANGUAGES, Texts

PROJECT = """id: prov
title: Prov
summary: Prov
languages: [{language}]
period: {{start: 2023-01-01, end: 2024-12-31}}
data_cut: 2024-12-31
registers: [{{file: r.csv}}]
chapters: [data_quality]
"""
TWO_ORDERS = "\n".join(
    ["Löpnr;Startdatum", *(f"A{i:02d};{13 + i % 9}/{1 + i % 9}/2023" for i in range(20)),
     *(f"B{i:02d};{1 + i % 9}/{13 + i % 9}/2023" for i in range(20))]
)  # fmt: skip


def project(folder: Path, register: str, language: str) -> Path:
    (folder / "r.csv").write_text(register, encoding="utf-8")
    (folder / "project.yaml").write_text(PROJECT.format(language=language), encoding="utf-8")
    return folder / "project.yaml"


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("sv", "r.csv, kolumnen Startdatum: 20 datum är dag/månad och 20 är månad/dag"),
        ("en", "r.csv, column Startdatum: 20 dates are day/month and 20 are month/day"),
    ],
)
def test_a_refusal_is_told_in_the_language_of_the_project(
    tmp_path: Path, language: str, sentence: str
) -> None:
    file = project(tmp_path, TWO_ORDERS, language)
    with pytest.raises(IntakeError, match=re.escape(sentence)):
        _ = open_study(file, language=language).persons  # type: ignore[arg-type]
    assert any(remark.text.startswith(sentence) for remark in checked(file).remarks)


def test_the_rows_left_out_are_counted_in_the_language_of_the_project(tmp_path: Path) -> None:
    file = project(tmp_path, "Löpnr;Startdatum\nA1;\nA2;2025-03-01\n", "sv")
    (remark,) = [one.text for one in checked(file).remarks if "ingen rad" in one.text]
    wanted = "ingen rad kunde användas; utan startdatum: 1; med start efter datauttaget: 1"
    assert remark == f"r.csv: {wanted}"


def test_an_error_survives_the_way_from_another_process() -> None:
    error = IntakeError("no_file", file="r.csv").told_in("sv")
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.in_language("en")) == (
        "r.csv: filen finns inte",
        "r.csv: no such file",
    )


def test_every_error_of_the_room_has_its_text() -> None:
    room = Path("evalkit/intake")
    raised = {
        key
        for file in room.rglob("*.py")
        for key in re.findall(r'IntakeError\(\s*"([\w.]+)"', file.read_text(encoding="utf-8"))
    }
    assert len(raised) > 40
    for language in LANGUAGES:
        assert [key for key in raised if f"intake.problem.{key}" not in Texts(language)] == []
