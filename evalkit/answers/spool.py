"""What chapters ask, handed from the kernel that holds a register to the one that releases it.

A chapter's asks wait in a file of the worker's own folder, which goes with the run, with the
pseudonyms by which an edition finds the participants again. It is written by the chapter's
kernel and read by the worker that started it, and by nobody else.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from evalkit.results import Ask

PLACE = "EVALKIT_ASKED"
# Set in the process that draws what was released: it must not open a register.
SHOWING = "EVALKIT_SHOWING"


def is_asked() -> bool:
    """Whether a chapter of a report runs here."""
    return bool(os.environ.get(PLACE))


def is_beside_no_register() -> bool:
    """Whether cells marked for showing run here."""
    return bool(os.environ.get(SHOWING))


@dataclass(slots=True)
class HandedOver:
    """What the chapters have asked, and who the participants are, in the order of the members."""

    asks: list[Ask] = field(default_factory=list)
    pseudonyms: tuple[str, ...] = ()


def hand_over(asks: Iterable[Ask], pseudonyms: Iterable[str] = ()) -> None:
    """Add what has been asked to the chapter's file, where there is one to write to."""
    place = os.environ.get(PLACE)
    if place:
        with Path(place).open("ab") as file:
            pickle.dump((list(asks), tuple(pseudonyms)), file)


def chapter_name() -> str:
    """The chapter that asks, by its file; ``notebook`` where there is none."""
    place = os.environ.get(PLACE)
    return Path(place).stem if place else "notebook"


def handed_over_so_far() -> list[Ask]:
    """What the chapter that asks has asked already."""
    place = os.environ.get(PLACE)
    return handed_over([Path(place)] if place else []).asks


def handed_over(files: Iterable[Path]) -> HandedOver:
    """What the chapters have asked, in the order of the files."""
    found = HandedOver()
    for path in files:
        if not path.is_file():
            continue
        with path.open("rb") as file:
            while file.peek(1):
                asks, pseudonyms = pickle.load(file)
                found.asks += asks
                found.pseudonyms = found.pseudonyms or pseudonyms
    return found
