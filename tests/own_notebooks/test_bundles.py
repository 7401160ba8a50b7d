"""What a notebook stores of a result when it is run: enough for every tool that opens it."""

from __future__ import annotations

import nbformat
import pytest
from nbclient import NotebookClient

import evalkit as ek
from evalkit.documents.files.paths import sample_folder
from evalkit.shape import Rows

CELLS = (
    'import evalkit as ek\nstudy = ek.open_study({project!r}, language="sv")',
    "study",
    "ek.kaplan_meier(study.events())",
    '[ek.proportion(events=3, n=9, group="a"), ek.proportion(events=4, n=9, group="b")]',
    "study.where(\"sex == 'woman'\").events()",
)


def test_quarto_vs_code_and_marimo_find_text_and_html() -> None:
    # They read text/html or text/plain from the stored notebook; none knows our own type.
    project = str(sample_folder() / "haninge-arbetsmarknadscenter")
    cells = [nbformat.v4.new_code_cell(cell.format(project=project)) for cell in CELLS]
    notebook = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    nbformat.validate(notebook)
    for cell in notebook.cells[1:]:
        (output,) = [one for one in cell.outputs if "data" in one]
        html, plain = output["data"]["text/html"], output["data"]["text/plain"]
        assert html.lstrip().startswith("<")
        assert "<script" not in html
        assert len(plain) > 10
        assert "object at 0x" not in plain
    assert "<svg" in notebook.cells[2].outputs[-1]["data"]["text/html"]
    assert notebook.cells[3].outputs[-1]["data"]["text/html"].count("<table") == 1


def test_marimo_shows_a_result_a_list_of_them_and_a_figure() -> None:
    formatting = pytest.importorskip("marimo._output.formatting")
    one, two = (ek.proportion(events=k, n=9, group=str(k)) for k in (3, 4))
    shown = {
        "text/html": one,
        "application/json": [one, two],  # what marimo shows any list as, its entries as they are
        "application/vnd.marimo+mimebundle": Rows((one, two)),
    }
    for kind, given in shown.items():
        made = formatting.try_format(given)
        assert made.traceback is None
        assert made.mimetype == kind
        assert "<table" in str(made.data)
    assert "image/png" in str(formatting.try_format(one.figure()).data)


def test_what_marimo_asks_a_result_for_is_type_and_text() -> None:
    kind, text = ek.proportion(events=3, n=9)._mime_()
    assert kind == "text/html"
    assert text.count("<table") == 1
