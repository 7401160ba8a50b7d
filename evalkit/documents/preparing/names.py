"""Columns, levels and outcomes that the project file names and the registers do not have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import get_args

from evalkit.answers.study import Study
from evalkit.intake.codebook import built_in
from evalkit.project import Project
from evalkit.project.vocabulary import ExitClass

_NEAR = 0.6
_MISSPELT = 0.8  # of names of one's own, which need not be near anything
_MOST_LISTED = 12


@dataclass(frozen=True, slots=True)
class Unknown:
    """A name that nothing answers to.

    Attributes:
        kind: ``column``, ``level``, ``outcome``, or ``own``: a column of one's own that is
            named almost as one of the codebook's that no heading is read as.
        place: Key path in the project file.
        near: The nearest name there is; empty where none is near.
        known: Names there are.
    """

    kind: str
    place: str
    name: str
    near: str
    known: tuple[str, ...]
    column: str = ""


@dataclass(frozen=True, slots=True)
class _Named:
    place: str
    columns: tuple[str, ...] = ()
    where: Mapping[str, str] | None = None
    outcome: tuple[str, ...] = ()
    outcome_column: str = "exit_class"


def unknown_names(study: Study) -> Iterator[Unknown]:
    """Every such name at once, in the order of the project file."""
    yield from _misspelt(study)
    for named in _all_named(study):
        yield from _unknown_columns(study, named)
        yield from _unknown_levels(study, named)
        yield from _unknown_outcomes(study, named)


def _misspelt(study: Study) -> Iterator[Unknown]:
    known = tuple(built_in().kinds)
    for register in study.project.registers:
        for heading, name in register.columns.items():
            near = get_close_matches(name, known, n=1, cutoff=_MISSPELT)
            if near and name not in known and near[0] not in register.columns.values():
                yield Unknown("own", heading, name, near[0], ())


def _unknown_columns(study: Study, named: _Named) -> Iterator[Unknown]:
    available = tuple(sorted(study.persons.columns))
    own = (named.outcome_column,) if named.outcome else ()
    for column in dict.fromkeys((*named.columns, *(named.where or {}), *own)):
        if column not in available:
            yield _unknown("column", named.place, column, available)


def _unknown_levels(study: Study, named: _Named) -> Iterator[Unknown]:
    for column, level in (named.where or {}).items():
        if column in study.persons.columns and not study.has_level(column, level):
            yield _unknown("level", named.place, level, _often(study, column), column)


def _unknown_outcomes(study: Study, named: _Named) -> Iterator[Unknown]:
    column = named.outcome_column
    if column in study.persons.columns:
        possible = tuple(sorted({*get_args(ExitClass), *_often(study, column)}))
        for name in named.outcome:
            if name not in possible:
                yield _unknown("outcome", named.place, name, possible, column)


def _unknown(kind: str, place: str, name: str, known: tuple[str, ...], column: str = "") -> Unknown:
    near = get_close_matches(name, known, n=1, cutoff=_NEAR)
    return Unknown(kind, place, name, near[0] if near else "", known[:_MOST_LISTED], column)


def _often(study: Study, column: str) -> tuple[str, ...]:
    """Levels of so many persons that naming them points at nobody."""
    counts = study.persons[column].value_counts()
    return tuple(map(str, counts.index[counts >= study.rule.threshold]))


def _all_named(study: Study) -> Iterator[_Named]:
    project = study.project
    # Groups that the project file does not name are no words of its own.
    if "groups" in project.model_fields_set:
        yield _Named("groups", project.groups)
    yield from _of_targets(project)
    yield from _of_cohorts(project)
    for number, site in enumerate(project.sites):
        column = site.status_column or "exit_class"
        yield _Named(f"sites[{number}]", (site.by,), site.where, site.outcome, column)
    for number, claim in enumerate(project.claims):
        figure = claim.register_figure
        if figure is not None:
            yield _Named(f"claims[{number}].register_figure", (), figure.where, figure.outcome)


def _of_targets(project: Project) -> Iterator[_Named]:
    for number, target in enumerate(project.targets):
        place = f"targets[{number}]"
        yield _Named(place, (), target.where, target.outcome, target.status_column or "exit_class")
        if target.casemix is not None:
            by = (target.casemix.by,) if target.casemix.by else ()
            yield _Named(f"{place}.casemix", (*target.casemix.columns, *by))


def _of_cohorts(project: Project) -> Iterator[_Named]:
    for number, spec in enumerate(project.before_after):
        column = spec.status_column or "exit_class"
        for side, cohort in (("before", spec.before), ("after", spec.after)):
            place = f"before_after[{number}].{side}"
            if cohort.microdata is not None:
                yield _Named(place, (), cohort.microdata.where, spec.outcome, column)
            if cohort.status_column is not None:
                yield _Named(place, (), None, spec.outcome, cohort.status_column)


def nearest_name(name: str, known: Iterable[str]) -> str:
    """The nearest of some names, case aside; empty where none is near."""
    by_key = {one.casefold(): one for one in known}
    found = get_close_matches(name.casefold(), list(by_key), n=1, cutoff=_NEAR)
    return by_key[found[0]] if found else ""
