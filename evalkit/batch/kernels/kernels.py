"""The kernel a chapter runs in: this very Python, encrypted, and silent on our terminal.

Whatever a chapter writes to the terminal could quote a person's value, so the kernel's
own output streams go nowhere; only notebook outputs are read. Where the system can fork,
kernels come from a nursery that has loaded the heavy libraries once (`warm`).
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path
from queue import Empty
from typing import Any

from ipykernel.kernelspec import get_kernel_dict
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import CaselessStrEnum

from evalkit.batch.kernels import warm
from evalkit.batch.processes.worker import yield_memory_first

# jupyter_client looks every 100 ms whether a kernel has ended, and listens for 200 ms more
# after it has answered: a fifth of a short chapter.
_POLL_SECONDS = 0.005
_KERNEL_POINTS = 800
# A socket's name has at most 107 bytes (unix(7)), of which our file takes the last few.
_SOCKET_FOLDER_BYTES = 100


class NurseryProvisioner(LocalProvisioner):
    """Has the nursery fork the kernel; the rest is jupyter_client's own."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        arguments = cmd[cmd.index("ipykernel_launcher") + 1 :]
        try:
            forked = warm.nursery.fork(
                arguments, environment=kwargs["env"], folder=Path(kwargs["cwd"])
            )
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

    async def send_signal(self, signum: int) -> None:
        if await self.poll() is None:  # else its number may be another group's
            await super().send_signal(signum)


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

    client_class = "evalkit.batch.kernels.kernels.PromptClient"
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
        (folder / warm.TEMPORARY).mkdir(exist_ok=True)
        kw["env"] = warm.chapter_environment(kw.get("env") or os.environ, folder)
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
