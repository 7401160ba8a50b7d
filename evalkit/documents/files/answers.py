"""``answers.json``: all that was released of a project, a state file as the others are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field
from typing_extensions import TypedDict

from evalkit.answers.store import Store, from_content, to_json
from evalkit.documents.files.state import Damaged, exactly, read_state, state_text


@exactly
class _Answer(TypedDict):
    result: Any
    withheld: Annotated[int, Field(ge=0)]
    notes: list[str]


@exactly
class _Answers(TypedDict):
    format: int
    rule: str
    answers: dict[str, _Answer]


def answers_text(store: Store) -> str:
    """The text of the file, the same for the same answers.

    Raises:
        ValueError: For answers that have not passed disclosure control.
    """
    return state_text(json.loads(to_json(store)))


def read_answers(file: Path) -> Store:
    """The answers in a file.

    Raises:
        FileNotFoundError: If nothing is there.
        Damaged: If something else is.
    """
    found = read_state(file, _Answers)
    if found is None:
        raise FileNotFoundError(file)
    try:
        return from_content(found)
    except (ValueError, RecursionError):
        raise Damaged("damaged.content") from None
