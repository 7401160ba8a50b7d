"""Running the chapters of a project: each a template that becomes a notebook or a failure.

They run one after another in the project's own kernel (`session`). A failure is one sentence
that never quotes a traceback: tracebacks may hold data values. Status comes from exceptions
only; what papermill writes about itself is not trusted.
"""

from __future__ import annotations

import copy
import logging
import os
import sys
import time
from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from evalkit.batch.kernels.session import KernelSession
from evalkit.batch.kernels.tasks import ChapterRun, ChapterTask
from evalkit.documents.files.provenance import digest
from evalkit.documents.guard import may_be_said
from evalkit.documents.kept import KERNEL
from evalkit.project.problems import Problem, Spoken, terminal
from evalkit.project.vocabulary import is_own

PARAMETERS = ("project_file", "language", "purpose")
PARAMETERS_TAG = "parameters"

# Errors of our own: written to be read by the evaluator, and never holding a person's value.
SPEAKING_ERRORS = frozenset({"ProjectError", "IntakeError", "CannotBeComputed"})

# What is raised when the kernel is gone, which may not be the chapter's fault.
_DEATHS = frozenset({"DeadKernelError", "KernelDidNotStart"})
_CAUSES = {
    "CellTimeoutError": "slow",
    "DeadKernelError": "died",
    "KernelDidNotStart": "not_started",
    "_Incomplete": "incomplete",
}


class TemplateError(Spoken, ValueError):
    """A template that cannot be run with the three parameters of a chapter."""


def run_chapter(task: ChapterTask, session: KernelSession | None = None) -> ChapterRun:
    """Execute a chapter in a session's kernel; never raises for what the chapter does.

    Without a session the chapter has a kernel to itself.
    """
    if session is None:
        with KernelSession() as own:
            return run_chapter(task, own)
    started = time.monotonic()
    try:
        notebook = _executed(task, session)
    except Exception as error:  # noqa: BLE001 - a chapter may fail in any way; see _cause
        cause = _cause(error, task)
        if not may_be_said(cause.in_language(task.language), task.project_file):
            cause = terminal("chapter.not_repeated")
        seconds, has_died = time.monotonic() - started, type(error).__name__ in _DEATHS
        return ChapterRun(task=task, seconds=seconds, has_died=has_died).failed(cause)
    return ChapterRun(task=task, notebook=notebook, seconds=time.monotonic() - started)


def read_template(file: Path, *, subject: str = "project_file") -> Any:
    """The template as a notebook node, checked to take exactly our three parameters.

    ``subject`` is the one that names what the chapter is about.

    Papermill only logs an unknown parameter and a missing ``parameters`` tag, and would
    run every project with the defaults of the template.

    Raises:
        TemplateError: If it is not a notebook, lacks the tag, or lacks a parameter.
    """
    papermill = _papermill()
    try:
        notebook = papermill.iorw.load_notebook_node(str(file))
    except Exception:  # noqa: BLE001 - whatever makes it unreadable, the finding is one
        raise TemplateError("not_a_notebook", file=file.name) from None
    tagged = [cell for cell in notebook.cells if PARAMETERS_TAG in cell.metadata.tags]
    notebook.metadata["kernelspec"] = KERNEL
    wanted = {subject, *PARAMETERS[1:]}
    if len(tagged) != 1 or not wanted <= papermill.inspect_notebook(notebook).keys():
        raise TemplateError("chapter.parameters", file=file.name, names=", ".join(sorted(wanted)))
    return notebook


def _executed(task: ChapterTask, session: KernelSession) -> Any:
    notebook = copy.deepcopy(_template(task.template, digest(task.template), task.subject))
    papermill = _papermill()
    parameters = {
        task.subject: str(task.project_file),
        "language": task.language,
        "purpose": "ask" if task.subject == "project_file" else "release",
    }
    # `papermill.execute_notebook` without its reading, checking and writing of the notebook
    # three times over, also where nothing is to be written.
    prepared = papermill.parameterize.parameterize_notebook(notebook, parameters)
    done = session.run(
        prepared,
        chapter=task.chapter,
        seconds_left=remaining(task.timeout_seconds),
        **_of_author(task),
    )
    papermill.execute.raise_for_execution_errors(done, None)
    _require_complete(done)
    return done


# A worker meets the same few templates in project after project.
@lru_cache(maxsize=32)
def _template(file: Path, _digest: str, subject: str) -> Any:
    return read_template(file, subject=subject)


def _of_author(task: ChapterTask) -> dict[str, Any]:
    """An own notebook may leave places to fill and nothing else; that it drew is heard, too."""
    from evalkit.batch.kernels.engine import OPEN

    if task.subject != "project_file" or not is_own(task.chapter):
        return {}
    return {"allowed": OPEN, "opening": "get_ipython().run_line_magic('matplotlib', 'inline')"}


def remaining(limit_seconds: float) -> Callable[[Any], int]:
    """Nbclient's timeout is per cell; giving each cell what is left bounds the chapter.

    Counted from its first cell: how long a kernel takes to start is not the chapter's doing.
    """
    began: list[float] = []

    def seconds_left(_cell: Any) -> int:
        began.append(time.monotonic())
        return max(1, round(limit_seconds - (began[-1] - began[0])))

    return seconds_left


class _Incomplete(RuntimeError):
    """A chapter that stopped without an error, as ``sys.exit(0)`` does."""


def _require_complete(notebook: Any) -> None:
    for cell in notebook.cells:
        if cell.cell_type == "code" and cell.source.strip():
            stopped = any(output.output_type == "error" for output in cell.outputs)
            if stopped or cell.execution_count is None:
                raise _Incomplete


def _cause(error: Exception, task: ChapterTask) -> Problem:
    """Why a chapter failed, without anything its code or its data could have put there."""
    kind = type(error).__name__
    if isinstance(error, Spoken):
        return error.problem
    if kind == "PapermillExecutionError":
        return _cause_in_cell(error, task)
    seconds = f"{task.timeout_seconds:.0f}"
    return terminal(f"chapter.{_CAUSES.get(kind, 'other')}", kind=kind, seconds=seconds)


def _cause_in_cell(error: Any, task: ChapterTask) -> Problem:
    # Papermill's own cell of parameters stands before this one; the reader counts without it.
    cell, name = int(error.cell_index), str(error.ename)
    if name not in SPEAKING_ERRORS:
        is_plain = name.isascii() and name.isalpha()
        return terminal(f"chapter.{'in_cell' if is_plain else 'unnamed'}", kind=name, cell=cell)
    lines = [line.strip() for line in str(error.evalue).splitlines() if line.strip()]
    said = (lines[-1] if lines else name).replace(f"{task.project_file.parent}{os.sep}", "")
    return terminal("chapter.said", said=said)


@cache
def _papermill() -> Any:
    """papermill, imported late and without the grammar that costs two seconds to build.

    ``rfc3987_syntax`` is optional for jsonschema, which asks for it on import
    (jsonschema#1428).
    """
    already_there = "rfc3987_syntax" in sys.modules
    if not already_there:
        sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    try:
        import papermill
        import papermill.engines
        import papermill.execute
        import papermill.iorw
        import papermill.parameterize
    finally:
        if not already_there:
            del sys.modules["rfc3987_syntax"]
    # These log what a chapter does, which may quote values.
    for name in ("papermill", "papermill.translators", "papermill.utils", "traitlets"):
        logger = logging.getLogger(name)
        logger.propagate = False
        logger.addHandler(logging.NullHandler())
    return papermill
