"""Everything that ``answers.json`` tells of who took part, by any column, as equations.

Read with json alone. Tables of any two columns, shares of any selection, the Fund's codes by sex;
and of two editions, who came, went or changed between them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import numpy as np

from tests.attack.attacker import POOLED, Bounder, Predicate, World, leaks
from tests.attack.kept import plain
from tests.attack.wide_registers import CODES, EXITS, LEFT, LEVELS, OUTCOMES, Persons

COLUMNS = {"municipality": "place", "exit_class": "exit"}
KEPT_EXITS = {"referred_back": "back", "health_or_leave": "ill", "moved_or_deceased": "moved"}
Known = tuple[str, Predicate, float, float]
_SHARE = re.compile(r"share\.(participants|exits)\.(.+)")
ABSENT = "absent"


def known_of(file: Path) -> list[Known]:
    """Where it stands, of whom, and the fewest and the most they can be."""
    return [
        one
        for name, entry in json.loads(file.read_text("utf-8"))["answers"].items()
        for one in _read(name, plain(entry["result"]))
    ]


def misread(known: list[Known], persons: Persons) -> list[tuple[str, float, int]]:
    """What is taken for known and is not so: the reader's own mistakes."""
    counted = [(where, low, high, _count(persons, whom)) for where, whom, low, high in known]
    return [(where, low, n) for where, low, high, n in counted if not low <= n <= high]


def _count(persons: Persons, whom: Predicate) -> int:
    return sum(all(one[name] in own for name, own in whom.items()) for one in persons)


def learned(known: list[Known], threshold: int) -> list[str]:
    """Groups of a few, looked for beside sex and exit column by column."""
    found = []
    for column in set(LEVELS) - {"sex", "exit"}:
        world = World({name: LEVELS[name] for name in ("sex", column, "exit")})
        world.known = [one for one in known if set(one[1]) <= set(world.levels)]
        found += [f"{column}: {one}" for one in leaks(world, threshold)]
    return found


def _read(name: str, result: Any) -> Iterator[Known]:
    share = _SHARE.fullmatch(name)
    if share:
        whom: Predicate = {"exit": LEFT} if share[1] == "exits" else {}
        yield from _share(name, result, whom, frozenset(share[2].split("+")))
    elif name in OUTCOMES:
        yield from _share(name, result, *OUTCOMES[name])
    elif name.startswith("own."):
        _, column, level, outcome = name.split(".")
        yield from _share(name, result, {column: frozenset({level})}, frozenset({outcome}))
    elif name == "site.places":
        for one in result if isinstance(result, list) else ():
            group = one.get("group")
            yield from _share(name, one, {"place": frozenset({group})} if group else {}, POOLED)
    elif name == "esf.":
        yield from _codes(result)
    else:
        yield from _tables(name, result)


def _tables(name: str, result: Any) -> Iterator[Known]:
    if name == "who_took_part" or name.startswith("persons."):
        for table in result if isinstance(result, list) else [result]:
            yield from _table(name, table)


def _codes(kept: Mapping[str, Any]) -> Iterator[Known]:
    for code, whom in CODES.items():
        for sex, n in kept.get("outputs", {}).get(code, {}).items():
            own: Predicate = {} if sex == "total" else {"sex": frozenset({sex})}
            yield from _number(f"{code} {sex}", {**whom, **own}, n)


def _number(where: str, whom: Predicate, n: int | None) -> Iterator[Known]:
    if n is not None:
        yield where, whom, n, n


def _share(where: str, kept: Any, whom: Predicate, outcome: frozenset[str]) -> Iterator[Known]:
    if isinstance(kept, dict) and kept.get("shape") == "Estimate" and kept["cells"]:
        yield from _number(where, whom, kept["n"])
        yield from _number(where, {**whom, "exit": outcome}, kept["cells"][0])


