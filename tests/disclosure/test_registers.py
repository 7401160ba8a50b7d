"""Registers whose reports told too much: nothing of it follows from what is published now.

The registers are made up. Each is rendered whole, in both languages, and read as a reader
would: pages, workbooks, notebooks and answers together (`tests.attack`).
"""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.attack.attacker import SEXES, World, leaks, statements
from tests.attack.reading import WITHHELD, Read, read_folder
from tests.support import in_process

REGISTERS = Path(__file__).parent / "registers"
EXITS = ("employment", "studies", "back", "ill", "moved", "dropout", "unknown", "ongoing")
PLACES = ("Ystad", "Tomelilla", "Sjöbo", "Simrishamn", "Lomma")
TITLES = {"Till arbete eller studier": {"employment", "studies"}}


class Published:
    """A register's published files."""

    def __init__(self, folder: Path, failures: tuple[str, ...]) -> None:
        self.folder, self.failures = folder, failures
        self.project = next((one for one in folder.iterdir() if one.is_dir()), folder)
        self.tables, self.sentences = read_folder(self.project)

    def texts(self) -> str:
        """Every byte of every file that is no archive, and the strings of those that are."""
        files = [one for one in self.folder.rglob("*") if one.is_file()]
        parts = [str(one.relative_to(self.folder)) for one in files]
        parts += [one.read_bytes().decode("utf-8", "replace") for one in files
                  if one.suffix != ".xlsx"]  # fmt: skip
        parts += [cell for table in self.tables for row in (table.columns, *table.rows)
                  for cell in row]  # fmt: skip
        return "\n".join([*parts, *self.sentences, *self.failures])

    def world(self, exits: tuple[str, ...] = EXITS) -> World:
        world = World({"sex": tuple(dict.fromkeys(SEXES.values())), "place": PLACES, "exit": exits})
        world.places = {place: frozenset({place}) for place in PLACES}
        world.read(self.tables)
        return world


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Published]:
    made: dict[str, Published] = {}

    def one(number: str) -> Published:
        if number not in made:
            (source,) = REGISTERS.glob(f"{number}-*")
            folder = tmp_path_factory.mktemp("register")
            shutil.copytree(source, folder / "p")
            with pytest.MonkeyPatch.context() as patch:
                in_process.use(patch)
                outcomes = in_process.made(folder / "p", folder / "out")
            failures = tuple(one for outcome in outcomes for one in outcome.failures)
            made[number] = Published(folder / "out", failures)
        return made[number]

    return one


def persons(number: str) -> list[dict[str, str]]:
    (source,) = REGISTERS.glob(f"{number}-*/*.csv")
    with source.open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file, delimiter=";"))


def of_line(table: Read, labels: set[str]) -> list[str]:
    """What is printed of a line: in its column where it has one, or in its row."""
    columns = [i for i, name in enumerate(table.columns) if name in labels]
    found = [row[i] for row in table.rows for i in columns if i < len(row)]
    return found + [cell for row in table.rows if row[0] in labels for cell in row[1:]]


def test_zeros_do_not_spell_out_the_only_one_of_a_column(published):
    told = published("01")
    assert not told.failures
    cells = [one for table in told.tables for one in of_line(table, {"Icke-binära", "Non-binary"})]
    assert cells
    told_apart = {part for cell in cells for part in re.split(r"[:;] ?", cell)[1::2] or [cell]}
    assert {part.strip() for part in told_apart} <= WITHHELD | {"–", ""}
    assert statements(told.world()) == []
    assert leaks(told.world()) == []


@pytest.mark.parametrize("number", ["02", "03", "04", "10"])
def test_no_group_is_known_to_be_a_few(published, number):
    told = published(number)
    assert not told.failures
    world = told.world()
    assert len(world.known) > 20
    assert leaks(world) == []


def test_rows_that_exist_may_hold_many(published):
    """Each of the five ways out was exactly one person."""
    world = published("02").world()
    withheld = [one for one in world.known if one[2] == 1 and one[3] == float("inf")]
    assert len({str(one[1]) for one in withheld}) >= 2


def test_whoever_is_the_one_does_not_learn_the_others(published):
    """One moved; whoever knows that must not know that four were ill."""
    world = published("03").world()
    world.tell("oneself", {"exit": frozenset({"moved"})}, 1, 1)
    assert [one for one in leaks(world) if not one.startswith("moved")] == []


def test_curves_tell_no_few_beside_exact_totals(published):
    told = published("04")
    world = told.world()
    women = [row for table in told.tables for row in table.rows
             if row[0] in SEXES and "Dag" in table.columns]  # fmt: skip
    assert women == []
    assert leaks(world) == []


def test_findings_count_no_few_persons(published):
    told = published("05")
    assert not told.failures
    text = told.texts()
    for word in ("TF-nummer", "TF numbers", "skyddad identitet", "protected identit"):
        assert word.casefold() not in text.casefold()
    for table in told.tables:
        if table.columns[0] in ("Grad", "Severity", "Steg", "Step"):
            assert not [cell for row in table.rows for cell in row if cell in set("1234")]
    assert leaks(told.world()) == []


def test_no_published_number_has_more_digits_than_are_printed(published):
    told = published("07")
    assert not told.failures
    for file in told.project.rglob("*"):
        if file.suffix in (".ipynb", ".json"):
            content = json.loads(file.read_text(encoding="utf-8"))
            assert [one for one in numbers(content) if re.search(r"\.\d{5,}", repr(one))] == [], (
                file
            )


def numbers(content: object) -> list[float]:
    if isinstance(content, dict):
        return [one for value in content.values() for one in numbers(value)]
    if isinstance(content, list):
        return [one for value in content for one in numbers(value)]
    return [content] if isinstance(content, float) else []


def test_messages_name_no_text_of_the_register(published):
    told = published("08")
    assert told.failures
    for marker in ("Maja", "Lundqvist", "Ekvägen", "070-174"):
        assert marker not in told.texts()
    assert any("employmnt_" in one for one in told.failures)


MARKERS = ("Lundqvist", "121212", "1212.12.12", "070-174", "maja.lundqvist", "174 06 05")


def test_markers_in_odd_shapes_are_nowhere(published):
    told = published("09")
    for marker in MARKERS:
        assert marker not in told.texts()
    assert any("registers 1: file" in one for one in told.failures)


def test_no_published_digest_can_be_tried(published):
    """Whoever knows all but one cell cannot try the rest: no checksum of the register."""
    import hashlib

    told = published("02")
    (register,) = REGISTERS.glob("02-*/deltagare.csv")
    digest = hashlib.sha256(register.read_bytes()).hexdigest()
    assert digest[:10] not in told.texts()


def test_a_small_project_keeps_its_pooled_outcome(published):
    told = published("10")
    pooled = [row for table in told.tables for row in table.rows
              if row[0].startswith("Till arbete eller studier, av alla")]  # fmt: skip
    assert pooled
    assert all("17" in row for row in pooled)
