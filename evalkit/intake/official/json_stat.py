"""json-stat and json-stat2: a flat list of values with its dimensions told beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from evalkit.intake.errors import IntakeError

VALUE = "value"
NOT_AVAILABLE = ".."


def read_json_stat(content: Mapping[str, Any], *, name: str) -> pd.DataFrame:
    """One row per cell: a column of codes per dimension, one of labels, and the value as text.

    Values may be a list in row-major order or an object with the filled places only; ``null``
    and places left out become the status given for them, else ``..``. Both version 2 and the
    older form with ``dimension.id`` and a data set under a name are read.

    Args:
        content: The answer, parsed.
        name: What messages call it.

    Raises:
        IntakeError: If dimensions, sizes and values do not fit together.

    >>> answer = {"id": ["Tid"], "size": [2], "value": {"1": 7.5},
    ...     "dimension": {"Tid": {"category": {"index": ["2018M01", "2018M02"]}}}}
    >>> read_json_stat(answer, name="x")["value"].tolist()
    ['..', '7.5']
    """
    data = _data_set(content, name)
    dimensions = data["dimension"]
    names = list(data.get("id") or dimensions.get("id") or ())
    sizes = [int(size) for size in data.get("size") or dimensions.get("size") or ()]
    if not names or len(names) != len(sizes):
        raise IntakeError("json_stat.sizes", file=name)
    codes = [_codes(dimensions.get(one, {}), one, size, name) for one, size in zip(names, sizes)]  # noqa: B905
    values = _values(data, int(np.prod(sizes)), name)
    places = np.unravel_index(np.arange(len(values)), sizes)
    columns: dict[str, Any] = {}
    for dimension, known, place in zip(names, codes, places, strict=True):
        labels = dimensions[dimension]["category"].get("label", {})
        columns[dimension] = np.array(known, dtype=object)[place]
        columns[f"{dimension} label"] = np.array(
            [str(labels.get(code, code)) for code in known], dtype=object
        )[place]
    return pd.DataFrame({**columns, VALUE: values})


def _data_set(content: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The data set itself, also where it stands under a name of its own."""
    found = content
    if not isinstance(found, Mapping):
        raise IntakeError("json_stat.none", file=name)
    if "dimension" not in found:
        inner = [v for v in content.values() if isinstance(v, Mapping) and "dimension" in v]
        if len(inner) != 1:
            raise IntakeError("json_stat.none", file=name)
        found = inner[0]
    if not isinstance(found["dimension"], Mapping) or VALUE not in found:
        raise IntakeError("json_stat.parts", file=name)
    return found


def _codes(dimension: Mapping[str, Any], dimension_name: str, size: int, name: str) -> list[str]:
    category = dimension.get("category", {})
    index = category.get("index", list(category.get("label", {})))
    codes = sorted(index, key=index.__getitem__) if isinstance(index, Mapping) else list(index)
    if len(codes) != size:
        raise IntakeError(
            "json_stat.codes", file=name, dimension=dimension_name, stated=size, listed=len(codes)
        )
    return [str(code) for code in codes]


def _values(data: Mapping[str, Any], cells: int, name: str) -> list[str]:
    given = data[VALUE]
    if isinstance(given, Mapping):
        if any(not 0 <= int(place) < cells for place in given):
            raise IntakeError("json_stat.outside", file=name, cells=cells)
        filled: list[Any] = [given.get(str(place)) for place in range(cells)]
    else:
        filled = list(given)
    if len(filled) != cells:
        raise IntakeError("json_stat.values", file=name, cells=cells, found=len(filled))
    status = data.get("status")
    return [_text(value, status, place) for place, value in enumerate(filled)]


def _text(value: Any, status: Any, place: int) -> str:
    if value is not None:
        return str(value) if isinstance(value, str) else repr(value)
    if isinstance(status, Mapping):
        return str(status.get(str(place), NOT_AVAILABLE))
    if isinstance(status, Sequence) and not isinstance(status, str) and place < len(status):
        return str(status[place] or NOT_AVAILABLE)
    return NOT_AVAILABLE
