"""Damage of other kinds: swapped, torn between two renames, left by the dead, recoded."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from evalkit.batch import seen
from evalkit.batch.kernels.tasks import ChapterRun
from evalkit.documents.files import provenance, workfolder
from evalkit.documents.files.state import state_text
from evalkit.present import blocks
from tests.batch.test_damage import (
    files_under,
    full_folder,
    link_outside,
    noise,
    pipe,
    rendered,
    reports_of,
    signed,
    two_projects,
)
from tests.support.offline import Offline, failed
from tests.support.templates import code, section, template, write_template


@pytest.fixture
def folder(tmp_path: Path, offline: Offline, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LC_ALL", "sv_SE.UTF-8")
    return two_projects(tmp_path, offline)


class Killed(BaseException):
    """What no code catches, as SIGKILL."""


def test_files_swapped_between_two_projects_are_made_again(folder: Path, offline: Offline) -> None:
    reports, canaries = reports_of(folder), files_under(folder / "canaries")
    (folder / "out/a").rename(folder / "out/c")
    (folder / "out/b").rename(folder / "out/a")
    (folder / "out/c").rename(folder / "out/b")
    outcomes, notes = rendered(folder)
    assert not any(outcome.failures for outcome in outcomes)
    assert [note.project for note in notes] == ["a", "b"]
    assert all("är ett annat projekts" in note.sentence for note in notes)
    assert reports_of(folder) == reports
    assert files_under(folder / "canaries") == canaries


def test_a_folder_of_reports_that_is_a_link_gives_way_to_one_that_is_not(folder: Path) -> None:
    reports, canaries = reports_of(folder), files_under(folder / "canaries")
    shutil.rmtree(folder / "out/a")
    (folder / "out/a").symlink_to(folder / "canaries")
    outcomes, (note,) = rendered(folder)
    assert not any(outcome.failures for outcome in outcomes)
    assert note.sentence == "a är en länk; länken togs bort och rapporterna görs om"
    assert reports_of(folder) == reports
    assert files_under(folder / "canaries") == canaries


@pytest.mark.parametrize("number", range(5))
def test_a_run_killed_between_two_renames_is_finished_by_the_next(
    folder: Path, offline: Offline, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    done = 0

    def move(source: Path, target: Path) -> None:
        nonlocal done
        if done == number:
            raise Killed
        done += 1
        source.replace(target)

    offline.said = "Nytt."
    write_template(folder / "nb", "participants", template(code("2")))
    with monkeypatch.context() as patched:
        patched.setattr(workfolder, "move", move)
        patched.setattr("evalkit.batch.publish.tidy", lambda *_, **__: None)
        with pytest.raises(Killed):
            rendered(folder)
    assert done == number
    outcomes, notes = rendered(folder)
    assert not any(outcome.failures for outcome in outcomes)
    assert notes == []
    assert not (folder / "out/a/.work").exists()
    pages = [folder / f"out/{name}/report.sv.html" for name in ("a", "b")]
    assert all("Nytt." in page.read_text("utf-8") for page in pages)


@pytest.fixture
def drawn(folder: Path, offline: Offline) -> tuple[Path, Path]:
    """A project whose report has a figure, and the figure's file."""
    data = {blocks.MIME_TYPE: blocks.to_json(section())}
    cell = {"cell_type": "code", "metadata": {}, "source": "", "execution_count": 1, "id": "a",
            "outputs": [{"output_type": "display_data", "metadata": {}, "data": data}]}  # fmt: skip
    run = ChapterRun(task=failed("").task, notebook={"cells": [cell], "metadata": {}})
    offline.runs = {"a participants (sv)": run}
    write_template(folder / "nb", "participants", template(code("figure")))
    outcomes, _ = rendered(folder)
    assert not any(outcome.failures for outcome in outcomes)
    (figure,) = (folder / "out/a/figures").glob("*.svg")
    return folder, figure


def linked_folder(file: Path) -> None:
    shutil.rmtree(file.parent)
    file.parent.symlink_to(file.parents[3] / "canaries")


def file_for_folder(file: Path) -> None:
    shutil.rmtree(file.parent)
    file.parent.write_text("a file")


@pytest.mark.parametrize(
    "damage", [noise, pipe, full_folder, link_outside, linked_folder, file_for_folder]
)
def test_a_damaged_figure_is_made_again_from_what_is_kept(
    drawn: tuple[Path, Path], offline: Offline, damage: Callable[[Path], None]
) -> None:
    folder, figure = drawn
    before, canaries = figure.read_bytes(), files_under(folder / "canaries")
    damage(figure)
    offline.ran_since()
    outcomes, _ = rendered(folder)
    assert not any(outcome.failures for outcome in outcomes)
    assert figure.read_bytes() == before
    assert not figure.is_symlink()
    assert not figure.parent.is_symlink()
    assert files_under(folder / "canaries") == canaries


@pytest.mark.parametrize("damage", [noise, pipe, full_folder, link_outside])
def test_a_damaged_index_is_made_again_though_nothing_else_has_changed(
    folder: Path, offline: Offline, damage: Callable[[Path], None]
) -> None:
    page = folder / "out/index.html"
    before, canaries = page.read_bytes(), files_under(folder / "canaries")
    damage(page)
    outcomes, _ = rendered(folder)
    assert all(outcome.is_up_to_date for outcome in outcomes)
    assert page.read_bytes() == before
    assert offline.ran_since() == []
    assert files_under(folder / "canaries") == canaries


