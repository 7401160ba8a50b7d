"""Editions of a register of real persons: recorded beside it, and read together by an attacker."""

from __future__ import annotations

import csv
import json
import shutil
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from evalkit.batch.editions import changed_draft, make_lasting_key, recorded_in
from evalkit.disclosure.editions import History
from evalkit.documents.editions.records import record_files
from tests.attack.attacker import SEXES, World, leaks
from tests.attack.reading import read_folder
from tests.attack.two_editions import leaks_between
from tests.support import in_process

REGISTERS = Path(__file__).parents[1] / "disclosure/registers/06-editions"
EXITS = ("employment", "studies", "back", "ongoing")
PLACES = ("Ystad", "Sjöbo", "Simrishamn", "Lomma")
BY = "Kim Exempel, utvärderare"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("EVALKIT_PSEUDONYM_KEY", raising=False)
    in_process.use(monkeypatch)
    shutil.copytree(REGISTERS / "first", tmp_path / "p")
    return tmp_path / "p"


def draft(project: Path, **options: object) -> list[str]:
    outcomes = in_process.made(project, project.parent / "out", **options)
    return [failure for outcome in outcomes for failure in outcome.failures]


def publish(project: Path, by: str = BY, **options: object) -> list[str]:
    make_lasting_key(project / "project.yaml")
    return draft(project, signed_by=by, **options)


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the first edition has been published."""
    place = tmp_path_factory.mktemp("first")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("EVALKIT_PSEUDONYM_KEY", raising=False)
        in_process.use(patch)
        shutil.copytree(REGISTERS / "first", place / "p")
        assert publish(place / "p") == []
    return place


@pytest.fixture
def published(project: Path, once: Path) -> Path:
    """The project with its first edition, and a copy of what was printed of it."""
    shutil.copytree(once, project.parent, dirs_exist_ok=True)
    shutil.copytree(once / "out/editions", project.parent / "first")
    return project


def next_register(project: Path, name: str) -> None:
    for file in (REGISTERS / name).iterdir():
        shutil.copy(file, project / file.name)


def world(folder: Path, *, inland: bool = False) -> World:
    levels = {"sex": tuple(dict.fromkeys(SEXES.values())), "place": PLACES, "exit": EXITS}
    found = World(levels)
    found.places = {place: frozenset({place}) for place in PLACES}
    if inland:
        found.places["Inlandet"] = frozenset({"Sjöbo", "Lomma"})
    tables, _ = read_folder(folder)
    found.read(tables)
    return found


def records(project: Path) -> list[Path]:
    return sorted((project / "editions").glob("*.json"))


def test_a_draft_records_nothing_and_publishing_does_beside_the_register(project: Path) -> None:
    (project / "deltagare.csv").chmod(0o640)
    before = sorted(one.name for one in project.iterdir())
    asked = {"output": project.parent / "out", "formats": ("html", "xlsx")}
    unread = changed_draft(project, **asked)  # nobody has read one: it is made, and no more
    assert unread is not None and unread.is_first and not unread.differing
    assert sorted(one.name for one in project.iterdir()) == before
    read = (project.parent / "out/editions/answers.json").read_bytes()
    assert changed_draft(project, **asked) is None

    assert publish(project) == []
    (record,) = records(project)
    assert stat.S_IMODE(record.stat().st_mode) == 0o640
    assert stat.S_IMODE((project / "editions/key").stat().st_mode) == 0o640
    content = json.loads(record.read_bytes())
    assert (content["by"], content["project"]) == (BY, "editions")
    assert content["answers"].encode() == read  # the draft that was read, byte for byte
    assert record.name in recorded_in(project / "project.yaml", BY)
    everything = b"".join(
        one.read_bytes() for one in (project.parent / "out").rglob("*") if one.is_file()
    )
    assert not [name for name in content["persons"] if name.encode() in everything]
    assert content["register"].encode() not in everything

    assert publish(project) == []  # nothing has changed: no second record
    assert records(project) == [record]
    assert publish(project, "Någon Annan, chef") == []
    assert records(project) == [record]
    told = recorded_in(project / "project.yaml", "Någon Annan, chef")
    assert (
        BY in told and record.name in told and BY not in recorded_in(project / "project.yaml", BY)
    )


ATTACKS = ("second-one-more", "second-all-but-one", "second-regrouped")


@pytest.mark.parametrize("second", ATTACKS)
def test_two_editions_tell_of_no_few(published: Path, second: str) -> None:
    next_register(published, second)
    assert publish(published) == []
    before = world(published.parent / "first")
    after = world(published.parent / "out/editions", inland="regrouped" in second)
    assert leaks(before) == []
    assert leaks_between(before, after) == []


def test_the_attack_finds_the_new_one_where_editions_are_not_judged_together(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Break it once: without the earlier editions the one who came is known."""
    monkeypatch.setattr(History, "related", lambda _self: ())
    assert publish(project) == []
    shutil.copytree(project.parent / "out/editions", project.parent / "first")
    next_register(project, "second-one-more")
    assert publish(project) == []
    before = world(project.parent / "first")
    assert "new : 1–1" in leaks_between(before, world(project.parent / "out/editions"))


