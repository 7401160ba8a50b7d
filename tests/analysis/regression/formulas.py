"""Reads the R formulas of the oracle cases into the arguments of our regressions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pytest

from evalkit.analysis.regression.design import Covariate

COMPARISON = re.compile(r"^\s*([\w.]+)\s*(==|!=|>=|<=|>|<)\s*(.+?)\s*$")
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


def read_model(frame: pd.DataFrame, left: str, right: str) -> Model:
    """``Surv(...)`` on the left, terms on the right."""
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
    terms = _Terms(frame)
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


def split_outside_brackets(text: str, separator: str) -> list[str]:
    """Parts of a text between separators that stand in no bracket."""
    parts, depth = [""], 0
    for character in text:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == separator and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return parts


class _Terms:
    def __init__(self, frame: pd.DataFrame) -> None:
        self.frame = frame
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
            levels = sorted(column.unique().tolist())
            self.levels[name] = levels
            self.r_names |= {f"{name}={level}": f"{term}{level}" for level in levels}
        return name


def _column(frame: pd.DataFrame, expression: str) -> str:
    """The name of the column an expression stands for; a new one where it is computed."""
    if expression in frame:
        return expression
    comparison = COMPARISON.match(expression)
    if comparison:
        name, operator, value = comparison.groups()
        number = value.strip("'\"")
        other: Any = number if value[0] in "'\"" else float(number)
        frame[expression] = _compare(frame[name], operator, other).astype(int)
        return expression
    names: dict[str, Any] = {column: frame[column] for column in frame}
    names |= {"log": np.log, "sqrt": np.sqrt, "exp": np.exp, "I": lambda value: value}
    try:
        frame[expression] = eval(expression.replace("^", "**"), {"__builtins__": {}}, names)
    except (SyntaxError, NameError, TypeError):
        pytest.skip(f"the formula's {expression!r} cannot be read")
    return expression


def _compare(column: pd.Series, operator: str, other: Any) -> pd.Series:
    methods: Mapping[str, str] = {
        "==": "eq", "!=": "ne", ">": "gt", ">=": "ge", "<": "lt", "<=": "le",
    }  # fmt: skip
    compared: pd.Series = getattr(column, methods[operator])(other)
    return compared


def _as_event(column: pd.Series) -> pd.Series:
    """R's reading of a status: 1/2 means 2 is the event, otherwise 1 (or TRUE) is."""
    values = column.astype(float)
    return (values == (2 if values.max() == 2 else 1)).astype(int)
