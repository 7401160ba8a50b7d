"""Whose persons a result is of, as an author says it, and what of that is refused."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from evalkit.answers.measures import OTHER
from evalkit.answers.study import Study
from evalkit.results import CannotBeComputed


class Refused(CannotBeComputed):
    """What may not be shown as it was handed over; ``cannot.own.<reason>`` says what to write."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"own.{reason}")


@dataclass(frozen=True, kw_only=True)
class Whom:
    """The persons that a result is said to be of.

    Attributes:
        study: The study they are in.
        parts: ``(n,)`` masks: one, or two for a comparison.
        reached: ``(n,)`` who has the outcome, where that was said.
        groups: ``(n,)`` level of each person by ``dimension``.
    """

    study: Study
    parts: tuple[np.ndarray, ...]
    reached: np.ndarray | None = None
    groups: np.ndarray | None = None
    dimension: str = ""
    amounts: np.ndarray | None = None
    others: tuple[pd.Series[Any], ...] = ()

    @property
    def everyone(self) -> np.ndarray:
        return np.asarray(np.logical_or.reduce(self.parts))

    def in_group(self, level: str) -> Whom:
        """Those of one level."""
        if self.groups is None:
            raise Refused("needs_by")
        return Whom(study=self.study, parts=(self.everyone & (self.groups == level),),
                    reached=self.reached)  # fmt: skip

    def agree_on(self, n: int) -> None:
        """Refuse a number of persons that is not theirs."""
        if n != sum(int(part.sum()) for part in self.parts):
            raise Refused("n")

    @property
    def cells(self) -> list[int]:
        """With and without the outcome, part by part."""
        reached = self.reached
        assert reached is not None
        return [int((part & side).sum()) for part in self.parts for side in (reached, ~reached)]


def whom_of(study: Study, *, of: Any, reached: Any, by: Any, amounts: Any) -> Whom:
    persons = study.persons
    parts = of if isinstance(of, tuple) else (of,)
    groups, dimension = None, ""
    others: tuple[pd.Series[Any], ...] = ()
    if isinstance(by, list | tuple):
        others = tuple(_column(persons, one) for one in by)
    elif by is not None:
        column = _column(persons, by)
        groups, dimension = column.astype(str).to_numpy(dtype=object), str(column.name)
        require_written(*([] if dimension in persons.columns else [dimension]))
    return Whom(
        study=study,
        parts=tuple(_mask(persons, part) for part in parts),
        reached=None if reached is None else _mask(persons, reached),
        groups=groups,
        dimension=dimension,
        amounts=None if amounts is None else _numbers(persons, amounts),
        others=others,
    )


def _mask(persons: pd.DataFrame, given: Any) -> np.ndarray:
    """Who is meant: by a mask of all persons in their order, or rows taken from them."""
    if given is None:
        return np.ones(len(persons), dtype=bool)
    if isinstance(given, pd.DataFrame):
        chosen = given.get("person")
        if chosen is None or chosen.duplicated().any() or not chosen.isin(persons["person"]).all():
            raise Refused("mask")
        return persons["person"].isin(chosen).to_numpy(dtype=bool)
    if isinstance(given, pd.Series):
        if not given.index.equals(persons.index) or given.isna().any():
            raise Refused("mask")
        given = given.to_numpy()
    values = np.asarray(given)
    if values.shape != (len(persons),) or not all(
        isinstance(one, bool | np.bool_) for one in values.tolist()
    ):
        raise Refused("mask")
    return values.astype(bool)


def _column(persons: pd.DataFrame, given: Any) -> pd.Series[Any]:
    if isinstance(given, str):
        if given not in persons.columns:
            raise Refused("column")
        return persons[given]
    if not isinstance(given, pd.Series) or not given.index.equals(persons.index) or not given.name:
        raise Refused("mask")
    return given


def _numbers(persons: pd.DataFrame, given: Any) -> np.ndarray:
    values = pd.to_numeric(_column(persons, given), errors="coerce").to_numpy(dtype=float)
    return np.asarray(np.nan_to_num(values))


def require_public(whom: Whom, levels: Iterable[str]) -> None:
    """Refuse a level of few persons whose very name could point somebody out."""
    for level in levels:
        few = int(whom.in_group(level).everyone.sum()) < whom.study.rule.threshold
        if few and not is_public(whom.study, whom.dimension, level):
            raise Refused("levels")


def is_public(study: Study, column: str, level: str) -> bool:
    """Whether a level is worded by the project file or the catalogue, or is nobody's."""
    own = any(level in register.levels.get(column, {}) for register in study.project.registers)
    return own or level in ("", OTHER) or f"label.{column}.{level}" in study.words.texts


def require_written(*texts: str | Mapping[str, str]) -> None:
    """Refuse words that do not stand in the notebook as they are: they may hold a figure."""
    flat = [one for text in texts for one in ([text] if isinstance(text, str) else text.values())]
    # The cells run so far; None outside a notebook.
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    sources = None if shell is None else [str(one) for one in shell.user_ns.get("In", ())]
    if sources is not None and not set(filter(None, flat)) <= set(_literals(sources)):
        raise Refused("words")


def _literals(sources: Sequence[str]) -> Iterator[str]:
    for source in sources:
        try:
            tree = ast.parse(source)
        except SyntaxError:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
