"""A reader of ``answers.json``: counts, shares and curves by their names, and any number of few.

The file lies beside the report. Read with json alone: shapes are plain objects to a reader.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from tests.attack.attacker import POOLED, Predicate, World

ATTRIBUTES = {"sex": "sex", "municipality": "place", "exit_class": "exit"}
LEVELS = {"referred_back": "back", "health_or_leave": "ill"}
PERSONS = frozenset({"n", "count", "cells", "events", "at_risk", "persons", "counts", "moves"})
_SHARE = re.compile(r"share\.(participants|exits)\.(.+)")


def plain(value: Any) -> Any:
    """Tuples, tables and mappings as lists and dicts."""
    if isinstance(value, list):
        return [plain(one) for one in value]
    if not isinstance(value, dict):
        return value
    kind, of = value.get("shape"), value.get("of")
    if kind in ("tuple", "set", "array"):
        return plain(of)
    if kind == "dict":
        return {str(key): plain(one) for key, one in of}
    if kind == "frame":
        return {name: plain(column) for name, column in of["columns"].items()}
    return of if kind in ("date", "number") else {k: plain(v) for k, v in value.items()}


def few_kept(content: Mapping[str, Any], threshold: int) -> list[str]:
    """Numbers of persons from 1 to threshold − 1, and numbers with digits that nobody prints."""
    found = [
        f"{name}: {number} has too many digits"
        for name, entry in content["answers"].items()
        for number in re.findall(r"\d+\.\d{5,}", json.dumps(entry))
    ]
    for name, entry in content["answers"].items():
        if "too_few_sites" in json.dumps(entry):
            continue  # n is of sites
        for key, number in _numbers(plain(entry["result"]), ""):
            if key in PERSONS and 0 < number < threshold:
                found.append(f"{name}: {key} = {number}")
    return found


def _numbers(value: Any, key: str) -> Iterator[tuple[str, int]]:
    if isinstance(value, dict):
        for name, one in value.items():
            yield from _numbers(one, key if key in PERSONS else name)
    elif isinstance(value, list):
        for one in value:
            yield from _numbers(one, key)
    elif isinstance(value, int) and not isinstance(value, bool):
        yield key, value


def read_kept(world: World, content: Mapping[str, Any], days: list[int]) -> None:
    """What the file tells of sex, place, exit and the days of the curves' points."""
    for name, entry in content["answers"].items():
        result = plain(entry["result"])
        parts = result if isinstance(result, list) else [result]
        for part in (one for one in parts if isinstance(one, dict)):
            if "dimensions" in part:
                _table(world, name, part)
            elif part.get("shape") == "Curve" and part["measure"] == "cumulative_incidence":
                _curve(world, name, part["steps"], days)
            elif part.get("shape") == "Regression":
                for one in part["coefficients"]:
                    _coefficient(world, name, one)
            else:
                _share(world, name, part)


def kept_days(content: Mapping[str, Any]) -> list[int]:
    """The points of every curve of the file."""
    parts = [plain(entry["result"]) for entry in content.get("answers", {}).values()]
    curves = [one for one in parts if isinstance(one, dict) and one.get("shape") == "Curve"]
    return sorted({int(day) for one in curves for day in one["steps"].get("day", ())})


def _level(text: str) -> str:
    return LEVELS.get(text, text)


def _table(world: World, name: str, table: Mapping[str, Any]) -> None:
    columns, dimensions = table["counts"], table["dimensions"]
    if not set(dimensions) <= set(ATTRIBUTES):
        return
    shows_nobody = any(n == 0 for n in columns["n"])
    for i, n in enumerate(columns["n"]):
        own = {ATTRIBUTES[one]: _level(columns[one][i]) for one in dimensions}
        own = {one: level for one, level in own.items() if level != "total"}
        if any(level not in world.levels[one] for one, level in own.items()):
            continue
        predicate = {one: frozenset({level}) for one, level in own.items()}
        if n is not None:
            world.tell(f"answers.json: {name}", predicate, n, n)
        elif len(dimensions) == 1 and own and not shows_nobody:
            world.tell(f"answers.json: {name}", predicate, 1, np.inf)


def _curve(world: World, name: str, steps: Mapping[str, Any], days: list[int]) -> None:
    """How many left by a cause between two points, where the file says it."""
    before: dict[tuple[str, str], int] = {}
    for group, cause, day, count in zip(
        *(steps[column] for column in ("group", "cause", "day", "events")), strict=True
    ):
        line, last = (group, cause), days.index(int(day)) + 1
        whom = _whom(world, group)
        if whom is None or cause not in world.levels["exit"] or count is None:
            continue
        between = frozenset(map(str, range(before.get(line, 0), last)))
        before[line] = last
        own = {**whom, "exit": frozenset({cause}), "time": between}
        world.tell(f"answers.json: {name} {group} {day}", own, count, count)


def _whom(world: World, group: str) -> Predicate | None:
    for attribute in ("sex", "place"):
        if group in world.levels[attribute]:
            return {attribute: frozenset({group})}
    return None if group else {}


def _coefficient(world: World, name: str, one: Mapping[str, Any]) -> None:
    """Persons of a level and those of them who went to work, where the file has them."""
    whom = _whom(world, str(one.get("name")).partition("=")[2])
    if whom and len(one.get("cells", ())) == 4:
        n, _, reached, _ = one["cells"]
        world.tell(f"answers.json: {name}", whom, n, n)
        work = {**whom, "exit": frozenset({"employment"})}
        world.tell(f"answers.json: {name}", work, reached, reached)


def _share(world: World, name: str, part: Mapping[str, Any]) -> None:
    part = part.get("estimate", part)
    if not isinstance(part, dict) or part.get("measure") != "share" or not part.get("cells"):
        return
    whom = _whom(world, part["group"])
    found = _SHARE.fullmatch(name)
    if whom is None:
        return
    outcome = POOLED
    if found:
        outcome = frozenset(found[2].split("+"))
        if found[1] == "exits":
            whom = {**whom, "exit": frozenset(world.levels["exit"]) - {"ongoing"}}
    elif name in ("target.women", "equity.women.shares"):
        whom, outcome = {"sex": frozenset({"woman"})}, frozenset({"employment"})
    elif name not in ("site.kommuner", "target.pooled", "equity.pooled.shares"):
        return
    world.tell(f"answers.json: {name}", whom, part["n"], part["n"])
    counted = {**whom, "exit": outcome}
    world.tell(f"answers.json: {name}", counted, part["cells"][0], part["cells"][0])
