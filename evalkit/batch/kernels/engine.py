"""papermill's engine for nbclient, with a kernel that outlives the notebook.

Of what a kernel says that holds a register, only outputs of listed kinds are listened to, and of
those no more than a chapter can need. Imported late: it loads papermill.
"""

from __future__ import annotations

import signal
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine

from evalkit.documents.kept import FIRST_PAGE_MIME_TYPE, HEADLINE_MIME_TYPE
from evalkit.figures import FIGURES_MIME_TYPE
from evalkit.present.blocks import MIME_TYPE, PLACEHOLDER_MIME_TYPE, REFUSED
from evalkit.project.problems import Spoken

# What may leave a kernel; all else is dropped where it is received. Of an own notebook beside
# the register nothing but places to fill; of its marked cells, which see none, what they show.
OPEN = frozenset({PLACEHOLDER_MIME_TYPE})
SHOWABLE = frozenset({MIME_TYPE})
ALLOWED = frozenset(
    {PLACEHOLDER_MIME_TYPE, MIME_TYPE, HEADLINE_MIME_TYPE, FIGURES_MIME_TYPE, FIRST_PAGE_MIME_TYPE}
)
# The largest chapter of the samples shows half a megabyte.
MOST_BYTES = 50 * 1024**2
# An ordinary kernel answers within 2 s, on a crowded machine within 30.
_START_SECONDS = 120


class TooMuchOutput(Spoken, RuntimeError):
    """A chapter that showed or printed without end; the message is one clear sentence."""

    def __init__(self) -> None:
        super().__init__("chapter.too_much", most=MOST_BYTES // 1024**2)


class Client(PapermillNotebookClient):  # type: ignore[misc]  # papermill has no types
    """Runs the cells of one notebook in a kernel that is there, or starts it."""

    received = 0
    allowed = ALLOWED

    def process_message(self, msg: Any, cell: Any, cell_index: int) -> Any:
        kind, content = msg["msg_type"], msg["content"]
        self.received += _size(content)
        if self.received > MOST_BYTES:
            _kill(self.km)
        if kind == "stream":
            if content.get("name") == "stdout" and str(content.get("text", "")).strip():
                _refuse(cell, "print")
            return None
        if kind in ("execute_result", "display_data", "update_display_data"):
            data = content.get("data") or {}
            content["data"] = {key: data[key] for key in data if key in self.allowed}
            if data and not content["data"]:
                _refuse(cell, _kind_of(data))
        elif kind == "error":
            content["traceback"] = []
        return super().process_message(msg, cell, cell_index)

    def prepare(self, sources: Sequence[str]) -> None:
        """Run code that is no cell of the notebook."""
        for source in filter(None, sources):
            self.wait_for_reply(self.kc.execute(source, silent=True, store_history=False))


class Engine(NBClientEngine):  # type: ignore[misc]  # papermill has no types
    """One notebook in the kernel of a session."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **kwargs: Any) -> Any:
        session = kwargs["session"]
        client = Client(
            nb_man,
            km=session.manager(),
            kernel_name=kernel_name,
            timeout_func=kwargs["timeout_func"],
            startup_timeout=_START_SECONDS,
            # papermill's cwd= would chdir the whole process; this moves only the kernel.
            resources={"metadata": {"path": str(session.folder)}},
            extra_arguments=["--HistoryManager.enabled=False"],
            force_raise_errors=True,
            shutdown_kernel="immediate",
        )
        client.allowed = kwargs["allowed"]
        client.kc = session.client
        try:
            client.reset_execution_trackers()
            with client.setup_kernel():
                session.client = client.kc
                client.prepare(kwargs["preparation"])
                client.papermill_execute_cells()
        finally:
            if client.received > MOST_BYTES:
                raise TooMuchOutput from None
        return nb_man.nb


def _refuse(cell: Any, kind: str) -> None:
    """Note on a cell what of it was dropped, for its author; nothing of the content."""
    kinds = cell["metadata"].setdefault(REFUSED, [])
    if kind not in kinds:
        kinds.append(kind)


def _kind_of(data: Any) -> str:
    """What was shown, by how a notebook says it: a picture, a frame, or anything else."""
    if any(str(key).startswith("image/") for key in data):
        return "picture"
    return "frame" if "dataframe" in str(data.get("text/html", "")) else "output"


def _size(content: Any) -> int:
    """Roughly, in characters: what is shown is text."""
    if isinstance(content, str):
        return len(content)
    if isinstance(content, dict):
        return sum(map(_size, content.values()))
    if isinstance(content, list):
        return sum(map(_size, content)) + len(content)
    return 1


def _kill(manager: Any) -> None:
    process = getattr(manager.provisioner, "process", None)
    if process:
        with suppress(OSError):
            process.send_signal(getattr(signal, "SIGKILL", signal.SIGTERM))
