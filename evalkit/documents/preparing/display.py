"""How what was read, guessed and found is shown in a terminal or a notebook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from evalkit.present.labels import Words
from evalkit.project.proposal import ProposedColumn, ProposedRegister

_MOST_CHANGES = 40


def show_reading(registers: Iterable[ProposedRegister], words: Words) -> None:
    """Each sheet: rows, period, and every heading with what it is read as."""
    console = Console(highlight=False)
    for register in registers:
        line = _sheet_line(register, words)
        console.print(line, markup=False, style="bold", soft_wrap=True)
        if register.columns:
            console.print(reading_table(register, words))
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
        show_sentence(words.texts.format("init.nothing_new", file=file.as_posix()))
        return
    show_sentence(words.texts.format("init.changed", file=file.as_posix()))
    for kind, what in changes[:_MOST_CHANGES]:
        show_sentence(f"  {words.texts.format(f'init.change.{kind}', what=what)}")


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
    parts = [
        texts.format("init.sheet", name=register.name, rows=words.numbers.count(register.rows))
    ]
    if register.kind != "participants":
        parts.append(texts[f"init.kind.{register.kind}"])
    if register.first and register.last:
        # A month: the first and the last day are somebody's.
        first, last = (f"{day:%Y-%m}" for day in (register.first, register.last))
        parts.append(texts.format("init.days", first=first, last=last))
    if register.drawn:
        parts.append(texts.format("init.drawn", day=register.drawn.isoformat()))
    return "; ".join(parts)


def _field(column: ProposedColumn, words: Words) -> str:
    if not column.is_read:
        return words.texts["init.not_read"]
    told = f"{column.field} ({words.labels.dimension(column.field)})"
    return told if column.is_known else words.texts.format("init.guessed", field=told)
