"""What every section shares: blocks in order, and words for what cannot be computed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import wraps
from typing import Literal, Protocol, TypeVar

from evalkit.present.blocks import Block, Box, Paragraph, Section
from evalkit.present.labels import Words
from evalkit.present.sentences import not_computed_sentence, warnings_box
from evalkit.results import CannotBeComputed

Blocks = Iterator[Block]


class Opened(Protocol):
    """What a section is made of: a study, or a portfolio of many."""

    @property
    def words(self) -> Words: ...

    @property
    def purpose(self) -> Literal["explore", "release"]: ...


S = TypeVar("S", bound=Opened)


def section(blocks_of: Callable[[S], Blocks]) -> Callable[[S], Section]:
    """A section function from a generator of blocks.

    What cannot be computed ends the section with a sentence that says why, so that the
    reader meets words where a figure does not exist.
    """

    @wraps(blocks_of)
    def made(study: S) -> Section:
        blocks = tuple(until_not_computable(study, blocks_of(study)))
        return Section(blocks, is_internal=study.purpose == "explore")

    return made


def until_not_computable(study: Opened, blocks: Blocks) -> Blocks:
    """The blocks, and instead of the first that does not exist the reason why."""
    try:
        yield from blocks
    except CannotBeComputed as error:
        yield Paragraph(not_computed_sentence(error, study.words))


def say_box(study: Opened, *, can: list[str], cannot: list[str]) -> Blocks:
    """The two boxes that end a chapter: what can and what cannot be said."""
    texts = study.words.texts
    if can:
        yield Box("can_say", texts["box.can_say"], tuple(can))
    yield Box("cannot_say", texts["box.cannot_say"], tuple(cannot))


def warnings(
    study: Opened, names: Sequence[str], *, told: dict[str, str] | None = None, under: str = ""
) -> Blocks:
    """One box with every trap of reading that applies; none when there is none.

    Args:
        study: What is open.
        names: The traps.
        told: Those that the section has explained, and under which heading; added to.
        under: The heading that this box stands under.
    """
    if names:
        yield warnings_box(names, study.words, told=told)
    if told is not None:
        told |= {name: told.get(name, under) for name in names}
