"""The kernel of one project: its chapters run in it one after another, each as if it were first.

A chapter finds no name, figure, option or file of the one before it; libraries that are loaded
stay. A chapter that kills the kernel, or has to be stopped, costs a new one for the next.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from evalkit.batch.kernels.warm import nursery
from evalkit.batch.processes.worker import end_processes_of
from evalkit.documents.files.workfolder import workplace
from evalkit.documents.kept import KERNEL

# Run before the first chapter: what a chapter may set for its whole process is noted and put
# back before the next one. Its names go with its namespace, and loaded libraries stay.
_NOTE = """
def _noting():
    import builtins, gc, os, random, sys, warnings
    from contextlib import suppress
    shell = get_ipython()
    bundles = shell.display_formatter.mimebundle_formatter
    folder, environment, search = os.getcwd(), dict(os.environ), list(sys.path)
    filters, limit, mask = list(warnings.filters), sys.getrecursionlimit(), os.umask(0o77)
    os.umask(mask)
    shown = [(table, dict(table)) for table in (bundles.type_printers, bundles.deferred_printers)]

    def prepare(asked):
        shell.reset(new_session=True)
        os.environ.clear()
        os.environ.update(environment, EVALKIT_ASKED=asked)
        os.umask(mask)
        os.chdir(folder)
        sys.path[:], warnings.filters[:] = search, filters
        sys.setrecursionlimit(limit)
        for table, known in shown:
            table.clear()
            table.update(known)
        with warnings.catch_warnings(), suppress(Exception):
            warnings.simplefilter("ignore")
            if "matplotlib.pyplot" in sys.modules:
                sys.modules["matplotlib.pyplot"].close("all")
            if "matplotlib" in sys.modules:
                sys.modules["matplotlib"].rc_file_defaults()
            if "pandas" in sys.modules:
                # Those of drawing would load what draws.
                own = "" if "matplotlib" in sys.modules else "^(?!plotting)"
                sys.modules["pandas"].reset_option(own or "all")
        random.seed()
        if "numpy" in sys.modules:
            sys.modules["numpy"].random.seed()
        gc.collect()

    builtins.__evalkit_prepare__ = prepare

_noting()
"""


def asked_file(folder: Path, chapter: str) -> Path:
    """Where a chapter writes down what it asks for."""
    return folder / f"{chapter}.asked"


class KernelSession:
    """A kernel that is started for the first chapter and again after one that killed it."""

    def __init__(self, asked: Path | None = None) -> None:
        """``asked``: where chapters write down what they ask for; it outlives a kernel."""
        self.asked = asked
        self._folder: Path | None = None
        self._manager: Any = None
        self.client: Any = None  # the connection to the kernel, made with it

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def run(
        self,
        notebook: Any,
        *,
        chapter: str,
        seconds_left: Callable[[Any], int],
        allowed: frozenset[str] = frozenset(),
        opening: str = "",
    ) -> Any:
        """The executed notebook; its cells may have failed.

        Args:
            notebook: What to run.
            chapter: Its name, under which it asks.
            seconds_left: How long a cell may take.
            allowed: MIME types that may leave it; the usual ones when left out.
            opening: Code to run before its cells.

        Raises:
            evalkit.batch.kernels.engine.TooMuchOutput: If it was stopped for that.
            Exception: Whatever else stopped it, such as nbclient's own errors.
        """
        from evalkit.batch.kernels.engine import ALLOWED, Engine

        self._empty_folder()
        try:
            return Engine.execute_notebook(
                notebook,
                KERNEL["name"],
                progress_bar=False,
                autosave_cell_every=0,
                session=self,
                preparation=[_NOTE] * self.is_new + [self._preparing(chapter), opening],
                allowed=allowed or ALLOWED,
                timeout_func=seconds_left,
            )
        except Exception:
            # Dead, stopped, or in a state that nobody knows; a failing cell is no exception here.
            self.close()
            raise

    def _preparing(self, chapter: str) -> str:
        place = asked_file(self.asked, chapter) if self.asked is not None else ""
        return f"__evalkit_prepare__({str(place)!r})"

    def manager(self) -> Any:
        """What starts the kernel, or has started it."""
        if self._manager is None:
            from evalkit.batch.kernels.kernels import QuietKernelManager

            self._manager = QuietKernelManager()
        return self._manager

    @property
    def is_new(self) -> bool:
        """Whether no chapter has run in the kernel that is there."""
        return self.client is None

    def close(self) -> None:
        """End the kernel and whatever its chapters started, also in sessions of their own."""
        manager, client, folder = self._manager, self.client, self._folder
        self._manager = self.client = self._folder = None
        if manager is not None:
            from jupyter_core.utils import run_sync

            with suppress(Exception):
                run_sync(_ended)(manager, client)
        if folder is not None:
            end_processes_of(folder)
            nursery.end_strays()
            shutil.rmtree(folder, ignore_errors=True)

    @property
    def folder(self) -> Path:
        """Where chapters work: empty, so that nothing can shadow a module."""
        return self._place() / "work"

    def _place(self) -> Path:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(dir=workplace()))
            (self._folder / "work").mkdir()
        return self._folder

    def _empty_folder(self) -> None:
        """Files of the chapter before are no chapter's business; `.ipython` is the kernel's."""
        for entry in _entries(self.folder):
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry, ignore_errors=True)
            else:
                entry.unlink(missing_ok=True)


def _entries(folder: Path) -> Iterator[Path]:
    with suppress(OSError):
        yield from list(folder.iterdir())


async def _ended(manager: Any, client: Any) -> None:
    from jupyter_core.utils import ensure_async

    if client is not None:
        await ensure_async(client.stop_channels())
    if manager.has_kernel:
        with suppress(Exception):
            await ensure_async(manager.shutdown_kernel(now=True))
    await ensure_async(manager.cleanup_resources())
