"""One spelling per level: "långtidssjuka" and "Långtidssjuka " are the same target group.

The spelling that the project file uses wins, else the one written most often. "Ystads kommun" is
Ystad.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from evalkit.intake.codebook import value_key
from evalkit.intake.register import RegisterReading
from evalkit.intake.table import finding
from evalkit.project.model import Project

Spellings = Mapping[str, Mapping[str, str]]
_KOMMUN = re.compile(r"^kommun:? (?=.)|(?<=.) (?:kommun|stad)$")
_NOT_WRITTEN = frozenset({"person", "register", "exit_class", "sex"})


def spelled_alike(readings: Sequence[RegisterReading], project: Project) -> list[RegisterReading]:
    """The readings with one spelling per level over all of them, and a note where one gave way."""
    named: dict[str, set[str]] = {}
    for column, level in _levels_named(project):
        named.setdefault(column, set()).add(level)
    spellings = _spellings([reading.spells for reading in readings], named)
    return [_respelled(reading, spellings) for reading in readings]


def spelled_as(participants: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """The others' levels as the participants' are spelled, so that like meets like."""
    levels = {name: set(participants[name]) for name in _text_columns(participants)}
    return _with(others, _spellings([participants, others], levels))


def _spellings(
    frames: Sequence[pd.DataFrame], preferred: Mapping[str, Iterable[str]]
) -> dict[str, dict[str, str]]:
    """Column → {spelling that gives way → the one that stays}."""
    columns = {name for frame in frames for name in _text_columns(frame)}
    chosen = {}
    for column in sorted(columns):
        counts: Counter[str] = Counter()
        for frame in frames:
            if column in frame.columns:
                found = frame[column].value_counts()
                counts.update(dict(zip(map(str, found.index), found.tolist(), strict=True)))
        is_place = column == "municipality"
        chosen[column] = _giving_way(counts, frozenset(preferred.get(column, ())), is_place)
    return {column: changes for column, changes in chosen.items() if changes}


def _with(spells: pd.DataFrame, spellings: Spellings) -> pd.DataFrame:
    """The frame with the spellings that stay."""
    changed = {
        column: spells[column].replace(dict(changes))
        for column, changes in spellings.items()
        if column in spells.columns
    }
    return spells.assign(**changed)


def _respelled(reading: RegisterReading, spellings: Spellings) -> RegisterReading:
    spells = reading.spells
    found = reading.findings
    for column, changes in spellings.items():
        if column not in spells.columns:
            continue
        rows = spells.loc[spells[column].isin(list(changes)), "row"].to_numpy()
        file = str(spells["register"].iloc[0]) if len(spells) else ""
        header = reading.names.get(column, column)
        found += finding("note", "spelled_alike", file, rows, column=header)
    return replace(reading, spells=_with(spells, spellings), findings=found)


def _text_columns(frame: pd.DataFrame) -> list[str]:
    return [
        name for name in frame.columns if frame[name].dtype == "str" and name not in _NOT_WRITTEN
    ]


def _giving_way(counts: Counter[str], preferred: frozenset[str], is_place: bool) -> dict[str, str]:
    variants: dict[str, list[str]] = {}
    keys = {level: value_key(level) for level in counts}
    for level, key in keys.items():
        place = _KOMMUN.sub("", key) if is_place else key
        is_genitive = place != key and place[:-1] in keys.values() and place.endswith("s")
        variants.setdefault(place[:-1] if is_genitive else place, []).append(level)
    changes: dict[str, str] = {}
    for alike in (levels for levels in variants.values() if len(levels) > 1):
        stays = min(
            alike,
            key=lambda level: (level not in preferred, -counts[level], level.isupper(), level),
        )
        changes |= {level: stays for level in alike if level != stays and level not in preferred}
    return changes


def _levels_named(project: Project) -> Iterator[tuple[str, str]]:
    """Every column and level that the project file names: mapped, titled or chosen by."""
    for register in project.registers:
        for column, titled in register.levels.items():
            yield from ((column, level) for level in titled)
        for column, mapped in register.values.items():
            yield from ((column, level) for level in mapped.values())
    if project.comparison and project.comparison.marked_by:
        marked = project.comparison.marked_by
        yield from ((marked.column, level) for level in marked.levels)
    yield from _chosen_by(project.model_dump())


def _chosen_by(content: Any) -> Iterator[tuple[str, str]]:
    """The levels under every ``where``, wherever in the project file it stands."""
    if isinstance(content, dict):
        yield from (content.get("where") or {}).items()
        for below in content.values():
            yield from _chosen_by(below)
    elif isinstance(content, list | tuple):
        for below in content:
            yield from _chosen_by(below)
