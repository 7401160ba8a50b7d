"""What a report says once: method notes in an appendix, a chapter's answer in one line.

Done where the document is put together, so that every format says it once and a chapter on
its own, in a notebook, still says it all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from evalkit.language import Texts
from evalkit.present.blocks import Block, Box, Bullets, Figure, Paragraph, Table

OFTEN = 3
LONG = 12  # words: a shorter paragraph may be needed where it stands
# What says that figures are rounded stands at each of them.
_KEPT_AT_EACH = ("note.protected_curve", "disclosure.rounded_counts", "time.protected")


class Said:
    """What has been said so far in one report."""

    def __init__(self, chapters: Sequence[Sequence[Block]], texts: Texts) -> None:
        counted = Counter(note for blocks in chapters for note in _notes(blocks))
        kept = tuple(texts[key].partition("{")[0] for key in _KEPT_AT_EACH)
        self.method = tuple(
            note for note, n in counted.items() if n >= OFTEN and not note.startswith(kept)
        )
        self._paragraphs: set[str] = set()
        self._texts = texts

    def once(self, blocks: Sequence[Block]) -> Iterator[Block]:
        """The blocks of a part without what the report has said or says in its appendix."""
        for position, block in enumerate(blocks):
            if isinstance(block, Figure):
                data = replace(block.data, notes=())
                yield replace(block, notes=self._own(block.notes), data=data)
            elif isinstance(block, Table):
                yield replace(block, notes=self._own(block.notes))
            elif not self._is_said(block) or position == 0:
                yield block

    def _own(self, notes: Sequence[str]) -> tuple[str, ...]:
        return tuple(note for note in notes if note not in self.method)

    def _is_said(self, block: Block) -> bool:
        if not isinstance(block, Paragraph) or len(block.text.split()) < LONG:
            return False
        was_said = block.text in self._paragraphs
        self._paragraphs.add(block.text)
        return was_said

    def appendix(self) -> tuple[Block, ...]:
        """The notes that stood under many tables and charts."""
        if not self.method:
            return ()
        return (Paragraph(self._texts["document.method_note"]), Bullets(self.method))


def short_answer(blocks: Sequence[Block], texts: Texts) -> Paragraph | None:
    """One line from what can be said of a chapter."""
    for block in blocks:
        if isinstance(block, Box) and block.kind == "can_say" and block.items:
            return Paragraph(texts.format("document.short_answer", answer=block.items[0]))
    return None


def without_boxes(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Without the box of what can be said: its first line heads the chapter, and each of its
    sentences stands in the chapter already.
    """
    return tuple(b for b in blocks if not (isinstance(b, Box) and b.kind == "can_say"))


def _notes(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Table | Figure):
            yield from block.notes
