"""What an evaluator's own notebook hands over to be shown: a result, and whose persons it is of.

What the result claims is counted again from the persons; where the two differ it is refused, by
the key of a sentence, and the chapter goes on. The author is trusted with the register: this is
against mistakes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from evalkit.answers.counts import OVER_TIME, SPLIT
from evalkit.answers.curves import incidence_answer
from evalkit.answers.foreign import fitted_durations, regression_of
from evalkit.answers.given import ENDS, with_gates
from evalkit.answers.own_persons import Refused, Whom, require_public, require_written, whom_of
from evalkit.answers.own_tables import counted_frame
from evalkit.answers.spool import chapter_name, handed_over_so_far
from evalkit.answers.study import Study
from evalkit.results import (
    Answer,
    Ask,
    BeforeAfter,
    CannotBeComputed,
    Curve,
    Estimate,
    EventTable,
    Members,
    NotComputed,
    NotEstimable,
    PublicAnswer,
    Regression,
    TargetVerdict,
    TestResult,
)
from evalkit.results.answers import OUTSIDE, by_level, counted, share_members
from evalkit.statistics.time_to_event.event_table import event_table

OWN, EVENT, OTHER_EVENT = "own", "own_event", "own_other"
WORDS = ".words"
_NAME = re.compile(r"[a-z0-9][a-z0-9_]*")
_OF_OUTCOMES = frozenset({"share", "share_difference", "ratio"})
_ONE, _TWO = "1", "2"


def own_asks(
    study: Study,
    result: Any,
    *,
    of: Any = None,
    reached: Any = None,
    by: Any = None,
    amounts: Any = None,
    name: str = "",
    title: str | Mapping[str, str] = "",
) -> tuple[str, tuple[Ask, ...]]:
    """The id of what is handed over, and what it asks; see `Study.show`."""
    taken = {ask.id for ask in handed_over_so_far()}
    identity = f"{OWN}.{chapter_name()}.{_number(taken)}"
    try:
        require_written(name, title)
        if name:
            identity = _named(name, taken)
        whom = whom_of(study, of=of, reached=reached, by=by, amounts=amounts)
        own = (_among_all(ask, study) for ask in _asks(identity, result, whom))
        asks = tuple(with_gates(whole_of(study), own))
        words = {"dimension": whom.dimension, **_in_languages(title, study)}
        return identity, (PublicAnswer(id=identity + WORDS, result=words), *asks)
    except CannotBeComputed as error:
        refused = NotComputed(reason=error.reason, facts=error.facts)
        return identity, (PublicAnswer(id=identity, result=refused),)


def whole_of(study: Study) -> Study:
    """The study of all persons, where this one is of some of them."""
    return getattr(study, "_whole", None) or study


def _among_all(ask: Ask, study: Study) -> Ask:
    """An answer of some of the persons as one of all: figures are judged over the same."""
    whole = whole_of(study)
    if whole is study or not isinstance(ask, Answer):
        return ask
    place = pd.Index(whole.persons["person"]).get_indexer(pd.Index(study.persons["person"]))

    def spread(column: np.ndarray | None, empty: int) -> Any:
        if column is None:
            return None
        made = np.full(len(whole.persons), empty, dtype=column.dtype)
        made[place] = column
        return made

    members = tuple(
        replace(one, cells=spread(one.cells, OUTSIDE), days=spread(one.days, 0),
                amounts=spread(one.amounts, 0))
        for one in ask.members
    )  # fmt: skip
    return replace(ask, members=members)


def _number(taken: Iterable[str]) -> int:
    start = f"{OWN}.{chapter_name()}."
    used = {one.removeprefix(start).partition(".")[0] for one in taken if one.startswith(start)}
    return len(used) + 1


def _named(name: str, taken: Iterable[str]) -> str:
    identity = f"{OWN}.{chapter_name()}.{name}"
    if not _NAME.fullmatch(name) or identity in taken:
        raise Refused("name")
    return identity


def _in_languages(title: str | Mapping[str, str], study: Study) -> dict[str, str]:
    if isinstance(title, str):
        return dict.fromkeys(study.project.languages, title)
    if not set(study.project.languages) <= set(title):
        raise Refused("words")
    return {code: str(title[code]) for code in study.project.languages}


def _asks(identity: str, result: Any, whom: Whom) -> Iterator[Ask]:
    """What a result of some shape asks, its members counted anew."""
    durations = _library(fitted_durations, result)
    if isinstance(result, EventTable | Curve) or durations is not None:
        yield from _curve(identity, result, whom, durations)
        return
    if isinstance(result, pd.DataFrame | pd.Series):
        table, members = counted_frame(result, whom)
        yield Answer(id=identity, result=table, members=(members,), rank=SPLIT)
        return
    if (
        isinstance(result, list | tuple)
        and result
        and all(_is(one, Estimate, NotEstimable) for one in result)
    ):
        yield _rows(identity, tuple(result), whom)
        return
    result = _library(regression_of, result, _columns(result, whom)) or result
    # What an author asks for by itself goes before what is split because a column is there.
    yield Answer(id=identity, result=result, members=_members(result, whom), rank=OVER_TIME)


def _library(read: Callable[..., Any], result: Any, *more: Any) -> Any:
    """What is read from a library's result; one of another form cannot be judged."""
    try:
        return read(result, *more)
    except LookupError:
        raise Refused("covariates") from None
    except (AttributeError, TypeError, ValueError):
        raise Refused("shape") from None


