"""A project file changed only where a new extract holds something new; the rest stays as written.

The places come from YAML's own marks, the changes are made in the text: comments, order and
quotes of the evaluator's are not touched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import yaml

from evalkit.language import LANGUAGES, Texts
from evalkit.project.proposal import ProposedRegister
from evalkit.project.writing import column_line, reason_line, register_lines, scalar
from evalkit.yaml_text import composed_yaml

_NAMED = re.compile(r'^[\s#-]*("(?:[^"\\]|\\.)*"|[^:#"]+?)\s*:', re.MULTILINE)
_NOT_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Revision:
    """The text as it is to be, and what was changed: kind of change → what."""

    text: str
    changes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Edit:
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class RegisterPlace:
    """Where a register stands in the project file: its keys, and how far they are indented."""

    keys: frozenset[str]
    indent: int
    is_flow: bool

    def lines(self, key: str, pairs: Sequence[str]) -> tuple[str, ...]:
        """``key`` with its pairs as they may be pasted; only the pairs where the key is there."""
        if self.is_flow:
            plain = ", ".join(pair.split("  #")[0] for pair in pairs)
            return (plain if key in self.keys else f"{key}: {{{plain}}}",)
        inner = tuple(" " * (self.indent + 2) + pair for pair in pairs)
        return inner if key in self.keys else (" " * self.indent + f"{key}:", *inner)


def register_places(text: str) -> dict[tuple[str, str], RegisterPlace]:
    """File and sheet of each register → where it stands in the project file."""
    root = _mapping(composed_yaml(text))
    nodes = root["registers"].value if "registers" in root else []
    found = {}
    for node in nodes:
        own = _mapping(node)
        sheet = own["sheet"].value if "sheet" in own else ""
        found[own["file"].value, sheet] = RegisterPlace(
            frozenset(own), node.value[0][0].start_mark.column, bool(node.flow_style)
        )
    return found


def revised(
    text: str,
    *,
    matches: Mapping[int, ProposedRegister],
    added: Sequence[ProposedRegister],
    data_cut: date | None,
    texts: Texts,
) -> Revision:
    """The project file with what a new extract adds.

    Args:
        text: The project file as it stands; it is valid.
        matches: Position of a register in the file → what its extract holds now.
        added: Registers that the file does not have.
        data_cut: The new extract's, where it is later than the one in the file.
        texts: Language of the comments.
    """
    whole = composed_yaml(text)
    root = _mapping(whole)
    # Also what stands in a comment is known: the evaluator has seen it and left it there.
    known = {_key(_unquoted(name)) for name in _NAMED.findall(text)}
    known |= {_key(name) for name in _keys_in(whole)}
    edits: list[_Edit] = []
    changes: list[tuple[str, str]] = []
    registers = root["registers"].value if "registers" in root else []
    for position, found in matches.items():
        _revise_register(text, registers[position], found, known, texts, edits, changes)
    if added:
        edits.append(_appended(text, root, added, texts))
        changes += [("register", one.name) for one in added]
    if data_cut is not None:
        _revise_cut(root, data_cut, edits, changes)
    for edit in sorted(edits, key=lambda one: one.start, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return Revision(text, tuple(changes))


def _revise_register(
    text: str,
    node: yaml.CollectionNode,
    found: ProposedRegister,
    known: set[str],
    texts: Texts,
    edits: list[_Edit],
    changes: list[tuple[str, str]],
) -> None:
    own = _mapping(node)
    if own["file"].value != found.file:
        edits.append(_replaced(own["file"], scalar(found.file)))
        changes.append(("file", found.file))
    columns = [one for one in found.columns if _key(one.heading) not in known]
    reasons = [one for one in found.reasons if _key(one.text) not in known]
    lines = {
        "columns": [column_line(one, texts, indent="" if one.is_read else "# ") for one in columns],
        "exit_reasons": [reason_line(one, texts, indent="") for one in reasons],
    }
    pairs = {
        "columns": [
            f"{scalar(one.heading)}: {scalar(one.field)}" for one in columns if one.is_read
        ],
        "exit_reasons": [
            f"{scalar(one.text)}: {one.exit_class}" for one in reasons if one.exit_class
        ],
    }
    for name in ("columns", "exit_reasons"):
        if lines[name]:
            edit = _inserted(text, node, name, lines[name], pairs[name])
            edits += [edit] if edit else []
    recounted = [*_recounted(text, node, found)]
    edits += recounted
    changes += [("counts", "")] * bool(recounted)
    changes += [("column", one.heading) for one in columns]
    changes += [("reason", one.text) for one in reasons]


def _recounted(text: str, node: yaml.CollectionNode, found: ProposedRegister) -> Iterator[_Edit]:
    """How many rows each reason and ending has now, where a comment says how many it had."""
    counts = {_key(one.text): one.count for one in found.reasons}
    start, end = node.start_mark.index, node.end_mark.index
    for line in _counted().finditer(text[:end], start):
        key, number = _key(_unquoted(line[1] or "")), line.lastindex or 0
        now = counts.get(key, 0) if key else found.rare_reasons
        if key == _key("ongoing_when"):
            now = sum(one.count for one in found.endings if scalar(one.text) in line[0])
        elif key not in counts and found.rare_reasons:
            continue  # it may be among those too rare to be written
        if str(now) != line[number]:
            yield _Edit(*line.span(number), str(now))


@cache
def _counted() -> re.Pattern[str]:
    """Lines with a comment on how many rows there are of something, in either language."""
    row, rare = (
        "|".join(
            re.escape(Texts(language)[f"init.file.{key}"]).replace(re.escape("{count}"), r"(\d+)")
            for language in LANGUAGES
        )
        for key in ("reason_known", "rare_reasons")
    )
    return re.compile(rf"{_NAMED.pattern}.*?  # (?:{row})|^ *# (?:{rare})", re.MULTILINE)


def _inserted(
    text: str, node: yaml.CollectionNode, name: str, lines: Sequence[str], pairs: Sequence[str]
) -> _Edit | None:
    """New lines at the end of a block, pairs inside braces, or a block of its own."""
    own = _mapping(node)
    inner = own.get(name)
    is_flow = bool(node.flow_style)
    if inner is not None and inner.value and not inner.flow_style:
        indent = inner.value[0][0].start_mark.column
        return _lines_after(text, inner.value[-1][1], [" " * indent + line for line in lines])
    if inner is not None and (inner.value or is_flow):
        before = ", " if inner.value else ""
        end = inner.end_mark.index - 1
        return _Edit(end, end, before + ", ".join(pairs)) if pairs else None
    if inner is None and is_flow:
        end = node.end_mark.index - 1
        return _Edit(end, end, f", {name}: {{{', '.join(pairs)}}}") if pairs else None
    indent = node.value[0][0].start_mark.column
    block = [" " * (indent + 2) + line for line in lines]
    if inner is not None:  # ``exit_reasons: {}``: braces that hold nothing yet
        if not pairs:
            return _lines_after(text, inner, block)
        return _Edit(inner.start_mark.index, inner.end_mark.index, "\n" + "\n".join(block))
    opening = f"{name}:" if pairs else f"{name}: {{}}"
    return _lines_after(text, own["file"], [" " * indent + opening, *block])


def _lines_after(text: str, node: yaml.Node, lines: Sequence[str]) -> _Edit:
    """Lines below the one on which a node ends, whatever comment stands behind it."""
    at = text.find("\n", node.end_mark.index - 1) if node.end_mark.index else -1
    at = len(text) if at < 0 else at
    return _Edit(at, at, "\n" + "\n".join(lines))


def _appended(
    text: str, root: Mapping[str, Any], added: Sequence[ProposedRegister], texts: Texts
) -> _Edit:
    node = root.get("registers")
    if node is None:
        lines = [line for one in added for line in register_lines(one, texts, indent=2)]
        end = len(text.rstrip("\n"))
        return _Edit(end, end, "\n\nregisters:\n" + "\n".join(lines))
    if node.flow_style:
        end = node.end_mark.index - 1
        items = "".join(f", {_flow(one)}" for one in added)
        return _Edit(end, end, items if node.value else items.removeprefix(", "))
    indent = node.value[0].start_mark.column - 2
    lines = [line for one in added for line in register_lines(one, texts, indent=indent)]
    last = node.value[-1]
    while isinstance(last, yaml.MappingNode | yaml.SequenceNode) and last.value:
        if last.flow_style:
            break
        last = last.value[-1][1] if isinstance(last, yaml.MappingNode) else last.value[-1]
    return _lines_after(text, last, lines)


def _flow(register: ProposedRegister) -> str:
    sheet = f", sheet: {scalar(register.sheet)}" if register.sheet else ""
    columns = ", ".join(f"{scalar(one.heading)}: {scalar(one.field)}" for one in register.read)
    return f"{{file: {scalar(register.file)}{sheet}, columns: {{{columns}}}}}"


def _revise_cut(
    root: Mapping[str, Any], cut: date, edits: list[_Edit], changes: list[tuple[str, str]]
) -> None:
    """The day of the new extract; a period that ended on the former day goes on with it."""
    node = root["data_cut"]
    period = _mapping(root["period"])
    edits.append(_replaced(node, cut.isoformat()))
    changes.append(("data_cut", cut.isoformat()))
    if period["end"].value == node.value:
        edits.append(_replaced(period["end"], cut.isoformat()))
        changes.append(("period", cut.isoformat()))


def _replaced(node: yaml.Node, text: str) -> _Edit:
    return _Edit(node.start_mark.index, node.end_mark.index, text)


def _mapping(node: yaml.Node | None) -> dict[str, Any]:
    return dict(_items(node))


def _items(node: yaml.Node | None) -> Iterator[tuple[str, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield key.value, value


def _keys_in(node: yaml.Node | None) -> Iterator[str]:
    """Every key of a node and of those below it."""
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _keys_in(item)
    for key, value in _items(node):
        yield key
        yield from _keys_in(value)


def _key(text: str) -> str:
    return _NOT_WORD.sub("", text.casefold())


def _unquoted(name: str) -> str:
    if name.startswith('"'):
        return str(yaml.safe_load(name))
    return name.strip("' ")
