"""The secret key of the pseudonyms: given, kept beside a register's editions, or of the process."""

from __future__ import annotations

import os
import re
import secrets
from contextlib import suppress
from functools import cache
from itertools import pairwise
from pathlib import Path

from evalkit.intake.errors import IntakeError
from evalkit.project.vocabulary import EDITIONS

KEY_VARIABLE = "EVALKIT_PSEUDONYM_KEY"
KEY_FILE = "key"  # beside a register's editions, from the first one on
_SHORTEST_KEY, _FEWEST_LETTERS = 16, 8
# As `evalkit publish` draws it: one that is cut short is another.
_KEPT_KEY, _LARGEST_KEY = re.compile(r"[0-9a-f]{64}"), 1000


def secret_key(beside: Path | None = None) -> bytes:
    """The key of the pseudonyms: a lasting one, else random and forgotten with the process."""
    return lasting_key(beside) or _key_of_process()


def lasting_key(beside: Path | None) -> bytes | None:
    """The key from the environment, else the one beside a register since its first edition.

    Raises:
        IntakeError: For a key that is short or easy to guess: whoever tries the keys could try
            all identity numbers with them; for one that earlier editions need and is damaged.
    """
    given = os.environ.get(KEY_VARIABLE, "")
    if given and is_guessable(given):
        raise IntakeError("weak_key", variable=KEY_VARIABLE, shortest=_SHORTEST_KEY)
    if given:
        return given.encode()
    lasting = beside / EDITIONS / KEY_FILE if beside is not None else None
    if lasting is None or not os.path.lexists(lasting):
        return None
    with suppress(OSError, ValueError):
        if lasting.is_file():  # what else lies there could be waited for
            with lasting.open(encoding="ascii") as file:
                kept = file.read(_LARGEST_KEY).strip()
            if _KEPT_KEY.fullmatch(kept):
                return kept.encode()
    if any(lasting.parent.glob("*.json")):
        raise IntakeError("damaged_key", file=f"{EDITIONS}/{KEY_FILE}")
    return None


def is_guessable(key: str) -> bool:
    """Whether a key is short, of few letters, or mostly runs such as abc and 111."""
    steps = [abs(ord(b) - ord(a)) <= 1 for a, b in pairwise(key)]
    return (
        len(key) < _SHORTEST_KEY
        or len(set(key.casefold())) < _FEWEST_LETTERS
        or sum(steps) > len(steps) / 2
    )


@cache
def _key_of_process() -> bytes:
    return secrets.token_bytes(32)
