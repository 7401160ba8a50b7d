"""An opened project: its data read once, its texts, and the door its figures pass.

The same study serves both ways of seeing a result. Exploring, the evaluator meets the
exact figures of their own data, marked internal; releasing, only what the door lets out.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from evalkit import disclosure, intake
from evalkit.answers.spool import hand_over, is_asked, is_beside_no_register
from evalkit.chapters.explore.cells import register_display
from evalkit.language import Language
from evalkit.options import check_option
from evalkit.present.labels import Words, words_of
from evalkit.project import Project, ProjectError, load_project
from evalkit.results import (
    AreaSeries,
    Ask,
    CannotBeComputed,
    EventTable,
    Finding,
    FlowStep,
    Released,
    natural_key,
)
from evalkit.statistics.time_to_event.event_table import event_table

Purpose = Literal["explore", "release", "ask"]
ONGOING = "ongoing"
# Of all persons, so many without a day of leaving can be left out of a curve and that be said.
MOST_ENDS_UNKNOWN = 0.05
SEXES = ("woman", "man", "non_binary")


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

    def __repr__(self) -> str:
        """Short: the whole project file would fill a notebook's cell."""
        return f"Study({self.project.id!r}, language={self.language!r}, purpose={self.purpose!r})"

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
        return rule_of(self.project)

    @cached_property
    def intake(self) -> intake.Intake:
        """The registers, read, checked and pseudonymised once."""
        return intake.read_registers(self.project)

    @property
    def persons(self) -> pd.DataFrame:
        """One row per person; see `evalkit.intake.read_registers` for the columns."""
        return self.intake.persons

    @property
    def spells(self) -> pd.DataFrame:
        """One row per accepted register row."""
        return self.intake.spells

    @cached_property
    def ends_unknown(self) -> pd.Series[bool]:
        """Of which persons it is not known when, or whether, they left."""
        return intake.ends_unknown(self.persons)

    @property
    def dated_statuses(self) -> pd.DataFrame:
        """Dated statuses of the persons from the follow-up registers: person, date, status."""
        return self.intake.events

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the checks found, in registers and series."""
        found = self.intake.findings if self.project.registers else ()
        return found + tuple(f for _, findings in self._series.values() for f in findings)

    @property
    def flow(self) -> tuple[FlowStep, ...]:
        """From rows read to persons analysed."""
        return self.intake.flow

    def series(self, series_id: str) -> AreaSeries:
        """A series of the project by its id."""
        if series_id not in self._series:
            known = ", ".join(self._series) or "none"
            raise ProjectError(f"no series '{series_id}' in the project; there are {known}")
        return self._series[series_id][0]

    @cached_property
    def _series(self) -> dict[str, tuple[AreaSeries, tuple[Finding, ...]]]:
        return {spec.id: intake.read_series(self.project, spec) for spec in self.project.series}

    @property
    def groupings(self) -> tuple[str, ...]:
        """Columns that the project compares groups by; all of them are in the registers."""
        for column in self.project.groups:
            self.require(column)
        return self.project.groups

    def select(self, where: dict[str, str]) -> pd.DataFrame:
        """The persons whose canonical columns hold the given levels.

        Raises:
            ProjectError: For a column the registers lack, or a level that neither they nor the
                project file know: a misspelt level would be a group of nobody.
        """
        chosen = self.persons
        for column, level in where.items():
            self.require(column)
            if not self.has_level(column, level):
                often = ", ".join(self.speakable_levels(column))
                raise ProjectError(f"no level '{level}' in {column}; the most frequent are {often}")
            chosen = chosen[chosen[column] == level]
        return chosen

    def speakable_levels(self, column: str) -> list[str]:
        """Levels that a message may name: those of at least as many persons as the threshold."""
        counts = self.persons[column].value_counts()
        often = map(str, counts.index[counts >= self.rule.threshold])
        return sorted((level for level in often if level), key=natural_key)

    def has_level(self, column: str, level: str) -> bool:
        """Whether the registers or the project file know a level of a column."""
        return (
            level in self.persons[column].to_numpy()
            or f"label.{column}.{level}" in self.words.texts
            or any(level in one.levels.get(column, {}) for one in self.project.registers)
        )

    def levels(self, by: str) -> tuple[str, ...]:
        """Levels of a grouping column: the usual or the project's order, then as one counts."""
        self.require(by)
        present = set(self.persons[by].unique()) - {"", "unknown"}
        usual = {"sex": SEXES, "exit_class": self._exit_classes()}.get(by, ())
        own = [
            level for register in self.project.registers for level in register.levels.get(by, {})
        ]
        ordered = [level for level in (*usual, *own) if level in present]
        return tuple(dict.fromkeys([*ordered, *sorted(present, key=natural_key)]))

    def events(self, *, by: str | None = None, where: dict[str, str] | None = None) -> EventTable:
        """Days from first entry to the first way out, counted per cause and group.

        Persons still enrolled are censored at the data cut. Persons without a level of
        ``by`` are left out of the comparison, and so are the few who left on a day that nobody
        knows, which the chapters say.

        Raises:
            CannotBeComputed: ``ends_unknown`` where they are more than a few.
        """
        persons = self.select(where or {})
        unknown = self.ends_unknown.reindex(persons.index)
        if unknown.mean() > MOST_ENDS_UNKNOWN:
            raise CannotBeComputed("ends_unknown")
        persons = persons[~unknown]
        groups, names = None, None
        if by is not None:
            names = self.levels(by)
            persons = persons[persons[by].isin(names)]
            groups = pd.Index(names).get_indexer(pd.Index(persons[by]))
        if persons.empty:
            raise CannotBeComputed("no_persons")
        return event_table(
            persons["days"].to_numpy(dtype=np.int64),
            self.cause_codes(persons["exit_class"]),
            cause_names=tuple(self.project.outcomes.causes),
            groups=groups,
            group_names=names,
        )

    def cause_codes(self, exit_classes: pd.Series[str]) -> np.ndarray:
        """0 for those still enrolled, i for the i-th cause of the project file."""
        causes = self.project.outcomes.causes
        code = {name: i + 1 for i, classes in enumerate(causes.values()) for name in classes}
        return exit_classes.map(code).fillna(0).to_numpy(dtype=np.int64)

    def protected_shares(
        self, counts: tuple[int, int, int, int], *, members: tuple[int, int]
    ) -> tuple[int, int, int, int]:
        """With the outcome and all in two groups, rounded when the purpose is release."""
        if self.purpose == "explore":
            return counts
        return disclosure.protect_shares(counts, members, self.rule)

    def protected_counts(self, counts: Sequence[int]) -> tuple[int, ...]:
        """Counts of persons beside exact ones, rounded when the purpose is release."""
        if self.purpose == "explore":
            return tuple(counts)
        return disclosure.protect_counts(counts, self.rule)

    def _exit_classes(self) -> tuple[str, ...]:
        """Ways out in the project's order, the outcome of interest first, the enrolled last."""
        classes = (name for group in self.project.outcomes.causes.values() for name in group)
        return (*classes, ONGOING)

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
        show = import_module("evalkit.chapters.own").display  # it rests on studies in turn
        show(self, result, of=of, reached=reached, by=by, amounts=amounts, name=name, title=title)

    def require(self, column: str) -> None:
        """Refuse a column that the registers do not have, naming those they have."""
        if column not in self.persons.columns:
            available = ", ".join(sorted(self.persons.columns))
            raise ProjectError(f"no column '{column}' in the registers; there are {available}")


def rule_of(project: Project) -> disclosure.Rule:
    """The project's disclosure rule; its longest horizon is the main one."""
    chosen, days = project.disclosure, project.outcomes.horizons_days
    horizons = (days[-1], *days[:-1]) if days else ()
    return disclosure.rule_for(chosen.profile, sensitive=chosen.sensitive, horizons=horizons)


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
        raise ProjectError("a cell marked %%show sees released answers and no register")
    if purpose == "explore" and is_asked():
        purpose = "ask"  # a notebook that does not say for what it is run
    study = Study(load_project(path), language, purpose)
    if "IPython" in sys.modules:
        register_display(language)
        import_module("evalkit.chapters.explore.show_cell").register(study)
    return study
