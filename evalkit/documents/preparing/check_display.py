"""How a look through a project is shown: on a terminal, or as one JSON object for machines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from evalkit.documents.model import chapter_title
from evalkit.documents.preparing.checking import Check
from evalkit.documents.preparing.needs import ChapterState, Need
from evalkit.forms import veiled
from evalkit.present.labels import Words
from evalkit.present.tables.registers import finding_text, row_numbers
from evalkit.project.proposal import ProposedColumn, ProposedRegister
from evalkit.project.vocabulary import PROJECT_FILE
from evalkit.results import Finding


def show_check(check: Check, *, with_reading: bool = True) -> None:
    """Print what was read, what is wrong or remarkable, what chapters need, and what to write."""
    words, console = check.words, Console(highlight=False)
    if with_reading and check.read:
        show_reading(check.read, words)
    for remark in check.remarks:
        grade = words.texts[f"document.check.{remark.severity}"]
        console.print(f"{grade}: {remark.text}", markup=False)
    if check.remarks:
        console.print()
    # What is not read stands in the table of headings, which every reader has just seen.
    shown = [one for one in check.findings if one.check != "unused_columns" or not check.read]
    _show_findings(shown, words, console)
    for line in _chapter_lines(check.chapters, words):
        console.print(line, markup=False)
    for paste in check.paste:
        key = "check.paste_below" if paste.is_below else "check.paste"
        key = "check.paste_instead" if paste.is_instead else key
        told = words.texts.format(key, file=PROJECT_FILE, register=paste.register, block=paste.key)
        console.print()
        console.print(told, markup=False, soft_wrap=True)
        for line in paste.lines:
            console.print(line, markup=False, soft_wrap=True)
    if not check.remarks and not check.findings and not any(one.lacks for one in check.chapters):
        console.print(words.texts["document.check.nothing"])


def check_json(check: Check) -> str:
    """The same as one JSON object; sentences in the check's language beside their keys."""
    words = check.words
    content = {
        "project_file": check.project_file.as_posix(),
        "language": words.language,
        "is_wrong": check.is_wrong,
        "is_unusable": check.is_unusable,
        "read": [_read(one) for one in check.read],
        "remarks": [asdict(remark) for remark in check.remarks],
        "findings": [
            {**asdict(one), "file": veiled(one.file), "text": finding_text(one, words)}
            for one in check.findings
        ],
        "chapters": [
            {
                "chapter": one.chapter,
                "is_empty": one.is_empty,
                "lacks": [asdict(need) for need in one.lacks],
            }
            for one in check.chapters
        ],
        "paste": [asdict(paste) for paste in check.paste],
    }
    return json.dumps(content, ensure_ascii=False, default=str)


def _read(register: Any) -> dict[str, Any]:
    return {
        "file": veiled(register.file),
        "sheet": register.sheet and veiled(register.sheet),
        "rows": register.rows,
        "columns": [
            {
                "heading": column.heading,
                "field": column.field if column.is_read else None,
                "examples": list(column.examples),
            }
            for column in register.columns
        ],
    }


def _show_findings(findings: Sequence[Finding], words: Words, console: Console) -> None:
    for file in dict.fromkeys(finding.file for finding in findings):
        console.print(_table(file, [one for one in findings if one.file == file], words))
        console.print()


def _table(file: str, findings: Sequence[Finding], words: Words) -> Table:
    """One table per file: a file name in a column of its own would crowd out the words."""
    table = plain_table()
    table.title = escape(veiled(file))
    for name in ("severity", "column", "count", "rows", "finding"):
        table.add_column(words.texts[f"document.check.{name}"], overflow="fold")
    for finding in findings:
        table.add_row(*(escape(cell) for cell in _cells(finding, words)))
    return table


def _cells(finding: Finding, words: Words) -> Iterator[str]:
    yield words.texts[f"document.check.{finding.severity}"]
    yield finding.column
    yield str(finding.count or len(finding.rows) or "")
    yield row_numbers(finding.rows, words)
    yield finding_text(finding, words)


def _chapter_lines(chapters: Sequence[ChapterState], words: Words) -> Iterator[str]:
    """A line per chapter; one that has all it needs says so in a word."""
    if not chapters:
        return
    yield words.texts["check.chapters"]
    for state in chapters:
        title = chapter_title(state.chapter, words.texts)
        if not state.lacks:
            yield f"  {title}: {words.texts['check.chapter.whole']}"
            continue
        vital = words.labels.all_of(_need(one, words) for one in state.lacks if one.is_vital)
        rest = words.labels.all_of(_need(one, words) for one in state.lacks if not one.is_vital)
        told = [words.say("check.chapter.empty", needs=vital)] if vital else []
        told += [words.say("check.chapter.thin", needs=rest)] if rest else []
        yield f"  {title}: {'; '.join(told)}."


