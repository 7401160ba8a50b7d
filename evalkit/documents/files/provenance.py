"""What a report rests on: checksums of its inputs, versions of the packages behind it."""

from __future__ import annotations

import hashlib
import hmac
import os
import platform
import secrets
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from evalkit.documents.files.state import Damaged, read_bytes, set_aside

if TYPE_CHECKING:
    from evalkit.project import Project

_PACKAGES = (
    "evalkit", "highspy", "jinja2", "matplotlib", "numpy", "pandas", "papermill",
    "pydantic", "python-calamine", "scipy", "seaborn", "statsmodels",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file a report was made from; ``name`` is relative to the project's folder."""

    name: str
    sha256: str


def input_names(project: Project, *, project_file: Path) -> tuple[str, ...]:
    """The project file and every file that it names, as it names them."""
    # Only here, where a project is open: what is up to date is found without pydantic.
    from evalkit.project.official import origin_file

    named = [project_file.name]
    for register in project.registers:
        named.append(register.file.as_posix())
        if register.follow_up is not None:
            named.append(register.follow_up.file.as_posix())
    if project.comparison is not None:
        named += [file.as_posix() for file in project.comparison.files]
    for series in project.series:
        # Beside a fetched series lies where it came from, which the report prints.
        named += [series.file.as_posix(), origin_file(series.file).as_posix()]
    looks = (project.docx_template, project.logo)
    named += [file.as_posix() for file in looks if file is not None]
    named += [file.as_posix() for file in project.own_files]
    return tuple(dict.fromkeys(named))


def digests(folder: Path, names: Sequence[str]) -> tuple[InputFile, ...]:
    """Checksums of files named from a project's folder.

    A file that is missing is left out here: the chapter that needs it says so.
    """
    return tuple(
        InputFile(_shown(name), digest(folder / name))
        for name in names
        if (folder / name).is_file()
    )


def digest(file: Path) -> str:
    """SHA-256 of a file's content, hexadecimal."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def sealed(files: Sequence[InputFile]) -> tuple[InputFile, ...]:
    """The files with keyed checksums, which nobody else can try guesses of a register against.

    The key is this account's own: a report is known again where it was made, and rebuilt
    elsewhere.
    """
    return tuple(InputFile(one.name, seal(one.sha256)) for one in files)


def seal(digest: str) -> str:
    """A checksum made useless to whoever lacks the account's key (HMAC-SHA256)."""
    return hmac.digest(_seal_key(), digest.encode(), "sha256").hex()


def cache_folder() -> Path:
    """Where this account keeps what may be thrown away."""
    usual = os.environ.get("LOCALAPPDATA" if sys.platform == "win32" else "XDG_CACHE_HOME")
    return (Path(usual) if usual else Path.home() / ".cache") / "evalkit"


@cache
def _seal_key() -> bytes:
    """Made once for each account, and again where it is damaged; of one process only where
    nothing can be kept.
    """
    file = cache_folder() / "seal.key"
    for _ in range(2):
        with suppress(OSError, Damaged):
            if not file.exists():
                _make_key(file)
            key = read_bytes(file)
            if len(key) == 2 * hashlib.sha256().digest_size:
                return key
        set_aside(file)
    return secrets.token_bytes(32)


def _make_key(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    new.touch(mode=0o600)
    new.write_text(secrets.token_hex(32), encoding="ascii")
    with suppress(FileExistsError):
        os.link(new, file)
    new.unlink()


@cache
def evalkit_version() -> str:
    return _version("evalkit") or "0"


def package_versions() -> dict[str, str]:
    """Versions of Python and of the packages that decide a figure."""
    return {"python": platform.python_version(), **_package_versions()}


def _shown(name: str) -> str:
    """A path outside the project's folder would name the machine: only its last part."""
    path = Path(name)
    return path.name if path.is_absolute() or ".." in path.parts else path.as_posix()


@cache
def _package_versions() -> dict[str, str]:
    return {name: version for name in _PACKAGES if (version := _version(name))}


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None
