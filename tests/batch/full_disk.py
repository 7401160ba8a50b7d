"""Run in a namespace of its own: renders onto a file system that is all but full.

``python -m tests.batch.full_disk FOLDER``: FOLDER holds projects "sound" and "full" with
reports already rendered and templates changed since. Tells what came of it as JSON.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

EVALKIT = (sys.executable, "-c", "from evalkit.cli import main; main()")
# For nothing, for a chapter, for a chapter and its page but not the manifest.
ROOMS_KILOBYTES = (4, 20, 36)
_SIZE_KILOBYTES = 400


def command(folder: Path, *projects: str) -> list[str]:
    return [
        *(*EVALKIT, "render", "--json", "--formats=html", "--languages=sv", "--workers=2"),
        *(f"--projects={folder / 'projects'}", f"--notebooks={folder / 'nb'}"),
        *(f"--output={folder / 'reports'}", *projects),
    ]


def files_of(folder: Path) -> dict[str, str]:
    return {
        str(file.relative_to(folder)): file.read_bytes().hex()
        for file in folder.rglob("*")
        if file.is_file() and file.name != "ballast"
    }


def main(folder: Path) -> None:
    full = folder / "reports" / "full"
    shutil.copytree(full, folder / "copy")
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={_SIZE_KILOBYTES}k", "tmpfs", str(full)], check=True
    )
    shutil.copytree(folder / "copy", full, dirs_exist_ok=True)
    before = files_of(full)
    tried = [_try(folder, full, room) for room in ROOMS_KILOBYTES]
    untouched = files_of(full) == before
    (full / "ballast").unlink()
    last = _render(folder, "full")
    sys.stdout.write(json.dumps({"tried": tried, "untouched": untouched, "last": last}))


def _try(folder: Path, full: Path, room_kilobytes: int) -> dict[str, Any]:
    (full / "ballast").unlink(missing_ok=True)
    before = files_of(full)
    (full / "ballast").write_bytes(bytes(shutil.disk_usage(full).free - room_kilobytes * 1024))
    told = _render(folder, "full", "sound")
    return {**told, "room": room_kilobytes, "is_untouched": files_of(full) == before}


def _render(folder: Path, *projects: str) -> dict[str, Any]:
    done = subprocess.run(command(folder, *projects), capture_output=True, text=True, check=False)
    events = [json.loads(line) for line in done.stdout.splitlines()]
    states = {
        one["project"]: [one["state"], *one["sentences"]]
        for one in events
        if one["event"] == "report"
    }
    return {"code": done.returncode, **states}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
