"""The output check before a file is put in place: nothing in it may point at a person.

Whatever way it came there – a sentence, a label, an interpretation typed by hand, a file's
metadata – the report is not written, and what was found is not repeated.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evalkit.disclosure.readable import readable_parts
from evalkit.disclosure.scan import RegisterTexts, may_stand_in, register_texts, scan, words_of
from evalkit.forms import contacts_in, pointing_form
from evalkit.language import Texts
from evalkit.project import Project, ProjectError, Register, load_project
from evalkit.project.registers import FollowUp
from evalkit.project.vocabulary import LanguageCode

if TYPE_CHECKING:
    from evalkit.intake.grid import Column

# A column tells persons apart when most of its cells differ, or hold several words.
_TELLING_SHARE = 0.5
_SENTENCE_WORDS = 3
_FEW = 5


def fault_of(
    files: Mapping[str, str | bytes],
    texts: RegisterTexts,
    *,
    project: Project | None = None,
    language: LanguageCode = "en",
) -> str:
    """Why these files may not be put in place, in one sentence that quotes nothing; else empty.

    Args:
        files: Name → content.
        texts: What the register holds.
        project: By which the columns are named whose texts stand in the files.
        language: Of the sentence.
    """
    words = Texts(language)
    for name, content in files.items():
        hit = scan(name, content, texts)
        if hit is None:
            continue
        fault = f"{Path(name).name} {words[f'guard.{hit}']}"
        if hit != "register_text" or project is None:
            return fault
        columns = columns_met(name, content, project)
        return words.format("guard.columns", fault=fault, columns=", ".join(columns))
    return ""


def texts_in_registers(project: Project) -> RegisterTexts:
    """What stands in the project's registers for a few persons only, and is not public.

    Kept in memory and never written. A register that cannot be read has no report either.
    """
    from evalkit.intake import IntakeError  # loads pandas, which planning can do without

    try:
        values = [
            value
            for place, cells in _columns(project)
            for value in (*contacts_in(place), *_telling_values(cells))
        ]
    except (IntakeError, OSError, ValueError):
        return RegisterTexts()
    return register_texts(values, public=_public(project))


def columns_met(name: str, content: str | bytes, project: Project) -> tuple[str, ...]:
    """The columns, with their files, of which a text of few persons stands in some content."""
    said = frozenset(word for part in readable_parts(name, content) for word in words_of(part))
    return tuple(
        place
        for place, cells in _columns(project)
        if (met := may_stand_in(_telling_values(cells), said))
        and scan(name, content, register_texts(met, public=_public(project))) == "register_text"
    )


def names_that_point(project: Project) -> Iterator[str]:
    """What of the project file may point at a person by its form: place, what, and the remedy.

    Names of files and sheets, and the register's levels, are read by everybody who is handed a
    report; nothing of them is quoted.
    """
    texts = Texts(project.languages[0])
    for place, kind, text in _named(project):
        form = pointing_form(Path(text).stem if kind == "file" else text)
        if form is not None and (kind != "text" or form == "identity_number"):
            what = texts[f"guard.form.{form}"]
            yield texts.format(f"guard.named.{kind}", place=place, what=what)


def _named(project: Project) -> Iterator[tuple[str, str, str]]:
    """Key in the project file, what it is, and its text."""
    for i, register in enumerate(project.registers, start=1):
        yield f"registers {i}: file", "file", register.file.name
        yield f"registers {i}: sheet", "sheet", register.sheet or ""
        if register.follow_up is not None:
            yield f"registers {i}: follow_up: file", "file", register.follow_up.file.name
        for column, levels in register.levels.items():
            for level, label in levels.items():
                for text in (level, label.sv, label.en):
                    yield f"registers {i}: levels: {column}", "level", text
    for key in ("title", "summary"):
        for language, text in getattr(project, key).model_dump().items():
            yield f"{key}: {language}", "text", text


def may_be_said(sentence: str, project_file: Path) -> bool:
    """Whether nothing in a sentence may point at a person."""
    try:
        texts = texts_in_registers(load_project(project_file))
    except ProjectError:
        texts = RegisterTexts()
    return scan("failure.txt", sentence, texts) is None and pointing_form(sentence) is None


def _columns(project: Project) -> Iterator[tuple[str, Column]]:
    """``file: heading`` of every column of the registers, and the cells below it."""
    from evalkit.intake.read import read_grid
    from evalkit.intake.table import columns_below

    sources: list[Register | FollowUp] = []
    for register in project.registers:
        sources += [register, register.follow_up] if register.follow_up else [register]
    for source in sources:
        grid = read_grid(project.folder / source.file, name=source.file.name, sheet=source.sheet)
        for heading, cells in columns_below(grid, source, beside=project.registers):
            yield f"{source.file.name}: {heading}", cells


def _telling_values(column: Column) -> list[str]:
    """Cells of a column that tells persons apart."""
    import numpy as np

    distinct = column.distinct
    counts = np.where(distinct == "", 0, np.bincount(column.codes, minlength=len(distinct)))
    few = (counts > 0) & (counts < _FEW)
    if np.count_nonzero(counts) <= _TELLING_SHARE * counts.sum():
        n_words = np.array([len(text.split()) for text in distinct])
        if counts @ n_words < _SENTENCE_WORDS * counts.sum():
            # Of a column that mostly repeats itself, what a few have and no list of levels says.
            few &= n_words > 1
    told: list[str] = distinct[few].tolist()
    return told


# What the project file quotes of a register, so as to read it; what is printed are its classes,
# levels and labels.
_QUOTED = {"exit_reasons", "values", "ongoing_when"}
_UNPRINTED: Any = {"registers": {"__all__": _QUOTED}, "comparison": {"from_register": _QUOTED}}


def _public(project: Project) -> str:
    """Everything that may be printed: the project file, the catalogues, the codebook."""
    return "\n".join([project.model_dump_json(exclude=_UNPRINTED), *_catalogues()])


@cache
def _catalogues() -> tuple[str, ...]:
    parts = []
    locale = resources.files("evalkit") / "locale"
    for folder in locale.iterdir():
        parts += [file.read_text("utf-8") for file in folder.iterdir() if file.is_file()]
    codebook = resources.files("evalkit") / "intake" / "codebook.yaml"
    return (*parts, codebook.read_text("utf-8"))
