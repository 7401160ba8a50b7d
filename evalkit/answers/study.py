"""An opened project: its data read once, its texts, and the door its figures pass.

The same study serves both ways of seeing a result. Exploring, the evaluator meets the
exact figures of their own data, marked internal; releasing, only what the door lets out.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
import pandas as pd

from evalkit import disclosure, intake
from evalkit.chapters.explore.cells import register_display
from evalkit.language import Language, Texts
from evalkit.present.labels import Words, words_in
from evalkit.project import LocalText, Project, ProjectError, Register, load_project
from evalkit.results import (
    AreaSeries,
    Ask,
    CannotBeComputed,
    CountTable,
    Curve,
    Estimate,
    EstimateRow,
    EventTable,
    Finding,
    FlowStep,
    Released,
)
from evalkit.statistics.time_to_event.event_table import event_table

if TYPE_CHECKING:
    from evalkit.answers.indicator_figures import IndicatorFigures
    from evalkit.disclosure.counts import Telling

Purpose = Literal["explore", "release", "ask"]
ONGOING = "ongoing"
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
    asked: dict[str, Ask] = field(default_factory=dict)
    _kept: list[Mapping[str, Released[Any]]] = field(default_factory=list)

    def __repr__(self) -> str:
        """Short: the whole project file would fill a notebook's cell."""
        return f"Study({self.project.id!r}, language={self.language!r}, purpose={self.purpose!r})"

    def ask(self, asks: Iterable[Ask]) -> None:
        """Note what is asked; the first with an id counts."""
        for ask in asks:
            self.asked.setdefault(ask.id, ask)

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
        levels: dict[str, dict[str, LocalText]] = {}
        titles: dict[str, LocalText] = {}
        for register in self._registers:
            titles.update(register.titles)
            for dimension, known in register.levels.items():
                levels.setdefault(dimension, {}).update(known)
        return words_in(self.language, levels, titles=titles)

    @property
    def _registers(self) -> tuple[Register, ...]:
        """Every register of the project, the comparison group's first: the own words win."""
        comparison = self.project.comparison
        own = (comparison.from_register,) if comparison and comparison.from_register else ()
        return (*own, *self.project.registers)

    @cached_property
    def rule(self) -> disclosure.Rule:
        chosen = self.project.disclosure
        return disclosure.rule_for(chosen.profile, sensitive=chosen.sensitive)

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

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the checks found, in registers and series."""
        found = self.intake.findings if self.project.registers else ()
        return found + tuple(f for _, findings in self._series.values() for f in findings)

    @property
    def flow(self) -> tuple[FlowStep, ...]:
        """From rows read to persons analysed."""
        return self.intake.flow

    @cached_property
    def indicators(self) -> tuple[IndicatorFigures, ...]:
        """The common indicators' counts, released together once; see `indicator_figures`."""
        from evalkit.answers.indicator_figures import indicator_figures

        return indicator_figures(self)

    @cached_property
    def hidden_selections(self) -> frozenset[tuple[str, ...]]:
        """Shares that other shares would tell of a few persons; see `report.selections`."""
        from evalkit.answers.selections import hidden_selections

        return hidden_selections(self)

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
                counts = self.persons[column].value_counts()
                often = sorted(map(str, counts.index[counts >= self.rule.threshold]))
                raise ProjectError(
                    f"no level '{level}' in {column}; the most frequent are {', '.join(often)}"
                )
            chosen = chosen[chosen[column] == level]
        return chosen

    def has_level(self, column: str, level: str) -> bool:
        """Whether the registers or the project file know a level of a column."""
        return (
            level in self.persons[column].to_numpy()
            or f"label.{column}.{level}" in self.words.texts
            or any(level in one.levels.get(column, {}) for one in self.project.registers)
        )

    def levels(self, by: str) -> tuple[str, ...]:
        """Levels of a grouping column: the usual or the project's order, then alphabetically."""
        self.require(by)
        present = set(self.persons[by].unique()) - {"", "unknown"}
        usual = {"sex": SEXES, "exit_class": self._exit_classes()}.get(by, ())
        own = [
            level for register in self.project.registers for level in register.levels.get(by, {})
        ]
        ordered = [level for level in (*usual, *own) if level in present]
        return tuple(dict.fromkeys([*ordered, *sorted(present)]))

    def events(
        self,
        *,
        by: str | None = None,
        where: dict[str, str] | None = None,
        without: Collection[str] = (),
    ) -> EventTable:
        """Days from first entry to the first way out, counted per cause and group.

        Persons still enrolled are censored at the data cut. Persons without a level of
        ``by``, or with one of ``without``, are left out of the comparison.
        """
        persons = self.select(where or {})
        groups, names = None, None
        if by is not None:
            names = tuple(level for level in self.levels(by) if level not in without)
            persons = persons[persons[by].isin(names)]
            groups = pd.Categorical(persons[by], categories=names).codes
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

    def horizons_within(self, curve: Curve) -> list[int]:
        """The project's horizons that at least one group has been followed to.

        Raises:
            CannotBeComputed: ``beyond_follow_up`` when nobody was followed to any.
        """
        longest = max(curve.follow_up_days.values())
        days = [day for day in self.project.outcomes.horizons_days if day <= longest]
        if not days:
            raise CannotBeComputed("beyond_follow_up")
        return days

    def protected(self, table: EventTable) -> EventTable:
        """The table as curves may be computed from it: rounded when the purpose is release."""
        if self.purpose == "explore":
            return table
        return disclosure.protect_events(table, self.rule)

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

    def through_door(self, result: Any) -> Released[Any]:
        """The result as this study may show it."""
        if self.purpose == "explore":
            return disclosure.internal(result)
        return disclosure.release(result, self.rule)

    def tables_through_door(
        self, tables: Sequence[CountTable], *, telling: Telling
    ) -> Released[Sequence[CountTable]]:
        """Linked tables as this study may show them beside its other figures."""
        if self.purpose == "explore":
            return disclosure.internal(tables)
        return disclosure.release_beside(tables, self.rule, telling=telling)

    def rows_through_door(
        self, rows: Sequence[EstimateRow], keys: Sequence[tuple[str, ...]]
    ) -> Released[tuple[EstimateRow, ...]]:
        """Estimates by group, each with its key among `hidden_selections`."""
        if self.purpose == "explore":
            return disclosure.internal(tuple(rows))
        hidden = self.hidden_selections
        telling = [position for position, key in enumerate(keys) if key in hidden]
        return disclosure.release_rows_beside(rows, self.rule, telling=telling)

    def amount_through_door(self, result: Estimate, amounts: Sequence[float]) -> Released[Any]:
        """A mean or sum of money as this study may show it, judged by the amounts behind it."""
        if self.purpose == "explore":
            return disclosure.internal(result)
        return disclosure.release_amount(result, self.rule, amounts=amounts)

    def _exit_classes(self) -> tuple[str, ...]:
        """Ways out in the project's order, the outcome of interest first, the enrolled last."""
        classes = (name for group in self.project.outcomes.causes.values() for name in group)
        return (*classes, ONGOING)

    def require(self, column: str) -> None:
        """Refuse a column that the registers do not have, naming those they have."""
        if column not in self.persons.columns:
            available = ", ".join(sorted(self.persons.columns))
            raise ProjectError(f"no column '{column}' in the registers; there are {available}")


def open_study(
    path: str | Path, *, language: Language = "sv", purpose: Purpose = "explore"
) -> Study:
    """Open a project folder or ``project.yaml``.

    Raises:
        ProjectError: If the project file cannot be used.
        ValueError: For a language or purpose that does not exist.
    """
    if purpose not in get_args(Purpose):
        raise ValueError(f"purpose must be one of {', '.join(get_args(Purpose))}")
    Texts(language)
    if "IPython" in sys.modules:
        register_display(language)
    return Study(load_project(path), language, purpose)
