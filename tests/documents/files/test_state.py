"""A state file is whole and of the right shape, or it is damaged; nothing else can happen."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ConfigDict, Field, TypeAdapter, with_config
from typing_extensions import TypedDict

from evalkit.documents.editions.manifest import read_manifest
from evalkit.documents.files import state
from evalkit.documents.files.state import Damaged, SafeName, is_inside, read_state, state_text
from evalkit.documents.files.workfolder import WORK, finish_moves, tidy
from tests.support.manifests import chapter_entry, content_of, entry


@with_config(ConfigDict(extra="forbid", strict=True))
class _Model(TypedDict):
    count: Annotated[int, Field(ge=0)]
    names: list[str]


CONTENT = {"count": 3, "names": ["å", "b"]}


def test_what_was_written_is_read_back_and_is_json_for_anyone(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    state.write_whole(file, state_text(CONTENT))
    assert read_state(file, _Model) == CONTENT
    assert {**json.loads(file.read_bytes()), "checksum": 0} == {**CONTENT, "checksum": 0}
    assert read_state(tmp_path / "none.json", _Model) is None
    assert read_state(file / "below", _Model) is None


def test_a_file_cut_short_or_changed_anywhere_is_damaged(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    whole = state_text(CONTENT).encode()
    for cut in range(len(whole)):
        file.write_bytes(whole[:cut])
        with pytest.raises(Damaged):
            read_state(file, _Model)
    for place in range(len(whole)):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(Damaged):
            read_state(file, _Model)


@given(content=st.binary(max_size=200))
def test_any_bytes_are_damaged_and_nothing_worse(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    file = tmp_path_factory.mktemp("any") / "a.json"
    file.write_bytes(content)
    with pytest.raises(Damaged):
        read_state(file, _Model)


def test_other_kinds_of_file_are_damaged_and_never_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    (tmp_path / "device").symlink_to("/dev/zero")
    (tmp_path / "large").touch()
    os.truncate(tmp_path / "large", state.LARGEST_BYTES + 1)
    monkeypatch.chdir(tmp_path)  # the name of a socket has room for 107 bytes
    with socket.socket(socket.AF_UNIX) as end:
        end.bind("socket")
        for name in ("pipe", "folder", "circle", "device", "large", "socket"):
            with pytest.raises(Damaged):
                read_state(tmp_path / name, _Model)
            assert name == "large" or state.digest_of(tmp_path / name) == ""


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9)
    | st.sampled_from(["../../precious.txt", "/etc/passwd", "a/../../b", ".work/x", "", "\0"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=6,
)  # fmt: skip


def places(content: Any, so_far: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every key and position of a content, as the way to it."""
    steps = content.items() if isinstance(content, dict) else enumerate(content)
    found = []
    for step, inner in steps:
        found.append((*so_far, step))
        if isinstance(inner, dict | list):
            found += places(inner, (*so_far, step))
    return found


def changed(content: Any, way: tuple[Any, ...], value: Any) -> Any:
    copy = json.loads(json.dumps(content))
    inner = copy
    for step in way[:-1]:
        inner = inner[step]
    inner[way[-1]] = value
    return copy


FULL = content_of(
    "trial",
    {
        "sv": entry(
            chapters=[chapter_entry()],
            headlines=[{"label": "a", "text": "b", "detail": ""}],
            links=["en"],
            figures=[{"id": "n", "measure": "m", "label": "l", "value": 1, "unit": "u"}],
            previous={"data_cut": "2018-01-01", "figures": []},
            standing={"chapters": {}, "seconds": {}, "outputs": {}},
        )
    },
)
EVERY_PLACE = places(FULL)


