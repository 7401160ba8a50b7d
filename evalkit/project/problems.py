"""What is wrong with a project file: in English as an error, in either language to a reader."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Self

from evalkit.language import Texts
from evalkit.project.vocabulary import LanguageCode

# Line breaks, commands of a terminal, changes of direction, and bytes that are no letter.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: a text of the catalogue, and the place it is about.

    Attributes:
        key: Of ``<group>.<key>``.
        values: For its placeholders.
        hint: Further problem whose text is added at the end.
    """

    key: str
    values: dict[str, str] = field(default_factory=dict)
    place: str = ""
    hint: Problem | None = None
    group: str = "project.problem"

    def in_language(self, language: LanguageCode) -> str:
        texts = Texts(language, only=self.group if self.group == "terminal" else "")
        values = {name: one_line(value) for name, value in self.values.items()}
        text = texts.format(f"{self.group}.{self.key}", **values)
        hint = self.hint.in_language(language) if self.hint else ""
        return f"{one_line(self.place)}: {text}{hint}" if self.place else f"{text}{hint}"


def one_line(text: str) -> str:
    """A name as it may stand in a sentence: it breaks no line, and commands no terminal."""
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def meant(word: str, known: Iterable[str]) -> Problem:
    """The nearest of the names that there are, or all of them, as the end of a sentence."""
    names = [*known]
    near = get_close_matches(word.lower(), names, n=1, cutoff=0.5)
    if near:
        return Problem("did_you_mean", {"near": near[0]})
    return Problem("asked.there_are", {"known": ", ".join(names)})


class ProjectError(ValueError):
    """A project file that cannot be used; the message is one clear sentence per problem."""

    problems: tuple[Problem, ...] = ()
    file: str = ""

    @classmethod
    def of(cls, file: str, problems: Sequence[Problem]) -> Self:
        """The error of a file with these problems, a line each."""
        error = cls()
        error.problems, error.file = tuple(problems), file
        error.args = (error.in_language("en"),)
        return error

    @classmethod
    def told(
        cls, key: str, *, place: str = "", hint: Problem | None = None, **values: object
    ) -> Self:
        """The error of what is asked of the registers or the folder, at a place in the file."""
        told = {name: str(value) for name, value in values.items()}
        return cls.of("", [Problem(f"asked.{key}", told, place, hint)])

    def told_in(self, language: LanguageCode) -> Self:
        """The same error, its message in a language."""
        error = type(self)(self.in_language(language))
        error.problems, error.file = self.problems, self.file
        return error

    def in_language(self, language: LanguageCode) -> str:
        """The message in a language, where the problems are known one by one."""
        if not self.problems:
            return str(self)
        before = f"{one_line(self.file)}: " if self.file else ""
        return "\n".join(before + one.in_language(language) for one in self.problems)


class Broken(ValueError):
    """A rule of the model that a project file breaks, by the key of its text."""

    def __init__(self, rule: str, **values: str) -> None:
        self.problem = Problem(f"rule.{rule}", values)
        super().__init__(self.problem.in_language("en"))


class Spoken:
    """Mixed into an error: one sentence, told in either language.

    Attributes:
        language: That of its message, where somebody chose one; it is in English until then.
    """

    problem: Problem
    language: LanguageCode | None

    def __init__(self, key: str, *, hint: Problem | None = None, **values: object) -> None:
        self._say(terminal(key, hint=hint, **values))

    def _say(self, problem: Problem, language: LanguageCode | None = None) -> None:
        self.problem, self.language = problem, language
        super().__init__(self.in_language(language or "en"))  # type: ignore[call-arg]

    def in_language(self, language: LanguageCode) -> str:
        return self.problem.in_language(language)

    @classmethod
    def of(cls, problem: Problem, language: LanguageCode | None = None) -> Self:
        """The error of a sentence that is there."""
        error = cls.__new__(cls)
        error._say(problem, language)  # noqa: SLF001 - a maker of this very class
        return error

    def told_in(self, language: LanguageCode) -> Self:
        """The same error, its message in a language."""
        return self.of(self.problem, language)

    def __reduce__(self) -> tuple[object, ...]:
        return type(self).of, (self.problem, self.language)


def terminal(
    key: str, *, place: object = "", hint: Problem | None = None, **values: object
) -> Problem:
    """A sentence of the terminal's, or a part that is added to one."""
    told = {name: str(value) for name, value in values.items()}
    return Problem(key, told, str(place), hint, group="terminal")
