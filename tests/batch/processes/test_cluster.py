"""The workers of a real scheduler on the loopback, and what is said of a cluster that is unfit."""

from __future__ import annotations

import json
import operator
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import psutil
import pytest

from evalkit.batch.processes import cluster, cluster_checks
from evalkit.batch.processes.cluster import ClusterError, connected
from evalkit.batch.processes.executors import Executor, WorkerLost
from evalkit.batch.run import render
from tests.batch.processes.clusters import LocalCluster, local_cluster
from tests.support.templates import (
    code,
    template,
    whole_template,
    write_project,
    write_template,
)
from tests.support.waiting import PATIENCE_SECONDS, wait_until

pytestmark = pytest.mark.slow

EVALKIT = (sys.executable, "-c", "from evalkit.cli import main; main()")


@pytest.fixture(scope="module")
def two_workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCluster]:
    with local_cluster(tmp_path_factory.mktemp("cluster"), workers=2) as started:
        yield started


def reports_under(folder: Path) -> dict[str, bytes]:
    """Every file in a project's folder but those that tell times."""
    told = ("manifest.json", "render.log")
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in folder.glob("*/**/*")
        if file.is_file() and file.name not in told
    }


def with_places(executor: Executor, number: int) -> Executor:
    """The executor once so many workers have come."""
    wait_until(lambda: executor.places == number)
    return executor


def worker_of(job_process: int) -> int:
    return psutil.Process(job_process).ppid()


def stay(folder: Path) -> None:
    """Run on a worker: says that it has begun, and waits until it may go on."""
    (folder / f"begun-{worker_of(os.getpid())}-{os.getpid()}").touch()
    wait_until((folder / "go").exists)


def begun(folder: Path) -> list[tuple[int, int]]:
    """Worker and process of every job that stays."""
    return [
        (int(worker), int(process))
        for _, worker, process in (file.name.split("-") for file in folder.glob("begun-*"))
    ]


def kill_oneself() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_jobs_run_on_the_workers_and_their_errors_come_back(two_workers: LocalCluster) -> None:
    executor = connected(two_workers.address)
    assert executor.places >= 1
    pids = {worker_of(executor.submit(os.getpid).result(PATIENCE_SECONDS)) for _ in range(4)}
    assert pids <= {process.pid for process in two_workers.processes}
    divided = executor.submit(operator.truediv, 1, 0)
    assert isinstance(divided.exception(PATIENCE_SECONDS), ZeroDivisionError)
    executor.close()


def test_a_cluster_is_left_as_it_was_found(two_workers: LocalCluster) -> None:
    from distributed import Client

    def settings(dask_scheduler: Any) -> int:
        return int(dask_scheduler.allowed_failures)

    with Client(two_workers.address, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=PATIENCE_SECONDS)
        executor = connected(two_workers.address)
        process = executor.submit(os.getpid).result(PATIENCE_SECONDS)
        # Dask's own setting, for all who use the scheduler: also while a run is at work.
        assert client.run_on_scheduler(settings) == 3
        executor.close()
        assert client.run_on_scheduler(settings) == 3
        assert len(client.nthreads()) == 2
    wait_until(lambda: not psutil.pid_exists(process))


def test_a_worker_that_dies_fails_its_job_only(tmp_path: Path) -> None:
    with local_cluster(tmp_path, workers=2) as started:
        executor = with_places(connected(started.address), 2)
        jobs = [executor.submit(stay, tmp_path) for _ in range(2)]
        wait_until(lambda: len(begun(tmp_path)) == 2)
        started.processes[1].kill()
        with_places(executor, 1)
        (tmp_path / "go").touch()
        errors = [job.exception(PATIENCE_SECONDS) for job in jobs]
        assert sorted(type(error).__name__ for error in errors) == ["BrokenExecutor", "NoneType"]
        assert isinstance(next(filter(None, errors)), WorkerLost)
        assert len(begun(tmp_path)) == 2  # Dask has not run it again
        executor.close()


