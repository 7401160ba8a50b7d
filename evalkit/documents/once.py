"""What a report says once: method notes in an appendix, a chapter's answer in one line.

Done where the document is put together, so that every format says it once and a chapter on
its own, in a notebook, still says it all.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import compress, dropwhile

from evalkit.language import Texts
from evalkit.present.blocks import Block, Box, Bullets, Figure, Heading, Paragraph, Table

OFTEN = 2
RATIOS = "model"
"""Id of the table of ratios; a report's chapters speak in points and days."""
LONG = 6  # words: a shorter sentence may be needed where it stands
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[^a-zåäö])")
# What says that figures are protected is marked at each of them, and explained once.
# How the id of a chart of each kind begins; a kind is explained at the first of it.
_KIND_OF_CHART = (
    ("ways-out-lines", "curve"), ("ways-out", "stacked"), ("by-", "curve"), ("forest-", "forest"),
    ("funnel-", "funnel"), ("casemix-", "intervals"), ("levels-", "intervals"),
    ("targets", "intervals"), ("follow-up-", "intervals"), ("comparison-balance", "balance"),
    ("comparison-overlap", "overlap"), ("comparison-differences", "intervals"),
    ("break-even", "break_even"), ("series-", "series"), ("synthetic-", "synthetic"),
    ("gaps-", "gaps"), ("interrupted-", "interrupted"), ("panel-", "panel"),
)  # fmt: skip
_MARKED_AT_EACH = ("note.protected_curve", "time.protected")
# What is made up is said where it stands, and where a figure's intervals are to be found.
_STAY = ("note.synthetic", "society.made_up", "note.intervals_in_table")


