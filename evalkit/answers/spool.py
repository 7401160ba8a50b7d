"""What chapters ask, handed from the kernel that holds a register to the one that releases it.

A chapter's asks wait in a file of the worker's own folder, which goes with the run. It is
written by the chapter's kernel and read by the worker that started it, and by nobody else.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Iterable, Iterator
from pathlib import Path

from evalkit.results import Ask

PLACE = "EVALKIT_ASKED"


def hand_over(asks: Iterable[Ask]) -> None:
    """Add what has been asked to the chapter's file, where there is one to write to."""
    place = os.environ.get(PLACE)
    if place:
        with Path(place).open("ab") as file:
            pickle.dump(list(asks), file)


def handed_over(files: Iterable[Path]) -> Iterator[Ask]:
    """What the chapters have asked, in the order of the files."""
    for path in files:
        if not path.is_file():
            continue
        with path.open("rb") as file:
            while file.peek(1):
                yield from pickle.load(file)
