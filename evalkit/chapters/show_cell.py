"""Cells marked ``%%show``: an author's own chart, table or text of released answers.

In a report they run afterwards, once a language, in a process without the register. They see
``answers``, ``ek``, ``language``, ``label`` and the notebook's parameters, and nothing else, so
that whatever they draw holds released figures only. In JupyterLab the answers are exact.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from evalkit.answers.spool import SHOWING
from evalkit.chapters.own import CELL, refusal, shown_blocks
from evalkit.chapters.section import Placeholder
from evalkit.language import Language
from evalkit.present.blocks import Block, Cell, Figure, Section, Table
from evalkit.present.charts.canvas import report_style, svg_of
from evalkit.present.labels import Words, words_of
from evalkit.present.svg import inline_svg
from evalkit.present.tables.cells import count_cell, missing_cell, number_cell
from evalkit.results import Released
from evalkit.shape import show_in_notebooks, speak

_GIVEN = ("title", "alt", "data")


def register(study: Any) -> None:
    """Have ``%%show`` known in the notebook that a study is opened in."""

    def answers() -> Mapping[str, Released[Any]]:
        from evalkit.disclosure.answers import internal_all  # no chapter of a batch needs it

        return internal_all(list(study.asked.values()))

    if study.purpose == "ask":
        _register(lambda _source: Placeholder(CELL))
    else:
        _register(_Showing(study.words, answers, is_internal=True))


def open_showing(project_file: str, answers: str, chapter: str, language: Language) -> None:
    """Make ready for the marked cells of one chapter: its released answers, and no register."""
    import os

    from evalkit.answers.store import from_json
    from evalkit.project import load_project

    os.environ[SHOWING] = "1"
    words = words_of(load_project(project_file), language)
    speak(words)
    show_in_notebooks()
    store = from_json(answers)
    _register(_Showing(words, lambda: store, chapter))


def _register(run: Any) -> None:
    shell = _shell()
    if shell is not None:

        def show(_line: str, cell: str) -> None:
            sys.modules["IPython"].display.display(run(cell))

        shell.register_magic_function(show, "cell", "show")


def _shell() -> Any:
    return sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None


class _Showing:
    """Runs marked cells one after another in names of their own."""

    def __init__(
        self, words: Words, answers: Any, chapter: str = "notebook", *, is_internal: bool = False
    ) -> None:
        self._words, self._answers, self._chapter = words, answers, chapter
        self._is_internal = is_internal
        self._names: dict[str, Any] = {}
        self._shown = 0

    def __call__(self, source: str) -> Section:
        self._shown += 1
        self._names.update(_parameters(), **self._given())
        for name in _GIVEN:
            self._names.pop(name, None)
        try:
            with report_style(is_default=True):
                blocks = tuple(self._blocks(_value_of(source, self._names)))
        except Exception as error:
            if self._is_internal:
                raise
            blocks = (refusal(self._words, "own.cell", kind=type(error).__name__),)
        return Section(blocks, is_internal=self._is_internal)

    def _given(self) -> dict[str, Any]:
        import evalkit

        store = self._answers()
        own = f"own.{self._chapter}."
        results = {name: one.result for name, one in store.items()}
        short = {name.removeprefix(own): one for name, one in results.items() if name != own}
        return {
            "answers": {**results, **short},
            "ek": evalkit,
            "language": self._words.language,
            "label": self._words.labels.level,
        }

    def _blocks(self, value: Any) -> Iterator[Block]:
        words, name = self._words, f"{self._chapter.replace('_', '-')}-cell-{self._shown}"
        title = str(self._names.get("title", ""))
        figures = [*_open_figures(), *([value] if hasattr(value, "savefig") else [])]
        data = self._names.get("data", value)
        if figures:
            yield self._figure(dict.fromkeys(figures), name, title)
        elif hasattr(data, "columns") and hasattr(data, "itertuples"):
            yield frame_table(data, words, table_id=name, caption=title or name)
        elif isinstance(value, str):
            from evalkit.present.prose import blocks_from_markdown

            yield from blocks_from_markdown(value)
        elif type(value).__module__.startswith("evalkit.results"):
            released = Released(value, 0, "", is_internal=self._is_internal)
            yield from shown_blocks(released, words, name=name, title=title)
        elif value is not None:
            yield refusal(words, "own.value")

    def _figure(self, figures: Mapping[Any, None], name: str, title: str) -> Block:
        data, alt = self._names.get("data"), str(self._names.get("alt", "")).strip()
        if not alt or not title or not hasattr(data, "itertuples") or len(figures) > 1:
            return refusal(self._words, "own.alternative")
        svg = svg_of(next(iter(figures)), figure_id=name, title=title, description=alt)
        inline_svg(svg, id_prefix=name, title=title, description=alt)  # refuses what is no drawing
        table = frame_table(data, self._words, table_id=f"{name}-data", caption=title)
        return Figure(id=name, caption=title, alt=alt, svg=svg, data=table)


def _parameters() -> dict[str, Any]:
    """What the notebook's parameters can be: plain values, and not the way to the register."""
    shell = _shell()
    names = shell.user_ns if shell is not None else {}
    return {
        name: value
        for name, value in names.items()
        if type(value) in (str, int, float, bool) and not name.startswith("_")
        if name != "project_file"
    }


def _value_of(source: str, names: dict[str, Any]) -> Any:
    """Run a cell in some names; the value of its last line, where that is an expression."""
    shell = _shell()
    tree = ast.parse(shell.transform_cell(source) if shell is not None else source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "<show>", "exec"), names)
    if not isinstance(last, ast.Expr):
        return None
    return eval(compile(ast.Expression(last.value), "<show>", "eval"), names)


def _open_figures() -> list[Any]:
    """Figures that pyplot holds, taken from it."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is None:
        return []
    figures = [pyplot.figure(number) for number in pyplot.get_fignums()]
    pyplot.close("all")
    return figures


def frame_table(frame: Any, words: Words, *, table_id: str, caption: str) -> Table:
    """A frame of released figures as a table, columns and levels in the report's words."""
    flat = frame.reset_index() if any(frame.index.names) else frame
    names = [str(name) for name in flat.columns]
    return Table(
        id=table_id,
        caption=caption,
        columns=tuple(
            words.say("column.count") if name == "n" else words.labels.dimension(name)
            for name in names
        ),
        rows=tuple(
            tuple(_cell(value, name, words) for value, name in zip(row, names, strict=True))
            for row in flat.itertuples(index=False, name=None)
        ),
    )


def _cell(value: Any, column: str, words: Words) -> Cell:
    import numpy as np
    import pandas as pd

    if value is None or value is pd.NA or value != value:
        return missing_cell(words)
    if isinstance(value, bool | str):
        is_sum = value == "total"
        text = words.say("label.total") if is_sum else words.labels.level(column, str(value))
        return Cell(text if value else "")
    if isinstance(value, int | np.integer):
        return count_cell(int(value), words)
    if isinstance(value, float | np.floating):
        return number_cell(float(value), "number", words, decimals=2)
    return Cell(str(value))
