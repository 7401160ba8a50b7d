"""The last look before a file is put in place: nothing in it may point at a person.

Whatever way it came there – a sentence, a label, an interpretation typed by hand, a file's
metadata – the report is not written, and what was found is not repeated.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from importlib import resources
from pathlib import Path

from evalkit.disclosure.scan import Hit, RegisterTexts, register_texts, scan
from evalkit.intake import IntakeError
from evalkit.intake.grid import Grid
from evalkit.intake.headers import heading_rows
from evalkit.intake.read import read_grid
from evalkit.project import Project, ProjectError, load_project

_SENTENCES: dict[Hit, str] = {
    "identity_number": "holds what looks like a personal identity number",
    "pseudonym": "holds what looks like the pseudonym of a person",
    "register_text": "holds a text that stands in the register for a few persons only",
    "rows_of_persons": "holds what looks like rows of persons",
    "local_path": "holds the path of a folder on the machine that wrote it",
    "author": "holds the name of an author in its metadata",
}
# A column tells persons apart when most of its cells differ, or hold several words.
_TELLING_SHARE = 0.5
_SENTENCE_WORDS = 3
_FEW = 5


def fault_of(
    files: Mapping[str, str | bytes], texts: RegisterTexts, *, authors: Iterable[str] = ()
) -> str:
    """Why these files may not be put in place, in one sentence that quotes nothing; else empty."""
    allowed = tuple(authors)
    for name, content in files.items():
        hit = scan(name, content, texts, authors=allowed)
        if hit is not None:
            return f"{Path(name).name} {_SENTENCES[hit]}"
    return ""


def texts_in_registers(project: Project) -> RegisterTexts:
    """What stands in the project's registers for a few persons only, and is not public.

    Kept in memory and never written. A register that cannot be read has no report either.
    """
    try:
        grids = [
            read_grid(project.folder / file, name=file.name, sheet=sheet)
            for file, sheet in _register_files(project)
        ]
    except (IntakeError, OSError, ValueError):
        return RegisterTexts()
    return register_texts(
        (value for grid in grids for value in _telling_values(grid)), public=_public(project)
    )


def safe_sentence(sentence: str, project_file: Path) -> str:
    """The sentence, or one that says that it is not repeated."""
    try:
        texts = texts_in_registers(load_project(project_file))
    except ProjectError:
        texts = RegisterTexts()
    if scan("failure.txt", sentence, texts) is None:
        return sentence
    return "stopped with a message that is not repeated, because it may point at a person"


def _register_files(project: Project) -> Iterator[tuple[Path, str | None]]:
    for register in project.registers:
        yield register.file, register.sheet
        follow_up = getattr(register, "follow_up", None)
        if follow_up is not None:
            yield follow_up.file, getattr(follow_up, "sheet", None)


def _telling_values(grid: Grid) -> Iterator[str]:
    """Cells of the columns that tell persons apart, headings left out."""
    first, last = heading_rows(grid)
    for column in grid.cells.T:
        cells = [str(cell) for cell in (*column[:first], *column[last + 1 :]) if cell]
        counted = Counter(cells)
        words = sum(len(cell.split()) for cell in cells)
        differ = len(counted) > _TELLING_SHARE * len(cells)
        if cells and (differ or words >= _SENTENCE_WORDS * len(cells)):
            yield from (cell for cell, count in counted.items() if count < _FEW)


def _public(project: Project) -> str:
    """Everything that may be printed: the project file, the catalogues, the codebook."""
    parts = [project.model_dump_json()]
    locale = resources.files("evalkit") / "locale"
    for folder in locale.iterdir():
        parts += [file.read_text("utf-8") for file in folder.iterdir() if file.is_file()]
    codebook = resources.files("evalkit") / "intake" / "codebook.yaml"
    return "\n".join([*parts, codebook.read_text("utf-8")])
