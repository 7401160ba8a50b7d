"""What a published claim is worth: one of four words, the rule that gave it, and its numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from evalkit.shape import Shape

Verdict = Literal["holds", "holds_partly", "does_not_hold", "cannot_be_tested"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimVerdict(Shape):
    """The verdict of a claim by the rules of docs/en/claim-verdicts.md.

    Attributes:
        verdict: The word.
        rule: The rule that gave it.
        facts: The numbers that the rule looked at, by what they are (``share_own``,
            ``count_own``, ``days_mean``, ``points_more``).
    """

    verdict: Verdict
    rule: str
    facts: dict[str, float] = field(default_factory=dict)
