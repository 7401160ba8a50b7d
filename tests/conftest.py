"""What every test may lean on: where the outside facts lie, and when they are absent."""

from __future__ import annotations

import hashlib
import operator
import os
import pickle
import pkgutil
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from evalkit import disclosure
from evalkit.answers import store
from evalkit.answers.study import Study
from evalkit.batch import jobs
from evalkit.batch import run as batch
from evalkit.batch.kernels import execute
from evalkit.disclosure import linked
from evalkit.results import Ask
from tests.oracles_support import UNCOMPARED, Case
from tests.support.offline import Here, Offline

_ROOMS = sorted(one.name for one in pkgutil.iter_modules(disclosure.__path__))
_MOST_KEPT = 50  # choices, of a few megabytes each
REPOSITORY = Path(__file__).resolve().parent.parent
SHARED = REPOSITORY.parent / "shared"

# Property tests without a stop-watch: a busy machine must not fail a property. A workstation
# searches new examples every time; CI takes the same ones, so that it judges the change alone.
settings.register_profile(
    "evalkit",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize="CI" in os.environ,
)
settings.load_profile("evalkit")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """``-m oracle`` runs whatever a case of R or of a published table decides, of every topic."""
    for item in items:
        given = getattr(item, "callspec", None)
        if given is not None and any(isinstance(one, Case) for one in given.params.values()):
            item.add_marker(pytest.mark.oracle)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What the oracle cases hold that was not compared, with the reason."""
    if UNCOMPARED and terminalreporter.config.getoption("markexpr") == "oracle":
        terminalreporter.section("not compared with the oracles")
    else:
        return
    for (topic, reason), fields in sorted(UNCOMPARED.items()):
        terminalreporter.write_line(f"{topic}: {reason}")
        for field, ids in sorted(fields.items()):
            terminalreporter.write_line(f"    {field} ({len(ids)} cases)")


@pytest.fixture
def shared_path(request: pytest.FixtureRequest) -> Path:
    """The folder of outside facts beside the repository.

    Where it is absent, the skip says what was not checked.
    """
    if not SHARED.is_dir():
        not_checked = request.node.name.removeprefix("test_").replace("_", " ")
        pytest.skip(f"../shared is absent; not checked: {not_checked}")
    return SHARED


@pytest.fixture(scope="session")
def sample_folder() -> Path:
    """The sample projects of this repository."""
    return REPOSITORY / "data" / "sample"


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> Offline:
    """Batches run without processes, and chapters are made up; see `tests.support.offline`."""
    made = Offline(Here())
    monkeypatch.setattr(batch, "Lanes", lambda _workers: made.executor)
    monkeypatch.setattr(execute, "run_chapter", made.run_chapter)
    monkeypatch.setattr(jobs, "write_report", made.write_report)
    monkeypatch.setattr(jobs, "prepare_kernels", lambda: None)
    return made


@pytest.fixture(scope="session", autouse=True)
def judged_once() -> Iterator[None]:
    """A project that many tests look at is judged once, as long as its files are the same.

    A test that gives a study a register of its own is not concerned: it has been read already.
    """
    kept: dict[object, object] = {}
    answered = store.answered

    def remembering(study: Study, asks: Iterable[Ask]) -> object:
        if study.purpose != "release" or "intake" in vars(study):
            return answered(study, asks)
        folder = study.project.folder
        files = [one for one in folder.rglob("*") if one.is_file()]
        key = (
            study.language,
            study.project.model_dump_json(),
            *sorted((str(one), one.stat().st_mtime_ns, one.stat().st_size) for one in files),
        )
        if key not in kept:
            kept[key] = answered(study, asks)
        return kept[key]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(store, "answered", remembering)
        yield


def _search() -> list[object]:
    """Everything of the room, which a test may have put something else into."""
    rooms = [import_module(f"{disclosure.__name__}.{name}") for name in _ROOMS]
    return [
        one
        for room in rooms
        for name, one in vars(room).items()
        if (room, name) != (linked, "choose")
    ]


@pytest.fixture(scope="session", autouse=True)
def chosen_once() -> Iterator[None]:
    """For the same rows of the same persons what to withhold is searched for once in a session."""
    kept: dict[bytes, linked.Choice] = {}
    search, chosen = _search(), linked.choose

    def remembering(*asked: Any, **of_whom: Any) -> linked.Choice:
        now = _search()
        if len(now) != len(search) or not all(map(operator.is_, now, search)):
            return chosen(*asked, **of_whom)
        key = hashlib.sha256(pickle.dumps((asked, of_whom))).digest()
        if key not in kept:
            kept[key] = chosen(*asked, **of_whom)
        while len(kept) > _MOST_KEPT:
            del kept[next(iter(kept))]
        return kept[key]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(linked, "choose", remembering)
        yield
