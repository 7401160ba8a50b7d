"""Whatever lies in the place of answers.json is refused in one sentence, and nothing waits."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from evalkit.documents.reading.register import NotFound, released_answers
from evalkit.project import load_project
from tests.support.templates import write_project


def pipe(file: Path) -> None:
    os.mkfifo(file)


def folder(file: Path) -> None:
    file.mkdir()


DAMAGES: dict[str, Callable[[Path], object]] = {
    "pipe": pipe,
    "folder": folder,
    "nothing": lambda file: file.write_bytes(b""),
    "noise": lambda file: file.write_bytes(bytes(range(256))),
    "deep": lambda file: file.write_bytes(b"[" * 100_000),
    "list": lambda file: file.write_text("[1]"),
    "no answers": lambda file: file.write_text('{"format": 1}'),
    "wrong types": lambda file: file.write_text(
        json.dumps({"format": 1, "rule": 7, "answers": {"a": {"result": [], "withheld": "x"}}})
    ),
    "device": lambda file: file.symlink_to("/dev/zero"),
}


@pytest.mark.skipif(os.name == "nt", reason="pipes and devices of Unix")
@pytest.mark.parametrize("damage", DAMAGES)
def test_what_is_no_file_of_answers_is_one_sentence(tmp_path: Path, damage: str) -> None:
    project = load_project(write_project(tmp_path / "a", identity="a"))
    (tmp_path / "out/a").mkdir(parents=True)
    DAMAGES[damage](tmp_path / "out/a/answers.json")
    with pytest.raises(NotFound, match=r"answers\.json: damaged.*`evalkit render") as refused:
        released_answers(project, tmp_path / "out")
    assert "\n" not in str(refused.value)
