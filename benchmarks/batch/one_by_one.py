"""Runs the commands of many jobs, one job after another or a few at a time; a script.

``one_by_one.py jobs.json`` with ``{"at_once": 1, "jobs": [[command, command], …]}``. It loads
nothing, so what is measured is the commands alone.
"""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor


def _run(job: list[list[str]]) -> None:
    for command in job:
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)


def main() -> None:
    with open(sys.argv[1], encoding="utf-8") as file:  # noqa: PTH123 - pathlib is a slow import
        asked = json.load(file)
    with ThreadPoolExecutor(asked["at_once"]) as pool:
        list(pool.map(_run, asked["jobs"]))


if __name__ == "__main__":
    main()
