"""The one error of this room: a sentence for the evaluator, never a person's value."""

from __future__ import annotations

from evalkit.forms import veiled
from evalkit.project.problems import Problem, Spoken

_GROUP = "intake.problem"


class IntakeError(Spoken, ValueError):
    """A file that cannot be used: one clear sentence that names it, in English until told."""

    def __init__(self, key: str, *, hint: Problem | None = None, **values: object) -> None:
        self._say(_problem(key, values, hint))


def hint(key: str, *, then: Problem | None = None, **values: object) -> Problem:
    """A part that is added to the sentence where there is something to add."""
    return _problem(key, values, then)


def _problem(key: str, values: dict[str, object], then: Problem | None) -> Problem:
    return Problem(key, {k: veiled(str(v)) for k, v in values.items()}, hint=then, group=_GROUP)
