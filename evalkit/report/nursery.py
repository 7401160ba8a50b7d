"""A process that has loaded the heavy libraries once and forks a kernel for each chapter.

Run as a script, never imported: it must not load evalkit, whose display hooks belong to
each kernel alone, and must start no thread, socket or event loop before it forks. One
request a line on stdin (``{"arguments", "environment", "folder"}``), one answer a line on
stdout (the pid). It ends when its stdin does, and its kernels notice and end with it.
"""

from __future__ import annotations

import gc
import json
import os
import random
import signal
import sys
from contextlib import suppress
from importlib import import_module
from typing import Any

_PRELOADED = (
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "pandas",
    "scipy.stats",
    "scipy.optimize",
    "matplotlib.figure",
    "matplotlib.backends.backend_svg",
    "pydantic",
    "yaml",
    "jinja2",
    "markdown_it",
    "python_calamine",
    "openpyxl",
)


def main() -> None:
    for name in _PRELOADED:
        with suppress(ImportError):
            import_module(name)
    # Kernels are nobody's to wait for: the system reaps them.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()
    for line in iter(sys.stdin.readline, ""):
        request = json.loads(line)
        nursery = os.getpid()
        pid = os.fork()
        if pid == 0:
            _become_kernel(request, nursery)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


def _become_kernel(request: dict[str, Any], nursery: int) -> None:
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])
    random.seed()
    import_module("numpy").random.seed()
    # The kernel ends itself when this parent is gone; ipykernel read JPY_PARENT_PID on import.
    parent = f"--IPKernelApp.parent_handle={nursery}"
    sys.argv = ["ipykernel_launcher", *request["arguments"], parent]
    try:
        import_module("ipykernel.kernelapp").launch_new_instance()
    finally:
        # Whatever happens, a child must never go on as a second nursery.
        os._exit(1)


if __name__ == "__main__":
    main()
