"""The one error of this room: a sentence for the evaluator, never a person's value."""

from __future__ import annotations

from evalkit.forms import veiled
from evalkit.project.problems import Problem
from evalkit.project.vocabulary import LanguageCode

_GROUP = "intake.problem"


class IntakeError(ValueError):
    """A file that cannot be used: one clear sentence that names it, in English until told.

    Attributes:
        is_told: The message is in a language that somebody chose.
    """

    def __init__(self, key: str, *, hint: Problem | None = None, **values: object) -> None:
        self._say(_problem(key, values, hint), "en")
        self.is_told = False

    def in_language(self, language: LanguageCode) -> str:
        return self.problem.in_language(language)

    def told_in(self, language: LanguageCode) -> IntakeError:
        """The same error, its message in a language."""
        return _again(self.problem, language)

    def _say(self, problem: Problem, language: LanguageCode) -> None:
        self.problem, self.language, self.is_told = problem, language, True
        super().__init__(problem.in_language(language))

    def __reduce__(self) -> tuple[object, ...]:
        return _again, (self.problem, self.language)


def hint(key: str, *, then: Problem | None = None, **values: object) -> Problem:
    """A part that is added to the sentence where there is something to add."""
    return _problem(key, values, then)


def _problem(key: str, values: dict[str, object], then: Problem | None) -> Problem:
    return Problem(key, {k: veiled(str(v)) for k, v in values.items()}, hint=then, group=_GROUP)


def _again(problem: Problem, language: LanguageCode) -> IntakeError:
    error = IntakeError.__new__(IntakeError)
    error._say(problem, language)  # noqa: SLF001 - its own maker
    return error
