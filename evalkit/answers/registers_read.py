"""Registers read once by the chapters of a project, which follow one another in a kernel."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from evalkit.intake import Intake, read_registers
from evalkit.project import Project


def read_once(project: Project) -> Intake:
    """What the registers hold, read again only where they or the project file have changed."""
    return _read(_Registers.of(project))


@dataclass(frozen=True)
class _Registers:
    """What tells whether registers are those that were read; the project is not compared."""

    asked: str
    files: tuple[tuple[int, int, int], ...]
    project: Project = field(compare=False)

    @classmethod
    def of(cls, project: Project) -> _Registers:
        files = [one.file for one in project.registers]
        files += [one.follow_up.file for one in project.registers if one.follow_up]
        there = (project.folder / file for file in files)
        found = [file.stat() for file in there if file.exists()]
        stamps = tuple((one.st_mtime_ns, one.st_size, one.st_ino) for one in found)
        return cls(f"{project.folder} {project.model_dump_json()}", stamps, project)


@lru_cache(maxsize=1)
def _read(registers: _Registers) -> Intake:
    return read_registers(registers.project)
