"""The shapes of a finding as plain JSON data, at the precision of print, and back.

A dataclass is an object with its name under ``shape``; tuples, frames and arrays say so.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from collections.abc import Callable, Mapping
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from functools import cache
from importlib import import_module
from typing import Any

# As many decimals as any report prints of a number of that size; shares are 0–1 and printed
# as per cent with one decimal, ratios and rates with two, p-values with three.
_DECIMALS_BELOW = ((10, 4), (1000, 3))
_DECIMALS_OF_UNIT = {
    "share": 3,
    "share_difference": 3,
    "days": 0,
    "persons": 0,
    "ratio": 2,
    "sek": 0,
    "rate": 2,
}
_P_DECIMALS, _SMALL_P = 3, 0.1
# Frames of shares.
_DECIMALS_OF_FRAME = {("Curve", "steps"): 3}
_DECIMALS_OF_COEFFICIENT = 2
_DECIMALS_OF_LINEAR = 2
# Each is a sum over every person's day.
_DECIMALS_OF_FIELD = {
    "exponentiated": 2, "exponentiated_low": 2, "exponentiated_high": 2,
    "standard_error": 2, "log_likelihood": 0, "log_likelihood_null": 0, "statistic": 2,
}  # fmt: skip
_EVIDENCE = frozenset({"cells", "reference_cells"})
_LARGEST_LOG = 700.0
_MODULES = (
    "answers", "claims", "comparisons", "counts", "curves", "estimates", "series", "sites",
    "society", "states",
)  # fmt: skip


def encoded(value: Any) -> Any:
    """The value as JSON data, numbers rounded half up to what a report prints of them."""
    return _encoded(value, None)


def decoded(value: Any) -> Any:
    """The value that `encoded` wrote.

    Raises:
        KeyError, TypeError, ValueError: If it is none of ours.
    """
    if isinstance(value, list):
        return [decoded(item) for item in value]
    if not isinstance(value, dict):
        return value
    kind = value["shape"]
    if kind in _READERS:
        return _READERS[kind](value["of"])
    shape = _shapes()[kind]
    return shape(**{name: decoded(item) for name, item in value.items() if name != "shape"})


def _encoded(value: Any, decimals: int | None) -> Any:
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return None if math.isnan(value) else _rounded(value, decimals)
    if isinstance(value, list):
        return [_encoded(one, decimals) for one in value]
    if dataclasses.is_dataclass(value):
        return _object(value, decimals)
    return _tagged(value, decimals)


def _tagged(value: Any, decimals: int | None) -> Any:
    """What JSON has no form for: its kind, and what it is made of."""
    import numpy as np
    import pandas as pd

    if value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, np.generic):
        return _encoded(value.item(), decimals)
    if isinstance(value, pd.Timestamp | dt.date):
        return {"shape": "date", "of": value.isoformat()[:10]}
    if isinstance(value, pd.DataFrame):
        columns = {str(name): _encoded(list(value[name]), decimals) for name in value}
        types = {str(name): str(value[name].dtype) for name in value}
        return {"shape": "frame", "of": {"columns": columns, "types": types}}
    if isinstance(value, np.ndarray):
        return {"shape": "array", "of": _encoded(value.tolist(), decimals)}
    if isinstance(value, tuple | frozenset):
        kind = "tuple" if isinstance(value, tuple) else "set"
        items = value if isinstance(value, tuple) else sorted(value)
        return {"shape": kind, "of": [_encoded(one, decimals) for one in items]}
    if isinstance(value, Mapping):
        pairs = [[_encoded(k, None), _encoded(v, decimals)] for k, v in value.items()]
        return {"shape": "dict", "of": pairs}
    raise TypeError(f"no JSON form of {type(value).__name__}")


def _object(value: Any, given: int | None = None) -> dict[str, Any]:
    name = type(value).__name__
    if name not in _shapes():
        raise TypeError(f"{name} is no shape of a finding")
    decimals = _DECIMALS_OF_UNIT.get(getattr(value, "unit", ""))
    if name == "Coefficient":
        decimals = given  # of a model without ratios
    named = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if name == "Coefficient" and given is None:
        named |= {part: _as_ratio(named[part]) for part in ("estimate", "low", "high")}
    printed = {one: _DECIMALS_OF_FRAME.get((name, one)) for one in named}
    if name == "Coefficient":
        printed |= dict.fromkeys(
            ("estimate", "low", "high"), given if given is not None else _DECIMALS_OF_COEFFICIENT
        )
    if name == "Regression" and not value.ratio:
        printed["coefficients"] = _DECIMALS_OF_LINEAR
    # What only disclosure control reads stays out, but for a share's own count.
    if name == "Coefficient":
        named["n"] = 0
    for one in _EVIDENCE & set(named):
        named[one] = named[one][:1] if getattr(value, "unit", "") == "share" else ()
    fields = {
        one: _encoded(
            part, _of_field(one, part, decimals) if printed[one] is None else printed[one]
        )
        for one, part in named.items()
    }
    return {"shape": name, **fields}


def _as_ratio(coefficient: float) -> float:
    """The logarithm of the ratio that is printed, which is all that may be read from it."""
    ratio = Decimal(repr(math.exp(min(float(coefficient), _LARGEST_LOG))))
    printed = ratio.quantize(Decimal(1).scaleb(-2), rounding=ROUND_HALF_UP)
    return math.log(printed) if printed else float(coefficient)


def _of_field(name: str, value: Any, decimals: int | None) -> int | None:
    if name in _DECIMALS_OF_FIELD:
        return _DECIMALS_OF_FIELD[name]
    if name in ("p_value", "p_above"):
        return _P_DECIMALS if value < _SMALL_P else _P_DECIMALS - 1
    return decimals if name in ("value", "estimate", "low", "high") else None


def _rounded(value: float, decimals: int | None) -> float | dict[str, str]:
    if math.isinf(value):
        return {"shape": "number", "of": str(value)}
    exact = Decimal(f"{float(value):.12g}")  # what arithmetic leaves behind is no digit
    if decimals is not None:
        return float(exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP))
    return float(_shortened(exact))


def _shortened(exact: Decimal) -> Decimal:
    """Cut to a few digits so that rounding once more gives what rounding the exact number does.

    Where digits were cut off, a last digit of 0 or 5 is moved up by one: it is then on the
    side of the half where the exact number is ("rounding to odd", Boldo and Melquiond 2008).
    """
    decimals = next((d for below, d in _DECIMALS_BELOW if abs(exact) < below), 1)
    step = Decimal(1).scaleb(-decimals)
    cut = exact.quantize(step, rounding=ROUND_DOWN)
    if cut != exact and int(cut.scaleb(decimals)) % 5 == 0:
        cut += step.copy_sign(exact)
    return cut


def _frame(content: dict[str, Any]) -> Any:
    import pandas as pd

    columns = {name: decoded(values) for name, values in content["columns"].items()}
    frame = pd.DataFrame(columns)
    return frame.astype({n: t for n, t in content["types"].items() if n in frame})


def _array(content: list[Any]) -> Any:
    import numpy as np

    return np.array(decoded(content))


_READERS: dict[str, Callable[[Any], Any]] = {
    "date": dt.date.fromisoformat,
    "frame": _frame,
    "array": _array,
    "tuple": lambda items: tuple(decoded(item) for item in items),
    "dict": lambda pairs: {decoded(key): decoded(item) for key, item in pairs},
    "set": lambda items: frozenset(decoded(item) for item in items),
    "number": float,
}


@cache
def _shapes() -> dict[str, type]:
    """Name → shape, for every dataclass of the room."""
    return {
        one.__name__: one
        for name in _MODULES
        for one in vars(import_module(f"evalkit.results.{name}")).values()
        if isinstance(one, type) and dataclasses.is_dataclass(one)
    }
