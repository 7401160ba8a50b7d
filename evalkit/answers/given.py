"""What must be known of enough persons before other figures are computed at all.

Whether it is, is itself a number of persons. So the figures are asked and judged in any case, and
the released share alone decides: two registers that print the same rows decide alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from evalkit.answers.measures import not_recorded
from evalkit.answers.study import MOST_ENDS_UNKNOWN, ONGOING, Study
from evalkit.project.vocabulary import OUTCOME_UNKNOWN
from evalkit.results import Answer, Ask, CannotBeComputed, Derived, Estimate, PublicAnswer
from evalkit.results.answers import share_members
from evalkit.statistics.shares.proportions import proportion

OUTCOMES, ENDS = "outcomes_known", "ends_known"
_QUESTION = 1
# Of those who left, so many without a recorded outcome make a share of the others tell nothing.
MOST_UNKNOWN = 0.2


def given(name: str, asks: Iterable[Ask]) -> Iterator[Ask]:
    """What is asked; answers and what is derived exist only where the gate says so."""
    for ask in asks:
        yield replace(ask, given=name) if isinstance(ask, Answer | Derived) else ask


def _outcomes(study: Study) -> Iterator[Ask]:
    """Whether it is known how it went, and else between what the shares lie."""
    unknown, lost = not_recorded(study)
    if not unknown + lost:
        yield PublicAnswer(id="unrecorded", result="none")
        yield PublicAnswer(id=OUTCOMES, result=True)
        return
    status, positive = study.persons["exit_class"], study.project.outcomes.positive
    reached, is_unknown = (status.isin(own).to_numpy() for own in (positive, OUTCOME_UNKNOWN))
    has_left = (status != ONGOING).to_numpy()
    share = proportion(events=unknown + lost, n=int(has_left.sum()) + lost)
    members = share_members(has_left, is_unknown)
    yield Answer(id="unrecorded.share", result=share, members=(members,), rank=_QUESTION)
    for denominator, chosen in (("participants", has_left | ~has_left), ("exits", has_left)):
        n, k = int(chosen.sum()) + lost, int(reached.sum())
        yield Answer(
            id=f"unrecorded.{denominator}",
            result=(proportion(events=k, n=n), proportion(events=k + unknown + lost, n=n)),
            members=(share_members(chosen, reached), share_members(chosen, reached | is_unknown)),
        )
    yield Derived(id="unrecorded", of=("unrecorded.share",), compute=_how_many)
    yield Derived(id=OUTCOMES, of=("unrecorded",), compute=_outcomes_known)


def _how_many(share: Any) -> str:
    """Of how many it is not known how it went; "some" where their number is not shown."""
    if not isinstance(share, Estimate) or share.value <= MOST_UNKNOWN:
        return "some"
    return "all" if share.value == 1 else "mostly"


def _outcomes_known(unrecorded: str) -> bool:
    if unrecorded in ("mostly", "all"):
        raise CannotBeComputed("outcome_unknown")
    return True


def _ends(study: Study) -> Iterator[Ask]:
    """Whether it is known on what day all but a few left."""
    unknown = study.ends_unknown.to_numpy(dtype=bool)
    yield PublicAnswer(id="ends_unknown", result=bool(unknown.any()))
    if not unknown.any():
        yield PublicAnswer(id=ENDS, result=True)
        return
    share = proportion(events=int(unknown.sum()), n=len(unknown))
    members = share_members(np.ones(len(unknown), dtype=bool), unknown)
    yield Answer(id="ends_unknown.share", result=share, members=(members,), rank=_QUESTION)
    yield Derived(id=ENDS, of=("ends_unknown.share",), compute=_ends_known)


def _ends_known(share: Any) -> bool:
    if isinstance(share, Estimate) and share.value > MOST_ENDS_UNKNOWN:
        raise CannotBeComputed("ends_unknown")
    return True


GATES: Mapping[str, Callable[[Study], Iterator[Ask]]] = {OUTCOMES: _outcomes, ENDS: _ends}


def with_gates(study: Study, asks: Iterable[Ask]) -> Iterator[Ask]:
    """What is asked, each thing after what decides whether it exists."""
    opened: set[str] = set()
    for ask in asks:
        gate = ask.given if isinstance(ask, Answer | Derived) else ""
        if gate and gate not in opened:
            opened.add(gate)
            yield from GATES[gate](study)
        yield ask
