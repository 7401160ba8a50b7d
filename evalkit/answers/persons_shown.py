"""Persons in a notebook: the first time they show, it is said that the file keeps them."""

from __future__ import annotations

import sys
from typing import Any

import pandas as pd

_MARK = "evalkit"


def of_persons(frame: pd.DataFrame, told: str) -> pd.DataFrame:
    """The frame, which remembers (through filters and sorts) that its rows are persons."""
    marked = frame.copy(deep=False)
    marked.attrs[_MARK] = told
    if "IPython" in sys.modules:
        _tell_once()
    return marked


def _tell_once() -> None:
    """Let IPython, where there is one, say it above the first frame of persons it shows."""
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    if shell is None or shell.display_formatter is None:
        return
    formatter = shell.display_formatter.formatters["text/html"]
    if pd.DataFrame not in formatter.type_printers:
        formatter.for_type(pd.DataFrame, _Teller())


class _Teller:
    """Shows frames as pandas does, with a sentence above the first that holds persons."""

    def __init__(self) -> None:
        self.has_told = False

    def __call__(self, frame: pd.DataFrame) -> Any:
        shown = frame._repr_html_()  # type: ignore[operator]
        told = frame.attrs.get(_MARK)
        if shown is None or told is None or self.has_told:
            return shown
        self.has_told = True
        return f'<p class="ek-persons" role="note"><strong>{told}</strong></p>{shown}'
