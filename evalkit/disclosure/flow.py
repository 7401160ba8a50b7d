"""From rows to persons: which steps are withheld so that none tells of a few."""

from __future__ import annotations

from collections.abc import Sequence

from evalkit.disclosure.rule import Rule, is_small
from evalkit.results import FlowStep, Withheld

_READ, _ACCEPTED, _MERGED = "rows_read", "rows_accepted", "spells_merged"


def withheld_steps(steps: Sequence[FlowStep | Withheld], rule: Rule) -> dict[int, str]:
    """Place of a step → why it is withheld.

    A step that takes away a few is withheld, and with it what it could be worked out from: the
    rows that were read, and, where a few spells were merged, the rows that were accepted.
    """
    gone: dict[int, str] = {}
    place = {one.step: i for i, one in enumerate(steps) if isinstance(one, FlowStep)}
    for i, one in enumerate(steps):
        if isinstance(one, Withheld):
            gone[i] = one.reason
        elif is_small(one.count, rule):
            gone[i] = "small_count"
    few = {one.step for i, one in enumerate(steps) if i in gone and isinstance(one, FlowStep)}
    ends = [_READ] if few - {_MERGED} else []
    ends += [_READ, _ACCEPTED] if _MERGED in few else []
    for name in ends:
        if name in place:
            gone.setdefault(place[name], "complement")
    return gone
