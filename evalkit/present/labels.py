"""Printed texts of levels and dimensions: exit classes, sexes, statuses, groups.

What the catalogue lacks is either a level the project file has worded itself or data –
a municipality's name, a target group as the register writes it – and is printed as it is.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import get_args

from evalkit.language import Language, Texts, placeholders
from evalkit.present.numbers import KIND_OF_UNIT, Numbers
from evalkit.project import Project
from evalkit.project.base import LocalText
from evalkit.project.registers import sheets_named
from evalkit.project.vocabulary import FollowUpStatus
from evalkit.results import Estimate, NotEstimable, Withheld, natural_key
from evalkit.results.answers import OR_UNKNOWN

Levels = Mapping[str, Mapping[str, LocalText]]
Titles = Mapping[str, LocalText]
GROUP = "group"
_OF_PERSONS = ("sex", "exit_class", "programme", "age_group", "education", "state", "any")
_NAMES = ("municipality", "area", "referred_by", "register")


@dataclass(frozen=True, slots=True)
class Labels:
    """Printed texts of one language.

    Attributes:
        texts: The catalogue.
        levels: The project's own words: dimension → {level → text in both languages}.
        titles: The project's own headings: dimension → text in both languages.

    >>> Labels(Texts("sv")).level("sex", "woman")
    'Kvinnor'
    >>> Labels(Texts("sv")).level("municipality", "Ystad")
    'Ystad'
    """

    texts: Texts
    levels: Levels = field(default_factory=dict)
    titles: Titles = field(default_factory=dict)

    def level(self, dimension: str, level: str) -> str:
        """The text of a level; empty levels are everyone."""
        if not level:
            return self.texts["label.everyone"]
        if level.endswith(OR_UNKNOWN):
            known = self.level(dimension, level.removesuffix(OR_UNKNOWN))
            return self.texts.format("label.or_unknown", level=known)
        own = self.levels.get(dimension, {}).get(level)
        if own is not None:
            return own.in_language(self.texts.language)
        key = f"label.{dimension}.{level}"
        if key in self.texts or dimension != GROUP:
            return self._text_or(key, self._text_or(f"label.any.{level}", level))
        return self._of_any_dimension(level)

    def _of_any_dimension(self, level: str) -> str:
        """The text of a group of which nothing says what it is a level of."""
        for own in self.levels.values():
            if level in own:
                return own[level].in_language(self.texts.language)
        keys = (f"label.{dimension}.{level}" for dimension in _OF_PERSONS)
        return next((self.texts[key] for key in keys if key in self.texts), level)

    def dimension(self, name: str) -> str:
        """The heading of a dimension: ``Kön``, or the column's name where it is the project's."""
        own = self.titles.get(name)
        if own is not None:
            return own.in_language(self.texts.language)
        key = f"dimension.{name}"
        return self._text_or(key, name.replace("_", " ").capitalize())

    def inline(self, dimension: str, level: str) -> str:
        """The text of a level inside a sentence: "kvinnor"; names keep their capital."""
        text = self.level(dimension, level)
        is_worded = f"label.{dimension}.{level}" in self.texts
        is_name = not is_worded and (text == level or dimension in _NAMES)
        is_name = is_name or text[1:2].isupper()
        return text if is_name else text[:1].lower() + text[1:]

    def done(self, outcomes: Iterable[str]) -> str:
        """What a person has done who has one of the outcomes: "gått till arbete eller studier".

        Outcomes are exit classes, causes or ``any``; one the catalogue lacks is put in words
        by its label.
        """
        return self._phrases("done", outcomes)

    def being(self, statuses: Iterable[str]) -> str:
        """What a person is who has one of the statuses: "i arbete eller studier"."""
        return self._phrases("being", statuses)

    def any_of(self, texts: Iterable[str]) -> str:
        """As "a, b eller c"."""
        return self._joined(list(texts), "phrase.or")

    def all_of(self, texts: Iterable[str]) -> str:
        """As "a, b och c"."""
        return self._joined(list(texts), "phrase.and")

    def _phrases(self, kind: str, outcomes: Iterable[str]) -> str:
        phrases = [self._phrase(kind, outcome) for outcome in outcomes]
        shared = self.texts[f"phrase.{kind}.shared"]
        if len(phrases) > 1 and all(phrase.startswith(shared) for phrase in phrases):
            return shared + self.any_of([phrase.removeprefix(shared) for phrase in phrases])
        return self.any_of(phrases)

    def _phrase(self, kind: str, outcome: str) -> str:
        own = self.levels.get(kind, {}).get(outcome)
        if own is not None:
            return own.in_language(self.texts.language)
        key = f"{kind}.{outcome}"
        if key in self.texts:
            return self.texts[key]
        return self.texts.format(f"phrase.{kind}.own", label=self.level("cause", outcome))

    def _text_or(self, key: str, data: str) -> str:
        if key in self.texts:
            return self.texts[key]
        return data

    def _joined(self, texts: list[str], key: str) -> str:
        if len(texts) < 2:
            return "".join(texts)
        return self.texts.format(key, first=", ".join(texts[:-1]), last=texts[-1])


@dataclass(frozen=True, slots=True)
class Words:
    """All that present needs to know of a language: texts, numbers and labels."""

    texts: Texts
    numbers: Numbers
    labels: Labels

    @property
    def language(self) -> Language:
        return self.texts.language

    def say(self, key: str, row: Estimate | None = None, /, **facts: str | float) -> str:
        """A text with its places filled: text as it is, a number as a whole one.

        Of an estimate, ``row``: its ``value``, ``interval``, ``n``, and ``k`` of n.
        """
        told = {
            name: fact if isinstance(fact, str) else self.numbers.count(fact)
            for name, fact in facts.items()
        }
        if row is not None:
            parts: dict[str, Callable[[Estimate], str]] = {
                "value": self.value,
                "interval": self.interval,
                "n": lambda one: self.numbers.count(one.n),
                "k": lambda one: self.numbers.count(count_behind(one)),
            }
            asked = placeholders(self.texts[key]) - told.keys()
            told |= {name: parts[name](row) for name in asked}
        return self.texts.format(key, **told)

    def value(self, estimate: Estimate) -> str:
        """The estimate's value with its unit."""
        kind = KIND_OF_UNIT[estimate.unit]
        return self.numbers.format(self.numbers.told(estimate.value, kind), kind)

    def interval(self, estimate: Estimate) -> str:
        """``95 % konfidensintervall 55,1–66,7 %``."""
        ends = (estimate.low, estimate.high)
        return self.limits(*ends, estimate=estimate, level=estimate.confidence_level)

    def limits(self, low: float, high: float, *, estimate: Estimate, level: float) -> str:
        """An interval with its confidence level, in the unit of an estimate."""
        if math.isinf(low):
            return self.texts["sentence.interval_not_reached"]
        kind = KIND_OF_UNIT[estimate.unit]
        low, high = (self.numbers.told(end, kind) for end in (low, high))
        return self.say(
            "sentence.interval",
            level=self.numbers.percent_short(level),
            interval=self.numbers.interval(low, high, kind),
        )

    def reason(self, row: NotEstimable | Withheld) -> str:
        """Why a figure is not there."""
        if isinstance(row, Withheld):
            return self.texts[f"withheld.{row.reason}"]
        return self.say(f"cannot.{row.reason}", n=row.n)