def without_empty_headings(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks without headings that nothing stands below any more."""
    kept: list[Block] = []
    for block in reversed(blocks):
        above = kept[-1] if kept else None
        if isinstance(block, Heading) and (
            above is None or (isinstance(above, Heading) and above.level <= block.level)
        ):
            continue
        kept.append(block)
    return tuple(reversed(kept))


class Said:
    """What has been said so far in one report.

    Args:
        chapters: Their blocks.
        texts: The language.
        before: What is read before the chapters.
    """

    def __init__(
        self, chapters: Sequence[Sequence[Block]], texts: Texts, before: Iterable[str] = ()
    ) -> None:
        # What is shown as an earlier edition showed it says so wherever it stands.
        earlier = texts["disclosure.repeated_data"].partition("{")[0]
        counted = Counter(
            note for blocks in chapters for note in _notes(blocks) if not note.startswith(earlier)
        )
        stay = {texts[key] for key in _STAY}
        self.method = tuple(note for note, n in counted.items() if n >= OFTEN and note not in stay)
        marked = tuple(texts[key].partition("{")[0] for key in _MARKED_AT_EACH)
        self._marked = frozenset(note for note in self.method if note.startswith(marked))
        # Why a figure is not there is said wherever it is not there.
        self._reasons = _reasons(texts)
        self._sentences = {one for text in before for one in _sentences(text)}
        self._texts = texts
        self._read: set[str] = set()

    def once(self, blocks: Sequence[Block]) -> Iterator[Block]:
        """The blocks of a part without what the report has said or says in its appendix."""
        made = [(block, self._kept(block)) for block in blocks]
        for place, (block, kept) in enumerate(made):
            # What is all that stands under a heading is said again: a bare one says nothing.
            if kept is not None or _is_all_under_a_heading(made, place):
                yield kept or block

    def _kept(self, block: Block) -> Block | None:
        """The block with what is new in it; nothing where nothing is."""
        match block:
            case Figure():
                data = replace(self._filled(block.data), notes=())
                notes, reading = self._own(block.notes), self._reading(block)
                return replace(block, notes=notes, data=data, reading=reading)
            case Table():
                return replace(self._filled(block), notes=self._own(block.notes))
            case Paragraph():
                text = self.new(block.text)
                return Paragraph(text) if text else None
            case Bullets() | Box():
                items = tuple(filter(None, map(self._new_item, block.items)))
                return replace(block, items=items) if items else None
        return block

    def _filled(self, table: Table) -> Table:
        """The table without a column that says nothing in any row."""
        blank = ("", self._texts["cannot.marker"])
        is_kept = [
            place < table.row_headers or any(cell.text not in blank for cell in column)
            for place, column in enumerate(zip(*table.rows, strict=True))
        ]
        rows = tuple(tuple(compress(row, is_kept)) for row in table.rows)
        columns = tuple(compress(table.columns, is_kept)) if rows else table.columns
        return replace(table, columns=columns, rows=rows)

    def _reading(self, block: Figure) -> str:
        """How a chart of its kind is read, where it is the first of them."""
        kinds = (kind for start, kind in _KIND_OF_CHART if block.id.startswith(start))
        kind = next(kinds, "")
        if not kind or kind in self._read:
            return ""
        self._read.add(kind)
        return self._texts[f"chart_reading.{kind}"]

    def new(self, text: str) -> str:
        """What the text says that has not been said; it is said from now on."""
        found = _sentences(text)
        is_begun = found[0] in self._sentences and len(found) > 1
        if is_begun and any(one not in self._sentences for one in found):
            # The rest goes on from the first sentence and cannot stand without it.
            self._sentences.update(found)
            return text
        kept = [
            one
            for one in found
            if one not in self._sentences
            or len(one.split()) < LONG
            or one.startswith(self._reasons)
        ]
        self._sentences.update(found)
        return text if len(kept) == len(found) else " ".join(kept)

    def _new_item(self, text: str) -> str:
        """An item of a list, or nothing where its first sentence, its point, has been said."""
        return "" if _sentences(text)[0] in self._sentences else self.new(text)

    def _own(self, notes: Sequence[str]) -> tuple[str, ...]:
        own = tuple(note for note in notes if note not in self.method)
        is_marked = any(note in self._marked for note in notes)
        return (self._texts["document.protected"], *own) if is_marked else own

    def appendix(self) -> tuple[Block, ...]:
        """The notes that stood under many tables and charts."""
        if not self.method:
            return ()
        return (Paragraph(self._texts["document.method_note"]), Bullets(self.method))


def _is_all_under_a_heading(made: Sequence[tuple[Block, Block | None]], place: int) -> bool:
    """Whether a paragraph comes first under a heading of which nothing else is kept."""
    over = made[place - 1][0] if place else None
    if not isinstance(over, Heading) or not isinstance(made[place][0], Paragraph):
        return False
    for block, kept in made[place + 1 :]:
        if isinstance(block, Heading):
            return block.level <= over.level
        if kept is not None:
            return False
    return True


def has_ratios(blocks: Sequence[Block]) -> bool:
    """Whether a part is of ratios between hazards, which describe and decide nothing."""
    return any(isinstance(block, Table) and block.id == RATIOS for block in blocks)


def short_answer(parts: Sequence[Sequence[Block]], texts: Texts) -> Paragraph | None:
    """One line from what can be said of a chapter, or why nothing of it can."""
    boxes = (b for blocks in parts for b in blocks if isinstance(b, Box) and _can_say(b))
    answers = [box.items[0] for box in boxes if box.items]
    if not any(isinstance(block, Figure) for blocks in parts for block in blocks):
        gone = (text.partition(": ") for blocks in parts for text in refusals(blocks, texts))
        answers = answers or [f"{a}. {b[:1].upper()}{b[1:]}" if b else a for a, _, b in gone]
    if not answers:
        return None
    return Paragraph(texts.format("document.short_answer", answer=answers[0]))


def refusals(blocks: Sequence[Block], texts: Texts) -> list[str]:
    """Why nothing is there, of a part that after its introduction says nothing else."""
    if any(isinstance(b, Figure | Table | Bullets) or _can_say(b) for b in blocks):
        return []
    told = [block.text for block in blocks if isinstance(block, Paragraph)]
    reasons = _reasons(texts)
    told = list(dropwhile(lambda text: not text.startswith(reasons), told))
    is_divided = len(set(told)) > 1 and any(isinstance(b, Heading) for b in blocks)
    if is_divided or not all(text.startswith(reasons) for text in told):
        return []
    return list(dict.fromkeys(told))


def without_boxes(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Without the box of what can be said: its first line heads the chapter, and each of its
    sentences stands in the chapter already.
    """
    return tuple(b for b in blocks if not _can_say(b))


def _can_say(block: Block) -> bool:
    return isinstance(block, Box) and block.kind == "can_say"


@lru_cache(maxsize=2)
def _reasons(texts: Texts) -> tuple[str, ...]:
    """How a sentence begins that tells why a figure is not there."""
    marks = ("cannot.marker", "withheld.marker")
    keys = (key for key in sorted(texts.keys()) if key.startswith(("cannot.", "withheld.")))
    return tuple(texts[key].partition("{")[0] for key in keys if key not in marks)


def _sentences(text: str) -> list[str]:
    return _SENTENCE_END.split(text)


def _notes(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Table | Figure):
            yield from block.notes