def test_ten_more_who_are_all_enrolled_are_published_whole(published: Path) -> None:
    next_register(published, "second-ten-still-enrolled")
    half = published / "editions/..editions.pending.json.0badcafe.tmp"  # of a run that was killed
    half.write_text("half")
    assert publish(published) == []
    assert not half.exists()
    after = world(published.parent / "out/editions")
    told = {name for name, _, low, high in after.known if low == high}
    assert any("Till arbete eller studier, av alla deltagare" in name for name in told)
    assert any("Totalt" in name for name in told)


@pytest.mark.slow
def test_the_other_language_tomorrow_is_the_same_edition_judged_beside(project: Path) -> None:
    assert publish(project, languages=["sv"]) == []
    shutil.copytree(project.parent / "out/editions", project.parent / "first")
    next_register(project, "second-one-more")
    assert publish(project, languages=["en"]) == []
    before = world(project.parent / "first")
    assert leaks_between(before, world(project.parent / "out/editions")) == []


@pytest.mark.slow
def test_a_sub_project_under_another_id_is_judged_beside(published: Path) -> None:
    next_register(published, "second-one-more")
    file = published / "project.yaml"
    file.write_text(file.read_text("utf-8").replace("id: editions", "id: part"), "utf-8")
    assert publish(published) == []
    assert len(records(published)) == 2
    before = world(published.parent / "first")
    assert leaks_between(before, world(published.parent / "out/part")) == []


def recoded(project: Path) -> None:
    file = project / "deltagare.csv"
    lines = file.read_text("utf-8").splitlines()
    file.write_text("\n".join([lines[0], *(f"Q{line[1:]}" for line in lines[1:])]), "utf-8")


@pytest.mark.parametrize("change", [recoded, lambda project: (project / "editions/key").unlink()])
def test_persons_who_cannot_be_found_again_stop_every_figure(
    published: Path, change: Callable[[Path], None]
) -> None:
    change(published)
    file = published / "project.yaml"
    file.write_text(file.read_text("utf-8").replace("Ett samarbete", "Samarbete"), "utf-8")
    standing = (published.parent / "out/editions/report.sv.html").read_bytes()
    failures = draft(published)
    assert failures
    assert all("EVALKIT_PSEUDONYM_KEY" in one and "0,0 %" in one for one in map(_plain, failures))
    assert (published.parent / "out/editions/report.sv.html").read_bytes() == standing
    assert not any("ledger" in one for one in failures)


def _plain(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize("damage", [b"", b'{"persons": 7}', b"\x00" * 100])
def test_a_record_that_cannot_be_read_stops_every_figure(published: Path, damage: bytes) -> None:
    (record,) = records(published)
    record.write_bytes(damage)
    # Nor is one that was laid ready by a run that was ended taken for it.
    (record.parent / ".editions.pending.json").write_bytes(damage)
    record.with_suffix(".html").write_bytes(damage)
    next_register(published, "second-ten-still-enrolled")
    failures = draft(published)
    assert failures
    assert all(record.name in one and "säkerhetskopia" in one for one in failures)
    assert record.read_bytes() == damage


@pytest.mark.parametrize(("kind", "said"), [("link", "är en länk"), ("file", "är ingen mapp")])
def test_a_folder_of_editions_that_is_none_stops_every_figure(
    published: Path, kind: str, said: str
) -> None:
    (published / "editions").rename(published / "elsewhere")
    if kind == "link":
        (published / "editions").symlink_to("elsewhere")
    else:
        (published / "editions").write_text("a file")
    next_register(published, "second-ten-still-enrolled")
    failures = draft(published)
    assert failures
    assert all(f"editions {said}" in one and "säkerhetskopia" in one for one in failures)


def test_a_record_that_is_a_link_is_not_followed(published: Path, tmp_path: Path) -> None:
    (record,) = records(published)
    shutil.move(record, tmp_path / "elsewhere.json")
    record.symlink_to(tmp_path / "elsewhere.json")
    next_register(published, "second-ten-still-enrolled")
    assert draft(published)


def rows(project: Path) -> Iterator[dict[str, str]]:
    with (project / "deltagare.csv").open(encoding="utf-8-sig") as file:
        yield from csv.DictReader(file, delimiter=";")


@pytest.mark.slow
def test_a_draft_is_judged_exactly_as_the_edition_would_be(published: Path) -> None:
    next_register(published, "second-one-more")
    assert draft(published) == []
    drafted = (published.parent / "out/editions/answers.json").read_bytes()
    assert len(records(published)) == 1
    assert publish(published) == []
    assert (published.parent / "out/editions/answers.json").read_bytes() == drafted
    assert len(records(published)) == 2


def test_an_edition_of_a_clock_that_ran_ahead_is_still_the_one_before(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as ahead:
        ahead.setattr("evalkit.documents.editions.records.today", lambda: "2099-01-01")
        assert publish(project) == []
    next_register(project, "second-ten-still-enrolled")
    assert publish(project) == []
    assert len(records(project)) == 2
    assert publish(project) == []  # nothing has changed: no third record
    assert len(records(project)) == 2
    latest = json.loads(record_files(project / "editions")[-1].read_bytes())
    assert latest["date"] != "2099-01-01"
