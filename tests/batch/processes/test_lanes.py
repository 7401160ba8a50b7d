from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import wait

import psutil
import pytest

from evalkit.batch.processes.executors import WorkerLost
from evalkit.batch.processes.lanes import Lanes
from evalkit.documents.files.workfolder import workplace
from tests.support.waiting import PATIENCE_SECONDS, wait_until


@pytest.fixture
def lanes() -> Iterator[Lanes]:
    made = Lanes(2)
    yield made  # type: ignore[misc]
    made.close(at_once=True)


def kill_oneself(_anything: object = None) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_job_that_kills_its_worker_takes_no_other_with_it(lanes: Lanes) -> None:
    killing, other = lanes.submit(kill_oneself), lanes.submit(time.sleep, 0.5)
    with pytest.raises(WorkerLost):
        killing.result(timeout=PATIENCE_SECONDS)
    assert other.result(timeout=PATIENCE_SECONDS) is None


def test_a_lane_whose_worker_died_runs_the_next_job(lanes: Lanes) -> None:
    wait([lanes.submit(kill_oneself), lanes.submit(kill_oneself)])
    again = [lanes.submit(os.path.basename, "a/b"), lanes.submit(os.path.basename, "a/c")]
    assert [future.result(timeout=PATIENCE_SECONDS) for future in again] == ["b", "c"]


def test_a_worker_killed_between_two_jobs_is_replaced(lanes: Lanes) -> None:
    first = lanes.submit(os.getpid).result(timeout=PATIENCE_SECONDS)
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: not psutil.pid_exists(first))
    assert lanes.submit(os.getpid).result(timeout=PATIENCE_SECONDS) != first


def test_the_folder_of_a_worker_that_was_killed_goes_with_its_lane(lanes: Lanes) -> None:
    folder = lanes.submit(workplace).result(timeout=PATIENCE_SECONDS)
    wait([lanes.submit(kill_oneself), lanes.submit(kill_oneself)])
    assert folder.is_dir()
    lanes.close()
    assert not folder.exists()


def test_ending_one_job_leaves_the_other_alone(lanes: Lanes) -> None:
    endless, other = lanes.submit(time.sleep, 600), lanes.submit(time.sleep, 1)
    lanes.end(endless)
    with pytest.raises(WorkerLost):
        endless.result(timeout=PATIENCE_SECONDS)
    assert other.result(timeout=PATIENCE_SECONDS) is None


def test_closing_at_once_waits_for_nobody() -> None:
    lanes = Lanes(2)
    futures = [lanes.submit(time.sleep, 600) for _ in range(2)]
    lanes.close(at_once=True)
    assert all(
        isinstance(future.exception(timeout=PATIENCE_SECONDS), WorkerLost) for future in futures
    )


def test_lanes_at_rest_have_no_process_unless_it_is_at_work(lanes: Lanes) -> None:
    resting = lanes.submit(os.getpid).result(timeout=PATIENCE_SECONDS)
    working = lanes.submit(time.sleep, 600)
    lanes.rest()
    assert not working.done()
    assert lanes.submit(os.getpid).result(timeout=PATIENCE_SECONDS) != resting


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_a_worker_hears_neither_ctrl_c_nor_a_closed_terminal(lanes: Lanes) -> None:
    pid = lanes.submit(os.getpid).result(timeout=PATIENCE_SECONDS)
    for number in (signal.SIGINT, signal.SIGHUP):
        os.kill(pid, number)
    assert lanes.submit(os.getpid).result(timeout=PATIENCE_SECONDS) == pid


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_workers_end_when_their_parent_is_killed() -> None:
    program = (
        "import os, time\n"
        "from evalkit.batch.processes.lanes import Lanes\n"
        "if __name__ == '__main__':\n"
        "    lanes = Lanes(2)\n"
        "    print(*(lanes.submit(os.getpid).result() for _ in range(2)), flush=True)\n"
        "    lanes.submit(time.sleep, 600)\n"
        "    time.sleep(600)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        workers = [psutil.Process(int(pid)) for pid in parent.stdout.readline().split()]
        parent.kill()
    _, alive = psutil.wait_procs(workers, timeout=PATIENCE_SECONDS)
    assert not alive
