"""Registers with many columns, and two editions or a part of them, read by a second attacker."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evalkit import proportion
from evalkit.answers.store import answered, to_json
from evalkit.answers.study import Study, open_study
from evalkit.batch.editions import make_lasting_key
from evalkit.chapters.section import asked_of
from evalkit.disclosure.editions import History
from evalkit.results.answers import Answer, share_members
from tests.attack.printed_rows import few_printed
from tests.attack.reading import read_folder
from tests.attack.wide_reading import (
    Known,
    few_in_states,
    known_of,
    learned,
    learned_between,
    misread,
)
from tests.attack.wide_registers import LATER, PARTS, WORDS, Persons, persons_of, write
from tests.support import in_process

CHAPTERS = (
    ("participants", "targets_and_claims", "sites"),
    ("participants", "esf_indicators"),
    ("participants", "costs", "targets_and_claims", "esf_indicators"),
    ("participants", "time_to_employment", "after_leaving"),
)
GROUPS = ("sex", "municipality", "target_group")
OWN = 400  # from this seed on with a chapter of one's own, and every second one with states


def attacked(folder: Path, seed: int) -> list[str]:
    profile = "strict" if seed % 4 == 3 else "standard"
    persons = persons_of(seed, most=120 if seed < OWN else 268)
    chapters = CHAPTERS[seed % 3 if seed < OWN else 3 * (seed % 2)]
    file = write(folder, persons, chapters=chapters, groups=[GROUPS[seed // 3 % 3]],
                 profile=profile)  # fmt: skip
    study = open_study(file, purpose="release")
    asked = [*asked_of(study), *(own_shares(study, seed) if seed >= OWN else ())]
    kept = folder / "answers.json"
    kept.write_text(to_json(answered(study, asked)), "utf-8")
    known = known_of(kept)
    assert len(known) > 10
    assert misread(known, persons) == []
    threshold = 10 if profile == "strict" else 5
    return learned(known, threshold) + few_in_states(kept, threshold)


def own_shares(study: Study, seed: int) -> Iterator[Answer[Any]]:
    """What a chapter of one's own asks: of whom, and who of them left in some way."""
    rng, persons = np.random.default_rng(seed), study.persons
    for _ in range(3):
        column = str(rng.choice(["sex", "education", "disability", "target_group"]))
        level = str(rng.choice(sorted(set(persons[column]) & set(WORDS[column]))))
        way = str(rng.choice(["employment", "studies", "dropout"]))
        of, reached = (persons[column] == level).to_numpy(), persons["exit_class"] == way
        share = proportion(events=int((of & reached).sum()), n=int(of.sum()))
        members = (share_members(of, reached.to_numpy()),)
        yield Answer(id=f"own.{column}.{level}.{way}", result=share, members=members, rank=2)


@pytest.mark.parametrize("seed", [201, 204, 401])
def test_no_column_tells_of_a_few(tmp_path: Path, seed: int) -> None:
    assert attacked(tmp_path, seed) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", [*range(200, 260), *range(OWN, OWN + 40)])
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
    assert few_printed(read_folder(folder / "out")[0], 5) == []
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
