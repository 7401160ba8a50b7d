"""Kolada's answers: values by key figure, municipality, year and sex."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from evalkit.intake.errors import IntakeError
from evalkit.intake.official.json_stat import NOT_AVAILABLE, VALUE


def read_kolada(pages: Sequence[Mapping[str, Any]], *, gender: str, name: str) -> pd.DataFrame:
    """Municipality code, year and value as text, for one sex (``T``, ``K`` for women, ``M``).

    A value that Kolada marks as deleted, or does not have, is ``..``: it is there, and absent.

    Raises:
        IntakeError: If a page does not hold values, or none is for the sex asked for.

    >>> page = {"values": [{"municipality": "0484", "period": 2018,
    ...     "values": [{"gender": "T", "value": 4.7, "isdeleted": False}]}]}
    >>> read_kolada([page], gender="T", name="x").to_numpy().tolist()
    [['0484', '2018', '4.7']]
    """
    rows = []
    for page in pages:
        if not isinstance(page, Mapping) or not isinstance(page.get("values"), list):
            raise IntakeError("kolada.none", file=name)
        for entry in page["values"]:
            rows += [
                (str(entry["municipality"]), str(entry["period"]), _text(one))
                for one in entry.get("values", ())
                if one.get("gender") == gender
            ]
    if not rows:
        raise IntakeError("kolada.no_values", file=name)
    return pd.DataFrame(rows, columns=["area", "period", VALUE])


def next_page(page: Mapping[str, Any]) -> str:
    """Address of the page after, empty at the last; version 2 called it ``next_page``."""
    return str(page.get("next_url") or page.get("next_page") or "")


def _text(one: Mapping[str, Any]) -> str:
    is_absent = one.get("isdeleted") or one.get("value") is None
    return NOT_AVAILABLE if is_absent else repr(float(one["value"]))
