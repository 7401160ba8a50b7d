"""The released answers of a project, and how they are kept: ``answers.json``.

What is kept is what is printed, at the precision of print: nobody can read more from a file
of evalkit's than from the report.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from evalkit.answers.given import with_gates
from evalkit.answers.study import Study
from evalkit.disclosure.answers import Store, internal_all, release_all
from evalkit.results import Ask, EventTable, GroupedEvents, Released
from evalkit.results.codec import decoded, encoded

__all__ = ["Store", "answered", "from_content", "from_json", "to_json"]

FORMAT = 1
# Answers from which others are derived, and which are not printed themselves.
EXACT = ".exact"


def answered(study: Study, asks: Iterable[Ask]) -> Store:
    """What was asked, as the study may show it: exact and internal, or released."""
    all_asks = list(with_gates(study, asks))
    if study.purpose == "explore":
        return internal_all(all_asks)
    return release_all(all_asks, study.rule)


def to_json(store: Store) -> str:
    """Released answers as text: the same text for the same answers.

    Raises:
        ValueError: For answers that have not passed disclosure control.
    """
    if any(one.is_internal for one in store.values()):
        raise ValueError("internal answers are not kept")
    answers = {
        name: {"result": encoded(one.result), "withheld": one.withheld, "notes": list(one.notes)}
        for name, one in sorted(store.items())
        if not (isinstance(one.result, EventTable | GroupedEvents) or name.endswith(EXACT))
    }
    rule = next(iter(store.values())).rule if store else ""
    return json.dumps({"format": FORMAT, "rule": rule, "answers": answers}, ensure_ascii=False)


def from_json(text: str) -> Store:
    """The answers that `to_json` wrote.

    Raises:
        ValueError: If the text is none of ours.
    """
    return from_content(json.loads(text))


def from_content(content: Any) -> Store:
    """The answers in what such a text holds.

    Raises:
        ValueError: If it is none of ours.
    """
    try:
        if content["format"] != FORMAT:
            raise ValueError("answers of another version")
        return {
            str(name): _released(entry, str(content["rule"]))
            for name, entry in content["answers"].items()
        }
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a file of answers ({type(error).__name__})") from None


def _released(entry: dict[str, Any], rule: str) -> Released[Any]:
    notes = tuple(str(note) for note in entry["notes"])
    return Released(decoded(entry["result"]), int(entry["withheld"]), rule, notes=notes)
