"""An opened project: its data read once, its texts, and the door its figures pass.

The same study serves both ways of seeing a result. Exploring, the evaluator meets the
exact figures of their own data, marked internal; releasing, only what the door lets out.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from evalkit import disclosure, intake
from evalkit.answers.card import NAMES, card
from evalkit.answers.chosen import (
    Condition,
    Values,
    among_all,
    has_level,
    narrowed,
    require_levels,
    selected,
    shares,
    with_column,
)
from evalkit.answers.first_exits import cause_codes, first_exits
from evalkit.answers.persons_shown import FrameOf
from evalkit.answers.registers_read import read_once
from evalkit.answers.spool import hand_over, is_asked, is_beside_no_register
from evalkit.intake import Intake
from evalkit.language import Language
from evalkit.options import check_option, name_methods
from evalkit.present.labels import Words, words_of
from evalkit.project import Project, ProjectError, load_project
from evalkit.results import (
    AreaSeries,
    Ask,
    CannotBeComputed,
    Estimate,
    EventTable,
    Finding,
    FlowStep,
    NotEstimable,
    Released,
    natural_key,
)
from evalkit.shape import Rows, in_words, show_in_notebooks, speak

Purpose = Literal["explore", "release", "ask"]
ONGOING = "ongoing"
SEXES = ("woman", "man", "non_binary")
# Of all persons, so many without a day of leaving can be left out of a curve and that be said.
MOST_ENDS_UNKNOWN = 0.05


@dataclass(frozen=True, repr=False)
class Study:
    """One project in one language, for exploring or for release.

    Attributes:
        project: The validated project file.
        language: ``sv`` or ``en``.
        purpose: ``explore`` shows exact figures marked internal; ``release`` shows only
            what passes disclosure control.
    """

    project: Project
    language: Language
    purpose: Purpose
    asked: dict[str, Ask] = field(default_factory=dict, init=False)
    _kept: list[Mapping[str, Released[Any]]] = field(default_factory=list, init=False)
    _whole: Study | None = field(default=None, init=False)  # of which this one has some persons

    def __repr__(self) -> str:
        """Short: the whole project file would fill a notebook's cell."""
        return f"Study({self.project.id!r}, language={self.language!r}, purpose={self.purpose!r})"

    def __dir__(self) -> list[str]:
        """What an evaluator asks for; the reports use more."""
        return list(NAMES)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        persons, flow = (self.persons, self.flow) if self.project.registers else (None, ())
        shown = card(self.project, self.words, persons=persons, flow=flow, findings=self.findings)
        return in_words(shown, self.words)._repr_mimebundle_(include, exclude)

    def ask(self, asks: Iterable[Ask]) -> None:
        """Note what is asked; the first with an id counts."""
        new = []
        for ask in asks:
            if ask.id not in self.asked:
                self.asked[ask.id] = ask
                new.append(ask)
        if is_asked():
            named = self.persons["person"] if self.project.registers else ()
            hand_over(new, map(str, named))

    @property
    def released(self) -> Mapping[str, Released[Any]] | None:
        """The project's answers as released together, once they have been."""
        return self._kept[0] if self._kept else None

    def keep(self, answers: Mapping[str, Released[Any]]) -> None:
        """Keep the released answers, which are judged once."""
        self._kept.append(answers)

    @cached_property
    def words(self) -> Words:
        """Texts, numbers and labels of the study's language, with the project's own words."""
        return words_of(self.project, self.language)

    @cached_property
    def rule(self) -> disclosure.Rule:
        return disclosure.rule_of(self.project)

    @cached_property
    def intake(self) -> Intake:
        """The registers, read, checked and pseudonymised once."""
        try:
            if self.purpose == "ask":
                return read_once(self.project)
            return intake.read_registers(self.project)
        except intake.IntakeError as error:
            raise error.told_in(self.language) from None

    # One row per person, without the register's row numbers; see `evalkit.intake`.
    persons = FrameOf("persons", without=("row",))
    # One row per accepted register row.
    spells = FrameOf("spells")
    # Dated statuses of the persons from the follow-up registers: person, date, status.
    dated_statuses = FrameOf("events")

    def where(self, condition: Condition) -> Study:
        """A study of some of the persons, for exploring; every method works.

        Args:
            condition: On the columns, ``"sex == 'woman' and age < 30"``, or yes or no for each
                person. ``age`` is the age at entry.

        Raises:
            ProjectError: For a column that is not there, or where nobody is left.
        """
        require_levels(self, condition)
        return self._explored(narrowed(self.intake, condition))

    def with_column(self, name: str, values: Values) -> Study:
        """A study whose persons have a column more, for groups and outcomes of one's own.

        Args:
            name: The column's name.
            values: One per person, in their order; or a function of the persons.
        """
        return self._explored(with_column(self.intake, name, values))

    def in_language(self, language: Language) -> Study:
        """The same study, its results in ``sv`` or ``en``; nothing is read again."""
        check_option("language", language, Language)
        return self._like(language, self.purpose)

    def share(self, outcome: Condition, *, by: str | None = None) -> Rows[Estimate | NotEstimable]:
        """The share with an outcome of one's own, in each group and of everyone.

        Args:
            outcome: As in `where`, ``"exit_class == 'employment'"``, a column of yes and no, or
                yes or no for each person. Who lacks a known value in the columns that it names
                is left out.
            by: Column of the groups.
        """
        require_levels(self, outcome)
        levels = self.levels(by) if by is not None else ()
        return in_words(Rows(shares(self.persons, outcome, by=by, levels=levels)), self.words)

    @cached_property
    def ends_unknown(self) -> pd.Series[bool]:
        """Of which persons it is not known when, or whether, they left."""
        return intake.ends_unknown(self.persons)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the checks found, in registers and series."""
        found = self.intake.findings if self.project.registers else ()
        found += tuple(f for _, findings in self._series.values() for f in findings)
        return in_words(Rows(found), self.words)

    @property
    def flow(self) -> tuple[FlowStep, ...]:
        """From rows read to persons analysed."""
        return in_words(Rows(self.intake.flow), self.words)

    def series(self, series_id: str) -> AreaSeries:
        """A series of the project by its id."""
        if series_id not in self._series:
            known = ", ".join(self._series) or "none"
            raise ProjectError.told("series", name=series_id, known=known)
        return self._series[series_id][0]

    @cached_property
    def _series(self) -> dict[str, tuple[AreaSeries, tuple[Finding, ...]]]:
        try:
            return {spec.id: intake.read_series(self.project, spec) for spec in self.project.series}
        except intake.IntakeError as error:
            raise error.told_in(self.language) from None

    @property
    def groupings(self) -> tuple[str, ...]:
        """Columns that the project compares groups by; all of them are in the registers."""
        for column in self.project.groups:
            self.require(column)
        return self.project.groups

    def select(self, where: dict[str, str]) -> pd.DataFrame:
        """The persons whose canonical columns hold the given levels; see `chosen.selected`."""
        return selected(self, where)

    def speakable_levels(self, column: str) -> list[str]:
        """Levels that a message may name: those of at least as many persons as the threshold."""
        counts = self.persons[column].value_counts()
        often = map(str, counts.index[counts >= self.rule.threshold])
        return sorted((level for level in often if level), key=natural_key)

    def has_level(self, column: str, level: str) -> bool:
        """Whether the registers or the project file know a level of a column."""
        return has_level(self, column, level)

    def levels(self, by: str) -> tuple[str, ...]:
        """Levels of a grouping column: the usual or the project's order, then as one counts."""
        self.require(by)
        present = {str(one) for one in self.persons[by].dropna().unique()} - {"", "unknown"}
        usual = {"sex": SEXES, "exit_class": self._exit_classes()}.get(by, ())
        own = [one for file in self.project.registers for one in file.levels.get(by, {})]
        ordered = [level for level in (*usual, *own) if level in present]
        return tuple(dict.fromkeys([*ordered, *sorted(present, key=natural_key)]))

    def events(self, *, by: str | None = None, where: dict[str, str] | None = None) -> EventTable:
        """Days from first entry to the first way out, counted per cause and group.

        Persons still enrolled are censored at the data cut. Persons without a level of
        ``by`` are left out of the comparison, and so are the few who left on a day that nobody
        knows, which the chapters say.

        Raises:
            CannotBeComputed: ``ends_unknown``, exploring, where they are more than a few.
        """
        levels = None if by is None else self.levels(by)
        chosen = self.select(where or {})
        too_many = self.ends_unknown.reindex(chosen.index).mean() > MOST_ENDS_UNKNOWN
        if self.purpose == "explore" and too_many:
            raise CannotBeComputed("ends_unknown")
        table = first_exits(
            chosen, self.ends_unknown, self.project.outcomes.causes, by=by, levels=levels
        )
        return in_words(table, self.words)

    def cause_codes(self, exit_classes: pd.Series[str]) -> np.ndarray:
        """0 for those still enrolled, i for the i-th cause of the project file."""
        return cause_codes(exit_classes, self.project.outcomes.causes)

    def _like(self, language: Language, purpose: Purpose) -> Study:
        """The same project, nothing asked; what has been read is not read again."""
        made = Study(self.project, language, purpose)
        read = self.__dict__.items()
        made.__dict__.update({name: it for name, it in read if name in ("intake", "_series")})
        return made

    def _explored(self, changed: Intake) -> Study:
        """A study of other persons or columns: exact, internal, and no part of a report."""
        made = self._like(self.language, "explore")
        made.__dict__.update(intake=changed, _whole=self._whole or self)
        return made

    def show(
        self,
        result: Any,
        *,
        of: Any = None,
        reached: Any = None,
        by: Any = None,
        amounts: Any = None,
        name: str = "",
        title: str | Mapping[str, str] = "",
    ) -> None:
        """Show a result: exact while exploring; in a report as it is released with all the rest.

        Args:
            result: An estimate or a list of them by group, a test, a regression, a verdict, a
                curve – of `evalkit`, lifelines or statsmodels – or a frame of counts of persons.
            of: Whose persons: a mask in the order of ``study.persons``, or rows taken from it;
                everyone when left out. Of a comparison of two groups, one of each.
            reached: Who has the outcome, where the result is of an outcome.
            by: What the groups of the result are levels of: a column, or a named series.
            amounts: The money behind a sum or a mean, one amount per person.
            name: Under which cells marked ``%%show`` find it; a number when left out.
            title: What it shows, in one text or one per language, written out as it stands.
        """
        whom = {"of": of, "reached": reached, "by": by, "amounts": amounts}
        whole = self._whole or self
        if whole is not self:
            whom = among_all(whole.persons, self.persons, **whom)
        # It rests on studies in turn.
        import_module("evalkit.chapters.own").display(whole, result, **whom, name=name, title=title)

    def explore(self) -> Any:
        """Controls for outcome, group and day in a notebook; the answer follows at once."""
        from evalkit.answers.controls import controls  # draws, and loads widgets

        return controls(self.project, self.words, self.groupings, self.events)

    def _exit_classes(self) -> tuple[str, ...]:
        """Ways out in the project's order, the outcome of interest first, the enrolled last."""
        classes = (name for group in self.project.outcomes.causes.values() for name in group)
        return (*classes, ONGOING)

    def require(self, column: str) -> None:
        """Refuse a column that the registers do not have, naming those they have."""
        if column not in self.persons.columns:
            available = ", ".join(sorted(self.persons.columns))
            raise ProjectError.told("column", name=column, known=available)


name_methods(Study, NAMES)


def open_study(
    path: str | Path, *, language: Language = "sv", purpose: Purpose = "explore"
) -> Study:
    """Open a project folder or ``project.yaml``.

    Raises:
        ProjectError: If the project file cannot be used.
        ValueError: For a language or purpose that does not exist.
    """
    check_option("language", language, Language)
    check_option("purpose", purpose, Purpose)
    if is_beside_no_register():
        raise ProjectError.told("no_register", place="%%show")
    if purpose == "explore" and is_asked():
        purpose = "ask"  # a notebook that does not say for what it is run
    study = Study(load_project(path), language, purpose)
    speak(study.words)
    if "IPython" in sys.modules:
        import_module("evalkit.chapters.show_cell").register(study)
    show_in_notebooks(Study)
    return study
