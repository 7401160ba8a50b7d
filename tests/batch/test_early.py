"""What cannot end well is said before the chapters run; what is done is not looked at again."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from evalkit.batch import planner, seen
from evalkit.batch.run import render
from evalkit.documents.editions.outcomes import Outcome
from tests.support.offline import Offline, failed
from tests.support.templates import code, template, write_project, write_template

FULL = "utrymmet är slut där rapporterna skrivs; den tidigare rapporten står orörd"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_template(tmp_path / "nb", "participants", template(code("1")))
    for name in ("a", "b"):
        write_project(tmp_path / name, identity=name)
    return tmp_path


def rendered(folder: Path, **options: Any) -> dict[str, Outcome]:
    outcomes = render(
        [folder / "a", folder / "b"], output=folder / "out", templates=folder / "nb",
        languages=["sv"], formats=["html"], **options,
    )  # fmt: skip
    return {outcome.project_id: outcome for outcome in outcomes}


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.ENOSPC, FULL),
        (errno.EACCES, "{out}/a: rapportens filer får inte skrivas: skrivrättigheten saknas"),
        (errno.EROFS, "{out}/a: rapportens filer går inte att skriva: disken får bara läsas"),
    ],
)  # fmt: skip
def test_a_folder_that_cannot_be_written_to_is_told_before_a_chapter_runs(
    offline: Offline, folder: Path, monkeypatch: pytest.MonkeyPatch, number: int, sentence: str
) -> None:
    write = Path.write_bytes

    def refuse(file: Path, content: bytes) -> int:
        if "out/a/" in file.as_posix():
            raise OSError(number, os.strerror(number), str(file))
        return write(file, content)

    monkeypatch.setattr(Path, "write_bytes", refuse)
    outcomes = rendered(folder)
    assert outcomes["a"].failures == (sentence.format(out=folder / "out"),)
    assert not outcomes["b"].failures
    assert offline.ran_since() == ["b participants (sv)"]
    assert not (folder / "out/a").exists()


@pytest.mark.parametrize("closed", ["the register", "its folder"])
def test_an_input_that_may_not_be_read_is_named_with_the_right_that_is_missing(
    offline: Offline, folder: Path, monkeypatch: pytest.MonkeyPatch, closed: str
) -> None:
    register = folder / "a/data/r.csv"
    register.parent.mkdir()
    register.write_text("Löpnr;Kön;Startdatum\n1;K;2018-01-01\n", encoding="utf-8")
    with (folder / "a/project.yaml").open("a", encoding="utf-8") as text:
        text.write("registers: [{file: data/r.csv}]\n")

    def refuse(file: Path) -> str:
        if file == register:
            raise PermissionError(errno.EACCES, "Permission denied", str(file))
        return digest(file)

    digest = planner.digest
    monkeypatch.setattr("evalkit.documents.files.provenance.digest", refuse)
    if closed == "its folder":
        may = os.access
        monkeypatch.setattr(
            planner.os, "access", lambda one, right: one != register.parent and may(one, right)
        )
    outcomes = rendered(folder)
    right = "läsrättigheten" if closed == "the register" else "rättigheten att öppna mappen data"
    may = "får inte läsas" if closed == "the register" else "går inte att läsa"
    assert outcomes["a"].failures == (f"{folder / 'a'}: r.csv {may}: {right} saknas",)
    assert not outcomes["b"].failures
    assert offline.ran_since() == ["b participants (sv)"]


def test_a_first_attempt_that_failed_is_no_edition_that_the_next_one_changes(
    offline: Offline, folder: Path
) -> None:
    offline.runs["a participants (sv)"] = failed("ValueError in cell 2")
    assert rendered(folder)["a"].failures
    offline.runs.clear()
    assert not rendered(folder)["a"].failures
    from evalkit.documents.editions.history import changes
    from evalkit.documents.editions.manifest import read_manifest

    entry = read_manifest(folder / "out/a")["reports"]["sv"]
    assert entry["previous"] == {}
    assert changes(entry) == ()


@pytest.fixture
def remembering(
    offline: Offline, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Offline, Path]:
    """Two finished projects, remembered; files are settled at once."""
    monkeypatch.setattr(seen, "FEWEST", 1)
    monkeypatch.setattr(seen, "_SETTLED_SECONDS", 0)
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
    rendered(folder)
    rendered(folder)  # reads every byte, and remembers
    offline.ran_since()
    return offline, folder


def unread(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The project files that are looked at in full from now on."""
    looked_at: list[Path] = []
    read = planner.Planner._read

    def reading(self: planner.Planner, file: Path, named: Path) -> Any:
        looked_at.append(file)
        return read(self, file, named)

    monkeypatch.setattr(planner.Planner, "_read", reading)
    return looked_at


def test_what_is_remembered_as_done_is_not_read_again(
    remembering: tuple[Offline, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, folder = remembering
    looked_at = unread(monkeypatch)
    assert all(outcome.is_up_to_date for outcome in rendered(folder).values())
    assert looked_at == []


@pytest.mark.parametrize(
    "touched",
    ["a/project.yaml", "out/a/report.sv.html", "out/a/manifest.json", "nb/participants.ipynb",
     "out/a/chapters/participants.sv.ipynb", "a/notebooks/participants.ipynb", "out/a/.work/x"],
)  # fmt: skip
def test_whatever_is_touched_has_its_project_read_again(
    remembering: tuple[Offline, Path], monkeypatch: pytest.MonkeyPatch, touched: str
) -> None:
    _, folder = remembering
    file = folder / touched
    file.parent.mkdir(exist_ok=True)
    before = file.read_bytes() if file.exists() else b"{}"
    file.write_bytes(before[::-1])
    os.utime(file, ns=(0, 0))  # dated back: the system's own note of the change counts
    looked_at = unread(monkeypatch)
    rendered(folder)
    assert folder / "a/project.yaml" in looked_at


@pytest.mark.parametrize("content", [b"", b"{", b"[" * 10_000, b"{}"])
def test_a_memory_that_cannot_be_read_is_none(
    remembering: tuple[Offline, Path], monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    offline, folder = remembering
    (memory,) = (folder / "cache/evalkit").iterdir()
    memory.write_bytes(content)
    looked_at = unread(monkeypatch)
    assert all(outcome.is_up_to_date for outcome in rendered(folder).values())
    assert len(looked_at) == 2
    assert offline.ran_since() == []