def count_behind(estimate: Estimate) -> int:
    """How many persons have the outcome: for a share of whole persons, k of n."""
    return round(estimate.value * estimate.n)


def in_name_order(labelled: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Label → level in alphabetical order, å, ä and ö last as Swedish readers look for them.

    >>> list(in_name_order([("Örkelljunga", "c"), ("Åre", "b"), ("Ystad", "a")]))
    ['Ystad', 'Åre', 'Örkelljunga']
    """
    return dict(sorted(labelled, key=lambda pair: natural_key(pair[0])))


def words_in(
    language: Language, levels: Levels | None = None, *, titles: Titles | None = None
) -> Words:
    """Texts, numbers and labels of one language, with the project's own words."""
    texts = Texts(language)
    return Words(texts, Numbers(language), Labels(texts, levels or {}, titles or {}))


def words_of(project: Project, language: Language) -> Words:
    """Words of a language with those of a project's registers, the comparison group's first."""
    comparison = project.comparison
    own = (comparison.from_register,) if comparison and comparison.from_register else ()
    texts = Texts(language)
    levels: dict[str, dict[str, LocalText]] = {}
    titles: dict[str, LocalText] = {}
    for name, sheet in sheets_named(project.registers).items():
        levels.setdefault("register", {})[name] = LocalText(sv=sheet, en=sheet)
    for register in (*own, *project.registers):
        for heading, name in register.columns.items():
            if f"dimension.{name}" not in texts and _is_spelt_from(name, heading):
                titles[name] = LocalText(sv=heading, en=heading)
        titles.update(register.titles)
        for name, kind in register.kinds.items():
            if kind == "status":  # the house's levels, whatever the column is called
                levels.setdefault(name, {}).update(_statuses())
        for dimension, known in register.levels.items():
            levels.setdefault(dimension, {}).update(known)
    return words_in(language, levels, titles=titles)


@cache
def _statuses() -> dict[str, LocalText]:
    sv, en = Texts("sv"), Texts("en")
    keys = {one: f"label.status_at_entry.{one}" for one in get_args(FollowUpStatus)}
    return {one: LocalText(sv=sv[key], en=en[key]) for one, key in keys.items() if key in sv}


def _is_spelt_from(name: str, heading: str) -> bool:
    """Whether a column is named by its heading, as `init` writes it: ``ovrigt`` of Övrigt."""
    plain = unicodedata.normalize("NFKD", heading.casefold()).encode("ascii", "ignore").decode()
    return name == re.sub(r"[\W_]+", "_", plain).strip("_")
