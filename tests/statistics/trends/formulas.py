"""Reads the R formulas of the cases on series and panels into columns, in R's order."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tests.statistics.regression.formulas import split_outside_brackets

FACTOR = re.compile(r"(?:as\.)?factor\((.+)\)")


@dataclass(frozen=True)
class Design:
    """Columns with R's names; ``outcome`` may be an expression such as ``log(y)``.

    ``factors`` gives the dummies of each factor.
    """

    outcome: np.ndarray
    names: list[str]
    columns: np.ndarray
    factors: dict[str, list[str]]


def read_formula(frame: pd.DataFrame, formula: str) -> Design:
    left, right = (side.strip() for side in formula.split("~"))
    if left.startswith("cbind("):  # counts of yes and no: a binomial model
        left = split_outside_brackets(left[len("cbind(") : -1], ",")[0]
    outcome = value(frame, left).to_numpy(float)
    terms: list[list[str]] = []
    for term in split_outside_brackets(right, "+"):
        terms += expanded(term.strip())
    columns: dict[str, np.ndarray] = {"(Intercept)": np.ones(len(frame))}
    factors: dict[str, list[str]] = {}
    # R puts main terms before interactions, and leaves out what earlier columns explain.
    for term in sorted(terms, key=len):
        made = products(frame, term)
        columns |= made
        if len(term) == 1 and (found := FACTOR.fullmatch(term[0])):
            factors[found[1]] = list(made)
    if any(term == ["-1"] for term in terms):
        columns.pop("(Intercept)")
    return Design(outcome, list(columns), np.column_stack(list(columns.values())), factors)


def expanded(term: str) -> list[list[str]]:
    if term in ("1", ""):
        return []
    if "*" in term and "(" not in term:
        parts = [part.strip() for part in term.split("*")]
        return [*[[part] for part in parts], parts]
    if ":" in term and "(" not in term.split(":")[0]:
        return [[part.strip() for part in term.split(":")]]
    return [[term]]


def products(frame: pd.DataFrame, term: list[str]) -> dict[str, np.ndarray]:
    made = {"": np.ones(len(frame))}
    for part in term:
        made = {
            f"{left}:{right}" if left else right: first * second
            for left, first in made.items()
            for right, second in single(frame, part).items()
        }
    return made


def single(frame: pd.DataFrame, term: str) -> dict[str, np.ndarray]:
    factor = FACTOR.fullmatch(term)
    if factor is None and (term not in frame or pd.api.types.is_numeric_dtype(frame[term])):
        return {term: value(frame, term).to_numpy(float)}
    column = frame[factor[1] if factor else term]
    levels = sorted(column.unique().tolist())
    return {f"{term}{level}": (column == level).to_numpy(float) for level in levels[1:]}


def value(frame: pd.DataFrame, term: str) -> pd.Series:
    """A column, or what an expression makes of columns."""
    names = {str(column): frame[column] for column in frame}
    names |= {"sin": np.sin, "cos": np.cos, "pi": np.pi, "log": np.log, "I": lambda x: x}
    expression = re.sub(r"\b(\d+) pi\b", r"\1*pi", term.strip()).replace("^", "**")
    found: pd.Series = eval(expression, {"__builtins__": {}}, names)
    return found
