"""Records of editions and their key: whatever lies in their place is one sentence, and no wait."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evalkit.disclosure.record import Edition, RecordedRow, WithheldRow, to_data
from evalkit.documents.editions.records import (
    UnreadableRecord,
    earlier_editions,
    make_key,
    record_pending,
)
from evalkit.documents.files.state import state_text
from evalkit.intake import IntakeError
from evalkit.intake.keys import lasting_key
from evalkit.project import Project, load_project
from tests.documents.files.test_answers_file import DAMAGES
from tests.documents.files.test_state import JSON, changed, places

ARENA = Path(__file__).parents[3] / "data/sample/arena-for-arbete/project.yaml"
PERSONS = ("0123456789abcdef01234567", "123456789abcdef012345678")
EDITION = Edition(
    name="Vår", date="2025-06-01", by="A, analyst", rule="standard", register="0" * 64,
    persons=PERSONS, rows=(RecordedRow("composition", ("woman",), (PERSONS,)),),
    withheld=(WithheldRow("composition", ("man",), "few", 0, None),), project="a",
    files=("deltagare.csv",), answers="{}", curves={"ways_out": {}}, steps={"rows": 2},
)  # fmt: skip
RECORD = "editions/a.2025-06-01.001.json"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project whose register has one edition recorded beside it."""
    found = load_project(ARENA).placed_in(tmp_path)
    register = tmp_path / found.registers[0].file
    register.parent.mkdir(parents=True, exist_ok=True)
    register.touch()
    editions = register.parent / "editions"
    editions.mkdir()
    (editions / Path(RECORD).name).write_text(state_text(to_data(EDITION)), encoding="utf-8")
    return found


def folder_of(project: Project) -> Path:
    """Where the register lies."""
    return (project.folder / project.registers[0].file).parent


def test_a_whole_record_is_read(project: Project) -> None:
    assert earlier_editions(project) == (EDITION,)


@pytest.mark.skipif(os.name == "nt", reason="pipes and devices of Unix")
@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_what_is_no_record_stops_the_next_edition_in_one_sentence(
    project: Project, damage: Callable[[Path], object]
) -> None:
    record = folder_of(project) / RECORD
    record.unlink()
    damage(record)
    with pytest.raises(UnreadableRecord, match=r"^editions/a\.2025-06-01\.001\.json ") as found:
        earlier_editions(project)
    assert "\n" not in str(found.value)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_wrong_types_at_any_key_are_an_edition_or_one_sentence(
    project: Project, data: st.DataObject
) -> None:
    content = json.loads(json.dumps(to_data(EDITION)))
    wrong = changed(content, data.draw(st.sampled_from(places(content))), data.draw(JSON))
    (folder_of(project) / RECORD).write_text(state_text(wrong), "utf-8", "replace")
    try:
        (read,) = earlier_editions(project)
    except UnreadableRecord as damage:
        assert str(damage).startswith(RECORD)
    else:
        assert all(set(own) <= set(read.persons) for row in read.rows for own in row.sets)


@pytest.mark.skipif(os.name == "nt", reason="pipes and devices of Unix")
@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_laid_ready_edition_that_is_damaged_is_not_recorded(
    project: Project, damage: Callable[[Path], object]
) -> None:
    editions = folder_of(project) / "editions"
    pending = editions / ".a.pending.json"
    damage(pending)
    before = sorted(one.name for one in editions.glob("*.json"))
    if pending.is_file():
        with pytest.raises((UnreadableRecord, OSError)):
            record_pending(editions, "a")
    else:
        record_pending(editions, "a")
    assert sorted(one.name for one in editions.glob("*.json")) == before


@pytest.mark.skipif(os.name == "nt", reason="pipes and devices of Unix")
@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_key_is_said_where_editions_need_it_and_made_anew_where_none_does(
    project: Project, damage: Callable[[Path], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("EVALKIT_PSEUDONYM_KEY", raising=False)
    key = folder_of(project) / "editions/key"
    damage(key)
    with pytest.raises(IntakeError, match="editions/key"):
        lasting_key(folder_of(project))
    (folder_of(project) / RECORD).unlink()
    assert lasting_key(folder_of(project)) is None
    make_key(project)
    found = lasting_key(folder_of(project))
    assert found is not None
    assert len(found) == 64
