"""A project file from some registers: guessed, shown, asked about, written; or brought up to date.

Used by the command `evalkit init` and by `evalkit.init` in JupyterLab.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from evalkit.documents.files.state import write_whole
from evalkit.documents.preparing.check_display import (
    show_changes,
    show_reading,
    show_reasons,
    show_sentence,
)
from evalkit.documents.preparing.dialogue import Dialogue
from evalkit.intake import IntakeError
from evalkit.intake.guess import guessed_registers
from evalkit.language import Language
from evalkit.options import check_option
from evalkit.present.labels import Words, words_in
from evalkit.project import Project, Register, load_project
from evalkit.project.load import read_project, schema_text
from evalkit.project.proposal import (
    Proposal,
    ProposedRegister,
    proposed_chapters,
    proposed_cut,
    proposed_groups,
)
from evalkit.project.revision import revised
from evalkit.project.vocabulary import PROJECT_FILE
from evalkit.project.writing import SCHEMA_FILE, proposal_text

_PROGRAMMES = ("other", "finsam", "esf_plus", "dua", "esf_2014_2020")
# An extract that begins at most so long after the former one is of the same persons, later.
_SAME_START_DAYS = 62
_MOSTLY = 0.7


@dataclass(frozen=True, slots=True)
class Started:
    """Where the project file lies, and whether it is new."""

    project_file: Path
    is_new: bool


def init(
    *files: str | Path,
    folder: str | Path | None = None,
    language: Language = "sv",
    yes: bool = False,
    today: dt.date | None = None,
) -> Path:
    """Write a project file for some registers, or bring the one that is there up to date.

    Args:
        files: Registers: Excel, CSV or Parquet. A list of dated statuses may stand among them.
        folder: Where the project file is to lie; beside the first register when left out.
        language: Of the questions, and of the report unless another is chosen.
        yes: Take every guess; ask nothing.
        today: Later days are plans; the present day when left out.

    Returns:
        The project file.

    Raises:
        evalkit.intake.IntakeError: If a file cannot be read, or none holds participants.
    """
    check_option("language", language, Language)
    chosen = [Path(file) for file in files]
    home = Path(folder) if folder is not None else chosen[0].parent
    asked = Dialogue(language, is_silent=yes)
    return start_project(chosen, home, asked, today=today or dt.date.today()).project_file


def start_project(
    files: Sequence[Path], folder: Path, dialogue: Dialogue, *, today: dt.date
) -> Started:
    """What `init` does, with a dialogue that the caller has opened."""
    words = words_in(dialogue.language)
    target = folder / PROJECT_FILE
    project = load_project(target) if target.is_file() else None
    known = project.registers if project else ()
    try:
        found = _found(files, folder, known, today=today)
    except IntakeError as error:
        raise error.told_in(dialogue.language) from None
    people = [one for one in found if one.kind == "participants"]
    show_reading(found, words)
    if not people:
        key = "no_register" if any(one.rows for one in found) else "no_rows"
        raise IntakeError(key, files=_listed(files)).told_in(dialogue.language)
    if project is not None:
        _bring_up_to_date(target, project, found, words, today=today)
        return Started(target, is_new=False)
    if chosen := _reason_column(people, dialogue):
        named = tuple(_with_reason(one, chosen) for one in people)
        found = _found(files, folder, named, today=today)
    show_reasons([one for one in found if one.kind == "participants"], words)
    proposal = _asked(found, folder, dialogue, today=today)
    folder.mkdir(parents=True, exist_ok=True)
    text = proposal_text(proposal, words.texts)
    read_project(text, target)
    write_whole(folder / SCHEMA_FILE, schema_text())
    write_whole(target, text)
    show_sentence(words.texts.format("init.written", file=target.as_posix()))
    return Started(target, is_new=True)


def _reason_column(people: Iterable[ProposedRegister], dialogue: Dialogue) -> str:
    """Which column holds the reasons for leaving, where several may; empty where none is asked."""
    options = next((one.reason_columns for one in people if len(one.reason_columns) > 1), ())
    if not options or dialogue.is_silent:
        return ""
    return dialogue.choice("reason", options, default=options[0], told=options)


def _with_reason(one: ProposedRegister, chosen: str) -> Register:
    columns = {chosen: "exit_reason"} if chosen in one.reason_columns else {}
    return Register(file=Path(one.file), sheet=one.sheet, columns=columns)


def _found(
    files: Sequence[Path], folder: Path, known: Sequence[Register], *, today: dt.date
) -> tuple[ProposedRegister, ...]:
    found: list[ProposedRegister] = []
    for file in files:
        name = Path(os.path.relpath(file.resolve(), folder.resolve())).as_posix()
        found += guessed_registers(file, name=name, today=today, known=known)
    return tuple(found)


def _asked(
    found: tuple[ProposedRegister, ...], folder: Path, dialogue: Dialogue, *, today: dt.date
) -> Proposal:
    """The proposal with the evaluator's answers: at most seven questions, the eighth is a draft.

    Where the reasons were asked about, the sentence on the programme waits in the file.
    """
    texts = words_in(dialogue.language).texts
    title = dialogue.text("title", default=_title(folder, found))
    summary = texts.format("init.summary", title=title)
    if dialogue.n_asked == 1:
        summary = dialogue.text("summary", default=summary)
    languages = dialogue.languages(default=dialogue.language)
    programme = dialogue.choice("programme", _PROGRAMMES, default=_PROGRAMMES[0])
    people = [one for one in found if one.kind == "participants"]
    if len(people) > 1:
        names = dialogue.several("sheets", [one.name for one in people])
        people = [one for one in people if one.name in names]
    kept = tuple(one for one in found if one in people or one.kind == "follow_up")
    data_cut = dialogue.day("data_cut", default=proposed_cut(kept, today=today))
    if any(one.is_guessed for one in people) and not dialogue.agrees("guesses"):
        kept = tuple(map(_without_guesses, kept))
    starts = [one.first for one in kept if one.first]
    return Proposal(
        id=slug(title),
        title=title,
        summary=summary,
        languages=languages,
        programme=programme,
        start=min([*starts, data_cut]).replace(day=1),
        data_cut=data_cut,
        registers=kept,
        groups=proposed_groups(kept),
        chapters=proposed_chapters(kept, programme),
    )


def _without_guesses(register: ProposedRegister) -> ProposedRegister:
    """What only the words speak for waits in a comment."""
    return replace(
        register,
        columns=tuple(
            replace(column, is_read=column.is_read and column.is_known)
            for column in register.columns
        ),
        reasons=tuple(
            reason if reason.is_known else replace(reason, exit_class="")
            for reason in register.reasons
        ),
    )


def slug(title: str) -> str:
    """The id of a project by its title.

    >>> slug("Vägen in – 2024")
    'vagen-in-2024'
    """
    plain = unicodedata.normalize("NFKD", title.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "projekt"


def _title(folder: Path, found: Sequence[ProposedRegister]) -> str:
    name = folder.resolve().name or Path(found[0].file).stem
    plain = re.sub(r"[-_\s]+", " ", name).strip()
    return plain[:1].upper() + plain[1:]


def _bring_up_to_date(
    target: Path,
    project: Project,
    found: Sequence[ProposedRegister],
    words: Words,
    *,
    today: dt.date,
) -> None:
    matches, added = _matched(project, found, today=today)
    cut = proposed_cut(tuple(found), today=today)
    is_later = bool(matches or added) and cut > project.data_cut
    revision = revised(
        target.read_text(encoding="utf-8-sig"),
        matches=matches,
        added=added,
        data_cut=cut if is_later else None,
        texts=words.texts,
    )
    if revision.changes:
        read_project(revision.text, target)
        write_whole(target, revision.text)
    show_changes(revision.changes, target, words)


def _matched(
    project: Project, found: Iterable[ProposedRegister], *, today: dt.date
) -> tuple[Mapping[int, ProposedRegister], tuple[ProposedRegister, ...]]:
    """Registers of the project by position, each with its sheet now; and those that are new."""
    matches: dict[int, ProposedRegister] = {}
    lists = [one.follow_up for one in project.registers if one.follow_up is not None]
    events = {(one.file.as_posix(), one.sheet) for one in lists}
    added = []
    for sheet in found:
        if sheet.kind != "participants" or (sheet.file, sheet.sheet) in events:
            continue
        position = _position(project, sheet, set(matches), today=today)
        if position is None:
            added.append(sheet)
        else:
            matches[position] = sheet
    return matches, tuple(added)


def _position(
    project: Project, sheet: ProposedRegister, taken: set[int], *, today: dt.date
) -> int | None:
    free = [n for n in range(len(project.registers)) if n not in taken]
    for position in free:
        register = project.registers[position]
        if register.file.as_posix() == sheet.file and register.sheet in (None, sheet.sheet):
            return position
    for position in free:
        former = _former(project, position, today=today)
        if former is None or _is_later_extract(former, sheet):
            return position
    return None


def _former(project: Project, position: int, *, today: dt.date) -> ProposedRegister | None:
    """What the register's own file holds; None where it is gone."""
    register = project.registers[position]
    file = project.folder / register.file
    if not file.is_file():
        return None
    sheets = guessed_registers(
        file, name=register.file.as_posix(), today=today, known=project.registers
    )
    return next((one for one in sheets if register.sheet in (None, one.sheet)), None)


def _is_later_extract(former: ProposedRegister, sheet: ProposedRegister) -> bool:
    """The same headings from about the same day on: the same list, drawn anew."""
    before, now = ({one.heading for one in each.columns} for each in (former, sheet))
    is_alike = len(before & now) >= _MOSTLY * len(before)
    if former.first is None or sheet.first is None:
        return is_alike
    return is_alike and abs((sheet.first - former.first).days) <= _SAME_START_DAYS


def _listed(files: Iterable[Path]) -> str:
    return ", ".join(file.name for file in files)
