"""Finds the oracle cases and compares against them, whatever set they come from.

A set is a folder of ``<topic>.json`` files with CSV data (see ``tests/oracles/README.md``).
The environment variable ``EVALKIT_ORACLES`` points at another set in the same format:
other ids, data, column names and specs run without a test being edited.

    @pytest.mark.parametrize("case", cases("km"), ids=case_id)
    def test_kaplan_meier_agrees_with_r(case):
        frame = case.frame()  # derived columns made, rows filtered
        case.assert_close(("groups", "all", "n"), 12)
        case.finish()  # fails if an expected field was neither compared nor set aside
"""

from __future__ import annotations

import json
import math
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import pandas as pd
import pytest

from evalkit.results import CannotBeComputed, NotEstimable
from tests.oracles_columns import derive_columns, filter_rows

Path_ = tuple[str | int, ...]


COMMITTED = Path(__file__).parent / "oracles"
# Topic and reason → field → cases: what a run did not compare, printed when it ends.
UNCOMPARED: dict[tuple[str, str], dict[str, set[str]]] = {}
# Topic and case that some test asked for.
ASKED_FOR: set[tuple[str, str]] = set()
REMOVED = "not in the package: docs/en/estimates.md says which library gives it"


def oracle_folder() -> Path:
    """The set in use: ``EVALKIT_ORACLES``, or the one committed beside this file."""
    chosen = os.environ.get("EVALKIT_ORACLES")
    return Path(chosen) if chosen else COMMITTED


@dataclass(frozen=True)
class Case:
    """One oracle case: how to call, on which data, and what R answered."""

    id: str
    topic: str
    folder: Path
    data: str | None
    spec: Mapping[str, Any]
    expected: Any
    rtol: float
    atol: float
    provenance: str = ""
    notes: str = ""
    compared: set[Path_] = field(default_factory=set, compare=False)
    set_aside: dict[Path_, str] = field(default_factory=dict, compare=False)

    def frame(self) -> pd.DataFrame:
        """The data as the spec wants them; skips where a column cannot be made."""
        if self.data is None:
            pytest.skip(f"{self.id}: the counts stand in the case itself")
        frame = pd.read_csv(self.folder / self.data, float_precision="round_trip")
        texts = {c.id: c.spec for c in (*cases_in(COMMITTED), *cases_in(self.folder))}
        frame = derive_columns(frame, self.spec, self.expected, texts, self.notes)
        return filter_rows(frame, self.spec, self.expected, texts)

    def events(self, frame: pd.DataFrame) -> np.ndarray:
        """Booleans: whether each row's event is among ``event_code`` (default: 1)."""
        column = frame[self.spec["event"]]
        codes = self.spec.get("event_code", 1)
        codes = codes if isinstance(codes, list) else [codes]
        if column.dtype == bool:
            return column.to_numpy()
        return column.isin(codes).to_numpy()

    def labels(self, frame: pd.DataFrame, key: str = "group") -> np.ndarray | pd.Categorical:
        """Printed levels of the column the spec names under ``key``; "all" without one.

        Where the answer lists the groups they keep that order: R puts 2 before 10, texts do not.
        """
        if not self.spec.get(key):
            return np.full(len(frame), "all", dtype=object)
        found = printed(frame[self.spec[key]])
        listed = self.expected.get("groups")
        if isinstance(listed, list) and set(found) == set(listed):
            return pd.Categorical(found, categories=listed)
        return found

    def weights(self, frame: pd.DataFrame) -> np.ndarray | None:
        name = self.spec.get("weight", self.spec.get("weights"))
        return None if name is None else frame[name].to_numpy()

    def entry(self, frame: pd.DataFrame) -> np.ndarray | None:
        name = self.spec.get("entry")
        return None if name is None else frame[name].to_numpy()

    @property
    def rows_reported(self) -> int | None:
        """How many persons, in file order, the expected values list; all when ``None``."""
        first = re.search(r"first (\d+) rows", str(self.spec.get("rows", "")))
        return int(first.group(1)) if first else None

    @property
    def confidence_level(self) -> float:
        return float(self.spec.get("conf_level", 0.95))

    def at(self, path: str | Sequence[str | int]) -> Any:
        """The expected value under a path; ``"rows.0.estimate"`` or a tuple of keys."""
        found = self.expected
        for key in as_path(path):
            found = found[int(key)] if isinstance(found, list) else found[key]
        return found

    def listed(self, path: str | Sequence[str | int]) -> list[Any]:
        """`at` as a list, also where a single value is written as a scalar."""
        found = self.at(path)
        return found if isinstance(found, list) else [found]

    def has(self, path: str | Sequence[str | int]) -> bool:
        try:
            self.at(path)
        except (KeyError, IndexError, TypeError):
            return False
        return True

    def assert_close(self, path: str | Sequence[str | int], got: Any) -> None:
        """``got`` against the expected value, with the case's own tolerance.

        ``null`` means undefined or not reached: ``got`` must be ``None``, ``pd.NA``, ``inf``,
        a `NotEstimable` or a `CannotBeComputed`; NaN never passes.
        """
        where = as_path(path)
        expected = self.at(where)
        self.compared.add(where)
        self._compare(where, expected, got)

    def assert_close_if(self, path: str | Sequence[str | int], got: Any) -> None:
        """`assert_close` where the case has the field."""
        if self.has(path):
            self.assert_close(path, got)

    def without_counterpart(self, path: str | Sequence[str | int], reason: str) -> None:
        """Sets an expected field aside, in the open: the run ends with a list of them."""
        self.set_aside[as_path(path)] = reason

    def finish(self) -> None:
        """Fails on expected fields nobody looked at; skips when none at all was compared."""
        looked_at = self.compared | set(self.set_aside)
        forgotten = [p for p in leaves(self.expected) if not covered(p, looked_at)]
        assert not forgotten, f"{self.id}: expected fields never compared: {forgotten[:10]}"
        for path, reason in self.set_aside.items():
            field = ".".join(str(key) for key in path if not str(key).isdigit())
            UNCOMPARED.setdefault((self.topic, reason), {}).setdefault(field, set()).add(self.id)
        if not self.compared:
            pytest.skip(f"{self.id}: nothing compared; {'; '.join(set(self.set_aside.values()))}")

    def uncompared(self, reason: str) -> NoReturn:
        """Leaves the whole case out: listed at the end of the run, and skipped with the reason."""
        UNCOMPARED.setdefault((self.topic, reason), {}).setdefault("whole case", set()).add(self.id)
        pytest.skip(f"{self.id}: {reason}")

    def refused(self, refusal: CannotBeComputed) -> NoReturn:
        """Leaves out a case that says in words why there is no figure, where R prints one."""
        self.uncompared(f"refused: {refusal.reason}")

    def _compare(self, where: Path_, expected: Any, got: Any) -> None:
        if isinstance(expected, Mapping):
            for key, value in expected.items():
                self._compare((*where, key), value, got[key])
        elif isinstance(expected, list):
            got = list(got) if np.ndim(got) or isinstance(got, tuple | list) else [got]
            assert len(got) == len(expected), f"{self.id} {where}: length {len(got)}"
            for i, value in enumerate(expected):
                self._compare((*where, i), value, got[i])
        else:
            # A list of one may be written as a scalar, either way round.
            is_listed = isinstance(got, list | tuple | np.ndarray | pd.Series) and len(got) == 1
            self._compare_one(where, expected, next(iter(got)) if is_listed else got)

    def _compare_one(self, where: Path_, expected: Any, got: Any) -> None:
        place = f"{self.id} {'.'.join(map(str, where))}: expected {expected!r}, got {got!r}"
        if expected is None:
            assert is_not_estimable(got), place
        elif isinstance(expected, bool) or (
            isinstance(expected, str) and expected not in {"Inf", "-Inf"}
        ):
            assert got == expected, place
        else:
            wanted = float(expected)
            assert not is_not_estimable(got) or math.isinf(wanted), place
            same = float(got) == wanted
            near = abs(float(got) - wanted) <= self.atol + self.rtol * abs(wanted)
            assert same or near, place


