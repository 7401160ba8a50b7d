"""How many words a report has, and how much of its prose it says twice.

    python -m tests.documents.test_words [sv|en]     the five samples: words and repetition

Counted is what a reader may meet: prose (headings, paragraphs, lists, boxes, captions and notes),
tables with the numbers behind figures, and alternative texts.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import get_args

import pytest

from evalkit.documents.model import Chapter, Document
from evalkit.language import Language
from evalkit.present.blocks import Block, Box, Bullets, Figure, Heading, Paragraph, Table
from tests.support.reports import SAMPLES, document_of

# Of the first house: words with and without alternative texts, in the chapters of then.
ARENA_MOST, ARENA_MOST_WITHOUT_ALTERNATIVES = 4_700, 4_000
NEW_CHAPTER_MOST = 350
NEW_CHAPTERS = {"after_leaving", "society", "equity"}
REPEATED_MOST = 0.05
# A shorter sentence is a label: the name of a chart's method, a place.
SENTENCE_WORDS = 5
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True)
class Words:
    prose: int
    tables: int
    alternatives: int

    @property
    def all(self) -> int:
        return self.prose + self.tables + self.alternatives


def prose_of(block: Block) -> Iterator[str]:
    match block:
        case Heading() | Paragraph():
            yield block.text
        case Bullets():
            yield from block.items
        case Box():
            yield from (block.title, *block.items)
        case Table():
            yield from (block.caption, *block.notes)
        case Figure():
            yield from (block.caption, block.reading, *block.notes)


def cells_of(block: Block) -> Iterator[str]:
    if isinstance(block, Table | Figure):
        table = block.data if isinstance(block, Figure) else block
        yield from table.columns
        yield from (cell.text for row in table.rows for cell in row)


def blocks_of(chapter: Chapter) -> list[Block]:
    return [block for part in chapter.parts for block in part.blocks]


def words_of(chapters: list[Chapter]) -> Words:
    blocks = [block for chapter in chapters for block in blocks_of(chapter)]
    titles = [one.title for chapter in chapters for one in (chapter, *chapter.parts)]
    prose = [*titles, *(text for block in blocks for text in prose_of(block))]
    cells = [text for block in blocks for text in cells_of(block)]
    alts = [block.alt for block in blocks if isinstance(block, Figure)]
    return Words(*(sum(map(count, texts)) for texts in (prose, cells, alts)))


def count(text: str) -> int:
    """Words between ordinary spaces: hard ones bind a number and its unit."""
    return sum(any(map(str.isalnum, word)) for word in re.split(r"[ \n]+", text))


def chapters_of(document: Document) -> list[Chapter]:
    first = [] if document.first_page is None else [document.first_page]
    return [*first, *document.chapters]


def sentences_of(document: Document) -> list[str]:
    texts = [
        text
        for chapter in chapters_of(document)
        for block in blocks_of(chapter)
        for text in prose_of(block)
        if not (isinstance(block, Box) and text == block.title)  # a label
    ]
    texts += [item for box in document.front.boxes for item in box.items]
    found = [part.strip() for text in texts for part in _SENTENCE.split(text)]
    return [one for one in found if len(one.split()) >= SENTENCE_WORDS]


def repeated(document: Document) -> Counter[str]:
    """Sentences said more than once, and how often too many."""
    return Counter({text: n - 1 for text, n in Counter(sentences_of(document)).items() if n > 1})


def repeated_share(document: Document) -> float:
    """The part of the prose that has been said before, word for word."""
    every = sum(len(text.split()) for text in sentences_of(document))
    again = sum(n * len(text.split()) for text, n in repeated(document).items())
    return again / every if every else 0.0


@pytest.mark.parametrize("name", SAMPLES)
def test_little_is_said_twice(name):
    document = document_of(name, "sv")
    assert repeated_share(document) < REPEATED_MOST, repeated(document).most_common(5)


def test_arena_is_three_fifths_of_what_it_was():
    then = [one for one in chapters_of(document_of("arena-for-arbete", "sv")) if is_old(one)]
    words = words_of(then)
    assert words.all <= ARENA_MOST
    assert words.prose + words.tables <= ARENA_MOST_WITHOUT_ALTERNATIVES


def is_old(chapter: Chapter) -> bool:
    return chapter.id.replace("-", "_") not in NEW_CHAPTERS


@pytest.mark.parametrize("name", SAMPLES)
def test_a_new_chapter_is_short(name):
    new = [one for one in chapters_of(document_of(name, "sv")) if not is_old(one)]
    assert [one.id for one in new if words_of([one]).all > NEW_CHAPTER_MOST] == []


def main(language: Language) -> None:
    for name in SAMPLES:
        document = document_of(name, language)
        words = words_of(chapters_of(document))
        print(f"{name}: {words.all} words ({words.prose} prose, {words.tables} tables, "
              f"{words.alternatives} alternatives); "
              f"repeated {repeated_share(document):.1%}")  # fmt: skip
        for chapter in chapters_of(document):
            print(f"   {words_of([chapter]).all:6} {chapter.id}")
        for text, n in repeated(document).most_common(8):
            print(f"   {n + 1} times: {text[:100]}")


if __name__ == "__main__":
    main(next((one for one in get_args(Language) if one in sys.argv), "sv"))
