"""Chapters share a machine, a worker and a nursery, and nothing of what they do to themselves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil
import pytest

from evalkit.batch.kernels import warm
from evalkit.batch.kernels.execute import ChapterTask, run_chapter
from evalkit.documents.kept import chapter_headlines
from evalkit.present.blocks import PLACEHOLDER_MIME_TYPE
from evalkit.project import load_project
from tests.conftest import REPOSITORY
from tests.support.templates import code, template, write_template


def every_chapter() -> dict[str, tuple[str, ...]]:
    """Each chapter of the samples once, in the first project that has it."""
    compared: dict[str, tuple[str, ...]] = {}
    for file in sorted((REPOSITORY / "data" / "sample").glob("*/project.yaml")):
        taken = {name for chapters in compared.values() for name in chapters}
        new = tuple(name for name in load_project(file).chapters if name not in taken)
        compared |= {file.parent.name: new} if new else {}
    return compared


# Everything a chapter can change for whoever runs after it in one process.
STATE = """
import decimal, json, locale, os, random, statistics, sys, threading, warnings
import matplotlib, numpy, pandas
from IPython.display import display

def permissions():
    mask = os.umask(0)
    os.umask(mask)
    return mask

def seen():
    return {
        "array": f"{numpy.array([1 / 3, 1e6])}",
        "frame": pandas.DataFrame({"share": [1 / 3] * 9}).to_string(),
        "rows": pandas.get_option("display.max_rows"),
        "font": matplotlib.rcParams["font.size"],
        "backend": matplotlib.get_backend(),
        "hash_salt": str(matplotlib.rcParams["svg.hashsalt"]),
        "surroundings": os.environ.get("REGISTER", "none"),
        "folder": os.path.basename(os.getcwd()).split("-")[0],
        "filters": [str(one) for one in warnings.filters if one[0] == "error"],
        "search": [os.path.basename(entry) for entry in sys.path if "elsewhere" in entry],
        "mean": statistics.mean([1, 2, 6]),
        "median": float(numpy.median([1, 2, 6])),
        "locale": locale.setlocale(locale.LC_ALL),
        "decimal": str(decimal.Decimal(1) / decimal.Decimal(3)),
        "mask": permissions(),
        "limit": sys.getrecursionlimit(),
        "threads": len(threading.enumerate()),
    }

def upset(number):
    random.seed(number); numpy.random.seed(number)
    numpy.set_printoptions(precision=number)
    pandas.set_option("display.max_rows", number, "display.precision", number)
    matplotlib.rcParams["font.size"] = number
    matplotlib.rcParams["svg.hashsalt"] = str(number)
    matplotlib.use("svg" if number % 2 else "pdf")
    os.environ["REGISTER"] = str(number)
    os.makedirs(f"elsewhere-{number}"); os.chdir(f"elsewhere-{number}")
    warnings.simplefilter("error", UserWarning if number % 2 else FutureWarning)
    sys.path.insert(0, os.getcwd())
    statistics.mean = lambda values: number
    numpy.median = lambda values: number
    locale.setlocale(locale.LC_ALL, "C" if number % 2 else "C.UTF-8")
    decimal.getcontext().prec = number
    os.umask(number)
    sys.setrecursionlimit(1000 + number)
    threading.Thread(target=threading.Event().wait, daemon=True).start()

def tell(**content):
    data = [{"label": name, "text": json.dumps(value)} for name, value in content.items()]
    display({"application/vnd.evalkit.headline+json": data}, raw=True)
