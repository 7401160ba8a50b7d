"""A target judged with regard to who took part: from the project file to adjusted verdicts."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
import pandas as pd

from evalkit.answers.counts import SPLIT
from evalkit.answers.measures import in_period, is_known, of_whom, target_persons
from evalkit.answers.models import by_size
from evalkit.answers.study import Study
from evalkit.project import ProjectError, Target
from evalkit.project.casemix import Casemix
from evalkit.results import (
    AdjustedVerdict,
    Answer,
    Ask,
    CannotBeComputed,
    Derived,
    EstimateRow,
    Members,
    NotEstimable,
    PublicAnswer,
    Withheld,
)
from evalkit.results.answers import share_members
from evalkit.statistics.casemix.verdict import (
    Expected,
    adjusted_verdict,
    expected_from_others,
    expected_from_table,
)
from evalkit.statistics.regression.inputs import RegressionInputError
from evalkit.statistics.shares.proportions import proportion

OUTCOME = "reached"
POOLED = "pooled"
SMALLEST_LEVEL = 10  # persons of the reference at a level, for what to expect there to be learnt
Judged = AdjustedVerdict | NotEstimable | Withheld


def adjusted_answers(study: Study, target: Target) -> Iterator[Ask]:
    """The target adjusted as its project file says; per level of ``by`` where it is given."""
    chosen = target.casemix
    assert chosen is not None
    name = f"casemix.{target.id}"
    persons = _with_outcome(target, target_persons(study, target))
    if chosen.by is None or persons.empty:
        others = _with_outcome(target, _others(study, target))
        members = _members(study, persons)
        yield PublicAnswer(id=f"{name}.levels", result=("",))
        judged = _judged(target, chosen, persons, others)
        yield Answer(id=f"{name}.", result=judged, members=(members,), rank=SPLIT)
        return
    by = chosen.by
    levels = tuple(level for level in study.levels(by) if (persons[by] == level).any())
    yield PublicAnswer(id=f"{name}.levels", result=levels)
    yield _plain_shares(study, target, persons, levels)
    for level in levels:
        members = _members(study, persons[persons[by] == level])
        exact = f"{name}.{level}.exact"
        yield Answer(id=exact, result=_at(target, persons, level), members=(members,))
        yield Derived(
            id=f"{name}.{level}",
            of=(f"{name}.plain", exact),
            compute=partial(_unless_withheld, level=level),
        )


def _plain_shares(
    study: Study, target: Target, persons: pd.DataFrame, levels: tuple[str, ...]
) -> Answer[tuple[EstimateRow, ...]]:
    """The plain shares: a level of which one is withheld has no adjusted verdict either."""
    assert target.casemix is not None
    by = target.casemix.by
    rows: list[EstimateRow] = [proportion(events=int(persons[OUTCOME].sum()), n=len(persons))]
    for level in levels:
        own = persons[persons[by] == level]
        rows.append(proportion(events=int(own[OUTCOME].sum()), n=len(own), group=level))
    groups = study.persons[by].to_numpy(dtype=object)
    members = (_members(study, persons), _members(study, persons, groups=groups, levels=levels))
    return Answer(id=f"casemix.{target.id}.plain", result=tuple(rows), members=members)


def _members(
    study: Study,
    persons: pd.DataFrame,
    *,
    groups: np.ndarray | None = None,
    levels: tuple[str, ...] = ("",),
) -> Members:
    chosen = study.persons.index.isin(persons.index)
    reached = study.persons.index.isin(persons.index[persons[OUTCOME] == 1])
    return share_members(chosen, reached, groups=groups, levels=levels)


def _unless_withheld(plain: tuple[EstimateRow, ...], exact: Judged, *, level: str) -> Judged:
    row = next(row for row in plain if row.group == level)
    return row if isinstance(row, Withheld) else exact


def _at(target: Target, persons: pd.DataFrame, level: str) -> Judged:
    """The verdict at one level, the others being those at the other levels."""
    chosen = target.casemix
    assert chosen is not None
    assert chosen.by is not None
    own, known = persons[chosen.by] == level, is_known(persons[chosen.by])
    return _judged(target, chosen, persons[own], persons[known & ~own], group=level)


def _with_outcome(target: Target, persons: pd.DataFrame) -> pd.DataFrame:
    """Those whose outcome is known, with ``reached``."""
    if target.status_column is not None:
        persons = persons[is_known(persons[target.status_column])]
    status = persons[target.status_column or "exit_class"]
    return persons.assign(**{OUTCOME: status.isin(target.outcome).astype(int)})


def _others(study: Study, target: Target) -> pd.DataFrame:
    """The participants whom the target does not choose: at other places, else in other years."""
    everyone = of_whom(study, {}, target.denominator)
    pool = in_period(target, everyone) if target.where else everyone
    return pool[~pool["person"].isin(target_persons(study, target)["person"])]


def _judged(
    target: Target, chosen: Casemix, own: pd.DataFrame, others: pd.DataFrame, *, group: str = ""
) -> Judged:
    kept, expected = own, None
    try:
        if chosen.is_published:
            kept = own[_complete(own, chosen.columns)]
            expected = _published(chosen, kept)
        else:
            kept, expected = _learnt(chosen, own, others)
        return adjusted_verdict(
            expected,
            events=int(kept[OUTCOME].sum()),
            goal=target.goal,
            left_out=len(own) - len(kept),
            group=group,
        )
    except CannotBeComputed as error:
        return NotEstimable(measure="adjusted_share", reason=error.reason, n=len(kept), group=group)
    except RegressionInputError as error:
        kind = f"{error.argument}_{'persons' if error.rows else 'column'}"
        raise ProjectError.told(
            f"casemix.{kind}",
            place=f"targets: {target.id}: casemix",
            column=error.column,
        ) from None


def _published(chosen: Casemix, kept: pd.DataFrame) -> Expected:
    if kept.empty:
        raise CannotBeComputed("no_persons")
    assert chosen.reference_share is not None
    strata = [(stratum.where, stratum.share) for stratum in chosen.table]
    return expected_from_table(kept, strata, reference=chosen.reference_share)


def _learnt(
    chosen: Casemix, own: pd.DataFrame, others: pd.DataFrame
) -> tuple[pd.DataFrame, Expected]:
    """What the others let us expect; persons like whom there are none are left out."""
    levels: dict[str, list[str]] = {}
    covariates: list[str] = []
    for column in chosen.covariates:
        if pd.api.types.is_numeric_dtype(own[column]):
            own, others = own[own[column].notna()], others[others[column].notna()]
        else:
            own, others = _pooled(own, others, column)
            levels[column] = by_size(others[column])
        if others[column].nunique() > 1:
            covariates.append(column)
    expected = expected_from_others(
        own,
        others,
        outcome=OUTCOME,
        covariates=covariates,
        levels=levels,
        standard=pd.concat([own, others]),
    )
    return own, expected


def _pooled(
    own: pd.DataFrame, others: pd.DataFrame, column: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Unknown and rare levels made one, if the others have enough of it."""
    sizes = others[column].replace("", "unknown").value_counts()
    usual = [level for level, n in sizes.items() if n >= SMALLEST_LEVEL and level != "unknown"]
    own, others = (
        frame.assign(**{column: frame[column].where(frame[column].isin(usual), POOLED)})
        for frame in (own, others)
    )
    if (others[column] == POOLED).sum() < SMALLEST_LEVEL:
        own, others = own[own[column] != POOLED], others[others[column] != POOLED]
    return own, others


def _complete(persons: pd.DataFrame, columns: tuple[str, ...]) -> pd.Series[bool]:
    known = pd.Series(True, index=persons.index)
    for column in columns:
        known &= persons[column].notna() & ~persons[column].isin(["", "unknown"])
    return known