def _table(name: str, table: Mapping[str, Any]) -> Iterator[Known]:
    columns = table.get("counts", {"n": ()})
    shows_nobody = 0 in columns["n"]
    for i, n in enumerate(columns["n"]):
        whom = {
            COLUMNS.get(column, column): frozenset({KEPT_EXITS.get(level, level)})
            for column in table["dimensions"]
            if (level := columns[column][i]) != "total"
        }
        if all(column in LEVELS and level <= set(LEVELS[column]) for column, level in whom.items()):
            where = f"{name} {sorted(map(sorted, whom.values()))}"
            yield from _number(where, whom, n)
            if n is None and len(table["dimensions"]) == 1 and whom and not shows_nobody:
                yield where, whom, 1, np.inf


def few_in_states(file: Path, threshold: int) -> list[str]:
    """Persons in a state on a day, or followed to one day and not to the next, that are a few."""
    kept = json.loads(file.read_text("utf-8"))["answers"].get("after_leaving.states", {})
    curve = plain(kept.get("result"))
    if not isinstance(curve, dict) or "shares" not in curve:
        return []
    followed = [round(n) for n in curve["followed"]]
    found = [a - b for a, b in pairwise(followed)]
    for n, shares in zip(followed, np.reshape(curve["shares"], (len(followed), -1)), strict=True):
        found += np.rint(n * shares).astype(int).tolist()
    return [f"states: {n}" for n in found if 0 < n < threshold]


Kind = tuple[str, str, str, str]  # sex, place, exit before and after
CHANGES: dict[str, Callable[[Kind], bool]] = {
    "new": lambda one: one[2] == ABSENT,
    "gone": lambda one: one[3] == ABSENT,
    "left since": lambda one: one[2] == "ongoing" and one[3] not in ("ongoing", ABSENT),
    "changed": lambda one: one[2] != one[3],
    "stayed": lambda one: ABSENT not in one[2:],
}


def learned_between(
    before: list[Known], after: list[Known], threshold: int, *, nobody: str = ""
) -> list[str]:
    """Who came, went or changed, where those are known to be a few.

    Anybody may be in either edition alone, or in both with another exit; that ``nobody`` is new,
    or gone, is known.
    """
    exits = (*EXITS, ABSENT)
    kinds: list[Kind] = [
        kind
        for kind in product(LEVELS["sex"], LEVELS["place"], exits, exits)
        if kind[2:] != (ABSENT, ABSENT)
    ]
    rows, low, high = [], [], []
    for edition, known in enumerate((before, after)):
        for _, whom, least, most in known:
            if set(whom) <= {"sex", "place", "exit"}:
                own = [whom.get(name) for name in ("sex", "place", "exit")]
                rows.append(np.array([_is_one(kind, edition, own) for kind in kinds], dtype=float))
                low.append(least)
                high.append(most)
    if nobody:
        rows.append(np.array([CHANGES[nobody](kind) for kind in kinds], dtype=float))
        low.append(0)
        high.append(0)
    bounder, found = Bounder.of(rows, low, high), []
    for change, has_changed in CHANGES.items():
        for place, level in [(0, ""), *((i, one) for i, own in _levels() for one in own)]:
            group = np.array(
                [has_changed(one) and level in ("", one[place]) for one in kinds], dtype=float
            )
            least, most = bounder.bounds(group, threshold)
            if least >= 1 - 1e-6 and most < threshold - 1e-6:
                found.append(f"{change} {level}: {least:g}–{most:g}")
    return found


def _levels() -> Iterator[tuple[int, tuple[str, ...]]]:
    yield from ((0, LEVELS["sex"]), (1, LEVELS["place"]), (2, tuple(EXITS)), (3, tuple(EXITS)))


def _is_one(kind: Kind, edition: int, own: list[frozenset[str] | None]) -> bool:
    then = kind[2 + edition]
    return then != ABSENT and all(
        levels is None or level in levels
        for level, levels in zip((*kind[:2], then), own, strict=True)
    )