@pytest.mark.parametrize("nanny", [False, True], ids=["alone", "nanny"])
def test_a_job_that_hangs_or_kills_its_process_costs_neither_worker_nor_other_jobs(
    tmp_path: Path, nanny: bool
) -> None:
    with local_cluster(tmp_path, workers=0) as started:
        started.add_worker(threads=2, nanny=nanny)
        executor = with_places(connected(started.address), 2)
        hanging = executor.submit(stay, tmp_path)
        wait_until(lambda: len(begun(tmp_path)) == 1)
        ((worker, process),) = begun(tmp_path)
        assert isinstance(executor.submit(kill_oneself).exception(PATIENCE_SECONDS), WorkerLost)
        other = executor.submit(stay, tmp_path)
        wait_until(lambda: len(begun(tmp_path)) == 2)
        executor.end(hanging)
        assert isinstance(hanging.exception(), WorkerLost)
        wait_until(lambda: not psutil.pid_exists(process))
        again = executor.submit(os.getpid).result(PATIENCE_SECONDS)
        assert worker_of(again) == worker
        (tmp_path / "go").touch()
        assert other.exception(PATIENCE_SECONDS) is None
        executor.close()


class Overtaken(Future[int]):
    """A job that comes to its end just after one has looked whether it has."""

    def done(self) -> bool:
        return False


def test_a_result_that_comes_while_its_worker_is_given_up_stands() -> None:
    given_up: Future[int] = Overtaken()
    given_up.set_result(7)
    cluster._fail(given_up)
    assert given_up.result() == 7


def test_a_scheduler_that_is_gone_is_told_and_what_ran_is_lost_work(tmp_path: Path) -> None:
    with local_cluster(tmp_path, workers=1) as started:
        executor = connected(started.address)
        staying = executor.submit(stay, tmp_path)
        started.processes[0].kill()
        assert isinstance(staying.exception(PATIENCE_SECONDS), WorkerLost)
        with pytest.raises(ClusterError, match="the scheduler is gone; what is finished is kept"):
            executor.submit(os.getpid)
        executor.close(at_once=True)


def test_a_cluster_that_all_workers_have_left_is_not_waited_for_in_vain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "_PATIENCE_SECONDS", 2)
    with local_cluster(tmp_path, workers=1) as started:
        executor = connected(started.address)
        started.processes[1].kill()
        with pytest.raises(ClusterError, match="no worker has been there for 2 seconds"):
            wait_until(lambda: executor.places > 1)
        executor.close(at_once=True)


@pytest.mark.parametrize(
    "address", ["127.0.0.1:8786", "tcp://127.0.0.1", "http://a:1", "inproc://1"]
)
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(ClusterError, match="expected tcp://HOST:PORT or tls://HOST:PORT"):
        connected(address)


def test_a_scheduler_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_CONNECT_SECONDS", 1.0)
    with pytest.raises(ClusterError, match=r"tcp://127\.0\.0\.1:9: no scheduler answers there"):
        connected("tcp://127.0.0.1:9")


def test_without_the_extra_the_command_that_installs_it_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ClusterError, match=r"pip install 'evalkit\[cluster\]'"):
        connected("tcp://127.0.0.1:9")


def test_a_scheduler_without_workers_is_told_how_to_get_some(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "_FIRST_WORKER_SECONDS", 1.0)
    told = "no workers; start some with: dask worker tcp://"
    with local_cluster(tmp_path, workers=0) as started, pytest.raises(ClusterError, match=told):
        connected(started.address)


