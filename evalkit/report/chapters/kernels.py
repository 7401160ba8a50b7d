"""The kernel a chapter runs in: this very Python, encrypted, and silent on our terminal.

Whatever a chapter writes to the terminal could quote a person's value, so the kernel's
own output streams go nowhere; only notebook outputs are read. Where the system can fork,
kernels come from a nursery that has loaded the heavy libraries once (`nursery`).
"""

from __future__ import annotations

import asyncio
import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from queue import Empty
from threading import Lock
from typing import Any

from ipykernel.kernelspec import get_kernel_dict
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import CaselessStrEnum

from evalkit.report.processes.worker import workplace, yield_memory_first

# One thread each: the chapters themselves already use every core.
_SURROUNDINGS: Mapping[str, str] = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
    # Arrow's allocator would start a thread on import, and the nursery forks: it must have none.
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "MPLBACKEND": "agg",
    "PYTHONHASHSEED": "0",
}
_NURSERY = Path(__file__).with_name("nursery.py")
# A nursery loads its libraries in 2 s, on a crowded machine in 30.
_PATIENCE_SECONDS = 120.0
# jupyter_client looks every 100 ms whether a kernel has ended, and listens for 200 ms more
# after it has answered: a fifth of a short chapter.
_POLL_SECONDS = 0.005
_KERNEL_POINTS = 800
# A socket's name has at most 107 bytes (unix(7)), of which our file takes the last few.
_SOCKET_FOLDER_BYTES = 100
# Where a chapter's temporary files go, beside the empty folder that it works in.
TEMPORARY = "tmp"


def chapter_environment(environment: Mapping[str, str], folder: Path) -> dict[str, str]:
    """The environment of a chapter's kernel, whose every file lies in the folder and goes with it.

    So nothing of the user's own IPython set-up is in it, and a temporary file, which may hold
    a person's values, does not outlive a kernel that was killed.
    """
    own = {"IPYTHONDIR": str(folder / ".ipython"), "TMPDIR": str(folder / TEMPORARY)}
    return {**environment, **_SURROUNDINGS, **own}


class ForkedKernel:
    """A kernel the nursery forked, with the part of ``Popen`` that jupyter_client uses."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def poll(self) -> int | None:
        """None while it runs. Its exit status is not ours to read: 1 stands for any."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return 1
        return None

    def wait(self) -> int:
        while self.poll() is None:
            time.sleep(_POLL_SECONDS)
        return 1

    def send_signal(self, number: int) -> None:
        os.kill(self.pid, number)


class Nursery:
    """The nursery process of this worker, started when first needed and again if it dies."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        # A worker of a cluster may run several chapters at once, in threads.
        self._one_at_a_time = Lock()

    def fork(
        self, arguments: list[str], *, environment: Mapping[str, str], folder: Path
    ) -> ForkedKernel:
        """A kernel started with ``arguments`` in ``folder``.

        Raises:
            OSError, ValueError: If the nursery does not answer.
        """
        request = {
            "arguments": arguments,
            "environment": dict(environment),
            "folder": str(folder),
        }
        with self._one_at_a_time:
            process = self._running()
            assert process.stdin is not None
            process.stdin.write(json.dumps(request) + "\n")
            process.stdin.flush()
            return ForkedKernel(int(self._answer(process)))

    def _answer(self, process: subprocess.Popen[str]) -> str:
        assert process.stdout is not None
        ready, _, _ = select.select([process.stdout], [], [], _PATIENCE_SECONDS)
        if not ready:
            process.kill()
            raise TimeoutError
        return process.stdout.readline()

    def _running(self) -> subprocess.Popen[str]:
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                # -P: the folder the user stands in must not shadow a library.
                [sys.executable, "-P", str(_NURSERY), str(workplace())],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, **_SURROUNDINGS},
                cwd=workplace().parent,
                text=True,
                start_new_session=True,
            )
        return self._process


# One per process: a worker runs one chapter after another, and its nursery outlives each.
_nursery = Nursery()


class NurseryProvisioner(LocalProvisioner):
    """Has the nursery fork the kernel; the rest is jupyter_client's own."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        arguments = cmd[cmd.index("ipykernel_launcher") + 1 :]
        try:
            forked = _nursery.fork(arguments, environment=kwargs["env"], folder=Path(kwargs["cwd"]))
        except (OSError, ValueError):
            connection = await super().launch_kernel(cmd, **kwargs)
            yield_memory_first(self.pid or 0, _KERNEL_POINTS)
            return connection
        # jupyter_client asks no more of a process than ForkedKernel answers; setsid in the
        # child makes it the leader of its own group.
        self.process = forked  # type: ignore[assignment]
        self.pid = self.pgid = forked.pid
        self.cwd = kwargs["cwd"]
        return self.connection_info


class KernelDidNotStart(RuntimeError):
    """A kernel that ended before it answered, or did not answer in time."""


class PromptClient(AsyncKernelClient):
    """Waits for a kernel until it answers, and no longer."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Until the kernel has answered on both of its channels.

        Raises:
            KernelDidNotStart: If it died, or did not answer within ``timeout`` seconds.
        """
        deadline = time.monotonic() + (timeout or float("inf"))
        while time.monotonic() < deadline:
            self.kernel_info()
            try:
                answer = await self.shell_channel.get_msg(timeout=1)
                # What the kernel publishes is heard only once that channel, too, is connected.
                await self.iopub_channel.get_msg(timeout=0.2)
            except Empty:
                pass
            else:
                self._handle_kernel_info_reply(answer)
                return
            if not await self._async_is_alive():
                raise KernelDidNotStart("the kernel died before it answered")
        raise KernelDidNotStart("the kernel did not answer in time")


class QuietKernelManager(AsyncKernelManager):
    """Starts chapter kernels; see the module's first lines."""

    # "auto" removes the cause of "Kernel is running over TCP without encryption".
    transport_encryption = CaselessStrEnum(["disabled", "auto", "required"], default_value="auto")

    client_class = "evalkit.report.chapters.kernels.PromptClient"
    client_factory = PromptClient

    @property
    def kernel_spec(self) -> KernelSpec:
        """The kernel of this interpreter, whatever other ``python3`` the machine has registered."""
        kernel = get_kernel_dict()
        # -P, as for the nursery: the folder a chapter works in is not a place to import from.
        python, *rest = kernel["argv"]
        return KernelSpec(**{**kernel, "argv": [python, "-P", *rest]})

    async def _async_start_kernel(self, **kw: Any) -> None:
        # Beside the empty folder that the chapter works in, and gone with it.
        folder = Path(kw["cwd"]).resolve().parent
        (folder / TEMPORARY).mkdir(exist_ok=True)
        kw["env"] = chapter_environment(kw.get("env") or os.environ, folder)
        self.connection_file = str(folder / "connection.json")
        if sys.platform == "linux" and len(os.fsencode(folder)) < _SOCKET_FOLDER_BYTES:
            # Sockets as files: no port that another process could take or reach.
            self.transport, self.ip = "ipc", str(folder / "s")
        if sys.platform == "linux" and self.provisioner is None:
            self.kernel_id = self.kernel_id or "chapter"
            self.provisioner = NurseryProvisioner(
                kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self
            )
        await super()._async_start_kernel(
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **kw
        )

    start_kernel = _async_start_kernel

    async def _async_wait(self, pollinterval: float = _POLL_SECONDS) -> None:
        while await self._async_is_alive():
            await asyncio.sleep(pollinterval)
