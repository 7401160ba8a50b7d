"""What a reader may misunderstand: asserted only where the text itself shows it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from evalkit.reading import traps_of_figures as of_figures
from evalkit.reading import traps_of_whom as of_whom
from evalkit.reading.claim import Claim
from evalkit.reading.contradictions import contradicts
from evalkit.reading.lexicon import word_set
from evalkit.reading.results import RESULTS, STATUSES, Text
from evalkit.reading.tokens import Sentence

_OF_MEASURE = word_set(
    "share_of_exits one_status_date work_and_study_pooled part_year mean_of_completers"
)
_OF_ONE: dict[str, Callable[[Claim, Text], bool]] = {
    rule.__name__: rule
    for rule in (
        of_whom.share_of_exits, of_whom.mean_of_completers, of_figures.target_within_interval,
        of_whom.small_n, of_figures.regression_to_mean, of_figures.different_definitions,
        of_whom.selected_subgroup, of_figures.percent_points, of_figures.rounding,
        of_whom.interim_share, of_figures.part_year, of_whom.work_and_study_pooled,
        of_whom.one_status_date, of_figures.gross_cost, of_whom.municipal_jobs_counted,
        of_figures.impossible,
    )
}  # fmt: skip
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
