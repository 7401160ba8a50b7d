"""Every published figure of a project, to be held against those kept beside this file.

A figure is a cell of a table (or of a chart's data), a number in a sentence, a headline figure
or an estimate that passed disclosure control. Kept are those of the first edition of the code;
what has changed since is listed in ``changes.yaml`` with its reason.

    python -m tests.golden.figures                     print what differs, all projects
    python -m tests.golden.figures --update            list the differences in changes.yaml
    python -m tests.golden.figures --write             keep what is published now (new projects)
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields, is_dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import yaml

import evalkit as ek
from evalkit.present.blocks import (
    Block,
    Box,
    Bullets,
    Cell,
    Figure,
    Heading,
    Paragraph,
    Section,
    Table,
)
from evalkit.results import Estimate, Released, TestResult, Withheld

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
KEPT = HERE / "figures"
CHANGES = HERE / "changes.yaml"
SAMPLES = sorted(path.parent.name for path in (REPOSITORY / "data/sample").glob("*/project.yaml"))
MADE_UP = 20

Record = dict[str, Any]
Difference = tuple[str, str, str]
"""Id, old and new; empty where there is none."""

_CALL = re.compile(r"^sections\.(\w+)\.(\w+)\(study\)", re.MULTILINE)
_NUMBER = re.compile(r"[\u2212-]?\d+(?:[\u00a0\u202f ]\d{3})*(?:[.,]\d+)?")
_WITHHELD = "skyddad"
_TOLD_REASON = re.compile("withheld: (?:small_count|complement|small_group|few_on_one_side)")
_SHARES = ("percent", "percentage_points")
_PRINTED = {"share": 3, "share_difference": 3, "days": 0, "persons": 0, "sek": 0}
_OTHER_DECIMALS = 2
# Counts that only disclosure control reads, and that are kept nowhere.
_PERSONS_BEHIND = re.compile(r"(?<= \| )[\d,]*$")


# What the code publishes now. The only part that knows how a chapter is run.


def project_files(folder: Path) -> dict[str, Path]:
    """The samples, and the made-up projects written into ``folder``; by id."""
    from benchmarks.samples import write_many

    files = {name: REPOSITORY / "data/sample" / name / "project.yaml" for name in SAMPLES}
    return files | {path.parent.name: path for path in write_many(folder, MADE_UP)}


def sections_of(study: Any) -> Iterator[tuple[str, Section]]:
    """Every section of the chapters that the project has chosen, as its templates run them."""
    for chapter in study.project.chapters:
        module = import_module(f"evalkit.chapters.{chapter}")
        template = json.loads((REPOSITORY / f"notebooks/{chapter}.ipynb").read_text("utf-8"))
        code = "\n".join(
            "".join(cell["source"]) for cell in template["cells"] if cell["cell_type"] == "code"
        )
        for topic, name in _CALL.findall(code):
            if topic == chapter:
                yield f"{chapter}.{name}", getattr(module, name)(study)


def headlines_of(study: Any) -> dict[str, Record]:
    """The figures that a portfolio compares."""
    from evalkit.chapters.key_figures import headlines

    def plain(figure: Any) -> Record:
        kept = ("value", "low", "high", "n", "events", "goal", "unit")
        return {name: value for name, value in asdict(figure).items() if name in kept}

    return {figure.id: plain(figure) for figure in headlines(study).figures}


class ResultsSeen:
    """Notes every result that passes the door while it is on."""

    def __init__(self) -> None:
        self.lines: set[str] = set()

    def __enter__(self) -> ResultsSeen:
        self._original = Released.__init__
        original, lines = self._original, self.lines

        def noted(released: Any, *args: Any, **named: Any) -> None:
            original(released, *args, **named)
            if not released.is_internal:
                lines.update(_result_lines(released.result))

        Released.__init__ = noted  # type: ignore[method-assign]
        return self

    def __exit__(self, *_: object) -> None:
        Released.__init__ = self._original  # type: ignore[method-assign]


@cache
def published(project_file: Path, language: str = "sv") -> Record:
    """All figures of a project as plain data."""
    with ResultsSeen() as seen:
        study = ek.open_study(project_file, language=language, purpose="release")  # type: ignore[arg-type]
        # Read, so that it is judged here and not remembered from another test.
        vars(study)["intake"] = study.intake if study.project.registers else None
        cells: dict[str, list[str | None]] = {}
        sentences: dict[str, list[str]] = {}
        for name, section in sections_of(study):
            for figure_id, cell in _cells(name, section.blocks):
                cells[_unused(figure_id, cells)] = [_printed(cell), cell.text]
            sentences[name] = [text for text in _sentences(section.blocks) if _NUMBER.search(text)]
        headlines = headlines_of(study)
    return {
        "cells": cells,
        "sentences": sentences,
        "headlines": headlines,
        "results": sorted(seen.lines),
    }


# Blocks as figures.


def _cells(section: str, blocks: tuple[Block, ...]) -> Iterator[tuple[str, Cell]]:
    """Cells that hold a number or say that one is withheld, each with its id."""
    for block in blocks:
        table = block.data if isinstance(block, Figure) else block
        if not isinstance(table, Table):
            continue
        for row in table.rows:
            label = " / ".join(cell.text for cell in row[: table.row_headers])
            for column, cell in zip(table.columns, row, strict=True):
                if cell.value is not None or cell.text == _WITHHELD or _NUMBER.search(cell.text):
                    yield f"{section} | {block.id} | {label} | {column}", cell


def _sentences(blocks: tuple[Block, ...]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Heading() | Paragraph():
                yield block.text
            case Bullets() | Box():
                yield from block.items
            case Table() | Figure():
                yield from (block.caption, *block.notes)
    yield from (block.alt for block in blocks if isinstance(block, Figure))


def _printed(cell: Cell) -> str | None:
    """The cell's number to the decimals that it prints, half up; a share as 0–1."""
    if cell.value is None:
        return None
    decimals = cell.decimals + (2 if cell.kind in _SHARES else 0)
    return _rounded(cell.value, decimals)


