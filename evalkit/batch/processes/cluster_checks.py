"""Whether the machines of a cluster can do the work: versions and shared storage.

What differs between machines would differ between reports, or fail in the middle of the
night; it is said in one sentence before the first chapter is started.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evalkit.documents.files.provenance import package_versions
from evalkit.project.problems import Spoken

_SHARED = ".evalkit-shared"
# Packages named of those that differ: enough to see which machine was forgotten.
_NAMED = 3


class ClusterError(Spoken, ValueError):
    """A cluster that cannot be used as asked; the message is one clear sentence."""


@dataclass(frozen=True, slots=True)
class Shared:
    """What every worker must see under the same path, and where it must be able to write."""

    files: tuple[Path, ...] = ()
    output: Path | None = None


def unfit_workers(client: Any, workers: Sequence[str], shared: Shared) -> dict[str, ClusterError]:
    """Worker → why it cannot be used; those that can are not in it."""
    versions = dict(client.run(package_versions, workers=workers, on_error="return"))
    unlike = {one: _unlike(versions.get(one), worker=one) for one in workers}
    unfit = {one: error for one, error in unlike.items() if error}
    rest = [one for one in workers if one not in unfit]
    wanted = [str(file) for file in shared.files]
    with _Marker(shared.output) as marker:
        seen = client.run(
            seen_here, wanted, marker.path, marker.content, workers=rest, on_error="return"
        )
    for one in rest:
        unseen = seen.get(one)
        if unseen != "":
            unfit[one] = ClusterError("cluster.unseen", worker=one, file=unseen)
    return unfit


def require_fit_scheduler(client: Any) -> None:
    """The scheduler reads the jobs' descriptions before it hands them on.

    Raises:
        ClusterError: If it has other versions.
    """
    found: Any = None
    with suppress(Exception):
        found = client.run_on_scheduler(package_versions)
    if error := _unlike(found):
        raise error


def _unlike(there: Any, *, worker: str = "") -> ClusterError | None:
    """Why the versions of a worker, or of the scheduler, are not those here."""
    here = _versions_here()
    if not isinstance(there, Mapping):
        if worker:
            return ClusterError("cluster.worker_without_evalkit", worker=worker)
        return ClusterError("cluster.scheduler_without_evalkit")
    unlike = sorted(key for key in {*here, *there} if here.get(key) != there.get(key))[:_NAMED]
    there_are = ", ".join(f"{key} {there.get(key, '–')}" for key in unlike)
    here_are = ", ".join(here.get(key, "–") for key in unlike)
    if not unlike:
        return None
    if worker:
        return ClusterError("cluster.worker_unlike", worker=worker, there=there_are, here=here_are)
    return ClusterError("cluster.scheduler_unlike", there=there_are, here=here_are)


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
