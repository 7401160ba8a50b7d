"""A target judged with regard to who took part: from the project file to adjusted verdicts."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from evalkit.answers.measures import in_period, is_known, of_whom, target_persons
from evalkit.answers.models import by_size
from evalkit.answers.study import Study
from evalkit.project import ProjectError, Target
from evalkit.project.casemix import Casemix
from evalkit.results import (
    AdjustedVerdict,
    CannotBeComputed,
    EstimateRow,
    NotEstimable,
    Released,
    Withheld,
)
from evalkit.statistics.casemix.reference import (
    Expected,
    expected_from_coefficients,
    expected_from_others,
    expected_from_table,
)
from evalkit.statistics.casemix.verdict import adjusted_verdict
from evalkit.statistics.regression.inputs import RegressionInputError
from evalkit.statistics.shares.proportions import proportion

OUTCOME = "reached"
POOLED = "pooled"
SMALLEST_LEVEL = 10  # persons of the reference at a level, for what to expect there to be learnt
Judged = AdjustedVerdict | NotEstimable | Withheld


@dataclass(frozen=True, slots=True)
class Judgement:
    """One adjusted verdict, for everybody the target is about or for one level."""

    level: str
    released: Released[Judged]


def adjusted_verdicts(study: Study, target: Target) -> list[Judgement]:
    """The target adjusted as its project file says; per level of ``by`` where it is given."""
    chosen = target.casemix
    assert chosen is not None
    persons = _with_outcome(target, target_persons(study, target))
    if chosen.by is None or persons.empty:
        others = _with_outcome(target, _others(study, target))
        return [Judgement("", study.through_door(_judged(target, chosen, persons, others)))]
    levels = [level for level in study.levels(chosen.by) if (persons[chosen.by] == level).any()]
    withheld = _withheld(study, target, persons, levels)
    return [
        Judgement(level, study.through_door(withheld.get(level) or _at(target, persons, level)))
        for level in levels
    ]


def _at(target: Target, persons: pd.DataFrame, level: str) -> Judged:
    """The verdict at one level, the others being those at the other levels."""
    chosen = target.casemix
    assert chosen is not None
    assert chosen.by is not None
    own, known = persons[chosen.by] == level, is_known(persons[chosen.by])
    return _judged(target, chosen, persons[own], persons[known & ~own], group=level)


def _withheld(
    study: Study, target: Target, persons: pd.DataFrame, levels: list[str]
) -> dict[str, Withheld]:
    """Levels whose plain share is withheld: for itself, or for what it tells of another."""
    assert target.casemix is not None
    rows: list[EstimateRow] = [proportion(events=int(persons[OUTCOME].sum()), n=len(persons))]
    for level in levels:
        own = persons[persons[target.casemix.by] == level]
        rows.append(proportion(events=int(own[OUTCOME].sum()), n=len(own), group=level))
    keys = [("casemix", target.id, level) for level in ("", *levels)]
    released = study.rows_through_door(rows, keys).result
    return {row.group: row for row in released if isinstance(row, Withheld) and row.group}


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
        raise ProjectError(f"targets: {target.id}: casemix: {error}") from None


def _published(chosen: Casemix, kept: pd.DataFrame) -> Expected:
    if kept.empty:
        raise CannotBeComputed("no_persons")
    assert chosen.reference_share is not None
    if chosen.table:
        strata = [(stratum.where, stratum.share) for stratum in chosen.table]
        return expected_from_table(kept, strata, reference=chosen.reference_share)
    assert chosen.intercept is not None
    return expected_from_coefficients(
        kept,
        intercept=chosen.intercept,
        coefficients=chosen.coefficients,
        reference=chosen.reference_share,
    )


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
