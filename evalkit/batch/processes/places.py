"""The executor of a run: processes of this machine, or the workers of a cluster."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from evalkit.batch.processes.executors import Executor
from evalkit.batch.processes.lanes import Lanes


def local_executor(workers: int) -> Executor:
    """As many processes of this machine as there are workers; each loses only its own job."""
    return Lanes(workers)


def cluster_executor(address: str, *, files: Sequence[Path] = (), output: Path) -> Executor:
    """The workers of a Dask scheduler, such as ``tcp://10.0.0.5:8786``.

    Args:
        address: Of the scheduler.
        files: Project files, which every worker must see at the same place.
        output: Folder of the reports, where every worker must be able to write.

    Raises:
        evalkit.batch.processes.cluster.ClusterError: If the cluster cannot be used, or is gone
            while it is used; one sentence.
    """
    # Loads distributed, which few runs need.
    from evalkit.batch.processes.cluster import connected

    return connected(address, files=files, output=output)
