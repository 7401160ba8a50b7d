"""Reads the R formulas of the oracle cases into the arguments of our regressions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import pytest

from evalkit.statistics.regression.model_matrix import Covariate
from tests.oracles_expressions import Unreadable, evaluate, split_outside_brackets

FACTOR = re.compile(r"^(?:as\.)?(?:factor|C)\((.+)\)$")
CALL = re.compile(r"^(strata|cluster|offset)\((.+)\)$")


@dataclass(frozen=True)
class Model:
    """A formula read: the frame with its columns made, and what to call them by.

    ``r_names`` gives R's name of each of our columns.
    """

    frame: pd.DataFrame
    days: str
    event: str | None
    entry: str | None
    covariates: list[Covariate]
    levels: dict[str, list[object]]
    r_names: dict[str, str]
    strata: list[str] | None
    cluster: str | None
    surv_type: str | None
    limits: tuple[str, ...]

    def r_name(self, name: str) -> str:
        return ":".join(self.r_names.get(part, part) for part in name.split(":"))


def read_model(frame: pd.DataFrame, left: str, right: str, r_terms: Sequence[str] = ()) -> Model:
    """``Surv(...)`` on the left, terms on the right.

    A file does not tell the order of a factor's levels; R's own names of the terms do.
    """
    frame = frame.copy()
    arguments = split_outside_brackets(re.match(r"^\s*Surv\((.*)\)\s*$", left).group(1), ",")
    surv_type = None
    if arguments and re.match(r"^\s*type\s*=", arguments[-1]):
        surv_type = re.sub(r"^\s*type\s*=|['\"\s]", "", arguments.pop())
    names = [_column(frame, argument.strip()) for argument in arguments]
    entry = names[0] if len(names) == 3 else None
    times = names[1:] if len(names) == 3 else names
    event = (
        times[1] if len(times) > 1 and surv_type in (None, "right", "counting", "left") else None
    )
    if event is not None:
        frame[event] = _as_event(frame[event])
    terms = _Terms(frame, r_terms)
    for term in split_outside_brackets(right, "+"):
        terms.read(term.strip())
    return Model(
        frame=frame,
        days=times[0],
        event=event,
        entry=entry,
        covariates=terms.covariates,
        levels=terms.levels,
        r_names=terms.r_names,
        strata=terms.strata or None,
        cluster=terms.cluster,
        surv_type=surv_type,
        limits=tuple(names),
    )


class _Terms:
    def __init__(self, frame: pd.DataFrame, r_terms: Sequence[str]) -> None:
        self.frame = frame
        self.r_terms = list(r_terms)
        self.covariates: list[Covariate] = []
        self.levels: dict[str, list[object]] = {}
        self.r_names: dict[str, str] = {}
        self.strata: list[str] = []
        self.cluster: str | None = None

    def read(self, term: str) -> None:
        special = CALL.match(term)
        if special and special.group(1) == "strata":
            self.strata += [part.strip() for part in special.group(2).split(",")]
        elif special and special.group(1) == "cluster":
            self.cluster = special.group(2).strip()
        elif special:
            pytest.skip(f"the formula's {special.group(1)}() has no counterpart")
        elif "*" in term and "(" not in term:
            parts = [self.single(part.strip()) for part in term.split("*")]
            self.covariates += [part for part in parts if part not in self.covariates]
            self.covariates.append(tuple(parts))
        elif ":" in term and "(" not in term:
            self.covariates.append(tuple(self.single(part.strip()) for part in term.split(":")))
        elif term not in ("1", ""):
            self.covariates.append(self.single(term))

    def single(self, term: str) -> str:
        """The column of one term, made where the term is a call."""
        factor = FACTOR.match(term)
        name = factor.group(1).strip() if factor else _column(self.frame, term)
        column = self.frame[name]
        if factor or not pd.api.types.is_numeric_dtype(column):
            levels = self.in_r_order(term, sorted(column.unique().tolist()))
            self.levels[name] = levels
            self.r_names |= {f"{name}={level}": _r_level(term, level) for level in levels}
        return name

    def in_r_order(self, term: str, levels: list[object]) -> list[object]:
        """Sorted, unless R lists the levels after the first in another order."""
        named = {level: _r_level(term, level) for level in levels}
        first = [level for level in levels if named[level] not in self.r_terms]
        if len(first) != 1:
            return levels
        others = [level for level in levels if level not in first]
        return first + sorted(others, key=lambda level: self.r_terms.index(named[level]))


def _r_level(term: str, level: object) -> str:
    return f"{term}{level:g}" if isinstance(level, float) else f"{term}{level}"


def _column(frame: pd.DataFrame, expression: str) -> str:
    """The name of the column an expression stands for; a new one where it is computed."""
    if expression not in frame:
        try:
            frame[expression] = evaluate(expression, frame)
        except Unreadable:
            pytest.skip(f"the formula's {expression!r} cannot be read")
    return expression


def _as_event(column: pd.Series) -> pd.Series:
    """R's reading of a status: 1/2 means 2 is the event, otherwise 1 (or TRUE) is."""
    values = column.astype(float)
    return (values == (2 if values.max() == 2 else 1)).astype(int)