def test_a_machine_with_other_versions_is_named_with_them(
    two_workers: LocalCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = {**cluster_checks.package_versions(), "pandas": "1.0"}
    monkeypatch.setattr(cluster_checks, "_versions_here", lambda: here)
    with pytest.raises(ClusterError, match=r"pandas 3\S+ instead of 1\.0; every machine"):
        connected(two_workers.address)


def test_a_worker_without_evalkit_is_named(tmp_path: Path) -> None:
    with local_cluster(tmp_path, workers=0) as started:
        # A module of that name that holds nothing of ours stands before the installed one.
        (tmp_path / "evalkit").mkdir()
        (tmp_path / "evalkit" / "__init__.py").touch()
        started.add_worker(surroundings={"PYTHONPATH": str(tmp_path)})
        with pytest.raises(ClusterError, match=r"worker tcp://\S+ cannot load evalkit"):
            connected(started.address)


def test_a_worker_that_does_not_share_the_files_is_told_before_anything_runs(
    two_workers: LocalCluster, tmp_path: Path
) -> None:
    missing = tmp_path / "elsewhere" / "project.yaml"
    with pytest.raises(ClusterError, match=r"cannot reach \S+project.yaml: projects and reports"):
        connected(two_workers.address, files=[missing], output=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_worker_that_comes_later_is_used_if_it_is_fit_and_left_out_if_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "_LOOK_EVERY_SECONDS", 0.1)
    with local_cluster(tmp_path, workers=1) as started:
        executor = connected(started.address)
        assert executor.places == 1
        started.add_worker()
        # Before the installed evalkit stands an empty one: this worker cannot load ours.
        (tmp_path / "evalkit").mkdir()
        (tmp_path / "evalkit" / "__init__.py").touch()
        unfit = started.add_worker(surroundings={"PYTHONPATH": str(tmp_path)})
        wait_until(lambda: len(executor._client.nthreads()) == 3)
        with_places(executor, 2)
        # Looked over, and known by its address alone.
        wait_until(lambda: executor.places == 2 and len(executor._unfit) == 1)
        jobs = [executor.submit(stay, tmp_path) for _ in range(2)]
        wait_until(lambda: len(begun(tmp_path)) == 2)
        workers = {worker for worker, _ in begun(tmp_path)}
        assert workers == {process.pid for process in started.processes[1:3]}
        assert unfit.pid not in workers
        (tmp_path / "go").touch()
        assert [job.result(PATIENCE_SECONDS) for job in jobs] == [None, None]
        executor.close()


def test_a_folder_of_that_name_which_is_not_the_same_is_not_shared(tmp_path: Path) -> None:
    with cluster_checks._Marker(tmp_path) as marker:
        assert cluster_checks.seen_here([], marker.path, marker.content) == ""
        assert cluster_checks.seen_here([], marker.path, "another") == str(tmp_path)
    assert cluster_checks.seen_here([], marker.path, marker.content) == str(tmp_path)
    assert list(tmp_path.iterdir()) == []


CERTIFICATES = """
distributed:
  comm:
    require-encryption: true
    tls:
      ca-file: {folder}/ours.pem
      scheduler: {{cert: {folder}/ours.pem, key: {folder}/key.pem}}
      worker: {{cert: {folder}/ours.pem, key: {folder}/key.pem}}
      client: {{cert: {folder}/ours.pem, key: {folder}/key.pem}}
"""


def test_a_scheduler_that_asks_for_certificates_serves_only_those_who_have_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not there: no certificate can be made for this test")
    make = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    files = ["-keyout", str(tmp_path / "key.pem"), "-out", str(tmp_path / "ours.pem")]
    subprocess.run(["openssl", *make, *files], check=True, capture_output=True)
    settings = tmp_path / "dask.yaml"
    settings.write_text(CERTIFICATES.format(folder=tmp_path))
    with local_cluster(
        tmp_path, workers=1, protocol="tls", surroundings={"DASK_CONFIG": str(settings)}
    ) as started:
        assert started.address.startswith("tls://127.0.0.1:")
        whole = (
            "from evalkit.batch.processes.cluster import connected; "
            f"e = connected('{started.address}')"
        )
        told = subprocess.run(
            [sys.executable, "-c", f"{whole}; print(e.submit(abs, -3).result(300)); e.close()"],
            env={**os.environ, "DASK_CONFIG": str(settings)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (told.stdout, told.stderr) == ("3\n", "")
        monkeypatch.setattr(cluster, "_CONNECT_SECONDS", 2.0)
        with pytest.raises(ClusterError, match="needs certificates in Dask's configuration"):
            connected(started.address)


# Waits to be killed with its worker the first time, and writes down each time it runs.
KILLED_ONCE = """
import os, time
runs = os.path.join(os.path.dirname(project_file), "runs")
with open(runs, "a") as told:
    told.write(f"{open(f'/proc/{os.getppid()}/stat').read().split()[3]}\\n")
if open(runs).read().count("\\n") == 1:
    time.sleep(600)
"""


def test_a_worker_killed_in_mid_run_costs_nothing_and_leaves_nothing(tmp_path: Path) -> None:
    write_template(tmp_path / "nb", "participants", whole_template())
    slow = [code(KILLED_ONCE), *whole_template()["cells"][1:]]
    write_template(tmp_path / "nb", "data_quality", template(*slow))
    projects = [write_project(tmp_path / f"p{n}", identity=f"p{n}") for n in range(5)]
    projects[1] = write_project(tmp_path / "p1", identity="p1", chapters=("data_quality",))
    marker = f"evalkit-drill-{os.getpid()}"
    with local_cluster(tmp_path / "cluster", workers=0) as started:
        for _ in range(2):
            started.add_worker(surroundings={"EVALKIT_DRILL": marker})
        command = subprocess.Popen(
            [*EVALKIT, "render", *map(str, projects), "--json",
             "--languages=sv", "--formats=html,pdf", f"--notebooks={tmp_path / 'nb'}",
             f"--output={tmp_path / 'far'}",
             f"--scheduler={started.address}"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )  # fmt: skip
        runs = tmp_path / "p1" / "runs"
        wait_until(lambda: runs.is_file() and runs.read_text().endswith("\n"))
        killed = psutil.Process(worker_of(int(runs.read_text())))
        assert killed.pid in {process.pid for process in started.processes}
        killed.kill()
        out, err = command.communicate(timeout=PATIENCE_SECONDS)
    assert (command.returncode, err) == (0, "")
    told = [json.loads(line) for line in out.splitlines()]
    assert [one["state"] for one in told if one.get("project") == "p1" and one["event"] == "chapter"
            ] == ["again", "done"]  # fmt: skip
    assert runs.read_text().count("\n") == 2

    options = {"templates": tmp_path / "nb", "languages": ["sv"], "formats": ["html", "pdf"]}
    render(projects, output=tmp_path / "near", **options)
    far, near = reports_under(tmp_path / "far"), reports_under(tmp_path / "near")
    assert far.keys() == near.keys()
    assert far == near
    require_no_orphans(marker)


ENDLESS = """
import os, time
with open(os.path.join(os.path.dirname(project_file), "runs"), "a") as runs:
    runs.write(f"{os.getpid()}\\n")
while True:
    time.sleep(0.1)
"""


def test_ctrl_c_ends_what_runs_on_the_cluster_and_leaves_the_workers(tmp_path: Path) -> None:
    write_template(tmp_path / "nb", "participants", template(code(ENDLESS)))
    write_project(tmp_path / "projects" / "p0", identity="p0")
    options = [
        *("--all", "--languages=sv", f"--projects={tmp_path / 'projects'}"),
        *(f"--notebooks={tmp_path / 'nb'}", f"--output={tmp_path / 'out'}"),
    ]
    with local_cluster(tmp_path / "cluster", workers=1) as started:
        command = subprocess.Popen(
            [*EVALKIT, "render", *options, f"--scheduler={started.address}"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        runs = tmp_path / "projects" / "p0" / "runs"
        wait_until(lambda: runs.is_file() and runs.read_text().endswith("\n"))
        command.send_signal(signal.SIGINT)
        _, err = command.communicate(timeout=PATIENCE_SECONDS)
        assert command.returncode == 130
        assert "samma kommando fortsätter" in err
        kernel = int(runs.read_text())
        wait_until(lambda: not psutil.pid_exists(kernel))
        assert [process.poll() for process in started.processes] == [None, None]
        assert connected(started.address).submit(abs, -3).result(PATIENCE_SECONDS) == 3


def require_no_orphans(marker: str) -> None:
    """No process that carries the marker in its environment is left before long."""
    wait_until(lambda: not any(_carries(process, marker) for process in psutil.process_iter()))


def _carries(process: psutil.Process, marker: str) -> bool:
    try:
        alive = process.status() != psutil.STATUS_ZOMBIE
        return alive and process.environ().get("EVALKIT_DRILL") == marker
    except psutil.Error:
        return False
