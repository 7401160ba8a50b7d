"""Persons in a notebook: the first time they show, it is said that the file keeps them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import pandas as pd

_MARK = "evalkit"


class FrameOf:
    """A frame of a study's registers as it is met: made once of each that was read.

    No property, which Tab in a notebook does not look into.
    """

    def __init__(self, name: str, *, without: Sequence[str] = ()) -> None:
        self._name, self._without = name, list(without)

    def __get__(self, study: Any, owner: Any = None) -> pd.DataFrame:
        if study is None:
            return self  # type: ignore[return-value]  # the class's own, for whoever inspects it
        read: pd.DataFrame = getattr(study.intake, self._name)
        frames: dict[str, tuple[object, pd.DataFrame]]
        frames = study.__dict__.setdefault("_frames", {})
        source, made = frames.get(self._name, (None, read))
        if source is not read:
            kept = read.drop(columns=self._without, errors="ignore")
            made = of_persons(kept, study.words.say("show.persons"))
            frames[self._name] = (read, made)
        return made


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