def _rounded(value: float, decimals: int) -> str:
    exact = Decimal(repr(float(value)))
    if not exact.is_finite():
        return str(exact)
    rounded = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return f"{rounded if rounded else abs(rounded):f}"


def _unused(name: str, taken: Mapping[str, Any]) -> str:
    """The name, numbered where it is taken already."""
    if name not in taken:
        return name
    number = 2
    while f"{name} #{number}" in taken:
        number += 1
    return f"{name} #{number}"


def _result_lines(result: Any) -> Iterator[str]:
    """Every estimate, test and withheld figure within a result, at printed precision."""
    if isinstance(result, Estimate):
        decimals = _PRINTED.get(result.unit, _OTHER_DECIMALS)
        value, low, high = (_rounded(x, decimals) for x in (result.value, result.low, result.high))
        cells = ",".join(map(str, sorted(result.cells)))
        yield (
            f"{result.measure} | {result.group} | {value} ({low}; {high}) {result.unit} "
            f"| {result.method} | n={result.n} | {cells}"
        )
    elif isinstance(result, TestResult):
        statistic, p = _rounded(result.statistic, 2), _rounded(result.p_value, 3)
        yield f"{result.name} | | {statistic}, p={p} | n={result.n}"
    elif isinstance(result, Withheld):
        yield f"{result.measure} | {result.group} | withheld: {result.reason}"
    elif isinstance(result, list | tuple):
        for part in result:
            yield from _result_lines(part)
    elif is_dataclass(result):
        for field in fields(result):
            yield from _result_lines(getattr(result, field.name))


# Differences between two sets of figures.


def differences(old: Record, new: Record) -> list[Difference]:
    """What was published and is not, or otherwise; relabelled and reworded is no difference."""
    return [
        *_differing_cells(old["cells"], new["cells"]),
        *_differing_sentences(old, new),
        *_differing_headlines(old["headlines"], new["headlines"]),
        *_differing_results(old["results"], new["results"]),
    ]


def _differing_cells(
    old: Mapping[str, list[str]], new: Mapping[str, list[str]]
) -> Iterator[Difference]:
    """By id; figures under another label are looked up by chapter, value and text."""
    for name in old.keys() & new.keys():
        if old[name] != new[name]:
            yield name, _shown(old[name]), _shown(new[name])
    gone = {name: (name.partition(".")[0], *old[name]) for name in old if name not in new}
    come = {name: (name.partition(".")[0], *new[name]) for name in new if name not in old}
    for name in _unmatched(gone, Counter(come.values())):
        yield name, _shown(old[name]), ""
    for name in _unmatched(come, Counter(gone.values())):
        yield name, "", _shown(new[name])


def _unmatched(figures: Mapping[str, Any], others: Counter[Any]) -> Iterator[str]:
    left = others.copy()
    for name, figure in figures.items():
        if left[figure]:
            left[figure] -= 1
        else:
            yield name


def _shown(cell: list[str]) -> str:
    value, text = cell
    return text if value is None else f"{text} [{value}]"


def _differing_sentences(old: Record, new: Record) -> Iterator[Difference]:
    """Sentences with other numbers in the same words; and numbers that stood, or stand, nowhere."""
    known_before, known_now = _numbers_known(old), _numbers_known(new)
    for section in sorted(old["sentences"].keys() | new["sentences"].keys()):
        before = _by_wording(old["sentences"].get(section, []))
        now = _by_wording(new["sentences"].get(section, []))
        for wording in sorted(before.keys() | now.keys()):
            then, later = before.get(wording), now.get(wording)
            name = f"{section} | sentence | {wording}"
            if then and later:
                if then != later:
                    yield name, _listed(then), _listed(later)
            elif then and (missing := _elsewhere_missing(then, known_now)):
                yield name, missing, ""
            elif later and (added := _elsewhere_missing(later, known_before)):
                yield name, "", added


