"""A section as plain text: for whoever quotes, searches or compares what a chapter says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from importlib import import_module

from evalkit.answers.study import Study
from evalkit.chapters.section import AskedSection

_SPACES = re.compile(r"[\u00a0\u202f\u2009\u2007\s]+")
_NO_WORDS = frozenset({"id", "kind"})
_BETWEEN = " ¶ "


def section_text(study: Study, name: str) -> str:
    """The text of a section, its paragraphs, table cells and captions in their order.

    Args:
        study: An opened study.
        name: Chapter and section, as ``participants.outcomes``.

    Raises:
        ValueError: If there is no such section.
    """
    chapter, _, section = name.partition(".")
    try:
        made = getattr(import_module(f"evalkit.chapters.{chapter}"), section)
    except (ModuleNotFoundError, AttributeError):
        made = None
    if not isinstance(made, AskedSection):
        raise ValueError(f"no section {name}; write chapter.section")
    return plain_text(made(study))


def plain_text(shown: object) -> str:
    """The words of a section or a block on one line."""
    return _SPACES.sub(" ", _BETWEEN.join(_texts_of(shown))).strip()


def _texts_of(block: object) -> Iterator[str]:
    if isinstance(block, str):
        if not block.startswith("<svg"):  # a chart's caption and description stand beside it
            yield block
        return
    parts: Iterable[object] = ()
    if isinstance(block, dict):
        parts = block.items()
    elif isinstance(block, list | tuple):
        parts = block
    elif is_dataclass(block):
        names = (field.name for field in fields(block))
        parts = [getattr(block, name) for name in names if name not in _NO_WORDS]
    for part in parts:
        yield from _texts_of(part)
