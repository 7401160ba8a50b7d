"""Whole reports without kernels: the real batch, its chapters run in the test's own process.

Asking, judging, filling, writing, placing and recording are the package's; only papermill and
the kernel are left out, so that a report takes seconds.
"""

from __future__ import annotations

import ast
import json
import os
from pathlib import Path
from typing import Any

import pytest

from evalkit.answers import spool
from evalkit.batch import jobs
from evalkit.batch import run as batch
from evalkit.batch.kernels import execute
from evalkit.batch.kernels.session import KernelSession, asked_file
from evalkit.batch.kernels.tasks import ChapterRun, ChapterTask
from evalkit.batch.run import render
from evalkit.documents.editions.outcomes import Outcome
from evalkit.documents.guard import may_be_said
from tests.support.offline import Here


def use(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have batches run here."""
    monkeypatch.setattr(batch, "Lanes", lambda _workers: Here())
    monkeypatch.setattr(execute, "run_chapter", run_chapter)
    monkeypatch.setattr(jobs, "prepare_kernels", lambda: None)


def run_chapter(task: ChapterTask, session: KernelSession) -> ChapterRun:
    """A chapter's cells, run one after another in one namespace."""
    notebook = json.loads(task.template.read_text(encoding="utf-8"))
    names: dict[str, Any] = {}
    before = os.environ.get(spool.PLACE)
    os.environ[spool.PLACE] = str(asked_file(session.asked, task.chapter)) if session.asked else ""
    try:
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                cell["outputs"] = _outputs(_run("".join(cell["source"]), names))
                given = {"project_file": str(task.project_file), "language": task.language}
                names.update(given, purpose="ask")
            else:
                cell["source"] = "".join(cell["source"])
    except Exception as error:  # noqa: BLE001 - as a kernel would
        kind = type(error).__name__
        said = str(error).splitlines()[-1:] if kind in execute.SPEAKING_ERRORS else []
        sentence = said[0] if said else f"{kind} in a cell"
        is_safe = may_be_said(sentence, task.project_file)
        return ChapterRun(task=task, failure=sentence if is_safe else "not repeated")
    finally:
        os.environ.pop(spool.PLACE)
        if before is not None:
            os.environ[spool.PLACE] = before
    return ChapterRun(task=task, notebook=notebook, seconds=1.0)


def _run(source: str, names: dict[str, Any]) -> Any:
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), names)
    if last is None:
        return None
    assert isinstance(last, ast.Expr)
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names)


def _outputs(value: Any) -> list[dict[str, Any]]:
    if not hasattr(value, "_repr_mimebundle_"):
        return []
    return [{"output_type": "execute_result", "data": value._repr_mimebundle_(), "metadata": {}}]


def made(folder: Path, output: Path, **options: Any) -> tuple[Outcome, ...]:
    """A project's reports, in its own languages and formats unless others are asked for."""
    options = {"formats": ("html", "xlsx"), **options}
    return render([folder], output=output, workers=1, **options)
