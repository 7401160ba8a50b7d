"""What the commands share: exit codes, where projects are looked for, lists between commas."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from evalkit.project.problems import Spoken

if TYPE_CHECKING:
    from evalkit.language import Language
    from evalkit.project.vocabulary import FormatName

FOUND, UNUSABLE, INTERRUPTED = 1, 2, 130


class UsageError(Spoken, ValueError):
    """A command that cannot be carried out as given; the message is one clear sentence."""


def sample_projects() -> Path:
    """``data/sample`` in a clone of the repository, else what came with the installation."""
    from evalkit.documents.files.paths import sample_folder

    here = Path("data") / "sample"
    return here if here.is_dir() else sample_folder()


def every_project() -> Path:
    """What ``--all`` means: ``data/sample`` in a clone of the repository, else this folder."""
    here = Path("data") / "sample"
    return here if here.is_dir() else Path()


def default_notebooks() -> Path:
    from evalkit.documents.files.paths import notebooks_folder

    here = Path("notebooks")
    return here if any(here.glob("*.ipynb")) else notebooks_folder()


def project_file(name: str) -> Path:
    """The one project meant by a folder, a file or an id."""
    from evalkit.documents.files.paths import find_project

    return find_project(name, folders=(sample_projects(),))


def chosen_languages(given: str) -> tuple[Language, ...]:
    from evalkit.language import LANGUAGES

    chosen = names(given)
    known = tuple(code for code in LANGUAGES if code in chosen)
    if not chosen or len(known) != len(set(chosen)):
        raise UsageError("languages", given=given)
    return known


def chosen_formats(given: str) -> tuple[FormatName, ...] | None:
    from evalkit.documents.files.names import FORMATS

    chosen = names(given)
    known = tuple(one for one in FORMATS if one in chosen)
    if len(known) != len(set(chosen)):
        raise UsageError("formats", formats=", ".join(FORMATS), given=given)
    return known or None


def names(given: str) -> list[str]:
    return [name.strip() for name in given.split(",") if name.strip()]
