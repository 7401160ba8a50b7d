"""Every state file × every kind of damage: healed and named, and nothing outside is touched.

A folder of reports is rendered, one file that evalkit wrote there is damaged, and the same
command is given again. The canaries beside the folder must be as they were.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evalkit.batch import jobs, writing
from evalkit.batch.events import Noted
from evalkit.batch.run import render
from evalkit.documents.editions.outcomes import Outcome
from evalkit.documents.files.state import LARGEST_BYTES, state_text
from tests.documents.files.test_state import JSON, changed, places
from tests.support.offline import Offline
from tests.support.templates import code, template, write_project, write_template


def rendered(folder: Path, **options: Any) -> tuple[tuple[Outcome, ...], list[Noted]]:
    told: list[Any] = []
    options = {"signed_by": "A, analyst", **options}
    outcomes = render(
        [folder / "a", folder / "b"], output=folder / "out", templates=folder / "nb",
        languages=["sv"], formats=["html"], progress=told.append, **options,
    )  # fmt: skip
    return outcomes, [one for one in told if isinstance(one, Noted)]


def files_under(folder: Path, *, but: tuple[str, ...] = ()) -> dict[str, bytes]:
    return {
        str(file.relative_to(folder)): content_of(file)
        for file in sorted(folder.rglob("*"))
        if file.is_file() and not file.is_symlink() and file.name not in but
    }


def content_of(file: Path) -> bytes:
    """What is in a file; of one that no memory holds, how large it is."""
    size = file.stat().st_size
    return file.read_bytes() if size < 1024**3 else str(size).encode()


def reports_of(folder: Path) -> dict[str, bytes]:
    return {
        name: content
        for name, content in files_under(folder / "out").items()
        if name.endswith((".html", ".ipynb")) and "damaged" not in name and ".work" not in name
    }


@pytest.fixture(autouse=True)
def swedish(monkeypatch: pytest.MonkeyPatch) -> None:
    """Notes are told to whoever sits at the machine."""
    monkeypatch.setenv("LC_ALL", "sv_SE.UTF-8")


@pytest.fixture
def folder(tmp_path: Path, offline: Offline) -> Path:
    return two_projects(tmp_path, offline)


def two_projects(tmp_path: Path, offline: Offline) -> Path:
    """Two projects of real persons with their reports, and canaries around."""
    write_template(tmp_path / "nb", "participants", template(code("1")))
    for name in ("a", "b"):
        file = write_project(tmp_path / name, identity=name)
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace("is_synthetic: true", "is_synthetic: false"), "utf-8")
    for place in ("canaries", "canaries/chapters"):
        (tmp_path / place).mkdir()
        for name in ("precious.txt", "report.sv.html", "manifest.json", "participants.sv.ipynb"):
            (tmp_path / place / name).write_text(f"precious {name}")
    outcomes, notes = rendered(tmp_path)
    assert not any(outcome.failures for outcome in outcomes)
    assert notes == []
    offline.ran_since()
    return tmp_path


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def door(file: Path) -> None:
    file.unlink()
    here = Path.cwd()
    os.chdir(file.parent)  # the name of a socket has room for 107 bytes
    try:
        with socket.socket(socket.AF_UNIX) as end:
            end.bind(file.name)
    finally:
        os.chdir(here)


def full_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()
    (file / "x").write_text("x")


def link_outside(file: Path) -> None:
    canary = file.parents[2] / "canaries" / "precious.txt"
    file.unlink()
    file.symlink_to(canary if canary.is_file() else file.parents[1] / "canaries" / "precious.txt")


def huge(file: Path) -> None:
    os.truncate(file, LARGEST_BYTES + 1)


def nothing(file: Path) -> None:
    file.write_bytes(b"")


def noise(file: Path) -> None:
    file.write_bytes(bytes(range(256)) * 9)


def deep(file: Path) -> None:
    file.write_bytes(b"[" * 100_000)


def unsigned(file: Path) -> None:
    file.write_text(json.dumps({**json.loads(file.read_bytes()), "checksum": "0" * 64}))


DAMAGES = [cut, nothing, noise, deep, unsigned, pipe, door, full_folder, link_outside, huge]
STATES = {
    "a/manifest.json": "a",
    "a/answers.json": "a",
    "portfolio.json": "out",
}


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda one: one.__name__)
@pytest.mark.parametrize("name", STATES)
def test_a_damaged_state_file_is_named_and_healed_and_nothing_else_changes(
    folder: Path, offline: Offline, name: str, damage: Callable[[Path], None]
) -> None:
    reports, canaries = reports_of(folder), files_under(folder / "canaries")
    damage(folder / "out" / name)
    # A new interpretation, so that every state file is needed.
    write_template(folder / "nb", "participants", template(code("2")))
    outcomes, notes = rendered(folder)
    assert [outcome.failures for outcome in outcomes] == [(), ()]
    told = {(note.project, note.sentence.split()[0]) for note in notes}
    assert told == {(STATES[name], Path(name).name)}
    assert len(notes) == 1
    assert reports_of(folder) == reports
    assert files_under(folder / "canaries") == canaries
    offline.ran_since()
    outcomes, notes = rendered(folder)
    assert all(outcome.is_up_to_date for outcome in outcomes)
    assert notes == []
    assert offline.ran_since() == []


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda one: one.__name__)
@pytest.mark.parametrize(
    "name", ["a/render.log", "a/report.sv.html", "a/report.sv.brief.html",
             "a/chapters/participants.sv.ipynb", "index.html"],
)  # fmt: skip
def test_what_is_no_state_of_its_own_is_made_anew_without_a_word_or_with_one(
    folder: Path, offline: Offline, name: str, damage: Callable[[Path], None]
) -> None:
    if damage is unsigned and not name.endswith("json"):
        pytest.skip("has no checksum of its own")
    reports, canaries = reports_of(folder), files_under(folder / "canaries")
    damage(folder / "out" / name)
    write_template(folder / "nb", "participants", template(code("2")))
    outcomes, _ = rendered(folder)
    assert [outcome.failures for outcome in outcomes] == [(), ()]
    assert reports_of(folder) == reports
    assert files_under(folder / "canaries") == canaries


@pytest.mark.parametrize("damage", [cut, nothing, noise, pipe, door, full_folder, link_outside])
def test_a_kept_chapter_that_is_not_whole_is_run_again(
    folder: Path,
    offline: Offline,
    monkeypatch: pytest.MonkeyPatch,
    damage: Callable[[Path], None],
) -> None:
    def stumbling(*_: Any) -> None:
        raise writing._Refused("chapter.said", said="the report could not be put together")

    write_template(folder / "nb", "participants", template(code("2")))
    with monkeypatch.context() as patched:
        patched.setattr(writing, "_document", stumbling)
        rendered(folder)
    canaries = files_under(folder / "canaries")
    (kept,) = (folder / "out/a/.work/kept").glob("*.participants.sv.ipynb")
    damage(kept)
    offline.ran_since()
    outcomes, _ = rendered(folder)
    assert [outcome.failures for outcome in outcomes] == [(), ()]
    assert offline.ran_since() == ["a participants (sv)"]
    assert not (folder / "out/a/.work").exists()
    assert files_under(folder / "canaries") == canaries


@pytest.mark.parametrize("damage", [cut, nothing, noise, deep, pipe, full_folder, link_outside])
def test_moves_that_cannot_be_read_are_named_and_their_report_is_made_anew(
    folder: Path, offline: Offline, damage: Callable[[Path], None]
) -> None:
    reports, canaries = reports_of(folder), files_under(folder / "canaries")
    moves = folder / "out/a/.work/moves.json"
    moves.parent.mkdir()
    moves.write_text(state_text({"moves": [], "removals": ["report.sv.html"]}))
    if damage is link_outside:
        moves.unlink()
        moves.symlink_to(folder / "canaries/precious.txt")
    else:
        damage(moves)
    (folder / "out/a/report.sv.html").unlink()  # halfway
    outcomes, notes = rendered(folder)
    assert [outcome.failures for outcome in outcomes] == [(), ()]
    assert [(one.project, one.sentence.split()[0]) for one in notes] == [("a", ".work/moves.json")]
    assert reports_of(folder) == reports
    assert files_under(folder / "canaries") == canaries
    assert not (folder / "out/a/.work").exists()


@pytest.fixture
def drafted(folder: Path) -> Path:
    """A draft stands, and the edition before it lies in ``published``."""
    write_template(folder / "nb", "participants", template(code("draft")))
    rendered(folder, signed_by="")
    assert (folder / "out/a/published/report.sv.html").is_file()
    return folder


@pytest.mark.parametrize("damage", [cut, noise, pipe, door, full_folder])
@pytest.mark.parametrize("name", ["report.sv.html", "report.sv.brief.html", "answers.json"])
def test_an_edition_set_apart_that_is_damaged_stops_neither_draft_nor_edition(
    drafted: Path, name: str, damage: Callable[[Path], None]
) -> None:
    canaries = files_under(drafted / "canaries")
    damage(drafted / "out/a/published" / name)
    for number, signed_by in enumerate(["", "A, analyst", ""]):
        write_template(drafted / "nb", "participants", template(code(str(number))))
        outcomes, _ = rendered(drafted, signed_by=signed_by)
        assert [outcome.failures for outcome in outcomes] == [(), ()]
        left = files_under(drafted / "out/a/published")
        assert bool(left) == (not signed_by)
    assert files_under(drafted / "canaries") == canaries
    assert left.keys() == files_under(drafted / "out/b/published").keys()


@pytest.mark.parametrize("kind", ["link", "file"])
def test_a_folder_of_editions_set_apart_that_leads_elsewhere_is_not_followed(
    drafted: Path, kind: str
) -> None:
    canaries = files_under(drafted / "canaries")
    there = drafted / "out/a/published"
    shutil.rmtree(there)
    if kind == "link":
        there.symlink_to(drafted / "canaries")
    else:
        there.write_text("a file")
    for number, signed_by in enumerate(["A, analyst", ""]):
        write_template(drafted / "nb", "participants", template(code(str(number))))
        outcomes, _ = rendered(drafted, signed_by=signed_by)
        assert [outcome.failures for outcome in outcomes] == [(), ()]
        assert files_under(drafted / "canaries") == canaries
    assert (there / "report.sv.html").is_file()
    assert not there.is_symlink()


def test_a_report_that_leads_elsewhere_is_not_set_apart_as_published(folder: Path) -> None:
    report = folder / "out/a/report.sv.html"
    report.unlink()
    report.symlink_to(folder / "canaries/precious.txt")
    write_template(folder / "nb", "participants", template(code("draft")))
    outcomes, _ = rendered(folder, signed_by="")
    assert not any(outcome.failures for outcome in outcomes)
    assert "precious" not in b" ".join(files_under(folder / "out").values()).decode(
        errors="replace"
    )


@pytest.mark.parametrize(
    "name",
    [
        "manifest.json",
        "answers.json",
        "report.sv.html",
        "chapters/participants.sv.ipynb",
        "published/report.sv.html",
    ],
)
def test_what_may_not_be_read_is_made_anew(
    drafted: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "f"
        shutil.copytree(drafted, folder)
        monkeypatch.setattr(jobs, "workplace", lambda: folder)
        is_root = os.geteuid() == 0
        for one in [Path(place), *Path(place).rglob("*")] * is_root:
            os.chown(one, 65534, 65534)
        (folder / "out/a" / name).chmod(0)
        write_template(folder / "nb", "participants", template(code("2")))
        (folder / "nb/participants.ipynb").chmod(0o644)
        try:
            if is_root:  # who may read all
                os.seteuid(65534)
            with pytest.raises(PermissionError):
                (folder / "out/a" / name).read_bytes()
            outcomes, notes = rendered(folder, signed_by="")
        finally:
            if is_root:
                os.seteuid(0)
        assert [outcome.failures for outcome in outcomes] == [(), ()]
        assert all("läsrättigheten saknas" in note.sentence for note in notes)
        assert [note.sentence.split()[0] for note in notes] == [name] * name.endswith("json")
        assert reports_of(folder).keys() >= reports_of(drafted).keys()


@pytest.mark.parametrize("place", [".work", "chapters", ".work/kept"])
@pytest.mark.parametrize("kind", ["link", "file"])
def test_a_folder_of_ours_that_is_another_or_none_is_replaced(
    folder: Path, offline: Offline, place: str, kind: str
) -> None:
    reports, canaries = reports_of(folder), files_under(folder / "canaries")
    there = folder / "out/a" / place
    shutil.rmtree(there, ignore_errors=True)
    there.parent.mkdir(exist_ok=True)
    if kind == "link":
        there.symlink_to(folder / "canaries")
    else:
        there.write_text("a file")
    write_template(folder / "nb", "participants", template(code("2")))
    outcomes, _ = rendered(folder)
    assert [outcome.failures for outcome in outcomes] == [(), ()]
    assert reports_of(folder) == reports
    assert files_under(folder / "canaries") == canaries


def signed(file: Path, content: Any) -> None:
    content.pop("checksum", None)
    file.write_text(state_text(content), "utf-8", "replace")


def test_outputs_that_lead_outside_delete_nothing(folder: Path, offline: Offline) -> None:
    canaries = files_under(folder / "canaries")
    manifest = folder / "out/a/manifest.json"
    content = json.loads(manifest.read_bytes())
    content["reports"]["sv"]["outputs"]["../../canaries/precious.txt"] = "0" * 64
    signed(manifest, content)
    outcomes, notes = rendered(folder)
    assert not any(outcome.failures for outcome in outcomes)
    assert len(notes) == 1
    assert files_under(folder / "canaries") == canaries


@pytest.mark.parametrize(
    "asks", [{"chapters": []}, {"chapters": ["costs"]}, {"languages": ["en"]}, {"formats": ["pdf"]},
             {"inputs": []}, {"inputs": ["../canaries/precious.txt"]}]
)  # fmt: skip
def test_what_a_manifest_says_was_asked_for_overrides_no_project_file(
    folder: Path, offline: Offline, asks: dict[str, Any]
) -> None:
    reports = reports_of(folder)
    manifest = folder / "out/a/manifest.json"
    content = json.loads(manifest.read_bytes())
    content["asks"].update(asks)
    signed(manifest, content)
    outcomes, _ = rendered(folder)
    assert [(one.language, one.failures) for one in outcomes] == [("sv", ()), ("sv", ())]
    assert reports_of(folder) == reports
    told = json.loads(manifest.read_bytes())["asks"]
    assert told["chapters"] == ["participants"]
    assert told["languages"] == ["sv", "en"]


def test_a_manifest_of_another_project_is_no_proof(folder: Path, offline: Offline) -> None:
    reports = reports_of(folder)
    shutil.copy(folder / "out/b/manifest.json", folder / "out/a/manifest.json")
    outcomes, notes = rendered(folder)
    assert not any(outcome.failures for outcome in outcomes)
    (note,) = notes
    assert note.sentence == (
        "manifest.json är ett annat projekts; den lades undan som manifest.json.damaged och "
        "rapporterna görs om"
    )
    assert reports_of(folder) == reports


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_valid_json_of_wrong_types_at_any_key_stops_nothing(
    folder: Path, offline: Offline, data: st.DataObject
) -> None:
    canaries = files_under(folder / "canaries")
    name = data.draw(st.sampled_from(["a/manifest.json", "a/answers.json", "portfolio.json"]))
    file = folder / "out" / name
    kept = folder / f"{name.replace('/', '-')}.kept"  # each example starts from the same
    if not kept.exists():
        shutil.copy(file, kept)
    content = json.loads(kept.read_bytes())
    del content["checksum"]
    signed(file, changed(content, data.draw(st.sampled_from(places(content))), data.draw(JSON)))
    outcomes, _ = rendered(folder)
    assert [outcome.failures for outcome in outcomes] == [(), ()]
    assert "Alla har lämnat." in (folder / "out/a/report.sv.html").read_text("utf-8")
    assert files_under(folder / "canaries") == canaries
    for aside in (folder / "out").rglob("*.damaged*"):
        aside.unlink()
