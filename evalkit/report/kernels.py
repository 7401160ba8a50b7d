"""The kernel a chapter runs in: this very Python, encrypted, and silent on our terminal.

Whatever a chapter writes to the terminal could quote a person's value, so the kernel's
own output streams go nowhere; only notebook outputs are read.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ipykernel.kernelspec import get_kernel_dict
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from traitlets import CaselessStrEnum

# One thread each: the chapters themselves already use every core.
SINGLE_THREADED: Mapping[str, str] = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
}


class QuietKernelManager(AsyncKernelManager):
    """Starts chapter kernels; see the module's first lines."""

    # "auto" removes the cause of "Kernel is running over TCP without encryption".
    transport_encryption = CaselessStrEnum(["disabled", "auto", "required"], default_value="auto")

    @property
    def kernel_spec(self) -> KernelSpec:
        """The kernel of this interpreter, whatever other ``python3`` the machine has registered."""
        return KernelSpec(**get_kernel_dict())

    async def _async_start_kernel(self, **kw: Any) -> None:
        folder = Path(kw.get("cwd") or ".").resolve()
        kw["env"] = chapter_environment(kw.get("env") or os.environ, folder)
        await super()._async_start_kernel(
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **kw
        )

    start_kernel = _async_start_kernel


def chapter_environment(environment: Mapping[str, str], folder: Path) -> dict[str, str]:
    """The environment of a chapter's kernel: nothing of the user's own IPython set-up in it."""
    return {
        **environment,
        **SINGLE_THREADED,
        "IPYTHONDIR": str(folder / ".ipython"),
        "MPLBACKEND": "agg",
        "PYTHONHASHSEED": "0",
    }