def test_what_the_dead_left_half_written_is_removed(folder: Path) -> None:
    names = (
        ".index.html.0badcafe.tmp",
        "a/.work/told.1.jsonl",
        "a/.work/stage.sv.0badcafe/report.sv.html",
        "a/.work/kept/.x.ipynb.0badcafe.tmp",
        "a/.work/kept/0123456789abcdef-0.x.sv.ipynb",
    )
    left = [folder / "out" / name for name in names]
    for file in left:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("half")
    (folder / "out/.lock").write_text("1")  # of a process whose number another may have now
    outcomes, _ = rendered(folder)
    assert all(outcome.is_up_to_date for outcome in outcomes)
    assert not any(file.exists() for file in left)
    assert not (folder / "out/a/.work").exists()


def byte_order_mark(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())


def utf_16(file: Path) -> None:
    file.write_text(file.read_text("utf-8"), "utf-16")


def ten_gigabytes(file: Path) -> None:
    os.truncate(file, 10 * 1024**3)


def zero(file: Path) -> None:
    file.unlink()
    file.symlink_to("/dev/zero")


def circle(file: Path) -> None:
    file.unlink()
    file.symlink_to(file.name)


def older(file: Path) -> None:
    """As a version without checksums wrote it."""
    content = json.loads(file.read_bytes())
    del content["checksum"]
    file.write_text(json.dumps(content))


def repeated_key(file: Path) -> None:
    _signed_text(file, lambda text: text.rstrip().removesuffix("}") + ',"id": 5\n}\n')


def not_a_number(file: Path) -> None:
    _signed_text(file, lambda text: re.sub(r"(: )\d+(\.\d+)?([,\n])", r"\1NaN\3", text, count=1))


def nested(file: Path) -> None:
    deep = "[" * 5000 + "]" * 5000
    _signed_text(file, lambda text: text.replace("{", f'{{\n "deep": {deep},', 1))


def _signed_text(file: Path, change: Callable[[str], str]) -> None:
    content = json.loads(file.read_bytes())
    del content["checksum"]
    signed(file, content)
    first, rest = file.read_text("utf-8").split(",\n", 1)
    rest = change("{\n" + rest)[2:]
    whole = state_text({"x": 1}).replace(' "x": 1\n}\n', rest)
    text = re.sub(r'"checksum": "\w+"', f'"checksum": "{sha256(rest.encode()).hexdigest()}"', whole)
    assert first != text.split(",\n", 1)[0]
    file.write_text(text, "utf-8")


ALMOST = [byte_order_mark, utf_16, ten_gigabytes, zero, circle, older, repeated_key, not_a_number,
          nested]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        *(("a/manifest.json", damage) for damage in ALMOST),
        *(("a/answers.json", damage) for damage in ALMOST[-4:]),
        *(("a/report.sv.html", damage) for damage in (byte_order_mark, ten_gigabytes, circle)),
    ],
)
def test_text_that_is_almost_right_is_no_state(
    folder: Path, name: str, damage: Callable[[Path], None]
) -> None:
    reports, canaries = reports_of(folder), files_under(folder / "canaries")
    damage(folder / "out" / name)
    outcomes, notes = rendered(folder)
    assert not any(outcome.failures for outcome in outcomes)
    assert [note.project for note in notes] == ["a"] * name.endswith(".json")
    assert reports_of(folder) == reports
    assert files_under(folder / "canaries") == canaries


@pytest.mark.parametrize("damage", [lambda file: file.write_text("short"), full_folder, pipe])
def test_a_damaged_key_of_seals_costs_one_run_and_not_every_one(
    folder: Path, offline: Offline, monkeypatch: pytest.MonkeyPatch, damage: Callable[[Path], Any]
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
    for _ in range(2):
        provenance._seal_key.cache_clear()
        rendered(folder)
    damage(folder / "cache/evalkit/seal.key")
    ran = []
    for _ in range(2):
        offline.ran_since()
        provenance._seal_key.cache_clear()
        rendered(folder)
        ran.append(len(offline.ran_since()))
    provenance._seal_key.cache_clear()
    assert ran == [2, 0]


def test_a_memory_that_looked_at_nothing_is_not_believed(
    folder: Path, offline: Offline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
    monkeypatch.setattr(seen, "FEWEST", 1)
    monkeypatch.setattr(seen, "_SETTLED_SECONDS", 0)
    provenance._seal_key.cache_clear()
    for _ in range(2):
        rendered(folder)
    provenance._seal_key.cache_clear()
    (memory,) = (folder / "cache/evalkit").glob("*.json")
    content = json.loads(memory.read_bytes())
    for record in content["projects"].values():
        record.update(looked_at=[], stamp=seen._stamp([]))
    signed(memory, content)
    write_template(folder / "nb", "participants", template(code("2")))
    offline.ran_since()
    rendered(folder)
    assert len(offline.ran_since()) == 2
