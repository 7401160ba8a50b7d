"""Makes the columns and row selections an oracle's spec describes in words.

The scripts that made the cases derived a few columns first (``programme = arm=='programme'``).
A ``derive`` text is read where it is written as an assignment or a list of codes; the rest are
named recipes below, used where the input columns are present.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.oracles_expressions import Unreadable, evaluate, split_outside_brackets

Spec = Mapping[str, Any]
COLUMN_KEYS = [
    "time",
    "event",
    "cause",
    "entry",
    "weight",
    "weights",
    "group",
    "strata",
    "cluster",
    "treatment",
    "outcome",
    "covariates",
]
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.]*")
VARIABLE = re.compile(r"(?<![\w.%])[A-Za-z][\w.]*(?![\w.]*\s*\()(?!%)")

TRANSPLANT_CODES = {"death": 1, "ltx": 2, "withdraw": 3}

# Derived column: (columns needed, how). Recipes the case files use without spelling them out.
RECIPES: dict[str, tuple[tuple[str, ...], Any]] = {
    "programme": (("arm",), lambda f: (f["arm"] == "programme").astype(int)),
    "group6mp": (("group",), lambda f: (f["group"] == "6-MP").astype(int)),
    "female": (("sex",), lambda f: f["sex"].isin(["f", 2]).astype(int)),
    "male": (("sex",), lambda f: f["sex"].isin(["m", "male", 1]).astype(int)),
    "aboO": (("abo",), lambda f: (f["abo"] == "O").astype(int)),
    "black": (("race",), lambda f: (f["race"] == "black").astype(int)),
    "hispan": (("race",), lambda f: (f["race"] == "hispan").astype(int)),
    "years": (("time",), lambda f: f["time"] / 365.25),
    "died": (("status",), lambda f: (f["status"] == 2).astype(int)),
    "arm": (("trt",), lambda f: (f["trt"] == 1).astype(int)),
    "time": (("futime",), lambda f: f["futime"]),
    "cause": (("event",), lambda f: f["event"].map(TRANSPLANT_CODES).fillna(0).astype(int)),
    "ev": ((), lambda f: np.ones(len(f), dtype=int)),
    "ev1": (("cause",), lambda f: (f["cause"] == 1).astype(int)),
    "emp182": (("time", "cause"), lambda f: ((f["time"] <= 182) & (f["cause"] == 1)).astype(int)),
    "post": (("year", "volume"), lambda f: (f["year"] >= 1899).astype(int)),
    "s1": (("t",), lambda f: np.sin(2 * np.pi * f["t"] / 12)),
    "c1": (("t",), lambda f: np.cos(2 * np.pi * f["t"] / 12)),
}
FORMULA_WORDS = {"type", "interval2", "interval", "TRUE", "FALSE", "NA"}
MISSING_DROPPED = re.compile(r"missing ([\w.]+) dropped")
ZERO_DROPPED = re.compile(r"([\w.]+) (-?\d+) dropped")


def derive_columns(
    frame: pd.DataFrame, spec: Spec, expected: Any, specs: Mapping[str, Spec], notes: str = ""
) -> pd.DataFrame:
    """The frame with every column the spec uses; skips, worded, where one cannot be made."""
    frame = frame.copy()
    text = _referred(str(spec.get("derive", "")), "derive", specs)
    for part in text.split(";"):
        if part.strip() in RECIPES and part.strip() not in frame:
            _use_recipe(frame, part.strip())
        _read_derivation(frame, part.strip())
    frame = _without_dropped(frame, f"{text} {spec.get('rows', '')} {notes}")
    for name in used_columns(spec):
        if name not in frame:
            _use_recipe(frame, name)
    return frame


def _without_dropped(frame: pd.DataFrame, words: str) -> pd.DataFrame:
    """The rows left where the words say "days 0 dropped" or "missing age dropped"."""
    for name, value in ZERO_DROPPED.findall(words):
        if name in frame:
            frame = frame[frame[name] != float(value)]
    for name in MISSING_DROPPED.findall(words):
        if name in frame:
            frame = frame[frame[name].notna()]
    return frame.reset_index(drop=True)


def filter_rows(
    frame: pd.DataFrame, spec: Spec, expected: Any, specs: Mapping[str, Spec]
) -> pd.DataFrame:
    """The rows a spec speaks of: by an expression, complete cases and the listed groups."""
    text = _referred(str(spec.get("rows", "")), "rows", specs)
    for part in text.split(";"):
        frame = _selected(frame, part.strip())
    extra = []
    if "complete cases on" in text:
        extra = [n for n in NAME.findall(text.split(" on ")[1]) if n in frame]
    needed = [n for n in (*used_columns(spec), *extra) if n in frame]
    frame = frame.dropna(subset=list(dict.fromkeys(needed)))
    return _only_listed_groups(frame, spec, expected).reset_index(drop=True)


def used_columns(spec: Spec) -> list[str]:
    """Columns a spec names, in its keys or in its formula; censoring limits may be missing."""
    names: list[str] = []
    for key in COLUMN_KEYS:
        value = spec.get(key)
        names += value if isinstance(value, list) else [value] if value else []
    formula = " ".join(str(spec.get(k, "")) for k in ("formula", "lhs", "rhs"))
    if "interval" in formula:
        formula = str(spec.get("rhs", ""))
    formula = re.sub(r"'[^']*'|\"[^\"]*\"", "", formula)
    names += [n for n in VARIABLE.findall(formula) if n not in FORMULA_WORDS]
    return list(dict.fromkeys(names))


def _referred(text: str, key: str, specs: Mapping[str, Spec]) -> str:
    """A text with "as <case id>" replaced by what that case says."""
    for other, spec in specs.items():
        if re.search(rf"\bas (?:in )?{re.escape(other)}\b", text) and spec.get(key):
            text = f"{spec[key]}; {text}"
    return text


ASSIGNMENT = re.compile(r"^(?:and )?([A-Za-z][\w.]*)\s*(?:=(?!=)|<-)\s*(.+)$", re.DOTALL)
CODES = re.compile(r"^(\w+): ((?:[^,:]+ \d+)(?:, [^,:]+ \d+)*)$")


def _read_derivation(frame: pd.DataFrame, part: str) -> None:
    """``name = expression, …`` or ``name: label 1, label 2`` adds columns; other words do not."""
    codes = CODES.match(part)
    if codes:
        _read_codes(frame, codes.group(1), codes.group(2))
        return
    for piece in split_outside_brackets(part, ","):
        assigned = ASSIGNMENT.match(piece.strip())
        if assigned:
            _assign(frame, *assigned.groups())


def _assign(frame: pd.DataFrame, name: str, words: str) -> None:
    """The first reading of the words that is an expression; a recipe may know the others."""
    bare = words.split(" (")[0]
    for text in (words, bare, bare.removeprefix("1 if "), bare.removesuffix(" else 0")):
        try:
            frame[name] = evaluate(text, frame)
        except (Unreadable, TypeError):
            continue
        return


def _selected(frame: pd.DataFrame, words: str) -> pd.DataFrame:
    """Rows by an expression: ``sex == 'f'`` keeps them, ``rows with sex == 'f' dropped`` not."""
    text = re.sub(r"\bmissing ([\w.]+)", r"is.na(\1)", words)
    text = re.sub(r"^(?:only |keep )?(?:rows )?(?:with |where )?", "", text)
    without = re.match(
        r"^(?:drop|without|excluding|excluded:?) (.+)$|^(.+?) (?:dropped|excluded|removed)$", text
    )
    try:
        if without is None:
            return frame[evaluate(text, frame) == 1]
        return frame[~(evaluate(without.group(1) or without.group(2), frame) == 1)]
    except (Unreadable, TypeError, KeyError):
        return frame  # words about complete cases or the order of rows


def _read_codes(frame: pd.DataFrame, name: str, text: str) -> None:
    """Labels to codes, from whichever text column holds the labels; others are censored (0)."""
    mapping = {label: int(code) for label, code in (p.rsplit(" ", 1) for p in text.split(", "))}
    for column in frame.columns:
        if set(mapping) <= set(frame[column].dropna().astype(str)):
            frame[name] = frame[column].astype(str).map(mapping).fillna(0).astype(int)
            return
    pytest.skip(f"no column holds the labels of the derived column {name}")


def _use_recipe(frame: pd.DataFrame, name: str) -> None:
    needs, how = RECIPES.get(name, (("",), None))
    if how is None or not set(needs) <= set(frame.columns):
        pytest.skip(f"the case uses column {name!r}, which its data and spec do not define")
    frame[name] = how(frame)


def _only_listed_groups(frame: pd.DataFrame, spec: Spec, expected: Any) -> pd.DataFrame:
    listed = expected.get("groups") if isinstance(expected, Mapping) else None
    name = spec.get("group")
    if not listed or name is None:
        return frame
    levels = frame[name].map(
        lambda v: str(int(v)) if isinstance(v, float) and v.is_integer() else str(v)
    )
    return frame[levels.isin(list(listed))]
