"""Cells marked ``%%show``, run when all is released, in a kernel without the register."""

from __future__ import annotations

import copy
from typing import Any

from evalkit.batch.kernels.engine import SHOWABLE
from evalkit.batch.kernels.execute import PARAMETERS_TAG, remaining
from evalkit.batch.kernels.session import KernelSession
from evalkit.batch.kernels.tasks import ChapterTask
from evalkit.chapters.own import CELL
from evalkit.present.blocks import PLACEHOLDER_MIME_TYPE

_INJECTED_TAG = "injected-parameters"


def marked_cells(notebook: Any) -> list[int]:
    """The places of cells that wait for their figures."""
    return [
        place
        for place, cell in enumerate(notebook["cells"])
        if any(_waits(output) for output in cell.get("outputs", []))
    ]


def with_marked_cells(
    notebook: Any, *, answers: str, task: ChapterTask, session: KernelSession
) -> Any:
    """The executed chapter with what its marked cells show in the task's language.

    A cell that showed nothing keeps its placeholder.
    """
    places = marked_cells(notebook)
    if not places:
        return notebook
    cells = notebook["cells"]
    first = [cell for cell in cells if {PARAMETERS_TAG, _INJECTED_TAG} & set(_tags(cell))]
    small = copy.deepcopy(notebook)
    small["cells"] = [_fresh(cell) for cell in (*first, *(cells[place] for place in places))]
    opening = (
        "from evalkit.chapters.show_cell import open_showing\n"
        f"open_showing({str(task.project_file)!r}, {answers!r}, "
        f"{task.chapter!r}, {task.language!r})"
    )
    try:
        done = session.run(
            small,
            chapter=task.chapter,
            seconds_left=remaining(task.timeout_seconds),
            allowed=SHOWABLE,
            opening=opening,
        )
    except Exception:  # noqa: BLE001 - whatever it was, the cells are told to have shown nothing
        return notebook
    made = copy.copy(notebook)
    made["cells"] = list(cells)
    for place, cell in zip(places, done["cells"][len(first) :], strict=True):
        shown = [one for one in cell["outputs"] if one.get("data")]
        if shown:
            made["cells"][place] = {**cells[place], "outputs": shown}
    return made


def _waits(output: Any) -> bool:
    asked = output.get("data", {}).get(PLACEHOLDER_MIME_TYPE)
    return asked is not None and asked.get("section") == CELL


def _tags(cell: Any) -> list[str]:
    return list(cell["metadata"].get("tags", []))


def _fresh(cell: Any) -> Any:
    again = copy.deepcopy(cell)
    again["outputs"], again["execution_count"] = [], None
    return again
