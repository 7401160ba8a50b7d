"""Writing the sample registers; the same bytes every time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.samples import (
    arena,
    eskilstuna,
    haninge,
    jobbspar,
    jobbspar_comparison,
    trelleborg,
)


def _jobbspar(folder: Path) -> list[Path]:
    return [*jobbspar.write(folder), *jobbspar_comparison.write(folder)]


SAMPLES: dict[str, Callable[[Path], list[Path]]] = {
    arena.FOLDER: arena.write,
    eskilstuna.FOLDER: eskilstuna.write,
    haninge.FOLDER: haninge.write,
    jobbspar.FOLDER: _jobbspar,
    trelleborg.FOLDER: trelleborg.write,
}
"""Project folder → what writes its synthetic files."""


def write_samples(folder: Path, *, only: Sequence[str] | None = None) -> list[Path]:
    """Write the synthetic files of the sample projects below ``folder``.

    Project files, READMEs and published series are left alone.

    Args:
        folder: Folder of the samples, ``data/sample`` in the repository.
        only: Names of project folders; all when left out.

    Raises:
        ValueError: If ``only`` names a sample that does not exist.
    """
    chosen = list(SAMPLES) if only is None else list(only)
    unknown = [name for name in chosen if name not in SAMPLES]
    if unknown:
        raise ValueError(f"no sample named {', '.join(unknown)}; there are {', '.join(SAMPLES)}")
    written: list[Path] = []
    for name in chosen:
        target = folder / name
        target.mkdir(parents=True, exist_ok=True)
        written += SAMPLES[name](target)
    return written
