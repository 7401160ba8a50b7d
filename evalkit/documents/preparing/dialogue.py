"""The questions of `evalkit init`, at most eight, in the reader's language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.prompt import Prompt

from evalkit.language import LANGUAGES, Language, Texts
from evalkit.project.vocabulary import LanguageCode

MOST_QUESTIONS = 8


class Dialogue:
    """Asks on the terminal or in a notebook; silent, it takes the guess every time."""

    def __init__(
        self, language: Language, *, is_silent: bool = False, console: Console | None = None
    ) -> None:
        self.language = language
        self.n_asked = 0
        self._texts = Texts(language)
        self.is_silent = is_silent
        self._console = console or Console(highlight=False)

    def text(self, name: str, *, default: str) -> str:
        """A line of text; an empty answer takes the guess."""
        return self._answer(name, default).strip() or default

    def day(self, name: str, *, default: dt.date) -> dt.date:
        """A date as YYYY-MM-DD, asked again until it is one."""
        given = self._answer(name, default.isoformat())
        while True:
            try:
                return dt.date.fromisoformat(given.strip())
            except ValueError:
                self._say("init.ask.not_a_day")
                given = self._read(default.isoformat())

    def choice(
        self, name: str, options: Sequence[str], *, default: str, told: Sequence[str] = ()
    ) -> str:
        """One of several, by its number or its name; each is told in words first."""
        told = told or [self._texts[f"init.{name}.{option}"] for option in options]
        known = {str(number): option for number, option in enumerate(options, start=1)}
        known |= {option: option for option in options}
        shown = str(options.index(default) + 1)
        given = self._answer(name, shown, told).strip().lower()
        while given not in known:
            self._say("init.ask.not_a_choice", most=str(len(options)))
            given = self._read(shown).strip().lower()
        return known[given]

    def several(self, name: str, options: Sequence[str]) -> tuple[str, ...]:
        """Some of several by number, all of them unless said otherwise."""
        every = ",".join(str(number) for number in range(1, len(options) + 1))
        given = self._answer(name, every, options)
        while True:
            numbers = [part.strip() for part in given.split(",") if part.strip()]
            if numbers and all(part in every.split(",") for part in numbers):
                return tuple(options[int(part) - 1] for part in dict.fromkeys(numbers))
            self._say("init.ask.not_a_choice", most=str(len(options)))
            given = self._read(every)

    def languages(self, *, default: Language) -> tuple[LanguageCode, ...]:
        """Swedish, English or both."""
        options = ("sv", "en", "both")
        chosen = self.choice("languages", options, default=default)
        return tuple(LANGUAGES) if chosen == "both" else ("sv",) if chosen == "sv" else ("en",)

    def agrees(self, name: str, *, default: bool = True) -> bool:
        """Yes or no, in the language's own letter."""
        yes, no = self._texts["init.ask.yes"], self._texts["init.ask.no"]
        shown = yes if default else no
        given = self._answer(name, shown).strip().lower()
        while given[:1] not in (yes[:1], no[:1]):
            self._say("init.ask.yes_or_no", yes=yes, no=no)
            given = self._read(shown).strip().lower()
        return given[:1] == yes[:1]

    def _answer(self, name: str, default: str, options: Sequence[str] = ()) -> str:
        if self.is_silent:
            return default
        self.n_asked += 1
        self._say(f"init.ask.{name}")
        for number, option in enumerate(options, start=1):
            self._console.print(f"  {number}  {escape(option)}")
        return self._read(default)

    def _read(self, default: str) -> str:
        return Prompt.ask("  >", console=self._console, default=default)

    def _say(self, key: str, **values: str) -> None:
        self._console.print(escape(self._texts.format(key, **values)), style="bold")
