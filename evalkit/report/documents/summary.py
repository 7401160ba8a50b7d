"""The one-page summary: what was asked, and what the chapters say can and cannot be said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evalkit.language import Texts
from evalkit.present.blocks import Block, Box, BoxKind


@dataclass(frozen=True, slots=True)
class Summary:
    """The questions of a report and its boxes of what can and cannot be said."""

    questions: tuple[str, ...]
    boxes: tuple[Box, ...]


def summary_of(chapters: Sequence[str], blocks: Iterable[Sequence[Block]], texts: Texts) -> Summary:
    """One question and one sentence of each kind from every chapter.

    The first sentence of a chapter's box is the one its reader must not miss; the others
    stand in the chapter.
    """
    every = [list(one) for one in blocks]
    boxes = (_gathered(kind, every, texts) for kind in ("can_say", "cannot_say"))
    return Summary(
        questions=tuple(texts[f"document.question.{name}"] for name in chapters),
        boxes=tuple(box for box in boxes if box.items),
    )


def _gathered(kind: BoxKind, chapters: Sequence[Sequence[Block]], texts: Texts) -> Box:
    firsts = [_first_item(kind, blocks) for blocks in chapters]
    items = tuple(dict.fromkeys(item for item in firsts if item))
    return Box(kind, texts[f"document.summary.{kind}"], items)


def _first_item(kind: BoxKind, blocks: Sequence[Block]) -> str:
    items = (block.items for block in blocks if isinstance(block, Box) and block.kind == kind)
    return next((one[0] for one in items if one), "")
