"""Where the chapter templates and the sample projects lie: in the repository or in the wheel."""

from __future__ import annotations

from pathlib import Path

from evalkit.project.vocabulary import PROJECT_FILE

_YAML = frozenset({".yaml", ".yml"})
_PACKAGE = Path(__file__).resolve().parents[2]


class NotFound(FileNotFoundError):
    """A file or folder that was asked for by name and is not there; one clear sentence."""


def notebooks_folder() -> Path:
    """The folder of chapter templates that came with this installation."""
    return _first_folder(_PACKAGE / "_bundled" / "notebooks", _PACKAGE.parent / "notebooks")


def sample_folder() -> Path:
    """The folder of sample projects that came with this installation."""
    return _first_folder(_PACKAGE / "_bundled" / "sample", _PACKAGE.parent / "data" / "sample")


def template_file(chapter: str, *, project_folder: Path, templates: Path | None = None) -> Path:
    """The template of a chapter: the project's own in ``notebooks/`` beside its project file,
    where the evaluator's interpretation stands, before the general one.

    Raises:
        NotFound: If neither exists.
    """
    name = f"{chapter}.ipynb"
    folders = (project_folder / "notebooks", templates or notebooks_folder())
    for folder in folders:
        if (folder / name).is_file():
            return (folder / name).resolve()
    raise NotFound(f"no template {name} for the chapter '{chapter}'")


def projects_in(folder: Path) -> tuple[Path, ...]:
    """The project files one level below a folder, in name order.

    Raises:
        NotFound: If there are none.
    """
    files = tuple(sorted(folder.glob(f"*/{PROJECT_FILE}"))) if folder.is_dir() else ()
    if not files:
        raise NotFound(f"{folder}: no projects here (expected <project>/{PROJECT_FILE})")
    return files


def find_project(name: str, *, folders: tuple[Path, ...]) -> Path:
    """The project file meant by a folder, a file or the id of a project in ``folders``.

    Raises:
        NotFound: If nothing fits; the sentence lists the ids that would.
    """
    given = Path(name)
    if given.is_file():
        if given.suffix.lower() not in _YAML:
            raise NotFound(
                f"{name}: expected a {PROJECT_FILE} or its folder; a register is named in the "
                "project file, under registers"
            )
        return given
    candidates = (given, *(folder / name for folder in folders))
    for candidate in candidates:
        if (candidate / PROJECT_FILE).is_file():
            return candidate / PROJECT_FILE
    if given.is_dir():
        below = len(_projects(given))
        hint = f", but {below} with one; give --all --projects {name} for them" if below else ""
        raise NotFound(f"{name}: the folder holds no {PROJECT_FILE}{hint}")
    known = sorted({file.parent.name for folder in folders for file in _projects(folder)})
    hint = f"; projects here: {', '.join(known)}" if known else ""
    raise NotFound(f"'{name}' is neither a project file, a project folder nor a project id{hint}")


def _projects(folder: Path) -> tuple[Path, ...]:
    return tuple(folder.glob(f"*/{PROJECT_FILE}"))


def _first_folder(*candidates: Path) -> Path:
    for candidate in candidates:
        if candidate.is_dir():
            return candidate
    raise NotFound(f"{candidates[-1].name}: the folder is missing from this installation")
