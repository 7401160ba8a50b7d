"""Candidates → claims: which number is a goal, a yardstick or an earlier value, and the kind."""

from __future__ import annotations

from collections.abc import Sequence

from evalkit.reading.claim import Claim
from evalkit.reading.context import Candidate
from evalkit.reading.goals import is_goal, join_goal
from evalkit.reading.kinds import is_change, is_difference, kind_of
from evalkit.reading.levels import (
    join_earlier,
    join_last_year,
    join_yardstick,
    join_yardstick_before,
)
from evalkit.reading.tokens import Sentence

_HEADING_CLOSE = 0.05


def claims_of(found: Sequence[Candidate], sentences: Sequence[Sentence]) -> list[Claim]:
    """Claims in reading order; goals, yardsticks and earlier values have found their claim."""
    bracketed = any(s.has("bracketed") for s in sentences)
    for one in found:
        one.facts |= {"change": is_change(one), "bracketed": bracketed}
        if is_goal(one, [c for c in found if c.sentence is one.sentence]):
            one.role = "goal"
    claims: list[Claim] = []
    for one in found:
        is_part = (
            one.role == "goal" or join_yardstick(one, claims) or join_earlier(one, claims, found)
        )
        if not is_part:
            claims.append(_new(one))
    join_last_year(claims)
    join_yardstick_before(claims)
    beside = {c.s.index for c in claims if not c.is_change}  # those with a result beside them first
    goals = [g for g in found if g.role == "goal"]
    goals.sort(key=lambda g: g.sentence.index not in beside)
    alone = [g for g in goals if not join_goal(g, claims, sentences)]
    claims += [Claim(goal) for goal in alone]
    claims.sort(key=lambda claim: (claim.s.index, claim.begins))
    for claim in claims:
        claim.is_difference |= any(_is_between_groups(claim, c) for c in claims)
        claim.kind = kind_of(claim)
    return merged_repeats(claims)


def _is_between_groups(step: Claim, beside: Claim) -> bool:
    """44 procent mot 32 i kontrollgruppen: 12 procentenheter fler arbetar."""
    yard, unit = beside.yardstick, (step.unit, beside.unit)
    if yard is None or unit != ("points", "percent") or not 0 <= step.s.index - beside.s.index < 3:
        return False
    apart = abs(abs(beside.value - yard.q.values[-1]) - step.value)
    return not beside.is_pair and apart < _HEADING_CLOSE


def _new(one: Candidate) -> Claim:
    return Claim(one, is_change=bool(one.facts["change"]), is_difference=is_difference(one))


def merged_repeats(claims: list[Claim]) -> list[Claim]:
    """A heading's claim that the text tells in full below is a repeat of it, not a claim more."""
    kept = list(claims)
    for head in claims:
        if not (head.s.is_heading and head.s.paragraph == 0):
            continue
        full = next(
            (c for c in kept if c is not head and c.s.index > head.s.index and _is_repeat(head, c)),
            None,
        )
        if full is not None:
            full.repeats.append(head.main)
            kept.remove(head)
    return kept


def _is_repeat(head: Claim, full: Claim) -> bool:
    if head.unit != full.unit or len(head.numbers) > len(full.numbers):
        return False
    is_fraction = head.form in ("fraction", "proportion")
    decimals = head.decimals or 0
    pairs = zip(head.numbers, full.numbers[-len(head.numbers) :], strict=True)
    if is_fraction:
        return all(abs(a - b) < _HEADING_CLOSE for a, b in pairs)
    return all(_rounded(b, decimals) == a for a, b in pairs)


def _rounded(value: float, decimals: int) -> float:
    scale = float(10**decimals)
    return int(value * scale + 0.5) / scale