def _columns(result: Any, whom: Whom) -> tuple[pd.Series[Any], ...]:
    """The columns a Cox model of lifelines was fitted on, of the persons it is of."""
    persons = whom.study.persons
    named = map(str, getattr(getattr(result, "params_", None), "index", ()))
    own = [persons[name] for name in named if name in persons]
    return tuple(column[whom.everyone] for column in (*own, *whom.others))


def _is(result: Any, *shapes: type) -> bool:
    return type(result) in shapes


def _members(result: Any, whom: Whom) -> tuple[Members, ...]:
    if _is(result, Estimate):
        return _of_estimate(result, whom)
    if _is(result, TargetVerdict):
        return _of_estimate(result.estimate, whom)
    if _is(result, BeforeAfter):
        return _of_estimate(result.difference, whom)
    if _is(result, TestResult, Regression):
        whom.agree_on(result.n)
        return (counted(whom.everyone),) if whom.reached is None else _of_shares(whom)
    raise Refused(_reason_of(result))


def _reason_of(result: Any) -> str:
    """Why something cannot be shown, by what it is."""
    if isinstance(result, int | float | np.generic):
        return "bare"
    kind = f"{type(result).__module__}.{type(result).__name__}"
    return "figure" if kind.startswith("matplotlib") else "shape"


def _of_estimate(one: Estimate, whom: Whom) -> tuple[Members, ...]:
    whom.agree_on(one.n)
    if one.unit in _OF_OUTCOMES:
        if whom.reached is None:
            raise Refused("needs_reached")
        if list(one.cells) != whom.cells:
            raise Refused("reached")
        return _of_shares(whom)
    if one.unit == "sek":
        if whom.amounts is None:
            raise Refused("amounts")
        cells = np.where(whom.everyone, 0, -1)
        return (Members(cells=cells, keys=((),), amounts=whom.amounts),)
    return tuple(map(counted, whom.parts))


def _of_shares(whom: Whom) -> tuple[Members, ...]:
    """With and without the outcome, in each part; parts that overlap have a column each."""
    reached = whom.reached
    assert reached is not None
    if len(whom.parts) == 1:
        return (share_members(whom.everyone, reached),)
    if not np.logical_and.reduce(whom.parts).any():
        groups = np.where(whom.parts[0], _ONE, _TWO)
        return (share_members(whom.everyone, reached, groups=groups, levels=(_ONE, _TWO)),)
    return tuple(share_members(part, reached) for part in whom.parts)


