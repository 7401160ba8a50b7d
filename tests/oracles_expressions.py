"""Reads the small R expressions of the oracle cases: ``ifelse(pstat == 0, futime, ptime)``.

R's operators become Python's, the tree is read and worked out on whole columns: nothing of a
case file is ever run as code. A missing value in a comparison is missing in the answer, as in R.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable
from functools import reduce
from typing import Any

import numpy as np
import pandas as pd


class Unreadable(ValueError):
    """The text is no expression on the columns of this frame: words, or an unknown name."""


AS_PYTHON = [
    (r"%in%", " in "),
    (r"&&?", " and "),
    (r"\|\|?", " or "),
    (r"!(?!=)", " not "),
    (r"\^", "**"),
    (r"\b(as|is)\.", r"\1_"),  # keywords of Python
    (r"\bTRUE\b", "True"),
    (r"\bFALSE\b", "False"),
]
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
ARITHMETIC: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.Mod: operator.mod,
    ast.FloorDiv: operator.floordiv,
}
COMPARISONS: dict[type, Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


def evaluate(text: str, frame: pd.DataFrame) -> Any:
    """The value of an R expression on the columns of a frame; `Unreadable` for anything else."""
    try:
        tree = ast.parse(_as_python(text).strip(), mode="eval")
    except SyntaxError:
        raise Unreadable(text) from None
    return _value(tree.body, frame)


def split_outside_brackets(text: str, separators: str) -> list[str]:
    """Parts of a text between separators that stand in no bracket and no quotation."""
    parts, depth, quote = [""], 0, ""
    for character in text:
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        depth += 0 if quote else {"(": 1, ")": -1}.get(character, 0)
        if character in separators and depth == 0 and not quote:
            parts.append("")
        else:
            parts[-1] += character
    return parts


def _as_python(text: str) -> str:
    """R's operators as Python's, outside quotations."""
    pieces, end = [], 0
    for quoted in QUOTED.finditer(text):
        pieces += [_translated(text[end : quoted.start()]), quoted.group()]
        end = quoted.end()
    return "".join([*pieces, _translated(text[end:])])


def _translated(text: str) -> str:
    for r, python in AS_PYTHON:
        text = re.sub(r, python, text)
    return text


def _value(node: ast.expr, frame: pd.DataFrame) -> Any:
    for kind, read in READERS.items():
        if isinstance(node, kind):
            return read(node, frame)
    raise Unreadable(ast.unparse(node))


def _calculated(node: ast.BinOp, frame: pd.DataFrame) -> Any:
    if type(node.op) not in ARITHMETIC:
        raise Unreadable(ast.unparse(node))
    return ARITHMETIC[type(node.op)](_value(node.left, frame), _value(node.right, frame))


def _signed(node: ast.UnaryOp, frame: pd.DataFrame) -> Any:
    value = _value(node.operand, frame)
    return 1 - _number(value) if isinstance(node.op, ast.Not) else -value


def _combined(node: ast.BoolOp, frame: pd.DataFrame) -> Any:
    combine = np.minimum if isinstance(node.op, ast.And) else np.maximum
    return reduce(combine, [_number(_value(part, frame)) for part in node.values])


def _related(node: ast.Compare, frame: pd.DataFrame) -> Any:
    if len(node.ops) > 1:
        raise Unreadable(ast.unparse(node))
    return _compared(node.ops[0], _value(node.left, frame), _value(node.comparators[0], frame))


def _chosen(node: ast.IfExp, frame: pd.DataFrame) -> Any:
    return _if_else(*(_value(part, frame) for part in (node.test, node.body, node.orelse)))


def _called(node: ast.Call, frame: pd.DataFrame) -> Any:
    name = _dotted(node.func)
    if name not in FUNCTIONS:
        raise Unreadable(f"{name}()")
    return FUNCTIONS[name](*(_value(argument, frame) for argument in node.args))


def _dotted(node: ast.expr) -> str:
    """``ph.ecog`` is one name in R, an attribute in Python."""
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    if isinstance(node, ast.Name):
        return node.id
    raise Unreadable(ast.unparse(node))


def _named(name: str, frame: pd.DataFrame) -> Any:
    if name in frame:
        return frame[name]
    if name == "pi":
        return np.pi
    raise Unreadable(name)


def _number(value: Any) -> Any:
    return value.astype(float) if isinstance(value, pd.Series) else float(value)


def _compared(op: ast.cmpop, left: Any, right: Any) -> Any:
    if isinstance(op, ast.In | ast.NotIn):
        inside = left.isin(right if isinstance(right, list) else [right])
        return (inside if isinstance(op, ast.In) else ~inside).astype(int)
    compared = COMPARISONS[type(op)](left, right)
    missing = pd.isna(left) | pd.isna(right)
    if isinstance(compared, pd.Series) and np.any(missing):
        return compared.astype(float).mask(missing)
    return compared.astype(int)


def _if_else(test: pd.Series, yes: Any, no: Any) -> pd.Series:
    chosen = np.where(_number(test) == 1, yes, no)
    return pd.Series(chosen, index=test.index).mask(test.isna())


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "ifelse": _if_else,
    "c": lambda *values: list(values),
    "is_na": lambda value: value.isna().astype(int),
    "complete.cases": lambda *values: 1 - pd.concat(values, axis=1).isna().any(axis=1).astype(int),
    "as_integer": lambda value: np.trunc(_number(value)),
    "as_numeric": _number,
    "as_character": lambda value: value.astype(str),
    "factor": lambda value: value,
    "as_factor": lambda value: value,
    "I": lambda value: value,
    "log": np.log,
    "log2": np.log2,
    "log10": np.log10,
    "log1p": np.log1p,
    "exp": np.exp,
    "sqrt": np.sqrt,
    "abs": np.abs,
    "floor": np.floor,
    "ceiling": np.ceil,
    "round": np.round,
    "sin": np.sin,
    "cos": np.cos,
    "max": np.maximum,
    "min": np.minimum,
    "pmax": np.maximum,
    "pmin": np.minimum,
    "mean": np.mean,
    "median": np.median,
    "scale": lambda value: (value - value.mean()) / value.std(),
}


READERS: dict[Any, Callable[[Any, pd.DataFrame], Any]] = {
    ast.Constant: lambda node, _: node.value,
    (ast.Name, ast.Attribute): lambda node, frame: _named(_dotted(node), frame),
    ast.BinOp: _calculated,
    ast.UnaryOp: _signed,
    ast.BoolOp: _combined,
    ast.Compare: _related,
    ast.IfExp: _chosen,
    ast.Call: _called,
}
