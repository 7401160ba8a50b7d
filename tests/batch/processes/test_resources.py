from __future__ import annotations

from pathlib import Path

import psutil
import pytest

from evalkit.batch.processes import resources

MB = 1024**2


def container(root: Path, group: str, files: dict[str, str], *, controllers: str = "") -> Path:
    (root / "proc/self").mkdir(parents=True)
    (root / "proc/self/cgroup").write_text(
        f"3:{controllers}:{group}\n" if controllers else f"0::{group}\n"
    )
    for name, content in files.items():
        file = root / "sys/fs/cgroup" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
    return root


def test_a_container_leaves_its_limit_less_what_it_uses(tmp_path: Path) -> None:
    root = container(
        tmp_path,
        "/job/one",
        {"job/one/memory.max": f"{900 * MB}\n", "job/one/memory.current": f"{300 * MB}\n"},
    )
    assert resources.available_memory(root) == 600 * MB


def test_the_tightest_of_the_groups_around_a_process_counts(tmp_path: Path) -> None:
    root = container(
        tmp_path,
        "/job/one",
        {
            "job/one/memory.max": "max\n",
            "job/one/memory.current": "5\n",
            "job/memory.max": f"{200 * MB}\n",
            "job/memory.current": f"{250 * MB}\n",
        },
    )
    assert resources.available_memory(root) == 0


def test_the_older_kind_of_control_group_is_read_too(tmp_path: Path) -> None:
    root = container(
        tmp_path,
        "/docker/a",
        # Inside a container its own group is often shown at the top.
        {
            "memory/memory.limit_in_bytes": f"{700 * MB}",
            "memory/memory.usage_in_bytes": f"{100 * MB}",
        },
        controllers="memory",
    )
    assert resources.available_memory(root) == 600 * MB


def test_without_control_groups_it_is_what_the_machine_has_free(tmp_path: Path) -> None:
    free = psutil.virtual_memory().available
    assert resources.available_memory(tmp_path) == pytest.approx(free, rel=0.5)


@pytest.mark.parametrize(
    ("cores", "memory", "workers"),
    [(8, 100_000 * MB, 8), (8, 2_000 * MB, 2), (8, 10 * MB, 1), (1, 100_000 * MB, 1)],
)
def test_there_are_as_many_workers_as_cores_and_memory_allow(
    monkeypatch: pytest.MonkeyPatch, cores: int, memory: int, workers: int
) -> None:
    monkeypatch.setattr(resources, "usable_cores", lambda: cores)
    monkeypatch.setattr(resources, "available_memory", lambda: memory)
    assert resources.usual_workers() == workers