"""


def upsetting(number: int) -> str:
    """Sets everything to ``number``, long enough for another to run meanwhile."""
    return (
        f"before = seen(); upset({number})\nimport time; time.sleep(0.3)\n"
        "tell(before=before, after=seen(), draws=[random.random(), numpy.random.random()])"
    )


def told(folder: Path, name: str, source: str) -> dict[str, Any]:
    """What a chapter made of the source tells of itself."""
    notebook = template(code(STATE), code(source))
    done = run_chapter(
        ChapterTask(
            project_file=folder / "project.yaml",
            project_id=name,
            chapter="participants",
            language="sv",
            template=write_template(folder / name, "participants", notebook),
        )
    )
    assert done.failure == ""
    return {line.label: json.loads(line.text) for line in chapter_headlines(done.notebook)}


@pytest.fixture
def cold(monkeypatch: pytest.MonkeyPatch) -> None:
    """No nursery: every kernel is an ordinary one, which loads its libraries itself."""

    def refuse(*_arguments: object, **_options: object) -> None:
        raise OSError

    monkeypatch.setattr(warm.nursery, "fork", refuse)


@pytest.fixture
def nursery(tmp_path: Path) -> Iterator[psutil.Process]:
    """The nursery of this process, once it has forked a kernel."""
    told(tmp_path, "first", "tell(first=1)")
    process = warm.nursery._process
    assert process is not None
    yield psutil.Process(process.pid)


@pytest.mark.slow
def test_chapters_that_upset_their_process_differently_find_and_leave_what_they_do_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = {}
    for number in (3, 8):
        # A nursery of its own: nothing has run before it.
        monkeypatch.setattr(warm, "nursery", warm.Nursery())
        alone[number] = told(tmp_path, f"alone{number}", upsetting(number))
    assert alone[3]["before"] == alone[8]["before"]
    unlike = {
        name for name in alone[3]["after"] if alone[3]["after"][name] != alone[8]["after"][name]
    }
    assert unlike >= set(alone[3]["after"]) - {"folder", "threads"}

    one_after_another = [told(tmp_path, "next", upsetting(number)) for number in (3, 8, 3)]
    assert one_after_another == [alone[3], alone[8], alone[3]]

    with ThreadPoolExecutor(4) as threads:
        numbers = (3, 8, 3, 8)
        at_once = threads.map(
            lambda place: told(tmp_path, f"at{place}", upsetting(numbers[place])), range(4)
        )
        assert list(at_once) == [alone[number] for number in numbers]


def test_chapters_without_a_seed_do_not_draw_the_same_numbers(tmp_path: Path) -> None:
    draw = (
        "tell(draws=[random.random(), numpy.random.random(), numpy.random.default_rng().random()])"
    )
    first, second = (told(tmp_path, "draw", draw)["draws"] for _ in range(2))
    assert not set(first) & set(second)


def test_the_nursery_forks_without_threads_sockets_or_open_files(nursery: psutil.Process) -> None:
    assert nursery.num_threads() == 1
    assert nursery.net_connections(kind="all") == []
    assert {file.fd for file in nursery.open_files()} <= {0, 1, 2}
    assert {end.name for end in Path(f"/proc/{nursery.pid}/fd").iterdir()} == {"0", "1", "2"}


def test_a_folder_for_temporary_files_may_have_a_long_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # unix(7): the name of a socket has room for 107 bytes.
    long = tmp_path / ("x" * 90)
    long.mkdir()
    monkeypatch.setattr(warm, "nursery", warm.Nursery())
    monkeypatch.setattr("evalkit.batch.kernels.session.workplace", lambda: long)
    assert told(tmp_path, "far", "tell(answer=42)") == {"answer": 42}


OPEN = """
import gc, zmq
gc.unfreeze()
ends = [f"/proc/self/fd/{number}" for number in os.listdir("/proc/self/fd")]
kinds = sorted(os.readlink(end) for end in ends if os.path.lexists(end))
figures = "matplotlib.pyplot" in sys.modules and sys.modules["matplotlib.pyplot"].get_fignums()
tell(
    open=[kind for kind in kinds if kind.startswith(("pipe:", "socket:"))],
    files=[kind for kind in kinds if kind.startswith("/") and kind != "/dev/null"],
    zmq=sum(isinstance(one, zmq.Context) for one in gc.get_objects()),
    loops=len([one for one in gc.get_objects() if type(one).__name__ == "_UnixSelectorEventLoop"]),
    tasks=len(os.listdir("/proc/self/task")), figures=figures or [],
    drawing={name: str(value) for name, value in matplotlib.rcParams.items()},
    search=sys.path, limit=sys.getrecursionlimit(), mask=permissions(),
)
"""


def test_a_forked_kernel_has_no_open_end_of_its_nursery_or_its_siblings(
    tmp_path: Path, nursery: psutil.Process
) -> None:
    shared = {str(Path(f"/proc/{nursery.pid}/fd/{end}").readlink()) for end in (0, 1)}
    with ThreadPoolExecutor(2) as threads:
        first, second = threads.map(lambda name: told(tmp_path, name, OPEN), ("one", "two"))
    assert not shared & set(first["open"])
    assert not set(first["open"]) & set(second["open"])


def test_a_forked_kernel_holds_as_many_threads_contexts_and_figures_as_an_ordinary_one(
    tmp_path: Path, nursery: psutil.Process, request: pytest.FixtureRequest
) -> None:
    warm = told(tmp_path, "warm", OPEN)
    request.getfixturevalue("cold")
    ordinary = told(tmp_path, "cold", OPEN)
    # An ordinary kernel watches its parent through one pipe more; ours knows its parent's pid.
    assert len(warm.pop("open")) <= len(ordinary.pop("open"))
    assert warm == ordinary


@pytest.mark.slow
@pytest.mark.parametrize(("project", "chapters"), every_chapter().items())
def test_every_chapter_is_the_same_to_the_byte_from_warm_and_from_cold_kernels(
    project: str,
    chapters: tuple[str, ...],
    sample_folder: Path,
    request: pytest.FixtureRequest,
) -> None:
    warm = released(sample_folder / project, chapters)
    request.getfixturevalue("cold")
    cold = released(sample_folder / project, chapters)
    assert warm == cold
    # What leaves a kernel are the places where released figures will stand.
    assert all(PLACEHOLDER_MIME_TYPE in text for text in warm.values())


def released(project: Path, chapters: tuple[str, ...]) -> dict[str, str]:
    """The chapters as they are kept, run two at a time."""

    def run(chapter: str) -> tuple[str, str]:
        done = run_chapter(
            ChapterTask(
                project_file=project / "project.yaml",
                project_id=project.name,
                chapter=chapter,
                language="sv",
                template=project.parents[2] / "notebooks" / f"{chapter}.ipynb",
            )
        )
        assert done.failure == ""
        for part in (done.notebook, *done.notebook["cells"]):
            part.pop("id", None)  # drawn by lot for the cell of parameters
            for clock in ("papermill", "execution"):  # hours and seconds, which are not published
                part["metadata"].pop(clock, None)
        return chapter, json.dumps(done.notebook, ensure_ascii=False)

    with ThreadPoolExecutor(2) as threads:
        return dict(threads.map(run, chapters))
