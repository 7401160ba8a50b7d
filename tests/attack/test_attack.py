"""Whole reports of random registers, read by somebody with a linear programme."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from evalkit.results import codec
from tests.attack.attacker import leaks
from tests.attack.kept import few_kept
from tests.attack.printed_rows import few_printed
from tests.attack.random_registers import misread, world_of, write_register
from tests.attack.reading import read_folder
from tests.support import in_process

_FEW_OF = re.compile(r"(?<![\d,.–-])([1-4]) (?:av|of) (?:de |the )?\d+\b(?! ?%)")
# How many places lie outside limits: of places, not of persons.
_OF_PLACES = re.compile("gränserna för vad slumpen ger|limits of what chance gives")


def attacked(tmp_path: Path, seed: int) -> tuple[list[str], list[str]]:
    """What a reader learns of a few, and sentences that count a few."""
    persons, threshold = write_register(tmp_path / "p", seed)
    formats = ("html", "xlsx", "docx") if seed % 20 == 1 else ("html", "xlsx")
    outcomes = in_process.made(tmp_path / "p", tmp_path / "out", formats=formats)
    assert not any(outcome.failures for outcome in outcomes), outcomes
    (folder,) = [one for one in (tmp_path / "out").iterdir() if one.is_dir()]
    tables, sentences = read_folder(folder)
    index, _ = read_folder(tmp_path / "out")
    kept = json.loads((folder / "answers.json").read_text(encoding="utf-8"))
    world = world_of([*tables, *index], persons, sentences, kept)
    assert len(world.known) > 20
    assert misread(world, persons) == []
    told = [one for one in sentences if not _OF_PLACES.search(one)]
    few = [one for one in told if _FEW_OF.search(one) and len(one) < 400]
    few += few_printed([*tables, *index], threshold)
    return leaks(world, threshold), [*few, *few_kept(kept, threshold)]


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    in_process.use(monkeypatch)


@pytest.mark.parametrize("seed", range(6))
def test_a_reader_learns_of_no_few(tmp_path: Path, seed: int) -> None:
    assert attacked(tmp_path, seed) == ([], [])


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6, 200))
def test_a_reader_of_any_register_learns_of_no_few(tmp_path: Path, seed: int) -> None:
    assert attacked(tmp_path, seed) == ([], [])


def test_the_attack_finds_what_a_file_keeps_beyond_its_print(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Break it once: every digit of every number."""
    monkeypatch.setattr(codec, "_rounded", lambda value, _decimals: value)
    _, few = attacked(tmp_path, 9)
    assert any("too many digits" in one for one in few)