def is_not_estimable(value: object) -> bool:
    """Whether a value says "undefined" or "not reached", and says it without NaN."""
    if value is None or value is pd.NA or isinstance(value, NotEstimable | CannotBeComputed):
        return True
    return isinstance(value, float | np.floating) and math.isinf(float(value))


def as_path(path: str | Sequence[str | int]) -> Path_:
    return tuple(path.split(".")) if isinstance(path, str) else tuple(path)


def leaves(expected: Any, where: Path_ = ()) -> Iterator[Path_]:
    """Paths of the fields of an expected value; a list of numbers is one field."""
    if isinstance(expected, Mapping):
        for key, value in expected.items():
            yield from leaves(value, (*where, key))
    elif isinstance(expected, list) and expected and isinstance(expected[0], Mapping):
        for i, value in enumerate(expected):
            yield from leaves(value, (*where, i))
    else:
        yield where


def covered(path: Path_, looked_at: set[Path_]) -> bool:
    """Whether a field, anything it lies inside, or its own entries were looked at."""
    texts = tuple(map(str, path))
    seen = {tuple(map(str, p)) for p in looked_at}
    whole = any(texts[:length] in seen for length in range(len(texts) + 1))
    return whole or any(p[:-1] == texts for p in seen)


def printed(column: pd.Series) -> np.ndarray:
    """Levels as R prints them: whole numbers without a decimal point."""
    return np.array([_printed(v) for v in column], dtype=object)


def _printed(value: object) -> str:
    is_whole = isinstance(value, float) and value.is_integer()
    return str(int(value)) if is_whole else str(value)  # type: ignore[arg-type]


@cache
def cases_in(folder: Path) -> tuple[Case, ...]:
    """Every case of a set, in file order."""
    found = []
    for file in sorted(folder.glob("*.json")):
        for raw in json.loads(file.read_text(encoding="utf-8")):
            tolerance = raw.get("tolerance", {})
            found.append(
                Case(
                    id=raw["id"],
                    topic=file.stem,
                    folder=folder,
                    data=raw.get("data"),
                    spec=raw.get("spec", {}),
                    expected=raw["expected"],
                    rtol=float(tolerance.get("rtol", 1e-6)),
                    atol=float(tolerance.get("atol", 1e-9)),
                    provenance=raw.get("provenance", ""),
                    notes=raw.get("notes") or "",
                )
            )
    return tuple(found)


def cases(topic: str, keep: Callable[[Case], bool] = lambda _: True) -> list[Case]:
    """The cases of a topic (the file's name) in the set in use, freshly made."""
    folder = oracle_folder()
    fresh = [Case(**_own_fields(c)) for c in cases_in(folder) if c.topic == topic]
    kept = [case for case in fresh if keep(case)]
    ASKED_FOR.update((case.topic, case.id) for case in kept)
    return kept


def _own_fields(case: Case) -> dict[str, Any]:
    names = ("id", "topic", "folder", "data", "spec", "expected", "rtol", "atol")
    return {n: getattr(case, n) for n in (*names, "provenance", "notes")}


def case_id(case: Case) -> str:
    """For ``pytest.mark.parametrize(..., ids=case_id)``."""
    return case.id
