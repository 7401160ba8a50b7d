"""A batch without processes: jobs run where they are submitted, chapters are made up."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from evalkit.batch.kernels.tasks import ChapterRun, ChapterTask
from evalkit.batch.processes.executors import WorkerLost
from evalkit.batch.writing import ReportJob, Written, write_report


class WorkerGone(BaseException):
    """Raised by a made-up chapter in whose midst its worker is ended."""


@dataclass
class Here:
    """An executor that runs a job at once, in this process, one after another.

    ``losing``: labels of chapters, or ``report``, in whose midst the worker is to be lost, once for
    each mention.
    """

    places: int = 1
    losing: list[str] = field(default_factory=list)
    closed_at_once: bool | None = None

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(function(*arguments))
        except WorkerGone:
            future.set_exception(WorkerLost("gone"))
        except Exception as error:  # noqa: BLE001 - as a pool would
            future.set_exception(error)
        return future

    def lose(self, label: str) -> None:
        if label in self.losing:
            self.losing.remove(label)
            raise WorkerGone

    def end(self, future: Future[Any]) -> None:  # noqa: ARG002 - the executor's interface
        raise AssertionError("nothing runs here for long")

    def close(self, *, at_once: bool = False) -> None:
        self.closed_at_once = at_once


@dataclass
class Offline:
    """What ran, and what is to become of chapters by label (else they show one sentence)."""

    executor: Here
    ran: list[str] = field(default_factory=list)
    runs: dict[str, ChapterRun] = field(default_factory=dict)
    said: str = "Alla har lämnat."
    on_run: Callable[[str], None] = lambda _label: None

    def run_chapter(self, task: ChapterTask, _session: object = None) -> ChapterRun:
        label = f"{task.project_id} {task.chapter} ({task.language})"
        self.executor.lose(label)
        self.ran.append(label)
        self.on_run(label)
        made = self.runs.get(label)
        if made is not None:
            return replace(made, task=task)
        cell = {"cell_type": "markdown", "metadata": {"tags": []}, "source": self.said, "id": "a"}
        notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        return ChapterRun(task=task, notebook=notebook, seconds=1.5)

    def write_report(self, job: ReportJob) -> Written:
        self.executor.lose("report")
        return write_report(job)

    def ran_since(self) -> list[str]:
        ran, self.ran = sorted(self.ran), []
        return ran


def failed(task_failure: str, **options: Any) -> ChapterRun:
    """A run to put in ``Offline.runs``; its task is filled in."""
    task = ChapterTask(
        project_file=Path("x"), project_id="x", chapter="x", language="sv", template=Path("x")
    )
    return ChapterRun(task=task, failure=task_failure, **options)
