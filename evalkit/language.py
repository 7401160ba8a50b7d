"""Texts by key in Swedish and English: the only place that opens the text catalogues.

A catalogue is a folder ``locale/<code>/`` of flat YAML files. A missing key is an
error, never a fallback: the reader must not meet the other language.
"""

from __future__ import annotations

import json
import os
import re
from functools import cache
from importlib import resources
from string import Formatter
from typing import Literal, get_args

Language = Literal["sv", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
_TEXT_LINE = re.compile(r'^(\w[^:"\n]*): (".*")$', re.MULTILINE)


class MissingText(KeyError):
    """A text key that the catalogue of the language does not hold."""

    def __init__(self, key: str, language: Language) -> None:
        super().__init__(f"no text {key!r} in the {language!r} catalogue")


class Texts:
    """The catalogue of one language.

    >>> Texts("sv")["label.sex.woman"]
    'Kvinnor'
    """

    def __init__(self, language: Language, *, only: str = "") -> None:
        """``only``: one file of the catalogue, for whoever has no time to read them all."""
        if language not in LANGUAGES:
            raise ValueError(f"language must be one of {', '.join(LANGUAGES)}, not {language!r}")
        self.language: Language = language
        self._texts = _load(language, only)

    def __getitem__(self, key: str) -> str:
        try:
            return self._texts[key]
        except KeyError:
            raise MissingText(key, self.language) from None

    def __contains__(self, key: str) -> bool:
        return key in self._texts

    def format(self, key: str, **values: str) -> str:
        """The text with its ``{placeholders}`` filled by already formatted strings."""
        return self[key].format(**values)

    def keys(self) -> frozenset[str]:
        return frozenset(self._texts)


def placeholders(text: str) -> frozenset[str]:
    """Names of the ``{placeholders}`` in a catalogue text.

    >>> sorted(placeholders("{n} av {total}"))
    ['n', 'total']
    """
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name)


@cache
def _load(language: Language, only: str = "") -> dict[str, str]:
    """All YAML files of a language merged; a key defined twice is an error."""
    texts: dict[str, str] = {}
    folder = resources.files("evalkit") / "locale" / language
    from evalkit.yaml_text import read_yaml  # a run that finds nothing to do reads no texts

    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if not file.name.endswith(f"{only}.yaml"):
            continue
        content = file.read_text(encoding="utf-8")
        # A key and a text in quotation marks on each line is read ten times as fast as JSON.
        lines = _TEXT_LINE.findall(content)
        if len(lines) == sum(line[:1] not in ("", "#") for line in content.split("\n")):
            loaded = {key: json.loads(text) for key, text in lines}
            if len(loaded) < len(lines):
                raise ValueError(f"a text is defined twice in {language}/{file.name}")
        else:
            loaded = read_yaml(content) or {}
        for key, text in loaded.items():
            if key in texts:
                raise ValueError(f"text {key!r} is defined twice in the {language!r} catalogue")
            if not isinstance(text, str):
                raise ValueError(f"text {key!r} in {language}/{file.name} is not a string")
            texts[key] = text
    return texts


def readers_language() -> Language:
    """The language of whoever sits at the machine; Swedish unless it says English.

    The registers are Swedish, and so are most of those who keep them.
    """
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        chosen = os.environ.get(variable, "")
        if chosen and chosen not in ("C", "POSIX") and not chosen.startswith("C."):
            return "en" if chosen.startswith("en") else "sv"
    return "sv"
