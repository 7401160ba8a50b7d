"""Some of a study's persons, columns of one's own, and shares of one's own outcomes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pandas as pd

from evalkit.intake import Intake
from evalkit.project import ProjectError
from evalkit.project.problems import Problem, meant
from evalkit.project.registers import RESERVED_COLUMNS
from evalkit.results import CannotBeComputed, Estimate, NotEstimable, natural_key
from evalkit.statistics.shares.proportions import proportion

if TYPE_CHECKING:
    from evalkit.disclosure import Rule
    from evalkit.present.labels import Words
    from evalkit.project import Project

Condition = str | Sequence[bool] | np.ndarray | pd.Series
Values = Sequence[Any] | np.ndarray | pd.Series | Callable[[pd.DataFrame], Any]
_NAME = re.compile(r"[A-Za-z_ÅÄÖåäö]\w*")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_EQUALS_WORD = re.compile(rf"({_NAME.pattern})\s*[=!]=\s*({_QUOTED.pattern})")
_LEVELS_NAMED, _OFTEN = 8, 5  # a rare level could be one person's


def mask_of(persons: pd.DataFrame, condition: Condition) -> pd.Series[bool]:
    """Who fulfils a condition on the columns, ``"sex == 'woman' and age_at_entry < 30"``.

    Raises:
        ProjectError: For a column that is not there, what is no condition, or a mask of another
            length; it names columns and levels, never a person's value.
    """
    if isinstance(condition, str):
        return _asked(persons, condition)
    values = np.asarray(condition)
    if values.shape != (len(persons),) or values.dtype.kind != "b":
        raise ProjectError.told("condition", place="where", persons=len(persons))
    return pd.Series(values, index=persons.index)


def narrowed(intake: Intake, condition: Condition) -> Intake:
    """The registers of the persons who fulfil a condition, in their order.

    The comparison group is narrowed by the same condition, and left out where it cannot be.

    Raises:
        ProjectError: As `mask_of`, and where nobody is left.
    """
    chosen = mask_of(intake.persons, condition)
    if not chosen.any():
        raise ProjectError.told(
            "nobody_left", place="where", hint=_levels_of(intake.persons, condition)
        )
    persons = intake.persons[chosen].reset_index(drop=True)
    ids = persons["person"]
    comparison = intake.comparison
    if comparison is not None:
        try:
            kept = comparison.persons[mask_of(comparison.persons, condition)]
            comparison = replace(comparison, persons=kept.reset_index(drop=True))
        except ProjectError:
            comparison = None
    return replace(
        intake,
        persons=persons,
        spells=_of(intake.spells, ids),
        events=_of(intake.events, ids),
        comparison=comparison,
    )


def with_column(intake: Intake, name: str, values: Values) -> Intake:
    """The registers with a column of one's own, one value per person in their order.

    Raises:
        ProjectError: For a name that is taken or cannot be written in a condition, or values
            that are not one per person.
    """
    if not name.isidentifier() or name in RESERVED_COLUMNS:
        raise ProjectError.told("column_name", place="with_column", name=name)
    persons = intake.persons
    given = values(persons) if callable(values) else values
    if isinstance(given, pd.Series) and given.index.equals(persons.index):
        given = given.array
    if not hasattr(given, "__len__") or len(given) != len(persons) or isinstance(given, str):
        raise ProjectError.told("one_each", place="with_column", persons=len(persons))
    column = pd.Series(given, index=persons.index)
    if isinstance(column.dtype, pd.CategoricalDtype) or column.dtype == object:
        column = column.astype("str").where(column.notna(), "")
    return replace(intake, persons=persons.assign(**{name: column}))


def shares(
    persons: pd.DataFrame, outcome: Condition, *, by: str | None = None, levels: Sequence[str] = ()
) -> list[Estimate | NotEstimable]:
    """The share of everyone and of each group with an outcome.

    Who lacks a known value of a column that the outcome names is left out of n.
    """
    reached = mask_of(persons, outcome)
    known = known_for(persons, outcome) if isinstance(outcome, str) else reached.notna()
    groups = persons[by].astype("str") if by is not None else known
    chosen = [("", known), *((level, known & (groups == level)) for level in levels)]
    return [_share(int(reached[of].sum()), int(of.sum()), group) for group, of in chosen]


def _share(events: int, n: int, group: str) -> Estimate | NotEstimable:
    try:
        return proportion(events, n, group=group)
    except CannotBeComputed as error:
        return NotEstimable(measure="share", reason=error.reason, n=n, group=group)


def known_for(persons: pd.DataFrame, condition: str) -> pd.Series[bool]:
    """Who has a known value in every column that a condition names.

    An exit of unknown kind is an exit, as in the reports.
    """
    persons = _with_age(persons)
    known = pd.Series(True, index=persons.index)
    for name in _named(persons, condition):
        column = persons[name]
        blank = [""] if name == "exit_class" else ["", "unknown"]
        known &= column.notna() & ~column.isin(blank)
    return known


def _asked(persons: pd.DataFrame, condition: str) -> pd.Series[bool]:
    persons = _with_age(persons)
    found: Any
    if condition in persons.columns:
        found = persons[condition]
    else:
        _require_names(persons, condition)
        try:
            found = persons.eval(condition, engine="python")
        except Exception:  # noqa: BLE001 - whatever pandas calls it, it is no condition
            raise ProjectError.told("unreadable", place="where", condition=condition) from None
    if not isinstance(found, pd.Series) or not pd.api.types.is_bool_dtype(found.dropna()):
        raise ProjectError.told("not_yes_or_no", place="where", condition=condition)
    return found.fillna(False).astype(bool)


_WORDS = frozenset({"and", "or", "not", "in", "True", "False", "None", "str", "isin", "between",
                    "startswith", "contains", "notna", "isna", "dt", "year", "month", "abs",
                    "lower", "notnull", "isnull"})  # fmt: skip


def _with_age(persons: pd.DataFrame) -> pd.DataFrame:
    """``age`` is the age at entry, where no column has that name."""
    if "age" in persons or "age_at_entry" not in persons:
        return persons
    return persons.assign(age=persons["age_at_entry"])


def _named(persons: pd.DataFrame, condition: str) -> list[str]:
    words = _NAME.findall(_QUOTED.sub(" ", condition))
    return [word for word in dict.fromkeys(words) if word in persons.columns]


def _require_names(persons: pd.DataFrame, condition: str) -> None:
    if "@" in condition or "__" in condition:
        raise ProjectError.told("only_columns", place="where")
    for word in _NAME.findall(_QUOTED.sub(" ", condition)):
        if word not in persons.columns and word not in _WORDS:
            near = meant(word, map(str, persons.columns))
            raise ProjectError.told("no_column", place="where", name=word, hint=near)
    # pandas finds no date and no number equal to a word, and says so of nobody.
    for name, text in _EQUALS_WORD.findall(condition):
        column = persons[name] if name in persons else pd.Series(dtype="str")
        is_date = pd.api.types.is_datetime64_any_dtype(column)
        if is_date and pd.notna(pd.to_datetime(text[1:-1], errors="coerce")):
            continue
        if is_date or pd.api.types.is_numeric_dtype(column):
            raise ProjectError.told("holds_no_words", place="where", name=name)


def _levels_of(persons: pd.DataFrame, condition: Condition) -> Problem | None:
    """The levels of the columns of words that a condition names: one of them is misspelt."""
    if not isinstance(condition, str):
        return None
    told = []
    for name in _named(persons, condition):
        if pd.api.types.is_string_dtype(persons[name]) and name not in ("person", "register"):
            counts = persons[name].value_counts()
            often = counts.index[counts >= _OFTEN][:_LEVELS_NAMED]
            levels = sorted(map(str, often), key=natural_key)
            told.append(f"{name}: {', '.join(level or '–' for level in levels)}")
    return Problem("asked.there_are", {"known": "; ".join(told)}) if told else None


def _of(table: pd.DataFrame, persons: pd.Series) -> pd.DataFrame:
    return table[table["person"].isin(persons)].reset_index(drop=True)


class Opened(Protocol):
    """A study, as selecting sees it."""

    @property
    def project(self) -> Project: ...
    @property
    def persons(self) -> pd.DataFrame: ...
    @property
    def words(self) -> Words: ...
    @property
    def rule(self) -> Rule: ...
    def require(self, column: str) -> None: ...
    def speakable_levels(self, column: str) -> list[str]: ...


def selected(study: Opened, where: Mapping[str, str]) -> pd.DataFrame:
    """The persons whose canonical columns hold the given levels.

    Raises:
        ProjectError: For a column the registers lack, or a level that neither they nor the
            project file know: a misspelt level would be a group of nobody.
    """
    chosen = study.persons
    for column, level in where.items():
        study.require(column)
        if not has_level(study, column, level):
            often = ", ".join(study.speakable_levels(column))
            raise ProjectError.told("level", name=level, column=column, known=often)
        chosen = chosen[chosen[column] == level]
    return chosen


def has_level(study: Opened, column: str, level: str) -> bool:
    """Whether the registers or the project file know a level of a column."""
    return (
        level in study.persons[column].to_numpy()
        or f"label.{column}.{level}" in study.words.texts
        or any(level in one.levels.get(column, {}) for one in study.project.registers)
    )


def require_levels(study: Opened, condition: Condition) -> None:
    """Refuses a level that no column of the condition has: it would be a share of nobody.

    Raises:
        ProjectError: As `selected`.
    """
    if not isinstance(condition, str) or ".str" in condition:
        return
    persons, whole = study.persons, getattr(study, "_whole", None) or study
    is_word = pd.api.types.is_string_dtype
    names = [n for n in _named(persons, condition) if is_word(persons[n]) and any(persons[n])]
    for level in (quoted[1:-1] for quoted in _QUOTED.findall(condition)):
        of = [(one, n) for n in names for one in (study, whole) if n in one.persons]
        if of and level and not any(has_level(one, n, level) for one, n in of):
            often = ", ".join(study.speakable_levels(names[0]))
            raise ProjectError.told(
                "level", place="where", name=level, column=names[0], known=often
            )


def among_all(whole: pd.DataFrame, part: pd.DataFrame, **whom: Any) -> dict[str, Any]:
    """Whom a result of some persons is of, as said of all of them: rows, and columns by person."""
    chosen = whom["of"] if isinstance(whom["of"], tuple) else (whom["of"],)
    rows = tuple(_rows_of(part, one) for one in chosen)
    reached = whom["reached"]
    return {
        "of": rows if isinstance(whom["of"], tuple) else rows[0],
        "reached": None if reached is None else _rows_of(part, reached),
        "by": _by_person(whole, part, whom["by"]),
        "amounts": _by_person(whole, part, whom["amounts"]),
    }


def _rows_of(part: pd.DataFrame, given: Any) -> pd.DataFrame:
    if given is None or isinstance(given, pd.DataFrame):
        return part if given is None else given
    return part[mask_of(part, given)]


def _by_person(whole: pd.DataFrame, part: pd.DataFrame, given: Any) -> Any:
    """A column of some persons as one of everyone; whoever is not among them has none."""
    if isinstance(given, list | tuple):
        return [_by_person(whole, part, one) for one in given]
    if given is None or (isinstance(given, str) and given in whole.columns):
        return given
    column = part[given] if isinstance(given, str) and given in part.columns else given
    if not isinstance(column, pd.Series) or not column.index.equals(part.index):
        return given  # refused in words where it is judged
    found = pd.Series(column.array, index=part["person"])
    return whole["person"].map(found).rename(str(column.name))
