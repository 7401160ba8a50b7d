"""What a claim lacks: the guide's table, and silence where the text may state it after all."""

from __future__ import annotations

from evalkit.reading.claim import Claim

NAMES = ("n", "denominator", "period", "comparison", "uncertainty")
_MEASURED = frozenset(NAMES)
_TABLE = {
    "share": _MEASURED, "mean_duration": _MEASURED, "against_target": _MEASURED, "before_after":
    _MEASURED, "comparison": _MEASURED - {"comparison"}, "composition": frozenset({"n",
    "denominator", "period"}), "change": frozenset({"period", "comparison"}), "area_level":
    frozenset({"period", "comparison"}),
}  # fmt: skip
_NO_SIZE = frozenset({"n", "denominator", "uncertainty"})
_COUNTED = frozenset({"against_target", "before_after"})


def missing_of(claim: Claim) -> tuple[str, ...]:
    """Names of what the text does not state, in the order of `NAMES`."""
    needed = _TABLE.get(claim.kind, frozenset({"period"}))
    is_counted = claim.unit not in ("percent", "duration")
    if claim.whole_register or (claim.kind in _COUNTED and is_counted):
        needed -= _NO_SIZE
    if claim.kind == "comparison" and (is_counted or claim.is_difference or claim.is_change):
        needed -= {"n", "denominator"}
    is_known = bool(claim.n) and None not in claim.n and len(claim.n) > claim.is_pair
    states = {
        "n": is_known or claim.n_may_be_told, "denominator": claim.of_whom is not None or
        claim.n_may_be_told, "period": claim.period, "comparison": claim.comparison, "uncertainty":
        claim.s.has("interval"),
    }  # fmt: skip
    return tuple(name for name in NAMES if name in needed and not states[name])
