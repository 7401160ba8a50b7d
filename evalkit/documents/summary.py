"""The one-page summary: what the chapters say can and cannot be said, and what was asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evalkit.language import Texts
from evalkit.present.blocks import Block, Box, BoxKind

LAST = frozenset({"data_quality"})
"""Chapters on what the answers rest on: a reader in a hurry meets the answers first."""


@dataclass(frozen=True, slots=True)
class Summary:
    """The questions of a report and its boxes of what can and cannot be said."""

    questions: tuple[str, ...]
    boxes: tuple[Box, ...]


def summary_of(chapters: Sequence[str], blocks: Iterable[Sequence[Block]], texts: Texts) -> Summary:
    """One question and one item of each kind from every chapter.

    The first item of a chapter's box is the one its reader must not miss; the others stand in
    the chapter. Answers come before what they rest on.
    """
    told = dict(zip(chapters, map(list, blocks), strict=True))
    answers = [told[name] for name in sorted(told, key=LAST.__contains__)]
    boxes = (_gathered(kind, answers, texts) for kind in ("can_say", "cannot_say"))
    return Summary(
        questions=tuple(
            texts[key] for name in chapters if (key := f"document.question.{name}") in texts
        ),
        boxes=tuple(box for box in boxes if box.items),
    )


def _gathered(kind: BoxKind, chapters: Iterable[Sequence[Block]], texts: Texts) -> Box:
    """From each chapter the first item that says something not yet said."""
    said: dict[str, str] = {}
    for blocks in chapters:
        new = next((item for item in _items(kind, blocks) if _point(item) not in said), "")
        if new:
            said[_point(new)] = new
    return Box(kind, texts[f"box.{kind}"], tuple(said.values()))


def _items(kind: BoxKind, blocks: Sequence[Block]) -> tuple[str, ...]:
    boxes = (block.items for block in blocks if isinstance(block, Box) and block.kind == kind)
    return next((items for items in boxes if items), ())


def _point(item: str) -> str:
    """What an item says, without the reason that its chapter gives: its first sentence."""
    return item.partition(". ")[0]
