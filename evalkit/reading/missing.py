"""What a claim lacks, derived from its kind and facts as the guide derives it."""

from __future__ import annotations

from evalkit.reading.claim import Claim

NAMES = ("n", "denominator", "period", "comparison", "uncertainty")
_OF_PERSONS = frozenset({"share", "composition", "mean_duration"})
_IN_PER_CENT = frozenset({"against_target", "before_after", "comparison"})
_COMPARED = frozenset(
    {"share", "against_target", "before_after", "change", "mean_duration", "area_level"}
)
_UNCERTAIN = frozenset({"share", "against_target", "before_after", "mean_duration", "comparison"})


def missing_of(claim: Claim) -> tuple[str, ...]:
    """Names of what the text does not state, in the order of `NAMES`."""
    lacks = set()
    if not claim.period:
        lacks.add("period")
    if claim.kind in _COMPARED and not claim.comparison:
        lacks.add("comparison")
    if not claim.whole_register and _is_estimated(claim):
        if claim.of_whom is None and not claim.n_may_be_told:
            lacks.add("denominator")
        is_unknown = not claim.n or None in claim.n or (claim.is_pair and len(claim.n) < 2)
        if is_unknown and not claim.n_may_be_told:
            lacks.add("n")
    needs_interval = claim.kind in _UNCERTAIN and (
        _is_estimated(claim) or claim.kind == "comparison"
    )
    if needs_interval and not claim.whole_register and not claim.s.has("interval"):
        lacks.add("uncertainty")
    if claim.kind == "comparison" and (claim.is_difference or claim.is_change):
        lacks -= {"n", "denominator"}
    return tuple(name for name in NAMES if name in lacks)


def _is_estimated(claim: Claim) -> bool:
    """A share or a mean of persons, which has a base and chance in it."""
    if claim.kind in _OF_PERSONS:
        return True
    return claim.kind in _IN_PER_CENT and claim.unit in ("percent", "duration")
