"""``ledger.json``: the figures of every edition that was put in place, as they are kept.

Read and added to here without anything heavy; compared in `ledger`. Because nobody could say
which differences a lost ledger would have shown, it is kept twice: one mends the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import (
    Annotated,
    Any,
    Literal,
    NotRequired,  # pydantic wants this one before Python 3.12
)

from pydantic import ConfigDict, Field, TypeAdapter, with_config
from typing_extensions import TypedDict

from evalkit.documents.files.state import (
    Damaged,
    Day,
    read_state,
    set_aside,
    state_text,
    write_whole,
)
from evalkit.project.vocabulary import LanguageCode

LEDGER = "ledger.json"
_SIGNATURE = ("published", "by")
LEDGER_COPY = "ledger-copy.json"
_EXACTLY = with_config(ConfigDict(extra="forbid", strict=True, allow_inf_nan=False))


@_EXACTLY
class Edition(TypedDict):
    """An edition that was published, when and by whom; figures are kind, value, n and decimals."""

    published: NotRequired[Day]
    by: NotRequired[str]
    language: LanguageCode
    data_cut: Day
    disclosure_profile: Literal["standard", "strict", "rounded"]
    figures: dict[str, tuple[Literal["count", "share"], float, float, int]]


@_EXACTLY
class _Ledger(TypedDict):
    editions: Annotated[list[Edition], Field(max_length=100_000)]


@cache
def _model() -> TypeAdapter[_Ledger]:
    return TypeAdapter(_Ledger)


class UnreadableLedger(ValueError):
    """A ledger that is there and cannot be read; earlier editions are then unknown."""

    def __init__(self) -> None:
        super().__init__(
            f"{LEDGER} cannot be read, and no copy of it either, so earlier editions cannot be "
            "compared; restore it from a copy, or remove it if no edition has left the house"
        )


def editions(folder: Path) -> list[dict[str, Any]]:
    """The editions in the ledger of a project's report folder, oldest first.

    A ledger that is not there has been removed on purpose: its copy does not bring it back.

    Raises:
        UnreadableLedger: If neither it nor its copy can be read.
    """
    try:
        return _read(folder / LEDGER)
    except Damaged:
        pass
    try:
        copy = _read(folder / LEDGER_COPY)
    except Damaged:
        copy = []
    if not copy:
        raise UnreadableLedger
    return copy


def mended_ledger(folder: Path) -> str:
    """Put the copy in the place of a damaged ledger; what was done, if anything.

    Raises:
        OSError: If it cannot be written.
    """
    try:
        _read(folder / LEDGER)
    except Damaged as damage:
        with suppress(UnreadableLedger):
            content = state_text({"editions": editions(folder)})
            set_aside(folder / LEDGER)
            write_whole(folder / LEDGER, content)
            return f"{LEDGER} {damage}; it was set aside and written anew from its copy"
    return ""


def ledger_with(folder: Path, new: Sequence[Mapping[str, Any]]) -> str:
    """The ledger's content with some editions added; the same edition is added once."""
    every = editions(folder)
    known = [_figures_of(edition) for edition in every]
    every += [dict(edition) for edition in new if _figures_of(edition) not in known]
    return state_text({"editions": every})


def _read(file: Path) -> list[dict[str, Any]]:
    """The editions in a file; none where there is no file.

    Raises:
        Damaged: If it cannot be read.
    """
    found = read_state(file, _model())
    entries = found["editions"] if found else []
    return [
        {**one, "figures": {key: list(figure) for key, figure in one["figures"].items()}}
        for one in entries
    ]


def _figures_of(edition: Mapping[str, Any]) -> dict[str, Any]:
    """An edition without who published it and when: the same figures are the same edition."""
    return {name: value for name, value in edition.items() if name not in _SIGNATURE}
