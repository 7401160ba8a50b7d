"""A project looked through before it is rendered: everything at once, in the project's language.

What was read, what the checks found, what the chapters need, and what the output check would
refuse. Places and counts only, never a person's value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from evalkit.answers.comparison_persons import compared_persons
from evalkit.answers.measures import require_two_cohorts
from evalkit.answers.study import Study
from evalkit.documents.files.paths import spoken
from evalkit.documents.guard import columns_met, names_that_point
from evalkit.documents.preparing.names import nearest_name, unknown_names
from evalkit.documents.preparing.needs import ChapterState, chapter_states, few_places
from evalkit.documents.preparing.new_chapter import absent_notebooks
from evalkit.documents.preparing.own_wording import causal_words
from evalkit.forms import veiled
from evalkit.intake import IntakeError
from evalkit.intake.guess import described_register
from evalkit.intake.read import grids_kept
from evalkit.intake.workbook import sheet_names
from evalkit.language import Language
from evalkit.present.labels import Words, words_in, words_of
from evalkit.project import Project, ProjectError, Register, load_project
from evalkit.project.proposal import ProposedReason, ProposedRegister
from evalkit.project.revision import register_places
from evalkit.project.vocabulary import PROJECT_FILE
from evalkit.project.writing import endings_line, scalar
from evalkit.results import CannotBeComputed, Finding, Severity

_GRAVITY: tuple[Severity, ...] = ("error", "warning", "note")
_REGISTER_FILES = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".csv", ".tsv", ".txt",
                             ".parquet", ".pq"})  # fmt: skip
_FEW_ROWS = 100
_FEW = 4  # times the threshold: of fewer persons most figures are withheld


@dataclass(frozen=True, slots=True)
class Remark:
    """Something said of the project as a whole: a whole sentence."""

    severity: Severity
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paste:
    """Lines for a register in the project file, indented as they are to stand there.

    ``is_below``: the key stands there already, and the lines belong below it; ``is_instead``: it
    does, and its line gives way to this one.
    """

    register: str
    key: str
    lines: tuple[str, ...]
    is_below: bool
    is_instead: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """All that a look through a project gave.

    Attributes:
        words: The project's, in the language of the look.
        read: Each register with its headings and what they are read as.
        is_unusable: No report can be made until the first remarks are seen to.
        paste: Lines for the project file, ready to be pasted.
    """

    project_file: Path
    words: Words
    read: tuple[ProposedRegister, ...] = ()
    remarks: tuple[Remark, ...] = ()
    findings: tuple[Finding, ...] = ()
    chapters: tuple[ChapterState, ...] = ()
    paste: tuple[Paste, ...] = ()
    is_unusable: bool = False

    @property
    def is_wrong(self) -> bool:
        grades = [remark.severity for remark in self.remarks]
        grades += [finding.severity for finding in self.findings]
        return "error" in grades

    @property
    def has_stop(self) -> bool:
        """Whether a report had better wait."""
        return self.is_unusable or any(one.severity == "error" for one in self.remarks)


def checked(project_file: Path, *, language: Language | None = None) -> Check:
    """Look through a project. Nothing is raised for what is wrong with it."""
    file = project_file / PROJECT_FILE if project_file.is_dir() else project_file
    try:
        project = load_project(file)
    except ProjectError as error:
        told_in = language or spoken([file])
        lines = error.in_language(told_in).splitlines()
        remarks = tuple(Remark("error", line) for line in lines)
        return Check(project_file=file, words=words_in(told_in), remarks=remarks, is_unusable=True)
    with grids_kept():
        return _Look(project, file, language or project.languages[0]).result()


class _Look:
    """The look through one project."""

    def __init__(self, project: Project, file: Path, language: Language) -> None:
        self._project, self._file = project, file
        self._study = Study(project, language, "release")
        self._words = words_of(project, language)
        self._texts = self._words.texts
        self._read: list[ProposedRegister] = []
        self._remarks: list[Remark] = []
        self._is_unusable = False

    def result(self) -> Check:
        told = absent_notebooks(self._project, self._study.language)
        self._remarks += [Remark("error", one) for one in (*names_that_point(self._project), *told)]
        for register in self._project.registers:
            self._describe(register)
        findings = self._findings()
        chapters: tuple[ChapterState, ...] = ()
        if not self._is_unusable:
            self._names()
            self._cohorts()
            chapters = tuple(chapter_states(self._project, self._filled()))
            self._output()
        self._remarks += self._absent(findings)
        for place, quote in causal_words(self._project, self._file.name):
            self._say("warning", "causal_words", place=place, quote=quote)
        return Check(
            project_file=self._file,
            words=self._words,
            read=tuple(self._read),
            remarks=tuple(sorted(self._remarks, key=lambda one: _GRAVITY.index(one.severity))),
            findings=tuple(sorted(findings, key=lambda one: _GRAVITY.index(one.severity))),
            chapters=chapters,
            paste=tuple(self._paste()),
            is_unusable=self._is_unusable,
        )

    def _say(self, severity: Severity, key: str, *, near: str = "", **values: str) -> None:
        """A remark from the catalogue, with the nearest name there is at its end."""
        text = self._texts.format(f"check.{key}", **values)
        if near:
            text = f"{text} {self._texts.format('check.near', near=near)}"
        if (remark := Remark(severity, text)) not in self._remarks:
            self._remarks.append(remark)

    def _stop(self, key: str, *, near: str = "", **values: str) -> None:
        self._is_unusable = True
        shown = {name: veiled(text) for name, text in values.items()}
        self._say("error", key, near=veiled(near), **shown)

    def _describe(self, register: Register) -> None:
        """What a register is read as, or why it cannot be, with the nearest that would do."""
        file, name = self._project.folder / register.file, register.file.as_posix()
        if not file.is_file():
            near = nearest_name(register.file.name, _files_beside(file))
            self._stop("no_file", file=name, near=near)
            return
        try:
            found = described_register(register, self._project)
        except IntakeError as error:
            sheets = sheet_names(file)
            is_named = register.sheet is not None and _same(register.sheet) in map(_same, sheets)
            if sheets and register.sheet is not None and not is_named:
                near = nearest_name(register.sheet, sheets)
                self._stop("no_sheet", file=name, sheet=register.sheet, sheets=", ".join(sheets),
                           near=near)  # fmt: skip
                return
            if len(sheets) > 1 and register.sheet is None:
                self._stop("which_sheet", file=name, sheets=", ".join(sheets))
                return
            self._is_unusable = True
            self._remarks.append(Remark("error", error.in_language(self._study.language)))
            return
        self._read.append(found)
        if not found.has("entry"):
            headings = ", ".join(column.heading for column in found.columns)
            self._stop("no_entry", file=found.name, headings=headings)

    def _findings(self) -> tuple[Finding, ...]:
        if self._is_unusable:
            return ()
        try:
            found = self._study.findings
            if self._project.comparison is not None:
                with suppress(CannotBeComputed):
                    compared_persons(self._study)
            return found
        except (IntakeError, ProjectError) as error:
            self._is_unusable = True
            self._remarks.append(Remark("error", error.in_language(self._study.language)))
        return ()

    def _cohorts(self) -> None:
        """A column compared with itself among the same persons says nothing."""
        for spec in self._project.before_after:
            if (spec.status_column or "exit_class") not in self._study.persons.columns:
                continue  # said already
            try:
                require_two_cohorts(self._study, spec)
            except ProjectError as error:
                self._remarks.append(Remark("error", error.in_language(self._study.language)))

    def _names(self) -> None:
        if not self._project.registers:
            return
        for one in unknown_names(self._study):
            self._say(
                "warning" if one.kind == "own" else "error", f"unknown_{one.kind}", near=one.near,
                place=one.place, name=one.name, column=one.column,
                known=", ".join(one.known) or "–",
            )  # fmt: skip
        if len(self._study.persons) < (few := _FEW * self._study.rule.threshold):
            self._say("warning", "few_persons", few=self._words.numbers.count(few))
        for title in few_places(self._study):
            self._say("warning", "few_sites", title=title)

    def _filled(self) -> Iterator[str]:
        if self._project.registers:
            persons = self._study.persons
            yield from (name for name in persons.columns if _holds_something(persons[name]))
            if set(persons["exit_class"].unique()) - {"ongoing", "unknown"}:
                yield "exit_reason"

    def _output(self) -> None:
        """With the eyes of the output check: texts of few persons among those to be printed."""
        for place in columns_met("report.txt", "\n".join(self._printed()), self._project):
            self._say("warning", "output", column=place)

    def _printed(self) -> Iterator[str]:
        """Texts out of the registers that a report prints: headings, and levels of many.

        Of a column that the project file names elsewhere small groups are named, too.
        """
        for register in self._read:
            yield from (column.heading for column in register.columns)
        if not self._project.registers:
            return
        persons, threshold = self._study.persons, self._study.rule.threshold
        named = self._project.model_dump_json(exclude={"registers"})
        for name in persons.columns:
            if name not in ("person", "register") and persons[name].dtype == "str":
                counts = persons[name].value_counts()
                least = 1 if f'"{name}"' in named else threshold
                yield from map(str, counts.index[counts >= least])

    def _absent(self, findings: Iterable[Finding]) -> Iterator[Remark]:
        """The nearest heading to each that the project file names and the file does not have."""
        for finding in findings:
            if finding.check != "absent_columns":
                continue
            headings = [column.heading for one in self._read for column in one.columns
                        if Path(one.file).name in finding.file]  # fmt: skip
            for name in finding.listing:
                near = nearest_name(name, headings)
                if near:
                    text = self._texts.format("check.absent_near", name=name, near=near)
                    yield Remark("error", text)

    def _paste(self) -> Iterator[Paste]:
        """Lines for the project file: guesses for what it does not say yet."""
        places = register_places(self._file.read_text(encoding="utf-8-sig"))
        said: set[str] = set()  # of a reason beside one register, which holds for the others
        for register in self._read:
            place = places.get((register.file, register.sheet or ""))
            for key, every in self._pairs(register):
                pairs = tuple(one for one in every if key == "columns" or one not in said)
                said |= {*every}
                if place is not None and pairs:
                    is_below = key in place.keys
                    lines = place.lines(key, pairs)
                    yield Paste(register=register.name, key=key, lines=lines, is_below=is_below)
            words = [one.text for one in register.endings if not one.is_known and one.is_sure]
            if place is not None and words:
                line = endings_line([*self._said_ongoing(register), *words])
                indented = line if place.is_flow else " " * place.indent + line
                yield Paste(
                    register=register.name, key="ongoing_when", lines=(indented,), is_below=False,
                    is_instead="ongoing_when" in place.keys,
                )  # fmt: skip

    def _said_ongoing(self, register: ProposedRegister) -> tuple[str, ...]:
        return next(
            one.ongoing_when
            for one in self._project.registers
            if (one.file.as_posix(), one.sheet) == (register.file, register.sheet)
        )

    def _pairs(self, register: ProposedRegister) -> Iterator[tuple[str, tuple[str, ...]]]:
        fields = [one.field for one in register.columns]
        yield (
            "columns",
            tuple(
                f"{scalar(one.heading)}: {scalar(one.field)}"
                for one in register.columns
                if not one.is_read and one.field in _PROPOSED and fields.count(one.field) == 1
            ),
        )
        unknown = [one for one in register.reasons if not one.is_known]
        yield "exit_reasons", tuple(map(self._reason, unknown))

    def _reason(self, reason: ProposedReason) -> str:
        line = f"{scalar(reason.text)}: {reason.exit_class or 'unknown'}"
        return line if reason.exit_class else f"{line}  # {self._texts['check.choose']}"


# Fields that a heading's words may speak for; a name of one's own is not proposed.
_PROPOSED = frozenset({"person_id", "sex", "birth_date", "age", "municipality", "target_group",
                       "referred_by", "entry", "exit", "exit_reason", "education"})  # fmt: skip


def _files_beside(file: Path) -> tuple[str, ...]:
    if not file.parent.is_dir():
        return ()
    return tuple(
        sorted(one.name for one in file.parent.iterdir() if one.suffix.lower() in _REGISTER_FILES)
    )


def _same(name: str) -> str:
    return name.strip().casefold()


def _holds_something(values: pd.Series[str]) -> bool:
    parts = (values.head(_FEW_ROWS), values)  # most columns hold something at once
    return any((part.notna() & ~part.isin(["", "unknown"])).any() for part in parts)