@given(way=st.sampled_from(EVERY_PLACE), value=JSON)
def test_a_manifest_with_anything_anywhere_is_read_or_damaged_and_never_leads_outside(
    tmp_path_factory: pytest.TempPathFactory, way: tuple[Any, ...], value: Any
) -> None:
    folder = tmp_path_factory.mktemp("m") / "trial"
    folder.mkdir()
    (folder / "manifest.json").write_text(state_text(changed(FULL, way, value)), "utf-8", "replace")
    try:
        found = read_manifest(folder)
    except Damaged:
        return
    for report in found["reports"].values():
        assert all(is_inside(folder / name, folder) for name in report["outputs"])
    assert found["id"] == "trial"


@pytest.mark.parametrize(
    "name",
    ["../a", "/a", "a/../b", "..", ".", "", "a//b", ".work/moves.json", "C:\\a", "a\\..\\b",
     "a/b/c", "a\0", "-" * 300, "chapters/../../x", ".lock"],
)  # fmt: skip
def test_names_that_lead_elsewhere_or_are_hidden_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="validation error"):
        TypeAdapter(SafeName).validate_python(name)


@pytest.mark.parametrize("name", ["report.sv.html", "chapters/costs.sv.ipynb", "manifest.json"])
def test_names_of_reports_pass(name: str) -> None:
    assert TypeAdapter(SafeName).validate_python(name) == name


@pytest.fixture
def precious(tmp_path: Path) -> Path:
    (tmp_path / "outside").mkdir()
    file = tmp_path / "outside" / "precious.txt"
    file.write_text("precious")
    (tmp_path / "p" / WORK / "stage").mkdir(parents=True)
    (tmp_path / "p" / WORK / "stage" / "a.txt").write_text("new")
    return file


@pytest.mark.parametrize(
    "listed",
    [
        {"moves": [], "removals": ["../outside/precious.txt"]},
        {"moves": [[".work/stage/a.txt", "../outside/precious.txt"]], "removals": []},
        {"moves": [["../outside/precious.txt", "a.txt"]], "removals": []},
        {"moves": [[".work/../../outside/precious.txt", "a.txt"]], "removals": []},
        {"moves": [[".work/stage/a.txt", "link/precious.txt"]], "removals": ["link/precious.txt"]},
        {"moves": [[".work/link/precious.txt", "a.txt"]], "removals": []},
        {"moves": 7, "removals": {}},
        {"moves": [[1, 2]], "removals": [None]},
    ],
)
def test_a_list_of_moves_never_reaches_outside_its_folder(
    tmp_path: Path, precious: Path, listed: dict[str, Any]
) -> None:
    folder = tmp_path / "p"
    (folder / "link").symlink_to(precious.parent)
    (folder / WORK / "link").symlink_to(precious.parent)
    (folder / WORK / "moves.json").write_text(state_text(listed))
    finish_moves(folder)
    assert precious.read_text() == "precious"
    assert not (folder / WORK / "moves.json").exists()


def test_moves_that_were_begun_go_on_past_whatever_lies_in_the_way(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    stage = folder / WORK / "stage"
    stage.mkdir(parents=True)
    for name in ("a.txt", "b.txt"):
        (stage / name).write_text("new")
    (folder / "a.txt").mkdir()  # a folder where a file is to be
    (folder / "chapters").write_text("a file where a folder is to be")
    moves = [["a.txt", "a.txt"], ["gone", "c.txt"], ["b.txt", "chapters/b.txt"]]
    listed = {"moves": [[f".work/stage/{a}", b] for a, b in moves], "removals": ["d.txt"]}
    (folder / WORK / "moves.json").write_text(state_text(listed))
    assert finish_moves(folder) is None
    assert (folder / "a.txt").read_text() == (folder / "chapters/b.txt").read_text() == "new"


@pytest.mark.parametrize("place", [WORK, f"{WORK}/kept"])
def test_a_hidden_folder_that_is_a_link_is_taken_away_and_not_what_it_leads_to(
    tmp_path: Path, precious: Path, place: str
) -> None:
    folder = tmp_path / "q"
    (folder / place).parent.mkdir(parents=True)
    (folder / place).symlink_to(precious.parent)
    finish_moves(folder)
    tidy(folder)
    assert precious.read_text() == "precious"
