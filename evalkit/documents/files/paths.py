"""Where the chapter templates and the sample projects lie: in the repository or in the wheel."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from evalkit.language import Language, readers_language
from evalkit.project.problems import Problem, Spoken, terminal
from evalkit.project.vocabulary import PROJECT_FILE, is_own, own_notebooks

_YAML = frozenset({".yaml", ".yml"})
# Never searched for projects, nor is any hidden folder.
_NOT_SEARCHED = frozenset({"tests", "reports", "node_modules", "__pycache__", "site-packages"})
# What a folder of reports holds beside each project's report.
_OUTPUT_MARK = "manifest.json"
_LANGUAGES = re.compile(r"^languages:[\s\[\-\"']*(sv|en)\b", re.MULTILINE)
_PACKAGE = Path(__file__).resolve().parents[2]


class NotFound(Spoken, FileNotFoundError):
    """A file or folder that was asked for by name and is not there; one clear sentence."""


def spoken(files: Iterable[Path]) -> Language:
    """The first language that a project file names, else the reader's.

    Looked for in the text: a run that finds nothing to do has no time to open a project.
    """
    for file in files:
        with suppress(OSError, UnicodeDecodeError):
            if file.is_file():
                found = _LANGUAGES.search(file.read_text(encoding="utf-8-sig"))
                return "en" if found and found[1] == "en" else "sv"  # Swedish where none is named
    return readers_language()


def notebooks_folder() -> Path:
    """The folder of chapter templates that came with this installation."""
    return _first_folder(_PACKAGE / "_bundled" / "notebooks", _PACKAGE.parent / "notebooks")


def sample_folder() -> Path:
    """The folder of sample projects that came with this installation."""
    return _first_folder(_PACKAGE / "_bundled" / "sample", _PACKAGE.parent / "data" / "sample")


def template_file(chapter: str, *, project_folder: Path, templates: Path | None = None) -> Path:
    """The notebook of a chapter: the project's own, beside its project file or in ``notebooks/``
    there, before that of the installation. Own chapters may lie in ``templates``, too.

    Raises:
        NotFound: If there is none.
    """
    own = own_notebooks(chapter, project_folder)
    for file in (*own, (templates or notebooks_folder()) / f"{chapter}.ipynb"):
        if file.is_file():
            return file.resolve()
    if not is_own(chapter):
        raise NotFound("no_template", chapter=chapter)
    raise NotFound("no_chapter", chapter=chapter, folder=project_folder)


def projects_below(folder: Path, *, outputs: tuple[Path, ...] = ()) -> tuple[Path, ...]:
    """The project files in a folder and below it, in the order of their paths.

    Tests, hidden folders and folders of reports are not searched.

    Raises:
        NotFound: If there are none.
    """
    files = tuple(_searched(folder, frozenset(output.resolve() for output in outputs)))
    if not files:
        raise NotFound("no_projects", folder=folder, expected=f"{PROJECT_FILE}, **/{PROJECT_FILE}")
    return files


def find_projects(
    name: str, *, folders: tuple[Path, ...], outputs: tuple[Path, ...] = ()
) -> tuple[Path, ...]:
    """Every project meant by a name: a file's own, a folder's and those below it, an id's.

    Raises:
        NotFound: If nothing fits; the sentence lists the ids that would.
    """
    if Path(name).is_dir():
        return projects_below(Path(name), outputs=outputs)
    return (find_project(name, folders=folders),)


def find_project(name: str, *, folders: tuple[Path, ...]) -> Path:
    """The project file meant by a folder, a file or the id of a project in ``folders``.

    Raises:
        NotFound: If nothing fits; the sentence lists the ids that would.
    """
    given = Path(name)
    if given.is_file():
        if given.suffix.lower() not in _YAML:
            raise NotFound("not_a_project_file", name=name)
        return given
    candidates = (given, *(folder / name for folder in folders))
    for candidate in candidates:
        if (candidate / PROJECT_FILE).is_file():
            return candidate / PROJECT_FILE
    if given.is_dir():
        raise NotFound("no_project_file", name=name, hint=_those_below(given))
    files = (file for folder in folders for file in folder.glob(f"*/{PROJECT_FILE}"))
    known = sorted({file.parent.name for file in files})
    hint = terminal("those_here", names=", ".join(known)) if known else None
    raise NotFound("not_a_project", name=name, hint=hint)


def _those_below(folder: Path) -> Problem:
    below = [str(file.parent) for file in _searched(folder, frozenset())]
    if not below:
        return terminal("init_writes_one")
    return terminal("those_below", names=", ".join(below))


def _searched(folder: Path, outputs: frozenset[Path]) -> Iterator[Path]:
    for place, below, files in os.walk(folder):
        here = Path(place)
        if PROJECT_FILE in files:
            yield here / PROJECT_FILE
        below[:] = sorted(
            name
            for name in below
            if not name.startswith(".")
            and name not in _NOT_SEARCHED
            and (here / name).resolve() not in outputs
            and not (here / name / _OUTPUT_MARK).is_file()
        )


def _first_folder(*candidates: Path) -> Path:
    for candidate in candidates:
        if candidate.is_dir():
            return candidate
    raise NotFound("not_installed", name=candidates[-1].name)
