"""Registers with many columns, and two editions or a part of them, read by a second attacker."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from evalkit.answers.store import answered, to_json
from evalkit.answers.study import open_study
from evalkit.batch.editions import make_lasting_key
from evalkit.chapters.section import asked_of
from evalkit.disclosure.editions import History
from tests.attack.wide_reading import Known, known_of, learned, learned_between, misread
from tests.attack.wide_registers import LATER, PARTS, Persons, persons_of, write
from tests.support import in_process

CHAPTERS = (
    ("participants", "targets_and_claims", "sites"),
    ("participants", "esf_indicators"),
    ("participants", "costs", "targets_and_claims", "esf_indicators"),
)
GROUPS = ("sex", "municipality", "target_group")


def attacked(folder: Path, seed: int) -> list[str]:
    profile = "strict" if seed % 4 == 3 else "standard"
    persons = persons_of(seed, most=120)
    file = write(folder, persons, chapters=CHAPTERS[seed % 3], groups=[GROUPS[seed // 3 % 3]],
                 profile=profile)  # fmt: skip
    study = open_study(file, purpose="release")
    (folder / "answers.json").write_text(to_json(answered(study, asked_of(study))), "utf-8")
    known = known_of(folder / "answers.json")
    assert len(known) > 10
    assert misread(known, persons) == []
    return learned(known, 10 if profile == "strict" else 5)


@pytest.mark.parametrize("seed", [201, 204])
def test_no_column_tells_of_a_few(tmp_path: Path, seed: int) -> None:
    assert attacked(tmp_path, seed) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(200, 260))
def test_no_column_of_any_register_tells_of_a_few(tmp_path: Path, seed: int) -> None:
    assert attacked(tmp_path, seed) == []


def published(folder: Path, persons: Persons, *, name: str, language: str = "sv") -> list[Known]:
    """What an edition tells; nothing where it is refused."""
    file = write(folder / "p", persons, chapters=("participants", "targets_and_claims"),
                 groups=("sex", "municipality"), name=name, language=language)  # fmt: skip
    make_lasting_key(file)
    outcomes = in_process.made(folder / "p", folder / "out", formats=("html",), signed_by="Kim E.")
    if any(outcome.failures for outcome in outcomes):
        return []
    known = known_of(folder / "out" / name / "answers.json")
    shutil.rmtree(folder / "out")
    assert misread(known, persons) == []
    return known


def two_editions(folder: Path, seed: int, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A register and a later one, or a part of it, whichever comes first."""
    monkeypatch.delenv("EVALKIT_PSEUDONYM_KEY", raising=False)
    in_process.use(monkeypatch)
    change = LATER[seed % len(LATER)]
    editions = [persons_of(seed, most=180)]
    editions.append(change(editions[0], np.random.default_rng(seed)))
    is_part = change in PARTS
    if is_part and seed % 2:
        editions.reverse()
    before = published(folder, editions[0], name="first")
    after = published(folder, editions[1], name="second" if is_part else "first",
                      language="en" if seed % 3 == 0 else "sv")  # fmt: skip
    assert before
    codes, later = ({one["code"] for one in edition} for edition in editions)
    return learned_between(before, after, 5, nobody="gone" if codes <= later else "new")


def test_two_random_editions_tell_of_no_few(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert two_editions(tmp_path, 301, monkeypatch) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(302, 330))
def test_any_two_random_editions_tell_of_no_few(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    assert two_editions(tmp_path, seed, monkeypatch) == []


@pytest.mark.slow
def test_the_reader_finds_who_came_where_editions_are_not_judged_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Break it once: without the earlier edition."""
    monkeypatch.setattr(History, "related", lambda _self: ())
    assert any(one.startswith("new ") for one in two_editions(tmp_path, 301, monkeypatch))