def _by_wording(sentences: list[str]) -> dict[str, list[tuple[str, ...]]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for sentence in sentences:
        found.setdefault(_NUMBER.sub("#", sentence), []).append(tuple(_NUMBER.findall(sentence)))
    return {wording: sorted(numbers) for wording, numbers in found.items()}


def _numbers_known(record: Record) -> set[str]:
    texts = [text for _, text in record["cells"].values()]
    texts += [text for sentences in record["sentences"].values() for text in sentences]
    return {number for text in texts for number in _NUMBER.findall(text)}


def _elsewhere_missing(numbers: list[tuple[str, ...]], known: set[str]) -> str:
    return ", ".join(number for found in numbers for number in found if number not in known)


def _listed(numbers: list[tuple[str, ...]]) -> str:
    return "; ".join(", ".join(found) for found in numbers)


def _differing_headlines(
    old: Mapping[str, Record], new: Mapping[str, Record]
) -> Iterator[Difference]:
    for name in sorted(old.keys() | new.keys()):
        before, now = (json.dumps(one.get(name), sort_keys=True) for one in (old, new))
        if before != now:
            yield f"headline | {name}", before.replace("null", ""), now.replace("null", "")


def _differing_results(old: list[str], new: list[str]) -> Iterator[Difference]:
    seen = {_PERSONS_BEHIND.sub("", line) for line in new}
    for line in sorted(set(old)):
        if _PERSONS_BEHIND.sub("", line) not in seen:
            yield f"result | {line}", "released", ""


# What has been kept, and the changes that were meant.


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A listed change. A ``*`` in the id stands for anything; then old and new may be left out."""

    id: str
    reason: str
    old: str | None = None
    new: str | None = None

    def covers(self, difference: Difference) -> bool:
        name, old, new = difference
        if self.id == name:
            return (self.old or "", self.new or "") == (old, new)
        if "*" not in self.id:
            return False
        pattern = ".*".join(map(re.escape, self.id.split("*")))
        return bool(re.fullmatch(pattern, name, re.DOTALL)) and all(
            meant is None or meant == found for meant, found in ((self.old, old), (self.new, new))
        )


def kept(project_id: str) -> Record:
    with gzip.open(KEPT / f"{project_id}.json.gz", "rt", encoding="utf-8") as file:
        # The first house told which of two figures was the small one.
        record: Record = json.loads(_TOLD_REASON.sub("withheld: protected", file.read()))
    return record


def keep(project_id: str, record: Record) -> None:
    """The same bytes for the same figures."""
    KEPT.mkdir(exist_ok=True)
    content = json.dumps(record, ensure_ascii=False, indent=0).encode()
    (KEPT / f"{project_id}.json.gz").write_bytes(gzip.compress(content, mtime=0))


def listed_changes() -> list[Change]:
    entries = yaml.safe_load(CHANGES.read_text("utf-8")) or []
    return [Change(**entry) for entry in entries]


def changed(project_id: str, project_file: Path) -> list[Difference]:
    """Differences between what is kept and what is published now, ids with the project."""
    found = differences(kept(project_id), published(project_file))
    return [(f"{project_id} | {name}", old, new) for name, old, new in found]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("projects", nargs="*", help="ids; all when left out")
    parser.add_argument("--update", action="store_true", help="list differences in changes.yaml")
    parser.add_argument("--write", action="store_true", help="keep what is published now")
    chosen = parser.parse_args()
    unlisted = []
    with tempfile.TemporaryDirectory() as folder:
        for name, file in project_files(Path(folder)).items():
            if chosen.projects and name not in chosen.projects:
                continue
            if chosen.write:
                keep(name, published(file))
                continue
            meant = listed_changes()
            unlisted += [d for d in changed(name, file) if not any(c.covers(d) for c in meant)]
    for name, old, new in unlisted:
        sys.stdout.write(f"{name}\n    {old or '(nothing)'} -> {new or '(nothing)'}\n")
    if chosen.update and unlisted:
        entries = [
            {"id": name, "old": old, "new": new, "reason": ""} for name, old, new in unlisted
        ]
        with CHANGES.open("a", encoding="utf-8") as file:
            file.write(yaml.safe_dump(entries, allow_unicode=True, sort_keys=False, width=100))
    return int(bool(unlisted) and not chosen.update)


if __name__ == "__main__":
    raise SystemExit(main())
