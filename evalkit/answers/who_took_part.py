"""Who took part: women, men and everyone by what was known at the start."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise, product

import numpy as np
import pandas as pd

from evalkit.answers.counts import FUNDER, SPLIT
from evalkit.answers.measures import OTHER, TOTAL, rare_levels
from evalkit.answers.study import Study
from evalkit.results import Answer, Ask, CountTable, Members
from evalkit.results.answers import OUTSIDE, by_level

# In the order a reader asks; what the project compares comes after.
COLUMNS = (
    "age_group",
    "education",
    "status_at_entry",
    "time_unemployed",
    "support_before",
    "foreign_background",
    "municipality",
    "target_group",
    "track",
)
USUAL = {
    "status_at_entry": ("unemployed", "long_term_unemployed", "programme", "inactive"),
    "foreign_background": ("yes", "no", "refused"),
}
COHORTS = ("before", "after")
BOTH_SEXES = ("woman", "man")
AGES = (25, 35, 45, 55)
# Beside the indicators' own bands, so that no few persons lie between two limits.
AGES_OF_CODES = {"esf_plus_2021_2027": (30, 55)}
UNEMPLOYED_DAYS = (183, 365, 730)
MANY = 10


def composition(study: Study) -> Iterator[Ask]:
    """One table of everyone: the persons of each level, women, men and all."""
    columns = [column for column in _columns(study) if _values(study, column).nunique() > 1]
    sex = study.persons["sex"].to_numpy(dtype=object)
    sexes = [one for one in BOTH_SEXES if (sex == one).any()]
    parts = [_by_group(study, column, sex, sexes, "sex") for column in columns]
    tables = (_everyone(sex, sexes, "sex"), *(table for table, _ in parts))
    members = (by_level(sex, sorted({*sexes, *sex})), *(own for _, own in parts))
    yield Answer(id="who_took_part", result=tables, members=members, rank=SPLIT)


def of_cohorts(study: Study, name: str, sides: Sequence[np.ndarray]) -> Ask:
    """The same of two cohorts beside each other, women and men among what was known.

    Args:
        study: The study.
        name: Id of the answer.
        sides: ``(n,)`` who is in the one and in the other; nobody is in both.
    """
    cohort = np.select(list(sides), COHORTS, default="")
    columns = [one for one in ("sex", *_columns(study)) if _values(study, one).nunique() > 1]
    parts = [_by_group(study, one, cohort, COHORTS, "cohort") for one in columns]
    everyone = _everyone(cohort[cohort != ""], COHORTS, "cohort")
    members = (by_level(cohort, COHORTS), *(own for _, own in parts))
    tables = (everyone, *(table for table, _ in parts))
    return Answer(id=name, result=tables, members=members, rank=FUNDER)


def _columns(study: Study) -> tuple[str, ...]:
    own = (column for column in study.project.groups if column != "sex")
    made = {"age_group": "age_at_entry", "time_unemployed": "unemployed_days"}
    wanted = dict.fromkeys((*COLUMNS, *own))
    return tuple(c for c in wanted if made.get(c, c) in study.persons.columns)


def _values(study: Study, column: str) -> pd.Series[str]:
    """Everybody's level; empty where it is not known."""
    persons = study.persons
    if column == "age_group":
        return _banded(persons["age_at_entry"], _ages(study), "age")
    if column == "time_unemployed":
        return _banded(persons["unemployed_days"], UNEMPLOYED_DAYS, "days")
    return persons[column].astype(str).replace("unknown", "")


def _banded(numbers: pd.Series[float], limits: tuple[int, ...], name: str) -> pd.Series[str]:
    """As "age_25_35": from the first limit up to, not including, the second."""
    edges = ["", *map(str, limits), ""]
    names = [f"{name}_{low}_{high}" for low, high in pairwise(edges)]
    place = np.digitize(numbers.fillna(0), limits)
    levels = np.where(numbers.isna(), "", np.array(names, dtype=object)[place])
    return pd.Series(levels, index=numbers.index, dtype=object)


def _ages(study: Study) -> tuple[int, ...]:
    """Ten years each, the oldest together from where there are ten women and ten men."""
    codes = study.project.code_list if "esf_indicators" in study.project.chapters else None
    limits = AGES_OF_CODES.get(codes or "", AGES)
    ages, sex = study.persons["age_at_entry"], study.persons["sex"]
    enough = [
        limit
        for limit in limits[1:]
        if all(((ages >= limit) & (sex == one)).sum() >= MANY for one in BOTH_SEXES)
    ]
    return tuple(limit for limit in limits if limit <= max(enough, default=limits[0]))


def _by_group(
    study: Study, column: str, sex: np.ndarray, sexes: Sequence[str], name: str
) -> tuple[CountTable, Members]:
    """Persons of each level: of each sex, and of everyone; or of those in either cohort."""
    inside = np.isin(sex, sexes) if name == "cohort" else np.ones(len(sex), dtype=bool)
    values, sex = _values(study, column)[inside], sex[inside]
    levels = _levels(study, column, values)
    named = values.where(values.isin([*levels, ""]), OTHER).to_numpy(dtype=object)
    levels += [one for one in (OTHER, "") if (named == one).any()]
    rest = "" if sexes else TOTAL
    own = np.where(np.isin(sex, sexes), sex, rest)
    keys = tuple(product(levels, [*sexes, *([rest] if (own == rest).any() else [])]))
    place = {key: i for i, key in enumerate(keys)}
    cells = np.full(len(inside), OUTSIDE, dtype=np.int64)
    cells[inside] = [place[key] for key in zip(named, own, strict=True)]
    is_split = bool(sexes)
    counted = Counter(
        (level, one)
        for level, is_of in zip(named, own, strict=True)
        for one in dict.fromkeys((is_of, TOTAL))
    )
    rows = [
        (level, one, counted[level, one], is_split and one == TOTAL)
        for level in levels
        for one in (*sexes, TOTAL)
    ]
    return CountTable.of(rows, column, name), Members(cells=cells, keys=keys)


def _levels(study: Study, column: str, values: pd.Series[str]) -> list[str]:
    """Levels in their order, those that could point somebody out left out."""
    present = set(values) - {""}
    if column in study.persons.columns:
        if study.purpose != "explore":
            present -= rare_levels(study, column)
        ordered = dict.fromkeys((*USUAL.get(column, ()), *study.levels(column)))
        return [level for level in ordered if level in present]
    return sorted(present, key=lambda level: [int(n or 0) for n in level.split("_")[1:]])


def _everyone(sex: np.ndarray, sexes: Sequence[str], name: str) -> CountTable:
    rows = [(one, int((sex == one).sum()), False) for one in sexes]
    return CountTable.of([*rows, (TOTAL, len(sex), True)], name)
