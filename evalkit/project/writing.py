"""A proposed project file as YAML that a person reads: every heading and reason, with comments."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

import yaml

from evalkit.language import Texts
from evalkit.project.proposal import (
    Proposal,
    ProposedColumn,
    ProposedEnding,
    ProposedReason,
    ProposedRegister,
)

SCHEMA_FILE = "project.schema.json"
_COMMENT_COLUMN = 42


def proposal_text(proposal: Proposal, texts: Texts) -> str:
    """The whole project file; its first line names the schema for editors."""
    lines = [
        f"# yaml-language-server: $schema={SCHEMA_FILE}",
        f"# {texts['init.file.head']}",
        "",
        f"id: {scalar(proposal.id)}",
        *_local("title", proposal.title, proposal),
        *_local("summary", proposal.summary, proposal),
        _with_comment(
            f"languages: [{', '.join(proposal.languages)}]", texts["init.file.languages"]
        ),
        _with_comment(f"programme: {proposal.programme}", texts["init.file.programme"]),
        _with_comment(
            f"period: {{start: {proposal.start}, end: {proposal.data_cut}}}",
            texts["init.file.period"],
        ),
        _with_comment(f"data_cut: {proposal.data_cut}", texts["init.file.data_cut"]),
        "",
        "registers:",
    ]
    people = [one for one in proposal.registers if one.kind == "participants"]
    for register in people:
        events = proposal.follow_up_of(register)
        lines += register_lines(register, texts, indent=2, events=events)
    lines += [
        "",
        _with_comment(f"groups: [{', '.join(proposal.groups)}]", texts["init.file.groups"]),
        *([f"# {texts['init.file.sheets']}"] if sum(bool(one.sheet) for one in people) > 1 else ()),
        _with_comment(f"chapters: [{', '.join(proposal.chapters)}]", texts["init.file.chapters"]),
        "",
        *(f"# {line}" for line in texts["init.file.more"].splitlines()),
    ]
    return "\n".join(lines) + "\n"


def register_lines(
    register: ProposedRegister,
    texts: Texts,
    *,
    indent: int,
    events: ProposedRegister | None = None,
) -> Iterator[str]:
    """A register as an item of the list, its dash ``indent`` spaces in."""
    first, inner = " " * indent + "- ", " " * (indent + 2)
    yield f"{first}file: {scalar(register.file)}"
    if register.sheet:
        yield f"{inner}sheet: {scalar(register.sheet)}"
    deeper = " " * (indent + 4)
    read = [column for column in register.columns if column.is_read]
    if read:
        yield _with_comment(f"{inner}columns:", texts["init.file.columns"])
        yield from (column_line(column, texts, indent=deeper) for column in read)
    unread = [column for column in register.columns if not column.is_read]
    if unread:
        yield f"{deeper}# {texts['init.file.unread']}"
        yield from (column_line(column, texts, indent=f"{deeper}# ") for column in unread)
    yield from _endings(register, texts, inner)
    yield from _reasons(register, texts, inner)
    if events is not None:
        yield f"{inner}follow_up:"
        yield f"{deeper}file: {scalar(events.file)}"
        if events.sheet:
            yield f"{deeper}sheet: {scalar(events.sheet)}"
        yield f"{deeper}columns:"
        yield from (
            column_line(column, texts, indent=" " * (indent + 6))
            for column in events.columns
            if column.is_read
        )


def column_line(column: ProposedColumn, texts: Texts, *, indent: str) -> str:
    """``heading: field`` with its examples; a guess says that it is one."""
    shown = ", ".join(column.examples)
    if column.is_read and not column.is_known:
        shown = texts.format("init.file.guess", examples=shown)
    return _with_comment(f"{indent}{scalar(column.heading)}: {scalar(column.field)}", shown)


def reason_line(reason: ProposedReason, texts: Texts, *, indent: str) -> str:
    """``reason: class`` with how many rows; a reason without a class waits in a comment."""
    count = str(reason.count)
    if not reason.exit_class:
        text = f"{indent}# {scalar(reason.text)}: unknown"
        return _with_comment(text, texts.format("init.file.reason_open", count=count))
    kind = "known" if reason.is_known else "guess"
    text = f"{indent}{scalar(reason.text)}: {reason.exit_class}"
    return _with_comment(text, texts.format(f"init.file.reason_{kind}", count=count))


def endings_line(words: Iterable[str]) -> str:
    """The key that says what stands in the end date of those still enrolled."""
    return f"ongoing_when: [{', '.join(map(scalar, dict.fromkeys(words)))}]"


def scalar(text: str) -> str:
    """A text as a YAML scalar that reads back as itself: plain where that is possible.

    >>> scalar("Kön"), scalar("Arbete: nej"), scalar("2023")
    ('Kön', '"Arbete: nej"', '"2023"')
    """
    # Read as a key and as an item of a list, where more signs have a meaning.
    try:
        if yaml.safe_load(f"{text}: x") == {text: "x"} and yaml.safe_load(f"[{text}]") == [text]:
            return text
    except (yaml.YAMLError, ValueError):  # a day that does not exist, too
        pass
    return json.dumps(text, ensure_ascii=False)


def _endings(register: ProposedRegister, texts: Texts, inner: str) -> Iterator[str]:
    """What several have instead of an end date; what may mean something else is a comment."""
    for is_sure, mark, key in ((True, "", "guess"), (False, "# ", "open")):
        found: list[ProposedEnding] = [one for one in register.endings if one.is_sure is is_sure]
        if found:
            count = str(sum(one.count for one in found))
            comment = texts.format(f"init.file.ongoing_{key}", count=count)
            yield _with_comment(f"{inner}{mark}{endings_line(one.text for one in found)}", comment)


def _reasons(register: ProposedRegister, texts: Texts, inner: str) -> Iterator[str]:
    if not register.reasons and not register.rare_reasons:
        return
    is_any = any(reason.exit_class for reason in register.reasons)
    # A key with comments only below it would hold nothing.
    opening = f"{inner}exit_reasons:" if is_any else f"{inner}exit_reasons: {{}}"
    yield _with_comment(opening, texts["init.file.exit_reasons"])
    ordered = sorted(register.reasons, key=lambda one: (not one.is_known, not one.exit_class))
    yield from (reason_line(reason, texts, indent=f"{inner}  ") for reason in ordered)
    if register.rare_reasons:
        rare = texts.format("init.file.rare_reasons", count=str(register.rare_reasons))
        yield f"{inner}  # {rare}"


def _local(name: str, text: str, proposal: Proposal) -> Iterator[str]:
    if len(proposal.languages) == 1:
        yield f"{name}: {scalar(text)}"
        return
    yield f"{name}:"
    yield from (f"  {language}: {scalar(text)}" for language in proposal.languages)


def _with_comment(line: str, comment: str) -> str:
    return f"{line:<{_COMMENT_COLUMN}}  # {comment}" if comment else line
