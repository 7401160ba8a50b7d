"""Where jobs run: processes of this machine, or the workers of a cluster behind the same door.

The batch submits no more than ``places`` jobs at a time and starts the next when one is
done, so what is submitted is what runs. A job is a function of a module with plain
arguments and a plain result: both may cross to another machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from evalkit.batch.processes.executor import Executor, WorkerLost

__all__ = ["Executor", "WorkerLost", "cluster_executor", "local_executor"]


def local_executor(workers: int) -> Executor:
    """As many processes of this machine as there are workers; each loses only its own job."""
    from evalkit.batch.processes.lanes import Lanes

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
    from evalkit.batch.processes.cluster import connected

    return connected(address, files=files, output=output)