def _need(need: Need, words: Words) -> str:
    if not need.is_column:
        return words.labels.any_of(need.names)
    named = (f"{name} ({words.labels.dimension(name).lower()})" for name in need.names)
    return words.labels.any_of(named)


_MOST_CHANGES = 40


def show_reading(registers: Iterable[ProposedRegister], words: Words) -> None:
    """Each sheet: rows, period, and every heading with what it is read as."""
    console = Console(highlight=False)
    for register in registers:
        line = _sheet_line(register, words)
        console.print(line, markup=False, style="bold", soft_wrap=True)
        if register.columns:
            console.print(reading_table(register, words))
        for column in register.columns:
            if column.marks_others and not column.is_read:
                told = words.say("init.others", heading=column.heading)
                console.print(told, markup=False)
        console.print()


def reading_table(register: ProposedRegister, words: Words) -> Table:
    """Heading, field and two masked values; what is not read says so."""
    table = plain_table()
    for name in ("heading", "field", "examples"):
        table.add_column(words.texts[f"init.column.{name}"], overflow="fold")
    for column in register.columns:
        cells = (column.heading, _field(column, words), "  ".join(column.examples))
        table.add_row(*map(escape, cells), style="" if column.is_read else "dim")
    return table


def show_reasons(registers: Iterable[ProposedRegister], words: Words) -> None:
    """The exit reasons that the codebook does not know, and what is proposed for them."""
    unknown = [
        (reason, register)
        for register in registers
        for reason in register.reasons
        if not reason.is_known
    ]
    if not unknown:
        return
    table = plain_table()
    for name in ("reason", "count", "class"):
        table.add_column(words.texts[f"init.column.{name}"], overflow="fold")
    merged: dict[str, tuple[int, str]] = {}
    for reason, _ in unknown:
        count = merged.get(reason.text, (0, ""))[0]
        merged[reason.text] = (count + reason.count, reason.exit_class)
    for text, (count, exit_class) in merged.items():
        proposed = (
            words.labels.level("exit_class", exit_class)
            if exit_class
            else words.texts["init.reason.open"]
        )
        table.add_row(escape(text), words.numbers.count(count), escape(proposed))
    console = Console(highlight=False)
    console.print(words.texts["init.reasons"], markup=False, style="bold")
    console.print(table)
    console.print()


def show_changes(changes: Sequence[tuple[str, str]], file: Path, words: Words) -> None:
    """What a new extract changed in the project file."""
    if not changes:
        show_sentence(words.say("init.nothing_new", file=file.as_posix()))
        return
    show_sentence(words.say("init.changed", file=file.as_posix()))
    for kind, what in changes[:_MOST_CHANGES]:
        show_sentence(f"  {words.say(f'init.change.{kind}', what=what)}")


def show_sentence(sentence: str) -> None:
    """A line that is not folded: a path in it can be copied."""
    Console(highlight=False).print(sentence, soft_wrap=True, markup=False)


def plain_table() -> Table:
    """A table in which words are broken in a narrow window and never cut off."""
    return Table(
        box=SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        collapse_padding=True,
        title_justify="left",
    )


def _sheet_line(register: ProposedRegister, words: Words) -> str:
    texts = words.texts
    key = "init.sheet.one" if register.rows == 1 else "init.sheet"
    parts = [words.say(key, name=register.name, rows=register.rows)]
    if register.kind != "participants":
        parts.append(texts[f"init.kind.{register.kind}"])
    if register.first and register.last:
        # A month: the first and the last day are somebody's.
        first, last = (f"{day:%Y-%m}" for day in (register.first, register.last))
        parts.append(words.say("init.days", first=first, last=last))
    if register.drawn:
        parts.append(words.say("init.drawn", day=register.drawn.isoformat()))
    return "; ".join(parts)


def _field(column: ProposedColumn, words: Words) -> str:
    if not column.is_read:
        return words.texts["init.not_read"]
    told = f"{column.field} ({words.labels.dimension(column.field)})"
    return told if column.is_known else words.say("init.guessed", field=told)