def _rows(identity: str, rows: tuple[Estimate | NotEstimable, ...], whom: Whom) -> Answer[Any]:
    """Estimates by the levels of a column, and the total where one has no group."""
    levels = tuple(row.group for row in rows if row.group)
    total = [row for row in rows if not row.group]
    money = any(getattr(row, "unit", "") == "sek" for row in rows)
    if len(set(levels)) < len(levels) or len(total) > 1 or money:
        raise Refused("shape")
    require_public(whom, levels)
    for row in rows:
        if isinstance(row, Estimate):
            _of_estimate(row, whom.in_group(row.group) if row.group else whom)
    groups = whom.groups if levels else np.full(len(whom.everyone), "", dtype=object)
    named = levels or ("",)
    if whom.reached is None:
        cells = np.where(whom.everyone, by_level(groups, named).cells, -1)  # type: ignore[arg-type]
        members = Members(cells=cells, keys=tuple((level,) for level in named))
    else:
        members = share_members(whom.everyone, whom.reached, groups=groups, levels=named)
    return Answer(id=identity, result=rows, members=(members,), rank=SPLIT)


def _curve(identity: str, result: Any, whom: Whom, durations: Any) -> Iterator[Ask]:
    """Counts over time, counted anew; the curve is drawn from what of them is released."""
    study, persons, chosen = whom.study, whom.study.persons, whom.everyone
    causes: tuple[str, ...] = tuple(study.project.outcomes.causes)
    if durations is not None:
        whom.agree_on(len(durations[0]))
        days, codes = np.zeros(len(persons)), np.zeros(len(persons), dtype=int)
        causes = (EVENT, OTHER_EVENT)[: max(1, int(durations[1].max()))]
        days[chosen], codes[chosen] = durations
    else:
        chosen = chosen & ~study.ends_unknown.to_numpy(dtype=bool)
        days = persons["days"].fillna(0).to_numpy(dtype=float)
        codes = study.cause_codes(persons["exit_class"])
        if _is(result, Curve) and result.measure != "cumulative_incidence":
            codes, causes = (codes > 0).astype(int), ("any",)
    groups = np.zeros(len(persons), dtype=int)
    names: tuple[str, ...] = ("",)
    if whom.groups is not None:
        names = tuple(getattr(result, "groups", ())) or study.levels(whom.dimension)
        if "" in names:
            raise Refused("curve")
        groups = by_level(whom.groups, names).cells
        require_public(whom, names)
    chosen = chosen & (groups >= 0)
    table = event_table(
        days[chosen], codes[chosen], cause_names=causes,
        groups=groups[chosen], group_names=names,
    )  # fmt: skip
    if not _agrees(result, table):
        raise Refused("curve")
    parts = ("", *causes)
    members = Members(
        cells=np.where(chosen, groups * len(parts) + codes, -1),
        keys=tuple((group, part) for group in names for part in parts),
        days=np.round(days).astype(np.int64),
    )
    exact = f"{identity}.exact"
    is_asked = whole_of(study).purpose == "ask"
    ends = ENDS if durations is None and is_asked else ""
    yield Answer(id=exact, result=table, members=(members,), rank=SPLIT, given=ends)
    yield incidence_answer(identity, exact)


def _agrees(result: Any, table: EventTable) -> bool:
    """Whether a curve or table is of those very persons, by how many there are and leave."""
    if isinstance(result, EventTable):
        return all(
            np.array_equal(getattr(result, name), getattr(table, name))
            for name in ("times", "persons", "left", "censored")
        )
    if isinstance(result, Curve):
        sizes = dict(zip(table.groups, table.persons.tolist(), strict=True))
        return sizes == result.persons and int(result.steps["events"].sum()) == table.left.sum()
    return True
