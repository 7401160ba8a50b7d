"""What a reader may misunderstand: asserted only where the text itself shows it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from evalkit.reading.claim import Claim
from evalkit.reading.contradictions import contradicts
from evalkit.reading.results import RESULTS, STATUSES, Text
from evalkit.reading.tokens import Sentence
from evalkit.reading.traps_of_figures import (
    different_definitions,
    gross_cost,
    impossible,
    part_year,
    percent_points,
    regression_to_mean,
    rounding,
    target_within_interval,
)
from evalkit.reading.traps_of_whom import (
    interim_share,
    mean_of_completers,
    municipal_jobs,
    one_status_date,
    selected_subgroup,
    share_of_exits,
    small_n,
    work_and_study_pooled,
)

_OF_MEASURE = frozenset(
    {
        "share_of_exits", "one_status_date", "work_and_study_pooled", "part_year",
        "mean_of_completers",
    }
)  # fmt: skip
_OF_ONE: dict[str, Callable[[Claim, Text], bool]] = {
    "share_of_exits": share_of_exits,
    "mean_of_completers": mean_of_completers,
    "target_within_interval": target_within_interval,
    "small_n": small_n,
    "regression_to_mean": regression_to_mean,
    "different_definitions": different_definitions,
    "selected_subgroup": selected_subgroup,
    "percent_points": percent_points,
    "rounding": rounding,
    "interim_share": interim_share,
    "part_year": part_year,
    "work_and_study_pooled": work_and_study_pooled,
    "one_status_date": one_status_date,
    "gross_cost": gross_cost,
    "municipal_jobs_counted": municipal_jobs,
    "impossible": impossible,
}
RULES = (*_OF_ONE, "causal_wording", "contradiction")
"""The names of all rules, for whoever must have words for each."""


def add_traps(claims: Sequence[Claim], sentences: Sequence[Sentence]) -> None:
    """Give every claim the names of its traps, sorted."""
    text = Text(claims, sentences)
    caused = text.caused()
    for claim in claims:
        found = {name for name, shows in _OF_ONE.items() if shows(claim, text)}
        if any(claim is one for one in caused):
            found.add("causal_wording")
        claim.traps = tuple(sorted(found))
    for claim in claims:
        if any(contradicts(claim, other) for other in claims if other is not claim):
            claim.traps = tuple(sorted({*claim.traps, "contradiction"}))
        earlier = claim.same_as or _pointed_back_to(claim, claims)
        if earlier is not None and claim.kind in RESULTS and _carries_on(claim, earlier):
            claim.traps = tuple(sorted({*claim.traps, *_OF_MEASURE & {*earlier.traps}}))


def _pointed_back_to(claim: Claim, claims: Sequence[Claim]) -> Claim | None:
    """The figure that ``motsvarande siffra`` is the same measure as."""
    begins = claim.begins
    if not any(a < begins for a in claim.s.starts("same_measure")):
        return None
    before = [c for c in claims if c.unit == claim.unit and 0 < claim.s.index - c.s.index <= 2]
    return before[-1] if before else None


def _carries_on(claim: Claim, earlier: Claim) -> bool:
    return claim.kind in STATUSES or (claim.kind == "change" and earlier.unit == "duration")
