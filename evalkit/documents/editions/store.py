"""``ledger.json``: the figures of every edition that was put in place, as they are kept.

Read and added to here without anything heavy; compared in `ledger`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

LEDGER = "ledger.json"
_SIGNATURE = ("published", "by")


class UnreadableLedger(ValueError):
    """A ledger that is there and cannot be read; earlier editions are then unknown."""

    def __init__(self) -> None:
        super().__init__(
            f"{LEDGER} cannot be read, so earlier editions cannot be compared; "
            "restore it from a copy, or remove it if no edition has left the house"
        )


def editions(folder: Path) -> list[dict[str, Any]]:
    """The editions in the ledger of a project's report folder, oldest first.

    Raises:
        UnreadableLedger: If there is a ledger that holds something else.
    """
    file = folder / LEDGER
    if not file.is_file():
        return []
    try:
        found = json.loads(file.read_text(encoding="utf-8"))["editions"]
        if all({"language", "data_cut", "figures"} <= set(edition) for edition in found):
            return list(found)
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    raise UnreadableLedger


def ledger_with(folder: Path, new: Sequence[Mapping[str, Any]]) -> str:
    """The ledger's content with some editions added; the same edition is added once."""
    every = editions(folder)
    known = [_figures_of(edition) for edition in every]
    every += [dict(edition) for edition in new if _figures_of(edition) not in known]
    return json.dumps({"editions": every}, ensure_ascii=False, indent=1) + "\n"


def _figures_of(edition: Mapping[str, Any]) -> dict[str, Any]:
    """An edition without who published it and when: the same figures are the same edition."""
    return {name: value for name, value in edition.items() if name not in _SIGNATURE}
