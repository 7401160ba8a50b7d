"""One kernel for the chapters of a project: each begins as if it were first, none costs another."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from evalkit.batch.kernels import engine
from evalkit.batch.kernels.execute import ChapterRun, ChapterTask, run_chapter
from evalkit.batch.kernels.session import KernelSession
from evalkit.documents.kept import HEADLINE_MIME_TYPE, chapter_headlines
from tests.support.templates import code, template, write_template
from tests.support.waiting import wait_until

TELL = f"""
import json
from IPython.display import display
def tell(**told):
    lines = [dict(label=name, text=json.dumps(value)) for name, value in told.items()]
    display({{{HEADLINE_MIME_TYPE!r}: lines}}, raw=True)
"""


DIED = "processen som körde det dog. Minnet kan ha tagit slut, eller så avslutade koden den"


@pytest.fixture(scope="module")
def session() -> Iterator[KernelSession]:
    with KernelSession() as opened:
        yield opened


def run(folder: Path, session: KernelSession, *sources: str, limit: float = 60) -> ChapterRun:
    return run_chapter(
        ChapterTask(
            project_file=folder / "project.yaml",
            project_id="exempel",
            chapter="participants",
            language="sv",
            template=write_template(
                folder / "notebooks", "participants", template(*map(code, sources))
            ),
            timeout_seconds=limit,
        ),
        session,
    )


def told(run: ChapterRun) -> dict[str, object]:
    assert run.failure == ""
    return {line.label: json.loads(line.text) for line in chapter_headlines(run.notebook)}


UPSET = """
import os, sys, warnings, random
import matplotlib.pyplot, pandas
secret = 7
os.environ["UPSET"] = "1"; sys.path.insert(0, "/upset"); os.chdir("/")
warnings.simplefilter("error"); sys.setrecursionlimit(5000); os.umask(0)
matplotlib.pyplot.figure(); matplotlib.rcParams["lines.linewidth"] = 99
pandas.set_option("display.max_rows", 3)
open(os.path.join(os.environ["TMPDIR"], "..", "work", "left"), "w").close()
"""
SEEN = """
import os, sys, warnings, matplotlib.pyplot, pandas
mask = os.umask(0); os.umask(mask)
tell(names="secret" in globals(), environment="UPSET" in os.environ, path="/upset" in sys.path,
     folder=os.listdir("."), here=os.path.basename(os.getcwd()), limit=sys.getrecursionlimit(),
     mask=mask, filters=str(warnings.filters), figures=matplotlib.pyplot.get_fignums(),
     width=matplotlib.rcParams["lines.linewidth"], rows=pandas.get_option("display.max_rows"))
"""


def test_a_chapter_finds_nothing_of_the_one_before_it_in_the_same_kernel(
    tmp_path: Path, session: KernelSession
) -> None:
    pid = "import os; tell(pid=os.getpid())"
    first = told(run(tmp_path, session, TELL, pid))
    alone = told(run(tmp_path, session, TELL, SEEN))
    told(run(tmp_path, session, TELL, UPSET))
    assert told(run(tmp_path, session, TELL, SEEN)) == alone
    assert alone["names"] is False
    assert alone["folder"] == []
    assert told(run(tmp_path, session, TELL, pid)) == first


def test_a_chapter_that_fails_leaves_the_kernel_to_the_next(
    tmp_path: Path, session: KernelSession
) -> None:
    pid = "import os; tell(pid=os.getpid())"
    first = told(run(tmp_path, session, TELL, pid))
    assert run(tmp_path, session, "secret = 7", "1 / 0").failure == "ZeroDivisionError i cell 3"
    assert run(tmp_path, session, "secret").failure == "NameError i cell 2"
    assert told(run(tmp_path, session, TELL, pid)) == first


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("import os; os._exit(1)", DIED),
        ("import time; time.sleep(60)", "det tog mer än 2 sekunder och stoppades"),
    ],
)
def test_a_chapter_that_dies_costs_a_kernel_and_itself(
    tmp_path: Path, session: KernelSession, source: str, sentence: str
) -> None:
    assert run(tmp_path, session, source, limit=2).failure == sentence
    assert told(run(tmp_path, session, TELL, "tell(answer=42)")) == {"answer": 42}


@pytest.mark.parametrize(
    "source",
    ["while True:\n    print('x' * 10_000)", "print('x' * 9_000_000)\nimport time; time.sleep(60)",
     "from IPython.display import display\nwhile True:\n    display('x' * 10_000)"],
)  # fmt: skip
def test_a_chapter_that_prints_without_end_is_stopped_by_size_and_told_so(
    tmp_path: Path, session: KernelSession, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    monkeypatch.setattr(engine, "MOST_BYTES", 5 * 1024**2)
    began = time.monotonic()
    done = run(tmp_path, session, source, limit=500)
    assert done.failure == "det visade eller skrev ut mer än 5 MB och stoppades"
    assert not done.has_died
    assert time.monotonic() - began < 120
    monkeypatch.undo()
    assert told(run(tmp_path, session, TELL, "tell(answer=42)")) == {"answer": 42}


def test_only_listed_kinds_of_output_leave_the_kernel(
    tmp_path: Path, session: KernelSession
) -> None:
    planted = "191212121212"  # Skatteverket's published test number
    shown = (
        "from IPython.display import HTML, display\n"
        f"print({planted!r}); display(HTML({planted!r})); display({{'text/plain': {planted!r},"
        f" 'application/x': {planted!r}}}, raw=True); tell(answer=1)\n{planted!r}"
    )
    done = run(tmp_path, session, TELL, shown)
    assert told(done) == {"answer": 1}
    outputs = [cell.get("outputs", []) for cell in done.notebook["cells"]]
    assert planted not in json.dumps(outputs)


def test_what_is_asked_goes_into_the_folder_that_the_worker_gave(tmp_path: Path) -> None:
    write = "import os; open(os.environ['EVALKIT_ASKED'], 'w').write('[1]')"
    asked = tmp_path / "asked"
    asked.mkdir()
    with KernelSession(asked) as own:
        assert run(tmp_path, own, write).failure == ""
    assert {file.name: file.read_text() for file in asked.iterdir()} == {
        "participants.asked": "[1]"
    }


CHILD = "[sys.executable, '-c', 'import time; time.sleep(600)'], start_new_session=True"


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize(
    "starting",
    [
        f"child = subprocess.Popen({CHILD}).pid",
        f"child = subprocess.Popen({CHILD}, env={{}}).pid",
        "child = os.fork()\nif child == 0:\n    os.setsid()\n    time.sleep(600)\n    os._exit(0)",
    ],
    ids=["setsid", "without its environment", "a fork that runs nothing new"],
)
def test_what_a_chapter_started_in_a_session_of_its_own_is_ended(
    tmp_path: Path, starting: str
) -> None:
    kept = tmp_path / "pid"
    source = (
        f"import os, subprocess, sys, time\n{starting}\nopen({str(kept)!r}, 'w').write(str(child))"
    )
    with KernelSession() as own:
        assert run(tmp_path, own, source).failure == ""
        child = int(kept.read_text())
        wait_until(lambda: os.getsid(child) == child)
    wait_until(lambda: not psutil.pid_exists(child))
