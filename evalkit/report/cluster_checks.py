"""Whether the machines of a cluster can do the work: versions, shared storage, kernels to end.

What differs between machines would differ between reports, or fail in the middle of the
night; it is said in one sentence before the first chapter is started.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

from evalkit.report.provenance import package_versions

_SHARED = ".evalkit-shared"
_KERNELS = ("nursery.py", "ipykernel_launcher")


class ClusterError(ValueError):
    """A cluster that cannot be used as asked; the message is one clear sentence."""


def require_fit_workers(client: Any, *, files: Sequence[Path], output: Path | None) -> None:
    """Look over the scheduler and every worker that is there.

    Raises:
        ClusterError: Naming the first machine that does not fit, and in what.
    """
    _require_same_versions(client)
    with _Marker(output) as marker:
        wanted = [str(file) for file in files]
        missing = client.run(seen_here, wanted, marker.path, marker.content)
    for worker, unseen in sorted(missing.items()):
        if unseen:
            raise ClusterError(
                f"worker {worker} cannot reach {unseen}: projects and reports must lie in "
                "folders that every machine shares under the same path and may write to"
            )


def _require_same_versions(client: Any) -> None:
    here = _versions_here()
    found = dict(client.run(package_versions, on_error="return"))
    with suppress(Exception):
        found["the scheduler"] = client.run_on_scheduler(package_versions)
    found.setdefault("the scheduler", LookupError())
    for machine, there in sorted(found.items()):
        name = machine if machine == "the scheduler" else f"worker {machine}"
        if not isinstance(there, Mapping):
            raise ClusterError(f"{name} cannot load evalkit; install the same version there")
        unlike = sorted(key for key in {*here, *there} if here.get(key) != there.get(key))
        if unlike:
            told = ", ".join(
                f"{key} {there.get(key, 'missing')} instead of {here.get(key, 'none')}"
                for key in unlike[:3]
            )
            raise ClusterError(f"{name} has {told}; every machine needs the same versions")


def _versions_here() -> dict[str, str]:
    return package_versions()


class _Marker:
    """A file in the reports' folder that only a machine sharing it can read."""

    def __init__(self, folder: Path | None) -> None:
        self._file = folder / f"{_SHARED}-{secrets.token_hex(4)}" if folder else None
        self.path = str(self._file or "")
        self.content = secrets.token_hex(8)

    def __enter__(self) -> _Marker:
        if self._file:
            self._file.write_text(self.content, encoding="ascii")
        return self

    def __exit__(self, *_error: object) -> None:
        if self._file:
            self._file.unlink(missing_ok=True)


def seen_here(files: Sequence[str], marker: str, content: str) -> str:
    """Run on a worker: the first path it does not share with us, empty when it shares all."""
    for file in files:
        if not Path(file).is_file():
            return file
    if marker and not _shares(Path(marker), content):
        return str(Path(marker).parent)
    return ""


def end_kernels() -> None:
    """Run on a worker: end what runs its chapters. The worker itself goes on."""
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            if any(name in part for part in process.cmdline() for name in _KERNELS):
                process.kill()


def _shares(marker: Path, content: str) -> bool:
    try:
        if marker.read_text(encoding="ascii") != content:
            return False
        own = marker.with_name(f"{marker.name}.{secrets.token_hex(4)}")
        own.write_text(content, encoding="ascii")
        own.unlink()
    except OSError:
        return False
    return True
