"""What a notebook stores of a result when it is run: enough for every tool that opens it."""

from __future__ import annotations

import nbformat
from nbclient import NotebookClient

from evalkit.documents.files.paths import sample_folder

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
